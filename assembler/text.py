"""Text made comparable: what people type differently and mean alike becomes equal."""

from __future__ import annotations

import re
import textwrap
import unicodedata

__all__ = ["WIDTH", "clean", "fold", "plain", "tied", "words"]

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_NOT_ALNUM = re.compile(r"[\W_]+")
_CONTROL = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"
    "\\ud800-\\udfff\\ufffe\\uffff]"
)


class _Bare(dict[int, str]):
    """Each character without its accents and ligatures, worked out once."""

    def __missing__(self, code: int) -> str:
        char = {"œ": "oe", "æ": "ae"}.get(chr(code), chr(code))
        bare = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
        self[code] = bare.casefold()  # « 𝓐 » comes out of its normal form as a capital
        return self[code]


_BARE = _Bare()


def plain(text: str) -> str:
    """Return ``text`` in lower case, without accents, separators and punctuation as one space.

    « Note d’Opportunité – V3 » and its NFD twin both give ``note d opportunite v3``.
    """
    return _NOT_ALNUM.sub(" ", text.casefold().translate(_BARE)).strip()


def words(text: str) -> int:
    """Return the number of words (« aujourd’hui » and « peut-être » are one each)."""
    return len(_WORD.findall(text))


def clean(text: str) -> str:
    """Return ``text`` without control characters, lone surrogates and bidirectional marks."""
    return _CONTROL.sub("", text)


WIDTH = 80
"""Columns of a terminal."""

_TIED = re.compile(r"(?<=«) | (?=[»:;!?])")
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
"""Where a line may end: not inside « 79 850,00 € »."""


def tied(text: str) -> str:
    """Return ``text`` with its French punctuation tied to the word it follows; nothing else changes."""
    return _TIED.sub("\u00a0", text)


def fold(text: str, indent: str = "", following: str | None = None) -> list[str]:
    """Fold one paragraph at :data:`WIDTH` columns; what a file says cannot move the cursor.

    Args:
        text: the paragraph.
        indent: put before the first line.
        following: put before the others; as ``indent`` when None.
    """
    flat = tied(_SPACES.sub(" ", clean(text)).strip())
    after = indent if following is None else following
    return textwrap.wrap(
        flat, WIDTH, initial_indent=indent, subsequent_indent=after, break_on_hyphens=False
    ) or [indent]
