"""``registre.xlsx``: read with limits, its rows brought up to date, the rest of it left as people made it."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from assembler.batch.handwork import keep, remember, remembered, typed_over
from assembler.batch.register import ABSENT, COLUMNS, Row
from assembler.batch.stretching import stretch
from assembler.batch.stylesheets import renumbered
from assembler.errors import ReadingError
from assembler.readers.cells import Sheet, load_cells
from assembler.readers.containers import Package, open_package
from assembler.rendering.xlsx import MAX_TEXT, CachedValue, Workbook
from assembler.text import plain, tied
from assembler.worker import apart

__all__ = ["Standing", "read_register", "untouched", "written"]

_HEADINGS = 20
"""Rows among which the headings are looked for: people put a title above."""
_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/.*|xl/(?:_rels/)?workbook\.xml(?:\.rels)?"
    r"|xl/worksheets/(?:_rels/)?sheet\d+\.xml(?:\.rels)?|xl/(?:styles|sharedStrings|calcChain|metadata)\.xml"
    r"|xl/theme/.*|xl/(?:comments/?\w*|tables/table\d+)\.xml|xl/drawings/(?:vmlDrawing|commentsDrawing)\d+\.vml"
    r"|xl/printerSettings/.*|docMetadata/.*|customXml/.*",
    re.IGNORECASE,
)
"""Parts that openpyxl gives back, or that nobody misses; it loses pictures and threads of comments."""
_LINE, _HIGHEST = 13.0, 260.0
"""Points: a line of text, and the highest row that we make."""
_DRAWING = re.compile(r"xl/drawings/drawing\d+\.xml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The register as it stands; empty for a new one."""

    content: bytes = b""
    sheet: str = ""
    heading: int = 1
    """Row of the headings."""
    columns: Mapping[str, int] = field(default_factory=dict)
    """Number of each of our columns that was found."""
    rows: tuple[tuple[int, Mapping[str, Any]], ...] = ()
    """Number and values, as we wrote them, of each row that names a dossier."""
    typed: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    """What people typed over in our columns, by row and column."""
    last: int = 1
    values: Mapping[tuple[str, str], CachedValue] = field(default_factory=dict)
    """What the formulas of people gave, by sheet and cell."""


def read_register(content: bytes) -> Standing:
    """Read a register that people may have changed.

    Raises:
        ReadingError: it is damaged, protected, too big, is no register, or holds what would be lost
            if it were written again.
    """
    sheets = apart(load_cells, content)
    package = open_package(content)
    if any(not _KEPT.fullmatch(name) and not _is_empty(package, name) for name in package.names):
        raise ReadingError(
            "illisible",
            "il contient des images, des graphiques ou des fils de commentaires, qui seraient perdus",
        )
    for sheet in sheets:
        for number in sorted(sheet.rows)[:_HEADINGS]:
            columns = _columns(sheet, number)
            if {"chemin", "verdict"} <= columns.keys():
                memory = remembered(sheets)
                rows = {at: typed_over(values, memory) for at, values in _rows(sheet, number, columns)}
                return Standing(
                    content=content,
                    sheet=sheet.title,
                    heading=number,
                    columns=columns,
                    rows=tuple((at, wrote) for at, (wrote, _) in rows.items()),
                    typed={at: typed for at, (_, typed) in rows.items() if typed},
                    last=max(sheet.rows),
                    values=_values(sheets),
                )
    raise ReadingError("illisible", "aucune de ses feuilles n’a les colonnes « Verdict » et « Chemin »")


def _is_empty(package: Package, name: str) -> bool:
    """Tell whether a part is a drawing of nothing, as LibreOffice writes beside notes."""
    return _DRAWING.fullmatch(name) is not None and len(package.xml(name)) == 0


def untouched(content: bytes) -> bool:
    """Tell whether a workbook is as this program wrote it, no spreadsheet having saved it since."""
    try:
        return b"<Application>assembler</Application>" in open_package(content).read("docProps/app.xml")
    except ReadingError:
        return False


def _columns(sheet: Sheet, number: int) -> dict[str, int]:
    headings = {plain(column.heading): key for key, column in COLUMNS.items()}
    found: dict[str, int] = {}
    for column, cell in sorted(sheet.rows[number].items()):
        key = headings.get(plain(str(cell.value)))
        if key:
            found.setdefault(key, column)
    return found


def _rows(sheet: Sheet, heading: int, columns: Mapping[str, int]) -> Any:
    for number in sorted(sheet.rows):
        cells = sheet.rows[number]
        place = cells.get(columns["chemin"])
        if number > heading and place is not None and str(place.value).strip():
            values = {key: cells[column].value for key, column in columns.items() if column in cells}
            yield number, {key: _read(value) for key, value in values.items()}


def _read(value: Any) -> Any:
    return value.date() if isinstance(value, dt.datetime) else value


def _values(sheets: Sequence[Sheet]) -> dict[tuple[str, str], CachedValue]:
    """Return what each cell shows, as a formula keeps it."""
    found: dict[tuple[str, str], CachedValue] = {}
    for sheet in sheets:
        for cells in sheet.rows.values():
            for cell in cells.values():
                value = cell.value
                if isinstance(value, (dt.datetime, dt.date, dt.time, dt.timedelta)):
                    value = to_excel(value)  # type: ignore[no-untyped-call]  # its stub says nothing
                if isinstance(value, float):
                    value = Decimal(repr(value))
                found[sheet.title, cell.where] = "" if value is None else value
    return found


# --- writing ------------------------------------------------------------------------------------


def written(standing: Standing, rows: Sequence[Row], today: dt.date) -> tuple[bytes, list[str]]:
    """Return the register brought up to date, and where people had typed what now stands beside.

    Rows stay where they stand, new ones come last.
    """
    if standing.content:
        source = openpyxl.load_workbook(io.BytesIO(renumbered(standing.content)))
        book = Workbook.of(source, edition=today, values=_formulas(source, standing))
        sheet = cast(Worksheet, next(one for one in source.worksheets if one.title == standing.sheet))
    else:
        book = Workbook(title="Registre des dossiers", subject="Contrôle des dossiers", edition=today)
        sheet = book.sheet("Registre")
    _add_styles(book)
    columns = _headed(book, sheet, standing)
    last = standing.last
    for row in rows:
        number = row.number
        if number is None:
            number = last = last + 1
        _put(book, sheet, number, row, columns)
        _heighten(sheet, number, columns)
    stood = [(row.number, row) for row in rows if row.number is not None]
    kept = keep(book, sheet, standing.heading, stood, standing.typed)
    remember(book, rows)
    stretch(sheet, standing.heading, columns["chemin"], last)
    if standing.content and sheet.print_area:
        sheet.print_area = None  # what people added is printed as well
    if not standing.content:
        sheet.freeze_panes = "C2"
        sheet.row_dimensions[1].height = 2 * _LINE + 4
        area = sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
        book.print_setup(
            sheet,
            left="Registre des dossiers",
            right="",
            version="",
            signed=False,
            area=area,
            header_rows="1:1",
        )
        sheet.page_setup.paperSize = 8  # A3: sixteen columns
    return book.finish(), kept


def _formulas(source: openpyxl.Workbook, standing: Standing) -> dict[tuple[str, str], CachedValue]:
    """Return the values that the formulas of people had when the workbook was saved."""
    return {
        (sheet.title, cell.coordinate): standing.values.get((sheet.title, cell.coordinate), "")
        for sheet in source.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


_FILLS = {
    "conforme": "FFE3F3E6",
    "a_completer": "FFFBE3E3",
    "a_voir": "FFFFF2CC",
    "non_concluant": "FFFFF2CC",
    "rien": "FFEEEEEE",
    "illisible": "FFFBE3E3",
    "erreur": "FFFBE3E3",
}


def _add_styles(book: Workbook) -> None:
    for kind, fill in _FILLS.items():
        book.add_style(f"Verdict {kind}", fill=fill, bold=True)
    book.add_style("Absent", color="FF666666", italic=True)
    book.add_style("Absent date", color="FF666666", italic=True, date=True)


def _headed(book: Workbook, sheet: Worksheet, standing: Standing) -> dict[str, int]:
    """Return the number of each of our columns, those that lack being added last."""
    columns = dict(standing.columns)
    after = max([sheet.max_column if standing.content else 0, *columns.values()])
    for key, column in COLUMNS.items():
        if key not in columns:
            after += 1
            columns[key] = after
            book.put_text(sheet.cell(standing.heading, after), column.heading, "En-tête")
            sheet.column_dimensions[get_column_letter(after)].width = column.width
    return columns


def _put(book: Workbook, sheet: Worksheet, number: int, row: Row, columns: Mapping[str, int]) -> None:
    turned = row.number is None or (row.kind == ABSENT) != (row.before == ABSENT)
    for key, column in columns.items():
        cell = _free(sheet, number, column)
        value = row.values.get(key)
        told = (key == "verdict" and row.kind != row.before) or (key == "sceau" and cell.value != value)
        style = _style(key, row) if turned or told else None
        if isinstance(value, (int, dt.date)):
            if style or cell.value != value:
                book.put_number(cell, value, style)
        else:
            text = str(value or "")[:MAX_TEXT]
            book.put_text(cell, text if key == "chemin" else tied(text), style)


def _heighten(sheet: Worksheet, number: int, columns: Mapping[str, int]) -> None:
    """Give a row the height that its texts need, unless it is higher: LibreOffice does not at opening."""
    lines = 1
    for column in columns.values():
        text = str(sheet.cell(number, column).value or "")
        room = max(4.0, (sheet.column_dimensions[get_column_letter(column)].width or 10) - 2)
        lines = max(lines, math.ceil(len(text) * 1.1 / room))
    needed = min(lines * _LINE + 2, _HIGHEST)
    if lines > 1 and needed > (sheet.row_dimensions[number].height or 0):
        sheet.row_dimensions[number].height = needed


def _style(key: str, row: Row) -> str:
    date = COLUMNS[key].date
    if row.kind == ABSENT:
        return "Absent date" if date else "Absent"
    if key == "verdict":
        return f"Verdict {row.kind}"
    if key == "sceau" and row.altered:
        return "Verdict a_completer"
    return "Date" if date else "Libellé"


def _free(sheet: Worksheet, number: int, column: int) -> Cell:
    """Return a cell of ours, the merger that hides it being undone."""
    for merged in list(sheet.merged_cells.ranges):
        if merged.min_row <= number <= merged.max_row and merged.min_col <= column <= merged.max_col:
            sheet.unmerge_cells(merged.coord)
    cell = sheet.cell(number, column)
    assert isinstance(cell, Cell)  # no merger covers it any more
    return cell
