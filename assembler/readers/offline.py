"""pyHanko loaded without what it would ask the network with.

It imports aiohttp to fetch time stamps and lists of revocation, which takes as long as all the rest of it.
Nothing is fetched here: what a dossier holds is judged offline, and no file may make us call anybody.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

__all__ = ["offline"]

_CLIENT = "aiohttp"


class _Absent(ModuleType):
    """Stands for a module while others are imported: any name in it is a class of its own."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {})


@contextmanager
def offline() -> Iterator[None]:
    """Import pyHanko inside: aiohttp is not loaded with it; whoever wants it finds it afterwards."""
    if _CLIENT in sys.modules:
        yield
        return
    stand_in = sys.modules[_CLIENT] = _Absent(_CLIENT)
    try:
        yield
    finally:
        if sys.modules.get(_CLIENT) is stand_in:
            del sys.modules[_CLIENT]
