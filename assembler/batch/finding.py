"""Every dossier below a folder: folders and zips, none forgotten, none looked into twice.

People file dossiers as they like: by year, by département, with or without a fiche, beside lists and
letters. A folder is a dossier when it holds a fiche, or what the command wrote in one, or bears the name
of one; else when its files are named like pieces, unless what lies below shows that it gathers several
dossiers.
"""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from assembler.contributions import Format
from assembler.errors import UsageError
from assembler.files import is_regular, reason
from assembler.folder import FICHES, INSTRUCTION, OUTPUT, ignored, set_aside
from assembler.model import Source
from assembler.readers.limits import LIMITS
from assembler.recognition import recognise
from assembler.recognition.filenames import bare_name
from assembler.text import plain

__all__ = ["REGISTER", "Found", "find_dossiers", "identity"]

REGISTER = "registre"
"""Name of our own files beside the dossiers."""

_DOCUMENTS = (".docx", ".docm", ".doc", ".odt", ".rtf", ".pdf")
_PART = re.compile(r"\b(?:pieces?|annexes?|courriers?|lettres?)\b")
_OURS = re.compile(rf"{REGISTER}(?: \(proposition \d+\))?\.(?:xlsx|html)", re.IGNORECASE)
_NAMED = 200
"""Names of one folder that are looked at: a dossier has ten files, not a thousand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A dossier, or files that are in none."""

    path: Path
    name: str
    """Relative to the folder asked for, ``/`` separated."""
    twin: str | None = None
    """Name of the other form of the same dossier: « X.zip » beside « X »."""
    loose: tuple[str, ...] = ()
    """Not a dossier: documents that lie in a folder that gathers dossiers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Branch:
    """What was seen of a folder and of all that lies below."""

    found: tuple[Found, ...]
    rank: int
    """3: a fiche, 2: files named like pieces, 1: other files, 0: nothing."""
    pieces: frozenset[str] = field(default_factory=frozenset)
    """Single pieces that names tell: a dossier does not hold two of one."""


def find_dossiers(parent: Path, formats: Collection[Format], output: Path | None = None) -> tuple[Found, ...]:
    """Return the dossiers below a folder, and what lies beside them, sorted by name; links are not followed.

    Args:
        parent: the folder that gathers them.
        formats: the installed formats, whose pieces tell a dossier that has no fiche.
        output: where the register goes, when it is a folder apart.

    Raises:
        UsageError: no such folder, or it is itself a dossier.
    """
    if not parent.is_dir():
        raise UsageError(f"« {parent} » n’est pas un dossier : donnez celui qui réunit les dossiers.")
    fiche = next((name for name in (*FICHES, INSTRUCTION) if is_regular(parent / name)), None)
    if fiche or _is_named(parent.name, formats):
        why = f", puisque « {fiche} » s’y trouve" if fiche else ""
        stray = " S’il n’en est pas un, rangez ce fichier dans le dossier qu’il concerne." if fiche else ""
        raise UsageError(
            f"« {parent} » est lui-même un dossier à contrôler{why} : donnez celui qui le contient, "
            f"ou lancez « assemble controler ».{stray}"
        )
    found = _Finder(parent, formats, output).branch(parent, "", 0).found
    names = {one.name for one in found}
    return tuple(
        sorted((_with_twin(one, names) for one in found), key=lambda one: (plain(one.name), one.name))
    )


def identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another one of the same name, or None when it is not there."""
    try:
        with os.scandir(folder):
            found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _with_twin(one: Found, names: Collection[str]) -> Found:
    zipped = one.name.lower().endswith(".zip")
    other = (
        one.name[:-4]
        if zipped
        else next((n for n in (f"{one.name}.zip", f"{one.name}.ZIP") if n in names), "")
    )
    return replace(one, twin=PurePath(other).name) if other in names else one


class _Finder:
    def __init__(self, parent: Path, formats: Collection[Format], output: Path | None) -> None:
        self._parent = parent
        self._formats = formats
        self._output = output.resolve() if output else None
        self._pieces = [format_.pieces for format_ in formats]
        self._beside = {plain(kind.folder) for format_ in formats for kind in format_.reference_files}
        pieces = [piece for format_ in formats for piece in format_.pieces]
        patterns = {pattern for piece in pieces for pattern in piece.names}
        places = {plain(part) for piece in pieces for one in piece.folders for part in one.split("/")}
        patterns |= {rf"^{re.escape(one)}$" for one in places}
        self._parts = [re.compile(one) for one in sorted(patterns)]

    def branch(self, folder: Path, name: str, depth: int) -> _Branch:
        """Look at a folder and below; without a name, at the one that gathers all."""
        here = Found(path=folder, name=name)
        try:
            files, folders = self._listed(folder)
        except OSError as error:
            if not name:
                raise UsageError(f"« {folder} » ne s’ouvre pas : {reason(error)}.") from error
            return _Branch(found=(here,), rank=1)
        low = {one.lower() for one in files}
        if name and _is_named(folder.name, self._formats):
            return _Branch(found=(here,), rank=3)
        if name and (low & {*FICHES, INSTRUCTION} or _produced(folder / OUTPUT)):
            return _Branch(found=(here,), rank=3)
        zips = [one for one in files if one.lower().endswith(".zip")]
        documents = [one for one in files if one.lower().endswith(_DOCUMENTS)]
        pieces, single = self._recognised(documents)
        below = [
            self.branch(folder / one, f"{name}/{one}".lstrip("/"), depth + 1)
            for one in folders
            if depth < LIMITS.depth
        ]
        if name and self._is_dossier(files, folders, zips, documents, pieces, below):
            rank = 2 if pieces else max([int(bool(files)), *(one.rank for one in below)])
            return _Branch(found=(here,), rank=rank, pieces=single.union(*(one.pieces for one in below)))
        found = [one for branch in below for one in branch.found]
        found += [Found(path=folder / one, name=f"{name}/{one}".lstrip("/")) for one in zips]
        if loose := pieces if name else documents:
            found.append(replace(here, name=name or ".", loose=tuple(loose)))
        return _Branch(
            found=tuple(found),
            rank=max((one.rank for one in below), default=0),
            pieces=frozenset().union(*(one.pieces for one in below)),
        )

    def _is_dossier(
        self,
        files: Sequence[str],
        folders: Sequence[str],
        zips: Sequence[str],
        documents: Sequence[str],
        pieces: Sequence[str],
        below: Sequence[_Branch],
    ) -> bool:
        """Tell whether a folder without a fiche is one dossier, and not what gathers several."""
        twice = Counter(piece for one in below for piece in one.pieces)
        if any(one.rank == 3 for one in below) or any(count > 1 for count in twice.values()):
            return False
        if pieces:
            return True
        if zips:
            return False
        if documents:
            return True
        if files or not folders:
            return all(one.rank == 0 for one in below)
        return all(self._is_part(one) for one in folders)

    def _is_part(self, folder: str) -> bool:
        """Tell whether a folder is named like a part of a dossier: « courriers signés »."""
        names = {plain(folder), bare_name(folder)}
        return any(one.search(text) for text in names for one in (_PART, *self._parts))

    def _listed(self, folder: Path) -> tuple[list[str], list[str]]:
        """Return the files and the folders that count, sorted."""
        files, folders = [], []
        with os.scandir(folder) as entries:
            for entry in entries:
                if ignored(entry.name) and entry.name.lower() != INSTRUCTION:
                    continue
                try:
                    mode = entry.stat(follow_symlinks=False).st_mode
                except OSError:
                    continue  # gone since the folder was listed
                if stat.S_ISREG(mode) and not _OURS.fullmatch(entry.name):
                    files.append(entry.name)
                elif stat.S_ISDIR(mode) and not self._apart(Path(entry.path)):
                    folders.append(entry.name)
        zipped = {f"{one[:-4]}-{OUTPUT}" for one in files if one.lower().endswith(".zip")}
        return sorted(files), sorted(one for one in folders if one not in zipped)

    def _apart(self, folder: Path) -> bool:
        """Tell whether a folder holds no dossier: produced, set aside, or reference files."""
        return (
            set_aside(folder.name)
            or plain(folder.name) in self._beside
            or folder.name.lower() == OUTPUT
            or _produced(folder)
            or (self._output is not None and folder.resolve() == self._output)
        )

    def _recognised(self, names: Sequence[str]) -> tuple[list[str], frozenset[str]]:
        """Return the files that names tell to be pieces, and the single pieces that they are."""
        unread = tuple(
            Source(name=name, path="", octets=1, sha256="", nature="inconnu", defaut="illisible")
            for name in names[:_NAMED]
        )
        known: set[str] = set()
        single: set[str] = set()
        for pieces in self._pieces if unread else ():
            told = {
                source.name: source.piece for source in recognise(unread, pieces, {}).sources if source.piece
            }
            known |= told.keys()
            single |= {piece.id for piece in pieces if not piece.many and piece.id in told.values()}
        return sorted(known), frozenset(single)


def _is_named(folder: str, formats: Collection[Format]) -> bool:
    """Tell whether a folder bears the name of a dossier."""
    return any(one.named(folder) is not None for one in formats)


def _produced(folder: Path) -> bool:
    return is_regular(folder / ".assemble" / "manifeste.json")
