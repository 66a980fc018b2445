"""The documents of a session thématique: for each, its template, its values, when it is made."""

from __future__ import annotations

from importlib.resources import files

from assembler_plugins.commun.accompagnement.documents import ACCOMPAGNEMENT, RESTITUTION_THEMATIQUE
from assembler_plugins.commun.candidature import courriers_candidature
from assembler_plugins.commun.documents import documents_instruction
from assembler_plugins.commun.marche.documents import ATTRIBUTION, lancement
from assembler_plugins.commun.trame import trame_note

from assembler.contributions import Template
from assembler.model import Months

from .instruction import SUITES
from .note import NOTE

__all__ = ["DOCUMENTS"]

_GABARITS = files("assembler_plugins.thematique") / "gabarits"

DOCUMENTS: tuple[Template, ...] = (
    *courriers_candidature(_GABARITS, Months(10, 12)),  # N-07
    Template(
        id="trame-note",
        step="candidature",
        title="Trame de la manifestation d’intérêt",
        audience="le pilote et les collectivités, qui la rédigent",
        template=_GABARITS / "trame-note.docx",
        context=trame_note,
        piece="manifestation_interet",
    ),
    *documents_instruction(SUITES),
    *lancement(_GABARITS, NOTE),
    *ATTRIBUTION,
    *ACCOMPAGNEMENT,
    *RESTITUTION_THEMATIQUE,
)
"""Every document of the format that this version makes, in the order of the work."""
