"""Checks of the offers and of the attribution (MAR), whatever the format: no contradiction in the fiche."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from assembler_plugins.commun.faits import absent, items, refused, unstated

from assembler.french import enumerer, montant, nombre
from assembler.model import Frozen, Observation, dig
from assembler.text import plain

from .accord import memes
from .limites import REPARTITION, dans_l_enveloppe, parts_des_membres

__all__ = [
    "enveloppe",
    "montant_de_l_offre",
    "notes_des_offres",
    "offres_a_temps",
    "offres_des_consultes",
    "repartition_complete",
    "titulaire_retenu",
]

_OFFERS = "fiche.offres"
_CONSULTED = "fiche.marche.titulaires_consultes"
_CHOSEN = "fiche.attribution.titulaire"
_AMOUNT = "fiche.attribution.montant_ht"


def _of(facts: Frozen, name: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the offers of a titulaire, each with its path."""
    return [(path, one) for path, one in items(facts, _OFFERS) if memes(one.get("titulaire"), name)]


def _consulted(facts: Frozen, name: Any) -> bool:
    return any(memes(one, name) for one in dig(facts, _CONSULTED, ()))


# --- the offers --------------------------------------------------------------------------------


def offres_des_consultes(facts: Frozen) -> Iterator[Observation]:
    """Report the offers of who was not consulted, and two offers of one titulaire."""
    if missing := unstated(facts, _OFFERS, _CONSULTED):
        yield from missing
        return
    seen: list[str] = []
    for path, one in items(facts, _OFFERS):
        name = one.get("titulaire")
        if not name:
            continue
        if not _consulted(facts, name):
            yield refused(f"« {name} » n’est pas parmi les titulaires consultés.", f"{path}.titulaire", name)
        elif any(memes(name, other) for other in seen):
            yield refused(f"« {name} » a deux offres.", f"{path}.titulaire", name)
        seen.append(str(name))


def offres_a_temps(facts: Frozen) -> Iterator[Observation]:
    """Report the offers received after the deadline that are not set aside."""
    path = "fiche.marche.date_limite_offres"
    if missing := unstated(facts, _OFFERS, path):
        yield from missing
        return
    limit: dt.datetime = dig(facts, path)
    received = [(where, one) for where, one in items(facts, _OFFERS) if one.get("date_reception")]
    if not received:
        yield absent("Aucune offre n’a de date de réception.")
    for where, one in received:
        if one["date_reception"] > limit and not one.get("ecartee"):
            yield refused(
                f"L’offre de « {one.get('titulaire')} », reçue le {_moment(one['date_reception'])}, après la "
                f"date limite du {_moment(limit)}, n’est pas écartée.",
                f"{where}.date_reception",
                one["date_reception"],
            )


def _moment(value: dt.datetime) -> str:
    return f"{value:%d/%m/%Y à %H h %M}"


def notes_des_offres(facts: Frozen) -> Iterator[Observation]:
    """Report marks that are none, beyond the highest, or given for a criterion that does not exist."""
    record = dig(facts, "referentiels.accord_cadre", {})
    fixed = record.get("criteres") or dig(facts, "fiche.marche.criteres", ())
    criteria = [str(one["intitule"]) for one in fixed if one.get("intitule")]
    highest = record.get("note_maximale")
    marked = [(path, one) for path, one in items(facts, _OFFERS) if one.get("notes")]
    if not marked:
        yield from unstated(facts, _OFFERS) or [absent("Aucune offre n’est notée.")]
    for path, one in marked:
        here, given = f"{path}.notes", one["notes"]
        if not isinstance(given, Mapping):
            yield refused("On attend une note par critère, par exemple {Valeur technique: 8}.", here)
            continue
        for name, value in given.items():
            if criteria and not any(plain(name) == plain(other) for other in criteria):
                yield refused(f"« {name} » n’est pas un critère ({enumerer(criteria)}).", here, name)
            elif told := _mark_fault(value, highest):
                yield refused(f"« {one.get('titulaire')} », « {name} » : {told}", here, str(value))


def _mark_fault(value: Any, highest: Decimal | None) -> str | None:
    try:
        mark = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        return f"« {value} » n’est pas une note."
    if not mark.is_finite() or mark < 0 or (highest is not None and mark > highest):
        return (
            f"une note va de 0{f' à {nombre(highest)}' if highest is not None else ''}, et non « {value} »."
        )
    return None


# --- the attribution ---------------------------------------------------------------------------


def titulaire_retenu(facts: Frozen) -> Iterator[Observation]:
    """Report a titulaire retained that was not consulted, made no offer, or whose offer is set aside."""
    if missing := unstated(facts, _CHOSEN):
        yield from missing
        return
    name = dig(facts, _CHOSEN)
    consulted, offers = dig(facts, _CONSULTED), dig(facts, _OFFERS)
    if not consulted and not offers:
        yield absent("Ni les titulaires consultés ni les offres ne sont dits.")
    if consulted and not _consulted(facts, name):
        yield refused(f"« {name} » n’est pas parmi les titulaires consultés.", _CHOSEN, name)
    own = _of(facts, name)
    if offers and not own:
        yield refused(f"« {name} » n’a remis aucune des offres enregistrées.", _CHOSEN, name)
    for _, one in own:
        if one.get("ecartee"):
            yield refused(f"L’offre de « {name} » est écartée : {one['ecartee']}", _CHOSEN, name)


def montant_de_l_offre(facts: Frozen) -> Iterator[Observation]:
    """Report an amount of the attribution that is not that of the offer retained."""
    if missing := unstated(facts, _CHOSEN, _AMOUNT):
        yield from missing
        return
    amount = dig(facts, _AMOUNT)
    stated = [
        (path, one) for path, one in _of(facts, dig(facts, _CHOSEN)) if one.get("montant_ht") is not None
    ]
    if not stated:
        yield absent("L’offre retenue n’a pas de montant.")
    for path, one in stated:
        if one["montant_ht"] != amount:
            yield refused(
                f"Trouvé ici : {montant(amount)} HT ; trouvé là : {montant(one['montant_ht'])} HT (champ "
                f"« {path.removeprefix('fiche.')}.montant_ht »).",
                _AMOUNT,
                amount,
            )


def repartition_complete(facts: Frozen) -> Iterator[Observation]:
    """Report shares of the members of the groupement that do not make the amount of the attribution."""
    if missing := unstated(facts, REPARTITION, _AMOUNT):
        yield from missing
        return
    amount, shares = dig(facts, _AMOUNT), list(parts_des_membres(facts))
    found = sum((share for _, share in shares), Decimal(0))
    if not shares:
        yield absent("La répartition ne dit aucun montant.")
    elif found != amount:
        yield refused(
            f"Les parts font {montant(found)} HT, et le marché {montant(amount)} HT.", REPARTITION, found
        )


def enveloppe(facts: Frozen) -> Iterator[Observation]:
    """Report an amount that goes beyond the envelope, on the base on which it is stated."""
    path = "fiche.financement.montant"
    if missing := unstated(facts, _AMOUNT, path):
        yield from missing
        return
    yield from dans_l_enveloppe(facts, dig(facts, _AMOUNT), _AMOUNT)
