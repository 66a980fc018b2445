"""What a template of a document may print: names, types and examples, from what example dossiers give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from assembler.model import Months
from assembler.rendering.fragments import Fragment

__all__ = ["BARE", "KINDS", "Value", "leaves", "merged", "value_of"]

KINDS = {
    "texte": "texte",
    "entier": "nombre entier",
    "duree": "nombre de mois",
    "decimal": "nombre décimal",
    "date": "date",
    "oui_non": "oui ou non",
    "extrait": "extrait de pièce",
    "liste": "liste",
    "groupe": "groupe de valeurs",
}
"""Kinds of values, in French."""
BARE = frozenset({"texte", "entier", "duree"})
"""Those that a tag may print as they are."""


@dataclass(slots=True)
class Value:
    """A value as the examples show it; without kind when no example gives it."""

    examples: dict[str, Any] = field(default_factory=dict)
    """One example of each kind seen."""
    fields: dict[str, Value] = field(default_factory=dict)
    """Of a group."""
    item: Value | None = None
    """Of a list."""
    path: str = ""
    """Dotted name, ``[]`` after that of a list whose item it is."""
    wanting: bool = False
    """Some example does not give it."""

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds seen, words of :data:`KINDS`."""
        return frozenset(self.examples)

    @property
    def told(self) -> str:
        """Its kinds, in French."""
        return (
            " ou ".join(KINDS[one] for one in KINDS if one in self.examples)
            or "type inconnu dans les exemples"
        )


def value_of(given: Any, path: str = "") -> Value:
    """Return one given value as a :class:`Value`."""
    found = Value(path=path)
    _add(found, given)
    return found


def merged(contexts: Iterable[Mapping[str, Any]]) -> Value:
    """Return what several contexts of one document give together."""
    root = Value()
    for one in contexts:
        _add(root, one)
    return root


def leaves(value: Value) -> Iterator[Value]:
    """Yield every value below ``value`` that can be printed, items of lists included, in order."""
    if value.path and not (value.kinds <= {"groupe"} and value.fields):
        yield value
    for child in value.fields.values():
        yield from leaves(child)
    if value.item is not None and value.item.fields:
        yield from leaves(value.item)


def _add(into: Value, given: Any) -> None:
    kind = _kind(given)
    if kind is None:
        into.wanting = True
        return
    # an example that says something is better than an empty one
    if kind not in into.examples or (not into.examples[kind] and given):
        into.examples[kind] = given
    if isinstance(given, Mapping):
        for key, child in given.items():
            name = f"{into.path}.{key}" if into.path else str(key)
            _add(into.fields.setdefault(str(key), Value(path=name)), child)
    elif kind == "liste":
        for child in given:
            if into.item is None:
                into.item = Value(path=f"{into.path}[]")
            _add(into.item, child)


def _kind(given: Any) -> str | None:
    """Return the kind of a value, None when it is none or nothing that a template may print."""
    match given:
        case None:
            return None
        case Fragment():
            return "extrait"
        case str() | Markup():
            return "texte"
        case bool():
            return "oui_non"
        case int():
            return "entier"
        case Decimal() | float():
            return "decimal"
        case dt.date():
            return "date"
        case Months():
            return "duree"
        case Mapping():
            return "groupe"
        case list() | tuple() | range():
            return "liste"
        case _:
            return None
