"""Pours a fragment of one Word file into another: what it says and stresses, in the host's own styles."""

from __future__ import annotations

import copy

from lxml import etree

from assembler.rendering.fragments import Fragment, select, unwrapped
from assembler.rendering.markup import (
    new,
    paragraph,
    plain_toggles,
    set_property,
    value_of,
    w,
)
from assembler.rendering.numbering import Numbering
from assembler.rendering.parts import Parts
from assembler.rendering.pictures import Pictures
from assembler.rendering.runs import EMPHASIS, FORMULAS, Runs, formula
from assembler.rendering.sourcefile import SourceFile, source_file
from assembler.rendering.styles import Styles, on
from assembler.rendering.tables import Tables

__all__ = ["graft"]

_BODY_NAMES = frozenset(
    ("", "normal", "body text", "standard", "text body", "corps de texte", "normal (web)", "no spacing")
)
_IN_HEADING = ("i", "vertAlign")
_EMU_PER_TWIP = 635


def graft(
    fragment: Fragment, parts: Parts, document: str, style: str | None, *, in_cell: bool = False
) -> list[etree._Element]:
    """Return the blocks of ``fragment``, made for ``document``; lists, images and notes join its parts.

    Args:
        fragment: what to copy.
        parts: the document being made.
        document: name of its main part.
        style: id of the style that running text takes, or None for the default.
        in_cell: the fragment lands in a cell of a table.

    Raises:
        WritingError: the source can no longer be read.
    """
    source = source_file(fragment.data)
    job = _Job(source, parts, document, fragment, style)
    made = job.blocks(select(source.body, fragment.anchors), in_cell=in_cell)
    for block in made:
        plain_toggles(block)
    return made


class _Job:
    """One fragment on its way."""

    def __init__(
        self, source: SourceFile, parts: Parts, document: str, fragment: Fragment, style: str | None
    ) -> None:
        self.source, self.parts, self.document, self.fragment, self.style = (
            source,
            parts,
            document,
            fragment,
            style,
        )
        if "styles" not in parts.memo:
            styles = parts.linked(document, "styles")
            parts.memo["styles"] = Styles(parts.xml(styles) if styles is not None else None)
        self.target: Styles = parts.memo["styles"]
        width = _text_width(parts.xml(document))
        self.numbering = Numbering(source.numbering, parts, document)
        pictures = Pictures(source, parts, document, width * _EMU_PER_TWIP)
        self.tables = Tables(source.styles, self.target, parts.xml(document), width)
        self.runs = Runs(source, self.target, parts, document, pictures, self._inside)

    def blocks(self, sources: list[etree._Element], *, in_cell: bool = False) -> list[etree._Element]:
        """Copy paragraphs and tables; empty paragraphs go (styles make the spaces), two tables stay two."""
        found: list[etree._Element] = []
        merging = False
        for node in sources:
            if node.tag == w("p"):
                twin = self.paragraph(node, in_cell=in_cell)
                content = [child for child in twin if child.tag != w("pPr")]
                if merging and found and found[-1].tag == w("p"):
                    found[-1].extend(content)
                elif content:
                    if found and found[-1].tag == w("tbl") and not self.is_heading(twin):
                        _set_apart(twin)
                    found.append(twin)
                # the end of this paragraph was deleted with tracked changes: the next one goes on here
                merging = node.find(f"{w('pPr')}/{w('rPr')}/{w('del')}") is not None
            elif node.tag == w("tbl"):
                table = self.tables.copy(node, self._inside, clamp=not in_cell)
                if table is not None:
                    if found and found[-1].tag == w("tbl"):
                        found.append(new("p"))
                    found.append(table)
            elif node.tag == FORMULAS:
                found.append(paragraph(formula(node), style=self.style))
        return found

    def _inside(self, holder: etree._Element) -> list[etree._Element]:
        return self.blocks(list(unwrapped(holder)), in_cell=True)

    def paragraph(self, node: etree._Element, *, in_cell: bool) -> etree._Element:
        """Copy one paragraph."""
        old = node.find(w("pPr"))
        style_id = value_of(old, "pStyle") or self.source.styles.default.get("paragraph")
        level = self._level(old, style_id)
        heading = None if level is None or in_cell else self._heading(level)
        twin, properties = new("p"), new("pPr")
        inherited: tuple[str, ...] = ()
        if heading is not None:
            set_property(properties, "pStyle", val=heading)
        else:
            named = self._named(style_id)
            style = named if named is not None else (None if in_cell else self.style)
            if style is not None:
                set_property(properties, "pStyle", val=style)
            if named is None and self.source.styles.name(style_id) not in _BODY_NAMES:
                inherited = EMPHASIS
            self._layout(old, style_id, properties, listed_by_style=named is not None)
            spacing = old.find(w("spacing")) if old is not None and in_cell else None
            if spacing is not None:  # cells breathe by it; elsewhere the styles of the host decide
                sides = {side: spacing.get(w(side)) for side in ("before", "after")}
                set_property(properties, "spacing", **{side: value for side, value in sides.items() if value})
        if len(properties):
            twin.append(properties)
        allowed = _IN_HEADING if heading is not None else EMPHASIS
        extra = self.runs.emphasis(style_id, inherited)
        if level is not None and heading is None:
            extra = {"b": None, **extra}
        twin.extend(self.runs.inline(node, allowed, extra))
        self.runs.fields = ["result"] * len(self.runs.fields)
        return twin

    def is_heading(self, twin: etree._Element) -> bool:
        """Tell whether a paragraph made for the host is one of its headings."""
        return self.target.level(value_of(twin.find(w("pPr")), "pStyle")) is not None

    def _level(self, old: etree._Element | None, style_id: str | None) -> int | None:
        direct = value_of(old, "outlineLvl")
        if direct is not None and direct.isdigit():
            return int(direct) + 1 if int(direct) < 9 else None
        return self.source.styles.level(style_id)

    def _heading(self, level: int) -> str | None:
        wanted = max(1, min(level + self.fragment.shift, self.fragment.max_level, 9))
        for number in range(wanted, 0, -1):
            found = self.target.find("paragraph", f"heading {number}")
            if found is not None:
                return found
        return None

    def _named(self, style_id: str | None) -> str | None:
        """Return the host's style of the same name, unless it is the one of running text."""
        name = self.source.styles.name(style_id)
        if (
            name in _BODY_NAMES
            or name in ("title", "subtitle")
            or name.startswith(("heading ", "toc ", "header", "footer"))
        ):
            return None
        return self.target.find("paragraph", name)

    def _layout(
        self,
        old: etree._Element | None,
        style_id: str | None,
        properties: etree._Element,
        *,
        listed_by_style: bool,
    ) -> None:
        number = old.find(w("numPr")) if old is not None else None
        direct = number is not None and number.find(w("numId")) is not None
        if not direct:
            by_style = self.source.styles.property(style_id, "pPr/numPr")
            host = self.target.property(value_of(properties, "pStyle"), "pPr/numPr")
            number = None if by_style is None or (listed_by_style and host is not None) else by_style
        list_id = value_of(number, "numId")
        mapped = self.numbering.map(list_id) if list_id is not None else None
        said = {node.tag: node for node in reversed(old)} if old is not None else {}
        for name in ("keepNext", "keepLines"):
            if on(said.get(w(name))):
                set_property(properties, name)
        if mapped is not None:
            set_property(properties, "numPr")
            held = properties.find(w("numPr"))
            assert held is not None
            held.append(new("ilvl", val=value_of(number, "ilvl") or "0"))
            held.append(new("numId", val=mapped))
        for name in ("tabs", "ind", "jc"):
            kept = said.get(w(name))
            if kept is not None:
                set_property(
                    properties,
                    name,
                    **{etree.QName(key).localname: str(value) for key, value in kept.attrib.items()},
                )
                held = properties.find(w(name))
                assert held is not None
                held.extend(copy.deepcopy(child) for child in kept)


def _set_apart(twin: etree._Element) -> None:
    """Leave 6 points between a table and the text that follows: the empty paragraph there is gone."""
    properties = twin.find(w("pPr"))
    if properties is None:
        properties = new("pPr")
        twin.insert(0, properties)
    set_property(properties, "spacing", before="120")


def _text_width(document: etree._Element) -> int:
    """Width of the text of the last section, in twips; 9,070 (A4, 2.5 cm margins) when it does not say."""
    size = document.find(f"{w('body')}/{w('sectPr')}/{w('pgSz')}")
    margins = document.find(f"{w('body')}/{w('sectPr')}/{w('pgMar')}")
    if size is None or margins is None:
        return 9070
    return (
        int(size.get(w("w")) or 11906)
        - int(margins.get(w("left")) or 1418)
        - int(margins.get(w("right")) or 1418)
    )
