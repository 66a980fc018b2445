"""Images given as pieces: their size, read from their first bytes; what they show, only the eye can tell."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from assembler.errors import ReadingError
from assembler.model import Reading, Signature
from assembler.readers.containers import expect

__all__ = ["read", "sizes"]

_NATURES = ("jpg", "png", "tiff")
_SMALLEST = 300
"""Pixels, on the shorter side: below, an image is a logo or an icon, not a letter."""
_MOST_PAGES = 2_000
_DAMAGED = (
    "L’image est endommagée : ouvrez-la, enregistrez-la à nouveau (de préférence en PDF) et remplacez-la."
)
# Frame headers of JPEG (ITU-T T.81, table B.1): SOF0 to SOF15, without DHT, JPG and DAC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def read(data: bytes) -> Reading:
    """Read a JPEG, a PNG or a TIFF of one or several pages.

    Each page big enough to be a scanned letter gives a ``numerisee`` signature: only the eye can tell.

    Args:
        data: the file's bytes.

    Raises:
        ReadingError: ``vide``, ``nature`` or ``illisible``.
    """
    nature = expect(data, _NATURES)
    pages = sizes(data, nature)
    return Reading(
        nature=nature,
        forme="image",
        pages=len(pages),
        signatures=tuple(
            Signature(
                etat="numerisee",
                page=number,
                detail=f"image de {width} × {height} pixels : la signature est à voir à l’œil",
            )
            for number, (width, height) in enumerate(pages, start=1)
            if min(width, height) >= _SMALLEST
        ),
    )


def sizes(data: bytes, nature: str) -> list[tuple[int, int]]:
    """Return ``(width, height)`` of each page, in pixels.

    Raises:
        ReadingError: ``illisible`` when the image is cut short or holds no page.
    """
    try:
        if nature == "png":
            found = [_png(data)]
        elif nature == "jpg":
            found = [_jpeg(data)]
        else:
            found = list(_tiff(data))
    except (struct.error, IndexError, ValueError) as cause:
        raise ReadingError("illisible", _DAMAGED) from cause
    if not found or not all(width and height for width, height in found):
        raise ReadingError("illisible", _DAMAGED)
    return found


def _png(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR" or b"IEND" not in data[-64:]:
        raise ValueError
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpeg(data: bytes) -> tuple[int, int]:
    """Follow the markers to the frame header (ITU-T T.81, § B.1.1)."""
    if b"\xff\xd9" not in data[-65536:]:  # cut short; cameras add their own bytes after the end
        raise ValueError
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    raise ValueError


def _tiff(data: bytes) -> Iterator[tuple[int, int]]:
    """Follow the directories, one a page (TIFF 6.0, § 2); a loop among them ends them."""
    order = "<" if data[:2] == b"II" else ">"
    at = struct.unpack_from(f"{order}I", data, 4)[0]
    seen: set[int] = set()
    while at and at not in seen and len(seen) < _MOST_PAGES:
        seen.add(at)
        count = struct.unpack_from(f"{order}H", data, at)[0]
        tags = {}
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind = struct.unpack_from(f"{order}HH", data, entry)
            tags[tag] = struct.unpack_from(f"{order}{'H' if kind == 3 else 'I'}", data, entry + 8)[0]
        if not tags.get(254, 0) & 1:  # a reduced copy of another page is no page
            yield tags.get(256, 0), tags.get(257, 0)
        at = struct.unpack_from(f"{order}I", data, at + 2 + 12 * count)[0]
