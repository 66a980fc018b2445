"""The workbook ``analyse-offres``: the buyer's own, never handed out.

Cover, criteria, points to look at and anomalies are here; what computes is in
:mod:`assembler_plugins.commun.marche.analyse_feuilles`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from assembler_plugins.commun.lettres import atelier, chef_de_file
from assembler_plugins.commun.tva import taux_du_marche
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from assembler.contributions import Case, Copy
from assembler.french import date_courte, enumerer, majuscule, typo
from assembler.model import dig
from assembler.rendering.xlsx import Workbook

from .accord import accord_cadre
from .analyse import Analyse, analyser
from .analyse_classement import RANKING, ranking
from .analyse_feuilles import FIRST, HEADER, Terms, head, marks, offers
from .dpgf_mise_en_page import height
from .points import COLONNES, anomalies, points
from .titulaires import consultes, nom_officiel

__all__ = ["build"]

TITLE = "Analyse des offres"
COVER, CRITERIA, POINTS, ANOMALIES = "Page de garde", "Critères", "Points à vérifier", "Anomalies"
_UNDER_TEXTS = Alignment(horizontal="left", vertical="center", indent=1)
_INTERNAL = (
    "Document interne à l’acheteur, préparatoire au choix : il ne se communique pas aux titulaires. Les "
    "notes complétées ici se reportent dans la fiche du dossier (champ « offres ») : les lettres les y "
    "lisent."
)


def build(case: Case, copy: Copy) -> bytes:  # noqa: ARG001 - one copy
    """Return the workbook of the analysis of the offers."""
    return _Analysis(case).write()


class _Analysis:
    """The workbook being written."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.found: Analyse = analyser(case)
        self.number = str(dig(case.fiche, "marche.numero") or "à compléter")
        self.object = atelier(case.fiche, case.format.title)["nom"] or case.format.title
        self.buyer = typo(str(chef_de_file(case.fiche).get("nom") or ""))
        self.book = Workbook(
            title=f"{TITLE} – {self.object}",
            subject=f"Marché subséquent n° {self.number} – document interne",
            author=self.buyer,
            edition=case.edition,
        )

    def write(self) -> bytes:
        """Return the bytes of the workbook."""
        self._cover()
        weights = self._criteria()
        fiche, rate = self.case.fiche, taux_du_marche(self.case)
        terms = Terms(
            taux=rate.fraction if rate else None,
            limite=dig(fiche, "marche.date_limite_offres"),
            enveloppe=dig(fiche, "financement.montant"),
            base=dig(fiche, "financement.base"),
        )
        offers(self.book, self.found, terms)
        area = ranking(self.book, self.found, marks(self.book, self.found, weights))
        self._points()
        self._anomalies()
        for sheet in self.book.book.worksheets:
            self._page(sheet, area if sheet.title == RANKING else None)
        self.book.protect()
        self.book.book.active = 0
        return self.book.finish()

    def _page(self, sheet: Worksheet, area: str | None) -> None:
        self.book.print_setup(
            sheet,
            left=f"Marché subséquent n° {self.number}",
            right=f"{TITLE} – {sheet.title}",
            version=f"Édition du {date_courte(self.case.edition)}",
            area=area or sheet.dimensions,
            header_rows=f"{HEADER}:{HEADER}" if sheet.title != COVER else None,
        )
        sheet.oddFooter.left.text = "Document interne à l’acheteur"

    def _cover(self) -> None:
        book, case, found = self.book, self.case, self.found
        sheet = book.sheet(COVER)
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 42, 96
        book.put_text(sheet["A1"], TITLE, "Titre du document")
        sheet.row_dimensions[1].height = 30
        book.put_text(sheet["A2"], "Désignation", "En-tête")
        book.put_text(sheet["B2"], "Contenu", "En-tête")
        rate = taux_du_marche(case)
        asked = [nom_officiel(case, one) for one in consultes(case)]
        silent = [one for one in asked if found.de(one) is None]
        amount, base = dig(case.fiche, "financement.montant"), dig(case.fiche, "financement.base")
        rows: Sequence[tuple[str, object, str]] = (
            ("Usage", typo(_INTERNAL), "Libellé"),
            ("Marché subséquent n°", self.number, "Libellé"),
            ("Accord-cadre n°", str(accord_cadre(case)["numero"] or "à compléter"), "Libellé"),
            ("Objet", self.object, "Libellé"),
            ("Acheteur", self.buyer or "à compléter", "Libellé"),
            ("Établi le", case.edition, "Date"),
            ("Titulaires consultés", enumerer(asked) or "non renseignés", "Libellé"),
            ("Sans offre reçue", enumerer(silent) or "aucun", "Libellé"),
            ("Date limite de remise des offres", dig(case.fiche, "marche.date_limite_offres"), "Date"),
            (
                "Taux de TVA" + ("" if rate else " (à compléter)"),
                rate.fraction if rate else None,
                "Part" if rate else "Saisie part",
            ),
            ("Raison du taux", _why(rate and rate.motif, bool(rate and rate.propose)), "Libellé"),
            (
                "Note maximale de chaque critère" + ("" if found.note_max else " (à compléter)"),
                found.note_max,
                "Jours" if found.note_max else "Saisie jours",
            ),
            ("Enveloppe de l’acheteur", amount, "Montant"),
            ("Base de l’enveloppe", str(base or "à préciser (HT ou TTC)"), "Libellé"),
        )
        for row, (label, value, style) in enumerate(rows, 3):
            book.put_text(sheet.cell(row, 1), label, "Libellé gras")
            cell = sheet.cell(row, 2)
            if isinstance(value, str):
                book.put_text(cell, value, style)
            else:
                assert value is None or isinstance(value, (Decimal, dt.date))
                book.put_number(cell, value, style)
                cell.alignment = _UNDER_TEXTS
                if isinstance(value, dt.datetime):
                    cell.number_format = "dd/mm/yyyy hh:mm"
            sheet.row_dimensions[row].height = height(str(value), 96, 24)
        for name, row in {"DATE_LIMITE": 11, "TAUX_TVA": 12, "NOTE_MAX": 14, "ENVELOPPE": 15}.items():
            book.name(name, sheet.cell(row, 2))
        book.validate(sheet, "B12", kind="decimal", formula="0", message="Taux de TVA, de 0 % à 100 %.")
        rule = sheet.data_validations.dataValidation[-1]
        rule.operator, rule.formula2 = "between", "1"
        book.validate(
            sheet,
            "B14",
            kind="custom",
            formula="AND(ISNUMBER(B14),B14>0)",
            message="Note maximale : un nombre positif.",
        )

    def _criteria(self) -> dict[str, str]:
        """Write the criteria and return where the weight of each stands."""
        book, sheet, found = self.book, self.book.sheet(CRITERIA), self.found
        number = accord_cadre(self.case)["numero"]
        taken = accord_cadre(self.case)["criteres"]
        head(
            book,
            sheet,
            "Critères d’attribution",
            f"Critères de l’accord-cadre n° {number}, avec leur pondération."
            if taken
            else "Critères de la fiche du dossier : la fiche de l’accord-cadre ne les donne pas.",
            {"A": ("N°", 8), "B": ("Critère", 60), "C": ("Pondération (%)", 18), "D": ("Notation", 60)},
        )
        last = FIRST + len(found.criteres) - 1
        for row, one in enumerate(found.criteres, FIRST):
            book.put_number(sheet[f"A{row}"], row - FIRST + 1, "Libellé")
            book.put_text(sheet[f"B{row}"], one.intitule, "Libellé")
            book.put_number(sheet[f"C{row}"], one.poids, "Jours")
            said = (
                "Note maximale × (montant le plus bas / montant de l’offre)" if one.calcule else "Note saisie"
            )
            book.put_text(sheet[f"D{row}"], said, "Libellé")
            sheet.row_dimensions[row].height = height(one.intitule, 60, 24)
        row = last + 1
        total = sum((one.poids for one in found.criteres), Decimal(0))
        book.put_text(sheet[f"A{row}"], "", "Libellé gras")
        book.put_text(sheet[f"B{row}"], "Total", "Libellé gras")
        span = f"C{FIRST}:C{last}"
        book.put_formula(sheet[f"C{row}"], f"=SUM({span})" if found.criteres else "=0", total, "Jours gras")
        right, wrong = "Conforme\u00a0: la somme fait 100", "À corriger\u00a0: la somme doit faire 100"
        book.put_formula(
            sheet[f"D{row}"],
            f'=IF(ROUND(C{row},2)=100,"{right}","{wrong}")',
            right if total == 100 else wrong,
            "Libellé gras",
        )
        sheet.row_dimensions[row].height = 24
        return {one.intitule: f"{CRITERIA}!C{row}" for row, one in enumerate(found.criteres, FIRST)}

    def _points(self) -> None:
        book, sheet = self.book, self.book.sheet(POINTS)
        head(
            book,
            sheet,
            POINTS,
            "Ce qui reste à regarder ou à confirmer avant le choix et la notification.",
            {"A": ("Sujet", 26), "B": ("Ce qui est à vérifier", 115)},
        )
        rows = points(self.case, self.found) or [("Tous les sujets", "Aucun point relevé.")]
        for row, (subject, text) in enumerate(rows, FIRST):
            book.put_text(sheet[f"A{row}"], subject, "Libellé gras")
            book.put_text(sheet[f"B{row}"], typo(text), "Libellé")
            sheet.row_dimensions[row].height = height(text, 115, 24)

    def _anomalies(self) -> None:
        book, sheet = self.book, self.book.sheet(ANOMALIES)
        told = anomalies(self.case)
        head(
            book,
            sheet,
            "Anomalies des classeurs rendus",
            "Classeurs non comparés au cadre : aucun classeur rendu n’a été lu."
            if told is None
            else "Écarts entre les classeurs rendus et le cadre remis ; aucun n’est corrigé.",
            {
                "A": ("Fichier", 46),
                "B": ("Feuille", 20),
                "C": ("Cellule", 12),
                "D": ("Gravité", 14),
                "E": ("Anomalie", 76),
            },
        )
        empty = "Classeurs non comparés" if told is None else "Aucune anomalie relevée"
        rows = told or [dict.fromkeys(COLONNES, "–") | {"message": empty}]
        for row, one in enumerate(rows, FIRST):
            for column, key in enumerate(COLONNES, 1):
                text = one[key] if key != "message" else typo(one[key])
                book.put_text(sheet.cell(row, column), text, "Libellé")
            sheet.row_dimensions[row].height = height(one["message"], 76, 24)


def _why(motif: str | None, proposed: bool) -> str:
    if proposed:
        return typo(f"Taux proposé pour ce territoire, à confirmer : {motif}")
    return majuscule(typo(motif)) if motif else "non renseignée"
