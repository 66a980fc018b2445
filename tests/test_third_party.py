"""``fixtures/third_party/``: a stranger's distribution, installed by pip, tested by its own tests."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from greffons import assemble, python

PROJECT = Path(__file__).parents[1] / "fixtures" / "third_party"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the project where its author would have it, apart from the engine."""
    return Path(shutil.copytree(PROJECT, tmp_path_factory.mktemp("auteur") / "depot-urbanisme"))


@pytest.fixture(scope="module")
def site(project: Path) -> Path:
    """Install it in a folder of its own: nothing is left in the environment of the tests."""
    target = project.parent / "site"
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", target, project]
    subprocess.run(command, check=True, cwd=project.parent)
    return target


def test_its_own_tests_pass(site: Path, project: Path) -> None:
    done = python(site, "-m", "pytest", "-q", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_command_knows_it_by_the_name_of_its_folder_and_makes_its_documents(
    site: Path, project: Path
) -> None:
    done = assemble(site, "fixtures/depot_urbanisme/complet/41175_PLU_20140603", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    shown = done.stdout.replace("\u00a0", " ")
    assert "Dépôt d’un document d’urbanisme, étape « Dépôt », règles du 03/06/2014" in shown
    assert "(date que porte le dossier)" in shown
    made = project / "fixtures/depot_urbanisme/complet/41175_PLU_20140603/sortie/depot"
    assert sorted(one.name for one in made.iterdir()) == ["bordereau-pieces.xlsx", "recepisse.docx"]


def test_every_dossier_of_a_folder_is_found_by_its_name(site: Path, project: Path) -> None:
    below = project / "fixtures" / "depot_urbanisme"
    with zipfile.ZipFile(below / "41175_PLU_20190603.zip", "w") as package:
        for file in sorted((below / "millesime-2019").rglob("*.pdf")):
            package.write(file, file.relative_to(below / "millesime-2019"))
    done = assemble(site, "lot", str(below), XDG_CACHE_HOME=str(project.parent / "cache"))
    assert done.stderr == ""
    assert "11 dossiers : 6 à compléter, 5 sans point bloquant." in done.stdout.replace("\u00a0", " ")
