"""Text made comparable: what people type differently and mean alike becomes equal."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean", "plain", "words"]

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_NOT_ALNUM = re.compile(r"[\W_]+")
_CONTROL = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff]"
)


def plain(text: str) -> str:
    """Return ``text`` in lower case, without accents, separators and punctuation as one space.

    « Note d’Opportunité – V3 » and its NFD twin both give ``note d opportunite v3``.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NOT_ALNUM.sub(" ", bare).strip()


def words(text: str) -> int:
    """Return the number of words (« aujourd’hui » and « peut-être » are one each)."""
    return len(_WORD.findall(text))


def clean(text: str) -> str:
    """Return ``text`` without control characters, lone surrogates and bidirectional marks."""
    return _CONTROL.sub("", text)
