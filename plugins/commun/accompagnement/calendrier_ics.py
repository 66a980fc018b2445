"""The calendar as an .ics file (RFC 5545) that Outlook and Thunderbird open.

What has no day yet gives no event; nor do the weeks between two sessions, which fill no agenda.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from assembler_plugins.commun.lettres import atelier
from assembler_plugins.commun.marche.heures import FUSEAUX

from assembler.contributions import Case, Copy
from assembler.french import slug
from assembler.model import dig

from .evenements import Evenement, evenements

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from icalendar import Event, Timezone

__all__ = ["calendrier_ics", "datables"]

_PARIS = "Europe/Paris"


class _Heure(NamedTuple):
    """A time of the year: its name, its offset, the one before it, and when it comes back each year."""

    nom: str
    avant: float
    apres: float
    debut: dt.datetime
    regle: Mapping[str, Any] | None = None


# Written out rather than taken from the system's table: the same bytes everywhere, and yearly rules,
# which Outlook reads, rather than lists of dates, which it does not.
_ZONES: Mapping[str, tuple[_Heure, ...]] = {
    _PARIS: (
        _Heure("CET", 2, 1, dt.datetime(1996, 10, 27, 3), {"freq": "yearly", "bymonth": 10, "byday": "-1su"}),
        _Heure("CEST", 1, 2, dt.datetime(1981, 3, 29, 2), {"freq": "yearly", "bymonth": 3, "byday": "-1su"}),
    ),
    "America/Miquelon": (
        _Heure("-03", -2, -3, dt.datetime(2007, 11, 4, 2), {"freq": "yearly", "bymonth": 11, "byday": "1su"}),
        _Heure("-02", -3, -2, dt.datetime(2007, 3, 11, 2), {"freq": "yearly", "bymonth": 3, "byday": "2su"}),
    ),
    **{
        zone: (_Heure(name, offset, offset, dt.datetime(1970, 1, 1)),)
        for zone, name, offset in (
            ("America/Guadeloupe", "AST", -4),
            ("America/Martinique", "AST", -4),
            ("America/St_Barthelemy", "AST", -4),
            ("America/Marigot", "AST", -4),
            ("America/Cayenne", "-03", -3),
            ("Indian/Reunion", "+04", 4),
            ("Indian/Mayotte", "EAT", 3),
        )
    },
}


def datables(fiche: Mapping[str, Any]) -> list[Evenement]:
    """Return what has its place in an agenda: the meetings and the milestones whose day is known."""
    return [one for one in evenements(fiche) if one.precis and one.nature != "periode"]


def calendrier_ics(case: Case, copy: Copy) -> bytes:  # noqa: ARG001 - one copy
    """Return the calendar; its bytes depend on the fiche and on the date of edition alone."""
    from zoneinfo import ZoneInfo

    from icalendar import Calendar

    name = atelier(case.fiche, case.format.title)["nom"] or case.format.title
    zone = FUSEAUX.get(str(dig(case.fiche, "territoire.departements.0", "")), _PARIS)
    calendar = Calendar()
    calendar.add("prodid", "-//assembler//calendrier//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    owner = _dossier(case)
    events = [
        _event(one, span, name, owner, case.edition)
        for one in datables(case.fiche)
        for span in _spans(one, ZoneInfo(zone))
    ]
    if any(isinstance(event.decoded("dtstart"), dt.datetime) for event in events):
        calendar.add_component(_timezone(zone))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _dossier(case: Case) -> str:
    """Return what names the dossier for good: an event sent again must replace the one before."""
    named = case.fiche.get("reference") or dig(case.fiche, "marche.numero") or case.fiche.get("intitule")
    return slug(str(named or PurePath(case.dossier.path).name))


class _Span(NamedTuple):
    """What one event covers; its end is None when nobody gave it."""

    suffixe: str
    debut: dt.date
    fin: dt.date | None


def _spans(one: Evenement, zone: ZoneInfo) -> Iterator[_Span]:
    """Yield one event by day when its hours are known, else whole days, the end excluded.

    The first one keeps the name of the meeting: it replaces the whole days that were sent before
    the hours were known.
    """
    assert one.debut is not None  # datables() has looked
    last = one.fin or one.debut
    days = [one.debut + dt.timedelta(days=rank) for rank in range((last - one.debut).days + 1)]
    if len(one.horaires) != len(days) or any(hour.debut is None for hour in one.horaires):
        yield _Span("", one.debut, last + dt.timedelta(days=1))
        return
    for rank, (day, hour) in enumerate(zip(days, one.horaires, strict=True), 1):
        assert hour.debut is not None
        yield _Span(
            f"-jour-{rank}" if rank > 1 else "",
            dt.datetime.combine(day, hour.debut, zone),
            dt.datetime.combine(day, hour.fin, zone) if hour.fin else None,
        )


def _event(one: Evenement, span: _Span, name: str, owner: str, edition: dt.date) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{owner}-{one.cle}{span.suffixe}@assembler")
    event.add("dtstamp", dt.datetime.combine(edition, dt.time(), dt.UTC))
    event.add("dtstart", span.debut)
    if span.fin:
        event.add("dtend", span.fin)
    event.add("summary", f"{one.libelle} – {name}")
    if one.adresse or one.lieu:
        event.add("location", one.adresse or one.lieu)
    if one.details:
        event.add("description", "\n".join(f"– {line}" for line in one.details))
    # a milestone takes nobody's day
    event.add("transp", "OPAQUE" if one.nature == "rencontre" else "TRANSPARENT")
    return event


def _timezone(zone: str) -> Timezone:
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    described = Timezone()
    described.add("tzid", zone)
    for one in _ZONES[zone]:
        part = TimezoneDaylight() if one.apres > one.avant else TimezoneStandard()
        part.add("tzname", one.nom)
        part.add("dtstart", one.debut)
        part.add("tzoffsetfrom", dt.timedelta(hours=one.avant))
        part.add("tzoffsetto", dt.timedelta(hours=one.apres))
        if one.regle:
            part.add("rrule", one.regle)
        described.add_component(part)
    return described
