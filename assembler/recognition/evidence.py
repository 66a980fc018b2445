"""What the content of a file says of the piece it is: wording, signature, titles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import total_ordering

from assembler.contributions import Piece
from assembler.extraction.letters import looks_like_letter, opens_letter, signature_text
from assembler.extraction.passages import Passages, compiled, passages_of
from assembler.extraction.sections import titles_found
from assembler.memory import ROOM, Memory, Same
from assembler.model import Block, Source
from assembler.text import plain

__all__ = ["Evidence", "letters_in", "weigh"]

_LONGEST_LETTER = 2500  # words
_FEWEST_TITLES = 3


@total_ordering
@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Evidence:
    """What a text says for one piece; ordered by how much it says."""

    piece: Piece
    possible: bool
    """Nothing in the text rules the piece out."""
    clues: int = 0
    """Length of the longest group of clues that is met; the titles found, for a piece with sections."""
    signed: bool = False
    """The signature block bears the quality of who signs this piece."""
    letter: bool = False
    """The text is laid out like a letter, as this piece is."""

    @property
    def tells(self) -> bool:
        """Whether the content alone would be enough to recognise the piece."""
        return self.possible and (self.clues > 0 or (self.signed and self.letter))

    @property
    def clear(self) -> bool:
        """Whether it is enough to belie a name: signature and wording, or the titles expected."""
        return self.possible and self.clues > 0 and (self.signed or self.clues >= _FEWEST_TITLES)

    @property
    def checkable(self) -> bool:
        """Whether the piece can be known by anything but its name."""
        return bool(self.piece.clues or self.piece.signatories or self.piece.sections)

    @property
    def rank(self) -> tuple[bool, int]:
        """What is compared: a signature is worth more than any wording."""
        return self.possible and self.signed, self.clues if self.possible else 0

    def __lt__(self, other: Evidence) -> bool:
        return self.rank < other.rank

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Evidence) and self.rank == other.rank

    __hash__ = None  # type: ignore[assignment]


_weighed: Memory[Mapping[str, Evidence]] = Memory(ROOM)


def weigh(source: Source, pieces: Sequence[Piece]) -> Mapping[str, Evidence] | None:
    """Return the evidence for each piece by id, or None when the file has no text to read."""
    reading = source.reading
    if reading is None or not any(block.text.strip() for block in reading.blocks):
        return None
    key = Same(reading), source.pages_retenues, *map(Same, pieces)
    return _weighed.recall(key, lambda: _weigh(passages_of(source), reading.headers, pieces), reading.weight)


def _weigh(passages: Passages, headers: str, pieces: Sequence[Piece]) -> Mapping[str, Evidence]:
    flow = passages.plain_flow
    whole = f"{plain(headers)} {flow}" if headers else flow
    foot = signature_text(passages)
    letter = looks_like_letter(passages) and len(flow) < _LONGEST_LETTER * 8
    found: dict[str, Evidence] = {}
    for piece in pieces:
        clues = [
            len(group)
            for group in piece.clues
            if group and all(compiled(pattern).search(whole) for pattern in group)
        ]
        found[piece.id] = Evidence(
            piece=piece,
            possible=not any(compiled(pattern).search(flow) for pattern in piece.unlikely),
            clues=max(clues, default=0) + _titles(piece, passages.blocks),
            signed=letter and any(compiled(pattern).search(foot) for pattern in piece.signatories),
            letter=letter and piece.letter,
        )
    return found


def _titles(piece: Piece, blocks: Sequence[Block]) -> int:
    """Return the number of expected titles found, when they are enough to know the piece by."""
    if not piece.sections:
        return 0
    there = titles_found(piece, blocks)
    return there if there >= min(_FEWEST_TITLES, len(piece.sections)) else 0


def letters_in(source: Source, pieces: Sequence[Piece]) -> list[tuple[str, tuple[int, ...]]]:
    """Return the letters that one file holds, as (piece id, pages); empty when it holds one at most.

    A letter starts at a page that bears a date line, an object or an attache at its top; the pages
    that follow are its own until the next. Pages recognised as nothing are left out.
    """
    reading = source.reading
    if reading is None or (reading.pages or 0) < 2:
        return []
    by_page: dict[int, list[Block]] = {}
    for block in reading.blocks:
        if block.page is not None:
            by_page.setdefault(block.page, []).append(block)
    runs = list(_runs(by_page))
    if len(runs) < 2:
        return []
    everything = replace(source, pages_retenues=())
    whole = _weigh(passages_of(everything), reading.headers, [piece for piece in pieces if piece.sections])
    if any(one.tells for one in whole.values()):
        return []
    found: list[tuple[str, tuple[int, ...]]] = []
    for run in runs:
        blocks = [block for page in run for block in by_page[page]]
        lettered = [piece for piece in pieces if piece.letter or piece.signatories]
        evidence = _weigh(Passages(blocks), "", lettered)
        ranked = sorted((one for one in evidence.values() if one.tells), reverse=True)
        if ranked and (len(ranked) == 1 or ranked[0].rank > ranked[1].rank):
            found.append((ranked[0].piece.id, tuple(run)))
    return found if len(found) > 1 else []


def _runs(by_page: Mapping[int, Sequence[Block]]) -> Iterator[list[int]]:
    """Yield the pages of each letter."""
    run: list[int] = []
    for page in sorted(by_page):
        if run and opens_letter(Passages(by_page[page])):
            yield run
            run = []
        run.append(page)
    if run:
        yield run
