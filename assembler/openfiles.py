"""Who holds a file open: what Word, Excel and LibreOffice write beside it while they do."""

from __future__ import annotations

import csv
import os
import time
from pathlib import Path

from assembler.files import read_regular
from assembler.text import clean

__all__ = ["blocked", "opened"]

_DAY = 86_400.0
"""Seconds after which such a file is one that a program left behind."""
_ROOM = 4_096
_LONGEST = 52
"""Characters of a name: Office accepts no more."""
_WORD, _OTHERS = 54, 55
"""Where Word, then Excel and PowerPoint, write the length of the name, then the name in UTF-16."""


def opened(target: Path) -> str | None:
    """Return how to say that a file is open, « ouvert par Camille Exemple », or None when it is not.

    Args:
        target: the file, which need not be there.
    """
    name = target.name
    # Word leaves out the first letters of a name that is long enough
    office = [f"~${name[cut:]}" for cut in (2, 1, 0)]
    for owner, read in [(f".~lock.{name}#", _libreoffice), *((one, _office) for one in office)]:
        path = target.with_name(owner)
        try:
            if time.time() - path.stat().st_mtime > _DAY:
                continue
        except OSError:
            continue
        try:
            who = " ".join(clean(read(read_regular(path, _ROOM))).split())[:_LONGEST]
        except (OSError, ValueError, IndexError, csv.Error):  # Word itself holds it on Windows
            who = ""
        return f"ouvert par {who}" if who else "ouvert ailleurs"
    return None


def blocked(target: Path) -> str:
    """Return why Windows does not replace a file and what to do: « ouvert par X : fermez-le »."""
    if state := opened(target):
        return f"{state} : fermez-le"
    if target.exists() and not os.access(target, os.W_OK):
        return "en lecture seule : décochez « Lecture seule » dans ses propriétés"
    return "tenu par un autre programme : fermez-le"


def _libreoffice(data: bytes) -> str:
    """Return the full name of the first field, else the account of the second, with its machine."""
    (fields, *_) = csv.reader([data.decode("utf-8")], quoting=csv.QUOTE_NONE, escapechar="\\")
    name, account, host = (*fields, "", "", "")[:3]
    return name.strip() or (f"{account} (poste {host})" if account and host else account)


def _office(data: bytes) -> str:
    """Return the name of an owner file of Office: in UTF-16 in its second half, else in the first, in ANSI.

    The layout is what LibreOffice found (svl/source/misc/msodocumentlockfile.cxx).
    """
    # Excel fills with spaces up to its length; Word with zeros, and 32 would then be a length
    place = _OTHERS if data[_WORD] == 0x20 and data[_WORD - 2 : _WORD] != b"\0\0" else _WORD
    length = data[place]
    if 0 < length <= _LONGEST:
        return data[place + 2 : place + 2 + 2 * length].decode("utf-16-le")
    return data[1 : 1 + min(data[0], _LONGEST)].decode("cp1252")
