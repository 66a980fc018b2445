"""What a pass says on a terminal: each dossier on its line, and a summary, in 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

from assembler.batch.entry import UNREADABLE
from assembler.batch.register import ABSENT, Row, tally, words
from assembler.batch.running import Pass
from assembler.text import WIDTH, clean, fold

__all__ = ["lines_of", "summary_lines"]

_VERDICT = 17
_NAME = 24
"""Columns that a name keeps whatever else there is to say."""


def lines_of(row: Row) -> Iterator[str]:
    """Yield a dossier's line: verdict, name, seal, blocking points, what changed; why it does not open."""
    points = row.values.get("points")
    blocking = (
        f"{points} bloquant{'s' * (points > 1)}"
        if isinstance(points, int) and points and row.kind != ABSENT
        else ""
    )
    seal = f"!! {row.altered}" if row.altered else ""
    told = ", ".join(part for part in (seal, blocking, row.change) if part)
    room = WIDTH - _VERDICT - 2
    told = _short(told, room - min(len(row.name), _NAME) - 2, end=True)
    name = _short(row.name, room - (len(told) + 2 if told else 0))
    yield f"{words(row.kind):<{_VERDICT}}  {name}{'  ' + told if told else ''}"
    if row.kind == UNREADABLE:
        yield from fold(str(row.values.get("remarque")), " " * (_VERDICT + 2))


def _short(text: str, room: int, end: bool = False) -> str:
    """Return a text on one line, its middle, or its end, left out when it is too long."""
    text = " ".join(clean(text).split())
    if len(text) <= room:
        return text
    if end:
        return text[: room - 1].rstrip() + "…"
    tail = (room - 1) * 2 // 3
    return f"{text[: room - 1 - tail]}…{text[-tail:]}"


def summary_lines(done: Pass) -> Iterator[str]:
    """Yield what a pass comes down to: how many of each verdict, how many were read, the register."""
    total = sum(row.kind != ABSENT for row in done.rows)
    yield from fold(f"{total} dossier{'s' * (total > 1)} : {tally(done.rows)}.")
    if altered := [f"« {row.name} » ({row.altered})" for row in done.rows if row.altered]:
        yield from fold(f"!! {', '.join(altered)} : « assemble controler » dit quels fichiers.")
    changed = sum(bool(row.change) for row in done.rows)
    unread = total - done.read
    told = [f"{changed} changement{'s' * (changed > 1)} depuis la passe précédente"] if changed else []
    told += [f"{unread} inchangé{'s' * (unread > 1)}, non relu{'s' * (unread > 1)}"] if unread > 0 else []
    if told:
        yield from fold(f"{' ; '.join(told)}.")
    yield from (line for note in done.notes for line in fold(note))
    if done.written:
        yield from fold(f"Registre : {' et '.join(str(one) for one in done.written)}")
