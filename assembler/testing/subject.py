"""What is tested: one plugin, with nothing of the others but what every format shares."""

from __future__ import annotations

import datetime as dt
import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import Distribution, entry_points
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from assembler.contributions import Format, Rule, Template
from assembler.errors import PluginError, UsageError
from assembler.hookspecs import PROJECT
from assembler.manager import Plugins, installed
from assembler.pipeline import Checked, Request, check_dossier
from assembler.yamltext import load

__all__ = [
    "BROKEN",
    "COMPANIONS",
    "COMPLETE",
    "EXPECTED",
    "Subject",
    "chosen_plugin",
    "load_plugins",
    "load_subjects",
]

COMPANIONS = ("commun", "territoire")
"""Plugins that ship with the engine and serve every format; a subject is tested with them."""

EXPECTED = "attendus.yaml"
"""In the folder of the test dossiers: what each of them must give (see :attr:`Subject.expected`)."""

BROKEN = "defauts"
"""The folder of the dossiers that each show what a rule refuses."""

COMPLETE = "complet"
"""The dossier without any finding, from which documents are made."""


def load_plugins(*names: str) -> Plugins:
    """Load the plugins named, and :data:`COMPANIONS`; every other one is left aside, whatever its faults.

    Scans are not read by tesseract from then on: what is expected must not depend on what a machine has.
    """
    os.environ["ASSEMBLER_OCR"] = "non"
    return Plugins(disabled=set(installed()) - {*names, *COMPANIONS})


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """One format of a plugin under test; or the plugin alone, when it gives none."""

    plugin: str
    """Name of its entry point."""
    plugins: Plugins
    """Loaded by :func:`load_plugins`."""
    format: Format | None = None
    dossiers: Path | None = None
    """Folder of the test dossiers: ``complet/``, ``defauts/<name>/`` and ``attendus.yaml``."""
    today: dt.date
    """The day of those that have no date of their own."""

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that this plugin hands over, for this format or for those of others."""
        formats = (self.format,) if self.format else self.plugins.formats().values()
        found = {rule.id: rule for one in formats for rule in one.rules if self._mine(rule)}
        return tuple(found.values())

    @cached_property
    def documents(self) -> tuple[Template, ...]:
        """The documents that this plugin hands over."""
        formats = (self.format,) if self.format else self.plugins.formats().values()
        return tuple(document for one in formats for document in one.documents if self._mine(document))

    @cached_property
    def expected(self) -> Mapping[str, Mapping[str, Any]]:
        """What ``attendus.yaml`` says, by path of the dossier below :attr:`dossiers`.

        ``{non_conforme: [ids], non_verifie: [ids], a_voir: [ids], verdict: …, exit: …}``; a list left out is
        empty, a verdict or an exit code left out is not compared. ``dossier``: the folder inside that one
        which is the dossier, when its own name matters.
        """
        if self.dossiers is None or not (self.dossiers / EXPECTED).is_file():
            return {}
        data = load((self.dossiers / EXPECTED).read_bytes()).data
        return {name: one or {} for name, one in data.items()} if isinstance(data, dict) else {}

    @property
    def sound(self) -> tuple[str, ...]:
        """The dossiers that stand at the root: those from which documents are made."""
        return tuple(name for name in self.expected if not name.startswith(f"{BROKEN}/"))

    @property
    def broken(self) -> tuple[str, ...]:
        """The dossiers of ``defauts/``."""
        return tuple(name for name in self.expected if name.startswith(f"{BROKEN}/"))

    def place(self, name: str) -> str:
        """Return the path, below :attr:`dossiers`, of the dossier that a line of ``attendus.yaml`` names."""
        inside = self.expected[name].get("dossier")
        return f"{name}/{inside}" if inside else name

    def checked(self, name: str) -> Checked:
        """Check one of the dossiers, where it stands."""
        assert self.dossiers is not None  # expected() has found its name there
        return check_dossier(self.dossiers / self.place(name), self.plugins, self.request)

    @property
    def request(self) -> Request:
        """What is asked of the engine."""
        return Request(today=self.today)

    def _mine(self, contribution: object) -> bool:
        return self.plugins.owner(contribution) == self.plugin


def load_subjects(
    plugin: str, *, dossiers: Path | None = None, today: dt.date | None = None
) -> tuple[Subject, ...]:
    """Return what there is to test in an installed plugin: each of its formats, or the plugin alone.

    Args:
        plugin: name of its entry point.
        dossiers: folder of the test dossiers of its only format; None: ``fixtures/<format>/`` of its project,
            when it was installed from there (``pip install -e``), else of the current folder.
        today: the day of the dossiers without a date.

    Raises:
        UsageError: it is not installed.
        PluginError: it does not load; the message says why.
    """
    plugins = load_plugins(plugin)
    mine = [one for one in plugins.formats().values() if plugins.owner(one) == plugin]
    _raise_if_failed(plugins, plugin)
    day = today or dt.datetime.now().astimezone().date()
    if not mine:
        every = Plugins()
        every.formats()
        _raise_if_failed(every, plugin)
        return (Subject(plugin=plugin, plugins=every, today=day),)
    return tuple(
        Subject(
            plugin=plugin,
            plugins=plugins,
            format=one,
            dossiers=dossiers or _found(plugin, one.id),
            today=day,
        )
        for one in mine
    )


def chosen_plugin(name: str | None = None) -> str:
    """Return the plugin to test: the one named, else that of the project here, else the only stranger's.

    Raises:
        UsageError: it is not installed; none is named, and there is none to choose, or several.
    """
    known = ", ".join(installed())
    project = Path("pyproject.toml")
    data = tomllib.loads(project.read_text(encoding="utf-8")) if project.is_file() and not name else {}
    here: list[str] = list(data.get("project", {}).get("entry-points", {}).get(PROJECT, {}))
    strangers = [one.name for one in entry_points(group=PROJECT) if one.dist and one.dist.name != PROJECT]
    found = [name] if name else here or strangers
    if len(found) != 1:
        raise UsageError(f"Lequel ? assemble plugin tester NOM. Plugins : {', '.join(found) or known}.")
    if found[0] not in installed():
        raise UsageError(
            f"Le plugin « {found[0]} » n’est pas installé (pip install -e .). Plugins : {known}."
        )
    return found[0]


def _raise_if_failed(plugins: Plugins, name: str) -> None:
    status = next((one for one in plugins.statuses if one.nom == name), None)
    if status is None:
        raise UsageError(f"Le plugin « {name} » n’est pas installé. Plugins : {', '.join(installed())}.")
    if status.etat == "echec":
        raise PluginError(name, f"{str(status.cause).rstrip('.')}.")


def _found(plugin: str, format_id: str) -> Path | None:
    """Return the folder of a format's test dossiers."""
    for root in (*_projects(plugin), Path.cwd()):
        folder = root / "fixtures" / format_id
        if (folder / EXPECTED).is_file():
            return folder
    return None


def _projects(plugin: str) -> Iterator[Path]:
    """Return the folder that a plugin was installed from, when pip noted one (PEP 610)."""
    for entry in entry_points(group=PROJECT, name=plugin):
        noted = entry.dist.read_text("direct_url.json") if isinstance(entry.dist, Distribution) else None
        url = urlsplit(json.loads(noted).get("url", "")) if noted else None
        if url and url.scheme == "file":
            yield Path(unquote(url.path))
