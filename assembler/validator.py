"""The one Cerberus subclass: dotted paths, further types, messages in French.

A rule's ``schema`` maps dotted paths to Cerberus rules (conception.md § 4). It is expanded once
into nested ``dict`` schemas and one :class:`Validator` is kept per rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import cerberus
from cerberus import errors as codes

from assembler.contributions import Rule
from assembler.model import Months

__all__ = ["Compiled", "Failure", "Validator", "compiled", "show"]


class Validator(cerberus.Validator):  # type: ignore[misc]  # Cerberus publishes no types
    """Cerberus with the types of this programme: ``decimal`` and ``mois`` (one or a range)."""

    types_mapping = cerberus.Validator.types_mapping.copy()
    types_mapping["decimal"] = cerberus.TypeDefinition("decimal", (Decimal, int), (bool,))
    types_mapping["mois"] = cerberus.TypeDefinition("mois", (int, Months), (bool,))
    types_mapping["date"] = cerberus.TypeDefinition("date", (dt.date,), ())

    def _validate_min(self, min_value: Any, field: Any, value: Any) -> None:
        """The rule's arguments are validated against this schema: {'nullable': False}"""  # noqa: D415 — Cerberus reads this line
        super()._validate_min(min_value, field, value.min if isinstance(value, Months) else value)

    def _validate_max(self, max_value: Any, field: Any, value: Any) -> None:
        """The rule's arguments are validated against this schema: {'nullable': False}"""  # noqa: D415 — Cerberus reads this line
        super()._validate_max(max_value, field, value.max if isinstance(value, Months) else value)


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that Cerberus refused: where, in French, and the value."""

    path: str
    message: str
    value: Any


class Compiled:
    """A schema of dotted paths, expanded and compiled once.

    Args:
        schema: dotted path -> Cerberus rules; ``[]`` after a name means each item of that list.

    Raises:
        cerberus.SchemaError: the rules are none that Cerberus knows.
    """

    def __init__(self, schema: Mapping[str, Mapping[str, Any]]) -> None:
        self.paths = tuple(schema)
        self.required = frozenset(path for path, rules in schema.items() if rules.get("required"))
        self._validator = Validator(_expand(schema), allow_unknown=True)

    def absent(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the paths at which ``facts`` hold nothing (a list without items is nothing)."""
        return tuple(path for path in self.paths if not _present(facts, path.split(".")))

    def failures(self, facts: Mapping[str, Any]) -> tuple[Failure, ...]:
        """Return what Cerberus refuses in ``facts``, in the order of the schema."""
        if self._validator.validate(facts, normalize=False):
            return ()
        return tuple(self._walk(self._validator._errors, facts))

    def _walk(self, found: Sequence[Any], facts: Mapping[str, Any]) -> Iterator[Failure]:
        for error in found:
            if error.child_errors and not error.is_logic_error:
                yield from self._walk(error.child_errors, facts)
            else:
                path = ".".join(str(step) for step in error.document_path)
                for leaf in self._leaves(path) if error.code == codes.REQUIRED_FIELD.code else (path,):
                    yield Failure(leaf, _message(error), error.value)

    def _leaves(self, path: str) -> tuple[str, ...]:
        """Name the leaves that are required, not the group whose absence hides them."""
        below = tuple(leaf for leaf in self.paths if leaf in self.required and leaf.startswith(f"{path}."))
        return below or (path,)


@lru_cache(maxsize=4096)
def compiled(rule: Rule) -> tuple[Compiled | None, Compiled | None]:
    """Return the compiled ``schema`` and ``si`` of a rule, built once per process.

    Raises:
        cerberus.SchemaError: the rules are none that Cerberus knows.
    """
    return (Compiled(rule.schema) if rule.schema else None, Compiled(rule.si) if rule.si else None)


def _expand(schema: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for path, rules in schema.items():
        steps = path.split(".")
        required = bool(rules.get("required"))
        here = root
        for rank, step in enumerate(steps):
            last = rank == len(steps) - 1
            name, each = step.removesuffix("[]"), step.endswith("[]")
            node = here.setdefault(name, {})
            if required:
                node["required"] = True
            if each:
                node["type"] = "list"
                node = node.setdefault("schema", {})
            if last:
                node.update(rules)
            else:
                node["type"] = "dict"
                node.setdefault("allow_unknown", True)
                here = node.setdefault("schema", {})
    return root


def _present(here: Any, steps: Sequence[str]) -> bool:
    for rank, step in enumerate(steps):
        name = step.removesuffix("[]")
        if not isinstance(here, Mapping) or here.get(name) is None:
            return False
        here = here[name]
        if step.endswith("[]"):
            rest = steps[rank + 1 :]
            return isinstance(here, (list, tuple)) and any(not rest or _present(one, rest) for one in here)
    return not (isinstance(here, (str, list, tuple, Mapping)) and len(here) == 0)


def show(value: Any) -> str:
    """Return a value as a French reader writes it."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.datetime):
        return value.strftime("%d/%m/%Y à %H h %M")
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, (list, tuple)):
        return ", ".join(show(item) for item in value)
    return str(value)


_TYPES = {
    "integer": "un nombre entier",
    "decimal": "un nombre",
    "string": "un texte",
    "date": "une date",
    "list": "une liste",
    "dict": "un groupe de champs",
    "boolean": "« oui » ou « non »",
    "mois": "un nombre de mois",
}


def _message(error: Any) -> str:
    value, bound = error.value, error.constraint
    match error.code:
        case codes.REQUIRED_FIELD.code:
            return "Il manque."
        case codes.BAD_TYPE.code:
            return f"« {show(value)} » n’est pas {_TYPES.get(str(bound), str(bound))}."
        case codes.MIN_VALUE.code:
            return f"{show(value)}, au-dessous du minimum ({show(bound)})."
        case codes.MAX_VALUE.code:
            return f"{show(value)}, au-dessus du maximum ({show(bound)})."
        case codes.MIN_LENGTH.code:
            return f"{len(value)} au lieu de {show(bound)} au moins."
        case codes.MAX_LENGTH.code:
            return f"{len(value)} au lieu de {show(bound)} au plus."
        case codes.UNALLOWED_VALUE.code | codes.UNALLOWED_VALUES.code:
            return f"« {show(value)} » ; on attend : {show(sorted(bound, key=str))}."
        case codes.REGEX_MISMATCH.code:
            return f"« {show(value)} » n’a pas la forme attendue."
        case codes.EMPTY_NOT_ALLOWED.code | codes.NOT_NULLABLE.code:
            return "La valeur est vide."
        case codes.FORBIDDEN_VALUE.code | codes.FORBIDDEN_VALUES.code:
            return f"« {show(value)} » n’est pas admis."
        case codes.MISSING_MEMBERS.code:
            return f"Il manque : {show(sorted(set(bound) - set(value), key=str))}."
        case _:
            return f"« {show(value)} » ne convient pas."
