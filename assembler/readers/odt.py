"""OpenDocument texts (LibreOffice, Word, Google Docs), straight over the XML; read as Word files are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from assembler.errors import ReadingError
from assembler.model import Block, Reading, Signature
from assembler.readers.containers import Package, expect
from assembler.readers.handwritten import VISIBLE, signed_image
from assembler.readers.odfparts import count_links, count_macros, digital, formula_in, metadata, open_odf
from assembler.readers.odfstyles import DRAW, OFFICE, STYLE, TEXT, load_styles
from assembler.readers.odftext import story

__all__ = ["read"]

_CHANGES = (f"{TEXT}insertion", f"{TEXT}deletion", f"{TEXT}format-change")
_MARGINS = tuple(
    f"{STYLE}{kind}{which}" for kind in ("header", "footer") for which in ("", "-left", "-first")
)
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72}
_LOW = 13.0
"""Centimetres from the top of the page, below which the image of a last page may be a signature."""


def read(data: bytes) -> Reading:
    """Read an ``odt``.

    The notes at the foot of pages and the end notes come last, without anchor.

    Args:
        data: the file's bytes.

    Raises:
        ReadingError: ``vide``, ``nature``, ``protege`` or ``illisible``.
    """
    expect(data, ("odt",))
    try:
        return _read(open_odf(data))
    except ReadingError:
        raise
    except Exception as cause:  # whatever a malformed part makes lxml or ourselves raise
        raise ReadingError(
            "illisible",
            "Le document est endommagé : ouvrez-le dans LibreOffice, enregistrez-le à nouveau et "
            "remplacez-le.",
        ) from cause


def _read(package: Package) -> Reading:
    content = package.xml("content.xml")
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise ReadingError("illisible", "Le document n’a pas de corps de texte : enregistrez-le à nouveau.")
    common = _part(package, "styles.xml")
    named = None if common is None else common.find(f"{OFFICE}styles")
    roots = [root for root in (content, common) if root is not None]
    told = story(
        body,
        load_styles(named, content.find(f"{OFFICE}automatic-styles")),
        lambda href: formula_in(package, href),
    )
    pages = metadata(package, "page-count")
    return Reading(
        nature="odt",
        forme="editable",
        blocks=told.blocks + told.notes,
        headers="" if common is None else "\n".join(dict.fromkeys(_margins(common, named))),
        pages=pages,
        signatures=(*digital(package), *_visible(body, told.blocks, pages)),
        revisions=sum(1 for root in roots for _ in root.iter(*_CHANGES)),
        commentaires=sum(1 for root in roots for _ in root.iter(f"{OFFICE}annotation")),
        macros=count_macros(package, *roots),
        objets_lies=count_links(package, *roots),
    )


def _part(package: Package, name: str) -> etree._Element | None:
    """Return a part that a document may do without; a damaged one costs what it says, not the text."""
    try:
        return package.xml(name) if name in package else None
    except ReadingError:
        return None


def _margins(common: etree._Element, named: etree._Element | None) -> Iterator[str]:
    styles = load_styles(named, common.find(f"{OFFICE}automatic-styles"))
    pages = common.find(f"{OFFICE}master-styles")
    for kind in _MARGINS:
        for margin in () if pages is None else pages.iter(kind):
            if margin.get(f"{STYLE}display") != "false":
                yield from (block.text for block in story(margin, styles).blocks if block.text)


def _visible(body: etree._Element, blocks: tuple[Block, ...], pages: int | None) -> Iterator[Signature]:
    def signs(block: Block) -> bool:
        node = body
        for index in block.anchor:
            node = node[index]
        image = next(node.iter(f"{DRAW}image"), None) is not None
        return image and next(node.iter("{*}signatureline"), None) is None

    found = next(signed_image(blocks, signs), None)
    if found is None and any(_on_last_page(node, pages) for node in body.iterfind(f"{DRAW}frame")):
        found = VISIBLE
    if found is not None:
        yield found


def _on_last_page(frame: etree._Element, pages: int | None) -> bool:
    """Tell whether an image set on the page itself stands low on the last one."""
    number = frame.get(f"{TEXT}anchor-page-number", "")
    place = re.fullmatch(r"([\d.]+)(cm|mm|in|pt)", frame.get(f"{_SVG}y", ""))
    return (
        frame.find(f"{DRAW}image") is not None
        and place is not None
        and number.isdecimal()
        and int(number) >= (pages or 1)
        and float(place.group(1)) * _CENTIMETRES[place.group(2)] >= _LOW
    )
