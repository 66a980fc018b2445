"""A folder turned into a :class:`Dossier`: read, recognised, typed, once."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from assembler.choosing import choose_format
from assembler.contributions import Format, Piece, Reader
from assembler.detached import attach, rejoin
from assembler.errors import NothingToCheck, ReadingError, UsageError
from assembler.extraction import frame_of, known_facts
from assembler.fiche import Fiche, total
from assembler.fichefile import blanks, faults_of_place, first_look, is_fiche, read_fiche, read_instruction
from assembler.folder import INSTRUCTION, OUTPUT, Folder
from assembler.french import majuscule
from assembler.model import Dossier, FicheFault, Frozen, Source, dig, freeze
from assembler.recognition import lies_well, place_facts, recognise
from assembler.referencefiles import Found, find_record
from assembler.scans import read_scans
from assembler.worker import apart, read_sources

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
    first = first_look(folder)
    chosen, format_fault = choose_format(folder, formats, format_id, first, sources)
    beside = tuple(dict.fromkeys(one.name for one in sources if chosen.enclosing(one.name)))
    strays = tuple(one.name for one in sources if is_fiche(one))
    sources = tuple(one for one in sources if one.name not in (*beside, *strays))
    fiche = read_fiche(folder, chosen.fiche)
    instruction = read_instruction(folder, chosen.instruction)
    records = {
        kind.id: find_record(kind, fiche, folder.path, reference_folder) for kind in chosen.reference_files
    }
    held = [fault for one in records.values() for fault in one.faults]
    faults = (*fiche.faults, *instruction.faults, *held, *format_fault, *faults_of_place(folder, strays))
    readable = bool(folder.fiches)
    if any(fault.kind == "lecture" for fault in faults if fault.location.fichier != INSTRUCTION):
        fiche, readable = replace(fiche, data={}), False
    at = _step(chosen, step, fiche)
    if readable:
        faults += tuple(blanks(chosen.fiche, fiche, folder.fiches[0], chosen.later(at)))
    recognised = recognise(sources, chosen.pieces, _chosen_pieces(fiche.data, chosen))
    recognised = replace(recognised, sources=rejoin(recognised.sources, seals))
    named = chosen.named(folder.name)
    if not (folder.fiches or strays or recognised.pieces) and format_id is None and named is None:
        raise NothingToCheck("Aucune fiche ni aucune pièce attendue n’a été reconnue dans ce dossier.")
    facts = _facts(folder, chosen, fiche, instruction, faults, recognised, at)
    when, origin = _day(day, fiche.data, chosen, facts, today)
    facts["dossier"] |= {"date": when, "fiches": [*folder.fiches, *strays]}
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


def _day(
    asked: dt.date | None,
    fiche: Mapping[str, Any],
    format_: Format,
    facts: Mapping[str, Any],
    today: dt.date,
) -> tuple[dt.date, str]:
    """Return the date of the rules, and where it comes from."""
    if asked:
        return asked, "option"
    given = fiche.get("date_depot")
    if isinstance(given, dt.date):
        return given, "date_depot"
    borne = format_.day(Frozen(facts)) if format_.day else None
    return (borne, "dossier") if isinstance(borne, dt.date) else (today, "aujourd_hui")


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
) -> dict[str, Any]:
    names = [one.get("nom") for one in fiche.data.get("collectivites") or () if one and one.get("nom")]
    names += [one["nom"] for one in dig(fiche.data, "territoire.epci", ()) if one and one.get("nom")]
    places = [one["nom"] for one in dig(fiche.data, "territoire.communes", ()) if one and one.get("nom")]
    places += [fiche.data["intitule"]] if isinstance(fiche.data.get("intitule"), str) else []
    pieces: dict[str, Any] = {}
    frames = {one.piece: one.template for one in format_.documents if one.piece is not None}
    for piece in format_.pieces:
        found = [
            {
                **known_facts(piece, files, names, places, frame_of(frames.get(piece.id))),
                **place_facts(piece, files[0].name),
                **_drawn(piece, files[0], format_, fiche, folder.output),
            }
            for files in recognised.pieces.get(piece.id, ())
        ]
        if found:
            pieces[piece.id] = found if piece.many else found[0]
    known = {piece.id: piece for piece in format_.pieces}
    return {
        "fiche": dict(fiche.data),
        "pieces": pieces,
        "instruction": dict(instruction.data),
        "dossier": {
            "format": format_.id,
            "etape": step,
            "nom": dict(format_.named(folder.name) or {}),
            "avec_fiche": format_.fiche is not None,
            "fichiers": [
                {**_file_facts(source), **_place(source, known.get(source.piece or ""))}
                for source in recognised.sources
            ],
            "sous_dossiers": _sub_folders(folder.names),
            "dossiers_non_lus": list(folder.unlisted),
            "ambigus": {piece: list(found) for piece, found in recognised.ambiguous.items()},
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


def _place(source: Source, piece: Piece | None) -> dict[str, Any]:
    """Return where a file should lie, when the piece that it is has a place, and whether it does."""
    if piece is None or not piece.folders:
        return {}
    return {"attendu_dans": list(piece.folders), "bien_range": lies_well(piece, source.name)}


def _sub_folders(names: Iterable[str]) -> list[str]:
    """Return the folders that hold a file, and those above, as they are written."""
    above = {str(one) for name in names for one in PurePosixPath(name).parents if one.name}
    return sorted(unicodedata.normalize("NFC", one) for one in above)


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
