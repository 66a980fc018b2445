"""What the buyer decides on a deliverable, and the attestation that the service was done.

The decisions are those of the CCAG-PI (documents.md § 4.7); no article number is printed, for the rest
of that text was not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assembler_plugins.commun.lettres import chef_de_file, prose
from assembler_plugins.commun.marche.accord import accord_cadre, memes, seul_titulaire, titulaire
from assembler_plugins.commun.marche.montants import en_toutes_lettres
from assembler_plugins.commun.marche.titulaires import lettre, membres, nom_officiel
from assembler_plugins.commun.personnes import est_femme, fonction
from assembler_plugins.commun.tva import Taux, fraction, taux_du_marche

from assembler.contributions import Case, Copy
from assembler.errors import MissingValue
from assembler.french import date_longue, majuscule, montant, pourcent, slug, tva, typo
from assembler.model import dig

from .livrables import Livrable, livrable, part

__all__ = [
    "copies_admises",
    "copies_decidees",
    "decision_admission",
    "rien_d_admis",
    "rien_de_decide",
    "service_fait",
]

_ADMIS = frozenset({"admission", "refaction"})
_TITRES = {
    "admission": "décision d’admission",
    "ajournement": "décision d’ajournement",
    "refaction": "décision de réfaction",
    "rejet": "décision de rejet",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Livraison:
    """A deliverable handed over, with its rank in the fiche for the messages."""

    rang: int
    donnees: Mapping[str, Any]
    livrable: Livrable

    def exiger(self, document: str, champs: Mapping[str, str]) -> None:
        """Refuse the document when the delivery does not give what the decision must say."""
        missing = [
            f"{label} (champ « livraisons.{self.rang - 1}.{name} »)"
            for name, label in champs.items()
            if self.donnees.get(name) in (None, "", [], ())
        ]
        if missing:
            raise MissingValue(
                f"{document} : pour « {self.livrable.complet} », la fiche ne donne pas "
                f"{', ni '.join(missing)}."
            )


def _livraisons(case: Case, decisions: Iterable[str]) -> Iterator[_Livraison]:
    for rank, one in enumerate(case.fiche.get("livraisons") or (), 1):
        if one.get("decision") in decisions:
            yield _Livraison(
                rang=rank, donnees=one, livrable=livrable(one.get("livrable") or f"livraison {rank}")
            )


def _copies(found: Iterable[_Livraison]) -> Iterator[Copy]:
    """One document by delivery; a deliverable handed over twice is told apart by its rank."""
    seen: dict[str, int] = {}
    for one in found:
        name = slug(one.livrable.code or one.livrable.nom)
        seen[name] = seen.get(name, 0) + 1
        yield Copy(suffix=name if seen[name] == 1 else f"{name}-{seen[name]}", subject=one)


def copies_decidees(case: Case) -> Iterable[Copy]:
    """One decision by delivery on which the fiche gives one."""
    return _copies(_livraisons(case, _TITRES))


def copies_admises(case: Case) -> Iterable[Copy]:
    """One attestation by delivery that was admitted, with or without réfaction."""
    return _copies(_livraisons(case, _ADMIS))


def rien_de_decide(case: Case) -> str | None:
    """Return the French reason when no decision was taken."""
    if any(_livraisons(case, _TITRES)):
        return None
    return "la fiche ne donne de décision sur aucun livrable (champ « livraisons »)"


def rien_d_admis(case: Case) -> str | None:
    """Return the French reason when nothing was admitted."""
    if any(_livraisons(case, _ADMIS)):
        return None
    return "la fiche ne dit aucun livrable admis (champ « livraisons »)"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Contrat:
    """What the deliverable is owed under: a marché subséquent, or a bon de commande."""

    nom: str
    """« bon de commande n° 2026-053-F2 »."""
    titulaire: str
    engagement: str | None
    """Number of the engagement juridique."""

    @property
    def noms(self) -> dict[str, str]:
        """The contract as a table and as sentences name it."""
        return {"nom": self.nom, "le": f"le {self.nom}", "du": f"du {self.nom}"}


def _contrat(document: str, case: Case, livraison: _Livraison) -> _Contrat:
    """Return the contract of a delivery.

    Raises:
        MissingValue: the fiche names no contract, several without saying which, or no titulaire.
    """
    number = dig(case.fiche, "marche.numero")
    orders = [one for one in case.fiche.get("commandes") or () if one.get("numero")]
    wanted = livraison.donnees.get("commande")
    mine = [one for one in orders if not wanted or memes(one["numero"], wanted)]
    holder = dig(case.fiche, "attribution.titulaire")
    commitment = dig(case.fiche, "attribution.engagement_juridique")
    if number:
        name = f"marché subséquent n° {number}"
    elif len(mine) == 1:
        name = f"bon de commande n° {mine[0]['numero']}"
        holder = mine[0].get("titulaire") or holder or seul_titulaire(accord_cadre(case))
        commitment = mine[0].get("engagement_juridique") or commitment
    else:
        field = f"livraisons.{livraison.rang - 1}.commande" if orders else "marche.numero"
        raise MissingValue(f"{document} : la fiche ne dit pas au titre de quel contrat (champ « {field} »).")
    if not holder:
        raise MissingValue(
            f"{document} : la fiche ne donne pas le titulaire (champ « attribution.titulaire »)."
        )
    return _Contrat(nom=typo(name), titulaire=nom_officiel(case, str(holder)), engagement=commitment)


def _du(document: str, case: Case, livraison: _Livraison) -> tuple[Any, str | None]:
    """Return what the delivery is paid without tax, and its share of the price; None when unknown."""
    share = part(document, case.fiche, livraison.livrable.code)
    given = livraison.donnees.get("montant_ht")
    if given is not None:
        return given, share.part if share and share.montant == given else None
    return (share.montant, share.part) if share else (None, None)


def _lignes(items: Iterable[Any]) -> list[str]:
    return [majuscule(line) for line in (prose(str(one)) for one in items) if line]


def decision_admission(case: Case, copy: Copy) -> Mapping[str, Any]:
    """Return the values of ``decision-admission`` for one delivery."""
    document, livraison = "decision-admission", copy.subject
    decision = livraison.donnees["decision"]
    wanted = {"livrable": "le livrable", "date_decision": "la date de la décision"}
    if decision != "admission":
        wanted["motifs"] = "les motifs de la décision"
    if decision == "refaction":
        wanted["montant_ht"] = "le montant dû après réfaction"
    if decision == "ajournement":
        wanted["nouvelle_remise"] = "la date de la nouvelle remise"
    livraison.exiger(document, wanted)
    contract = _contrat(document, case, livraison)
    amount, share = _du(document, case, livraison)
    given = livraison.donnees
    notified = dig(case.fiche, "attribution.date_notification")
    return lettre(case, contract.titulaire) | {
        "contrat": contract.noms,
        "notification": date_longue(notified) if notified else None,
        "livrable": livraison.livrable.complet,
        "remise": date_longue(given["date_remise"]) if given.get("date_remise") else None,
        "decision": decision,
        "intitule": _TITRES[decision],
        "date": date_longue(given["date_decision"]),
        "motifs": _lignes(given.get("motifs") or ()),
        "observations": _lignes(given.get("observations") or ()),
        "nouvelle_remise": date_longue(given["nouvelle_remise"]) if given.get("nouvelle_remise") else None,
        "montant": en_toutes_lettres(amount, "HT") if amount is not None and decision in _ADMIS else None,
        "part": share,
    }


def _taux_unique(case: Case, nom: str, taux: Taux) -> bool:
    """Tell whether all the members of the groupement are at the rate of the marché."""
    own = [one["taux_tva"] for one in membres(titulaire(accord_cadre(case), nom), nom)]
    return all(one is None or fraction(one) == taux.fraction for one in own)


def service_fait(case: Case, copy: Copy) -> Mapping[str, Any]:
    """Return the values of ``service-fait`` for one delivery that was admitted.

    Raises:
        MissingValue: the amount, the rate of VAT or a mandatory value is not known.
    """
    document, livraison = "service-fait", copy.subject
    livraison.exiger(document, {"livrable": "le livrable", "date_decision": "la date de la décision"})
    if livraison.donnees["decision"] == "refaction":
        livraison.exiger(document, {"montant_ht": "le montant dû après réfaction"})
    contract = _contrat(document, case, livraison)
    amount, share = _du(document, case, livraison)
    if amount is None:
        raise MissingValue(
            f"{document} : la fiche ne dit pas ce que vaut « {livraison.livrable.complet} » (champs "
            "« marche.echeancier » et « attribution.montant_ht », ou "
            f"« livraisons.{livraison.rang - 1}.montant_ht »)."
        )
    rate = taux_du_marche(case)
    if rate is None or rate.propose:
        raise MissingValue(f"{document} : la fiche ne donne pas le taux de TVA (champ « marche.taux_tva »).")
    tax, whole = tva(amount, rate.fraction) if _taux_unique(case, contract.titulaire, rate) else (None, None)
    given, found = livraison.donnees, lettre(case, contract.titulaire)
    person = chef_de_file(case.fiche).get("signataire") or {}
    return found | {
        "contrat": contract.noms,
        "titulaire": contract.titulaire,
        "livrable": livraison.livrable.complet,
        "remise": date_longue(given["date_remise"]) if given.get("date_remise") else None,
        "date": date_longue(given["date_decision"]),
        "refaction": given["decision"] == "refaction",
        "part": share,
        "ht": montant(amount),
        "taux": pourcent(rate.points) if tax is not None else None,
        "tva": montant(tax) if tax is not None else None,
        "ttc": montant(whole) if whole is not None else None,
        "en_lettres": ", soit ".join(
            en_toutes_lettres(value, base)
            for value, base in ((amount, "HT"), (whole, "TTC"))
            if value is not None
        ),
        "engagement_juridique": contract.engagement,
        "code_service": dig(case.fiche, "attribution.code_service"),
        "soussigne": "soussignée" if est_femme(person) else "soussigné",
        "fonction": fonction(person),
    }
