"""The built-in reports; plugins add others through ``assembler_reporters``."""

from __future__ import annotations

from assembler.contributions import Reporter

__all__ = ["built_in"]


def built_in() -> dict[str, Reporter]:
    """Return the built-in reporters by name."""
    from assembler.reporters.json_ import render as json_render
    from assembler.reporters.texte import render as text_render

    return {
        "texte": Reporter(name="texte", render=text_render),
        "json": Reporter(name="json", render=json_render),
    }
