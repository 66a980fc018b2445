"""The journal of a dossier: a line for each run that wrote, in ``sortie/.assemble/journal.jsonl``.

That of a register stands beside it, in ``.assemble/journal.jsonl``.

Several people may write at once on a share: a line is appended by one call, and a reader passes over
what is damaged.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import getpass
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assembler.files import read_regular
from assembler.model import JournalLine
from assembler.readers.limits import LIMITS

__all__ = ["JOURNAL", "append_line", "last_lines", "who"]

JOURNAL = Path(".assemble", "journal.jsonl")
"""Where the journal stands under ``sortie/``."""
_LONGEST = 60_000
"""Bytes of a line: below 64 KB, systems append it whole."""
_BEYOND = 2**30
"""A byte that no journal reaches: who locks it keeps nobody from reading."""
_TEXT = 1_000
"""Characters of one value…"""
_NAME = 60
"""… and of the name of an account, as shown."""


def who() -> str:
    """Return the name of the account that runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no account behind this user id (containers, services)
        return "inconnu"


def append_line(path: Path, line: Mapping[str, Any]) -> None:
    """Append one line to a journal, whole, whoever else appends meanwhile.

    Args:
        path: the journal, in a folder that exists.
        line: what to say; a list too long for a line is cut, and ``omis`` counts what is left out.

    Raises:
        OSError: it cannot be written.
    """
    data = _encoded(line)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(path, flags, 0o666)
    try:
        with _alone(handle):
            size = os.fstat(handle).st_size
            if size:
                os.lseek(handle, size - 1, os.SEEK_SET)
                if os.read(handle, 1) != b"\n":  # a run was stopped in the middle of its line
                    data = b"\n" + data
            if os.write(handle, data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    finally:
        os.close(handle)


@contextlib.contextmanager
def _alone(handle: int) -> Iterator[None]:
    """Append while nobody else does, as far as the share can lock: Windows appends in two steps."""
    if sys.platform == "win32":
        import msvcrt

        with contextlib.suppress(OSError):
            os.lseek(handle, _BEYOND, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # waits ten seconds at most
    try:
        yield
    finally:
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                os.lseek(handle, _BEYOND, os.SEEK_SET)
                msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)


def last_lines(output: Path, count: int = 5) -> tuple[JournalLine, ...]:
    """Return the last lines of a dossier's journal, the latest first; those that are damaged are passed over.

    Of the reports that a person has written one after the other, the latest alone is returned.

    Args:
        output: its ``sortie/``.
        count: how many.
    """
    try:
        content = read_regular(output / JOURNAL, LIMITS.xml_part)
    except (OSError, ValueError):
        return ()
    found: list[JournalLine] = []
    for raw in reversed(content.splitlines()):
        line = _line(raw)
        if line is not None and not (found and _same_report(line, found[-1])):
            found.append(line)
            if len(found) == count:
                break
    return tuple(found)


def _same_report(line: JournalLine, later: JournalLine) -> bool:
    return bool(line.rapport and later.rapport) and line.qui == later.qui


def _encoded(line: Mapping[str, Any]) -> bytes:
    told = _clipped(line)
    while True:
        # a file name that is no UTF-8 is spelt
        data = (json.dumps(told, ensure_ascii=False) + "\n").encode("utf-8", errors="backslashreplace")
        lists = {key: value for key, value in told.items() if isinstance(value, list) and value}
        if len(data) <= _LONGEST or not lists:
            return data
        longest = max(lists, key=lambda key: len(lists[key]))
        kept = len(lists[longest]) // 2
        omitted = told.get("omis", 0) + len(lists[longest]) - kept
        told = {**told, longest: lists[longest][:kept], "omis": omitted}


def _clipped(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= _TEXT else f"{value[:_TEXT]}…"
    if isinstance(value, Mapping):
        return {key: _clipped(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clipped(item) for item in value]
    return value


def _line(raw: bytes) -> JournalLine | None:
    try:
        told = json.loads(raw)
        return JournalLine(
            quand=dt.datetime.fromisoformat(told["quand"]),
            qui=(_text(told["qui"]) or "inconnu")[:_NAME],
            commande=_text(told.get("commande")) or "",
            version=_text(told.get("version")) or "",
            regles=_text(told.get("regles")),
            motif=_text(told.get("motif")),
            documents=tuple(str(_text(one["nom"])) for one in told.get("documents", ())),
            visas=tuple(str(_text(one["regle"])) for one in told.get("visas", ())),
            rapport=_text(told.get("rapport", {}).get("nom")),
            omis=int(told.get("omis", 0)),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value[:_TEXT] if value else None
    raise TypeError
