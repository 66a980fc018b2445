"""What only the Atelier flash checks; the rest is in ``commun/checks.py``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from assembler_plugins.commun import checks as commun
from assembler_plugins.commun.faits import (
    absent,
    bearing,
    file_of,
    items,
    mute,
    pieces,
    refused,
    to_see,
    unstated,
)
from assembler_plugins.commun.marche.accord import mandataires, seul_titulaire, titulaire
from assembler_plugins.commun.marche.limites import dans_l_enveloppe, pendant_l_accord

from assembler.contributions import Check
from assembler.french import arrondi, montant
from assembler.model import Frozen, Observation, State, dig
from assembler.text import plain

from .commandes import bordereau

__all__ = [
    "CHECKS",
    "commandes_dans_l_enveloppe",
    "commandes_pendant_l_accord",
    "demande_presente",
    "lignes_au_bordereau",
]

_ORDERS = "fiche.commandes"


def demande_presente(facts: Frozen) -> Iterator[Observation]:
    """Report a dossier without a fiche de candidature and without a letter that asks for an Atelier flash."""
    if dig(facts, "pieces.fiche_candidature") is not None:
        return
    letters = pieces(facts, "courrier_collectivite", "courrier_service")
    if any(bearing(one, "demande_flash") for _, one in letters):
        return
    silent = [(path, one) for path, one in letters if mute(one)]
    for path, one in silent:
        message = "Le courrier est une image : vérifiez à l’œil s’il demande un Atelier flash."
        yield to_see(message, path, file_of(one))
    if not silent:
        yield refused(
            "Ni fiche de candidature ni demande d’Atelier flash n’a été trouvée ; "
            "cette exigence n’est pas attestée publiquement."
        )


# --- the orders -------------------------------------------------------------------------------


def _record(facts: Frozen) -> Mapping[str, Any]:
    found: Mapping[str, Any] = dig(facts, "referentiels.accord_cadre", {})
    return found


def _lines(facts: Frozen) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Yield each line with its path and the titulaire that it is ordered from, when that is known."""
    for path, one in items(facts, _ORDERS):
        name = (
            one.get("titulaire")
            or dig(facts, "fiche.attribution.titulaire")
            or seul_titulaire(_record(facts))
        )
        for place, line in items(facts, f"{path}.lignes") if name else ():
            yield place, line, str(name)


def lignes_au_bordereau(facts: Frozen) -> Iterator[Observation]:
    """Report the lines that the titulaire’s bordereau does not hold, or not at that price."""
    if missing := unstated(facts, _ORDERS):
        yield from missing
        return
    record = _record(facts)
    ordered = list(_lines(facts))
    if not mandataires(record):
        yield absent("L’accord-cadre ne dit pas qui sont ses titulaires.")
        return
    if not ordered:
        yield absent("Aucune commande ne dit à la fois son titulaire et ses lignes.")
    for name in dict.fromkeys(name for *_, name in ordered):
        mine = [(path, line) for path, line, its in ordered if its == name]
        if not titulaire(record, name):
            yield refused(f"« {name} » n’est pas un titulaire de l’accord-cadre.", _ORDERS, name)
        elif not (prices := bordereau(record, name)):
            message = f"L’accord-cadre ne donne pas le bordereau des prix de « {name} »."
            yield Observation(state=State.NON_VERIFIE, message=message, path=_ORDERS)
        else:
            for path, line in mine:
                yield from _priced(path, line, prices, name, record.get("forme_prix") == "revisable")


def _priced(
    path: str, line: Mapping[str, Any], prices: Mapping[str, Mapping[str, Any]], name: str, revised: bool
) -> Iterator[Observation]:
    number, own = line.get("numero_prix"), line.get("prix_ht")
    known = prices.get(plain(str(number or "")))
    if known is None:
        said = f"Le prix « {number} »" if number else "Une ligne sans numéro de prix"
        yield refused(f"{said} n’est pas au bordereau de « {name} ».", f"{path}.numero_prix", number)
        return
    price = known.get("prix_ht")
    if own is None or price is None or own == price:
        return
    said = f"Le prix « {number} » est de {montant(own)} ici, de {montant(price)} au bordereau de « {name} »"
    if revised:
        yield to_see(f"{said} : vérifiez la révision que prévoit l’accord-cadre.", f"{path}.prix_ht")
    else:
        yield refused(f"{said}.", f"{path}.prix_ht", own)


def commandes_pendant_l_accord(facts: Frozen) -> Iterator[Observation]:
    """Report the orders dated outside the accord-cadre."""
    dated = [(f"{path}.date", one["date"]) for path, one in items(facts, _ORDERS) if one.get("date")]
    if not dated:
        yield from unstated(facts, _ORDERS) or [absent("Aucune commande n’est datée.")]
    for path, when in dated:
        yield from pendant_l_accord(_record(facts), when, path, "La commande est datée")


def commandes_dans_l_enveloppe(facts: Frozen) -> Iterator[Observation]:
    """Report orders whose total goes beyond the envelope; nothing is judged while a price is unknown."""
    if missing := unstated(facts, _ORDERS, "fiche.financement.montant"):
        yield from missing
        return
    total = Decimal(0)
    ordered = list(_lines(facts))
    for _, line, name in ordered:
        known = bordereau(_record(facts), name).get(plain(str(line.get("numero_prix") or "")), {})
        price = known.get("prix_ht") if line.get("prix_ht") is None else line["prix_ht"]
        if price is None or line.get("quantite") is None:
            yield absent("FL-MAR-002")
            return
        total += arrondi(line["quantite"] * price)
    if ordered:
        yield from dans_l_enveloppe(facts, total, _ORDERS)
    else:
        yield absent("Aucune commande ne dit à la fois son titulaire et ses lignes.")


CHECKS: Mapping[str, Check] = {
    **commun.CHECKS,
    "commandes_dans_l_enveloppe": commandes_dans_l_enveloppe,
    "commandes_pendant_l_accord": commandes_pendant_l_accord,
    "demande_presente": demande_presente,
    "lignes_au_bordereau": lignes_au_bordereau,
}
"""By name, what ``controle`` may say in the rules of this format."""
