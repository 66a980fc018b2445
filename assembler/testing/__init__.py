"""The kit of plugin authors: what a plugin promises, as tests.

>>> from assembler.testing import FormatContract
>>> class TestMonFormat(FormatContract):
...     plugin = "mon_format"
...     dossiers = Path(__file__).parents[1] / "fixtures" / "mon_format"

Everything is loaded when it is first used: pytest, which loads our plugin in every project of the
environment, does not pay for the engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assembler.testing.cases import load_rule_cases
    from assembler.testing.conformance import CONTRACT, Promise, Result, check_plugin
    from assembler.testing.contract import FormatContract
    from assembler.testing.golden import compare, differences, update
    from assembler.testing.making import make_dossier, make_file
    from assembler.testing.office import office_faults, text_of
    from assembler.testing.subject import Subject, load_plugins, load_subjects

__all__ = [
    "CONTRACT",
    "FormatContract",
    "Promise",
    "Result",
    "Subject",
    "check_plugin",
    "compare",
    "differences",
    "load_plugins",
    "load_rule_cases",
    "load_subjects",
    "make_dossier",
    "make_file",
    "office_faults",
    "text_of",
    "update",
]

_MODULES = {
    "cases": ("load_rule_cases",),
    "conformance": ("CONTRACT", "Promise", "Result", "check_plugin"),
    "contract": ("FormatContract",),
    "golden": ("compare", "differences", "update"),
    "making": ("make_dossier", "make_file"),
    "office": ("office_faults", "text_of"),
    "subject": ("Subject", "load_plugins", "load_subjects"),
}


def __getattr__(name: str) -> Any:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
