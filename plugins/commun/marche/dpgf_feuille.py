"""The sheet « DPGF »: what bidders fill in, line by line, and its sums.

The layout is that of documents.md § 6.5; the values come from
:mod:`assembler_plugins.commun.marche.dpgf_calcul`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assembler_plugins.commun.marche.dpgf_calcul import (
    OK,
    PROFILES,
    Amounts,
    Filling,
    Frame,
    Line,
    Sharing,
    add_up,
    price,
)
from assembler_plugins.commun.marche.dpgf_mise_en_page import (
    COSTS,
    DAY,
    DAYS,
    FEES,
    FIRST,
    HEADER,
    LABELS,
    LISTS,
    PRICE,
    RATES,
    SHARE,
    TITLE,
    SharingPlaces,
    height,
    set_up,
)
from openpyxl.worksheet.worksheet import Worksheet

from assembler.french import typo
from assembler.rendering.xlsx import Workbook

__all__ = ["PricesSheet"]


class PricesSheet:
    """The sheet DPGF: lines by phase, subtotals, totals; knows afterwards where each stands."""

    def __init__(self, book: Workbook, sheet: Worksheet, frame: Frame, filling: Filling) -> None:
        self.book, self.sheet, self.frame, self.filling = book, sheet, frame, filling
        self.spans: list[tuple[int, int]] = []
        self.subtotals: list[tuple[int, Amounts]] = []
        parts = {phase.code: [price(line, filling) for line in phase.lignes] for phase in frame.phases}
        self.total = add_up([add_up(lines) for lines in parts.values()])
        by_phase = {code: add_up(lines).montant for code, lines in parts.items()}
        self.sharing = Sharing(frame, filling, by_phase)
        self.nil_lines = sum(not one.montant for lines in parts.values() for one in lines)
        # header, lines and subtotal of each phase, then the total
        self.total_row = FIRST + sum(len(phase.lignes) + 2 for phase in frame.phases)
        self._head()
        row = FIRST
        for phase in frame.phases:
            row = self._phase(row, phase.code, phase.titre, phase.lignes, parts[phase.code])
        self._totals()
        self._rules()
        set_up(book, sheet, frame, f"A1:{SHARE}{self.total_row + 3}", f"{LABELS}:{HEADER}")
        sheet.freeze_panes = f"C{FIRST}"

    def _head(self) -> None:
        book, sheet, frame = self.book, self.sheet, self.frame
        widths = {"A": 7, "B": 50, "C": 10, DAY: 9, FEES: 15, COSTS: 16, PRICE: 17, SHARE: 10}
        for letter, width in (widths | dict.fromkeys(DAYS, 12)).items():
            sheet.column_dimensions[letter].width = width
        book.put_text(sheet["A1"], TITLE, "Titre du document")
        sheet.row_dimensions[1].height = 24
        book.put_text(
            sheet["A2"],
            f"Marché subséquent n° {frame.marche}, fondé sur l’accord-cadre n° {frame.accord_cadre}",
            "Ligne de titre",
        )
        book.put_text(sheet["A3"], typo(f"Objet : {frame.objet}"), "Ligne de titre")
        book.put_text(sheet["A4"], typo(f"Territoire : {frame.territoire}"), "Ligne de titre")
        book.put_formula(
            sheet["A5"],
            '="Candidat\u00a0: "&CANDIDAT',
            f"Candidat\u00a0: {self.filling.candidat}",
            "Ligne de titre",
        )
        labels = ("", "Intitulé de chaque profil (à compléter par le candidat)", "")
        rates = ("", "Prix journalier HT de chaque profil, en € (à compléter par le candidat)", "")
        for row, texts in ((LABELS, labels), (RATES, rates)):
            for column, text in enumerate(texts, 1):
                book.put_text(sheet.cell(row, column), text, "Libellé gras")
            sheet.row_dimensions[row].height = 32
        heads = {
            "A": "N°",
            "B": "Poste ou tâche",
            "C": "Livrable associé",
            DAY: "Total jours",
            FEES: "Honoraires HT (€)",
            COSTS: "Frais HT (€), à compléter par le candidat",
            PRICE: "Montant forfaitaire HT (€)",
            SHARE: "% du total",
        }
        for letter, text in heads.items():
            book.put_text(sheet[f"{letter}{HEADER}"], text, "En-tête")
        for rank, letter in enumerate(DAYS):
            name = frame.profils[rank]
            book.put_text(sheet[f"{letter}{LABELS}"], name, "Saisie texte")
            book.put_number(sheet[f"{letter}{RATES}"], self.filling.tarifs[rank], "Saisie montant")
            book.put_formula(
                sheet[f"{letter}{HEADER}"],
                f'="Jours à compléter\u00a0: "&{letter}${LABELS}',
                f"Jours à compléter\u00a0: {name}",
                "En-tête",
            )
        sheet.row_dimensions[HEADER].height = 60

    def _phase(self, row: int, code: str, title: str, lines: Sequence[Line], parts: list[Amounts]) -> int:
        book, sheet = self.book, self.sheet
        book.put_text(sheet.cell(row, 1), code, "Libellé gras")
        book.put_text(sheet.cell(row, 2), title, "Libellé gras")
        for column in range(3, 15):
            sheet.cell(row, column).style = "Libellé gras"
        sheet.row_dimensions[row].height = 20
        first = row + 1
        for at, (line, amounts) in enumerate(zip(lines, parts, strict=True), first):
            self._line(at, line, amounts)
        last = row + len(parts)
        total = add_up(parts)
        self._sums(
            last + 1, code, f"Sous-total {code}", total, lambda letter: f"SUM({letter}{first}:{letter}{last})"
        )
        self.spans.append((first, last))
        self.subtotals.append((last + 1, total))
        return last + 2

    def _line(self, row: int, line: Line, amounts: Amounts) -> None:
        book, sheet = self.book, self.sheet
        book.put_text(sheet.cell(row, 1), line.numero, "Libellé")
        book.put_text(sheet.cell(row, 2), line.poste, "Libellé")
        book.put_text(sheet.cell(row, 3), line.livrable, "Libellé")
        sheet.row_dimensions[row].height = height(line.poste, 50)
        given = self.filling.jours.get(line.numero, (None,) * PROFILES)
        for letter, days in zip(DAYS, given, strict=True):
            book.put_number(sheet[f"{letter}{row}"], days, "Saisie jours")
        book.put_number(sheet[f"{COSTS}{row}"], self.filling.frais.get(line.numero), "Saisie montant")
        span = f"{DAYS[0]}{row}:{DAYS[-1]}{row}"
        book.put_formula(sheet[f"{DAY}{row}"], f"=SUM({span})", amounts.jours, "Jours")
        book.put_formula(
            sheet[f"{FEES}{row}"],
            f"=ROUND(SUMPRODUCT({span},${DAYS[0]}${RATES}:${DAYS[-1]}${RATES}),2)",
            amounts.honoraires,
            "Montant",
        )
        book.put_formula(
            sheet[f"{PRICE}{row}"], f"=ROUND({FEES}{row}+{COSTS}{row},2)", amounts.montant, "Montant"
        )
        self._share(row, amounts, "Part")

    def _share(self, row: int, amounts: Amounts, style: str) -> None:
        total = f"${PRICE}${self.total_row}"
        self.book.put_formula(
            self.sheet[f"{SHARE}{row}"],
            f'=IF({total}=0,"",ROUND({PRICE}{row}/{total},4))',
            amounts.part(self.total),
            style,
        )

    def _sums(self, row: int, code: str, label: str, amounts: Amounts, summed: Callable[[str], str]) -> None:
        """Write a row of sums; ``summed`` gives the expression for a column."""
        book, sheet = self.book, self.sheet
        for column, text in enumerate((code, label, ""), 1):
            book.put_text(sheet.cell(row, column), text, "Libellé gras")
        for letter, days in zip((*DAYS, DAY), (*amounts.par_profil, amounts.jours), strict=True):
            book.put_formula(sheet[f"{letter}{row}"], f"={summed(letter)}", days, "Jours gras")
        money = {FEES: amounts.honoraires, COSTS: amounts.frais, PRICE: amounts.montant}
        for letter, value in money.items():
            book.put_formula(sheet[f"{letter}{row}"], f"=ROUND({summed(letter)},2)", value, "Montant gras")
        self._share(row, amounts, "Part gras")
        sheet.row_dimensions[row].height = 20

    def _totals(self) -> None:
        book, sheet, row = self.book, self.sheet, self.total_row
        # Subtotals only: a sum of the whole column would count each line twice.
        self._sums(
            row, "", "Total HT", self.total,
            lambda letter: "+".join(f"{letter}{at}" for at, _ in self.subtotals),
        )  # fmt: skip
        labels = (
            "Taux de TVA (à compléter ou à vérifier)",
            typo("TVA (par taux si la feuille « Répartition » est remplie)"),
            "Total TTC",
        )
        for offset, label in enumerate(labels, 1):
            for column in range(1, 15):
                sheet.cell(row + offset, column).style = "Libellé gras"
            book.put_text(sheet.cell(row + offset, 2), label)
            sheet.row_dimensions[row + offset].height = height(label, 50, 20)
        rate, tax, whole = (sheet[f"{PRICE}{row + offset}"] for offset in (1, 2, 3))
        book.put_number(rate, self.frame.taux, "Saisie part")
        self.tax, self.whole = self.total.taxe(self.frame.taux, self.sharing)
        shared = SharingPlaces(self.frame)
        for name, cell in {
            "TOTAL_HT": sheet[f"{PRICE}{row}"], "TAUX_TVA": rate, "TOTAL_TVA": tax, "TOTAL_TTC": whole,
        }.items():  # fmt: skip
            book.name(name, cell)
        book.put_formula(
            tax,
            f'=IF({shared.verdict}="{OK}",{shared.tax},IF(ISNUMBER(TAUX_TVA),ROUND(TOTAL_HT*TAUX_TVA,2),""))',
            self.tax if self.tax is not None else "",
            "Montant gras",
        )
        book.put_formula(
            whole,
            '=IF(ISNUMBER(TOTAL_TVA),ROUND(TOTAL_HT+TOTAL_TVA,2),"")',
            self.whole if self.whole is not None else "",
            "Montant gras",
        )

    def _rules(self) -> None:
        book, sheet = self.book, self.sheet
        d, last = DAYS[0], DAYS[-1]
        book.validate(
            sheet, f"{d}{LABELS}:{last}{LABELS}", kind="textLength", formula="60",
            message="Intitulé du profil, en 60 signes au plus.",
        )  # fmt: skip
        sheet.data_validations.dataValidation[-1].operator = "lessThanOrEqual"
        book.validate(
            sheet,
            f"{d}{RATES}:{last}{RATES}",
            kind="custom",
            formula=f"AND(ISNUMBER({d}{RATES}),{d}{RATES}>0,{d}{RATES}<=999999.99,ROUND({d}{RATES},2)={d}{RATES})",
            message="Prix journalier hors taxes : un nombre positif, avec deux décimales au plus.",
        )
        first = self.spans[0][0]
        days = " ".join(f"{d}{start}:{last}{end}" for start, end in self.spans)
        book.validate(
            sheet,
            days,
            kind="custom",
            formula=f"AND(ISNUMBER({d}{first}),{d}{first}>=0,ROUND({d}{first}*4,0)={d}{first}*4)",
            message="Nombre de jours : positif ou nul, par quarts de jour (0,25).",
        )
        costs = " ".join(f"{COSTS}{start}:{COSTS}{end}" for start, end in self.spans)
        c = f"{COSTS}{first}"
        book.validate(
            sheet,
            costs,
            kind="custom",
            formula=f"AND(ISNUMBER({c}),{c}>=0,{c}<=999999.99,ROUND({c},2)={c})",
            message="Frais hors taxes : un nombre positif ou nul, avec deux décimales au plus.",
        )
        book.validate(
            sheet,
            f"{PRICE}{self.total_row + 1}",
            kind="list",
            formula=f"{LISTS}!$A$2:$A${len(self.frame.rates) + 1}",
            message="Taux de TVA : choisissez-le dans la liste.",
        )
