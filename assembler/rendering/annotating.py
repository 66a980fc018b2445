"""Word comments put on a copy of a piece: one per remark, at its paragraph, beside those already there.

The text of the piece is not touched: each remark adds two marks and a reference around a paragraph, and a
comment in ``comments.xml``. Word takes no comment inside a text box, nor in a note: it then goes on the
paragraph that holds the box, or on the first one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from assembler.errors import ReadingError, WritingError
from assembler.model import Block
from assembler.readers.containers import Package, open_package
from assembler.rendering.parts import CONTENT_TYPES, Parts, rels_name
from assembler.text import clean

__all__ = ["AUTHOR", "Remark", "annotate"]

AUTHOR, _INITIALS = "assemble", "as"
_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{_NS}}}"
_COMMENTS = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_BOXES = (f"{W}txbxContent",)
_SIGNATURES = "_xmlsignatures/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """What is to be said of a piece, and where."""

    lines: tuple[str, ...]
    """French, one paragraph each; the first is in bold."""
    paragraph: int | None = None
    """Number, from 1, of the block among those of the reading; None: the piece as a whole."""


def annotate(content: bytes, blocks: Sequence[Block], remarks: Sequence[Remark], edition: dt.date) -> bytes:
    """Return a copy of a Word file with a comment per remark; the same input gives the same bytes.

    A digital signature of the file is left out of the copy, of which it would not be true.

    Args:
        content: bytes of a ``docx``.
        blocks: what its reader saw (:attr:`assembler.model.Reading.blocks`).
        remarks: in order; several may stand on one paragraph.
        edition: date of the comments.

    Raises:
        WritingError: the file cannot be opened, or holds no paragraph to bear a comment.
    """
    try:
        package = open_package(content)
        return _annotate(package, blocks, remarks, edition)
    except (ReadingError, KeyError) as error:
        raise WritingError(f"La copie annotée ne peut pas être faite : {error}") from error


def _annotate(
    package: Package, blocks: Sequence[Block], remarks: Sequence[Remark], edition: dt.date
) -> bytes:
    main = next(
        (one.target for one in package.relations() if one.kind == "officeDocument"), "word/document.xml"
    )
    parts = _parts(package, main)
    body = parts.xml(main).find(f"{W}body")
    if body is None:
        raise WritingError("La copie annotée ne peut pas être faite : le fichier n’a pas de texte.")
    # every place is found before the first mark moves anything
    first = _first(body, blocks)
    places = [_place(body, blocks, one.paragraph, first) for one in remarks]
    name, comments = _comments(package, parts, main)
    taken = {_number(node) for node in comments.iter(f"{W}comment")}
    taken |= {_number(node) for node in body.iter(f"{W}commentRangeStart", f"{W}commentReference")}
    number = max(taken, default=-1)
    for remark, paragraph in zip(remarks, places, strict=True):
        number += 1
        comments.append(_comment(remark, number, edition))
        _mark(paragraph, number)
    parts.put_xml(name, comments)
    return parts.finish()


def _parts(package: Package, main: str) -> Parts:
    """Return the parts of the copy, those to be changed parsed within bounds; strict ones made usual."""
    kept = [name for name in package.names if not name.lower().startswith(_SIGNATURES)]
    members = {name: package.read(name) for name in kept}
    parts = Parts(members, {})
    wanted = {CONTENT_TYPES, "_rels/.rels", main, rels_name(main)}
    for name in kept:
        if name in wanted or (name.endswith((".xml", ".rels")) and b"purl.oclc.org/ooxml" in members[name]):
            parts.put_xml(name, package.xml(name))
    if len(kept) < len(package.names):
        _forget(parts)
    return parts


def _forget(parts: Parts) -> None:
    """Take the digital signatures out of the links and of the content types."""
    for name, attribute in (("_rels/.rels", "Target"), (CONTENT_TYPES, "PartName")):
        for node in list(parts.xml(name)):
            if (node.get(attribute) or "").lstrip("/").lower().startswith(_SIGNATURES):
                parts.xml(name).remove(node)


def _comments(package: Package, parts: Parts, main: str) -> tuple[str, etree._Element]:
    """Return the part of the comments and its root, made when there is none."""
    name = next((one.target for one in package.relations(main) if one.kind == "comments"), None)
    if name is not None:
        return name, package.xml(name)
    folder = main.rpartition("/")[0]
    name = f"{folder}/comments.xml".lstrip("/")
    number = 1
    while name in parts:
        number += 1
        name = f"{folder}/comments{number}.xml".lstrip("/")
    parts.declare(name, _COMMENTS)
    parts.relate(main, "comments", name)
    return name, etree.Element(f"{W}comments", nsmap={"w": _NS})


def _number(node: etree._Element) -> int:
    text = node.get(f"{W}id", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


# -- the places --------------------------------------------------------------------------------


def _place(
    body: etree._Element, blocks: Sequence[Block], paragraph: int | None, first: etree._Element
) -> etree._Element:
    """Return the paragraph of a block, or the first one of the piece."""
    if paragraph is None or not 0 < paragraph <= len(blocks) or not blocks[paragraph - 1].anchor:
        return first
    node = body
    for index in blocks[paragraph - 1].anchor:
        if index >= len(node):
            return first
        node = node[index]
    found = _out_of_boxes(node)
    return first if found is None else found


def _out_of_boxes(node: etree._Element) -> etree._Element | None:
    """Return ``node`` when it is a paragraph that may bear a comment, else the one that holds its box."""
    box = next((one for one in node.iterancestors(*_BOXES)), None)
    while box is not None:
        holder = next(box.iterancestors(f"{W}p"), None)
        if holder is None:
            return None
        node, box = holder, next(holder.iterancestors(*_BOXES), None)
    return node if node.tag == f"{W}p" else None


def _first(body: etree._Element, blocks: Sequence[Block]) -> etree._Element:
    """Return the first paragraph that has words, or the first of all."""
    for block in blocks:
        if block.text.strip() and block.anchor:
            node = body
            for index in block.anchor:
                node = node[index] if index < len(node) else node
            found = _out_of_boxes(node)
            if found is not None:
                return found
    found = next((one for one in body.iter(f"{W}p") if _out_of_boxes(one) is one), None)
    if found is None:
        raise WritingError("La copie annotée ne peut pas être faite : le fichier n’a pas de paragraphe.")
    return found


def _mark(paragraph: etree._Element, number: int) -> None:
    """Put the marks of a comment around a paragraph, after those already there."""
    start = etree.Element(f"{W}commentRangeStart", {f"{W}id": str(number)})
    at = 0
    for index, child in enumerate(paragraph):
        if child.tag == f"{W}pPr":
            at = index + 1
    while at < len(paragraph) and paragraph[at].tag == f"{W}commentRangeStart":
        at += 1
    paragraph.insert(at, start)
    etree.SubElement(paragraph, f"{W}commentRangeEnd", {f"{W}id": str(number)})
    run = etree.SubElement(paragraph, f"{W}r")
    etree.SubElement(run, f"{W}commentReference", {f"{W}id": str(number)})


def _comment(remark: Remark, number: int, edition: dt.date) -> etree._Element:
    comment = etree.Element(
        f"{W}comment",
        {
            f"{W}id": str(number),
            f"{W}author": AUTHOR,
            f"{W}date": f"{edition.isoformat()}T00:00:00Z",
            f"{W}initials": _INITIALS,
        },
        nsmap={"w": _NS},
    )
    for rank, line in enumerate(remark.lines):
        paragraph = etree.SubElement(comment, f"{W}p")
        if not rank:
            etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}annotationRef")
        run = etree.SubElement(paragraph, f"{W}r")
        look = etree.SubElement(run, f"{W}rPr")
        if not rank:
            etree.SubElement(look, f"{W}b")
        etree.SubElement(look, f"{W}lang", {f"{W}val": "fr-FR"})
        text = etree.SubElement(run, f"{W}t")
        text.text = " ".join(clean(line).split())
    return comment
