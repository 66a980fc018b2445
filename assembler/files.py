"""Files opened without trust: regular ones only, within a size, read once and whole.

A dossier may hold a pipe that never ends, a link to anywhere, a file that somebody is still copying.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
from pathlib import Path

__all__ = ["Unsteady", "find_program", "is_regular", "long_path", "read_regular", "reason"]

_ENDINGS = (".com", ".exe") if sys.platform == "win32" else ("",)


class Unsteady(OSError):
    """The file changed while it was read."""


def is_regular(path: Path) -> bool:
    """Tell whether a plain file stands at ``path``; a link, a pipe or a folder is none."""
    try:
        return stat.S_ISREG(long_path(path).lstat().st_mode)
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
    handle = os.open(long_path(path), flags | getattr(os, "O_NOFOLLOW", 0))
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


_NETWORK = "le disque ou le réseau ne répond pas"
_REASONS = {
    errno.ENOENT: "il a disparu",
    errno.EEXIST: "le même nom y figure deux fois",
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.ENAMETOOLONG: "son chemin est trop long",
    errno.ELOOP: "c’est un lien",
    errno.EINVAL: "ce n’est pas un fichier ordinaire",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EFBIG: "il est trop gros",
    errno.EAGAIN: "il change pendant la lecture",
    errno.EIO: _NETWORK,
    errno.ENXIO: "ce n’est pas un fichier ordinaire",
}
if sys.platform == "win32":  # which opens a file without telling more
    _REASONS[errno.EACCES] = "l’accès est refusé, ou un autre programme le tient ouvert"
    _REASONS[errno.EINVAL] = f"ce n’est pas un fichier ordinaire, ou {_NETWORK}"
_WINDOWS_REASONS = {
    21: _NETWORK,  # not ready
    **dict.fromkeys((53, 55, 59, 64, 67, 121, 1222, 1231, 1232, 1236), _NETWORK),
    **dict.fromkeys((32, 33), "un autre programme le tient ouvert"),
    123: "son nom est interdit",
    206: "son chemin est trop long",
}
"""By the code of Windows, told by some calls: Python makes of it a lack of rights or a missing file."""


def reason(error: OSError) -> str:
    """Return in French why a file does not open."""
    if told := _WINDOWS_REASONS.get(getattr(error, "winerror", None) or 0):
        return told
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)


def long_path(path: Path, *, at_least: int = 240) -> Path:
    r"""Return ``path`` in the ``\\?\`` form that lets Windows go beyond 260 characters.

    Windows takes this form as it is written: no ``..`` may be left in it.

    Args:
        path: a file or a folder.
        at_least: characters under which a path is left as it is.
    """
    text = str(path)
    if os.name != "nt" or len(text) < at_least or text.startswith("\\\\?\\"):
        return path
    text = os.path.normpath(path.absolute())
    return Path("\\\\?\\UNC" + text[1:] if text.startswith("\\\\") else "\\\\?\\" + text)


def find_program(name: str) -> str | None:
    """Return the path of a program of the ``PATH``, or None.

    On Windows, ``shutil.which`` looks in the current folder first: a dossier may bring its own there.

    Args:
        name: without its extension.
    """
    for folder in filter(os.path.isabs, os.get_exec_path()):
        for ending in _ENDINGS:
            if found := shutil.which(str(Path(folder, name + ending))):
                return found
    return None
