"""The sheet of the ranking: it follows the marks, tells ties in words, and draws them."""

from __future__ import annotations

from decimal import Decimal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assembler.french import nombre
from assembler.rendering.charts import stacked_bars
from assembler.rendering.xlsx import Workbook

from .analyse import Analyse, Offre, rang_en_lettres
from .analyse_feuilles import FIRST, HEADER, head, shown
from .dpgf_mise_en_page import height

__all__ = ["RANKING", "ranking", "resultat"]

RANKING = "Classement"
_CHART = "Notes pondérées par critère"
_NONE = "Aucune offre n’est classée\u00a0: des notes manquent."
_TIED = " offres sont à égalité au premier rang\u00a0: à départager selon l’accord-cadre."
_FIRST = "Offre classée première\u00a0: "


def resultat(found: Analyse) -> str:
    """Return who comes first, in words."""
    first = [one for one in found.admises if one.rang == 1]
    if not first:
        return _NONE
    return f"{len(first)}{_TIED}" if len(first) > 1 else f"{_FIRST}{first[0].titulaire}"


def ranking(book: Workbook, found: Analyse, places: dict[tuple[str, str], str]) -> str:
    """Write the sheet, with its chart; return its print area.

    Args:
        book: the workbook.
        found: the analysis.
        places: where each weighted mark stands, by titulaire and criterion.
    """
    sheet = book.sheet(RANKING)
    letters = [get_column_letter(2 + rank) for rank in range(len(found.criteres))]
    total, rank, said = (get_column_letter(2 + len(letters) + step) for step in range(3))
    columns = {"A": ("Titulaire", 30)}
    for letter, one in zip(letters, found.criteres, strict=True):
        columns[letter] = (f"{one.intitule} (sur {nombre(one.poids)})", 20)
    columns |= {total: ("Total (sur 100)", 14), rank: ("Rang", 9), said: ("Situation", 50)}
    text = "Notes pondérées, en points ; leur somme fait le total. Le classement suit les notes saisies."
    head(book, sheet, "Classement des offres", text, columns)
    last = FIRST + len(found.admises) - 1
    for row, one in enumerate(found.admises, FIRST):
        cells = [places[one.titulaire, criterion.intitule] for criterion in found.criteres]
        for letter, cell, mark in zip(letters, cells, one.notes, strict=True):
            book.put_formula(sheet[f"{letter}{row}"], f"={cell}", shown(mark.ponderee), "Jours")
        book.put_text(sheet[f"A{row}"], one.titulaire, "Libellé")
        _ranked(book, sheet, row, one, (letters, total, rank, said, last))
        sheet.row_dimensions[row].height = 24
    for row, one in enumerate(found.ecartees, last + 1):
        for letter in (*letters, total, rank):
            sheet[f"{letter}{row}"].style = "Libellé"
        book.put_text(sheet[f"A{row}"], one.titulaire, "Libellé")
        book.put_text(sheet[f"{said}{row}"], f"Écartée\u00a0: {one.ecartee}", "Libellé")
        sheet.row_dimensions[row].height = height(f"Écartée : {one.ecartee}", 50, 24)
    row = last + len(found.ecartees) + 2
    if not found.admises or not letters:
        book.put_text(sheet[f"A{row}"], "Aucune offre n’est comparée.", "Ligne de titre")
        return f"A1:{said}{row}"
    ranks = f"${rank}${FIRST}:${rank}${last}"
    book.put_formula(
        sheet[f"A{row}"],
        f'=IF(COUNT({ranks})=0,"{_NONE}",IF(COUNTIF({ranks},1)>1,COUNTIF({ranks},1)&"{_TIED}",'
        f'"{_FIRST}"&INDEX($A${FIRST}:$A${last},MATCH(1,{ranks},0))))',
        resultat(found),
        "Ligne de titre",
    )
    return f"A1:{said}{_draw(book, sheet, found, row + 2, f'{letters[0]}{HEADER}:{letters[-1]}{last}')}"


def _ranked(
    book: Workbook, sheet: Worksheet, row: int, one: Offre, at: tuple[list[str], str, str, str, int]
) -> None:
    """Write the total, the rank and the situation of an offer."""
    letters, total, rank, said, last = at
    span = f"{letters[0]}{row}:{letters[-1]}{row}" if letters else f"A{row}"
    book.put_formula(
        sheet[f"{total}{row}"],
        f'=IF(AND(COUNT({span})={len(letters)},COUNT({span})>0),ROUND(SUM({span}),2),"")',
        shown(one.total),
        "Jours gras",
    )
    book.put_formula(
        sheet[f"{rank}{row}"],
        f'=IF(ISNUMBER({total}{row}),RANK({total}{row},${total}${FIRST}:${total}${last},0),"")',
        shown(one.rang),
        "Libellé gras",
    )
    here, tied = f"{rank}{row}", f"COUNTIF(${rank}${FIRST}:${rank}${last},{rank}{row})"
    book.put_formula(
        sheet[f"{said}{row}"],
        f'=IF(ISNUMBER({here}),"Classée "&IF({here}=1,"1re",{here}&"e")'
        f'&IF({tied}>1," ex æquo ("&{tied}&" offres à égalité)",""),"Notes incomplètes")',
        _situation(one),
        "Libellé",
    )


def _situation(one: Offre) -> str:
    if one.rang is None:
        return "Notes incomplètes"
    tied = f" ({one.ex_aequo + 1} offres à égalité)" if one.ex_aequo else ""
    return f"Classée {rang_en_lettres(one)}{tied}"


def _draw(book: Workbook, sheet: Worksheet, found: Analyse, row: int, values: str) -> int:
    """Put the chart at a row; return the last row that it covers."""
    chart = stacked_bars(
        sheet,
        values=values,
        names=f"A{FIRST}:A{FIRST + len(found.admises) - 1}",
        title=_CHART,
        across="Titulaire",
        along="Points sur 100",
        largest=100,
    )
    chart.width, chart.height = 26, 6 + 1.4 * len(found.admises)
    told = f"Une barre par offre, en points sur 100, partagée par critère. {_told(found)}"
    book.chart(sheet, chart, f"A{row}", name=_CHART, description=told)
    return row + round(Decimal(str(chart.height)) * 2)  # a row is half a centimetre high


def _told(found: Analyse) -> str:
    """Return what the bars show, for who does not see them."""
    parts = [
        f"{one.titulaire}\u00a0: {nombre(one.total)} points, offre classée {rang_en_lettres(one)}"
        for one in sorted(found.admises, key=lambda one: one.rang or len(found.offres))
        if one.total is not None
    ]
    return ("\u00a0; ".join(parts) or "Les notes restent à donner") + "."
