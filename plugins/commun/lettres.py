"""Blocks that the letters of the programme share: emitter, addressee, territory, themes.

Layout and reasons: documents.md § 3.1. Each function takes the total fiche (or a part of it) and
returns plain values for the templates; what is optional and unknown is None or empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assembler.contributions import Case
from assembler.french import de, departement_nom, en_lettres, enumerer, majuscule, telephone, typo
from assembler.model import Months, dig
from assembler.text import plain

from .autorites import autorite
from .personnes import le, nom_complet, nomme

__all__ = [
    "BOITE",
    "TRIBUNAL_COMPETENT",
    "apres_deux_points",
    "atelier",
    "chef_de_file",
    "destinataire_dgaln",
    "en_jours",
    "en_mois",
    "expediteur_collectivite",
    "expediteur_dgaln",
    "expediteur_etat",
    "instruction",
    "minuscule",
    "perimetre",
    "porteurs",
    "prose",
    "themes",
    "tribunal",
    "ville",
]

BOITE = "atelier-des-territoires.ad1.dhup.dgaln@developpement-durable.gouv.fr"
"""Mailbox of the desk (kit technique 2025, domaine.md L-40)."""
_DGALN_LIGNES = ("Direction générale de l’aménagement,", "du logement et de la nature")
_DGALN = " ".join(_DGALN_LIGNES)
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
_COURANTS = frozenset(
    ["le", "la", "les", "l", "un", "une", "des", "du", "au", "aux", "ce", "cette", "en", "comment"]
)
"""First words that lose their capital inside a sentence."""
_INFRA = frozenset({"batiment", "ilot", "communale", "infra_intercommunale"})


def prose(text: str | None) -> str | None:
    """Return typed prose with its typographic signs, on one line, ending with a full stop."""
    if not text or not str(text).strip():
        return None
    line = typo(" ".join(str(text).split()))
    return line if line[-1] in ".!?…" else line + "."


def apres_deux_points(text: str | None) -> str | None:
    """Return typed prose as it follows a colon: a common first word loses its capital, a name keeps it."""
    found = prose(text)
    first = (found or "").split("’")[0].split(" ")[0].lower()
    if found and (first in _COURANTS or first.endswith(("er", "ir"))):
        return found[:1].lower() + found[1:]
    return found


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
    return " – ".join([nom, *(typo(str(line)) for line in adresse or () if line)])


def expediteur_etat(
    fiche: Mapping[str, Any], service: Mapping[str, Any], *, prefet: bool = False
) -> dict[str, Any]:
    """Return the emitter of a letter of the State's local services.

    Args:
        fiche: the total fiche.
        service: the service that follows the case.
        prefet: the letter is the préfet's own, or the sous-préfet's: their address, not the service's.
    """
    agent = _agent(service.get("contact") or {})
    if not prefet:
        nom, adresse = typo(str(service.get("nom") or "")), service.get("adresse") or ()
        return {
            "bloc_marque": autorite(fiche, service)["titre"],
            "timbre": [nom] if nom else [],
            **agent,
            "ville": ville(adresse),
            "pied": _pied(nom, adresse),
        }
    person: Mapping[str, Any] = dig(fiche, "prefectures.0", {})
    adresse, place = person.get("adresse") or (), person.get("arrondissement")
    titre = autorite(fiche, {}, region=person.get("autorite") == "prefet_de_region")["titre"]
    sous = person.get("autorite") == "sous_prefet" and place
    timbre = f"Sous-préfecture {de(typo(str(place)))}" if sous else None
    return {
        "bloc_marque": titre,
        "timbre": [timbre] if timbre else [],
        **agent,
        "ville": ville(adresse),
        "pied": _pied(timbre or titre, adresse),
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

    The ministry changes its name too often to be written here: the desk types the title of its
    bloc-marque, or puts its own image at the bookmark ``bloc_marque``.

    Args:
        kept: what the desk keeps (instruction.yaml).
    """
    person = _agent(kept.get("agent_suivi") or {})
    title, adresse = kept.get("bloc_marque"), kept.get("adresse") or ()
    phone = [f"Tél.\u00a0: {telephone(kept['telephone'])}"] if kept.get("telephone") else []
    return {
        "bloc_marque": typo(str(title)) if title else "\n".join(_DGALN_LIGNES),
        "timbre": [*([_DGALN] if title else []), _DHUP, _SDAD, _BUREAU],
        **person,
        "courriel": person["courriel"] or BOITE,
        "ville": kept.get("lieu") or ville(adresse),
        "pied": "\n".join([_pied(_DGALN, adresse), " – ".join([*phone, BOITE])]),
    }


def destinataire_dgaln(attache: str | None = None) -> dict[str, Any]:
    """Return the addressee of a candidature (domaine.md L-10).

    Args:
        attache: who writes, in the forme administrative (« La préfète de la Mayenne »); None in
            the forme personnelle.
    """
    first = f"la {_SDAD[0].lower()}{_SDAD[1:]}" if attache else _SDAD
    return {"attache": attache, "lignes": [first, _DHUP, *_DGALN_LIGNES]}


def en_jours(jours: int) -> str:
    """Return a time in words and figures: « trente (30) jours »."""
    return f"{en_lettres(jours)}\u00a0({jours})\u00a0{'jours' if jours > 1 else 'jour'}"


def en_mois(duree: int | Months) -> str:
    """Return a duration in words and figures: « onze (11) mois »."""
    if isinstance(duree, Months) and duree.min != duree.max:
        low, high = duree.min, duree.max
        return f"{en_lettres(low)}\u00a0({low}) à {en_lettres(high)}\u00a0({high})\u00a0mois"
    months = duree.min if isinstance(duree, Months) else duree
    return f"{en_lettres(months)}\u00a0({months})\u00a0mois"


def minuscule(texte: str) -> str:
    """Return an item as a sentence runs through it: no capital (but « RIB »), no final sign."""
    text = typo(" ".join(texte.split())).rstrip(".;\u202f")
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def perimetre(fiche: Mapping[str, Any]) -> str | None:
    """Return the territory in words: its EPCI, else its communes, and its départements.

    At a smaller scale than the intercommunalité, its communes come first.
    """
    epci = [
        nomme(str(one["nom"]), one.get("type"))["le"]
        for one in dig(fiche, "territoire.epci", ())
        if one.get("nom")
    ]
    communes = [typo(str(one["nom"])) for one in dig(fiche, "territoire.communes", ()) if one.get("nom")]
    if communes and dig(fiche, "territoire.echelle") in _INFRA:
        epci = []
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


TRIBUNAL_COMPETENT = "le tribunal administratif territorialement compétent"
"""What a letter says when nobody named the court."""


def tribunal(nomme: str | None) -> str | None:
    """Return a court with its article: « Nantes » and « Tribunal administratif de Nantes » are one.

    Which one is competent is for a person to say: None when nobody did.
    """
    if not nomme:
        return None
    name = typo(" ".join(str(nomme).split()))
    if "tribunal" not in plain(name).split():
        return f"le tribunal administratif {de(name)}"
    name = name if plain(name).startswith("le ") else f"le {name}"
    return f"le {name.split(' ', 1)[1][:1].lower()}{name.split(' ', 1)[1][1:]}"


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
