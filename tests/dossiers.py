"""Copies of the shipped dossiers, as they are committed."""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

__all__ = ["MODEL", "copied", "several", "shipped"]

MODEL = Path(__file__).parents[1] / "fixtures" / "local" / "complet"


def _made(folder: str, names: list[str]) -> set[str]:
    """Leave out what a run of the command on the shipped dossier itself (README, first line) wrote in it."""
    return {"sortie"} & set(names) if (Path(folder) / "sortie" / ".assemble").exists() else set()


def copied(dossier: Path, target: Path) -> Path:
    """Copy a shipped dossier, and return the copy."""
    return Path(shutil.copytree(dossier, target, ignore=_made, dirs_exist_ok=True))


def shipped(dossier: Path) -> list[Path]:
    """Return the files of a shipped dossier."""
    made = dossier / "sortie" if (dossier / "sortie" / ".assemble").exists() else None
    return [one for one in sorted(dossier.rglob("*")) if one.is_file() and made not in one.parents]


def several(parent: Path, count: int, model: Path = MODEL) -> Path:
    """Make ``count`` small dossiers below a folder, alike but for their reference and their title.

    Their files are an hour old: a cache relies on no file that was just written.
    """
    then = time.time() - 3600
    for number in range(1, count + 1):
        made = copied(model, parent / f"dossier {number:04}")
        fiche = made / "dossier.yaml"
        text = fiche.read_text(encoding="utf-8")
        text = re.sub(r"^reference: .*$", f"reference: ADT-L-2026-053-{number:04}", text, flags=re.M)
        fiche.write_text(re.sub(r"^(intitule: .*)$", rf"\1 {number}", text, flags=re.M), encoding="utf-8")
        for file in made.rglob("*"):
            os.utime(file, (then, then))
    return parent
