"""Checks of a marché subséquent against its accord-cadre (MAR), whatever the format.

The record is the desk's reference file; without it the engine says so, and nothing here is concluded. What
neither the fiche nor the record states is not judged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from assembler_plugins.commun.faits import absent, day, items, refused, unstated

from assembler.french import ajouter_mois, enumerer, nombre, pluriel
from assembler.model import Frozen, Observation, State, dig
from assembler.text import plain

from .accord import mandataires, memes
from .limites import pendant_l_accord

__all__ = [
    "accord_designe",
    "accord_en_vigueur",
    "accord_justifie",
    "criteres_de_l_accord",
    "delai_de_reponse",
    "execution_dans_l_accord",
    "ponderations",
    "titulaires_consultes",
]

_MARCHE = "fiche.marche"
_NAMED = f"{_MARCHE}.accord_cadre"
_CONSULTED = f"{_MARCHE}.titulaires_consultes"
_CRITERIA = f"{_MARCHE}.criteres"
_FOUR_YEARS = 48
"""Months (code de la commande publique, L. 2125-1)."""


def _record(facts: Frozen) -> Mapping[str, Any]:
    found: Mapping[str, Any] = dig(facts, "referentiels.accord_cadre", {})
    return found


def _lots(record: Mapping[str, Any]) -> list[str]:
    """Return the numbers of the lots, those of the titulaires included."""
    listed = [one.get("numero") for one in record.get("lots") or ()]
    listed += [one.get("lot") for one in record.get("titulaires") or ()]
    return list(dict.fromkeys(str(one) for one in listed if one))


# --- the accord-cadre itself -------------------------------------------------------------------


def accord_designe(facts: Frozen) -> Iterator[Observation]:
    """Report an accord-cadre of another format than the dossier, or a lot that it has not."""
    if missing := unstated(facts, _NAMED):
        yield from missing
        return
    record, format_, lot = _record(facts), dig(facts, "dossier.format"), dig(facts, f"{_MARCHE}.lot")
    compared = False
    if record.get("format") and format_:
        compared = True
        if not memes(record["format"], format_):
            yield refused(
                f"Le dossier est au format « {format_} », l’accord-cadre au format « {record['format']} ».",
                _NAMED,
            )
    if lot and record:
        compared = True
        lots = _lots(record)
        if not any(memes(one, lot) for one in lots):
            told = f"ses lots sont {enumerer(lots)}" if lots else "il n’a aucun lot"
            yield refused(f"Le lot « {lot} » n’est pas de cet accord-cadre : {told}.", f"{_MARCHE}.lot", lot)
    if not compared:
        yield absent("Ni le format ni le lot ne sont dits des deux côtés.")


def accord_en_vigueur(facts: Frozen) -> Iterator[Observation]:
    """Report a consultation, or from the attribution on a signature, on a day outside the accord-cadre."""
    record, path, what = _record(facts), f"{_MARCHE}.date_consultation", "La consultation est datée"
    signed = dig(facts, "fiche.attribution.date_signature")
    if signed and dig(facts, "dossier.etape", "lancement") != "lancement":
        path, what = "fiche.attribution.date_signature", "La signature est datée"
    if missing := unstated(facts, path):
        yield from missing
        return
    yield from pendant_l_accord(record, dig(facts, path), path, what)


def accord_justifie(facts: Frozen) -> Iterator[Observation]:
    """Report an accord-cadre of more than four years, from date to date, that gives no justification."""
    record = _record(facts)
    first, last = record.get("date_notification"), record.get("date_fin")
    if not (first and last):
        yield absent("L’accord-cadre ne dit pas ses dates.")
    elif last > ajouter_mois(first, _FOUR_YEARS) and not record.get("justification_duree"):
        yield refused(
            f"L’accord-cadre va du {day(first)} au {day(last)} et sa durée n’est pas justifiée.", _NAMED
        )


def execution_dans_l_accord(facts: Frozen) -> Iterator[Observation]:
    """Report services that end after the accord-cadre."""
    path = "fiche.accompagnement.fin"
    if missing := unstated(facts, path):
        yield from missing
        return
    end, last = dig(facts, path), _record(facts).get("date_fin")
    if not last:
        yield absent("L’accord-cadre ne dit pas sa date de fin.")
    elif end > last:
        yield refused(
            f"L’accompagnement finit le {day(end)}, après l’accord-cadre, qui finit le {day(last)}.",
            path,
            value=end,
        )


# --- the consultation --------------------------------------------------------------------------


def titulaires_consultes(facts: Frozen) -> Iterator[Observation]:
    """Report the titulaires of the accord-cadre, or of its lot, left out, and those consulted in excess."""
    if missing := unstated(facts, _CONSULTED):
        yield from missing
        return
    record, lot = _record(facts), dig(facts, f"{_MARCHE}.lot")
    lots = [one.get("lot") for one in record.get("titulaires") or ()]
    if any(lots) and lot is None:
        message = f"L’accord-cadre a des lots ({enumerer(_lots(record))}) et la fiche ne dit pas lequel."
        yield Observation(state=State.NON_VERIFIE, message=message, path=f"{_MARCHE}.lot")
        return
    wanted = [str(one["mandataire"]) for one in mandataires(record, lot)]
    if not wanted:
        yield absent("L’accord-cadre ne dit pas qui sont ses titulaires.")
        return
    consulted = [str(one) for one in dig(facts, _CONSULTED)]
    scope = f"du lot {lot}" if any(lots) else "de l’accord-cadre"
    for name in _apart(wanted, consulted):
        yield refused(f"« {name} » est titulaire {scope} et n’est pas consulté.", _CONSULTED, value=name)
    for name in _apart(consulted, wanted):
        yield refused(f"« {name} » est consulté sans être titulaire {scope}.", _CONSULTED, value=name)


def _apart(names: Sequence[str], others: Sequence[str]) -> list[str]:
    return [name for name in names if not any(memes(name, other) for other in others)]


def delai_de_reponse(facts: Frozen, *, jours: int) -> Iterator[Observation]:
    """Report a deadline for offers that comes too soon after the consultation was sent.

    Args:
        facts: the facts.
        jours: calendar days that it leaves at least; the first is the day after the sending.
    """
    sent, limit = f"{_MARCHE}.date_consultation", f"{_MARCHE}.date_limite_offres"
    if missing := unstated(facts, sent, limit):
        yield from missing
        return
    first: dt.date = dig(facts, sent)
    last: dt.datetime = dig(facts, limit)
    left = (last.date() - first).days
    if left < 0:
        yield absent("GEN-COH-005")  # dates in the wrong order are its business
    elif left < jours:
        yield refused(
            f"{pluriel(left, 'jour')} entre l’envoi ({day(first)}) et la date limite ({day(last)}) ; on en "
            f"attend {jours} au moins.",
            limit,
            value=left,
        )


# --- the criteria ------------------------------------------------------------------------------


def _fixed(facts: Frozen) -> list[Mapping[str, Any]]:
    """Return the criteria of the accord-cadre, or of its lot."""
    lot = dig(facts, f"{_MARCHE}.lot")
    named = [one for one in _record(facts).get("criteres") or () if one.get("intitule")]
    return [one for one in named if lot is None or one.get("lot") is None or memes(one["lot"], lot)]


def criteres_de_l_accord(facts: Frozen) -> Iterator[Observation]:
    """Report the criteria of the fiche that are not those of the accord-cadre, or do not weigh as much."""
    if missing := unstated(facts, _CRITERIA):
        yield from missing
        return
    fixed = {plain(str(one["intitule"])): one for one in _fixed(facts)}
    if not fixed:
        yield absent("L’accord-cadre ne dit pas ses critères.")
        return
    listed = enumerer([f"« {one['intitule']} »" for one in fixed.values()])
    seen = set()
    for path, one in items(facts, _CRITERIA):
        name = str(one.get("intitule") or "")
        key = plain(name)
        same = fixed.get(key)
        own, weight = one.get("ponderation"), same.get("ponderation") if same else None
        if same is None:
            yield refused(
                f"« {name} » n’est pas un critère de l’accord-cadre ({listed}).", f"{path}.intitule", name
            )
        elif key in seen:
            yield refused(f"« {name} » est écrit deux fois.", f"{path}.intitule", name)
        elif own is not None and weight is not None and own != weight:
            yield refused(
                f"« {name} » pèse {nombre(own)} ici et {nombre(weight)} dans l’accord-cadre.",
                f"{path}.ponderation",
                own,
            )
        seen.add(key)
    for key, one in fixed.items():
        if key not in seen:
            yield refused(f"Il manque le critère « {one['intitule']} » de l’accord-cadre.", _CRITERIA)


def ponderations(facts: Frozen, *, total: int) -> Iterator[Observation]:
    """Report weights that do not add up: those of the fiche, else those of the accord-cadre.

    Args:
        facts: the facts.
        total: what they add up to.
    """
    own = [one for _, one in items(facts, _CRITERIA)]
    given = own or _fixed(facts)
    weights = [one.get("ponderation") for one in given]
    if all(weight is None for weight in weights):
        yield from unstated(facts, _CRITERIA) or [absent("Aucun critère n’a de pondération.")]
        return
    found = sum((weight for weight in weights if weight is not None), Decimal(0))
    if found != total:
        bare = [f"« {one.get('intitule')} »" for one in given if one.get("ponderation") is None]
        without = f" ; sans pondération : {enumerer(bare)}" if bare else ""
        where = "" if own else " dans l’accord-cadre"
        yield refused(
            f"La somme des pondérations est {nombre(found)}{where}, et non {total}{without}.",
            _CRITERIA,
            found,
        )
