"""A returned price schedule compared with the frame that was sent, cell by cell (documents.md § 6.7).

A report, never a repair: the buyer may not fill in what is missing. Each formula of the frame is
computed again: where it stands, on the values around it, so that a fault is told once, where it is;
and from what was entered alone, for the totals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from assembler_plugins.commun.marche.retours import MAJEURE, MINEURE, Anomalie, Retour
from assembler_plugins.commun.marche.retours_calcul import Calcul, Incalculable, normale
from assembler_plugins.commun.marche.retours_cellules import affichee, anomalie, egales, libelle, saisie
from assembler_plugins.commun.marche.retours_classeur import Cellule, Classeur, Place
from assembler_plugins.commun.marche.retours_lecture import lire
from assembler_plugins.commun.marche.retours_prix import Prix
from assembler_plugins.commun.marche.retours_structure import (
    Appariement,
    apparier,
    feuilles_appariees,
    ressemblance,
)
from openpyxl.utils import get_column_letter

from assembler.errors import ReadingError
from assembler.french import enumerer, pluriel
from assembler.readers.spreadsheet import read

__all__ = ["comparer"]

_MOST = 100
"""Anomalies told of one workbook."""
_STRANGER = 0.3
"""Share of the frame's texts below which the workbook is another one."""


def comparer(cadre: bytes, rendu: bytes, *, refait: bool = False) -> Retour:
    """Compare a returned workbook with its frame.

    Args:
        cadre: the frame, as sent.
        rendu: what came back (``xlsx``, ``xlsm`` or ``ods``).
        refait: the frame was made again from the fiche; its date is then another.

    Returns:
        What was found; a file that is no workbook is one anomaly.
    """
    try:
        reading, theirs = read(rendu), lire(rendu)
    except ReadingError as error:
        return Retour(anomalies=(Anomalie(genre="illisible", gravite=MAJEURE, message=str(error)),))
    ours = lire(cadre, vides=True)
    pairs = feuilles_appariees(ours, theirs)
    likeness = [ressemblance(one, pairs[one.titre]) if one.titre in pairs else 0.0
                for one in ours.feuilles if not one.cachee]  # fmt: skip
    if sum(likeness) < _STRANGER * len(likeness):
        told = "Ce classeur n’est pas le cadre de prix envoyé : ses feuilles et ses libellés sont autres."
        return Retour(anomalies=(Anomalie(genre="etranger", gravite=MAJEURE, message=told),))
    return _Comparaison(ours, theirs, refait=refait).retour(reading.macros, reading.objets_lies)


class _Comparaison:
    def __init__(self, ours: Classeur, theirs: Classeur, *, refait: bool) -> None:
        self.ours, self.theirs, self.refait = ours, theirs, refait
        self.pairs = {
            title: apparier(ours.feuille(title), sheet)  # type: ignore[arg-type]
            for title, sheet in feuilles_appariees(ours, theirs).items()
        }
        self.moved = any(one.deplacee for one in self.pairs.values())
        self.here = Calcul(ours.noms, self.valeur)
        self.prices = Prix(ours, self.cellule, self.ou)
        self.uncalculated = 0

    def cellule(self, title: str, row: int, column: int) -> Cellule | None:
        """Return what stands now at a cell of the frame."""
        pair = self.pairs.get(title)
        place = pair.place(row, column) if pair else None
        return pair.rendu.cellules.get(place) if pair and place else None

    def valeur(self, title: str, row: int, column: int) -> Decimal | str | bool | None:
        """Return the value that stands now at a cell of the frame; of a sheet that is gone, the frame's."""
        if title in self.pairs:
            cell = self.cellule(title, row, column)
        else:
            sheet = self.ours.feuille(title)
            cell = sheet.cellules.get((row, column)) if sheet else None
        if cell is not None and cell.erreur:
            raise Incalculable(f"{title} affiche {cell.valeur}")
        return None if cell is None else cell.valeur

    def ou(self, title: str, row: int, column: int) -> tuple[str, str]:
        """Return the sheet and the cell where a cell of the frame stands now."""
        pair = self.pairs.get(title)
        row, column = (pair.place(row, column) if pair else None) or (row, column)
        return pair.rendu.titre if pair else title, f"{get_column_letter(column)}{row}"

    def retour(self, macros: int, links: int) -> Retour:
        """Return everything that was found, in the order of the workbook."""
        found = [*self._package(macros, links), *self._sheets()]
        for pair in self.pairs.values():
            told = [*self._moves(pair), *self._cells(pair), *self._additions(pair)]
            if pair.cadre.cachee and len(told) > 1:
                more = f" (et {pluriel(len(told) - 1, 'autre')} dans cette feuille masquée)"
                told = [replace(told[0], message=told[0].message.rstrip(".") + f"{more}.")]
            found += told
        prices = self.prices
        found += prices.anomalies()
        unseen = list(prices.non_verifie)
        if self.uncalculated:
            unseen.append(
                f"{pluriel(self.uncalculated, 'formule')} sans valeur enregistrée : le classeur n’a pas été "
                "recalculé par son tableur."
            )
        if not self.theirs.comparable:
            unseen.append(
                "Le texte des formules d’un fichier .ods n’est pas comparé ; leurs résultats le sont."
            )
        if len(found) > _MOST:
            unseen.append(f"{len(found) - _MOST} autres anomalies ne sont pas détaillées.")
        return Retour(
            candidat=prices.candidat,
            totaux=prices.totaux,
            recalcules=prices.recalcules,
            tarifs=prices.tarifs,
            anomalies=tuple(found[:_MOST]),
            non_verifie=tuple(unseen),
        )

    # -- the whole -----------------------------------------------------------------------------------

    def _package(self, macros: int, links: int) -> Iterator[Anomalie]:
        if macros:
            yield Anomalie(genre="macro", gravite=MAJEURE, message="Le classeur contient des macros.")
        if links:
            told = "Le classeur contient un lien vers un autre fichier ou un programme."
            yield Anomalie(genre="lien", gravite=MAJEURE, message=told)

    def _sheets(self) -> Iterator[Anomalie]:
        kept = [one.rendu for one in self.pairs.values()]
        for sheet in self.ours.feuilles:
            if sheet.titre not in self.pairs:
                told = f"La feuille « {sheet.titre} » a été supprimée."
                yield Anomalie(genre="feuille", gravite=MAJEURE, feuille=sheet.titre, message=told)
            elif (name := self.pairs[sheet.titre].rendu.titre).casefold() != sheet.titre.casefold():
                told = f"La feuille « {sheet.titre} » a été renommée « {name} »."
                yield Anomalie(genre="feuille", gravite=MINEURE, feuille=name, message=told)
        for sheet in self.theirs.feuilles:
            if sheet in kept:
                continue
            kind, grave = ("feuille_masquee", MAJEURE) if sheet.cachee else ("feuille", MINEURE)
            told = f"La feuille {'masquée ' if sheet.cachee else ''}« {sheet.titre} » a été ajoutée."
            yield Anomalie(genre=kind, gravite=grave, feuille=sheet.titre, message=told)
        for pair in self.pairs.values():
            if pair.rendu.cachee and not pair.cadre.cachee:
                told = f"La feuille « {pair.rendu.titre} » a été masquée."
                yield Anomalie(
                    genre="feuille_masquee", gravite=MINEURE, feuille=pair.rendu.titre, message=told
                )

    def _moves(self, pair: Appariement) -> Iterator[Anomalie]:
        for kind, numbers, what in (
            ("ligne", pair.lignes_ajoutees, "ajoutée"),
            ("ligne", pair.lignes_supprimees, "supprimée"),
            ("colonne", pair.colonnes_ajoutees, "ajoutée"),
            ("colonne", pair.colonnes_supprimees, "supprimée"),
        ):
            if not numbers:
                continue
            names = [str(one) if kind == "ligne" else get_column_letter(one) for one in numbers[:10]]
            several = "s" if len(numbers) > 1 else ""
            where = " du cadre" if what == "supprimée" else ""
            yield Anomalie(
                genre=kind,
                gravite=MAJEURE,
                feuille=pair.rendu.titre,
                message=f"{kind.capitalize()}{several} {what}{several} : {enumerer(names)}{where}.",
            )

    # -- cell by cell --------------------------------------------------------------------------------

    def _cells(self, pair: Appariement) -> Iterator[Anomalie]:
        for row, column in sorted(pair.cadre.cellules):
            place = pair.place(row, column)
            if place is None:
                continue
            now = pair.rendu.cellules.get(place)
            told = self._cell(pair, (row, column), now)
            if told is not None:
                where = f"{get_column_letter(place[1])}{place[0]}"
                yield replace(told, feuille=pair.rendu.titre, cellule=where)

    def _cell(self, pair: Appariement, place: Place, now: Cellule | None) -> Anomalie | None:
        cell = pair.cadre.cellules[place]
        if cell.formule:
            return self._formula(pair.cadre.titre, place, cell, now)
        if not cell.verrouillee:
            return saisie(cell.genre, now)
        if cell.genre == "date" and self.refait:
            return None
        return libelle(cell, now)

    def _formula(self, title: str, place: Place, cell: Cellule, now: Cellule | None) -> Anomalie | None:
        assert cell.formule is not None  # _cell() has looked
        try:
            expected = self.here.valeur(cell.formule, title)
        except Incalculable:
            expected = None
        shown = "" if expected is None else affichee(expected, cell.genre)
        if now is None or (now.valeur is None and now.formule is None):
            if cell.valeur in (None, "") and expected in (None, ""):
                return None
            return anomalie("formule_effacee", MAJEURE, "La formule a été effacée.", shown)
        if now.erreur:
            return anomalie("erreur", MAJEURE, f"La cellule affiche « {now.valeur} ».", shown, now.valeur)
        intact = now.formule is not None and self._same(cell.formule, now.formule)
        if now.valeur is None:  # a formula that nobody has calculated
            self.uncalculated += 1
            return None if intact else anomalie("formule", MAJEURE, "La formule a été modifiée.")
        equal = expected is not None and egales(expected, now.valeur)
        if intact and (equal or expected is None):
            return None
        if expected is None:
            expected = self.prices.calcule(title, *place)
            shown, equal = affichee(expected, cell.genre), egales(expected, now.valeur)
        carried = affichee(now.valeur, cell.genre)
        lighter = equal or cell.genre not in ("montant", "")
        words = isinstance(expected, str) and "euro" in expected.casefold()
        if intact:
            what, kind = "La valeur enregistrée n’est pas celle de la formule", "calcul"
        elif now.formule is not None:
            what, kind = "La formule a été modifiée", "formule"
        else:
            what, kind = "La formule a été remplacée par une valeur", "formule_remplacee"
        if words and not equal:
            kind = "lettres"
            what += " ; les lettres ne disent pas le montant en chiffres"
        if expected is None:
            result = f"{carried}, que l’outil n’a pas pu recalculer"
        elif equal:
            result = f"{carried}, égale au calcul"
        else:
            result = f"{carried} au lieu de {shown}"
        return anomalie(kind, MINEURE if lighter else MAJEURE, f"{what} : {result}.", shown, carried)

    def _same(self, ours: str, theirs: str) -> bool:
        """Tell whether a formula is the frame's; where rows moved or in an ods, only its result is judged."""
        return not self.theirs.comparable or self.moved or normale(ours) == normale(theirs)

    def _additions(self, pair: Appariement) -> Iterator[Anomalie]:
        """Yield what stands in cells that the frame left empty and locked; new rows are told as such."""
        rows = {now: then for then, now in pair.lignes.items()}
        columns = {now: then for then, now in pair.colonnes.items()}
        for (row, column), cell in sorted(pair.rendu.cellules.items()):
            if row not in rows or column not in columns or cell.valeur in (None, ""):
                continue
            if (rows[row], columns[column]) in pair.cadre.cellules:
                continue
            shown = affichee(cell.valeur, cell.genre)
            yield Anomalie(
                genre="ajout",
                gravite=MAJEURE if isinstance(cell.valeur, Decimal) else MINEURE,
                feuille=pair.rendu.titre,
                cellule=f"{get_column_letter(column)}{row}",
                trouve=shown,
                message=f"Contenu ajouté dans une cellule vide du cadre : « {shown} ».",
            )
