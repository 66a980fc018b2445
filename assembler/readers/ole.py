"""The directory of an OLE compound file: just enough to tell what the file is.

Source: [MS-CFB] § 2.2 (header), § 2.5.1 (DIFAT), § 2.6 (directory entries).
"""

from __future__ import annotations

import struct

__all__ = ["MAGIC", "ole_nature", "ole_streams"]

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_END = 0xFFFFFFFA  # values from here on are not sector numbers
_MAX_ENTRIES = 20_000
_ENCRYPTED = {"encryptedpackage"}
_WORD = {"worddocument"}
_EXCEL = {"workbook", "book"}


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
        name, left, right, _child = entries[number]
        names.add(name.casefold())
        todo += [left, right]
    return frozenset(names)


def ole_nature(data: bytes) -> str:
    """Return ``office_chiffre``, ``doc``, ``xls`` or ``ole`` for a compound file."""
    names = ole_streams(data)
    if names & _ENCRYPTED:
        return "office_chiffre"
    if names & _WORD:
        return "doc"
    return "xls" if names & _EXCEL else "ole"


def _entries(data: bytes) -> list[tuple[str, int, int, int]]:
    """Return ``(name, left, right, child)`` of each directory entry, in order."""
    shift = struct.unpack_from("<H", data, 0x1E)[0]
    if shift not in (9, 12):
        return []
    size = 1 << shift
    first = struct.unpack_from("<I", data, 0x30)[0]
    fat_sectors = [one for one in struct.unpack_from("<109I", data, 0x4C) if one < _END]
    entries: list[tuple[str, int, int, int]] = []
    sector, seen = first, set()
    while sector < _END and sector not in seen and len(entries) < _MAX_ENTRIES:
        seen.add(sector)
        start = (sector + 1) << shift
        for offset in range(start, min(start + size, len(data) - 127), 128):
            length = struct.unpack_from("<H", data, offset + 64)[0]
            name = data[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            entries.append((name, *struct.unpack_from("<III", data, offset + 68)))
        table, index = divmod(sector, size // 4)
        if table >= len(fat_sectors):
            break
        sector = struct.unpack_from("<I", data, ((fat_sectors[table] + 1) << shift) + 4 * index)[0]
    return entries
