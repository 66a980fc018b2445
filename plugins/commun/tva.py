"""Normal rates of VAT by territory, as dated data (documents.md § 8.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["RATES", "Rate", "default_rate"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """The normal rate of a group of départements."""

    departements: frozenset[str] | None
    """Codes; None: métropole, Corse included."""
    taux: Decimal
    """A fraction."""
    source: str
    """French text that sets it."""
    du: dt.date
    """The table answers from this day on; before it, nothing is proposed."""
    au: dt.date | None = None


_SINCE = dt.date(2014, 1, 1)
RATES = (
    Rate(departements=None, taux=Decimal("0.20"), source="code général des impôts, article 278", du=_SINCE),
    Rate(
        departements=frozenset({"971", "972", "974"}),
        taux=Decimal("0.085"),
        source="code général des impôts, article 296",
        du=_SINCE,
    ),
    Rate(
        departements=frozenset({"973", "976"}),
        taux=Decimal(0),
        source="code général des impôts, article 294, 1 : la TVA n’y est provisoirement pas applicable",
        du=_SINCE,
    ),
)


def _of(departement: str, day: dt.date) -> Decimal | None:
    code = departement.strip().upper()
    overseas = code.startswith(("97", "98"))
    for rate in RATES:
        here = code in rate.departements if rate.departements is not None else not overseas
        if here and rate.du <= day and (rate.au is None or day <= rate.au):
            return rate.taux
    return None


def default_rate(departements: Iterable[str], day: dt.date) -> Decimal | None:
    """Return the rate to propose, a fraction; None when it is for a person to enter.

    It is a proposal: the place of supply is a tax question (documents.md § 8.2). Nothing is
    proposed outside métropole and the DROM, nor when the départements differ.
    """
    found = {_of(code, day) for code in departements}
    return found.pop() if len(found) == 1 else None
