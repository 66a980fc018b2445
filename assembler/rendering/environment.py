"""The Jinja environment of the templates: sandboxed, strict, and deaf to None.

Whatever a template prints goes through :func:`printed`. What a run of text cannot hold (a line
break, a tab, a brace that must not look like a tag, a highlighted gap) travels as a private
character and becomes XML once the text stands in its paragraph (:mod:`assembler.rendering.finishing`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from typing import Any

from jinja2 import StrictUndefined, Undefined
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from assembler import french
from assembler.model import Months
from assembler.rendering.fragments import Fragment
from assembler.text import clean

__all__ = [
    "BREAK",
    "CLOSE",
    "FRAGMENT",
    "GAP_END",
    "GAP_START",
    "OPEN",
    "PLACED",
    "TAB",
    "Environment",
    "Gap",
    "Refused",
    "printed",
]

BREAK, TAB, OPEN, CLOSE, GAP_START, GAP_END, FRAGMENT = "\ue010\ue011\ue012\ue013\ue014\ue015\ue016"

_LINE_ENDS = str.maketrans({"\r": "\n", "\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
_PRIVATE = str.maketrans(
    dict.fromkeys(range(0xE000, 0xE017)) | {ord("\n"): BREAK, ord("\t"): TAB, ord("{"): OPEN, ord("}"): CLOSE}
)

PLACED: ContextVar[list[tuple[Fragment, str | None]]] = ContextVar("PLACED")
"""The fragments met while a template renders, in order, with the style of their paragraph."""


class Refused(Exception):
    """A value that a tag may not print; the French sentence ends « la balise … »."""


class Gap(Refused):
    """The same, because the dossier does not give it."""


class _Strict(StrictUndefined):
    """Undefined that knows whether a None stands behind it (``{{ maire.nom }}`` where maire is None)."""

    __slots__ = ()

    @property
    def behind_none(self) -> bool:
        return self._undefined_obj is None

    @property
    def wanted(self) -> str:
        return str(self._undefined_name)


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, _Strict) and value.behind_none)


@functools.lru_cache(maxsize=2048)  # the same names come back all along a document
def _prose(value: str) -> str:
    text = clean(value.replace("\r\n", "\n").translate(_LINE_ENDS))
    return french.typo(text).translate(_PRIVATE)


def printed(value: Any) -> str:
    """Return what a tag prints for ``value``: French spaces, no control character, no live brace.

    Raises:
        Gap: the value is None.
        Refused: the name is unknown, or the value is not a text or an integer.
    """
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        return _prose(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Months):
        return str(value)
    if _is_missing(value):
        raise Gap("attend une valeur que le dossier ne donne pas")
    if isinstance(value, Undefined):
        name = value.wanted if isinstance(value, _Strict) else ""
        raise Refused(f"nomme « {name} », qui n’existe pas dans les valeurs de ce document")
    if isinstance(value, Fragment):
        raise Refused(
            "pose un extrait de pièce : elle doit s’écrire {{p … }} et se trouver seule dans son paragraphe"
        )
    kind = {
        "Decimal": "un nombre décimal",
        "date": "une date",
        "datetime": "une date",
        "bool": "un oui ou non",
    }
    what = kind.get(type(value).__name__, "une liste ou un groupe de valeurs")
    raise Refused(f"imprime {what} : utilisez un filtre (montant, date_longue, enumerer…)")


def _paragraph(value: Any, style: str | None) -> Any:
    """``{{p value }}``: a paragraph of its own, or the elements of a fragment."""
    if isinstance(value, Fragment):
        placed = PLACED.get()
        placed.append((value, style))
        content = f"{FRAGMENT}{len(placed) - 1}"
    else:
        content = str(escape(printed(value)))
    properties = Markup('<w:pPr><w:pStyle w:val="{}"/></w:pPr>').format(style) if style else ""
    return Markup(f'<w:p>{properties}<w:r><w:t xml:space="preserve">{content}</w:t></w:r></w:p>')


def _to_complete(value: Any, label: str) -> Any:
    """``value | a_completer("label")``: the value, or « [à compléter : label] » highlighted."""
    if isinstance(value, Undefined) and not _is_missing(value):
        return value
    empty = _is_missing(value) or (isinstance(value, (str, list, tuple, Mapping, Fragment)) and not value)
    if not empty and not (isinstance(value, str) and not value.strip()):
        return value
    gap = escape(printed(f"[à compléter\u00a0: {label}]"))
    return Markup(f"{GAP_START}{gap}{GAP_END}")


def _through_none(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let None go through a filter, so that it is the tag that prints it that is at fault."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        first = next((arg for arg in args if not _is_jinja(arg)), None)
        return None if _is_missing(first) else function(*args, **kwargs)

    return guarded


def _is_jinja(argument: Any) -> bool:
    return type(argument).__module__ in ("jinja2.nodes", "jinja2.runtime") and not isinstance(
        argument, Undefined
    )


def _guard_all(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for Jinja's own filters, which would write « None »; a None among the arguments counts too."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        values = [arg for arg in args if not isinstance(arg, Environment) and not _is_jinja(arg)]
        return None if any(map(_is_missing, values)) else function(*args, **kwargs)

    return guarded


_TEXT_FILTERS = (
    *("abs", "capitalize", "center", "float", "format", "indent", "int", "lower", "replace", "round"),
    *("striptags", "title", "trim", "truncate", "upper", "urlencode", "wordcount", "wordwrap"),
)
_RAW_FILTERS = ("filesizeformat", "forceescape", "pprint", "safe", "tojson", "urlize", "xmlattr")


class _Generator(CodeGenerator):
    """``a ~ b`` prints: it goes through the same checks."""

    def visit_Concat(self, node: Any, frame: Any) -> None:  # noqa: N802
        self.write("environment.concatenate((")
        for child in node.nodes:
            self.visit(child, frame)
            self.write(", ")
        self.write("))")


class Environment(ImmutableSandboxedEnvironment):
    """What templates may use: the functions of :mod:`assembler.french`, ``a_completer``, Jinja's filters."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"%"})

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=_Strict, finalize=printed, optimized=False)
        for name in french.__all__:
            function = getattr(french, name)
            self.filters[name] = self.globals[name] = _through_none(function)
        self.filters["a_completer"] = self.globals["a_completer"] = _to_complete
        self.globals["poser_paragraphe"] = _paragraph
        for name in _TEXT_FILTERS:
            self.filters[name] = _guard_all(self.filters[name])
        for name in _RAW_FILTERS:
            self.filters.pop(name, None)  # they would let the text of a dossier become XML
        self.filters["e"] = self.filters["escape"] = lambda value: value  # everything is escaped already
        self.filters["string"] = _as_text
        self.filters["join"] = self._join

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``a.b``: the key first, so that a field may be called ``items``; then the attribute."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, str) and attribute in ("format", "format_map"):
            raise SecurityError("« format » imprimerait ce qu’aucune balise ne vérifie")
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """``a["b"]``."""
        if isinstance(obj, str) and isinstance(argument, str):
            return self.getattr(obj, argument)
        return super().getitem(obj, argument)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """``"%s" % x`` prints: it is out, ``%`` on numbers stays."""
        if isinstance(left, str):
            raise SecurityError("« % » ne s’emploie pas sur un texte")
        return super().call_binop(context, operator, left, right)

    def concatenate(self, values: Iterable[Any]) -> str:
        """``a ~ b``."""
        values = [_as_text(value) for value in values]
        if any(isinstance(value, Markup) for value in values):
            return Markup("").join(map(printed, values))
        return "".join(values)

    def _join(self, value: Iterable[Any], d: str = "", attribute: str | None = None) -> str:
        items = list(value)
        for step in attribute.split(".") if attribute else ():
            items = [self.getattr(item, step) for item in items]
        separated = [part for item in items for part in (d, item)][1:]
        return self.concatenate(separated)


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return printed(value)
