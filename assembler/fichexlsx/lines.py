"""The sheet of lines: a field per line, several lines for a list of plain values."""

from __future__ import annotations

from collections.abc import Iterable

from openpyxl.utils.cell import get_column_letter

from assembler.fichexlsx.celltext import split
from assembler.fichexlsx.gathering import Gathering, mark_of, said
from assembler.fichexlsx.layout import ASIDE, LINES_MARK, Form, Line
from assembler.readers.cells import Cell, Sheet
from assembler.text import plain

__all__ = ["holds_lines", "lines_mark", "read_lines", "value_column"]


def lines_mark(sheet: Sheet) -> tuple[int, int] | None:
    """Return row and column of the mark of the sheet of lines, if it has it."""
    mark = mark_of(sheet)
    return mark[:2] if mark and mark[2] == LINES_MARK else None


def value_column(sheet: Sheet, mark: tuple[int, int]) -> int:
    """Return the column of values: the one so titled, else the second after the marks."""
    titled = [column for column, cell in sheet.rows[mark[0]].items() if plain(said(cell)) == "valeur"]
    return titled[0] if titled else mark[1] + 2


def holds_lines(sheet: Sheet, form: Form) -> bool:
    """Tell whether a sheet is the sheet of lines, by its mark or by its labels."""
    return bool(lines_mark(sheet) or (not mark_of(sheet) and _by_labels(sheet, form)))


def _by_labels(sheet: Sheet, form: Form) -> tuple[int, int] | None:
    """Return where the labels stand on a sheet that lost its marks: the row before the first, the column."""
    if plain(sheet.title) != "fiche":
        return None
    known = {plain(one.label) for one in form.fields().values()}
    rows: dict[int, list[int]] = {}
    for row, cells in sorted(sheet.rows.items()):
        for column, cell in cells.items():
            if plain(said(cell)) in known:
                rows.setdefault(column, []).append(row)
    if not rows:
        return None
    column = max(rows, key=lambda one: len(rows[one]))
    return (rows[column][0] - 1, column) if len(rows[column]) > 1 else None


def read_lines(sheet: Sheet, found: Gathering) -> None:
    """Read the sheet of lines into ``found``."""
    mark = lines_mark(sheet)
    by_labels = None if mark else _by_labels(sheet, found.form)
    if mark:
        top, marks, values = mark[0], mark[1], value_column(sheet, mark)
        labels = values - 1
    elif by_labels:
        top, marks, labels, values = by_labels[0], 0, by_labels[1], by_labels[1] + 1
    else:
        return
    fields = found.form.fields()
    places: dict[tuple[int, int], str] = {}
    section, last = "", None
    for row in sorted(one for one in sheet.rows if one > top):
        path, label = said(sheet.cell(row, marks)), said(sheet.cell(row, labels))
        cell = sheet.cell(row, values)
        if path.startswith(ASIDE):
            section, last = path.removeprefix(ASIDE), None
            continue
        line = fields.get(path) or (None if path else _alike(fields.values(), label, section))
        if line is None and cell and not path and not label and last and last.field.many:
            line = last  # a row put in by hand under a list
        if line:
            last = line
            places[row, values] = line.path
            _line(line, sheet, cell or f"{get_column_letter(values)}{row}", found)
        elif cell and (label or path):
            found.unknown(sheet, cell, label or path, [one.label for one in fields.values()], "La ligne")
        elif cell:
            found.fault("champ", None, sheet, cell, "Cette valeur n’est en face d’aucun champ.", said(cell))
    found.mergers(sheet, places, [row for row, _ in places], [values])


def _alike(lines: Iterable[Line], label: str, section: str) -> Line | None:
    """Return the only line of that label: in the section first, then anywhere."""
    alike = [one for one in lines if plain(one.label) == plain(label)] if label else []
    here = [one for one in alike if one.path.rpartition(".")[0] == section]
    for found in (here, alike):
        if len(found) == 1:
            return found[0]
    return None


def _line(line: Line, sheet: Sheet, cell: Cell | str, found: Gathering) -> None:
    where = found.place(line.path, sheet, cell)
    if isinstance(cell, str):  # an empty line: only where it stands is known
        if line.path not in found.lines:
            found.note(line.path, where)
        return
    *groups, leaf = line.path.split(".")
    group = found.data
    for step in groups:
        group = group.setdefault(step, {})
    if line.field.many and line.field.type != "libre":
        items = group.setdefault(leaf, [])
        value = found.value(cell, line.field, f"{line.path}.{len(items)}", sheet)
        # codes are short: several in one cell are several codes, where a sentence may hold a « ; »
        parts = split(value) if value and line.field.digits else [value.strip() if value else None]
        for part in parts:
            found.note(f"{line.path}.{len(items)}", found.place(f"{line.path}.{len(items)}", sheet, cell))
            items.append(part)
    elif leaf in group:
        message = f"Le champ « {line.label} » est rempli deux fois : gardez une seule ligne."
        found.fault("type", line.path, sheet, cell, message, said(cell))
    else:
        found.note(line.path, where)
        group[leaf] = found.value(cell, line.field, line.path, sheet)
