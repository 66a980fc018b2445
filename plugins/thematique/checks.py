"""What only the session thématique checks; the rest is in ``commun/checks.py``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from assembler_plugins.commun import checks as commun
from assembler_plugins.commun.faits import absent, day, items, refused, unstated

from assembler.contributions import Check
from assembler.french import enumerer
from assembler.model import Frozen, Observation, dig
from assembler.text import plain

__all__ = ["CHECKS", "rencontres_prevues", "session_connue", "session_du_depot"]

_SESSION = "fiche.session"
_ALIKE = 0.5


def _bare(title: str) -> str:
    """Return a title without case, accents, apostrophes, punctuation and spaces."""
    return plain(title).replace(" ", "")


def _sessions(facts: Frozen) -> list[tuple[str, Mapping[str, Any]]]:
    """Return every title of the catalogue, bare, with its session."""
    catalogue: Mapping[str, Mapping[str, Any]] = dig(facts, "referentiels.session", {})
    return [
        (_bare(title), one)
        for one in catalogue.values()
        for title in (str(one["titre"]), *(one.get("autres_titres") or ()))
    ]


def _session(facts: Frozen) -> Mapping[str, Any] | None:
    wanted = _bare(str(dig(facts, _SESSION, "")))
    return next((one for title, one in _sessions(facts) if title == wanted), None)


def session_connue(facts: Frozen) -> Iterator[Observation]:
    """Report a title that is not in the catalogue, and propose the nearest."""
    stated = dig(facts, _SESSION)
    if not stated:
        yield from unstated(facts, _SESSION)
    elif _session(facts) is None:
        nearest, one = max(
            ((_likeness(_bare(str(stated)), title), one) for title, one in _sessions(facts)),
            key=lambda found: found[0],
        )
        proposed = f" La plus proche : « {one['titre']} » ({_years(one)})." if nearest >= _ALIKE else ""
        yield refused(f"« {stated} » n’est pas au catalogue.{proposed}", _SESSION, stated)


def _likeness(one: str, other: str) -> float:
    """Return 0 to 1; a title cut short, or with words around it, is very like."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 6 and shorter in longer:
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _years(session: Mapping[str, Any]) -> str:
    first, last = session.get("debut"), session.get("fin")
    return f"{first}-{last}" if first and last else f"à partir de {first}" if first else "sans date"


def session_du_depot(facts: Frozen) -> Iterator[Observation]:
    """Report a dépôt outside the years of its session; the call comes some months before the first."""
    filed = dig(facts, "fiche.date_depot")
    if missing := unstated(facts, _SESSION, "fiche.date_depot"):
        yield from missing
        return
    session = _session(facts)
    if session is None:
        yield absent("ST-THE-001")
        return
    first, last = session.get("debut"), session.get("fin")
    if (first and filed.year < first - 1) or (last and filed.year > last):
        yield refused(
            f"Le dossier est déposé le {day(filed)} ; la session « {session['titre']} » "
            f"est de {_years(session)}.",
            "fiche.date_depot",
            filed,
        )


def rencontres_prevues(facts: Frozen, *, attendues: Sequence[Mapping[str, Any]]) -> Iterator[Observation]:
    """Report a calendar of meetings in which some kind of meeting is missing.

    Args:
        facts: the facts.
        attendues: ``{nom, natures}``: the meeting in French and the natures that stand for it.
    """
    path = "fiche.accompagnement.rencontres"
    if missing := unstated(facts, path):
        yield from missing
        return
    planned = {one.get("nature") for _, one in items(facts, path)}
    lacking = [f"un {one['nom']}" for one in attendues if not planned & set(one["natures"])]
    if not planned:
        yield absent(f"non renseigné : {path}")
    elif lacking:
        yield refused(f"Il manque {enumerer(lacking)}.", path)


CHECKS: Mapping[str, Check] = {
    **commun.CHECKS,
    "rencontres_prevues": rencontres_prevues,
    "session_connue": session_connue,
    "session_du_depot": session_du_depot,
}
"""By name, what ``controle`` may say in the rules of this format."""
