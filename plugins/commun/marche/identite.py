"""What identifies a marché subséquent, the same on every document of it (documents.md § 4.2, 10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assembler_plugins.commun.autorites import autorite
from assembler_plugins.commun.lettres import atelier, chef_de_file, perimetre
from assembler_plugins.commun.personnes import nomme, qualite

from assembler.contributions import Case
from assembler.french import date_longue, de, enumerer, majuscule
from assembler.model import dig

from .accord import accord_cadre, memes

__all__ = ["VERSION", "clauses", "identite"]

VERSION = "1.0"
"""Version of what is sent to the titulaires; what is edited later says its date of edition."""
_CCP = "CCP de l’accord-cadre"


def clauses(accord: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return how a sentence cites each clause of the accord-cadre's CCP, by the names of its ``articles``.

    ``le``: « l’article 9 du CCP de l’accord-cadre », ``au``: « à l’article 9… ». Without a number,
    « le CCP de l’accord-cadre »: none is ever invented.
    """
    return {
        name: {"le": f"l’article {number} du {_CCP}", "au": f"à l’article {number} du {_CCP}"}
        if number
        else {"le": f"le {_CCP}", "au": f"au {_CCP}"}
        for name, number in dig(accord, "articles", {}).items()
    }


def _lot(fiche: Mapping[str, Any], accord: Mapping[str, Any]) -> str | None:
    """Return « lot n° 2 (Nord et Est) », None when the accord-cadre has no lot."""
    number = dig(fiche, "marche.lot")
    if not number:
        return None
    known: Mapping[str, Any] = next(
        (one for one in accord.get("lots") or () if memes(one.get("numero"), number)), {}
    )
    title = known.get("intitule")
    return f"lot n° {number} ({title})" if title else f"lot n° {number}"


def identite(case: Case) -> dict[str, Any]:
    """Return the values that every document of the marché subséquent prints alike.

    What is unknown is None: a template that needs it then refuses to be made.
    """
    fiche, accord = case.fiche, accord_cadre(case)
    service = chef_de_file(fiche)
    named = nomme(str(service["nom"])) if service.get("nom") else {"nom": None, "le": None, "du": None}
    prefet = autorite(fiche, service)
    quality = qualite(service.get("signataire") or {})
    place, day = perimetre(fiche), accord["date_notification"]
    return {
        "bloc_marque": prefet["titre"],
        "numero": dig(fiche, "marche.numero"),
        "accord_cadre": {
            "numero": accord["numero"],
            "intitule": accord["intitule"],
            "date": date_longue(day) if day else None,
            "lot": _lot(fiche, accord),
        },
        "clauses": clauses(accord),
        "format": case.format.title,
        "atelier": atelier(fiche, case.format.title),
        "territoire": majuscule(place) if place else None,
        "perimetre": place,
        "service": {**named, "nom": majuscule(named["nom"]) if named["nom"] else None},
        "acheteur": f"État – {prefet['titre']} – {majuscule(named['nom'])}" if named["nom"] else None,
        "rpa": f"{quality}, par délégation {de(prefet['delegant'])}" if quality else None,
        "cpv": enumerer([str(one) for one in dig(fiche, "marche.cpv", ())]) or None,
        "edition": date_longue(case.edition),
        "version": VERSION,
    }
