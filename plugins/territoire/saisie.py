"""The territory of a new dossier, from the name or the code of a commune or of an EPCI."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from assembler_plugins.territoire.cog import Cog, Commune, Groupement, area, vintage
from assembler_plugins.territoire.noms import core, forme, key, same_arrondissement, same_commune

from assembler.errors import UsageError
from assembler.french import enumerer
from assembler.text import plain

__all__ = ["communes_nommees", "groupements_nommes", "territoire"]

_CODE = re.compile(r"(?:\d\d|2[AB])\d{3}")
_SPELT = {"METRO": "métropole", "MET69": "métropole"}
_SIREN = re.compile(r"\d{9}")
_ENDING = re.compile(r"\(([^)]+)\)\s*$")
"""« Saint-Denis (93) », « Saint-Denis (La Réunion) »."""
_MOST = 12
"""Homonyms listed: there are more « Saint-Martin »."""


def territoire(given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the fields of the territory, by dotted path, that communes and EPCI settle.

    Args:
        given: ``commune`` and ``epci``, each a list of names, INSEE codes or SIREN.

    Raises:
        UsageError: nobody bears a name, or several do; they are listed.
    """
    cog = vintage(None)
    named = [one for kind in ("commune", "epci") for one in given.get(kind, ())]
    if cog is None or not named:
        return {}
    towns = [_commune(one, cog) for one in given.get("commune", ())]
    groups = [_groupement(one, cog) for one in given.get("epci", ())]
    groups = groups or [group for town in towns for group in town.groupements]
    areas = [town.departement for town in towns] or [code for one in groups for code in one.departements]
    found = {
        "territoire.departements": list(dict.fromkeys(areas)),
        "territoire.epci": [
            {"siren": one.siren, "nom": one.nom, "type": _SPELT.get(one.type, one.type)}
            for one in dict.fromkeys(groups)
        ],
        "territoire.communes": [{"code": one.code, "nom": one.nom} for one in towns],
    }
    return {path: values for path, values in found.items() if values}


def _commune(written: str, cog: Cog) -> Commune:
    code = re.sub(r"\s", "", written).upper()
    if _CODE.fullmatch(code):
        if found := cog.commune(code):
            return found
        former = cog.ancienne(code)
        then = f" : indiquez {former.commune.nom} ({former.commune.code})" if former else ""
        raise UsageError(f"--commune : « {written} » n’est le code d’aucune commune au {cog.nom}{then}.")
    every = list(_communes(cog))
    same = communes_nommees(written, cog)
    same = same or [one for one in cog.arrondissements() if same_arrondissement(written, one.nom, one.ville)]
    if (where := _ENDING.search(written)) and len(same) > 1:
        wanted = plain(where[1])
        same = [one for one in same if wanted in _names_of(one.departement, cog)] or same
    if len(same) == 1:
        return same[0]
    if not same and (former := [one for one in cog.anciennes() if one.nom and key(one.nom) == key(written)]):
        told = enumerer([f"{one.commune.nom} ({one.commune.code})" for one in former[:_MOST]], "ou")
        raise UsageError(f"--commune : « {written} » n’est plus une commune au {cog.nom} : indiquez {told}.")
    near = get_close_matches(key(written), {key(one.nom): one for one in every}, n=3, cutoff=0.8)
    offered = same or [one for one in every if key(one.nom) in near]
    shown = [f"{one.nom} ({one.code}, {_departement(one.code, cog)})" for one in offered]
    raise UsageError(_unsettled("--commune", "commune", written, bool(same), shown, "code INSEE", cog))


def communes_nommees(written: str, cog: Cog) -> list[Commune]:
    """Return the communes that bear a name."""
    every = list(_communes(cog))
    same = [one for one in every if key(one.nom) == key(written)]
    return same or [one for one in every if same_commune(written, one.nom)]


def _communes(cog: Cog) -> Iterator[Commune]:
    for place in cog.departements:
        yield from cog.communes(place)


def _names_of(departement: str, cog: Cog) -> set[str]:
    return {plain(departement), plain(_departement(departement, cog))}


def _departement(code: str, cog: Cog) -> str:
    return cog.departements.get(area(code), (area(code), ""))[0]


def groupements_nommes(written: str, cog: Cog) -> list[Groupement]:
    """Return the EPCI that bear a name, its form (CC, communauté de communes…) telling them apart."""
    wanted = core(written)
    same = [one for one in cog.groupements if wanted and core(one.nom) == wanted]
    if form := forme(written):
        same = [one for one in same if forme(one.nom) == form or one.type == form] or same
    return same


def _groupement(written: str, cog: Cog) -> Groupement:
    siren = re.sub(r"\s", "", written)
    if _SIREN.fullmatch(siren):
        if found := cog.groupement(siren):
            return found
        raise UsageError(f"--epci : « {written} » n’est le SIREN d’aucun EPCI au {cog.nom}.")
    same = groupements_nommes(written, cog)
    if len(same) == 1:
        return same[0]
    named = {one: " ".join(core(one.nom)) for one in cog.groupements}
    near = get_close_matches(" ".join(core(written)), named.values(), n=3, cutoff=0.7)
    offered = same or [one for one, name in named.items() if name in near]
    shown = [
        f"{one.nom} ({one.siren}, {enumerer([_departement(code, cog) for code in one.departements])})"
        for one in offered
    ]
    raise UsageError(_unsettled("--epci", "EPCI", written, bool(same), shown, "SIREN", cog))


def _unsettled(
    option: str, what: str, written: str, several: bool, shown: Sequence[str], code: str, cog: Cog
) -> str:
    """Return, in French, why a name designates nothing, or several, and what to write instead."""
    listed = " ; ".join(shown[:_MOST]) + (" ; …" if len(shown) > _MOST else "")
    if several:
        plural = "communes" if what == "commune" else what
        return f"{option} : « {written} » désigne {len(shown)} {plural}. Donnez son {code} : {listed}."
    told = f"{option} : « {written} » n’est pas {'une' if what == 'commune' else 'un'} {what} du {cog.nom}"
    return f"{told}. Est-ce : {listed} ?" if shown else f"{told} : donnez son {code}."
