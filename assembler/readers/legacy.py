"""Old Word, Excel and RTF files: converted by LibreOffice when it is installed, then read as today's."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assembler.errors import ReadingError
from assembler.model import Reading, Signature
from assembler.office import convert, converter
from assembler.readers import docx, spreadsheet
from assembler.readers.containers import expect
from assembler.readers.limits import LIMITS
from assembler.readers.natures import LEGACY
from assembler.readers.ole import carries_program, ole_streams

__all__ = ["read"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    """What an old nature is converted to."""

    suffix: str
    filter: str
    kind: str
    """French, as in « convertir … »."""


_WORD = _Target(suffix="docx", filter="docx:MS Word 2007 XML", kind="document")
_EXCEL = _Target(suffix="xlsx", filter="xlsx:Calc MS Excel 2007 XML", kind="classeur")
_TARGETS: Mapping[str, _Target] = {"doc": _WORD, "rtf": _WORD, "xls": _EXCEL}

_MACROS = ("macros", "_vba_project_cur", "vba")
_SEALS = ("_signatures", "_xmlsignatures")
_DEEPEST = 1_000


def read(data: bytes) -> Reading:
    """Read a ``doc``, an ``xls`` or an ``rtf`` through LibreOffice; the nature said is that of the file.

    Args:
        data: the file's bytes.

    Raises:
        ReadingError: ``nature`` when LibreOffice is not installed, ``depassement`` when it does not end,
            else ``vide``, ``protege`` or ``illisible``.
    """
    nature = expect(data, LEGACY)
    target = _TARGETS[nature]
    program = converter()
    if program is None:
        raise ReadingError(
            "nature",
            f"C’est un ancien {target.kind} (.{nature}), qui ne se lit pas sans LibreOffice : "
            f"ouvrez-le et enregistrez-le en .{target.suffix}.",
        )
    if nature == "rtf" and _deep(data):
        raise ReadingError("illisible", "Le document RTF est endommagé : enregistrez-le en .docx.")
    converted = _convert(program, data, nature, target)
    reading = spreadsheet.read(converted) if target is _EXCEL else docx.read(converted)
    names = ole_streams(data)
    return replace(
        reading,
        nature=nature,
        # What the conversion drops or hides is told from the old file itself.
        macros=max(reading.macros, int(bool(names & set(_MACROS)))),
        objets_lies=max(reading.objets_lies, int(carries_program(data))),
        signatures=(
            *reading.signatures,
            *(
                Signature(etat="electronique", detail="signature de l’ancien fichier présente, non vérifiée")
                for _ in names & set(_SEALS)
            ),
        ),
    )


def _deep(data: bytes) -> bool:
    """Tell whether groups stand in one another deeper than any program writes: each costs memory."""
    depth = 0
    for brace in re.finditer(rb"\\.|[{}]", data, re.DOTALL):
        depth += {b"{": 1, b"}": -1}.get(brace[0], 0)
        if depth > _DEEPEST:
            return True
    return False


def _convert(program: str, data: bytes, nature: str, target: _Target) -> bytes:
    with tempfile.TemporaryDirectory(prefix="assemble-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        source = folder / f"ancien.{nature}"
        source.write_bytes(data)
        try:
            made = convert(program, [source], target.filter, folder, LIMITS.conversion)
        except TimeoutError as cause:
            raise ReadingError(
                "depassement",
                f"Le fichier n’a pas pu être contrôlé. Sa conversion demande plus de {LIMITS.conversion} "
                "secondes : enregistrez-le dans un format actuel.",
            ) from cause
        except OSError as cause:
            raise ReadingError(
                "illisible", "LibreOffice ne démarre pas : enregistrez le fichier dans un format actuel."
            ) from cause
        made /= f"ancien.{target.suffix}"
        if not made.is_file():
            raise ReadingError(
                "illisible",
                f"L’ancien {target.kind} (.{nature}) ne se laisse pas convertir : ouvrez-le et "
                f"enregistrez-le en .{target.suffix}.",
            )
        if made.stat().st_size > LIMITS.file:
            raise ReadingError("illisible", "Le fichier converti est trop gros : allégez l’original.")
        return made.read_bytes()
