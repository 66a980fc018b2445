"""What was found of each dossier, kept on this machine, so that an unchanged one is not read again.

The cache stands out of the shared folder. A result serves again as long as the files of the dossier
and the reference files beside it have the same names, sizes and times (or contents, when asked), and
the rules, their day and the program are the same. Without it, everything is read: never an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from assembler.batch.entry import Entry, Result
from assembler.contributions import ReferenceFile
from assembler.errors import UsageError
from assembler.files import find_program, read_regular
from assembler.fingerprints import code_fingerprint, rules_fingerprint, version_of
from assembler.folder import OUTPUT
from assembler.kept import own_folder
from assembler.manager import Plugins
from assembler.office import converter
from assembler.pipeline import Request
from assembler.readers.limits import LIMITS
from assembler.referencefiles import folders_of

__all__ = ["Cache", "Signatures", "circumstances"]

_VERSION = 1
_NAME = f"lot-{_VERSION}.sqlite3"
_OLD = 180 * 86_400
"""Seconds after which what nobody asks for is forgotten."""
_FRESH = 2_000_000_000
"""Nanoseconds: a file this young may change again without its time showing it (FAT counts by 2 s)."""
_TABLES = """
CREATE TABLE IF NOT EXISTS resultats (
    chemin TEXT, demande TEXT, signature TEXT, jour TEXT, fiche TEXT, rapport BLOB, vu INTEGER,
    PRIMARY KEY (chemin, demande));
CREATE TABLE IF NOT EXISTS registres (chemin TEXT PRIMARY KEY, contenu TEXT, vu INTEGER);
"""


def circumstances(plugins: Plugins, request: Request) -> str:
    """Return the fingerprint of all that judges, but for the day: rules, code, settings, what was asked."""
    settings = sorted((key, value) for key, value in os.environ.items() if key.startswith("ASSEMBLER_"))
    told = (
        rules_fingerprint(plugins),
        code_fingerprint(plugins),
        settings,
        [bool(find_program("tesseract")), bool(converter())],
        version_of("pyhanko"),
        (request.format_id, request.step, str(request.day), str(request.reference_folder)),
    )
    return hashlib.sha256(repr(told).encode("utf-8", "surrogateescape")).hexdigest()


class Signatures:
    """Tells whether the files that a check depends on are the same.

    Args:
        kinds: the kinds of reference files.
        asked: the folder of ``--referentiels``.
        contents: read the files and hash them, where times lie.
    """

    def __init__(self, kinds: tuple[ReferenceFile, ...], asked: Path | None, contents: bool) -> None:
        self._kinds = kinds
        self._asked = asked
        self._contents = contents
        self._beside = lru_cache(maxsize=None)(self._reference_files)

    def of(self, dossier: Path) -> str | None:
        """Return the signature of a dossier, or None when one cannot be had, or not yet be relied on."""
        try:
            output = dossier.with_name(f"{dossier.stem}-{OUTPUT}")
            places = (dossier, output) if dossier.is_file() else (dossier,)
            found = (line for place in places for line in self._lines(place))
            lines = list(itertools.islice(found, LIMITS.members + 1))
            if len(lines) > LIMITS.members:
                return None
            lines += self._beside(dossier.parent)
        except (OSError, ValueError, UsageError):
            return None
        newest = max((int(line[2]) for line in lines if not self._contents), default=0)
        if newest > time.time_ns() - _FRESH:
            return None
        return hashlib.sha256(repr(sorted(lines)).encode("utf-8", "surrogateescape")).hexdigest()

    def _lines(self, place: Path) -> Iterator[tuple[str, int, int | str]]:
        """Yield name, size and time (or hash) of each file; links are named, never followed."""
        if not place.is_dir():
            if place.exists():
                yield self._line(place.name, place, place.stat())
            return
        below = [(place, "")]
        while below:
            folder, prefix = below.pop()
            with os.scandir(folder) as entries:
                for entry in entries:
                    name = f"{prefix}{entry.name}"
                    found = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(found.st_mode):
                        below.append((Path(entry.path), f"{name}/"))
                        yield (f"{name}/", 0, 0)
                    elif stat.S_ISREG(found.st_mode):
                        yield self._line(name, Path(entry.path), found)
                    else:
                        yield (name, -1, 0)

    def _line(self, name: str, file: Path, found: os.stat_result) -> tuple[str, int, int | str]:
        if self._contents:
            return (name, found.st_size, hashlib.sha256(read_regular(file, LIMITS.file)).hexdigest())
        return (name, found.st_size, found.st_mtime_ns)

    def _reference_files(self, parent: Path) -> list[tuple[str, int, int | str]]:
        """Return the lines of the reference files that a dossier of ``parent`` is compared with."""
        lines: list[tuple[str, int, int | str]] = []
        for kind in self._kinds:
            for folder in folders_of(kind, parent / "dossier", self._asked):
                lines.append((f"{kind.id} {folder}", 0, 0))
                lines += [
                    self._line(f"{folder}/{one.name}", one, one.stat())
                    for one in sorted(folder.iterdir())
                    if one.is_file() and not one.name.startswith((".", "~$"))
                ]
        return lines


class Cache:
    """The results kept; use it in a ``with`` block.

    Attributes:
        note: why nothing is kept, in French, when nothing can be.
    """

    def __init__(self) -> None:
        self.note: str | None = None
        self._base: sqlite3.Connection | None = None
        self._file: Path | None = None

    def __enter__(self) -> Cache:
        try:
            self._file = own_folder() / _NAME
            self._open()
        except (OSError, sqlite3.OperationalError) as error:
            self._without(error)
        except sqlite3.DatabaseError:
            self._anew()
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self._base is not None:
                self._base.commit()
        except sqlite3.Error as error:
            self._without(error)
        if self._base is not None:
            self._base.close()

    def get(self, dossier: Path, asked: str, signature: str | None, today: str) -> Entry | None:
        """Return what was found of a dossier, when nothing has changed since."""
        if signature is None:
            return None
        query = "SELECT fiche FROM resultats WHERE chemin=? AND demande=? AND signature=? AND jour IN ('', ?)"
        row = self._one(query, (_key(dossier), asked, signature, today))
        try:
            given = json.loads(row[0]) if row else None
            return Entry(**{**given, "bloquants": tuple(given["bloquants"])}) if given else None
        except (ValueError, TypeError, KeyError):
            return None

    def report(self, dossier: Path, asked: str) -> bytes | None:
        """Return the report kept with an entry, compressed."""
        row = self._one("SELECT rapport FROM resultats WHERE chemin=? AND demande=?", (_key(dossier), asked))
        return bytes(row[0]) if row else None

    def put(self, dossier: Path, asked: str, signature: str | None, result: Result) -> None:
        """Keep a result; one that depends on the day serves that day only."""
        if signature is None or not result.kept:
            return
        entry = result.entry
        day = entry.controle if entry.origine == "aujourd_hui" else ""
        fiche = json.dumps(asdict(entry))
        self._do(
            "INSERT OR REPLACE INTO resultats VALUES (?,?,?,?,?,?,?)",
            (_key(dossier), asked, signature, day, fiche, result.report, int(time.time())),
        )

    def register(self, file: Path) -> str | None:
        """Return what a register was last written from."""
        row = self._one("SELECT contenu FROM registres WHERE chemin=?", (_key(file),))
        return str(row[0]) if row else None

    def note_register(self, file: Path, content: str) -> None:
        """Remember what a register was written from."""
        self._do("INSERT OR REPLACE INTO registres VALUES (?,?,?)", (_key(file), content, int(time.time())))

    def _open(self) -> None:
        assert self._file is not None  # __enter__() has set it
        base = sqlite3.connect(self._file, timeout=5)
        try:
            base.executescript(_TABLES)
            for table in ("resultats", "registres"):
                base.execute(f"DELETE FROM {table} WHERE vu < ?", (int(time.time()) - _OLD,))
            base.commit()
        except sqlite3.Error:
            base.close()
            raise
        self._base = base

    def _anew(self) -> None:
        """Begin another file in place of one that is damaged."""
        assert self._file is not None  # __enter__() has set it
        try:
            self._file.unlink()
            self._open()
        except (sqlite3.Error, OSError) as error:
            self._without(error)
        else:
            self.note = "La mémoire des contrôles précédents était abîmée : elle est refaite, tout est relu."

    def _without(self, error: Exception) -> None:
        base, self._base = self._base, None
        if base is not None:
            base.close()
        self.note = f"La mémoire des contrôles précédents ne sert pas ({error}) : tout est relu."
        if (
            self._file
            and isinstance(error, sqlite3.DatabaseError)
            and not isinstance(error, sqlite3.OperationalError)
        ):
            with contextlib.suppress(OSError):
                self._file.unlink()  # damaged: the next pass begins another

    def _one(self, query: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        if self._base is None:
            return None
        try:
            row: tuple[Any, ...] | None = self._base.execute(query, values).fetchone()
        except sqlite3.Error as error:
            self._without(error)
            return None
        return row

    def _do(self, query: str, values: tuple[Any, ...]) -> None:
        if self._base is None:
            return
        try:
            self._base.execute(query, values)
            if self._base.total_changes % 50 == 0:  # a kill loses little
                self._base.commit()
        except sqlite3.Error as error:
            self._without(error)


def _key(path: Path) -> str:
    return os.fsencode(path.resolve()).decode("utf-8", "backslashreplace")
