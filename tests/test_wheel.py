from __future__ import annotations

import json
import subprocess
import venv
from pathlib import Path

from wheels import ROOT, built_wheel


def test_an_installed_wheel_checks_the_shipped_dossier(tmp_path: Path) -> None:
    wheel = built_wheel(tmp_path)
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
