"""Durations in months and numbers of sessions, as people write them in letters and notes.

« 10 à 12 mois », « douze (12) mois », « un an et demi », « de septembre 2026 à juillet 2027 »,
« trois sessions »… Only what may be the duration of the work in hand is kept: a delay, an age, a
span of the past or a duration of another object is left out when its own words say so.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assembler.extraction.dates import MONTH, NUMBER, date_of, month_of, parse_date, parse_number
from assembler.extraction.passages import Passages
from assembler.model import Block

__all__ = ["durations", "durations_of", "months_between", "sessions", "sessions_of"]

_LONGEST = 36  # months; the longest cycle known publicly is 30
_WINDOW = 90

_IN_BRACKETS = rf"(?:\s*\(\s*(?:{NUMBER})\s*\))?"
_LINK = r"(?:\s*[-/]\s*|\s+(?:a|ou|et|voire)\s+)"
_COUNT_BEFORE = re.compile(
    rf"(?<![\w,.])(?:({NUMBER}){_IN_BRACKETS}{_LINK})??"
    rf"(?<![\d,.])({NUMBER}){_IN_BRACKETS}\s*\Z"
)
_UNIT = re.compile(r"\b(mois|ans?|annees?)\b(\s+et\s+demie?\b)?")
_HALF_YEARS = re.compile(r"(?<![\w,.])(\d),5\s*\Z")

_BEFORE_OUT = re.compile(
    r"(?:\bil y a|\bdepuis|\bd'ici|\bsous|\bagee?s? de|\bchaque|\btoute?s les|\btous les|\bavant"
    r"|\bdans|\bapres|\bau bout de|\bd'avance|\bespacee?s d|\bespacee?s de|\bintervalles? d|\bintervalles? de"
    r"|\bpreavis d|\bpreavis de|\bretard d|\bretard de|\bgarantie d|\bgarantie de|\banciennete d"
    r"|\banciennete de|\bdelai (?:maximal |maximum |legal )?d'|\bdelai (?:maximal |maximum |legal )?de"
    r"|\bvalidite (?:est )?de|\bstage d|\bstage de)"
    r"(?:\s+(?:un delai d|un delai de|les|environ|pres d|pres de|plus d|plus de|au moins|moins de|quelque"
    r"|un delai maximal de))*[\s']*\Z"
)
_ALWAYS_OUT = re.compile(
    r"(?:\bil y a|\bdepuis|\bagee?s? de|\bintervalles? de?|\bespacee?s de?)\b[^.;]{0,25}\Z"
)
_AFTER_OUT = re.compile(
    r"\s*(?:auparavant|plus tard|plus tot|avant|apres|entre|de retard|de preavis|de travaux|de chantier"
    r"|de concertation|de procedure|d'anciennete|ecoules|suivants?|de stage|de formation|d'etudes?"
    r"|d'existence|par an\b|de l'annee|au plus tard|maximum apres"
    r"|a compter de l[ae] (?:publication|reception)|a compter de sa (?:notification|publication|reception))"
)
_AFTER_IN = re.compile(r"\s*(?:d'accompagnement|d'engagement|d'intervention|de demarche)")
_ABOUT = re.compile(
    r"\bdure|\baccompagn|\bengag|\bdemarche|\bpendant\b|\bduree\b|\btiend|\bse tient\b|\bsession|\bcalendrier"
    r"|\bmission|\bplanning|\bderoul|\betal|\bporte[rz]?\b|\bportage|\breparti|\bmobilis"
)
_FOR = re.compile(r"\b(?:pour|durant|sur)\s+(?:environ\s+|au moins\s+)?\Z")
_OTHER = re.compile(
    r"\brecours\b|\btribunal|\bcontentieux|\bgarantie|\bphase\b|\betape\b|\bprecedent|\bprorog"
    r"|\bs'est (?:deroule|etendu|tenu)|\ba ete (?:mene|conduit|realise)|\bont ete (?:mene|conduit|realise)"
    r"|\ba dure\b|\bont dure\b|\bavai(?:t|ent) dure\b"
)

_EDGE = r"(?:(debut|fin|mi)(?:\s+|\s*-\s*|\s+du mois de\s+))?"
_SPAN = re.compile(
    rf"(?:\b(?:de|du|d'|entre)\s*(?:le\s+)?)?{_EDGE}(?:(?<!\d)(1\s?er|\d{{1,2}})\s+)?(?<![a-z])({MONTH})"
    rf"(?:\s+(\d{{4}}))?\s*(?:-|\ba\b|\bau\b|\bet\b(?:\s+le)?|\bjusqu'(?:a|au|en)\b)\s*{_EDGE}"
    rf"(?:(1\s?er|\d{{1,2}})\s+)?({MONTH})\s+(\d{{4}})(?!\d)"
)
_JOINT = re.compile(rf"(?:{MONTH})(?:\s+\d{{4}})?\s*(?:-|a\b|au\b|et\b|jusqu')")
"""What stands in the middle of every span: the first month, and what leads to the second."""
_FIGURE_DATE = r"\d{1,2}[/.]\d{1,2}[/.]\d{4}"
_FIGURE_SPAN = re.compile(rf"\bdu\s+({_FIGURE_DATE})\s+(?:au|jusqu'au)\s+({_FIGURE_DATE})(?!\d)")


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    low: int
    high: int
    unit: str


def durations(text: str) -> list[dict[str, Any]]:
    """Return the durations of a text given alone: see :func:`durations_of`."""
    return durations_of(Passages([Block(text=text)]))


def durations_of(passages: Passages) -> list[dict[str, Any]]:
    """Return every plausible duration as ``{min, max, ecrit, extrait, emplacement}``.

    ``min`` and ``max`` are whole months (« un an » is 12 and 12; half a month is rounded outwards);
    ``ecrit`` is the duration as written, ``extrait`` its sentence, ``emplacement`` is
    ``{page, paragraphe}``. In order of the text; the same duration written twice is given twice.
    """
    folded = passages.folded
    found = [one for one in _counted(folded) if _plausible(folded, one)]
    found.extend(one for one in _spans(folded) if _plausible(folded, one))
    return [_fact(passages, one) for one in sorted(found, key=lambda one: one.start)]


def months_between(first: dt.date, last: dt.date) -> int:
    """Return the months from ``first`` to ``last`` inclusive, rounded to the nearest.

    From 1 September 2026 to 31 July 2027: 11.
    """
    after = last + dt.timedelta(days=1)
    whole = (after.year - first.year) * 12 + after.month - first.month
    return whole + round((after.day - first.day) / 30)


def _fact(passages: Passages, one: _Found) -> dict[str, Any]:
    return {
        "min": one.low,
        "max": one.high,
        "ecrit": passages.excerpt(one.start, one.end),
        "extrait": passages.sentence(one.start, one.end),
        "emplacement": passages.place(one.start),
    }


def _counted(folded: str) -> Iterator[_Found]:
    """Yield what is a number before « mois » or « an », ranges and « un an et deux mois » as one."""
    last: _Found | None = None
    for unit in _UNIT.finditer(folded):
        one = _before_unit(folded, unit)
        if one is None:
            continue
        if last is not None:
            between = folded[last.end : one.start].strip()
            if last.unit == "an" and one.unit == "mois" and between in ("et", "") and one.high < 12:
                last = _Found(last.start, one.end, last.low + one.low, last.high + one.high, "mois")
                continue
            if between in ("a", "et", "-", "ou", "voire") and last.low < one.high:
                last = _Found(last.start, one.end, last.low, one.high, one.unit)
                continue
            yield last
        last = one
    if last is not None:
        yield last


def _before_unit(folded: str, unit: re.Match[str]) -> _Found | None:
    """Return the number written just before a unit, in months."""
    origin = max(0, unit.start() - _WINDOW)
    window = folded[origin : unit.start()]
    years = not unit.group(1).startswith("m")
    factor = 12 if years else 1
    kind = "an" if years else "mois"
    half = _HALF_YEARS.search(window)
    if half and years:
        months = int(half.group(1)) * 12 + 6
        return _Found(origin + half.start(), unit.end(), months, months, kind)
    match = _COUNT_BEFORE.search(window)
    if match is None:
        return None
    low = parse_number(match.group(1)) if match.group(1) else None
    high = parse_number(match.group(2))
    if high is None:
        return None
    first, last = sorted(((high if low is None else low) * factor, high * factor))
    if unit.group(2):
        # « six mois et demi » is between six and seven; « un an et demi » is eighteen exactly.
        first, last = (first + 6, last + 6) if years else (first, last + 1)
    return _Found(origin + match.start(), unit.end(), first, last, kind)


def _spans(folded: str) -> Iterator[_Found]:
    """Yield what is written from one month, or day, to another."""
    for match in _month_spans(folded):
        edge, day, month, year, end_edge, end_day, end_month, end_year = match.groups()
        last = _bound(end_edge, end_day, end_month, int(end_year), closing=True)
        if last is None:
            continue
        first_year = int(year) if year else last.year
        first = _bound(edge, day, month, first_year, closing=False)
        if first is not None and not year and first > last:
            first = _bound(edge, day, month, first_year - 1, closing=False)
        if first is not None and first < last:
            yield _span(match, first, last)
    for match in _FIGURE_SPAN.finditer(folded):
        first, last = parse_date(match.group(1)), parse_date(match.group(2))
        if first is not None and last is not None and first < last:
            yield _span(match, first, last)


def _month_spans(folded: str) -> Iterator[re.Match[str]]:
    """Yield what ``_SPAN.finditer(folded)`` would, looked for only around the joint that each span holds."""
    end = 0
    for joint in _JOINT.finditer(folded):
        if joint.start() >= end:
            found = _SPAN.search(folded, max(end, joint.start() - _WINDOW), joint.end() + _WINDOW)
            if found is not None:
                yield found
                end = found.end()


def _span(match: re.Match[str], first: dt.date, last: dt.date) -> _Found:
    months = months_between(first, last)
    return _Found(match.start(), match.end(), months, months, "periode")


def _bound(edge: str | None, day: str | None, month: str, year: int, *, closing: bool) -> dt.date | None:
    """Return the day on which a span starts, or, ``closing``, the last day that it holds."""
    rank = month_of(month) or 0
    if day:
        return date_of(year, rank, int(day.removesuffix("er")))
    if edge == "mi":
        return date_of(year, rank, 14 if closing else 15)
    if closing and edge != "debut":
        return date_of(year, rank, calendar.monthrange(year, rank)[1])
    return date_of(year, rank, 28 if edge == "fin" else 1)


def _plausible(folded: str, one: _Found) -> bool:
    """Tell whether a duration may be that of the work in hand, by the words around it."""
    if not 1 <= one.low <= one.high <= _LONGEST:
        return False
    before = _sentence_before(folded, one.start)
    after = folded[one.end : one.end + 60]
    if _ALWAYS_OUT.search(before):
        return False
    if _AFTER_IN.match(after):
        return True
    if _BEFORE_OUT.search(before) or _AFTER_OUT.match(after):
        return False
    around = before + folded[one.start : one.end] + _SENTENCE_BREAK.split(after, maxsplit=1)[0]
    if _OTHER.search(around):
        return False
    if one.unit == "mois":
        return True
    # « deux ans », « de mars à juin » speak of anything: something must say of what, or nothing else be said.
    told = _ABOUT.search(around) or _FOR.search(before) or len(around.split()) <= 8
    return bool(told) and one.high >= 2


_SENTENCE_BREAK = re.compile(r"[.!?;](?=\s)")


def _sentence_before(folded: str, start: int) -> str:
    return _SENTENCE_BREAK.split(folded[max(0, start - 160) : start])[-1]


_SESSION = re.compile(
    r"\b(?:(?:seule?s?|grandes?|principales?|temps de)\s+)?"
    r"(?:(?:sessions?|seances?)\b(?![-'])"
    # « deux jours in situ » is a duration, « cinq visites in situ » another thing.
    r"|(?!(?:jours?|journees?|semaines?|heures?|nuits?|mois|visites?|entretiens?|releves?|enquetes?)\b)"
    r"[a-z]{4,}\s+in\s+situ\b)"
)
_SESSION_WORDS = ("session", "seance", "situ")
_SESSION_NOT = re.compile(
    r"\s+(?:d[eu]s?\s+(?:la\s+|l')?|d')?(?:conseil|bureau|commission|comite|formation|travail|concertation"
    r"|assemblee|plenier|extraordinaire|ordinaire|municipal|communautaire|publique|citoyen|participati)"
)
_SESSION_PAST = re.compile(
    r"\bont (?:deja )?(?:eu lieu|ete|reuni|permis|rassemble)"
    r"|\b(?:tenue|organise|menee?|anime)e?s en (?:19|20)\d{2}"
)


def sessions(text: str) -> list[dict[str, Any]]:
    """Return the numbers of sessions of a text given alone: see :func:`sessions_of`."""
    return sessions_of(Passages([Block(text=text)]))


def sessions_of(passages: Passages) -> list[dict[str, Any]]:
    """Return every number of sessions (« trois sessions », « 3 rencontres in situ », « trois (3) séances »).

    Same shape as :func:`durations_of`. « Une session » is an article, « une seule session » a
    number; the sessions of a council, or those of the past, are not counted.
    """
    folded = passages.folded
    found: list[dict[str, Any]] = []
    for unit in _SESSION.finditer(folded) if any(word in folded for word in _SESSION_WORDS) else ():
        origin = max(0, unit.start() - _WINDOW)
        window = folded[origin : unit.start()]
        match = _COUNT_BEFORE.search(window)
        if match is None:
            continue
        high = parse_number(match.group(2))
        low = parse_number(match.group(1)) if match.group(1) else high
        if high is None or low is None or not 1 <= low <= high <= 20:
            continue
        article = window[match.start() :].strip() in ("un", "une") and not unit.group().startswith("seul")
        after = folded[unit.end() : unit.end() + 80]
        if article or _SESSION_NOT.match(after) or _SESSION_PAST.search(_SENTENCE_BREAK.split(after)[0]):
            continue
        found.append(_fact(passages, _Found(origin + match.start(), unit.end(), low, high, "")))
    return found
