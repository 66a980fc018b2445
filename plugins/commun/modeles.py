"""The Word templates that the formats share: where they lie."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

__all__ = ["gabarit"]


def gabarit(name: str) -> Traversable:
    """Return the template of a document that several formats make."""
    return files("assembler_plugins.commun") / "gabarits" / f"{name}.docx"
