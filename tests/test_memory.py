"""What is kept of earlier work: within bounds, the last used last out, and little between two dossiers."""

from __future__ import annotations

from pathlib import Path

from lots import FIXTURES, TODAY

from assembler.batch.entry import Task, check_one
from assembler.memory import Memory, spare_all
from assembler.pipeline import Request


def kept(memory: Memory[str], *keys: str) -> list[str]:
    return [key for key in keys if memory.get(key) is not None]


def test_beyond_the_room_the_oldest_goes():
    memory: Memory[str] = Memory(8)
    for key in "abcdefghij":
        memory.keep(key, key)
        memory.get("a")
    assert kept(memory, *"abcdefghij") == list("adefghij")


def test_between_dossiers_a_quarter_of_the_room_stays_the_last_used():
    memory: Memory[str] = Memory(8)
    for key in "abcdefgh":
        memory.keep(key, key)
    memory.get("b")
    spare_all()
    assert kept(memory, *"abcdefgh") == ["b", "h"]


def test_a_dossier_checked_again_after_others_has_the_same_report():
    request = Request(today=TODAY)

    def report(name: str) -> bytes:
        return check_one(Task(path=str(Path(FIXTURES) / name), request=request)).report

    first = report("complet")
    report("sans-fiche")
    assert report("complet") == first
