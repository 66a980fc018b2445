"""What lies in a dossier's folder, or in a zip of one, before anything is read as a piece."""

from __future__ import annotations

import atexit
import json
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assembler.errors import NothingToCheck, ReadingError
from assembler.readers.containers import open_package
from assembler.text import plain

__all__ = ["FICHES", "INSTRUCTION", "OUTPUT", "Folder", "open_folder"]

FICHES = ("dossier.yaml", "dossier.yml", "fiche.xlsx")
INSTRUCTION = "instruction.yaml"
OUTPUT = "sortie"
_IGNORED = {"thumbs.db", "desktop.ini", "__macosx", "fiche-controle.json", INSTRUCTION}
_SET_ASIDE = re.compile(r"(archive|ancien|ancienne|brouillon|version)s?|old")


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """What a folder holds, before anything is read as a piece.

    Attributes:
        root: the folder.
        output: where documents are written.
        names: relative names of the files, sorted, ``/`` separated.
        fiches: those that are a fiche.
        left: files in ``sortie/`` that no run of ours wrote.
        notes: what was set aside, in French.
    """

    root: Path
    output: Path
    names: tuple[str, ...]
    fiches: tuple[str, ...]
    left: tuple[str, ...]
    notes: tuple[str, ...]


def open_folder(path: Path) -> Folder:
    """List a dossier's files; links, pipes and what Office leaves behind are not followed.

    Args:
        path: a folder, or a ``.zip`` of one.

    Raises:
        NothingToCheck: no such folder, an empty one, or a zip that cannot be opened.
    """
    if not path.exists():
        raise NothingToCheck(f"« {path} » n’existe pas : vérifiez le chemin du dossier.")
    if path.is_file():
        if path.suffix.lower() != ".zip":
            raise NothingToCheck(
                f"« {path.name} » est un fichier : donnez le dossier qui le contient, ou un fichier .zip."
            )
        return _list(_unzipped(path), path.with_name(f"{path.stem}-{OUTPUT}"))
    return _list(path, path / OUTPUT)


def _unzipped(path: Path) -> Path:
    """Expand a zip beside nothing: into a folder of this process, removed at its end."""
    keeper = tempfile.TemporaryDirectory(prefix="assemble-")
    atexit.register(keeper.cleanup)
    root = Path(keeper.name)
    try:
        package = open_package(path.read_bytes())
        for name in package.names:
            if name.endswith("/"):
                continue
            target = root.joinpath(*PurePosixPath(name).parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(package.read(name))
    except (ReadingError, OSError) as error:
        # The reader's advice (save it anew in Word) is for a piece, not for the zip of a dossier.
        reason = str(error).partition(" ; ")[0].rstrip(".")
        raise NothingToCheck(
            f"« {path.name} » ne s’ouvre pas : {reason}. Refaites le fichier .zip, "
            "ou donnez le dossier lui-même."
        ) from error
    inner = [one for one in root.iterdir() if plain(one.name) != "macosx"]
    return inner[0] if len(inner) == 1 and inner[0].is_dir() else root


def _list(root: Path, output: Path) -> Folder:
    notes: list[str] = []
    names = sorted(_walk(root, "", output, notes))
    fiches = tuple(name for name in names if name.lower() in FICHES)
    kept = tuple(name for name in names if name not in fiches)
    if not names:
        raise NothingToCheck(f"« {root.name} » est vide : il n’y a rien à contrôler.")
    return Folder(root=root, output=output, names=kept, fiches=fiches, left=_left(output), notes=tuple(notes))


def _walk(root: Path, below: str, output: Path, notes: list[str]) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(root / below), key=lambda one: one.name)
    except OSError as error:
        notes.append(f"Dossier illisible, laissé de côté : {below or root.name} ({error.strerror}).")
        return
    for entry in entries:
        name = f"{below}/{entry.name}" if below else entry.name
        low = entry.name.lower()
        if low.startswith((".", "~$")) or low in _IGNORED or low.endswith(".tmp"):
            continue
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            if Path(entry.path) == output or (Path(entry.path) / ".assemble" / "manifeste.json").exists():
                continue
            if _SET_ASIDE.fullmatch(plain(entry.name)):
                notes.append(
                    f"Dossier laissé de côté : {name}/ (archives, brouillons ou anciennes versions)."
                )
                continue
            yield from _walk(root, name, output, notes)
        elif stat.S_ISREG(mode):
            yield name
        else:
            notes.append(f"Ni fichier ni dossier, laissé de côté : {name} (lien ou périphérique).")


def _left(output: Path) -> tuple[str, ...]:
    """Return the files in ``sortie/`` that the manifest does not know."""
    if not output.is_dir():
        return ()
    try:
        manifest = json.loads((output / ".assemble" / "manifeste.json").read_text(encoding="utf-8"))
        ours = set(manifest.get("documents", {}))
        ours |= {
            name.rpartition("/")[0] + ("/" if "/" in name else "") + beside
            for name, entry in manifest.get("documents", {}).items()
            for beside in entry.get("propositions", {}).values()
        }
    except (OSError, ValueError, AttributeError):
        ours = set()
    found = []
    for file in sorted(output.rglob("*")):
        name = file.relative_to(output).as_posix()
        hidden = any(part.startswith((".", "~$")) for part in PurePosixPath(name).parts)
        if file.is_file() and not hidden and name not in ours and not name.startswith("archives/"):
            found.append(name)
    return tuple(name for name in found if name not in {"visas.yaml", "journal.jsonl"})
