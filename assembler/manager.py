"""The plugins: found by entry point, loaded one by one, called one at a time.

A plugin that fails is a listed fact with its name, its version and its cause; the others go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

import pluggy

from assembler.contributions import FAMILIES, Format, Reader, Reporter, Rule, Template
from assembler.errors import PluginError
from assembler.hookspecs import PROJECT, Hooks
from assembler.model import PluginStatus
from assembler.patterns import ambiguity

__all__ = ["Plugins"]

T = TypeVar("T")


class Plugins:
    """What is installed.

    Args:
        disabled: names of plugins to leave out.
        extra: further plugins by name, for tests.

    Attributes:
        statuses: every plugin found, in the order of names.
    """

    def __init__(self, disabled: Iterable[str] = (), extra: dict[str, object] | None = None) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(Hooks)
        self._statuses: dict[str, PluginStatus] = {}
        self._owners: dict[int, tuple[object, str]] = {}
        self._formats: dict[str, Format] | None = None
        self._readers: dict[str, Reader] | None = None
        disabled = set(disabled)
        for entry in sorted(entry_points(group=PROJECT), key=lambda one: one.name):
            self._found(entry, entry.name in disabled)
        for name, plugin in (extra or {}).items():
            self._register(name, plugin, "0", "")

    @property
    def statuses(self) -> tuple[PluginStatus, ...]:
        """Every plugin found, active or not, with the cause of a failure."""
        return tuple(self._statuses.values())

    def fail(self, name: str, cause: str) -> None:
        """List a plugin as failed."""
        self._statuses[name] = replace(self._statuses[name], etat="echec", cause=cause)

    def provider(self, contribution: object) -> str:
        """Return « name version » of the plugin that handed over a contribution."""
        _, name = self._owners.get(id(contribution), (None, ""))
        status = self._statuses.get(name)
        return f"{name} {status.version}" if status else ""

    def formats(self) -> dict[str, Format]:
        """Return the formats by id, each with the rules and documents that others add to it.

        Raises:
            PluginError: two plugins hand over one format, or one id for two rules or documents.
        """
        if self._formats is None:
            found: dict[str, Format] = {}
            for one in self._call("assembler_formats", Format):
                self._unique(found.get(one.id), one, f"le format « {one.id} »")
                if told := _endless(one):
                    self.fail(self._owners[id(one)][1], told)
                    continue
                found[one.id] = one
            self._formats = {one.id: self._completed(one) for one in found.values()}
        return self._formats

    def readers(self) -> dict[str, Reader]:
        """Return the readers by nature.

        Raises:
            PluginError: two plugins read one nature.
        """
        if self._readers is None:  # the same ones all along: the process that reads is kept with them
            found: dict[str, Reader] = {}
            for reader in self._call("assembler_readers", Reader):
                for nature in reader.natures:
                    self._unique(found.get(nature), reader, f"la lecture des « {nature} »")
                    found[nature] = reader
            self._readers = found
        return self._readers

    def reporters(self) -> dict[str, Reporter]:
        """Return the reporters that plugins add, by name.

        Raises:
            PluginError: two plugins hand over one name.
        """
        found: dict[str, Reporter] = {}
        for reporter in self._call("assembler_reporters", Reporter):
            self._unique(found.get(reporter.name), reporter, f"le rapport « {reporter.name} »")
            found[reporter.name] = reporter
        return found

    def _found(self, entry: EntryPoint, disabled: bool) -> None:
        version = entry.dist.version if entry.dist else "?"
        origin = entry.dist.name if entry.dist else ""
        if disabled:
            self._statuses[entry.name] = PluginStatus(
                nom=entry.name, version=version, etat="desactive", origine=origin
            )
            return
        try:
            plugin = entry.load()
        except (Exception, SystemExit) as error:
            self._statuses[entry.name] = PluginStatus(
                nom=entry.name, version=version, etat="echec", cause=_cause(error), origine=origin
            )
            return
        self._register(entry.name, plugin, version, origin)

    def _register(self, name: str, plugin: object, version: str, origin: str) -> None:
        self._statuses[name] = PluginStatus(nom=name, version=version, etat="actif", origine=origin)
        try:
            self._manager.register(plugin, name=name)
            self._manager.check_pending()
        except (Exception, SystemExit) as error:
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            self.fail(name, _cause(error))

    def _call(self, hook: str, kind: type[T], **arguments: Any) -> list[T]:
        """Call one hook, plugin by plugin, so that each failure has an owner."""
        values: list[T] = []
        for name, plugin in sorted(self._manager.list_name_plugin()):
            if plugin is None or self._statuses[name].etat != "actif":
                continue
            others = [other for _, other in self._manager.list_name_plugin() if other is not plugin]
            caller = self._manager.subset_hook_caller(hook, remove_plugins=[one for one in others if one])
            try:
                handed = [item for items in caller(**arguments) for item in items]
                wrong = next((item for item in handed if not isinstance(item, kind)), None)
                if wrong is not None:
                    raise TypeError(f"{hook} rend {type(wrong).__name__} au lieu de {kind.__name__}")
            except (Exception, SystemExit) as error:
                self.fail(name, _cause(error))
                continue
            for item in handed:
                self._owners[id(item)] = (item, name)
            values += handed
        return values

    def _completed(self, one: Format) -> Format:
        name = self._owners[id(one)][1]
        for own in (*one.rules, *one.documents):
            self._owners[id(own)] = (own, name)
        rules = (*one.rules, *self._call("assembler_rules", Rule, format_id=one.id))
        documents = (*one.documents, *self._call("assembler_documents", Template, format_id=one.id))
        for contributions, what in ((rules, "la règle"), (documents, "le document")):
            seen: dict[str, Any] = {}
            for contribution in contributions:
                self._unique(seen.get(contribution.id), contribution, f"{what} « {contribution.id} »")
                seen[contribution.id] = contribution
        whole = replace(one, rules=tuple(sorted(rules, key=_work_order)), documents=documents)
        self._owners[id(whole)] = (whole, name)
        return whole

    def _unique(self, first: object | None, second: object, what: str) -> None:
        if first is not None:
            names = " et ".join(sorted({self.provider(first), self.provider(second)}))
            raise PluginError(names, f"{what} est fourni deux fois.")


_FAMILIES = tuple(FAMILIES)


def _work_order(rule: Rule) -> tuple[int, str]:
    """Sort rules as a dossier is put right: the files, then the letters, then what they say."""
    family = rule.id.split("-")[1]
    return (_FAMILIES.index(family) if family in _FAMILIES else len(_FAMILIES), rule.id)


def _endless(one: Format) -> str | None:
    """Say which pattern of a format's pieces may never end on some text."""
    for piece in one.pieces:
        clues = [pattern for group in piece.clues for pattern in group]
        titles = [pattern for section in piece.sections for pattern in section.patterns]
        given = (*piece.names, *piece.folders, *clues, *piece.signatories, *piece.unlikely, *titles)
        for pattern in (*given, *piece.mentions.values()):
            try:
                told = ambiguity(pattern)
            except re.error as error:
                told = f"« {pattern} » n’est pas une expression régulière ({error})"
            if told:
                return f"pièce « {piece.id} » du format « {one.id} » : {told}"
    return None


def _cause(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__} : {text}" if text else type(error).__name__
