"""What lies in a dossier's folder, or in a zip of one, before anything is read as a piece."""

from __future__ import annotations

import atexit
import errno
import hashlib
import itertools
import json
import os
import re
import stat
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from assembler.errors import NothingToCheck, ReadingError, UnreadableDossier
from assembler.files import is_regular, long_path, read_regular, reason
from assembler.readers.containers import open_package
from assembler.readers.limits import LIMITS, MEGA
from assembler.readers.zipnames import real_names
from assembler.text import plain

__all__ = [
    "CHECK_CMD",
    "FICHES",
    "INSTRUCTION",
    "OUTPUT",
    "PRODUCE_CMD",
    "README",
    "SEAL",
    "Folder",
    "forget_expanded",
    "ignored",
    "open_folder",
    "set_aside",
]

FICHES = ("dossier.yaml", "dossier.yml", "fiche.xlsx")
INSTRUCTION = "instruction.yaml"
OUTPUT = "sortie"
SEAL = "fiche-controle.json"
"""What was checked, in a dossier that was sealed; no piece."""
README = "LISEZMOI.txt"
CHECK_CMD, PRODUCE_CMD = "Contrôler ce dossier.cmd", "Produire les documents.cmd"
"""What « nouveau » puts in a dossier to help; no pieces."""
_IGNORED = {"thumbs.db", "desktop.ini", "__macosx", SEAL, INSTRUCTION}
_IGNORED |= {name.lower() for name in (README, CHECK_CMD, PRODUCE_CMD)}
_WINDOWS = re.compile(r'[<>:"|?*\x00-\x1f]')
_REFUSED = _WINDOWS if os.name == "nt" else re.compile(r"\0")
"""What no name of a file may hold here; on Windows, « : » would even lead to another disk."""
_SET_ASIDE = re.compile(r"(archive|ancien|ancienne|brouillon|version)s?|old")


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """What a folder holds, before anything is read as a piece.

    Attributes:
        path: the folder or the zip, as given.
        name: what the folder is called; of a zip, the folder that it holds, else the zip itself.
        root: the folder.
        output: where documents are written.
        names: relative names of the files, sorted, ``/`` separated.
        fiches: those that are a fiche.
        left: files in ``sortie/`` that no run of ours wrote.
        notes: what was set aside, in French.
        unlisted: sub-folders that do not open.
    """

    path: Path
    name: str
    root: Path
    output: Path
    names: tuple[str, ...]
    fiches: tuple[str, ...]
    left: tuple[str, ...]
    notes: tuple[str, ...]
    unlisted: tuple[str, ...]


def open_folder(path: Path, is_dossier: Callable[[str], bool] = lambda _name: False) -> Folder:
    """List a dossier's files; links, pipes and what Office leaves behind are not followed.

    Args:
        path: a folder, or a ``.zip`` of one.
        is_dossier: tells whether a folder so named is a dossier, and not what holds one, in a zip.

    Raises:
        NothingToCheck: no such folder, or an empty one.
        UnreadableDossier: a folder or a zip that cannot be opened.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise NothingToCheck(f"« {path} » n’existe pas : vérifiez le chemin du dossier.") from None
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "son nom est interdit"
        raise UnreadableDossier(f"« {str(path)[:200]} » ne s’ouvre pas : {why}.") from error
    if stat.S_ISREG(mode):
        if path.suffix.lower() != ".zip":
            raise NothingToCheck(
                f"« {path.name} » est un fichier : donnez le dossier qui le contient, ou un fichier .zip."
            )
        notes: list[str] = []
        root, name = _inside(_unzipped(path, notes), path.stem, is_dossier)
        return _list(path, name, root, path.with_name(f"{path.stem}-{OUTPUT}"), notes)
    name = path.name if path.name not in ("", "..") else path.resolve().name
    return _list(path, name, path, path / OUTPUT, [])


def _unzipped(path: Path, notes: list[str]) -> Path:
    """Expand a zip beside nothing: into a folder of this process, removed at its end."""
    # In its long form, Windows leaves « aux.pdf », « fin. » and what lies deep as they are.
    place = long_path(Path(tempfile.gettempdir()), at_least=0)
    keeper = tempfile.TemporaryDirectory(prefix="assemble-", dir=place)
    atexit.register(keeper.cleanup)
    _EXPANDED.append((os.getpid(), keeper))
    root = Path(keeper.name)
    try:
        package = open_package(_content(path))
        for name, member in zip(real_names(package.members), package.members, strict=True):
            if name.endswith("/") or name.lower().startswith("__macosx/"):
                continue
            here = _REFUSED.sub("_", name)
            if here != name:
                notes.append(f"Nom que Windows refuse, lu comme « {here} » : {name}.")
            target = root.joinpath(*PurePosixPath(here).parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as stream:
                package.copy(member.filename, stream)
    except (ReadingError, OSError, ValueError) as error:
        if isinstance(error, ReadingError) and error.code == "protege":
            raise UnreadableDossier(
                f"« {path.name} » demande un mot de passe : refaites le fichier .zip sans mot de passe, "
                "ou donnez le dossier lui-même."
            ) from error
        # The reader's advice (save it anew in Word) is for a piece, not for the zip of a dossier.
        told = reason(error) if isinstance(error, OSError) else str(error).partition(" ; ")[0].rstrip(".")
        told = told.removeprefix("Le fichier ne peut pas être lu : ")
        raise UnreadableDossier(
            f"« {path.name} » ne s’ouvre pas, il est illisible : {told}. Demandez qu’il soit renvoyé, "
            "ou refaites-le ; s’il s’ouvre chez vous, donnez le dossier décompressé."
        ) from error
    return root


_EXPANDED: list[tuple[int, tempfile.TemporaryDirectory[str]]] = []


def forget_expanded() -> None:
    """Remove what this process expanded from zips: whoever checks a thousand does not keep them all."""
    while _EXPANDED and _EXPANDED[-1][0] == os.getpid():  # those before a fork are not ours
        _, keeper = _EXPANDED.pop()
        keeper.cleanup()
        atexit.unregister(keeper.cleanup)


def _inside(root: Path, name: str, is_dossier: Callable[[str], bool]) -> tuple[Path, str]:
    """Return the dossier of an expanded zip, and its name: the one folder that it holds, and so on down."""
    for _ in range(LIMITS.depth):
        inner = [one for one in root.iterdir() if one.name in (INSTRUCTION, SEAL) or not ignored(one.name)]
        if len(inner) != 1 or not inner[0].is_dir() or set_aside(inner[0].name):
            break
        if is_dossier(name) and not is_dossier(inner[0].name):
            break  # the zip of a dossier whose files all lie in one sub-folder
        root, name = inner[0], inner[0].name
    return root, name


def ignored(name: str) -> bool:
    """Tell whether a name is what a system or Office leaves behind, or ours; never a piece."""
    low = unicodedata.normalize("NFC", name).lower()
    return low.startswith((".", "~$")) or low in _IGNORED or low.endswith(".tmp")


def set_aside(name: str) -> bool:
    """Tell whether a folder of that name holds archives, drafts or old versions."""
    return _SET_ASIDE.fullmatch(plain(name)) is not None


def _content(path: Path) -> bytes:
    try:
        return read_regular(path.resolve(), LIMITS.file)
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        raise ReadingError("illisible", f"il dépasse {LIMITS.file // MEGA} Mo") from error


def _list(path: Path, name: str, root: Path, output: Path, notes: list[str]) -> Folder:
    given = name if root == path else path.name  # a zip is told by its own name
    unlisted: list[str] = []
    names = sorted(itertools.islice(_walk(root, "", output, notes, unlisted), LIMITS.members + 1))
    if len(names) > LIMITS.members:
        raise NothingToCheck(
            f"« {given} » contient plus de {LIMITS.members} fichiers : donnez le dossier d’une seule "
            "demande, pas celui qui les réunit."
        )
    fiches = tuple(name for name in names if name.lower() in FICHES)
    kept = tuple(name for name in names if name not in fiches)
    if not names:
        raise NothingToCheck(f"« {given} » est vide : il n’y a rien à contrôler.")
    return Folder(
        path=path,
        name=name,
        root=root,
        output=output,
        names=kept,
        fiches=fiches,
        left=_left(output),
        notes=tuple(notes),
        unlisted=tuple(unlisted),
    )


def _walk(root: Path, below: str, output: Path, notes: list[str], unlisted: list[str]) -> Iterator[str]:
    if below.count("/") >= LIMITS.depth:
        notes.append(f"Dossier laissé de côté, au-delà de {LIMITS.depth} niveaux : {below[:100]}…")
        return
    try:
        with os.scandir(long_path(root / below)) as found:
            # Beyond the bound the whole is refused, whatever the order.
            entries = sorted(itertools.islice(found, LIMITS.members * 10), key=lambda one: one.name)
    except OSError as error:
        if not below:
            raise UnreadableDossier(f"« {root.name} » ne s’ouvre pas : {reason(error)}.") from error
        notes.append(f"Dossier illisible, laissé de côté : {below} ({reason(error)}).")
        unlisted.append(below)
        return
    for entry in entries:
        name = f"{below}/{entry.name}" if below else entry.name
        if ignored(entry.name):
            continue
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
        except OSError:
            continue  # gone since the folder was listed
        if stat.S_ISDIR(mode):
            if root / name == output or is_regular(root / name / ".assemble" / "manifeste.json"):
                continue
            if set_aside(entry.name):
                notes.append(
                    f"Dossier laissé de côté : {name}/ (archives, brouillons ou anciennes versions)."
                )
                continue
            yield from _walk(root, name, output, notes, unlisted)
        elif stat.S_ISREG(mode):
            yield name
        else:
            notes.append(f"Ni fichier ni dossier, laissé de côté : {name} (lien ou périphérique).")


def _left(output: Path) -> tuple[str, ...]:
    """Return the files in ``sortie/`` that the manifest does not know."""
    if output.is_symlink() or not output.is_dir():
        return ()
    try:
        manifest = json.loads(read_regular(output / ".assemble" / "manifeste.json", LIMITS.xml_part))
        ours = set(manifest.get("documents", {}))
        ours |= {
            name.rpartition("/")[0] + ("/" if "/" in name else "") + beside
            for name, entry in manifest.get("documents", {}).items()
            for beside in entry.get("propositions", {}).values()
        }
        ours -= {
            name for name, entry in manifest.get("documents", {}).items() if _signed(output / name, entry)
        }
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        ours = set()
    found = []
    for file in sorted(itertools.islice(output.rglob("*"), LIMITS.members)):
        name = file.relative_to(output).as_posix()
        hidden = any(part.startswith((".", "~$")) for part in PurePosixPath(name).parts)
        if is_regular(file) and not hidden and name not in ours and not name.startswith("archives/"):
            found.append(name)
    return tuple(name for name in found if name not in {"visas.yaml", "journal.jsonl", INSTRUCTION})


def _signed(file: Path, entry: dict[str, Any]) -> bool:
    """Tell whether somebody signed, or changed, a copy of a document and saved it under the same name."""
    if "copie_de" not in entry:
        return False
    try:
        digest = hashlib.sha256(read_regular(file, LIMITS.file)).hexdigest()
    except OSError:
        return False
    return digest not in {entry.get("sha256"), *entry.get("propositions", {})}
