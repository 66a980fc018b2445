"""One file of a dossier: read once, hashed, its true nature named."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from assembler.contributions import Reader
from assembler.errors import ReadingError
from assembler.model import Source
from assembler.readers.containers import sniff

__all__ = ["read_source"]

_MAX_FILE = 200_000_000


def read_source(root: Path, name: str, readers: Mapping[str, Reader]) -> Source:
    """Read one file of the dossier.

    Args:
        root: the dossier's folder.
        name: the file's relative name, ``/`` separated.
        readers: the readers by nature.

    Returns:
        The source; a file that cannot be read has ``defaut`` and ``explication`` instead of a reading.
    """
    path = root.joinpath(*name.split("/"))
    unread = {"name": name, "path": str(path), "octets": 0, "sha256": "", "nature": "inconnu"}
    try:
        size = path.stat().st_size
        if size > _MAX_FILE:
            raise ReadingError("illisible", f"Le fichier dépasse {_MAX_FILE // 1_000_000} Mo.")
        content = path.read_bytes()
    except OSError as error:
        reason = f"Le fichier ne s’ouvre pas ({error.strerror}) : vérifiez vos droits."
        return Source(**unread, defaut="illisible", explication=reason)  # type: ignore[arg-type]
    except ReadingError as error:
        return Source(**{**unread, "octets": size}, defaut=error.code, explication=str(error))  # type: ignore[arg-type]
    nature = sniff(content)
    found = Source(
        name=name,
        path=str(path),
        octets=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        nature=nature,
    )
    try:
        if not content:
            raise ReadingError("vide", "Le fichier est vide (0 octet) : remplacez-le par le bon.")
        reader = readers.get(nature)
        if reader is None:
            return replace(found, **_unknown(name, nature))  # type: ignore[arg-type]
        reading = reader.read(content)
    except ReadingError as error:
        return replace(found, defaut=error.code, explication=str(error))
    except (Exception, RecursionError, MemoryError) as error:
        reason = (
            f"Le fichier est endommagé ({type(error).__name__}) : ouvrez-le et enregistrez-le de nouveau."
        )
        return replace(found, defaut="illisible", explication=reason)
    return replace(found, reading=reading, **_misnamed(name, nature))  # type: ignore[arg-type]


_SUFFIXES = {
    "docx": {".docx"},
    "docm": {".docm", ".docx"},
    "odt": {".odt"},
    "pdf": {".pdf"},
    "xlsx": {".xlsx"},
    "ods": {".ods"},
    "jpg": {".jpg", ".jpeg"},
    "png": {".png"},
}
_NAMED = {
    "docx": "un document Word",
    "docm": "un document Word avec macros",
    "odt": "un document LibreOffice",
    "pdf": "un PDF",
    "texte": "un fichier texte",
    "html": "une page HTML",
    "rtf": "un document RTF",
    "doc": "un document Word 97-2003 (.doc)",
    "xls": "un classeur Excel 97-2003 (.xls)",
    "zip": "une archive zip",
    "xlsx": "un classeur Excel",
    "ods": "un classeur LibreOffice",
    "jpg": "une image JPEG",
    "png": "une image PNG",
    "tiff": "une image TIFF",
    "xml": "un fichier XML",
}
_DOCUMENTS = {".docx", ".docm", ".odt", ".pdf", ".doc"}


def _misnamed(name: str, nature: str) -> dict[str, str]:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _DOCUMENTS and suffix not in _SUFFIXES.get(nature, {suffix}):
        told = f"Le fichier porte le nom d’un {suffix} mais c’est {_NAMED.get(nature, 'autre chose')}."
        return {"defaut": "nature", "explication": f"{told} Enregistrez-le sous sa vraie nature."}
    return {}


def _unknown(name: str, nature: str) -> dict[str, str]:
    told = _NAMED.get(nature, "un fichier d’une nature inconnue")
    suffix = PurePosixPath(name).suffix.lower()
    as_named = f" alors que son nom finit par {suffix}" if suffix in _DOCUMENTS else ""
    return {
        "defaut": "protege" if nature == "office_chiffre" else "nature",
        "explication": (
            "Le document est protégé par un mot de passe : enregistrez-le sans mot de passe."
            if nature == "office_chiffre"
            else f"C’est {told}{as_named} : envoyez un .docx, un .odt ou un .pdf."
        ),
    }
