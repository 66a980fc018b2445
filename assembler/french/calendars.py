"""Dates as they are written, and the days that nobody works."""

from __future__ import annotations

import calendar
import datetime as dt
from functools import lru_cache

__all__ = ["ajouter_mois", "date_courte", "date_longue", "est_ferie", "jours_feries", "mois_annee"]

_NBSP = "\u00a0"
_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
)

# Names that the holidays library gives to the départements with days of their own:
# code du travail, L. 3134-13 (Alsace-Moselle) and L. 3422-2 (abolition of slavery), and local usage.
_SUBDIVISIONS = {"57": "57", "67": "6AE", "68": "6AE", "971": "971", "972": "972", "973": "973"} | {
    "974": "974", "975": "PM", "976": "976", "977": "BL", "978": "MF",
}  # fmt: skip


def date_longue(jour: dt.date) -> str:
    """Return « 1er janvier 2026 », « 22 novembre 2026 »."""
    return f"{'1er' if jour.day == 1 else jour.day}{_NBSP}{_MONTHS[jour.month - 1]}{_NBSP}{jour.year}"


def date_courte(jour: dt.date) -> str:
    """Return « 22/11/2026 », for tables."""
    return f"{jour.day:02}/{jour.month:02}/{jour.year}"


def mois_annee(jour: dt.date) -> str:
    """Return « novembre 2026 »."""
    return f"{_MONTHS[jour.month - 1]}{_NBSP}{jour.year}"


def ajouter_mois(jour: dt.date, nombre: int) -> dt.date:
    """Return the day of the same number ``nombre`` months later, or the last of that month.

    A period in months goes from date to date: 31 January and one month give 28 or 29 February.
    """
    year, month = divmod(jour.year * 12 + jour.month - 1 + nombre, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(jour.day, last))


def est_ferie(jour: dt.date, departement: str | None = None) -> bool:
    """Tell whether a day is a public holiday of a département; see :func:`jours_feries`.

    The library takes a fifth of a second to load: the days that nothing makes a holiday in the métropole,
    neither the law nor Easter, are told from the others without it.
    """
    overseas = (departement or "").strip().startswith("97")
    easter = jour.month in range(3, 7) and jour.weekday() in (0, 3, 4)  # Good Friday to Whit Monday
    possible = overseas or easter or (jour.month, jour.day) in _FIXED
    return possible and jour in jours_feries(jour.year, departement)


_FIXED = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)}


@lru_cache(maxsize=256)
def jours_feries(annee: int, departement: str | None = None) -> frozenset[dt.date]:
    """Return the public holidays of a year in a département (code ``53``, ``2A``, ``974``).

    Alsace-Moselle and the overseas départements add their own days; the others, and None,
    have the national ones.
    """
    from holidays import country_holidays

    subdivision = _SUBDIVISIONS.get((departement or "").strip().upper())
    return frozenset(country_holidays("FR", subdiv=subdivision, years=annee))
