"""A Word template as the doctor reads it: paragraphs in order, their tags, the heading above each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from assembler.errors import ReadingError
from assembler.model import Block
from assembler.readers.containers import Package
from assembler.readers.docx import read
from assembler.readers.limits import MEGA
from assembler.rendering.markup import W, children, w
from assembler.rendering.preparing import text_parts

__all__ = ["Paragraph", "Tag", "read_template"]

_TAG = re.compile(r"\{\{(?:(?!\{[{%#]).)*?\}\}|\{%(?:(?!\{[{%#]).)*?%\}|\{#(?:(?!\{[{%#]).)*?#\}", re.DOTALL)
_PARTS = re.compile(r"\{([{%#])[-+]?(?:(tr|tc|p|r)(?=\s))?(.*?)[-+]?[}%#]\}", re.DOTALL)
_LARGEST = 8 * MEGA
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OUT = frozenset(map(w, ("del", "moveFrom")))
_THROUGH = frozenset(map(w, ("r", "ins", "moveTo")))
"""Around a text, what is no frontier for a tag: runs are joined, accepted insertions opened."""


@dataclass(frozen=True, eq=False, slots=True)
class Tag:
    """A tag as typed, and where it stands."""

    text: str
    kind: str
    """``{`` prints, ``%`` commands, ``#`` is a remark."""
    prefix: str
    """``p``, ``tr``, ``tc``, ``r`` or empty."""
    body: str
    holder: Any
    """The element that it repeats or drops in: a paragraph, else what holds that paragraph, row or cell."""
    torn: str | None = None
    """What its two ends do not share (« un lien »), when they do not."""
    follows: bool = False
    """Something stands before it in its paragraph."""
    goes_on: bool = False
    """Something stands after it in its paragraph."""


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Paragraph:
    """A paragraph, or a text that is none: an alternative text, a property of the document."""

    text: str
    tags: tuple[Tag, ...]
    rest: str
    """The text, tags taken out."""
    part: str = ""
    """Where it stands when it is not in the body: « en-tête », « pied de page »…"""
    story: str = ""
    """Name of its part: a block begins and ends in one of them."""
    heading: str = ""
    number: int | None = None
    """Rank, from 1, among the blocks of the body."""
    node: Any = None
    codes: tuple[str, ...] = field(default=())
    """Codes of the fields of Word that it holds."""


_WHERE = {"header": "en-tête", "footer": "pied de page", "footnotes": "note", "endnotes": "note de fin"}
_TORN = {"hyperlink": "un lien", "sdtContent": "un contrôle de contenu", "fldSimple": "un champ de Word"}


def read_template(content: bytes, package: Package) -> tuple[list[Paragraph], tuple[Block, ...]]:
    """Return the paragraphs of a template, and its blocks as comments are placed on them.

    Args:
        content: bytes of the file.
        package: the same, opened.

    Raises:
        ReadingError: a part cannot be read, or is far too large for a template.
    """
    main, parts = text_parts(package)
    if any(package.signature(one)[1] > _LARGEST for one in parts):
        raise ReadingError("depassement", f"Un gabarit ne dépasse pas {_LARGEST // MEGA} Mo de texte.")
    levels = {block.anchor: block for block in read(content).blocks if block.anchor}
    paragraphs: list[Paragraph] = []
    blocks: list[Block] = []
    for name in [main, *(one for one in parts if one != main)]:
        where = next((told for word, told in _WHERE.items() if word in name.rpartition("/")[2]), "")
        root = package.xml(name)
        body = root.find(w("body")) if name == main else None
        if name == main and body is None:
            raise ReadingError("illisible", "Le fichier Word n’a pas de corps de texte.")
        heading = ""
        for node, anchor in _paragraphs(root if body is None else body):
            one = _paragraph(node)
            number = None
            if body is not None:
                blocks.append(Block(text=one.text, anchor=anchor))
                number = len(blocks)
                known = levels.get(anchor)
                if known is not None and known.level is not None and one.text.strip():
                    heading = one.text
            above = "" if heading == one.text else heading
            placed = {"part": where, "story": name, "heading": above, "number": number}
            paragraphs.append(_replace(one, **placed))
            paragraphs += [_replace(extra, **placed) for extra in _attributes(node)]
    for key, text in _properties(package):
        paragraphs.append(_cut(text, part=f"propriété « {key} »", story=f"propriété {key}"))
    return paragraphs, tuple(blocks)


def _replace(one: Paragraph, **changes: Any) -> Paragraph:
    kept = {name: getattr(one, name) for name in ("text", "tags", "rest", "node", "codes")}
    return Paragraph(**{**kept, **changes})


def _paragraphs(top: etree._Element) -> Iterator[tuple[etree._Element, tuple[int, ...]]]:
    """Yield the paragraphs below ``top`` in order, each with the child positions down to it."""
    stack: list[tuple[etree._Element, tuple[int, ...]]] = [(top, ())]
    while stack:
        node, anchor = stack.pop()
        if node.tag == _FALLBACK:
            continue  # the same text box once more, for an old Word
        if node.tag == w("p"):
            yield node, anchor
        below = [(child, (*anchor, rank)) for rank, child in enumerate(children(node))]
        stack += reversed(below)


def _texts(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Yield the texts of a paragraph, those of the boxes that hang on it and the deleted ones left out."""
    stack = list(children(paragraph))[::-1]
    while stack:
        node = stack.pop()
        if node.tag == w("t"):
            yield node
        elif node.tag not in _OUT and node.tag != w("p"):
            stack += list(children(node))[::-1]


def _paragraph(node: etree._Element) -> Paragraph:
    texts = list(_texts(node))
    owners: list[etree._Element] = []
    for held in texts:
        owners += [held] * len(held.text or "")
    codes = [code.text or "" for code in node.iter(w("instrText")) if _nearest(code) is node]
    codes += [code.get(w("instr")) or "" for code in node.iter(w("fldSimple")) if _nearest(code) is node]
    joined = "".join(codes)
    return _cut(
        "".join(held.text or "" for held in texts),
        node=node,
        owners=owners,
        codes=(joined,) if joined.strip() else (),
    )


def _nearest(node: etree._Element) -> etree._Element | None:
    return next(node.iterancestors(w("p")), None)


def _attributes(node: etree._Element) -> Iterator[Paragraph]:
    """Yield the texts that hold tags out of the running text: alternative texts, names."""
    for one in node.iter(etree.Element):
        if one.tag == w("fldSimple") or (one is not node and _nearest(one) is not node):
            continue
        for value in map(str, one.attrib.values()):
            if "{{" in value or "{%" in value:
                yield _cut(value, node=node)


def _cut(
    text: str,
    *,
    node: etree._Element | None = None,
    owners: list[etree._Element] | None = None,
    **placed: Any,
) -> Paragraph:
    tags = []
    for found in _TAG.finditer(text):
        pieces = _PARTS.fullmatch(found[0])
        assert pieces is not None  # what _TAG takes, _PARTS takes apart
        kind, prefix, body = pieces[1], pieces[2] or "", pieces[3].strip()
        torn = _torn(owners[found.start()], owners[found.end() - 1]) if owners else None
        around = (bool(text[: found.start()].strip()), bool(text[found.end() :].strip()))
        tags.append(Tag(found[0], kind, prefix, body, _holder(node, prefix), torn, *around))
    return Paragraph(text=text, tags=tuple(tags), rest=_TAG.sub("\ue01c", text), node=node, **placed)


def _holder(node: etree._Element | None, prefix: str) -> etree._Element | None:
    if node is None or prefix in ("", "r"):
        return node
    if prefix == "p":
        return node.getparent()
    around = next(node.iterancestors(w(prefix)), None)
    return around.getparent() if around is not None else None


def _torn(first: etree._Element, last: etree._Element) -> str | None:
    """Say what stands around one end of a tag and not around the other: what mends runs cannot mend it."""
    one, other = ([node for node in _inside(held) if node.tag not in _THROUGH] for held in (first, last))
    if one == other:
        return None
    apart = next(node for node in (*one, *other) if node not in one or node not in other)
    return _TORN.get(etree.QName(apart).localname, "un élément de Word")


def _inside(held: etree._Element) -> Iterator[etree._Element]:
    for node in held.iterancestors():
        if node.tag == f"{{{W}}}p":
            return
        yield node


def _properties(package: Package) -> Iterator[tuple[str, str]]:
    for link in package.relations():
        if link.kind == "core-properties":
            for node in package.xml(link.target):
                key = etree.QName(node).localname
                if key in ("title", "subject", "keywords", "description", "category") and node.text:
                    yield key, node.text
