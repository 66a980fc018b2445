"""Makes the standalone program: a folder to copy, that needs no Python.

    python -m outils.autonome [DOSSIER]     by default, dist/

The program is made for the system that this runs on, from the project as it is and from a Python of its
own: what is installed beside does not count.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import venv
from pathlib import Path

__all__ = ["build"]

ROOT = Path(__file__).resolve().parents[1]
_SOURCES = ("assembler", "plugins", "rules", "pyproject.toml", "README.md")
_OURS = ("assembler", "assembler_plugins", "assembler_rules")
_BY_NAME = ("filelock._soft", "filelock._soft._exclusive", "holidays.countries.france", "num2words.lang_FR")
"""Modules that libraries import by name, which PyInstaller does not see."""
_NOT_NEEDED = ("assembler.testing.pytest_plugin", "tkinter", "pytest", "pip")


def build(target: Path) -> Path:
    """Make the program.

    Args:
        target: the folder to make it in.

    Returns:
        What to run, in ``<target>/assemble/``.
    """
    with tempfile.TemporaryDirectory(prefix="autonome-") as name:
        work = Path(name)
        python = _python(work)
        command: list[str | Path] = [python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
        command += ["--name", "assemble", "--onedir", "--console", "--distpath", target.resolve()]
        command += ["--workpath", work / "travail", "--specpath", work]
        for one in _OURS:
            command += ["--collect-all", one]
        command += ["--copy-metadata", "assembler"]  # its plugins are found by their entry points
        for one in _BY_NAME:
            command += ["--hidden-import", one]
        for one in _NOT_NEEDED:
            command += ["--exclude-module", one]
        subprocess.run([*command, ROOT / "outils" / "lanceur.py"], check=True, cwd=work)
    return target / "assemble" / ("assemble.exe" if os.name == "nt" else "assemble")


def _python(work: Path) -> Path:
    """Return a Python that holds the project, as anybody installs it, and PyInstaller."""
    source = work / "source"
    source.mkdir()
    for name in _SOURCES:
        one = ROOT / name
        if one.is_dir():
            shutil.copytree(one, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(one, source)
    venv.create(work / "env", with_pip=True)
    python = work / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = f"{source}[signatures,autonome]"
    subprocess.run([python, "-m", "pip", "install", "-q", wanted], check=True, cwd=work)
    return python


def main() -> None:
    """Read the command line, and make the program."""
    parser = argparse.ArgumentParser(description="Fabrique la version autonome, sans Python.")
    parser.add_argument("dossier", nargs="?", type=Path, default=Path("dist"))
    print(f"Écrit : {build(parser.parse_args().dossier)}")


if __name__ == "__main__":
    main()
