"""The sheets of the analysis that hold amounts and marks.

Every formula stands with the value that :mod:`assembler_plugins.commun.marche.analyse` computed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from openpyxl.worksheet.worksheet import Worksheet

from assembler.french import tva, typo
from assembler.rendering.xlsx import Workbook

from .analyse import Analyse, Critere, Note, Offre
from .dpgf_mise_en_page import height

__all__ = ["FIRST", "HEADER", "MARKS", "OFFERS", "Terms", "head", "marks", "offers", "shown"]

OFFERS, MARKS = "Offres", "Notes"
HEADER, FIRST = 4, 5
"""Rows of every sheet but the cover: header, first line."""
_MOMENT = "dd/mm/yyyy hh:mm"
_TALL = 24


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What offers are held against: the rate of VAT, the deadline, the buyer's own envelope."""

    taux: Decimal | None
    """A fraction."""
    limite: dt.datetime | None
    enveloppe: Decimal | None
    base: str | None
    """HT or TTC: on what the envelope is stated."""


def head(
    book: Workbook, sheet: Worksheet, title: str, said: str, columns: dict[str, tuple[str, int]]
) -> None:
    """Write the title of a sheet, the sentence under it, and the header row.

    Args:
        book: the workbook.
        sheet: the sheet.
        title: its title.
        said: how to read it.
        columns: by letter, the header and the width.
    """
    book.put_text(sheet["A1"], title, "Titre du document")
    sheet.row_dimensions[1].height = 26
    book.put_text(sheet["A2"], typo(said), "Ligne de titre")
    sheet.row_dimensions[2].height = 20
    for letter, (text, width) in columns.items():
        book.put_text(sheet[f"{letter}{HEADER}"], typo(text), "En-tête")
        sheet.column_dimensions[letter].width = width
    sheet.row_dimensions[HEADER].height = max(height(text, width) for text, width in columns.values())
    sheet.freeze_panes = f"B{FIRST}"


def shown(value: Decimal | int | None) -> Decimal | int | str:
    """Return a value as a formula that may have none shows it."""
    return "" if value is None else value


# --- offers ---------------------------------------------------------------------------------------


def offers(book: Workbook, found: Analyse, terms: Terms) -> None:
    """Write the sheet of the offers: amounts, delay, exclusion, and the envelope on its own base."""
    sheet = book.sheet(OFFERS)
    columns = {
        "A": ("Titulaire", 28),
        "B": ("Reçue le", 17),
        "C": ("Remise", 15),
        "D": ("Montant HT (€)", 16),
        "E": ("TVA (€)", 15),
        "F": ("Montant TTC (€)", 16),
        "G": ("Montant HT comparé (€)", 16),
        "H": ("Enveloppe", 26),
        "I": ("Motif, si l’offre est écartée", 44),
    }
    said = (
        "Montants des actes d’engagement ; la TVA se calcule une fois, sur le total hors taxes. L’enveloppe, "
        "donnée de l’acheteur, est sans effet sur les notes."
    )
    head(book, sheet, "Offres reçues", said, columns)
    for row, one in enumerate(found.offres, FIRST):
        _amounts(book, sheet, row, one, terms)
        _delay(book, sheet, row, one, terms)
        _envelope(book, sheet, row, one, terms)
        book.put_text(sheet[f"A{row}"], one.titulaire, "Libellé")
        book.put_text(sheet[f"I{row}"], one.ecartee or "", "Libellé")
        sheet.row_dimensions[row].height = height(one.ecartee or one.titulaire, 44, _TALL)
    last = FIRST + len(found.offres) - 1
    for letter in columns:
        sheet[f"{letter}{last + 1}"].style = "Libellé gras"
    sheet.row_dimensions[last + 1].height = _TALL
    book.put_text(sheet[f"A{last + 1}"], "Montant le plus bas")
    compared = f"G{FIRST}:G{last}"
    lowest = sheet[f"G{last + 1}"]
    book.put_formula(
        lowest, f'=IF(COUNT({compared})=0,"",MIN({compared}))', shown(found.plus_basse), "Montant gras"
    )
    book.name("OFFRE_BASSE", lowest)


def _amounts(book: Workbook, sheet: Worksheet, row: int, one: Offre, terms: Terms) -> None:
    entered = sheet[f"D{row}"]
    book.put_number(entered, one.ht, "Saisie montant" if one.ht is None else "Montant")
    if one.ht is None:
        book.validate(
            sheet,
            entered.coordinate,
            kind="custom",
            formula=f"AND(ISNUMBER(D{row}),D{row}>0,ROUND(D{row},2)=D{row})",
            message="Montant hors taxes : un nombre positif, avec deux décimales au plus.",
        )
    tax, whole = _taxed(one, terms)
    book.put_formula(
        sheet[f"E{row}"],
        f'=IF(AND(ISNUMBER(D{row}),ISNUMBER(TAUX_TVA)),ROUND(D{row}*TAUX_TVA,2),"")',
        shown(tax),
        "Montant",
    )
    book.put_formula(
        sheet[f"F{row}"], f'=IF(ISNUMBER(E{row}),ROUND(D{row}+E{row},2),"")', shown(whole), "Montant"
    )
    book.put_formula(
        sheet[f"G{row}"],
        f'=IF(AND(I{row}="",ISNUMBER(D{row})),D{row},"")',
        shown(None if one.ecartee else one.ht),
        "Montant",
    )


def _taxed(one: Offre, terms: Terms) -> tuple[Decimal | None, Decimal | None]:
    return (None, None) if one.ht is None or terms.taux is None else tva(one.ht, terms.taux)


def _delay(book: Workbook, sheet: Worksheet, row: int, one: Offre, terms: Terms) -> None:
    book.put_number(sheet[f"B{row}"], one.recue, "Date")
    sheet[f"B{row}"].number_format = _MOMENT
    said = "Non contrôlée"
    if one.recue and terms.limite:
        said = "Dans le délai" if one.recue <= terms.limite else "Hors délai"
    book.put_formula(
        sheet[f"C{row}"],
        f"=IF(AND(ISNUMBER(B{row}),ISNUMBER(DATE_LIMITE)),"
        f'IF(B{row}<=DATE_LIMITE,"Dans le délai","Hors délai"),"Non contrôlée")',
        said,
        "Libellé",
    )


def _envelope(book: Workbook, sheet: Worksheet, row: int, one: Offre, terms: Terms) -> None:
    cell = sheet[f"H{row}"]
    if terms.enveloppe is None or terms.base not in ("HT", "TTC"):
        book.put_text(cell, "Non contrôlée", "Libellé")
        return
    column, value = ("D", one.ht) if terms.base == "HT" else ("F", _taxed(one, terms)[1])
    inside, above = f"Dans l’enveloppe {terms.base}", f"Au-dessus de l’enveloppe {terms.base}"
    said = "Non contrôlée" if value is None else inside if value <= terms.enveloppe else above
    book.put_formula(
        cell,
        f'=IF(ISNUMBER({column}{row}),IF({column}{row}<=ENVELOPPE,"{inside}","{above}"),"Non contrôlée")',
        said,
        "Libellé",
    )


# --- marks ----------------------------------------------------------------------------------------


def marks(book: Workbook, found: Analyse, weights: dict[str, str]) -> dict[tuple[str, str], str]:
    """Write the sheet of the marks, one row by compared offer and criterion.

    Args:
        book: the workbook.
        found: the analysis.
        weights: where the weight of each criterion stands.

    Returns:
        Where each weighted mark stands, by titulaire and criterion.
    """
    sheet = book.sheet(MARKS)
    columns = {
        "A": ("Titulaire", 28),
        "B": ("Critère", 30),
        "C": ("Pondération", 13),
        "D": ("Note (à compléter si la cellule est jaune)", 17),
        "E": ("Note pondérée", 13),
        "F": ("Appréciation", 70),
    }
    said = (
        "Une note à fond jaune pâle et à bord gauche épais est à compléter ; les autres viennent de la fiche "
        "ou des montants. Une offre écartée n’est pas notée."
    )
    head(book, sheet, "Notes par critère", said, columns)
    amounts = {one.titulaire: f"{OFFERS}!G{row}" for row, one in enumerate(found.offres, FIRST)}
    places: dict[tuple[str, str], str] = {}
    row = FIRST
    for one in found.admises:
        for criterion, mark in zip(found.criteres, one.notes, strict=True):
            book.put_text(sheet[f"A{row}"], one.titulaire, "Libellé")
            book.put_text(sheet[f"B{row}"], criterion.intitule, "Libellé")
            book.put_formula(sheet[f"C{row}"], f"={weights[criterion.intitule]}", criterion.poids, "Jours")
            _mark(book, sheet, row, criterion, mark, amounts[one.titulaire])
            book.put_formula(
                sheet[f"E{row}"],
                f'=IF(AND(ISNUMBER(D{row}),ISNUMBER(NOTE_MAX)),ROUND(D{row}/NOTE_MAX*C{row},2),"")',
                shown(mark.ponderee),
                "Jours",
            )
            text = mark.appreciation or ("Calculée sur les montants hors taxes." if criterion.calcule else "")
            book.put_text(sheet[f"F{row}"], text, "Libellé")
            sheet.row_dimensions[row].height = height(text, 70, _TALL)
            places[one.titulaire, criterion.intitule] = f"{MARKS}!E{row}"
            row += 1
    return places


def _mark(book: Workbook, sheet: Worksheet, row: int, criterion: Critere, mark: Note, amount: str) -> None:
    cell = sheet[f"D{row}"]
    if criterion.calcule:
        known = f"ISNUMBER({amount}),ISNUMBER(NOTE_MAX),ISNUMBER(OFFRE_BASSE)"
        formula = f'=IF(AND({known}),ROUND(NOTE_MAX*OFFRE_BASSE/{amount},2),"")'
        book.put_formula(cell, formula, shown(mark.note), "Jours")
        return
    book.put_number(cell, mark.note, "Saisie jours" if mark.note is None else "Jours")
    if mark.note is None:
        book.validate(
            sheet,
            cell.coordinate,
            kind="custom",
            formula=f"AND(ISNUMBER(D{row}),D{row}>=0,D{row}<=NOTE_MAX)",
            message="Note : de 0 à la note maximale de l’accord-cadre.",
        )
