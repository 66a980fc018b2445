"""The tables of the documentation that are made from what is installed, between their two marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assembler.contributions import Template
from assembler.manager import Plugins

__all__ = ["documents", "renewed"]

_MARKED = re.compile(r"(?<=<!-- documents -->\n).*?(?=\n<!-- /documents -->)", re.S)


def _named(one: Template) -> str:
    """Return the id of a document: in bold when it binds, in italics when it is made only on request."""
    name = f"`{one.id}`"
    name = f"**{name}**" if one.binding else name
    return f"*{name}*" if one.on_request else name


def _rows() -> Iterator[tuple[str, str, str]]:
    """Yield step, formats and documents; formats that make the same documents share a row."""
    formats = Plugins().formats()
    steps = {step.id: step for one in formats.values() for step in one.steps}
    for step in steps:
        made: dict[str, list[str]] = {}
        for one in formats.values():
            listed = ", ".join(_named(each) for each in one.documents if each.step == step)
            made.setdefault(listed, []).append(one.title)
        for listed, titles in made.items():
            if listed:
                yield step, ", ".join(titles), listed


def documents() -> str:
    """Return the table of formats, steps and documents."""
    head = ["| étape | formats | documents |", "|---|---|---|"]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in _rows())])


def renewed(page: str) -> str:
    """Return the text of a page with its tables as they are today."""
    return _MARKED.sub(documents(), page)
