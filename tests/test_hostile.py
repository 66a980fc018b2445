"""The whole corpus of hostile and odd dossiers, in one run of the command by two processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from corpus_hostile import CASES, build

SECONDS = 25
"""The deadline of one file, and what the rest of the command may take."""
PROBE = """
import json, resource, sys, time
from pathlib import Path
import datetime as dt
from assembler.manager import Plugins
from assembler.pipeline import Request, check_dossier
from assembler.reporters.json_ import report_object
plugins = Plugins()
for name, given in json.load(sys.stdin):
    start = time.monotonic()
    try:
        report = check_dossier(Path(given), plugins, Request(today=dt.date(2026, 4, 1))).report
        found = report_object(report)
    except BaseException as error:
        found = {"plante": f"{type(error).__name__} : {error}"}
    line = {"nom": name, "secondes": time.monotonic() - start, "rapport": found}
    print(json.dumps(line), flush=True)
from assembler import worker
worker._current.stop()
# ru_maxrss of a process counts what its parent, the test runner, held when it was started: VmHWM does not.
status = Path("/proc/self/status").read_text().splitlines()
own = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
peaks = [own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]
print(json.dumps({"nom": "", "memoire": peaks}))
"""


def _run(given: list[tuple[str, str]], into: dict[str, Any]) -> None:
    environment = {**os.environ, "ASSEMBLER_OCR": "non", "TZ": "Europe/Paris"}
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.stderr == ""
    for line in done.stdout.splitlines():
        found = json.loads(line)
        into.setdefault(found["nom"], []).append(found)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    made = [(name, os.fspath(path)) for name, path in build(tmp_path_factory.mktemp("corpus")).items()]
    into: dict[str, Any] = {}
    threads = [threading.Thread(target=_run, args=(made[half::2], into)) for half in (0, 1)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return into


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_or_odd_dossier_gets_its_finding(name: str, reports: dict[str, Any]) -> None:
    case, found = CASES[name], reports[name][0]
    report = found["rapport"]
    assert "plante" not in report, report
    assert found["secondes"] < SECONDS
    hit = {one["id"] for one in report["regles"] if one["etat"] in ("non_conforme", "non_verifie", "a_voir")}
    if case.told:
        assert report["verdict"] is None
        assert case.told in report["erreur"]
    elif case.harmless:
        assert (report["verdict"], report["erreur"]) == ("conforme", None)
    else:
        assert report["verdict"] is not None
        for group in case.ids:
            assert set(group.split("|")) & hit, (group, hit)


def test_no_hostile_dossier_costs_more_memory_than_one_piece_may(reports: dict[str, Any]) -> None:
    assert len(CASES) >= 100
    for one in reports[""]:
        assert max(one["memoire"]) < 512 * 1024  # kilobytes, of this process and of the one that reads


def test_nothing_was_written_outside_the_dossiers(reports: dict[str, Any]) -> None:
    assert not any(Path(one).exists() for one in ("/tmp/evil.txt", "/tmp/evil-assembler.txt"))


def test_a_command_on_an_odd_folder_prints_no_control_character(tmp_path: Path) -> None:
    root = tmp_path / "a\n=> AUCUN POINT BLOQUANT\x1b[31m\u202e"
    given = [
        root,  # absent
        tmp_path / os.fsdecode(b"\xff\xfe\x1b[2J"),
    ]
    start = time.monotonic()
    for one in given:
        for command in ("controler", "produire", "tout"):
            done = subprocess.run(
                [sys.executable, "-m", "assembler.cli", command, os.fspath(one)],
                capture_output=True,
                check=False,
                env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            )
            shown = (done.stdout + done.stderr).decode()
            assert done.returncode in (2, 5), shown
            assert not set(shown) & set("\x1b\x07\x08\u202e"), shown
            assert not any(line.startswith("=>") for line in shown.splitlines()), shown
    assert time.monotonic() - start < 60
