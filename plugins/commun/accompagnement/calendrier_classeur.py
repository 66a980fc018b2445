"""The calendar as a workbook: the dates, and the months as a grid that follows them.

The pilote moves a date in the first columns; durations, public holidays and the grid follow. Nothing
depends on the day when the file is opened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from assembler_plugins.commun.lettres import atelier, perimetre
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assembler.contributions import Case, Copy
from assembler.french import ajouter_mois, date_courte, jours_feries, majuscule, typo
from assembler.model import dig
from assembler.rendering.xlsx import Workbook

from .dates import fin_de_mois
from .evenements import Evenement, evenements

__all__ = ["calendrier_classeur"]

_SHEET, _HOLIDAYS = "Calendrier", "_feries"
_HEADER = 4
_HEADS = {
    "A": ("Étape ou rencontre", 38),
    "B": ("Début (à modifier ici)", 13),
    "C": ("Fin (à modifier ici)", 13),
    "D": ("Jours", 7),
    "E": ("Précision (jour, mois, à fixer)", 10),
    "F": ("Lieu (à modifier ici)", 16),
    "G": ("À vérifier", 20),
}
_FIRST_MONTH = len(_HEADS) + 1
_YEAR, _LONGEST = 12, 24
"""Months shown at least, and as many as a page can show and still be read."""
_DAY, _MONTH, _OPEN = "jour", "mois", "à fixer"
_HOLIDAY, _SUNDAY, _FREE = "comprend un jour férié", "comprend un dimanche", "aucun jour férié"
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_ORIGIN = dt.date(1899, 12, 30)
_NOTE = (
    "Modifiez les dates, la précision et le lieu : durées, vérifications et grille suivent. Dans la grille, "
    "chaque case donne les jours du mois. Pour ajouter une ligne, copiez-en une et insérez-la."
)
_DATE_HELP = "Une date, par exemple 14/10/2026."
_PRECISION_HELP = "« jour » quand la date est sûre, « mois » quand seul le mois l’est, sinon « à fixer »."
_COLOURS = {"rencontre": "FF000091", "periode": "FFCACAFB", "jalon": "FFE3E3FD"}


def calendrier_classeur(case: Case, copy: Copy) -> bytes:  # noqa: ARG001 - one copy
    """Return the workbook."""
    name = atelier(case.fiche, case.format.title)["nom"] or case.format.title
    title = f"Calendrier – {name}"
    book = Workbook(title=title, subject=name, edition=case.edition)
    sheet = book.sheet(_SHEET)
    place = majuscule(perimetre(case.fiche) or "")
    lines = [f"Dates connues le {date_courte(case.edition)}{f' – {place}' if place else ''}", _NOTE]
    book.put_text(sheet["A1"], typo(title), "Titre du document")
    for row, text in enumerate(lines, 2):
        book.put_text(sheet.cell(row, 1), typo(text), "Ligne de titre")
    events = evenements(case.fiche)
    codes = tuple(map(str, dig(case.fiche, "territoire.departements", ()))) or ("75",)
    _Grid(book, sheet, events, codes).write()
    book.print_setup(
        sheet,
        left=name,
        right="Calendrier",
        version=f"Édition du {date_courte(case.edition)}",
        area=sheet.dimensions,
        signed=False,
    )
    sheet.page_setup.fitToHeight = 1  # the whole year at a glance
    return book.finish()


def _serial(day: dt.date) -> int:
    return (day - _ORIGIN).days


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """A line of the calendar, and what its formulas show."""

    event: Evenement
    holidays: frozenset[dt.date]

    @property
    def precision(self) -> str:
        return _OPEN if self.event.debut is None else _MONTH if self.event.mois else _DAY

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Its days, when they are known."""
        start = self.event.debut
        if start is None or self.event.mois:
            return ()
        length = ((self.event.fin or start) - start).days + 1
        return tuple(start + dt.timedelta(days=rank) for rank in range(length))

    @property
    def check(self) -> str:
        if self.precision != _DAY:
            return "date à fixer"
        if any(day in self.holidays for day in self.days):
            return _HOLIDAY
        return _SUNDAY if any(day.weekday() == 6 for day in self.days) else _FREE

    def case(self, month: dt.date) -> str:
        """Return what the grid shows of a month: « 14-15 », « à fixer » or nothing."""
        start, last = self.event.debut, fin_de_mois(month)
        end = self.event.fin or start
        if start is None or end is None or end < month or start > last:
            return ""
        if self.event.mois:
            return _OPEN
        first, final = max(start, month).day, min(end, last).day
        return str(first) if first == final else f"{first}-{final}"


class _Grid:
    """The table: one row by event, one column by month."""

    def __init__(
        self, book: Workbook, sheet: Worksheet, events: Sequence[Evenement], codes: Sequence[str]
    ) -> None:
        self.book, self.sheet = book, sheet
        bounds = [day for one in events for day in (one.debut, one.fin) if day]
        first, last = min(bounds), max(bounds)
        span = (last.year - first.year) * 12 + last.month - first.month + 1
        self.months = [
            ajouter_mois(first.replace(day=1), rank) for rank in range(min(max(span, _YEAR), _LONGEST))
        ]
        # a year more on each side: a date may be moved
        self.years = range(first.year - 1, last.year + 2)
        self.holidays = frozenset(
            day for year in self.years for code in codes for day in jours_feries(year, code)
        )
        self.rows = [_Row(event=one, holidays=self.holidays) for one in events]
        self.last = _HEADER + len(self.rows)

    def write(self) -> None:
        """Fill the sheet."""
        self._head()
        for at, row in enumerate(self.rows, _HEADER + 1):
            self._row(at, row)
        self._closed_days(self.last + 1)
        first = _HEADER + 1
        for where, kind, formula, message in (
            (f"B{first}:C{self.last}", "custom", f"ISNUMBER(B{first})", _DATE_HELP),
            (f"E{first}:E{self.last}", "list", f'"{_DAY},{_MONTH},{_OPEN}"', _PRECISION_HELP),
        ):
            self.book.validate(self.sheet, where, kind=kind, formula=formula, message=message)
        self.sheet.freeze_panes = f"B{_HEADER + 1}"

    def _head(self) -> None:
        book, sheet = self.book, self.sheet
        for letter, (text, width) in _HEADS.items():
            book.put_text(sheet[f"{letter}{_HEADER}"], text, "En-tête")
            sheet.column_dimensions[letter].width = width
        starts = f"$B${_HEADER + 1}:$B${self.last}"
        for rank, month in enumerate(self.months):
            letter = get_column_letter(_FIRST_MONTH + rank)
            before = f"{get_column_letter(_FIRST_MONTH + rank - 1)}{_HEADER}"
            formula = f"=EDATE({before},1)" if rank else f"=DATE(YEAR(MIN({starts})),MONTH(MIN({starts})),1)"
            cell = sheet[f"{letter}{_HEADER}"]
            book.put_formula(cell, formula, _serial(month), "En-tête")
            cell.number_format = r"[$-40C]mmm\ yy"
            sheet.column_dimensions[letter].width = 8
        sheet.row_dimensions[_HEADER].height = 44

    def _row(self, at: int, row: _Row) -> None:
        book, sheet, one = self.book, self.sheet, row.event
        book.put_text(sheet.cell(at, 1), typo(one.libelle), "Libellé")
        for column, day in ((2, one.debut), (3, one.fin)):
            cell = sheet.cell(at, column)
            book.put_number(cell, day, "Saisie texte")
            cell.number_format = "dd/mm/yyyy"
        book.put_formula(
            sheet.cell(at, 4),
            f'=IF(AND($E{at}="{_DAY}",ISNUMBER($B{at})),MAX($B{at},$C{at})-$B{at}+1,"")',
            len(row.days) or "",
            "Jours",
        )
        sheet.cell(at, 4).number_format = "0"
        sheet.cell(at, 4).alignment = _CENTRED
        book.put_text(sheet.cell(at, 5), row.precision, "Saisie texte")
        book.put_text(sheet.cell(at, 6), typo(one.lieu or ""), "Saisie texte")
        self._check(at, row)
        self._cases(at, row)
        lines = max(-(-len(one.libelle) // 40), -(-len(one.lieu or "") // 14), 1)
        sheet.row_dimensions[at].height = 14 * lines + 6

    def _check(self, at: int, row: _Row) -> None:
        """Only where people meet: nobody works at a milestone."""
        if row.event.nature != "rencontre":
            self.sheet.cell(at, 7).style = "Libellé"
            return
        end = f"MAX($B{at},$C{at})"
        closed = f"{_HOLIDAYS}!$A$1:$A${len(self.holidays)}"
        self.book.put_formula(
            self.sheet.cell(at, 7),
            f'=IF(OR($E{at}<>"{_DAY}",NOT(ISNUMBER($B{at}))),"date à fixer",'
            f'IF(SUMPRODUCT(({closed}>=$B{at})*({closed}<={end}))>0,"{_HOLIDAY}",'
            # a Sunday is a day whose number, divided by seven, leaves one
            f'IF(INT(({end}+6)/7)>INT(($B{at}+5)/7),"{_SUNDAY}","{_FREE}")))',
            row.check,
            "Libellé",
        )

    def _cases(self, at: int, row: _Row) -> None:
        start, end = f"$B{at}", f"MAX($B{at},$C{at})"
        letters = [get_column_letter(_FIRST_MONTH + rank) for rank in range(len(self.months))]
        for letter, month in zip(letters, self.months, strict=True):
            head = f"{letter}${_HEADER}"
            last = f"EOMONTH({head},0)"
            first_day, last_day = f"MAX({start},{head})", f"MIN({end},{last})"
            cell = self.sheet[f"{letter}{at}"]
            self.book.put_formula(
                cell,
                f'=IF(OR($E{at}="{_OPEN}",NOT(ISNUMBER({start}))),"",IF(OR({end}<{head},{start}>{last}),"",'
                f'IF($E{at}="{_MONTH}","{_OPEN}",'
                f'DAY({first_day})&IF({first_day}={last_day},"","-"&DAY({last_day})))))',
                row.case(month),
                "Libellé",
            )
            cell.alignment = _CENTRED
        dark = row.event.nature == "rencontre"
        fill = PatternFill(bgColor=_COLOURS[row.event.nature], fill_type="solid")
        self.sheet.conditional_formatting.add(
            f"{letters[0]}{at}:{letters[-1]}{at}",
            FormulaRule(
                formula=[f"LEN({letters[0]}{at})>0"],
                fill=fill,
                font=Font(bold=True, color="FFFFFFFF") if dark else None,
            ),
        )

    def _closed_days(self, at: int) -> None:
        """Write the public holidays: in the last row by month, and on a hidden sheet for the formulas."""
        book, sheet = self.book, self.sheet
        hidden = book.sheet(_HOLIDAYS, hidden=True)
        for rank, day in enumerate(sorted(self.holidays), 1):
            book.put_number(hidden.cell(rank, 1), day)
        months = [dt.date(year, month, 1) for year in self.years for month in range(1, 13)]
        shown = {
            month: ", ".join(str(day.day) for day in sorted(self.holidays) if day.replace(day=1) == month)
            or "–"
            for month in months
        }
        for rank, (month, text) in enumerate(shown.items(), 1):
            book.put_number(hidden.cell(rank, 3), month)
            book.put_text(hidden.cell(rank, 4), text)
        book.put_text(sheet.cell(at, 1), "Jours fériés du territoire", "Libellé gras")
        for column in range(2, _FIRST_MONTH):
            sheet.cell(at, column).style = "Libellé gras"
        for rank, month in enumerate(self.months):
            cell = sheet.cell(at, _FIRST_MONTH + rank)
            book.put_formula(
                cell,
                f'=IFERROR(VLOOKUP({cell.column_letter}${_HEADER},{_HOLIDAYS}!$C$1:$D${len(months)},2,FALSE),"–")',
                shown[month],
                "Libellé gras",
            )
            cell.alignment = _CENTRED
        sheet.row_dimensions[at].height = 20
