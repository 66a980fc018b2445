"""One file of a dossier: read once, hashed, its true nature named."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from assembler.contributions import Reader
from assembler.errors import ReadingError
from assembler.files import Unsteady, read_regular, reason
from assembler.model import Reading, Source
from assembler.readers.containers import sniff
from assembler.readers.limits import LIMITS, MEGA
from assembler.readers.natures import NATURES, misnamed

__all__ = ["LIGHTER", "OVERRUN", "TOO_BIG", "overrun", "read_source", "read_steps"]

OVERRUN = "depassement"
"""``Source.defaut`` of a file whose reader crashed or went beyond its limits: it could not be checked."""


LIGHTER = "ouvrez-le, enregistrez-le de nouveau en plus léger et remplacez-le"
TOO_BIG = f"Sa lecture demande plus de {LIMITS.memory // MEGA} Mo de mémoire : {LIGHTER}."


def overrun(found: Source, told: str) -> Source:
    """Return a file as one that could not be checked.

    Args:
        found: the file.
        told: why, in French.
    """
    explication = f"Le fichier n’a pas pu être contrôlé. {told}"
    return replace(found, reading=None, defaut=OVERRUN, explication=explication)


def read_source(root: Path, name: str, readers: Mapping[str, Reader]) -> Source:
    """Read one file of the dossier, in this process.

    Args:
        root: the dossier's folder.
        name: the file's relative name, ``/`` separated.
        readers: the readers by nature.

    Returns:
        The source; a file that cannot be read has ``defaut`` and ``explication`` instead of a reading.
    """
    return list(read_steps(root, name, readers))[-1]


def read_steps(root: Path, name: str, readers: Mapping[str, Reader]) -> Iterator[Source]:
    """Read one file; see :func:`read_source`.

    Yields:
        The file as found, named and hashed, before any reader sees it; then the same once read. One of them
        when there is nothing to read.
    """
    path = root.joinpath(*name.split("/"))
    unread = Source(name=name, path=str(path), octets=0, sha256="", nature="inconnu")
    try:
        content = read_regular(path, LIMITS.file)
    except (OSError, ValueError) as error:
        yield replace(unread, defaut="illisible", explication=_closed(error))
        return
    found = replace(
        unread, octets=len(content), sha256=hashlib.sha256(content).hexdigest(), nature=sniff(content)
    )
    yield found
    yield _read(found, content, readers)


def _closed(error: OSError | ValueError) -> str:
    if isinstance(error, Unsteady):
        return "Le fichier change pendant qu’on le lit : attendez la fin de sa copie, puis recommencez."
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return f"Le fichier dépasse {LIMITS.file // MEGA} Mo : allégez-le (images, annexes)."
    why = reason(error) if isinstance(error, OSError) else "son nom est interdit"
    return f"Le fichier ne s’ouvre pas ({why}) : vérifiez vos droits et son emplacement."


def _read(found: Source, content: bytes, readers: Mapping[str, Reader]) -> Source:
    name, nature = found.name, found.nature
    try:
        if not content:
            raise ReadingError("vide", "Le fichier est vide (0 octet) : remplacez-le par le bon.")
        reader = readers.get(nature)
        if reader is None:
            return replace(found, **_unknown(name, nature))  # type: ignore[arg-type]
        reading = reader.read(content)
    except ReadingError as error:
        if _out_of_memory(error):
            return overrun(found, TOO_BIG)
        return replace(found, defaut=error.code, explication=str(error))
    except MemoryError:
        return overrun(found, TOO_BIG)
    except (Exception, RecursionError) as error:
        told = f"Le fichier est endommagé ({type(error).__name__}) : ouvrez-le et enregistrez-le de nouveau."
        return replace(found, defaut="illisible", explication=told)
    if beyond := _beyond(reading):
        return overrun(found, beyond)
    return replace(found, reading=reading, **_misnamed(name, nature))  # type: ignore[arg-type]


def _out_of_memory(error: BaseException | None) -> bool:
    """Tell whether memory was what a reader lacked, whatever it made of it."""
    while error is not None:
        if isinstance(error, MemoryError) or "Memory allocation failed" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _beyond(reading: Reading) -> str | None:
    """Say why a reading is too much for the rules to go through."""
    size = sum(len(block.text) for block in reading.blocks) + len(reading.headers)
    if size > LIMITS.text or len(reading.blocks) > LIMITS.blocks:
        return (
            f"Il contient plus de {LIMITS.text} caractères ou de {LIMITS.blocks} paragraphes : "
            "gardez-en l’extrait utile."
        )
    return None


def _misnamed(name: str, nature: str) -> dict[str, str]:
    suffix = PurePosixPath(name).suffix.lower()
    if not misnamed(suffix, nature):
        return {}
    told = f"Le fichier porte le nom d’un {suffix} mais c’est {NATURES.get(nature, 'autre chose')}."
    return {"defaut": "nature", "explication": f"{told} Enregistrez-le sous sa vraie nature."}


_DOCUMENTS = {".docx", ".docm", ".odt", ".pdf", ".doc", ".xlsx", ".ods", ".xls", ".rtf"}
_ADVICE = {
    "zip": "décompressez-la dans le dossier",
    "msg": "joignez au dossier les fichiers que contient le message",
}


def _unknown(name: str, nature: str) -> dict[str, str]:
    if nature == "office_chiffre":
        told = "Le document est protégé par un mot de passe : enregistrez-le sans mot de passe."
        return {"defaut": "protege", "explication": told}
    suffix = PurePosixPath(name).suffix.lower()
    as_named = f" alors que son nom finit par {suffix}" if suffix in _DOCUMENTS else ""
    advice = _ADVICE.get(nature, "envoyez un .docx, un .odt ou un .pdf")
    told = f"C’est {NATURES.get(nature, NATURES['inconnu'])}{as_named} : {advice}."
    return {"defaut": "nature", "explication": told}
