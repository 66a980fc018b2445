"""Checks of the price schedules that came back, compared with the frame when the dossier was read (MAR).

What was found cell by cell stands in the facts; what takes the fiche and the accord-cadre to be told
(who offers, the amount of the acte d'engagement, the ceilings) is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from assembler_plugins.commun.faits import absent, pieces, refused
from assembler_plugins.commun.marche.accord import memes
from assembler_plugins.commun.marche.retours import MAJEURE, REFAIT, designe

from assembler.french import enumerer, montant
from assembler.model import Frozen, Location, Observation, State, dig
from assembler.text import plain

__all__ = ["offres_conformes_au_cadre"]

_RECORD = "referentiels.accord_cadre"
_SMALL = frozenset("jour journee de d du des la le les l en a un une ou et".split())  # noqa: SIM905
_BOUND = {"plafond", "identique"}


def offres_conformes_au_cadre(facts: Frozen) -> Iterator[Observation]:
    """Report in what the price schedules returned depart from the frame, the fiche and the accord-cadre.

    A light difference (a formula replaced by its own value) is for the eye; nothing is ever mended.
    """
    found = [one for one in pieces(facts, "offre") if one[1].get("prix") or one[1].get("non_examine")]
    if not found:
        yield absent("Aucun classeur de prix n’a été rendu.")
    for path, piece in found:
        where = Location(piece="offre", fichier=str(piece.get("fichier") or ""))
        if piece.get("non_examine"):
            yield _unverified(str(piece["non_examine"]), path, where)
            continue
        prices = piece["prix"]
        yield from _anomalies(prices, path, where)
        if not dig(prices, "totaux"):
            continue  # no schedule: already said
        for message in (*_candidate(facts, piece), *_amount(facts, piece)):
            yield refused(message, path, where=where)
        yield from _ceilings(facts, piece, path, where)


def _unverified(message: str, path: str, where: Location) -> Observation:
    return Observation(state=State.NON_VERIFIE, message=message, path=path, location=where)


def _anomalies(prices: Mapping[str, Any], path: str, where: Location) -> Iterator[Observation]:
    for rank, one in enumerate(prices.get("anomalies") or ()):
        grave = one.get("gravite") == MAJEURE
        frame = f" (comparé au {REFAIT})" if not rank and prices.get("cadre") == REFAIT else ""
        yield Observation(
            state=State.NON_CONFORME if grave else State.A_VOIR,
            message=f"{one.get('message')}{frame}",
            path=path,
            value=one.get("trouve"),
            location=_at(where, one.get("feuille"), one.get("cellule"), one.get("attendu")),
        )
    for told in prices.get("non_verifie") or ():
        yield _unverified(str(told), path, where)


def _at(where: Location, sheet: Any, cell: Any, expected: Any = None) -> Location:
    return Location(
        piece=where.piece, fichier=where.fichier, feuille=sheet, cellule=cell, extrait=expected or None
    )


# --- who offers, and how much --------------------------------------------------------------------------


def _holder(facts: Frozen, piece: Mapping[str, Any]) -> str | None:
    """Return the titulaire whose offer it is: by the fiche, else by the file's name and the candidate's."""
    name = str(piece.get("fichier") or "")
    if given := designe(facts.get("fiche") or {}, name).get("titulaire"):
        return str(given)
    said = plain(f"{name} {dig(piece, 'prix.candidat', '')}")
    known = [
        str(one) for one in dig(facts, "fiche.marche.titulaires_consultes", ()) if plain(str(one)) in said
    ]
    return known[0] if len(known) == 1 else None


def _candidate(facts: Frozen, piece: Mapping[str, Any]) -> Iterator[str]:
    said = dig(piece, "prix.candidat")
    if not said:
        return  # an anomaly of the workbook
    given = designe(facts.get("fiche") or {}, str(piece.get("fichier") or "")).get("titulaire")
    consulted = [str(one) for one in dig(facts, "fiche.marche.titulaires_consultes", ())]
    if given and plain(str(given)) not in plain(said):
        yield f"Le classeur est au nom de « {said} » ; la fiche donne cette offre à « {given} »."
    elif not given and consulted and not any(plain(one) in plain(said) for one in consulted):
        yield f"Le classeur est au nom de « {said} », qui n’est pas parmi les titulaires consultés."


def _amount(facts: Frozen, piece: Mapping[str, Any]) -> Iterator[str]:
    engaged = designe(facts.get("fiche") or {}, str(piece.get("fichier") or "")).get("montant_ht")
    carried = dig(piece, "prix.totaux.ht")
    if isinstance(engaged, Decimal) and isinstance(carried, Decimal) and engaged != carried:
        yield (
            f"L’acte d’engagement porte {montant(engaged)} HT (champ « offres.montant_ht ») ; "
            f"la DPGF porte {montant(carried)} HT."
        )


# --- the prices of the accord-cadre --------------------------------------------------------------------


def _ceilings(facts: Frozen, piece: Mapping[str, Any], path: str, where: Location) -> Iterator[Observation]:
    rates = dig(piece, "prix.tarifs", ())
    record = dig(facts, _RECORD)
    if record is None:
        told = dig(facts, f"dossier.{_RECORD}", {})
        if told.get("etat") == State.NON_VERIFIE.value and rates:
            yield _unverified(
                f"Prix non comparés à ceux de l’accord-cadre : {told.get('motif')}.", path, where
            )
        return
    rule, holder = record.get("regle_prix"), _holder(facts, piece)
    if rule not in _BOUND or not rates:
        return
    rows = [
        one for one in record.get("bordereau") or () if one.get("prix_ht") is not None
        and memes(one.get("titulaire"), holder) and plain(str(one.get("unite") or "")) == "jour"
    ]  # fmt: skip
    unknown: list[str] = []
    for rate in rates:
        due = _price_of(str(rate.get("profil") or ""), rows)
        if due is None:
            unknown.append(f"« {rate.get('profil')} »")
        elif rate["prix"] > due["prix_ht"] if rule == "plafond" else rate["prix"] != due["prix_ht"]:
            what = "dépasse" if rule == "plafond" else "n’est pas"
            yield refused(
                f"Le prix journalier de « {rate['profil']} », {montant(rate['prix'])}, {what} celui du "
                f"bordereau de l’accord-cadre : {due.get('numero')}, {due['designation']}, "
                f"{montant(due['prix_ht'])}.",
                path,
                rate["prix"],
                _at(where, "DPGF", rate.get("cellule"), montant(due["prix_ht"])),
            )
    if unknown:
        whose = f"du bordereau de « {holder or 'ce candidat'} »"
        told = f"Aucun prix {whose} n’a l’intitulé de {enumerer(unknown)} : non comparé."
        yield _unverified(told, path, where)


def _price_of(label: str, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the one price whose designation says the same as a profile, None when several or none do."""
    wanted = _words(label)
    found = [
        one
        for one in rows
        if wanted and (own := _words(str(one.get("designation") or ""))) and (wanted <= own or own <= wanted)
    ]
    return found[0] if len(found) == 1 else None


def _words(text: str) -> frozenset[str]:
    return frozenset(plain(text).split()) - _SMALL
