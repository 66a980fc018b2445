"""What a plugin hands over is looked at before it is used: a format that would break every run is refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any

from assembler.contributions import (
    RULE_ID,
    FieldSchema,
    Format,
    Piece,
    ReferenceFile,
    Rule,
    Section,
    Step,
    Template,
)
from assembler.patterns import ambiguity

__all__ = ["content_fault", "document_fault", "format_fault", "rule_fault"]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, (tuple, list)) and all(map(_text, value))


def _groups(value: Any) -> bool:
    return isinstance(value, (tuple, list)) and all(map(_texts, value))


def _set(value: Any) -> bool:
    return isinstance(value, (Set, tuple, list)) and all(map(_text, value))


def _patterns(value: Any) -> bool:
    return isinstance(value, Mapping) and _texts([*value, *value.values()])


def _fields(value: Any) -> bool:
    return value is None or isinstance(value, FieldSchema)


def _called(value: Any) -> bool:
    return value is None or callable(value)


_EXPECTED: Mapping[Callable[[Any], bool], str] = {
    _text: "un texte",
    _texts: 'un tuple de textes, comme ("…",)',
    _groups: 'un tuple de tuples de textes, comme (("…", "…"),)',
    _set: 'un ensemble de textes, comme frozenset({"pdf"})',
    _patterns: 'un dictionnaire de textes, comme {"…": "…"}',
    _fields: "un FieldSchema",
    callable: "une fonction",
    _called: "une fonction",
}
_HOLDS: Mapping[type, Mapping[str, Callable[[Any], bool]]] = {
    Format: {
        "title": _text,
        "fiche": _fields,
        "instruction": _fields,
        "settled": callable,
        "decided": callable,
        "detect": callable,
        "day": _called,
        "examples": callable,
        "glossary": callable,
        "proposed": callable,
    },
    Step: {"id": _text, "title": _text},
    Section: {"id": _text, "title": _text, "patterns": _texts},
    Piece: {
        "id": _text,
        "title": _text,
        "names": _texts,
        "folders": _texts,
        "natures": _set,
        "clues": _groups,
        "signatories": _texts,
        "unlikely": _texts,
        "mentions": _patterns,
        "facts": _called,
    },
    Template: {
        "id": _text,
        "title": _text,
        "context": _called,
        "build": _called,
        "condition": callable,
        "copies": callable,
    },
    Rule: {"id": _text, "titre": _text, "check": _called},
    ReferenceFile: {"id": _text, "folder": _text, "key": _text, "named_by": _text},
}
"""What each field must hold for the engine to use it; the others cannot stop a run."""


def format_fault(one: Format, *, tried: bool = False) -> str | None:
    """Return in French what keeps a format from being used, or None.

    Args:
        one: the format.
        tried: its patterns are known to be regular expressions.
    """
    where = f"format « {one.id} » : "
    if told := _mistyped(one):
        return where + told
    for name, kind in (
        ("steps", Step),
        ("pieces", Piece),
        ("rules", Rule),
        ("documents", Template),
        ("reference_files", ReferenceFile),
    ):
        if told := _listed(getattr(one, name), name, kind):
            return where + told
    if not one.steps:
        return f"{where}il n’a aucune étape (steps)"
    told = next((told for each in one.documents if (told := document_fault(each, one))), None)
    told = told or next((told for rule in one.rules if (told := rule_fault(rule, one))), None)
    told = told or next((told for piece in one.pieces if (told := _piece_fault(piece, tried=tried))), None)
    if told:
        return where + told
    told = _fault(one.folder_name, tried=False) if one.folder_name else None
    return f"folder_name du format « {one.id} » : {told}" if told else None


def rule_fault(rule: Rule, one: Format) -> str | None:
    """Return in French what keeps a rule from being judged on the dossiers of a format, or None."""
    if told := _mistyped(rule):
        return f"règle « {rule.id} » : {told}"
    if not RULE_ID.fullmatch(rule.id):
        return f"la règle « {rule.id} » n’a pas un identifiant comme LO-DUR-004"
    for step in (rule.etape, rule.jusqu_a):
        if step is not None and step not in {each.id for each in one.steps}:
            return f"règle {rule.id} : l’étape « {step} » n’existe pas dans le format « {one.id} »"
    return None


def document_fault(document: Template, one: Format) -> str | None:
    """Return in French what keeps a document of a format from being made, or None."""
    where = f"document « {document.id} » : "
    if told := _mistyped(document):
        return where + told
    # What another plugin adds to every format serves those that have its step, and them alone.
    own = any(document is each for each in one.documents)
    if own and document.step not in {step.id for step in one.steps}:
        return f"l’étape « {document.step} » du document « {document.id} » n’existe pas"
    if document.build and (document.template or document.context):
        return f"{where}build et template à la fois, il faut l’un ou l’autre"
    if bool(document.template) is not bool(document.context):
        return f"{where}template et context vont ensemble"
    # One that tells its copies may give each of them what makes it.
    if not (document.build or document.template) and document.copies is _ALONE:
        return f"{where}ni template (avec context) ni build ne le fabrique"
    return None


def content_fault(content: Any, name: str) -> str | None:
    """Say in French why what a plugin made is no file of that name, or return None."""
    if not isinstance(content, bytes):
        return f"un {type(content).__name__} au lieu d’octets (bytes)"
    suffix = name.rpartition(".")[2].lower()
    begins = _BEGINS.get(suffix, b"")
    return None if content.startswith(begins) and content else f"un contenu qui n’est pas un fichier {suffix}"


_ALONE = Template.__dataclass_fields__["copies"].default
_BEGINS: Mapping[str, bytes] = {
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "zip"), b"PK\x03\x04"),
    "pdf": b"%PDF-",
}


def _mistyped(item: Any) -> str | None:
    """Say which field of a contribution holds something else than the engine uses."""
    for name, right in _HOLDS[type(item)].items():
        value = getattr(item, name)
        if not right(value):
            return f"{name} est {value!r:.60} ({type(value).__name__}), on attend {_EXPECTED[right]}"
    return None


def _listed(given: Any, name: str, kind: type[Any]) -> str | None:
    if not isinstance(given, (tuple, list)):
        return f"{name} est un {type(given).__name__}, on attend un tuple de {kind.__name__}"
    for item in given:
        if not isinstance(item, kind):
            return f"{name} contient un {type(item).__name__} au lieu de {kind.__name__}"
        if told := _mistyped(item):
            return f"{name}, « {item.id} » : {told}"
    twice = next((one for one, times in Counter(item.id for item in given).items() if times > 1), None)
    return f"{name} contient deux fois « {twice} »" if twice else None


def _piece_fault(piece: Piece, *, tried: bool) -> str | None:
    """Say which part of a piece cannot serve: a pattern that is none, or that may never end."""
    where = f"pièce « {piece.id} » : "
    if told := _listed(piece.sections, "sections", Section):
        return where + told
    for name, pattern in _patterns_of(piece):
        if told := _fault(pattern, tried=tried):
            return f"{where}{name} : {told}"
    return None


def _patterns_of(piece: Piece) -> Iterator[tuple[str, str]]:
    given: Mapping[str, Iterable[str]] = {
        "names": piece.names,
        "clues": [pattern for group in piece.clues for pattern in group],
        "signatories": piece.signatories,
        "unlikely": piece.unlikely,
        "sections": [pattern for section in piece.sections for pattern in section.patterns],
        "mentions": piece.mentions.values(),
    }
    return ((name, pattern) for name, patterns in given.items() for pattern in patterns)


def _fault(pattern: str, *, tried: bool) -> str | None:
    """Say what is wrong with a pattern; compiled unless it is known to be a regular expression."""
    try:
        if not tried:
            re.compile(pattern)
        return ambiguity(pattern)
    except (re.error, TypeError) as error:
        return f"« {pattern} » n’est pas une expression régulière ({error})"
