"""One run at a time in a folder: who holds it is said, and no accident holds it for ever."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assembler import locking, waiting
from assembler.errors import FolderHeld
from assembler.locking import Lock

HOLDING = (
    "import sys, time; from pathlib import Path; from assembler.locking import Lock\n"
    "lock = Lock(Path(sys.argv[1]), 'assemble produire'); lock.acquire()\n"
    "print('tenu', flush=True); time.sleep(60)"
)


@pytest.fixture
def marker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(locking, "_PATIENCE", 0.5)
    monkeypatch.setattr(locking, "_LOOK", 0.2)
    return tmp_path / "sortie" / ".assemble" / "verrou"


@pytest.fixture
def holder(marker: Path) -> subprocess.Popen[bytes]:
    """Another command, which holds the folder."""
    with subprocess.Popen([sys.executable, "-c", HOLDING, str(marker)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().split() == [b"tenu"]
        yield process
        process.kill()


def foreign(marker: Path, *, owner: bool = True, age: float = 0) -> None:
    """Put there the lock of another machine."""
    marker.parent.mkdir(parents=True)
    marker.write_text("4242\nPC-99\n", encoding="utf-8")
    files = [marker]
    if owner:
        told = {"qui": "c.exemple", "poste": "PC-99", "pid": 4242, "depuis": "2026-03-12T14:02:00+01:00"}
        files.append(marker.with_name("verrou.json"))
        files[1].write_text(json.dumps(told), encoding="utf-8")
    for file in files:
        os.utime(file, (time.time() - age,) * 2)


def test_a_lock_says_whose_it_is_and_goes_with_its_owner(marker: Path) -> None:
    with Lock(marker, "assemble viser"):
        told = json.loads(marker.with_name("verrou.json").read_text(encoding="utf-8"))
        assert sorted(told) == ["commande", "depuis", "pid", "poste", "qui"]
        assert (told["pid"], told["poste"]) == (os.getpid(), socket.gethostname())
    assert not marker.parent.exists()


def test_another_command_waits_then_says_who_holds_the_folder_since_when_and_what_to_do(
    marker: Path, holder: subprocess.Popen[bytes]
) -> None:
    with pytest.raises(FolderHeld) as told:
        Lock(marker).acquire()
    expected = (
        rf"« .*sortie » est tenu par \S+ \(poste {re.escape(socket.gethostname())}\) depuis moins d’une "
        r"minute, avec « assemble produire », qui y écrit : attendez la fin de sa commande, puis "
        r"recommencez\. Si personne n’y travaille, supprimez « .*verrou »\."
    )
    assert re.fullmatch(expected, str(told.value))


def test_who_holds_the_folder_is_said_at_once_to_whom_waits(
    marker: Path, holder: subprocess.Popen[bytes]
) -> None:
    heard: list[str] = []
    waiting.listen(heard.append)
    with pytest.raises(FolderHeld):
        Lock(marker).acquire()
    waiting.listen(lambda _sentence: None)
    (said,) = heard
    assert "est tenu par" in said
    assert said.endswith(" : attente de 0 secondes au plus…")


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (-20, "depuis moins d’une minute"),
        (0, "depuis moins d’une minute"),
        (1.5, "depuis 1 minute"),
        (7.5, "depuis 7 minutes"),
        (600, r"depuis le \d\d/\d\d/\d{4} à \d{1,2} h \d\d"),
    ],
)
def test_an_age_does_not_read_as_an_hour_of_the_day(minutes: float, expected: str) -> None:
    moment = dt.datetime.now().astimezone() - dt.timedelta(minutes=minutes)
    assert re.fullmatch(expected, locking._since(moment))


def test_a_command_that_was_killed_on_this_machine_gives_its_place_at_once(
    marker: Path, holder: subprocess.Popen[bytes]
) -> None:
    holder.kill()
    holder.wait()
    assert marker.exists()
    with Lock(marker) as lock:
        assert lock.taken_over is None
    assert not marker.exists()


def test_a_command_waits_for_one_that_ends(
    marker: Path, holder: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "_PATIENCE", 30)

    def end() -> None:
        holder.kill()
        holder.wait()

    threading.Timer(1, end).start()
    with Lock(marker):
        assert holder.returncode == -9


def test_the_lock_of_another_machine_holds_for_half_an_hour(marker: Path) -> None:
    foreign(marker, age=1700)
    with pytest.raises(FolderHeld, match=r"c\.exemple \(poste PC-99\) depuis le 12/03/2026 à 1\d h 02"):
        Lock(marker).acquire()


def test_the_lock_of_another_machine_without_a_sign_for_half_an_hour_is_taken_over_and_that_is_said(
    marker: Path,
) -> None:
    foreign(marker, age=2400)
    with Lock(marker) as lock:
        assert str(lock.taken_over).startswith("c.exemple (poste PC-99) depuis le 12/03/2026")
        assert str(lock.taken_over).endswith("sans signe depuis 40 minutes")
    assert not marker.parent.exists()


def test_a_sign_of_life_keeps_an_old_lock(marker: Path) -> None:
    foreign(marker, age=2400)
    os.utime(marker.with_name("verrou.json"))
    with pytest.raises(FolderHeld):
        Lock(marker).acquire()


def test_a_run_gives_signs_of_life(marker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Lock(marker) as lock:
        owner = marker.with_name("verrou.json")
        os.utime(owner, (1, 1))
        lock.renew()
        assert owner.stat().st_mtime == 1
        monkeypatch.setattr(locking, "_RENEWED", 0)
        lock.renew()
        assert time.time() - owner.stat().st_mtime < 60


def test_age_is_told_by_the_clock_of_the_share(marker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign(marker, age=60)
    monkeypatch.setattr(locking, "_now", lambda _folder: time.time() + 3600)
    with Lock(marker) as lock:
        assert "61 minutes" in str(lock.taken_over)


def test_a_lock_without_owner_file_is_told_by_what_it_holds(marker: Path) -> None:
    foreign(marker, owner=False)
    with pytest.raises(FolderHeld, match=r"tenu par une autre commande \(poste PC-99\), qui"):
        Lock(marker).acquire()


def test_the_owner_file_of_an_earlier_run_is_not_believed(marker: Path) -> None:
    foreign(marker)
    marker.write_text("17\nPC-3\n", encoding="utf-8")
    with pytest.raises(FolderHeld, match=r"tenu par une autre commande \(poste PC-3\), qui"):
        Lock(marker).acquire()


@pytest.mark.parametrize("content", [b"", b"\xff", b"4242", b"4242\n"])
def test_a_lock_cut_by_a_kill_is_taken_over(
    marker: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "_PATIENCE", 10)
    marker.parent.mkdir(parents=True)
    marker.write_bytes(content)
    with Lock(marker):
        pass
    assert not marker.exists()


def test_a_folder_given_twice_does_not_wait_for_itself(marker: Path) -> None:
    with Lock(marker), Lock(marker):
        pass
    assert not marker.parent.exists()


def test_a_lock_given_back_while_the_share_was_away_does_not_hold_its_own_process(marker: Path) -> None:
    share, away = marker.parents[2] / "partage", marker.parents[2] / "parti"
    place = share / ".assemble" / "verrou"
    lock = Lock(place)
    lock.acquire()
    share.rename(away)
    lock.release()
    away.rename(share)
    assert place.exists()
    with Lock(place) as again:
        assert again.taken_over is None
    assert not place.exists()


def test_where_nothing_can_be_created_nothing_is_held(tmp_path: Path) -> None:
    (tmp_path / "sortie").write_bytes(b"")
    with Lock(tmp_path / "sortie" / ".assemble" / "verrou"):
        pass
    assert (tmp_path / "sortie").read_bytes() == b""


def test_a_drive_that_is_not_there_is_not_waited_for(marker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "_PATIENCE", 60)

    def missing(path: Path, **_: object) -> None:
        raise FileNotFoundError(path)

    monkeypatch.setattr(Path, "mkdir", missing)
    before = time.monotonic()
    with Lock(marker):
        pass
    assert time.monotonic() - before < 5


def test_another_process_that_takes_over_first_keeps_its_lock(
    marker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign(marker, age=2400)

    def first(_folder: Path) -> float:
        marker.unlink()
        marker.write_text("77\nPC-77\n", encoding="utf-8")
        return time.time()

    lock = Lock(marker)
    monkeypatch.setattr(locking, "_now", first)
    with pytest.raises(FolderHeld, match="PC-77"):
        lock.acquire()
    assert marker.read_text(encoding="utf-8") == "77\nPC-77\n"
