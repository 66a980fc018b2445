"""Word files: text, headings, marks of revision and of signature, straight over the XML."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterator

from lxml import etree

from assembler.errors import ReadingError
from assembler.model import Block, Reading, Signature
from assembler.readers.certificates import holder
from assembler.readers.containers import Package, expect, open_package
from assembler.readers.handwritten import signed_image
from assembler.readers.ole import carries_program
from assembler.readers.wordstyles import Styles, W, load_styles
from assembler.readers.wordtext import story

__all__ = ["read"]

_REVISIONS = (
    *("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "numberingChange"),
    *("rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tblPrExChange", "trPrChange", "tcPrChange"),
)
_LINKED_FIELD = re.compile(r"\s*(?:LINK|DDE|DDEAUTO|INCLUDETEXT|DATABASE)\b", re.IGNORECASE)
_IMAGE = ("blip", "imagedata", "contentPart")


def read(data: bytes) -> Reading:
    """Read a ``docx``, ``docm`` or ``dotx``, in transitional or strict OOXML.

    The notes at the foot of pages and the end notes come last, without anchor.

    Args:
        data: the file's bytes.

    Raises:
        ReadingError: ``vide``, ``nature``, ``protege`` or ``illisible``.
    """
    nature = expect(data, ("docx", "docm", "dotx"))
    try:
        return _read(open_package(data), nature)
    except ReadingError:
        raise
    except Exception as cause:  # whatever a malformed part makes lxml or ourselves raise
        raise ReadingError(
            "illisible",
            "Le fichier Word est endommagé : ouvrez-le dans Word, enregistrez-le à nouveau et remplacez-le.",
        ) from cause


def _read(package: Package, nature: str) -> Reading:
    main = next(
        (one.target for one in package.relations() if one.kind == "officeDocument"), "word/document.xml"
    )
    root = package.xml(main)
    body = root.find(f"{W}body")
    if body is None:
        raise ReadingError(
            "illisible", "Le fichier Word n’a pas de corps de texte : enregistrez-le à nouveau."
        )
    links = package.relations(main)
    parts: dict[str, list[str]] = {}
    for link in links:
        if not link.external:
            parts.setdefault(link.kind, []).append(link.target)
    styles = load_styles(package, next(iter(parts.get("styles", ())), None))
    blocks = story(body, styles)
    margins = [
        package.xml(name) for kind in ("header", "footer") for name in dict.fromkeys(parts.get(kind, ()))
    ]
    notes = [package.xml(name) for kind in ("footnotes", "endnotes") for name in parts.get(kind, ())]
    comments = [package.xml(name) for name in parts.get("comments", ())]
    roots = [root, *margins, *notes]
    return Reading(
        nature=nature,
        forme="editable",
        blocks=blocks + tuple(_notes(notes, styles)),
        headers="\n".join(
            dict.fromkeys(block.text for one in margins for block in story(one, styles) if block.text)
        ),
        pages=_pages(package),
        signatures=(*_digital(package), *_visible(body, blocks)),
        revisions=sum(1 for one in roots for _ in one.iter(*(W + name for name in _REVISIONS))),
        commentaires=sum(1 for one in comments for _ in one.iter(f"{W}comment")),
        macros=sum(name.casefold().endswith("vbaproject.bin") for name in package.names),
        objets_lies=_linked(package, main, parts)
        + sum(_linked_fields(one) for one in roots)
        + _programs(package),
    )


def _notes(roots: list[etree._Element], styles: Styles) -> Iterator[Block]:
    for root in roots:
        for note in root.iter(f"{W}footnote", f"{W}endnote"):
            if note.get(f"{W}type", "normal") == "normal":
                yield from story(note, styles, anchored=False)


def _pages(package: Package) -> int | None:
    """Return the number of pages that the word processor last counted."""
    part = next((one.target for one in package.relations() if one.kind.lower().startswith("extended")), None)
    if part is None:
        return None
    try:
        text = package.xml(part).findtext("{*}Pages", "")
    except ReadingError:
        return None
    return int(text) if text.isdecimal() and 0 < int(text) < 100_000 else None


def _digital(package: Package) -> Iterator[Signature]:
    """Yield the digital signatures of the package (Word: Fichier, Protéger, signature)."""
    for name in package.names:
        if not re.fullmatch(r"_xmlsignatures/[^/]+\.xml", name, re.IGNORECASE):
            continue
        root = package.xml(name)
        encoded = root.findtext(".//{*}X509Certificate", "")
        try:
            signatory = holder(base64.b64decode(encoded))
        except binascii.Error:
            signatory = None
        stamp = re.match(
            r"\d{4}-\d\d-\d\d", root.findtext(".//{*}SigningTime") or root.findtext(".//{*}Value") or ""
        )
        yield Signature(
            etat="electronique",
            signataire=signatory,
            date=_date(stamp.group()) if stamp else None,
            detail="signature électronique du fichier Word présente, non vérifiée",
        )


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _visible(body: etree._Element, blocks: tuple[Block, ...]) -> Iterator[Signature]:
    def signs(block: Block) -> bool:
        node = _at(body, block.anchor)
        return _has(node, *_IMAGE) and not _has(node, "signatureline")

    return signed_image(blocks, signs)


def _at(root: etree._Element, anchor: tuple[int, ...]) -> etree._Element:
    for index in anchor:
        root = root[index]
    return root


def _has(node: etree._Element, *names: str) -> bool:
    return any(next(node.iter(f"{{*}}{name}"), None) is not None for name in names)


def _linked(package: Package, main: str, parts: dict[str, list[str]]) -> int:
    """Count what the document fetches elsewhere when it is opened; a hyperlink fetches nothing."""
    stories = [
        main,
        *(name for kind in ("header", "footer", "footnotes", "settings") for name in parts.get(kind, ())),
    ]
    count = 0
    for name in stories:
        for link in package.relations(name):
            if link.external and link.kind != "hyperlink":
                count += link.kind != "attachedTemplate" or link.target.lower().startswith(
                    ("http:", "https:")
                )
    return count


def _linked_fields(root: etree._Element) -> int:
    codes = [node.get(f"{W}instr", "") for node in root.iter(f"{W}fldSimple")]
    of_paragraphs: dict[etree._Element, str] = {}
    for node in root.iter(f"{W}instrText"):
        run = node.getparent()
        paragraph = None if run is None or run.tag != f"{W}r" else run.getparent()
        if paragraph is not None and paragraph.tag == f"{W}p":
            of_paragraphs[paragraph] = of_paragraphs.get(paragraph, "") + (node.text or "")
    return sum(bool(_LINKED_FIELD.match(code)) for code in (*codes, *of_paragraphs.values()))


def _programs(package: Package) -> int:
    """Count the embedded objects that carry a program."""
    return sum(
        carries_program(package.read(name))
        for name in package.names
        if "/embeddings/" in name and name.endswith(".bin")
    )
