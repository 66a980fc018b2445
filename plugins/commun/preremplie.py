"""The fiche proposed to a dossier that has none: what the pieces say, and the fields left to fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assembler.contributions import Case, Copy, Template
from assembler.model import dig
from assembler.rendering.ficheyaml import write_yaml

__all__ = ["FICHE_PREREMPLIE", "proposee"]

_EN_TETE = """\
Fiche préremplie d’après les pièces du dossier.
Complétez-la, puis enregistrez-la dans le dossier sous le nom dossier.yaml, en UTF-8.
Ce qui reste vide n’est pas contrôlé ; une ligne inutile peut être effacée.
"""


def _raison(case: Case) -> str | None:
    if dig(case.dossier.facts, "dossier.fiches", ()):
        return "le dossier a déjà une fiche"
    return None if case.format.fiche else "ce format n’a pas de fiche"


def _connu(case: Case) -> dict[str, Any]:
    """Return what the pieces say, by dotted path; nothing that they say in two ways."""
    from assembler_plugins.territoire.courriers import proposes

    facts = case.dossier.facts
    known: dict[str, Any] = {"format": case.format.id, "etape": case.dossier.step}
    known |= proposes(facts["pieces"])
    durations = {
        one["min"]
        for piece in facts["pieces"].values()
        for item in (piece if isinstance(piece, tuple) else (piece,))
        for one in item.get("durees_mois") or ()
        if one["min"] == one["max"]
    }
    if len(durations) == 1:
        known["accompagnement.duree_mois"] = durations.pop()
    files: dict[str, list[str]] = {}
    for source in case.dossier.sources:
        if source.piece:
            span = source.pages_retenues
            pages = f", p. {span[0]}-{span[-1]}" if span else ""
            files.setdefault(source.piece, []).append(source.name + pages)
    known["pieces"] = {piece: names if len(names) > 1 else names[0] for piece, names in files.items()}
    return known


def _fiche(case: Case, copy: Copy) -> bytes:  # noqa: ARG001 - one copy
    assert case.format.fiche is not None  # _raison has looked
    later = case.format.later(case.dossier.step)
    return write_yaml(case.format.fiche, _connu(case), heading=_EN_TETE, leave_out=later)


def proposee(case: Case | None, given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return what the fiche of a new dossier may hold: what its pieces say, and the territory named."""
    from assembler_plugins.territoire.saisie import territoire

    return {**(_connu(case) if case else {}), **territoire(given)}


FICHE_PREREMPLIE = Template(
    id="fiche-preremplie",
    step="candidature",
    title="Fiche préremplie",
    audience="le pilote",
    extension="yaml",
    build=_fiche,
    condition=_raison,
)
