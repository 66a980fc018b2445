"""The pages that are shown in a browser: one look, nothing to fetch, no script."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from assembler.text import clean, tied

__all__ = ["page_template"]


@cache
def page_template(name: str) -> Template:
    """Return a template of this package; what it prints is escaped, and cleaned of control characters."""
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        loader=FunctionLoader(
            lambda part: files("assembler.reporters").joinpath(part).read_text(encoding="utf-8")
        ),
        # what a file or its name says can neither turn the line round nor hold a control character
        finalize=lambda value: tied(clean(value)) if type(value) is str else value,
    )
    return environment.get_template(name)
