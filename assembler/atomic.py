"""Files replaced at once: a kill at any moment leaves the old one or the new one, never half."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from assembler.errors import WritingError
from assembler.files import long_path, reason
from assembler.openfiles import blocked

__all__ = ["explain", "replace_file", "sweep", "write_atomic"]

_PREFIX = ".assemble-"
_STALE = 3600.0
_TRIES = 3
_PAUSE = 0.5
_UNKNOWN = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)


def write_atomic(path: Path, content: bytes) -> None:
    """Write one file at once: a kill at any moment leaves the old one or the new one.

    Raises:
        WritingError: no right, no room, or somebody holds it open.
    """
    try:
        long_path(path.parent).mkdir(parents=True, exist_ok=True)
        sweep(path.parent)
        written = replace_file(path, content)
    except OSError as cause:
        raise WritingError(explain(cause, path)) from cause
    if not written:
        raise WritingError(f"« {path} » est {blocked(path)}, puis recommencez.")


def replace_file(target: Path, content: bytes, *, unless: Callable[[], bool] = lambda: False) -> bool:
    """Replace a file at once.

    Args:
        target: the file, in a folder that exists.
        content: what it is to hold.
        unless: asked just before; when true, nothing is replaced.

    Returns:
        False when nothing was replaced: somebody holds it open, or ``unless``.

    Raises:
        OSError: no right, no room; what stood there is untouched.
    """
    handle, name = tempfile.mkstemp(prefix=_PREFIX, dir=long_path(target.parent))
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            _to_the_disk(handle)
        with contextlib.suppress(OSError):  # shares that know no mode
            Path(name).chmod(0o666 & ~_umask())
        for attempt in range(_TRIES):
            if unless():
                return False
            try:
                Path(name).replace(long_path(target))
                return True
            except PermissionError:
                if attempt + 1 < _TRIES:
                    time.sleep(_PAUSE)
        return False
    finally:
        Path(name).unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove our own temporary files that a kill left in a folder, an hour ago or more."""
    for left in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # somebody else swept it
            if left.is_file() and time.time() - left.stat().st_mtime > _STALE:
                left.unlink(missing_ok=True)


def explain(cause: OSError, path: Path, elsewhere: str = "") -> str:
    """Return in French why a file could not be written, and what to do.

    Args:
        cause: what the system said.
        path: the file.
        elsewhere: French: how to have it written in another folder, when the command can.
    """
    if cause.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"Il n’y a plus de place pour écrire « {path.name} » : libérez de l’espace, puis recommencez."
    if isinstance(cause, (NotADirectoryError, FileExistsError, IsADirectoryError)) or _is_folder(path):
        return f"« {path} » ne peut pas être écrit : un fichier ou un dossier du même nom tient sa place."
    if isinstance(cause, PermissionError) or cause.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"Vous n’avez pas le droit d’écrire « {path.name} » dans « {path.parent} » :"
            f" demandez ce droit{elsewhere}."
        )
    if cause.errno == errno.ENAMETOOLONG:
        return f"Le chemin de « {path.name} » est trop long : raccourcissez le nom du dossier."
    return f"« {path.name} » n’a pas pu être écrit ({reason(cause)}) : recommencez."


def _is_folder(path: Path) -> bool:
    """Tell whether a folder stands there, which Windows tells by a lack of rights."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _to_the_disk(handle: int) -> None:
    """Wait until the bytes are there: a share tells a lack of room no sooner, a power cut asks no leave."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _UNKNOWN:  # a file system that cannot
            raise


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current
