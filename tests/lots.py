"""Passes of ``lot`` for the tests: quick ones, in this process, and the real command."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from dossiers import copied

from assembler.batch import Options, Pass, run
from assembler.batch.executors import Pool
from assembler.pipeline import Request

__all__ = ["FIXTURES", "TODAY", "here", "options", "passed", "put"]

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"
TODAY = dt.date(2026, 4, 1)


class _Here(Executor):
    """Runs what is submitted, at once."""

    def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(function(*given, **named))
        return future


def here(_executor: str, _processes: int | None, _dossiers: int) -> Pool:
    """Stand for ``pool_of``: this process checks."""

    @contextmanager
    def opened() -> Iterator[tuple[Executor, int]]:
        yield _Here(), 1

    return opened


def options(**given: Any) -> Options:
    today = given.pop("today", TODAY)
    return Options(request=Request(today=today), **given)


def passed(parent: Path, monkeypatch: pytest.MonkeyPatch, **given: Any) -> Pass:
    """Make a pass in this process; the cache is that of ``XDG_CACHE_HOME``."""
    with monkeypatch.context() as patched:
        patched.setattr("assembler.batch.running.pool_of", here)
        return run(parent, options(**given))


def put(parent: Path, **models: str) -> Path:
    """Copy fixtures below a folder, under other names, their files an hour old as fixtures are older."""
    for name, model in models.items():
        copied(FIXTURES / model, parent / name.replace("__", "/"))
    return parent
