"""The cells of a small workbook, within bounds: values as the spreadsheet last knew them, no formula run.

openpyxl gives the values; what it says nothing of (a formula without its value, merged cells) is looked
up in the parts themselves. Hostile workbooks are refused before openpyxl opens them (robustesse.md § 2.1:
a merger of the whole sheet costs it 2.4 GB).
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import openpyxl
from lxml import etree
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries

from assembler.errors import ReadingError
from assembler.readers.containers import Package, expect, open_package

__all__ = ["Cell", "Range", "Sheet", "load_cells"]

if not openpyxl.DEFUSEDXML:  # pragma: no cover - a broken installation
    raise ImportError("defusedxml manque : openpyxl lirait des entités XML sans borne")

MAX_BYTES = 20 * 1024 * 1024
"""All the parts together, expanded: a form of 5,000 lines is under 3 MB."""
MAX_ROW, MAX_COLUMN, MAX_CELLS, MAX_SHEETS, MAX_MERGED = 10_000, 300, 100_000, 100, 1_000

_RETURN = re.compile(r"_x000D_\n?", re.IGNORECASE)
"""How Excel writes the carriage return of a pasted text."""

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One cell that holds something."""

    where: str
    """« C4 »."""
    value: Any
    """Text, int, float, bool, datetime, date, time or timedelta; None for a formula never calculated."""
    format: str = "General"
    """Number format code."""
    error: bool = False
    """Holds « #N/A » or another error of calculation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One sheet: its cells by row and column, from 1, and its merged ranges."""

    title: str
    rows: Mapping[int, Mapping[int, Cell]]
    merged: tuple[Range, ...] = ()

    def cell(self, row: int, column: int) -> Cell | None:
        """Return a cell, or None when nothing is there."""
        return self.rows.get(row, {}).get(column)


@lru_cache(maxsize=2)
def load_cells(content: bytes) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook, in order, chart sheets left out.

    The last two are kept: the format is asked of a fiche before its fields are.

    Raises:
        ReadingError: ``vide``, ``nature``, ``protege`` or ``illisible``.
    """
    expect(content, ("xlsx", "xlsm"))
    package = open_package(content)
    if sum(package.signature(name)[1] for name in package.names) > MAX_BYTES:
        raise _too_big(f"décomprimé, il dépasse {MAX_BYTES // 1024 // 1024} Mo")
    parts = {
        name: package.xml(name) for name in package.names if name.lower().endswith((".xml", ".rels", ".vml"))
    }
    places = {title: _Part.of(parts[name]) for title, name in _sheet_parts(package) if name in parts}
    if len(places) > MAX_SHEETS or sum(one.cells for one in places.values()) > MAX_CELLS:
        raise _too_big("il contient trop de feuilles ou de cellules")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl drops (pictures, extensions) holds no value
            return tuple(_sheets(content, places))
    except ReadingError:
        raise
    except Exception as cause:  # whatever a malformed part makes openpyxl raise
        raise ReadingError(
            "illisible",
            "Le classeur est endommagé : ouvrez-le dans Excel ou LibreOffice et enregistrez-le à nouveau.",
        ) from cause


def _too_big(cause: str) -> ReadingError:
    return ReadingError("illisible", f"Le classeur ne peut pas être lu : {cause} ; ce n’est pas une fiche.")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """What the part of a sheet says that openpyxl does not."""

    cells: int
    last_row: int
    last_column: int
    merged: tuple[Range, ...]
    uncalculated: tuple[str, ...]

    @classmethod
    def of(cls, root: etree._Element) -> _Part:
        filled = [cell for cell in root.iter("{*}c") if len(cell)]
        rows, columns = [0], [0]
        for cell in filled:
            if reference := cell.get("r"):
                column, row = coordinate_from_string(reference)
                rows.append(row)
                columns.append(column_index_from_string(column))
            else:  # some writers count on the order: openpyxl does the same
                rows.append(MAX_ROW)
                columns.append(MAX_COLUMN)
        if max(rows) > MAX_ROW or max(columns) > MAX_COLUMN:
            raise _too_big(f"une feuille va au-delà de {MAX_ROW} lignes ou de {MAX_COLUMN} colonnes")
        return cls(
            cells=len(filled),
            last_row=max(rows),
            last_column=max(columns),
            merged=tuple(_ranges(root)),
            uncalculated=tuple(
                cell.get("r", "")
                for cell in filled
                if cell.find("{*}f") is not None and cell.get("t") != "str" and not cell.findtext("{*}v")
            ),
        )


def _ranges(root: etree._Element) -> Iterator[Range]:
    for count, node in enumerate(root.iter("{*}mergeCell")):
        if count > MAX_MERGED:
            raise _too_big("il contient trop de cellules fusionnées")
        first_column, first_row, last_column, last_row = range_boundaries(node.get("ref", "A1"))
        if None not in (first_column, first_row, last_column, last_row):
            yield int(first_row or 1), int(first_column or 1), int(last_row or 1), int(last_column or 1)


def _sheet_parts(package: Package) -> Iterator[tuple[str, str]]:
    main = next(
        (one.target for one in package.relations() if one.kind == "officeDocument"), "xl/workbook.xml"
    )
    targets = {one.id: one.target for one in package.relations(main)}
    for node in package.xml(main).iter("{*}sheet"):
        identifier = next((value for name, value in node.attrib.items() if str(name).endswith("}id")), "")
        if str(identifier) in targets:
            yield node.get("name", ""), targets[str(identifier)]


def _sheets(content: bytes, places: Mapping[str, _Part]) -> Iterator[Sheet]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            part = places.get(sheet.title)
            if part is None or not part.cells:
                yield Sheet(title=sheet.title, rows={})
                continue
            rows: dict[int, dict[int, Cell]] = {}
            lost = set(part.uncalculated)
            for row in sheet.iter_rows(max_row=part.last_row, max_col=part.last_column):
                for cell in row:
                    if not hasattr(cell, "coordinate"):  # a gap
                        continue
                    value = cell.value
                    if isinstance(value, str):
                        value = _RETURN.sub("\n", value)
                    if value in (None, "") and cell.coordinate not in lost:
                        continue
                    rows.setdefault(int(cell.row or 0), {})[int(cell.column or 0)] = Cell(
                        where=cell.coordinate,
                        value=value,
                        format=cell.number_format or "General",
                        error=cell.data_type == "e",
                    )
            yield Sheet(title=sheet.title, rows=rows, merged=part.merged)
    finally:
        book.close()
