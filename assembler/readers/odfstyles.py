"""Styles of an OpenDocument file, resolved once: what a paragraph, a run or a section inherits.

Source: OpenDocument 1.3 part 3, § 16 (styles) and § 20 (formatting attributes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from assembler.readers.wordstyles import (
    LIST_STYLE,
    PROMPT_STYLE,
    TOC_STYLE,
    Look,
    is_grey_shade,
    level_of_name,
)

__all__ = [
    "DRAW",
    "LOEXT",
    "OFFICE",
    "STYLE",
    "TABLE",
    "TEXT",
    "XLINK",
    "OdfStyles",
    "load_styles",
    "over",
]

_SPACES = "{urn:oasis:names:tc:opendocument:xmlns:"
OFFICE = f"{_SPACES}office:1.0}}"
STYLE = f"{_SPACES}style:1.0}}"
TEXT = f"{_SPACES}text:1.0}}"
TABLE = f"{_SPACES}table:1.0}}"
DRAW = f"{_SPACES}drawing:1.0}}"
XLINK = "{http://www.w3.org/1999/xlink}"
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_FO = f"{_SPACES}xsl-fo-compatible:1.0}}"

_ESCAPED = re.compile(r"_([0-9a-f]{1,4})_")
_COLOUR = re.compile(r"#([0-9A-Fa-f]{6})")
_PLAIN = Look()
_BOLD = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class OdfStyles:
    """The looks of paragraph and text styles, and what is hidden, by family and name."""

    looks: Mapping[tuple[str, str], Look]
    hidden: frozenset[tuple[str, str]]
    """Styles of sections, tables, rows and columns that nobody sees."""

    def paragraph(self, name: str | None) -> Look:
        """Return the look of a paragraph style."""
        return self.looks.get(("paragraph", name or "")) or _undefined(name or "")

    def run(self, name: str | None) -> Look:
        """Return the look of a text style."""
        return self.looks.get(("text", name or "")) or _undefined(name or "")

    def hides(self, family: str, name: str | None) -> bool:
        """Tell whether what bears that style is hidden."""
        return (family, name or "") in self.hidden


def load_styles(*holders: etree._Element | None) -> OdfStyles:
    """Return the styles under ``office:styles`` and ``office:automatic-styles`` elements.

    Args:
        holders: where to look, a later style of the same name replacing an earlier one.
    """
    nodes: dict[tuple[str, str], etree._Element] = {}
    for holder in holders:
        for node in () if holder is None else holder.iter(f"{STYLE}style"):
            nodes[node.get(f"{STYLE}family", ""), node.get(f"{STYLE}name", "")] = node
    looks = {key: _look(key, nodes) for key in nodes if key[0] in ("paragraph", "text")}
    return OdfStyles(looks=looks, hidden=frozenset(key for key, node in nodes.items() if _hidden(node)))


def over(own: Look, inherited: Look) -> Look:
    """Return what a run looks like: its own style where it says something, else what it stands in."""
    return replace(
        inherited,
        bold=inherited.bold if own.bold is None else own.bold,
        hidden=inherited.hidden if own.hidden is None else own.hidden,
        grey=inherited.grey if own.grey is None else own.grey,
        placeholder=inherited.placeholder or own.placeholder,
    )


def _chain(key: tuple[str, str], nodes: Mapping[tuple[str, str], etree._Element]) -> Iterator[etree._Element]:
    """Yield a style, then its parents; a loop or a missing style ends the chain."""
    seen: set[tuple[str, str]] = set()
    while key in nodes and key not in seen:
        seen.add(key)
        yield nodes[key]
        key = (key[0], nodes[key].get(f"{STYLE}parent-style-name", ""))


def _look(key: tuple[str, str], nodes: Mapping[tuple[str, str], etree._Element]) -> Look:
    look, settled, level = _PLAIN, False, None
    names: list[str] = []
    last = ""
    for node in _chain(key, nodes):
        names.append(_name(node))
        last = node.get(f"{STYLE}parent-style-name", "")
        if not settled:
            level, settled = _level(node, names[-1])
        look = over(look, _text_look(node))
    if last and (key[0], last) not in nodes:
        names.append(_decoded(last))
        if not settled:
            level = level_of_name(names[-1])[0]
    return _named(look, level, names)


def _undefined(name: str) -> Look:
    """Return the look of a built-in style that its writer left out: all that is known is its name."""
    decoded = _decoded(name)
    return _named(_PLAIN, level_of_name(decoded)[0], [decoded]) if name else _PLAIN


def _named(look: Look, level: int | None, names: Sequence[str]) -> Look:
    return replace(
        look,
        level=level,
        toc=any(TOC_STYLE.match(name) for name in names),
        listed=any(LIST_STYLE.match(name) for name in names),
        placeholder=any(PROMPT_STYLE.match(name) for name in names),
    )


def _name(node: etree._Element) -> str:
    shown = node.get(f"{STYLE}display-name")
    return " ".join(shown.casefold().split()) if shown else _decoded(node.get(f"{STYLE}name", ""))


def _decoded(name: str) -> str:
    """Return a style's name in lower case, « Heading_20_1 » being « heading 1 »."""
    return " ".join(_ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), name).casefold().split())


def _level(node: etree._Element, name: str) -> tuple[int | None, bool]:
    stated = node.get(f"{STYLE}default-outline-level")
    level, settled = level_of_name(name)
    if stated is None or (settled and level is None):  # a document's title is no heading
        return level, settled
    return (int(stated) if stated.isdecimal() and 0 < int(stated) < 10 else None), True


def _text_look(node: etree._Element) -> Look:
    properties = node.find(f"{STYLE}text-properties")
    if properties is None:
        return _PLAIN
    weight, colour = properties.get(f"{_FO}font-weight"), properties.get(f"{_FO}color", "")
    shown = properties.get(f"{TEXT}display")
    grey: bool | None = None
    if properties.get(f"{STYLE}use-window-font-color") == "true":
        grey = False
    elif found := _COLOUR.fullmatch(colour):
        grey = is_grey_shade(found.group(1))
    return Look(
        bold=None if weight is None else weight == "bold" or (weight.isdecimal() and int(weight) >= _BOLD),
        hidden=None if shown is None else shown == "none",
        grey=grey,
    )


def _hidden(node: etree._Element) -> bool:
    return any(
        child.get(f"{TEXT}display") == "none" or child.get(f"{TABLE}display") == "false"
        for child in node
        if child.tag in (f"{STYLE}section-properties", f"{STYLE}table-properties")
    )
