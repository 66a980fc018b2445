"""Every name that a template may use, in French, with its type and an example."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from assembler.contributions import Field, Format
from assembler.doctor.desk import NO_EXAMPLE, document_of
from assembler.doctor.examples import Catalogue
from assembler.doctor.values import Value, leaves
from assembler.french import date_longue, nombre
from assembler.rendering.faults import shorten
from assembler.text import fold

__all__ = ["field_lines", "label_of", "labels"]

_HEAD = """\
Une balise s’écrit {{ nom }}. « acteurs[].nom » se lit dans une boucle sur la liste :
{%p for un in acteurs %} … {{ un.nom }} … {%p endfor %}."""


def field_lines(catalogue: Catalogue, ident: str | None) -> Iterator[str]:
    """List what the templates of a format may print, or that of one document.

    Raises:
        UsageError: the document does not exist.
    """
    asked = document_of(catalogue, ident)
    documents = (asked,) if asked is not None else catalogue.documents()
    yield from _HEAD.splitlines()
    if not any(catalogue.given(one).contexts for one in documents):
        yield ""
        yield from fold(f"Aucun exemple ne dit ce que ces documents impriment. {NO_EXAMPLE}")
    french = labels(catalogue.format)
    known: dict[str, Value] = {}
    where: dict[str, list[str]] = {}
    for one in documents:
        for leaf in leaves(catalogue.given(one).root):
            if leaf.kinds or leaf.path not in known:
                known[leaf.path] = leaf
            where.setdefault(leaf.path, []).append(one.id)
    for path in known if asked is not None else sorted(known):
        leaf = known[path]
        yield ""
        yield path
        told = f"{label_of(french, path) or 'sans libellé'} ; {leaf.told}"
        example = _shown(leaf)
        yield from fold(f"{told} ; par exemple : {example}" if example else told, "    ")
        if asked is None:
            names = where[path]
            every = len(names) == len(documents)
            yield from fold(f"documents : {'tous' if every else ', '.join(names)}", "    ")


def labels(format_: Format) -> dict[str, str]:
    """Return the French of names, by dotted name or last words: those of the fields, and the glossary's."""
    found: dict[str, str] = {}

    def gather(name: str, one: Field) -> None:
        if one.label:
            small = one.label[:1].lower() + one.label[1:] if one.label[1:2].islower() else one.label
            found.setdefault(name, small)
        for key, child in one.fields.items():
            gather(key, child)

    kept = [one.fields for one in format_.reference_files]
    for schema in (format_.fiche, format_.instruction, *kept):
        for key, child in schema.root.fields.items() if schema else ():
            gather(key, child)
    return found | dict(format_.glossary())


def label_of(known: Mapping[str, str], path: str) -> str | None:
    """Return the French of a dotted name, None when nothing is known of its last word.

    What is known of its last word alone is completed by what holds it: « courriel (expéditeur) ».
    """
    steps = path.replace("[]", "").split(".")
    for start in range(len(steps)):
        found = known.get(".".join(steps[start:]))
        if found is None:
            continue
        above = label_of(known, ".".join(steps[:-1])) if start and start == len(steps) - 1 else None
        return f"{found} ({above})" if above else found
    return None


def _shown(value: Value) -> str:
    """Return an example as it would be printed, in a few words."""
    given: Any = next((one for one in value.examples.values() if not isinstance(one, Mapping)), None)
    if isinstance(given, (list, tuple, range)):
        words = [str(one) for one in given if isinstance(one, (str, int))]
        some = f"{len(given)} élément{'s' if len(given) > 1 else ''}" if given else ""
        return f"« {shorten(' / '.join(words), 60)} »" if words else some
    match given:
        case bool():
            return "oui" if given else "non"
        case Decimal():
            return nombre(given)
        case dt.date():
            return date_longue(given)
        case str() | int():
            return f"« {shorten(str(given), 60)} »" if str(given).strip() else ""
        case _:
            return ""
