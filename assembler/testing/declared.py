"""What a plugin declares: identifiers, rules and their examples. Each check yields faults, in French."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping

from assembler.contributions import FAMILIES, Rule
from assembler.errors import PluginError
from assembler.judging import judge
from assembler.manager import Plugins, installed
from assembler.model import Severity
from assembler.rulefiles import disproved
from assembler.testing.subject import COMPANIONS, Subject

__all__ = ["documented", "examples_behave", "given", "named", "used_prefixes"]

_WORD = re.compile(r"[a-z][a-z0-9_]*")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def given(subject: Subject) -> Iterator[str]:
    """The plugin hands over something: a hook that forgets to return gives nothing, and nobody notices."""
    plugins = subject.plugins
    others = (*plugins.readers().values(), *plugins.reporters().values())
    mine = (
        *subject.rules,
        *subject.documents,
        *(one for one in others if plugins.owner(one) == subject.plugin),
    )
    if subject.format is None and not mine:
        yield "il n’apporte rien : ni format, ni règle, ni document, ni lecteur, ni rapport"


def named(subject: Subject) -> Iterator[str]:
    """Every identifier is well formed, and the rules bear a prefix that is this plugin's alone."""
    if subject.format is not None:
        words = [("le format", subject.format.id)]
        words += [("la pièce", piece.id) for piece in subject.format.pieces]
        words += [("l’étape", step.id) for step in subject.format.steps]
        for what, one in words:
            if not _WORD.fullmatch(one):
                yield f"{what} « {one} » : on attend des minuscules sans accent et des _ (« ma_piece »)"
    for document in subject.documents:
        if not _NAME.fullmatch(document.id):
            yield f"le document « {document.id} » : on attend des minuscules et des tirets (« mon-document »)"
    prefixes = {rule.id.partition("-")[0] for rule in subject.rules}
    if len(prefixes) > 1:
        yield f"les règles ont plusieurs préfixes ({', '.join(sorted(prefixes))}) : gardez-en un"
    for prefix, other in used_prefixes(set(installed()) - {subject.plugin}).items():
        if prefix in prefixes:
            yield f"le préfixe « {prefix} » des règles est celui du plugin « {other} » : changez-en"
    for rule in subject.rules:
        if rule.id.split("-")[1] not in FAMILIES:
            yield f"{rule.id} : la famille « {rule.id.split('-')[1]} » n’est pas parmi {', '.join(FAMILIES)}"


def used_prefixes(names: Iterable[str]) -> Mapping[str, str]:
    """Return the prefixes of the rules of other plugins, and whose they are; broken ones have none."""
    found: dict[str, str] = {}
    for name in sorted(names):
        plugins = Plugins(disabled=set(installed()) - {name, *COMPANIONS})
        try:
            formats = plugins.formats().values()
        except PluginError:
            continue
        for rule in (rule for one in formats for rule in one.rules):
            found.setdefault(rule.id.partition("-")[0], plugins.owner(rule))
    return found


def documented(subject: Subject) -> Iterator[str]:
    """Each rule says what, why, how to mend it, where it is written and since when; successors follow."""
    if subject.format is not None and not subject.rules:
        yield "le format n’a aucune règle à lui"
    known = {rule.id: rule for rule in subject.rules}
    for rule in subject.rules:
        yield from _undocumented(rule)
        if rule.au is not None and rule.du is not None and rule.au < rule.du:
            yield f"{rule.id} : elle finit (au {rule.au}) avant de commencer (du {rule.du})"
        if rule.remplace is None:
            continue
        before = known.get(rule.remplace)
        if before is None:
            yield f"{rule.id} remplace {rule.remplace}, qui n’existe pas dans ce plugin"
        elif before.au is None or rule.du != before.au + dt.timedelta(days=1):
            yield f"{rule.id} (du {rule.du}) ne commence pas au lendemain de {before.id} (au {before.au})"


def _undocumented(rule: Rule) -> Iterator[str]:
    for key in ("titre", "pourquoi", "correction"):
        if not getattr(rule, key).strip():
            yield f"{rule.id} : « {key} » est vide"
    if not rule.reference.texte.strip():
        yield f"{rule.id} : « reference.texte » est vide : nommez le texte public, ou le guide de l’outil"
    if rule.du is None:
        yield f"{rule.id} : « du » manque : depuis quand la règle est-elle en vigueur ?"
    blocking = rule.gravite is Severity.BLOCKING and rule.nature == "programme"
    if blocking and not (rule.reference.citation or rule.reference.url):
        yield f"{rule.id} : bloquante, elle cite un texte public (« citation » ou « url »)"


def examples_behave(subject: Subject) -> Iterator[str]:
    """Each example of each rule ends in the state it announces; each rule shows what it refuses."""
    for rule in subject.rules:
        for wanted in ("conforme", "non_conforme"):
            if not rule.exemples.get(wanted) and not (wanted != "conforme" and rule.exemples.get("a_voir")):
                yield f"{rule.id} : aucun exemple « {wanted} »"
        if wrong := disproved(rule):
            yield f"{rule.id} : on attend {wrong}"
            continue
        for state, examples in rule.exemples.items():
            for rank, facts in enumerate(examples, 1):
                judgement = judge(rule, facts)
                if any(not one.message.strip() for one in judgement.observations):
                    yield f"{rule.id}, exemple « {state} » n° {rank} : le constat ne dit rien"
