"""The whole way, from the folder to the report and to the documents: read this first.

``check_dossier`` turns a folder into facts and judges them; ``produce`` pours facts and findings
into documents and hands them to the writer. Nothing else in the engine decides anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assembler import __version__
from assembler.checking import Outcome, check, in_force, verdict
from assembler.contributions import Case, Copy, Format, Rule, Template
from assembler.errors import NothingToCheck, UsageError, WritingError
from assembler.fiche import total
from assembler.folder import Folder, open_folder
from assembler.intake import take_in
from assembler.manager import Plugins
from assembler.model import Document, Dossier, Frozen, Report, RuleResult, Verdict, dig
from assembler.visas import read_visas
from assembler.writing import Writer, Written

__all__ = ["Checked", "Made", "Order", "Request", "check_dossier", "produce"]


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


def check_dossier(path: Path, plugins: Plugins, request: Request) -> Checked:
    """Check one dossier.

    Raises:
        UsageError: the format, the step or the reference folder asked for does not exist.
        PluginError: two plugins conflict.
    """
    formats, readers = plugins.formats(), plugins.readers()
    try:
        folder = open_folder(path)
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
        return Checked(
            report=Report(
                chemin=str(path),
                verdict=None,
                erreur=str(error),
                plugins=plugins.statuses,
                exit_code=error.exit_code,
            )
        )
    steps = [step.id for step in format_.steps]
    rules = in_force(format_.rules, steps, dossier.step, dossier.date_regles)
    providers = {rule.id: plugins.provider(rule) for rule in rules}
    try:
        visas = read_visas(folder.output)
    except WritingError as error:  # what was seen does not count; the rest is checked all the same
        visas = ()
        dossier = replace(dossier, notes=(*dossier.notes, f"Les visas ne comptent pas : {error}"))
    outcome = check(dossier, format_, rules, visas, providers)
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
        },
    )
    return Checked(
        report=report, folder=folder, dossier=dossier, format=format_, rules=rules, outcome=outcome
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
    command: str = "produire"


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What became of one document."""

    id: str
    name: str
    kind: str
    """``nouveau``, ``mis_a_jour``, ``inchange``, ``a_cote``, ``deja_propose``, ``apercu``,
    ``sans_objet`` (with the reason), ``refuse`` or ``echec``."""
    reason: str | None = None
    exit_code: int = 0


def produce(checked: Checked, order: Order, today: dt.date) -> tuple[Made, ...]:
    """Produce the documents of a dossier's step, one by one; a failure stops none of the others.

    Raises:
        UsageError: a document asked for does not exist in this format.
    """
    dossier, format_, folder = checked.dossier, checked.format, checked.folder
    if dossier is None or format_ is None or folder is None:
        return ()
    writer = Writer(
        order.output or folder.output,
        replace=order.replace,
        command=order.command,
        version=__version__,
        motive=order.in_spite,
    )
    made: list[Made] = []
    for template in _wanted(format_, dossier.step, order.documents):
        case = _case(checked, order.edition or today)
        if template.binding and checked.report.verdict is Verdict.A_COMPLETER and not order.in_spite:
            reason = "le dossier a un point bloquant ; --malgre « motif » passe outre"
            made.append(Made(id=template.id, name=template.id, kind="refuse", reason=reason, exit_code=1))
            continue
        reason_not = template.condition(case)
        if reason_not:
            made.append(Made(id=template.id, name=template.id, kind="sans_objet", reason=reason_not))
            continue
        made += [_make(checked, template, copy, writer, order, today) for copy in template.copies(case)]
    if not order.preview:
        writer.close()
    return tuple(made)


def _wanted(format_: Format, step: str, ids: Sequence[str]) -> Iterator[Template]:
    known = {template.id: template for template in format_.documents}
    for one in ids:
        if one not in known:
            raise UsageError(f"Le document « {one} » n’existe pas. Documents : {', '.join(known)}.")
    for template in format_.documents:
        if template.id in ids or (not ids and template.step == step and not template.on_request):
            yield template


def _case(checked: Checked, edition: dt.date) -> Case:
    assert checked.dossier is not None  # produce() has looked
    assert checked.format is not None
    return Case(
        dossier=checked.dossier,
        report=checked.report,
        format=checked.format,
        rules=checked.rules,
        edition=edition,
        fiche=Frozen(total(checked.format.fiche, checked.dossier.facts["fiche"])),
    )


def _make(
    checked: Checked, template: Template, copy: Copy, writer: Writer, order: Order, today: dt.date
) -> Made:
    suffix = f"-{copy.suffix}" if copy.suffix else ""
    name = f"{template.id}{suffix}.{template.extension}"
    try:
        # An unchanged document keeps the date of edition it was first written with.
        known = order.edition or writer.edition(template.step, name)
        edition = known or today
        document = _document(checked, template, copy, name, edition, order.in_spite)
        if known and order.edition is None and not writer.same(document):
            edition = today
            document = _document(checked, template, copy, name, edition, order.in_spite)
        if order.preview:
            return Made(id=template.id, name=f"{template.step}/{name}", kind="apercu")
        written: Written = writer.write(document, edition)
    except WritingError as error:
        return Made(id=template.id, name=name, kind="echec", reason=str(error), exit_code=error.exit_code)
    except Exception as error:  # the template is at fault; the other documents are made all the same
        told = f"{type(error).__name__} : {error}"
        return Made(id=template.id, name=name, kind="echec", reason=told, exit_code=WritingError.exit_code)
    return Made(id=template.id, name=f"{template.step}/{written.path.name}", kind=written.kind)


def _document(
    checked: Checked, template: Template, copy: Copy, name: str, edition: dt.date, in_spite: str | None
) -> Document:
    case = _case(checked, edition)
    properties = {"assemble-malgre": in_spite} if in_spite and template.binding else {}
    if template.build is not None:
        content = template.build(case, copy)
    else:
        from assembler.rendering.docx import render

        if template.template is None or template.context is None:
            raise WritingError(f"Le document « {template.id} » n’a ni gabarit ni fabrique.")
        content = render(
            template.template.read_bytes(),
            template.context(case, copy),
            name=template.template.name,
            properties={
                "title": template.title,
                "subject": str(checked.report.intitule or ""),
                "edition": edition.isoformat(),
                **properties,
            },
        )
    return Document(id=template.id, step=template.step, name=name, content=content, properties=properties)
