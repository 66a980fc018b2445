"""The sheet « Échéancier »: what is paid when each deliverable is admitted, as the buyer has decided."""

from __future__ import annotations

from decimal import Decimal

from assembler_plugins.commun.marche.dpgf_calcul import DELIVERABLES, OK, WRONG, Frame, instalments
from assembler_plugins.commun.marche.dpgf_feuille import PricesSheet
from assembler_plugins.commun.marche.dpgf_mise_en_page import head, set_up
from openpyxl.worksheet.worksheet import Worksheet

from assembler.rendering.xlsx import Workbook

__all__ = ["instalments_sheet"]

_DECIDED = (
    "L’acheteur a arrêté la part du prix réglée à l’admission de chaque livrable ; le candidat n’a rien à "
    "saisir ici.",
    "Chaque acompte est arrondi au centime ; le dernier est ce qui reste du prix. La TVA s’y ajoute.",
)
_UNDECIDED = (
    "L’acheteur n’a pas arrêté d’échéancier propre à ce marché subséquent : les acomptes sont ceux de "
    "l’accord-cadre.",
    "Le candidat n’a rien à saisir ici.",
)
_HEADER = 4


def instalments_sheet(book: Workbook, sheet: Worksheet, frame: Frame, prices: PricesSheet) -> None:
    """Fill the sheet; without an échéancier in the fiche it says so, and no percentage is invented."""
    for letter, width in {"A": 10, "B": 60, "C": 26, "D": 26}.items():
        sheet.column_dimensions[letter].width = width
    decided = bool(frame.echeancier)
    head(
        book,
        sheet,
        _HEADER,
        ("Échéancier des acomptes", *(_DECIDED if decided else _UNDECIDED)),
        ("Livrable", "Intitulé", "Part du prix", *(("Acompte HT (€)",) if decided else ())),
        24,
    )
    last = _decided(book, sheet, frame, prices) if decided else _undecided(book, sheet, frame)
    set_up(book, sheet, frame, f"A1:{'D' if decided else 'C'}{last}", f"{_HEADER}:{_HEADER}")
    sheet.freeze_panes = f"A{_HEADER + 1}"


def _undecided(book: Workbook, sheet: Worksheet, frame: Frame) -> int:
    for row, code in enumerate(frame.livrables, _HEADER + 1):
        _deliverable(book, sheet, row, code)
        book.put_text(sheet.cell(row, 3), "selon l’accord-cadre", "Libellé")
    return _HEADER + len(frame.livrables)


def _deliverable(book: Workbook, sheet: Worksheet, row: int, code: str) -> None:
    book.put_text(sheet.cell(row, 1), code, "Libellé")
    book.put_text(sheet.cell(row, 2), DELIVERABLES.get(code, ""), "Libellé")
    sheet.row_dimensions[row].height = 20


def _decided(book: Workbook, sheet: Worksheet, frame: Frame, prices: PricesSheet) -> int:
    first, end = _HEADER + 1, _HEADER + len(frame.echeancier)
    amounts = instalments(prices.total.montant, [part for _, part in frame.echeancier])
    fine = any((part * 1000) % 1 for _, part in frame.echeancier)
    for row, ((code, part), amount) in enumerate(zip(frame.echeancier, amounts, strict=True), first):
        _deliverable(book, sheet, row, code)
        book.put_number(sheet.cell(row, 3), part, "Part")
        rest = f"TOTAL_HT-SUM(D{first}:D{end - 1})" if row > first else "TOTAL_HT"
        formula = f"=ROUND({rest},2)" if row == end else f"=ROUND(TOTAL_HT*C{row},2)"
        book.put_formula(sheet.cell(row, 4), formula, amount, "Montant")
    total = end + 1
    for column in (1, 2):
        sheet.cell(total, column).style = "Libellé gras"
    book.put_text(sheet.cell(total, 2), "Total")
    parts = sum((part for _, part in frame.echeancier), Decimal(0))
    book.put_formula(sheet.cell(total, 3), f"=ROUND(SUM(C{first}:C{end}),6)", parts, "Part gras")
    book.put_formula(
        sheet.cell(total, 4), f"=ROUND(SUM(D{first}:D{end}),2)", sum(amounts, Decimal(0)), "Montant gras"
    )
    for row in range(first, total + 1) if fine else ():
        sheet.cell(row, 3).number_format = "0.00%"
    sheet.row_dimensions[total].height = 20
    controls = (
        ("la somme des parts fait 100 %", f"C{total}=1", parts == 1),
        ("la somme des acomptes égale le total HT", f"D{total}=TOTAL_HT", True),
    )
    for row, (label, condition, good) in enumerate(controls, total + 1):
        for column in (1, 4):
            sheet.cell(row, column).style = "Libellé"
        book.put_text(sheet.cell(row, 2), f"Contrôle\u00a0: {label.replace(' %', chr(160) + '%')}", "Libellé")
        book.put_formula(
            sheet.cell(row, 3), f'=IF({condition},"{OK}","{WRONG}")', OK if good else WRONG, "Libellé"
        )
        sheet.row_dimensions[row].height = 20
    return total + len(controls)
