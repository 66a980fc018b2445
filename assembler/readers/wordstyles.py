"""Styles of a Word file, resolved once: what a paragraph or a run inherits from its style.

A style is known by its name, never by its id: « Titre1 », « berschrift1 » or « 2 » are ids of the
same « heading 1 », after the language and the word processor (robustesse.md § 2.2).
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from assembler.errors import ReadingError
from assembler.readers.containers import Package

__all__ = [
    "LIST_STYLE",
    "PROMPT_STYLE",
    "TOC_STYLE",
    "Look",
    "Styles",
    "W",
    "is_grey",
    "is_grey_shade",
    "is_on",
    "level_of_name",
    "load_styles",
    "outline_level",
    "toggle",
]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VALUE = f"{W}val"

_HEADING = re.compile(r"(?:heading|titre|überschrift|título|titolo|kop|rubrik)\s*([1-9])\b")
_TITLE = re.compile(r"(?:title|titre|toc heading|en-tête de table des matières)$")
TOC_STYLE = re.compile(r"(?:toc|tm|contents)\s*[1-9]\b")
LIST_STYLE = re.compile(r"(?:list bullet|list number|liste à puces|liste à numéros|list continue)\b")
PROMPT_STYLE = re.compile(r"(?:placeholder text|texte de l['’ ]\s?espace réservé|textedelespacerserv)")
_GREYS = range(0x78, 0xC9)
_LONGEST_CHAIN = 64
"""Word itself builds no more than some ten styles upon one another."""
_CACHE_SIZE = 32
_cache: OrderedDict[tuple[int, int], Styles] = OrderedDict()


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What a style gives once its ``basedOn`` chain is followed; None: says nothing of it."""

    level: int | None = None
    """Heading level, 1 to 9; None for running text and for the document's title."""
    toc: bool = False
    """A line of a table of contents."""
    listed: bool = False
    bold: bool | None = None
    hidden: bool | None = None
    grey: bool | None = None
    placeholder: bool = False
    """The style that Word gives to the prompt of an unfilled control."""


_PLAIN = Look()


@dataclass(frozen=True, kw_only=True, slots=True)
class Styles:
    """The looks of a document's paragraph and character styles, by style id."""

    looks: Mapping[str, Look]
    default: Look = _PLAIN
    """Of a paragraph that names no style."""

    def paragraph(self, style_id: str | None) -> Look:
        """Return the look of a paragraph style; an unknown id is the default style, as in Word."""
        return self.default if style_id is None else self.looks.get(style_id, self.default)

    def run(self, style_id: str | None) -> Look:
        """Return the look of a character style."""
        return _PLAIN if style_id is None else self.looks.get(style_id, _PLAIN)


def load_styles(package: Package, part: str | None) -> Styles:
    """Return the styles of ``part``, kept by the part's CRC and size from one file to the next.

    The styles part is often a hundred times bigger than what it says, and the same in every letter
    of a service (vitesse.md). A damaged one costs the headings, not the text.
    """
    if part is None:
        return Styles(looks={})
    key = package.signature(part)
    if key in _cache:
        _cache.move_to_end(key)
        return _cache[key]
    try:
        found = _parse(package.xml(part))
    except ReadingError:
        found = Styles(looks={})
    _cache[key] = found
    while len(_cache) > _CACHE_SIZE:
        _cache.popitem(last=False)
    return found


def toggle(properties: etree._Element | None, name: str) -> bool | None:
    """Return an on/off property (``b``, ``vanish``), None when it is not stated."""
    return is_on(None if properties is None else properties.find(f"{W}{name}"))


def is_on(node: etree._Element | None) -> bool | None:
    """Return what the element of an on/off property says, None when there is none."""
    return None if node is None else node.get(_VALUE, "1") not in ("0", "false", "off", "none")


def is_grey(node: etree._Element | None) -> bool | None:
    """Tell whether ``w:color`` is the grey of a prompt; None when no colour is stated.

    Dark greys are left out: many a charter sets its running text in them.
    """
    if node is None:
        return None
    value = node.get(_VALUE, "")
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", value):
        return node.get(f"{W}themeColor") in ("background1", "bg1") and bool(node.get(f"{W}themeShade"))
    return is_grey_shade(value)


def is_grey_shade(value: str) -> bool:
    """Tell whether a colour, six hexadecimal digits, is a grey in which prompts are set."""
    channels = [int(value[at : at + 2], 16) for at in (0, 2, 4)]
    return max(channels) - min(channels) <= 0x0C and min(channels) in _GREYS


def _parse(root: etree._Element) -> Styles:
    nodes = {node.get(f"{W}styleId", ""): node for node in root.iter(f"{W}style")}
    looks = {style_id: _look(style_id, nodes) for style_id in nodes}
    default = next(
        (
            looks[style_id]
            for style_id, node in nodes.items()
            if node.get(f"{W}type") == "paragraph" and node.get(f"{W}default") in ("1", "true", "on")
        ),
        _PLAIN,
    )
    return Styles(looks=looks, default=default)


def _chain(style_id: str, nodes: Mapping[str, etree._Element]) -> Iterator[etree._Element]:
    """Yield a style, then those that it is based on; a loop, a missing style or a very long chain ends it."""
    seen: set[str] = set()
    while style_id in nodes and style_id not in seen and len(seen) < _LONGEST_CHAIN:
        seen.add(style_id)
        node = nodes[style_id]
        yield node
        base = node.find(f"{W}basedOn")
        style_id = "" if base is None else base.get(f"{W}val", "")


def _look(style_id: str, nodes: Mapping[str, etree._Element]) -> Look:
    level: int | None = None
    settled = toc = placeholder = False
    listed: bool | None = None
    bold: bool | None = None
    hidden: bool | None = None
    grey: bool | None = None
    for node in _chain(style_id, nodes):
        name = _name(node)
        if not settled:
            level, settled = _level(node, name)
        toc = toc or bool(TOC_STYLE.match(name))
        placeholder = placeholder or bool(PROMPT_STYLE.match(name))
        number = node.find(f"{W}pPr/{W}numPr/{W}numId")
        if listed is None and number is not None:
            listed = number.get(f"{W}val") != "0"
        if listed is None and LIST_STYLE.match(name):
            listed = True
        run = node.find(f"{W}rPr")
        bold = toggle(run, "b") if bold is None else bold
        hidden = toggle(run, "vanish") if hidden is None else hidden
        grey = is_grey(None if run is None else run.find(f"{W}color")) if grey is None else grey
    return Look(
        level=level,
        toc=toc,
        listed=bool(listed),
        bold=bold,
        hidden=hidden,
        grey=grey,
        placeholder=placeholder,
    )


def _name(node: etree._Element) -> str:
    name = node.find(f"{W}name")
    return "" if name is None else " ".join(name.get(f"{W}val", "").casefold().split())


def _level(node: etree._Element, name: str) -> tuple[int | None, bool]:
    """Return the heading level that one style gives, and whether that settles the question."""
    outline = outline_level(node.find(f"{W}pPr/{W}outlineLvl"))
    if outline is not None and not _TITLE.match(name):
        return (outline if outline < 10 else None), True
    return level_of_name(name)


def level_of_name(name: str) -> tuple[int | None, bool]:
    """Return the heading level that a style's name in lower case gives, and whether that settles it."""
    if _TITLE.match(name):
        return None, True
    if found := _HEADING.match(name):
        return int(found.group(1)), True
    return None, False


def outline_level(node: etree._Element | None) -> int | None:
    """Return what ``w:outlineLvl`` says, 1 to 9, 10 for body text; None when it is not stated."""
    value = "" if node is None else node.get(_VALUE, "")
    return int(value) + 1 if value.isdecimal() and len(value) == 1 else None
