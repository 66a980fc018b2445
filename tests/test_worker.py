from __future__ import annotations

import ctypes
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

import assembler.worker
from assembler.contributions import Reader
from assembler.errors import ReadingError
from assembler.model import Block, Reading, Source
from assembler.readers.limits import LIMITS, MEGA
from assembler.worker import Worker, apart, read_sources


def _hang(content: bytes) -> Reading:
    if content == b"rien":
        return Reading(nature="texte", forme="editable", blocks=(Block(text="lu"),))
    while True:
        time.sleep(0.01)


def _crash(content: bytes) -> Reading:
    if content == b"rien":
        return Reading(nature="texte", forme="editable", blocks=(Block(text="lu"),))
    ctypes.string_at(0)
    raise AssertionError


def _eat(content: bytes) -> Reading:
    if content == b"rien":
        return Reading(nature="texte", forme="editable", blocks=(Block(text="lu"),))
    kept = [bytearray(8 * MEGA) for _ in range(1000)]
    raise AssertionError(len(kept))


def _exit(content: bytes) -> Reading:
    raise SystemExit(0) if content != b"rien" else ReadingError("illisible", "non")


def _talk(content: bytes) -> Reading:
    os.write(1, b"\x1b[31mSORTIE")
    os.write(2, b"\x1b[31mERREUR")
    return Reading(nature="texte", forme="editable")


def _long(content: bytes) -> Reading:
    return Reading(nature="texte", forme="editable", blocks=(Block(text="a" * (LIMITS.text + 1)),))


def _readers(read: object) -> dict[str, Reader]:
    return {"texte": Reader(natures=frozenset({"texte"}), read=read)}  # type: ignore[arg-type]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch, fresh_worker: None) -> None:
    monkeypatch.setattr(assembler.worker, "LIMITS", replace(LIMITS, seconds=1))


@pytest.fixture
def folder_of_two(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_bytes(b"piege")
    (tmp_path / "b.txt").write_bytes(b"rien")
    return tmp_path


@pytest.mark.parametrize(
    ("read", "seconds", "told"),
    [
        (_hang, 1, "1 seconde"),
        (_crash, 20, "brutalement"),
        (_eat, 20, "512 Mo de mémoire"),
        (_exit, 20, "brutalement"),
    ],
)
def test_a_reader_that_fails_costs_one_file_and_the_rest_goes_on(
    folder_of_two: Path,
    fresh_worker: None,
    monkeypatch: pytest.MonkeyPatch,
    read: object,
    seconds: int,
    told: str,
) -> None:
    monkeypatch.setattr(assembler.worker, "LIMITS", replace(LIMITS, seconds=seconds))
    start = time.monotonic()
    first, second = read_sources(folder_of_two, ["a.txt", "b.txt"], _readers(read))
    assert time.monotonic() - start < seconds + 4
    assert (first.defaut, first.octets, first.nature) == ("depassement", 5, "texte")
    assert len(first.sha256) == 64
    assert told in str(first.explication)
    if read is _exit:
        assert second.defaut == "illisible"
    else:
        assert second.reading is not None
        assert second.reading.text == "lu"


def test_a_reader_prints_nothing(folder_of_two: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (found,) = read_sources(folder_of_two, ["a.txt"], _readers(_talk))
    assert found.reading is not None
    assert capfd.readouterr() == ("", "")


def test_a_text_without_end_is_not_handed_over(folder_of_two: Path) -> None:
    (found,) = read_sources(folder_of_two, ["a.txt"], _readers(_long))
    assert (found.defaut, found.reading) == ("depassement", None)
    assert str(LIMITS.text) in str(found.explication)


def test_a_reader_that_only_this_process_knows_is_used_all_the_same(folder_of_two: Path) -> None:
    here = os.getpid()

    def read(content: bytes) -> Reading:
        return Reading(nature="texte", forme="editable", headers=f"{here}")

    (found,) = read_sources(folder_of_two, ["a.txt"], _readers(read))
    assert found.reading is not None
    assert found.reading.headers == str(here)


def test_one_process_serves_a_whole_run(folder_of_two: Path) -> None:
    worker = Worker(_readers(_hang))
    try:
        worker.read(folder_of_two, "b.txt")
        first = worker._process
        worker.read(folder_of_two, "b.txt")
        assert worker._process is first
    finally:
        worker.stop()


def _add(one: int, other: int) -> int:
    return one + other


def _refuse(told: str) -> None:
    raise ReadingError("protege", told)


def _sleep(content: bytes) -> None:
    time.sleep(60)


def test_a_function_called_apart_returns_raises_or_is_stopped(short: None) -> None:
    assert apart(_add, 1, 2) == 3
    with pytest.raises(ReadingError, match="mot de passe") as refused:
        apart(_refuse, "mot de passe")
    assert refused.value.code == "protege"
    with pytest.raises(ReadingError, match="1 seconde") as stopped:
        apart(_sleep, b"")
    assert stopped.value.code == "depassement"
    assert apart(_add, 2, 2) == 4


def test_a_file_that_changes_while_it_is_read_is_read_twice_then_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assembler import files
    from assembler.sources import read_source

    (tmp_path / "a.txt").write_bytes(b"abc")
    real, calls = os.fstat, []

    def grows(handle: int) -> os.stat_result:
        calls.append(handle)
        if len(calls) % 2 == 0:
            os.utime(tmp_path / "a.txt", ns=(len(calls), len(calls)))
        return real(handle)

    monkeypatch.setattr(files.os, "fstat", grows)
    found = read_source(tmp_path, "a.txt", {})
    assert (found.defaut, found.sha256, len(calls)) == ("illisible", "", 4)
    assert "change pendant" in str(found.explication)


@pytest.mark.parametrize("name", ["absent.txt", "dossier", "lien.txt", "tuyau", "a" * 300, "nul\0"])
def test_what_cannot_be_opened_has_its_reason_and_no_hash(tmp_path: Path, name: str) -> None:
    from assembler.sources import read_source

    (tmp_path / "dossier").mkdir()
    (tmp_path / "lien.txt").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "tuyau")
    found: Source = read_source(tmp_path, name, {})
    assert (found.defaut, found.sha256) == ("illisible", "")
    assert "ne s’ouvre pas" in str(found.explication)


def test_no_right_to_read_is_said_in_french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assembler import files
    from assembler.sources import read_source

    def refuse(*_given: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.os, "open", refuse)
    assert "l’accès est refusé" in str(read_source(tmp_path, "a.txt", {}).explication)
