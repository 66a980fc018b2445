"""The bons de commande of the fiche, at the prices of the titulaire’s bordereau (documents.md § 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assembler_plugins.commun.marche.accord import accord_cadre, memes, seul_titulaire, titulaire
from assembler_plugins.commun.marche.titulaires import nom_officiel

from assembler.contributions import Case, Copy
from assembler.errors import MissingValue, WritingError
from assembler.french import arrondi, montant, slug, typo
from assembler.model import dig
from assembler.text import plain

__all__ = [
    "Commande",
    "Ligne",
    "bordereau",
    "commande",
    "copies_commandes",
    "sans_commande",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ligne:
    """A line of an order."""

    numero: str
    designation: str
    unite: str
    quantite: Decimal
    prix: Decimal
    """Unit price without tax that is paid: the bordereau's, or the one revised as the accord-cadre says."""
    bordereau: Decimal
    """Unit price of the titulaire's bordereau."""

    @property
    def montant(self) -> Decimal:
        """Amount without tax, to the cent."""
        return arrondi(self.quantite * self.prix)


@dataclass(frozen=True, kw_only=True, slots=True)
class Commande:
    """An order that can be written: everything in it is known."""

    donnees: Mapping[str, Any]
    """The order in the total fiche."""
    titulaire: str
    """As the accord-cadre names it."""
    record: Mapping[str, Any]
    """The titulaire in the accord-cadre."""
    lignes: Sequence[Ligne]

    @property
    def numero(self) -> str:
        """Number of the order."""
        return str(self.donnees["numero"])

    @property
    def ht(self) -> Decimal:
        """Total without tax: the sum of the rounded lines."""
        return sum((one.montant for one in self.lignes), Decimal(0))


def bordereau(accord: Mapping[str, Any], nom: Any) -> dict[str, Mapping[str, Any]]:
    """Return the prices that a titulaire has subscribed to, by their number in plain text."""
    rows: Iterable[Mapping[str, Any]] = accord.get("bordereau") or ()
    return {plain(str(one.get("numero"))): one for one in rows if memes(one.get("titulaire"), nom)}


def sans_commande(case: Case) -> str | None:
    """Return the French reason when the fiche gives no order."""
    return None if case.fiche.get("commandes") else "la fiche ne donne aucune commande (champ « commandes »)"


def copies_commandes(case: Case) -> Iterable[Copy]:
    """One document by order, under its number; ``subject`` is its rank in the fiche."""
    seen: dict[str, int] = {}
    for rank, one in enumerate(case.fiche.get("commandes") or ()):
        name = slug(str(one.get("numero") or rank + 1))
        seen[name] = seen.get(name, 0) + 1
        yield Copy(suffix=name if seen[name] == 1 else f"{name}-{seen[name]}", subject=rank)


def commande(document: str, case: Case, rang: int) -> Commande:
    """Return an order of the fiche, priced.

    Args:
        document: id of the document that prints it.
        case: the case.
        rang: of the order in the fiche.

    Raises:
        MissingValue: the accord-cadre, the titulaire, the number or a line is not known.
        WritingError: a line is not in the titulaire's bordereau, or not at its price.
    """
    given, accord = case.fiche["commandes"][rang], accord_cadre(case)
    where = f"commandes.{rang}"
    if dig(case.dossier.facts, "referentiels.accord_cadre") is None:
        raise MissingValue(
            f"{document} : le fichier de l’accord-cadre n’a pas été trouvé ; lui seul donne le titulaire et "
            "son bordereau des prix (champ « marche.accord_cadre »)."
        )
    named = given["titulaire"] or dig(case.fiche, "attribution.titulaire") or seul_titulaire(accord)
    wanted = {"numero": "le numéro", "date": "la date d’émission", "lignes": "les lignes"}
    missing = [f"{label} (champ « {where}.{key} »)" for key, label in wanted.items() if not given[key]]
    missing += [] if named else [f"le titulaire (champ « {where}.titulaire »)"]
    if missing:
        raise MissingValue(f"{document} : la fiche ne donne pas {', ni '.join(missing)} de la commande.")
    record = titulaire(accord, named)
    if not record:
        raise WritingError(f"{document} : « {named} » n’est pas un titulaire de l’accord-cadre.")
    prices = bordereau(accord, record["mandataire"])
    revised = accord["forme_prix"] == "revisable"
    return Commande(
        donnees=given,
        titulaire=nom_officiel(case, str(named)),
        record=record,
        lignes=tuple(
            _ligne(document, f"{where}.lignes.{rank}", one, prices, str(named), revised)
            for rank, one in enumerate(given["lignes"])
        ),
    )


def _ligne(
    document: str,
    where: str,
    given: Mapping[str, Any],
    prices: Mapping[str, Mapping[str, Any]],
    nom: str,
    revised: bool,
) -> Ligne:
    number, quantity = given["numero_prix"], given["quantite"]
    known = prices.get(plain(str(number or "")))
    if known is None:
        raise WritingError(
            f"{document} : le prix « {number or 'sans numéro'} » (champ « {where}.numero_prix ») n’est pas "
            f"au bordereau des prix de {nom}."
        )
    price = known["prix_ht"]
    if price is None or price <= 0 or price != arrondi(price):
        raise WritingError(
            f"{document} : le prix « {number} » du bordereau de {nom} n’est pas un montant en euros et "
            "centimes ; corrigez-le dans le fichier de l’accord-cadre."
        )
    if quantity is None or quantity <= 0:
        raise MissingValue(
            f"{document} : la quantité du prix « {number} » manque (champ « {where}.quantite »)."
        )
    paid = price if given["prix_ht"] is None else arrondi(given["prix_ht"])
    if paid != price and not revised:
        raise WritingError(
            f"{document} : le prix « {number} » est de {montant(price)} au bordereau de {nom}, et non "
            f"de {montant(paid)} (champ « {where}.prix_ht ») ; l’accord-cadre ne dit pas que ses prix se "
            "révisent."
        )
    return Ligne(
        numero=typo(str(known["numero"])),
        designation=typo(str(known["designation"] or "")),
        unite=typo(str(known["unite"] or "unité")),
        quantite=quantity,
        prix=paid,
        bordereau=price,
    )
