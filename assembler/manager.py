"""The plugins: found by entry point, loaded one by one, called one at a time.

A plugin that fails is a listed fact with its name, its version and its cause; the others go on.
"""

from __future__ import annotations

import difflib
import re
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from itertools import groupby
from typing import Any, TypeVar

import pluggy
from pluggy import PluginValidationError

from assembler.contributions import FAMILIES, Format, Reader, Reporter, Rule, Template
from assembler.deadline import within
from assembler.errors import PluginError
from assembler.hookspecs import PROJECT, Hooks
from assembler.model import PluginStatus
from assembler.readers.limits import LIMITS
from assembler.strictness import plugin_place, stop_if_strict
from assembler.vetting import document_fault, format_fault, rule_fault

__all__ = ["Plugins", "installed"]

A = TypeVar("A")
T = TypeVar("T")


def installed() -> tuple[str, ...]:
    """Return the names of the plugins that are installed, without loading any."""
    return tuple(sorted({entry.name for entry in entry_points(group=PROJECT)}))


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
        self._errors: dict[str, BaseException] = {}
        self._owners: dict[int, tuple[object, str]] = {}
        self._formats: dict[str, Format] | None = None
        self._readers: dict[str, Reader] | None = None
        disabled = set(disabled)
        entries = sorted(entry_points(group=PROJECT), key=lambda one: one.name)
        for name, same in groupby(entries, key=lambda one: one.name):
            self._found(tuple(same), name in disabled)
        for name, plugin in (extra or {}).items():
            self._register(name, plugin, "0", "")

    @property
    def statuses(self) -> tuple[PluginStatus, ...]:
        """Every plugin found, active or not, with the cause of a failure."""
        return tuple(self._statuses.values())

    def fail(self, name: str, cause: str) -> None:
        """List a plugin as failed."""
        self._statuses[name] = replace(self._statuses[name], etat="echec", cause=cause)

    def trace(self, name: str) -> str:
        """Return where a plugin failed, as Python tells it; empty when it did not raise."""
        error = self._errors.get(name)
        return "".join(traceback.format_exception(error)) if error else ""

    def owner(self, contribution: object) -> str:
        """Return the name of the plugin that handed over a contribution; empty when none did."""
        return self._owners.get(id(contribution), (None, ""))[1]

    def provider(self, contribution: object) -> str:
        """Return « name version » of the plugin that handed over a contribution."""
        name = self.owner(contribution)
        status = self._statuses.get(name)
        return f"{name} {status.version}" if status else ""

    def formats(self) -> dict[str, Format]:
        """Return the formats by id, each with the rules and documents that others add to it.

        A format that cannot be used, and what another plugin adds and cannot be, fail their plugin.

        Raises:
            PluginError: two plugins hand over one format; both are listed as failed.
        """
        if self._formats is None:
            found: dict[str, Format] = {}
            for one in self._call("assembler_formats", Format):
                name = self.owner(one)
                # Those of our own plugins are tried by our tests: to compile them all takes a start's time.
                if told := format_fault(one, tried=self._statuses[name].origine == PROJECT):
                    self.fail(name, told)
                    continue
                self._unique(found.get(one.id), one, f"le format « {one.id} »")
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

    def _found(self, entries: Sequence[EntryPoint], disabled: bool) -> None:
        entry = entries[0]
        version = entry.dist.version if entry.dist else "?"
        origin = " et ".join(sorted({one.dist.name for one in entries if one.dist}))
        self._statuses[entry.name] = PluginStatus(
            nom=entry.name, version=version, etat="desactive" if disabled else "actif", origine=origin
        )
        if disabled:
            return
        if len(entries) > 1:
            self.fail(entry.name, f"plusieurs paquets installent un plugin de ce nom : {origin}")
            return
        try:
            plugin = entry.load()
        except (Exception, SystemExit) as error:
            self._raised(entry.name, error)
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
            self._raised(name, error)

    def _raised(self, name: str, error: BaseException) -> None:
        self._errors[name] = error
        self.fail(name, _cause(error))

    def _guarded(self, one: Format, what: str, instead: T) -> Callable[[A], T]:
        """Return a function of a format; when it raises or never ends, its plugin alone is failed."""
        name, function = self.owner(one), getattr(one, what)

        def call(argument: A) -> T:
            try:
                value: T = within(LIMITS.check, lambda: function(argument))
                return value
            except (Exception, SystemExit) as error:
                stop_if_strict(error, function, f"{what} du format « {one.id} »")
                self._raised(name, error)
                if isinstance(error, TimeoutError):
                    self.fail(name, f"{what} du format « {one.id} » a été arrêté au bout de {LIMITS.check} s")
                return instead

        return call

    def _call(self, hook: str, kind: type[T], **arguments: Any) -> list[T]:
        """Call one hook, plugin by plugin, so that each failure has an owner."""
        values: list[T] = []
        for name, plugin in sorted(self._manager.list_name_plugin()):
            if plugin is None or self._statuses[name].etat != "actif":
                continue
            others = [other for _, other in self._manager.list_name_plugin() if other is not plugin]
            caller = self._manager.subset_hook_caller(hook, remove_plugins=[one for one in others if one])
            try:
                handed = [item for items in caller(**arguments) for item in _listed(hook, items, kind)]
                wrong = next((item for item in handed if not isinstance(item, kind)), None)
                if wrong is not None:
                    raise TypeError(f"{hook} rend {type(wrong).__name__} au lieu de {kind.__name__}")
            except (Exception, SystemExit) as error:
                self._raised(name, error)
                continue
            for item in handed:
                self._owners[id(item)] = (item, name)
            values += handed
        return values

    def _completed(self, one: Format) -> Format:
        name = self.owner(one)
        for own in (*one.rules, *one.documents):
            self._owners[id(own)] = (own, name)
        rules = self._added(one, "assembler_rules", Rule, one.rules)
        documents = self._added(one, "assembler_documents", Template, one.documents)
        whole = replace(
            one,
            rules=tuple(sorted(rules, key=_work_order)),
            documents=tuple(documents),
            detect=self._guarded(one, "detect", False),
            day=self._guarded(one, "day", None) if one.day else None,
            settled=self._guarded(one, "settled", None),
            decided=self._guarded(one, "decided", None),
        )
        self._owners[id(whole)] = (whole, name)
        return whole

    def _added(self, one: Format, hook: str, kind: type[Any], own: Sequence[Any]) -> list[Any]:
        """Return a format's rules or documents, and those that others add to it.

        What the format holds already stays as it is: whoever hands it over again is failed, and adds nothing.
        """
        handed = self._call(hook, kind, format_id=one.id)
        known = {each.id: each for each in own}
        for each in handed:
            if told := (rule_fault if kind is Rule else document_fault)(each, one):
                self.fail(self.owner(each), told)
            elif (first := known.setdefault(each.id, each)) is not each:
                what, given = ("la règle", "fournie") if kind is Rule else ("le document", "fourni")
                by = " et ".join(sorted({self.provider(first), self.provider(each)}))
                told = f"{what} « {each.id} » du format « {one.id} » est {given} deux fois, par {by}"
                # Between two that add, order does not decide either.
                for name in {self.owner(each), self.owner(first)} - {self.owner(one)}:
                    self.fail(name, told)
        kept = (each for each in handed if self._statuses[self.owner(each)].etat == "actif")
        return [*own, *kept]

    def _unique(self, first: object | None, second: object, what: str) -> None:
        if first is not None:
            names = sorted({self.owner(first), self.owner(second)})
            by = " et ".join(sorted({self.provider(first), self.provider(second)}))
            for name in names:
                self.fail(name, f"{what} est fourni deux fois, par {by}")
            raise PluginError(
                by, f"{what} est fourni deux fois ; laissez un plugin de côté (--sans-plugin NOM)."
            )


_FAMILIES = tuple(FAMILIES)


def _work_order(rule: Rule) -> tuple[int, str]:
    """Sort rules as a dossier is put right: the files, then the letters, then what they say."""
    family = rule.id.split("-")[1]
    return (_FAMILIES.index(family) if family in _FAMILIES else len(_FAMILIES), rule.id)


def _listed(hook: str, items: Any, kind: type[Any]) -> Iterable[Any]:
    if not isinstance(items, Iterable):
        raise TypeError(f"{hook} rend {type(items).__name__} au lieu d’une liste de {kind.__name__}")
    return items


def _cause(error: BaseException) -> str:
    """Return what a plugin raised, and where in its code."""
    text = " ".join(str(error).split())
    if isinstance(error, PluginValidationError) and (unknown := _UNKNOWN_HOOK.search(text)):
        near = difflib.get_close_matches(unknown[1], _HOOKS, n=1)
        return f"le hook « {unknown[1]} » n’existe pas" + (
            f" : vouliez-vous dire « {near[0]} » ?" if near else ""
        )
    told = f"{type(error).__name__} : {text}" if text else type(error).__name__
    place = plugin_place(error)
    return f"{told} ({place[1]}, ligne {place[2]})" if place else told


_UNKNOWN_HOOK = re.compile(r"unknown hook '(\w+)'")
_HOOKS = sorted(name for name in vars(Hooks) if name.startswith("assembler_"))
