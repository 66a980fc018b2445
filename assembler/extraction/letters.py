"""The anatomy of a French letter: letterhead, addressee, date, signature block.

Works on the lines of a reading. The letterhead says where a letter comes from, only the signature
block says whose it is: a service placed under a préfet writes on the préfet's paper.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assembler.extraction.dates import DATE, find_dates, parse_date
from assembler.extraction.passages import Passages, iter_lines
from assembler.text import plain

__all__ = ["Letter", "letter_of", "looks_like_letter", "opens_letter", "signature_text"]

_TAIL = 14
_HEAD = 45

_TITLE = (
    r"secretaire general[e]?|direct(?:eur|rice)|sous-?\s?direct(?:eur|rice)"
    r"|maire|mairesse|president[e]?|vice-?\s?president[e]?|adjoint[e]?|chef(?:fe)?|ministre|deleguee?|responsable"
    r"|administrat(?:eur|rice)|commissaire|recteur|rectrice|gouverneur|conseill(?:er|ere)|coordonnat(?:eur|rice)"
)
_QUALITY = re.compile(rf"(?:\b(?:le|la)\s+|\bl')?(?:\d+(?:er|ere|e)\s+)?\b(?:{_TITLE})\b")
_ANY_QUALITY = re.compile(r"(?:(?:le|la)\s+|l')(?:[a-z]{2,}-)?[a-z]{4,}\b[^.:;!?\d]{0,70}$")
_BY_DELEGATION = re.compile(
    r"^p(?:our|\.|/)?\s*(?:le|la|l')\s*[^,;]*?,?\s*(?:et\s+)?par\s+(?:sub)?delegation(?:\s+d[eu]\s+[^,;]*)?[,;]?\s*"
)
_FOR_ANOTHER = re.compile(r"^p(?:our|\.|/)\s*(?:le|la|l')\s*[^,;]*[,;]?\s*")
_POLITENESS = re.compile(
    r"\bagreer\b|\bsalutations\b|\bconsideration\b|\bsentiments\b|\bl'assurance de\b"
    r"|\bl'expression de\b|\bveuillez\b"
)
_NOT_SIGNING = re.compile(r"^(?:copies?|cc|c\.c|pj|p\.j|pieces? jointes?|ampliation|destinataires?)\b")

_SALUTATION = re.compile(r"^(?:monsieur|madame|mesdames|messieurs|mademoiselle)\b[^.:;]{0,90},$")
_OBJECT = re.compile(r"^objet\b|^obj\.? ?:")
_STOP = re.compile(
    r"^(?:objet\b|obj\.? ?:|p\.?j\.?\b|pieces? jointes?|v/?ref|n/?ref|vos ref|nos ref|ref(?:erences?|\.)?\s*:"
    r"|affaire suivie|dossier suivi|tel|mel|courriel|copie)"
)
_CIVIL = re.compile(
    r"^(?:a\s+)?(?:monsieur|madame|mesdames|messieurs|m\.|mm\.|mme)\s+(?:et\s+(?:madame|monsieur)\s+)?(?:le|la|les|l'|\w)"
)
_ATTENTION = re.compile(r"^(?:a|a l'attention d[eu]\b.*|a destination d[eu]\b.*|destinataires?\s*:?.*)$")
_PLACE_DATE = re.compile(rf"(?:^|[,\s])le\s*:?\s*({DATE})\s*\.?$")
_BLANK_DATE = re.compile(r"^(?:fait a\s+)?[\w' -]{2,45},?\s+le\s*:?\s*(?:\[[^\]]*\]|[_.…x/ ]*)$")
_DONE_AT = re.compile(rf"\bfait (?:a|en)\b[^.]{{0,60}}\ble\s+({DATE})")
_OTHER_ACT = re.compile(
    r"\b(?:vu|deliberation|arrete|decret|loi|circulaire|seance|conseil|courrier|courriel|lettre|reunion|convention"
    r"|ref(?:erences?)?|depuis|recu|avant|valid|rencontre|visite)\b"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """What the shape of a letter tells; everything None when it is not found."""

    date: dt.date | None
    destinataire: str | None
    emetteur: str | None
    signataire: str | None


def letter_of(passages: Passages, headers: str = "") -> Letter:
    """Return what the head and the foot of a letter say.

    Args:
        passages: the letter's text.
        headers: text of its headers and letterhead, when the file keeps them apart.
    """
    lines, folded = passages.lines, passages.folded_lines
    body = _body_start(folded)
    return Letter(
        date=_date(folded, body),
        destinataire=_addressee(lines, folded, body),
        emetteur=_issuer(list(iter_lines([headers])), lines, folded, body),
        signataire=_signatory(lines, folded),
    )


def looks_like_letter(passages: Passages) -> bool:
    """Tell whether the text has the marks of a letter: an object or a salutation near the top."""
    head = passages.folded_lines[:_HEAD]
    return any(_OBJECT.match(line) or _SALUTATION.match(line) for line in head)


def opens_letter(passages: Passages) -> bool:
    """Tell whether a page is the first of a letter: dated, or with an object and someone to read it."""
    head = passages.folded_lines[:_HEAD]
    dated = any(_PLACE_DATE.search(line) or _BLANK_DATE.match(line) for line in head[:20])
    object_ = any(_OBJECT.match(line) for line in head)
    called = any(_SALUTATION.match(line) or _ATTENTION.match(line) for line in head)
    return (dated and (object_ or called)) or (object_ and called)


def signature_text(passages: Passages) -> str:
    """Return the plain text of the signature block, one line each.

    « Pour le préfet et par délégation » is taken off: it names who does *not* sign.
    """
    folded = passages.folded_lines
    return "\n".join(plain(_own_quality(folded[rank])) for rank in _tail(folded))


def _body_start(folded: Sequence[str]) -> int:
    """Return the rank of the first line of the letter proper: its salutation, else its first long line."""
    for rank, line in enumerate(folded[:_HEAD]):
        if _SALUTATION.match(line):
            return rank
    after_object = next((rank for rank, line in enumerate(folded[:_HEAD]) if _OBJECT.match(line)), None)
    for rank, line in enumerate(folded[:_HEAD]):
        if rank != after_object and len(line) > 160:
            return rank
    if after_object is not None:
        return min(after_object + 4, len(folded))
    return min(25, len(folded))


def _tail(folded: Sequence[str]) -> range:
    """Return the ranks of the lines that may hold the signature: after the politeness, else the last ones."""
    end = len(folded)
    closing = [rank for rank, line in enumerate(folded) if _POLITENESS.search(line)]
    # A salutation formula in the first third is part of the body of a longer text.
    if closing and closing[-1] > end // 3:
        return range(closing[-1] + 1, min(end, closing[-1] + 1 + _TAIL))
    opening = [
        rank for rank, line in enumerate(folded[:_HEAD]) if _OBJECT.match(line) or _SALUTATION.match(line)
    ]
    return range(max(0, end - _TAIL, opening[-1] + 1 if opening else 0), end)


def _own_quality(folded: str) -> str:
    """Return a line without what says on whose behalf it is signed."""
    rest = _BY_DELEGATION.sub("", folded)
    return _FOR_ANOTHER.sub("", rest) if rest == folded else rest


def _signatory(lines: Sequence[str], folded: Sequence[str]) -> str | None:
    ranks = _tail(folded)
    # Past the last sentence, a short line with an article is a quality, whatever the office.
    ended = [rank for rank in ranks if len(folded[rank]) > 40 and folded[rank].endswith((".", ";", ":"))]
    block = ended[-1] + 1 if ended else ranks.start
    found: list[str] = []
    for rank in ranks:
        own = _own_quality(folded[rank])
        start = _quality_at(own, alone=rank >= block)
        if start is None:
            continue
        quality = lines[rank][len(folded[rank]) - len(own) + start :].strip(" ,;")
        if rank + 1 in ranks and re.match(r"(?:de|du|des|d'|et|a la|au)\b", folded[rank + 1]):
            quality = f"{quality} {lines[rank + 1].strip(' ,;')}"
        if plain(quality) not in {plain(one) for one in found}:
            found.append(quality[:1].upper() + quality[1:])
    return " ; ".join(found[:4]) or None


def _quality_at(own: str, *, alone: bool) -> int | None:
    """Return where a quality starts in a line, or None.

    A quality opens its line, or follows a name and a comma; elsewhere it is prose.
    """
    if len(own) > 110 or _NOT_SIGNING.match(own) or _POLITENESS.search(own):
        return None
    match = _QUALITY.search(own)
    if match and (match.start() == 0 or own[: match.start()].rstrip().endswith((",", "-"))):
        return match.start()
    return 0 if alone and _ANY_QUALITY.match(own) else None


def _date(folded: Sequence[str], body: int) -> dt.date | None:
    """Return the date of a letter: « Laval, le 2 mars 2026 », then « Fait à … », then a date alone."""
    blank = False
    head = folded[: max(body, min(12, len(folded)))]
    for line in head:
        match = _PLACE_DATE.search(line) if len(line) <= 140 else None
        if match and not _OTHER_ACT.search(line[: match.start()]):
            found = parse_date(match.group(1))
            if found:
                return found
        blank = blank or bool(_BLANK_DATE.match(line))
    for line in reversed(folded[-30:]):
        match = _DONE_AT.search(line) or (_PLACE_DATE.search(line) if len(line) <= 60 else None)
        if match and not _OTHER_ACT.search(line[: match.start()]):
            found = parse_date(match.group(1))
            if found:
                return found
        blank = blank or bool(line.startswith("fait a") and _BLANK_DATE.match(line))
    dated = [(line, match, date) for line in head for match, date in find_dates(line)]
    for line, match, date in dated:
        if match.group().strip() == line.strip(" .,"):
            return date
    if blank:
        # « Laval, le [date] »: not signed yet; any other date is that of something else.
        return None
    return next((date for line, match, date in dated if not _OTHER_ACT.search(line[: match.start()])), None)


def _addressee(lines: Sequence[str], folded: Sequence[str], body: int) -> str | None:
    head = range(min(body, len(folded)))
    for opens in (_ATTENTION, _CIVIL):
        for rank in head:
            if not opens.match(folded[rank]) or _SALUTATION.match(folded[rank]):
                continue
            first = rank + 1 if folded[rank] in ("a", "a :", "destinataire :", "destinataire") else rank
            block = _block(lines, folded, first, body)
            if block:
                return block
    dated = next(
        (rank for rank in head if _PLACE_DATE.search(folded[rank]) or _BLANK_DATE.match(folded[rank])), None
    )
    if dated is not None:
        block = _block(lines, folded, dated + 1, body)
        if block:
            return block
    if body < len(lines) and _SALUTATION.match(folded[body]):
        return lines[body].rstrip(" ,")
    return None


def _block(lines: Sequence[str], folded: Sequence[str], first: int, body: int) -> str | None:
    """Return the lines of an address from ``first`` to the object, the salutation or the body."""
    kept: list[str] = []
    for rank in range(first, min(body, first + 10, len(lines))):
        if _PLACE_DATE.search(folded[rank]) or _BLANK_DATE.match(folded[rank]):
            continue
        if _STOP.match(folded[rank]) or len(lines[rank]) > 140:
            break
        kept.append(lines[rank].strip(" ,"))
    return ", ".join(kept) or None


def _issuer(headers: Sequence[str], lines: Sequence[str], folded: Sequence[str], body: int) -> str | None:
    kept: list[str] = []
    for rank in range(min(body, 8, len(lines))):
        line = folded[rank]
        if (
            _STOP.match(line)
            or _CIVIL.match(line)
            or _ATTENTION.match(line)
            or _PLACE_DATE.search(line)
            or _BLANK_DATE.match(line)
        ):
            break
        kept.append(lines[rank].strip(" ,"))
    # Headers hold the feet of pages as well: they speak only when the page has no letterhead of its own.
    kept = kept or [line.strip(" ,") for line in headers[:6]]
    return ", ".join(dict.fromkeys(kept)) or None
