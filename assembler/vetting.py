"""What a plugin hands over is looked at before it is used: a format that would break every run is refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from assembler.contributions import RULE_ID, Format, Piece, Rule, Step, Template
from assembler.patterns import ambiguity

__all__ = ["format_fault", "rule_fault"]


def format_fault(one: Format) -> str | None:
    """Return in French what keeps a format from being used, or None."""
    where = f"format « {one.id} » : "
    for name, kind in (("steps", Step), ("pieces", Piece), ("rules", Rule), ("documents", Template)):
        given = getattr(one, name)
        if not isinstance(given, (tuple, list)):
            return f"{where}{name} est un {type(given).__name__}, on attend un tuple de {kind.__name__}"
        for item in given:
            if not isinstance(item, kind):
                return f"{where}{name} contient un {type(item).__name__} au lieu de {kind.__name__}"
        if twice := _twice(item.id for item in given):
            return f"{where}{name} contient deux fois « {twice} »"
    if not one.steps:
        return f"{where}il n’a aucune étape (steps)"
    steps = {step.id for step in one.steps}
    for document in one.documents:
        if document.step not in steps:
            return f"{where}l’étape « {document.step} » du document « {document.id} » n’existe pas"
    wrong = next((told for rule in one.rules if (told := rule_fault(rule, one))), None)
    return wrong or _endless(one)


def rule_fault(rule: Rule, one: Format) -> str | None:
    """Return in French what keeps a rule from being judged on the dossiers of a format, or None."""
    if not RULE_ID.fullmatch(rule.id):
        return f"la règle « {rule.id} » n’a pas un identifiant comme LO-DUR-004"
    for step in (rule.etape, rule.jusqu_a):
        if step is not None and step not in {each.id for each in one.steps}:
            return f"règle {rule.id} : l’étape « {step} » n’existe pas dans le format « {one.id} »"
    return None


def _twice(ids: Iterable[Any]) -> Any:
    return next((one for one, times in Counter(ids).items() if times > 1), None)


def _endless(one: Format) -> str | None:
    """Say which pattern of a format's pieces may never end on some text."""
    for piece in one.pieces:
        clues = [pattern for group in piece.clues for pattern in group]
        titles = [pattern for section in piece.sections for pattern in section.patterns]
        given = (*piece.names, *piece.folders, *clues, *piece.signatories, *piece.unlikely, *titles)
        for pattern in (*given, *piece.mentions.values()):
            try:
                told = ambiguity(pattern)
            except re.error as error:
                told = f"« {pattern} » n’est pas une expression régulière ({error})"
            if told:
                return f"pièce « {piece.id} » du format « {one.id} » : {told}"
    return None
