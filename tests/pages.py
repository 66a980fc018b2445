"""The pages of the documentation: their text, their marked blocks, and their screens played again.

In a block « console », a line that begins with ``$`` is run, from a folder that holds a copy of the dossiers
it names; what follows it is its output, to the letter. ``<!-- copie fixtures/… mon-dossier -->`` puts a
shipped dossier there under another name, in place of what was there; ``<!-- installe mien mien/src/mien -->``
is what ``pip install`` would do.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from dossiers import copied
from greffons import install
from tableaux import renewed

__all__ = ["ENV", "GUIDES", "PAGES", "ROOT", "after", "anchors", "played", "renew", "text"]

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "docs/guide.md")
GUIDES = ("docs/pilote.md", "docs/bureau.md", "docs/gabarits.md", "docs/plugin.md")
ENV = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"}
_SITE = ".site-packages"
_SCREEN = re.compile(
    r"^<!-- copie (?P<source>\S+) (?P<target>\S+) -->$"
    r"|^<!-- installe (?P<plugin>\S+) (?P<package>\S+) -->$"
    r"|^```console\n(?P<console>.*?)^```$",
    re.M | re.S,
)


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def after(page: str, marker: str) -> str:
    """Return what stands under ``<!-- marker -->``: the fenced block's content, else up to an empty line."""
    below = text(page).partition(f"\n<!-- {marker} -->\n")[2]
    assert below, f"{page}: no marker {marker}"
    if below.startswith("```"):
        return below.partition("\n")[2].partition("\n```")[0]
    return below.partition("\n\n")[0]


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as forges make them."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", text(page), re.MULTILINE):
        kept = re.sub(r"[^\w\- ]", "", heading.lower().replace("`", ""))
        found.add(kept.replace(" ", "-"))
    return found


def played(page: str, folder: Path) -> str:
    """Return a page whose screens, run in turn in ``folder``, and tables are those of today."""

    def again(found: re.Match[str]) -> str:
        if found["source"]:
            shutil.rmtree(folder / found["target"], ignore_errors=True)
            copied(ROOT / found["source"], folder / found["target"])
            return found[0]
        if found["package"]:
            install(folder / _SITE, found["plugin"], folder / found["package"])
            return found[0]
        return f"```console\n{_screen(found['console'], folder)}```"

    return _SCREEN.sub(again, renewed(text(page)))


def _screen(block: str, folder: Path) -> str:
    out = []
    for line in block.splitlines():
        if not line.startswith("$ "):
            continue
        program, *arguments = shlex.split(line[2:])
        assert program == "assemble"
        for one in arguments:
            if one.startswith("fixtures/") and not (folder / one).exists():
                copied(ROOT / one, folder / one)
        done = subprocess.run(
            [sys.executable, "-m", "assembler.cli", *arguments],
            capture_output=True,
            cwd=folder,
            env={**ENV, "XDG_CACHE_HOME": str(folder / ".cache"), "PYTHONPATH": str(folder / _SITE)},
            check=False,
            encoding="utf-8",
        )
        assert done.stderr == "", f"{line}\n{done.stderr}"
        out += [line, *done.stdout.strip("\n").splitlines()]
    return "\n".join(out) + "\n"


def renew(page: str, folder: Path) -> None:
    """Rewrite the screens and the tables of a page as they are today."""
    (ROOT / page).write_text(played(page, folder), encoding="utf-8")
