"""How a match of a pattern may begin: looked for first, at much less cost than trying the pattern everywhere.

Python jumps from one possible first letter to the next for ``note|fiche``, but not for a pattern that opens
with an edge of a word or a look behind, as nearly all do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

# The parser of the standard library: private; see assembler.patterns, which rests on it as well.
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

__all__ = ["search", "starts"]

_SELDOM = 50
"""Searches before which it costs more to learn how a pattern begins than to try it: about one dossier."""
_MOST = 64
_LONGEST = 8
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)
_WITHOUT_WIDTH = (codes.AT, codes.ASSERT, codes.ASSERT_NOT)

Start = tuple[str, bool]
"""What a match begins with, and whether that is all that this part of the pattern matches."""


_uses: Counter[re.Pattern[str]] = Counter()


def search(expression: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return what ``expression.search(text)`` would, in less time when it is done often."""
    _uses[expression] += 1
    openings = _openings(expression) if _uses[expression] > _SELDOM else None
    if openings is None:
        return expression.search(text)
    for opening in openings.finditer(text):
        if found := expression.match(text, opening.start()):
            return found
    return None


@lru_cache(maxsize=2048)
def _openings(expression: re.Pattern[str]) -> re.Pattern[str] | None:
    """Return an expression that matches the first letter of whatever the other one may match."""
    found = starts(expression.pattern) if not expression.flags & re.IGNORECASE else None
    if not found:
        return None
    after: dict[str, list[str]] = {}
    for one in sorted(found):
        after.setdefault(one[0], []).append(re.escape(one[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?={'|'.join(rest)})" for first, rest in after.items()))


def starts(pattern: str) -> frozenset[str] | None:
    """Return texts with one of which every match of a pattern begins; None when that cannot be told.

    Args:
        pattern: a regular expression of which case counts.
    """
    tree = parser.parse(pattern)
    found = None if tree.state.flags & re.IGNORECASE else _of_sequence(list(tree))
    return None if found is None or ("", True) in found else frozenset(text for text, _ in found)


def _of_sequence(items: Sequence[Any]) -> frozenset[Start] | None:
    if not items:
        return frozenset({("", True)})
    (code, value), rest = items[0], items[1:]
    if code in _WITHOUT_WIDTH:
        return _of_sequence(rest)
    first: frozenset[Start] | None = None
    if code is codes.LITERAL:
        first = frozenset({(chr(value), True)})
    elif code is codes.SUBPATTERN and not value[1] and not value[2]:
        first = _of_sequence(list(value[3]))
    elif code is codes.BRANCH:
        first = _united(_of_sequence(list(branch)) for branch in value[1])
    elif code in _REPEATS and value[1] == 1:
        first = _united((_of_sequence(list(value[2])), frozenset({("", True)})))
    return None if first is None else _joined(first, rest)


def _united(several: Iterable[frozenset[Start] | None]) -> frozenset[Start] | None:
    found: set[Start] = set()
    for one in several:
        if one is None:
            return None
        found |= one
    return frozenset(found)


def _joined(first: frozenset[Start], rest: Sequence[Any]) -> frozenset[Start] | None:
    """Return how a sequence may begin, given how its first part does."""
    if not any(whole for _, whole in first):
        return first
    after = _of_sequence(rest)
    cut = {(text, False) for text, _ in first}
    if after is not None:
        both = {(text, False) for text, whole in first if not whole}
        for text, whole in first:
            if whole:
                both |= {
                    ((text + more)[:_LONGEST], more_whole and len(text + more) <= _LONGEST)
                    for more, more_whole in after
                }
        if len(both) <= _MOST:
            return frozenset(both)
    return None if ("", False) in cut else frozenset(cut)
