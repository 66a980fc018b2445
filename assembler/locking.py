"""One run at a time writes in a folder; the others wait a little, then learn who holds it.

Over SMB no system lock is to be trusted: the lock is a file that only one can create (filelock's
``SoftFileLock``), which takes by itself the place of a process that died on this machine. An owner file
beside it says, for people, who holds it and since when; it is renewed as the run goes on. A lock without
a sign of life for half an hour, by the clock of the share, is taken over, and that is said.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import socket
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from assembler import waiting
from assembler.errors import FolderHeld
from assembler.files import read_regular
from assembler.journal import who
from assembler.text import clean

if TYPE_CHECKING:
    from filelock import SoftFileLock

__all__ = ["Lock"]

_PATIENCE = 10.0
"""Seconds that a run waits for another."""
_LOOK = 1.0
"""Seconds between two looks at the age of a lock."""
_SILENCE = 1800.0
"""Seconds without a sign of life after which a lock is taken over."""
_UNSIGNED = 3.0
"""Seconds after which a lock that says nothing is the work of a run killed as it took it."""
_RENEWED = 60.0
"""Seconds between two signs of life."""
_TOLD = 90
"""Minutes told as such; beyond, the day and the hour say it better."""
_ROOM = 65_536
_left: dict[Path, bytes] = {}
"""What this process wrote in the locks that it gave back: a share that vanished meanwhile has kept it."""


class Lock:
    """A lock on a folder; use it in a ``with`` block, or call :meth:`acquire` and :meth:`release`.

    Where no file can be created (a folder that is read only, a full disk), nothing is held and nothing is
    said: what follows says it when it writes.

    Args:
        marker: the lock file; its owner is told in ``<marker>.json`` beside it.
        command: the command line, for the others.
    """

    def __init__(self, marker: Path, command: str = "") -> None:
        self.marker = marker
        self.taken_over: str | None = None
        """French: who held the lock that was taken over because of its age."""
        self._command = command
        self._owner = marker.with_name(f"{marker.name}.json")
        self._lock: SoftFileLock | None = None
        self._since = ""
        self._renewed = 0.0
        self._content = b""

    def __enter__(self) -> Lock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def acquire(self) -> None:
        """Take the lock, waiting a few seconds for the run that holds it.

        Raises:
            FolderHeld: it goes on holding it.
        """
        from filelock import SoftFileLock, Timeout

        end, told = time.monotonic() + _PATIENCE, False
        while self._lock is None:
            try:
                self.marker.parent.mkdir(parents=True, exist_ok=True)
            except FileExistsError as error:  # Windows tells so a file that stands for a folder above
                if os.path.lexists(error.filename):
                    return
                continue  # the run before has just removed it
            except OSError:  # a drive that is not there, no right, no room
                return
            try:
                # singleton: a command given the same folder twice does not wait for itself
                lock = SoftFileLock(self.marker.resolve(), is_singleton=True)
                lock.acquire(timeout=_LOOK, poll_interval=0.1)
                self._lock = lock
            except FileNotFoundError:  # the run before has just removed its folder
                if time.monotonic() > end:
                    return
            except Timeout:
                if not os.path.lexists(self.marker):
                    return  # it is not held: nothing can be created there (Windows says both alike)
                if self._old():
                    continue
                if time.monotonic() > end:
                    raise FolderHeld(self._held()) from None
                if not told:  # ten seconds without a word look like a breakdown
                    waiting.tell(f"{self._holder()} : attente de {_PATIENCE:.0f} secondes au plus…")
                    told = True
            except OSError:
                return
        _left.pop(self.marker.absolute(), None)
        self._content = _content(self.marker)
        self._since = dt.datetime.now().astimezone().isoformat(timespec="seconds")
        with contextlib.suppress(OSError):  # that of a run killed under another account
            self._owner.unlink(missing_ok=True)
        self._sign()

    def renew(self) -> None:
        """Give a sign of life; costs nothing when the last one is recent."""
        if self._lock is not None and time.monotonic() - self._renewed > _RENEWED:
            self._sign()

    def release(self) -> None:
        """Give the lock back, if it is held."""
        lock, self._lock = self._lock, None
        if lock is None:
            return
        with contextlib.suppress(OSError):
            if lock.lock_counter == 1:
                _left[self.marker.absolute()] = self._content
                if lock.is_lock_held_by_us:
                    self._owner.unlink(missing_ok=True)
            lock.release()
            self.marker.parent.rmdir()  # only when nothing else was written there

    def _sign(self) -> None:
        """Write the owner file; its time is that of the share."""
        self._renewed = time.monotonic()
        owner = {
            "qui": who(),
            "poste": socket.gethostname(),
            "pid": os.getpid(),
            "depuis": self._since,
            "commande": self._command,
        }
        with contextlib.suppress(OSError):
            self._owner.write_text(json.dumps(owner, ensure_ascii=False), encoding="utf-8")

    # -- those of others --------------------------------------------------------------------------

    def _old(self) -> bool:
        """Remove the lock if nobody holds it any more, and tell whether that was so."""
        try:
            found = self.marker.lstat()
            age = _now(self.marker.parent) - max([found.st_mtime, *_times(self._owner)])
            ours = found.st_size > 0 and _left.get(self.marker.absolute()) == _content(self.marker)
            if age < (_SILENCE if found.st_size else _UNSIGNED) and not ours:
                return False
            told = self._told()
            aside = self.marker.with_name(f".assemble-{os.getpid()}-{time.monotonic_ns()}")
            self.marker.rename(aside)
            if aside.lstat().st_mtime_ns != found.st_mtime_ns:  # another run took it over first: it goes back
                with contextlib.suppress(OSError):
                    os.link(aside, self.marker)
                aside.unlink()
                return False
            aside.unlink()
        except OSError:
            return False
        if found.st_size and not ours:
            self.taken_over = f"{told}, sans signe depuis {round(age / 60)} minutes"
        return True

    def _holder(self) -> str:
        return f"« {self.marker.parent.parent} » est tenu par {self._told()}, qui y écrit"

    def _held(self) -> str:
        return (
            f"{self._holder()} : attendez la fin de sa commande, puis recommencez. "
            f"Si personne n’y travaille, supprimez « {self.marker} »."
        )

    def _told(self) -> str:
        """Say who holds the lock: the owner file, if it is the holder's, else what filelock wrote."""
        number, host = _signature(self.marker)
        try:
            owner: Any = json.loads(read_regular(self._owner, _ROOM))
            if str(owner["pid"]) == number:
                command = f", avec « {_line(owner['commande'])} »" if owner.get("commande") else ""
                since = _since(dt.datetime.fromisoformat(owner["depuis"]))
                return f"{_line(owner['qui'])} (poste {_line(owner['poste'])}) {since}{command}"
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        return f"une autre commande (poste {host})" if host else "une autre commande"


def _content(marker: Path) -> bytes:
    try:
        return read_regular(marker, _ROOM)
    except OSError:
        return b""


def _signature(marker: Path) -> tuple[str, str]:
    """Return the process and the machine that filelock wrote in its file."""
    try:
        lines = read_regular(marker, _ROOM).decode("utf-8", "replace").splitlines()
        return lines[0], _line(lines[1].partition("?")[0])
    except (OSError, IndexError):
        return "", ""


def _times(file: Path) -> list[float]:
    try:
        return [file.lstat().st_mtime]
    except OSError:
        return []


def _now(folder: Path) -> float:
    """Return the time by the clock of the share: that of a file just written there."""
    with tempfile.NamedTemporaryFile(prefix=".assemble-", dir=folder) as probe:
        return os.fstat(probe.fileno()).st_mtime


def _since(moment: dt.datetime) -> str:
    """Say a past moment so that a duration is not read as an hour of the day."""
    local, now = moment.astimezone(), dt.datetime.now().astimezone()
    minutes = int((now - local).total_seconds() // 60)
    if 0 < minutes < _TOLD:
        return f"depuis {minutes} minute{'s' * (minutes > 1)}"
    if -_TOLD < minutes <= 0:  # the clocks of two machines differ
        return "depuis moins d’une minute"
    return f"depuis le {local:%d/%m/%Y} à {local.hour} h {local.minute:02}"


def _line(text: object) -> str:
    return " ".join(clean(str(text)).split())[:100]
