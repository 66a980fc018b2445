"""Where a template is at fault and why, in the words of whoever edits it in Word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType

import jinja2

from assembler import french

__all__ = ["Line", "line_of", "nearest_filter", "shorten", "syntax", "where"]


@dataclass(frozen=True, slots=True)
class Line:
    """What stands on one line of the Jinja source: one tag at most, in its paragraph."""

    paragraph: str
    tag: str


def shorten(text: str, limit: int = 80) -> str:
    """Return ``text`` on one line, cut after ``limit`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def where(name: str, lines: tuple[Line, ...], number: int | None, fallback: str = "") -> str:
    """Return the beginning of a message: « Gabarit « … », paragraphe « … » : la balise « … » »."""
    line = lines[number - 1] if number and number <= len(lines) else Line("", fallback)
    place = f", paragraphe « {shorten(line.paragraph)} »" if line.paragraph else ""
    tag = f"la balise « {line.tag} »" if line.tag else "une balise"
    return f"Gabarit « {name} »{place} : {tag}"


def line_of(trace: TracebackType | None) -> int | None:
    """Return the template line that a traceback tells of, if any."""
    number = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            number = trace.tb_lineno
        trace = trace.tb_next
    return number


_MEANT = {
    "capital": "majuscule",
    "upper": "majuscule",
    "maj": "majuscule",
    "date": "date_longue",
    "jour": "date_longue",
    "euro": "montant",
    "prix": "montant",
    "list": "enumerer",
    "joi": "enumerer",
    "compl": "a_completer",
}
"""By the beginning of what a person writes, the filter that she is after."""


def nearest_filter(word: str, known: Iterable[str]) -> str:
    """Return « (« majuscule » ?) », the filter that a misspelt one stands for: a French one, if any."""
    meant = next((name for start, name in _MEANT.items() if word.lower().startswith(start)), None)
    ours = [*french.__all__, "a_completer"]
    near = difflib.get_close_matches(word, ours, 1, 0.75) or ([meant] if meant else [])
    near = near or difflib.get_close_matches(word, ours, 1) or difflib.get_close_matches(word, list(known), 1)
    return f" (« {near[0]} » ?)" if near else ""


def syntax(cause: jinja2.TemplateSyntaxError, known: Iterable[str]) -> str:
    """Return what is wrong with a tag that Jinja cannot compile; ``known`` are the filters that exist."""
    message = cause.message or ""
    named = re.search(r"'([^']*)'", message)
    word = named[1] if named else ""
    if "No filter named" in message or "No test named" in message:
        return f"emploie le filtre « {word} », qui n’existe pas{nearest_filter(word, known)}"
    if "unknown tag" in message:
        return (
            f"commence par « {word} », qui n’est pas attendu ici"
            " (boucle ou condition jamais ouverte, ou déjà fermée)"
        )
    if "Unexpected end of template" in message:
        return "ou une autre avant elle n’est pas refermée ({% endfor %} ou {% endif %} manque)"
    return "est mal écrite"
