"""The DPGF as a workbook: sheets, formulas with their values, protection, print set-up.

Nothing here decides what is asked or computes an amount: see :mod:`assembler_plugins.local.dpgf`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from math import ceil

from assembler.french import date_courte, enumerer, typo
from assembler.rendering.lettres import WordsSheet
from assembler.rendering.xlsx import Workbook
from assembler_plugins.local.dpgf import PROFILES, Amounts, Filling, Frame, Line, add_up, price
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["workbook"]

COVER, PRICES, SUMMARY, HELP, LISTS = "Page de garde", "DPGF", "Récapitulatif", "Mode d’emploi", "_listes"
TITLE = "Décomposition du prix global et forfaitaire (DPGF)"
LABELS, RATES, HEADER, FIRST = 6, 7, 8, 9
_DAYS = tuple(get_column_letter(4 + rank) for rank in range(PROFILES))  # D to I
_DAY, _FEES, _COSTS, _PRICE, _SHARE = "J", "K", "L", "M", "N"
_OK = "Conforme"
_LINE = 14  # points of a line of text
_INSTRUCTIONS = (
    "Seules les cellules à fond jaune pâle et à bord gauche épais se remplissent ; leur en-tête le dit aussi. "
    "Les autres sont protégées : n’ajoutez, ne supprimez et ne modifiez ni ligne, ni colonne, ni libellé.",
    "Dans la feuille « Page de garde », indiquez le nom du candidat (en groupement : le mandataire, puis les "
    "cotraitants).",
    "Dans la feuille « DPGF », ligne 6, donnez l’intitulé de chaque profil (par exemple chef de projet, paysagiste) ; "
    "ligne 7, son prix journalier hors taxes. Un profil qui ne sert pas garde son intitulé et reste sans prix.",
    "Pour chaque poste, saisissez les jours de chaque profil, par quarts de jour, puis les frais hors taxes "
    "(déplacements, impression, supports). Un poste compris dans un autre se note 0.",
    "Vérifiez le taux de TVA ; choisissez-en un autre dans la liste s’il ne convient pas à votre situation.",
    "Les honoraires, les montants, les sous-totaux, la TVA, le total et les montants en lettres se calculent. "
    "Chaque ligne est arrondie au centime ; la TVA se calcule une fois, sur le total hors taxes.",
    "Dans la feuille « Récapitulatif », lisez les contrôles : chacun dit « Conforme » ou ce qui reste à faire.",
    "Reportez le total hors taxes, la TVA et le total toutes taxes comprises dans l’acte d’engagement, en chiffres "
    "et en lettres, à l’identique.",
    "Rendez le classeur dans son format d’origine, sans macro ni lien vers un autre fichier, avec une copie PDF signée "
    "si le règlement de la consultation la demande.",
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
    prices = _Prices(book, sheet, frame, filled)
    _Summary(book, summary, frame, prices).write(letters)
    book.protect()
    book.book.active = 0
    return book.finish()


def _height(text: str, width: float, least: int = 18) -> float:
    """Return the height of a wrapped row, in points, for a column of ``width`` characters."""
    return max(least, _LINE * ceil(len(text) * 1.1 / width) + 4)


def _finish(book: Workbook, sheet: Worksheet, frame: Frame, area: str, header: str | None = None) -> None:
    book.print_setup(
        sheet,
        left=f"Marché subséquent n° {frame.marche}",
        right=f"DPGF – {sheet.title}",
        version=f"Cadre du {date_courte(frame.edition)}",
        area=area,
        header_rows=header,
    )


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
        sheet.row_dimensions[row].height = _height(text or label, 90, 24)
    book.name("MS_NUMERO", sheet["B3"])
    book.name("CANDIDAT", sheet["B9"])
    book.validate(
        sheet,
        "B9",
        kind="custom",
        formula="AND(ISTEXT(B9),LEN(B9)<=250)",
        message="Nom du candidat, en 250 signes au plus.",
    )
    _finish(book, sheet, frame, "A1:B9")


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
        sheet.row_dimensions[row].height = _height(text, 124, 24)
    _finish(book, sheet, frame, f"A1:B{len(_INSTRUCTIONS) + 2}", "2:2")


def _lists(book: Workbook, frame: Frame) -> None:
    sheet = book.sheet(LISTS, hidden=True)
    book.put_text(sheet["A1"], "Taux de TVA")
    for row, rate in enumerate((Decimal(0), Decimal("0.085"), Decimal("0.2")), 2):
        book.put_number(sheet.cell(row, 1), rate)
        sheet.cell(row, 1).number_format = "0.0%"
    book.put_text(sheet["B1"], "Livrables")
    for row, code in enumerate(frame.livrables, 2):
        book.put_text(sheet.cell(row, 2), code)


class _Prices:
    """The sheet DPGF: lines by phase, subtotals, totals; knows afterwards where each stands."""

    def __init__(self, book: Workbook, sheet: Worksheet, frame: Frame, filling: Filling) -> None:
        self.book, self.sheet, self.frame, self.filling = book, sheet, frame, filling
        self.spans: list[tuple[int, int]] = []
        self.subtotals: list[tuple[int, Amounts]] = []
        parts = {
            phase.code: [price(line, filling) for line in phase.lignes] for phase in frame.phases
        }
        self.total = add_up([add_up(lines) for lines in parts.values()])
        self.nil_lines = sum(not one.montant for lines in parts.values() for one in lines)
        # header, lines and subtotal of each phase, then the total
        self.total_row = FIRST + sum(len(phase.lignes) + 2 for phase in frame.phases)
        self._head()
        row = FIRST
        for phase in frame.phases:
            row = self._phase(row, phase.code, phase.titre, phase.lignes, parts[phase.code])
        self._totals()
        self._rules()
        _finish(book, sheet, frame, f"A1:{_SHARE}{self.total_row + 3}", f"{LABELS}:{HEADER}")
        sheet.freeze_panes = f"C{FIRST}"

    def _head(self) -> None:
        book, sheet, frame = self.book, self.sheet, self.frame
        widths = {"A": 7, "B": 50, "C": 10, _DAY: 9, _FEES: 15, _COSTS: 16, _PRICE: 17, _SHARE: 10}
        for letter, width in (widths | dict.fromkeys(_DAYS, 12)).items():
            sheet.column_dimensions[letter].width = width
        book.put_text(sheet["A1"], TITLE, "Titre du document")
        sheet.row_dimensions[1].height = 24
        book.put_text(
            sheet["A2"],
            f"Marché subséquent n° {frame.marche}, passé sur le fondement de l’accord-cadre n° {frame.accord_cadre}",
            "Ligne de titre",
        )
        book.put_text(sheet["A3"], typo(f"Objet : {frame.objet}"), "Ligne de titre")
        book.put_text(sheet["A4"], typo(f"Territoire : {frame.territoire}"), "Ligne de titre")
        book.put_formula(
            sheet["A5"], '="Candidat\u00a0: "&CANDIDAT', f"Candidat\u00a0: {self.filling.candidat}", "Ligne de titre"
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
            _DAY: "Total jours",
            _FEES: "Honoraires HT (€)",
            _COSTS: "Frais HT (€), à compléter par le candidat",
            _PRICE: "Montant forfaitaire HT (€)",
            _SHARE: "% du total",
        }
        for letter, text in heads.items():
            book.put_text(sheet[f"{letter}{HEADER}"], text, "En-tête")
        for rank, letter in enumerate(_DAYS):
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
        sheet.row_dimensions[row].height = _height(line.poste, 50)
        given = self.filling.jours.get(line.numero, (None,) * PROFILES)
        for letter, days in zip(_DAYS, given, strict=True):
            book.put_number(sheet[f"{letter}{row}"], days, "Saisie jours")
        book.put_number(sheet[f"{_COSTS}{row}"], self.filling.frais.get(line.numero), "Saisie montant")
        span = f"{_DAYS[0]}{row}:{_DAYS[-1]}{row}"
        book.put_formula(sheet[f"{_DAY}{row}"], f"=SUM({span})", amounts.jours, "Jours")
        book.put_formula(
            sheet[f"{_FEES}{row}"],
            f"=ROUND(SUMPRODUCT({span},${_DAYS[0]}${RATES}:${_DAYS[-1]}${RATES}),2)",
            amounts.honoraires,
            "Montant",
        )
        book.put_formula(
            sheet[f"{_PRICE}{row}"], f"=ROUND({_FEES}{row}+{_COSTS}{row},2)", amounts.montant, "Montant"
        )
        self._share(row, amounts, "Part")

    def _share(self, row: int, amounts: Amounts, style: str) -> None:
        total = f"${_PRICE}${self.total_row}"
        self.book.put_formula(
            self.sheet[f"{_SHARE}{row}"],
            f'=IF({total}=0,"",ROUND({_PRICE}{row}/{total},4))',
            amounts.part(self.total),
            style,
        )

    def _sums(
        self, row: int, code: str, label: str, amounts: Amounts, summed: Callable[[str], str]
    ) -> None:
        """Write a row of sums; ``summed`` gives the expression for a column."""
        book, sheet = self.book, self.sheet
        for column, text in enumerate((code, label, ""), 1):
            book.put_text(sheet.cell(row, column), text, "Libellé gras")
        for letter, days in zip((*_DAYS, _DAY), (*amounts.par_profil, amounts.jours), strict=True):
            book.put_formula(sheet[f"{letter}{row}"], f"={summed(letter)}", days, "Jours gras")
        money = {_FEES: amounts.honoraires, _COSTS: amounts.frais, _PRICE: amounts.montant}
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
        for offset, label in enumerate(("Taux de TVA (à compléter ou à vérifier)", "TVA", "Total TTC"), 1):
            for column in range(1, 15):
                sheet.cell(row + offset, column).style = "Libellé gras"
            book.put_text(sheet.cell(row + offset, 2), label)
            sheet.row_dimensions[row + offset].height = 20
        rate, tax, whole = (sheet[f"{_PRICE}{row + offset}"] for offset in (1, 2, 3))
        book.put_number(rate, self.frame.taux, "Saisie part")
        self.tax, self.whole = self.total.taxe(self.frame.taux)
        for name, cell in {
            "TOTAL_HT": sheet[f"{_PRICE}{row}"], "TAUX_TVA": rate, "TOTAL_TVA": tax, "TOTAL_TTC": whole,
        }.items():  # fmt: skip
            book.name(name, cell)
        book.put_formula(
            tax,
            '=IF(ISNUMBER(TAUX_TVA),ROUND(TOTAL_HT*TAUX_TVA,2),"")',
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
        d, last = _DAYS[0], _DAYS[-1]
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
        costs = " ".join(f"{_COSTS}{start}:{_COSTS}{end}" for start, end in self.spans)
        c = f"{_COSTS}{first}"
        book.validate(
            sheet,
            costs,
            kind="custom",
            formula=f"AND(ISNUMBER({c}),{c}>=0,{c}<=999999.99,ROUND({c},2)={c})",
            message="Frais hors taxes : un nombre positif ou nul, avec deux décimales au plus.",
        )
        book.validate(
            sheet,
            f"{_PRICE}{self.total_row + 1}",
            kind="list",
            formula=f"{LISTS}!$A$2:$A$4",
            message="Taux de TVA : choisissez 0 %, 8,5 % ou 20 % dans la liste.",
        )


class _Summary:
    """The sheet Récapitulatif: phases, totals, amounts in words, and the controls, in words."""

    def __init__(self, book: Workbook, sheet: Worksheet, frame: Frame, prices: _Prices) -> None:
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
                f"{phase.code} – {phase.titre} (HT)", f"={PRICES}!{_PRICE}{at}", amounts.montant, "Montant"
            )
            book.put_formula(sheet.cell(self.row, 3), f"={PRICES}!{_DAY}{at}", amounts.jours, "Jours")
            book.put_formula(
                sheet.cell(self.row, 4), f"={PRICES}!{_SHARE}{at}", amounts.part(prices.total), "Part"
            )
        total, tax, whole = prices.total, prices.tax, prices.whole
        self._row("Total HT", "=TOTAL_HT", total.montant, "Montant gras")
        book.put_formula(
            sheet.cell(self.row, 3), f"={PRICES}!{_DAY}{prices.total_row}", total.jours, "Jours gras"
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
            sheet.row_dimensions[self.row].height = 48
        at = prices.total_row
        self._row(
            "Coût journalier moyen HT, hors frais",
            f'=IF({PRICES}!{_DAY}{at}=0,"",ROUND({PRICES}!{_FEES}{at}/{PRICES}!{_DAY}{at},2))',
            total.cout_journalier,
            "Montant",
        )
        for label, formula, value in self._controls():
            self._row(f"Contrôle : {label}", formula, value, "Libellé")
            sheet.row_dimensions[self.row].height = _height(label, 44, 32)
        _finish(book, sheet, self.frame, f"A1:D{self.row}", "2:2")
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
        d, last, at = _DAYS[0], _DAYS[-1], prices.total_row
        filled = prices.filling
        days = [day for row in filled.jours.values() for day in row if day is not None]
        lines = [line for phase in frame.phases for line in phase.lignes]
        bearing = {line.livrable for line in lines}
        negative = "+".join(
            f'COUNTIF({PRICES}!{d}{start}:{last}{end},"<0")' for start, end in prices.spans
        )
        nil = "+".join(f"COUNTIF({PRICES}!{_PRICE}{start}:{_PRICE}{end},0)" for start, end in prices.spans)
        unpriced = sum(
            bool(count) and not rate
            for count, rate in zip(prices.total.par_profil, filled.tarifs, strict=True)
        )
        sessions = sum(line.poste.startswith("Session") for line in lines)
        return [
            (
                "jours positifs ou nuls",
                f'=IF({negative}=0,"{_OK}","À corriger : un nombre de jours est négatif")',
                _OK if all(day >= 0 for day in days) else "À corriger : un nombre de jours est négatif",
            ),
            (
                "chaque profil qui a des jours a son prix",
                f"=IF(SUMPRODUCT(({PRICES}!{d}{at}:{last}{at}>0)*({PRICES}!{d}{RATES}:{last}{RATES}=0))=0,"
                f'"{_OK}","À compléter : un profil a des jours sans prix journalier")',
                "À compléter : un profil a des jours sans prix journalier" if unpriced else _OK,
            ),
            (
                "chaque poste est chiffré",
                f'=IF({nil}=0,"{_OK}","À compléter ou à confirmer : "&({nil})&" poste(s) sans montant")',
                f"À compléter ou à confirmer : {prices.nil_lines} poste(s) sans montant"
                if prices.nil_lines
                else _OK,
            ),
            (
                f"au moins une ligne pour chacun des livrables {enumerer(frame.livrables)}",
                f"=IF(SUMPRODUCT(--(COUNTIF({PRICES}!$C${FIRST}:$C${at - 1},"
                f"{LISTS}!$B$2:$B${len(frame.livrables) + 1})=0))=0,"
                f'"{_OK}","À corriger : un livrable n’a pas de ligne")',
                _OK if bearing >= set(frame.livrables) else "À corriger : un livrable n’a pas de ligne",
            ),
            (
                "trois lignes de session",
                f'=IF(COUNTIF({PRICES}!$B${FIRST}:$B${at - 1},"Session*")='
                f'3,"{_OK}","À corriger : trois lignes de session sont attendues")',
                _OK if sessions == 3 else "À corriger : trois lignes de session sont attendues",
            ),
            (
                "taux de TVA saisi",
                f'=IF(ISNUMBER(TAUX_TVA),"{_OK}","À compléter : choisissez le taux de TVA")',
                _OK if frame.taux is not None else "À compléter : choisissez le taux de TVA",
            ),
        ]
