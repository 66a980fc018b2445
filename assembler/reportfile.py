"""A report written into a file: never over anything that is not a report."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from assembler.atomic import write_atomic
from assembler.errors import UsageError

__all__ = ["write_report"]

_START = 4096
_MARKS = (
    b'name="generator" content="assembler',
    b'"version_rapport"',
    b"\n=> ",
    "Rien à contrôler :".encode(),
)
"""What the start of a page, of JSON, of a text says of itself; a workbook says it in its properties."""
_SUBJECT = "Rapport de contrôle".encode()


def write_report(path: Path, content: bytes, dossiers: Iterable[tuple[Path, Path]]) -> None:
    """Write a report where it was asked for.

    Args:
        path: the file; a report that it holds is replaced.
        content: the report.
        dossiers: the folder of each dossier checked, and that of what is produced from it.

    Raises:
        UsageError: the file is among the pieces of a dossier, or holds something else than a report.
        WritingError: it cannot be written.
    """
    target = path.resolve()
    for root, output in dossiers:
        if target.is_relative_to(root.resolve()) and not target.is_relative_to(output.resolve()):
            raise UsageError(
                f"--fichier : « {path} » est parmi les pièces du dossier, où rien ne s’écrit. "
                f"Donnez un fichier ailleurs, par exemple « {output / path.name} »."
            )
    if path.exists() and not _is_report(path):
        raise UsageError(
            f"--fichier : « {path} » existe et n’est pas un rapport ; il est gardé. Donnez un autre nom."
        )
    write_atomic(path, content)


def _is_report(path: Path) -> bool:
    """Tell whether a file is a report of ours, or empty."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        start = stream.read(_START)
        if start.startswith(b"PK"):
            # A zip that is no workbook, or a broken one, is no report.
            with contextlib.suppress(KeyError, ValueError, NotImplementedError, zipfile.BadZipFile):
                whole = io.BytesIO(start + stream.read())
                return _SUBJECT in zipfile.ZipFile(whole).read("docProps/core.xml")
            return False
    return not start or any(mark in start for mark in _MARKS)
