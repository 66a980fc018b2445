"""The territory of every format: communes, EPCI, départements and lead service (GEN-TER)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from assembler.contributions import Rule
from assembler.hookspecs import hookimpl

__all__ = ["assembler_rules"]


@hookimpl
def assembler_rules(format_id: str) -> Iterable[Rule]:  # noqa: ARG001 - the same rules for every format
    """Hand over the rules on the territory."""
    return _rules()


@cache
def _rules() -> tuple[Rule, ...]:
    from importlib.resources import files

    from assembler_plugins.territoire.checks import CHECKS

    from assembler.fieldfiles import load_fields
    from assembler.rulefiles import load_rules

    rules = files("assembler_rules")
    fields = load_fields(rules / "commun" / "champs.yaml")
    return load_rules(rules / "territoire", CHECKS, fields, proven=True)
