"""What is installed and what is checked, as lines for a terminal of 80 columns."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterator, Sequence
from contextlib import suppress

from assembler.contributions import Format, Rule
from assembler.errors import PluginError, UsageError
from assembler.french import pluriel
from assembler.manager import Plugins
from assembler.rulefiles import disproved
from assembler.text import fold

__all__ = ["formats_lines", "plugins_lines", "result_lines", "rule_lines", "rules_lines"]

_STATES = {"actif": "actif", "echec": "en échec", "desactive": "désactivé"}


def formats_lines(plugins: Plugins) -> Iterator[str]:
    """List the formats with their steps."""
    found = plugins.formats()
    if not found:
        yield "Aucun format installé. « assemble plugins » dit pourquoi."
    width = max((12, *(len(one) + 2 for one in found)))
    for one in found.values():
        yield f"{one.id:<{width}}{one.title} ({plugins.provider(one)})"
        parts = ((one.pieces, "pièce"), (one.rules, "règle"), (one.documents, "document"))
        told = ", ".join(pluriel(len(some), word) for some, word in parts)
        yield from fold("étapes : " + ", ".join(step.id for step in one.steps), " " * width)
        yield from fold(told, " " * width)


def plugins_lines(plugins: Plugins) -> Iterator[str]:
    """List the plugins with their state and the cause of a failure, their rules being proven."""
    for look in (plugins.readers, plugins.reporters, lambda: _prove(plugins)):
        with suppress(PluginError):  # two that conflict: both are listed as failed
            look()
    width = max(12, *(len(one.nom) + 2 for one in plugins.statuses))
    for one in plugins.statuses:
        yield f"{one.nom:<{width}}{one.version:<10}{_STATES[one.etat]:<11}{one.origine}".rstrip()
        if one.cause:
            yield from fold(one.cause, "    ")


def _prove(plugins: Plugins) -> None:
    """List as failed a plugin with a rule whose own examples do not end as they say."""
    for rule in _rules(plugins, None):
        wrong = disproved(rule)
        if wrong:
            plugins.fail(plugins.provider(rule).split()[0], f"{rule.origin}, {rule.id} : on attend {wrong}.")


def result_lines(promise: str, title: str, faults: Sequence[str]) -> Iterator[str]:
    """Say in one line whether a plugin keeps one of its promises, and below what breaks it."""
    yield from fold(f"{promise} : {title}", f"{'MANQUE' if faults else 'ok':<8}", " " * 8)
    for one in faults:
        yield from fold(f"- {one}", " " * 8, " " * 10)


def rules_lines(plugins: Plugins, format_id: str | None, day: dt.date | None) -> Iterator[str]:
    """List the rules of one format or of all, those in force on ``day`` when it is given.

    Raises:
        UsageError: the format does not exist.
    """
    for rule in _rules(plugins, format_id):
        if day is None or rule.in_force(day):
            yield from fold(f"{rule.id}  {rule.titre} [{rule.gravite.label}{_dates(rule)}]", "", " " * 12)


def rule_lines(plugins: Plugins, rule_id: str) -> Iterator[str]:
    """Explain one rule in full.

    Raises:
        UsageError: no installed format has it.
    """
    rules = {rule.id: rule for rule in _rules(plugins, None)}
    rule = rules.get(rule_id)
    if rule is None:
        near = difflib.get_close_matches(rule_id, rules, n=1, cutoff=0.5)
        hint = f" Vouliez-vous dire {near[0]} ?" if near else ""
        raise UsageError(f"La règle « {rule_id} » n’existe pas.{hint}")
    yield f"{rule.id}  {rule.titre}"
    nature = "texte public" if rule.nature == "programme" else "règle technique de l’outil"
    yield from fold(f"Gravité : {rule.gravite.label} ; {nature}", "  ")
    if rule.du or rule.au:
        yield from fold(f"En vigueur{_dates(rule).removeprefix(',')}", "  ")
    if rule.etape:
        until = f" jusqu’à « {rule.jusqu_a} »" if rule.jusqu_a else ""
        yield from fold(f"Étape : à partir de « {rule.etape} »{until}", "  ")
    if rule.remplace:
        yield from fold(f"Remplace : {rule.remplace}", "  ")
    for other in rules.values():
        if other.remplace == rule.id:
            yield from fold(f"Remplacée par : {other.id}", "  ")
    yield from fold(f"Pourquoi : {rule.pourquoi}", "  ", "    ")
    yield from fold(f"Comment corriger : {rule.correction}", "  ", "    ")
    yield from fold(f"Source : {rule.reference.texte}", "  ", "    ")
    if rule.reference.citation:
        yield from fold(f"« {rule.reference.citation} »", "    ")
    if rule.reference.url:
        yield f"    {rule.reference.url}"
    providers = [plugins.provider(rule), rule.origin]
    yield from fold(f"Fournie par : {', '.join(one for one in providers if one)}", "  ", "    ")


def _rules(plugins: Plugins, format_id: str | None) -> Iterator[Rule]:
    formats = plugins.formats()
    if format_id is not None and format_id not in formats:
        raise UsageError(
            f"Le format « {format_id} » n’existe pas. Formats installés : {', '.join(sorted(formats))}."
        )
    chosen: list[Format] = [one for one in formats.values() if format_id in (None, one.id)]
    seen: dict[str, Rule] = {rule.id: rule for one in chosen for rule in one.rules}
    yield from seen.values()


def _dates(rule: Rule) -> str:
    start = (
        f" du {rule.du:%d/%m/%Y}"
        if rule.du and rule.au
        else f" depuis le {rule.du:%d/%m/%Y}"
        if rule.du
        else ""
    )
    end = f" au {rule.au:%d/%m/%Y}" if rule.au else ""
    return f",{start}{end}" if start or end else ""
