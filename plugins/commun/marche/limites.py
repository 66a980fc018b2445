"""What orders and contracts are held to: the days of the accord-cadre, the envelope of the Atelier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from assembler_plugins.commun.faits import absent, day, departements, items, refused
from assembler_plugins.commun.tva import fraction, taux_propose

from assembler.french import montant, pourcent, tva
from assembler.model import Frozen, Observation, State, dig
from assembler.text import plain

from .accord import titulaire

__all__ = ["REPARTITION", "dans_l_enveloppe", "parts_des_membres", "pendant_l_accord"]

REPARTITION = "fiche.attribution.repartition"
"""Path of what each member of the groupement is paid."""


def pendant_l_accord(record: Mapping[str, Any], when: dt.date, path: str, what: str) -> Iterator[Observation]:
    """Report a day outside the accord-cadre.

    Args:
        record: the accord-cadre.
        when: the day.
        path: of the field that gives it.
        what: « La signature est datée ».
    """
    first, last = record.get("date_notification"), record.get("date_fin")
    if not first and not last:
        yield absent("L’accord-cadre ne dit pas ses dates.")
    elif first and when < first:
        yield refused(
            f"{what} du {day(when)}, avant l’accord-cadre, notifié le {day(first)}.", path, value=when
        )
    elif last and when > last:
        yield refused(
            f"{what} du {day(when)}, après l’accord-cadre, qui finit le {day(last)}.", path, value=when
        )


def parts_des_membres(facts: Frozen) -> Iterator[tuple[str, Decimal]]:
    """Yield the members of the groupement with what each is paid without tax."""
    for _, one in items(facts, REPARTITION):
        if one.get("montant_ht") is not None:
            yield str(one.get("membre") or ""), one["montant_ht"]


def dans_l_enveloppe(facts: Frozen, excluding: Decimal, where: str) -> Iterator[Observation]:
    """Report an amount without tax that goes beyond the envelope.

    Args:
        facts: the facts; the envelope is stated.
        excluding: the amount.
        where: path of the field that gives it.
    """
    most, base = dig(facts, "fiche.financement.montant"), dig(facts, "fiche.financement.base")
    if base == "HT" or excluding > most:  # beyond it without tax, beyond it on any base
        if excluding > most:
            yield refused(
                f"{montant(excluding)} HT, pour une enveloppe de {montant(most)} {base or ''}".rstrip() + ".",
                where,
                excluding,
            )
        return
    rate = _rate(facts)
    including = None if rate is None else _including(facts, excluding, rate)
    if including is not None and including <= most:
        return  # within it with tax, within it on any base
    if rate is None or including is None:
        yield _undecided("Le taux de TVA n’est pas dit.", "fiche.marche.taux_tva")
    elif base is None:
        told = f"{montant(excluding)} HT, {montant(including)} TTC à {pourcent(rate * 100)}"
        yield _undecided(
            f"La fiche ne dit pas si l’enveloppe ({montant(most)}) est HT ou TTC ; le marché fait {told}.",
            "fiche.financement.base",
        )
    else:
        yield refused(
            f"{montant(including)} TTC ({montant(excluding)} HT, TVA à {pourcent(rate * 100)}), pour une "
            f"enveloppe de {montant(most)} TTC.",
            where,
            including,
        )


def _including(facts: Frozen, excluding: Decimal, rate: Decimal) -> Decimal:
    """Return the amount with tax; each member at its own rate when the shares are known."""
    record = titulaire(dig(facts, "referentiels.accord_cadre", {}), dig(facts, "fiche.attribution.titulaire"))
    own = {
        plain(str(one.get("nom"))): fraction(one["taux_tva"])
        for one in record.get("membres") or ()
        if one.get("taux_tva") is not None
    }
    bases: dict[Decimal, Decimal] = {}
    for member, share in parts_des_membres(facts):
        of_member = own.get(plain(member), rate)
        bases[of_member] = bases.get(of_member, Decimal(0)) + share
    if sum(bases.values(), Decimal(0)) != excluding:
        return tva(excluding, rate)[1]
    return excluding + sum((tva(base, of_rate)[0] for of_rate, base in bases.items()), Decimal(0))


def _rate(facts: Frozen) -> Decimal | None:
    """Return the rate of the fiche, else the one that documents propose, as a fraction."""
    stated = dig(facts, "fiche.marche.taux_tva")
    if stated is not None:
        return fraction(stated)
    when = dig(facts, "fiche.marche.date_consultation") or dig(facts, "dossier.date")
    found = taux_propose(departements(facts), when) if when else None
    return found.valeur / 100 if found else None


def _undecided(message: str, path: str) -> Observation:
    return Observation(state=State.NON_VERIFIE, message=message, path=path)
