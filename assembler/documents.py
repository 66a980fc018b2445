"""One document of a checked dossier: what it is made from, made, and why it may be refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from assembler.contributions import Case, Copy, Template
from assembler.deadline import within
from assembler.errors import WritingError
from assembler.fiche import total
from assembler.model import Document, Frozen, Report, Severity, State
from assembler.readers.limits import LIMITS
from assembler.vetting import content_fault

if TYPE_CHECKING:
    from assembler.pipeline import Checked

__all__ = ["blocked", "case_of", "document_of", "timed"]

T = TypeVar("T")

_NAMED = 3
"""Rules named in one sentence."""


def case_of(checked: Checked, edition: dt.date) -> Case:
    """Return what the documents of a dossier are made from; it must have been checked."""
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


def document_of(
    checked: Checked,
    template: Template,
    copy: Copy,
    name: str,
    edition: dt.date,
    in_spite: str | None = None,
) -> Document:
    """Return one document of a dossier, made and not written."""
    case = case_of(checked, edition)
    properties = {"assemble-malgre": in_spite} if in_spite and template.binding else {}
    build = copy.build or template.build
    if build is not None:
        content = timed(partial(build, case, copy))
        if told := content_fault(content, name):
            raise WritingError(f"La fabrique (build) de « {template.id} » rend {told}.")
    else:
        from assembler.rendering.docx import render

        if template.template is None or template.context is None:
            raise WritingError(f"Le document « {template.id} » n’a ni gabarit ni fabrique.")
        content = render(
            template.template.read_bytes(),
            timed(partial(template.context, case, copy)),
            name=template.template.name,
            properties={
                "title": template.title,
                "subject": str(checked.report.intitule or ""),
                "edition": edition.isoformat(),
                **properties,
            },
        )
    return Document(id=template.id, step=template.step, name=name, content=content, properties=properties)


def timed(function: Callable[[], T]) -> T:
    """Call the code of a document; one that never ends costs this document alone."""
    try:
        return within(LIMITS.build, function)
    except TimeoutError as error:
        raise TimeoutError(f"arrêté au bout de {LIMITS.build} s") from error


def blocked(report: Report) -> str:
    """Return in French which findings refuse a document, how to read them, how to override."""
    rules = dict.fromkeys(
        one.regle
        for one in report.constats
        if one.etat is State.NON_CONFORME and one.gravite is Severity.BLOCKING
    )
    named = ", ".join([*list(rules)[:_NAMED], *(["…"] if len(rules) > _NAMED else [])])
    points = f"{len(rules)} points bloquants" if len(rules) > 1 else "un point bloquant"
    return (
        f'le dossier a {points} : {named} ; pour les lire : assemble controler "{report.chemin}" ; '
        'pour passer outre : --malgre "motif"'
    )
