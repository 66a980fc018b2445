"""Where the register goes: in its place, or beside one that is open, damaged or too rich to be rewritten."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path

from assembler.atomic import write_atomic
from assembler.batch.cache import Cache
from assembler.batch.entry import Entry
from assembler.batch.finding import REGISTER, Found
from assembler.batch.handwork import HAND
from assembler.batch.register import ABSENT, Row, merged
from assembler.batch.registerhtml import page
from assembler.batch.registerxlsx import Standing, read_register, untouched, written
from assembler.errors import ReadingError, WritingError
from assembler.files import read_regular, reason
from assembler.openfiles import blocked, opened
from assembler.readers.limits import LIMITS

__all__ = ["update"]

_AGAIN = 2
"""Times that a register is brought up to date, when somebody saves it meanwhile."""
_SHOWN = 3
"""Rows that were written by hand, named in a line."""


def update(
    folder: Path,
    parent: Path,
    found: Sequence[tuple[Found, Entry]],
    today: dt.date,
    cache: Cache,
    left: Collection[str] = (),
) -> tuple[list[Row], list[Path], list[str]]:
    """Bring ``registre.xlsx`` and ``registre.html`` up to date.

    When nothing has changed since they were written, neither is opened.

    Args:
        folder: where they are.
        parent: the folder that gathers the dossiers.
        found: the dossiers, with what was found of each.
        today: the day of this pass.
        cache: remembers what they were written from.
        left: names of the dossiers left for another pass.

    Returns:
        The rows, the files that were written, and what is to be said.

    Raises:
        WritingError: they can be written nowhere.
    """
    target, shown = folder / f"{REGISTER}.xlsx", folder / f"{REGISTER}.html"
    told = [(asdict(one) | {"path": str(one.path)}, asdict(entry)) for one, entry in found]
    digest = hashlib.sha256(json.dumps([told, sorted(left)]).encode("ascii")).hexdigest()
    if (gone := _unchanged(cache.register(target), _state(digest, target, shown))) is not None:
        return merged(found, (), today) + gone, [], []
    rows: list[Row] = []
    notes: list[str] = []
    for attempt in range(_AGAIN):
        before = _stamp(target)
        standing, fault = _standing(target)
        rows = merged(found, standing.rows, today, left)
        content, kept = written(standing, rows, today)
        if _stamp(target) == before:
            break
        fault = "quelqu’un l’enregistre en ce moment" if attempt else fault
    place, why = _written(target, content, fault)
    if why:
        notes.append(
            f"« {target.name} » n’est pas modifié : {why}. La nouvelle version est « {place.name} »."
        )
    if kept:
        more = f" ; et {len(kept) - _SHOWN} autres" if len(kept) > _SHOWN else ""
        notes.append(
            "Registre : ce qui était écrit à la main dans les colonnes de l’outil "
            f"({' ; '.join(kept[:_SHOWN])}{more}) est gardé dans la colonne « {HAND} ». "
            "Pour vos notes, ajoutez vos colonnes."
        )
    write_atomic(shown, page(rows, folder, parent, today))
    if not why:
        absent = [(row.name, dict(row.values)) for row in rows if row.kind == ABSENT]
        cache.note_register(target, json.dumps([_state(digest, target, shown), absent], default=str))
    return rows, [place, shown], notes


def _unchanged(noted: str | None, state: str) -> list[Row] | None:
    """Return the rows of absent dossiers of a register that stands as it was written, else None."""
    try:
        before, gone = json.loads(noted or "")
        return (
            [Row(name=name, kind=ABSENT, values=values, before=ABSENT) for name, values in gone]
            if before == state
            else None
        )
    except (ValueError, TypeError):
        return None


def _standing(target: Path) -> tuple[Standing, str]:
    """Return the register as it stands, and why it cannot be written again, if so."""
    try:
        return read_register(read_regular(target, LIMITS.file)), ""
    except FileNotFoundError:
        return Standing(), ""
    except OSError as error:
        return Standing(), f"il ne s’ouvre pas ({reason(error)})"
    except ReadingError as error:
        return Standing(), str(error).partition(" ; ")[0].rstrip(".")


def _written(target: Path, content: bytes, fault: str) -> tuple[Path, str]:
    """Write the register in its place, else beside; return where, and why beside."""
    state = opened(target)
    why = fault or (f"il est {state}" if state else "")
    first: WritingError | None = None
    if not why:
        try:
            write_atomic(target, content)
        except WritingError as error:
            if not target.exists():
                raise
            first, why = error, f"il est {blocked(target).partition(' : ')[0]}"
        else:
            return target, ""
    number = 2
    while not _free(place := target.with_name(f"{REGISTER} (proposition {number}).xlsx")):
        number += 1
    try:
        write_atomic(place, content)
    except WritingError as error:  # no right or no room: it is the register that cannot be written
        raise first or error from None
    return place, why


def _free(place: Path) -> bool:
    """Tell whether a proposal can go there: nothing stands there, or one that nobody has taken up."""
    if not os.path.lexists(place):
        return True
    try:
        return not opened(place) and untouched(read_regular(place, LIMITS.file))
    except OSError:
        return False


def _state(digest: str, *files: Path) -> str:
    return repr((digest, *(_stamp(file) for file in files)))


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
