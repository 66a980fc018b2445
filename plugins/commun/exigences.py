"""What the formats ask of a dossier in the same way: mandatory values, and the decision that settles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assembler.errors import MissingValue
from assembler.french import date_courte
from assembler.model import Frozen, dig

__all__ = ["eligibilite_notifiee", "exiger"]

_FAVORABLES = {"eligible", "selectionnee", "laureate"}


def exiger(document: str, fiche: Mapping[str, Any], champs: Mapping[str, str]) -> None:
    """Refuse to make a document that binds when the fiche does not give what identifies it.

    Args:
        document: its id.
        fiche: the fiche.
        champs: dotted path -> French name with its article.

    Raises:
        MissingValue: names every missing field at once.
    """
    missing = [f"{label} (champ « {path} »)" for path, label in champs.items() if not dig(fiche, path)]
    if missing:
        raise MissingValue(f"{document} : la fiche ne donne pas {', ni '.join(missing)}.")


def eligibilite_notifiee(facts: Frozen) -> str | None:
    """Return why the candidature is no longer judged: a favourable decision was recorded."""
    if dig(facts, "instruction.decision.valeur") not in _FAVORABLES:
        return None
    day = dig(facts, "instruction.decision.date")
    return f"éligibilité notifiée le {date_courte(day)}" if day else "éligibilité notifiée"
