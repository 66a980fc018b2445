"""Dossiers made from texts, for tests: a line a paragraph, « # » before a heading."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

__all__ = ["make_dossier", "make_file"]

_LINES = 52
"""Lines of one page of a PDF."""


def make_dossier(folder: Path, files: Mapping[str, Any]) -> Path:
    r"""Make a dossier from the content of its files, and return its folder.

    Args:
        folder: made when it does not exist.
        files: content by relative name; see :func:`make_file`.

    Example::

        make_dossier(
            tmp_path / "dossier",
            {
                "dossier.yaml": {"format": "mon_format", "intitule": "Essai"},
                "note.docx": "# Objet\nCe que l’on demande.",
                "courriers/lettre.pdf": "Monsieur le maire,\n…",
                "prix.xlsx": [["Poste", "Montant"], ["Étude", 1200]],
            },
        )
    """
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(make_file(name, content))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def make_file(name: str, content: Any) -> bytes:
    """Make the bytes of one file.

    Args:
        name: its extension says what is made: ``.docx`` and ``.pdf`` from a text, ``.xlsx`` from rows,
            ``.yaml`` from a mapping or a text, anything else from a text.
        content: bytes are taken as they are.

    Raises:
        TypeError: the content is not what such a file is made from.
    """
    if isinstance(content, bytes):
        return content
    extension = name.rpartition(".")[2].lower()
    match extension, content:
        case ("docx", str()):
            return _docx(content.splitlines())
        case ("pdf", str()):
            return _pdf(content.splitlines())
        case ("xlsx", list() | tuple()):
            return _xlsx(content)
        case ("yaml" | "yml", Mapping()):
            return yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False).encode()
        case ("docx" | "pdf" | "xlsx", _):
            raise TypeError(f"{name} : un {extension} ne se fait pas à partir d’un {type(content).__name__}")
        case (_, str()):
            return content.encode()
    raise TypeError(f"{name} : on attend un texte ou des octets, pas un {type(content).__name__}")


def _docx(lines: Iterable[str]) -> bytes:
    from docx import Document
    from docx.shared import Mm

    document = Document()
    for section in document.sections:  # A4: python-docx makes American pages
        section.page_width, section.page_height = Mm(210), Mm(297)
    for line in lines:
        marks = len(line) - len(line.lstrip("#"))
        if marks and line[marks : marks + 1] == " ":
            document.add_heading(line[marks + 1 :], min(marks, 9))
        else:
            document.add_paragraph(line)
    return _saved(document)


def _xlsx(rows: Iterable[Sequence[Any]]) -> bytes:
    from openpyxl import Workbook

    workbook: Any = Workbook()
    for row in rows:
        workbook.active.append(list(row))
    return _saved(workbook)


def _saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _pdf(lines: Sequence[str]) -> bytes:
    """Make a PDF of pages of plain text, in the fourteen fonts that every reader has."""
    pages = [lines[start : start + _LINES] for start in range(0, len(lines), _LINES)] or [[]]
    kids = " ".join(f"{4 + 2 * rank} 0 R" for rank in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for rank, page in enumerate(pages):
        stream = b"BT /F1 11 Tf 14 TL 60 790 Td " + b" ".join(map(_shown, page)) + b" ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * rank} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start))


def _shown(line: str) -> bytes:
    text = line.encode("cp1252", errors="replace")
    for mark in (b"\\", b"(", b")"):
        text = text.replace(mark, b"\\" + mark)
    return b"(" + text + b") Tj T*"
