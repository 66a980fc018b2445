"""Blocks that the letters of the programme share: emitter, addressee, territory, themes.

Layout and reasons: documents.md § 3.1. Each function takes the total fiche (or a part of it) and
returns plain values for the templates; what is optional and unknown is None or empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assembler.contributions import Case
from assembler.french import de, departement_de, departement_nom, enumerer, majuscule, telephone, typo
from assembler.model import dig
from assembler.text import plain

from .personnes import est_femme, fonction, le, nom_complet, nomme, signature

__all__ = [
    "BOITE",
    "atelier",
    "autorite",
    "chef_de_file",
    "destinataire_dgaln",
    "expediteur_collectivite",
    "expediteur_dgaln",
    "expediteur_etat",
    "instruction",
    "perimetre",
    "porteurs",
    "prose",
    "signature_prefecture",
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
_AUTORITES = {
    "prefet": "préfet",
    "sous_prefet": "sous-préfet",
    "secretaire_general": "secrétaire général de la préfecture",
    "prefet_delegue": "préfet délégué",
    "prefet_de_region": "préfet de région",
}
# Regional services are headed by the préfet de région, whose title names the region.
_REGIONAL = {"DREAL", "DRIEAT", "UD_DRIEAT"}
_REGIONS = {
    "la région Auvergne-Rhône-Alpes": "01 03 07 15 26 38 42 43 63 69 73 74",
    "la région Bourgogne-Franche-Comté": "21 25 39 58 70 71 89 90",
    "la région Bretagne": "22 29 35 56",
    "la région Centre-Val de Loire": "18 28 36 37 41 45",
    "Corse": "2A 2B",
    "la région Grand Est": "08 10 51 52 54 55 57 67 68 88",
    "la région Hauts-de-France": "02 59 60 62 80",
    "la région d’Île-de-France": "75 77 78 91 92 93 94 95",
    "la région Normandie": "14 27 50 61 76",
    "la région Nouvelle-Aquitaine": "16 17 19 23 24 33 40 47 64 79 86 87",
    "la région Occitanie": "09 11 12 30 31 32 34 46 48 65 66 81 82",
    "la région Pays de la Loire": "44 49 53 72 85",
    "la région Provence-Alpes-Côte d’Azur": "04 05 06 13 83 84",
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


def _departement(fiche: Mapping[str, Any]) -> str | None:
    code = dig(fiche, "prefectures.0.departement") or dig(fiche, "territoire.departements.0")
    return str(code) if code else None


def autorite(fiche: Mapping[str, Any], service: Mapping[str, Any]) -> dict[str, str]:
    """Return the préfet on whose behalf a service writes.

    Returns:
        ``titre`` (bloc-marque: « Préfète de la Mayenne ») and ``delegant`` (« la préfète »). The
        masculine stands when the fiche does not name the préfet.
    """
    code = _departement(fiche)
    regional = service.get("type") in _REGIONAL
    wanted = "prefet_de_region" if regional else "prefet"
    person: Mapping[str, Any] = next(
        (one for one in fiche.get("prefectures") or () if one.get("autorite") == wanted), {}
    )
    woman = est_femme(person)
    noun = "préfète" if woman else "préfet"
    place: str | None = None
    if regional:
        region = next((name for name, codes in _REGIONS.items() if code in codes.split()), None)
        place = f"de {region}" if region else "de région"
    elif code:
        place = _complement(code)
    return {
        "titre": f"{noun.capitalize()} {place}" if place else noun.capitalize(),
        "delegant": f"{'la' if woman else 'le'} {noun}{' de région' if regional else ''}",
    }


def _complement(code: str) -> str | None:
    try:
        return departement_de(code)
    except ValueError:  # an unknown code is the territory rules' business, not the letter's
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


def signature_prefecture(fiche: Mapping[str, Any]) -> dict[str, Any]:
    """Return the signature of the support: préfet, sous-préfet, or secretary general by delegation.

    Beside the block: ``attache``, the quality with its place (« La préfète de la Mayenne »).
    """
    person: Mapping[str, Any] = dig(fiche, "prefectures.0", {})
    kind = person.get("autorite") or "prefet"
    named = {**person, "fonction": _AUTORITES[kind]}
    if kind in {"secretaire_general", "prefet_delegue"}:
        named["mode"] = "delegation" if kind == "secretaire_general" else None
    place = _complement(str(person.get("departement"))) if person.get("departement") else None
    if kind == "sous_prefet" and person.get("arrondissement"):
        place = de(str(person["arrondissement"]))
        named["fonction"] += f" {place}"
    delegant = autorite(fiche, {})["delegant"]
    block = signature(named, delegant=delegant)
    quality = f"{'La' if est_femme(person) else 'Le'} {fonction({**person, 'fonction': _AUTORITES[kind]})}"
    if kind == "secretaire_general":
        quality = f"{delegant[:1].upper()}{delegant[1:]}"
    return {**block, "attache": f"{quality} {place}" if place else quality}


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
