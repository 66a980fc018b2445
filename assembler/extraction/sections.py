"""The sections that a piece is expected to hold: where they start and end, whether they are filled in.

A title is a heading; failing that, a short paragraph, numbered or not, bold or not, in a table or
not, that says the expected words and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from assembler.contributions import Piece, Section
from assembler.extraction.guidance import Apart, idle_in
from assembler.extraction.passages import compiled, fold
from assembler.model import Block
from assembler.text import plain, words

__all__ = ["bare_title", "find_marks", "section_facts", "structure_of", "titles_found"]

_LONGEST_TITLE = 160
_FEWEST_WORDS = 3
_FEWEST_TITLES = 3
_KEPT_TITLES = 4096

_NUMERAL = r"(?:\d{1,2}(?:\s?\.\s?\d{1,2})*|[ivx]{1,5}|[a-h])"
_PREFIX = re.compile(
    rf"^\s*(?:(?:section|annexe|partie|rubrique|chapitre|article|titre|volet)s?\s*(?:n\s?[°ºo]\s*)?{_NUMERAL}?\s*(?:[-.:)/]+\s*|\s+|$)"
    rf"|{_NUMERAL}\s*(?:[-.):/°]+\s*)+(?=\D)|\d{{1,2}}(?:\.\d{{1,2}})*\s+(?=[a-z]))"
)
_MARKED = re.compile(
    rf"^\s*(?:section|annexe|partie|rubrique|chapitre|volet)\s*(?:n\s?[°ºo]\s*)?{_NUMERAL}\b"
)
_LEADER = re.compile(r"[.…·_\s]{2,200}\d{0,3}\s?$")
_TO_PAGE = re.compile(r"[\s.…_]{0,200}\d{1,3}\s?$")
_LEADER_TO_PAGE = re.compile(r"(?:[.…·_]\s?){2,200}\d{1,3}\s?$|\t\s?\d{1,3}$")

# Every repetition is bounded: a line of ten thousand dots must cost no more than another.
_LEFT = r"a (?:completer|preciser|definir|renseigner|remplir|confirmer|inserer|indiquer)"
_FILL = (
    rf"{_LEFT}|(?:completer|inserer|indiquer|preciser|renseigner|saisir)\b[^\])\n]{{0,80}}|date\b[^\])\n]{{0,40}}"
    r"|(?:nom|prenom|montant|lieu(?!-))\b[^\])\n]{0,40}|commune|territoire|collectivite|titre|texte|duree|x{2,9}"
)
_MARK = re.compile(
    rf"\[\s?(?:{_FILL})\s?(?:[:,-][^\]\n]{{0,80}})?\]"
    r"|\(\s?a (?:completer|preciser|definir|renseigner|remplir|inserer)\b[^)\n]{0,80}\)"
    r"|<<?\s?a (?:completer|preciser|definir|renseigner)\b[^>\n]{0,80}>>?"
    r"|\bx{3,}\b|\bxx[/.]xx\b(?:[/.](?:x{2,4}|\d{2,4})\b)?|\b(?:20)?xx\b(?! ?(?:e|eme|siecles?)\b)"
    r"|\btodo\b|\btbd\b|\blorem ipsum\b"
    r"|\bcliquez (?:ou appuyez )?ici\b[^.\n]{0,60}|\bchoisissez un element\b|\?{3,}"
    r"|\.{5,}|…{2,}|_{4,}"
)
_MARK_SIGNS = (
    *("[", "(", "<", "xx", "todo", "tbd", "lorem ipsum", "cliquez", "choisissez"),
    *("???", ".....", "……", "____"),
)
_WHOLE = re.compile(r"(?:a (?:completer|preciser|definir|renseigner|remplir)|x{2,}|en attente|todo|tbd)")
_TAIL_MARK = re.compile(r":\s?a (?:completer|preciser|definir|renseigner|remplir)\s?\.?$")
_GUIDANCE = re.compile(
    r"^\W*(?:(?:consigne|aide|indication|aide a la redaction|mode d'emploi|conseil)s?\s*:"
    r"|(?:indiquez|precisez|decrivez|presentez|listez|renseignez|completez|inserez|expliquez|joignez|detaillez)\b)"
)


@dataclass(frozen=True, slots=True)
class _Title:
    rank: int
    section: str
    tier: tuple[int, int]
    """The higher, the more it is a title; then the nearer to the top of the hierarchy."""
    level: int | None
    inline: str = ""
    """What follows the title in the same paragraph."""


def bare_title(text: str) -> str:
    """Return a title as plain text, without « Section 3 - », « Annexe 1 : », « 1. », « A) », final colon."""
    folded = fold(text).strip()
    for _ in range(2):
        stripped = _PREFIX.sub("", folded, count=1)
        if stripped == folded or not stripped.strip():
            break
        folded = stripped
    return plain(folded)


def section_facts(piece: Piece, apart: Apart) -> dict[str, dict[str, Any]]:
    """Return, by section id, ``{titre, mots, etat, debut, fin}``.

    ``etat`` is ``renseignee``, ``vide`` (no words), ``a_completer`` (nothing but placeholders, guidance
    or the title again) or ``absente``; ``debut`` (the title) and ``fin`` are block numbers from 1.
    """
    blocks = apart.blocks
    found = _titles(piece.sections, blocks)
    bounds = _bounds(found, blocks)
    facts: dict[str, dict[str, Any]] = {}
    for section in piece.sections:
        candidates = [title for title in found if title.section == section.id]
        judged = [(_judge(title, bounds[title.rank], apart), title) for title in candidates]
        if not judged:
            facts[section.id] = {"titre": None, "mots": 0, "etat": "absente", "debut": None, "fin": None}
            continue
        # A title met twice (a table of contents, a reminder): the fullest is the section.
        (etat, mots), title = max(judged, key=lambda one: (one[0][1], -one[1].rank))
        facts[section.id] = {
            "titre": _shown(blocks[title.rank].text, title),
            "mots": mots,
            "etat": etat,
            "debut": title.rank + 1,
            "fin": bounds[title.rank],
        }
    return facts


def titles_found(piece: Piece, blocks: Sequence[Block]) -> int:
    """Return how many of the expected titles are there."""
    return len({title.section for title in _titles(piece.sections, blocks)})


def structure_of(facts: dict[str, dict[str, Any]]) -> str:
    """Return ``reconnue`` when three expected titles are there at least (all, when there are fewer)."""
    there = sum(one["etat"] != "absente" for one in facts.values())
    return "reconnue" if there >= min(_FEWEST_TITLES, len(facts)) and there else "non_reconnue"


def find_marks(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Return ``{extrait, emplacement}`` for every placeholder left (« [à compléter] », « xxx », « … »)."""
    marks: list[dict[str, Any]] = []
    for rank, block in enumerate(blocks, start=1):
        if not block.text.strip():
            continue
        folded = fold(block.text)
        place = {"page": block.page, "paragraphe": rank}
        if not block.hint and (_is_mark(folded)):
            marks.append({"extrait": block.text.strip()[:200], "emplacement": place})
            continue
        for match in _MARK.finditer(folded) if _may_be_marked(folded) else ():
            if _is_leader(folded, match):
                continue
            if block.hint and "cliquez" not in match.group() and "choisissez" not in match.group():
                continue
            marks.append({"extrait": block.text[match.start() : match.end()], "emplacement": dict(place)})
        tail = _TAIL_MARK.search(folded)
        if tail and not block.hint:
            marks.append(
                {"extrait": block.text[max(0, tail.start() - 60) :].strip(), "emplacement": dict(place)}
            )
    return marks


def _may_be_marked(folded: str) -> bool:
    """Tell, at less cost than :data:`_MARK`, whether it may match: it asks for one of these signs."""
    return any(sign in folded for sign in _MARK_SIGNS)


def _is_mark(folded: str) -> bool:
    """Tell whether a whole paragraph is a placeholder: « à compléter », « xxx », « … », a dotted line."""
    said = plain(folded)
    if said:
        return _WHOLE.fullmatch(said) is not None
    return "…" in folded or folded.count(".") >= 3 or folded.count("_") >= 3


def _is_leader(folded: str, match: re.Match[str]) -> bool:
    """Dots that lead to the page number of a table of contents are no placeholder."""
    return match.group()[0] in ".…_" and _TO_PAGE.match(folded, match.end()) is not None


def _titles(sections: Sequence[Section], blocks: Sequence[Block]) -> list[_Title]:
    """Return the titles of the expected sections, for each the candidates of its best tier."""
    found: list[_Title] = []
    expected = _expected(tuple(sections))
    for rank, block in enumerate(blocks):
        if block.hint or not block.text.strip():
            continue
        for text, rest in _as_title(block):
            section = expected.section_of(text)
            if section is not None:
                found.append(_Title(rank, section, _tier(block, rest), block.level, rest))
                break
    best = {title.section: max(t.tier for t in found if t.section == title.section) for title in found}
    kept = [title for title in found if title.tier == best[title.section] and title.tier[0] >= 0]
    headed = len({title.section for title in kept if title.level is not None})
    outside = len({title.section for title in kept if not blocks[title.rank].in_table and title.tier[0] >= 2})
    return [
        title
        for title in kept
        if title.level is not None
        # In a piece that has real titles, a line of running text or the head of a column is none.
        or (
            not (headed >= _FEWEST_TITLES and title.tier[0] < 2)
            and not (outside >= _FEWEST_TITLES and blocks[title.rank].in_table)
        )
    ]


def _as_title(block: Block) -> list[tuple[str, str]]:
    """Return the ways to read a block as a title: whole, or before a line end or a colon."""
    text = block.text.strip()
    ways = [(text, "")] if len(text) <= _LONGEST_TITLE else []
    if block.level is None:
        for mark in ("\n", ":"):
            head, separator, rest = text.partition(mark)
            if mark == ":" and _PREFIX.match(fold(head + ":")) and not bare_title(head):
                # « Annexe 1 : les dynamiques du territoire : … »: the first colon is the number's.
                more, separator, rest = rest.partition(":")
                head = f"{head}:{more}"
            if separator and rest.strip() and len(head) <= _LONGEST_TITLE:
                ways.append((head, rest))
    return ways


@dataclass(frozen=True, slots=True)
class _Expected:
    """The titles expected, each section's patterns as one expression, and the texts already looked at."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    known: dict[str, str | None] = field(default_factory=dict)

    def section_of(self, text: str) -> str | None:
        """Return the section whose title a text says, whole; the first in their order."""
        if text not in self.known:
            if len(self.known) >= _KEPT_TITLES:
                self.known.clear()
            shown = _LEADER.sub("", text) if _LEADER_TO_PAGE.search(text) else text
            candidates = {bare_title(shown), plain(shown)} - {""}
            self.known[text] = next(
                (
                    section
                    for section, pattern in self.patterns
                    if any(pattern.fullmatch(candidate) for candidate in candidates)
                ),
                None,
            )
        return self.known[text]


@lru_cache(maxsize=32)
def _expected(sections: tuple[Section, ...]) -> _Expected:
    return _Expected(
        tuple(
            (section.id, compiled("|".join(f"(?:{pattern})" for pattern in section.patterns)))
            for section in sections
        )
    )


def _tier(block: Block, rest: str) -> tuple[int, int]:
    """Return how much a block is a title: heading, bold, marked, numbered, bare, list item, contents line."""
    if block.level is not None:
        return 6, -block.level
    text = block.text.strip()
    if _LEADER_TO_PAGE.search(text, max(0, len(text) - _LONGEST_TITLE)):
        return -1, 0
    folded = fold(text)
    marked = _MARKED.match(folded) is not None
    if block.bold or text.isupper():
        return (5 if marked else 4), 0
    if marked:
        return 3, 0
    if not rest and (_PREFIX.match(folded) or block.in_table):
        return 2, 0
    if rest:
        return 1, 0
    return (0 if block.listed else 1), 0


def _bounds(found: Sequence[_Title], blocks: Sequence[Block]) -> dict[int, int]:
    """Return, by rank of a title, the number of the last block of its section."""
    by_rank = {title.rank: title for title in found}
    ends: dict[int, int] = {}
    open_title: _Title | None = None
    for rank, block in enumerate(blocks):
        title = by_rank.get(rank)
        if open_title is not None and (title is not None or _closes(block, open_title)):
            ends[open_title.rank] = rank
            open_title = None
        if title is not None:
            open_title = title
    if open_title is not None:
        ends[open_title.rank] = max(open_title.rank + 1, _body_end(blocks))
    return ends


def _body_end(blocks: Sequence[Block]) -> int:
    """Return the number of blocks of the body: notes at the foot of pages come last, without anchor."""
    end = len(blocks)
    if end and blocks[0].anchor:
        while not blocks[end - 1].anchor:
            end -= 1
    return end


def _closes(block: Block, title: _Title) -> bool:
    if title.level is not None:
        return block.level is not None and block.level <= title.level
    if block.level is not None:
        return block.level == 1
    text = block.text.strip()
    return bool(text) and len(text) <= _LONGEST_TITLE and block.bold and _MARKED.match(fold(text)) is not None


def _judge(title: _Title, end: int, apart: Apart) -> tuple[str, int]:
    """Return the state of a section and the words that count in it."""
    blocks, idle = apart.blocks, idle_in(apart, title.rank + 1, end)
    total, picture, waiting = 0, False, False
    own = bare_title(blocks[title.rank].text)
    contents = [(title.inline, False, False)] if title.inline else []
    contents += [
        (block.text, block.hint, block.picture)
        for rank, block in enumerate(blocks[title.rank + 1 : end], start=title.rank + 1)
        if block.level is None and rank not in idle
    ]
    for text, hint, image in contents:
        picture = picture or image
        if not text.strip():
            continue
        folded = fold(text)
        rest = _MARK.sub(" ", folded) if _may_be_marked(folded) else folded
        waiting = waiting or rest != folded
        if hint or _GUIDANCE.match(folded) or _is_mark(folded) or bare_title(text) == own:
            waiting = True
        else:
            total += words(rest)
    if total >= _FEWEST_WORDS or (picture and total):
        return "renseignee", total
    return ("a_completer" if waiting else "vide"), total


def _shown(text: str, title: _Title) -> str:
    head = text.strip()
    if title.inline:
        head = head[: len(head) - len(title.inline)].rstrip(" :\n")
    return " ".join(head.split())
