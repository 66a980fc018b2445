"""The built-in reports; plugins add others through ``assembler_reporters``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib import import_module

from assembler.contributions import Reporter
from assembler.model import Report

__all__ = ["built_in"]

_MODULES = {"texte": "texte", "json": "json_", "html": "html_", "xlsx": "xlsx_"}


def built_in() -> dict[str, Reporter]:
    """Return the built-in reporters by name; each is imported when it is used."""
    return {name: Reporter(name=name, render=partial(_render, module)) for name, module in _MODULES.items()}


def _render(module: str, reports: Sequence[Report]) -> bytes:
    found: bytes = import_module(f"assembler.reporters.{module}").render(reports)
    return found
