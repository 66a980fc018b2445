"""The sheet « Récapitulatif »: phases, totals, amounts in words, and the controls, in words."""

from __future__ import annotations

from decimal import Decimal

from assembler_plugins.commun.marche.dpgf_calcul import OK, Frame
from assembler_plugins.commun.marche.dpgf_feuille import PricesSheet
from assembler_plugins.commun.marche.dpgf_mise_en_page import (
    COSTS,
    DAY,
    DAYS,
    FEES,
    FIRST,
    LISTS,
    PRICE,
    PRICES,
    RATES,
    SHARE,
    SharingPlaces,
    height,
    set_up,
)
from openpyxl.worksheet.worksheet import Worksheet

from assembler.french import arrondi, enumerer, typo
from assembler.rendering.lettres import WordsSheet
from assembler.rendering.xlsx import Workbook

__all__ = ["Summary"]

_BY_MEMBER = typo("selon le membre : feuille « Répartition »")


class Summary:
    """The sheet Récapitulatif: phases, totals, amounts in words, and the controls, in words."""

    def __init__(self, book: Workbook, sheet: Worksheet, frame: Frame, prices: PricesSheet) -> None:
        self.book, self.sheet, self.frame, self.prices = book, sheet, frame, prices
        self.shared = SharingPlaces(frame)
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
        own = prices.sharing.control == OK and tax != arrondi(total.montant * (rate or 0))
        self._row(
            "Taux de TVA",
            f'=IF(AND({self.shared.verdict}="{OK}",TOTAL_TVA<>ROUND(TOTAL_HT*TAUX_TVA,2)),"{_BY_MEMBER}",'
            'IF(ISNUMBER(TAUX_TVA),TAUX_TVA,"à saisir"))',
            _BY_MEMBER if own else "à saisir" if rate is None else rate,
            "Part",
        )
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
        return [*self._entries(), *self._lines(), *self._whole()]

    def _entries(self) -> list[tuple[str, str, str]]:
        """Return the controls of what is entered."""
        prices, filled = self.prices, self.prices.filling
        days = [day for row in filled.jours.values() for day in row if day is not None]
        unpriced = any(
            count and not rate for count, rate in zip(prices.total.par_profil, filled.tarifs, strict=True)
        )
        entered = ",".join(
            f"{PRICES}!{first}{start}:{last}{end}"
            for first, last in ((DAYS[0], DAYS[-1]), (COSTS, COSTS))
            for start, end in prices.spans
        )
        negative = "+".join(
            f'COUNTIF({PRICES}!{DAYS[0]}{start}:{DAYS[-1]}{end},"<0")' for start, end in prices.spans
        )
        pairs = ",".join(
            f"AND({PRICES}!{letter}{prices.total_row}>0,N({PRICES}!{letter}{RATES})=0)" for letter in DAYS
        )
        text = typo("À corriger : un nombre est saisi comme un texte")
        below = typo("À corriger : un nombre de jours est négatif")
        missing = typo("À compléter : un profil a des jours sans prix journalier")
        return [
            (
                "jours et frais saisis en chiffres",
                f'=IF(COUNTA({entered})=COUNT({entered}),"{OK}","{text}")',
                OK,
            ),
            (
                "jours positifs ou nuls",
                f'=IF({negative}=0,"{OK}","{below}")',
                OK if all(day >= 0 for day in days) else below,
            ),
            (
                "chaque profil qui a des jours a son prix",
                f'=IF(OR({pairs}),"{missing}","{OK}")',
                missing if unpriced else OK,
            ),
        ]

    def _lines(self) -> list[tuple[str, str, str]]:
        """Return the controls of the lines."""
        prices, frame = self.prices, self.frame
        lines = [line for phase in frame.phases for line in phase.lignes]
        last = prices.total_row - 1
        nil = "+".join(f"COUNTIF({PRICES}!{PRICE}{start}:{PRICE}{end},0)" for start, end in prices.spans)
        several = "s" if prices.nil_lines > 1 else ""
        unpriced = f"À compléter ou à confirmer\u00a0: {prices.nil_lines} poste{several} sans montant"
        borne = ",".join(
            f"COUNTIF({PRICES}!$C${FIRST}:$C${last},{LISTS}!$B${row})>0"
            for row in range(2, len(frame.livrables) + 2)
        )
        covered = {line.livrable for line in lines} >= set(frame.livrables)
        lacking = typo("À corriger : un livrable n’a pas de ligne")
        three = sum(line.poste.startswith("Session") for line in lines) == 3
        sessions = typo("À corriger : trois lignes de session sont attendues")
        return [
            (
                "chaque poste est chiffré",
                f'=IF({nil}=0,"{OK}","À compléter ou à confirmer\u00a0: "&({nil})'
                f'&IF({nil}=1," poste"," postes")&" sans montant")',
                unpriced if prices.nil_lines else OK,
            ),
            (
                f"au moins une ligne pour chacun des livrables {enumerer(frame.livrables)}",
                f'=IF(AND({borne}),"{OK}","{lacking}")',
                OK if covered else lacking,
            ),
            (
                "trois lignes de session",
                f'=IF(COUNTIF({PRICES}!$B${FIRST}:$B${last},"Session*")=3,"{OK}","{sessions}")',
                OK if three else sessions,
            ),
        ]

    def _whole(self) -> list[tuple[str, str, str]]:
        """Return the controls of the rate, of the sharing and of the instalments."""
        rate = typo("À compléter : choisissez le taux de TVA")
        known = self.frame.taux is not None or self.prices.sharing.control == OK
        return [
            (
                "taux de TVA saisi",
                f'=IF(OR(ISNUMBER(TAUX_TVA),{self.shared.verdict}="{OK}"),"{OK}","{rate}")',
                OK if known else rate,
            ),
            (
                "répartition entre les membres du groupement",
                f"={self.shared.verdict}",
                self.prices.sharing.control,
            ),
        ]
