"""What the fiche says of the territory, read against a vintage."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assembler_plugins.commun.faits import absent, items
from assembler_plugins.territoire.cog import Cog, Commune, Groupement, area, vintage, years
from assembler_plugins.territoire.noms import core, forme, key

from assembler.model import Frozen, Observation, dig
from assembler.text import plain

__all__ = [
    "COMMUNES",
    "DEPARTEMENTS",
    "EPCI",
    "Stated",
    "cog_of",
    "communes",
    "departement",
    "departements",
    "groupements",
    "looked_up",
    "too_early",
    "valid_siren",
]

COMMUNES = "fiche.territoire.communes"
EPCI = "fiche.territoire.epci"
DEPARTEMENTS = "fiche.territoire.departements"

_CODE = re.compile(r"(?:\d\d|2[AB])\d{3}")
# Bodies that neither the DGCL's list of EPCI nor that of EPT holds.
_OTHER = re.compile(
    r"\b(?:petr|poles?|syndicats?|sm|smf|smo|sivu|sivom|scot|pnr|parcs?|ctu|gip|gal|association|agence|entente)\b"
    r"|^(?:la |l )?(?:commune|ville|mairie|departement|region|conseil|autre)\b"
)
_PERHAPS = re.compile(r"\b(?:pays|collectivite)\b")
_COMMUNITY = re.compile(r"\b(?:agglo|agglomeration|communaute|metropole)\b")
# What used to be, or is written for, one or two départements of the COG.
_AS_WRITTEN = {"20": ("2A", "2B"), "69D": ("69",), "69M": ("69",), "6AE": ("67", "68")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """A commune or an EPCI as the fiche gives it, and what the vintage knows of it."""

    path: str
    code: str
    """INSEE code or SIREN, without spaces; empty when not given."""
    nom: str
    type: str = ""
    commune: Commune | None = None
    groupement: Groupement | None = None


def cog_of(facts: Frozen) -> Cog | None:
    """Return the vintage of the dossier's date (today's, the latest, when no date is known)."""
    day = dig(facts, "dossier.date") or dig(facts, "fiche.date_depot")
    return vintage(day if isinstance(day, dt.date) else None)


def too_early() -> Observation:
    """Return why nothing can be compared before the first vintage."""
    return absent(f"Le premier COG livré est celui de {years()[0]} ; le dossier est antérieur.")


def _text(value: Any) -> str:
    return str(value).strip() if value is not None else ""


def communes(facts: Mapping[str, Any], cog: Cog) -> list[Stated]:
    """Return the communes given with a code."""
    found = []
    for path, one in items(facts, COMMUNES):
        if code := re.sub(r"\s", "", _text(one.get("code"))).upper():
            known = cog.commune(code) if _CODE.fullmatch(code) else None
            found.append(Stated(path=path, code=code, nom=_text(one.get("nom")), commune=known))
    return found


def groupements(facts: Mapping[str, Any], cog: Cog) -> list[Stated]:
    """Return the EPCI given, found by SIREN or, when there is none, by a name that only one bears."""
    found = []
    for path, one in items(facts, EPCI):
        siren, name = re.sub(r"\D", "", _text(one.get("siren"))), _text(one.get("nom"))
        group = cog.groupement(siren) if siren else _by_name(name, cog)
        if siren or name:
            kind = _text(one.get("type"))
            found.append(Stated(path=path, code=siren, nom=name, type=kind, groupement=group))
    return found


def _by_name(name: str, cog: Cog) -> Groupement | None:
    wanted = core(name)
    same = [one for one in cog.groupements if wanted and core(one.nom) == wanted]
    return same[0] if len(same) == 1 else None


def looked_up(one: Stated) -> bool:
    """Tell whether a body is of a kind that the lists of EPCI and EPT should hold.

    What is written as its type decides, else its name: « CC du Pays de … » and « Pays de …
    Agglomération » are, a PETR, a syndicat, a parc, a pays or a collectivité are not.
    """
    if one.groupement:
        return True
    said = plain(one.type or one.nom)
    if forme(said):
        return True
    if _OTHER.search(said):
        return False
    return not _PERHAPS.search(said) or _COMMUNITY.search(said) is not None


def valid_siren(siren: str) -> bool:
    """Tell whether a SIREN passes its check; GEN-IDE-001 reports the others."""
    # Imported here: only a SIREN that no list holds is looked at.
    from stdnum.fr import siren as number

    return bool(number.is_valid(siren))


def departement(written: Any, cog: Cog) -> tuple[str, ...]:
    """Return the codes of a département as written: ``53``, ``1``, ``2a``, « Mayenne »; none if unknown."""
    code = _text(written).upper()
    code = code.zfill(2) if code.isdigit() else code
    if code in _AS_WRITTEN:
        return _AS_WRITTEN[code]
    if code in cog.departements:
        return (code,)
    bare = re.sub(r"^(\d\w+)\b.*|.*\((\d\w+)\)$", r"\1\2", code)
    if bare in cog.departements:
        return (bare,)
    name = key(_text(written))
    return tuple(one for one, (label, _) in cog.departements.items() if key(label) == name)


def departements(facts: Mapping[str, Any], cog: Cog | None) -> tuple[str, ...]:
    """Return the départements of the territory: those given, else of its communes, else of its EPCI."""
    reference = cog or vintage(None)
    if reference is None:
        return ()
    given = dig(facts, DEPARTEMENTS, ())
    found: list[str] = [code for one in given for code in departement(one, reference)]
    if not found:
        found = [one.commune.departement for one in communes(facts, reference) if one.commune]
        found = found or list(_read_in_codes(facts, reference))
    if not found:
        members = (one.groupement for one in groupements(facts, reference) if one.groupement)
        found = [code for group in members for code in group.departements]
    return tuple(dict.fromkeys(found))


def _read_in_codes(facts: Mapping[str, Any], cog: Cog) -> Iterator[str]:
    for one in communes(facts, cog):
        if _CODE.fullmatch(one.code) and area(one.code) in cog.departements:
            yield area(one.code)
