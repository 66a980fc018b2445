"""Dates with their hour, in the time of the territory and in that of Paris (documents.md § 7.2)."""

from __future__ import annotations

import datetime as dt

from assembler.french import date_longue, departement_de

__all__ = ["FUSEAUX", "date_et_heure", "jour_date"]

FUSEAUX = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
}
"""Time zones overseas, by code of département; the others are on the time of Paris."""
_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def jour_date(jour: dt.date) -> str:
    """Return « vendredi 10 juillet 2026 »."""
    return f"{_JOURS[jour.weekday()]}\u00a0{date_longue(jour)}"


def _heure(moment: dt.datetime) -> str:
    return f"{moment.hour:02}\u00a0h\u00a0{moment.minute:02}"


def date_et_heure(moment: dt.datetime, departement: str | None = None) -> str:
    """Return « vendredi 10 juillet 2026 à 12 h 00 (heure de Paris) ».

    Args:
        moment: in the time of the territory, as the fiche gives it.
        departement: code of the buyer's. Overseas, both times are told, and both days when they differ.
    """
    said = f"{jour_date(moment)} à\u00a0{_heure(moment)}"
    zone = FUSEAUX.get(departement or "")
    if zone is None:
        return f"{said} (heure de\u00a0Paris)"
    from zoneinfo import ZoneInfo  # imported here: only documents need it

    paris = moment.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("Europe/Paris"))
    there = _heure(paris)
    if paris.date() != moment.date():
        there = f"le {jour_date(paris)} à\u00a0{there}"
    return f"{said}, heure {departement_de(departement or '')} ({there}, heure de\u00a0Paris)"
