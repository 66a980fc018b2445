"""The names of a territory found in a text, however loosely a letter writes them.

:func:`assembler.extraction.facts.collectivites_in` tells which collectivité a text names; here it is
enough that the text speaks of the territory at all (« la vallée de la Bruche » for a communauté de
communes of that name), provided that it is not in an address or in the name of an administration.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from assembler.text import plain

__all__ = ["places_in"]

# Capitalised in a name, and yet no name of a place.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "cc ca cu ept epci petr scot pnr communaute communes commune ville mairie agglomeration agglo "
        "urbaine metropole intercommunalite interco syndicat mixte pole equilibre territorial rural "
        "etablissement public atelier ateliers local locaux territoire territoires projet candidature "
        "demarche dossier quel quelle quels quelles comment pour vers avec dans entre construire reinventer "
        "habiter repenser imaginer pays grand grande grands val vallee vallees cote coteaux terre terres "
        "coeur nord sud est ouest mer region bassin haut haute hauts bas basse plaine monts rives porte "
        "portes plateau bocage littoral montagne foret centre bourg bourgs conseil departement sous ",
    )
)
_SHORTEST = 4
_UNIT = re.compile(r"[^\s'’,;:()«»/]+")
# « 53600 Évron », « Évron, le 18 février 2026 », « Évron Cedex »
_IN_ADDRESS = re.compile(r"\b\d{5} $|\b\d{2} \d{3} $")
_DATED = re.compile(r" le (?:\d|1er\b)| cedex\b")
# « la préfète de la Mayenne », « le conseil départemental de la Mayenne », an acronym without vowels.
_OF_AN_ADMINISTRATION = re.compile(
    r"\b(?:(?:sous )?prefe\w*|departement\w*|departementale des territoires(?: et de la mer)?|region\w*"
    r"|[bcdfghjklmnpqrstvwxz]{3,5})(?: (?:de|du|des|d|la|le|les|l))* $"
)


def places_in(texts: Iterable[str], names: Sequence[str]) -> list[str]:
    """Return those of ``names`` of which a word that names a place is found in plain texts.

    Args:
        texts: plain texts (:func:`assembler.text.plain`).
        names: names as people write them, of collectivités, communes, or of the whole project.

    Returns:
        In the order given; a name without any word of its own (« Atelier local ») is never found.
    """
    text = " ".join(texts)
    return [name for name in names if any(_named(text, unit) for unit in _units(name))]


def _units(name: str) -> Iterator[str]:
    """Yield the plain words of a name that name a place; « Sainte-Suzanne-et-Chammes » is one."""
    for raw in _UNIT.findall(name):
        unit = plain(raw)
        if raw[:1].isupper() and len(unit) >= _SHORTEST and not set(unit.split()) <= _COMMON:
            yield unit


def _named(text: str, unit: str) -> bool:
    pattern = re.sub(r"\bsaint(e?)\b", r"s(?:ain)?t\1", re.escape(unit).replace("\\ ", " "))
    for match in re.finditer(rf"\b{pattern}\b", text):
        before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 8]
        if not (_IN_ADDRESS.search(before) or _DATED.match(after) or _OF_AN_ADMINISTRATION.search(before)):
            return True
    return False
