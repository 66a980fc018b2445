"""A function that is stopped when it takes too long: a plugin that never ends costs a rule, not the run."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

__all__ = ["within"]

T = TypeVar("T")


class _TimeIsUp(BaseException):
    """Raised inside the function; no ``except Exception`` of its own can keep it."""


def within(seconds: float, function: Callable[[], T]) -> T:
    """Call a function, and give it up when it has not ended in time.

    In the main thread of a Unix system it is interrupted, at once or nearly. Elsewhere it is left to end, or
    not, in a thread that does not keep the process from ending.

    Args:
        seconds: how long it may take.
        function: what to call.

    Raises:
        TimeoutError: it took longer.
        BaseException: whatever the function raises.
    """
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _interrupted(seconds, function)
    return _left(seconds, function)


def _interrupted(seconds: float, function: Callable[[], T]) -> T:
    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, ring)
    started, above = time.monotonic(), 0.0
    try:
        # Again and again: the first may fall where Python cannot raise (a destructor, a callback of C).
        above, _ = signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
        try:
            return function()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _TimeIsUp:
        raise TimeoutError(seconds) from None
    finally:
        signal.signal(signal.SIGALRM, before)
        if above:  # called by what is itself timed: what was left of its time goes on
            signal.setitimer(signal.ITIMER_REAL, max(above - (time.monotonic() - started), 0.001), 0.1)


def _left(seconds: float, function: Callable[[], T]) -> T:
    done: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            done.append(function())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if not done:
        raise TimeoutError(seconds)
    return done[0]
