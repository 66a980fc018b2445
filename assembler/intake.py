"""A folder turned into a :class:`Dossier`: read, recognised, typed, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assembler.contributions import FieldSchema, Format, Piece, Reader
from assembler.detached import attach, rejoin
from assembler.errors import NothingToCheck, ReadingError, UsageError
from assembler.extraction import piece_facts
from assembler.fiche import Fiche, read, total
from assembler.files import is_regular, read_regular, reason
from assembler.folder import INSTRUCTION, OUTPUT, Folder
from assembler.french import majuscule
from assembler.model import Dossier, FicheFault, Frozen, Location, Source, dig, freeze
from assembler.readers.limits import LIMITS
from assembler.recognition import recognise
from assembler.referencefiles import Found, find_record
from assembler.scans import read_scans
from assembler.worker import apart, read_sources
from assembler.yamltext import YamlError, load

__all__ = ["take_in"]


def take_in(
    folder: Folder,
    formats: Mapping[str, Format],
    readers: Mapping[str, Reader],
    *,
    format_id: str | None = None,
    step: str | None = None,
    day: dt.date | None = None,
    today: dt.date,
    reference_folder: Path | None = None,
) -> tuple[Dossier, Format]:
    """Read and recognise everything once, and type the fiche.

    Args:
        folder: the folder, listed.
        formats: the installed formats by id.
        readers: the readers by nature.
        format_id: the format asked for on the command line, which wins.
        step: the step asked for, which wins over the fiche's.
        day: the date of the rules asked for.
        today: today's date.
        reference_folder: where the reference files are, when the command line says.

    Raises:
        NothingToCheck: neither fiche, nor recognised piece, nor format.
        UsageError: the format, the step or the folder asked for does not exist.
    """
    sources, seals = attach(read_sources(folder.root, folder.names, readers))
    sources = read_scans(sources)
    first = _first_look(folder)
    chosen, format_fault = _choose(folder, formats, format_id, first, sources)
    beside = tuple(dict.fromkeys(one.name for one in sources if chosen.enclosing(one.name)))
    sources = tuple(one for one in sources if one.name not in beside)
    fiche = _fiche(folder, chosen.fiche)
    instruction = _instruction(folder, chosen.instruction)
    records = {
        kind.id: find_record(kind, fiche, folder.path, reference_folder) for kind in chosen.reference_files
    }
    held = [fault for one in records.values() for fault in one.faults]
    faults = (*fiche.faults, *instruction.faults, *held, *format_fault, *_doubled(folder))
    if any(fault.kind == "lecture" for fault in faults if fault.location.fichier != INSTRUCTION):
        fiche = replace(fiche, data={})
    recognised = recognise(sources, chosen.pieces, _chosen_pieces(fiche.data, chosen))
    recognised = replace(recognised, sources=rejoin(recognised.sources, seals))
    if not folder.fiches and not recognised.pieces and format_id is None:
        raise NothingToCheck("Aucune fiche ni aucune pièce attendue n’a été reconnue dans ce dossier.")
    when, origin = _day(day, fiche.data, today)
    facts = _facts(folder, chosen, fiche, instruction, faults, recognised, _step(chosen, step, fiche), when)
    facts["referentiels"] = {name: dict(one.data) for name, one in records.items() if one.data is not None}
    facts["dossier"]["referentiels"] = {
        name: {"etat": one.etat, "motif": one.motif, "fichier": one.fichier} for name, one in records.items()
    }
    return (
        Dossier(
            path=str(folder.root),
            format=chosen.id,
            step=facts["dossier"]["etape"],
            date_regles=when,
            origine_date=origin,
            sources=tuple(recognised.sources),
            facts=freeze(facts),
            lines={**instruction.lines, **fiche.lines},
            pieces=recognised.pieces,
            faults=faults,
            notes=(
                *folder.notes,
                *(f"Joint au dossier, non contrôlé : {name}." for name in beside),
                *recognised.notes,
                *_compared_with(chosen, records),
            ),
        ),
        chosen,
    )


def _compared_with(format_: Format, records: Mapping[str, Found]) -> list[str]:
    """Say which reference files the dossier was compared with."""
    told = []
    for kind in format_.reference_files:
        found = records[kind.id]
        told += [f"{majuscule(kind.title)} : {found.fichier}"] if found.fichier else []
        told += [f"{majuscule(kind.title)} : {found.motif}."] if found.data and found.motif else []
    return told


def _first_look(folder: Folder) -> dict[str, Any]:
    """Return the fiche as read, before its schema is known; empty when it cannot be read."""
    for name in folder.fiches:
        if name.lower().endswith((".yaml", ".yml")):
            try:
                data = load(read_regular(folder.root / name, LIMITS.file)).data
            except (YamlError, OSError):
                return {}
            return data if isinstance(data, dict) else {}
        try:
            from assembler.fichexlsx import first_look  # openpyxl: only for those who have such a fiche

            return dict(apart(first_look, read_regular(folder.root / name, LIMITS.file)))
        except Exception:  # whatever a workbook makes openpyxl raise: said when its schema is known
            return {}
    return {}


def _choose(
    folder: Folder,
    formats: Mapping[str, Format],
    asked: str | None,
    first: Mapping[str, Any],
    sources: Sequence[Source],
) -> tuple[Format, tuple[FicheFault, ...]]:
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
    claiming = [one for one in formats.values() if one.detect(sources)]
    if written:
        where = Location(fichier=folder.fiches[0], champ="format", libelle=folder.fiches[0])
        message = f"Le format « {written} » n’est pas installé. Formats installés : {installed}."
        fault = FicheFault(kind="format", message=message, location=where, value=str(written))
        return (claiming or list(formats.values()))[0], (fault,)
    if len(claiming) == 1:
        return claiming[0], ()
    if folder.fiches and not first and formats:
        # The fiche cannot be read: its fault is the finding; any format can tell it.
        return (claiming or list(formats.values()))[0], ()
    names = ", ".join(sorted(one.id for one in claiming))
    reason = (
        f"Plusieurs formats conviennent ({names})" if claiming else "Le format du dossier n’est pas reconnu"
    )
    raise NothingToCheck(f"{reason} : précisez-le avec --format ({installed}).")


def _fiche(folder: Folder, schema: FieldSchema | None) -> Fiche:
    if schema is None or len(folder.fiches) != 1:
        return Fiche()
    return _read(folder, folder.fiches[0], schema)


def _instruction(folder: Folder, schema: FieldSchema | None) -> Fiche:
    if schema is None or not is_regular(folder.root / INSTRUCTION):
        return Fiche()
    return _read(folder, INSTRUCTION, schema)


def _read(folder: Folder, name: str, schema: FieldSchema) -> Fiche:
    try:
        content = read_regular(folder.root / name, LIMITS.file)
        if name.lower().endswith(".xlsx"):
            from assembler.fichexlsx import read_workbook

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


def _doubled(folder: Folder) -> tuple[FicheFault, ...]:
    if len(folder.fiches) < 2:
        return ()
    listed = " et ".join(folder.fiches)
    where = Location(fichier=folder.fiches[1], libelle=folder.fiches[1])
    message = f"Le dossier contient {len(folder.fiches)} fiches ({listed}) : gardez-en une."
    return (FicheFault(kind="lecture", message=message, location=where),)


def _chosen_pieces(fiche: Mapping[str, Any], format_: Format) -> dict[str, str]:
    """Return file name (with its pages, if any) -> piece id, from the fiche's ``pieces``."""
    chosen = {}
    known = {piece.id for piece in format_.pieces}
    given = fiche.get("pieces")
    for piece, value in given.items() if isinstance(given, Mapping) else ():
        if piece in known:
            for name in value if isinstance(value, list) else [value]:
                chosen[str(name)] = piece
    return chosen


def _day(asked: dt.date | None, fiche: Mapping[str, Any], today: dt.date) -> tuple[dt.date, str]:
    if asked:
        return asked, "option"
    given = fiche.get("date_depot")
    return (given, "date_depot") if isinstance(given, dt.date) else (today, "aujourd_hui")


def _step(format_: Format, asked: str | None, fiche: Fiche) -> str:
    steps = [one.id for one in format_.steps]
    if asked is not None and asked not in steps:
        raise UsageError(f"L’étape « {asked} » n’existe pas. Étapes : {', '.join(steps)}.")
    written = fiche.data.get("etape")
    return asked or (written if written in steps else steps[0])


def _facts(
    folder: Folder,
    format_: Format,
    fiche: Fiche,
    instruction: Fiche,
    faults: Sequence[FicheFault],
    recognised: Any,
    step: str,
    when: dt.date,
) -> dict[str, Any]:
    names = [one.get("nom") for one in fiche.data.get("collectivites") or () if one and one.get("nom")]
    names += [one["nom"] for one in dig(fiche.data, "territoire.epci", ()) if one and one.get("nom")]
    places = [one["nom"] for one in dig(fiche.data, "territoire.communes", ()) if one and one.get("nom")]
    places += [fiche.data["intitule"]] if isinstance(fiche.data.get("intitule"), str) else []
    pieces: dict[str, Any] = {}
    for piece in format_.pieces:
        found = [
            piece_facts(piece, files, names, places) | _drawn(piece, files[0], format_, fiche, folder.output)
            for files in recognised.pieces.get(piece.id, ())
        ]
        if found:
            pieces[piece.id] = found if piece.many else found[0]
    return {
        "fiche": dict(fiche.data),
        "pieces": pieces,
        "instruction": dict(instruction.data),
        "dossier": {
            "format": format_.id,
            "etape": step,
            "date": when,
            "fichiers": [_file_facts(source) for source in recognised.sources],
            "ambigus": {piece: list(found) for piece, found in recognised.ambiguous.items()},
            "fiches": list(folder.fiches),
            "fautes": [
                {
                    "kind": fault.kind,
                    "message": fault.message,
                    "fichier": fault.location.fichier,
                    "champ": fault.location.champ,
                    "ligne": fault.location.ligne,
                    "feuille": fault.location.feuille,
                    "cellule": fault.location.cellule,
                    "valeur": fault.value,
                }
                for fault in faults
            ],
            "sortie": _left_pieces(folder, format_),
        },
    }


def _drawn(piece: Piece, first: Source, format_: Format, fiche: Fiche, output: Path) -> dict[str, Any]:
    """Return what a plugin draws from a piece; what it could not is for the rules that need it to say."""
    if piece.facts is None:
        return {}
    try:
        return dict(apart(piece.facts, first, Frozen(total(format_.fiche, fiche.data)), output))
    except ReadingError as error:
        return {"non_examine": str(error)}
    except Exception as error:  # the plugin's own fault: the rest is checked all the same
        return {"non_examine": f"« {first.name} » n’a pas pu être examiné ({type(error).__name__} : {error})"}


def _file_facts(source: Source) -> dict[str, Any]:
    reading = source.reading
    return {
        "fichier": source.name,
        "piece": source.piece,
        "nature": source.nature,
        "forme": reading.forme if reading else None,
        "octets": source.octets,
        "sha256": source.sha256,
        "reconnu_par": source.reconnu_par,
        "defaut": source.defaut,
        "explication": source.explication,
        "texte": bool(reading and reading.text.strip()),
        "macros": reading.macros if reading else 0,
        "objets_lies": reading.objets_lies if reading else 0,
        "revisions": reading.revisions if reading else 0,
        "commentaires": reading.commentaires if reading else 0,
    }


def _left_pieces(folder: Folder, format_: Format) -> list[dict[str, str]]:
    """Return the files of ``sortie/`` that nobody of ours wrote and that are named like a piece."""
    if not folder.left:
        return []
    unread = tuple(
        Source(name=name, path="", octets=1, sha256="", nature="inconnu", defaut="illisible")
        for name in folder.left
    )
    found = recognise(unread, format_.pieces, {})
    return [
        {"fichier": f"{OUTPUT}/{source.name}", "piece": source.piece}
        for source in found.sources
        if source.piece is not None
    ]
