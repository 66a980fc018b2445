"""The wheel of the project, built from a copy of the tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["ROOT", "built_wheel"]

ROOT = Path(__file__).parents[1]


def built_wheel(folder: Path) -> Path:
    """Build the wheel in a folder: what an earlier build left in the tree cannot get into it."""
    left = shutil.ignore_patterns(
        ".git", ".venv", "build", "fixtures", "tests", "*.egg-info", ".*_cache", "__pycache__"
    )

    # Only what stands at the root is left out: the first plugin of an author has fixtures and tests too.
    def out(where: str, names: list[str]) -> set[str]:
        found = left(where, names)
        return found if Path(where) == ROOT else found - {"fixtures", "tests", "build"}

    shutil.copytree(ROOT, folder / "source", ignore=out)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, folder / "source"]
    subprocess.run(command, check=True, cwd=folder)
    (wheel,) = folder.glob("assembler-*.whl")
    return wheel
