"""Checks on the communes of the territory (GEN-TER-001 to 004)."""

from __future__ import annotations

from collections.abc import Iterator

from assembler_plugins.commun.faits import absent, refused, unstated
from assembler_plugins.territoire.cog import Cog, Commune, others
from assembler_plugins.territoire.noms import key, same_arrondissement, same_commune
from assembler_plugins.territoire.perimetre import (
    COMMUNES,
    DEPARTEMENTS,
    EPCI,
    Stated,
    cog_of,
    communes,
    departement,
    groupements,
    looked_up,
    too_early,
    valid_siren,
)

from assembler.model import Frozen, Observation, dig
from assembler.text import plain

__all__ = ["communes_connues", "communes_dans_departements", "communes_dans_epci", "communes_nommees"]

_STATUS = {
    "deleguee": "est une commune déléguée",
    "associee": "est une commune associée",
    "ancienne": "fait partie",
}


def _ready(facts: Frozen) -> tuple[Cog | None, list[Stated], list[Observation]]:
    """Return the vintage, the communes given with a code, and why there is nothing to judge."""
    if missing := unstated(facts, COMMUNES):
        return None, [], missing
    cog = cog_of(facts)
    if cog is None:
        return None, [], [too_early()]
    found = communes(facts, cog)
    return cog, found, [] if found else [absent("non renseigné : fiche.territoire.communes.code")]


def _known(facts: Frozen) -> tuple[Cog | None, list[tuple[Stated, Commune]], list[Observation]]:
    """Return the communes whose code is known; the others are GEN-TER-001's."""
    cog, stated, why = _ready(facts)
    known = [(one, one.commune) for one in stated if one.commune]
    return cog, known, why or ([] if known else [absent("GEN-TER-001")])


def communes_connues(facts: Frozen) -> Iterator[Observation]:
    """Report codes that are not a commune of the vintage, with today's commune when there is one."""
    cog, stated, why = _ready(facts)
    yield from why
    for one in stated:
        if cog and not one.commune:
            yield refused(_unknown(one, cog, facts), f"{one.path}.code", one.code)


def _unknown(one: Stated, cog: Cog, facts: Frozen) -> str:
    # Imported here, as wherever a finding is worded: a sound dossier needs no wording.
    from assembler.french import de

    if former := cog.ancienne(one.code):
        name = former.nom or _name_before(one, cog) or one.nom
        who = f"{name} ({one.code})" if name else f"le code {one.code}"
        today = f"{de(former.commune.nom)} ({former.commune.code})"
        return f"Au {cog.nom}, {who} {_STATUS[former.genre]} {today} : indiquez cette commune."
    said = f"« {one.code} » n’est le code d’aucune commune au {cog.nom}"
    near = [f"{de(commune.nom)} ({commune.code})" for commune in _nearest(one, cog, facts)]
    return f"{said} ; s’agit-il {' ou '.join(near)} ?" if near else f"{said}."


def _name_before(one: Stated, cog: Cog) -> str | None:
    found = (other.commune(one.code) for other in others(cog))
    return next((commune.nom for commune in found if commune), None)


def _nearest(one: Stated, cog: Cog, facts: Frozen) -> list[Commune]:
    """Return the communes that the person may mean: a zero lost, the name, else a near name."""
    if one.code.isdigit() and len(one.code) == 4 and (found := cog.commune(f"0{one.code}")):
        return [found]
    wanted = key(one.nom)
    places = [code for given in dig(facts, DEPARTEMENTS, ()) for code in departement(given, cog)]
    places += [code for code in (one.code[:3], one.code[:2]) if code in cog.departements]
    around = [commune for place in dict.fromkeys(places) for commune in cog.communes(place)]
    if not wanted or not around:
        return []
    same = [commune for commune in around if key(commune.nom) == wanted]
    if not same:
        # Imported here: only a code that nothing explains needs it.
        from difflib import get_close_matches

        by_name = {key(commune.nom): commune for commune in around}
        same = [by_name[name] for name in get_close_matches(wanted, by_name, n=1, cutoff=0.8)]
    return same[:3]


def communes_nommees(facts: Frozen) -> Iterator[Observation]:
    """Report a commune whose name is not that of its code."""
    cog, known, why = _known(facts)
    yield from why
    named = [(one, commune) for one, commune in known if one.nom]
    if known and not named:
        yield absent("non renseigné : fiche.territoire.communes.nom")
    for one, commune in named:
        if cog and not _agrees(one, commune, cog):
            yield refused(_misnamed(one, commune, cog), f"{one.path}.nom", one.nom)


def _agrees(one: Stated, commune: Commune, cog: Cog) -> bool:
    if commune.ville:
        return same_arrondissement(one.nom, commune.nom, commune.ville)
    return same_commune(one.nom, commune.nom) and not _twin(one, commune, cog)


def _twin(one: Stated, commune: Commune, cog: Cog) -> bool:
    """Tell whether another commune of the département is named just so: « La Vergne » beside Vergné."""
    said = plain(one.nom)
    if said == plain(commune.nom):
        return False
    return any(plain(other.nom) == said for other in cog.communes(commune.departement))


def _misnamed(one: Stated, commune: Commune, cog: Cog) -> str:
    from assembler.french import de

    said = f"Au {cog.nom}, {one.code} est le code {de(commune.nom)}"
    delegated = cog.deleguee(one.code)
    if delegated and same_commune(one.nom, delegated):
        return f"{said} ; {delegated} en est une commune déléguée."
    for other in others(cog):
        before = other.commune(one.code)
        if before and same_commune(one.nom, before.nom):
            return f"{said} ; « {one.nom} » est son nom au {other.nom}."
    around = [other for other in cog.communes(commune.departement) if other.code != commune.code]
    bearing = [other for other in around if key(other.nom) == key(one.nom)]
    if bearing:
        return f"{said}, celui {de(bearing[0].nom)} est {bearing[0].code}."
    return f"{said}, pas de « {one.nom} »."


def communes_dans_epci(facts: Frozen) -> Iterator[Observation]:
    """Report a commune that is member of none of the EPCI and EPT given."""
    if missing := unstated(facts, COMMUNES, EPCI):
        yield from missing
        return
    cog, known, why = _known(facts)
    yield from why
    if cog is None or not known:
        return
    given = groupements(facts, cog)
    members = {one.groupement.siren for one in given if one.groupement}
    outside = [(one, commune) for one, commune in known if not members & _sirens(commune)]
    if not outside:
        return
    if reason := _undecided(given):
        # The commune may be in the body whose members are not known.
        yield absent(reason)
        return
    from assembler.french import de

    names = ", ".join(one.groupement.nom for one in given if one.groupement)
    for one, commune in outside:
        theirs = " et ".join(f"{de(group.nom)} ({group.siren})" for group in commune.groupements)
        its = f"elle est membre {theirs}" if theirs else "elle n’est membre d’aucun EPCI"
        message = (
            f"{commune.nom} ({one.code}) n’est pas dans les EPCI donnés ({names}) ; au {cog.nom}, {its}."
        )
        yield refused(message, one.path, one.code)


def _sirens(commune: Commune) -> set[str]:
    return {group.siren for group in commune.groupements}


def _undecided(given: list[Stated]) -> str | None:
    unknown = [one for one in given if not one.groupement]
    if not unknown:
        return None if given else f"non renseigné : {EPCI}.siren"
    if all(not looked_up(one) for one in unknown):
        return f"La composition de « {unknown[0].nom or unknown[0].code} » n’est pas dans le COG."
    if not all(valid_siren(one.code) for one in unknown if one.code):
        return "GEN-IDE-001"
    return "GEN-TER-005"


def communes_dans_departements(facts: Frozen) -> Iterator[Observation]:
    """Report a commune out of the départements given, and a département that does not exist."""
    if missing := unstated(facts, DEPARTEMENTS):
        yield from missing
        return
    cog = cog_of(facts)
    if cog is None:
        yield too_early()
        return
    _, known, why = _known(facts)
    allowed: set[str] = set()
    for rank, written in enumerate(dig(facts, DEPARTEMENTS, ())):
        codes = departement(written, cog)
        allowed |= set(codes)
        if not codes:
            message = f"« {written} » n’est le code d’aucun département au {cog.nom}."
            yield refused(message, f"{DEPARTEMENTS}.{rank}", written)
    yield from why
    for one, commune in known if allowed else ():
        if commune.departement not in allowed:
            place = f"{cog.departements[commune.departement][0]} ({commune.departement})"
            message = f"Au {cog.nom}, {commune.nom} ({one.code}) est dans {place}, que la fiche ne donne pas."
            yield refused(message, one.path, one.code)
