"""The fiche as a form to fill in with Excel or LibreOffice, made from the field schema.

What a spreadsheet spoils is prevented where it can be: codes and texts are cells of format Texte, dates
are date cells, closed lists are drop-downs. No protection: people add rows, and the marks that the reader
follows (:mod:`assembler.fichexlsx.layout`) stand in a hidden column.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from assembler.contributions import Field, FieldSchema
from assembler.errors import WritingError
from assembler.fichexlsx.layout import (
    ASIDE,
    HEADS,
    LINES_MARK,
    NUMBER,
    PARENT,
    VALUES_MARK,
    Form,
    Heading,
    Line,
    Table,
    form_of,
    shown_values,
)
from assembler.french import typo
from assembler.model import dig
from assembler.rendering.formcells import help_of, number_format, put_value, shown
from assembler.rendering.xlsx import Workbook

__all__ = ["write_workbook"]

_UNDATED = dt.date(1980, 1, 1)
_SPARE_LINES, _SPARE_ROWS = 2, 10
_FEWEST_LINES, _FEWEST_ROWS = 3, 15
_LAST_ROW = 1_000
"""Drop-downs and input messages reach this row of a list."""
_WIDE = 60
_TALLEST = 400.0
_LINE = 13.5
"""Height of a line of text, in points."""
_HOW = (
    "Remplissez les cases de couleur ; ce qui reste vide n’est pas contrôlé. Gardez les colonnes et les "
    "lignes masquées"
)
_NEEDED = "Les cases orange, « Obligatoire » dans l’aide, d’abord. "
_HOW_LIST = (
    "Une ligne par élément, autant de lignes que nécessaire. Plusieurs valeurs dans une case : "
    "séparez-les par « ; »."
)


def write_workbook(
    schema: FieldSchema,
    data: Mapping[str, Any],
    *,
    title: str = "Fiche du dossier",
    then: str = "enregistrez dans le dossier sous le nom fiche.xlsx",
    edition: dt.date = _UNDATED,
    leave_out: Collection[str] = (),
) -> bytes:
    """Return the form as a workbook, filled in with ``data``; the same input gives the same bytes.

    Args:
        schema: the fields of the format.
        data: typed values, as :func:`assembler.fiche.read` gives them; may be empty.
        title: printed at the top and kept in the properties.
        then: what to do with the form once filled in, printed under the title.
        edition: date kept in the properties.
        leave_out: fields of the root that do not serve yet, unless ``data`` holds something in them.

    Raises:
        WritingError: a value is longer than a cell can hold.
    """
    left = {name for name in leave_out if not data.get(name)}
    kept = {name: one for name, one in schema.root.fields.items() if name not in left}
    form = form_of(FieldSchema(root=Field(fields=kept)))
    book = Workbook(title=title, subject="Fiche", edition=edition)
    try:
        needed = _NEEDED if any(map(_asks, kept.values())) else ""
        return _Writer(book, form, data).write(title, typo(f"{needed}{_HOW}, puis {then}."))
    except ValueError as error:
        raise WritingError(f"La fiche ne peut pas être écrite : {error}.") from error


def _asks(given: Field) -> bool:
    """Tell whether a field, or one that it holds, is required."""
    return given.required or any(map(_asks, given.fields.values()))


class _Writer:
    def __init__(self, book: Workbook, form: Form, data: Mapping[str, Any]) -> None:
        self.book = book
        self.form = form
        self.data = data
        self.lists: dict[tuple[str, ...], str] = {}

    def write(self, title: str, how: str) -> bytes:
        """Write every sheet, the drop-downs' last."""
        lines = self.book.sheet("Fiche")
        sheets = {table.path: self.book.sheet(table.sheet) for table in self.form.tables}
        self._drop_downs()
        self._lines(lines, title, how)
        items: dict[str, list[tuple[int, Any]]] = {}
        for table in self.form.tables:
            items[table.path] = self._items(table, items)
            self._list(sheets[table.path], table, items[table.path])
        return self.book.finish()

    def _drop_downs(self) -> None:
        """Write the closed lists on a hidden sheet: one written in the rule itself ends at 255 signs."""
        given = [one.field for one in self.form.lines if isinstance(one, Line)]
        given += [one.field for table in self.form.tables for one in table.columns]
        sheet = self.book.sheet("Listes", hidden=True)
        self.book.put_text(sheet["A1"], VALUES_MARK)
        for values in dict.fromkeys(shown for one in given if (shown := shown_values(one))):
            letter = get_column_letter(len(self.lists) + 2)
            for row, value in enumerate(values, start=1):
                self.book.put_text(sheet[f"{letter}{row}"], value)
            self.lists[values] = f"Listes!${letter}$1:${letter}${len(values)}"

    # -- the sheet of lines ---------------------------------------------------------------------

    def _lines(self, sheet: Worksheet, title: str, how: str) -> None:
        put = self.book.put_text
        put(sheet["B1"], title, "Titre du document")
        put(sheet["B2"], how, "Ligne de titre")
        put(sheet["A3"], LINES_MARK)
        for letter, text, width in zip("BCD", HEADS, (38, _WIDE, _WIDE), strict=True):
            put(sheet[f"{letter}3"], text, "En-tête")
            sheet.column_dimensions[letter].width = width
        row = 3
        if self.form.lines and not isinstance(self.form.lines[0], Heading):
            row += 1
            self._heading(sheet, row, Heading(path="", title="Dossier"))
        for one in self.form.lines:
            row += 1
            if isinstance(one, Heading):
                self._heading(sheet, row, one)
            elif isinstance(one, Table):
                put(sheet.cell(row, 1), f"{ASIDE}{one.path}")
                put(sheet.cell(row, 2), one.label, "Libellé")
                put(sheet.cell(row, 3), typo(f"À remplir dans la feuille « {one.sheet} »"), "Libellé")
                put(sheet.cell(row, 4), one.help, "Libellé")
            else:
                row = self._line(sheet, row, one)
        _fit(sheet, range(4, row + 1))
        sheet.column_dimensions["A"].hidden = True
        sheet.freeze_panes = "C4"
        _page(sheet, f"B1:D{row}", "3:3")

    def _heading(self, sheet: Worksheet, row: int, heading: Heading) -> None:
        self.book.put_text(sheet.cell(row, 1), f"{ASIDE}{heading.path}")
        for column, text in ((2, heading.title), (3, ""), (4, heading.help)):
            self.book.put_text(sheet.cell(row, column), text, "Libellé gras")

    def _line(self, sheet: Worksheet, row: int, line: Line) -> int:
        """Write a field from ``row`` on; return its last row."""
        value = dig(self.data, line.path)
        several = line.field.many and line.field.type != "libre"
        values = list(value or ()) if several else [value]
        count = max(len(values) + _SPARE_LINES, _FEWEST_LINES) if several else 1
        for rank in range(count):
            here = row + rank
            self.book.put_text(sheet.cell(here, 1), line.path)
            label = f"{line.label} ({rank + 1})" if several else line.label
            self.book.put_text(sheet.cell(here, 2), label, "Libellé")
            self.book.put_text(sheet.cell(here, 4), help_of(line.field) if not rank else "", "Libellé")
            put_value(
                self.book,
                sheet.cell(here, 3),
                values[rank] if rank < len(values) else None,
                _of_rank(line.field, rank),
            )
        self._guide(sheet, f"C{row}:C{row + count - 1}", line.label, line.field)
        return row + count - 1

    # -- the lists ------------------------------------------------------------------------------

    def _items(self, table: Table, known: Mapping[str, list[tuple[int, Any]]]) -> list[tuple[int, Any]]:
        """Return the items of a list, each with the number of the row that holds it."""
        if table.parent is None:
            return [(0, item) for item in dig(self.data, table.key, ()) if item]
        return [
            (number, item)
            for number, (_, holder) in enumerate(known[table.parent], start=1)
            for item in dig(holder, table.key, ())
            if item
        ]

    def _list(self, sheet: Worksheet, table: Table, items: Sequence[tuple[int, Any]]) -> None:
        put = self.book.put_text
        put(sheet["B1"], table.label, "Titre du document")
        put(sheet["B2"], typo(f"{table.help}. {_HOW_LIST}" if table.help else _HOW_LIST), "Ligne de titre")
        put(sheet["A3"], table.path)
        put(sheet["A5"], ASIDE)
        special = [(NUMBER, "N°", "")] if table.numbered else []
        if table.parent:
            parent = next(one for one in self.form.tables if one.path == table.parent)
            special.append(
                (PARENT, typo(f"N° dans « {parent.sheet} »"), "Numéro de la ligne de cette feuille")
            )
        last = 5 + max(len(items) + _SPARE_ROWS, _FEWEST_ROWS)
        column = 1
        for mark, label, text in special:
            column += 1
            self._column(sheet, column, mark, label, text, ())
            for rank in range(last - 5):
                cell = sheet.cell(6 + rank, column)
                number = rank + 1 if mark == NUMBER else items[rank][0] if rank < len(items) else None
                put_value(self.book, cell, number, Field(type="entier"))
        for one in table.columns:
            column += 1
            values = [dig(item, one.path) for _, item in items]
            # the drop-down shows the closed list already
            told = help_of(replace(one.field, values=()))
            letter = self._column(
                sheet, column, one.path, one.label, told, [shown(value, one.field) for value in values]
            )
            for rank in range(last - 5):
                value = values[rank] if rank < len(items) else None
                put_value(self.book, sheet.cell(6 + rank, column), value, _of_rank(one.field, rank))
            # rows added below keep the zeros of their codes
            sheet.column_dimensions[letter].number_format = number_format(one.field)
            self._guide(sheet, f"{letter}6:{letter}{_LAST_ROW}", one.label, one.field)
        _fit(sheet, range(4, last + 1))
        sheet.column_dimensions["A"].hidden = True
        sheet.row_dimensions[3].hidden = True
        sheet.freeze_panes = "C6"
        _page(sheet, f"B1:{get_column_letter(column)}{last}", "4:4")

    def _column(
        self, sheet: Worksheet, column: int, mark: str, label: str, text: str, values: Sequence[str]
    ) -> str:
        """Write the head of a column, as wide as its label and its values ask; return its letter."""
        letter: str = get_column_letter(column)
        self.book.put_text(sheet.cell(3, column), mark)
        self.book.put_text(sheet.cell(4, column), label, "En-tête")
        self.book.put_text(sheet.cell(5, column), text, "Libellé")
        sheet.cell(5, column).font = Font(name="Liberation Sans", size=9, italic=True)
        longest = max((len(part) for value in values for part in value.split("\n")), default=0)
        sheet.column_dimensions[letter].width = max(14, min(44, max(longest, len(label)) + 4))
        return letter

    def _guide(self, sheet: Worksheet, where: str, label: str, given: Field) -> None:
        """Put the drop-down and the input message of a field on its cells."""
        values = shown_values(given)
        text = help_of(given)
        if not values and not text:
            return
        rule = DataValidation(
            type="list" if values and not (given.many or given.type == "libre") else None, allow_blank=True
        )
        if rule.type == "list":
            rule.formula1 = self.lists[values]
            rule.showErrorMessage, rule.errorStyle = True, "stop"
            rule.errorTitle, rule.error = "Saisie à corriger", "Choisissez une des valeurs de la liste."
        if text:
            rule.showInputMessage = True
            rule.promptTitle, rule.prompt = label[:32], text[:255]
        rule.add(where)
        sheet.add_data_validation(rule)


def _of_rank(given: Field, rank: int) -> Field:
    """Return a field as asked for on the line of that rank: one value of a list is enough."""
    return replace(given, required=given.required and not rank)


def _lines_of(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of that width, in characters."""
    return sum(max(1, ceil(len(part) * 0.92 / width)) for part in text.split("\n"))


def _fit(sheet: Worksheet, rows: range) -> None:
    """Give each row the height of its longest cell: no program does it for a file it did not make."""
    for row in rows:
        tallest = 1
        for cell in sheet[row][1:]:
            if isinstance(cell.value, str):
                width = sheet.column_dimensions[get_column_letter(cell.column)].width - 3
                tallest = max(tallest, _lines_of(cell.value, width))
        sheet.row_dimensions[row].height = min(_TALLEST, tallest * _LINE + 3)


def _page(sheet: Worksheet, area: str, header: str) -> None:
    """Set A4 landscape, one page wide, the header repeated."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_area, sheet.print_title_rows = area, header
    for strip in (sheet.oddFooter.center,) if sheet.oddFooter else ():
        strip.text = "&A – page &P/&N"
    sheet.sheet_view.showGridLines = False
