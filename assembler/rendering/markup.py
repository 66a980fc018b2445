"""The few words of WordprocessingML that rendering speaks: names, order of children, blocks."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from lxml import etree

__all__ = [
    "BLOCK_HOLDERS",
    "REL",
    "R_ID_ATTRIBUTES",
    "W",
    "children",
    "new",
    "paragraph",
    "plain_toggles",
    "remove",
    "run",
    "set_property",
    "tags",
    "text_of",
    "value_of",
    "w",
    "words",
]

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

R_ID_ATTRIBUTES = tuple(
    f"{{{REL}}}{name}" for name in ("id", "embed", "link", "pict", "dm", "lo", "qs", "cs")
)


@functools.cache
def w(name: str) -> str:
    """Return the qualified name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{name}"


def tags(names: str) -> tuple[str, ...]:
    """Return the qualified names of the elements listed in ``names``."""
    return tuple(map(w, names.split()))


BLOCK_HOLDERS = frozenset(tags("body hdr ftr tc txbxContent footnote endnote comment docPartBody"))
"""Elements that hold paragraphs and tables, and must hold one paragraph at least."""

_IN_ORDER = tags(
    # CT_PPr then CT_RPr, in the order of the schema (ISO 29500-1, A.1)
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr tabs"
    " suppressAutoHyphens spacing ind contextualSpacing mirrorIndents jc textAlignment outlineLvl"
    " rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof"
    " snapToGrid vanish webHidden color kern position sz szCs highlight u effect bdr shd"
    " fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath"
)
_ORDER = {name: rank for rank, name in enumerate(_IN_ORDER)}


@functools.cache
def _blank(name: str) -> Any:
    return etree.Element(w(name), nsmap={"w": W})


def new(name: str, **attributes: str) -> etree._Element:
    """Return a new ``w:name`` element with ``w:`` attributes."""
    element: etree._Element = _blank(name).__copy__()  # an eighth of the time of making one
    for key, value in attributes.items():
        element.set(w(key), value)
    return element


def set_property(properties: etree._Element, name: str, **attributes: str) -> None:
    """Put ``w:name`` in ``w:rPr`` or ``w:pPr`` at the place that the schema wants, in lieu of the old one."""
    element = new(name, **attributes)
    for old in properties.findall(w(name)):
        properties.remove(old)
    rank = _ORDER[element.tag]
    for place, other in enumerate(properties):
        if _ORDER.get(other.tag, 999) > rank:
            properties.insert(place, element)
            return
    properties.append(element)


def run(text: str, properties: etree._Element | None = None) -> etree._Element:
    """Return a run holding ``text``; ``properties`` is adopted as its ``w:rPr``."""
    element = new("r")
    if properties is not None:
        element.append(properties)
    element.append(words(text))
    return element


def words(text: str) -> etree._Element:
    """Return the ``w:t`` that holds ``text`` in a run."""
    element = new("t")
    element.text = text
    element.set(_XML_SPACE, "preserve")
    return element


def paragraph(*content: etree._Element, style: str | None = None) -> etree._Element:
    """Return a paragraph holding ``content``, in the style of that id."""
    element = new("p")
    if style is not None:
        properties = new("pPr")
        properties.append(new("pStyle", val=style))
        element.append(properties)
    element.extend(content)
    return element


def children(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the child elements, comments and processing instructions left out."""
    return (child for child in element if isinstance(child.tag, str))


def plain_toggles(root: etree._Element) -> None:
    """Write « true » and « false » (LibreOffice's) as every edition of Word reads them."""
    for element in root.iter(etree.Element):
        value = element.get(w("val"))
        if value in ("true", "on"):
            del element.attrib[w("val")]
        elif value in ("false", "off"):
            element.set(w("val"), "0")


def remove(element: etree._Element) -> None:
    """Take ``element`` out of its tree, if it is in one."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def text_of(element: etree._Element) -> str:
    """Return the text of every ``w:t`` below ``element``."""
    return "".join(node.text or "" for node in element.iter(w("t")))


def value_of(properties: etree._Element | None, name: str) -> str | None:
    """Return what ``w:name`` says in ``w:rPr`` or ``w:pPr``, None when it is not there."""
    node = properties.find(w(name)) if properties is not None else None
    return node.get(w("val")) if node is not None else None
