"""Lists that move from one Word file to another keep their bullets, numbers and starts."""

from __future__ import annotations

import copy

from lxml import etree

from assembler.rendering.markup import W, new, tags, w
from assembler.rendering.parts import Parts

__all__ = ["Numbering"]

_PART_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"
_KEPT_IN_LEVEL = frozenset(
    tags("start numFmt lvlRestart isLgl suff lvlText lvlJc pPr rPr")
)  # pStyle would bind a style of the source, lvlPicBulletId an image of it
_SYMBOLS = frozenset(
    {"symbol", "wingdings", "wingdings 2", "wingdings 3", "webdings", "courier new", "opensymbol"}
)


class Numbering:
    """Copies lists of ``source`` into the document's own ``numbering.xml``, one copy per fragment."""

    def __init__(self, source: etree._Element | None, parts: Parts, document: str) -> None:
        self._source = source
        self._parts = parts
        self._document = document
        self._copied: dict[str, str | None] = {}
        self._abstracts: dict[str, str] = {}

    def map(self, num_id: str) -> str | None:
        """Return the id, in the document, of the list ``num_id`` of the source; None when it is no list."""
        if num_id not in self._copied:
            self._copied[num_id] = self._copy(num_id)
        return self._copied[num_id]

    def _copy(self, num_id: str) -> str | None:
        if self._source is None or num_id == "0":
            return None
        num = self._find("num", "numId", num_id)
        held = num.find(w("abstractNumId")) if num is not None else None
        if num is None or held is None:
            return None
        target = self._target()
        abstract = self._copy_abstract(str(held.get(w("val"))), target)
        if abstract is None:
            return None
        fresh = new("num", numId=_next(target, "num", "numId", 1))
        fresh.append(new("abstractNumId", val=abstract))
        for override in num.findall(w("lvlOverride")):
            twin = copy.deepcopy(override)
            for level in twin.findall(w("lvl")):
                _clean_level(level)
            fresh.append(twin)
        last = target.findall(w("num"))
        if last:
            last[-1].addnext(fresh)
        else:
            _append_before_tail(target, fresh)
        return str(fresh.get(w("numId")))

    def _copy_abstract(self, number: str, target: etree._Element) -> str | None:
        abstract = self._find("abstractNum", "abstractNumId", number)
        for _ in range(8):  # a list style points to another list; loops exist in damaged files
            link = abstract.find(w("numStyleLink")) if abstract is not None else None
            if link is None:
                break
            abstract = self._linked(link.get(w("val")))
        if abstract is None:
            return None
        key = str(abstract.get(w("abstractNumId")))
        if key in self._abstracts:
            return self._abstracts[key]
        fresh = new("abstractNum", abstractNumId=_next(target, "abstractNum", "abstractNumId", 0))
        # Word merges lists of one nsid: each copy has its own, drawn from its number alone
        fresh.append(new("nsid", val=f"{0x5A000000 + int(fresh.get(w('abstractNumId')) or 0):08X}"))
        kind = abstract.find(w("multiLevelType"))
        if kind is not None:
            fresh.append(copy.deepcopy(kind))
        for level in abstract.findall(w("lvl")):
            twin = copy.deepcopy(level)
            _clean_level(twin)
            fresh.append(twin)
        others = target.findall(w("abstractNum"))
        if others:
            others[-1].addnext(fresh)
        else:
            pictures = target.findall(w("numPicBullet"))
            target.insert(len(pictures), fresh)
        self._abstracts[key] = str(fresh.get(w("abstractNumId")))
        return self._abstracts[key]

    def _linked(self, style: str | None) -> etree._Element | None:
        assert self._source is not None
        for abstract in self._source.findall(w("abstractNum")):
            link = abstract.find(w("styleLink"))
            if link is not None and link.get(w("val")) == style:
                return abstract
        return None

    def _find(self, tag: str, attribute: str, value: str) -> etree._Element | None:
        assert self._source is not None
        return next((node for node in self._source.findall(w(tag)) if node.get(w(attribute)) == value), None)

    def _target(self) -> etree._Element:
        name = self._parts.linked(self._document, "numbering")
        if name is None:
            name = f"{self._document.rpartition('/')[0]}/numbering.xml".lstrip("/")
            self._parts.put_xml(name, etree.Element(w("numbering"), nsmap={"w": W}))
            self._parts.declare(name, _PART_TYPE)
            self._parts.relate(self._document, "numbering", name)
        return self._parts.xml(name)


def _next(root: etree._Element, tag: str, attribute: str, first: int) -> str:
    taken = [int(node.get(w(attribute)) or 0) for node in root.findall(w(tag))]
    return str(max([*taken, first - 1]) + 1)


def _append_before_tail(root: etree._Element, element: etree._Element) -> None:
    tail = root.find(w("numIdMacAtCleanup"))
    if tail is not None:
        tail.addprevious(element)
    else:
        root.append(element)


def _clean_level(level: etree._Element) -> None:
    """Keep what a level looks like, drop what ties it to its source and the fonts that are not symbols."""
    for name in list(level.attrib):
        if name not in (w("ilvl"),):
            del level.attrib[name]
    pictured = level.find(w("lvlPicBulletId")) is not None
    for child in list(level):
        if child.tag not in _KEPT_IN_LEVEL:
            level.remove(child)
    text = level.find(w("lvlText"))
    properties = level.find(w("rPr"))
    fonts = properties.find(w("rFonts")) if properties is not None else None
    symbol = fonts is not None and (fonts.get(w("ascii")) or "").casefold() in _SYMBOLS
    if properties is not None:
        for child in list(properties):
            if not (child.tag in (w("b"), w("i")) or (child.tag == w("rFonts") and symbol)):
                properties.remove(child)
    if text is not None and (
        pictured or (not symbol and "\uf000" <= (text.get(w("val")) or " ")[:1] <= "\uf0ff")
    ):
        text.set(w("val"), "•")
    paragraph = level.find(w("pPr"))
    if paragraph is not None:
        for child in list(paragraph):
            if child.tag not in (w("ind"), w("tabs")):
                paragraph.remove(child)
