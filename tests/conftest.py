"""A tiny format, without any word of the programme, for the tests of the engine."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from assembler import worker
from assembler.contributions import Field, FieldSchema, Format, Piece, Reader, Reference, Rule, Step
from assembler.hookspecs import hookimpl
from assembler.manager import Plugins
from assembler.model import Block, Reading, Severity

TODAY = dt.date(2026, 3, 12)
OURS = ("commun", "flash", "local", "territoire", "thematique")
"""The plugins that ship; left out where the tiny format must be alone."""

# The same findings whether tesseract is installed or not; tests/test_ocr.py asks for it.
os.environ["ASSEMBLER_OCR"] = "non"


def pytest_configure(config: pytest.Config) -> None:
    """Give all the processes of the tests one cache of their own, that of pip left where it is."""
    if hasattr(config, "workerinput"):
        return
    home = tempfile.TemporaryDirectory(prefix="essais-")
    config.add_cleanup(home.cleanup)
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    os.environ.setdefault("PIP_CACHE_DIR", str(caches / "pip"))
    os.environ["XDG_CACHE_HOME"] = home.name


class PluginObject(SimpleNamespace):
    """A plugin made of functions; hashable, as modules are."""

    __hash__ = object.__hash__


@pytest.fixture
def fresh_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have files read by a process of the test's own, which inherits the environment that the test sets."""
    monkeypatch.setattr(worker, "_current", None)
    yield
    if worker._current is not None:
        worker._current.stop()


def make_rule(rule_id: str = "TT-PIE-001", **given: object) -> Rule:
    """A well-formed rule, whose keys can be changed one by one."""
    keys: dict[str, object] = {
        "id": rule_id,
        "titre": "Le plan est là",
        "nature": "technique",
        "gravite": Severity.BLOCKING,
        "pourquoi": "Sans plan, on ne bâtit pas.",
        "correction": "Joignez le plan.",
        "reference": Reference(texte="Guide de l’outil"),
        "schema": {"pieces.plan": {"required": True}},
    }
    keys.update(given)
    if "check" in given:
        keys["schema"] = {}
    return Rule(**keys)  # type: ignore[arg-type]


def read_text(content: bytes) -> Reading:
    """Read a text file, a block a line."""
    lines = content.decode().splitlines()
    return Reading(nature="texte", forme="editable", blocks=tuple(Block(text=line) for line in lines))


def tiny_format(**given: object) -> Format:
    """A format without a fiche that knows its folder by a file named plan…."""
    keys: dict[str, object] = {
        "id": "tout_petit",
        "title": "Tout petit format",
        "steps": (Step(id="depot", title="Dépôt"), Step(id="suite", title="Suite")),
        "fiche": None,
        "pieces": (Piece(id="plan", title="plan", names=(r"\bplan\b",), natures=frozenset({"texte"})),),
        "rules": (make_rule(),),
        "detect": lambda sources: any("plan" in source.name for source in sources),
    }
    keys.update(given)
    return Format(**keys)  # type: ignore[arg-type]


def tiny_plugin(*formats: Format) -> object:
    """A plugin that hands over formats and a reader of text files."""

    @hookimpl
    def assembler_formats() -> Iterable[Format]:
        return formats

    @hookimpl
    def assembler_readers() -> Iterable[Reader]:
        return [Reader(natures=frozenset({"texte"}), read=read_text)]

    return PluginObject(assembler_formats=assembler_formats, assembler_readers=assembler_readers)


@pytest.fixture
def tiny() -> Plugins:
    """The plugins of an engine where only the tiny format is installed."""
    return Plugins(disabled=OURS, extra={"petit": tiny_plugin(tiny_format())})


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Make a dossier from names and texts."""

    def make(**files: str) -> Path:
        root = tmp_path / "dossier"
        root.mkdir(exist_ok=True)
        for name, text in files.items():
            target = root / name.replace("__", "/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return root

    return make


@pytest.fixture
def fields() -> FieldSchema:
    """A small field schema with every type."""
    types = ("texte", "entier", "decimal", "date", "date_heure", "date_libre", "mois", "booleen", "libre")
    leaves = {name: Field(type=name, label=f"champ {name}") for name in types}
    return FieldSchema(
        root=Field(
            fields={
                **leaves,
                "echelle": Field(type="texte", values=("communale", "intercommunale")),
                "codes": Field(type="texte", many=True),
                "groupe": Field(type="groupe", label="le groupe", fields=leaves),
                "sessions": Field(type="groupe", many=True, label="sessions", fields=leaves),
            }
        )
    )
