"""Files opened without trust: regular ones only, within a size, read once and whole.

A dossier may hold a pipe that never ends, a link to anywhere, a file that somebody is still copying.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

__all__ = ["Unsteady", "is_regular", "read_regular", "reason"]


class Unsteady(OSError):
    """The file changed while it was read."""


def is_regular(path: Path) -> bool:
    """Tell whether a plain file stands at ``path``; a link, a pipe or a folder is none."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def read_regular(path: Path, limit: int) -> bytes:
    """Return the bytes of a plain file.

    A file that changes meanwhile is read a second time, then given up.

    Args:
        path: the file; a link is not followed where the system lets us say so.
        limit: the greatest size, in bytes.

    Raises:
        Unsteady: it changed while it was read, twice.
        OSError: missing, no right, no plain file (``EINVAL``), or beyond ``limit`` (``EFBIG``).
    """
    try:
        return _read(path, limit)
    except Unsteady:
        return _read(path, limit)


def _read(path: Path, limit: int) -> bytes:
    # Without O_NONBLOCK, opening a pipe that nobody writes to waits for ever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as stream:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(errno.EINVAL, "pas un fichier ordinaire", str(path))
        if before.st_size > limit:
            raise OSError(errno.EFBIG, "trop gros", str(path))
        content = stream.read(before.st_size + 1)
        after = os.fstat(handle)
    if (before.st_mtime_ns, len(content)) != (after.st_mtime_ns, after.st_size):
        raise Unsteady(errno.EAGAIN, "change pendant la lecture", str(path))
    return content


_REASONS = {
    errno.ENOENT: "il a disparu",
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.ENAMETOOLONG: "son chemin est trop long",
    errno.ELOOP: "c’est un lien",
    errno.EINVAL: "ce n’est pas un fichier ordinaire",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EFBIG: "il est trop gros",
    errno.EAGAIN: "il change pendant la lecture",
    errno.EIO: "le disque ou le réseau ne répond pas",
    errno.ENXIO: "ce n’est pas un fichier ordinaire",
}


def reason(error: OSError) -> str:
    """Return in French why a file does not open."""
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
