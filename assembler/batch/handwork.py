"""What people typed over in the columns of the tool: never lost, put in a column of theirs beside.

The register remembers what was written in each row, on a sheet that no menu shows: a cell that holds
something else was changed by hand. The memory goes where the register goes, from one desk to the next.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assembler.batch.register import COLUMNS, Row
from assembler.readers.cells import Sheet
from assembler.rendering.xlsx import MAX_TEXT, Workbook
from assembler.text import clean, plain

__all__ = ["HAND", "keep", "remember", "remembered", "typed_over"]

HAND = "Écrit à la main"
"""Heading of the column where what was typed over is kept; it is people's own."""
_MEMORY = "Registre (outil)"
_WIDTH = 36

Values = Mapping[str, Any]


def remembered(sheets: Iterable[Sheet]) -> dict[str, dict[str, str]]:
    """Return what was last written in each row, by path and column."""
    found: dict[str, dict[str, str]] = {}
    for sheet in sheets:
        for cells in sheet.rows.values() if sheet.title == _MEMORY else ():
            try:
                row = {str(key): str(value) for key, value in json.loads(str(cells[1].value)).items()}
                found[row["chemin"]] = row
            except (KeyError, ValueError, AttributeError):
                continue  # somebody wrote there: the row is taken as it stands
    return found


def typed_over(values: Values, memory: Mapping[str, Mapping[str, str]]) -> tuple[Values, Values]:
    """Return the values of a row as we wrote them, and what people typed in their place, by column."""
    wrote = memory.get(_said(values.get("chemin")))
    if wrote is None:
        return values, {}
    other = {key for key in COLUMNS if key in wrote and _said(values.get(key)) != wrote[key]}
    typed = {key: _said(values[key]) for key in COLUMNS if key in other and _said(values.get(key))}
    return {**values, **{key: _value(key, wrote[key]) for key in other}}, typed


def remember(book: Workbook, rows: Sequence[Row]) -> None:
    """Note what was written in each row."""
    if _MEMORY in book.book.sheetnames:
        del book.book[_MEMORY]
    sheet = book.sheet(_MEMORY, hidden=True)
    for number, row in enumerate(rows, 1):
        told = json.dumps({key: _said(row.values.get(key)) for key in COLUMNS}, ensure_ascii=False)
        if len(told) <= MAX_TEXT:
            book.put_text(sheet.cell(number, 1), told)


def keep(
    book: Workbook,
    sheet: Worksheet,
    heading: int,
    rows: Iterable[tuple[int, Row]],
    typed: Mapping[int, Values],
) -> list[str]:
    """Write beside its row what people typed where something else now stands; return where that was."""
    told = []
    for number, row in rows:
        lost = {
            key: text for key, text in typed.get(number, {}).items() if text != _said(row.values.get(key))
        }
        if not lost:
            continue
        cell = sheet.cell(number, _column(book, sheet, heading))
        kept = [str(cell.value)] if cell.value is not None else []
        kept += [f"{COLUMNS[key].heading} : {text}" for key, text in lost.items()]
        book.put_text(cell, "\n".join(kept)[:MAX_TEXT], None if cell.has_style else "Libellé")
        told.append(f"« {row.name} » : {', '.join(COLUMNS[key].heading for key in lost)}")
    return told


def _column(book: Workbook, sheet: Worksheet, heading: int) -> int:
    """Return the column of what was typed over, added last when there is none."""
    for cell in sheet[heading]:
        if plain(str(cell.value or "")) == plain(HAND):
            return int(cell.column or 0)
    column = sheet.max_column + 1
    book.put_text(sheet.cell(heading, column), HAND, "En-tête")
    sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    return column


def _said(value: Any) -> str:
    """Return what a cell says, however a spreadsheet keeps it."""
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(clean(str(value)).split())


def _value(key: str, said: str) -> str | int | dt.date | None:
    if COLUMNS[key].date:
        return dt.date.fromisoformat(said) if said else None
    return int(said) if key == "points" and said else said or None
