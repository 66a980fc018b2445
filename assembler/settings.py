"""``assembler.toml``: the settings of a desk or of a service, read above a dossier, never inside it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from assembler.errors import UsageError
from assembler.files import is_regular, read_regular, reason
from assembler.readers.limits import LIMITS

__all__ = ["SETTINGS", "folder_setting"]

SETTINGS = "assembler.toml"
"""``referentiels = "S:/DGALN"`` and ``gabarits = "gabarits"``: folders, from the file's own."""


def folder_setting(name: str, dossier: Path) -> Path | None:
    """Return the folder that the nearest settings file gives under a name, or None when none gives it.

    Args:
        name: ``referentiels`` or ``gabarits``.
        dossier: the dossier's folder or zip: the files looked at are above it, then in the folder where
            the command is run.

    Raises:
        UsageError: a settings file cannot be read, or the folder that it gives does not exist.
    """
    for file in (parent / SETTINGS for parent in (*dossier.resolve().parents, Path.cwd())):
        if is_regular(file) and (folder := _folder(file, name)):
            return folder
    return None


def _folder(file: Path, name: str) -> Path | None:
    try:
        given = tomllib.loads(read_regular(file, LIMITS.xml_part).decode("utf-8-sig")).get(name)
    except (OSError, ValueError) as error:
        told = reason(error) if isinstance(error, OSError) else str(error)
        raise UsageError(f"« {file} » ne se lit pas : {told}.") from error
    if given is None:
        return None
    if not isinstance(given, str):
        raise UsageError(f"« {file} » : « {name} » est le nom d’un dossier, entre guillemets.")
    folder = file.parent / given
    try:
        found = folder.is_dir()
    except OSError:  # no right to look
        found = False
    if not found:
        raise UsageError(f"« {file} » : le dossier « {given} » ({name}) n’existe pas.")
    return folder
