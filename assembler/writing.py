"""The one module that writes into a dossier: atomically, and never over what somebody edited.

``sortie/.assemble/manifeste.json`` keeps the hash of what was written; a file whose hash is another
one belongs to the person who changed it, and the new version goes beside it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from assembler.atomic import explain, replace_file, sweep
from assembler.errors import WritingError
from assembler.files import long_path, read_regular
from assembler.journal import JOURNAL, append_line, who
from assembler.locking import Lock
from assembler.model import Document
from assembler.openfiles import blocked, opened
from assembler.readers.limits import LIMITS
from assembler.text import clean

__all__ = ["LOCK", "Writer", "Written", "add_to_journal", "safe_name"]

LOCK = Path(".assemble", "verrou")
"""Where a run that writes under a ``sortie/`` says so."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)
_LONGEST = 150


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What became of a document."""

    kind: str
    """``nouveau``, ``inchange``, ``mis_a_jour``, ``garde`` (edited by hand, and nothing new to propose),
    ``a_cote`` (beside one edited by hand), ``ouvert`` (beside one that somebody has open) or ``deja_propose``
    (that proposal was already made)."""
    path: Path
    """The file that holds this version (for ``deja_propose``, the proposal)."""
    archive: Path | None = None
    """Where the edited one was moved, with ``replace``."""
    reason: str | None = None
    """For ``ouvert``, in French: by whom."""


def safe_name(name: str) -> str:
    """Return a file name that Windows, a Mac and a share accept: « CON.docx » becomes « _CON.docx »."""
    name = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", clean(name))).strip(" ").rstrip(". ")
    stem, dot, extension = name.rpartition(".")
    shortened = f"{stem[: _LONGEST - len(extension)].rstrip('. ')}.{extension}"
    name = shortened if dot and stem else name[:_LONGEST]
    return f"_{name}" if not name or _RESERVED.match(name) else name


class Writer:
    """Writes the documents of a dossier under its ``sortie/``; use it in a ``with`` block.

    From its first write to the end of the block, it holds the folder: no other run writes there. At the end
    of the block, one line per run that wrote something is added to the journal,
    ``sortie/.assemble/journal.jsonl``.

    Args:
        folder: the ``sortie/``, made when the first document is written.
        replace: move an edited document to ``archives/`` and write in its place.
        elsewhere: French: how to have the documents written elsewhere, when the command can.
        command: the command line, for the journal.
        version: version of the engine, for the journal.
        motive: why a refusal was overridden, for the journal.
        rules: gives the fingerprint of the rules that judged, for the journal; called when a line is written.
        now: the clock.
    """

    def __init__(
        self,
        folder: Path,
        *,
        replace: bool = False,
        elsewhere: str = "",
        command: str = "",
        version: str = "",
        motive: str | None = None,
        rules: Callable[[], str | None] = lambda: None,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now().astimezone(),
    ) -> None:
        self.folder = folder
        self.replace = replace
        self._elsewhere = elsewhere
        self._header: dict[str, Any] = {"command": command, "version": version, "motif": motive}
        self._rules = rules
        self._now = now
        self._journal: list[dict[str, str]] = []
        self._lock = Lock(folder / LOCK, command)
        self._held = False
        self._documents = self._load()
        self._swept: set[Path] = set()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        finally:
            self._lock.release()

    @property
    def taken_over(self) -> str | None:
        """French: who held the folder, when this run took it over."""
        return self._lock.taken_over

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

    def path(self, step: str, name: str) -> Path:
        """Return where a document stands, whoever wrote it last."""
        return long_path(self.folder / safe_name(step) / safe_name(name))

    def copied(self, step: str, name: str, source: str) -> Written | None:
        """Return what became of the copy last made of a document, or None when it is to be made.

        Args:
            step: the document's.
            name: the copy's.
            source: SHA-256 of the document as it stands.

        Raises:
            WritingError: the copy that stands there does not open.
        """
        entry = self._documents.get(f"{safe_name(step)}/{safe_name(name)}", {})
        target = self.path(step, name)
        try:
            if entry.get("copie_de") != source or not target.exists():
                return None
            standing = _sha256(target.read_bytes())
        except OSError as cause:
            raise WritingError(explain(cause, target)) from cause
        last, proposals = entry.get("copie"), entry.get("propositions", {})
        if standing == last:
            return Written(kind="inchange", path=target)
        edited = standing not in {entry.get("sha256"), *proposals}
        state = opened(target)
        if not state and (self.replace or not edited):
            return None
        if last in proposals:
            kind = "ouvert" if state else "deja_propose"
            return Written(kind=kind, path=target.with_name(proposals[last]), reason=state)
        return Written(kind="garde", path=target)

    def write_copy(self, copy: Document, edition: dt.date, source: str) -> Written:
        """Write a copy as :meth:`write` does, and remember the document that it was made from.

        Raises:
            WritingError: as :meth:`write`.
        """
        written = self.write(copy, edition)
        entry = self._documents[f"{safe_name(copy.step)}/{safe_name(copy.name)}"]
        entry |= {"copie": _sha256(copy.content), "copie_de": source}
        self._save()
        return written

    def write(self, document: Document, edition: dt.date) -> Written:
        """Write one document, unless the same is there; see :class:`Written`.

        Raises:
            FolderHeld: another run writes there.
            WritingError: no right, no room, no place; what stood there is untouched.
        """
        self._hold()
        step, name = safe_name(document.step), safe_name(document.name)
        key = f"{step}/{name}"
        target = self.folder / step / name
        digest = _sha256(document.content)
        entry = self._documents.get(key, {})
        proposals: dict[str, str] = dict(entry.get("propositions", {}))
        ours = {entry.get("sha256"), entry.get("en_cours"), *proposals} - {None}
        try:
            stamp = _stamp(target)
            standing = _sha256(long_path(target).read_bytes()) if stamp else None
            if standing == digest:
                self._note(key, digest, edition, proposals)
                return Written(kind="inchange", path=target)
            edited = standing is not None and standing not in ours
            if edited and digest == entry.get("sha256") and not self.replace:
                return Written(kind="garde", path=target)
            self._prepare(target.parent)
            state = opened(target) if standing is not None else None
            archive = None
            if edited and self.replace and not state:
                archive, stamp = self._archive(target, key), None
            elif edited or state:
                return self._beside(document, target, key, digest, edition, state)
            # written before the file is: a kill in between must not make our own work look edited
            self._note(key, str(entry.get("sha256") or ""), edition, proposals, pending=digest)
            if not replace_file(target, document.content, unless=lambda: _stamp(target) != stamp):
                held = _stamp(target) == stamp  # else somebody saved it meanwhile
                state = blocked(target).partition(" : ")[0] if held else None
                return self._beside(document, target, key, digest, edition, state)
        except OSError as cause:
            raise WritingError(explain(cause, target, self._elsewhere)) from cause
        self._note(key, digest, edition, proposals)
        kind = "nouveau" if standing is None else "mis_a_jour"
        self._journal.append({"nom": key, "etat": kind, "sha256": digest})
        return Written(kind=kind, path=target, archive=archive)

    def close(self) -> None:
        """Add the journal line of this run, if it wrote anything."""
        if not self._journal:
            return
        documents, self._journal = self._journal, []
        taken = {"verrou_repris": self.taken_over} if self.taken_over else {}
        add_to_journal(
            self.folder, now=self._now(), **self._header, regles=self._rules(), documents=documents, **taken
        )

    def _hold(self) -> None:
        """Hold the folder, from the first write on; what another run wrote meanwhile is read again."""
        if self._held:
            self._lock.renew()
            return
        self._lock.acquire()
        self._held = True
        self._documents = self._load()

    # -- beside and away ------------------------------------------------------------------------

    def _beside(
        self, document: Document, target: Path, key: str, digest: str, edition: dt.date, state: str | None
    ) -> Written:
        """Write the new version beside, once; ``state`` says who has the document open, if somebody has."""
        entry = self._documents.get(key, {})
        proposals: dict[str, str] = dict(entry.get("propositions", {}))
        if digest in proposals:
            self._note(key, str(entry.get("sha256") or ""), edition, proposals)
            kind = "ouvert" if state else "deja_propose"
            return Written(kind=kind, path=target.parent / proposals[digest], reason=state)
        place, there = _proposal(target, digest)
        if not there and not replace_file(place, document.content, unless=place.exists):
            raise WritingError(
                f"« {target.name} » est {state or 'modifié'} et rien ne peut être écrit à côté :"
                " fermez-le, puis recommencez."
            )
        proposals[digest] = place.name
        self._note(key, str(entry.get("sha256") or ""), edition, proposals)
        self._journal.append(
            {"nom": f"{key.partition('/')[0]}/{place.name}", "etat": "a_cote", "sha256": digest}
        )
        return Written(kind="ouvert" if state else "a_cote", path=place, reason=state)

    def _archive(self, target: Path, key: str) -> Path:
        stamp = self._now().strftime("%Y-%m-%d-%Hh%M")
        place = self.folder / "archives" / stamp / key
        number = 2
        while place.exists():
            place = place.with_name(f"{target.stem} ({number}){target.suffix}")
            number += 1
        long_path(place.parent).mkdir(parents=True, exist_ok=True)
        long_path(target).replace(long_path(place))
        return place

    def _prepare(self, folder: Path) -> None:
        """Make the folder and sweep our own temporary files that a kill left there."""
        long_path(folder).mkdir(parents=True, exist_ok=True)
        if folder in self._swept:
            return
        self._swept.add(folder)
        sweep(folder)

    # -- the manifest ---------------------------------------------------------------------------

    def _home(self) -> Path:
        home = self.folder / ".assemble"
        self._prepare(home)
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
            raise WritingError(explain(cause, path)) from cause
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
        self._save()

    def _save(self) -> None:
        data = {"version": 1, "documents": dict(sorted(self._documents.items()))}
        path = self.folder / ".assemble" / "manifeste.json"
        try:
            content = json.dumps(data, ensure_ascii=False, indent=1).encode()
            written = replace_file(self._home() / path.name, content)
        except OSError as cause:
            raise WritingError(explain(cause, path, self._elsewhere)) from cause
        if not written:
            raise WritingError(f"« {path} » est {blocked(path)}, puis recommencez.")


def add_to_journal(
    folder: Path, *, command: str, version: str, now: dt.datetime | None = None, **told: object
) -> None:
    """Add a line to the journal of a ``sortie/``: a run that wrote, or what a person did that is no document.

    Args:
        folder: the ``sortie/``.
        command: the command line.
        version: version of the engine.
        now: when; None: now.
        **told: what was done, as JSON values.

    Raises:
        WritingError: the journal cannot be written.
    """
    when = (now or dt.datetime.now().astimezone()).isoformat(timespec="seconds")
    path = folder / JOURNAL
    try:
        long_path(path.parent).mkdir(parents=True, exist_ok=True)
        append_line(
            long_path(path), {"qui": who(), "quand": when, "commande": command, "version": version, **told}
        )
    except OSError as cause:
        raise WritingError(explain(cause, path)) from cause


def _proposal(target: Path, digest: str) -> tuple[Path, bool]:
    """Return where a proposal goes, and whether it is there: a run was killed before it could note it."""
    number = 2
    while True:
        place = long_path(target.with_name(f"{target.stem} (proposition {number}){target.suffix}"))
        if not place.exists():
            return place, False
        if _sha256(place.read_bytes()) == digest:
            return place, True
        number += 1


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _stamp(file: Path) -> tuple[int, int] | None:
    """Return what shows that a file was saved again, or None when it is not there."""
    try:
        found = long_path(file).stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns
