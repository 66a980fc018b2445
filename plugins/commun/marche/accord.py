"""The accord-cadre: the desk's reference file, and its record as documents and rules read it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from assembler.contributions import Case, ReferenceFile
from assembler.fiche import total
from assembler.model import Frozen, dig
from assembler.rulefiles import load_fields
from assembler.text import plain

__all__ = ["accord_cadre", "fichier_accord_cadre", "mandataires", "memes", "titulaire"]


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
