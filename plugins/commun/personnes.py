"""People and bodies as letters name them: gender, articles, titles, salutations, signature blocks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assembler.french import accord, de, feminin, majuscule
from assembler.text import plain

__all__ = [
    "appel",
    "appels",
    "civilite",
    "est_femme",
    "feminise",
    "fonction",
    "le",
    "nom_complet",
    "nomme",
    "organisme",
    "qualite",
    "signature",
]

# Words that agree at the head of a function, up to the first preposition.
_FEMININE = dict(
    pair.split("/")
    for pair in """
    adjoint/adjointe administrateur/administratrice animateur/animatrice attaché/attachée chargé/chargée
    chef/cheffe conseiller/conseillère contrôleur/contrôleuse coordinateur/coordinatrice
    coordonnateur/coordonnatrice délégué/déléguée départemental/départementale député/députée
    directeur/directrice élu/élue général/générale gérant/gérante haut/haute ingénieur/ingénieure
    inspecteur/inspectrice interdépartemental/interdépartementale municipal/municipale national/nationale
    premier/première principal/principale président/présidente préfet/préfète recteur/rectrice
    référent/référente régional/régionale sénateur/sénatrice sous-directeur/sous-directrice
    sous-préfet/sous-préfète technicien/technicienne territorial/territoriale vice-président/vice-présidente
    """.split()  # noqa: SIM905
)
_MASCULINE = {feminine: masculine for masculine, feminine in _FEMININE.items()}
# Heads of functions by which one is addressed; « Madame, » does for the others.
_TITRES = frozenset(
    """délégué député directeur inspecteur maire ministre président préfet recteur sous-directeur sous-préfet
    sénateur vice-président""".split()  # noqa: SIM905
)
_HEAD_WORD = re.compile(r"[\wÀ-ÿ-]+")
_ARTICLE = re.compile(r"^(?:(le|la)\s+|l['’])", re.IGNORECASE)
_ENDS_AGREEMENT = {"de", "des", "du", "d", "à", "au", "aux", "en", "par", "pour", "et"}
_SIGLES = {
    "CC": "communauté de communes",
    "CA": "communauté d’agglomération",
    "CU": "communauté urbaine",
    "SM": "syndicat mixte",
}
_DELEGATIONS = {"delegation": "délégation", "subdelegation": "subdélégation", "suppleance": "suppléance"}


def _article(personne: Mapping[str, Any]) -> str | None:
    """Return the article typed before the function, which says how its holder wants to be called."""
    found = _ARTICLE.match(str(personne.get("fonction") or "").strip())
    return found[1].lower() if found and found[1] else None


def civilite(personne: Mapping[str, Any]) -> str | None:
    """Return « Madame » or « Monsieur », None when nothing tells which."""
    if personne.get("civilite"):
        return "Madame" if feminin(personne["civilite"]) else "Monsieur"
    return "Madame" if est_femme(personne) else None


def est_femme(personne: Mapping[str, Any]) -> bool:
    """Tell whether a person is a woman: from the civility, else from the function as written."""
    if personne.get("civilite"):
        return feminin(personne["civilite"])
    head = _ARTICLE.sub("", str(personne.get("fonction") or "").strip()).split()
    return _article(personne) == "la" or (bool(head) and head[0].lower() in _MASCULINE)


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


def _au_feminin(personne: Mapping[str, Any]) -> bool:
    """Tell the gender of the title: the article typed with it decides (« Madame le Maire »)."""
    typed = _article(personne)
    return typed == "la" if typed else est_femme(personne)


def fonction(personne: Mapping[str, Any], defaut: str | None = None) -> str | None:
    """Return the function, agreed with the person, without its article: « directrice départementale ».

    « le maire », typed with its article for a woman, stays masculine.
    """
    texte = personne.get("fonction") or defaut
    if not texte:
        return None
    texte = _ARTICLE.sub("", str(texte).strip())
    return feminise(texte) if _au_feminin(personne) else texte


def qualite(personne: Mapping[str, Any], defaut: str | None = None) -> str | None:
    """Return the function with its article, as it opens a signature: « La directrice départementale »."""
    title = fonction(personne, defaut)
    if not title:
        return None
    if plain(title)[:1] in "aeiou":
        return f"L’{title}"
    return f"{'La' if _au_feminin(personne) else 'Le'} {title}"


def _titre(personne: Mapping[str, Any], defaut: str | None) -> str | None:
    """Return the title by which one is addressed, « Présidente », « Directeur général », or None."""
    words = (fonction(personne, defaut) or "").split()
    head = _MASCULINE.get(words[0].lower(), words[0].lower()) if words else ""
    follows = words[1].lower() if len(words) > 1 else ""
    general = follows in ("général", "générale")
    if head not in _TITRES and not (head == "secrétaire" and general):
        return None
    shown = "-".join(majuscule(part) for part in words[0].split("-"))
    return f"{shown} {follows}" if general else shown


def appel(personne: Mapping[str, Any], defaut: str | None = None) -> str | None:
    """Return a salutation, without its comma: « Madame la Présidente », « Monsieur ».

    Args:
        personne: civilite and fonction count.
        defaut: function when it is not given.

    Returns:
        None when nothing tells whether to write to a man or to a woman.
    """
    civility, title = civilite(personne), _titre(personne, defaut)
    if not civility or not title:
        return civility
    if plain(title)[:1] in "aeiou":
        return f"{civility} l’{title}"
    return f"{civility} {'la' if _au_feminin(personne) else 'le'} {title}"


def appels(formules: Sequence[str | None]) -> str:
    """Return the salutation of a letter to several people, in their order, each title once.

    Two presidents are « Messieurs les Présidents »; more than three titles, or someone whose gender
    is not known, make « Mesdames, Messieurs ».
    """
    counted: dict[str, int] = {}
    for one in formules:
        if one:
            counted[one] = counted.get(one, 0) + 1
    if len(formules) == 1:
        return next(iter(counted), "Madame, Monsieur")
    if not counted or None in formules or len(counted) > 3:
        return "Mesdames, Messieurs"
    return ", ".join(one if count == 1 else _au_pluriel(one) for one, count in counted.items())


def _au_pluriel(formule: str) -> str:
    civility, _, rest = formule.partition(" ")
    many = {"Madame": "Mesdames", "Monsieur": "Messieurs"}[civility]
    if not rest:
        return many
    title = re.sub(r"^(?:le |la |l’)", "", rest)
    words = [f"{one[:-2]}aux" if one.endswith("al") else f"{one}s" for one in title.split()]
    return f"{many} les {' '.join(words)}"


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
    quality = qualite(personne, defaut if personne.get("nom") else None)
    if quality and mode == "interim":
        quality += " par intérim"
    first = f"Pour {delegant} et par {_DELEGATIONS[mode]}," if mode in _DELEGATIONS else None
    return {
        "lignes": [line for line in (first, f"{quality}," if quality else None) if line],
        "nom": nom_complet(personne),
        "e": accord("Mme" if est_femme(personne) else "M.", "", "e"),
    }
