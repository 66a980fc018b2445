"""What a piece tells: the facts of a piece, from the readings of the files that make it.

Nothing is opened here: a reader has been through each file already. The text comes from the
editable form, the date and the signatures from the PDF first, since that is what was signed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from assembler.contributions import Piece
from assembler.extraction.durations import durations_of, sessions_of
from assembler.extraction.guidance import NO_FRAME, Apart, Frame, marks_of, set_apart
from assembler.extraction.letters import Letter, letter_of
from assembler.extraction.passages import Passages, concordance, passages_of
from assembler.extraction.sections import find_marks, section_facts, structure_of
from assembler.extraction.territory import places_in
from assembler.memory import ROOM, Memory, Same
from assembler.model import Block, Frozen, Reading, Source
from assembler.text import plain, words

__all__ = ["collectivites_in", "known_facts", "piece_facts"]

_known: Memory[Frozen] = Memory(ROOM)


def known_facts(
    piece: Piece,
    files: tuple[Source, ...],
    collectivites: Sequence[str],
    lieux: Sequence[str] = (),
    frame: Frame = NO_FRAME,
) -> Frozen:
    """Return :func:`piece_facts`, read-only, worked out once for the same readings."""
    drawn_from = tuple((replace(one, reading=None, path=""), Same(one.reading)) for one in files)
    key = Same(piece), drawn_from, tuple(collectivites), tuple(lieux), Same(frame)
    weight = sum(one.reading.weight for one in files if one.reading)
    return _known.recall(key, lambda: Frozen(piece_facts(piece, files, collectivites, lieux, frame)), weight)


def piece_facts(
    piece: Piece,
    files: tuple[Source, ...],
    collectivites: Sequence[str],
    lieux: Sequence[str] = (),
    frame: Frame = NO_FRAME,
) -> dict[str, Any]:
    """Return the facts of one piece (conception § 3.3), as plain data.

    Args:
        piece: what was expected.
        files: the forms of the piece, editable first, then PDF; at least one.
        collectivites: names of the dossier's collectivités, to look for in the text.
        lieux: names of its territory (communes, title), looked for loosely in letters, with those above.
        frame: what the frame of the piece, if any, says by itself: none of it counts as text.

    Returns:
        ``fichier``, ``nature``, ``octets``, ``sha256``, ``forme`` and ``reconnu_par`` are those of the first
        form. When no form can be read, ``lisible`` is False and every fact drawn from the text is None;
        a scan is readable and holds no text (``mots`` is 0). ``formes_ecart`` is how much the texts of two
        forms share, 0 to 1, and ``formes_differences`` what they state differently, in French (None with
        one form, or without text to compare). ``marques`` lists the placeholders left. With sections:
        ``structure`` and ``sections``, each with its own ``mentions``.
    """
    apart = [_apart(source, frame) for source in files if source.reading is not None]
    read = [source for source, _ in apart]
    first = files[0]
    facts: dict[str, Any] = {
        "fichier": first.name,
        "nature": first.nature,
        "octets": first.octets,
        "sha256": first.sha256,
        "forme": read[0].reading.forme if read and read[0].reading else None,
        "lisible": bool(read),
        "reconnu_par": first.reconnu_par,
        "pages_retenues": list(first.pages_retenues),
        "formes": [source.name for source in files],
    }
    if not read:
        return facts | dict.fromkeys(_FROM_TEXT) | _no_sections(piece)
    source, asked = next((one for one in apart if _has_text(one[0])), apart[0])
    passages = passages_of(source)
    texts = [passages.plain_flow, plain(source.reading.headers if source.reading else "")]
    return (
        facts
        | {
            "ocr": bool(source.reading and source.reading.ocr),
            "pages": _pages(source, read),
            "mots": sum(words(text) for text in passages.texts),
            "collectivites": collectivites_in(texts, collectivites),
            "lieux": places_in(texts, [*collectivites, *lieux]) if piece.letter else [],
            "signatures": _signatures(read),
            "durees_mois": durations_of(passages),
            "nombres_sessions": sessions_of(passages),
            "mentions": {name: passages.find_plain(pattern) for name, pattern in piece.mentions.items()},
            "marques": _marks(source, asked),
        }
        | _forms(source, passages, read)
        | _letter_facts(piece, passages, source, read)
        | _counts(read)
        | _sections(piece, asked)
    )


_COUNTS = ("revisions", "commentaires", "macros", "objets_lies")
_LETTER = ("date", "destinataire", "emetteur", "signataire")
_FROM_TEXT = (
    "ocr",
    "pages",
    "mots",
    "collectivites",
    "lieux",
    "signatures",
    "durees_mois",
    "nombres_sessions",
    "mentions",
    "marques",
    "formes_ecart",
    "formes_differences",
    *_LETTER,
    *_COUNTS,
)


def _has_text(source: Source) -> bool:
    return source.reading is not None and any(block.text.strip() for block in source.reading.blocks)


def _no_sections(piece: Piece) -> dict[str, Any]:
    return {"structure": None, "sections": None} if piece.sections else {}


def _pages(source: Source, read: Iterable[Source]) -> int | None:
    if source.pages_retenues:
        return len(source.pages_retenues)
    known = (one.reading.pages for one in read if one.reading is not None)
    return next((pages for pages in known if pages is not None), None)


def _letter_facts(piece: Piece, passages: Passages, source: Source, read: Sequence[Source]) -> dict[str, Any]:
    if not piece.letter:
        return dict.fromkeys(_LETTER)
    letter = letter_of(passages, source.reading.headers if source.reading else "")
    others = [_letter(one) for one in read if one is not source and _has_text(one)]
    # The draft waits for its date; the signed form has it. Failing both, the signature's own.
    dates = [one.date for one in (*others, letter) if one.date is not None]
    dates += [sign.date for one in read if one.reading for sign in one.reading.signatures if sign.date]
    return {
        "date": dates[0] if dates else None,
        "destinataire": _first(letter.destinataire, *(one.destinataire for one in others)),
        "emetteur": _first(letter.emetteur, *(one.emetteur for one in others)),
        "signataire": _first(letter.signataire, *(one.signataire for one in others)),
    }


def _letter(source: Source) -> Letter:
    return letter_of(passages_of(source), source.reading.headers if source.reading else "")


def _first(*values: str | None) -> str | None:
    return next((value for value in values if value), None)


def _signatures(read: Sequence[Source]) -> list[dict[str, Any]]:
    """Return the signatures of every form, PDF first, only those of the retained pages."""
    ordered = sorted(read, key=lambda one: one.nature != "pdf")
    return [
        {
            "etat": sign.etat,
            "signataire": sign.signataire,
            "date": sign.date,
            "page": sign.page,
            "detail": sign.detail,
            "integre": sign.integre,
            "detachee": sign.detachee,
            "fichier": one.name,
        }
        for one in ordered
        if one.reading is not None
        for sign in one.reading.signatures
        if not one.pages_retenues or sign.page is None or sign.page in one.pages_retenues
    ]


def _apart(source: Source, frame: Frame) -> tuple[Source, Apart]:
    """Return a source without the guidance of its frame, and what was left of it."""
    assert source.reading is not None  # those that could not be read are left out
    apart = set_apart(source.reading.blocks, frame)
    return (
        replace(source, reading=replace(source.reading, blocks=apart.blocks)) if apart.left else source
    ), apart


def _marks(source: Source, apart: Apart) -> list[dict[str, Any]]:
    marks = [*find_marks(apart.blocks), *marks_of(apart)]
    marks.sort(key=lambda mark: mark["emplacement"]["paragraphe"])
    keep = source.pages_retenues
    return [mark for mark in marks if not keep or mark["emplacement"]["page"] in (None, *keep)]


def _forms(source: Source, passages: Passages, read: Sequence[Source]) -> dict[str, Any]:
    """Compare the forms of a piece: how much their texts share, and what they state differently."""
    others = [passages_of(one) for one in read if one is not source and _has_text(one)]
    if not others:
        return {"formes_ecart": None, "formes_differences": None}
    likeness = min(concordance(passages.plain_flow, other.plain_flow) for other in others)
    differences = [
        f"{_numbers(here, unit)} d’un côté, {_numbers(there, unit)} de l’autre"
        for other in others
        for finder, unit in ((durations_of, "mois"), (sessions_of, "sessions"))
        if (here := _ranges(finder(passages))) != (there := _ranges(finder(other)))
    ]
    return {"formes_ecart": round(likeness, 3), "formes_differences": differences}


def _ranges(found: Iterable[dict[str, Any]]) -> list[tuple[int, int]]:
    return sorted({(one["min"], one["max"]) for one in found})


def _numbers(ranges: Sequence[tuple[int, int]], unit: str) -> str:
    if not ranges:
        return f"rien en {unit}"
    return ", ".join(f"{low} {unit}" if low == high else f"{low} à {high} {unit}" for low, high in ranges)


def _counts(read: Sequence[Source]) -> dict[str, int]:
    readings: list[Reading] = [one.reading for one in read if one.reading is not None]
    return {
        "revisions": sum(reading.revisions for reading in readings),
        "commentaires": sum(reading.commentaires for reading in readings),
        "macros": sum(reading.macros for reading in readings),
        "objets_lies": sum(reading.objets_lies for reading in readings),
    }


def _sections(piece: Piece, apart: Apart) -> dict[str, Any]:
    if not piece.sections:
        return {}
    blocks = apart.blocks
    sections = section_facts(piece, apart)
    for one in sections.values():
        one["mentions"] = _mentions(piece, blocks, one["debut"], one["fin"])
    return {"structure": structure_of(sections), "sections": sections}


def _mentions(
    piece: Piece, blocks: Sequence[Block], first: int | None, last: int | None
) -> dict[str, dict[str, Any] | None]:
    """Return what each pattern finds between two blocks, the first left out: a section without its title."""
    if not first or not last:
        return {}
    passages = Passages(blocks[first:last])
    found = {name: passages.find_plain(pattern) for name, pattern in piece.mentions.items()}
    for one in filter(None, found.values()):
        one["emplacement"]["paragraphe"] += first
    return found


_ARTICLES = r"(?:(?:de|du|des|d|la|le|les|l|et)\s+)*"
_KINDS = {
    "cc": "communaute de communes",
    "ca": "communaute d agglomeration",
    "cu": "communaute urbaine",
    "ept": "etablissement public territorial",
    "petr": "pole d equilibre territorial et rural",
    "commune": "commune",
    "ville": "ville",
    "mairie": "mairie",
    "metropole": "metropole",
    "departement": "departement",
    "region": "region",
    "syndicat": "syndicat",
}
_COMMUNE = {"commune", "ville", "mairie"}
_COMMUNE_FORMS = (
    r"(?:(?<!communaute de )communes?|villes?|mairie|maires?|municipalite|conseil municipal|bourg"
    r"|centre (?:bourg|ville))"
)
_GROUP_FORMS = (
    r"(?:cc|ca|cu|ept|petr|com com|comcom|epci|communaute(?: de communes| d agglomeration| urbaine)?"
    r"|agglomeration|agglo|metropole|interco(?:mmunalite)?|pays|territoires?|conseil communautaire"
    r"|etablissement public territorial|pole d equilibre territorial et rural|syndicat(?: mixte)?)"
)
_SHORTEST_ALONE = 6


def collectivites_in(texts: Iterable[str], names: Sequence[str]) -> list[str]:
    """Return those of ``names`` that are found in plain texts, in the order given.

    « CC des Coëvrons », « communauté de communes Les Coëvrons » and « les Coëvrons » are one;
    a commune given as « Commune d’Évron » is not found in a postal address.
    """
    text = " ".join(texts)
    cores = [_core(plain(name)) for name in names]
    found: list[str] = []
    for name, (kind, core) in zip(names, cores, strict=True):
        if not core:
            continue
        shared = sum(1 for _, other in cores if other == core) > 1
        if re.search(_name_forms(kind, core, shared=shared), text):
            found.append(name)
    return found


def _core(name: str) -> tuple[str | None, str]:
    """Split a plain name into its kind (« cc », « commune »…) and what distinguishes it (« coevrons »)."""
    kind = None
    rest = name
    for short, long in _KINDS.items():
        match = re.match(rf"(?:{short}|{long})\b\s*", rest)
        if match:
            kind, rest = short, rest[match.end() :]
            break
    rest = re.sub(r"^(?:(?:de|du|des|d|la|le|les|l)\s+)+(?=\S)", "", rest)
    return kind, rest.strip()


def _name_forms(kind: str | None, core: str, *, shared: bool) -> str:
    bare = re.escape(core).replace("\\ ", r"\s+")
    if kind in _COMMUNE:
        return rf"\b{_COMMUNE_FORMS}\s+{_ARTICLES}{bare}\b"
    if kind is None:
        return rf"\b{bare}\b"
    typed = rf"\b{_GROUP_FORMS}\s+{_ARTICLES}{bare}\b"
    alone = not shared and (len(core) >= _SHORTEST_ALONE or " " in core)
    return rf"{typed}|\b{bare}\s+(?:communaute|agglomeration|agglo|metropole)\b" + (
        rf"|\b{bare}\b" if alone else ""
    )
