"""The sheets of lists: an item per row, a field per column, groups within items flattened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from assembler.fichexlsx.celltext import split
from assembler.fichexlsx.gathering import TOP, Gathering, mark_of, said
from assembler.fichexlsx.layout import ASIDE, NUMBER, PARENT, Column, Table
from assembler.readers.cells import Cell, Sheet
from assembler.text import plain

__all__ = ["Grid", "find_grid", "read_list", "referred"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Grid:
    """A list as found on a sheet: where its rows begin, and which column is what."""

    table: Table
    sheet: Sheet
    first: int
    """First row of items."""
    marks: int | None
    """Column of the marks of the rows set aside."""
    columns: Mapping[int, Column]
    number: int | None = None
    parent: int | None = None


def find_grid(sheet: Sheet, found: Gathering) -> Grid | None:
    """Return the list that a sheet holds, by its mark, failing which by its title and its labels."""
    tables = {one.path: one for one in found.form.tables}
    place = mark_of(sheet)
    paths: dict[int, str] = {}
    marks = 0
    if place and place[2] in tables:
        row, marks, mark = place
        table, header = tables[mark], row + 1
        paths = {column: said(cell) for column, cell in sheet.rows[row].items() if column != marks}
    else:
        titled = next((one for one in tables.values() if plain(one.sheet) == plain(sheet.title)), None)
        labelled = _header(sheet, titled) if titled else None
        if titled is None or labelled is None:
            return None
        table, header = titled, labelled
    by_path = {one.path: one for one in table.columns}
    by_label = {plain(one.label): one for one in table.columns}
    columns: dict[int, Column] = {}
    special: dict[str, int] = {}
    for column in sorted({column for row, cells in sheet.rows.items() if row >= header for column in cells}):
        path, label = paths.get(column, ""), said(sheet.cell(header, column))
        if path in (NUMBER, PARENT):
            special[path] = column
        elif one := by_path.get(path) or (None if path else by_label.get(plain(label))):
            columns[column] = one
        elif column != marks:
            _unknown_column(sheet, header, column, label or path, table, found)
    return Grid(
        table=table,
        sheet=sheet,
        first=header + 1,
        marks=marks or None,
        columns=columns,
        number=special.get(NUMBER),
        parent=special.get(PARENT),
    )


def _header(sheet: Sheet, table: Table) -> int | None:
    """Return the row, near the top, that holds most of the labels."""
    labels = {plain(one.label) for one in table.columns}
    told = {
        row: sum(plain(said(one)) in labels for one in sheet.rows[row].values())
        for row in sorted(sheet.rows)[:TOP]
    }
    best = max(told, key=lambda row: (told[row], -row), default=None)
    return best if best is not None and told[best] else None


def _unknown_column(
    sheet: Sheet, header: int, column: int, label: str, table: Table, found: Gathering
) -> None:
    below = [row for row in sorted(sheet.rows) if row > header and column in sheet.rows[row]]
    if not below:
        return
    cell = sheet.cell(header, column) or sheet.rows[below[0]][column]
    if label:
        found.unknown(sheet, cell, label, [one.label for one in table.columns], "La colonne")
    else:
        found.fault("champ", None, sheet, cell, "Cette colonne n’a pas de titre : elle n’est pas lue.")


def referred(grid: Grid) -> set[int]:
    """Return the numbers that the rows of an inner list refer to."""
    numbers = set()
    for row, cells in grid.sheet.rows.items():
        if row >= grid.first and grid.parent and any(column in cells for column in grid.columns):
            numbers.add(_whole(cells.get(grid.parent)))
    return {one for one in numbers if one is not None}


def read_list(grid: Grid, found: Gathering, wanted: Collection[int] = ()) -> None:
    """Read the rows of a list into ``found``; the list that holds it must have been read before.

    Args:
        grid: the list.
        found: what has been read.
        wanted: numbers of rows that an inner list refers to: they count even if nothing else is there.
    """
    table, sheet = grid.table, grid.sheet
    places: dict[tuple[int, int], str] = {}
    numbers = found.numbers.setdefault(table.path, {})
    rows = [one for one in sorted(sheet.rows) if one >= grid.first]
    filled = 0
    for row in rows:
        cells = sheet.rows[row]
        if grid.marks and said(cells.get(grid.marks)).startswith(ASIDE):
            continue
        mine = {column: cells[column] for column in grid.columns if column in cells}
        number = _whole(cells.get(grid.number) if grid.number else None)
        if not mine and number not in wanted:
            continue
        filled += 1
        first = cells[min(mine or cells)]
        holder = _holder(grid, cells.get(grid.parent) if grid.parent else None, first, found)
        if holder is None:
            continue
        group, path = holder
        items = _list_in(group, table.key)
        here = f"{path}{table.key}.{len(items)}"
        item: dict[str, Any] = {}
        items.append(item)
        found.note(here, found.place(here, sheet, first))
        for column, cell in mine.items():
            places[row, column] = f"{here}.{grid.columns[column].path}"
            _cell(item, grid.columns[column], cell, places[row, column], sheet, found)
        if table.numbered:
            number = filled if number is None else number
            if number in numbers:
                message = f"Le numéro {number} est écrit deux fois dans cette feuille."
                found.fault("type", here, sheet, first, message, str(number))
            numbers.setdefault(number, (item, f"{here}."))
    found.mergers(sheet, places, rows, grid.columns.keys())


def _cell(
    item: dict[str, Any], column: Column, cell: Cell, path: str, sheet: Sheet, found: Gathering
) -> None:
    *groups, leaf = column.path.split(".")
    for step in groups:
        item = item.setdefault(step, {})
    found.note(path, found.place(path, sheet, cell))
    value = found.value(cell, column.field, path, sheet)
    if column.field.many and column.field.type != "libre" and value is not None:
        item[leaf] = split(value)
        for rank in range(len(item[leaf])):
            found.note(f"{path}.{rank}", found.place(f"{path}.{rank}", sheet, cell))
    else:
        item[leaf] = value


def _holder(
    grid: Grid, given: Cell | None, first: Cell, found: Gathering
) -> tuple[dict[str, Any], str] | None:
    """Return the group that holds a row, and its path; None, and a fault, when it cannot be told."""
    table = grid.table
    if table.parent is None:
        return found.data, ""
    known = found.numbers.get(table.parent, {})
    if given is None and len(known) == 1:
        return next(iter(known.values()))
    number = _whole(given)
    if number in known:
        return known[number]
    parent = next(one for one in found.form.tables if one.path == table.parent)
    message = f"Indiquez à quelle ligne de la feuille « {parent.sheet} » celle-ci se rapporte (son numéro)."
    path = table.path.replace("[]", "")
    found.fault("type", path, grid.sheet, given or first, message, said(given) or None)
    return None


def _list_in(group: dict[str, Any], key: str) -> list[Any]:
    *groups, leaf = key.split(".")
    for step in groups:
        group = group.setdefault(step, {})
    items: list[Any] = group.setdefault(leaf, [])
    return items


def _whole(cell: Cell | None) -> int | None:
    text = said(cell).removesuffix(".0")
    return int(text) if text.isdecimal() and len(text) < 10 else None
