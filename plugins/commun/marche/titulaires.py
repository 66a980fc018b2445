"""The titulaires of the accord-cadre and the letters that they are sent: addressee, salutation, sender."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assembler_plugins.commun.autorites import autorite
from assembler_plugins.commun.lettres import chef_de_file, expediteur_etat
from assembler_plugins.commun.personnes import civilite, fonction, nom_complet, signature

from assembler.contributions import Case, Copy
from assembler.french import slug, typo
from assembler.model import dig

from .accord import accord_cadre, memes, titulaire
from .identite import identite

__all__ = [
    "IDENTIFIE", "consultes", "copies", "en_groupement", "lettre", "membres", "nom_officiel",
]  # fmt: skip

IDENTIFIE = {
    "marche.numero": "le numéro du marché subséquent",
    "marche.accord_cadre": "l’accord-cadre",
    "intitule": "l’intitulé",
    "pilotes": "le service pilote",
}
"""What every letter about the marché subséquent needs."""


def consultes(case: Case) -> list[str]:
    """Return the titulaires that were consulted, as the accord-cadre names them."""
    return [nom_officiel(case, str(one)) for one in dig(case.fiche, "marche.titulaires_consultes", ()) if one]


def nom_officiel(case: Case, nom: str) -> str:
    """Return a name as the accord-cadre writes it, else as given."""
    return typo(str(titulaire(accord_cadre(case), nom).get("mandataire") or nom))


def copies(noms: Iterable[str]) -> Iterable[Copy]:
    """One document by titulaire, whose name it is about."""
    return tuple(Copy(suffix=slug(nom), subject=nom) for nom in noms)


def en_groupement(record: Mapping[str, Any]) -> bool:
    """Tell whether a titulaire of the record stands for a groupement."""
    return record.get("groupement") in {"conjoint", "solidaire"} or bool(record.get("membres"))


def membres(record: Mapping[str, Any], nom: str) -> list[Mapping[str, Any]]:
    """Return the mandataire, then the other members: ``nom``, ``role``, ``pme``, ``taux_tva``."""
    first = record.get("mandataire") or nom
    role = "mandataire" if en_groupement(record) else "titulaire"
    return [
        {"nom": typo(str(first)), "role": role, "pme": record.get("pme"), "taux_tva": None},
        *(
            {
                "nom": typo(str(one["nom"])),
                "role": "cotraitant",
                "pme": one["pme"],
                "taux_tva": one["taux_tva"],
            }
            for one in record.get("membres") or ()
            if one["nom"] and not memes(one["nom"], first)
        ),
    ]


def lettre(case: Case, nom: str) -> dict[str, Any]:
    """Return the values that every letter to a titulaire prints."""
    record = titulaire(accord_cadre(case), nom)
    person = record.get("representant") or {}
    service = chef_de_file(case.fiche)
    civility = civilite(person)
    salutation = f"{civility}," if civility and nom_complet(person) else "Madame, Monsieur,"
    return identite(case) | {
        "expediteur": expediteur_etat(case.fiche, service),
        "references": {"nos": case.fiche.get("reference"), "vos": None},
        "destinataire": {"attache": None, "lignes": _lignes(record, nom)},
        "appel": salutation,
        "groupement": en_groupement(record),
        "pj": [],
        "copies": [],
        "signature": signature(
            service.get("signataire") or {}, delegant=autorite(case.fiche, service)["delegant"]
        ),
    }


def _lignes(record: Mapping[str, Any], nom: str) -> list[str]:
    name = typo(str(record.get("mandataire") or nom))
    lines = [f"{name}, mandataire du groupement" if en_groupement(record) else name]
    person = record.get("representant") or {}
    if who := nom_complet(person):
        shown = " ".join(filter(None, [civilite(person), who]))
        title = fonction(person)
        lines.append(f"À l’attention de {shown}" + (f", {title}" if title else ""))
    return [*lines, *(typo(str(one)) for one in record.get("adresse") or ())]
