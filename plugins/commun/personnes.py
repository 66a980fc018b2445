"""People and bodies as letters name them: gender, articles, titles, signature blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assembler.french import accord, de, feminin, majuscule
from assembler.model import dig
from assembler.text import plain

__all__ = ["est_femme", "feminise", "fonction", "le", "nom_complet", "nomme", "organisme", "signature"]

# Words that agree at the head of a function, up to the first preposition.
_FEMININE = {
    "adjoint": "adjointe",
    "chargé": "chargée",
    "chef": "cheffe",
    "conseiller": "conseillère",
    "délégué": "déléguée",
    "départemental": "départementale",
    "directeur": "directrice",
    "général": "générale",
    "interdépartemental": "interdépartementale",
    "président": "présidente",
    "préfet": "préfète",
    "régional": "régionale",
    "secrétaire": "secrétaire",
    "sous-directeur": "sous-directrice",
    "sous-préfet": "sous-préfète",
    "urbaniste": "urbaniste",
    "vice-président": "vice-présidente",
}
_HEAD_WORD = re.compile(r"[\wÀ-ÿ-]+")
_ENDS_AGREEMENT = {"de", "des", "du", "d", "à", "au", "aux", "en", "par", "pour", "et"}
_SIGLES = {
    "CC": "communauté de communes",
    "CA": "communauté d’agglomération",
    "CU": "communauté urbaine",
    "SM": "syndicat mixte",
}


def est_femme(personne: Mapping[str, Any]) -> bool:
    """Tell whether a person is a woman: from the civility, else from the function as written."""
    civilite = personne.get("civilite")
    if civilite:
        return feminin(civilite)
    head = plain(personne.get("fonction") or "").split()
    return bool(head) and head[0] in {plain(word) for word in _FEMININE.values()} - {
        "secretaire",
        "urbaniste",
    }


def feminise(texte: str) -> str:
    """Return a function in the feminine: « directeur départemental des territoires » agrees."""
    out: list[str] = []
    end = 0
    for found in _HEAD_WORD.finditer(texte):
        word = found[0]
        if word.lower() in _ENDS_AGREEMENT:
            break
        changed = _FEMININE.get(word.lower(), word)
        out.append(texte[end : found.start()] + (majuscule(changed) if word[:1].isupper() else changed))
        end = found.end()
    return "".join(out) + texte[end:]


def fonction(personne: Mapping[str, Any], defaut: str | None = None) -> str | None:
    """Return the function, agreed with the person, without its article: « directrice départementale »."""
    texte = personne.get("fonction") or defaut
    if not texte:
        return None
    texte = re.sub(r"^(?:le|la)\s+|^l['’]", "", str(texte).strip(), flags=re.IGNORECASE)
    return feminise(texte) if est_femme(personne) else texte


def le(nom: str) -> str:
    """Return a name with its article when it takes one: « la Communauté… », « Évron »."""
    complement = de(nom)
    for before, after in (("de la ", "la "), ("de l’", "l’"), ("du ", "le "), ("des ", "les ")):
        if complement.startswith(before) and not nom.lower().startswith(("la ", "l’", "l'", "le ", "les ")):
            return after + complement[len(before) :]
    return nom


def organisme(nom: str, genre: str | None = None) -> str:
    """Return a body's name as it stands inside a sentence.

    « Communauté de communes des Coëvrons » loses its capital, « CC des Coëvrons » is spelt out, and a
    commune known by its name alone becomes « commune d’Évron ».
    """
    nom = nom.strip().replace("'", "’")
    first, _, rest = nom.partition(" ")
    if first in _SIGLES and rest:
        return f"{_SIGLES[first]} {rest}"
    has_article = le(nom) != nom
    if genre and plain(genre) in {"commune", "ville"} and not has_article:
        return f"commune {de(nom)}"
    return nom if not has_article or first.isupper() else nom[:1].lower() + nom[1:]


def nomme(nom: str, genre: str | None = None) -> dict[str, str]:
    """Return a body's name in the three forms that sentences need: ``nom``, ``le``, ``du``."""
    courant = organisme(nom, genre)
    return {"nom": courant, "le": le(courant), "du": de(courant)}


def nom_complet(personne: Mapping[str, Any]) -> str | None:
    """Return « Prénom NOM », or None when the family name is missing (CRPA L. 212-1: both in full)."""
    nom = personne.get("nom")
    if not nom:
        return None
    return f"{personne.get('prenom') or ''} {str(nom).upper()}".strip()


def _articled(title: str, woman: bool) -> str:
    if plain(title)[:1] in "aeiou":
        return f"L’{title}"
    return f"{'La' if woman else 'Le'} {title}"


def signature(
    personne: Mapping[str, Any],
    *,
    delegant: str = "le préfet",
    defaut: str | None = None,
) -> dict[str, Any]:
    """Return a signature block: ``lignes`` (quality, one per line) and ``nom``.

    Args:
        personne: civilite, prenom, nom, fonction, mode (titulaire when absent).
        delegant: with its article, on whose behalf a delegate signs.
        defaut: function of a named person when the fiche does not give it.

    Forms of documents.md § 3.1: « Pour la préfète et par délégation, » over the delegate's function.
    """
    mode = personne.get("mode") or "titulaire"
    title = fonction(personne, defaut if personne.get("nom") else None)
    quality = _articled(title, est_femme(personne)) if title else None
    first = {
        "delegation": f"Pour {delegant} et par délégation,",
        "subdelegation": f"Pour {delegant} et par subdélégation,",
        "suppleance": f"Pour {delegant} et par suppléance,",
    }.get(mode)
    if quality and mode == "interim":
        quality += " par intérim"
    return {
        "lignes": [line for line in (first, f"{quality}," if quality else None) if line],
        "nom": nom_complet(personne),
        "acte": dig(personne, "acte_delegation.numero"),
        "e": accord("Mme" if est_femme(personne) else "M.", "", "e"),
    }
