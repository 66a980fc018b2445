"""What is gathered of a form as it is read: values, places, faults, each with its sheet and its cell."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assembler.contributions import Field
from assembler.fichexlsx.celltext import Unclear, cell_text, free_value
from assembler.fichexlsx.layout import LINES_MARK, TABLE_MARK, VALUES_MARK, Form
from assembler.model import FicheFault, Location
from assembler.readers.cells import Cell, Sheet
from assembler.text import plain

__all__ = ["TOP", "Gathering", "mark_of", "said"]

TOP = 15
"""Rows among which the header of a sheet is looked for."""


def said(cell: Cell | None) -> str:
    """Return what a cell says of the form itself: a mark, a label, a number."""
    return str(cell.value).strip() if cell and cell.value is not None else ""


def mark_of(sheet: Sheet) -> tuple[int, int, str] | None:
    """Return row, column and text of the first mark of a sheet: no value stands before it."""
    for row in sorted(sheet.rows)[:TOP]:
        for column, cell in sorted(sheet.rows[row].items()):
            text = said(cell)
            if text in (LINES_MARK, VALUES_MARK) or TABLE_MARK.fullmatch(text):
                return row, column, text
    return None


@dataclass(slots=True, kw_only=True)
class Gathering:
    """Values, places and faults, filled in sheet by sheet."""

    name: str
    """Name of the file, as printed."""
    form: Form
    data: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, Location] = field(default_factory=dict)
    faults: list[FicheFault] = field(default_factory=list)
    numbers: dict[str, dict[int, tuple[dict[str, Any], str]]] = field(default_factory=dict)
    """By mark of a list and number of a row, the item and its path with a final dot."""

    def place(self, path: str | None, sheet: Sheet, cell: Cell | str) -> Location:
        """Return a cell as a place that a person can open."""
        where = cell if isinstance(cell, str) else cell.where
        return Location(
            fichier=self.name,
            champ=path,
            feuille=sheet.title,
            cellule=where,
            libelle=f"{self.name}, feuille « {sheet.title} », cellule {where}",
        )

    def fault(
        self, kind: str, path: str | None, sheet: Sheet, cell: Cell, message: str, value: Any = None
    ) -> None:
        """Keep a fault."""
        where = self.place(path, sheet, cell)
        self.faults.append(FicheFault(kind=kind, message=message, location=where, value=value))

    def unknown(self, sheet: Sheet, cell: Cell, label: str, known: Iterable[str], what: str) -> None:
        """Report a label that the form does not know, with the nearest that it knows."""
        by_text = {plain(one): one for one in known}
        near = difflib.get_close_matches(plain(label), by_text, n=1, cutoff=0.6)
        hint = f" : vouliez-vous dire « {by_text[near[0]]} » ?" if near else "."
        self.fault("champ", label, sheet, cell, f"{what} « {label} » n’existe pas ici{hint}", label)

    def note(self, path: str, where: Location) -> None:
        """Keep the place of a value and, unless they have one, of the groups that hold it."""
        self.lines[path] = where
        while "." in path:
            path = path.rpartition(".")[0]
            self.lines.setdefault(path, where)

    def value(self, cell: Cell, expected: Field, path: str, sheet: Sheet) -> Any:
        """Return what a cell says; None, and a fault, when it cannot be told."""
        try:
            text = cell_text(cell, expected)
        except Unclear as unclear:
            shown = None if cell.value is None else str(cell.value)
            self.fault("type", path, sheet, cell, str(unclear), shown)
            return None
        if expected.type == "libre":
            return free_value(text)
        return text if expected.many else text.strip()  # in a list, a line end is a separator

    def mergers(
        self,
        sheet: Sheet,
        places: Mapping[tuple[int, int], str],
        rows: Iterable[int],
        columns: Collection[int],
    ) -> None:
        """Report the mergers that hide cells to fill in: only their first cell holds anything.

        Args:
            sheet: the sheet.
            places: path of each value read, by row and column.
            rows: rows of the sheet that may be filled in.
            columns: columns that may be.
        """
        fillable = sorted(rows)
        for top, left, bottom, right in sheet.merged:
            first = sheet.cell(top, left)
            covered = [row for row in fillable if top <= row <= bottom]
            wide = [column for column in columns if left <= column <= right]
            if first and len(covered) * len(wide) > 1:
                path = places.get((covered[0], min(wide)))
                message = (
                    "Des cellules ont été fusionnées : seule la première est lue. Défusionnez-les et "
                    "remplissez chacune."
                )
                self.fault("type", path, sheet, first, message, said(first))
