"""Pours a fragment of one Word file into another: what it says and stresses, in the host's own styles."""

from __future__ import annotations

import copy

from lxml import etree

from assembler.rendering.fragments import Fragment, select, unwrapped
from assembler.rendering.markup import (
    REL,
    W,
    new,
    paragraph,
    plain_toggles,
    run,
    set_property,
    text_of,
    w,
    words,
)
from assembler.rendering.numbering import Numbering
from assembler.rendering.parts import Parts
from assembler.rendering.pictures import Pictures
from assembler.rendering.sourcefile import SourceFile, source_file
from assembler.rendering.styles import Styles, on
from assembler.rendering.tables import Tables

__all__ = ["graft"]

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PICTURES = (
    w("drawing"),
    w("pict"),
    w("object"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",
)
_BODY_NAMES = frozenset(
    ("", "normal", "body text", "standard", "text body", "corps de texte", "normal (web)", "no spacing")
)
_TOGGLES = ("b", "i", "caps", "smallCaps", "strike", "dstrike", "highlight", "u", "vertAlign")
_IN_HEADING = ("i", "vertAlign")
_SYMBOL_FONTS = ("symbol", "wingdings", "webdings")
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
    """One fragment on its way; ``fields`` remembers the Word fields left open from run to run."""

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
        self.pictures = Pictures(source, parts, document, width * _EMU_PER_TWIP)
        self.tables = Tables(source.styles, self.target, parts.xml(document), width)
        self.fields: list[str] = []
        self.in_note = False
        self.stressed: dict[tuple[str | None, tuple[str, ...]], dict[str, str | None]] = {}

    # -- blocks ---------------------------------------------------------------------------------

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
                table = self.tables.copy(node, self._cell, clamp=not in_cell)
                if table is not None:
                    if found and found[-1].tag == w("tbl"):
                        found.append(new("p"))
                    found.append(table)
            elif node.tag == f"{_MATH}oMathPara":
                found.append(paragraph(self._math(node), style=self.style))
        return found

    def _cell(self, cell: etree._Element) -> list[etree._Element]:
        return self.blocks(list(unwrapped(cell)), in_cell=True)

    def _box(self, content: etree._Element) -> list[etree._Element]:
        fields, self.fields = self.fields, []
        try:
            return self.blocks(list(unwrapped(content)), in_cell=True)
        finally:
            self.fields = fields

    def paragraph(self, node: etree._Element, *, in_cell: bool) -> etree._Element:
        """Copy one paragraph."""
        old = node.find(w("pPr"))
        style_id = _value(old, "pStyle") or self.source.styles.default.get("paragraph")
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
                inherited = _TOGGLES
            self._layout(old, style_id, properties, listed_by_style=named is not None)
            spacing = old.find(w("spacing")) if old is not None and in_cell else None
            if spacing is not None:  # cells breathe by it; elsewhere the styles of the host decide
                sides = {side: spacing.get(w(side)) for side in ("before", "after")}
                set_property(properties, "spacing", **{side: value for side, value in sides.items() if value})
        if len(properties):
            twin.append(properties)
        allowed = _IN_HEADING if heading is not None else _TOGGLES
        extra = self._emphasis(style_id, inherited)
        if level is not None and heading is None:
            extra = {"b": None, **extra}
        twin.extend(self._inline(node, allowed, extra))
        self.fields = ["result"] * len(self.fields)
        return twin

    def is_heading(self, twin: etree._Element) -> bool:
        """Tell whether a paragraph made for the host is one of its headings."""
        return self.target.level(_value(twin.find(w("pPr")), "pStyle")) is not None

    def _level(self, old: etree._Element | None, style_id: str | None) -> int | None:
        direct = _value(old, "outlineLvl")
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
            host = self.target.property(_value(properties, "pStyle"), "pPr/numPr")
            number = None if by_style is None or (listed_by_style and host is not None) else by_style
        list_id = _value(number, "numId")
        mapped = self.numbering.map(list_id) if list_id is not None else None
        said = {node.tag: node for node in reversed(old)} if old is not None else {}
        for name in ("keepNext", "keepLines"):
            if on(said.get(w(name))):
                set_property(properties, name)
        if mapped is not None:
            set_property(properties, "numPr")
            held = properties.find(w("numPr"))
            assert held is not None
            held.append(new("ilvl", val=_value(number, "ilvl") or "0"))
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

    # -- inside a paragraph ---------------------------------------------------------------------

    def _inline(
        self, holder: etree._Element, allowed: tuple[str, ...], extra: dict[str, str | None]
    ) -> list[etree._Element]:
        found: list[etree._Element] = []
        for child in unwrapped(holder):
            if child.tag == w("r"):
                found += self._run(child, allowed, extra)
            elif child.tag == w("hyperlink"):
                found += self._hyperlink(child, allowed, extra)
            elif child.tag in (w("fldSimple"), w("dir"), w("bdo")):
                found += self._inline(child, allowed, extra)
            elif child.tag in (f"{_MATH}oMath", f"{_MATH}oMathPara"):
                found.append(self._math(child))
        return found

    def _hyperlink(
        self, node: etree._Element, allowed: tuple[str, ...], extra: dict[str, str | None]
    ) -> list[etree._Element]:
        inside = self._inline(node, allowed, extra)
        address = self.source.links.get(node.get(f"{{{REL}}}id") or "")
        if address is None or not inside:
            return inside
        if self.in_note:  # the links of notes belong to another part: the address is written instead
            shown = "".join(map(text_of, inside))
            return inside if address.rstrip("/") in shown else [*inside, run(f" ({address})")]
        link = etree.Element(w("hyperlink"), nsmap={"w": W, "r": REL})
        link.set(f"{{{REL}}}id", self.parts.relate(self.document, "hyperlink", address, external=True))
        link.extend(inside)
        return [link]

    def _run(
        self, node: etree._Element, allowed: tuple[str, ...], extra: dict[str, str | None]
    ) -> list[etree._Element]:
        old = node.find(w("rPr"))
        char_style = _value(old, "rStyle")
        vanish = old.find(w("vanish")) if old is not None else None
        if on(vanish if vanish is not None else self.source.styles.property(char_style, "rPr/vanish")):
            return []
        twin = new("r")
        properties = self._properties(old, char_style, allowed, extra)
        for child in unwrapped(node):
            for copied in self._content(child):
                if copied.tag == w("r"):  # a note call has a run of its own
                    return [twin, copied] if len(twin) else [copied]
                twin.append(copied)
        if not len(twin):
            return []
        if len(properties):
            twin.insert(0, properties)
        return [twin]

    def _content(self, child: etree._Element) -> list[etree._Element]:
        """Copy one child of a run; fields leave their result only, page breaks and marks nothing."""
        if child.tag == w("fldChar"):
            return self._field(child)
        if "code" in self.fields:
            return []
        if child.tag in _PICTURES:
            if self.in_note:
                return []
            return self.pictures.copy(child, self._box)
        if child.tag in (w("footnoteReference"), w("endnoteReference")):
            kind = "footnotes" if child.tag == w("footnoteReference") else "endnotes"
            return self._note(self.source.notes.get((kind, str(child.get(w("id"))))))
        if child.tag in (w("t"), w("sym"), w("tab"), w("noBreakHyphen"), w("softHyphen")) or (
            child.tag == w("footnoteRef") and self.in_note
        ):
            return [copy.deepcopy(child)] if child.tag != w("t") else [words(child.text or "")]
        if child.tag == w("ptab"):
            return [new("tab")]
        if child.tag == w("cr") or (child.tag == w("br") and child.get(w("type")) in (None, "textWrapping")):
            return [new("br")]
        return []

    def _field(self, mark: etree._Element) -> list[etree._Element]:
        kind = mark.get(w("fldCharType"))
        if kind == "begin":
            self.fields.append("code")
            box = mark.find(f"{w('ffData')}/{w('checkBox')}")
            if box is not None and self.fields.count("code") == 1:
                ticked = box.find(w("checked"))
                return [words("☒" if on(ticked if ticked is not None else box.find(w("default"))) else "☐")]
        elif kind == "separate" and self.fields:
            self.fields[-1] = "result"
        elif kind == "end" and self.fields:
            self.fields.pop()
        return []

    def _properties(
        self,
        old: etree._Element | None,
        char_style: str | None,
        allowed: tuple[str, ...],
        extra: dict[str, str | None],
    ) -> etree._Element:
        """Keep what stresses a word; fonts, sizes and colours are the host's."""
        fresh = new("rPr")
        name = self.source.styles.name(char_style)
        host = self.target.find("character", name) if name else None
        stressed = dict(extra)
        if host is not None:
            set_property(fresh, "rStyle", val=host)
        else:
            stressed |= self._emphasis(char_style, allowed)
        direct = {node.tag: node for node in reversed(old)} if old is not None else {}
        for tag in allowed if direct else ():
            if (node := direct.get(w(tag))) is not None:
                stressed[tag] = node.get(w("val"))
        for tag, value in stressed.items():
            set_property(fresh, tag, **({} if value is None else {"val": value}))
        fonts = direct.get(w("rFonts"))
        face = fonts.get(w("ascii")) if fonts is not None else None
        if face is not None and face.casefold().startswith(_SYMBOL_FONTS):
            set_property(fresh, "rFonts", ascii=face, hAnsi=face)
        return fresh

    def _emphasis(self, style_id: str | None, wanted: tuple[str, ...]) -> dict[str, str | None]:
        found = self.stressed.get((style_id, wanted))
        if found is None:
            nodes = {tag: self.source.styles.property(style_id, f"rPr/{tag}") for tag in wanted}
            found = {tag: node.get(w("val")) for tag, node in nodes.items() if node is not None}
            self.stressed[style_id, wanted] = found
        return found

    def _note(self, note: etree._Element | None) -> list[etree._Element]:
        """Copy a foot or end note to the host's footnotes; a host that has none gets it in brackets."""
        if note is None or self.in_note:
            return []
        home = self.parts.linked(self.document, "footnotes")
        self.in_note, fields, self.fields = True, self.fields, []
        try:
            if home is None:
                texts = (text_of(one) for one in self.blocks(list(unwrapped(note))))
                return [run(f" [note : {' '.join(' '.join(texts).split())}]")]
            twins = self.blocks(list(unwrapped(note)), in_cell=True) or [paragraph(run(""))]
        finally:
            self.in_note, self.fields = False, fields
        root = self.parts.xml(home)
        number = str(max([int(one.get(w("id")) or 0) for one in root], default=0) + 1)
        fresh = new("footnote", id=number)
        fresh.extend(twins)
        root.append(fresh)
        style = self.target.find("paragraph", "footnote text")
        for twin in fresh.findall(w("p")):
            if style is not None and twin.find(w("pPr")) is None:
                twin.insert(0, paragraph(style=style)[0])
        mark = new("footnoteRef")
        first = fresh.find(w("p"))
        if first is not None and first.find(f".//{w('footnoteRef')}") is None:
            first.insert(1 if first.find(w("pPr")) is not None else 0, self._raised(mark))
        return [self._raised(new("footnoteReference", id=number))]

    def _raised(self, mark: etree._Element) -> etree._Element:
        holder, properties = new("r"), new("rPr")
        style = self.target.find("character", "footnote reference")
        if style is not None:
            set_property(properties, "rStyle", val=style)
        set_property(properties, "vertAlign", val="superscript")
        holder.extend((properties, mark))
        return holder

    def _math(self, node: etree._Element) -> etree._Element:
        twin = copy.deepcopy(node)
        for child in list(twin.iter(etree.Element)):
            parent = child.getparent()
            if parent is None or child is twin:
                continue
            if child.tag in (w("del"), w("moveFrom"), w("bookmarkStart"), w("bookmarkEnd"), w("proofErr")):
                parent.remove(child)
            elif child.tag in (w("ins"), w("moveTo")):
                place = parent.index(child)
                parent[place : place + 1] = list(child)
            elif parent.tag == w("rPr") and child.tag not in (w("rFonts"), w("b"), w("i")):
                parent.remove(child)
        return twin


def _set_apart(twin: etree._Element) -> None:
    """Leave 6 points between a table and the text that follows: the empty paragraph there is gone."""
    properties = twin.find(w("pPr"))
    if properties is None:
        properties = new("pPr")
        twin.insert(0, properties)
    set_property(properties, "spacing", before="120")


def _value(properties: etree._Element | None, name: str) -> str | None:
    node = properties.find(w(name)) if properties is not None else None
    return node.get(w("val")) if node is not None else None


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
