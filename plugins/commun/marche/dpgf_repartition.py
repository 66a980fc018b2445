"""The sheet « Répartition »: what each member of a groupement is paid, and VAT by rate."""

from __future__ import annotations

from decimal import Decimal

from assembler_plugins.commun.marche.dpgf_calcul import MEMBERS, NOTHING, OK, WRONG, Frame, Share
from assembler_plugins.commun.marche.dpgf_feuille import PricesSheet
from assembler_plugins.commun.marche.dpgf_mise_en_page import (
    LISTS,
    PRICE,
    PRICES,
    SharingPlaces,
    head,
    set_up,
)
from openpyxl.worksheet.worksheet import Worksheet

from assembler.french import pourcent
from assembler.rendering.xlsx import Workbook

__all__ = ["SharingSheet"]

_NOTES = (
    "À remplir par un groupement dont les membres sont payés séparément ; la somme de chaque colonne égale "
    "le sous-total de la DPGF.",
    "Un candidat seul, ou un groupement payé sur un compte unique, laisse les lignes vides : la TVA se "
    "calcule alors au taux de la DPGF.",
)


class SharingSheet:
    """The sheet Répartition: members by phase, sums and controls in words, VAT by rate."""

    def __init__(self, book: Workbook, sheet: Worksheet, frame: Frame, prices: PricesSheet) -> None:
        self.book, self.sheet, self.frame, self.prices = book, sheet, frame, prices
        self.sharing, self.at = prices.sharing, SharingPlaces(frame)
        self._head()
        shares = prices.filling.repartition
        for rank in range(MEMBERS):
            self._member(rank, shares[rank] if rank < len(shares) else None)
        self._sums()
        self._by_rate()
        self._rules()
        set_up(
            book, sheet, frame, f"A1:{self.at.check}{self.at.tax_row}", f"{self.at.header}:{self.at.header}"
        )
        sheet.freeze_panes = f"C{self.at.first}"

    def _head(self) -> None:
        at, phases = self.at, self.at.phases
        widths = {"A": 6, "B": 46, **dict.fromkeys(phases.values(), 17), at.amount: 16, at.own: 15}
        for letter, width in (widths | {at.applied: 11, at.check: 28}).items():
            self.sheet.column_dimensions[letter].width = width
        title = "Répartition du prix entre les membres du groupement"
        texts = (
            "N°",
            "Membre, mandataire en premier (à compléter par le candidat)",
            *(f"{code} : montant HT (€), à compléter" for code in phases),
            "Total HT du membre (€)",
            "Taux de TVA du membre, s’il diffère (à compléter)",
            "Taux de TVA appliqué",
            "Contrôle",
        )
        texts = tuple(text.replace(" :", "\u00a0:") for text in texts)
        head(self.book, self.sheet, at.header, (title, *_NOTES), texts, 62)

    def _member(self, rank: int, share: Share | None) -> None:
        book, sheet, at, row = self.book, self.sheet, self.at, self.at.first + rank
        given = share.montants if share else {}
        known = share is not None
        book.put_number(sheet.cell(row, 1), rank + 1, "Libellé")
        book.put_text(sheet.cell(row, 2), share.membre if share else "", "Saisie texte")
        for code, letter in at.phases.items():
            book.put_number(sheet[f"{letter}{row}"], given.get(code), "Saisie montant")
        span = f"{at.first_phase}{row}:{at.last_phase}{row}"
        total = f"{at.amount}{row}"
        book.put_formula(
            sheet[total],
            f"=ROUND(SUM({span}),2)",
            self.sharing.totals[rank] if known else Decimal(0),
            "Montant",
        )
        book.put_number(sheet[f"{at.own}{row}"], share.taux if share else None, "Saisie part")
        book.put_formula(
            sheet[f"{at.applied}{row}"],
            f'=IF({total}=0,"",IF(ISNUMBER({at.own}{row}),{at.own}{row},IF(ISNUMBER(TAUX_TVA),TAUX_TVA,"")))',
            self.sharing.rates[rank] if known else "",
            "Part",
        )
        book.put_formula(
            sheet[f"{at.check}{row}"],
            f'=IF({total}=0,"",IF(B{row}="","{WRONG}\u00a0: nom manquant",'
            f'IF(COUNTIF({self._rates()},{at.applied}{row})=0,"{WRONG}\u00a0: taux à choisir","{OK}")))',
            self.sharing.members[rank] if known else "",
            "Libellé",
        )
        sheet.row_dimensions[row].height = 20

    def _rates(self) -> str:
        return f"{LISTS}!$A$2:$A${len(self.frame.rates) + 1}"

    def _sums(self) -> None:
        """Write the sums, what they should be, their differences and what these say."""
        book, sheet, at, sharing = self.book, self.sheet, self.at, self.sharing
        labels = ("Total réparti", "Sous-total de la DPGF", "Écart", "Contrôle")
        for row, label in enumerate(labels, at.total):
            for column in range(1, sheet[f"{at.check}1"].column + 1):
                sheet.cell(row, column).style = "Libellé gras"
            book.put_text(sheet.cell(row, 2), label)
            sheet.row_dimensions[row].height = 20
        sheet.row_dimensions[at.control].height = 48
        subtotals = {
            phase.code: found for phase, found in zip(self.frame.phases, self.prices.subtotals, strict=True)
        }
        for code, letter in at.phases.items():
            where, amounts = subtotals[code]
            self._column(letter, code, f"{PRICES}!${PRICE}${where}", sharing.columns[code], amounts.montant)
        self._column(at.amount, "", "TOTAL_HT", sharing.total, self.prices.total.montant)
        controls = f"{at.first_phase}{at.control}:{at.amount}{at.control}"
        members = f"{at.check}{at.first}:{at.check}{at.last}"
        nothing, gap, member = (
            f"{NOTHING}\u00a0: aucune répartition saisie",
            f"{WRONG}\u00a0: la répartition n’égale pas les sous-totaux de la DPGF",
            f"{WRONG}\u00a0: un membre n’a pas de nom ou pas de taux de TVA",
        )
        book.put_formula(
            sheet[f"{at.check}{at.control}"],
            f'=IF({at.amount}{at.total}=0,"{nothing}",IF(COUNTIF({controls},"{WRONG}")>0,"{gap}",'
            f'IF(COUNTIF({members},"{WRONG}*")>0,"{member}","{OK}")))',
            sharing.control,
            "Libellé gras",
        )

    def _column(self, letter: str, code: str, due: str, total: Decimal, expected: Decimal) -> None:
        put, sheet, at = self.book.put_formula, self.sheet, self.at
        span = f"{letter}{at.first}:{letter}{at.last}"
        put(sheet[f"{letter}{at.total}"], f"=ROUND(SUM({span}),2)", total, "Montant gras")
        put(sheet[f"{letter}{at.due}"], f"={due}", expected, "Montant gras")
        put(
            sheet[f"{letter}{at.gap}"],
            f"=ROUND({letter}{at.total}-{letter}{at.due},2)",
            total - expected,
            "Montant gras",
        )
        put(
            sheet[f"{letter}{at.control}"],
            f'=IF(${at.amount}${at.total}=0,"{NOTHING}",IF({letter}{at.gap}=0,"{OK}","{WRONG}"))',
            self.sharing.column(code),
            "Libellé gras",
        )

    def _by_rate(self) -> None:
        book, sheet, at = self.book, self.sheet, self.at
        for column, text in enumerate(("", "TVA par taux", "Base HT (€)", "TVA (€)"), 1):
            book.put_text(sheet.cell(at.rates, column), text, "En-tête")
        sheet.row_dimensions[at.rates].height = 20
        applied = f"${at.applied}${at.first}:${at.applied}${at.last}"
        totals = f"${at.amount}${at.first}:${at.amount}${at.last}"
        for rank, rate in enumerate(self.frame.rates):
            row, listed = at.rates + 1 + rank, f"{LISTS}!$A${rank + 2}"
            book.put_text(sheet.cell(row, 1), "", "Libellé")
            book.put_text(sheet.cell(row, 2), f"TVA à {pourcent(rate * 100)}", "Libellé")
            book.put_formula(
                sheet.cell(row, 3),
                f"=ROUND(SUMIF({applied},{listed},{totals}),2)",
                self.sharing.bases[rate],
                "Montant",
            )
            book.put_formula(
                sheet.cell(row, 4), f"=ROUND(C{row}*{listed},2)", self.sharing.taxes[rate], "Montant"
            )
            sheet.row_dimensions[row].height = 20
        last = at.tax_row - 1
        book.put_text(sheet.cell(at.tax_row, 1), "", "Libellé gras")
        book.put_text(sheet.cell(at.tax_row, 2), "TVA de la répartition", "Libellé gras")
        for column, value in ((3, sum(self.sharing.bases.values(), Decimal(0))), (4, self.sharing.tax)):
            letter = "ABCD"[column - 1]
            book.put_formula(
                sheet.cell(at.tax_row, column),
                f"=ROUND(SUM({letter}{at.rates + 1}:{letter}{last}),2)",
                value,
                "Montant gras",
            )
        sheet.row_dimensions[at.tax_row].height = 20

    def _rules(self) -> None:
        book, sheet, at = self.book, self.sheet, self.at
        first = f"{at.first_phase}{at.first}"
        book.validate(
            sheet, f"B{at.first}:B{at.last}", kind="custom",
            formula=f"AND(ISTEXT(B{at.first}),LEN(B{at.first})<=250)",
            message="Nom du membre, en 250 signes au plus.",
        )  # fmt: skip
        book.validate(
            sheet, f"{first}:{at.last_phase}{at.last}", kind="custom",
            formula=f"AND(ISNUMBER({first}),{first}>=0,{first}<=999999.99,ROUND({first},2)={first})",
            message="Montant hors taxes : un nombre positif ou nul, avec deux décimales au plus.",
        )  # fmt: skip
        book.validate(
            sheet, f"{at.own}{at.first}:{at.own}{at.last}", kind="list", formula=self._rates(),
            message="Taux de TVA du membre : choisissez-le dans la liste ; 0 % en franchise de TVA.",
        )  # fmt: skip
