"""What takes long to make, kept on this machine from one run to the next, in a folder of the account's own.

It serves as long as what it is made from has the same bytes, and the code that makes it is the same.
Without the folder, or when it is damaged, everything is made again: never an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import marshal
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from assembler.atomic import write_atomic
from assembler.errors import WritingError
from assembler.files import read_regular
from assembler.readers.limits import LIMITS

__all__ = ["kept", "own_folder"]

T = TypeVar("T")

_MOST = 300
"""Files of one kind: beyond, the oldest go."""
_SEAL = 32
"""Bytes of the SHA-256 that comes first: half a file, or another one, is not loaded."""


def own_folder() -> Path:
    """Return the folder where this account keeps what can be made again; it is made when it is not there.

    Raises:
        OSError: there is none to be had.
    """
    from platformdirs import user_cache_path

    folder = user_cache_path("assembler", appauthor=False)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def kept(kind: str, key: bytes, make: Callable[[], T]) -> T:
    """Return what ``make`` returns, from the disk when it was made before.

    Args:
        kind: one folder for each.
        key: stands for all that the value depends on, but for this Python.
        make: makes it, of what marshal carries: numbers, texts, bytes, tuples, mappings, code.

    Raises:
        Exception: whatever ``make`` raises.
    """
    name = hashlib.sha256(importlib.util.MAGIC_NUMBER + key).hexdigest()
    try:
        folder = own_folder()
        file = folder / kind / name if _only_ours(folder) else None
    except OSError:
        file = None
    if file is None:
        return make()
    with contextlib.suppress(OSError, ValueError, EOFError, TypeError):
        content = read_regular(file, LIMITS.file)
        if hashlib.sha256(content[_SEAL:]).digest() == content[:_SEAL]:
            found: T = marshal.loads(content[_SEAL:])
            return found
    made = make()
    body = marshal.dumps(cast("Any", made))
    with contextlib.suppress(OSError, WritingError):
        write_atomic(file, hashlib.sha256(body).digest() + body)
        _bound(file.parent)
    return made


def _only_ours(folder: Path) -> bool:
    """Tell whether nobody else can write there: what is kept there is run."""
    if not hasattr(os, "geteuid"):
        return True  # on Windows, a folder of the account's profile
    found = folder.stat()
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _bound(folder: Path) -> None:
    files = sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime)
    for old in files[:-_MOST]:
        old.unlink(missing_ok=True)
