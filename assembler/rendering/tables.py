"""Tables that move from one Word file to another: their cells and widths, the host's style."""

from __future__ import annotations

import copy
from collections.abc import Callable

from lxml import etree

from assembler.rendering.fragments import unwrapped
from assembler.rendering.markup import new, remove, tags, w
from assembler.rendering.styles import Styles, on

__all__ = ["Tables"]

_TABLE = frozenset(
    tags(
        "bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblBorders tblLayout"
        " tblCellMar tblLook tblCaption tblDescription"
    )
)
_ROW = frozenset(tags("gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader jc"))
_CELL = frozenset(
    tags("tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark")
)
_DARK = 140
"""Below this luminance, of 255, black text does not read: the shading goes, as the white of its text does."""

Cell = Callable[[etree._Element], list[etree._Element]]


class Tables:
    """Copies tables into a document whose text is ``width`` twips wide."""

    def __init__(self, source: Styles, target: Styles, document: etree._Element, width: int) -> None:
        self._source = source
        self._target = target
        self._width = width
        used = next((node.get(w("val")) for node in document.iter(w("tblStyle"))), None)
        self._own = used or target.find("table", "Table Grid") or target.find("table", "Grille du tableau")

    def copy(self, node: etree._Element, cell: Cell, *, clamp: bool) -> etree._Element | None:
        """Return the copy of a table, None when no row is left; ``clamp`` brings it to the text's width."""
        twin = new("tbl")
        twin.append(self._properties(node.find(w("tblPr"))))
        grid = node.find(w("tblGrid"))
        twin.append(copy.deepcopy(grid) if grid is not None else new("tblGrid"))
        for change in twin.findall(f"{w('tblGrid')}/{w('tblGridChange')}"):
            remove(change)
        for row in unwrapped(node):
            if row.tag == w("tr"):
                copied = self._row(row, cell)
                if copied is not None:
                    twin.append(copied)
        if twin.find(w("tr")) is None:
            return None
        if clamp:
            self._clamp(twin)
        return twin

    def _properties(self, old: etree._Element | None) -> etree._Element:
        fresh = new("tblPr")
        held = old.find(w("tblStyle")) if old is not None else None
        if held is not None:
            name = self._source.name(held.get(w("val")))
            style = (self._target.find("table", name) if name else None) or self._own
            if style is not None:
                fresh.append(new("tblStyle", val=style))
        for child in old if old is not None else ():
            if child.tag in _TABLE:
                fresh.append(copy.deepcopy(child))
        if held is not None and fresh.find(w("tblStyle")) is None and fresh.find(w("tblBorders")) is None:
            borders = new("tblBorders")
            for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
                borders.append(new(side, val="single", sz="4", space="0", color="auto"))
            place = next(
                (n for n, one in enumerate(fresh) if one.tag in tags("tblLayout tblCellMar tblLook")),
                len(fresh),
            )
            fresh.insert(place, borders)
        if fresh.find(w("tblW")) is None:
            fresh.insert(1 if fresh.find(w("tblStyle")) is not None else 0, new("tblW", w="0", type="auto"))
        return fresh

    def _row(self, old: etree._Element, cell: Cell) -> etree._Element | None:
        properties = old.find(w("trPr"))
        if properties is not None and (
            properties.find(w("del")) is not None or on(properties.find(w("hidden")))
        ):
            return None
        fresh = new("tr")
        kept = (
            [copy.deepcopy(child) for child in properties if child.tag in _ROW]
            if properties is not None
            else []
        )
        if kept:
            fresh.append(new("trPr"))
            fresh[0].extend(kept)
        for child in unwrapped(old):
            if child.tag == w("tc"):
                fresh.append(self._cell(child, cell))
        return fresh if fresh.find(w("tc")) is not None else None

    def _cell(self, old: etree._Element, cell: Cell) -> etree._Element:
        fresh, properties = new("tc"), new("tcPr")
        held = old.find(w("tcPr"))
        for child in held if held is not None else ():
            if child.tag not in _CELL:
                continue
            twin = copy.deepcopy(child)
            if child.tag == w("shd"):
                fill = twin.get(w("fill")) or "auto"
                if _is_dark(fill):
                    continue
                twin = new("shd", val="clear", color="auto", fill=fill)
            properties.append(twin)
        fresh.append(properties)
        blocks = cell(old)
        fresh.extend(blocks)
        if not blocks or blocks[-1].tag != w("p"):
            fresh.append(new("p"))
        return fresh

    def _clamp(self, table: etree._Element) -> None:
        columns = [_twips(column, "w") for column in table.findall(f"{w('tblGrid')}/{w('gridCol')}")]
        total = max(sum(columns), _twips(table.find(f"{w('tblPr')}/{w('tblW')}"), "w"))
        if total <= self._width + 240:  # Word itself lets the cells' margins out
            return
        for node in table.iter(w("gridCol"), w("tcW"), w("tblW")):
            if node.tag == w("gridCol") or node.get(w("type")) == "dxa":
                node.set(w("w"), str(_twips(node, "w") * self._width // total))


def _twips(node: etree._Element | None, name: str) -> int:
    value = (node.get(w(name)) or "") if node is not None else ""
    if node is not None and node.tag == w("tblW") and node.get(w("type")) != "dxa":
        return 0
    return int(float(value)) if value.replace(".", "", 1).isdigit() else 0


def _is_dark(fill: str) -> bool:
    try:
        red, green, blue = (int(fill[place : place + 2], 16) for place in (0, 2, 4))
    except ValueError:
        return False
    return 0.299 * red + 0.587 * green + 0.114 * blue < _DARK
