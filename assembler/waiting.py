"""What is said at once to the person who waits, from below; ``cli`` says how."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

__all__ = ["listen", "tell"]

_listener: ContextVar[Callable[[str], None] | None] = ContextVar("listener", default=None)


def listen(told: Callable[[str], None]) -> None:
    """Give what says a sentence to the person; without it nothing is said."""
    _listener.set(told)


def tell(sentence: str) -> None:
    """Say a French sentence now, if somebody listens."""
    told = _listener.get()
    if told is not None:
        told(sentence)
