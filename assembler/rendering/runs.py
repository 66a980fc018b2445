"""The runs of a paragraph copied into another file: links, fields, notes, pictures."""

from __future__ import annotations

import copy
from collections.abc import Callable

from lxml import etree

from assembler.rendering.fragments import unwrapped
from assembler.rendering.markup import REL, W, new, paragraph, run, set_property, text_of, value_of, w, words
from assembler.rendering.parts import Parts
from assembler.rendering.pictures import Pictures
from assembler.rendering.sourcefile import SourceFile
from assembler.rendering.styles import Styles, on

__all__ = ["EMPHASIS", "FORMULAS", "Emphasis", "Runs", "formula"]

FORMULA, FORMULAS = (
    f"{{http://schemas.openxmlformats.org/officeDocument/2006/math}}{name}" for name in ("oMath", "oMathPara")
)
_PICTURES = (
    w("drawing"),
    w("pict"),
    w("object"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",
)
EMPHASIS = ("b", "i", "caps", "smallCaps", "strike", "dstrike", "highlight", "u", "vertAlign")
"""What stresses a word, and is kept."""
_SYMBOL_FONTS = ("symbol", "wingdings", "webdings")
Emphasis = dict[str, str | None]
"""By tag of ``w:rPr``, its value if it has one."""
Blocks = Callable[[etree._Element], list[etree._Element]]
"""Copies the paragraphs and tables that an element holds."""


class Runs:
    """What stands inside the paragraphs of one fragment.

    Args:
        source: the file they come from.
        target: the styles of the host.
        parts: the document being made.
        document: name of its main part.
        pictures: copies the images.
        blocks: copies the blocks of a note or of a text box.

    Attributes:
        fields: the Word fields left open, from run to run.
    """

    def __init__(
        self,
        source: SourceFile,
        target: Styles,
        parts: Parts,
        document: str,
        pictures: Pictures,
        blocks: Blocks,
    ) -> None:
        self.source, self.target, self.parts, self.document = source, target, parts, document
        self.pictures, self.blocks = pictures, blocks
        self.fields: list[str] = []
        self.in_note = False
        self.stressed: dict[tuple[str | None, tuple[str, ...]], Emphasis] = {}

    def inline(
        self, holder: etree._Element, allowed: tuple[str, ...], extra: Emphasis
    ) -> list[etree._Element]:
        """Copy what a paragraph, a link or a field holds.

        Args:
            holder: the element whose children are copied.
            allowed: what may be stressed directly.
            extra: what the paragraph stresses of all its words.
        """
        found: list[etree._Element] = []
        for child in unwrapped(holder):
            if child.tag == w("r"):
                found += self._run(child, allowed, extra)
            elif child.tag == w("hyperlink"):
                found += self._hyperlink(child, allowed, extra)
            elif child.tag in (w("fldSimple"), w("dir"), w("bdo")):
                found += self.inline(child, allowed, extra)
            elif child.tag in (FORMULA, FORMULAS):
                found.append(formula(child))
        return found

    def _hyperlink(
        self, node: etree._Element, allowed: tuple[str, ...], extra: Emphasis
    ) -> list[etree._Element]:
        inside = self.inline(node, allowed, extra)
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

    def _run(self, node: etree._Element, allowed: tuple[str, ...], extra: Emphasis) -> list[etree._Element]:
        old = node.find(w("rPr"))
        char_style = value_of(old, "rStyle")
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
        extra: Emphasis,
    ) -> etree._Element:
        """Keep what stresses a word; fonts, sizes and colours are the host's."""
        fresh = new("rPr")
        name = self.source.styles.name(char_style)
        host = self.target.find("character", name) if name else None
        stressed = dict(extra)
        if host is not None:
            set_property(fresh, "rStyle", val=host)
        else:
            stressed |= self.emphasis(char_style, allowed)
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

    def emphasis(self, style_id: str | None, wanted: tuple[str, ...]) -> Emphasis:
        """Return what a style of the source stresses."""
        found = self.stressed.get((style_id, wanted))
        if found is None:
            nodes = {tag: self.source.styles.property(style_id, f"rPr/{tag}") for tag in wanted}
            found = {tag: node.get(w("val")) for tag, node in nodes.items() if node is not None}
            self.stressed[style_id, wanted] = found
        return found

    def _box(self, content: etree._Element) -> list[etree._Element]:
        fields, self.fields = self.fields, []
        try:
            return self.blocks(content)
        finally:
            self.fields = fields

    def _note(self, note: etree._Element | None) -> list[etree._Element]:
        """Copy a foot or end note to the host's footnotes; a host that has none gets it in brackets."""
        if note is None or self.in_note:
            return []
        home = self.parts.linked(self.document, "footnotes")
        self.in_note, fields, self.fields = True, self.fields, []
        try:
            if home is None:
                texts = (text_of(one) for one in self.blocks(note))
                return [run(f" [note : {' '.join(' '.join(texts).split())}]")]
            twins = self.blocks(note) or [paragraph(run(""))]
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


def formula(node: etree._Element) -> etree._Element:
    """Copy an equation, changes accepted, in the host's fonts."""
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
