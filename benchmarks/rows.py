"""What a row of the table is, and the two clocks.

A module of rows has one function, ``rows()``, and is named in ``mesurer.MODULES``::

    def rows() -> Iterator[Row]:
        yield Row(
            label="une lettre / docxtpl",           # what is compared, printed as it is
            ours=cpu(lambda: render(template, data)),
            theirs=cpu(lambda: docxtpl_render(template, data)),
            target=0.10,                            # at most; at_least=True when it is a lower bound
        )

``ours`` and ``theirs`` take nothing and return a number: seconds of CPU (:func:`cpu`, with the processes that
were started, ended or kept), seconds on the wall (:func:`wall`), bytes of memory, whatever can be divided.
What is not to be timed (a copy of a dossier, say) goes to ``before``, whose result the function gets. Heavy
imports belong in ``rows()``, that is called only when one of its rows is asked for.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["COMMAND", "ROOT", "Row", "below", "cpu", "process", "seconds", "wall"]

ROOT = Path(__file__).resolve().parents[1]

COMMAND = ("-c", "from assembler.cli import main; main()")
"""What the installed program ``assemble`` runs; its arguments come after."""

Measure = Callable[[], float]


@dataclass(frozen=True, kw_only=True)
class Row:
    """Two measures taken in turn, and what their ratio has to be."""

    label: str
    ours: Measure
    theirs: Measure
    target: float
    at_least: bool = False
    """True when ``target`` is the least that the ratio has to be, and not the most."""
    rounds: int | None = None
    """The most rounds that it is worth, when each takes minutes."""


def seconds() -> float:
    """Return the CPU seconds of this process and of all those below it, ended or not."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    living = sum(time.clock_gettime((~pid << 3) | 2) for pid in below("self"))
    return time.process_time() + ended.ru_utime + ended.ru_stime + living


def below(pid: int | str) -> Iterator[int]:
    """Yield the living processes below one, as Linux lists them (clock_getcpuclockid(3) for their clock)."""
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, tasks.read_text().split()):
            yield child
            yield from below(child)


def cpu(function: Callable[..., object], before: Callable[[], object] | None = None) -> Measure:
    """Return a measure: the CPU seconds of one call."""
    return _timed(seconds, function, before)


def wall(function: Callable[..., object], before: Callable[[], object] | None = None) -> Measure:
    """Return a measure: the seconds of one call on the wall."""
    return _timed(time.perf_counter, function, before)


def _timed(clock: Measure, function: Callable[..., object], before: Callable[[], object] | None) -> Measure:
    def measure() -> float:
        arguments = () if before is None else (before(),)
        start = clock()
        function(*arguments)
        return clock() - start

    return measure


def process(*arguments: str | Path) -> Callable[[], object]:
    """Return a function that runs Python with these arguments, in a process of its own."""

    def run() -> None:
        command = [sys.executable, *map(str, arguments)]
        # Without it each start would compile what an installed program has compiled once.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=ROOT, env=environment)

    return run
