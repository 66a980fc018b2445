"""Blocks that the letters of the programme share: emitter, addressee, territory, themes.

Layout and reasons: documents.md § 3.1. Each function takes the total fiche (or a part of it) and
returns plain values for the templates; what is optional and unknown is None or empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assembler.contributions import Case
from assembler.french import de, departement_nom, enumerer, majuscule, telephone, typo
from assembler.model import dig
from assembler.text import plain

from .autorites import autorite
from .personnes import le, nom_complet, nomme

__all__ = [
    "BOITE",
    "atelier",
    "chef_de_file",
    "destinataire_dgaln",
    "expediteur_collectivite",
    "expediteur_dgaln",
    "expediteur_etat",
    "instruction",
    "perimetre",
    "porteurs",
    "prose",
    "themes",
    "ville",
]

BOITE = "atelier-des-territoires.ad1.dhup.dgaln@developpement-durable.gouv.fr"
"""Mailbox of the desk (kit technique 2025, domaine.md L-40)."""
_DGALN = "Direction générale de l’aménagement, du logement et de la nature"
_DHUP = "Direction de l’habitat, de l’urbanisme et des paysages"
_SDAD = "Sous-direction de l’aménagement durable"
_BUREAU = "Bureau des stratégies territoriales (AD1)"

_THEMES = {
    "territoriales_urbaines": "des transitions territoriales et urbaines",
    "culturelles_sociales_economiques_citoyennes": (
        "des transitions culturelles, sociales, économiques et citoyennes"
    ),
    "environnementales_energetiques": "des transitions environnementales et énergétiques",
}


def prose(text: str | None) -> str | None:
    """Return typed prose with its typographic signs, on one line, ending with a full stop."""
    if not text or not str(text).strip():
        return None
    line = typo(" ".join(str(text).split()))
    return line if line[-1] in ".!?…" else line + "."


def atelier(fiche: Mapping[str, Any], titre: str) -> dict[str, str | None]:
    """Return the Atelier as sentences name it: ``nom``, ``le``, ``du``; all None without a title.

    « Atelier local des Coëvrons » names itself; « Habiter les Coëvrons » becomes « Atelier local
    « Habiter les Coëvrons » ». The same string stands in every document.

    Args:
        fiche: the total fiche.
        titre: title of the format (« Atelier local »).
    """
    if not fiche.get("intitule"):
        return {"nom": None, "le": None, "du": None}
    text = typo(" ".join(str(fiche["intitule"]).split()))
    nom = majuscule(text) if plain(text).startswith(plain(titre)) else f"{titre} «\u00a0{text}\u00a0»"
    return {"nom": nom, "le": le(nom), "du": de(nom)}


def chef_de_file(fiche: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the service that leads: the one marked, else the first; empty when there is none."""
    services: Sequence[Mapping[str, Any]] = fiche.get("pilotes") or ()
    return next((one for one in services if one.get("chef_de_file")), services[0] if services else {})


def ville(adresse: Iterable[str] | None) -> str | None:
    """Return the town of a postal address: « 53000 Laval cedex » gives « Laval »."""
    for line in reversed(list(adresse or ())):
        found = re.match(r"\s*(?:\d{5}|\d{2} ?\d{3})\s+(.+)", str(line))
        if found:
            return re.sub(r"\s+cedex\b.*", "", found[1], flags=re.IGNORECASE).strip()
    return None


def _agent(personne: Mapping[str, Any]) -> dict[str, str | None]:
    phone = personne.get("telephone")
    return {
        "agent": nom_complet(personne),
        "telephone": telephone(phone) if phone else None,
        "courriel": personne.get("courriel"),
    }


def _pied(nom: str, adresse: Iterable[str] | None) -> str:
    return " – ".join([nom, *(typo(str(line)) for line in adresse or ())])


def expediteur_etat(
    fiche: Mapping[str, Any], service: Mapping[str, Any], *, prefet: bool = False
) -> dict[str, Any]:
    """Return the emitter of a letter of the State's local services.

    Args:
        fiche: the total fiche.
        service: the service that follows the case.
        prefet: the letter is the préfet's own: no timbre of the service, the préfecture's address.
    """
    nom = typo(str(service.get("nom") or ""))
    contact = service.get("contact") or {}
    adresse = service.get("adresse") or ()
    if prefet and dig(fiche, "prefectures.0.adresse"):
        adresse = dig(fiche, "prefectures.0.adresse")
    titre = autorite(fiche, service)["titre"]
    pied = titre if prefet else nom
    return {
        "bloc_marque": titre,
        "timbre": [nom] if nom else [],
        **_agent(contact),
        "ville": ville(adresse),
        "pied": _pied(pied, adresse),
    }


def expediteur_collectivite(collectivite: Mapping[str, Any]) -> dict[str, Any]:
    """Return the emitter of a collectivité's letter: its own name, nothing of the State's."""
    nom = nomme(str(collectivite.get("nom") or ""), collectivite.get("type"))["nom"]
    contact = collectivite.get("contact") or {}
    adresse = collectivite.get("adresse") or ()
    return {
        "bloc_marque": nom[:1].upper() + nom[1:],
        "timbre": [],
        **_agent(contact),
        "ville": ville(adresse),
        "pied": _pied(nom[:1].upper() + nom[1:], adresse),
    }


def expediteur_dgaln(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the emitter of the desk's letters.

    The ministry changes its name too often to be written here: the desk's own image, put at the
    bookmark ``bloc_marque``, bears it.

    Args:
        kept: what the desk keeps (instruction.yaml).
    """
    agent = kept.get("agent_suivi") or {}
    person = _agent(agent)
    return {
        "bloc_marque": _DGALN,
        "timbre": [_DHUP, _SDAD, _BUREAU],
        **person,
        "courriel": person["courriel"] or BOITE,
        "ville": None,
        "pied": f"{_DGALN} – {BOITE}",
    }


def destinataire_dgaln(attache: str | None = None) -> dict[str, Any]:
    """Return the addressee of a candidature (domaine.md L-10).

    Args:
        attache: who writes, in the forme administrative (« La préfète de la Mayenne »); None in
            the forme personnelle.
    """
    first = f"la {_SDAD[0].lower()}{_SDAD[1:]}" if attache else _SDAD
    return {"attache": attache, "lignes": [first, _DHUP, _DGALN]}


def perimetre(fiche: Mapping[str, Any]) -> str | None:
    """Return the territory in words: its EPCI, else its communes, and its départements."""
    epci = [
        nomme(str(one["nom"]), one.get("type"))["le"]
        for one in dig(fiche, "territoire.epci", ())
        if one.get("nom")
    ]
    communes = [typo(str(one["nom"])) for one in dig(fiche, "territoire.communes", ()) if one.get("nom")]
    names = epci or ([f"la commune {de(communes[0])}"] if len(communes) == 1 else [])
    text = enumerer(names)
    if not text and communes:
        text = f"les communes {enumerer([de(one) for one in communes])}"
    if not text:
        return None
    places = []
    for code in dig(fiche, "territoire.departements", ()):
        try:
            places.append(departement_nom(str(code)))
        except ValueError:
            continue
    return f"{text} ({enumerer(places)})" if places else text


def porteurs(fiche: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return those who carry the dossier together: collectivités of role porteur, then services."""
    bodies = [
        nomme(str(one["nom"]), one.get("type"))
        for one in fiche.get("collectivites") or ()
        if one.get("nom") and one.get("role") != "associee"
    ]
    return bodies + [nomme(str(one["nom"])) for one in fiche.get("pilotes") or () if one.get("nom")]


def themes(fiche: Mapping[str, Any]) -> str | None:
    """Return the transitions with their article: « des transitions territoriales et urbaines »."""
    known = [_THEMES[one] for one in dig(fiche, "objet.thematiques", ()) if one in _THEMES]
    if not known:
        return None
    return known[0] if len(known) == 1 else " ainsi que ".join(known)


def instruction(case: Case) -> Mapping[str, Any]:
    """Return what the desk keeps (instruction.yaml); empty when there is none."""
    found: Mapping[str, Any] = dig(case.dossier.facts, "instruction", {})
    return found
