"""Checks on the EPCI and EPT of the territory (GEN-TER-005 and 006)."""

from __future__ import annotations

from collections.abc import Iterator

from assembler_plugins.commun.faits import absent, refused, unstated
from assembler_plugins.territoire.cog import Cog, Groupement, others
from assembler_plugins.territoire.noms import FORMES, core, forme, same_group
from assembler_plugins.territoire.perimetre import (
    EPCI,
    Stated,
    cog_of,
    departements,
    groupements,
    looked_up,
    too_early,
    valid_siren,
)

from assembler.model import Frozen, Observation
from assembler.text import plain

__all__ = ["epci_connus", "epci_nommes"]


def _ready(facts: Frozen) -> tuple[Cog | None, list[Stated], list[Observation]]:
    """Return the vintage, the EPCI given with a SIREN, and why there is nothing to judge."""
    if missing := unstated(facts, EPCI):
        return None, [], missing
    cog = cog_of(facts)
    if cog is None:
        return None, [], [too_early()]
    found = [one for one in groupements(facts, cog) if one.code]
    return cog, found, [] if found else [absent(f"non renseigné : {EPCI}.siren")]


def epci_connus(facts: Frozen) -> Iterator[Observation]:
    """Report a SIREN that no EPCI nor EPT of the vintage bears, with the nearest by name."""
    cog, stated, why = _ready(facts)
    yield from why
    sought = [one for one in stated if looked_up(one)]
    for one in sought:
        if cog is None or one.groupement:
            continue
        if valid_siren(one.code):
            yield refused(_unknown(one, cog, facts), f"{one.path}.siren", one.code)
        else:
            yield absent("GEN-IDE-001")
    if stated and not sought:
        yield absent("Ni EPCI à fiscalité propre, ni EPT : ce groupement n’est pas recherché.")


def _unknown(one: Stated, cog: Cog, facts: Frozen) -> str:
    said = f"Aucun EPCI ni EPT ne porte le SIREN {one.code} au {cog.nom}"
    # Imported here, as wherever a finding is worded: a sound dossier needs no wording.
    from assembler.french import de

    near = _nearest(one.nom, cog, departements(facts, cog))
    return f"{said} ; s’agit-il {de(near.nom)} ({near.siren}) ?" if near else f"{said}."


def _nearest(name: str, cog: Cog, places: tuple[str, ...]) -> Groupement | None:
    """Return the EPCI of the nearest name, those of the territory's départements first."""
    wanted = "".join(core(name))
    if not wanted:
        return None
    # Imported here: only a SIREN that no EPCI bears needs it.
    from difflib import get_close_matches

    around = [one for one in cog.groupements if set(one.departements) & set(places)]
    for groups in (around, cog.groupements):
        by_name = {"".join(core(one.nom)): one for one in groups}
        if found := get_close_matches(wanted, by_name, n=1, cutoff=0.75):
            return by_name[found[0]]
    return None


def epci_nommes(facts: Frozen) -> Iterator[Observation]:
    """Report an EPCI or EPT whose name, or type, is not that of its SIREN."""
    cog, stated, why = _ready(facts)
    yield from why
    known = [(one, one.groupement) for one in stated if one.groupement and (one.nom or one.type)]
    if stated and not known:
        unknown = any(not one.groupement and looked_up(one) for one in stated)
        yield absent("GEN-TER-005" if unknown else f"non renseigné : {EPCI}.nom")
    for one, group in known:
        if cog is None:
            continue
        if one.nom and (_is_another(one.nom, group, cog) or not same_group(one.nom, group.nom)):
            yield refused(_misnamed(one, group, cog), f"{one.path}.nom", one.nom)
        elif wrong := _other_form(one, group):
            field, said = wrong
            full = FORMES[group.type]
            message = f"Au {cog.nom}, {group.nom} ({group.siren}) est une {full} ; la fiche dit « {said} »."
            yield refused(message.replace("une étab", "un étab"), f"{one.path}.{field}", said)


def _is_another(name: str, group: Groupement, cog: Cog) -> bool:
    """Tell whether a name is, word for word, another EPCI's and not this one's."""
    wanted = core(name)
    return core(group.nom) != wanted and any(core(one.nom) == wanted for one in _in_reach(group, cog))


def _in_reach(group: Groupement, cog: Cog) -> Iterator[Groupement]:
    # Far away, a name may be borne twice: the « CC du Val de … » of another region proves nothing.
    for one in cog.groupements:
        if one.siren != group.siren and set(one.departements) & set(group.departements):
            yield one


def _other_form(one: Stated, group: Groupement) -> tuple[str, str] | None:
    """Return the field and the words that give the EPCI another type than its own."""
    # « Chartres Métropole » is an agglomération, and « Métropole » part of many names.
    for field, said in (("nom", one.nom), ("type", one.type)):
        kind = forme(said)
        if kind and kind not in (group.type, "METRO") and kind != forme(group.nom):
            return field, said
    if plain(one.type) == "metropole" and not FORMES[group.type].startswith("métro"):
        return "type", one.type
    return None


def _misnamed(one: Stated, group: Groupement, cog: Cog) -> str:
    from assembler.french import de

    said = f"Au {cog.nom}, {one.code} est le SIREN {de(group.nom)}"
    for other in others(cog):
        before = other.groupement(one.code)
        if before and before.nom != group.nom and same_group(one.nom, before.nom):
            return f"{said} ; « {one.nom} » est son nom au {other.nom}."
    wanted = core(one.nom)
    for bearing in (*_in_reach(group, cog), *cog.groupements):
        if wanted and bearing.siren != group.siren and core(bearing.nom) == wanted:
            return f"{said}, celui {de(bearing.nom)} est {bearing.siren}."
    return f"{said}, pas de « {one.nom} »."
