"""The accord-cadre: the desk's reference file, and its record as documents and rules read it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from assembler.contributions import Case, ReferenceFile
from assembler.fiche import total
from assembler.fieldfiles import load_fields
from assembler.model import Frozen, dig
from assembler.text import plain

__all__ = [
    "accord_cadre",
    "criteres_poses",
    "fichier_accord_cadre",
    "mandataires",
    "memes",
    "seul_titulaire",
    "titulaire",
]


@cache
def fichier_accord_cadre() -> ReferenceFile:
    """Return the kind of reference file that accords-cadres are (documents.md § 2.3)."""
    return ReferenceFile(
        id="accord_cadre",
        title="accord-cadre",
        folder="accords-cadres",
        fields=load_fields(files("assembler_rules") / "referentiels" / "accord-cadre.yaml"),
        key="numero",
        named_by="marche.accord_cadre",
    )


def accord_cadre(case: Case) -> Frozen:
    """Return the record of the accord-cadre, total: every field exists, None or empty when not given.

    Without the desk's file, only what the fiche says of it is known: its number.
    """
    found: Mapping[str, Any] = dig(case.dossier.facts, "referentiels.accord_cadre", {})
    given = dig(case.fiche, "marche.accord_cadre")
    if not found and isinstance(given, str):
        found = {"numero": given}
    return Frozen(total(fichier_accord_cadre().fields, found))


def criteres_poses(case: Case) -> list[Mapping[str, Any]]:
    """Return the criteria as recorded: the accord-cadre's (of the lot), which bind, else the fiche's."""
    lot = dig(case.fiche, "marche.lot")
    recorded = [
        one
        for one in accord_cadre(case)["criteres"]
        if lot is None or one["lot"] is None or memes(one["lot"], lot)
    ]
    return [one for one in recorded or dig(case.fiche, "marche.criteres", ()) if one.get("intitule")]


def memes(one: Any, other: Any) -> bool:
    """Tell whether two names are the same, whatever their case, accents and separators."""
    return plain(str(one or "")) == plain(str(other or ""))


def mandataires(accord: Mapping[str, Any], lot: str | None = None) -> list[Mapping[str, Any]]:
    """Return the titulaires of an accord-cadre, or of one of its lots, in the order of the record."""
    named = [one for one in accord.get("titulaires") or () if one.get("mandataire")]
    return [one for one in named if lot is None or one.get("lot") is None or memes(one["lot"], lot)]


def titulaire(accord: Mapping[str, Any], name: str | None) -> Mapping[str, Any]:
    """Return the titulaire that bears a name; empty when the record does not know it."""
    return next((one for one in mandataires(accord) if memes(one["mandataire"], name)), {})


def seul_titulaire(accord: Mapping[str, Any]) -> str | None:
    """Return the titulaire of an accord-cadre that has only one."""
    named = mandataires(accord)
    return str(named[0]["mandataire"]) if len(named) == 1 else None
