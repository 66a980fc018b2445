"""Agreement, plural, lists and small forms."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assembler.french.amounts import Number, _decimal, nombre
from assembler.text import plain

__all__ = ["accord", "enumerer", "feminin", "majuscule", "pluriel", "slug", "telephone"]

_NBSP = "\u00a0"
_FEMININE = frozenset({"mme", "madame", "mlle", "mademoiselle", "mmes", "mesdames"})
_SLUG_LENGTH = 60
_DIGITS = re.compile(r"\D+")


def feminin(civilite: str | None) -> bool:
    """Tell whether a civility is a woman's (« Mme », « Madame »)."""
    return bool(civilite) and plain(civilite or "").split(" ")[0] in _FEMININE


def accord(civilite: str | None, masculin: str, feminine: str) -> str:
    """Return ``feminine`` when the civility is a woman's, else ``masculin``."""
    return feminine if feminin(civilite) else masculin


def _plural(mot: str) -> str:
    if mot.endswith(("s", "x", "z")):
        return mot
    if mot.endswith("al"):
        return f"{mot[:-2]}aux"
    return f"{mot}x" if mot.endswith(("eau", "eu")) else f"{mot}s"


def pluriel(valeur: Number, mot: str, au_pluriel: str | None = None) -> str:
    """Return a number and its noun: « 0 jour », « 1,5 jour », « 3 sessions ».

    Args:
        valeur: how many; the French plural starts at 2.
        mot: the noun, singular; several words need ``au_pluriel``.
        au_pluriel: its plural, when it is not regular.

    Raises:
        ValueError: several words without their plural.
    """
    if au_pluriel is None and " " in mot:
        raise ValueError(f"donnez le pluriel de « {mot} »")
    many = abs(_decimal(valeur)) >= 2
    return f"{nombre(valeur)}{_NBSP}{(au_pluriel or _plural(mot)) if many else mot}"


def enumerer(elements: Iterable[object], mot: str = "et") -> str:
    """Return « a », « a et b », « a, b et c »; nothing for an empty list."""
    items = [str(element) for element in elements]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {mot} {items[-1]}"


def majuscule(texte: str) -> str:
    """Return ``texte`` with its first letter in upper case, the rest untouched."""
    return texte[:1].upper() + texte[1:]


def slug(texte: str) -> str:
    """Return an ASCII part of a file name: « CC des Coëvrons » gives ``cc-des-coevrons``.

    At most 60 characters, cut at a word when it can be; ``sans-nom`` when nothing is left.
    """
    bare = plain(texte).encode("ascii", "ignore").decode()
    words = "-".join(bare.split())
    if len(words) > _SLUG_LENGTH:
        cut = words[: _SLUG_LENGTH + 1].rpartition("-")[0]
        words = cut or words[:_SLUG_LENGTH]
    return words or "sans-nom"


def telephone(texte: str) -> str:
    """Return a telephone number in pairs, « 02 43 00 00 00 »; one of another form as it came."""
    digits = _DIGITS.sub("", texte)
    if texte.strip().startswith("+") and digits.startswith("33") and len(digits) == 11:
        return _NBSP.join(["+33", digits[2], *(digits[at : at + 2] for at in range(3, 11, 2))])
    if len(digits) == 10 and digits.startswith("0") and "+" not in texte:
        return _NBSP.join(digits[at : at + 2] for at in range(0, 10, 2))
    return _NBSP.join(texte.split())
