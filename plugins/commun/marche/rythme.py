"""The rhythm of the mission: steps, sessions, calendar in weeks after T0 (documents.md § 4.4)."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import ceil
from typing import Any

from assembler_plugins.commun.lettres import en_mois

from assembler.errors import WritingError
from assembler.french import date_longue, majuscule, mois_annee, nombre, pluriel, typo
from assembler.model import Months, dig

__all__ = [
    "ETAPES",
    "SESSION",
    "calendrier",
    "duree",
    "etapes",
    "jours_de_session",
    "semaines",
    "sessions",
    "terme",
]

ETAPES: Mapping[str, str] = {
    "E1": "Lancement et cadrage",
    "E2": "Session n° 1",
    "IA1": "Inter-atelier n° 1",
    "E3": "Session n° 2",
    "IA2": "Inter-atelier n° 2",
    "E4": "Session n° 3",
    "E5": "Production et restitution",
}
"""Steps in their order, by the codes of ``marche.calendrier``."""
SESSION = {"E2": 1, "E3": 2, "E4": 3}
"""Number of the session that a step is."""
_USUEL = {"E2": 13, "E3": 26, "E4": 39}
"""Weeks of the sessions in a mission of fifty-two; they shrink or stretch with it."""
_CADRAGE = 6
"""Weeks to frame the mission."""
_OBJETS = {
    "diagnostic": "diagnostic et enjeux",
    "strategie": "stratégie",
    "feuille_de_route": "feuille de route",
}
_OBJET_USUEL = {1: "diagnostic", 2: "strategie", 3: "feuille_de_route"}


def duree(fiche: Mapping[str, Any]) -> tuple[str | None, int]:
    """Return the duration in words (None when unknown) and the longest number of months."""
    given = dig(fiche, "accompagnement.duree_mois")
    if given is None:
        return None, 12
    return en_mois(given), given.max if isinstance(given, Months) else int(given)


def sessions(fiche: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    """Return the sessions of the fiche by number."""
    found = dig(fiche, "accompagnement.sessions", ())
    return {one.get("numero") or rank: one for rank, one in enumerate(found, 1)}


def jours_de_session(fiche: Mapping[str, Any]) -> str:
    """Return how long a session lasts: « 2 jours », « 1 à 2 jours »; the programme's own when unknown."""
    known = sorted({one["jours"] for one in sessions(fiche).values() if one.get("jours")})
    if not known:
        return "un à deux jours"
    if len(known) == 1:
        return pluriel(known[0], "jour")
    return f"{nombre(known[0])} à {pluriel(known[-1], 'jour')}"


def _last_day(session: Mapping[str, Any]) -> dt.date | None:
    """Return the last day on which a session may end, from a day or from a month « 2026-10 »."""
    start = session.get("debut")
    if isinstance(start, dt.date):
        return start + dt.timedelta(days=max(1, ceil(session.get("jours") or 1)) - 1)
    if isinstance(start, str) and len(start) == 7:
        year, month = int(start[:4]), int(start[5:])
        return dt.date(year, month, calendar.monthrange(year, month)[1])
    return None


def semaines(document: str, fiche: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Return when each step begins and ends, in weeks after the notification (T0).

    Those of ``marche.calendrier``; else the dates of the fiche counted from its first day; else the
    usual rhythm spread over the mission. An inter-atelier goes from one session to the next.

    Args:
        document: id of the document that prints them.
        fiche: the total fiche.

    Raises:
        WritingError: a step ends before it begins, before the previous one, or after the mission.
    """
    words, months = duree(fiche)
    total = int(months * 365.25 / 12 / 7)
    start, known = dig(fiche, "accompagnement.debut"), sessions(fiche)
    given = {one["etape"]: one for one in dig(fiche, "marche.calendrier", ()) if one.get("etape")}

    def own(code: str, begin: int, end: int) -> tuple[int, int]:
        row = given.get(code) or {}
        stated_begin, stated_end = row.get("debut"), row.get("fin")
        end = end if stated_end is None else stated_end
        return begin if stated_begin is None else stated_begin, end

    def session(code: str) -> tuple[int, int]:
        last = _last_day(known.get(SESSION[code]) or {})
        if start and last:
            week = min(max(0, ceil(((last - start).days + 1) / 7)), total)
        else:
            week = round(_USUEL[code] * total / 52)
        stated = (given.get(code) or {}).get("fin")
        return own(code, week if stated is None else stated, week)

    e2, e3, e4 = (session(code) for code in SESSION)
    found = {
        "E1": own("E1", 0, min(_CADRAGE, e2[0])),
        "E2": e2,
        "IA1": own("IA1", e2[1], e3[0]),
        "E3": e3,
        "IA2": own("IA2", e3[1], e4[0]),
        "E4": e4,
        "E5": own("E5", e4[1], total),
    }
    # An inter-atelier that the fiche does not set follows from its sessions: they are what to mend.
    told = {code: weeks for code, weeks in found.items() if code in given or not code.startswith("IA")}
    faults = _fautes(told, total, f"la mission de {words}" if words else "la mission")
    if faults:
        raise WritingError(
            f"{document} : le calendrier (champs « marche.calendrier » et « accompagnement.sessions ») ne"
            f" tient pas : {' ; '.join(faults)}."
        )
    return found


def _fautes(found: Mapping[str, tuple[int, int]], total: int, mission: str) -> list[str]:
    """Return what does not hold in a calendar, in the order of the steps."""
    return [
        *(f"{code} finit avant de commencer" for code, (begin, end) in found.items() if end < begin),
        *(
            f"{after} finit avant {before}"
            for before, after in pairwise(found)
            if found[after][1] < found[before][1]
        ),
        *(
            f"{code} finit à T0 + {end} semaines, {mission} en compte {total}"
            for code, (_, end) in found.items()
            if end > total
        ),
    ]


def terme(week: int) -> str:
    """Return « T0 + 7 semaines »."""
    return f"T0\u00a0+\u00a0{pluriel(week, 'semaine')}" if week else "T0"


def _periode(begin: int, end: int) -> str:
    """Return « T0 + 7 à T0 + 21 semaines »."""
    first = f"T0\u00a0+\u00a0{begin}" if begin else "T0"
    return terme(end) if begin == end else f"{first} à {terme(end)}"


def _quand(session: Mapping[str, Any]) -> str | None:
    """Return the days of a session, or its month, in words."""
    first, last = session.get("debut"), _last_day(session)
    if last is None:
        return None
    if not isinstance(first, dt.date):
        return mois_annee(last)
    if first == last:
        return date_longue(first)
    if (first.year, first.month) == (last.year, last.month):
        start = "1er" if first.day == 1 else str(first.day)
        return f"{start} {'et' if (last - first).days == 1 else 'au'} {date_longue(last)}"
    return f"{date_longue(first)} au {date_longue(last)}"


def _rencontre(fiche: Mapping[str, Any], *natures: str) -> Mapping[str, Any]:
    found: Iterable[Mapping[str, Any]] = dig(fiche, "accompagnement.rencontres", ())
    return next((one for nature in natures for one in found if one.get("nature") == nature), {})


def _reel(fiche: Mapping[str, Any], code: str) -> tuple[str | None, str | None]:
    """Return the date that the fiche gives to a step, in words, and its place."""
    if code in SESSION:
        one = sessions(fiche).get(SESSION[code]) or {}
        return _quand(one), one.get("lieu")
    if code == "E1":
        one, day = _rencontre(fiche, "cadrage", "seminaire_lancement"), "accompagnement.debut"
    elif code == "E5":
        one, day = _rencontre(fiche, "restitution", "seminaire_cloture"), "accompagnement.fin"
    else:
        return None, None
    known = dig(fiche, day)
    return _quand({"debut": one.get("date")}) or (mois_annee(known) if known else None), one.get("lieu")


def etapes(document: str, fiche: Mapping[str, Any]) -> dict[str, str]:
    """Return when each step stands, in a phrase: « T0 + 7 semaines (14 et 15 octobre 2026) »."""
    out = {}
    for code, weeks in semaines(document, fiche).items():
        real, _ = _reel(fiche, code)
        when = terme(weeks[1]) if weeks[0] == weeks[1] else f"de {_periode(*weeks)}"
        out[code] = when + (f" ({real})" if real and code in SESSION else "")
    return out


def _intitule(fiche: Mapping[str, Any], code: str) -> str:
    number = SESSION.get(code)
    if number is None:
        return ETAPES[code]
    one = sessions(fiche).get(number) or {}
    what = one.get("objet") or _OBJET_USUEL[number]
    days = f", {pluriel(one['jours'], 'jour')}" if one.get("jours") else ""
    return f"{ETAPES[code]} : {_OBJETS.get(what, str(what))}{days}"


def calendrier(document: str, fiche: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the rows of the calendar: step, weeks after T0, date of the fiche, place."""
    rows = []
    for code, weeks in semaines(document, fiche).items():
        real, place = _reel(fiche, code)
        rows.append(
            {
                "code": code,
                "temps": typo(_intitule(fiche, code)),
                "semaines": _periode(*weeks),
                "date": majuscule(real) if real else "–",
                "lieu": typo(str(place)) if place else "–",
            }
        )
    return rows
