"""Rates, thresholds and delays as dated data: what was in force on a day, and which text says so.

The tables are ``rules/baremes/*.yaml``. A value is never edited into another: it ends, and its
successor starts on the next day (documents.md § 8 and 9).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from assembler.yamltext import load

__all__ = ["Bareme", "Valeur", "bareme", "baremes", "valeur"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Valeur:
    """A value and the days on which it is in force, both ends included."""

    valeur: Decimal
    """In the unit of the table: percent points, euros, days, months."""
    source: str
    """French text that sets it."""
    du: dt.date | None = None
    """None: in force as far back as the programme goes."""
    au: dt.date | None = None
    """None: still in force."""

    def en_vigueur(self, jour: dt.date) -> bool:
        """Tell whether the value holds on a day."""
        return (self.du is None or self.du <= jour) and (self.au is None or jour <= self.au)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bareme:
    """A chain of values, in the order of time."""

    id: str
    libelle: str
    valeurs: tuple[Valeur, ...]
    departements: frozenset[str] | None = None
    """Codes of the départements that it concerns, when it does not concern all of them."""

    def au(self, jour: dt.date) -> Valeur | None:
        """Return the value in force on a day; None when the table does not say."""
        return next((one for one in self.valeurs if one.en_vigueur(jour)), None)


def _jour(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _valeur(given: Mapping[str, Any]) -> Valeur:
    return Valeur(
        valeur=Decimal(given["valeur"]),
        source=str(given["source"]),
        du=_jour(given.get("du")),
        au=_jour(given.get("au")),
    )


@cache
def baremes(sujet: str) -> Mapping[str, Bareme]:
    """Return the tables of a subject (``tva``, ``seuils``, ``avances``, ``delais``) by id."""
    data = load((files("assembler_rules") / "baremes" / f"{sujet}.yaml").read_bytes()).data
    return {
        ident: Bareme(
            id=ident,
            libelle=str(given["libelle"]),
            valeurs=tuple(map(_valeur, given["valeurs"])),
            departements=frozenset(map(str, given["departements"])) if "departements" in given else None,
        )
        for ident, given in data.items()
    }


def bareme(sujet: str, ident: str, jour: dt.date) -> Valeur | None:
    """Return the value in force on a day with its source; None when the table does not say."""
    return baremes(sujet)[ident].au(jour)


def valeur(sujet: str, ident: str, jour: dt.date) -> Decimal:
    """Return the value in force on a day.

    Raises:
        LookupError: the table says nothing for that day.
    """
    found = bareme(sujet, ident, jour)
    if found is None:
        raise LookupError(f"{baremes(sujet)[ident].libelle} : aucune valeur au {jour:%d/%m/%Y}")
    return found.valeur
