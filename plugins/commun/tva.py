"""The rate of VAT: the one that the fiche states, else the normal rate of the territory, as a proposal.

The place of supply is a tax question (documents.md § 8.2): the choice is left to the person, and
what is printed says whose choice it is and why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from assembler.contributions import Case
from assembler.french import pourcent
from assembler.model import dig

from .baremes import Valeur, baremes

__all__ = ["Taux", "default_rate", "fraction", "taux_du_marche", "taux_propose"]

_CENT = Decimal(100)


@dataclass(frozen=True, kw_only=True, slots=True)
class Taux:
    """A rate of VAT and why it is that one."""

    points: Decimal
    """Percent points: 20 for 20 %."""
    motif: str | None
    """French: the person's reason, else the text that sets the normal rate; None when nobody says."""
    propose: bool
    """Nobody has chosen it yet: to be confirmed."""

    @property
    def fraction(self) -> Decimal:
        """The rate as it multiplies: 0.20 for 20 %."""
        return self.points / _CENT

    @property
    def phrase(self) -> str:
        """The rate, its reason, and whether it is still to be confirmed, for people to read."""
        said = pourcent(self.points)
        if self.propose:
            said += ", proposé pour ce territoire et à confirmer"
        return f"{said} ({self.motif})" if self.motif else said


def _of(departement: str, jour: dt.date) -> Valeur | None:
    code = departement.strip().upper()
    for one in baremes("tva").values():
        here = code in one.departements if one.departements is not None else not code.startswith(("97", "98"))
        if here:
            return one.au(jour)
    return None


def taux_propose(departements: Iterable[str], jour: dt.date) -> Valeur | None:
    """Return the normal rate of the territory, in percent points, with its source.

    None when it is for a person to enter: outside métropole and the DROM, or when the départements
    do not agree.
    """
    found = [_of(code, jour) for code in departements]
    first = found[0] if found else None
    if first is None or any(one is None or one.valeur != first.valeur for one in found):
        return None
    return first


def default_rate(departements: Iterable[str], day: dt.date) -> Decimal | None:
    """Return the rate to propose as a fraction; None when it is for a person to enter."""
    found = taux_propose(departements, day)
    return None if found is None else found.valeur / _CENT


def fraction(points: Decimal) -> Decimal:
    """Return a rate as it multiplies, whether it was entered as 20 or as 0.20 (20 %)."""
    return points if 0 < points < 1 else points / _CENT


def taux_du_marche(case: Case) -> Taux | None:
    """Return the rate of the marché: the fiche's, else the one to propose; None when nobody knows it."""
    jour = dig(case.fiche, "marche.date_consultation") or case.edition
    propose = taux_propose(map(str, dig(case.fiche, "territoire.departements", ())), jour)
    stated = dig(case.fiche, "marche.taux_tva")
    motif = dig(case.fiche, "marche.motif_tva")
    if stated is None:
        return propose and Taux(points=propose.valeur, motif=propose.source, propose=True)
    points = fraction(stated) * _CENT
    if motif is None and propose is not None and propose.valeur == points:
        motif = propose.source
    return Taux(points=points, motif=motif, propose=False)
