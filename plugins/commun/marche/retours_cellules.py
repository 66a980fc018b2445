"""One cell of a returned workbook: what the frame printed there, or what the bidder entered."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from assembler_plugins.commun.marche.retours import MAJEURE, MINEURE, Anomalie
from assembler_plugins.commun.marche.retours_classeur import Cellule

from assembler.french import date_courte, montant, nombre, pourcent

__all__ = ["affichee", "anomalie", "egales", "libelle", "saisie"]

_FIRST_DAY, _LAST_DAY = dt.date(1899, 12, 30), 2_958_465
"""As Excel counts days."""
_GREATEST = Decimal("999999.99")
_TOLERANCE = Decimal("1e-9")
"""Below the least unit that the frame rounds to."""


def saisie(genre: str, cell: Cellule | None) -> Anomalie | None:
    """Return what is wrong with what was entered in a cell of the frame, or None.

    Args:
        genre: what the frame expects there (see :class:`Cellule`).
        cell: what stands there; an empty cell is judged with its line.
    """
    if cell is None or cell.valeur in (None, "") or genre == "texte":
        return None
    value = cell.valeur
    if cell.erreur:
        return _told("erreur", MAJEURE, f"La cellule affiche « {value} ».", value)
    if not isinstance(value, Decimal):
        what = {"montant": "un prix", "taux": "un taux"}.get(genre, "un nombre de jours")
        return _told(
            "texte", MAJEURE, f"« {str(value)[:80]} » est un texte : on attend {what} en chiffres.", value
        )
    if told := _amount(value) if genre == "montant" else _rate(value) if genre == "taux" else _days(value):
        return told
    if cell.formule is not None:
        shown = montant(value) if genre == "montant" else nombre(value)
        return _told("formule_saisie", MINEURE, f"La saisie est une formule, qui donne {shown}.", shown)
    return None


def _told(genre: str, gravite: str, message: str, found: object) -> Anomalie:
    return Anomalie(genre=genre, gravite=gravite, message=message, trouve=str(found)[:80])


def _amount(value: Decimal) -> Anomalie | None:
    shown = f"{nombre(value)}\u00a0€"
    if value < 0:
        return _told("negatif", MAJEURE, f"Le prix est négatif : {shown}.", shown)
    if value != value.quantize(Decimal("0.01")):
        return _told("decimales", MAJEURE, f"Le prix a plus de deux décimales : {shown}.", shown)
    if value > _GREATEST:
        return _told("valeur", MAJEURE, f"Le prix dépasse {montant(_GREATEST)} : {shown}.", shown)
    return None


def _days(value: Decimal) -> Anomalie | None:
    shown = nombre(value)
    if value < 0:
        return _told("negatif", MAJEURE, f"Le nombre de jours est négatif : {shown}.", shown)
    if value * 4 % 1:
        return _told("valeur", MINEURE, f"Le nombre de jours n’est pas en quarts de jour : {shown}.", shown)
    return None


def _rate(value: Decimal) -> Anomalie | None:
    if 0 <= value < 1:
        return None
    return _told("valeur", MAJEURE, f"Le taux de TVA n’en est pas un : {nombre(value * 100)}\u00a0%.", value)


def libelle(cell: Cellule, now: Cellule | None) -> Anomalie | None:
    """Compare what the frame printed and locked."""
    if cell.valeur in (None, ""):
        return None
    found = None if now is None else now.valeur
    if found is not None and egales(cell.valeur, found) and (now is None or now.formule is None):
        return None
    if cell.genre == "date" and isinstance(found, Decimal):
        here, there = affichee(found, "date"), affichee(cell.valeur, "date")
        told = f"Le classeur est daté du {here}, le cadre comparé du {there} : est-ce l’édition envoyée ?"
        return anomalie("edition", MINEURE, told, there, here)
    text = isinstance(cell.valeur, str)
    kind, what = ("libelle", "Le libellé") if text else ("quantite", "Le nombre inscrit par l’acheteur")
    expected = affichee(cell.valeur, cell.genre)
    if found in (None, ""):
        return anomalie(kind, MAJEURE, f"{what} « {expected} » a été effacé.", expected)
    shown = affichee(found, cell.genre)
    return anomalie(kind, MAJEURE, f"{what} « {expected} » est devenu « {shown} ».", expected, shown)


def anomalie(
    genre: str, gravite: str, message: str, attendu: object = None, trouve: object = None
) -> Anomalie:
    """Return an anomaly of a cell; where it stands is for the caller to say."""
    return Anomalie(
        genre=genre,
        gravite=gravite,
        message=message,
        attendu=str(attendu) if attendu else None,
        trouve=str(trouve) if trouve else None,
    )


def egales(expected: object, found: object) -> bool:
    """Tell whether two values are the same; spaces of any kind are."""
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        return abs(expected - found) < _TOLERANCE
    if isinstance(expected, str) and isinstance(found, str):
        return " ".join(expected.split()) == " ".join(found.split())
    return expected == found or (expected in (None, "") and found in (None, ""))


def affichee(value: object, kind: str) -> str:
    """Return a value as a person reads it, cut short."""
    if isinstance(value, Decimal):
        if kind == "montant" and value == value.quantize(Decimal("0.01")):
            return montant(value)
        if kind == "date" and 0 <= value < _LAST_DAY:
            return date_courte(_FIRST_DAY + dt.timedelta(days=int(value)))
        return pourcent(value * 100) if kind == "taux" else nombre(value)
    text = " ".join(str("" if value is None else value).split())
    return f"{text[:80]}…" if len(text) > 81 else text
