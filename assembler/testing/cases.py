"""The examples of rules as the cases of a test: one for each example of each rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from assembler.contributions import Format, Rule
from assembler.errors import UsageError
from assembler.manager import Plugins

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

__all__ = ["load_rule_cases"]


def load_rule_cases(given: str | Format | Iterable[Rule]) -> list[ParameterSet]:
    """Return ``(rule, state, facts)`` for each example, as parameters named ``LO-DUR-004-conforme-1``.

    Args:
        given: rules, a format, or the id of an installed one (with what other plugins add to it).

    Raises:
        UsageError: no such format is installed.

    Example::

        @pytest.mark.parametrize(("rule", "state", "facts"), load_rule_cases("mon_format"))
        def test_an_example_ends_as_it_says(rule, state, facts):
            assert judge(rule, facts).state.value == state
    """
    import pytest

    rules: Any = given
    if isinstance(given, str):
        formats = Plugins().formats()
        if given not in formats:
            raise UsageError(f"Le format « {given} » n’existe pas. Formats : {', '.join(sorted(formats))}.")
        rules = formats[given].rules
    elif isinstance(given, Format):
        rules = given.rules
    return [
        pytest.param(rule, state, facts, id=f"{rule.id}-{state}-{rank}")
        for rule in rules
        for state, examples in rule.exemples.items()
        for rank, facts in enumerate(examples, 1)
    ]
