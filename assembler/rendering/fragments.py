"""A fragment: some paragraphs and tables of another Word file, to be poured into a document."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from lxml import etree

from assembler.rendering.markup import W, children, text_of, w

__all__ = ["Fragment", "select", "unwrapped"]

_THROUGH = frozenset(map(w, ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")))
_DELETED = (w("del"), w("moveFrom"))


@dataclass(frozen=True, slots=True)
class Fragment:
    """Blocks of a .docx, placed in a template by ``{{p value }}`` alone in its paragraph.

    They arrive with their lists, tables, images, footnotes and emphasis, in the styles of the
    document that receives them; nothing that could act there (field, macro, linked file) comes along.
    """

    data: bytes
    """The .docx that holds them."""
    anchors: tuple[tuple[int, ...], ...]
    """:attr:`assembler.model.Block.anchor` of each paragraph wanted, in order."""
    shift: int = 0
    """Added to the level of headings: 1 turns a « Titre 1 » into a « Titre 2 »."""
    max_level: int = 9
    """Deepest level of heading in the document that receives them."""

    def __bool__(self) -> bool:
        return bool(self.anchors)


def select(body: etree._Element, anchors: tuple[tuple[int, ...], ...]) -> list[etree._Element]:
    """Return the paragraphs and tables of ``body`` that the anchors name, in the order of the file.

    A table comes whole when every paragraph of it that has text is named; else (a form whose cells
    are several sections) only the paragraphs named come, out of their cells. A paragraph named inside
    a text box brings the paragraph that the box hangs on.
    """
    below: dict[etree._Element, list[etree._Element]] = {}
    wanted = {found for found in (_follow(body, anchor, below) for anchor in anchors) if found is not None}
    firsts = {anchor[0] for anchor in anchors if anchor}
    found: list[etree._Element] = []
    for place, child in enumerate(children(body)):
        if place in firsts:
            found += _wanted_in(child, wanted)
    return found


def unwrapped(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the children of ``element``, controls, insertions and marks opened, deletions left out.

    A control that still shows its placeholder yields nothing.
    """
    for child in children(element):
        if child.tag == w("sdt"):
            if child.find(f"{w('sdtPr')}/{w('showingPlcHdr')}") is None:
                for content in child.findall(w("sdtContent")):
                    yield from unwrapped(content)
        elif child.tag in _THROUGH:
            yield from unwrapped(child)
        elif child.tag not in _DELETED:
            yield child


def _follow(
    body: etree._Element, anchor: tuple[int, ...], known: dict[etree._Element, list[etree._Element]]
) -> etree._Element | None:
    """Return the block that ``anchor`` leads to: the last paragraph or table met outside any text box."""
    here, found = body, None
    for step in anchor:
        below = known.get(here)
        if below is None:
            below = known[here] = list(children(here))
        if step >= len(below):
            return found
        here = below[step]
        if here.tag in (w("p"), w("tbl")):
            found = here
            if here.tag == w("p"):
                return here
    return found


def _wanted_in(element: etree._Element, wanted: Set[etree._Element]) -> list[etree._Element]:
    if element.tag == w("p"):
        return [element] if element in wanted else []
    if element.tag == w("tbl"):
        if element in wanted or _whole(element, wanted):
            return [element]
        inside = element.iterdescendants(w("tc"))
        cells = [cell for cell in inside if next(cell.iterancestors(w("tbl"))) is element]
        return [block for cell in cells for child in unwrapped(cell) for block in _wanted_in(child, wanted)]
    if element.tag in _THROUGH:
        return [block for child in unwrapped(_held(element)) for block in _wanted_in(child, wanted)]
    return []


def _held(element: etree._Element) -> etree._Element:
    """Return a holder whose only child is ``element``, so that a control is opened like any other."""
    content = element.find(w("sdtContent"))
    return content if content is not None else element


def _whole(table: etree._Element, wanted: Set[etree._Element]) -> bool:
    named = False
    for paragraph in table.iter(w("p")):
        if paragraph in wanted:
            named = True
        elif text_of(paragraph).strip() and not _out_of_sight(paragraph, table):
            return False
    return named


def _out_of_sight(paragraph: etree._Element, table: etree._Element) -> bool:
    """Tell whether readers skip that paragraph: a text box, a placeholder, a deletion."""
    for above in paragraph.iterancestors():
        if above is table:
            break
        if above.tag == f"{{{W}}}txbxContent" or above.tag in _DELETED:
            return True
        if above.tag == w("sdt") and above.find(f"{w('sdtPr')}/{w('showingPlcHdr')}") is not None:
            return True
    texts = paragraph.iter(w("t"))
    return all(any(above.tag in _DELETED for above in text.iterancestors()) for text in texts)
