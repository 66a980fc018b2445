"""The territory of a new dossier, from the name or the code of a commune or of an EPCI."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from assembler_plugins.territoire.cog import Cog, Commune, Groupement, area, vintage
from assembler_plugins.territoire.noms import core, forme, key, same_commune

from assembler.errors import UsageError
from assembler.french import enumerer

__all__ = ["territoire"]

_CODE = re.compile(r"(?:\d\d|2[AB])\d{3}")
_SIREN = re.compile(r"\d{9}")
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
            {"siren": one.siren, "nom": one.nom, "type": one.type} for one in dict.fromkeys(groups)
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
    same = [one for one in every if key(one.nom) == key(written)]
    same = same or [one for one in every if same_commune(written, one.nom)]
    if len(same) == 1:
        return same[0]
    near = get_close_matches(key(written), {key(one.nom): one for one in every}, n=3, cutoff=0.8)
    offered = same or [one for one in every if key(one.nom) in near]
    shown = [f"{one.nom} ({one.code}, {_departement(one.code, cog)})" for one in offered]
    raise UsageError(_unsettled("--commune", "commune", written, bool(same), shown, "code INSEE", cog))


def _communes(cog: Cog) -> Iterator[Commune]:
    for place in cog.departements:
        yield from cog.communes(place)


def _departement(code: str, cog: Cog) -> str:
    return cog.departements.get(area(code), (area(code), ""))[0]


def _groupement(written: str, cog: Cog) -> Groupement:
    siren = re.sub(r"\s", "", written)
    if _SIREN.fullmatch(siren):
        if found := cog.groupement(siren):
            return found
        raise UsageError(f"--epci : « {written} » n’est le SIREN d’aucun EPCI au {cog.nom}.")
    named = {one: " ".join(core(one.nom)) for one in cog.groupements}
    wanted = " ".join(core(written))
    same = [one for one, name in named.items() if name == wanted and wanted]
    if form := forme(written):
        same = [one for one in same if forme(one.nom) == form or one.type == form] or same
    if len(same) == 1:
        return same[0]
    near = get_close_matches(wanted, named.values(), n=3, cutoff=0.7)
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
