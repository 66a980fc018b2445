"""What the formats ask of a dossier in the same way: mandatory values, and the decision that settles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assembler.errors import MissingValue
from assembler.french import date_longue
from assembler.model import Frozen, dig

__all__ = ["eligibilite_notifiee", "exiger"]

_FAVORABLES = {
    "eligible": "éligibilité notifiée",
    "selectionnee": "sélection notifiée",
    "laureate": "désignation comme lauréate notifiée",
}


def exiger(
    document: str, fiche: Mapping[str, Any], champs: Mapping[str, str], source: str = "la fiche"
) -> None:
    """Refuse to make a document that binds when the fiche does not give what identifies it.

    Args:
        document: its id.
        fiche: the fiche, or what the desk keeps.
        champs: dotted path -> French name with its article.
        source: in French, where the values are to be written.

    Raises:
        MissingValue: names every missing field at once.
    """
    missing = [f"{label} (champ « {path} »)" for path, label in champs.items() if _vide(dig(fiche, path))]
    if missing:
        raise MissingValue(f"{document} : {source} ne donne pas {', ni '.join(missing)}.")


def _vide(value: Any) -> bool:
    return not any(value) if isinstance(value, (list, tuple)) else not value


def eligibilite_notifiee(facts: Frozen) -> str | None:
    """Return why the candidature is no longer judged: a favourable decision was recorded."""
    said = _FAVORABLES.get(dig(facts, "instruction.decision.valeur"))
    day = dig(facts, "instruction.decision.date")
    # Ordinary spaces: the motif goes into reports, which machines read too.
    return f"{said} le {date_longue(day)}".replace("\u00a0", " ") if said and day else said
