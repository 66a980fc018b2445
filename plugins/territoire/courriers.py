"""What the letters of a dossier say, beyond doubt, of the territory and of who carries the candidature.

Only what the Code officiel géographique knows is proposed: a letterhead that names no EPCI nor commune,
or that several could bear, proposes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assembler_plugins.territoire.cog import Cog, Commune, Groupement, vintage
from assembler_plugins.territoire.noms import FORMES
from assembler_plugins.territoire.saisie import communes_nommees, groupements_nommes, territoire

from assembler.french import de, departement_de, departement_nom, majuscule
from assembler.text import plain

__all__ = ["proposes"]

_COLLECTIVITE, _SERVICE, _PREFET = "courrier_collectivite", "courrier_service", "courrier_prefet"
_HOLDER = re.compile(
    r"^l[ea]\s+(?:président|présidente|maire)\s+(?:de\s+la\s+|de\s+l['’]|des\s+|du\s+|de\s+|d['’])",
    re.IGNORECASE,
)
_MAIRE = re.compile(r"^l[ea]\s+maire\b", re.IGNORECASE)
_TOWN = re.compile(r"^(?:commune|ville|mairie)\s+(?:de\s+|d['’])(?=\S)", re.IGNORECASE)
_GROUP = re.compile(r"\b(?:communaute|agglo|agglomeration|metropole|eurometropole|cc|ca|cu)\b")
_SHORT = re.compile(r"(CC|CA|CU) ")
_PREFECT = re.compile(r"\bprefete? (?:de |du |des |d )?(?:la |les |l )?")
_DDT = "direction departementale des territoires"
_SEA = f"{_DDT} et de la mer"


def proposes(pieces: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields of the fiche, by dotted path, from the facts of the pieces."""
    cog = vintage(None)
    if cog is None:
        return {}
    place = _departement(pieces, cog)
    letters = _letters(pieces, _COLLECTIVITE)
    carriers = list(dict.fromkeys(one for letter in letters if (one := _carrier(letter, place, cog))))
    groups = [one for one in carriers if isinstance(one, Groupement)]
    towns = [] if groups else [one.code for one in carriers]
    found = territoire({"epci": [one.siren for one in groups], "commune": towns})
    if place and "territoire.departements" not in found:
        found["territoire.departements"] = [place]
    named = [_collectivite(one) for one in carriers]
    services = list(_services(pieces, place))
    return found | ({"collectivites": named} if named else {}) | ({"pilotes": services} if services else {})


def _letters(pieces: Mapping[str, Any], piece: str) -> Sequence[Mapping[str, Any]]:
    found = pieces.get(piece) or ()
    return (found,) if isinstance(found, Mapping) else found


def _departement(pieces: Mapping[str, Any], cog: Cog) -> str | None:
    """Return the département whose préfet heads or signs the letters of the State, if there is one alone."""
    names = {plain(departement_nom(code)): code for code in cog.departements if _is_named(code)}
    found = set()
    for letter in (*_letters(pieces, _PREFET), *_letters(pieces, _SERVICE)):
        said = plain(f"{letter.get('emetteur') or ''} ; {letter.get('signataire') or ''}")
        for one in _PREFECT.finditer(said):
            rest = said[one.end() :]
            told = [name for name in names if rest == name or rest.startswith(f"{name} ")]
            found |= {names[max(told, key=len)]} if told else set()
    return found.pop() if len(found) == 1 else None


def _is_named(code: str) -> bool:
    try:
        return bool(departement_nom(code))
    except ValueError:
        return False


def _carrier(letter: Mapping[str, Any], place: str | None, cog: Cog) -> Groupement | Commune | None:
    """Return the EPCI or the commune that a letter comes from."""
    for name, is_town in _names(letter):
        same: Sequence[Groupement | Commune] = ()
        if is_town:
            same = [one for one in communes_nommees(name, cog) if place in (None, one.departement)]
        elif _GROUP.search(plain(name)):
            same = groupements_nommes(name, cog)
        if len(same) == 1:
            return same[0]
    return None


def _collectivite(one: Groupement | Commune) -> dict[str, str]:
    if isinstance(one, Commune):
        return {"nom": f"Commune {de(one.nom)}", "type": "commune"}
    (group,) = territoire({"epci": [one.siren]})["territoire.epci"]
    form = _SHORT.match(one.nom)
    whole = f"{majuscule(FORMES[form[1]])} {one.nom[form.end() :]}" if form else one.nom
    return {"nom": whole, "type": group["type"], "siren": one.siren}


def _names(letter: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield what a letterhead and a signatory name, and whether it is a commune."""
    for line in str(letter.get("emetteur") or "").split(", "):
        if town := _TOWN.match(line):
            yield line[town.end() :], True
        else:
            yield line, False
    signed = str(letter.get("signataire") or "")
    if holder := _HOLDER.match(signed):
        yield signed[holder.end() :], bool(_MAIRE.match(signed))


def _services(pieces: Mapping[str, Any], place: str | None) -> Iterator[dict[str, str]]:
    """Yield the DDT or the DDTM that the letters of the services come from."""
    seen = set()
    for letter in _letters(pieces, _SERVICE):
        said = plain(f"{letter.get('emetteur') or ''} ; {letter.get('signataire') or ''}")
        kind = (
            "DDTM" if _SEA in said or "territoires et de la mer" in said else "DDT" if _DDT in said else None
        )
        if kind and place and kind not in seen:
            seen.add(kind)
            whole = "Direction départementale des territoires" + (" et de la mer" if kind == "DDTM" else "")
            yield {"type": kind, "nom": f"{whole} {departement_de(place)}"}
