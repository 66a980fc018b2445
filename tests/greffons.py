"""Plugins of strangers for the tests: seen as installed, without pip, by the processes that a test starts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["assemble", "install", "python"]


def install(site: Path, name: str, package: Path | str, version: str = "0.1.0") -> Path:
    """Put a plugin in a folder that plays the part of site-packages, and return its package.

    Args:
        site: the folder; given to :func:`assemble`.
        name: of the entry point and of the module.
        package: the folder of its code, copied; or the text of its only module.
        version: of the distribution.
    """
    target = site / name
    if isinstance(package, Path):
        shutil.copytree(package, target, dirs_exist_ok=True)
    else:
        target.mkdir(parents=True, exist_ok=True)
        (target / "__init__.py").write_text(package, encoding="utf-8")
    info = site / f"{name}-{version}.dist-info"
    info.mkdir(exist_ok=True)
    metadata = f"Metadata-Version: 2.1\nName: paquet-{name.replace('_', '-')}\nVersion: {version}\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[assembler]\n{name} = {name}\n", encoding="utf-8")
    return target


def python(
    site: Path, *arguments: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Python where the plugins of ``site`` are installed."""
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd or site,
        check=False,
        env={**os.environ, "PYTHONPATH": str(site), "PYTHONIOENCODING": "utf-8", **environment},
    )


def assemble(
    site: Path, *arguments: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command where the plugins of ``site`` are installed."""
    return python(site, "-m", "assembler.cli", *arguments, cwd=cwd, **environment)
