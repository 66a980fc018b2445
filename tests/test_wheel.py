from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_an_installed_wheel_checks_the_shipped_dossier(tmp_path: Path) -> None:
    # Built from a copy: what an earlier build left in the tree cannot get into the wheel.
    left = shutil.ignore_patterns(".git", ".venv", "build", "fixtures", "tests", "*.egg-info", ".*_cache")
    shutil.copytree(ROOT, tmp_path / "source", ignore=left)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", tmp_path, tmp_path / "source"],
        check=True,
        cwd=tmp_path,
    )
    (wheel,) = tmp_path.glob("assembler-*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", str(wheel)], check=True, cwd=tmp_path)
    done = subprocess.run(
        [
            tmp_path / "env" / "bin" / "assemble",
            "controler",
            ROOT / "fixtures/local/complet",
            "--rapport",
            "json",
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["verdict"] == "conforme"
    made = subprocess.run(
        [
            tmp_path / "env" / "bin" / "assemble",
            "produire",
            ROOT / "fixtures/local/complet",
            "--sortie",
            "sortie",
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert (tmp_path / "sortie/candidature/courrier-prefet.docx").exists()
