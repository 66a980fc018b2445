"""Names of the members of a zip as the person typed them, whatever the program that made it.

A zip says that its names are in UTF-8, or says nothing: Windows then writes them in the code page of its
console (850 in France) or in that of its windows (1252), macOS in decomposed UTF-8 all the same
(robustesse.md § 2.6). The encoding kept is the one in which the names read as French.

Source: PKWARE APPNOTE 6.3.10, § 4.4.4 (bit 11), § 4.6.9 (Info-ZIP Unicode Path).
"""

from __future__ import annotations

import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence

__all__ = ["real_names"]

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_ENCODINGS = ("cp850", "cp1252", "mac_roman", "cp437")
_COMMON = frozenset("éèêàçâôîûùëïœ’°«»–ÉÈÀÊÇÔÎ²€…\u00a0")


def real_names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return the name of each member, composed (NFC), ``/`` separated; a folder's ends with ``/``.

    Args:
        members: the members, as :mod:`zipfile` gives them.
    """
    known = [_known(info) for info in members]
    unsure = [_bytes(info) for info, name in zip(members, known, strict=True) if name is None]
    encoding = max(_ENCODINGS, key=lambda one: _frenchness(unsure, one))
    names = [
        _bytes(info).decode(encoding, "replace") if name is None else name
        for info, name in zip(members, known, strict=True)
    ]
    return [unicodedata.normalize("NFC", name.replace("\\", "/")) for name in names]


def _bytes(info: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a name that does not say its encoding: zipfile took it for code page 437."""
    return info.orig_filename.encode("cp437")


def _known(info: zipfile.ZipInfo) -> str | None:
    """Return a name whose encoding is told, or can only be UTF-8; None when it is to be guessed."""
    if info.flag_bits & _UTF8_FLAG or info.orig_filename.isascii():
        return info.orig_filename
    try:
        return _unicode_path(info) or _bytes(info).decode("utf-8")
    except UnicodeError:
        return None


def _frenchness(names: Sequence[bytes], encoding: str) -> int:
    """Return how much names read as French: accents where French has them, none elsewhere."""
    score = 0
    for raw in names:
        text = raw.decode(encoding, "replace")
        for before, char in zip(" " + text, text, strict=False):
            if char.isascii():
                continue
            # « prÉfet » is a mistake of encoding, « Évron » and « COËVRONS » are not.
            misplaced = char.isupper() and before.islower()
            score += 1 if char in _COMMON and not misplaced else -2
    return score


def _unicode_path(info: zipfile.ZipInfo) -> str | None:
    """Return the name that Info-ZIP and 7-Zip add in UTF-8, when it is about this very name."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        body = extra[4 : 4 + size]
        extra = extra[4 + size :]
        if kind == _UNICODE_PATH and len(body) > 5 and body[0] == 1:
            try:
                name = body[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
            same = struct.unpack_from("<I", body, 1)[0] == zlib.crc32(_bytes(info))
            # The name beside was checked, this one was not: it may lead nowhere else.
            outside = name.startswith(("/", "\\")) or ".." in name or ":" in name or "\0" in name
            return name if same and not outside else None
    return None
