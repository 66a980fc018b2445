from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from conftest import OURS

from assembler.cli import assemble, main
from assembler.cli.asking import day_of, wildcards

ENV = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"}


def run(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the real command, as a person does."""
    command = [sys.executable, "-m", "assembler.cli", *map(str, arguments)]
    env = {**ENV, **env}
    return subprocess.run(command, capture_output=True, env=env, check=False, encoding="utf-8")


def test_alone_it_says_in_five_lines_what_to_do_first() -> None:
    done = run()
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 5
    assert "assemble DOSSIER" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["controler", "--help"],
        ["produire", "--help"],
        ["viser", "--help"],
        ["regles", "--help"],
        ["lot", "--help"],
    ],
)
def test_help_is_french_and_fits_80_columns(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert not any(word in done.stdout for word in ("Usage:", "Options:", "Show", "exit.", "x>="))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["controler"], "il manque DOSSIER"),
        (["controler", "x", "--ryport", "json"], "vouliez-vous dire --rapport"),
        (["viser", "a", "LO-SIG-001"], "il manque --par"),
        (["controler", ".", "--date", "hier"], "n’est pas une date"),
        (["lot", ".", "--processus", "0"], "la valeur « 0 » de --processus ne convient pas : on attend un "),
        (["surveiller", ".", "--sondage", "x"], "la valeur « x » de --sondage ne convient pas"),
        (["controler", ".", "--format", "festival"], "n’existe pas. Formats installés"),
        (["expliquer", "LO-DUR-999"], "Vouliez-vous dire LO-DUR-"),
        (["regles", "--format", "festival"], "n’existe pas"),
    ],
)
def test_a_usage_error_is_one_french_line_and_exit_2(arguments: list[str], told: str, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x")
    arguments = [str(tmp_path) if one == "." else one for one in arguments]
    done = run(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_on_windows_a_pattern_is_for_dossiers_and_brackets_are_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Dossier 1", "Dossier [1]", "b.zip", "a.zip", "[1].zip"):
        (tmp_path / name).mkdir()
    given = tuple(str(tmp_path / one) for one in ("Dossier [1]", "*.zip", "[?].zip", "absent*"))
    context = click.Context(assemble)
    assert wildcards(context, assemble.params[0], given) == given
    monkeypatch.setattr(sys, "platform", "win32")
    named = ("Dossier [1]", "[1].zip", "a.zip", "b.zip", "[1].zip", "absent*")
    assert wildcards(context, assemble.params[0], given) == tuple(str(tmp_path / one) for one in named)


def test_a_missing_folder_is_exit_5_and_one_line(tmp_path: Path) -> None:
    done = run("controler", tmp_path / "absent")
    assert done.returncode == 5
    assert "n’existe pas" in done.stdout.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_an_empty_folder_is_exit_5_with_a_json_that_says_why(tmp_path: Path) -> None:
    done = run("controler", tmp_path, "--rapport", "json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["verdict"]) == (5, None)
    assert "vide" in report["erreur"]


def test_plugins_are_listed_with_their_state() -> None:
    done = run("plugins")
    assert done.returncode == 0
    listed = [line.split() for line in done.stdout.splitlines()]
    assert [(one[0], one[2]) for one in listed] == [(name, "actif") for name in OURS]


def test_a_plugin_can_be_left_out_by_option_or_by_environment() -> None:
    assert "désactivé" in run("plugins", "--sans-plugin", "local").stdout
    assert "désactivé" in run("plugins", ASSEMBLER_PLUGINS_DESACTIVES="local").stdout


def test_formats_say_their_steps() -> None:
    done = run("formats")
    assert "local" in done.stdout
    assert "candidature, instruction, lancement" in done.stdout


def test_rules_of_a_day_are_those_in_force() -> None:
    then, now = (
        run("regles", "--format", "local", "--date", day).stdout for day in ("2024-05-01", "2026-03-12")
    )
    assert "LO-DUR-001" in then
    assert "LO-DUR-004" not in then
    assert "LO-DUR-004" in now
    assert "LO-DUR-001" not in now


def test_a_rule_is_explained_in_full_within_80_columns() -> None:
    done = run("expliquer", "lo-dur-004")
    assert done.returncode == 0
    for word in ("Pourquoi", "Comment corriger", "Source", "bloquant", "LO-DUR-001"):
        assert word in done.stdout
    assert max(len(line) for line in done.stdout.splitlines() if "http" not in line) <= 80


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp850"])
def test_a_console_that_is_not_utf8_never_fails(encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assembler.cli", "expliquer", "LO-DUR-004"],
        capture_output=True,
        env={**ENV, "PYTHONIOENCODING": encoding},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, assembler.cli\n"
        "try: assembler.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'docx', 'openpyxl', 'cerberus', 'lxml', 'jinja2', 'importlib.metadata', 'yaml', 'pluggy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=ENV, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("text", ["2026-03-12", "12/03/2026", " 12/3/2026 "])
def test_a_day_is_read_as_the_screens_and_the_form_write_it(text: str) -> None:
    assert day_of(text, "--date") == dt.date(2026, 3, 12)


def test_an_interrupted_command_says_what_holds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("assembler.cli.lists.plugins_of", interrupted)
    with pytest.raises(SystemExit) as left:
        main(["formats"])
    assert left.value.code == 130
    said = capsys.readouterr().err.strip()
    assert said == "Interrompu : rien n’est écrit à moitié ; relancez la même commande."
