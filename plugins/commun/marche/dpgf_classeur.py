"""The DPGF as a workbook: sheets, formulas with their values, protection, print set-up.

Nothing here decides what is asked or computes an amount: see :mod:`assembler_plugins.commun.marche.dpgf`.
"""

from __future__ import annotations

from decimal import Decimal

from assembler_plugins.commun.marche.dpgf import Filling, Frame
from assembler_plugins.commun.marche.dpgf_feuille import (
    DAY,
    DAYS,
    FEES,
    FIRST,
    LISTS,
    PRICE,
    PRICES,
    RATES,
    SHARE,
    TITLE,
    PricesSheet,
    height,
    set_up,
)
from openpyxl.worksheet.worksheet import Worksheet

from assembler.french import enumerer, typo
from assembler.rendering.lettres import WordsSheet
from assembler.rendering.xlsx import Workbook

__all__ = ["workbook"]

COVER, SUMMARY, HELP = "Page de garde", "Récapitulatif", "Mode d’emploi"
_OK = "Conforme"
_INSTRUCTIONS = (
    "Seules les cellules à fond jaune pâle et à bord gauche épais se remplissent ; leur en-tête le dit "
    "aussi. Les autres sont protégées : n’ajoutez, ne supprimez et ne modifiez ni ligne, ni colonne, ni "
    "libellé.",
    "Dans la feuille « Page de garde », indiquez le nom du candidat (en groupement : le mandataire, "
    "puis les cotraitants).",
    "Dans la feuille « DPGF », ligne 6, donnez l’intitulé de chaque profil (par exemple chef de projet, "
    "paysagiste) ; ligne 7, son prix journalier hors taxes. Un profil qui ne sert pas garde son "
    "intitulé et reste sans prix.",
    "Pour chaque poste, saisissez les jours de chaque profil, par quarts de jour, puis les frais hors "
    "taxes (déplacements, impression, supports). Un poste compris dans un autre se note 0.",
    "Vérifiez le taux de TVA ; choisissez-en un autre dans la liste s’il ne convient pas à votre situation.",
    "Les honoraires, les montants, les sous-totaux, la TVA, le total et les montants en lettres se "
    "calculent. Chaque ligne est arrondie au centime ; la TVA se calcule une fois, sur le total hors "
    "taxes.",
    "Dans la feuille « Récapitulatif », lisez les contrôles : chacun dit « Conforme » ou ce qui reste à "
    "faire.",
    "Reportez le total hors taxes, la TVA et le total toutes taxes comprises dans l’acte d’engagement, "
    "en chiffres et en lettres, à l’identique.",
    "Rendez le classeur dans son format d’origine, sans macro ni lien vers un autre fichier, avec une "
    "copie PDF signée si le règlement de la consultation la demande.",
)


def workbook(frame: Frame, filling: Filling | None = None) -> bytes:
    """Return the workbook; with a ``filling``, as a bidder would have it."""
    filled = filling or Filling()
    book = Workbook(
        title=f"{TITLE} – {frame.objet}",
        subject=f"Marché subséquent n° {frame.marche}, accord-cadre n° {frame.accord_cadre}",
        author=frame.acheteur,
        edition=frame.edition,
    )
    _cover(book, frame, filled)
    sheet = book.sheet(PRICES)
    summary = book.sheet(SUMMARY)
    _help(book, frame)
    letters = WordsSheet(book)
    _lists(book, frame)
    prices = PricesSheet(book, sheet, frame, filled)
    _Summary(book, summary, frame, prices).write(letters)
    book.protect()
    book.book.active = 0
    return book.finish()


def _cover(book: Workbook, frame: Frame, filling: Filling) -> None:
    sheet = book.sheet(COVER)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 42, 90
    book.put_text(sheet["A1"], TITLE, "Titre du document")
    sheet.row_dimensions[1].height = 30
    book.put_text(sheet["A2"], "Désignation", "En-tête")
    book.put_text(sheet["B2"], "Contenu", "En-tête")
    rows = (
        ("Marché subséquent n°", frame.marche),
        ("Accord-cadre n°", frame.accord_cadre),
        ("Objet", frame.objet),
        ("Territoire", frame.territoire),
        ("Acheteur", frame.acheteur),
        ("Date du cadre", None),
        ("Nom du candidat (à compléter par le candidat)", filling.candidat),
    )
    for row, (label, text) in enumerate(rows, 3):
        book.put_text(sheet.cell(row, 1), label, "Libellé gras")
        cell = sheet.cell(row, 2)
        if text is None:
            book.put_number(cell, frame.edition, "Date")
        elif label.startswith("Nom"):
            cell.style = "Saisie texte"
            if text:
                book.put_text(cell, text)
        else:
            book.put_text(cell, text, "Libellé")
        sheet.row_dimensions[row].height = height(text or label, 90, 24)
    book.name("MS_NUMERO", sheet["B3"])
    book.name("CANDIDAT", sheet["B9"])
    book.validate(
        sheet,
        "B9",
        kind="custom",
        formula="AND(ISTEXT(B9),LEN(B9)<=250)",
        message="Nom du candidat, en 250 signes au plus.",
    )
    set_up(book, sheet, frame, "A1:B9")


def _help(book: Workbook, frame: Frame) -> None:
    sheet = book.sheet(HELP)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 8, 124
    book.put_text(sheet["A1"], "Mode d’emploi du classeur", "Titre du document")
    sheet.row_dimensions[1].height = 30
    book.put_text(sheet["A2"], "N°", "En-tête")
    book.put_text(sheet["B2"], "Consigne", "En-tête")
    for row, text in enumerate(_INSTRUCTIONS, 3):
        book.put_number(sheet.cell(row, 1), row - 2, "Libellé")
        book.put_text(sheet.cell(row, 2), typo(text), "Libellé")
        sheet.row_dimensions[row].height = height(text, 124, 24)
    set_up(book, sheet, frame, f"A1:B{len(_INSTRUCTIONS) + 2}", "2:2")


def _lists(book: Workbook, frame: Frame) -> None:
    sheet = book.sheet(LISTS, hidden=True)
    book.put_text(sheet["A1"], "Taux de TVA")
    for row, rate in enumerate((Decimal(0), Decimal("0.085"), Decimal("0.2")), 2):
        book.put_number(sheet.cell(row, 1), rate)
        sheet.cell(row, 1).number_format = "0.0%"
    book.put_text(sheet["B1"], "Livrables")
    for row, code in enumerate(frame.livrables, 2):
        book.put_text(sheet.cell(row, 2), code)


class _Summary:
    """The sheet Récapitulatif: phases, totals, amounts in words, and the controls, in words."""

    def __init__(self, book: Workbook, sheet: Worksheet, frame: Frame, prices: PricesSheet) -> None:
        self.book, self.sheet, self.frame, self.prices = book, sheet, frame, prices
        self.row = 2

    def write(self, letters: WordsSheet) -> None:
        """Fill the sheet."""
        book, sheet, prices = self.book, self.sheet, self.prices
        for letter, width in {"A": 48, "B": 62, "C": 14, "D": 12}.items():
            sheet.column_dimensions[letter].width = width
        book.put_text(sheet["A1"], "Récapitulatif", "Titre du document")
        sheet.row_dimensions[1].height = 30
        for column, text in enumerate(("Étape ou total", "Montant ou résultat", "Jours", "% du total"), 1):
            book.put_text(sheet.cell(2, column), text, "En-tête")
        for phase, (at, amounts) in zip(self.frame.phases, prices.subtotals, strict=True):
            self._row(
                f"{phase.code} – {phase.titre} (HT)", f"={PRICES}!{PRICE}{at}", amounts.montant, "Montant"
            )
            book.put_formula(sheet.cell(self.row, 3), f"={PRICES}!{DAY}{at}", amounts.jours, "Jours")
            book.put_formula(
                sheet.cell(self.row, 4), f"={PRICES}!{SHARE}{at}", amounts.part(prices.total), "Part"
            )
        total, tax, whole = prices.total, prices.tax, prices.whole
        self._row("Total HT", "=TOTAL_HT", total.montant, "Montant gras")
        book.put_formula(
            sheet.cell(self.row, 3), f"={PRICES}!{DAY}{prices.total_row}", total.jours, "Jours gras"
        )
        rate = self.frame.taux
        self._row(
            "Taux de TVA", '=IF(ISNUMBER(TAUX_TVA),TAUX_TVA,"à saisir")',
            "à saisir" if rate is None else rate, "Part",
        )  # fmt: skip
        self._row("TVA", "=TOTAL_TVA", "" if tax is None else tax, "Montant")
        self._row("Total TTC", "=TOTAL_TTC", "" if whole is None else whole, "Montant gras")
        for label, name, amount in (
            ("Total HT en toutes lettres", "TOTAL_HT", total.montant),
            ("Total TTC en toutes lettres", "TOTAL_TTC", whole),
        ):
            self._row(label)
            letters.put(sheet.cell(self.row, 2), name, amount, "Libellé gras")
            sheet.row_dimensions[self.row].height = 36
        at = prices.total_row
        self._row(
            "Coût journalier moyen HT, hors frais",
            f'=IF({PRICES}!{DAY}{at}=0,"",ROUND({PRICES}!{FEES}{at}/{PRICES}!{DAY}{at},2))',
            total.cout_journalier,
            "Montant",
        )
        for label, formula, value in self._controls():
            self._row(f"Contrôle : {label}", formula, value, "Libellé")
            sheet.row_dimensions[self.row].height = height(label, 44, 24)
        set_up(book, sheet, self.frame, f"A1:D{self.row}", "2:2")
        sheet.freeze_panes = "A3"

    def _row(
        self, label: str, formula: str | None = None, value: Decimal | str = "", style: str = "Libellé"
    ) -> None:
        self.row += 1
        bold = " gras" if style.endswith("gras") or formula is None else ""
        self.book.put_text(self.sheet.cell(self.row, 1), typo(label), f"Libellé{bold}")
        for column in (3, 4):
            self.sheet.cell(self.row, column).style = f"Libellé{bold}"
        if formula:
            self.book.put_formula(self.sheet.cell(self.row, 2), formula, value, style)
        self.sheet.row_dimensions[self.row].height = 20

    def _controls(self) -> list[tuple[str, str, str]]:
        """Return label, formula and value of each control; each answers in words."""
        prices, frame = self.prices, self.frame
        d, last, at = DAYS[0], DAYS[-1], prices.total_row
        filled = prices.filling
        days = [day for row in filled.jours.values() for day in row if day is not None]
        lines = [line for phase in frame.phases for line in phase.lignes]
        bearing = {line.livrable for line in lines}
        negative = "+".join(f'COUNTIF({PRICES}!{d}{start}:{last}{end},"<0")' for start, end in prices.spans)
        nil = "+".join(f"COUNTIF({PRICES}!{PRICE}{start}:{PRICE}{end},0)" for start, end in prices.spans)
        unpriced = sum(
            bool(count) and not rate
            for count, rate in zip(prices.total.par_profil, filled.tarifs, strict=True)
        )
        sessions = sum(line.poste.startswith("Session") for line in lines)
        return [
            (
                "jours positifs ou nuls",
                f'=IF({negative}=0,"{_OK}","À corriger\u00a0: un nombre de jours est négatif")',
                _OK if all(day >= 0 for day in days) else "À corriger\u00a0: un nombre de jours est négatif",
            ),
            (
                "chaque profil qui a des jours a son prix",
                f"=IF(SUMPRODUCT(({PRICES}!{d}{at}:{last}{at}>0)*({PRICES}!{d}{RATES}:{last}{RATES}=0))=0,"
                f'"{_OK}","À compléter\u00a0: un profil a des jours sans prix journalier")',
                "À compléter\u00a0: un profil a des jours sans prix journalier" if unpriced else _OK,
            ),
            (
                "chaque poste est chiffré",
                f'=IF({nil}=0,"{_OK}","À compléter ou à confirmer\u00a0: "&({nil})'
                f'&IF({nil}=1," poste"," postes")&" sans montant")',
                f"À compléter ou à confirmer\u00a0: {prices.nil_lines} "
                f"poste{'s' if prices.nil_lines > 1 else ''} sans montant"
                if prices.nil_lines
                else _OK,
            ),
            (
                f"au moins une ligne pour chacun des livrables {enumerer(frame.livrables)}",
                f"=IF(SUMPRODUCT(--(COUNTIF({PRICES}!$C${FIRST}:$C${at - 1},"
                f"{LISTS}!$B$2:$B${len(frame.livrables) + 1})=0))=0,"
                f'"{_OK}","À corriger\u00a0: un livrable n’a pas de ligne")',
                _OK if bearing >= set(frame.livrables) else "À corriger\u00a0: un livrable n’a pas de ligne",
            ),
            (
                "trois lignes de session",
                f'=IF(COUNTIF({PRICES}!$B${FIRST}:$B${at - 1},"Session*")='
                f'3,"{_OK}","À corriger\u00a0: trois lignes de session sont attendues")',
                _OK if sessions == 3 else "À corriger\u00a0: trois lignes de session sont attendues",
            ),
            (
                "taux de TVA saisi",
                f'=IF(ISNUMBER(TAUX_TVA),"{_OK}","À compléter\u00a0: choisissez le taux de TVA")',
                _OK if frame.taux is not None else "À compléter\u00a0: choisissez le taux de TVA",
            ),
        ]
