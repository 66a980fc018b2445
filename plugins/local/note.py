"""The note d’opportunité, from which the CCTP of an Atelier local is made."""

from __future__ import annotations

from assembler_plugins.commun.marche.note import Note

__all__ = ["NOTE", "SECTIONS"]

SECTIONS = {
    "porteurs": "Les porteurs de l’Atelier",
    "localisation": "La localisation de l’Atelier",
    "objet": "L’objet de l’Atelier",
    "objectifs": "Les objectifs de l’Atelier",
    "ressources": "Les ressources de l’Atelier",
    "dynamiques_territoire": "Les dynamiques du territoire",
    "dynamiques_amenagement": "Les dynamiques d’aménagement",
}
"""The seven headings, in the order of the note (domaine.md L-11)."""
NOTE = Note(
    piece="note_opportunite",
    le="la note",
    nom="la note d’opportunité",
    sections=SECTIONS,
    niveaux={"localisation": 2, "ressources": 2},
    contexte=("dynamiques_territoire", "dynamiques_amenagement"),
)
