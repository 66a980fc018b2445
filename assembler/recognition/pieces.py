"""Which file is which piece: by the fiche, else by its name, else by its content.

Names tell the family; between letters the content has the last word, since a letter of a préfet and
one of a service under him share a letterhead. Signatories are looked for where a letter is signed,
never where it is headed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from assembler.contributions import Piece
from assembler.extraction.passages import compiled
from assembler.model import Source
from assembler.recognition.evidence import Evidence, letters_in, weigh
from assembler.recognition.filenames import bare_name, split_pages, whole_name
from assembler.recognition.grouping import Candidate, group_forms
from assembler.recognition.places import lies_well
from assembler.text import plain

__all__ = ["Recognition", "recognise"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognition:
    """What the files of a dossier were recognised as."""

    sources: tuple[Source, ...]
    """Every file, with ``piece``, ``reconnu_par`` and ``pages_retenues``; a file that holds several
    pieces is there once for each."""
    pieces: Mapping[str, tuple[tuple[Source, ...], ...]]
    """By piece id, each piece as the files that make it (editable first, then PDF)."""
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Single pieces for which several files stand, with their names."""
    splits: Mapping[str, Mapping[str, tuple[int, ...]]] = field(default_factory=dict)
    """Files in which several letters were found: pages by piece id, to be proposed."""
    notes: tuple[str, ...] = ()
    """French, for the person: misleading names, choices of the fiche that match no file."""


def recognise(
    sources: Sequence[Source], pieces: Sequence[Piece], chosen: Mapping[str, object]
) -> Recognition:
    """Recognise the files of a dossier.

    Args:
        sources: the files, read; one without a reading is recognised by its name only.
        pieces: what the format expects.
        chosen: the fiche's choice: file name, with its pages if any (« courriers.pdf, p. 2-3 »),
            to piece id; or piece id to such a name, or to a list of them.

    Returns:
        The recognition. A file nobody claims keeps ``piece`` None; nothing is ever dropped.
    """
    notes: list[str] = []
    choice = _choices(sources, pieces, chosen, notes)
    decided = {piece.id for piece in pieces if not piece.many} & {
        piece for found in choice.values() for piece, _ in found
    }
    open_pieces = [piece for piece in pieces if piece.id not in decided]
    splits: dict[str, Mapping[str, tuple[int, ...]]] = {}
    known: list[Source] = []
    for source in sources:
        if source.name in choice:
            known.extend(
                replace(source, piece=piece, reconnu_par="fiche", pages_retenues=pages)
                for piece, pages in choice[source.name]
            )
            continue
        several = letters_in(source, open_pieces)
        if several:
            known.extend(
                replace(source, piece=piece, reconnu_par="contenu", pages_retenues=pages)
                for piece, pages in several
            )
            splits[source.name] = _united(several)
            notes.append(_proposal(source.name, several, open_pieces))
            continue
        known.append(_recognised(source, open_pieces, notes))
    groups, ambiguous = _grouped(known, pieces)
    return Recognition(
        sources=tuple(known),
        pieces=MappingProxyType(groups),
        ambiguous=MappingProxyType(ambiguous),
        splits=MappingProxyType(splits),
        notes=tuple(notes),
    )


def _recognised(source: Source, pieces: Sequence[Piece], notes: list[str]) -> Source:
    """Recognise one file by its name, its content having the last word when it can be read."""
    named = _by_name(source.name, pieces)
    evidence = weigh(source, pieces)
    if evidence is None:
        found = named[0] if len(named) == 1 else None
        return replace(source, piece=found.id if found else None, reconnu_par="nom" if found else None)
    allowed = [piece for piece in named if evidence[piece.id].possible]
    told = _by_content([piece for piece in pieces if _admits(piece, source.nature)], evidence)
    if (
        told is not None
        and told not in allowed
        and _overrules(evidence[told.id], [evidence[p.id] for p in allowed])
    ):
        if named:
            notes.append(
                f"Le nom de « {source.name} » est trompeur : d’après son contenu, c’est un autre document "
                f"({told.title})."
            )
        return replace(source, piece=told.id, reconnu_par="contenu")
    if told is not None and told in allowed:
        allowed = [told]
    if len(allowed) == 1:
        return replace(source, piece=allowed[0].id, reconnu_par="nom")
    if told is not None:
        return replace(source, piece=told.id, reconnu_par="contenu")
    return source


def _by_name(name: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces whose patterns say the most of a name: one, or several that say as much.

    Between those, the folder decides. It helps as well when the name alone says nothing
    (``courriers/préfet.pdf``), and tells alone the pieces that have no pattern.
    """
    bare, whole = bare_name(name), whole_name(name)
    folders = " ".join(plain(part) for part in name.replace("\\", "/").split("/")[:-1])
    for before in ("", f"{folders} ") if folders else ("",):
        texts = f"{before}{bare}".strip(), f"{before}{whole}"
        lengths = {piece.id: _said(piece, *texts) for piece in pieces}
        if most := max(lengths.values(), default=0):
            found = [piece for piece in pieces if lengths[piece.id] == most]
            return [piece for piece in found if lies_well(piece, name)] or found
    return [piece for piece in pieces if piece.folders and not piece.names and lies_well(piece, name)]


def _said(piece: Piece, bare: str, whole: str) -> int:
    """Return the length of the longest passage of a name that a pattern of the piece accounts for.

    Args:
        piece: the piece.
        bare: the name, version marks, dates and numbers taken off.
        whole: the name as it is, for the patterns with named groups.
    """
    regexes = map(compiled, piece.names)
    found = (match for one in regexes for match in one.finditer(whole if one.groupindex else bare))
    return max((match.end() - match.start() for match in found), default=0)


def _by_content(pieces: Sequence[Piece], evidence: Mapping[str, Evidence]) -> Piece | None:
    """Return the piece that the content betrays most; a tie, or nothing, gives None."""
    ranked = sorted((evidence[piece.id] for piece in pieces if evidence[piece.id].tells), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0].rank == ranked[1].rank):
        return None
    return ranked[0].piece


_WORKBOOKS = frozenset({"xlsx", "xlsm", "xls", "ods"})


def _admits(piece: Piece, nature: str) -> bool:
    """Tell whether a file may be known as a piece by what it says: no letter is known in a workbook."""
    return nature not in _WORKBOOKS or bool(piece.natures & _WORKBOOKS)


def _overrules(content: Evidence, named: Sequence[Evidence]) -> bool:
    """Tell whether what the content betrays is clear enough against the pieces that the name admits.

    Against a piece that the content supports as well, only a signature settles; against one that has
    nothing to be known by but its name (an annexe), signature and wording both.
    """
    if not named:
        return True
    if any(not one.checkable for one in named):
        return content.clear
    best = max(named)
    if not best.tells:
        return content.clear or content.clues > best.clues
    return content.signed and not best.signed


def _grouped(
    known: Iterable[Source], pieces: Sequence[Piece]
) -> tuple[dict[str, tuple[tuple[Source, ...], ...]], dict[str, tuple[str, ...]]]:
    claimed: dict[str, list[Source]] = {}
    for source in known:
        if source.piece is not None:
            claimed.setdefault(source.piece, []).append(source)
    groups: dict[str, tuple[tuple[Source, ...], ...]] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    for piece in pieces:
        found = claimed.get(piece.id)
        if not found:
            continue
        candidates = [Candidate.of(source, bare_name(source.name)) for source in found]
        grouped = group_forms(candidates, many=piece.many)
        groups[piece.id] = tuple(grouped)
        if len(grouped) > 1 and not piece.many:
            ambiguous[piece.id] = tuple(dict.fromkeys(one.name for group in grouped for one in group))
    return groups, ambiguous


def _proposal(name: str, several: Sequence[tuple[str, tuple[int, ...]]], pieces: Sequence[Piece]) -> str:
    titles = {piece.id: piece.title for piece in pieces}
    parts = ", ".join(
        f"{titles[piece]} p. {pages[0]}" + (f"-{pages[-1]}" if len(pages) > 1 else "")
        for piece, pages in several
    )
    return (
        f"« {name} » réunit plusieurs pièces ({parts}) : pour fixer ce découpage, inscrivez-le dans la fiche."
    )


def _united(several: Iterable[tuple[str, tuple[int, ...]]]) -> Mapping[str, tuple[int, ...]]:
    pages: dict[str, tuple[int, ...]] = {}
    for piece, found in several:
        pages[piece] = (*pages.get(piece, ()), *found)
    return MappingProxyType(pages)


def _choices(
    sources: Sequence[Source], pieces: Sequence[Piece], chosen: Mapping[str, object], notes: list[str]
) -> dict[str, list[tuple[str, tuple[int, ...]]]]:
    """Return, by file name, the pieces (with their pages) that the fiche says it holds."""
    ids = {piece.id for piece in pieces}
    pairs: list[tuple[str, str]] = []
    for key, value in chosen.items():
        if key in ids:
            values = value if isinstance(value, (list, tuple)) else (value,)
            pairs.extend((str(one), key) for one in values)
        elif value in ids:
            pairs.append((str(key), str(value)))
    found: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for said, piece in pairs:
        name, pages = split_pages(said)
        source = _named(name, sources) or _named(said, sources)
        if source is None:
            notes.append(f"La fiche désigne « {said} », qui n’est pas dans le dossier.")
            continue
        found.setdefault(source.name, []).append((piece, pages))
    return found


def _named(said: str, sources: Sequence[Source]) -> Source | None:
    """Return the file of that name: its whole path, else its own name when only one bears it."""
    wanted = plain(said)
    exact = [source for source in sources if plain(source.name) == wanted]
    loose = [source for source in sources if plain(source.name.rsplit("/", 1)[-1]) == wanted]
    for found in (exact, loose):
        if len(found) == 1:
            return found[0]
    return None
