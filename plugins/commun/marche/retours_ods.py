"""The same of a LibreOffice workbook (``ods``): results and formulas, these as OpenDocument writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from assembler_plugins.commun.marche.retours_classeur import (
    Cellule,
    Classeur,
    Compte,
    Feuille,
    Place,
    Valeur,
    decimal_lu,
)
from lxml import etree

from assembler.errors import ReadingError
from assembler.readers.containers import Package
from assembler.readers.odfstyles import OFFICE, TABLE, TEXT, OdfStyles, load_styles
from assembler.readers.odftext import paragraph_text

__all__ = ["lire_ods"]

_MOST_COPIES = 100
"""Times that a repeated cell that says something is read: more is a fill."""
_ERRORS = ("#", "Err:")
_FIRST_DAY = dt.date(1899, 12, 30)


def lire_ods(package: Package) -> Classeur:
    """Read an ods, hidden sheets included.

    Raises:
        ReadingError: ``illisible`` or ``depassement``.
    """
    content = package.xml("content.xml")
    body = content.find(f"{OFFICE}body/{OFFICE}spreadsheet")
    if body is None:
        raise ReadingError("illisible", "Le classeur n’a pas de feuille : enregistrez-le à nouveau.")
    common = package.xml("styles.xml") if "styles.xml" in package else None
    styles = load_styles(
        None if common is None else common.find(f"{OFFICE}styles"), content.find(f"{OFFICE}automatic-styles")
    )
    count = Compte()
    return Classeur(
        feuilles=tuple(
            Feuille(
                titre=table.get(f"{TABLE}name", ""),
                cachee=styles.hides("table", table.get(f"{TABLE}style-name")),
                cellules=dict(_ods_cells(table, styles, count)),
            )
            for table in body.iterfind(f"{TABLE}table")
        ),
        comparable=False,
    )


def _ods_cells(table: etree._Element, styles: OdfStyles, count: Compte) -> Iterator[tuple[Place, Cellule]]:
    at = 1
    for row in table.iter(f"{TABLE}table-row"):
        copies = _repeated(row, "rows")
        column = 1
        for node in row:
            if node.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
                continue
            times = _repeated(node, "columns")
            cell = _ods_cell(node, styles)
            for down in range(min(copies, _MOST_COPIES) if cell else 0):
                for along in range(min(times, _MOST_COPIES)):
                    assert cell is not None  # no copy of nothing
                    count.ajouter(at + down, column + along)
                    yield (at + down, column + along), cell
            column += times
        at += copies


def _ods_cell(node: etree._Element, styles: OdfStyles) -> Cellule | None:
    kind = node.get(f"{OFFICE}value-type")
    formula = node.get(f"{TABLE}formula")
    text = paragraph_text(node, styles) if node.find(f"{TEXT}p") is not None else ""
    error = formula is not None and text.startswith(_ERRORS)
    value: Valeur = text or ("" if formula is not None else None)
    if kind in ("float", "currency", "percentage") and not error:
        value = decimal_lu(node.get(f"{OFFICE}value", ""))
    elif kind == "boolean":
        value = node.get(f"{OFFICE}boolean-value") == "true"
    elif kind == "date":
        value = _days(node.get(f"{OFFICE}date-value", "")) or value
    if value is None and formula is None:
        return None
    return Cellule(valeur=value, formule=formula, erreur=error)


def _days(text: str) -> Decimal | None:
    """Return a date as Excel counts it."""
    try:
        return Decimal((dt.date.fromisoformat(text[:10]) - _FIRST_DAY).days)
    except ValueError:
        return None


def _repeated(node: etree._Element, what: str) -> int:
    text = node.get(f"{TABLE}number-{what}-repeated", "1")
    return int(text) if text.isdecimal() and 0 < len(text) < 9 else 1
