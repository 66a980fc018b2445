"""One template in two syntaxes, ours and docxtemplater's, and docxtemplater itself in a warm process."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.document import Document

__all__ = ["Docxtemplater", "Shape", "template", "values"]

_PACKAGES = ("docxtemplater@3.71.0", "pizzip@3.3.0")
_SCRIPT = Path(__file__).with_name("docxtemplater.js")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PHRASE = (
    "L’atelier réunit les élus, les services de l’État et les habitants autour d’une question partagée ; "
    "il dure le temps qu’il faut pour que chacun y reconnaisse la sienne"
)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How big a template is."""

    paragraphs: int
    fields: int
    loops: int
    turns: int = 8
    """Turns of each loop."""


@dataclass(frozen=True, kw_only=True)
class _Syntax:
    value: str
    of_item: str
    loop: tuple[str, str]
    condition: tuple[str, str]
    rows_apart: bool
    """The tags of a loop of rows stand in rows of their own."""


_SYNTAXES = {
    "jinja": _Syntax(
        value="{{{{ {} }}}}",
        of_item="{{{{ un.{} }}}}",
        loop=("{{%{0} for un in {1} %}}", "{{%{0} endfor %}}"),
        condition=("{{%p if {} %}}", "{{%p endif %}}"),
        rows_apart=True,
    ),
    "docxtemplater": _Syntax(
        value="{{{}}}",
        of_item="{{{}}}",
        loop=("{{#{1}}}", "{{/{1}}}"),
        condition=("{{#{}}}", "{{/{}}}"),
        rows_apart=False,
    ),
}


def template(host: bytes, shape: Shape, syntax: str) -> bytes:
    """Return a Word template of a given size, with the styles of ``host``.

    Args:
        host: a Word file, whose text goes.
        shape: how big.
        syntax: ``jinja`` or ``docxtemplater``.
    """
    said = _SYNTAXES[syntax]
    document = docx.Document(io.BytesIO(host))
    _emptied(document)
    document.sections[0].header.paragraphs[0].text = said.value.format("titre")
    for number in range(shape.paragraphs):
        tag = said.value.format(f"champ{number}")
        document.add_paragraph(f"{_PHRASE} : {tag}." if number < shape.fields else f"{_PHRASE}.")
        if number % 10 == 9:
            start, end = (one.format("oui") for one in said.condition)
            for text in (start, "La direction en tient compte.", end):
                document.add_paragraph(text)
    for number in range(shape.loops):
        _loop(document, said, f"liste{number}")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _loop(document: Document, said: _Syntax, name: str) -> None:
    """Add a table with a row for each item."""
    start, end = (one.format("tr", name) for one in said.loop)
    cells = [said.of_item.format(one) for one in ("nom", "organisme", "date")]
    rows = [[start, "", ""], cells, [end, "", ""]] if said.rows_apart else [cells]
    if not said.rows_apart:
        cells[0], cells[-1] = f"{start}{cells[0]}", f"{cells[-1]}{end}"
    table = document.add_table(len(rows), len(cells))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def _emptied(document: Document) -> None:
    section = document.sections[0]
    for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
        for node in list(part._element)[1:]:
            part._element.remove(node)
        part.paragraphs[0].text = ""
    body = document.element.body
    for node in list(body):
        if not node.tag.endswith("}sectPr"):
            body.remove(node)


def values(shape: Shape) -> dict[str, Any]:
    """Return what such a template prints."""
    items = [
        {"nom": f"Camille Exemple {turn}", "organisme": "Mairie d’Évron", "date": "12 mars 2026"}
        for turn in range(shape.turns)
    ]
    fields = {f"champ{number}": f"valeur {number} & suite" for number in range(shape.fields)}
    return {"titre": "Atelier", "oui": True} | fields | {f"liste{n}": items for n in range(shape.loops)}


@dataclass
class Docxtemplater:
    """docxtemplater on one template, started the first time that it is asked for a time."""

    template: bytes
    values: dict[str, Any]
    ours: bytes
    """What we make of the other template: the text has to be the same."""
    _held: list[Any] = field(default_factory=list)

    def start(self) -> subprocess.Popen[str]:
        """Install docxtemplater in a temporary folder and start it; once."""
        if not self._held:
            folder = tempfile.TemporaryDirectory(prefix="mesures-")
            place = Path(folder.name)
            install = ["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", folder.name]
            subprocess.run([*install, *_PACKAGES], check=True)
            (place / "gabarit.docx").write_bytes(self.template)
            (place / "valeurs.json").write_text(json.dumps(self.values), encoding="utf-8")
            files = [str(place / name) for name in ("gabarit.docx", "valeurs.json", "resultat.docx")]
            node = subprocess.Popen(
                ["node", str(_SCRIPT), *files],
                env={**os.environ, "NODE_PATH": str(place / "node_modules")},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            self._held += [node, folder]
            self.seconds(1)  # it has been warmed, and has written its result
            if _texts((place / "resultat.docx").read_bytes()) != _texts(self.ours):
                raise ValueError("docxtemplater et nous n’écrivons pas le même texte")
        return self._held[0]

    def seconds(self, documents: int) -> float:
        """Return the seconds of CPU that this many documents take."""
        node = self.start()
        assert node.stdin is not None
        assert node.stdout is not None
        node.stdin.write(f"{documents}\n")
        node.stdin.flush()
        return float(node.stdout.readline())

    def stop(self) -> None:
        """End it, if it was started."""
        for node, folder in zip(self._held[::2], self._held[1::2], strict=True):
            node.stdin.close()
            node.wait()
            folder.cleanup()
        self._held.clear()


def _texts(document: bytes) -> list[str]:
    """Return the paragraphs of body and tables, no-break spaces (ours come from « typo ») as plain ones."""
    body = docx.Document(io.BytesIO(document)).element.body
    texts = ("".join(node.text or "" for node in one.iter(f"{_W}t")) for one in body.iter(f"{_W}p"))
    return [" ".join(text.split()) for text in texts if text.strip()]
