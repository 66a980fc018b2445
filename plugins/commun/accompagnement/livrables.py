"""The deliverables that the fiche hands over: how each is named, and what it is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assembler_plugins.commun.marche.dpgf_calcul import instalments
from assembler_plugins.commun.marche.mission import LIVRABLES, parts

from assembler.french import pourcent, typo
from assembler.model import dig
from assembler.text import plain

__all__ = ["Livrable", "Part", "livrable", "part"]

_CENT = Decimal(100)
_AUTRES = {"esquisse_plan_guide": "esquisse de plan-guide", "carnet_suivi": "carnet de suivi"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Livrable:
    """A deliverable as sentences name it."""

    code: str | None
    """« L2.1 »; None for one that the marché does not number."""
    nom: str
    """« carnet de suivi n° 1 », without its article."""

    @property
    def complet(self) -> str:
        """« L2.1, carnet de suivi n° 1 »."""
        return f"{self.code}, {self.nom}" if self.code else self.nom


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What a deliverable is worth in the payment schedule."""

    part: str
    """« 15 % » of the price."""
    montant: Decimal
    """In euros, without tax."""


def _connus() -> Iterator[tuple[str, Livrable]]:
    for key, rows in LIVRABLES.items():
        for code, name, *_ in rows:
            found = Livrable(code=code, nom=typo(name[:1].lower() + name[1:]))
            yield plain(code), found
            yield plain(name), found
        if len(rows) == 1:
            yield plain(key), found


def livrable(donne: object) -> Livrable:
    """Return the deliverable that the fiche names by its code, its key or its name."""
    text = " ".join(str(donne).split())
    key = plain(text)
    known = dict(_connus())
    if key in known:
        return known[key]
    return Livrable(
        code=None, nom=next((name for one, name in _AUTRES.items() if plain(one) == key), typo(text))
    )


def part(document: str, fiche: Mapping[str, Any], code: str | None) -> Part | None:
    """Return the share of the price that a deliverable pays; None when the fiche does not say.

    The last instalment is what is left of the price, roundings included.

    Args:
        document: id of the document that prints it.
        fiche: the total fiche.
        code: of the deliverable.

    Raises:
        WritingError: the payment schedule does not hold.
    """
    price, rows = dig(fiche, "attribution.montant_ht"), dig(fiche, "marche.echeancier", ())
    if price is None or not rows:
        return None
    parts(document, fiche, [one["livrable"] for one in rows])
    shares = [one["part"] or Decimal(0) for one in rows]
    amounts = instalments(price, [share / _CENT for share in shares])
    mine = [rank for rank, one in enumerate(rows) if one["livrable"] == code]
    if not mine:
        return None
    return Part(
        part=pourcent(sum((shares[rank] for rank in mine), Decimal(0))),
        montant=sum((amounts[rank] for rank in mine), Decimal(0)),
    )
