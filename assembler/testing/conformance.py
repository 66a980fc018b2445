"""The conformance kit: every promise of a plugin, checked one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assembler.errors import AssemblerError, UsageError
from assembler.testing import declared, judged, produced
from assembler.testing.subject import Subject, load_subjects

__all__ = ["CONTRACT", "LOADS", "Promise", "Result", "check_plugin", "found"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """One thing that a plugin promises."""

    id: str
    """How it is named on the command line and in the reports."""
    title: str
    """French: what holds when it is kept."""
    faults: Callable[[Subject], Iterator[str]]
    """Yields in French what breaks it."""
    of_format: bool = True
    """Asked of formats only, not of what adds rules or documents to those of others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What became of one promise."""

    promise: Promise
    subject: str
    """The format, or the plugin when it gives none."""
    faults: tuple[str, ...] = ()


CONTRACT = (
    Promise(
        id="identifiants",
        title="les identifiants sont uniques, bien formés, au préfixe du plugin",
        faults=declared.named,
        of_format=False,
    ),
    Promise(
        id="regles",
        title="chaque règle est documentée et datée",
        faults=declared.documented,
        of_format=False,
    ),
    Promise(
        id="exemples",
        title="chaque exemple de règle finit comme il l’annonce",
        faults=declared.examples_behave,
        of_format=False,
    ),
    Promise(
        id="dossier-complet",
        title="le dossier complet n’a aucun constat",
        faults=judged.complete_dossier,
    ),
    Promise(
        id="dossiers-en-defaut",
        title="chaque dossier d’essai donne exactement les constats attendus",
        faults=judged.broken_dossiers,
    ),
    Promise(
        id="reconnaissance",
        title="le dossier complet est reconnu par ce format, et par nul autre",
        faults=judged.claimed,
    ),
    Promise(id="documents", title="les documents de l’étape sont produits", faults=produced.made),
    Promise(
        id="reproductible",
        title="produire deux fois donne les mêmes octets",
        faults=produced.reproducible,
    ),
    Promise(
        id="balises",
        title="aucune balise de gabarit ne reste dans un document",
        faults=produced.no_tag_left,
    ),
    Promise(
        id="office", title="les documents s’ouvrent dans Word, Excel, LibreOffice", faults=produced.valid
    ),
    Promise(id="sortie", title="rien n’est écrit hors de sortie/", faults=produced.only_in_output),
    Promise(id="pieces", title="les fichiers du dossier ne sont pas modifiés", faults=produced.untouched),
)
"""What is checked, in the order of the work."""

LOADS = Promise(
    id="chargement",
    title="le plugin se charge, et apporte quelque chose",
    faults=declared.given,
    of_format=False,
)
"""Without it, nothing else can be checked."""


def check_plugin(
    plugin: str,
    *,
    dossiers: Path | None = None,
    today: dt.date | None = None,
    promises: Sequence[str] = (),
) -> Iterator[Result]:
    """Check everything that an installed plugin promises.

    Args:
        plugin: name of its entry point.
        dossiers: folder of the test dossiers; see :func:`~assembler.testing.subject.load_subjects`.
        today: the day of the dossiers without a date.
        promises: ids of those to check; empty: all.

    Yields:
        One result for each promise of each format, as soon as it is known.

    Raises:
        UsageError: no promise has that id.
    """
    known = {promise.id: promise for promise in CONTRACT}
    for one in promises:
        if one not in known:
            raise UsageError(f"La promesse « {one} » n’existe pas. Promesses : {', '.join(known)}.")
    wanted = tuple(known[one] for one in promises) or CONTRACT
    try:
        subjects = load_subjects(plugin, dossiers=dossiers, today=today)
    except AssemblerError as error:
        yield Result(promise=LOADS, subject=plugin, faults=(str(error),))
        return
    yield Result(promise=LOADS, subject=plugin, faults=found(LOADS, subjects[0]))
    for subject in subjects:
        for promise in wanted:
            if subject.format is not None or not promise.of_format:
                name = subject.format.id if subject.format else plugin
                yield Result(promise=promise, subject=name, faults=found(promise, subject))


def found(promise: Promise, subject: Subject) -> tuple[str, ...]:
    """Return what breaks one promise; a check that fails says so itself."""
    try:
        return tuple(dict.fromkeys(promise.faults(subject)))
    except (Exception, SystemExit) as error:
        return (f"la vérification s’est arrêtée ({type(error).__name__} : {error})",)
