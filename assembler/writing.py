"""The one module that writes into a dossier: atomically, and never over what somebody edited.

``sortie/.assemble/manifeste.json`` keeps the hash of what was written; a file whose hash is another
one belongs to the person who changed it, and the new version goes beside it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import getpass
import hashlib
import json
import os
import re
import tempfile
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from assembler.errors import WritingError
from assembler.files import read_regular
from assembler.model import Document
from assembler.readers.limits import LIMITS
from assembler.text import clean

__all__ = ["Writer", "Written", "add_to_journal", "safe_name", "write_atomic"]

_PREFIX = ".assemble-"
_STALE = 3600.0
_OPEN = 86_400.0
_TRIES = 3
_PAUSE = 0.5
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)
_LONGEST = 150


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What became of a document."""

    kind: str
    """``nouveau``, ``inchange``, ``mis_a_jour``, ``garde`` (edited by hand, and nothing new to propose),
    ``a_cote`` (beside one edited by hand, or open) or ``deja_propose`` (that proposal was already made)."""
    path: Path
    """The file that holds this version (for ``deja_propose``, the proposal)."""
    archive: Path | None = None
    """Where the edited one was moved, with ``replace``."""


def safe_name(name: str) -> str:
    """Return a file name that Windows, a Mac and a share accept: « CON.docx » becomes « _CON.docx »."""
    name = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", clean(name))).strip(" ").rstrip(". ")
    stem, dot, extension = name.rpartition(".")
    shortened = f"{stem[: _LONGEST - len(extension)].rstrip('. ')}.{extension}"
    name = shortened if dot and stem else name[:_LONGEST]
    return f"_{name}" if not name or _RESERVED.match(name) else name


class Writer:
    """Writes the documents of a dossier under its ``sortie/``; use it in a ``with`` block.

    At the end of the block, one line per run that wrote something is added to the journal,
    ``sortie/.assemble/journal.jsonl``.

    Args:
        folder: the ``sortie/``, made when the first document is written.
        replace: move an edited document to ``archives/`` and write in its place.
        command: the command line, for the journal.
        version: version of the engine, for the journal.
        motive: why a refusal was overridden, for the journal.
        now: the clock.
    """

    def __init__(
        self,
        folder: Path,
        *,
        replace: bool = False,
        command: str = "",
        version: str = "",
        motive: str | None = None,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now().astimezone(),
    ) -> None:
        self.folder = folder
        self.replace = replace
        self._header = {"commande": command, "version": version, "motif": motive}
        self._now = now
        self._journal: list[dict[str, str]] = []
        self._documents = self._load()
        self._swept: set[Path] = set()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def edition(self, step: str, name: str) -> dt.date | None:
        """Return the date of edition of the last version written or proposed, if any."""
        entry = self._documents.get(f"{safe_name(step)}/{safe_name(name)}")
        try:
            return dt.date.fromisoformat(str(entry["edition"])) if entry else None
        except (KeyError, ValueError):
            return None

    def same(self, document: Document) -> bool:
        """Tell whether ``document`` is what was last written or proposed under its name."""
        entry = self._documents.get(f"{safe_name(document.step)}/{safe_name(document.name)}", {})
        return _sha256(document.content) in {entry.get("sha256"), *entry.get("propositions", {})}

    def write(self, document: Document, edition: dt.date) -> Written:
        """Write one document, unless the same is there; see :class:`Written`.

        Raises:
            WritingError: no right, no room, no place; what stood there is untouched.
        """
        step, name = safe_name(document.step), safe_name(document.name)
        key = f"{step}/{name}"
        target = self.folder / step / name
        digest = _sha256(document.content)
        entry = self._documents.get(key, {})
        proposals: dict[str, str] = dict(entry.get("propositions", {}))
        ours = {entry.get("sha256"), entry.get("en_cours"), *proposals} - {None}
        try:
            standing = _sha256(_long(target).read_bytes()) if _long(target).exists() else None
            if standing == digest:
                self._note(key, digest, edition, proposals)
                return Written(kind="inchange", path=target)
            edited = standing is not None and standing not in ours
            if edited and digest == entry.get("sha256") and not self.replace:
                return Written(kind="garde", path=target)
            self._prepare(target.parent)
            archive = None
            if edited and self.replace:
                archive = self._archive(target, key)
            elif edited or (standing is not None and _is_open(target)):
                return self._beside(document, target, key, digest, edition)
            # written before the file is: a kill in between must not make our own work look edited
            self._note(key, str(entry.get("sha256") or ""), edition, proposals, pending=digest)
            if not self._put(target, document.content):
                return self._beside(document, target, key, digest, edition)
        except OSError as cause:
            raise WritingError(_explain(cause, target)) from cause
        self._note(key, digest, edition, proposals)
        kind = "nouveau" if standing is None else "mis_a_jour"
        self._journal.append({"nom": key, "etat": kind, "sha256": digest})
        return Written(kind=kind, path=target, archive=archive)

    def close(self) -> None:
        """Add the journal line of this run, if it wrote anything."""
        if not self._journal:
            return
        line = {"qui": _who(), "quand": self._now().isoformat(timespec="seconds"), **self._header}
        text = json.dumps({**line, "documents": self._journal}, ensure_ascii=False)
        self._journal = []
        try:
            with (self._home() / "journal.jsonl").open("a", encoding="utf-8", newline="\n") as journal:
                journal.write(text + "\n")
        except OSError as cause:
            raise WritingError(_explain(cause, self.folder / ".assemble" / "journal.jsonl")) from cause

    # -- beside and away ------------------------------------------------------------------------

    def _beside(self, document: Document, target: Path, key: str, digest: str, edition: dt.date) -> Written:
        entry = self._documents.get(key, {})
        proposals: dict[str, str] = dict(entry.get("propositions", {}))
        if digest in proposals:
            self._note(key, str(entry.get("sha256") or ""), edition, proposals)
            return Written(kind="deja_propose", path=target.parent / proposals[digest])
        number = 2
        while (place := target.with_name(f"{target.stem} (proposition {number}){target.suffix}")).exists():
            number += 1
        if not self._put(place, document.content):
            raise WritingError(
                f"« {target.name} » est ouvert ailleurs et rien ne peut être écrit à côté :"
                " fermez-le, puis recommencez."
            )
        proposals[digest] = place.name
        self._note(key, str(entry.get("sha256") or ""), edition, proposals)
        self._journal.append(
            {"nom": f"{key.partition('/')[0]}/{place.name}", "etat": "a_cote", "sha256": digest}
        )
        return Written(kind="a_cote", path=place)

    def _archive(self, target: Path, key: str) -> Path:
        stamp = self._now().strftime("%Y-%m-%d-%Hh%M")
        place = self.folder / "archives" / stamp / key
        number = 2
        while place.exists():
            place = place.with_name(f"{target.stem} ({number}){target.suffix}")
            number += 1
        _long(place.parent).mkdir(parents=True, exist_ok=True)
        _long(target).replace(_long(place))
        return place

    # -- the file itself ------------------------------------------------------------------------

    def _put(self, target: Path, content: bytes) -> bool:
        """Replace ``target`` at once; False when somebody holds it open."""
        return _replace(target, content)

    def _prepare(self, folder: Path) -> None:
        """Make the folder and sweep our own temporary files that a kill left there."""
        _long(folder).mkdir(parents=True, exist_ok=True)
        if folder in self._swept:
            return
        self._swept.add(folder)
        for left in folder.glob(f"{_PREFIX}*"):
            if left.is_file() and time.time() - left.stat().st_mtime > _STALE:
                left.unlink(missing_ok=True)

    # -- the manifest ---------------------------------------------------------------------------

    def _home(self) -> Path:
        home = self.folder / ".assemble"
        _long(home).mkdir(parents=True, exist_ok=True)
        return home

    def _load(self) -> dict[str, dict[str, Any]]:
        path = self.folder / ".assemble" / "manifeste.json"
        try:
            data = json.loads(read_regular(path, LIMITS.xml_part))
            documents = data["documents"]
            if all(isinstance(entry, dict) for entry in documents.values()):
                return dict(documents)
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as cause:
            raise WritingError(_explain(cause, path)) from cause
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            pass
        # unreadable: nothing is known to be ours, hence nothing will be overwritten
        return {}

    def _note(
        self,
        key: str,
        digest: str,
        edition: dt.date,
        proposals: dict[str, str],
        *,
        pending: str | None = None,
    ) -> None:
        entry: dict[str, Any] = {"sha256": digest, "edition": edition.isoformat(), "propositions": proposals}
        if pending is not None:
            entry["en_cours"] = pending
        if self._documents.get(key) == entry:
            return
        self._documents[key] = entry
        data = {"version": 1, "documents": dict(sorted(self._documents.items()))}
        path = self.folder / ".assemble" / "manifeste.json"
        try:
            written = self._put(
                self._home() / path.name, json.dumps(data, ensure_ascii=False, indent=1).encode()
            )
        except OSError as cause:
            raise WritingError(_explain(cause, path)) from cause
        if not written:
            raise WritingError(f"« {path} » est tenu par un autre programme : fermez-le, puis recommencez.")


def add_to_journal(folder: Path, *, command: str, version: str, **told: object) -> None:
    """Add a line to the journal of a ``sortie/`` for what a person did that is no document.

    Args:
        folder: the ``sortie/``.
        command: the command line.
        version: version of the engine.
        **told: what was done, as JSON values.

    Raises:
        WritingError: the journal cannot be written.
    """
    now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    line = {"qui": _who(), "quand": now, "commande": command, "version": version, **told}
    path = folder / ".assemble" / "journal.jsonl"
    try:
        _long(path.parent).mkdir(parents=True, exist_ok=True)
        with _long(path).open("a", encoding="utf-8", newline="\n", errors="backslashreplace") as journal:
            journal.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as cause:
        raise WritingError(_explain(cause, path)) from cause


def write_atomic(path: Path, content: bytes) -> None:
    """Write one file at once: a kill at any moment leaves the old one or the new one.

    Raises:
        WritingError: no right, no room, or somebody holds it open.
    """
    try:
        _long(path.parent).mkdir(parents=True, exist_ok=True)
        written = _replace(path, content)
    except OSError as cause:
        raise WritingError(_explain(cause, path)) from cause
    if not written:
        raise WritingError(f"« {path} » est ouvert ailleurs : fermez-le, puis recommencez.")


def _replace(target: Path, content: bytes) -> bool:
    handle, name = tempfile.mkstemp(prefix=_PREFIX, dir=_long(target.parent))
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
        with contextlib.suppress(OSError):  # shares that know no mode
            Path(name).chmod(0o666 & ~_umask())
        for attempt in range(_TRIES):
            try:
                Path(name).replace(_long(target))
                return True
            except PermissionError:
                if attempt + 1 < _TRIES:
                    time.sleep(_PAUSE)
        return False
    finally:
        Path(name).unlink(missing_ok=True)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _is_open(target: Path) -> bool:
    """Tell whether Word or LibreOffice left its owner file beside ``target`` within the day."""
    owners = (f"~${target.name[2:]}", f"~${target.name}", f".~lock.{target.name}#")
    for owner in owners:
        path = target.with_name(owner)
        if path.exists() and time.time() - path.stat().st_mtime < _OPEN:
            return True
    return False


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no account behind this user id (containers, services)
        return "inconnu"


def _long(path: Path) -> Path:
    r"""Return ``path`` in the ``\\?\`` form that lets Windows go beyond 260 characters."""
    text = str(path)
    if os.name != "nt" or len(text) < 240 or text.startswith("\\\\?\\"):
        return path
    text = str(path.absolute())
    return Path("\\\\?\\UNC" + text[1:] if text.startswith("\\\\") else "\\\\?\\" + text)


def _explain(cause: OSError, path: Path) -> str:
    if cause.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"Il n’y a plus de place pour écrire « {path.name} » : libérez de l’espace, puis recommencez."
    if isinstance(cause, PermissionError) or cause.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"Vous n’avez pas le droit d’écrire « {path.name} » dans « {path.parent} » :"
            " demandez ce droit, ou choisissez un autre dossier avec --sortie."
        )
    if cause.errno == errno.ENAMETOOLONG:
        return f"Le chemin de « {path.name} » est trop long : raccourcissez le nom du dossier."
    if isinstance(cause, (NotADirectoryError, FileExistsError, IsADirectoryError)):
        return f"« {path} » ne peut pas être écrit : un fichier ou un dossier du même nom tient sa place."
    return f"« {path.name} » n’a pas pu être écrit ({cause.strerror or type(cause).__name__}) : recommencez."
