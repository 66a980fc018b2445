"""What the frame of a piece asks, left in the piece: questions are no answer, whatever they look like.

A frame that comes with a format (:attr:`~assembler.contributions.Template.piece`) puts its questions in
empty controls. LibreOffice and a printer make running text of them; their words, at least, stay the same.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources.abc import Traversable
from itertools import accumulate
from typing import Any

from assembler.errors import ReadingError
from assembler.extraction.passages import plain_offsets, plain_text
from assembler.memory import Memory, Same
from assembler.model import Block
from assembler.readers.docx import read

__all__ = ["NO_FRAME", "Apart", "Frame", "frame_of", "idle_in", "marks_of", "set_apart"]

_FEWEST_WORDS = 5
"""A shorter sentence (« Quelle est la question ? ») may be anybody's: it counts with its paragraph only."""
_SENTENCES = re.compile(r"(?<=[.?!])\s+")
_ENDED = re.compile(r"[.;:?!…][\s»”\")]*$")
_AFTER = " \u00a0\u202f.?!;:)»"
_TAG = re.compile(r"\{[{%#]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What a frame says by itself, as plain text."""

    questions: tuple[str, ...] = ()
    """Its guidance: each paragraph, then the sentences of each."""
    printed: frozenset[str] = frozenset()
    """Its other paragraphs: titles, heads of tables."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Apart:
    """The blocks of a piece once the guidance left in it is set apart."""

    blocks: tuple[Block, ...]
    """As many as before: guidance is a hint, or is taken off the paragraph that it begins."""
    left: Mapping[int, str] = field(default_factory=dict)
    """By rank from 0 of the blocks that hold guidance, the first sentence of it, as written."""
    printed: frozenset[str] = frozenset()


NO_FRAME = Frame()
_frames: Memory[Frame] = Memory(64)


def frame_of(template: Traversable | None) -> Frame:
    """Return what a Word frame says by itself, read once; nothing when there is none, or none to be read."""
    return _frames.recall(Same(template), lambda: _frame(template)) if template is not None else NO_FRAME


def _frame(template: Traversable) -> Frame:
    try:
        blocks = read(template.read_bytes()).blocks
    except (OSError, ReadingError):  # what is wrong with it is said where documents are made
        return NO_FRAME
    asked = [block.text for block in blocks if block.hint]
    sentences = [plain_text(one) for text in asked for one in _SENTENCES.split(text)]
    questions = [plain_text(text) for text in asked]
    questions += [one for one in sentences if one.count(" ") + 1 >= _FEWEST_WORDS]
    said = {plain_text(one.text) for one in blocks if not one.hint and not _TAG.search(one.text)}
    return Frame(questions=tuple(dict.fromkeys(filter(None, questions))), printed=frozenset(said - {""}))


def set_apart(blocks: tuple[Block, ...], frame: Frame) -> Apart:
    """Return the blocks of a piece with the guidance of its frame set apart, wherever it stands.

    A paragraph cut by the end of a page is found whole. Without any guidance, the blocks are the same object.
    """
    cuts = _cuts(blocks, frame.questions)
    if not cuts:
        return Apart(blocks=blocks, printed=frame.printed)
    kept = list(blocks)
    left = {}
    for rank, spans in cuts.items():
        text = blocks[rank].text
        place = plain_offsets(text)
        where = [tuple(place[min(at, len(place) - 1)] for at in (first, last - 1)) for first, last in spans]
        left[rank] = _SENTENCES.split(text[where[0][0] :].strip(), maxsplit=1)[0][:200]
        rest = text
        for first, last in reversed(where):
            rest = f"{rest[:first]} {rest[last + 1 :].lstrip(_AFTER)}"
        own = bool(plain_text(rest))
        kept[rank] = replace(blocks[rank], text=rest.strip()) if own else replace(blocks[rank], hint=True)
    return Apart(blocks=tuple(kept), left=left, printed=frame.printed)


def _cuts(blocks: Sequence[Block], questions: Sequence[str]) -> dict[int, list[tuple[int, int]]]:
    """Return, by rank of the blocks that hold guidance, where it stands in their plain text, in order."""
    if not questions:
        return {}
    lines = [(rank, line) for rank, block in enumerate(blocks) if (line := plain_text(block.text))]
    flow = f" {' '.join(line for _, line in lines)} "
    found = sorted(span for one in questions for span in _everywhere(f" {one} ", flow))
    if not found:
        return {}
    starts = list(accumulate((len(line) + 1 for _, line in lines), initial=1))
    cuts: dict[int, list[tuple[int, int]]] = {}
    for first, last in found:
        for number in range(bisect_right(starts, first) - 1, bisect_right(starts, last - 1)):
            rank, line = lines[number]
            span = max(0, first - starts[number]), min(len(line), last - starts[number])
            held = cuts.setdefault(rank, [])
            if held and span[0] <= held[-1][1] + 1:
                held[-1] = held[-1][0], max(held[-1][1], span[1])
            else:
                held.append(span)
    return cuts


def _everywhere(sought: str, flow: str) -> Iterator[tuple[int, int]]:
    """Yield where words stand in a flow, the spaces around them left out."""
    at = flow.find(sought)
    while at >= 0:
        yield at + 1, at + len(sought) - 1
        at = flow.find(sought, at + len(sought) - 1)


def idle_in(apart: Apart, first: int, end: int) -> frozenset[int]:
    """Return the ranks, between two blocks, of what the frame printed and nobody wrote.

    These are its titles and the heads of its tables; and, as long as its question stands below, the table
    that it filled in by itself. A PDF does not say what is a table: there, lines that end no sentence are.
    """
    blocks = apart.blocks
    idle = {rank for rank in range(first, end) if plain_text(blocks[rank].text) in apart.printed}
    printed = frozenset(idle)
    for asked in apart.left:
        for rank in range(asked - 1, first - 1, -1) if first <= asked < end else ():
            block = blocks[rank]
            row = block.in_table or (not block.anchor and not _ENDED.search(block.text))
            if not row or block.level is not None or block.picture or rank in apart.left:
                break
            if rank in printed and not block.in_table:
                break
            idle.add(rank)
    return frozenset(idle)


def marks_of(apart: Apart) -> list[dict[str, Any]]:
    """Return ``{extrait, emplacement}`` for each question left."""
    return [
        {"extrait": said, "emplacement": {"page": apart.blocks[rank].page, "paragraphe": rank + 1}}
        for rank, said in apart.left.items()
    ]
