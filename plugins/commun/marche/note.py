"""What the porteurs wrote in their candidature (note, manifestation d’intérêt), as the CCTP takes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assembler.contributions import Case
from assembler.french import typo
from assembler.model import Block, Source, dig
from assembler.text import plain

__all__ = [
    "Note",
    "enveloppe",
    "passage",
    "passages_de_la_note",
    "reservees",
    "section_pour_cctp",
]

_MONTANT = re.compile(
    r"\d[\s.,]{0,3}(?:[kM]\s?)?(?:€|euros?\b)|\b(?:mille|millions?) (?:d['’])?euros\b",
    re.IGNORECASE,
)
_COUT = re.compile(r"\b(?:accompagnement|atelier|enveloppe|budget|dgaln|equipe|prestation|marche)\b")


def _rien(_case: Case) -> Mapping[str, Sequence[str]]:
    return {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """The piece of a format from which its CCTP is made."""

    piece: str
    """Its id."""
    le: str
    """How a sentence names it: « la note »."""
    nom: str
    """Its whole name: « la note d’opportunité »."""
    sections: Mapping[str, str]
    """Title of each section by id, in the order of the piece; a section of that id is in the CCTP."""
    niveaux: Mapping[str, int] = field(default_factory=dict)
    """Level of a section's sub-headings: below an article (2); else below a sub-article (3)."""
    facultatives: tuple[str, ...] = ()
    """The sections that the CCTP does without; another one that nobody fills in refuses it."""
    contexte: tuple[str, ...] = ()
    """The sections of article 3, which nobody reads when they are too long."""
    exiges: Mapping[str, str] = field(default_factory=dict)
    """Further fields without which there is no CCTP: dotted path -> French name with its article."""
    repli: Callable[[Case], Mapping[str, Sequence[str]]] = _rien
    """By section, the paragraphs that the fiche gives when the piece does not fill it."""


def passage(case: Case, note: Note, section: str) -> tuple[Source | None, list[tuple[int, Block]]]:
    """Return the file of the piece and the numbered blocks that fill a section, its title left out.

    The file is the editable form when there is one. Empty when the section is not there.
    """
    forms = dig(case.dossier.pieces, f"{note.piece}.0", ())
    source: Source | None = forms[0] if forms else None
    facts = dig(case.dossier.facts, f"pieces.{note.piece}.sections.{section}", {})
    start, end = facts.get("debut"), facts.get("fin")
    if source is None or source.reading is None or not start or not end:
        return source, []
    blocks = source.reading.blocks
    title = plain(facts.get("titre") or "")
    # The title's own paragraph is left out, unless the text goes on in it.
    first = start - 1 if title and len(plain(blocks[start - 1].text)) > len(title) + 40 else start
    return source, list(enumerate(blocks[first:end], first + 1))


def passages_de_la_note(case: Case, note: Note) -> list[tuple[str, int, Block]]:
    """Return every block of the piece with its section’s title and its number."""
    return [
        (title, number, block)
        for section, title in note.sections.items()
        for number, block in passage(case, note, section)[1]
    ]


def enveloppe(text: str) -> bool:
    """Tell whether a passage states what the accompagnement costs: bidders must not read it."""
    return bool(_MONTANT.search(text) and _COUT.search(plain(text)))


def reservees(blocks: Sequence[Block]) -> frozenset[int]:
    """Return the ranks of the blocks kept from the bidders.

    A paragraph that states the envelope is kept from them, with the whole of its table when it stands
    in one (a row cannot leave without its table), and with its heading when nothing else stands below.
    """
    out = {rank for rank, block in enumerate(blocks) if enveloppe(block.text)}
    tables = {blocks[rank].anchor[:1] for rank in out if blocks[rank].in_table and blocks[rank].anchor}
    out |= {rank for rank, block in enumerate(blocks) if block.in_table and block.anchor[:1] in tables}
    kept_below = 0
    for rank in range(len(blocks) - 1, -1, -1):
        block = blocks[rank]
        if block.level is None:
            kept_below += rank not in out
        elif kept_below:
            kept_below = 0
        elif rank + 1 in out:
            out.add(rank)
    return frozenset(out)


def section_pour_cctp(case: Case, note: Note, section: str) -> dict[str, Any]:
    """Return a section as the CCTP takes it: ``fragment`` (its formatting) or ``paragraphes`` (its text).

    Args:
        case: the case.
        note: the piece.
        section: id of the section.

    Without the section, its text is what the fiche gives instead. Both are empty when there is neither:
    printing the section is then a missing value.
    """
    from assembler.rendering.fragments import Fragment

    source, blocks = passage(case, note, section)
    hidden = reservees([block for _, block in blocks])
    filled = [block for rank, (_, block) in enumerate(blocks) if not block.hint and rank not in hidden]
    if source is None or not any(block.text.strip() or block.picture for block in filled):
        return {"fragment": None, "paragraphes": list(note.repli(case).get(section, ()))}
    niveau = note.niveaux.get(section, 3)
    if source.nature in {"docx", "docm", "dotx"} and any(block.anchor for block in filled):
        highest = min((block.level for block in filled if block.level), default=niveau)
        fragment = Fragment(
            Path(source.path).read_bytes(),
            tuple(block.anchor for block in filled),
            shift=niveau - highest,
            max_level=3,
        )
        return {"fragment": fragment, "paragraphes": []}
    return {"fragment": None, "paragraphes": [typo(block.text) for block in filled if block.text.strip()]}
