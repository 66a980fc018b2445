"""Checks on the zone and on the service of the State that leads (GEN-TER-007 and 008)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from assembler_plugins.commun.faits import absent, items, refused, unstated
from assembler_plugins.territoire.cog import Cog, vintage
from assembler_plugins.territoire.perimetre import cog_of, departements

from assembler.model import Frozen, Observation
from assembler.text import plain

__all__ = ["service_du_territoire", "zone_du_programme"]

_PILOTES = "fiche.pilotes"
_ILE_DE_FRANCE = frozenset({"75", "77", "78", "91", "92", "93", "94", "95"})
# There, the unités départementales of the DRIEAT hold the place of a DDT.
_WITHOUT_DDT = frozenset({"75", "92", "93", "94"})
_REGIONAL = frozenset({"DREAL", "DRIEAT"})
_DEPARTMENTAL = frozenset({"DDT", "DDTM", "UD_DRIEAT"})
_DROM = frozenset({"971", "972", "973", "974", "976"})
# The DEAL of Guadeloupe serves Saint-Barthélemy and Saint-Martin; the DGTM and the DEALM were DEAL
# until 2020 and 2021, and are still called so.
_OVERSEAS = {
    **dict.fromkeys(("971", "972", "974", "977", "978"), ("DEAL",)),
    "973": ("DGTM", "DEAL"),
    "975": ("DTAM",),
    "976": ("DEALM", "DEAL"),
}


def _lead(facts: Frozen) -> tuple[str, Mapping[str, Any]] | None:
    """Return the pilote marked chef de file, else the first."""
    pilotes = items(facts, _PILOTES)
    marked = [one for one in pilotes if one[1].get("chef_de_file") is True]
    return next(iter((*marked, *pilotes)), None)


def service_du_territoire(facts: Frozen) -> Iterator[Observation]:
    """Report a lead service whose kind, or whose own place, is not the territory's."""
    lead = _lead(facts)
    places = departements(facts, cog_of(facts))
    if not lead or not lead[1].get("type"):
        yield from unstated(facts, _PILOTES) or [absent(f"non renseigné : {_PILOTES}.type")]
    elif not places:
        yield absent("non renseigné : fiche.territoire.departements")
    elif not set(places) & set(_OVERSEAS) and all(len(place) == 3 for place in places):
        yield absent("Hors de la métropole et des DROM : GEN-TER-008.")
    elif reason := _unfit(facts, lead[1], places):
        yield refused(reason, f"{lead[0]}.type", lead[1]["type"])
    elif reason := _elsewhere(lead[1], places):
        yield refused(reason, f"{lead[0]}.nom", lead[1].get("nom"))


def _unfit(facts: Frozen, lead: Mapping[str, Any], places: tuple[str, ...]) -> str | None:
    kind = str(lead["type"]).upper()
    far = [place for place in places if place in _OVERSEAS]
    if far:
        expected = sorted({one for place in far for one in _OVERSEAS[place]})
        fits = all(kind in _OVERSEAS[place] for place in far)
        return (
            None
            if fits
            else f"Outre-mer ({', '.join(far)}), on attend {' ou '.join(expected)}, pas « {kind} »."
        )
    if kind not in _REGIONAL | _DEPARTMENTAL:
        return f"« {kind} » est un service d’outre-mer ; le territoire est dans {_enumerated(places)}."
    capital = set(places) & _ILE_DE_FRANCE
    if kind in ("DRIEAT", "UD_DRIEAT") and not capital:
        return f"« {kind} » est un service d’Île-de-France ; le territoire est dans {_enumerated(places)}."
    if kind == "DREAL" and capital == set(places):
        return "En Île-de-France, la direction régionale est la DRIEAT."
    if len(places) > 1:
        return _unled(facts, kind, lead, places)
    if kind in ("DDT", "DDTM") and set(places) <= _WITHOUT_DDT:
        return (
            f"Le département {places[0]} n’a pas de {kind} ; on attend la DRIEAT ou son unité départementale."
        )
    return None


def _unled(facts: Frozen, kind: str, lead: Mapping[str, Any], places: tuple[str, ...]) -> str | None:
    """Tell why nobody leads over several départements."""
    kinds = {str(one.get("type") or "").upper() for _, one in items(facts, _PILOTES)}
    if kinds & _REGIONAL or lead.get("chef_de_file") is True:
        return None
    return (
        f"Le territoire est dans {_enumerated(places)} : on attend une direction régionale,"
        f" ou un chef de file désigné parmi les {kind}."
    )


def _enumerated(places: tuple[str, ...]) -> str:
    if len(places) == 1:
        return f"le département {places[0]}"
    return f"les départements {', '.join(places[:-1])} et {places[-1]}"


def _elsewhere(lead: Mapping[str, Any], places: tuple[str, ...]) -> str | None:
    """Tell whether the lead's own name holds a département or a region that is not the territory's."""
    cog, name = vintage(None), plain(str(lead.get("nom") or ""))
    if cog is None:
        return None
    kind = str(lead["type"]).upper()
    if kind in _DEPARTMENTAL:
        named, here = (
            _named(name, {code: label for code, (label, _) in cog.departements.items()}),
            set(places),
        )
        if not named:
            numbers = (number.upper() for number in re.findall(r"\b(?:\d{2,3}|2[ab])\b", name))
            named = {number for number in numbers if number in cog.departements}
    elif kind == "DREAL":
        named, here = _named(name, cog.regions), _regions(places, cog)
    else:
        return None
    if not named or named & here:
        return None
    return (
        f"Le chef de file, « {lead['nom']} », n’est pas un service du territoire :"
        f" celui-ci est dans {_enumerated(places)}."
    )


def _regions(places: tuple[str, ...], cog: Cog) -> set[str]:
    return {cog.departements[place][1] for place in places if place in cog.departements}


def _named(name: str, labels: Mapping[str, str]) -> set[str]:
    """Return the codes whose label stands in a name, the longest first: « Eure-et-Loir » is no « Eure »."""
    by_label = {plain(label): code for code, label in labels.items()}
    pattern = "|".join(sorted(map(re.escape, by_label), key=len, reverse=True))
    return {by_label[found] for found in re.findall(rf"\b(?:{pattern})\b", name)}


def zone_du_programme(facts: Frozen) -> Iterator[Observation]:
    """Report a territory out of métropole and of the five DROM."""
    cog = cog_of(facts) or vintage(None)
    places = departements(facts, cog)
    if cog is None or not places:
        yield from unstated(facts, "fiche.territoire") or [
            absent("non renseigné : fiche.territoire.departements")
        ]
        return
    for place in places:
        if len(place) == 3 and place not in _DROM:
            name = cog.departements[place][0]
            message = f"{name} ({place}) n’est, au {cog.nom}, ni en métropole ni dans un DROM."
            yield refused(message, "fiche.territoire", place)
