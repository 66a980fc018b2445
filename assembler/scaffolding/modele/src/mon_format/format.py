"""Mon format: its steps, its pieces, its rules, its documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from assembler.contributions import Case, Copy, Format, Piece, Step, Template
from assembler.fieldfiles import load_fields
from assembler.model import Source
from assembler.rulefiles import load_rules
from assembler.text import plain

from .controles import CONTROLES

__all__ = ["mon_format"]

_HERE = files("mon_format")

PIECES = (
    Piece(
        id="demande",
        title="demande",
        # On the file's name, in lower case, without accents or punctuation.
        names=(r"^demande\b",),
        # On its text, when the name tells nothing.
        clues=((r"\bdemande\b", r"\bmon format\b"),),
    ),
)


def accuse_reception(case: Case, _copy: Copy) -> dict[str, Any]:
    """Return what the acknowledgement prints."""
    found = [piece.title for piece in case.format.pieces if case.dossier.pieces.get(piece.id)]
    return {
        "intitule": case.fiche["intitule"],
        "demandeur": case.fiche["demandeur"],
        "date_depot": case.fiche["date_depot"],
        "pieces": found,
    }


DOCUMENTS = (
    Template(
        id="accuse-reception",
        step="depot",
        title="Accusé de réception",
        audience="le demandeur",
        template=_HERE / "gabarits" / "accuse-reception.docx",
        context=accuse_reception,
    ),
)


def exemples() -> Iterator[Mapping[str, bytes]]:
    """Give an example dossier, from which the template doctor knows what the templates may print."""
    given = sorted((_HERE / "exemple").iterdir(), key=lambda one: one.name)
    yield {f"dossier/{one.name}": one.read_bytes() for one in given}


def se_reconnait(sources: Sequence[Source]) -> bool:
    """Tell whether a folder without a fiche looks like a dossier of this format."""
    texts = (plain(source.reading.text) for source in sources if source.reading)
    return any("mon format" in text for text in texts)


def mon_format() -> Format:
    """Return the format, complete."""
    fields = load_fields(_HERE / "champs.yaml")
    return Format(
        id="mon_format",
        title="Mon format",
        steps=(Step(id="depot", title="Dépôt"), Step(id="decision", title="Décision")),
        fiche=fields,
        pieces=PIECES,
        rules=load_rules(_HERE / "regles", CONTROLES, fields),
        documents=DOCUMENTS,
        detect=se_reconnait,
        examples=exemples,
    )
