"""The reference files kept beside the dossiers: where they lie, and the record that a fiche names.

A dossier comes from anybody, its folder's neighbours do not: they are looked for on the command
line, in ``assembler.toml``, then beside the shared folder, never inside the dossier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from assembler.contributions import ReferenceFile
from assembler.errors import ReadingError, UsageError
from assembler.fiche import Fiche, read, typed_values
from assembler.files import read_regular, reason
from assembler.french import enumerer, majuscule
from assembler.model import FicheFault, Location, dig
from assembler.readers.limits import LIMITS
from assembler.settings import folder_setting
from assembler.text import plain
from assembler.worker import apart

__all__ = ["Found", "find_record", "folders_of"]

_NATURES = (".yaml", ".yml", ".xlsx")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What was found of a record: its data, or why it cannot be compared with."""

    data: Mapping[str, Any] | None = None
    etat: str | None = None
    """``non_verifie`` or ``non_applicable`` when there is no data."""
    motif: str | None = None
    """French reason; with data, what of a catalogue does not read."""
    fichier: str | None = None
    """Name of the file it was read from; None when the fiche itself holds the record."""
    faults: tuple[FicheFault, ...] = ()
    """What is wrong with a record that the fiche holds."""


def folders_of(kind: ReferenceFile, dossier: Path, asked: Path | None = None) -> tuple[Path, ...]:
    """Return the folders where records of a kind are looked for, the nearest first.

    Args:
        kind: the kind of record.
        dossier: the dossier's folder or zip.
        asked: the folder of ``--referentiels``: that of the files, or the one that holds it.

    Raises:
        UsageError: the folder asked for does not exist, or ``assembler.toml`` cannot be read.
    """
    if asked is not None:
        if not _is_folder(asked):
            raise UsageError(f"--referentiels : « {asked} » n’est pas un dossier.")
        return _named(kind, asked)
    above = dossier.resolve().parents
    folder = folder_setting("referentiels", dossier)
    if folder is not None:
        return _named(kind, folder)
    return tuple(parent / kind.folder for parent in above[:2] if _is_folder(parent / kind.folder))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # no right to look
        return False


def _named(kind: ReferenceFile, folder: Path) -> tuple[Path, ...]:
    inside = folder / kind.folder
    return (inside,) if _is_folder(inside) else (folder,)


def find_record(kind: ReferenceFile, fiche: Fiche, dossier: Path, asked: Path | None = None) -> Found:
    """Return the record that a fiche names, or holds.

    The name is compared with what the files say, it is never a path.

    Raises:
        UsageError: see :func:`folders_of`.
    """
    if kind.catalogue is not None:
        return _whole(kind, kind.catalogue, dossier, asked)
    given = dig(fiche.data, kind.named_by)
    if given is None:
        return Found(etat="non_applicable", motif=f"non renseigné : {kind.named_by}")
    if isinstance(given, Mapping):
        return _held(kind, given, fiche)
    if not isinstance(given, str):
        message = f"On attend ici une seule valeur, qui désigne : {kind.title}."
        where = fiche.lines.get(kind.named_by) or Location(champ=kind.named_by)
        return _at_fault((FicheFault(kind="type", message=message, location=where),))
    folders = folders_of(kind, dossier, asked)
    unread: list[str] = []
    for folder in folders:
        found = _look(kind, folder, given, unread)
        if found:
            return found
    if folders:
        beside = folders[0].name
        told = (
            f"introuvable dans « {beside} » : vérifiez le champ « {kind.named_by} », ou ajoutez-y le fichier"
        )
    else:
        told = (
            f"introuvable : rangez le fichier dans un dossier « {kind.folder} », à côté du dossier "
            "contrôlé, ou donnez ce dossier avec --referentiels"
        )
    return _unfound(kind, given, " ; ".join((told, *unread)))


def _whole(
    kind: ReferenceFile, shipped: Iterable[Mapping[str, Any]], dossier: Path, asked: Path | None
) -> Found:
    """Return every record of a catalogue, and say which files add to it and which do not read."""
    records = {plain(str(one[kind.key])): one for one in shipped}
    names: list[str] = []
    unread: list[str] = []
    for folder in folders_of(kind, dossier, asked):
        # The folder asked for holds other kinds of records when it does not bear this one's name.
        try:
            files = _files(folder) if folder.name == kind.folder else []
        except OSError as error:
            files = []
            unread.append(f"le dossier « {folder.name} » ne s’ouvre pas ({reason(error)})")
        for file in files:
            record = _read(file, kind)
            if isinstance(record, str):
                unread.append(record)
            elif key := plain(str(record.get(kind.key) or "")):
                records[key] = record
                names.append(file.name)
            else:
                unread.append(f"« {file.name} » ne donne pas « {kind.key} »")
    return Found(data=records, fichier=", ".join(names) or None, motif=" ; ".join(unread) or None)


def _look(kind: ReferenceFile, folder: Path, wanted: str, unread: list[str]) -> Found | None:
    """Look for a record in a folder; None when no file bears that name, those that do not read being told."""
    try:
        records = {file: _read(file, kind) for file in _files(folder)}
    except OSError as error:
        return _unfound(kind, wanted, f"le dossier « {folder.name} » ne s’ouvre pas ({reason(error)})")
    mine = []
    for file, record in records.items():
        if isinstance(record, str):
            if _same(file.stem, wanted):
                return _unfound(kind, wanted, record)
            unread.append(record)
        elif _same(str(record.get(kind.key) or file.stem), wanted):
            mine.append(file)
    if len(mine) > 1:
        names = enumerer([f"« {file.name} »" for file in mine])
        return _unfound(kind, wanted, f"{names} y répondent : gardez un seul fichier")
    for file in mine:
        record = records[file]
        assert not isinstance(record, str)  # only those that were read are mine
        return Found(data=record, fichier=file.name)
    return None


def _unfound(kind: ReferenceFile, wanted: str, told: str) -> Found:
    gap = " " if told.startswith("introuvable") else " : "
    return Found(etat="non_verifie", motif=f"{majuscule(kind.title)} « {wanted} »{gap}{told}.")


def _same(one: str, other: str) -> bool:
    return plain(one) == plain(other) != ""


def _held(kind: ReferenceFile, given: Mapping[str, Any], fiche: Fiche) -> Found:
    prefix = f"{kind.named_by}."
    lines = {path[len(prefix) :]: one for path, one in fiche.lines.items() if path.startswith(prefix)}
    here = fiche.lines.get(kind.named_by)
    record = typed_values(dict(given), lines, (here.fichier if here else None) or "fiche", kind.fields)
    if not record.faults:
        return Found(data=record.data)
    return _at_fault(
        tuple(
            replace(one, location=replace(one.location, champ=f"{prefix}{one.location.champ}"))
            for one in record.faults
        )
    )


def _at_fault(faults: tuple[FicheFault, ...]) -> Found:
    ill_typed = any(one.kind == "type" for one in faults)
    return Found(etat="non_verifie", motif="GEN-FIC-002" if ill_typed else "GEN-FIC-003", faults=faults)


def _files(folder: Path) -> list[Path]:
    return sorted(
        one
        for one in folder.iterdir()
        if one.suffix.lower() in _NATURES and not one.name.startswith((".", "~$"))
    )


def _read(file: Path, kind: ReferenceFile) -> Mapping[str, Any] | str:
    """Return the data of a file, or what is wrong with it."""
    try:
        content = read_regular(file, LIMITS.file)
    except OSError as error:
        return f"« {file.name} » ne s’ouvre pas ({reason(error)})"
    record = _typed(content, file.name, kind)
    if record.faults:
        fault = record.faults[0]
        return f"{fault.location.libelle or file.name} : {fault.message}".rstrip(".")
    return record.data


@lru_cache(maxsize=128)  # one record serves every dossier of a run
def _typed(content: bytes, name: str, kind: ReferenceFile) -> Fiche:
    try:
        if name.lower().endswith(".xlsx"):
            from assembler.fichexlsx.reading import read_workbook

            return apart(read_workbook, content, name, kind.fields)
        return read(content, name, kind.fields)
    except ReadingError as error:
        message = str(error)
    except Exception as error:  # whatever a malformed workbook makes openpyxl raise
        message = f"le fichier est endommagé ({type(error).__name__})"
    where = Location(fichier=name, libelle=name)
    return Fiche(faults=(FicheFault(kind="lecture", message=message, location=where),))
