"""« assemble plugin nouveau » and « assemble plugin tester », as an author meets them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fautes_plugin import FAULTS, Fault
from greffons import assemble, install
from wheels import built_wheel

from assembler.errors import UsageError
from assembler.manager import Plugins
from assembler.scaffolding import new_plugin
from assembler.testing.conformance import CONTRACT, LOADS


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, plugins: Plugins) -> Path:
    return new_plugin("Essai kit", plugins, tmp_path_factory.mktemp("auteur") / "essai-kit")


def texts(project: Path) -> dict[str, str]:
    return {
        file.relative_to(project).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(project.rglob("*"))
        if file.suffix in (".py", ".toml", ".yaml", ".md")
    }


def test_everything_bears_the_name_of_the_plugin(written: Path) -> None:
    found = texts(written)
    assert list(found) == [
        "README.md",
        "fixtures/essai_kit/attendus.yaml",
        "fixtures/essai_kit/complet/dossier.yaml",
        "fixtures/essai_kit/defauts/sans-demande/dossier.yaml",
        "pyproject.toml",
        "src/essai_kit/__init__.py",
        "src/essai_kit/champs.yaml",
        "src/essai_kit/controles.py",
        "src/essai_kit/exemple/dossier.yaml",
        "src/essai_kit/format.py",
        "src/essai_kit/regles/montants.yaml",
        "src/essai_kit/regles/pieces.yaml",
        "tests/test_essai_kit.py",
    ]
    left = ("mon_format", "mon-format", "MonFormat", "on format", "MF-")
    assert [(name, word) for name, text in found.items() for word in left if word in text] == []
    assert "EK-PIE-001" in found["src/essai_kit/regles/pieces.yaml"]


@pytest.mark.parametrize("name", ["Essai kit", 'Un "projet" d’été (2026) \\ suite', "a" * 30])
def test_what_is_written_follows_our_own_style(name: str, tmp_path: Path, plugins: Plugins) -> None:
    project = new_plugin(name, plugins, tmp_path / "projet")
    root = Path(__file__).parents[1]
    command = [sys.executable, "-m", "ruff", "check", "--config", str(root / "pyproject.toml"), "."]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "All checks passed!\n")


def test_the_prefix_of_the_rules_is_nobody_s(tmp_path: Path, plugins: Plugins) -> None:
    taken = {rule.id.partition("-")[0] for one in plugins.formats().values() for rule in one.rules}
    rules = "src/{0}/regles/pieces.yaml"
    for name, prefix in (("Lieux ouverts", "LIE"), ("genre", "GENR"), ("Friches", "FRI")):
        package = name.lower().replace(" ", "_")
        project = new_plugin(name, plugins, tmp_path / package)
        found = (project / rules.format(package)).read_text(encoding="utf-8")
        assert f"\n{prefix}-PIE-001:" in found
        assert prefix not in taken


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "ne peut pas nommer un plugin"),
        ("2026", "ne peut pas nommer un plugin"),
        ("é", "ne peut pas nommer un plugin"),
        ("class", "« class » est un mot réservé de Python"),
        ("a" * 31, "ne peut pas nommer un plugin"),
        ("JSON", "« json » est déjà le nom d’un module Python"),
        ("docx", "« docx » est déjà le nom d’un module Python"),
        ("Local", "« local » est déjà le nom d’un plugin ou d’un format"),
        ("commun", "« commun » est déjà le nom d’un plugin ou d’un format"),
    ],
)
def test_a_name_that_no_plugin_can_bear_is_refused(
    name: str, why: str, tmp_path: Path, plugins: Plugins
) -> None:
    with pytest.raises(UsageError, match=why):
        new_plugin(name, plugins, tmp_path / "rien")
    assert not (tmp_path / "rien").exists()


def test_what_is_there_already_is_never_overwritten(tmp_path: Path, plugins: Plugins) -> None:
    (tmp_path / "notes.txt").write_text("à moi", encoding="utf-8")
    with pytest.raises(UsageError, match="n’est pas vide"):
        new_plugin("Essai kit", plugins, tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_will_do(tmp_path: Path, plugins: Plugins) -> None:
    assert (new_plugin("Essai kit", plugins, tmp_path) / "pyproject.toml").exists()


# --- the kit on planted faults -----------------------------------------------------------------


@pytest.fixture
def tester(tmp_path: Path, written: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Copy the plugin, plant a fault, and run « plugin tester » in its folder."""

    def run(plant: Callable[[Path], object], *options: str) -> subprocess.CompletedProcess[str]:
        project = Path(shutil.copytree(written, tmp_path / "projet"))
        plant(project)
        install(tmp_path / "site", "essai_kit", project / "src" / "essai_kit")
        return assemble(tmp_path / "site", "plugin", "tester", *options, cwd=project)

    return run


def spoken(text: str) -> str:
    """Return what a person reads: lines unfolded, common spaces."""
    return re.sub(r"\n {10}|\n {8}(?!- )", " ", text.replace("\u00a0", " "))


def test_the_plugin_as_written_keeps_every_promise(tester: Callable[..., Any]) -> None:
    done = tester(lambda _root: None)
    lines = spoken(done.stdout).splitlines()
    assert (done.stderr, done.returncode) == ("", 0)
    assert lines[:-2] == [f"ok      {one.id} : {one.title}" for one in (LOADS, *CONTRACT)]
    assert lines[-1] == "essai_kit : toutes les promesses sont tenues."


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_a_planted_fault_is_said_by_the_promise_it_breaks(fault: Fault, tester: Callable[..., Any]) -> None:
    only = () if fault.promise == LOADS.id else ("--promesse", fault.promise)
    done = tester(fault.plant, *only)
    assert (done.returncode, done.stderr) == (1, "")
    told = spoken(done.stdout).partition(f"MANQUE  {fault.promise} : ")[2]
    assert fault.said.replace("\u00a0", " ") in told, done.stdout


def test_a_promise_that_does_not_exist_is_a_usage_error(tester: Callable[..., Any]) -> None:
    done = tester(lambda _root: None, "--promesse", "perfection")
    assert (done.returncode, done.stdout) == (2, "")
    assert "La promesse « perfection » n’existe pas. Promesses : identifiants, " in spoken(done.stderr)


def test_every_promise_is_broken_by_a_planted_fault() -> None:
    assert len(FAULTS) >= 20
    assert {one.promise for one in FAULTS} == {one.id for one in (LOADS, *CONTRACT)}


# --- from nothing but the wheel ----------------------------------------------------------------


def test_from_an_empty_folder_with_the_wheel_alone_the_format_works_and_its_tests_pass(
    tmp_path: Path,
) -> None:
    wheel = built_wheel(tmp_path)
    venv.create(tmp_path / "env", with_pip=True)
    tools = tmp_path / "env" / "bin"
    # The libraries are those of the tests; the engine and the plugin are installed.
    (site,) = (tmp_path / "env").glob("lib/python3*/site-packages")
    (site / "bibliotheques.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}

    def run(*command: str | Path, cwd: Path = tmp_path) -> str:
        done = subprocess.run(
            [*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(tools / "python", "-m", "pip", "install", "-q", "--no-deps", wheel)
    run(tools / "assemble", "plugin", "nouveau", "Contrat de ville")
    project = tmp_path / "contrat-de-ville"
    run(tools / "python", "-m", "pip", "install", "-q", "-e", project)
    assert "toutes les promesses sont tenues" in run(
        tools / "assemble", "plugin", "tester", "contrat_de_ville"
    )
    assert " passed" in run(tools / "python", "-m", "pytest", cwd=project)
    shutil.copytree(project / "fixtures/contrat_de_ville/complet", tmp_path / "dossier")
    assert "AUCUN POINT BLOQUANT" in run(tools / "assemble", tmp_path / "dossier")
    assert (tmp_path / "dossier/sortie/depot/accuse-reception.docx").is_file()
