"""Dossiers checked side by side, through the ``concurrent.futures`` interface and nothing else.

On this machine, by processes; on several, by a Dask cluster whose workers reach the same shared folder.
A dossier that brings its process down costs its own line: those that were under way with it are taken
up again one by one.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

from assembler.batch.entry import Result, Task, check_one, failed
from assembler.errors import UsageError

__all__ = ["LOCAL", "Pool", "each", "pool_of"]

LOCAL = "local"
_DASK = "dask="
_ENOUGH, _ENOUGH_SPAWNED = 8, 16
"""Dossiers that are worth one more process, with a reader of its own; a spawned one loads all again."""
_WAITING = 16
"""Dossiers handed over per process: results come back in order, one that lasts does not idle the others."""
_CONNECTION = "15s"

Pool = Callable[[], AbstractContextManager[tuple[Executor, int]]]
"""Opens an executor, and says how many dossiers it checks at once."""


def pool_of(executor: str, processes: int | None, dossiers: int) -> Pool:
    """Return what opens the executor asked for.

    Args:
        executor: ``local`` or ``dask=tcp://HOST:PORT``.
        processes: how many, on this machine; None: what its cores and the work are worth.
        dossiers: how many there are to check.

    Raises:
        UsageError: there is no such executor.
    """
    if executor.startswith(_DASK):
        return partial(_dask, executor.removeprefix(_DASK))
    if executor != LOCAL:
        raise UsageError(
            f"--executeur : « {executor} » n’existe pas. Écrivez local, ou dask=tcp://HOTE:PORT."
        )
    worth = max(1, min(_cores(), dossiers // (_ENOUGH if _forks() else _ENOUGH_SPAWNED)))
    return partial(_local, min(processes or worth, max(1, dossiers)))


def each(tasks: Iterable[Task], pool: Pool) -> Iterator[tuple[Task, Result]]:
    """Check dossiers and yield each with its result, in order, as they come."""
    left = deque(tasks)
    while left:
        waiting: deque[tuple[Task, Future[Result]]] = deque()
        with pool() as (executor, width):
            while left or waiting:
                while left and len(waiting) < width * _WAITING:
                    task = left.popleft()
                    waiting.append((task, _submitted(executor, task)))
                task, future = waiting[0]
                try:
                    result = future.result()
                except BrokenExecutor:
                    break
                except Exception as error:  # a cluster gave up on it, or what it returned does not travel
                    result = failed(task, f"{type(error).__name__} : {error}")
                waiting.popleft()
                yield task, result
        for task, future in waiting:
            yield task, _once_more(task, future)


def _submitted(executor: Executor, task: Task) -> Future[Result]:
    try:
        return executor.submit(check_one, task)
    except BrokenExecutor as error:
        future: Future[Result] = Future()
        future.set_exception(error)
        return future


def _once_more(task: Task, future: Future[Result]) -> Result:
    """Return what a dossier gives that was under way when a process died: it may be the cause."""
    if future.done() and not future.cancelled() and future.exception() is None:
        return future.result()
    with _local(1) as (executor, _):
        try:
            return _submitted(executor, task).result()
        except BrokenExecutor:
            return failed(task, "le contrôle de ce dossier s’est arrêté brutalement")


@contextmanager
def _local(processes: int) -> Iterator[tuple[Executor, int]]:
    context = multiprocessing.get_context("fork" if _forks() else "spawn")
    # What a process that dies had expanded from a zip goes with this folder.
    with tempfile.TemporaryDirectory(prefix="assemble-lot-") as aside:
        executor = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(aside,))
        try:
            yield executor, processes
        finally:
            executor.shutdown(cancel_futures=True)


def _begin(aside: str) -> None:
    """Prepare a process: the keyboard is for the one that asked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = aside


def _forks() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _dask(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise UsageError(
            "--executeur dask demande l’extra « dask », ici et sur chaque machine : "
            "pip install 'assembler[dask]'."
        ) from error
    try:
        client = distributed.Client(address, timeout=_CONNECTION, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(
            f"--executeur : « {address} » ne répond pas ({type(error).__name__}). Vérifiez que "
            "l’ordonnanceur Dask y est lancé."
        ) from error
    with client:
        yield client.get_executor(pure=False), max(1, sum(client.nthreads().values()))
