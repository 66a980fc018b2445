"""The journal: a line a run, whole whoever else writes, read back in spite of what damaged it."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest

from assembler.journal import JOURNAL, append_line, last_lines
from assembler.model import Document
from assembler.reporters.wording import journal_line
from assembler.writing import Writer, add_to_journal

DAY = dt.date(2026, 3, 12)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    (tmp_path / "sortie" / ".assemble").mkdir(parents=True)
    return tmp_path / "sortie"


def note(output: Path, command: str) -> None:
    add_to_journal(output, command=command, version="0.1.0")


def test_a_run_that_writes_says_who_when_what_and_by_which_rules(output: Path) -> None:
    asked: list[int] = []

    def rules() -> str:
        asked.append(1)
        return "ab" * 32

    document = Document(id="cctp", step="lancement", name="cctp.docx", content=b"un")
    for _ in range(2):  # the second writes nothing
        with Writer(output, command="assemble produire", version="0.1.0", rules=rules) as writer:
            writer.write(document, DAY)
    (line,) = last_lines(output)
    assert line.qui
    assert abs(line.quand - dt.datetime.now().astimezone()) < dt.timedelta(minutes=5)
    assert (line.commande, line.version, line.regles) == ("assemble produire", "0.1.0", "ab" * 32)
    assert line.documents == ("lancement/cctp.docx",)
    assert asked == [1]


def test_the_last_lines_come_first_and_no_more_than_asked(output: Path) -> None:
    for number in range(8):
        note(output, f"commande {number}")
    assert [one.commande for one in last_lines(output, 3)] == ["commande 7", "commande 6", "commande 5"]
    assert len(last_lines(output)) == 5


def test_of_reports_written_one_after_the_other_the_latest_alone_is_shown(output: Path) -> None:
    note(output, "assemble produire")
    for name in ("a.html", "b.html"):
        add_to_journal(output, command="assemble controler", version="0.1.0", rapport={"nom": name})
    found = last_lines(output)
    assert [(one.commande, one.rapport) for one in found] == [
        ("assemble controler", "b.html"),
        ("assemble produire", None),
    ]
    assert journal_line(found[0]) == "rapport : b.html"


@pytest.mark.parametrize(
    "damage",
    [
        b'{"qui": "x", "qua',
        b"[]",
        b"null",
        b'{"qui": "x"}',
        b'{"qui": 3, "quand": "2026-03-12"}',
        b'{"qui": "x", "quand": "hier"}',
        b'{"qui": "x", "quand": "2026-03-12", "documents": [1]}',
        b'{"qui": "x", "quand": "2026-03-12", "documents": 1}',
        b"[" * 200_000,
        b"\xff\xfe\x00",
        b"",
    ],
)
def test_a_damaged_line_is_passed_over(output: Path, damage: bytes) -> None:
    note(output, "avant")
    with (output / JOURNAL).open("ab") as stream:
        stream.write(damage + b"\n")
    note(output, "après")
    assert [one.commande for one in last_lines(output)] == ["après", "avant"]


def test_a_line_cut_by_a_kill_does_not_swallow_the_next(output: Path) -> None:
    note(output, "avant")
    with (output / JOURNAL).open("ab") as stream:
        stream.write(b'{"qui": "x", "quand"')
    note(output, "après")
    assert [one.commande for one in last_lines(output)] == ["après", "avant"]


def test_a_line_stays_below_64_kilobytes_and_says_how_much_it_leaves_out(output: Path) -> None:
    documents = [{"nom": f"étape/{'x' * 100} {number}.docx", "sha256": "0" * 64} for number in range(2000)]
    visas = [{"regle": "TT-PIE-001", "constat": "é" * 50_000}]
    append_line(
        output / JOURNAL,
        {"qui": "x", "quand": "2026-03-12T10:00:00", "documents": documents, "visas": visas},
    )
    raw = (output / JOURNAL).read_bytes()
    assert len(raw) < 65_536
    (line,) = last_lines(output)
    assert len(line.documents) + line.omis == 2000
    assert line.visas == ("TT-PIE-001",)
    assert len(json.loads(raw)["visas"][0]["constat"]) == 1001


def test_a_name_that_is_no_text_is_spelt(output: Path) -> None:
    add_to_journal(output, command="x", version="0", documents=[{"nom": "plan\udce9.docx"}])
    (line,) = last_lines(output)
    assert line.documents == ("plan\udce9.docx",)
    (output / JOURNAL).read_text(encoding="utf-8")


def test_several_processes_append_at_once_and_lose_nothing(output: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from assembler.writing import add_to_journal\n"
        "for n in range(100):\n"
        "    add_to_journal(Path(sys.argv[1]), command=f'{sys.argv[2]} {n}', version='0', texte='é' * 900)"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(output), name]) for name in "abc"]
    assert [one.wait(60) for one in running] == [0, 0, 0]
    found = [one.commande for one in last_lines(output, 1000)]
    assert sorted(found) == sorted(f"{name} {number}" for name in "abc" for number in range(100))


def test_a_journal_that_is_not_there_or_is_no_file_has_no_line(output: Path) -> None:
    assert last_lines(output / "absent") == ()
    (output / JOURNAL).mkdir()
    assert last_lines(output) == ()
