"""Checks of what comes after what: the dates of the dossier, the acts by which people sign (GEN-COH)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from assembler_plugins.commun.faits import absent, day, items, pieces, refused
from assembler_plugins.commun.marche.delais import premiere_signature

from assembler.french import date_courte, enumerer, majuscule, pluriel
from assembler.model import Frozen, Observation, dig

__all__ = ["dates_enchainees", "signataires_habilites"]

_CHAIN = (
    ("fiche.date_depot", "le dépôt"),
    ("instruction.reception.date", "la réception"),
    ("instruction.decision.date", "la décision"),
    ("fiche.marche.date_consultation", "l’envoi de la consultation"),
    ("fiche.marche.date_limite_questions", "la date limite des questions"),
    ("fiche.marche.date_limite_offres", "la date limite des offres"),
    ("fiche.marche.date_ouverture", "l’ouverture des plis"),
    ("fiche.attribution.date_choix", "le choix du titulaire"),
    ("fiche.attribution.date_rejets", "l’information des titulaires non retenus"),
    ("fiche.attribution.date_signature", "la signature"),
    ("fiche.attribution.date_notification", "la notification"),
    ("fiche.attribution.date_debut", "le début des prestations"),
)
"""The dates of a dossier in the order of the work (documents.md § 10, 7): path, French name."""
_REPLYING = "la date limite des questions"
"""What must come strictly before the next one: a question is answered before the offers are due."""
_FOR_ANOTHER = {
    "delegation": "par délégation",
    "subdelegation": "par subdélégation",
    "interim": "par intérim",
    "suppleance": "par suppléance",
}


class _Mark(NamedTuple):
    path: str
    name: str
    when: dt.date

    def told(self) -> str:
        where = self.path.partition(".")[2]
        return f"{self.name} ({_moment(self.when)}, champ « {where} »)"


def _moment(when: dt.date) -> str:
    return f"{when:%d/%m/%Y à %H h %M}" if isinstance(when, dt.datetime) else day(when)


def _marks(facts: Frozen) -> list[_Mark]:
    """Return the dates that the dossier states, in the order of the work."""
    found = [_Mark(path, name, dig(facts, path)) for path, name in _CHAIN if dig(facts, path)]
    if found and found[-1].path != _CHAIN[-1][0] and dig(facts, "fiche.attribution.date_notification"):
        begin = "fiche.accompagnement.debut"
        found += (
            [_Mark(begin, "le début de l’accompagnement", dig(facts, begin))] if dig(facts, begin) else []
        )
    return found


def dates_enchainees(facts: Frozen) -> Iterator[Observation]:
    """Report the first date of the dossier that comes before the one that it follows.

    From the dépôt to the beginning of the services; what is not stated is passed over. Letters have their own
    rule.
    """
    found = _marks(facts)
    if len(found) < 2:
        yield absent("Le dossier ne dit pas deux dates qui se suivent.")
    for before, after in pairwise(found):
        if told := _broken(facts, before, after):
            yield refused(told, after.path, after.when)
            return


def _broken(facts: Frozen, before: _Mark, after: _Mark) -> str | None:
    """Say why a date cannot come after the other, or None."""
    timed = isinstance(before.when, dt.datetime) and isinstance(after.when, dt.datetime)
    first, second = (one.when if timed else _day(one.when) for one in (before, after))
    if second < first:
        return f"{majuscule(after.told())} précède {before.told()}."
    if second == first and before.name == _REPLYING:
        return f"{majuscule(after.told())} ne laisse pas le temps de répondre après {before.told()}."
    if before.path.endswith("date_rejets") and after.path.endswith("date_signature"):
        days = dig(facts, "fiche.attribution.delai_suspension_jours")
        if days is None:
            days = dig(facts, "referentiels.accord_cadre.delai_suspension", 0)
        earliest = premiere_signature(_day(first), days)
        if second < earliest:
            told = f"{majuscule(after.told())} ne laisse pas {pluriel(days, 'jour')} après {before.told()}"
            return f"{told} : elle est possible à partir du {date_courte(earliest)}."
    return None


def _day(when: dt.date) -> dt.date:
    return when.date() if isinstance(when, dt.datetime) else when


# --- who signs ---------------------------------------------------------------------------------


def signataires_habilites(facts: Frozen) -> Iterator[Observation]:
    """Report who signs for another without an act that says so, or by an act later than what is signed."""
    stated = False
    for path, holder, signed in _signatories(facts):
        person = holder.get("signataire") or {}
        if not person.get("mode"):
            continue
        stated = True
        how = _FOR_ANOTHER.get(str(person["mode"]))
        if how is None:
            continue
        act, here = person.get("acte_delegation") or {}, f"{path}.signataire.acte_delegation"
        lacking = [label for key, label in (("numero", "le numéro"), ("date", "la date")) if not act.get(key)]
        if lacking:
            yield refused(f"{_name(person)} signe {how} : il manque {enumerer(lacking)} de l’acte.", here)
        elif signed and act["date"] > signed.when:
            yield refused(
                f"{_name(person)} : l’acte est daté du {day(act['date'])}, après {signed.told()}.",
                f"{here}.date",
                act["date"],
            )
    if not stated:
        yield absent("Aucun signataire ne dit en quelle qualité il signe.")


def _signatories(facts: Frozen) -> Iterator[tuple[str, Mapping[str, Any], _Mark | None]]:
    """Yield who signs: path, the group that holds the signatory, the last thing that it has signed."""
    for path, service in items(facts, "fiche.pilotes"):
        yield path, service, _last_signed(facts)
    desk = dig(facts, "instruction", {})
    decided = dig(desk, "decision.date")
    mark = _Mark("instruction.decision.date", "la décision", decided) if decided else None
    yield "instruction", desk, mark


def _last_signed(facts: Frozen) -> _Mark | None:
    """Return the last act of the pilote that bears a date: a delegation may be renewed between two."""
    letters = [
        _Mark(f"{path}.date", "son courrier", one["date"])
        for path, one in pieces(facts, "courrier_service")
        if one.get("date")
    ]
    acts = [
        _Mark(path, name, dig(facts, path))
        for path, name in _CHAIN
        if path.endswith(("date_consultation", "date_signature")) and dig(facts, path)
    ]
    return max((*letters, *acts), key=lambda one: one.when, default=None)


def _name(person: Mapping[str, Any]) -> str:
    return " ".join(str(person[key]) for key in ("prenom", "nom") if person.get(key)) or "Le signataire"
