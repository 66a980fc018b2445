"""The fiche of a folder: which file it is, and what it says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assembler.contributions import Field, FieldSchema
from assembler.errors import ReadingError
from assembler.fiche import Fiche, read
from assembler.fichexlsx.layout import HEADS
from assembler.files import is_regular, read_regular, reason
from assembler.folder import INSTRUCTION, Folder
from assembler.model import FicheFault, Location, Source
from assembler.readers.limits import LIMITS
from assembler.worker import apart
from assembler.yamltext import YamlError, load

__all__ = ["blanks", "faults_of_place", "first_look", "is_fiche", "read_fiche", "read_instruction"]

_FIRST_LINES = 10
_FORM_HEAD = "\t".join(HEADS)
_YAML_FICHE = re.compile(r"(?:fiche|dossier)\b[^/]*\.ya?ml", re.IGNORECASE)


def first_look(folder: Folder) -> dict[str, Any]:
    """Return the fiche as read, before its schema is known; empty when it cannot be read."""
    for name in folder.fiches:
        if name.lower().endswith((".yaml", ".yml")):
            try:
                data = load(read_regular(folder.root / name, LIMITS.file)).data
            except (YamlError, OSError):
                return {}
            return data if isinstance(data, dict) else {}
        try:
            from assembler.fichexlsx.reading import first_look as look  # openpyxl: only who has such a fiche

            return dict(apart(look, read_regular(folder.root / name, LIMITS.file)))
        except Exception:  # whatever a workbook makes openpyxl raise: said when its schema is known
            return {}
    return {}


def read_fiche(folder: Folder, schema: FieldSchema | None) -> Fiche:
    """Return the fiche of a folder, typed; empty when there is none, or several.

    Args:
        folder: the folder, listed.
        schema: the fields of the fiche, None when the format has none.
    """
    if schema is None or len(folder.fiches) != 1:
        return Fiche()
    return _read(folder.root, folder.fiches[0], schema)


def read_instruction(folder: Folder, schema: FieldSchema | None) -> Fiche:
    """Return the desk's own data, typed; empty when there is none."""
    # It never goes into what was received: beside a zip, where its documents go, it prevails.
    beside = folder.path.is_file() and is_regular(folder.output / INSTRUCTION)
    root = folder.output if beside else folder.root
    if schema is None or not is_regular(root / INSTRUCTION):
        return Fiche()
    return _read(root, INSTRUCTION, schema)


def _read(root: Path, name: str, schema: FieldSchema) -> Fiche:
    try:
        content = read_regular(root / name, LIMITS.file)
        if name.lower().endswith(".xlsx"):
            from assembler.fichexlsx.reading import read_workbook

            return apart(read_workbook, content, name, schema)
        return read(content, name, schema)
    except OSError as error:
        message = f"La fiche ne s’ouvre pas ({reason(error)}) : fermez-la dans Word ou Excel."
    except ReadingError as error:
        message = str(error)
    except Exception as error:  # whatever a malformed workbook makes openpyxl raise
        told = type(error).__name__
        message = f"La fiche est endommagée ({told}) : ouvrez-la et enregistrez-la de nouveau."
    where = Location(fichier=name, libelle=name)
    return Fiche(faults=(FicheFault(kind="lecture", message=message, location=where),))


def blanks(
    schema: FieldSchema | None, fiche: Fiche, name: str, later: Collection[str]
) -> Iterator[FicheFault]:
    """Yield the required fields that a fiche leaves empty.

    Args:
        schema: the fields of the format.
        fiche: the fiche, read.
        name: its file.
        later: fields of its root that do not serve yet.
    """
    told = {fault.location.champ for fault in fiche.faults}
    fields = schema.root.fields if schema else {}
    for path, label in _blanks({key: one for key, one in fields.items() if key not in later}, fiche.data, ""):
        if path not in told:
            where = Location(fichier=name, champ=path, libelle=name)
            yield FicheFault(kind="vide", message=f"« {label} » est à remplir.", location=where)


def _blanks(fields: Mapping[str, Field], data: Any, above: str) -> Iterator[tuple[str, str]]:
    given = data if isinstance(data, Mapping) else {}
    for key, one in fields.items():
        value, path = given.get(key), f"{above}{key}"
        if one.required and value in (None, "", [], ()):
            yield path, one.label
        elif one.many and isinstance(value, Sequence) and not isinstance(value, str):
            for rank, item in enumerate(value):
                yield from _blanks(one.fields, item, f"{path}.{rank}.")
        elif not one.many:
            yield from _blanks(one.fields, value, f"{path}.")


def is_fiche(source: Source) -> bool:
    """Tell whether a file is a fiche that its name or its place keeps from being read: « fiche (1).xlsx »."""
    blocks = source.reading.blocks[:_FIRST_LINES] if source.reading else ()
    return bool(_YAML_FICHE.fullmatch(source.name)) or any(one.text == _FORM_HEAD for one in blocks)


def faults_of_place(folder: Folder, strays: Sequence[str]) -> Iterator[FicheFault]:
    """Yield the faults of a dossier that has two fiches, or one that is not read.

    Args:
        folder: the folder, listed.
        strays: the files that are a fiche without its name, from :func:`is_fiche`.
    """
    if len(folder.fiches) > 1:
        listed = " et ".join(folder.fiches)
        message = f"Le dossier contient {len(folder.fiches)} fiches ({listed}) : gardez-en une."
        where = Location(fichier=folder.fiches[1], libelle=folder.fiches[1])
        yield FicheFault(kind="lecture", message=message, location=where)
    for name in strays:
        if folder.fiches:
            mend = f"le dossier a déjà « {folder.fiches[0]} » ; gardez la bonne, et ôtez l’autre"
        else:
            wanted = "dossier.yaml" if _YAML_FICHE.fullmatch(name) else "fiche.xlsx"
            mend = f"enregistrez-la sous le nom « {wanted} », à la racine du dossier"
        message = f"« {name} » est une fiche que son nom ou sa place empêche de lire : {mend}."
        yield FicheFault(kind="lecture", message=message, location=Location(fichier=name, libelle=name))
