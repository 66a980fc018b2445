"""LibreOffice for the tests: one start for several files, its own profile, a clear line when missing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def converted(folder: Path, files: list[Path], to: str, suffix: str) -> list[Path]:
    """Convert files in one start of LibreOffice, and return the results in the same order.

    Args:
        folder: where the results and the profile go.
        files: what to convert.
        to: the argument of ``--convert-to`` (``pdf``, ``txt:Text (encoded):UTF8``…).
        suffix: extension of the results, without the dot.
    """
    office = shutil.which("soffice")
    if office is None:
        pytest.fail("LibreOffice n’est pas installé : voir « Essais » dans README.md")
    out = folder / "convertis"
    profile = f"-env:UserInstallation={(folder / 'profil').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", to, "--outdir", str(out), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return [out / f"{file.stem}.{suffix}" for file in files]
