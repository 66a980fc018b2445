"""The text of a piece made searchable, every match keeping its place and its original words.

Two views of the same blocks: *folded* (same length as the original, accents and case taken off,
punctuation kept) for dates and durations; *plain* (:func:`assembler.text.plain`) for the patterns
that plugins declare. Both lead back to what the author wrote.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any

from assembler.memory import ROOM, Memory, Same
from assembler.model import Block, Source
from assembler.text import plain

__all__ = [
    "Passages",
    "compiled",
    "concordance",
    "fold",
    "iter_lines",
    "passages_of",
    "plain_offsets",
    "plain_text",
]

_LONGEST_EXCERPT = 200
_SIGNS = frozenset("€@")

_SAME = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "\t": " ",
    "\xa0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\u2007": " ",
}


class _Folding(dict[int, str]):
    """Translation table filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        same = _SAME.get(char)
        if same is None:
            # Only one-character results: offsets must stay those of the original.
            lower = char.lower()
            bare = [c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c)]
            same = bare[0] if len(bare) == 1 else (lower if len(lower) == 1 else char)
        self[code] = same
        return same


_FOLDING = _Folding()


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return NFC ``text`` in lower case without accents, of the same length.

    Typographic apostrophes, dashes and spaces become the keyboard's; line ends stay.
    """
    return text.translate(_FOLDING)


@lru_cache(maxsize=2048)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return ``pattern`` compiled once per process; ``^`` and ``$`` are those of a line."""
    return re.compile(pattern, re.MULTILINE)


# The same blocks are looked at to recognise a piece, then to draw its facts.
plain_text = lru_cache(maxsize=8192)(plain)
_plain_char = lru_cache(maxsize=4096)(plain)


class _Joined:
    """Texts put end to end with one separator, and the way back from an offset to the text."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.lines = "\n".join(texts)
        self._starts = list(accumulate((len(text) + 1 for text in texts), initial=0))[:-1]

    def where(self, offset: int) -> tuple[int, int]:
        """Return (rank of the text from 0, offset inside it)."""
        rank = max(0, bisect_right(self._starts, offset) - 1)
        return rank, offset - self._starts[rank]


class Passages:
    """The blocks of one piece, searchable.

    Args:
        blocks: in reading order; hints (empty controls, greyed guidance) count as empty text so
            that the numbering of paragraphs stays that of the file.
        pages: pages to keep; empty keeps all.
    """

    def __init__(self, blocks: Iterable[Block], pages: Sequence[int] = ()) -> None:
        self.blocks = tuple(blocks)
        keep = frozenset(pages)
        self.texts = tuple(
            ""
            if block.hint or (keep and block.page is not None and block.page not in keep)
            else unicodedata.normalize("NFC", block.text)
            for block in self.blocks
        )
        self._joined = _Joined(self.texts)
        self.text = self._joined.lines
        """The visible text, one block after the other, a line end between two."""
        self.folded = "\n".join(map(fold, self.texts))
        """Same length as :attr:`text`: offsets are interchangeable."""
        self._plain_joined = _Joined([plain_text(text) for text in self.texts])
        self.plain_lines = self._plain_joined.lines
        """Plain text, one line per block."""
        self.plain_flow = self.plain_lines.replace("\n", " ")
        """Plain text in one flow: a sentence cut by the end of a line is whole again."""
        self._maps: dict[int, list[int]] = {}

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines that are not empty, spaces tidied."""
        return tuple(iter_lines(self.texts))

    @cached_property
    def folded_lines(self) -> tuple[str, ...]:
        """The same, folded."""
        return tuple(map(fold, self.lines))

    def place(self, offset: int) -> dict[str, Any]:
        """Return ``{page, paragraphe}`` of an offset of :attr:`text`; paragraphs count from 1."""
        rank, _ = self._joined.where(offset)
        return self.place_of(rank)

    def place_of(self, rank: int) -> dict[str, Any]:
        """Return ``{page, paragraphe}`` of the block of that rank (from 0)."""
        page = self.blocks[rank].page if rank < len(self.blocks) else None
        return {"page": page, "paragraphe": rank + 1}

    def excerpt(self, start: int, end: int) -> str:
        """Return the original words between two offsets, on one line."""
        return " ".join(self.text[start:end].split())[: 2 * _LONGEST_EXCERPT]

    def find_plain(self, pattern: str) -> dict[str, Any] | None:
        """Return ``{extrait, emplacement}`` of the first match of a pattern on plain text, or None.

        Looked for inside a paragraph first, then across paragraphs (PDF lines). The excerpt is the
        sentence that holds the match, cut around it when it is long. A pattern that names a sign which
        plain text loses (« € », « @ ») is looked for in the folded text.
        """
        expression = compiled(pattern)
        if _SIGNS.intersection(pattern):
            written = expression.search(self.folded)
            if written is None:
                return None
            return {"extrait": self.sentence(*written.span()), "emplacement": self.place(written.start())}
        match = expression.search(self.plain_lines) or expression.search(self.plain_flow)
        if match is None:
            return None
        first = self._original(match.start())
        last = self._original(max(match.start(), match.end() - 1))
        return {"extrait": self.sentence(first, last + 1), "emplacement": self.place(first)}

    def _original(self, offset: int) -> int:
        """Return the offset in :attr:`text` of an offset of the plain text."""
        rank, inside = self._plain_joined.where(offset)
        where = self._maps.get(rank)
        if where is None:
            where = self._maps[rank] = plain_offsets(self.texts[rank])
        local = where[min(inside, len(where) - 1)] if where else 0
        return self._joined._starts[rank] + local

    def sentence(self, start: int, end: int) -> str:
        """Return the sentence that holds two offsets, on one line, cut around them when it is long.

        What was cut is shown by « … ».
        """
        low, high = max(0, start - _LONGEST_EXCERPT), min(len(self.text), end + _LONGEST_EXCERPT)
        before = [match.end() for match in _SENTENCE_START.finditer(self.text, low, start)]
        after = _SENTENCE_END.search(self.text, end, high)
        first = before[-1] if before else low
        last = after.end() if after else high
        left, right = not before and low > 0, after is None and high < len(self.text)
        room = max(0, _LONGEST_EXCERPT - (end - start))
        if last - first > _LONGEST_EXCERPT:
            near = max(first, start - room // 2) if last - start > room // 2 else first
            left, first = left or near > first, near
            far = min(last, end + room - (start - first))
            right, last = right or far < last, far
        if left and (space := self.text.find(" ", first, start)) >= 0:
            first = space + 1
        if right and (space := self.text.rfind(" ", end, last)) >= 0:
            last = space
        said = self.excerpt(first, last)
        return f"{'… ' if left else ''}{said}{' …' if right else ''}"


_passages: Memory[Passages] = Memory(ROOM)


def passages_of(source: Source) -> Passages:
    """Return the text of a file, only the pages retained for the piece."""
    if source.reading is None:
        return Passages(())
    blocks, pages = source.reading.blocks, source.pages_retenues
    return _passages.recall((Same(blocks), pages), lambda: Passages(blocks, pages), source.reading.weight)


_SENTENCE_START = re.compile(r"[.!?;]\s+|\n")
_SENTENCE_END = re.compile(r"[.!?;](?=\s|\Z)|\n")


def plain_offsets(text: str) -> list[int]:
    """Return, for each character of ``plain(text)``, the offset in ``text`` it comes from."""
    found: list[int] = []
    gap = False
    for offset, char in enumerate(text):
        if unicodedata.combining(char):
            continue
        bare = _plain_char(char)
        if not bare:
            gap = bool(found)
            continue
        if gap:
            found.append(offset - 1)
            gap = False
        found.extend([offset] * len(bare))
    return found


def iter_lines(texts: Iterable[str]) -> Iterator[str]:
    """Yield the non-empty lines of several texts, spaces tidied."""
    for text in texts:
        for line in text.split("\n"):
            tidy = " ".join(line.split())
            if tidy:
                yield tidy


def concordance(one: str | Sequence[str], other: str | Sequence[str]) -> float:
    """Return how much two plain texts share, 0 to 1: words in common, each as often as it is written.

    Linear in the texts; order does not count, since the two columns of a letterhead come in any order.
    """
    left = Counter(one.split() if isinstance(one, str) else one)
    right = Counter(other.split() if isinstance(other, str) else other)
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 1.0
