"""Packages whose bytes depend on nothing but their content: order, dates and properties are fixed."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from assembler.text import clean

__all__ = ["CORE", "CUSTOM", "Packed", "canonical_zip", "core_properties", "custom_properties", "pack"]

CORE = "docProps/core.xml"
CUSTOM = "docProps/custom.xml"

_FIRST = ("[Content_Types].xml", "mimetype", "_rels/.rels")
_LEVEL = 6
_MS_DOS_DATE = (1 << 5) | 1
"""1980-01-01, the first day that a zip can tell; the time is midnight."""
_UTF8 = 0x800
_UNIX = (3 << 8, 0o100644 << 16)
"""Origin and mode of a member: Info-ZIP's unzip spells the accents of a zip from DOS wrongly."""
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PLACES = {
    "title": "dc:title",
    "subject": "dc:subject",
    "author": "dc:creator",
    "keywords": "cp:keywords",
    "description": "dc:description",
    "category": "cp:category",
}


@dataclass(frozen=True, slots=True)
class Packed:
    """A member already compressed, to be copied as it is."""

    data: bytes
    """Raw deflate stream, or the bytes themselves when ``stored``."""
    size: int
    """Bytes once expanded."""
    crc: int
    stored: bool = False


def pack(data: bytes, *, stored: bool = False) -> Packed:
    """Compress one member; ``stored`` keeps it as it is."""
    crc = zlib.crc32(data)
    if not stored:
        squeezer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
        squeezed = squeezer.compress(data) + squeezer.flush()
        if len(squeezed) < len(data):
            return Packed(squeezed, len(data), crc)
    return Packed(data, len(data), crc, stored=True)


def canonical_zip(members: Mapping[str, bytes | Packed], day: dt.date | None = None) -> bytes:
    """Return a zip of ``members``: the same members always give the same bytes.

    Args:
        members: content by name. ``[Content_Types].xml`` (or ``mimetype``, never compressed) comes
            first, then ``_rels/.rels``, then the others in alphabetical order.
        day: date of the members, for a zip that people expand; None: 1980-01-01.

    No extra field, no machine. The members are written by hand and not through
    zipfile, which cannot copy a compressed member: it is 96 % of the time of a letter (vitesse.md).
    """
    names = [name for name in _FIRST if name in members]
    names += sorted(name for name in members if name not in _FIRST)
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    date = ((day.year - 1980) << 9 | day.month << 5 | day.day) if day else _MS_DOS_DATE
    host, mode = _UNIX if day else (0, 0)
    for name in names:
        content = members[name]
        member = content if isinstance(content, Packed) else pack(content, stored=name == "mimetype")
        raw = name.encode("utf-8")
        flags = 0 if raw.isascii() else _UTF8
        method = 0 if member.stored else 8
        common = struct.pack(
            "<HHHHHIIIHH",
            20, flags, method, 0, date, member.crc, len(member.data), member.size, len(raw), 0,
        )  # fmt: skip
        body += (b"PK\x03\x04", common, raw, member.data)
        directory += (
            b"PK\x01\x02",
            struct.pack("<H", host | 20),
            common,
            struct.pack("<HHHII", 0, 0, 0, mode, offset),
            raw,
        )
        offset += 4 + len(common) + len(raw) + len(member.data)
    index = b"".join(directory)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(names), len(names), len(index), offset, 0)
    return b"".join((*body, index, end))


def core_properties(values: Mapping[str, str], edition: dt.date | None = None) -> bytes:
    """Return ``docProps/core.xml``: who, what, in French, dated from the edition and from nothing else.

    Args:
        values: ``title``, ``author``, ``subject``, ``keywords``, ``description``, ``category``; other
            keys are left to :func:`custom_properties`.
        edition: date of edition, said to be the creation and the last change, at midnight UTC.
    """
    fields = [f"<{place}>{_safe(values[key])}</{place}>" for key, place in _PLACES.items() if values.get(key)]
    fields.append("<dc:language>fr-FR</dc:language>")
    if values.get("author"):
        fields.append(f"<cp:lastModifiedBy>{_safe(values['author'])}</cp:lastModifiedBy>")
    if edition is not None:
        for place in ("created", "modified"):
            moment = f"{edition.isoformat()}T00:00:00Z"
            fields.append(f'<dcterms:{place} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{place}>')
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:dcmitype="http://purl.org/dc/dcmitype/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{''.join(fields)}</cp:coreProperties>"
    ).encode()


def custom_properties(values: Mapping[str, str]) -> bytes | None:
    """Return ``docProps/custom.xml`` for the keys that the core properties do not know, or None."""
    others = sorted(key for key in values if key not in _PLACES and key != "edition" and values[key])
    if not others:
        return None
    fields = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}"'
        f" name={quoteattr(clean(key))}>"
        f"<vt:lpwstr>{_safe(values[key])}</vt:lpwstr></property>"
        for number, key in enumerate(others, start=2)
    )
    return (
        f'{_HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
        ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{fields}</Properties>"
    ).encode()


def _safe(text: str) -> str:
    return escape(clean(text))
