"""What the expression of a tag names and gives, told by trying it on the values of the examples."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2 import nodes

from assembler.doctor.scope import Scope
from assembler.doctor.values import Value, value_of
from assembler.rendering.environment import Environment
from assembler.rendering.faults import nearest_filter

__all__ = ["Expressions", "article"]

_SAME = frozenset(
    ("list", "sort", "reverse", "unique", "select", "reject", "selectattr", "rejectattr", "default", "d")
)
"""Filters that hand over what they are given, or some of it."""
_ONE = frozenset(("first", "last", "min", "max", "random"))
"""Filters that hand over an item."""
_UNTOLD = frozenset(("map", "batch", "slice", "groupby", "dictsort", "items", "sum"))
"""Filters of which nothing is told beforehand; the last proof, on the examples, tells."""
_CALLED = frozenset(("poser_paragraphe",))
"""Global functions that are the engine's own, not a template's."""
_LOOP = {
    **dict.fromkeys(("index", "index0", "revindex", "revindex0", "length", "depth"), 1),
    **dict.fromkeys(("first", "last"), True),
}
_LOOP_FREE = frozenset(("previtem", "nextitem", "cycle", "changed", "depth0"))

Fault = Callable[[str, str], None]
"""Told of each fault: its kind and the French sentence."""


class Expressions:
    """Follows expressions on the examples.

    Args:
        environment: that of the templates: its filters, tests and functions.
        scope: the names known at the place being read.
        fault: called with each fault.
        elsewhere: which other document gives a dotted name, in French, or None.

    Attributes:
        used: dotted names met, whatever the tag does with them.
        optional: dotted names that a test « is defined » protects.
        open: nothing is known of the names of this document.
    """

    def __init__(
        self,
        environment: Environment,
        scope: Scope,
        fault: Fault,
        elsewhere: Callable[[str], str | None],
    ) -> None:
        self._environment = environment
        self._fault = fault
        self._elsewhere = elsewhere
        self.scope = scope
        self.used: set[str] = set()
        self.optional: set[str] = set()
        self.open = not scope.root.fields

    def follow(self, node: nodes.Node) -> Value | None:
        """Return what an expression gives, None when nothing can be told."""
        match node:
            case nodes.Name():
                return self._name(node.name)
            case nodes.Getattr():
                return self._attribute(node, node.attr)
            case nodes.Getitem(arg=nodes.Const(value=str() as key)):
                return self._attribute(node, key)
            case nodes.Getitem():
                held = self.follow(node.node)
                self.follow(node.arg)
                whole = isinstance(node.arg, nodes.Slice)
                return held if whole or held is None else held.item
            case nodes.Const():
                return value_of(node.value)
            case nodes.TemplateData() | nodes.Concat():
                self._all(node)
                return value_of("…")
            case nodes.Filter():
                return self._filter(node)
            case nodes.Call():
                return self._call(node)
            case nodes.Test():
                return self._test(node)
            case nodes.Not() | nodes.Compare():
                self._all(node)
                return value_of(True)
            case nodes.CondExpr() | nodes.And() | nodes.Or():
                return self._either(node)
            case _:
                self._all(node)
                return None

    def _all(self, node: nodes.Node) -> list[Value | None]:
        return [self.follow(child) for child in node.iter_child_nodes()]

    def _either(self, node: nodes.CondExpr | nodes.And | nodes.Or) -> Value | None:
        if isinstance(node, nodes.CondExpr):
            self.follow(node.test)
            some = [node.expr1, *([node.expr2] if node.expr2 is not None else [])]
        else:
            some = [node.left, node.right]
        found = [self.follow(one) for one in some]
        if any(one is None for one in found):
            return None
        whole = Value()
        for one in found:
            assert one is not None  # looked at above
            whole.examples.update(one.examples)
            whole.fields.update(one.fields)
            whole.item = whole.item or one.item
        return whole

    # -- names ----------------------------------------------------------------------------------

    def _name(self, name: str) -> Value | None:
        found = self.scope.get(name)
        if not isinstance(found, KeyError):
            if found is not None and found.path:
                self.used.add(found.path)
            return found
        if name not in self._environment.globals and not self.open and name not in self.optional:
            self._unknown(name, name, self.scope.names())
        return None

    def _attribute(self, node: nodes.Getattr | nodes.Getitem, key: str) -> Value | None:
        if isinstance(node.node, nodes.Name) and node.node.name == "loop":
            if isinstance(self.scope.get("loop"), KeyError):
                self._fault("variable", "emploie « loop » hors d’une boucle")
            elif key in _LOOP:
                return value_of(_LOOP[key])
            elif key not in _LOOP_FREE:
                near = _near(key, _LOOP)
                self._fault("variable", f"nomme « loop.{key} », qui n’existe pas{near}")
            return None
        held = self.follow(node.node)
        if held is None or not held.examples:
            return None
        if key in held.fields:
            child = held.fields[key]
            self.used.add(child.path)
            return child
        if any(not isinstance(one, Mapping) and hasattr(one, key) for one in held.examples.values()):
            return None
        path = f"{held.path}.{key}"
        if path in self.optional:
            return None
        if held.fields:
            self._unknown(path, key, held.fields, held.path)
        elif held.item is not None:
            name = _typed(node.node)
            self._fault(
                "variable",
                f"nomme « {name}.{key} », mais « {name} » est une liste : "
                f"ouvrez une boucle, {{%p for un in {name} %}} … {{{{ un.{key} }}}} … {{%p endfor %}}",
            )
        else:
            told = held.told
            self._fault(
                "variable",
                f"nomme « {_typed(node.node)}.{key} », mais « {_typed(node.node)} » est "
                f"{article(told)}, sans rien à l’intérieur",
            )
        return None

    def _unknown(
        self, path: str, key: str, known: Sequence[str] | Mapping[str, Any], above: str = ""
    ) -> None:
        shown = path.replace("[]", "")
        elsewhere = self._elsewhere(path)
        if elsewhere:
            self._fault("etape", f"nomme « {shown} », que ce document n’a pas : {elsewhere}")
            return
        near = difflib.get_close_matches(key, list(known), 1, 0.6)
        proposed = f"{above}.{near[0]}" if near and above else near[0] if near else self._leaf(key)
        hint = f" : vouliez-vous dire « {proposed.replace('[]', '')} » ?" if proposed else ""
        self._fault("variable", f"nomme « {shown} », qui n’existe pas dans ce document{hint}")

    def _leaf(self, key: str) -> str | None:
        """Return the dotted name that ends with ``key``, or nearly (« courriel » for expediteur.courriel)."""
        ends: dict[str, str] = {}
        stack = list(self.scope.root.fields.values())
        while stack:
            one = stack.pop(0)
            ends.setdefault(one.path.rpartition(".")[2], one.path)
            stack += one.fields.values()
        near = difflib.get_close_matches(key.rpartition(".")[2], ends, 1, 0.75)
        return ends[near[0]] if near else None

    # -- filters, functions and tests -----------------------------------------------------------

    def _filter(self, node: nodes.Filter) -> Value | None:
        held = self.follow(node.node) if node.node is not None else None
        arguments, named = self._given(node)
        if node.name not in self._environment.filters:
            near = nearest_filter(node.name, self._environment.filters)
            self._fault("filtre", f"emploie le filtre « {node.name} », qui n’existe pas{near}")
            return None
        if node.name == "a_completer" and not (arguments or named):
            self._fault("filtre", "ne dit pas quoi compléter : écrivez a_completer('nom du signataire')")
            return value_of("…")
        if held is None or node.name in _UNTOLD:
            return None
        if node.name in _SAME:
            return held
        if node.name in _ONE:
            return held.item
        if not held.examples:
            return value_of("…") if node.name == "a_completer" else None

        def tried(example: Any) -> Any:
            return self._environment.call_filter(
                node.name,
                example,
                [_example(one) for one in arguments],
                {key: _example(one) for key, one in named.items()},
            )

        whole = Value(path=held.path if node.name == "a_completer" else "")
        for example in held.examples.values():
            self._try(tried, example, f"le filtre « {node.name} »", whole)
        if node.name == "a_completer":
            whole.fields, whole.item = held.fields, held.item
        return whole

    def _given(self, node: nodes.Filter | nodes.Call) -> tuple[list[Value | None], dict[str, Value | None]]:
        named = {str(one.key): self.follow(one.value) for one in node.kwargs}
        return [self.follow(one) for one in node.args], named

    def _call(self, node: nodes.Call) -> Value | None:
        arguments, named = self._given(node)
        if not isinstance(node.node, nodes.Name):
            self.follow(node.node)
            return None
        name = node.node.name
        if not isinstance(self.scope.get(name), KeyError):
            return self._name(name)
        function: Any = self._environment.globals.get(name)
        if function is None or name in _CALLED:
            known = [one for one in self._environment.globals if one not in _CALLED]
            self._fault("filtre", f"appelle « {name} », qui n’existe pas{_near(name, known)}")
            return None
        whole = Value()
        if any(one is None or not one.examples for one in (*arguments, *named.values())):
            return None
        first, *others = [_example(one) for one in arguments] or [None]

        def tried(example: Any) -> Any:
            given = [example, *others] if arguments else []
            return function(*given, **{key: _example(one) for key, one in named.items()})

        self._try(tried, first, f"« {name} »", whole)
        return whole

    def _try(self, function: Callable[[Any], Any], example: Any, what: str, into: Value) -> None:
        try:
            result = value_of(function(example))
        except Exception as error:  # a filter refuses its value in its own way
            said = str(error) if isinstance(error, ValueError) and str(error).endswith(".") else ""
            told = article(value_of(example).told)
            self._fault(
                "type", f"donne à {what} {told}, qui ne lui convient pas{f' ({said})' if said else ''}"
            )
            into.examples["texte"] = "…"
            return
        into.examples.update(result.examples)
        into.fields.update(result.fields)
        into.item = into.item or result.item

    def _test(self, node: nodes.Test) -> Value:
        if node.name in ("defined", "undefined"):
            self.optional.add(_typed(node.node))
            return value_of(True)
        if node.name not in self._environment.tests:
            near = _near(node.name, self._environment.tests)
            self._fault("filtre", f"emploie « is {node.name} », qui n’existe pas{near}")
        self.follow(node.node)
        for one in node.args:
            self.follow(one)
        return value_of(True)


def _example(value: Value | None) -> Any:
    return next(iter(value.examples.values()), None) if value is not None else None


def _near(word: str, known: Any) -> str:
    near = difflib.get_close_matches(word, list(known), 1)
    return f" (« {near[0]} » ?)" if near else ""


def _typed(node: nodes.Node) -> str:
    """Return an expression as typed, as far as names go."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_typed(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return f"{_typed(node.node)}.{node.arg.value}"
    return "…"


_FEMININE = ("date", "liste")


def article(told: str) -> str:
    """Return a kind of values with its article."""
    if told.startswith("type"):
        return "une valeur"
    return f"{'une' if told.startswith(_FEMININE) else 'un'} {told}"
