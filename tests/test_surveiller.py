"""Watching a folder: a dossier is read once it has arrived whole, a share may go and return."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import openpyxl
import pytest
from lots import FIXTURES, here, options, passed, put
from lots import run as lot

from assembler.batch import Pass
from assembler.errors import NothingToCheck, UnreadableDossier, UsageError
from assembler.journal import last_lines
from assembler.watching import Settling, Watch, _file_system

ENV = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80", "ASSEMBLER_OCR": "non"}
NOTHING = Pass(rows=(), codes=(), read=0, written=(), notes=())


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        self.now += 2
        return self.now


def unfolded(text: str) -> str:
    """Return a text without its spaces: a path longer than a line is cut where the line ends."""
    return "".join(text.split())


@pytest.fixture
def settling() -> Settling:
    return Settling(2, Clock())


def packed() -> bytes:
    """Return a zip whose halves are none."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("note.txt", "x" * 5000)
    return made.getvalue()


# -- what has arrived ----------------------------------------------------------------------------


def test_a_folder_that_is_being_copied_waits_for_two_looks_that_agree(
    tmp_path: Path, settling: Settling
) -> None:
    slow, there = tmp_path / "lent", tmp_path / "là"
    for one in (slow, there):
        one.mkdir()
        (one / "note.pdf").write_bytes(b"%PDF")
    found = []
    for step in range(5):
        if step < 3:
            with (slow / "note.pdf").open("ab") as stream:
                stream.write(b"suite")
        found.append(settling.look([slow, there]))
    assert [sorted(one.name for one in busy) for _, busy in found] == [
        ["lent", "là"],
        *[["lent"]] * 2,
        [],
        [],
    ]
    assert [sorted(one.name for one in ready) for ready, _ in found][2:] == [
        ["là"],
        ["lent", "là"],
        ["lent", "là"],
    ]


def test_a_zip_written_in_two_halves_waits_for_the_second(tmp_path: Path, settling: Settling) -> None:
    content = packed()
    file = tmp_path / "dossier.zip"
    file.write_bytes(content[:2500])
    looks = [settling.look([file]) for _ in range(4)]
    assert [busy for _, busy in looks] == [{file}] * 4
    file.write_bytes(content)
    assert settling.look([file])[1] == {file}
    assert list(settling.look([file])[0]) == [file]


def test_a_piece_that_never_opens_is_waited_for_a_minute_only(tmp_path: Path, settling: Settling) -> None:
    (tmp_path / "note.docx").write_bytes(b"pas un docx")
    looks = [settling.look([tmp_path]) for _ in range(40)]
    assert [bool(busy) for _, busy in looks] == [True] * 30 + [False] * 10


def test_what_office_and_we_leave_there_for_a_while_is_no_change(tmp_path: Path, settling: Settling) -> None:
    (tmp_path / "note.pdf").write_bytes(b"%PDF")
    settling.look([tmp_path])
    for name in ("~$note.docx", ".~lock.note.docx#", ".assemble-x", "lu12.tmp"):
        (tmp_path / name).write_bytes(b"")
    assert settling.look([tmp_path])[1] == set()


def test_a_dossier_that_goes_while_it_is_looked_at_is_not_read(tmp_path: Path, settling: Settling) -> None:
    gone = tmp_path / "parti"
    assert [settling.look([gone]) for _ in range(40)] == [({}, {gone})] * 40


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/mnt/partage/ADT/2026", "cifs"),
        ("/mnt/mes dossiers/x", "nfs4"),
        ("/mnt/partage-local", "ext4"),
        ("/home/a", "ext4"),
        ("/run/sshfs/x", "fuse.sshfs"),
    ],
)
def test_the_file_system_of_a_folder_is_that_of_the_nearest_mount(folder: str, kind: str) -> None:
    mounts = (
        "/dev/sda1 / ext4 rw 0 0\n//serveur/adt /mnt/partage cifs rw 0 0\n"
        "serveur:/d /mnt/mes\\040dossiers nfs4 rw 0 0\nb@s: /run/sshfs fuse.sshfs rw 0 0\n"
    )
    assert _file_system(mounts, Path(folder)) == kind


# -- the watch, its passes given by the test -----------------------------------------------------


class Passes:
    """Stands for ``lot``: notes the dossiers of each pass; Ctrl-C comes once it has read ``until``."""

    def __init__(self, parent: Path, meanwhile: Callable[[], object], until: list[str], passes: int) -> None:
        self.parent = parent
        self.meanwhile = meanwhile
        self.until, self.passes = until, passes
        self.read: list[list[str]] = []
        self.said: list[str] = []

    def survey(self) -> list[Path]:
        if not self.parent.is_dir():
            raise UsageError(f"« {self.parent} » n’est pas un dossier")
        return sorted(self.parent.iterdir())

    def passed(self, busy: Collection[Path]) -> Pass:
        found = self.survey()
        self.read.append([one.name for one in found if one not in busy])
        if len(self.read) == 1:
            threading.Thread(target=self.meanwhile).start()
        if len(self.read) >= self.passes and self.read[-1] == self.until:
            raise KeyboardInterrupt
        if not found:
            raise NothingToCheck("Aucun dossier.")
        return NOTHING

    def run(self, interval: float | None, delay: float = 0.3) -> None:
        settling = Settling(delay)
        watch = Watch(
            self.parent, self.survey, self.passed, self.said.append, interval=interval, settling=settling
        )
        guard = threading.Timer(120, os.kill, (os.getpid(), signal.SIGINT))
        guard.start()
        with pytest.raises(KeyboardInterrupt):
            watch.run()
        in_time = guard.is_alive()
        guard.cancel()
        assert in_time, (self.read, self.said)


@pytest.fixture(params=[None, 0.2], ids=["système", "sondage"])
def interval(request: pytest.FixtureRequest) -> float | None:
    return request.param  # type: ignore[no-any-return]


def test_a_dossier_copied_slowly_is_read_once_and_the_others_do_not_wait(
    tmp_path: Path, interval: float | None
) -> None:
    parent = tmp_path / "parent"
    (parent / "a").mkdir(parents=True)
    (parent / "a" / "note.pdf").write_bytes(b"%PDF")

    def copy() -> None:
        (parent / "b").mkdir()
        for step in range(80):
            with (parent / "b" / "note.pdf").open("ab") as stream:
                stream.write(b"suite")
            if step == 5:
                shutil.copytree(parent / "a", parent / "c")
            time.sleep(0.1)

    passes = Passes(parent, copy, ["a", "b", "c"], 2)
    passes.run(interval, 1.5)
    assert passes.read[0] == ["a"]
    assert ["a", "c"] in passes.read
    assert [one for one in passes.read[:-1] if "b" in one] == []


def test_a_share_that_disappears_and_returns_is_waited_for_and_said_once(
    tmp_path: Path, interval: float | None
) -> None:
    parent, away = tmp_path / "partage", tmp_path / "ailleurs"
    (parent / "a").mkdir(parents=True)

    def go_and_return() -> None:
        parent.rename(away)
        time.sleep(2)
        away.rename(parent)

    passes = Passes(parent, go_and_return, ["a"], 2)
    passes.run(interval)
    assert passes.read == [["a"], ["a"]]
    lines = unfolded("".join(passes.said))
    assert lines.count(unfolded(f"« {parent} » ne répond plus : nouvel essai")) == 1
    assert lines.count(unfolded(f"« {parent} » est revenu.")) == 1


def test_the_lock_and_the_journal_of_a_pass_call_for_no_other(tmp_path: Path) -> None:
    parent = tmp_path / "parent"
    (parent / "a").mkdir(parents=True)

    def come() -> None:
        time.sleep(2.5)
        (parent / "b").mkdir()

    passes = Passes(parent, come, ["a", "b"], 2)

    def survey() -> list[Path]:
        (parent / ".assemble").mkdir(exist_ok=True)
        (parent / ".assemble" / "verrou").touch()
        (parent / ".assemble" / "verrou").unlink()
        return [one for one in sorted(parent.iterdir()) if one.name != ".assemble"]

    passes.survey = survey  # type: ignore[method-assign]
    passes.run(None)
    assert passes.read.count(["a"]) <= 2  # at the start, and as « b » arrives


def test_nothing_is_written_where_a_share_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    parent = put(tmp_path / "partage", a="complet")
    monkeypatch.setattr("assembler.batch.running.pool_of", here)
    with pytest.raises(UnreadableDossier, match="ne répond plus"):
        lot(parent, options(), progress=lambda _done, _total: parent.rename(tmp_path / "parti"))
    assert not parent.exists()


def test_an_empty_folder_is_said_once_and_watched_all_the_same(
    tmp_path: Path, interval: float | None
) -> None:
    def come_and_go() -> None:
        for step in ((tmp_path / "x").mkdir, (tmp_path / "x").rmdir, (tmp_path / "a").mkdir):
            time.sleep(1)
            step()

    passes = Passes(tmp_path, come_and_go, ["a"], 2)
    passes.run(interval)
    assert passes.read[0] == []
    assert unfolded("".join(passes.said)).count("Aucundossier.") == 1


# -- the register --------------------------------------------------------------------------------


def test_a_dossier_that_is_being_copied_again_keeps_its_row_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    parent = put(tmp_path / "p", a="complet", b="defauts/duree-dix-huit-mois")
    passed(parent, monkeypatch)
    (parent / "b" / "dossier.yaml").write_text("à moitié", encoding="utf-8")
    monkeypatch.setattr("lots.run", lambda *given: lot(*given, busy=[parent / "b"]))
    done = passed(parent, monkeypatch)
    assert [(row.name, row.kind, row.change) for row in done.rows] == [
        ("a", "conforme", ""),
        ("b", "a_completer", ""),
    ]
    sheet = openpyxl.load_workbook(parent / "registre.xlsx").active
    assert [cell.value for cell in sheet["E"]][-2:] == ["Aucun point bloquant relevé", "À compléter"]


# -- the command itself --------------------------------------------------------------------------


class Command:
    """The real command, and what it says as it goes."""

    def __init__(self, *arguments: object) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "assembler.cli", "surveiller", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=ENV,
            encoding="utf-8",
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n").replace("\u00a0", " "))

    def wait(self, text: str, seconds: float = 180) -> None:
        end = time.monotonic() + seconds
        while text not in "\n".join(self.lines):
            assert time.monotonic() < end, self.lines
            assert self.process.poll() is None, self.lines
            time.sleep(0.05)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(120)
        finally:
            self.process.kill()
            self._reader.join()
            assert self.process.stdout is not None
            self.process.stdout.close()


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Command]]:
    monkeypatch.setitem(ENV, "XDG_CACHE_HOME", str(tmp_path / "cache"))
    parent = put(tmp_path / "dossiers", a="complet")
    command = Command(parent, "--sondage", "0.5", "--processus", "1")
    yield parent, command
    command.stop()


def test_the_command_reads_what_arrives_and_stops_cleanly_at_ctrl_c(watched: tuple[Path, Command]) -> None:
    parent, command = watched
    command.wait("1 dossier : ")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for file in sorted((FIXTURES / "defauts" / "duree-dix-huit-mois").rglob("*")):
            if file.is_file() and "sortie" not in file.parts:
                package.write(file, file.relative_to(FIXTURES / "defauts"))
    zipped = content.getvalue()
    with (parent / "b.zip").open("wb") as stream:
        for start in range(0, len(zipped), len(zipped) // 4 + 1):
            stream.write(zipped[start : start + len(zipped) // 4 + 1])
            stream.flush()
            time.sleep(0.7)
    command.wait("à compléter        b.zip")
    assert command.stop() == 0
    text = "\n".join(command.lines)
    assert command.lines[-1] == "Arrêt."
    assert [
        word for word in ("Traceback", "Error", "ne s’ouvre pas", "rien à contrôler") if word in text
    ] == []
    sheet = openpyxl.load_workbook(parent / "registre.xlsx").active
    assert [cell.value for cell in sheet["R"]][-2:] == ["a", "b.zip"]
    ours = [".assemble/journal.jsonl", "registre.html", "registre.xlsx"]
    left = [one.relative_to(parent).as_posix() for one in parent.rglob("*") if one.is_file()]
    assert sorted(one for one in left if not one.startswith("a/")) == sorted([*ours, "b.zip"])
    assert {one.commande for one in last_lines(parent)} == {"assemble surveiller"}


def test_ctrl_c_in_the_middle_of_a_pass_leaves_no_half_of_a_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENV, "XDG_CACHE_HOME", str(tmp_path / "cache"))
    parent = put(tmp_path / "dossiers", **dict.fromkeys("abcdef", "complet"))
    command = Command(parent)
    command.wait("Surveillance de")
    time.sleep(3)
    assert command.stop() == 0
    assert (command.lines[-1], "Traceback" in "\n".join(command.lines)) == ("Arrêt.", False)
    left = {one.name for one in parent.iterdir()} - set("abcdef")
    assert left <= {"registre.xlsx", "registre.html"}
    for name in left & {"registre.xlsx"}:
        assert zipfile.ZipFile(parent / name).testzip() is None


def test_a_folder_that_is_none_is_refused_at_once(tmp_path: Path) -> None:
    command = Command(tmp_path / "absent")
    assert command.process.wait(120) == 2
    assert command.stop() == 2
    assert "n’est pas un dossier" in command.lines[0]
