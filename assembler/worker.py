"""Files are read in a process apart, that can be stopped: a hostile one costs a finding, not the run.

One worker serves a whole run. It is started when the first file is read, by ``fork`` on Linux (some
milliseconds; readers of any kind are inherited) and by ``spawn`` elsewhere (readers are then found again
by their names; those that have none are called in this process). Each file has a deadline and, on Linux, the
process a bound on its memory. A worker that dies or is stopped is replaced for the next file.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import pickle
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar, cast

from assembler.contributions import Reader
from assembler.errors import ReadingError
from assembler.memory import ROOM, Memory
from assembler.model import Reading, Source
from assembler.readers.limits import LIMITS
from assembler.readers.natures import LEGACY
from assembler.sources import LIGHTER, OVERRUN, TOO_BIG, overrun, read_source, read_steps

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

__all__ = ["Worker", "apart", "read_sources"]

T = TypeVar("T")

_ENDED = f"Sa lecture s’est arrêtée brutalement : {LIGHTER}."
_GRACE = 5
"""Seconds after which an orphan looks for its parent, or the kernel stops a file nobody waits for."""


def read_sources(root: Path, names: Iterable[str], readers: Mapping[str, Reader]) -> tuple[Source, ...]:
    """Read the files of a dossier, each within the limits; see :func:`assembler.sources.read_source`.

    A file whose reader crashes, or goes beyond the time or the memory of one file, has ``defaut``
    ``depassement``: it could not be checked, and the others are read all the same.
    """
    worker = _shared(readers)
    found: list[Source] = []
    room = 10 * LIMITS.text
    for name in names:
        source = worker.read(root, name)
        room -= len(source.reading.text) if source.reading else 0
        if room < 0 and source.reading:
            told = f"Les fichiers du dossier réunissent plus de {10 * LIMITS.text} caractères."
            source = overrun(source, told)
        found.append(source)
    return tuple(found)


def apart(function: Callable[..., T], *arguments: object) -> T:
    """Call a function on what a dossier holds, in the process that reads, within the limits of one file.

    Args:
        function: a function of a module, that other processes find by its name.
        arguments: what pickle can carry, as the result.

    Raises:
        ReadingError: it crashed, or went beyond its time or its memory (``depassement``).
        Exception: whatever the function raises.
    """
    worker = _current if _current is not None and _current.mine() else _shared({})
    return worker.call(function, arguments)


_current: Worker | None = None


def _shared(readers: Mapping[str, Reader]) -> Worker:
    """Return the worker of this run: the same as long as the readers are the same."""
    global _current  # one process to keep, as there is one run
    if _current is None or not _current.serves(readers):
        if _current is not None:
            _current.stop()
        _current = Worker(readers)
    return _current


class Worker:
    """The process that reads.

    Args:
        readers: the readers by nature.
    """

    def __init__(self, readers: Mapping[str, Reader]) -> None:
        self._readers = dict(readers)
        self._owner = os.getpid()
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._served = 0
        self._inside = False
        self._readings: Memory[Reading] = Memory(ROOM)

    def serves(self, readers: Mapping[str, Reader]) -> bool:
        """Tell whether this worker reads with exactly these readers, for this process."""
        return (
            self.mine()
            and self._readers.keys() == readers.keys()
            and all(self._readers[nature] is readers[nature] for nature in readers)
        )

    def mine(self) -> bool:
        """Tell whether this process started it, and not the one that this one was forked from."""
        return self._owner == os.getpid()

    def read(self, root: Path, name: str) -> Source:
        """Read one file of the dossier; never raises for what the file holds."""
        if self._inside or not self._started():
            return read_source(root, name, self._readers)
        first = self._served == 0
        self._served += 1
        found = self._ask(root, name)
        if found.defaut == OVERRUN:
            self.stop()
            if not first and str(found.explication).endswith(TOO_BIG):
                # What earlier files left in memory may be the cause: once more, in a fresh process.
                return self.read(root, name)
        return found

    def call(self, function: Callable[..., T], arguments: tuple[object, ...]) -> T:
        """Call a function in the process that reads; see :func:`apart`."""
        if self._inside or not self._started():
            return function(*arguments)
        self._served += 1
        try:
            good, value = self._receive(self._send((function, arguments)))
        except _Overrun as told:
            self.stop()
            raise ReadingError(OVERRUN, f"Le fichier n’a pas pu être contrôlé. {told}") from told
        except BaseException:
            self.stop()
            raise
        if good:
            return cast(T, value)
        raise value

    def stop(self) -> None:
        """End the process, whatever it is at."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        self._served = 0
        if connection is not None:
            connection.close()
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.join()
            process.close()

    # -- the side that asks -------------------------------------------------------------------------

    def _started(self) -> bool:
        if self._process is not None and self._process.is_alive():
            return True
        self.stop()
        try:
            self._start()
        except (OSError, pickle.PicklingError, AttributeError, TypeError, AssertionError, RuntimeError):
            # No process to be had, or readers that only this process knows: better read than not.
            self.stop()
            self._inside = True
            return False
        return True

    def _start(self) -> None:
        import multiprocessing

        forks = sys.platform == "linux" and threading.active_count() == 1
        context: Any = multiprocessing.get_context("fork" if forks else "spawn")
        ours, theirs = context.Pipe()
        self._connection = ours
        process = context.Process(
            target=_serve, args=(theirs, ours if forks else None, self._readers), daemon=True
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        self._process = process
        theirs.close()

    def _ask(self, root: Path, name: str) -> Source:
        found = Source(name=name, path=str(root / name), octets=0, sha256="", nature="inconnu")
        try:
            until = self._send((None, (str(root), name)))
            last, value = self._receive(until)
            found = cast(Source, value)
            if last:
                return found
            known = self._readings.get(_bytes_of(found))
            self._send(known is None)
            if known is None:
                found = cast(Source, self._receive(until + _conversion(found))[1])
        except _Overrun as told:
            return overrun(found, str(told))
        except BaseException:  # interrupted: what it would still say is no answer to the next request
            self.stop()
            raise
        if known is not None:
            return replace(found, reading=known)
        # What LibreOffice converts depends on its being there.
        if found.reading is not None and found.defaut is None and not _conversion(found):
            self._readings.keep(_bytes_of(found), found.reading, found.reading.weight)
        return found

    def _send(self, request: object) -> float:
        """Send a request, and return the time at which its answer is due.

        Raises:
            _Overrun: nobody is there to read it.
        """
        assert self._connection is not None  # _started() has looked
        try:
            self._connection.send(request)
        except Exception as error:  # the end of the pipe
            raise _Overrun(_ENDED) from error
        return time.monotonic() + LIMITS.seconds

    def _receive(self, until: float) -> tuple[bool, Any]:
        """Return what comes back.

        Raises:
            _Overrun: nothing does in time; says why.
        """
        assert self._connection is not None
        try:
            if not self._connection.poll(max(0.0, until - time.monotonic())):
                seconds = f"{LIMITS.seconds} seconde{'s' * (LIMITS.seconds > 1)}"
                raise _Overrun(f"Sa lecture demande plus de {seconds} : {LIGHTER}.")
            return cast("tuple[bool, Any]", self._connection.recv())
        except _Overrun:
            raise
        except Exception as error:  # the end of the pipe, or what came through it cannot be rebuilt
            raise _Overrun(_ENDED) from error


def _bytes_of(found: Source) -> tuple[str, str]:
    """Return all that a reading depends on, for given readers: the bytes, and the name's extension."""
    return found.sha256, PurePosixPath(found.name).suffix.lower()


class _Overrun(Exception):
    """What was asked crashed or went beyond its limits; says why, in French."""


def _conversion(found: object) -> int:
    """Return the seconds more that a file needs, which another program has to convert first."""
    return LIMITS.conversion if isinstance(found, Source) and found.nature in LEGACY else 0


# --- the side that reads -------------------------------------------------------------------------


def _serve(connection: Connection, other: Connection | None, readers: Mapping[str, Reader]) -> None:
    """Read the files asked for, until nobody asks any more."""
    parent = os.getppid()
    if other is not None:
        other.close()  # inherited: while it is open here, the end of the parent would not be seen
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _quiet()
    _bound()
    with contextlib.suppress(EOFError, OSError):
        while True:
            while not connection.poll(_GRACE):
                if os.getppid() != parent:
                    return
            function, arguments = connection.recv()
            _alarm(LIMITS.seconds + _GRACE)
            if function is None:
                root, name = arguments
                _answer(connection, root, name, readers)
            else:
                _result(connection, function, arguments)
            _alarm(0)


def _answer(connection: Connection, root: str, name: str, readers: Mapping[str, Reader]) -> None:
    """Send a file as found, then, unless its bytes are known, as read."""
    found = Source(name=name, path=str(Path(root) / name), octets=0, sha256="", nature="inconnu")
    try:
        steps = read_steps(Path(root), name, readers)
        found = next(steps)
        connection.send((False, found))
        if not connection.recv():
            return
        if extra := _conversion(found):
            _alarm(LIMITS.seconds + extra + _GRACE)
        connection.send((True, next(steps, found)))
    except MemoryError:
        connection.send((True, overrun(found, TOO_BIG)))


def _result(connection: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Send what a function returns, or what it raises."""
    try:
        connection.send((True, function(*arguments)))
    except MemoryError:
        connection.send((False, ReadingError(OVERRUN, f"Le fichier n’a pas pu être contrôlé. {TOO_BIG}")))
    except Exception as error:
        connection.send((False, error))


def _quiet() -> None:
    """Let no library write on the terminal of the person: what a file holds is not theirs to print."""
    faulthandler.disable()
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)


def _bound() -> None:
    """Bound the memory of this process, what it already holds included."""
    if sys.platform != "linux":
        return
    import resource

    pages = Path("/proc/self/statm").read_text().split()
    size = int(pages[0]) * resource.getpagesize()
    bound = max(LIMITS.memory, size + LIMITS.memory // 2)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (bound, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _alarm(seconds: int) -> None:
    """Ask the kernel to stop this process, should the one that waits for it be gone."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)
