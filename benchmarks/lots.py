"""``assemble lot`` on a thousand dossiers that differ: side by side, again, and in memory.

A round takes minutes: every row of it is drawn from the same passes. ``DOSSIERS=200`` makes it shorter.
"""

from __future__ import annotations

import io
import itertools
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.rows import ROOT, Row, below, seconds

__all__ = ["rows"]

MODEL = ROOT / "fixtures" / "local" / "complet"
MANY = int(os.environ.get("DOSSIERS", "1000"))
FEW = 10
ROUNDS = 3
"""Rounds that count, whatever is asked: they are long."""
_EACH = 0.25
"""Seconds between two looks at the memory."""
_SPINS = 30_000_000


@dataclass(frozen=True, kw_only=True)
class _Pass:
    """What a pass took."""

    wall: float
    cpu: float
    memory: int
    """Most bytes held at once by all its processes, what they share counted once."""


def rows() -> Iterator[Row]:
    """Yield the gain of a second process, ten dossiers, the slope, unchanged dossiers and the memory."""
    with tempfile.TemporaryDirectory(prefix="mesures-") as folder:
        rounds = _Rounds(Path(folder))

        def row(label: str, ours: str, theirs: str, target: float, *, at_least: bool = False) -> Row:
            return Row(
                label=label,
                ours=rounds.measure(ours),
                theirs=rounds.measure(theirs),
                target=target,
                at_least=at_least,
                rounds=ROUNDS,
            )

        many = f"{MANY} dossiers".replace("1000", "1 000")
        yield row(f"{many}, gain à deux processus / celui d’un calcul pur", "gain", "pur", 0.8, at_least=True)
        yield row(f"{FEW} dossiers, d’office / un seul processus", "dix", "dix, seul", 1.05)
        yield row(
            f"un dossier de plus, de {MANY // 10} à {MANY} / de {FEW} à {MANY // 10}", "loin", "près", 1.15
        )
        yield row(f"{many} inchangés (noms, tailles, dates) / première passe", "dates", "première", 0.03)
        yield row(f"{many} inchangés (empreintes) / première passe", "empreintes", "lue", 0.20)
        yield row(f"mémoire au plus fort, {many} / un dossier", "mémoire", "mémoire, seul", 1.5)


@dataclass
class _Rounds:
    """The rounds, each made once and when it is first asked for."""

    folder: Path
    _made: list[dict[str, float]] = field(default_factory=list)
    _parents: dict[int, Path] = field(default_factory=dict)

    def measure(self, what: str) -> Callable[[], float]:
        """Return what gives a figure of the first round, twice (nothing is to be warmed), and so on."""
        turns = itertools.count(-1)

        def next_one() -> float:
            turn = max(next(turns), 0)
            while len(self._made) <= turn:
                self._made.append(self._round())
            return self._made[turn][what]

        return next_one

    def _round(self) -> dict[str, float]:
        apart = _spun(1)
        # The contents are hashed in the first pass alone: that is a few thousandths of it.
        one = self._pass(MANY, 1, "--empreintes", watched=True)
        hashed = self._pass(MANY, 1, "--empreintes", again=True)
        together = _spun(2)
        two = self._pass(MANY, 2)
        dated = self._pass(MANY, 2, again=True)
        tenth = self._pass(MANY // 10, 2)
        few, alone = self._pass(FEW, None), self._pass(FEW, 1)
        single = self._pass(1, 1, watched=True)
        return {
            "gain": one.wall / two.wall,
            "pur": apart / together,
            "dix": few.wall,
            "dix, seul": alone.wall,
            "loin": (two.cpu - tenth.cpu) / (MANY - MANY // 10),
            "près": (tenth.cpu - few.cpu) / (MANY // 10 - FEW),
            "dates": dated.cpu,
            "première": two.cpu,
            "empreintes": hashed.cpu,
            "lue": one.cpu,
            "mémoire": one.memory,
            "mémoire, seul": single.memory,
        }

    def _pass(
        self, dossiers: int, processes: int | None, *options: str, again: bool = False, watched: bool = False
    ) -> _Pass:
        """Make a pass in a process of its own; with nothing kept of earlier ones, unless ``again``."""
        parent = self._parent(dossiers)
        kept = self.folder / "cache"
        if not again:
            shutil.rmtree(kept, ignore_errors=True)
            for register in parent.glob("registre*"):
                register.unlink()
        many = ("--processus", str(processes)) if processes else ()
        told = ["lot", str(parent), "--date", "2026-04-01", *many, *options]
        before, start = seconds(), time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", f"from assembler.cli import main; main({told})"],
            env={**os.environ, "XDG_CACHE_HOME": str(kept)},
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
        )
        memory = 0
        while watched and process.poll() is None:
            memory = max(memory, _held(process.pid))
            time.sleep(_EACH if dossiers > 1 else _EACH / 20)
        process.wait()
        return _Pass(wall=time.perf_counter() - start, cpu=seconds() - before, memory=memory)

    def _parent(self, dossiers: int) -> Path:
        if dossiers not in self._parents:
            self._parents[dossiers] = parent = self.folder / f"{dossiers} dossiers"
            for number in range(dossiers):
                _dossier(parent / f"dossier {number:04}", f"relevé {number}")
        return self._parents[dossiers]


def _dossier(folder: Path, mark: str) -> None:
    """Copy the model, each of its files with a mark of its own and an hour old, as fixtures are older."""
    shutil.copytree(MODEL, folder, ignore=shutil.ignore_patterns("sortie"))
    hour_ago = time.time() - 3600
    for path in (one for one in folder.rglob("*") if one.is_file()):
        if path.suffix == ".pdf":
            path.write_bytes(path.read_bytes() + f"%{mark}\n".encode())
        elif path.suffix == ".docx":
            path.write_bytes(_marked(path.read_bytes(), mark.encode()))
        elif path.suffix == ".yaml":
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub(r"^(intitule: .*)$", rf"\1, {mark}", text, flags=re.M), encoding="utf-8")
        os.utime(path, (hour_ago, hour_ago))


def _marked(docx: bytes, mark: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = content.replace(b"</w:t>", b" (" + mark + b")</w:t>", 1)
            new.writestr(name, content)
    return made.getvalue()


def _spun(processes: int) -> float:
    """Return the seconds that two loops take, one after the other or side by side."""
    start = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(_spin, [_SPINS, _SPINS], chunksize=1)
    return time.perf_counter() - start


def _spin(times: int) -> int:
    total = 0
    for number in range(times):
        total += number & 3
    return total


def _held(process: int) -> int:
    """Return the bytes that a process and those below it hold, what they share counted once."""
    total = 0
    for one in (process, *below(process)):
        with suppress(OSError):  # ended since
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += int(re.search(r"^Pss: +(\d+)", rollup, re.M)[1]) * 1024  # type: ignore[index]
    return total
