"""A workbook read cell by cell, hidden sheets included, within bounds.

No formula is run and openpyxl never opens the file (robustesse.md § 2.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assembler_plugins.commun.marche.retours_classeur import (
    Cellule,
    Classeur,
    Compte,
    Feuille,
    Place,
    Valeur,
    decimal_lu,
)
from assembler_plugins.commun.marche.retours_ods import lire_ods
from lxml import etree

from assembler.errors import ReadingError
from assembler.readers.cellvalues import Formats, shared_strings
from assembler.readers.containers import Package, expect, open_package
from assembler.readers.odfparts import open_odf

__all__ = ["lire"]

_KINDS = {**dict.fromkeys("1234", "nombre"), "9": "taux", "10": "taux", "14": "date", "49": "texte"}
"""Number formats that have a number and no code."""


def lire(data: bytes, *, vides: bool = False) -> Classeur:
    """Read an ``xlsx``, ``xlsm`` or ``ods``.

    Args:
        data: the file.
        vides: keep the empty cells that are to be filled in (of a frame).

    Raises:
        ReadingError: ``vide``, ``nature``, ``protege``, ``illisible`` or ``depassement``.
    """
    nature = expect(data, ("xlsx", "xlsm", "ods"))
    try:
        return lire_ods(open_odf(data)) if nature == "ods" else _xlsx(open_package(data), vides)
    except ReadingError:
        raise
    except Exception as cause:  # whatever a malformed part makes lxml or ourselves raise
        raise ReadingError(
            "illisible",
            "Le classeur est endommagé : ouvrez-le dans Excel ou LibreOffice et enregistrez-le à nouveau.",
        ) from cause


def _xlsx(package: Package, empty: bool) -> Classeur:
    main = next(
        (one.target for one in package.relations() if one.kind == "officeDocument"), "xl/workbook.xml"
    )
    book = package.xml(main)
    links = {one.id: one for one in package.relations(main)}
    kinds = {one.kind: one.target for one in links.values() if not one.external}
    strings = shared_strings(package.xml(kinds["sharedStrings"])) if "sharedStrings" in kinds else []
    looks = _Looks(package.xml(kinds["styles"]) if "styles" in kinds else None)
    count, sheets = Compte(), []
    for node in book.iterfind("{*}sheets/{*}sheet"):
        identifier = next((str(value) for name, value in node.items() if str(name).endswith("}id")), "")
        link = links.get(identifier)
        cells = (
            dict(_cells(package.xml(link.target), strings, looks, count, empty))
            if link is not None and link.kind == "worksheet"
            else {}
        )
        hidden = node.get("state") in ("hidden", "veryHidden")
        sheets.append(Feuille(titre=node.get("name", ""), cachee=hidden, cellules=cells))
    names = {
        node.get("name", ""): node.text or "" for node in book.iterfind("{*}definedNames/{*}definedName")
    }
    return Classeur(feuilles=tuple(sheets), noms=names)


class _Looks:
    """What the style of a cell says: locked or not, and what it is meant to hold."""

    def __init__(self, styles: etree._Element | None) -> None:
        formats = Formats(styles)
        self._known: dict[str, dict[str, Any]] = {}
        for rank, node in enumerate(styles.iterfind("{*}cellXfs/{*}xf") if styles is not None else ()):
            style, number = str(rank), node.get("numFmtId", "0")
            kind = "montant" if formats.euros(style) else _KINDS.get(number) or _kind(formats.code(style))
            protection = node.find("{*}protection")
            locked = protection is None or protection.get("locked") not in ("0", "false")
            self._known[style] = {"verrouillee": locked, "genre": kind}

    def of(self, style: str | None) -> dict[str, Any]:
        return self._known.get(style or "0", {"verrouillee": True, "genre": ""})


def _kind(code: str) -> str:
    if "%" in code:
        return "taux"
    if code == "@":
        return "texte"
    if "y" in code.lower():
        return "date"
    return "nombre" if "0" in code else ""


def _cells(
    sheet: etree._Element, strings: list[str], looks: _Looks, count: Compte, empty: bool
) -> Iterator[tuple[Place, Cellule]]:
    shared: dict[str, tuple[str, str]] = {}
    for number, row in enumerate(sheet.iterfind("{*}sheetData/{*}row"), 1):
        at = int(row.get("r") or number)
        for rank, node in enumerate(row.iterfind("{*}c"), 1):
            look = looks.of(node.get("s"))
            formula = _formula(node, shared)
            value, error = _value(node, strings)
            if value is None and formula is None and not (empty and not look["verrouillee"]):
                continue
            column = _column(node.get("r", "")) or rank
            count.ajouter(at, column)
            yield (at, column), Cellule(valeur=value, formule=formula, erreur=error, **look)


def _column(reference: str) -> int:
    number = 0
    for char in reference:
        if not ("A" <= char <= "Z"):
            break
        number = number * 26 + ord(char) - 64
    return number


def _formula(cell: etree._Element, shared: dict[str, tuple[str, str]]) -> str | None:
    """Return the formula of a cell; one that Excel shares between several is written out for each."""
    node = cell.find("{*}f")
    if node is None:
        return None
    text, here = (node.text or "").strip(), cell.get("r", "")
    if node.get("t") == "shared":
        index = node.get("si", "")
        if text:
            shared[index] = (text, here)
        elif index in shared:
            from openpyxl.formula.translate import Translator

            model, origin = shared[index]
            return str(Translator(f"={model}", origin=origin).translate_formula(here))
    return f"={text}"


def _value(cell: etree._Element, strings: list[str]) -> tuple[Valeur, bool]:
    """Return the value of a cell, and whether it is an error."""
    kind, text = cell.get("t", "n"), cell.findtext("{*}v") or ""
    if kind == "inlineStr":
        return "".join(node.text or "" for node in cell.iterfind("{*}is//{*}t")) or None, False
    if kind == "s":
        return (strings[int(text)] or None) if text.isdecimal() and int(text) < len(strings) else None, False
    if kind == "b":
        return {"1": True, "0": False}.get(text), False
    if kind == "e":
        return text, True
    if kind in ("str", "d"):
        return text or ("" if cell.find("{*}f") is not None else None), False
    return (decimal_lu(text), False) if text else (None, False)
