"""What was worked out before and would come out the same: kept, within bounds, as long as the process lasts.

Only results that their key wholly decides are kept: the bytes of a file by their hash, an object that nobody
changes by its identity (:class:`Same`). A folder that is watched, an annexe that some share, is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar, cast
from weakref import WeakSet

__all__ = ["ROOM", "Memory", "Same", "spare_all"]

T = TypeVar("T")

ROOM = 1_500_000
"""Room for what is drawn from readings, by their weight in characters: about a hundred letters."""


class Same:
    """An object as a part of a key: equal to itself alone, and kept alive as long as the key is."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self._value is other._value

    def __hash__(self) -> int:
        return id(self._value)


class Memory(Generic[T]):
    """The last results, least used out first.

    Args:
        room: what the weights of the results kept may add up to.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._weight = 0
        self._kept: dict[Hashable, tuple[T, int]] = {}
        _all.add(self)

    def recall(self, key: Hashable, compute: Callable[[], T], weight: int = 1) -> T:
        """Return what is kept under a key; failing that, compute it and keep it.

        Args:
            key: all that the result depends on.
            compute: gives the result, that nobody may change.
            weight: what the result takes of the room; one that takes a quarter of it is not kept.
        """
        kept = self.get(key)
        if kept is None:
            kept = compute()
            self.keep(key, kept, weight)
        return kept

    def get(self, key: Hashable) -> T | None:
        """Return what is kept under a key, as the last used; None when nothing is."""
        found = self._kept.pop(key, None)  # one step, that no other thread comes between
        if found is None:
            return None
        self._kept[key] = found
        return found[0]

    def keep(self, key: Hashable, value: T, weight: int = 1) -> None:
        """Keep a result, as the last used."""
        if 4 * weight >= self._room and weight > 1:
            return
        self._weight += weight - self._kept.pop(key, cast(Any, (None, 0)))[1]
        self._kept[key] = (value, weight)
        self._forget(self._room)

    def lighten(self) -> None:
        """Forget the oldest results, until the others take a quarter of the room."""
        self._forget(self._room // 4)

    def _forget(self, room: int) -> None:
        while self._weight > room and (oldest := next(iter(self._kept), None)) is not None:
            self._weight -= self._kept.pop(oldest, cast(Any, (None, 0)))[1]


_all: WeakSet[Memory[Any]] = WeakSet()


def spare_all() -> None:
    """Forget most of what is kept: the dossiers of a batch have an annexe in common, at most."""
    for memory in list(_all):
        memory.lighten()
