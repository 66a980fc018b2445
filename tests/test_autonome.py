"""The program without Python, and the wheels without network; both take minutes, so they are asked for.

``ASSEMBLER_AUTONOME=oui pytest -n 0 tests/test_autonome.py`` (the Windows workflow does so).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest
import yaml
from dossiers import copied

from assembler.folder import CHECK_CMD, PRODUCE_CMD

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
GUIDE = (ROOT / "docs" / "installation.md").read_text(encoding="utf-8")
KEPT = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if os.name == "nt"}
"""All that the program is given of the environment: no PATH, no Python."""

on_request = pytest.mark.skipif(
    os.environ.get("ASSEMBLER_AUTONOME") != "oui", reason="demande des minutes : ASSEMBLER_AUTONOME=oui"
)


def block(marker: str) -> str:
    """Return the command of the guide under a mark."""
    return GUIDE.partition(f"<!-- {marker} -->\n")[2].partition("\n")[2].partition("\n```")[0]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    wanted = os.environ.get("ASSEMBLER_AUTONOME_DOSSIER")
    target = Path(wanted).resolve() if wanted else tmp_path_factory.mktemp("autonome")
    subprocess.run([sys.executable, *block("autonome").split()[1:], target], check=True, cwd=ROOT)
    return target / "assemble" / ("assemble.exe" if os.name == "nt" else "assemble")


def alone(program: Path, *arguments: object, folder: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [program, *map(str, arguments)], cwd=folder, env={**KEPT, **more}, capture_output=True, check=False
    )


def usual(*arguments: object, folder: Path) -> None:
    command = [sys.executable, "-m", "assembler", *map(str, arguments)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@on_request
@pytest.mark.parametrize(
    "dossier", ["local/complet", "local/fiche-xlsx", "flash/complet", "thematique/complet"]
)
def test_the_program_judges_without_python_as_the_command_does(
    program: Path, tmp_path: Path, dossier: str
) -> None:
    folder = copied(FIXTURES / dossier, tmp_path / "dossier")
    done = alone(
        program,
        "controler",
        folder,
        "--rapport",
        "json",
        "--fichier",
        tmp_path / "seul.json",
        folder=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    usual("controler", folder, "--rapport", "json", "--fichier", "commande.json", folder=tmp_path)
    found, wanted = (json.loads((tmp_path / f"{one}.json").read_bytes()) for one in ("seul", "commande"))
    assert found["verdict"] == wanted["verdict"] == "conforme"
    assert found == wanted


@on_request
@pytest.mark.parametrize("step", ["candidature", "lancement"])
def test_the_program_writes_the_same_bytes(program: Path, tmp_path: Path, step: str) -> None:
    name = {"candidature": "complet", "lancement": "lancement"}[step]
    folder = copied(FIXTURES / "local" / name, tmp_path / "dossiers" / "dossier")
    copied(FIXTURES / "local" / "accords-cadres", tmp_path / "dossiers" / "accords-cadres")
    options = ("--date-edition", "2026-06-01")
    done = alone(program, "produire", folder, "--sortie", tmp_path / "seul", *options, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    usual("produire", folder, "--sortie", tmp_path / "commande", *options, folder=tmp_path)
    found, wanted = (
        {one.name: one.read_bytes() for one in (tmp_path / side / step).iterdir()}
        for side in ("seul", "commande")
    )
    assert len(wanted) > 3
    assert found == wanted


@on_request
def test_the_program_checks_in_parallel_and_starts_a_dossier(program: Path, tmp_path: Path) -> None:
    for name in ("un", "deux", "trois"):
        copied(FIXTURES / "local" / "complet", tmp_path / "lot" / name)
    home = {"HOME": str(tmp_path)} if os.name != "nt" else {"LOCALAPPDATA": str(tmp_path)}
    done = alone(program, "lot", tmp_path / "lot", "--processus", 2, folder=tmp_path, **home)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "lot" / "registre.xlsx").exists()
    done = alone(program, "nouveau", "local", "neuf", "--commune", "53097", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "neuf" / "fiche.xlsx").exists()


@on_request
@pytest.mark.skipif(os.name != "nt", reason="what Windows runs when it is clicked")
@pytest.mark.parametrize("root", ["{}", r"\\localhost\{}"], ids=["disk", "share"])
def test_the_files_to_click_check_and_produce(program: Path, tmp_path: Path, root: str) -> None:
    folder = copied(FIXTURES / "local" / "complet", tmp_path / "Été & Cie (100 %), l’œuvre !")
    usual("nouveau", "local", folder, folder=tmp_path)
    seen = root.format(folder if root == "{}" else str(folder).replace(":", "$"))
    if not Path(seen).is_dir():
        pytest.skip("this machine shares no disk")
    env = {**os.environ, "PATH": f"{program.parent};{os.environ['PATH']}"}
    for name, made in ((CHECK_CMD, "rapport.html"), (PRODUCE_CMD, "candidature")):
        # As the Explorer starts it; « pause » reads the end of the input.
        line = f'cmd.exe /c ""{seen}\\{name}""'
        done = subprocess.run(line, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        assert (done.returncode, (folder / "sortie" / made).exists()) == (0, True), done.stdout


@on_request
def test_the_wheels_of_the_guide_install_without_network(tmp_path: Path) -> None:
    # From a copy: what a build leaves in the tree would get into the next wheel.
    for name in ("assembler", "plugins", "rules"):
        shutil.copytree(ROOT / name, tmp_path / "source" / name)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path / "source")
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wheels = block("roues").removeprefix("python -m ").replace(" roues ", f" {tmp_path / 'roues'} ")
    wheels = wheels.replace('".[signatures]"', f"{tmp_path / 'source'}[signatures]")
    subprocess.run([python, "-m", *wheels.split()], check=True, cwd=tmp_path, capture_output=True)
    install = block("hors-ligne").removeprefix("py -m ").replace(" roues ", f" {tmp_path / 'roues'} ")
    # Not even by mistake: what pip would ask elsewhere does not answer.
    cut = {**os.environ, "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "", "PIP_NO_INDEX": "1"}
    words = install.replace('"', "").split()
    subprocess.run([python, "-m", *words], check=True, cwd=tmp_path, env=cut, capture_output=True)
    done = subprocess.run(
        [python, "-m", "assembler", "controler", copied(FIXTURES / "local/complet", tmp_path / "dossier")],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_windows_workflow_makes_tests_and_keeps_the_program() -> None:
    flow: dict[str, Any] = yaml.safe_load(
        (ROOT / ".github" / "workflows" / "autonome-windows.yml").read_text(encoding="utf-8")
    )
    (job,) = flow["jobs"].values()
    assert job["runs-on"].startswith("windows")
    ran = [one["run"] for one in job["steps"] if "run" in one]
    assert any("tests/test_autonome.py" in one for one in ran)
    kept = [one["with"]["path"] for one in job["steps"] if "upload-artifact" in one.get("uses", "")]
    assert kept == ["dist/assemble", "roues"]
    (trial,) = (one["env"] for one in job["steps"] if "env" in one)
    assert trial == {"ASSEMBLER_AUTONOME": "oui", "ASSEMBLER_AUTONOME_DOSSIER": "dist"}


def test_the_guide_names_commands_that_exist() -> None:
    assert block("autonome") == "python -m outils.autonome"
    assert re.match(r"python -m pip wheel --wheel-dir roues ", block("roues"))
    assert re.match(r"py -m pip install --no-index --find-links roues ", block("hors-ligne"))
