"""Copies of the shipped dossiers, as they are committed."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["copied", "shipped"]


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
