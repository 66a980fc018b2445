"""Names of communes, EPCI and départements compared as people mean them."""

from __future__ import annotations

import re

from assembler.text import plain

__all__ = ["FORMES", "core", "forme", "key", "same_arrondissement", "same_commune", "same_group"]

_SPELT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur", "ss": "sous"}
# « lès » and « lez » are written « les » too, and come and go as the articles do.
_ARTICLES = frozenset({"le", "la", "les", "l", "lez"})
_LINKS = _ARTICLES | {"de", "du", "des", "d", "et", "en"}
_GENERIC = frozenset(
    {"cc", "ca", "cu", "ept", "communaute", "communes", "agglomeration", "agglo", "urbaine", "metropole"}
    | {"metro", "eurometropole", "intercommunale", "etablissement", "public", "territorial"}
)
# Common nouns that name no place by themselves.
_VAGUE = frozenset(
    {"pays", "grand", "grande", "val", "vallee", "vallees", "cote", "terre", "terres", "coeur", "nord", "sud"}
    | {"est", "ouest", "mer", "region", "bassin", "haut", "haute", "bas", "basse", "plaine", "monts", "rives"}
    | {"portes", "porte", "sur", "sous", "a", "au", "aux", "entre"}
)
_COMPLEMENT = re.compile(r"\([^)]*\)")
_TOWN = re.compile(
    r"^(?:commune|ville|mairie)\s+(?:de\s+la\s+|de\s+l['’]|des\s+|du\s+|de\s+|d['’])", re.IGNORECASE
)

FORMES = {
    "CC": "communauté de communes",
    "CA": "communauté d’agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
    "MET69": "métropole",
    "EPT": "établissement public territorial",
}
"""By type, its name in full."""

_FORM_PATTERNS = {
    "CC": r"cc|com com|communautes? de communes?",
    "CA": r"ca|communautes? d agglo(?:meration)?s?",
    "CU": r"cu|communautes? urbaines?",
    "EPT": r"ept|etablissement public territorial",
    "METRO": r"metropole|eurometropole|met69|metro",
}


def key(name: str) -> str:
    """Return the name of a commune without case, accents, articles and hyphens, « St » in full."""
    words = [_SPELT.get(word, word) for word in plain(name).split()]
    return "".join([word for word in words if word not in _ARTICLES] or words)


def same_commune(given: str, official: str) -> bool:
    """Tell whether two names of a commune are one, a complement in parentheses aside.

    « Bors » is « Bors (Canton de Charente-Sud) », but « Château-Chinon (Ville) » is not
    « Château-Chinon (Campagne) »; the article of « Mans (Le) » counts no more than the others.
    """
    if key(official) in (key(given), key(_TOWN.sub("", given.strip()))):
        return True
    bare = key(_COMPLEMENT.sub(" ", official))
    if "(" in official:
        return key(given) == bare
    return key(_COMPLEMENT.sub(" ", given)) == bare


def same_arrondissement(given: str, official: str, city: str) -> bool:
    """Tell whether a name is that of a municipal arrondissement (« Paris 1er »), or of its city."""
    if same_commune(given, city):
        return True
    number = re.search(r"\d+", official)
    stated = re.search(r"\d+", given)
    rest = re.sub(r"\b(?:\d+|er|e|eme|arrondissement|arr|n|no)\b|(?<=\d)(?:er|eme|e)\b", " ", plain(given))
    rest = re.sub(r"\d+", " ", rest).strip()
    return bool(number and stated and int(number[0]) == int(stated[0]) and rest in ("", plain(city)))


def forme(text: str) -> str | None:
    """Return the type of EPCI with which a name, or a type as written, begins (``CC``, ``METRO``…)."""
    said = plain(text)
    return next((kind for kind, one in _FORM_PATTERNS.items() if re.match(rf"(?:{one})\b", said)), None)


def core(name: str) -> tuple[str, ...]:
    """Return the words of an EPCI's name that name its place: its form, articles and links left out."""
    said = [_SPELT.get(word, word) for word in plain(name).split()]
    return tuple(word for word in said if word not in _GENERIC and word not in _LINKS)


def _variants(name: str) -> list[tuple[str, ...]]:
    """Return the core of a name, without its parentheses, and of what they hold."""
    inside = [text[1:-1] for text in _COMPLEMENT.findall(name)]
    return [found for found in (core(_COMPLEMENT.sub(" ", name)), *map(core, inside)) if found]


def _initials(name: str) -> set[str]:
    """Return the acronyms of a name: « CAPG » and « PG » for « CA du Pays de Grasse »."""
    form = forme(name)
    bare = _COMPLEMENT.sub(" ", name)
    words = [word for word in plain(bare).split() if word not in _LINKS]
    place = "".join(word[0] for word in words if word not in ("cc", "ca", "cu"))
    return {place, f"{form.lower()}{place}"} if form in ("CC", "CA", "CU") else {place}


def same_group(given: str, official: str) -> bool:
    """Tell whether a name is that of an EPCI, its form (CC = communauté de communes) and links aside.

    An acronym, or a name that leaves words of the official one out or adds some, is that name as long
    as it holds a word that names the place.
    """
    mine, theirs = _variants(given), _variants(official)
    if any("".join(one) == "".join(other) for one in mine for other in theirs):
        return True
    for one in mine[:1]:
        if len(one) == 1 and len(one[0]) > 1 and one[0] in _initials(official):
            return True
        for other in theirs[:1]:
            small, large = sorted((set(one), set(other)), key=len)
            if small <= large and small - _VAGUE:
                return True
    return not mine and plain(given) == plain(official)
