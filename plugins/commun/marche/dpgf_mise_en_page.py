"""Where things stand in the price schedule: sheets, rows, columns, and the page that they share."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from assembler_plugins.commun.marche.dpgf_calcul import MEMBERS, PROFILES, Frame
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assembler.french import date_courte, typo
from assembler.rendering.xlsx import Workbook

__all__ = [
    "COSTS",
    "COVER",
    "DAY",
    "DAYS",
    "FEES",
    "FIRST",
    "HEADER",
    "HELP",
    "INSTALMENTS",
    "LABELS",
    "LISTS",
    "PRICE",
    "PRICES",
    "RATES",
    "SHARE",
    "SHARING",
    "SUMMARY",
    "TITLE",
    "SharingPlaces",
    "head",
    "height",
    "set_up",
]

COVER, PRICES, SHARING, INSTALMENTS = "Page de garde", "DPGF", "Répartition", "Échéancier"
SUMMARY, HELP, LISTS = "Récapitulatif", "Mode d’emploi", "_listes"
TITLE = "Décomposition du prix global et forfaitaire (DPGF)"
LABELS, RATES, HEADER, FIRST = 6, 7, 8, 9
"""Rows of the sheet DPGF: labels of the profiles, daily rates, header, first line."""
DAYS = tuple(get_column_letter(4 + rank) for rank in range(PROFILES))
"""Columns of the days, one by profile: D to I."""
DAY, FEES, COSTS, PRICE, SHARE = "J", "K", "L", "M", "N"
_LINE = 14  # points of a line of text


class SharingPlaces:
    """Rows and columns of the sheet Répartition, which other sheets refer to."""

    header, first, last = 4, 5, 4 + MEMBERS
    total, due, gap, control, rates = last + 1, last + 2, last + 3, last + 4, last + 5
    """Rows: sums, subtotals of the DPGF, difference, controls, header of VAT by rate."""

    def __init__(self, frame: Frame) -> None:
        letters = [get_column_letter(3 + rank) for rank in range(len(frame.phases) + 4)]
        self.phases = dict(zip((phase.code for phase in frame.phases), letters, strict=False))
        self.first_phase, self.last_phase = letters[0], letters[len(frame.phases) - 1]
        self.amount, self.own, self.applied, self.check = letters[-4:]
        self.tax_row = self.rates + len(frame.rates) + 1
        self.verdict = f"'{SHARING}'!${self.check}${self.control}"
        self.tax = f"'{SHARING}'!$D${self.tax_row}"


def height(text: str, width: float, least: int = 18) -> float:
    """Return the height of a wrapped row, in points, for a column of ``width`` characters."""
    return max(least, _LINE * ceil(len(text) * 0.75 / width) + 6)


def head(
    book: Workbook, sheet: Worksheet, row: int, titles: Sequence[str], texts: Sequence[str], tall: float
) -> None:
    """Write the title of a sheet, the lines below it, and the header of its table in ``row``."""
    book.put_text(sheet["A1"], titles[0], "Titre du document")
    sheet.row_dimensions[1].height = 30
    for at, text in enumerate(titles[1:], 2):
        book.put_text(sheet.cell(at, 1), typo(text), "Ligne de titre")
    for column, text in enumerate(texts, 1):
        book.put_text(sheet.cell(row, column), text, "En-tête")
    sheet.row_dimensions[row].height = tall


def set_up(book: Workbook, sheet: Worksheet, frame: Frame, area: str, header: str | None = None) -> None:
    """Set the page of a sheet, with the contract in its header and the date of the frame in its footer."""
    book.print_setup(
        sheet,
        left=f"Marché subséquent n° {frame.marche}",
        right=sheet.title if sheet.title == PRICES else f"DPGF – {sheet.title}",
        version=f"Cadre du {date_courte(frame.edition)}",
        area=area,
        header_rows=header,
    )
