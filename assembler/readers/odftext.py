"""The walk over an OpenDocument text: every visible word, in reading order, with where it stands.

Deleted text, the prompts of unfilled fields, hidden text, notes in the margin and the tables of contents
stay out, as in :mod:`assembler.readers.wordtext`; a Word file and its conversion give the same blocks.

Source: OpenDocument 1.3 part 3, § 5 to 10.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from assembler.model import Block
from assembler.readers.odfstyles import DRAW, LOEXT, OFFICE, TABLE, TEXT, XLINK, OdfStyles, over
from assembler.readers.wordstyles import Look

__all__ = ["Story", "paragraph_text", "story"]

_GONE = frozenset(
    (
        *(f"{TEXT}tracked-changes", f"{TEXT}ruby-text", f"{TEXT}script", f"{TEXT}note-citation"),
        *(f"{OFFICE}annotation", f"{OFFICE}annotation-end", f"{OFFICE}forms", f"{OFFICE}event-listeners"),
        *(f"{TEXT}{kind}-index" for kind in ("illustration", "table", "object")),
        f"{TEXT}table-of-content",
        f"{TABLE}covered-table-cell",
    )
)
_INDEXES = frozenset(f"{TEXT}{kind}" for kind in ("alphabetical-index", "user-index", "bibliography"))
_PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
_LISTS = (f"{TEXT}list", f"{TEXT}list-item", f"{TEXT}numbered-paragraph")
_EMBEDDED = (f"{DRAW}image", f"{DRAW}object", f"{DRAW}object-ole", f"{DRAW}plugin")
_BLANKS = re.compile(r"[ \t\r\n]+")
_MOST_SPACES = 1_000

Path = tuple[int, ...]
Formula = Callable[[str], str]
"""Text of the formula that an embedded object is; empty for any other object."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a story says: its blocks in order, then its notes, footnotes first, without anchor."""

    blocks: tuple[Block, ...]
    notes: tuple[Block, ...] = ()


@dataclass(slots=True)
class _Paragraph:
    """What is gathered of one paragraph."""

    texts: list[str] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    bolds: list[bool] = field(default_factory=list)
    greys: list[bool] = field(default_factory=list)
    prompted: list[bool] = field(default_factory=list)
    boxes: list[tuple[etree._Element, Path]] = field(default_factory=list)
    picture: bool = False


def story(root: etree._Element, styles: OdfStyles, formula: Formula = lambda _href: "") -> Story:
    """Return the text below ``office:text``, ``style:header`` or ``table:table-cell``.

    Args:
        root: the element that holds paragraphs.
        styles: the document's.
        formula: reads the formula behind the address of an object.
    """
    walk = _Walk(styles, formula)
    blocks = tuple(walk.container(root, ()))
    notes: list[Block] = []
    for kind in ("footnote", "endnote"):
        for note in [one for one in walk.notes if (one.get(f"{TEXT}note-class") or "footnote") == kind]:
            body = note.find(f"{TEXT}note-body")
            found = () if body is None else walk.container(body, ())
            notes += [replace(block, anchor=()) for block in found]
    return Story(blocks, tuple(notes))


def paragraph_text(root: etree._Element, styles: OdfStyles) -> str:
    """Return the visible text of the paragraphs of a cell, one line each."""
    return "\n".join(block.text for block in story(root, styles).blocks if block.text and not block.hint)


class _Walk:
    def __init__(self, styles: OdfStyles, formula: Formula) -> None:
        self.styles = styles
        self.formula = formula
        self.notes: list[etree._Element] = []

    # -- blocks ---------------------------------------------------------------------------------

    def container(
        self, parent: etree._Element, path: Path, *, table: bool = False, listed: bool = False
    ) -> Iterator[Block]:
        """Yield the blocks below an element that holds paragraphs, lists, tables or shapes."""
        for index, node in enumerate(parent):
            tag, here = node.tag, (*path, index)
            if not isinstance(tag, str) or tag in _GONE:
                continue
            if tag in _PARAGRAPHS:
                yield from self.paragraph(node, here, table=table, listed=listed)
            elif tag in _LISTS:
                yield from self.container(node, here, table=table, listed=True)
            elif tag == f"{TEXT}list-header":
                yield from self.container(node, here, table=table)
            elif tag == f"{TABLE}table":
                yield from self.container(node, here, table=True)
            elif tag == f"{TEXT}section":
                if not self._hidden_section(node):
                    yield from self.container(node, here, table=table, listed=listed)
            elif tag in _INDEXES:
                body = node.find(f"{TEXT}index-body")
                if body is not None:
                    yield from self.container(body, (*here, node.index(body)), table=table)
            elif tag.startswith(DRAW):
                yield from self.shape(node, here, table=table)
            else:
                yield from self.container(node, here, table=table, listed=listed)

    def _hidden_section(self, node: etree._Element) -> bool:
        hidden = node.get(f"{TEXT}display") == "none" or node.get(f"{TEXT}is-hidden") == "true"
        return hidden or self.styles.hides("section", node.get(f"{TEXT}style-name"))

    def paragraph(self, node: etree._Element, path: Path, *, table: bool, listed: bool) -> Iterator[Block]:
        look = self.styles.paragraph(node.get(f"{TEXT}style-name"))
        seen = _Paragraph()
        if not any(one.get(f"{TEXT}is-hidden") == "true" for one in node.iter(f"{TEXT}hidden-paragraph")):
            self.inline(node, path, seen, look, prompt=False)
        text, prompt = _tidy(seen.texts), _tidy(seen.prompts)
        if (text or prompt or seen.picture) and not look.toc:
            level = look.level
            if node.tag == f"{TEXT}h":
                stated = node.get(f"{TEXT}outline-level", "1")
                level = int(stated) if stated.isdecimal() and 0 < int(stated) < 10 else None
            hinted = (bool(prompt) and not text) or (bool(text) and all(seen.prompted))
            yield Block(
                text=text or prompt,
                level=level,
                bold=bool(text) and all(seen.bolds),
                listed=level is None and (listed or look.listed),
                in_table=table,
                anchor=path,
                picture=seen.picture,
                hint=hinted or (bool(text) and level is None and all(seen.greys)),
            )
        for box, where in seen.boxes:
            yield from self.container(box, where, table=table)

    def shape(self, node: etree._Element, path: Path, *, table: bool) -> Iterator[Block]:
        """Yield what a shape set on the page itself holds: its picture, then its text boxes."""
        seen = _Paragraph()
        self.drawing(node, path, seen, prompt=False)
        text = _tidy(seen.texts)
        if seen.picture or text:
            yield Block(text=text, in_table=table, anchor=path, picture=seen.picture)
        for box, where in seen.boxes:
            yield from self.container(box, where, table=table)

    # -- inside a paragraph ---------------------------------------------------------------------

    def inline(
        self, parent: etree._Element, path: Path, seen: _Paragraph, look: Look, *, prompt: bool
    ) -> None:
        """Gather the visible text below an element of a paragraph."""
        _add(_collapsed(parent.text, seen), seen, look, prompt=prompt)
        for index, node in enumerate(parent):
            if isinstance(node.tag, str):
                self.element(node, (*path, index), seen, look, prompt=prompt)
            _add(_collapsed(node.tail, seen), seen, look, prompt=prompt)

    def element(
        self, node: etree._Element, path: Path, seen: _Paragraph, look: Look, *, prompt: bool
    ) -> None:
        tag = str(node.tag)
        if tag == f"{TEXT}span":
            own = over(self.styles.run(node.get(f"{TEXT}style-name")), look)
            self.inline(node, path, seen, own, prompt=prompt)
        elif tag == f"{TEXT}s":
            count = node.get(f"{TEXT}c", "1")
            _add(" " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES), seen, look, prompt=prompt)
        elif tag == f"{TEXT}tab":
            _add("\t", seen, look, prompt=prompt)
        elif tag == f"{TEXT}line-break":
            _add("\n", seen, look, prompt=prompt)
        elif tag == f"{TEXT}note":
            self.notes.append(node)
        elif tag == f"{TEXT}placeholder":
            self.inline(node, path, seen, look, prompt=True)
        elif tag == f"{LOEXT}content-control":
            empty = node.get(f"{LOEXT}showing-place-holder") == "true"
            self.inline(node, path, seen, look, prompt=prompt or empty)
        elif tag.startswith(DRAW) and tag != f"{DRAW}a":
            self.drawing(node, path, seen, prompt=prompt)
        elif tag not in _GONE and not _unseen(node):
            self.inline(node, path, seen, look, prompt=prompt)

    def drawing(self, node: etree._Element, path: Path, seen: _Paragraph, *, prompt: bool) -> None:
        """Keep the text boxes of a drawing for after its paragraph; without any, it is a picture."""
        if node.tag in (f"{DRAW}g", f"{DRAW}a"):
            for index, child in enumerate(node):
                if isinstance(child.tag, str) and child.tag.startswith(DRAW):
                    self.drawing(child, (*path, index), seen, prompt=prompt)
            return
        boxes = [
            (child, (*path, index))
            for index, child in enumerate(node)
            if child.tag in (f"{DRAW}text-box", f"{TABLE}table")
        ]
        if not boxes and any(child.tag in (*_PARAGRAPHS, *_LISTS) and _says(child) for child in node):
            boxes = [(node, path)]
        formula = "".join(
            self.formula(child.get(f"{XLINK}href", "")) for child in node if child.tag == f"{DRAW}object"
        )
        seen.boxes += boxes
        if formula:
            _add(formula, seen, _NEUTRAL, prompt=prompt)
        elif not boxes or any(child.tag in _EMBEDDED for child in node):
            seen.picture = True


_NEUTRAL = Look()


def _unseen(node: etree._Element) -> bool:
    """Tell whether a field shows nothing."""
    return node.get(f"{TEXT}display") == "none" or (
        node.tag == f"{TEXT}hidden-text" and node.get(f"{TEXT}is-hidden") == "true"
    )


def _says(node: etree._Element) -> bool:
    return any(text.strip() for text in node.itertext(with_tail=False))


def _add(text: str, seen: _Paragraph, look: Look, *, prompt: bool) -> None:
    """Take some text of a run, unless nobody sees it."""
    if not text or look.hidden:
        return
    if prompt:
        seen.prompts.append(text)
        return
    seen.texts.append(text)
    if text.strip():
        seen.bolds.append(bool(look.bold))
        seen.greys.append(bool(look.grey))
        seen.prompted.append(look.placeholder)


def _collapsed(text: str | None, seen: _Paragraph) -> str:
    """Return what a writer's line breaks and indents leave of a text: runs of blanks are one space."""
    short = _BLANKS.sub(" ", text or "")
    if short.startswith(" ") and seen.texts and seen.texts[-1].endswith(" "):
        return short[1:]
    return short


def _tidy(texts: list[str]) -> str:
    return "".join(texts).replace("\u00ad", "").strip()
