"""Regular expressions that could keep a machine busy for ever, told before they are used.

Python's engine goes back over what it matched: ``(a+)+$`` takes a time that doubles with each character.
Two shapes do that: a repetition inside a repetition where nothing marks the beginning of each turn, and a
repeated choice whose branches may begin alike. See robustesse.md § 2.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import permutations

# The parser of the standard library: private, but there under one name or another since Python 1.5.
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

__all__ = ["ambiguity"]

_MANY = 16
"""Turns from which a repetition counts as endless."""
_SUSPECT = re.compile(r"\)\s*(?:[*+]|\{\d*,?\d*\})")
_SAMPLE = tuple(map(chr, (*range(0x180), 0x152, 0x153, 0x2013, 0x2019, 0x20AC, 0x4E00)))
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)

Node = tuple[Any, Any]


@lru_cache(maxsize=4096)
def ambiguity(pattern: str) -> str | None:
    """Say in French why a pattern may never end, or return None.

    Raises:
        re.error: it is no regular expression (looked at only when it repeats a group).
    """
    if not _SUSPECT.search(pattern):
        return None
    for node in _walk(parser.parse(pattern)):
        if node[0] in _REPEATS and node[1][1] >= _MANY:
            body = list(node[1][2])
            if _restarts(body):
                return f"« {pattern} » répète une répétition : un texte bien choisi ne finirait pas"
            if _alike(body):
                return f"« {pattern} » répète un choix dont deux branches commencent de même"
    return None


def _walk(items: Any) -> Iterator[Node]:
    for node in items:
        yield node
        for inner in _bodies(node):
            yield from _walk(inner)


def _bodies(node: Node) -> Sequence[Any]:
    """Return the sequences inside one node of the parser's tree."""
    code, value = node
    if code in _REPEATS:
        return (value[2],)
    if code is codes.SUBPATTERN:
        return (value[3],)
    if code is codes.BRANCH:
        return tuple(value[1])
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return (value[1],)
    return ()


def _restarts(body: Sequence[Node]) -> bool:
    """Tell whether an endless repetition inside ``body`` could be cut anywhere between two turns."""
    body = _flat(body)
    for rank, node in enumerate(body):
        inner = _endless(node)
        if inner is None:
            continue
        marks = [_characters([one]) for place, one in enumerate(body) if place != rank and _least(one)]
        if not any(mark and not mark & inner for mark in marks):
            return True
    return False


def _flat(body: Sequence[Node]) -> list[Node]:
    """Return a sequence with its plain groups opened."""
    found: list[Node] = []
    for node in body:
        found += _flat(node[1][3]) if node[0] is codes.SUBPATTERN else [node]
    return found


def _endless(node: Node) -> frozenset[str] | None:
    """Return the characters of the endless repetitions of a node, or None."""
    found: frozenset[str] | None = None
    for one in _walk([node]):
        if one[0] in _REPEATS and one[1][1] >= _MANY:
            found = (found or frozenset()) | _characters(one[1][2])
    return found


def _least(node: Node) -> int:
    """Return the least number of characters that a node matches."""
    if node[0] is codes.AT:
        return 0
    return int(parser.SubPattern(parser.State(), [node]).getwidth()[0])


def _alike(body: Sequence[Node]) -> bool:
    """Tell whether one turn may be taken in two ways: branches that begin alike, an end that begins a turn.

    The parser takes the common beginning of the branches out: ``a|aa`` comes as ``a(?:|a)``.
    """
    body = [node for node in _flat(body) if node[0] is not codes.AT]
    if not body:
        return False
    code, value = body[-1]
    if code in _REPEATS and value[0] == 0:
        branches = [[], list(value[2])]
    elif code is codes.BRANCH:
        branches = [_flat(branch) for branch in value[1]]
    else:
        return False
    if len(body) > 1 and any(not branch for branch in branches):
        begins = _characters(body[:1])
        return len([one for one in branches if not one]) > 1 or any(
            _characters(branch[:1]) & begins for branch in branches
        )
    words = [_word(branch) for branch in branches]
    if None not in words:
        begins = _characters(body[:1]) if len(body) > 1 else frozenset(str(word)[:1] for word in words)
        return any(
            one == other or (one.startswith(other) and one[len(other)] in begins)
            for one, other in permutations(map(str, words), 2)
        )
    seen: set[str] = set()
    for branch in branches:
        first = _characters(branch[:1])
        if seen & first:
            return True
        seen |= first
    return False


def _word(branch: Sequence[Node]) -> str | None:
    """Return the one text that a branch matches, or None when it matches several."""
    if any(code is not codes.LITERAL for code, _ in branch):
        return None
    return "".join(chr(value) for _, value in branch)


def _characters(items: Any) -> frozenset[str]:
    """Return which characters of a sample a sequence may hold."""
    found: set[str] = set()
    for code, value in items:
        if code is codes.LITERAL:
            found.add(chr(value))
        elif code is codes.NOT_LITERAL:
            found.update(char for char in _SAMPLE if ord(char) != value)
        elif code is codes.ANY:
            found.update(_SAMPLE)
        elif code is codes.IN:
            found.update(char for char in _SAMPLE if _is_in(char, value))
        elif code is codes.GROUPREF:
            found.update(_SAMPLE)
        else:
            for inner in _bodies((code, value)):
                found |= _characters(inner)
    return frozenset(found)


_CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_NOT_DIGIT: r"\D",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S",
    codes.CATEGORY_WORD: r"\w",
    codes.CATEGORY_NOT_WORD: r"\W",
}


def _is_in(char: str, members: Sequence[Node]) -> bool:
    negated = bool(members) and members[0][0] is codes.NEGATE
    for code, value in members:
        hit = (
            (code is codes.LITERAL and ord(char) == value)
            or (code is codes.RANGE and value[0] <= ord(char) <= value[1])
            or (code is codes.CATEGORY and re.match(_CATEGORIES[value], char) is not None)
        )
        if hit:
            return not negated
    return negated
