"""Checks on dates, sessions and durations (GEN-CAL and the sessions of a format)."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

from assembler_plugins.commun.faits import absent, day, departements, items, refused, unstated

from assembler.model import Frozen, Months, Observation, dig
from assembler.text import plain

__all__ = [
    "duree_et_dates",
    "fin_apres_debut",
    "intervalle_sessions",
    "jours_ouvrables",
    "objets_sessions",
    "sessions_ordonnees",
]

_ACCOMPAGNEMENT = "fiche.accompagnement"
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Session:
    """A dated session; a month alone leaves its days open between two bounds."""

    path: str
    name: str
    rank: int
    first: dt.date
    """Earliest day on which it can begin."""
    last: dt.date
    """Latest day on which it can begin; ``first`` when the day is given."""
    days: int
    """Calendar days that it takes, halves counted whole."""

    @property
    def soonest_end(self) -> dt.date:
        return self.first + (self.days - 1) * _ONE_DAY


def _sessions(facts: Frozen) -> list[_Session]:
    """Return the dated sessions, in the order of their numbers."""
    found = []
    for position, (path, one) in enumerate(items(facts, f"{_ACCOMPAGNEMENT}.sessions"), start=1):
        bounds = _bounds(one.get("debut"))
        if bounds:
            number = one.get("numero") or position
            found.append(
                _Session(
                    path=f"{path}.debut",
                    name=f"la session {number}",
                    rank=number,
                    first=bounds[0],
                    last=bounds[1],
                    days=max(1, ceil(one.get("jours") or 1)),
                )
            )
    return sorted(found, key=lambda one: one.rank)


def _bounds(value: Any) -> tuple[dt.date, dt.date] | None:
    if isinstance(value, dt.date):
        return value, value
    if month := re.fullmatch(r"(\d{4})-(\d{2})", str(value)):
        year, number = int(month[1]), int(month[2])
        return dt.date(year, number, 1), dt.date(year, number, monthrange(year, number)[1])
    return None


def fin_apres_debut(facts: Frozen) -> Iterator[Observation]:
    """Report an accompagnement that ends before it begins."""
    debut, fin = dig(facts, f"{_ACCOMPAGNEMENT}.debut"), dig(facts, f"{_ACCOMPAGNEMENT}.fin")
    if missing := unstated(facts, f"{_ACCOMPAGNEMENT}.debut", f"{_ACCOMPAGNEMENT}.fin"):
        yield from missing
    elif fin <= debut:
        yield refused(
            f"La fin ({day(fin)}) n’est pas après le début ({day(debut)}).", f"{_ACCOMPAGNEMENT}.fin", fin
        )


def sessions_ordonnees(facts: Frozen) -> Iterator[Observation]:
    """Report dated sessions outside the accompagnement, out of order or overlapping."""
    sessions = _sessions(facts)
    if not sessions:
        yield absent("Aucune session n’est datée.")
    debut, fin = dig(facts, f"{_ACCOMPAGNEMENT}.debut"), dig(facts, f"{_ACCOMPAGNEMENT}.fin")
    for one in sessions:
        if debut and one.last < debut:
            message = f"{one.name.capitalize()} commence avant l’accompagnement ({day(debut)})."
            yield refused(message, one.path, one.first)
        elif fin and one.soonest_end > fin:
            yield refused(
                f"{one.name.capitalize()} finit après l’accompagnement ({day(fin)}).", one.path, one.first
            )
    for before, after in pairwise(sessions):
        if after.last < before.first:
            yield refused(
                f"{after.name.capitalize()} est datée avant {before.name}.", after.path, after.first
            )
        elif after.last <= before.soonest_end:
            yield refused(f"{after.name.capitalize()} chevauche {before.name}.", after.path, after.first)


def jours_ouvrables(facts: Frozen) -> Iterator[Observation]:
    """Report sessions on a Sunday or on a public holiday of the territory."""
    # Imported here: only a dossier with dated sessions needs the calendars.
    from assembler.french import est_ferie

    sessions = [one for one in _sessions(facts) if one.first == one.last]
    if not sessions:
        yield absent("Aucune session n’est datée au jour près.")
    # Without a territory, the holidays of the whole country: those of any métropole département.
    codes = departements(facts) or ("75",)
    for one in sessions:
        for date in (one.first + rank * _ONE_DAY for rank in range(one.days)):
            if date.weekday() == 6:
                yield refused(f"{one.name.capitalize()} tombe un dimanche ({day(date)}).", one.path, date)
            elif any(est_ferie(date, code) for code in codes):
                yield refused(f"{one.name.capitalize()} tombe un jour férié ({day(date)}).", one.path, date)


def duree_et_dates(facts: Frozen) -> Iterator[Observation]:
    """Compare the duration with the dates, end inclusive, within half a month."""
    if missing := unstated(facts, *(f"{_ACCOMPAGNEMENT}.{name}" for name in ("duree_mois", "debut", "fin"))):
        yield from missing
        return
    stated = dig(facts, f"{_ACCOMPAGNEMENT}.duree_mois")
    low, high = (stated.min, stated.max) if isinstance(stated, Months) else (stated, stated)
    debut, fin = dig(facts, f"{_ACCOMPAGNEMENT}.debut"), dig(facts, f"{_ACCOMPAGNEMENT}.fin")
    if fin <= debut:
        yield absent("La fin n’est pas après le début (GEN-CAL-001).")
        return
    length, half = _months(debut, fin), Fraction(1, 2)
    if not low - half <= length <= high + half:
        counted = f"{float(length):.1f}".replace(".", ",").removesuffix(",0")
        yield refused(
            f"Du {day(debut)} au {day(fin)}, il y a {counted} mois ; la fiche dit {stated}.",
            f"{_ACCOMPAGNEMENT}.duree_mois",
            stated,
        )


def _months(debut: dt.date, fin: dt.date) -> Fraction:
    """Return the length in months from ``debut`` to ``fin``, both days included."""
    after = fin + _ONE_DAY
    whole = (after.year - debut.year) * 12 + after.month - debut.month
    anchor = _shift(debut, whole)
    if anchor > after:
        whole -= 1
        anchor = _shift(debut, whole)
    return whole + Fraction((after - anchor).days, (_shift(debut, whole + 1) - anchor).days)


def _shift(date: dt.date, months: int) -> dt.date:
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return dt.date(year, month + 1, min(date.day, monthrange(year, month + 1)[1]))


def objets_sessions(facts: Frozen, *, attendus: Sequence[Mapping[str, str]]) -> Iterator[Observation]:
    """Compare the object of each session with what is expected of its number.

    Args:
        facts: the facts.
        attendus: in order, ``{nom, motif}``: the object in French and its pattern on plain text.
    """
    stated = 0
    for position, (path, one) in enumerate(items(facts, f"{_ACCOMPAGNEMENT}.sessions"), start=1):
        number, said = one.get("numero") or position, one.get("objet")
        if not said or not 1 <= number <= len(attendus):
            continue
        stated += 1
        expected = attendus[number - 1]
        if not re.search(expected["motif"], plain(str(said))):
            yield refused(
                f"La session {number} porte sur « {said} » ; on attend : {expected['nom']}.",
                f"{path}.objet",
                said,
            )
    if not stated:
        yield absent("La fiche ne dit l’objet d’aucune session.")


def intervalle_sessions(facts: Frozen, *, semaines: int) -> Iterator[Observation]:
    """Report two sessions too close for an inter-atelier; ``semaines``: the least between them."""
    sessions = _sessions(facts)
    if len(sessions) < 2:
        yield absent("Moins de deux sessions sont datées.")
    for before, after in pairwise(sessions):
        free = (after.last - before.soonest_end).days - 1
        # Sessions out of order or overlapping are GEN-CAL-002's.
        if 0 <= free < 7 * semaines:
            yield refused(
                f"Entre {before.name} et {after.name}, il n’y a que {free} jour{'s' if free > 1 else ''} : "
                "l’inter-atelier (analyse, entretiens, préparation) n’a guère de place.",
                after.path,
                after.first,
            )
