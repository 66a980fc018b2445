"""Files that are one piece in several forms: the draft and its signed PDF, the same file twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assembler.extraction.passages import concordance, passages_of
from assembler.model import Source
from assembler.text import plain

__all__ = ["Candidate", "group_forms"]

_ALIKE = 0.85
_FEWEST_NAMES = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A file that stands for a piece, with what is needed to compare it with the others."""

    source: Source
    stem: str
    """Its name, version marks taken off."""
    words: tuple[str, ...]
    """Plain words of the retained pages."""

    @classmethod
    def of(cls, source: Source, stem: str) -> Candidate:
        """Return the candidate of a source."""
        return cls(source=source, stem=stem, words=tuple(passages_of(source).plain_flow.split()))

    @property
    def editable(self) -> bool:
        """Whether it can be edited; an unread file tells by its nature."""
        if self.source.reading is not None:
            return self.source.reading.forme == "editable"
        return self.source.nature not in ("pdf", "jpg", "png", "tiff")


def group_forms(candidates: Sequence[Candidate], *, many: bool) -> list[tuple[Source, ...]]:
    """Group the files of one piece that are forms of the same thing, editable first, then PDF.

    Two editable files are two versions, never two forms. A PDF joins the editable file that it is most
    like: same name (version marks off), or same text and, among letters, same names in it. A file that is
    byte for byte another adds nothing.

    Args:
        candidates: files recognised as that piece.
        many: several such pieces may stand in the dossier, perhaps worded alike.
    """
    unique = _without_twins(candidates)
    editable = [one for one in unique if one.editable]
    fixed = [one for one in unique if not one.editable]
    groups: list[list[Candidate]] = [[one] for one in editable]
    for match in (_same_name, _same_words):
        fixed = _attach(groups, fixed, match, many=many)
    # A scan has no text to compare: alone with one draft of a single piece, it is its signed form.
    if not many and len(editable) == 1 and len(fixed) == 1 and not fixed[0].words and len(groups[0]) == 1:
        groups[0].append(fixed.pop())
    for one in fixed:
        # The PDF that an office exported and the one that came back signed: one piece as well.
        twin = next(
            (
                group
                for group in groups
                if not group[0].editable and _same_name(group[0], one, many=many) >= _ALIKE
            ),
            None,
        )
        if twin is not None:
            twin.append(one)
        else:
            groups.append([one])
    return [tuple(one.source for one in group) for group in groups]


def _without_twins(candidates: Sequence[Candidate]) -> list[Candidate]:
    kept: dict[tuple[str, tuple[int, ...]], Candidate] = {}
    for one in candidates:
        key = one.source.sha256 or one.source.name, one.source.pages_retenues
        kept.setdefault(key, one)
    return list(kept.values())


_Match = Callable[..., float]


def _attach(
    groups: list[list[Candidate]], fixed: list[Candidate], match: _Match, *, many: bool
) -> list[Candidate]:
    """Put each fixed form with the free draft that it matches best; return those left alone."""
    pairs = sorted(
        (
            (score, -rank, -place)
            for rank, group in enumerate(groups)
            for place, one in enumerate(fixed)
            if len(group) == 1 and group[0].editable and (score := match(group[0], one, many=many)) >= _ALIKE
        ),
        reverse=True,
    )
    used: set[int] = set()
    for _, rank, place in pairs:
        if -place in used or len(groups[-rank]) > 1:
            continue
        used.add(-place)
        groups[-rank].append(fixed[-place])
    return [one for place, one in enumerate(fixed) if place not in used]


def _same_name(one: Candidate, other: Candidate, *, many: bool) -> float:  # noqa: ARG001 (same shape as below)
    """Return 2 and more for the same name, the likeness of the texts deciding between several drafts."""
    if one.stem != other.stem:
        return 0.0
    exact = plain(_bare_stem(one.source.name)) == plain(_bare_stem(other.source.name))
    likeness = concordance(one.words, other.words) if one.words and other.words else 0.5
    return 1.0 + likeness + exact


def _same_words(one: Candidate, other: Candidate, *, many: bool) -> float:
    if not one.words or not other.words:
        return 0.0
    likeness = concordance(one.words, other.words)
    if likeness < _ALIKE or not many:
        return likeness
    # Two collectivités often send the same letter: names of places and people tell them apart.
    return 0.0 if min(_own_words(one, other), _own_words(other, one)) >= _FEWEST_NAMES else likeness


def _own_words(one: Candidate, other: Candidate) -> int:
    """Return how many words of one are never in the other, figures and short words aside."""
    return sum(word.isalpha() and len(word) > 2 for word in set(one.words) - set(other.words))


def _bare_stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
