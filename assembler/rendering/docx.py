"""A Word template and values become a Word document; the same ones always give the same bytes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError
from lxml import etree

from assembler.errors import AssemblerError, MissingValue, TemplateError
from assembler.rendering.canonical import CORE, CUSTOM, core_properties, custom_properties
from assembler.rendering.environment import FRAGMENT, PLACED, Gap, Refused
from assembler.rendering.faults import line_of, where
from assembler.rendering.finishing import (
    finish_runs,
    marks_in,
    mend_blocks,
    number_drawings,
    plain_text,
    widen_grids,
)
from assembler.rendering.fragments import Fragment
from assembler.rendering.grafting import graft
from assembler.rendering.markup import BLOCK_HOLDERS, text_of, w
from assembler.rendering.parts import Parts
from assembler.rendering.templates import Compiled, CompiledPart, compiled

__all__ = ["render"]

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
_TAG_LEFT = re.compile(r"\{[{%#]")


def render(
    template: bytes, context: Mapping[str, Any], *, name: str, properties: Mapping[str, str] | None = None
) -> bytes:
    """Pour ``context`` into a Word template in docxtpl syntax.

    Args:
        template: bytes of the .docx (or .dotx).
        context: values by name: texts, integers, lists, groups, dates and decimals (through a filter),
            :class:`~assembler.rendering.fragments.Fragment` (alone in its paragraph: ``{{p … }}``).
        name: the template's name, for the messages.
        properties: ``title``, ``author``, ``subject``, ``keywords``, ``description``, ``category``;
            ``edition`` (ISO date), said to be the creation and the last change; any other key becomes
            a custom property.

    Returns:
        The bytes of a .docx.

    Raises:
        MissingValue: a tag prints a value that the dossier does not give.
        TemplateError: a tag names what does not exist, is badly written, or prints a bare date, decimal,
            list or yes/no. Both name the template, the paragraph and the tag.
    """
    ready = compiled(template, name)
    context = dict(context)  # what Jinja copies for each part
    parts = Parts(ready.members, ready.sources)
    placed: list[tuple[Fragment, str | None]] = []
    token = PLACED.set(placed)
    try:
        for part in ready.parts:
            parts.put_xml(part.name, _render_part(part, context, name))
        title = _properties(ready, context, name)
    finally:
        PLACED.reset(token)
    if placed:
        _place(parts, ready.document, placed, name)
    drawings = 1
    for part in ready.parts:
        root = parts.xml(part.name)
        mend_blocks(root)
        drawings = number_drawings(root, drawings)
    _finish_properties(parts, {**title, **(properties or {})})
    return parts.finish()


def _render_part(part: CompiledPart, context: Mapping[str, Any], name: str) -> etree._Element:
    xml = _run(part, context, name).replace("\n", "")
    if "{" in xml and _TAG_LEFT.search(xml):
        raise TemplateError(
            f"Gabarit « {name} » : une balise est restée dans le texte ; écrivez {{_{{ pour une accolade."
        )
    try:
        root = etree.fromstring(xml.encode(), _PARSER)
    except etree.XMLSyntaxError as cause:
        at = cause.position[1] or 0
        near = " ".join(re.sub(r"<[^>]*>?", " ", xml[max(0, at - 400) : at]).split())[-60:]
        raise TemplateError(
            f"Gabarit « {name} », après « {near} » : le document obtenu est mal formé ; une boucle ou une"
            " condition commence dans un paragraphe, une ligne ou une cellule et finit dans une autre"
            " (écrivez {%p … %}, {%tr … %} ou {%tc … %})."
        ) from cause
    finish_runs(root, marks_in(xml), attributes=part.attributes)
    if part.columns:
        widen_grids(root)
    return root


def _run(part: CompiledPart, context: Mapping[str, Any], name: str) -> str:
    try:
        return part.template.render(context)
    except AssemblerError:
        raise
    except Exception as cause:  # whatever a value does inside a filter, it is this tag that is named
        begin = where(name, part.lines, line_of(cause.__traceback__))
        if isinstance(cause, Gap):
            raise MissingValue(f"{begin} {cause} : complétez la fiche.") from cause
        raise TemplateError(f"{begin} {_cause(cause)}.") from cause


def _cause(cause: Exception) -> str:
    if isinstance(cause, Refused):
        return str(cause)
    if isinstance(cause, jinja2.UndefinedError):
        names = re.findall(r"'([^']*)'", cause.message or "")
        return f"nomme « {names[-1] if names else '?'} », qui n’existe pas dans les valeurs de ce document"
    if isinstance(cause, SecurityError):
        return "demande ce qu’un gabarit n’a pas le droit de faire"
    return f"ne convient pas à la valeur donnée ({type(cause).__name__})"


def _properties(ready: Compiled, context: Mapping[str, Any], name: str) -> dict[str, str]:
    found = {}
    for key, template in ready.core.items():
        try:
            found[key] = plain_text(template.render(context))
        except Exception as cause:
            kind = MissingValue if isinstance(cause, Gap) else TemplateError
            raise kind(f"Gabarit « {name} », propriété « {key} » : la balise {_cause(cause)}.") from cause
    return found


def _place(parts: Parts, document: str, placed: list[tuple[Fragment, str | None]], name: str) -> None:
    """Put each fragment in lieu of the paragraph that stands for it."""
    for root_name in parts.rendered():
        for held in list(parts.xml(root_name).iter(w("p"))):
            text = text_of(held)
            if not text.startswith(FRAGMENT):
                continue
            parent = held.getparent()
            fragment, style = placed[int(text[1:])]
            if root_name != document or parent is None or parent.tag not in BLOCK_HOLDERS | {w("sdtContent")}:
                raise TemplateError(
                    f"Gabarit « {name} » : un extrait de pièce ne peut être posé que dans le corps"
                    " du texte, avec {{p … }} seul dans son paragraphe."
                )
            place = parent.index(held)
            parent[place : place + 1] = graft(fragment, parts, document, style, in_cell=parent.tag == w("tc"))


def _finish_properties(parts: Parts, properties: Mapping[str, str]) -> None:
    edition = dt.date.fromisoformat(properties["edition"]) if properties.get("edition") else None
    parts.put(CORE, core_properties(properties, edition))
    custom = custom_properties(properties)
    if custom is not None:
        parts.put(CUSTOM, custom)
        parts.declare(CUSTOM, "application/vnd.openxmlformats-officedocument.custom-properties+xml")
        parts.relate("", "custom-properties", CUSTOM)
