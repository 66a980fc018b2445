"""French numbers in words and French dates, read from running text.

Everything works on *folded* text (:func:`assembler.extraction.passages.fold`): lower case, no accents,
keyboard apostrophes and dashes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence

from assembler.extraction.passages import fold

__all__ = [
    "DATE",
    "MONTH",
    "NUMBER",
    "NUMBER_WORDS",
    "date_of",
    "find_dates",
    "month_of",
    "number_in_words",
    "parse_date",
    "parse_number",
]

_TO_SIXTEEN = [
    "zero",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
]
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre vingt"}


def number_in_words(number: int) -> str:
    """Return 0 to 99 in words, hyphens as spaces (« quatre vingt dix », « vingt et un »).

    Source: traditional spelling; that of 1990 differs by its hyphens only, which are not kept.
    """
    if not 0 <= number <= 99:
        raise ValueError("0 to 99 only")
    if number <= 16:
        return _TO_SIXTEEN[number]
    if number < 20:
        return f"dix {_TO_SIXTEEN[number - 10]}"
    tens = 60 if 60 <= number < 80 else 80 if number >= 80 else number // 10 * 10
    rest = number - tens
    if rest == 0:
        return "quatre vingts" if number == 80 else _TENS[tens]
    link = " et " if rest in (1, 11) and tens != 80 else " "
    return f"{_TENS[tens]}{link}{number_in_words(rest)}"


def _spellings() -> dict[str, int]:
    found: dict[str, int] = {}
    for number in range(100):
        words = number_in_words(number)
        found[words] = number
        if words.endswith("un"):
            found[f"{words}e"] = number
        # « vingt un », « quatre vingt » without its s: seen often enough to be read.
        found.setdefault(words.replace(" et ", " "), number)
    found["quatre vingt"] = 80
    for start, tens in (("septante", 70), ("huitante", 80), ("octante", 80), ("nonante", 90)):
        for rest in range(10):
            tail = "" if rest == 0 else " et un" if rest == 1 else f" {_TO_SIXTEEN[rest]}"
            found[start + tail] = tens + rest
    return found


_NUMBERS = _spellings()
_SPACES = re.compile(r"[-\s]+")


def _any_of(several: Iterable[Sequence[str]]) -> str:
    """Return a pattern of several sequences of words, the longest first, their beginnings written once."""
    after: dict[str, list[Sequence[str]]] = {}
    for first, *rest in several:
        after.setdefault(first, []).append(rest)
    branches = []
    for first in sorted(after, key=lambda one: (-len(one), one)):
        longer = [rest for rest in after[first] if rest]
        more = rf"(?:[-\s]+{_any_of(longer)}){'?' * (len(longer) < len(after[first]))}" if longer else ""
        branches.append(first + more)
    return f"(?:{'|'.join(branches)})"


NUMBER_WORDS = _any_of(words.split() for words in _NUMBERS)
"""A pattern of every number in words from 0 to 99, longest first."""

NUMBER = rf"(?:\d{{1,3}}|{NUMBER_WORDS})"
"""A whole number in figures or in words."""


def parse_number(text: str) -> int | None:
    """Return the value of a number in figures or words (0 to 99 in words), or None."""
    bare = _SPACES.sub(" ", fold(text)).strip()
    if bare.isascii() and bare.isdigit():
        return int(bare) if len(bare) <= 9 else None
    return _NUMBERS.get(bare)


_MONTHS = (
    ("janvier", "janv", "jan"),
    ("fevrier", "fevr", "fev"),
    ("mars",),
    ("avril", "avr"),
    ("mai",),
    ("juin",),
    ("juillet", "juil"),
    ("aout",),
    ("septembre", "sept"),
    ("octobre", "oct"),
    ("novembre", "nov"),
    ("decembre", "dec"),
)
_MONTH_RANK = {name: rank for rank, names in enumerate(_MONTHS, start=1) for name in names}

MONTH = "(?:" + "|".join(sorted(_MONTH_RANK, key=lambda name: (-len(name), name))) + r")\b\.?"
"""A month by its name or abbreviation."""

_WEEKDAY = r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\s+)?"

DATE = (
    rf"{_WEEKDAY}(?<!\d)(?:1\s?er|0?[1-9]|[12]\d|3[01])\s+{MONTH}\s+\d{{4}}(?!\d)"
    r"|(?<![\d/.-])\d{1,2}\s?(?P<mark>[/.-])\s?\d{1,2}\s?(?P=mark)\s?(?:\d{4}|\d{2})(?![\d/-])"
    r"|(?<![\d/.-])(?:19|20)\d{2}-\d{2}-\d{2}(?![\d/-])"
)
"""A whole date. Holds the group ``mark``: use it once per expression."""

_DATE = re.compile(DATE)
_LETTERS = re.compile(rf"(1\s?er|\d{{1,2}})\s+({MONTH})\s+(\d{{4}})")
_FIGURES = re.compile(r"\d+")


def month_of(name: str) -> int | None:
    """Return 1 to 12 for a month's name (« Août », « déc. »), or None."""
    return _MONTH_RANK.get(fold(name).strip(" ."))


def date_of(year: int, month: int, day: int) -> dt.date | None:
    """Return the date, or None when there is no such day or it is not of our time (2000-2099)."""
    if not 2000 <= year <= 2099:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def parse_date(text: str) -> dt.date | None:
    """Return the date that ``text`` writes: « 1er mars 2026 », « 02/03/2026 », « 2026-03-02 ».

    Two-digit years are those of this century. A date that does not exist gives None.
    """
    folded = fold(text)
    letters = _LETTERS.search(folded)
    if letters:
        day, month, year = letters.groups()
        return date_of(int(year), month_of(month) or 0, int(day.removesuffix("er")))
    figures = [int(part) for part in _FIGURES.findall(folded)[:3] if len(part) <= 4]
    if len(figures) < 3:
        return None
    if figures[0] > 31:
        return date_of(figures[0], figures[1], figures[2])
    year = figures[2] + 2000 if figures[2] < 100 else figures[2]
    return date_of(year, figures[1], figures[0])


def find_dates(folded: str) -> Iterator[tuple[re.Match[str], dt.date]]:
    """Yield every date of a folded text, in order, with its match; impossible ones are skipped."""
    for match in _DATE.finditer(folded):
        date = parse_date(match.group())
        if date is not None:
            yield match, date
