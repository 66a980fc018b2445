"""What the contract comes to: VAT by rate, members of the groupement, advance of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assembler_plugins.commun.tva import Taux, fraction, taux_du_marche

from assembler.contributions import Case
from assembler.errors import MissingValue, WritingError
from assembler.french import enumerer, montant, montant_en_lettres, pourcent, tva
from assembler.model import dig

from .accord import accord_cadre, memes, titulaire
from .avances import avance, taux_minimal
from .titulaires import membres

__all__ = ["Montants", "Part", "avances", "en_toutes_lettres", "montants"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What one member of the groupement, or the whole titulaire, is paid."""

    membre: str
    role: str
    pme: bool | None
    taux: Decimal
    """Percent points of VAT."""
    ht: Decimal
    ttc: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Montants:
    """The amounts of the contract; the tax is computed once by rate, on the summed base (§ 8.3)."""

    ht: Decimal
    taxes: Sequence[tuple[Decimal, Decimal, Decimal]]
    """By rate, the highest first: percent points, base, tax."""
    ttc: Decimal
    parts: Sequence[Part]
    """By member when the shares are known; else one, for the whole."""
    taux: Taux


def en_toutes_lettres(valeur_: Decimal, base: str) -> str:
    """Return « cent mille euros hors taxes (100 000,00 € HT) ».

    Args:
        valeur_: in euros.
        base: ``HT`` or ``TTC``.
    """
    said = {"HT": "hors taxes", "TTC": "toutes taxes comprises"}[base]
    return f"{montant_en_lettres(valeur_)} {said} ({montant(valeur_)}\u00a0{base})"


def montants(document: str, case: Case, nom: str, ht: Decimal) -> Montants:
    """Return the amounts of the contract of a titulaire.

    Raises:
        MissingValue: no rate, or members at several rates whose shares nobody gives.
        WritingError: the shares do not add up, or name who is no member.
    """
    rate = taux_du_marche(case)
    if rate is None or rate.propose:
        raise MissingValue(f"{document} : la fiche ne donne pas le taux de TVA (champ « marche.taux_tva »).")
    if rate.motif is None:
        raise MissingValue(
            f"{document} : le taux de TVA ({pourcent(rate.points)}) n’est pas celui du territoire ; la fiche "
            "ne dit pas pourquoi (champ « marche.motif_tva »)."
        )
    people = membres(titulaire(accord_cadre(case), nom), nom)
    shares = _parts(document, case, people, ht)
    rates = {str(one["nom"]): _points(one, rate) for one in people}
    if not shares and len(set(rates.values())) > 1:
        own = [name for name, points in rates.items() if points != rate.points]
        raise MissingValue(
            f"{document} : {enumerer(own)} n’est pas au même taux de TVA que le groupement ; la fiche ne "
            "donne pas la part de chaque membre (champ « attribution.repartition »)."
        )
    parts = [
        _part(one, rates[str(one["nom"])], shares[str(one["nom"])])
        for one in people
        if shares.get(str(one["nom"]))
    ] or [_part({**people[0], "pme": _meme_pme(people)}, rates[str(people[0]["nom"])], ht)]
    bases: dict[Decimal, Decimal] = {}
    for one in parts:
        bases[one.taux] = bases.get(one.taux, Decimal(0)) + one.ht
    taxes = [
        (points, base, tva(base, points / 100)[0]) for points, base in sorted(bases.items(), reverse=True)
    ]
    return Montants(
        ht=ht, taxes=taxes, ttc=ht + sum((tax for *_, tax in taxes), Decimal(0)), parts=parts, taux=rate
    )


def _points(member: Mapping[str, Any], rate: Taux) -> Decimal:
    own = member["taux_tva"]
    return rate.points if own is None else fraction(own) * 100


def _part(member: Mapping[str, Any], points: Decimal, ht: Decimal) -> Part:
    return Part(
        membre=str(member["nom"]),
        role=str(member["role"]),
        pme=member["pme"],
        taux=points,
        ht=ht,
        ttc=tva(ht, points / 100)[1],
    )


def _meme_pme(people: Sequence[Mapping[str, Any]]) -> bool | None:
    """Return whether all members are small firms; None when they differ, or when one is not known."""
    told = {one["pme"] for one in people}
    return told.pop() if len(told) == 1 else None


def _parts(document: str, case: Case, people: Sequence[Mapping[str, Any]], ht: Decimal) -> dict[str, Decimal]:
    """Return the share of each member, without tax; empty when the fiche does not give them."""
    given = [one for one in dig(case.fiche, "attribution.repartition", ()) if one["montant_ht"] is not None]
    shares: dict[str, Decimal] = {}
    for one in given:
        name = next((str(member["nom"]) for member in people if memes(member["nom"], one["membre"])), None)
        if name is None:
            raise WritingError(
                f"{document} : « {one['membre']} » (champ « attribution.repartition ») n’est pas un membre "
                f"du groupement ({enumerer(member['nom'] for member in people)})."
            )
        shares[name] = shares.get(name, Decimal(0)) + one["montant_ht"]
    total = sum(shares.values(), Decimal(0))
    if shares and total != ht:
        raise WritingError(
            f"{document} : les parts des membres font {montant(total)}\u00a0HT, le marché "
            f"{montant(ht)}\u00a0HT (champ « attribution.repartition »)."
        )
    return shares


def avances(
    document: str, case: Case, found: Montants, duree_mois: int
) -> list[tuple[Part, Decimal, Decimal]]:
    """Return, by member, its part, the rate in percent points and the amount of the advance that is due.

    The rate is the one of the attribution, else of the accord-cadre, else the least one.

    Raises:
        MissingValue: what decides the rate of a member is not known.
        WritingError: the rate is under the least one.
    """
    jour = dig(case.fiche, "marche.date_consultation") or case.edition
    out = []
    for part in found.parts:
        rate = _taux_avance(case, part)
        if part.pme is None and (rate is None or rate < taux_minimal(True, jour)):
            raise MissingValue(
                f"{document} : le taux de l’avance dépend de la qualité de PME, que la fiche de "
                f"l’accord-cadre ne donne pas pour « {part.membre} » ; si les membres diffèrent, donnez la "
                "part de chacun (champ « attribution.repartition »)."
            )
        try:
            amount = avance(part.ttc, duree_mois, bool(part.pme), jour, rate)
        except ValueError as error:
            raise WritingError(f"{document} : {error} (champ « attribution.avance.taux »).") from error
        out.append((part, rate if rate is not None else taux_minimal(bool(part.pme), jour), amount))
    return out


def _taux_avance(case: Case, part: Part) -> Decimal | None:
    asked = dig(case.fiche, "attribution.avance.taux")
    if asked is not None:
        return asked
    return dig(accord_cadre(case), "avance.taux_pme" if part.pme else "avance.taux")
