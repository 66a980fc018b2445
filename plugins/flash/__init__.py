"""The Atelier flash: its hooks, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from assembler.contributions import Format
from assembler.hookspecs import hookimpl

__all__ = ["assembler_formats"]


@hookimpl
def assembler_formats() -> Iterable[Format]:
    """Hand over the Atelier flash."""
    # Imported here: listing the plugins must not cost reading the rules.
    from assembler_plugins.flash.format import atelier_flash

    return [atelier_flash()]
