"""What a returned price schedule offers: candidate, daily rates, totals carried and computed again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from assembler_plugins.commun.marche.dpgf_calcul import WRONG
from assembler_plugins.commun.marche.dpgf_mise_en_page import (
    COSTS,
    DAYS,
    LABELS,
    PRICE,
    PRICES,
    RATES,
    SHARING,
)
from assembler_plugins.commun.marche.retours import MAJEURE, MINEURE, Anomalie
from assembler_plugins.commun.marche.retours_calcul import Calcul, Incalculable
from assembler_plugins.commun.marche.retours_classeur import Cellule, Classeur
from openpyxl.utils import column_index_from_string

from assembler.french import enumerer, montant

__all__ = ["Prix"]

_TOTALS = {
    "ht": ("TOTAL_HT", "total HT"),
    "tva": ("TOTAL_TVA", "montant de la TVA"),
    "ttc": ("TOTAL_TTC", "total TTC"),
}
_PLACE = re.compile(r"'?(.+?)'?!\$?([A-Z]+)\$?(\d+)")
_NUMBER = re.compile(r"[A-Z]?\d+(?:\.\d+)*")


class Prix:
    """The figures of an offer.

    Args:
        cadre: the frame.
        cellule: gives what stands now at a cell of the frame.
        ou: gives the sheet and the cell where it stands now.
    """

    def __init__(
        self,
        cadre: Classeur,
        cellule: Callable[[str, int, int], Cellule | None],
        ou: Callable[[str, int, int], tuple[str, str]],
    ) -> None:
        self._frame, self._cell, self._where = cadre, cellule, ou
        self._again = Calcul(cadre.noms, self._entered)
        self._known: dict[tuple[str, int, int], Any] = {}
        self.non_verifie: list[str] = []
        name = self._named("CANDIDAT")
        self.candidat = " ".join(name.split()) or None if isinstance(name, str) else None
        self.totaux = {key: self._decimal(self._named(name)) for key, (name, _) in _TOTALS.items()}
        self.recalcules = {key: self._decimal(self._computed(name)) for key, (name, _) in _TOTALS.items()}
        self.tarifs = tuple(self._rates())

    # -- values --------------------------------------------------------------------------------------

    def _place(self, name: str) -> tuple[str, int, int] | None:
        found = _PLACE.fullmatch(self._frame.noms.get(name, ""))
        return (found[1], int(found[3]), column_index_from_string(found[2])) if found else None

    def _named(self, name: str) -> Any:
        place = self._place(name)
        cell = self._cell(*place) if place else None
        return None if cell is None or cell.erreur else cell.valeur

    @staticmethod
    def _decimal(value: Any) -> Decimal | None:
        return value if isinstance(value, Decimal) else None

    def _calculated(self, name: str) -> bool:
        """Tell whether the cell of a name was calculated, or holds no formula any more."""
        place = self._place(name)
        cell = self._cell(*place) if place else None
        return cell is None or cell.formule is None or cell.valeur is not None

    def _computed(self, name: str) -> Any:
        place = self._place(name)
        return self.calcule(*place) if place else None

    def calcule(self, title: str, row: int, column: int) -> Any:
        """Return what a cell of the frame comes to from what was entered alone, None if it cannot be told."""
        try:
            return self._entered(title, row, column)
        except Incalculable:
            return None

    def _entered(self, title: str, row: int, column: int) -> Any:
        """Return a value that rests on nothing but what was entered and what the frame printed."""
        place = (title, row, column)
        if place not in self._known:
            sheet = self._frame.feuille(title)
            cell = sheet.cellules.get((row, column)) if sheet else None
            if cell is None or (cell.verrouillee and cell.formule is None):
                self._known[place] = None if cell is None else cell.valeur
            elif cell.formule is None:
                now = self._cell(title, row, column)
                if now is not None and now.erreur:
                    raise Incalculable(f"une saisie affiche {now.valeur}")
                value = None if now is None else now.valeur
                # A text where a number should be is told where it stands; it counts for nothing.
                self._known[place] = value if isinstance(value, Decimal) or cell.genre == "texte" else None
            else:
                self._known[place] = self._again.valeur(cell.formule, title)
        return self._known[place]

    def _rates(self) -> Iterator[Mapping[str, Any]]:
        for letter in DAYS:
            column = column_index_from_string(letter)
            label, rate = self._cell(PRICES, LABELS, column), self._cell(PRICES, RATES, column)
            if rate is not None and isinstance(rate.valeur, Decimal):
                name = str(label.valeur or "") if label is not None else ""
                yield {"profil": name, "prix": rate.valeur, "cellule": self._where(PRICES, RATES, column)[1]}

    # -- anomalies -----------------------------------------------------------------------------------

    def anomalies(self) -> Iterator[Anomalie]:
        """Yield what the whole lacks: candidate, prices, sharing, totals."""
        if self.candidat is None:
            yield self._at("CANDIDAT", "candidat", "Le nom du candidat n’est pas indiqué.")
        yield from self._profiles()
        yield from self._lines()
        yield from self._sharing()
        yield from self._totals()

    def _at(self, name: str, genre: str, message: str, gravite: str = MAJEURE, **rest: Any) -> Anomalie:
        place = self._place(name)
        title, cell = self._where(*place) if place else (None, None)
        return Anomalie(genre=genre, gravite=gravite, feuille=title, cellule=cell, message=message, **rest)

    def _on(self, row: int, letter: str, genre: str, message: str, gravite: str = MAJEURE) -> Anomalie:
        title, cell = self._where(PRICES, row, column_index_from_string(letter))
        return Anomalie(genre=genre, gravite=gravite, feuille=title, cellule=cell, message=message)

    def _entry(self, row: int, letter: str) -> Any:
        cell = self._cell(PRICES, row, column_index_from_string(letter))
        return None if cell is None else cell.valeur

    def _line_rows(self) -> list[tuple[int, str]]:
        """Return the rows to price: those whose costs are to be entered, with their numbers."""
        sheet = self._frame.feuille(PRICES)
        costs = column_index_from_string(COSTS)
        found = []
        for (row, column), cell in sorted(sheet.cellules.items()) if sheet else ():
            number = sheet.cellules.get((row, 1)) if sheet else None
            text = str(number.valeur) if number is not None and number.valeur else ""
            if column == costs and not cell.verrouillee and _NUMBER.fullmatch(text):
                found.append((row, text))
        return found

    def _profiles(self) -> Iterator[Anomalie]:
        rows = self._line_rows()
        for letter in DAYS:
            used = any(self._entry(row, letter) not in (None, "", 0) for row, _ in rows)
            if used and self._entry(RATES, letter) in (None, "", 0):
                label = self._entry(LABELS, letter) or letter
                told = f"Le profil « {label} » a des jours et n’a pas de prix journalier."
                yield self._on(RATES, letter, "prix_manquant", told)

    def _lines(self) -> Iterator[Anomalie]:
        """Yield the lines left without any entry, in one sentence, then those that come to nothing."""
        price = column_index_from_string(PRICE)
        missing = [
            (row, number)
            for row, number in self._line_rows()
            if all(self._entry(row, letter) in (None, "") for letter in (*DAYS, COSTS))
        ]
        if missing:
            many = len(missing) > 1
            told = (
                f"{'Les postes' if many else 'Le poste'} {enumerer(number for _, number in missing)} "
                f"{'ne sont pas chiffrés' if many else 'n’est pas chiffré'} : ni jours, ni frais."
            )
            yield self._on(missing[0][0], PRICE, "prix_manquant", told)
        for row, number in self._line_rows():
            try:
                nil = (row, number) not in missing and self._entered(PRICES, row, price) == 0
            except Incalculable:
                continue  # a text was entered: told where it stands
            if nil:
                told = f"Le poste {number} est à {montant(0)} : à confirmer, s’il est compris dans un autre."
                yield self._on(row, PRICE, "prix_nul", told, MINEURE)

    def _sharing(self) -> Iterator[Anomalie]:
        """Yield the frame's own verdict on the sharing between members, when it is not content."""
        sheet = self._frame.feuille(SHARING)
        if sheet is None:
            return
        row = next(
            (
                row
                for (row, column), one in sheet.cellules.items()
                if column == 2 and one.valeur == "Contrôle"
            ),
            0,
        )
        column = max(
            (column for (at, column), one in sheet.cellules.items() if at == row and one.formule), default=0
        )
        try:
            verdict = str(self._entered(SHARING, row, column) or "")
        except Incalculable:
            self.non_verifie.append("La répartition entre les membres n’a pas pu être recalculée.")
            return
        if verdict.startswith(WRONG):
            told = verdict.partition(":")[2].strip()
            yield Anomalie(
                genre="repartition", gravite=MAJEURE, feuille=SHARING, message=f"Répartition : {told}."
            )

    def _totals(self) -> Iterator[Anomalie]:
        rate = self._computed("TAUX_TVA")
        if not isinstance(rate, Decimal) and self.recalcules["tva"] is None:
            yield self._at("TAUX_TVA", "taux", "Le taux de TVA n’est pas indiqué.")
        for key, (name, label) in _TOTALS.items():
            carried, again = self.totaux[key], self.recalcules[key]
            if again is None:
                self.non_verifie.append(f"Le {label} n’a pas pu être recalculé d’après les saisies.")
            elif carried is None and self._calculated(name):
                told = f"Le {label} n’est pas porté ; recalculé, il est de {montant(again)}."
                yield self._at(name, "total", told, attendu=montant(again))
            elif carried is not None and carried != again:
                told = f"Le {label} porté est de {montant(carried)} ; recalculé, il est de {montant(again)}."
                yield self._at(name, "total", told, attendu=montant(again), trouve=montant(carried))
