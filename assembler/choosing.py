"""Of which format a dossier is: as asked, else as its fiche says, else as its folder's name or files tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assembler.contributions import Format
from assembler.errors import NothingToCheck, UsageError
from assembler.folder import Folder
from assembler.model import FicheFault, Location, Source

__all__ = ["choose_format", "claiming"]


def choose_format(
    folder: Folder,
    formats: Mapping[str, Format],
    asked: str | None,
    first: Mapping[str, Any],
    sources: Sequence[Source],
) -> tuple[Format, tuple[FicheFault, ...]]:
    """Return the format of a dossier: the one asked for, else the fiche's, else the one it looks like.

    Args:
        folder: the folder, listed.
        formats: the installed formats by id.
        asked: the format asked for on the command line.
        first: the fiche, from :func:`assembler.fichefile.first_look`.
        sources: the files, read.

    Returns:
        The format, and the fault of a fiche that names one that is not installed.

    Raises:
        NothingToCheck: no format, or several, look right.
        UsageError: the format asked for does not exist.
    """
    if not formats:
        raise NothingToCheck("Aucun format n’est installé : « assemble plugins » dit pourquoi.")
    installed = ", ".join(sorted(formats))
    if asked is not None:
        if asked not in formats:
            raise UsageError(f"Le format « {asked} » n’existe pas. Formats installés : {installed}.")
        return formats[asked], ()
    written = first.get("format")
    if isinstance(written, str) and written.strip() in formats:
        return formats[written.strip()], ()
    found = claiming(formats.values(), folder.name, sources)
    if written:
        where = Location(fichier=folder.fiches[0], champ="format", libelle=folder.fiches[0])
        message = f"Le format « {written} » n’est pas installé. Formats installés : {installed}."
        fault = FicheFault(kind="format", message=message, location=where, value=str(written))
        return (found or list(formats.values()))[0], (fault,)
    if len(found) == 1:
        return found[0], ()
    if folder.fiches and not first and formats:
        # The fiche cannot be read: its fault is the finding; any format can tell it.
        return (found or list(formats.values()))[0], ()
    names = ", ".join(sorted(one.id for one in found))
    reason = f"Plusieurs formats conviennent ({names})" if found else "Le format du dossier n’est pas reconnu"
    raise NothingToCheck(f"{reason} : précisez-le avec --format ({installed}).")


def claiming(formats: Iterable[Format], name: str, sources: Sequence[Source]) -> list[Format]:
    """Return the formats that a folder looks like: by its name, else by what it holds.

    Args:
        formats: those to ask.
        name: what the folder is called.
        sources: its files, read.
    """
    asked = list(formats)
    named = [one for one in asked if one.named(name) is not None]
    return named or [one for one in asked if one.detect(sources)]
