"""The walk over a Word story: every visible word, in reading order, with where it stands.

python-docx reads 5 of the 19 places where Word shows text (robustesse.md § 2.2); this walk reads
them all: content controls of every kind, tracked insertions and moves, text boxes, simple fields,
smart tags, mathematics, nested tables. Deletions, the prompt of an unfilled control, hidden text,
field codes and the table of contents stay out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from assembler.model import Block
from assembler.readers.wordstyles import Look, Styles, W, is_grey, is_on, outline_level, toggle

__all__ = ["story"]

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_GONE = frozenset(
    W + name
    for name in (
        *("del", "moveFrom", "rt", "instrText", "delText"),
        *("pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr"),
    )
)
_PICTURES = frozenset(W + name for name in ("drawing", "pict", "object"))
_IMAGE = ("blip", "imagedata", "chart", "relIds", "OLEObject", "contentPart", "control")
_BREAKS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_SYMBOLS = {0xA8: "☐", 0x6F: "☐", 0x71: "☐", 0xFD: "☒", 0xFE: "☑", 0xFC: "✓", 0xE0: "→", 0xF0: "→"}
_TOC_GALLERIES = frozenset({"table of contents", "tables des matières"})

# Put together once: they are compared with every element of a document.
_PARAGRAPH, _TABLE, _RUN, _TEXT = f"{W}p", f"{W}tbl", f"{W}r", f"{W}t"
_CONTROL, _CONTROLLED, _BOX = f"{W}sdt", f"{W}sdtContent", f"{W}txbxContent"
_SIMPLE_FIELD, _FIELD_MARK, _CODE = f"{W}fldSimple", f"{W}fldChar", f"{W}instrText"
_SYMBOL, _RUBY, _ALTERNATE = f"{W}sym", f"{W}ruby", f"{_MC}AlternateContent"
_OF_PARAGRAPH, _OF_RUN, _VALUE = f"{W}pPr", f"{W}rPr", f"{W}val"
_PARAGRAPH_STYLE, _RUN_STYLE = f"{W}pStyle", f"{W}rStyle"
_OUTLINE, _NUMBERED = f"{W}outlineLvl", f"{W}numPr"
_HIDDEN, _BOLD, _COLOUR = f"{W}vanish", f"{W}b", f"{W}color"
_MAY_BE_DELETED = frozenset((f"{W}tr", f"{W}tc"))

Path = tuple[int, ...]


@dataclass(slots=True)
class _Field:
    """A complex field being crossed: its code, then its result."""

    code: str = ""
    result: bool = False


@dataclass(slots=True)
class _Paragraph:
    """What is gathered of one paragraph."""

    look: Look
    texts: list[str] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    bolds: list[bool] = field(default_factory=list)
    greys: list[bool] = field(default_factory=list)
    prompted: list[bool] = field(default_factory=list)
    """Per visible run: in the style of prompts."""
    boxes: list[tuple[etree._Element, Path]] = field(default_factory=list)
    picture: bool = False
    contents: bool = False
    """Some of it stood in a table of contents."""


def story(root: etree._Element, styles: Styles, *, anchored: bool = True) -> tuple[Block, ...]:
    """Return the blocks of one story: the body, a header, a note.

    Args:
        root: ``w:body``, ``w:hdr``, ``w:footnote``…
        styles: the document's.
        anchored: whether the blocks carry their place below ``root``.
    """
    walk = _Walk(styles, fields=True)
    blocks = list(walk.container(root, ()))
    if walk.fields:  # a field that never ends would swallow the rest: read its code as nothing instead
        blocks = list(_Walk(styles, fields=False).container(root, ()))
    if not anchored:
        blocks = [replace(block, anchor=()) for block in blocks]
    return tuple(blocks)


class _Walk:
    def __init__(self, styles: Styles, *, fields: bool) -> None:
        self.styles = styles
        self.follow = fields
        self.fields: list[_Field] = []

    # -- blocks ---------------------------------------------------------------------------------

    def container(
        self,
        parent: etree._Element,
        path: Path,
        *,
        table: bool = False,
        hint: bool = False,
        contents: bool = False,
    ) -> Iterator[Block]:
        """Yield the blocks below an element that holds paragraphs, tables or wrappers of them."""
        for index, node in enumerate(parent):
            here = (*path, index)
            tag = node.tag
            if tag == _PARAGRAPH:
                yield from self.paragraph(node, here, table=table, hint=hint, contents=contents)
            elif tag == _TABLE:
                yield from self.container(node, here, table=True, hint=hint, contents=contents)
            elif tag == _CONTROL:
                content = node.find(_CONTROLLED)
                if content is not None:
                    empty, toc = _control(node)
                    below = (*here, node.index(content))
                    yield from self.container(
                        content, below, table=table, hint=hint or empty, contents=contents or toc
                    )
            elif tag == _ALTERNATE:
                for chosen in _choice(node):
                    below = (*here, node.index(chosen))
                    yield from self.container(chosen, below, table=table, hint=hint, contents=contents)
            elif (
                tag not in _GONE and isinstance(tag, str) and not (tag in _MAY_BE_DELETED and _deleted(node))
            ):
                yield from self.container(node, here, table=table, hint=hint, contents=contents)

    def paragraph(
        self, node: etree._Element, path: Path, *, table: bool, hint: bool, contents: bool
    ) -> Iterator[Block]:
        said = _said(node.find(_OF_PARAGRAPH))
        style = said.get(_PARAGRAPH_STYLE)
        look = self.styles.paragraph(None if style is None else style.get(_VALUE))
        seen = _Paragraph(look=look, contents=contents or look.toc)
        self.inline(node, path, seen, prompt=hint)
        text = _tidy(seen.texts)
        prompt = _tidy(seen.prompts)
        if (text or prompt or seen.picture) and not seen.contents:
            level = outline_level(said.get(_OUTLINE))
            level = look.level if level is None else (level if level < 10 else None)
            hinted = (bool(prompt) and not text) or (bool(text) and all(seen.prompted))
            yield Block(
                text=text or prompt,
                level=level,
                bold=bool(text) and all(seen.bolds),
                listed=level is None and _listed(said.get(_NUMBERED), look),
                in_table=table,
                anchor=path,
                picture=seen.picture,
                hint=hinted or (bool(text) and level is None and all(seen.greys)),
            )
        for box, where in seen.boxes:
            yield from self.container(box, where, table=table, hint=hint, contents=contents)

    # -- inside a paragraph ---------------------------------------------------------------------

    def inline(self, parent: etree._Element, path: Path, seen: _Paragraph, *, prompt: bool) -> None:
        """Gather the visible text below an element of a paragraph."""
        for index, node in enumerate(parent):
            tag = node.tag
            here = (*path, index)
            if tag == _RUN:
                self.run(node, here, seen, prompt=prompt)
            elif tag in _GONE or not isinstance(tag, str):
                continue
            elif tag == _CONTROL:
                content = node.find(_CONTROLLED)
                if content is not None:
                    empty, toc = _control(node)
                    seen.contents = seen.contents or toc
                    self.inline(content, (*here, node.index(content)), seen, prompt=prompt or empty)
            elif tag == _SIMPLE_FIELD:
                if not _is_contents(node.get(f"{W}instr", "")):
                    self.inline(node, here, seen, prompt=prompt)
            elif tag == _MATH_TEXT:
                self.add(node.text or "", None, seen, prompt=prompt)
            elif tag == _ALTERNATE:
                for chosen in _choice(node):
                    self.inline(chosen, (*here, node.index(chosen)), seen, prompt=prompt)
            elif tag in _PICTURES:
                self.drawing(node, here, seen)
            else:
                self.inline(node, here, seen, prompt=prompt)

    def run(self, node: etree._Element, path: Path, seen: _Paragraph, *, prompt: bool) -> None:
        properties = node.find(_OF_RUN)
        for index, child in enumerate(node):
            tag = child.tag
            if tag == _TEXT:
                self.add(child.text or "", properties, seen, prompt=prompt)
            elif tag in _BREAKS:
                self.add(_BREAKS[tag], properties, seen, prompt=prompt)
            elif tag == _FIELD_MARK:
                self.mark(child.get(f"{W}fldCharType", ""))
            elif tag == _CODE:
                if self.fields and not self.fields[-1].result:
                    self.fields[-1].code += child.text or ""
            elif tag == _SYMBOL:
                self.add(_symbol(child.get(f"{W}char", "")), properties, seen, prompt=prompt)
            elif tag in _PICTURES:
                self.drawing(child, (*path, index), seen)
            elif tag == _ALTERNATE:
                for chosen in _choice(child):
                    self.run(chosen, (*path, index, child.index(chosen)), seen, prompt=prompt)
            elif tag == _RUBY:
                base = child.find(f"{W}rubyBase")
                if base is not None:
                    self.inline(base, (*path, index, child.index(base)), seen, prompt=prompt)

    def mark(self, kind: str) -> None:
        """Follow the beginning, the middle and the end of complex fields."""
        if not self.follow:
            return
        if kind == "begin":
            self.fields.append(_Field())
        elif kind == "separate" and self.fields:
            self.fields[-1].result = True
        elif kind == "end" and self.fields:
            self.fields.pop()

    def add(self, text: str, properties: etree._Element | None, seen: _Paragraph, *, prompt: bool) -> None:
        """Take some text of a run, unless nobody sees it."""
        if self.fields:
            if any(not one.result for one in self.fields):
                return
            if any(_is_contents(one.code) for one in self.fields):
                seen.contents = True
                return
        said = _said(properties)
        style = said.get(_RUN_STYLE)
        look = self.styles.run(None if style is None else style.get(_VALUE))
        if _first(is_on(said.get(_HIDDEN)), look.hidden, seen.look.hidden):
            return
        if prompt:
            seen.prompts.append(text)
            return
        seen.texts.append(text)
        if text.strip():
            seen.bolds.append(bool(_first(is_on(said.get(_BOLD)), look.bold, seen.look.bold)))
            seen.greys.append(bool(_first(is_grey(said.get(_COLOUR)), look.grey, seen.look.grey)))
            seen.prompted.append(look.placeholder or seen.look.placeholder)

    def drawing(self, node: etree._Element, path: Path, seen: _Paragraph) -> None:
        """Keep the text boxes of a drawing for after its paragraph; without any, it is a picture."""
        boxes = list(_boxes(node, path))
        seen.boxes += boxes
        if not boxes or any(next(node.iter(f"{{*}}{name}"), None) is not None for name in _IMAGE):
            seen.picture = True


def _boxes(node: etree._Element, path: Path) -> Iterator[tuple[etree._Element, Path]]:
    """Yield the outermost text boxes of a drawing; the fallback of a choice is the same box twice."""
    for index, child in enumerate(node):
        here = (*path, index)
        if child.tag == _BOX:
            yield child, here
        elif child.tag == _ALTERNATE:
            for chosen in _choice(child):
                yield from _boxes(chosen, (*here, child.index(chosen)))
        elif isinstance(child.tag, str):
            yield from _boxes(child, here)


def _choice(node: etree._Element) -> tuple[etree._Element, ...]:
    """Return the one branch of an alternate content to read: the first choice, else the fallback."""
    branches = [one for one in node if one.tag == f"{_MC}Choice" and len(one)]
    branches += [one for one in node if one.tag == f"{_MC}Fallback"]
    return tuple(branches[:1])


def _control(node: etree._Element) -> tuple[bool, bool]:
    """Tell of a content control: it shows its prompt; it is a table of contents."""
    properties = node.find(f"{W}sdtPr")
    if properties is None:
        return False, False
    gallery = properties.find(f"{W}docPartObj/{W}docPartGallery")
    toc = gallery is not None and gallery.get(f"{W}val", "").casefold() in _TOC_GALLERIES
    return bool(toggle(properties, "showingPlcHdr")), toc


def _deleted(node: etree._Element) -> bool:
    """Tell whether a table row or cell is a tracked deletion."""
    row, cell = node.find(f"{W}trPr"), node.find(f"{W}tcPr")
    return (row is not None and row.find(f"{W}del") is not None) or (
        cell is not None and cell.find(f"{W}cellDel") is not None
    )


def _listed(node: etree._Element | None, look: Look) -> bool:
    number = None if node is None else node.find(f"{W}numId")
    return look.listed if number is None else number.get(_VALUE) != "0"


def _is_contents(code: str) -> bool:
    return code.split()[:1] in (["TOC"], ["toc"])


def _said(properties: etree._Element | None) -> dict[str, etree._Element]:
    """Return the properties of a paragraph or of a run by tag, the first of each."""
    said: dict[str, etree._Element] = {}
    for node in properties if properties is not None else ():
        said.setdefault(node.tag, node)
    return said


def _first(own: bool | None, run: bool | None, paragraph: bool | None) -> bool | None:
    """Return what is stated the nearest: by the run itself, by its style, by that of the paragraph."""
    return own if own is not None else run if run is not None else paragraph


def _symbol(code: str) -> str:
    """Return a character that stands for a symbol of Wingdings or Symbol, or the character itself."""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    if 0xF000 <= value <= 0xF0FF:
        return _SYMBOLS.get(value - 0xF000, "•")
    return chr(value) if 0x20 <= value < 0xD800 else ""


def _tidy(texts: list[str]) -> str:
    """Join runs and drop optional hyphens and the blanks of empty form fields around the text."""
    return "".join(texts).replace("\u00ad", "").strip()
