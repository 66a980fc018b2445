"""The filter and the tables of the register, stretched over all that is written.

Sorting by a filter that leaves out a column moves the remarks of one dossier to another.
"""

from __future__ import annotations

from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["stretch"]


def stretch(sheet: Worksheet, heading: int, place: int, last: int) -> None:
    """Have the filter take in every row and column, theirs too, and the tables every row.

    Args:
        sheet: the register.
        heading: row of the headings.
        place: column of the paths, which tells the tables that are over the register.
        last: last row.
    """
    for table in sheet.tables.values():
        first_column, first_row, last_column, _ = range_boundaries(table.ref)
        if first_row != heading or not int(first_column or 0) <= place <= int(last_column or 0):
            continue
        table.ref = _longer(table.ref, last)
        if table.autoFilter is not None:
            table.autoFilter.ref = _longer(table.autoFilter.ref or table.ref, last)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _longer(sheet.auto_filter.ref, last)
        _widen(sheet, heading)


def _widen(sheet: Worksheet, heading: int) -> None:
    """Have the filter of the headings take in every column that holds something."""
    first, row, last, end = range_boundaries(sheet.auto_filter.ref)
    if row != heading or first is None or last is None:
        return
    filled = {cell.column for line in sheet.iter_rows(heading) for cell in line if cell.value is not None}
    start = min(first, *filled)
    for kept in sheet.auto_filter.filterColumn:
        kept.colId += first - start
    sheet.auto_filter.ref = f"{get_column_letter(start)}{row}:{get_column_letter(max(last, *filled))}{end}"


def _longer(area: str, last: int) -> str:
    """Return an area that goes down to ``last`` at least."""
    start, _, end = area.replace("$", "").partition(":")
    column = end.rstrip("0123456789")
    return f"{start}:{column}{max(int(end[len(column) :] or last), last)}" if column else area
