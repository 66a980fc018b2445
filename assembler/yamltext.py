"""YAML read as text: every scalar stays the text that was typed, every value knows its line.

PyYAML and ruamel both mangle what this programme writes (``01004`` becomes 516, ``non`` False,
``1.10`` 1.1), so only the parser's events are used. Aliases, depth and size are bounded: a file
of 500 bytes can otherwise keep a machine busy for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from assembler.errors import ReadingError
from assembler.memory import Memory

__all__ = ["Document", "Scalar", "YamlError", "load"]

MAX_BYTES = 2_000_000
MAX_NODES = 50_000
MAX_DEPTH = 40

_NULLS = {"", "~", "null", "Null", "NULL"}
_TAGS = {None, "!", *(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "seq", "map"))}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(ReadingError):
    """The file is no YAML that can be read; ``line`` counts from 1, or is None."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__("illisible", message)
        self.line = line


class Scalar(str):
    """A scalar as typed; ``quoted`` tells « 01004 » from 01004."""

    __slots__ = ("quoted",)
    quoted: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A file's data (dict, list, str, None) and the line of each value by dotted path."""

    data: Any
    lines: dict[str, int] = field(default_factory=dict)


_documents: Memory[Document] = Memory(MAX_BYTES)


def load(content: bytes) -> Document:
    """Read one YAML document.

    Args:
        content: the file's bytes, UTF-8 (a byte-order mark is accepted) or UTF-16 with its mark.

    Returns:
        The document, the same one for the same bytes: nobody changes what it holds.

    Raises:
        YamlError: not YAML, not that encoding, a doubled key, or beyond the bounds.
    """
    return _documents.recall(content, lambda: _read(content), len(content))


def _read(content: bytes) -> Document:
    if len(content) > MAX_BYTES:
        raise YamlError(f"Le fichier dépasse {MAX_BYTES // 1_000_000} Mo : ce n’est pas une fiche.")
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlError(
            "Le fichier n’est pas enregistré en UTF-8 : dans le Bloc-notes, « Enregistrer sous », "
            "Encodage « UTF-8 ».",
            content[: error.start].count(b"\n") + 1,
        ) from error
    try:
        return _Builder(yaml.parse(text, Loader=_Loader)).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark else None
        if line and "\t" in _indent(text, line):
            raise YamlError("Une tabulation sert de retrait : remplacez-la par des espaces.", line) from error
        if line and mark and "mapping values" in str(error) and _shifted(text, line, mark.column):
            told = "Le retrait de cette ligne ne suit pas celui de la ligne du dessus : alignez-les."
            raise YamlError(told, line) from error
        raise YamlError(_french(error), line) from error
    except RecursionError as error:
        raise YamlError("Les niveaux sont trop imbriqués.") from error


_PROBLEMS = (
    ("mapping values are not allowed", "Un « : » de trop, ou une valeur qui contient « : » sans guillemets."),
    ("could not find expected ':'", "Il manque « : » après le nom du champ."),
    ("did not find expected key", "Le retrait de cette ligne ne suit pas celui des lignes voisines."),
    ("did not find expected '-'", "Le retrait de cet élément de liste ne suit pas celui des autres."),
    ("expected <block end>", "Le retrait de cette ligne ne suit pas celui des lignes voisines."),
    ("expected ',' or", "Un crochet ou une accolade n’est pas refermé, ou il manque une virgule."),
    ("did not find expected node content", "Un crochet ou une accolade ouvert plus haut n’est pas refermé."),
    ("expected the node content", "Un crochet ou une accolade ouvert plus haut n’est pas refermé."),
    ("unexpected end of stream", "Un guillemet ouvert n’est pas refermé."),
    ("cannot start any token", "Un caractère réservé commence une valeur : mettez-la entre guillemets."),
    ("control characters are not allowed", "Un caractère invisible interdit se trouve dans le fichier."),
    ("undefined alias", "Une valeur commence par « * » : mettez-la entre guillemets."),
)


def _indent(text: str, line: int) -> str:
    """Return the white space that begins a line."""
    whole = text.splitlines()[line - 1 : line]
    return whole[0][: len(whole[0]) - len(whole[0].lstrip())] if whole else ""


def _shifted(text: str, line: int, column: int) -> bool:
    """Tell whether a « : » is the one of a field name that stands further right than the line above it."""
    here = text.splitlines()[line - 1]
    above = next((one for one in reversed(range(1, line)) if text.splitlines()[one - 1].strip()), None)
    return (
        above is not None
        and here.find(":") == column
        and len(_indent(text, line)) > len(_indent(text, above))
    )


def _french(error: yaml.YAMLError) -> str:
    """Say in French what the parser says in English."""
    told = str(error)
    for english, french in _PROBLEMS:
        if english in told:
            return french
    return "Cette ligne ne suit pas la forme « champ: valeur »."


class _Builder:
    """Builds the data from the parser's events, counting nodes as aliases expand them."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._lines: dict[str, int] = {}
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = 0

    def document(self) -> Document:
        """Consume the whole stream."""
        data: Any = None
        seen = False
        for event in self._events:
            if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent, yaml.AliasEvent)):
                if seen:
                    raise YamlError("Le fichier contient plusieurs documents.")
                data, _ = self._value(event, (), 0)
                seen = True
        return Document(data, self._lines)

    def _value(self, event: Any, path: tuple[str, ...], depth: int) -> tuple[Any, int]:
        line = event.start_mark.line + 1
        if path:
            self._lines[".".join(path)] = line
        if depth > MAX_DEPTH:
            raise YamlError(f"Plus de {MAX_DEPTH} niveaux imbriqués.", line)
        before = self._nodes
        self._count(1, line)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise YamlError("Une valeur renvoie à elle-même (« *nom »).", line)
            value, size = self._anchors[event.anchor]
            self._count(size, line)
            return value, size
        if event.tag not in _TAGS:
            raise YamlError("Une valeur commence par « ! » : mettez-la entre guillemets.", line)
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(path, depth)
        else:
            value = self._mapping(path, depth)
        size = self._nodes - before
        if event.anchor:
            self._anchors[event.anchor] = (value, size)
        return value, size

    def _count(self, nodes: int, line: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise YamlError(f"Plus de {MAX_NODES} valeurs, ou des renvois qui se multiplient.", line)

    @staticmethod
    def _scalar(event: Any) -> Scalar | None:
        quoted = event.style in ("'", '"', "|", ">")
        if not quoted and event.value in _NULLS:
            return None
        scalar = Scalar(event.value)
        scalar.quoted = quoted
        return scalar

    def _sequence(self, path: tuple[str, ...], depth: int) -> list[Any]:
        items: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, (*path, str(len(items))), depth + 1)[0])
        return items

    def _mapping(self, path: tuple[str, ...], depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                raise YamlError("Le nom d’un champ doit être un mot simple.", line)
            key = event.value
            if key == "<<":
                raise YamlError("Les fusions « << » ne sont pas admises.", line)
            if key in found:
                raise YamlError(f"Le champ « {key} » est écrit deux fois.", line)
            here = (*path, key)
            found[key], _ = self._value(next(self._events), here, depth + 1)
            self._lines[".".join(here)] = line
        return found
