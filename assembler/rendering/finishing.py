"""What a rendered part still needs to be a good Word part: line breaks, « 1er », whole tables, unique ids."""

from __future__ import annotations

import copy
import html
import re

from lxml import etree

from assembler.rendering.environment import BREAK, CLOSE, GAP_END, GAP_START, OPEN, TAB
from assembler.rendering.markup import BLOCK_HOLDERS, new, remove, set_property, w, words

__all__ = ["finish_runs", "marks_in", "mend_blocks", "number_drawings", "plain_text", "widen_grids"]

_SIGNS = (BREAK, TAB, OPEN, CLOSE, GAP_START, GAP_END, "1er")
_MARKED = re.compile(f"[{BREAK}{TAB}{OPEN}{CLOSE}{GAP_START}{GAP_END}]|\\b1er\\b")
_PIECES = re.compile(f"({BREAK}|{TAB}|{GAP_START}|{GAP_END}|\\b1er\\b)")
_MARKS = re.compile(f"[{BREAK}{TAB}{GAP_START}{GAP_END}]+")
_BRACES = str.maketrans({OPEN: "{", CLOSE: "}"})
_DOC_PR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def marks_in(xml: str) -> tuple[str, ...]:
    """Return the signs that :func:`finish_runs` has to look for in what a template printed."""
    return tuple(sign for sign in _SIGNS if sign in xml)


def finish_runs(root: etree._Element, signs: tuple[str, ...] = _SIGNS, *, attributes: bool = True) -> None:
    """Turn private characters into line breaks, tabs, braces and highlighted gaps; raise the er of 1er.

    Args:
        root: the part.
        signs: those that it holds (:func:`marks_in`): few texts have any, and to find that out is the cost.
        attributes: look into the attributes too: an alternative text may come from a tag.
    """
    found = [(node, node.text) for node in root.iter(w("t"))] if signs else []
    for held, text in found:
        if text and any(sign in text for sign in signs) and _MARKED.search(text):
            _split(held)
    for node in root.iter(etree.Element) if signs and attributes else ():
        for name, value in node.attrib.items():
            if _MARKED.search(str(value)):
                node.set(name, _MARKS.sub(" ", str(value).translate(_BRACES)).strip())


def _split(held: etree._Element) -> None:
    """Cut one ``w:t`` and its run where the text changes form."""
    parent = held.getparent()
    if parent is None or parent.tag != w("r"):
        held.text = _MARKS.sub(" ", (held.text or "").translate(_BRACES))
        return
    holder = parent.getparent()
    assert holder is not None  # a run stands in a paragraph, or the part was refused
    properties = parent.find(w("rPr"))
    after = list(held.itersiblings())
    place = holder.index(parent) + 1
    current = parent
    current.remove(held)
    highlighted = False

    def start(*, raised: bool = False) -> etree._Element:
        nonlocal place
        fresh = new("r")
        own = copy.deepcopy(properties) if properties is not None else new("rPr")
        if highlighted:
            set_property(own, "highlight", val="yellow")
        if raised:
            set_property(own, "vertAlign", val="superscript")
        if len(own):
            fresh.append(own)
        holder.insert(place, fresh)
        place += 1
        return fresh

    for piece in _PIECES.split(held.text or ""):
        if piece == BREAK:
            current.append(new("br"))
        elif piece == TAB:
            current.append(new("tab"))
        elif piece in (GAP_START, GAP_END):
            highlighted = piece == GAP_START
            current = start()
        elif piece == "1er":
            _write(current, "1")
            _write(start(raised=True), "er")
            current = start()
        elif piece:
            _write(current, piece.translate(_BRACES))
    current.extend(after)
    for one in list(holder)[holder.index(parent) : place]:
        if one.tag == w("r") and all(child.tag == w("rPr") for child in one):
            holder.remove(one)


def _write(into: etree._Element, text: str) -> None:
    into.append(words(text))


def plain_text(rendered: str) -> str:
    """Return what a template printed for a place that holds no formatting (a title, an alternative text)."""
    text = html.unescape(rendered).translate(_BRACES)
    return _MARKS.sub(" ", text).strip()


def mend_blocks(root: etree._Element) -> None:
    """Give every cell, header and text box its last paragraph; drop rows and tables left empty."""
    for row in list(root.iter(w("tr"))):
        if next(row.iter(w("tc")), None) is None:
            remove(row)
    for table in list(root.iter(w("tbl"))):
        if next(table.iter(w("tr")), None) is None:
            remove(table)
    for holder in root.iter(*BLOCK_HOLDERS):
        blocks = (child for child in reversed(holder) if child.tag not in (w("tcPr"), w("sectPr")))
        block = next(blocks, None)
        if block is None or (holder.tag == w("tc") and block.tag == w("tbl")):
            last = holder.find(w("sectPr"))
            if last is not None:
                last.addprevious(new("p"))
            else:
                holder.append(new("p"))
    _drop_doubled_bookmarks(root)


def _drop_doubled_bookmarks(root: etree._Element) -> None:
    seen: set[str | None] = set()
    doubled: list[etree._Element] = []
    opened: set[str | None] = set()
    for node in root.iter(w("bookmarkStart"), w("bookmarkEnd")):
        known = seen if node.tag == w("bookmarkStart") else opened
        if node.get(w("id")) in known:
            doubled.append(node)
        known.add(node.get(w("id")))
    for node in doubled:
        remove(node)


def widen_grids(root: etree._Element) -> None:
    """Make the grid of a table as wide as its rows once ``{%tc for … %}`` has added or removed cells."""
    for table in root.iter(w("tbl")):
        grid = table.find(w("tblGrid"))
        if grid is None:
            continue
        counts = [sum(_span(cell) for cell in row.findall(w("tc"))) for row in table.findall(w("tr"))]
        columns = grid.findall(w("gridCol"))
        wanted = max(counts, default=len(columns))
        if wanted == len(columns) or not columns:
            continue
        total = sum(int(column.get(w("w")) or 0) for column in columns)
        for column in columns:
            grid.remove(column)
        for _ in range(wanted):
            grid.append(new("gridCol", w=str(total // wanted)))
        for row in table.findall(w("tr")):
            for cell in row.findall(w("tc")):
                width = cell.find(f"{w('tcPr')}/{w('tcW')}")
                if width is not None and width.get(w("type")) == "dxa":
                    width.set(w("w"), str(total // wanted * _span(cell)))


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
    return int(span.get(w("val")) or 1) if span is not None else 1


def number_drawings(root: etree._Element, start: int = 1) -> int:
    """Give every drawing its own id, from ``start``; return the next one."""
    for number, node in enumerate(root.iter(_DOC_PR), start=start):
        node.set("id", str(number))
        start = number + 1
    return start
