"""The whole way, from the folder to the report and to the documents: read this first.

``check_dossier`` turns a folder into facts and judges them; ``produce`` pours facts and findings
into documents and hands them to the writer. Nothing else in the engine decides anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from assembler import __version__
from assembler.checking import Outcome, changed_since, check, in_force, verdict
from assembler.contributions import Case, Copy, Format, Rule, Template
from assembler.documents import blocked, case_of, document_of, timed
from assembler.errors import (
    FolderHeld,
    MissingValue,
    NothingToCheck,
    PluginError,
    UnreadableDossier,
    UsageError,
    WritingError,
)
from assembler.fiche import labels
from assembler.fingerprints import rules_fingerprint
from assembler.folder import OUTPUT, Folder, open_folder
from assembler.intake import take_in
from assembler.journal import last_lines
from assembler.manager import Plugins
from assembler.model import (
    Dossier,
    Made,
    Report,
    RuleResult,
    Verdict,
    dig,
)
from assembler.seals import read_seal
from assembler.strictness import stop_if_strict
from assembler.visas import read_visas
from assembler.writing import Writer, Written

__all__ = [
    "Checked",
    "Made",
    "Order",
    "Request",
    "check_dossier",
    "make_documents",
    "produce",
    "produce_all",
    "writer_of",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What is asked on the command line; None means « what the dossier says »."""

    format_id: str | None = None
    step: str | None = None
    day: dt.date | None = None
    today: dt.date
    reference_folder: Path | None = None
    """Where the reference files are; None: ``assembler.toml``, else beside the shared folder."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A dossier that was checked; without ``dossier`` when there was nothing to check."""

    report: Report
    folder: Folder | None = None
    dossier: Dossier | None = None
    format: Format | None = None
    rules: tuple[Rule, ...] = ()
    outcome: Outcome | None = None
    unreadable: bool = False
    """It is there, and does not open."""
    fingerprint: Callable[[], str] = str
    """Gives the fingerprint of the rules in force (:mod:`assembler.fingerprints`)."""


def check_dossier(path: Path, plugins: Plugins, request: Request) -> Checked:
    """Check one dossier.

    Raises:
        UsageError: the format, the step or the reference folder asked for does not exist.
        PluginError: two plugins conflict.
    """
    formats, readers = plugins.formats(), plugins.readers()
    try:
        folder = open_folder(path, lambda name: any(one.named(name) is not None for one in formats.values()))
        dossier, format_ = take_in(
            folder,
            formats,
            readers,
            format_id=request.format_id,
            step=request.step,
            day=request.day,
            today=request.today,
            reference_folder=request.reference_folder,
        )
    except NothingToCheck as error:
        unreadable = isinstance(error, UnreadableDossier)
        return _unchecked(path, plugins, str(error), error.exit_code, unreadable=unreadable)
    unknown = next((fault.message for fault in dossier.faults if fault.kind == "format"), None)
    if unknown and any(status.etat == "echec" for status in plugins.statuses):
        # The plugin that failed may be the one that gives it: not a fault of the dossier.
        return _unchecked(path, plugins, unknown, PluginError.exit_code)
    steps = [step.id for step in format_.steps]
    rules = in_force(format_.rules, steps, dossier.step, dossier.date_regles)
    if changed := changed_since(format_.rules, rules, request.today):
        dossier = replace(dossier, notes=(*dossier.notes, _changed(changed)))
    providers = {rule.id: plugins.provider(rule) for rule in rules}
    try:
        visas = read_visas(folder.output)
    except WritingError as error:  # what was seen does not count; the rest is checked all the same
        visas = ()
        dossier = replace(dossier, notes=(*dossier.notes, f"Les visas ne comptent pas : {error}"))
    outcome = check(dossier, format_, rules, visas, providers)
    fingerprint = partial(rules_fingerprint, plugins, format_.id, dossier.date_regles)
    failed = any(status.etat == "echec" for status in plugins.statuses)
    said = verdict(outcome, rules, failed)
    report = Report(
        chemin=str(path),
        verdict=said,
        dossier=dossier,
        intitule=dig(dossier.facts, "fiche.intitule"),
        constats=outcome.findings,
        regles=tuple(
            RuleResult(
                id=rule.id,
                etat=outcome.states[rule.id].state,
                motif=outcome.states[rule.id].reason
                if outcome.states[rule.id].state.value != "non_conforme"
                else None,
            )
            for rule in rules
        ),
        plugins=plugins.statuses,
        exit_code=said.exit_code,
        titles={
            format_.id: format_.title,
            **{step.id: step.title for step in format_.steps},
            **{piece.id: piece.title for piece in format_.pieces},
            **{rule.id: rule.titre for rule in rules},
            **labels(format_.fiche, (one.reason for one in outcome.states.values())),
        },
        scelle=read_seal(folder, dossier, fingerprint),
        journal=last_lines(folder.output),
    )
    return Checked(
        report=report,
        folder=folder,
        dossier=dossier,
        format=format_,
        rules=rules,
        outcome=outcome,
        fingerprint=fingerprint,
    )


def _changed(rules: Mapping[str, str]) -> str:
    """Say which rules of the dossier's date have another text today."""
    what = "Une règle a changé depuis" if len(rules) == 1 else "Des règles ont changé depuis"
    return f"{what} : {', '.join(f'{old} → {new}' for old, new in rules.items())}."


def _unchecked(
    path: Path, plugins: Plugins, why: str, exit_code: int, *, unreadable: bool = False
) -> Checked:
    """Say why a dossier is not checked; a plugin that failed may be the cause."""
    failed = [
        f"Plugin en échec : {one.nom} ({str(one.cause).rstrip('.')})."
        for one in plugins.statuses
        if one.cause
    ]
    return Checked(
        report=Report(
            chemin=str(path),
            verdict=None,
            erreur=" ".join((why, *failed)),
            plugins=plugins.statuses,
            exit_code=exit_code,
        ),
        unreadable=unreadable,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What to produce, where and how."""

    documents: tuple[str, ...] = ()
    """Ids; empty: all those of the step."""
    output: Path | None = None
    edition: dt.date | None = None
    replace: bool = False
    preview: bool = False
    in_spite: str | None = None
    """The reason for producing what binds in spite of a blocking finding."""
    also: tuple[str, ...] = ()
    """The other file formats in which each document is given (:data:`assembler.copies.FORMATS`)."""
    command: str = "produire"
    own: Callable[[Checked, Template], Template] = lambda _checked, template: template
    """Gives a document with the user's own Word template in lieu of the shipped one, or as it is."""


def produce(checked: Checked, order: Order, today: dt.date) -> tuple[Made, ...]:
    """Produce the documents of a dossier's step, then their copies; see :func:`produce_all`."""
    return tuple(one for _, made in produce_all((checked,), order, today) for one in made)


def produce_all(
    dossiers: Sequence[Checked], order: Order, today: dt.date, converting: Callable[[], None] = lambda: None
) -> Iterator[tuple[Checked, tuple[Made, ...]]]:
    """Produce the documents of each dossier, then the copies of all of them, converted together.

    Documents and copies are made one by one; a failure stops none of the others.

    Args:
        dossiers: as just checked; one where there was nothing to check gets no document.
        order: what to produce.
        today: date of edition of what is new.
        converting: called before a conversion, which takes seconds.

    Yields:
        Each dossier with its documents as soon as they are written; once more with the copies, if any.

    Raises:
        UsageError: a document asked for does not exist in this format.
    """
    with ExitStack() as writers:
        done: list[tuple[Writer | None, tuple[Made, ...]]] = []
        for checked in dossiers:
            writer = writer_of(checked, order)
            made = make_documents(checked, writers.enter_context(writer), order, today) if writer else ()
            done.append((writer, made))
            yield checked, made
        if order.also:
            from assembler.copies import make_copies

            for checked, copies in zip(
                dossiers, make_copies(done, order.also, today, converting), strict=True
            ):
                if copies:
                    yield checked, copies


def writer_of(checked: Checked, order: Order) -> Writer | None:
    """Return what writes a dossier's documents; None where there was nothing to check."""
    if checked.folder is None or checked.dossier is None:
        return None
    return Writer(
        order.output or checked.folder.output,
        replace=order.replace,
        elsewhere=", ou choisissez un autre dossier avec --sortie",
        command=order.command,
        version=__version__,
        motive=order.in_spite,
        rules=checked.fingerprint,
    )


def make_documents(checked: Checked, writer: Writer, order: Order, today: dt.date) -> tuple[Made, ...]:
    """Produce the documents of one dossier with its writer; see :func:`produce_all`.

    Raises:
        UsageError: a document asked for does not exist in this format, or the folder of templates does not.
    """
    dossier, format_ = checked.dossier, checked.format
    assert dossier is not None  # writer_of() has looked
    assert format_ is not None
    made: list[Made] = []
    for template in _wanted(format_, dossier.step, order.documents):
        case = case_of(checked, order.edition or today)
        refusable = template.binding and not template.despite_findings
        if refusable and checked.report.verdict is Verdict.A_COMPLETER and not order.in_spite:
            reason = blocked(checked.report)
            made.append(Made(id=template.id, name=template.id, kind="refuse", reason=reason, exit_code=1))
            continue
        try:
            reason_not = timed(partial(template.condition, case))
            copies = () if reason_not else timed(partial(_copies, template, case))
            used = template if reason_not else order.own(checked, template)
        except UsageError:
            raise
        except (Exception, SystemExit) as error:  # the other documents are made all the same
            stop_if_strict(error, template.condition, f"document {template.id}")
            made.append(_failed(template, template.id, error))
            continue
        if reason_not:
            made.append(Made(id=template.id, name=template.id, kind="sans_objet", reason=reason_not))
        try:
            some = [_make(checked, used, copy, writer, order, today) for copy in copies]
        except FolderHeld as error:  # said once: the others would be as well
            made.append(_failed(template, OUTPUT, error))
            break
        made += some if used is template else map(_from_own, some)
    if writer.taken_over:
        made.append(Made(id="verrou", name="verrou", kind="repris", reason=writer.taken_over))
    return tuple(made)


def _from_own(made: Made) -> Made:
    """Say that a document was made from the user's own template, when nothing else is said of it."""
    return made if made.reason else replace(made, reason="gabarit du bureau")


def _wanted(format_: Format, step: str, ids: Sequence[str]) -> Iterator[Template]:
    known = {template.id: template for template in format_.documents}
    for one in ids:
        if one not in known:
            raise UsageError(f"Le document « {one} » n’existe pas. Documents : {', '.join(known)}.")
    for template in format_.documents:
        if template.id in ids or (not ids and template.step == step and not template.on_request):
            yield template


def _make(
    checked: Checked, template: Template, copy: Copy, writer: Writer, order: Order, today: dt.date
) -> Made:
    suffix = f"-{copy.suffix}" if copy.suffix else ""
    name = f"{template.id}{suffix}.{copy.extension or template.extension}"
    file = f"{template.step}/{name}"
    try:
        # An unchanged document keeps the date of edition it was first written with.
        known = order.edition or writer.edition(template.step, name)
        edition = known or today
        document = document_of(checked, template, copy, name, edition, order.in_spite)
        if known and order.edition is None and not writer.same(document):
            edition = today
            document = document_of(checked, template, copy, name, edition, order.in_spite)
        if order.preview:
            return Made(id=template.id, name=file, kind="apercu", file=file)
        written: Written = writer.write(document, edition)
    except FolderHeld:
        raise
    except (Exception, SystemExit) as error:  # the other documents are made all the same
        stop_if_strict(error, copy.build or template.build or template.context, f"document {template.id}")
        return _failed(template, name, error)
    name = f"{template.step}/{written.path.name}"
    return Made(id=template.id, name=name, kind=written.kind, reason=written.reason, file=file)


def _failed(template: Template, name: str, error: BaseException) -> Made:
    told = str(error) if isinstance(error, WritingError) else f"{type(error).__name__} : {error}"
    return Made(
        id=template.id,
        name=name,
        kind="echec",
        reason=told,
        exit_code=WritingError.exit_code,
        lacking=isinstance(error, MissingValue),
    )


def _copies(template: Template, case: Case) -> tuple[Copy, ...]:
    return tuple(template.copies(case))
