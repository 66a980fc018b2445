"""The directory of an OLE compound file: just enough to tell what the file is.

Source: [MS-CFB] § 2.2 (header), § 2.5.1 (DIFAT), § 2.6 (directory entries); [MS-DOC] § 2.5.2 (FibBase),
[MS-XLS] § 2.4.117 (FilePass) for passwords.
"""

from __future__ import annotations

import re
import struct

__all__ = ["MAGIC", "carries_program", "ole_nature", "ole_streams"]

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_END = 0xFFFFFFFA  # values from here on are not sector numbers
_MAX_ENTRIES = 20_000
_ENCRYPTED = {"encryptedpackage"}
_WORD = {"worddocument"}
_EXCEL = {"workbook", "book"}
_OTHERS = (("powerpoint document", "ppt"), ("__properties_version1.0", "msg"))
_FIB = 0xA5EC
_BOF, _FILEPASS = 0x0809, 0x002F
_FIRST_RECORDS = 20
_PROGRAM = re.compile(rb"\.(?:exe|com|scr|bat|cmd|js|jse|vbs|vbe|wsf|hta|msi|ps1|lnk|jar)\x00", re.IGNORECASE)
_PACKAGED = "\x01Ole10Native".encode("utf-16-le")


def ole_streams(data: bytes) -> frozenset[str]:
    """Return the names, in lower case, of the streams and storages just under the root.

    Args:
        data: the file; a damaged directory gives what could be followed, at worst nothing.
    """
    try:
        entries = _entries(data)
    except struct.error:
        return frozenset()
    if not entries:
        return frozenset()
    names: set[str] = set()
    todo, seen = [entries[0][3]], set()
    while todo:  # siblings form a tree; a loop in it must not hold us
        number = todo.pop()
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        name, left, right, *_ = entries[number]
        names.add(name.casefold())
        todo += [left, right]
    return frozenset(names)


def ole_nature(data: bytes) -> str:
    """Return ``office_chiffre``, ``doc``, ``xls``, ``ppt``, ``msg`` or ``ole`` for a compound file."""
    names = ole_streams(data)
    if names & _ENCRYPTED:
        return "office_chiffre"
    if names & (_WORD | _EXCEL):
        if _needs_password(data):
            return "office_chiffre"
        return "doc" if names & _WORD else "xls"
    return next((nature for name, nature in _OTHERS if name in names), "ole")


def carries_program(data: bytes) -> bool:
    """Tell whether an embedded object is a packaged file that Windows would run."""
    return _PACKAGED in data and bool(_PROGRAM.search(data))


def _needs_password(data: bytes) -> bool:
    """Tell whether an old Word or Excel file is encrypted, from the first bytes of its main stream."""
    try:
        start = next(
            (
                entry[4]
                for entry in _entries(data)
                if entry[0].casefold() in _WORD | _EXCEL and entry[4] < _END
            ),
            None,
        )
        if start is None:
            return False
        offset = (start + 1) << struct.unpack_from("<H", data, 0x1E)[0]
        first, size = struct.unpack_from("<HH", data, offset)
        if first == _FIB:
            return bool(struct.unpack_from("<H", data, offset + 0x0A)[0] & 0x0100)
        for _ in range(_FIRST_RECORDS if first == _BOF else 0):
            offset += 4 + size
            kind, size = struct.unpack_from("<HH", data, offset)
            if kind == _FILEPASS:
                return True
    except struct.error:
        pass
    return False


def _entries(data: bytes) -> list[tuple[str, int, int, int, int]]:
    """Return ``(name, left, right, child, first sector)`` of each directory entry, in order."""
    shift = struct.unpack_from("<H", data, 0x1E)[0]
    if shift not in (9, 12):
        return []
    size = 1 << shift
    first = struct.unpack_from("<I", data, 0x30)[0]
    fat_sectors = [one for one in struct.unpack_from("<109I", data, 0x4C) if one < _END]
    entries: list[tuple[str, int, int, int, int]] = []
    sector, seen = first, set()
    while sector < _END and sector not in seen and len(entries) < _MAX_ENTRIES:
        seen.add(sector)
        start = (sector + 1) << shift
        for offset in range(start, min(start + size, len(data) - 127), 128):
            length = struct.unpack_from("<H", data, offset + 64)[0]
            name = data[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            links = struct.unpack_from("<III", data, offset + 68)
            entries.append((name, *links, struct.unpack_from("<I", data, offset + 116)[0]))
        table, index = divmod(sector, size // 4)
        if table >= len(fat_sectors):
            break
        sector = struct.unpack_from("<I", data, ((fat_sectors[table] + 1) << shift) + 4 * index)[0]
    return entries
