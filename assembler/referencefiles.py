"""The reference files kept beside the dossiers: where they lie, and the record that a fiche names.

A dossier comes from anybody, its folder's neighbours do not: they are looked for on the command
line, in ``assembler.toml``, then beside the shared folder, never inside the dossier.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from assembler.contributions import ReferenceFile
from assembler.errors import ReadingError, UsageError
from assembler.fiche import Fiche, read, typed_values
from assembler.files import read_regular, reason
from assembler.model import FicheFault, Location, dig
from assembler.readers.limits import LIMITS
from assembler.text import plain
from assembler.worker import apart

__all__ = ["SETTINGS", "Found", "find_record", "folders_of"]

SETTINGS = "assembler.toml"
"""The settings of a desk or of a service: ``referentiels = "S:/DGALN"``."""
_NATURES = (".yaml", ".yml", ".xlsx")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What was found of a record: its data, or why it cannot be compared with."""

    data: Mapping[str, Any] | None = None
    etat: str | None = None
    """``non_verifie`` or ``non_applicable`` when there is no data."""
    motif: str | None = None
    """French reason."""
    fichier: str | None = None
    """Name of the file it was read from; None when the fiche itself holds the record."""
    faults: tuple[FicheFault, ...] = ()
    """What is wrong with a record that the fiche holds."""


def folders_of(kind: ReferenceFile, dossier: Path, asked: Path | None = None) -> tuple[Path, ...]:
    """Return the folders where records of a kind are looked for; the first that exists is the one.

    Args:
        kind: the kind of record.
        dossier: the dossier's folder or zip.
        asked: the folder of ``--referentiels``: that of the files, or the one that holds it.

    Raises:
        UsageError: the folder asked for does not exist, or ``assembler.toml`` cannot be read.
    """
    if asked is not None:
        if not asked.is_dir():
            raise UsageError(f"--referentiels : « {asked} » n’est pas un dossier.")
        return _named(kind, asked)
    above = dossier.absolute().parents
    for settings in (parent / SETTINGS for parent in (*above, Path.cwd())):
        if settings.is_file():
            return _named(kind, _setting(settings))
    return tuple(parent / kind.folder for parent in above[:2] if (parent / kind.folder).is_dir())


def _named(kind: ReferenceFile, folder: Path) -> tuple[Path, ...]:
    inside = folder / kind.folder
    return (inside,) if inside.is_dir() else (folder,)


def _setting(file: Path) -> Path:
    try:
        given = tomllib.loads(read_regular(file, LIMITS.xml_part).decode("utf-8-sig")).get("referentiels")
    except (OSError, ValueError) as error:
        told = reason(error) if isinstance(error, OSError) else str(error)
        raise UsageError(f"« {file} » ne se lit pas : {told}.") from error
    folder = file.parent / str(given or ".")
    if given is not None and not folder.is_dir():
        raise UsageError(f"« {file} » : le dossier « {given} » (referentiels) n’existe pas.")
    return folder


def find_record(kind: ReferenceFile, fiche: Fiche, dossier: Path, asked: Path | None = None) -> Found:
    """Return the record that a fiche names, or holds.

    Raises:
        UsageError: see :func:`folders_of`.
    """
    given = dig(fiche.data, kind.named_by)
    if given is None:
        return Found(etat="non_applicable", motif=f"non renseigné : {kind.named_by}")
    if isinstance(given, Mapping):
        return _held(kind, given, fiche)
    wanted = str(given)
    folders = folders_of(kind, dossier, asked)
    for file in (one for folder in folders for one in _files(folder, wanted)):
        record = _read(file, kind)
        if isinstance(record, str):
            if plain(file.stem) == plain(wanted):
                return Found(
                    etat="non_verifie", motif=f"{kind.title} « {wanted} » : {record}", fichier=file.name
                )
        elif plain(str(record.get(kind.key) or file.stem)) == plain(wanted):
            return Found(data=record, fichier=file.name)
    where = f"dans « {folders[0].name} »" if folders else f"; rangez-le dans un dossier « {kind.folder} »"
    reason_ = f"{kind.title} « {wanted} » introuvable {where}, ou donnez le dossier avec --referentiels"
    return Found(etat="non_verifie", motif=reason_)


def _held(kind: ReferenceFile, given: Mapping[str, Any], fiche: Fiche) -> Found:
    prefix = f"{kind.named_by}."
    lines = {path[len(prefix) :]: one for path, one in fiche.lines.items() if path.startswith(prefix)}
    name = next(iter(lines.values())).fichier if lines else None
    record = typed_values(dict(given), lines, name or "fiche", kind.fields)
    if not record.faults:
        return Found(data=record.data)
    faults = tuple(
        replace(one, location=replace(one.location, champ=f"{prefix}{one.location.champ}"))
        for one in record.faults
    )
    return Found(etat="non_verifie", motif="GEN-FIC-002", faults=faults)


def _files(folder: Path, wanted: str) -> Iterator[Path]:
    """Yield the files of a folder, those that bear the wanted name first."""
    found = sorted(
        one
        for one in folder.iterdir()
        if one.suffix.lower() in _NATURES and not one.name.startswith((".", "~$"))
    )
    yield from sorted(found, key=lambda one: plain(one.stem) != plain(wanted))


def _read(file: Path, kind: ReferenceFile) -> Mapping[str, Any] | str:
    """Return the data of a file, or what is wrong with it."""
    try:
        content = read_regular(file, LIMITS.file)
    except OSError as error:
        return f"« {file.name} » ne s’ouvre pas : {reason(error)}"
    record = _typed(content, file.name, kind)
    if record.faults:
        fault = record.faults[0]
        return f"{fault.location.libelle or file.name} : {fault.message}".rstrip(".")
    return record.data


@lru_cache(maxsize=32)  # one record serves every dossier of a run
def _typed(content: bytes, name: str, kind: ReferenceFile) -> Fiche:
    try:
        if name.lower().endswith(".xlsx"):
            from assembler.fichexlsx import read_workbook

            return apart(read_workbook, content, name, kind.fields)
        return read(content, name, kind.fields)
    except ReadingError as error:
        message = str(error)
    except Exception as error:  # whatever a malformed workbook makes openpyxl raise
        message = f"le fichier est endommagé ({type(error).__name__})"
    where = Location(fichier=name, libelle=name)
    return Fiche(faults=(FicheFault(kind="lecture", message=message, location=where),))
