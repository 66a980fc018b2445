"""What a plugin writes: documents that open, that say what they should, and nothing anywhere else."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from assembler.testing.golden import differences
from assembler.testing.office import office_faults, tags_left
from assembler.testing.subject import BROKEN, Subject

__all__ = [
    "Production",
    "made",
    "no_tag_left",
    "only_in_output",
    "produce_twice",
    "reproducible",
    "untouched",
    "valid",
]

_OUTPUT = "sortie"
_APART = 2.1
"""Seconds between two runs: a zip tells the time to two seconds."""


@dataclass(frozen=True, kw_only=True)
class Production:
    """What two runs over copies of the same dossiers made of them."""

    first: Mapping[str, bytes] = field(default_factory=dict)
    """``<dossier>/sortie/<étape>/<document>`` → bytes."""
    second: Mapping[str, bytes] = field(default_factory=dict)
    made: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By dossier, what became of each document: ``{id, kind, reason, lacking}``."""
    changed: tuple[str, ...] = ()
    """Files of the dossiers that are not what they were."""
    elsewhere: tuple[str, ...] = ()
    """What was written outside ``sortie/``."""
    failure: str = ""
    """Why nothing could be made at all."""


@cache
def _kept(subject: Subject) -> Production:
    with tempfile.TemporaryDirectory(prefix="assemble-kit-") as folder:
        return _twice(subject, Path(folder).resolve())


def produce_twice(subject: Subject) -> Production:
    """Make the documents of the sound dossiers, twice, in copies; kept for all the checks that ask."""
    return _kept(subject)


def _twice(subject: Subject, folder: Path) -> Production:
    if subject.dossiers is None or not subject.sound:
        return Production()
    copies = (folder / "copie 1", folder / "copie 2")
    for copy in copies:
        shutil.copytree(subject.dossiers, copy / "dossiers", ignore=_left_out)
    root = copies[0] / "dossiers"
    before = _hashes(root)
    runs = [_start(subject, copies[0], "1")]
    time.sleep(_APART)
    runs.append(_start(subject, copies[1], "20"))
    done = [_ended(process, order) for process, order in runs]
    if told := next((one for one in done if isinstance(one, str)), None):
        return Production(failure=told)
    after = _hashes(root)
    assert isinstance(done[0], dict)  # a text was returned above
    named = {name: str((root / subject.place(name)).resolve()) for name in subject.sound}
    return Production(
        first=_output(root),
        second=_output(copies[1] / "dossiers"),
        made={name: done[0]["made"].get(path, []) for name, path in named.items()},
        changed=tuple(name for name, digest in before.items() if after.get(name) != digest),
        elsewhere=tuple(sorted({*done[0]["written"], *(set(after) - set(before))})),
    )


def _start(subject: Subject, folder: Path, seed: str) -> tuple[subprocess.Popen[bytes], Path]:
    """Start making the documents of copied dossiers in a process of its own."""
    scratch = folder / "temporaire"
    scratch.mkdir()
    order = folder / "commande.json"
    paths = [str(folder / "dossiers" / subject.place(name)) for name in subject.sound]
    day = subject.today.isoformat()
    told = {"plugin": subject.plugin, "today": day, "dossiers": paths, "scratch": str(scratch)}
    order.write_text(json.dumps(told), encoding="utf-8")
    environment = {
        **os.environ,
        # What one run keeps for the next would hide what differs between the two.
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME"), str(scratch)),
        "PYTHONHASHSEED": seed,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "assembler.testing.producing", str(order)],
        cwd=folder / "dossiers",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    return process, order


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Leave out the broken dossiers, and what a run of the command on the dossier itself wrote in it."""
    return {one for one in names if one == BROKEN or (Path(folder) / one / ".assemble").is_dir()}


def _ended(process: subprocess.Popen[bytes], order: Path) -> dict[str, Any] | str:
    """Return what a run did, or why it did not end."""
    _, errors = process.communicate()
    result = order.with_suffix(".fait")
    if result.is_file():
        return dict(json.loads(result.read_text(encoding="utf-8")))
    last = errors.decode("utf-8", errors="replace").strip().splitlines()[-1:]
    return f"la production s’est arrêtée (code {process.returncode}) : {''.join(last) or 'sans rien dire'}"


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(root.rglob("*")):
        name = file.relative_to(root).as_posix()
        if file.is_file() and not name.startswith(f"{BROKEN}/"):
            yield name, file


def _output(root: Path) -> dict[str, bytes]:
    parts = ((name, name.split("/"), file) for name, file in _files(root))
    return {name: file.read_bytes() for name, at, file in parts if _OUTPUT in at and ".assemble" not in at}


def _hashes(root: Path) -> dict[str, str]:
    """Return the hash of every file that is an input: whatever stands outside ``sortie/``."""
    return {
        name: hashlib.sha256(file.read_bytes()).hexdigest()
        for name, file in _files(root)
        if _OUTPUT not in name.split("/")
    }


def made(subject: Subject) -> Iterator[str]:
    """The documents of each sound dossier's step are made; one on request may lack a value."""
    found = produce_twice(subject)
    asked = {document.id for document in subject.documents if document.on_request}
    if found.failure:
        yield found.failure
    every = [(name, one) for name, documents in found.made.items() for one in documents]
    for name, one in every:
        if one["kind"] == "echec" and not (one["lacking"] and one["id"] in asked):
            yield f"{name} : le document « {one['id']} » n’est pas produit : {one['reason']}"
    done = {one["id"] for _, one in every if one["kind"] == "nouveau"}
    if subject.documents and not found.failure and not done & {one.id for one in subject.documents}:
        yield "aucun document du plugin n’est produit par ses dossiers d’essai"


def reproducible(subject: Subject) -> Iterator[str]:
    """The same dossier, on the same day of edition, gives the same bytes."""
    found = produce_twice(subject)
    for name in sorted({*found.first, *found.second}):
        one, two = found.first.get(name), found.second.get(name)
        if one is None or two is None:
            yield f"{name} n’est produit qu’une fois sur deux"
        elif one != two:
            told = differences(two, one, name)
            where = "".join(f" ; {line.strip()}" for line in told[:2]) or " (l’ordre ou les dates du .zip)"
            yield f"{name} change d’une fois à l’autre{where}"


def no_tag_left(subject: Subject) -> Iterator[str]:
    """No document shows a tag of its template, nor « None »."""
    for name, content in produce_twice(subject).first.items():
        yield from tags_left(content, name)


def valid(subject: Subject) -> Iterator[str]:
    """Each document is an Office file that opens everywhere."""
    for name, content in produce_twice(subject).first.items():
        yield from office_faults(content, name)


def only_in_output(subject: Subject) -> Iterator[str]:
    """Nothing is written outside ``sortie/``."""
    for path in produce_twice(subject).elsewhere:
        yield f"écrit hors de {_OUTPUT}/ : {path}"


def untouched(subject: Subject) -> Iterator[str]:
    """The files of a dossier are what they were, to the byte."""
    for name in produce_twice(subject).changed:
        yield f"{name} a été modifié ou retiré"
