"""Days, months and hours of the sessions, as they are read in the fiche and said in a letter."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from assembler_plugins.commun.marche.heures import jour_date

from assembler.french import ajouter_mois, date_longue, enumerer, mois_annee, typo

__all__ = [
    "Horaire",
    "en_jours",
    "fin_de_mois",
    "horaire",
    "horaires",
    "jour_ou_mois",
    "jours_de",
    "periode",
    "quand",
]

_NBSP = "\u00a0"
_HEURE = r"([01]?\d|2[0-3])\s*(?:h|:)\s*([0-5]\d)?"
_PLAGE = re.compile(rf"(?:de\s+)?{_HEURE}\s*(?:-|–|à|a|/)\s*{_HEURE}", re.IGNORECASE)
_MIDI = dt.time(12, 30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Horaire:
    """The hours of one day."""

    texte: str
    """For people: « de 9 h 30 à 17 h », or what the fiche says when it is said otherwise."""
    debut: dt.time | None = None
    """None when no hour can be read."""
    fin: dt.time | None = None

    @property
    def demi_journees(self) -> tuple[str, ...]:
        """The halves of the day that the hours take; both when they are not known."""
        if self.debut is None or self.fin is None:
            return ("matin", "après-midi")
        if self.fin <= dt.time(13, 30) and self.debut < _MIDI:
            return ("matin",)
        return ("après-midi",) if self.debut >= dt.time(12) else ("matin", "après-midi")


def _heure(heure: dt.time) -> str:
    minutes = f"{_NBSP}{heure.minute:02}" if heure.minute else ""
    return f"{heure.hour}{_NBSP}h{minutes}"


def horaire(texte: str) -> Horaire:
    """Return the hours that a text gives; several ranges (a lunch break) make one day."""
    text = " ".join(texte.split())
    found = [
        (dt.time(int(one[1]), int(one[2] or 0)), dt.time(int(one[3]), int(one[4] or 0)))
        for one in _PLAGE.finditer(text)
    ]
    if not found or any(start >= end for start, end in found):
        return Horaire(texte=typo(text))
    plain = not _PLAGE.sub("", text).strip(" ,;.").replace("et", "").strip(" ,;")
    said = enumerer([f"de {_heure(start)} à {_heure(end)}" for start, end in found])
    return Horaire(texte=said if plain else typo(text), debut=found[0][0], fin=found[-1][1])


def horaires(textes: Sequence[str], jours: int) -> tuple[Horaire, ...]:
    """Return the hours of each day: one for all, or one by day; none when they do not match the days."""
    read = tuple(horaire(str(one)) for one in textes if str(one).strip())
    if len(read) == 1:
        return read * max(1, jours)
    return read if len(read) == jours or not jours else ()


def jour_ou_mois(value: Any) -> tuple[dt.date | None, dt.date | None]:
    """Return a free date as a day, or as the first day of a month when it says no more."""
    if isinstance(value, dt.datetime):
        return value.date(), None
    if isinstance(value, dt.date):
        return value, None
    if found := re.fullmatch(r"(\d{4})-(\d{2})", str(value or "")):
        return None, dt.date(int(found[1]), int(found[2]), 1)
    return None, None


def jours_de(debut: dt.date, duree: Any) -> tuple[dt.date, ...]:
    """Return the calendar days of what begins on a day and lasts so many days, halves counted whole."""
    return tuple(debut + dt.timedelta(days=rank) for rank in range(max(1, ceil(duree or 1))))


def _sans_redite(jour: dt.date, suivant: dt.date, nomme: Callable[[dt.date], str]) -> str:
    """Return a day in words, without the month and the year that the next one says again."""
    said = nomme(jour)
    if jour.year == suivant.year:
        said = said.rpartition(_NBSP)[0]
        if jour.month == suivant.month:
            said = said.rpartition(_NBSP)[0]
    return said


def _de_a(debut: dt.date, fin: dt.date, nomme: Callable[[dt.date], str]) -> str:
    if debut == fin:
        return nomme(debut)
    first, last = _sans_redite(debut, fin, nomme), nomme(fin)
    return f"{first} et {last}" if (fin - debut).days == 1 else f"du {first} au {last}"


def periode(debut: dt.date, fin: dt.date) -> str:
    """Return days in a table: « 14 et 15 octobre 2026 », « du 16 octobre 2026 au 19 janvier 2027 »."""
    return _de_a(debut, fin, date_longue)


def en_jours(jours: Sequence[dt.date]) -> str:
    """Return consecutive days with their names: « mercredi 14 et jeudi 15 octobre 2026 »."""
    return _de_a(jours[0], jours[-1], jour_date)


def quand(value: Any) -> str | None:
    """Return a free date: « 14 octobre 2026 », « octobre 2026 », or None."""
    jour, mois = jour_ou_mois(value)
    if jour:
        return date_longue(jour)
    return mois_annee(mois) if mois else None


def fin_de_mois(mois: dt.date) -> dt.date:
    """Return the last day of a month, given its first."""
    return ajouter_mois(mois, 1) - dt.timedelta(days=1)
