"""What the letters of the desk that examines share: to whom, about what, in whose name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from assembler.contributions import Case
from assembler.french import date_longue, de, enumerer, majuscule
from assembler.model import dig

from .lettres import BOITE, atelier, expediteur_dgaln, instruction, perimetre, porteurs
from .personnes import appel, appels, civilite, feminise, fonction, nom_complet, nomme, signature

__all__ = ["jour", "lettre", "sujet"]

_COMPLEMENT = re.compile(r"\b(?:de|du|des)\b|\bd[’']", re.IGNORECASE)
_SIGNATAIRE = "sous-directeur de l’aménagement durable"


def jour(kept: Mapping[str, Any], path: str) -> str | None:
    """Return a date of instruction.yaml as a sentence writes it, None when it is not given."""
    found = dig(kept, path)
    return date_longue(found) if isinstance(found, dt.date) else None


def sujet(case: Case) -> dict[str, str]:
    """Return the Atelier as the subject of a letter: ``nom`` and ``du``; by its territory without a title."""
    named = atelier(case.fiche, case.format.title)
    if named["nom"] and named["du"]:
        return {"nom": named["nom"], "du": named["du"]}
    place = perimetre(case.fiche)
    title = case.format.title
    return {"nom": f"{title} – {place}" if place else title, "du": de(title)}


def _porteurs(fiche: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], dict[str, str], str]]:
    """Yield who signs for each of those that carry the dossier, the body, and the usual function.

    Elected people come first, then the operators, then the services of the State.
    """
    for one in fiche.get("collectivites") or ():
        if one.get("nom") and one.get("role") != "associee":
            body = nomme(str(one["nom"]), one.get("type"))
            usual = "maire" if body["nom"].startswith("commune ") else "président"
            yield one.get("representant") or {}, body, usual
    for one in fiche.get("operateurs") or ():
        if one.get("nom"):
            yield one.get("representant") or {}, nomme(str(one["nom"])), ""
    for one in fiche.get("pilotes") or ():
        if one.get("nom"):
            yield one.get("signataire") or {}, nomme(str(one["nom"])), ""


def _ligne(person: Mapping[str, Any], body: Mapping[str, str], usual: str) -> str:
    """Return « Madame Claude EXEMPLE, maire d’Évron »; the body alone when nobody is named."""
    name = nom_complet(person)
    if not name:
        return majuscule(body["le"])
    named = " ".join(filter(None, [civilite(person), name]))
    title = fonction(person, usual)
    if not title:
        return f"{named}, {body['nom']}"
    if not _COMPLEMENT.search(title):  # one is mayor of Évron, not of « the commune of Évron »
        place = body["du"].removeprefix("de la commune ") if usual == "maire" else body["du"]
        return f"{named}, {title} {place}"
    # « directeur départemental des territoires » and « direction départementale des territoires de l’Ain »
    rest = body["nom"].partition(feminise(title).partition(" ")[2])[2]
    if rest or usual:
        return f"{named}, {title}{rest}"
    return f"{named}, {title}, {body['nom']}"


def lettre(case: Case) -> dict[str, Any]:
    """Return the values that every letter of the desk prints, to all those who carry the dossier."""
    kept = instruction(case)
    bearers = list(_porteurs(case.fiche))
    salutation = appels([appel(person, usual) for person, _, usual in bearers]) + ","
    about = sujet(case)
    ours, theirs = dig(kept, "reception.reference"), case.fiche.get("reference")
    return {
        "expediteur": expediteur_dgaln(kept),
        "references": {"nos": ours, "vos": theirs},
        "destinataire": {
            "attache": None,
            "lignes": [_ligne(*one) for one in bearers] or ["Aux porteurs du dossier"],
        },
        "sujet": about["nom"],
        "du_sujet": about["du"],
        "pj": [],
        "appel": salutation,
        "consideration": "haute considération" if _elus(case.fiche) else "considération distinguée",
        "reception": jour(kept, "reception.date"),
        "porteurs": enumerer([one["le"] for one in porteurs(case.fiche)]) or "les porteurs du dossier",
        "interlocuteur": _interlocuteur(kept),
        "boite": BOITE,
        "rappel": ours or theirs or about["nom"],
        "signature": signature(
            kept.get("signataire") or {},
            delegant=dig(kept, "signataire.delegant") or "le ministre",
            defaut=_SIGNATAIRE,
        ),
        "copies": [],
    }


def _elus(fiche: Mapping[str, Any]) -> bool:
    """Tell whether an elected person reads the letter, whom usage owes a high consideration."""
    return any(one.get("role") != "associee" for one in fiche.get("collectivites") or ())


def _interlocuteur(kept: Mapping[str, Any]) -> str | None:
    """Return the agent in charge as a sentence names them: « Sacha EXEMPLE, chargée de mission »."""
    agent = kept.get("agent_suivi") or {}
    name, title = nom_complet(agent), fonction(agent)
    return f"{name}, {title}" if name and title else name
