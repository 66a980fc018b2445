"""The check of one dossier in a warm process, against its floor: what no check can do without.

The floor opens the note's zip and parses ``document.xml`` (lxml), takes the text of each PDF (PDFium) and
runs the same Cerberus validations with Validators kept. It recognises nothing and says nothing.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from benchmarks.bare import read_texts
from benchmarks.rows import COMMAND, ROOT, Row, cpu, process

if TYPE_CHECKING:
    from assembler.contributions import Rule
    from assembler.manager import Plugins

__all__ = ["rows"]

DOSSIER = ROOT / "fixtures" / "local" / "complet"
TODAY = dt.date(2026, 4, 1)


def rows() -> Iterator[Row]:
    """Yield the check of a dossier never seen, of one unchanged, of 25 rules, and as a whole process."""
    from assembler.manager import Plugins
    from assembler.pipeline import Request, check_dossier
    from assembler.validator import compiled

    plugins, request = Plugins(), Request(today=TODAY)
    checked = check_dossier(DOSSIER, plugins, request)
    assert checked.dossier is not None
    facts = checked.dossier.facts
    schemas = [one for rule in checked.rules for one in compiled(rule) if one is not None]

    def floor(dossier: Path) -> None:
        read_texts(dossier)
        for schema in schemas:
            schema.failures(facts)

    def check(dossier: Path) -> None:
        check_dossier(dossier, plugins, request)

    with tempfile.TemporaryDirectory(prefix="mesures-") as folder:
        new = _copies(Path(folder))
        yield Row(
            label="contrôle d’un dossier jamais vu / plancher",
            ours=cpu(check, new),
            theirs=cpu(floor, new),
            target=1.5,
        )
        few, one = (_with_rules(plugins, checked.rules[:count]) for count in (25, 1))
        yield Row(
            label="contrôle sur 25 règles / sur une",
            ours=cpu(lambda dossier: check_dossier(dossier, few, request), new),
            theirs=cpu(lambda dossier: check_dossier(dossier, one, request), new),
            target=1.3,
        )
    yield Row(
        label="contrôle d’un dossier inchangé / plancher",
        ours=cpu(lambda: check(DOSSIER)),
        theirs=cpu(lambda: floor(DOSSIER)),
        target=1.5,
    )
    yield Row(
        label="assemble controler / script nu",
        ours=cpu(process(*COMMAND, "controler", DOSSIER)),
        theirs=cpu(process(ROOT / "benchmarks" / "bare.py", DOSSIER)),
        target=1.5,
    )


def _with_rules(plugins: Plugins, rules: tuple[Rule, ...]) -> Any:
    """Return the plugins, their formats having some rules only."""
    formats = {name: replace(one, rules=rules) for name, one in plugins.formats().items()}
    return SimpleNamespace(
        formats=lambda: formats,
        readers=plugins.readers,
        provider=plugins.provider,
        statuses=plugins.statuses,
    )


def _copies(folder: Path) -> Callable[[], Path]:
    """Return what gives, each time, a copy of the dossier none of whose bytes were seen before."""
    turn = itertools.count()

    def copy() -> Path:
        mark = f"relevé {next(turn)}"
        there = folder / mark
        shutil.copytree(DOSSIER, there, ignore=shutil.ignore_patterns("sortie"))
        for path in there.rglob("*"):
            if path.suffix == ".pdf":
                path.write_bytes(path.read_bytes() + f"%{mark}\n".encode())
            elif path.suffix == ".docx":
                path.write_bytes(_marked(path.read_bytes(), mark))
        return there

    return copy


def _marked(docx: bytes, mark: str) -> bytes:
    """Return a Word file whose text and styles hold a mark."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = content.replace(b"</w:t>", f" ({mark})</w:t>".encode(), 1)
            if name == "word/styles.xml":
                content = content.replace(b"</w:styles>", f"<!-- {mark} --></w:styles>".encode())
            new.writestr(name, content)
    return made.getvalue()
