"""The financial annex of a bon de commande: its lines, live, beside the titulaire’s bordereau.

It goes to the titulaire: it holds the prices of nobody else, and no envelope.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assembler_plugins.commun.exigences import exiger
from assembler_plugins.commun.lettres import atelier, chef_de_file
from assembler_plugins.commun.marche.accord import accord_cadre
from assembler_plugins.commun.marche.montants import Montants, montants

from assembler.contributions import Case, Copy
from assembler.french import date_courte, enumerer, pourcent, typo

from .commandes import Commande, bordereau, commande

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from assembler.rendering.lettres import WordsSheet
    from assembler.rendering.xlsx import Workbook

__all__ = ["annexe_financiere"]

COVER, ORDER, PRICES = "Page de garde", "Commande", "Bordereau"
_TITLE = "Annexe financière au bon de commande"
_HEADER, _FIRST = 4, 5
_SAME, _REVISED = "Conforme au bordereau", "Prix révisé"
_COLUMNS = {"A": 10, "B": 56, "C": 12, "D": 12, "E": 18, "F": 18, "G": 18, "H": 24}


def annexe_financiere(case: Case, copy: Copy) -> bytes:
    """Return the workbook of one order.

    Raises:
        MissingValue: what identifies or prices the order is not known.
        WritingError: a line is not in the titulaire's bordereau, or not at its price.
    """
    from assembler.rendering.lettres import WordsSheet
    from assembler.rendering.xlsx import Workbook

    document = "annexe-financiere"
    exiger(document, case.fiche, {"intitule": "l’intitulé"})
    found = commande(document, case, copy.subject)
    amounts = montants(document, case, found.titulaire, found.ht)
    book = Workbook(
        title=f"{_TITLE} n° {found.numero}",
        subject=f"Accord-cadre n° {accord_cadre(case)['numero']}",
        author=typo(str(chef_de_file(case.fiche).get("nom") or "")),
        edition=case.edition,
    )
    cover, order, prices = (book.sheet(title) for title in (COVER, ORDER, PRICES))
    letters = WordsSheet(book)
    _cover(book, cover, case, found)
    last = _prices(book, prices, case, found)
    rows = _lines(book, order, found, last)
    _totals(book, order, rows, amounts, letters)
    for sheet, area, header in (
        (cover, f"A1:B{cover.max_row}", None),
        (order, f"A1:H{order.max_row}", f"{_HEADER}:{_HEADER}"),
        (prices, f"A1:D{last}", f"{_HEADER}:{_HEADER}"),
    ):
        book.print_setup(
            sheet,
            left=f"Bon de commande n° {found.numero}",
            right=f"Annexe financière – {sheet.title}",
            version=f"Édition du {date_courte(case.edition)}",
            area=area,
            header_rows=header,
            signed=sheet is order,
        )
    book.protect()
    book.book.active = 0
    return book.finish()


def _cover(book: Workbook, sheet: Worksheet, case: Case, found: Commande) -> None:
    accord, service = accord_cadre(case), chef_de_file(case.fiche)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 42, 90
    book.put_text(sheet["A1"], _TITLE, "Titre du document")
    sheet.row_dimensions[1].height = 30
    for column, text in enumerate(("Désignation", "Contenu"), 1):
        book.put_text(sheet.cell(2, column), text, "En-tête")
    rows: Sequence[tuple[str, Any]] = (
        ("Bon de commande n°", found.numero),
        ("Date d’émission", found.donnees["date"]),
        ("Accord-cadre n°", accord["numero"]),
        ("Intitulé de l’accord-cadre", accord["intitule"]),
        ("Objet", found.donnees["objet"] or atelier(case.fiche, case.format.title)["nom"]),
        ("Acheteur", service.get("nom")),
        ("Titulaire", found.titulaire),
        ("SIRET du titulaire", found.record["siret"]),
    )
    for row, (label, value) in enumerate(((label, value) for label, value in rows if value), 3):
        book.put_text(sheet.cell(row, 1), label, "Libellé gras")
        if label.startswith("Date"):
            book.put_number(sheet.cell(row, 2), value, "Date")
        else:
            book.put_text(sheet.cell(row, 2), typo(str(value)), "Libellé")
        sheet.row_dimensions[row].height = 24


def _prices(book: Workbook, sheet: Worksheet, case: Case, found: Commande) -> int:
    """Write the bordereau of the titulaire; return its last row."""
    from assembler_plugins.commun.marche.dpgf_mise_en_page import head, height

    for letter, width in {"A": 10, "B": 70, "C": 14, "D": 20}.items():
        sheet.column_dimensions[letter].width = width
    head(
        book,
        sheet,
        _HEADER,
        (
            f"Bordereau des prix – {found.titulaire}",
            f"Accord-cadre n° {accord_cadre(case)['numero']}",
            "Prix en euros hors taxes, repris du fichier de l’accord-cadre",
        ),
        ("N° de prix", "Désignation et consistance de la prestation", "Unité", "Prix unitaire HT (€)"),
        32,
    )
    priced = [
        row for row in bordereau(accord_cadre(case), found.record["mandataire"]).values() if row["prix_ht"]
    ]
    for at, row in enumerate(priced, _FIRST):
        for column, key in enumerate(("numero", "designation", "unite"), 1):
            book.put_text(sheet.cell(at, column), typo(str(row[key] or "–")), "Libellé")
        book.put_number(sheet.cell(at, 4), row["prix_ht"], "Montant")
        sheet.row_dimensions[at].height = height(str(row["designation"] or ""), 70, 24)
    sheet.freeze_panes = f"A{_FIRST}"
    return _FIRST + len(priced) - 1


def _lines(book: Workbook, sheet: Worksheet, found: Commande, last: int) -> range:
    """Write the lines of the order, which look their price up in the bordereau; return their rows."""
    from assembler_plugins.commun.marche.dpgf_mise_en_page import head, height

    for letter, width in _COLUMNS.items():
        sheet.column_dimensions[letter].width = width
    head(
        book,
        sheet,
        _HEADER,
        (
            f"Bon de commande n° {found.numero}",
            f"Titulaire : {found.titulaire}",
            "Prix en euros hors taxes ; chaque montant est arrondi au centime",
        ),
        ("N° de prix", "Désignation", "Unité", "Quantité", "Prix unitaire HT (€)", "Prix du bordereau HT (€)",
         "Montant HT (€)", "Contrôle du prix"),
        32,
    )  # fmt: skip
    rows = range(_FIRST, _FIRST + len(found.lignes))
    for row, one in zip(rows, found.lignes, strict=True):
        where = f"MATCH($A{row},{PRICES}!$A${_FIRST}:$A${last},0)"

        def looked(column: str, at: str = where) -> str:
            return f"=INDEX({PRICES}!${column}${_FIRST}:${column}${last},{at})"

        book.put_text(sheet[f"A{row}"], one.numero, "Libellé")
        book.put_formula(sheet[f"B{row}"], looked("B"), one.designation, "Libellé")
        book.put_formula(sheet[f"C{row}"], looked("C"), one.unite, "Libellé")
        book.put_number(sheet[f"D{row}"], one.quantite, "Jours")
        book.put_number(sheet[f"E{row}"], one.prix, "Montant")
        book.put_formula(sheet[f"F{row}"], looked("D"), one.bordereau, "Montant")
        book.put_formula(sheet[f"G{row}"], f"=ROUND(D{row}*E{row},2)", one.montant, "Montant")
        book.put_formula(
            sheet[f"H{row}"],
            f'=IF(E{row}=F{row},"{_SAME}","{_REVISED}")',
            _SAME if one.prix == one.bordereau else _REVISED,
            "Libellé",
        )
        sheet.row_dimensions[row].height = height(one.designation, _COLUMNS["B"], 24)
    sheet.freeze_panes = f"A{_FIRST}"
    return rows


def _totals(book: Workbook, sheet: Worksheet, rows: range, amounts: Montants, letters: WordsSheet) -> None:
    """Write the totals, with VAT once by rate, and the whole in words."""
    row = rows.stop

    def label(text: str) -> None:
        for column in range(1, 9):
            sheet.cell(row, column).style = "Libellé gras"
        book.put_text(sheet[f"B{row}"], typo(text), "Libellé gras")
        sheet.row_dimensions[row].height = 24

    label("Total hors taxes")
    book.put_formula(
        sheet[f"G{row}"], f"=ROUND(SUM(G{rows.start}:G{rows.stop - 1}),2)", amounts.ht, "Montant gras"
    )
    book.name("TOTAL_HT", sheet[f"G{row}"])
    taxed = []
    for points, base, tax in amounts.taxes:
        row += 1
        who = enumerer(one.membre for one in amounts.parts if one.taux == points)
        several = len(amounts.taxes) > 1
        base_cell = "TOTAL_HT"
        label(f"TVA à {pourcent(points)}" + (f" ({who}), sur la base en colonne F" if several else ""))
        book.put_number(sheet[f"D{row}"], points / 100, "Part gras")
        if several:
            base_cell = f"F{row}"
            book.put_number(sheet[base_cell], base, "Montant gras")
        book.put_formula(sheet[f"G{row}"], f"=ROUND({base_cell}*D{row},2)", tax, "Montant gras")
        taxed.append(f"G{row}")
    row += 1
    label("Total toutes taxes comprises")
    book.put_formula(sheet[f"G{row}"], f"=ROUND(TOTAL_HT+{'+'.join(taxed)},2)", amounts.ttc, "Montant gras")
    book.name("TOTAL_TTC", sheet[f"G{row}"])
    row += 1
    label("Total toutes taxes comprises, en toutes lettres")
    sheet.merge_cells(f"C{row}:H{row}")
    letters.put(sheet[f"C{row}"], "TOTAL_TTC", amounts.ttc, "Libellé gras")
