"""Passes over a folder of dossiers, again and again, as they arrive.

A dossier is read once its copy has finished: two looks give the same names, sizes and times, and its zips
and Office files open. The others do not wait for it. A share that disappears is waited for.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
import time
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from assembler.batch import Pass, lines_of, summary_lines
from assembler.batch.finding import REGISTER, identity
from assembler.errors import AssemblerError
from assembler.files import reason
from assembler.text import fold

__all__ = ["Settling", "Watch", "is_remote"]

_SHARE = 10.0
"""Seconds between two looks at a share, unless asked otherwise."""
_LOCAL = 2.0
"""Seconds between two looks at a dossier that changes; some disks count time by two seconds."""
_ENOUGH = 60.0
"""Seconds after which a file that does not open is no longer one that is being copied."""
_ANYWAY = 600.0
"""Seconds after which a pass is made whatever the system says of changes."""
_TICK = 500
"""Milliseconds between two looks at whether the folder is there."""
_PACKAGES = (".zip", ".docx", ".docm", ".xlsx", ".xlsm", ".odt", ".ods")
_REMOTE = ("cifs", "smb", "nfs", "9p", "afs", "ncp", "davfs", "drvfs", "vboxsf", "fuse.")
"""Beginnings of the types of file systems that tell nobody what another machine writes."""


class Settling:
    """Tells which dossiers somebody is still copying.

    Args:
        delay: seconds between two looks that agree.
        clock: gives the time, in seconds.
    """

    def __init__(self, delay: float = _LOCAL, clock: Callable[[], float] = time.monotonic) -> None:
        self.delay = delay
        self._clock = clock
        self._seen: dict[Path, tuple[int, float]] = {}
        self._whole: dict[Path, int] = {}
        """The looks at which all opened."""

    def look(self, dossiers: Iterable[Path]) -> tuple[dict[Path, int], set[Path]]:
        """Look at the dossiers; return a fingerprint of each that is whole, and those still being copied."""
        now = self._clock()
        seen, self._seen = self._seen, {}
        ready: dict[Path, int] = {}
        busy: set[Path] = set()
        for one in dossiers:
            files = _files(one)
            look = hash(files)
            before, since = seen.get(one, (None, now))
            since = since if before == look else now
            self._seen[one] = (look, since)
            steady = files is not None and now - since >= self.delay
            if steady and (self._opens(one, look) or now - since >= _ENOUGH):
                ready[one] = look
            else:
                busy.add(one)
        return ready, busy

    def _opens(self, dossier: Path, look: int) -> bool:
        if self._whole.get(dossier) != look:
            files = _files(dossier) or ()
            packages = [dossier / name for name, _, _ in files if name.lower().endswith(_PACKAGES)]
            if dossier.name.lower().endswith(_PACKAGES):
                packages = [dossier]
            if not all(_is_zip(one) for one in packages):
                return False
            self._whole[dossier] = look
        return True


class Watch:
    """Passes again and again over a folder, until the keyboard says to stop.

    Args:
        parent: the folder that gathers the dossiers.
        survey: finds the dossiers.
        passed: makes a pass, the dossiers given left out.
        say: says a line.
        interval: seconds between two looks at the folder; None: the system tells what changes, except on a
            share.
        settling: tells what is being copied.
    """

    def __init__(
        self,
        parent: Path,
        survey: Callable[[], Iterable[Path]],
        passed: Callable[[Collection[Path]], Pass],
        say: Callable[[str], None],
        *,
        interval: float | None = None,
        settling: Settling | None = None,
    ) -> None:
        self._parent = parent
        self._survey = survey
        self._passed = passed
        self._say = say
        self._interval = interval if interval is not None or not is_remote(parent) else _SHARE
        self._settling = settling or Settling(max(_LOCAL, self._interval or 0))
        self._known: dict[str, tuple[object, ...]] = {}
        self._notes: set[str] = set()

    def run(self) -> None:
        """Watch for ever.

        Raises:
            KeyboardInterrupt: the keyboard said to stop.
        """
        often = f"{self._interval or 0:g}".replace(".", ",")
        how = f"un regard toutes les {often} secondes" if self._interval else "à chaque changement"
        for line in fold(f"Surveillance de « {self._parent} » ({how}). Ctrl-C pour arrêter."):
            self._say(line)
        while True:
            here = self._wait()
            for _ in self._changes(here):
                self._pass(here)

    # -- the folder ---------------------------------------------------------------------------------

    def _here(self) -> tuple[int, int] | None:
        """Return what tells the folder from another one of the same name, or None when it is not there."""
        return identity(self._parent)

    def _wait(self) -> tuple[int, int]:
        """Wait until the folder is there; say once that it is not."""
        gone = False
        while (here := self._here()) is None:
            if not gone:
                self._tell(f"« {self._parent} » ne répond plus : nouvel essai tant qu’il n’est pas revenu.")
            gone = True
            time.sleep(self._interval or _LOCAL)
        if gone:
            self._tell(f"« {self._parent} » est revenu.")
        return here

    def _changes(self, here: tuple[int, int]) -> Iterator[None]:
        """Yield at once, then each time that something changes, until the folder goes."""
        from watchfiles import watch

        polling: dict[str, Any] = {"force_polling": self._interval is not None}
        if self._interval is not None:
            polling["poll_delay_ms"] = int(self._interval * 1000)
        last: float | None = None
        try:
            for changes in watch(
                self._parent,
                watch_filter=lambda _change, path: _matters(Path(path)),
                rust_timeout=_TICK,
                yield_on_timeout=True,
                ignore_permission_denied=True,
                **polling,
            ):
                if self._here() != here:
                    return
                if changes or last is None or time.monotonic() - last > _ANYWAY:
                    yield
                    last = time.monotonic()
        except OSError as error:
            if self._here() is None:
                return  # it went as it was being looked at
            if self._interval is not None:
                raise
            # the system watches no more folders at once: look at them ourselves
            self._interval = _SHARE
            self._tell(f"Le système ne surveille pas ce dossier ({reason(error)}) : un regard par moments.")

    # -- passes -------------------------------------------------------------------------------------

    def _pass(self, here: tuple[int, int]) -> None:
        """Make passes until nothing is being copied any more."""
        done: dict[Path, int] | None = None
        while self._here() == here:
            try:
                ready, busy = self._settling.look(self._survey())
                if ready != done and (ready or not busy):
                    made = self._passed(busy)
                    if self._here() != here:
                        return
                    self._told(made)
                    done = ready
            except (AssemblerError, OSError) as error:
                if self._here() is not None:
                    self._once(reason(error) if isinstance(error, OSError) else str(error))
                return
            if not busy:
                return
            time.sleep(self._settling.delay)

    def _told(self, done: Pass) -> None:
        """Say what a pass changed."""
        shown = ("regles", "sceau", "decision")
        now = {row.name: (row.kind, *(row.values.get(key) or "" for key in shown)) for row in done.rows}
        new = [row for row in done.rows if self._known.get(row.name) != now[row.name]]
        if new:
            first = not self._known
            head, *rest = summary_lines(done)
            self._tell(head)
            lines = [line for row in new for line in lines_of(row)]
            for line in (*lines, *(rest if first else ())):
                self._say(f"  {line}")
            self._notes |= set(done.notes if first else ())
        for note in done.notes:
            self._once(note)
        self._known |= now

    def _once(self, text: str) -> None:
        """Say what a pass has to say, unless it was said already."""
        if text not in self._notes:
            self._notes.add(text)
            self._tell(text)

    def _tell(self, text: str) -> None:
        for line in fold(f"{dt.datetime.now():%d/%m/%Y %H:%M:%S}  {text}"):
            self._say(line)


def is_remote(folder: Path) -> bool:
    """Tell whether a folder is on another machine, whose changes the system does not tell."""
    if sys.platform == "win32":
        import ctypes

        drive = folder.resolve().drive
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == 4
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    return _file_system(mounts, folder.resolve()).startswith(_REMOTE)


def _file_system(mounts: str, folder: Path) -> str:
    """Return the type of the file system that holds a folder, from ``/proc/self/mounts``."""
    best, found = -1, ""
    for line in mounts.splitlines():
        place, kind = line.split()[1:3]
        place = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), place)
        if folder.is_relative_to(place) and len(place) >= best:
            best, found = len(place), kind
    return found


def _matters(changed: Path) -> bool:
    """Tell whether a change calls for a pass; the lock and the journal of a pass would call for another."""
    return ".assemble" not in changed.parts and _counts(changed.name)


def _counts(name: str) -> bool:
    """Tell whether a file of that name is more than what Office, a system or we leave there for a while."""
    ours = (f"{REGISTER}.", f"{REGISTER} (proposition")
    return not name.startswith((".", "~$", *ours)) and not name.lower().endswith(".tmp")


def _files(dossier: Path) -> tuple[tuple[str, int, int], ...] | None:
    """Return name, size and time of each file, or None when they cannot be had; links are not followed."""
    try:
        if not dossier.is_dir():
            found = dossier.stat()
            return ((dossier.name, found.st_size, found.st_mtime_ns),)
        return tuple(sorted(_below(dossier, PurePosixPath())))
    except OSError:
        return None


def _below(root: Path, under: PurePosixPath) -> Iterator[tuple[str, int, int]]:
    with os.scandir(root / under) as entries:
        for entry in entries:
            if not _counts(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _below(root, under / entry.name)
            else:
                found = entry.stat(follow_symlinks=False)
                yield str(under / entry.name), found.st_size, found.st_mtime_ns


def _is_zip(file: Path) -> bool:
    try:
        return zipfile.is_zipfile(file)
    except OSError:  # held by the program that copies it
        return False
