"""The pieces of a dossier of Atelier local, and how to know each of them.

Patterns bear on plain text (lower case, no accents, punctuation as spaces). The wordings come from
both editions: the kit technique of 2025 and the site of January 2026.
"""

from __future__ import annotations

from dataclasses import replace

from assembler_plugins.commun.marche.candidats import A_RELIRE
from assembler_plugins.commun.pieces import (
    ANNEXE,
    ATELIER,
    CLOSING,
    COURRIER_COLLECTIVITE,
    COURRIER_PREFET,
    COURRIER_SERVICE,
    DEMANDE,
    NOT_A_LETTER_NAME,
    OFFRE,
    SERVICE_ETAT,
)
from assembler_plugins.commun.sections import LOCALISATION, OBJECTIFS, OBJET, PORTEURS, RESSOURCES

from assembler.contributions import Piece, Section

__all__ = ["PIECES", "SECTIONS"]

SECTIONS = (
    PORTEURS,
    LOCALISATION,
    OBJET,
    OBJECTIFS,
    RESSOURCES,
    Section(
        id="dynamiques_territoire",
        title="Les dynamiques du territoire",
        patterns=(
            r"(?:les |la |le |l )?dynamiques? (?:du territoire|territoriales?|locales?)(?: \w+){0,4}",
            r"(?:presentation|description|analyse) des dynamiques (?:du territoire|territoriales)",
        ),
    ),
    Section(
        id="dynamiques_amenagement",
        title="Les dynamiques d’aménagement",
        patterns=(
            r"(?:les |la |le |l )?dynamiques? (?:d |de l |en )amenagement(?: \w+){0,5}",
            r"(?:presentation|description|analyse) des dynamiques d amenagement(?: \w+){0,4}",
            r"(?:les |la |le |l )?projets et (?:les )?dynamiques d amenagement",
        ),
    ),
)
"""Kit technique 2025: five sections and two annexes; the site of 2026: the same seven, no « annexe »."""

PIECES = (
    Piece(
        id="note_opportunite",
        title="note d’opportunité",
        names=(
            rf"{NOT_A_LETTER_NAME}.*note (?:d )?opportunit\w*.*$",
            rf"{NOT_A_LETTER_NAME}.*(?:fiche|note|dossier|formulaire) (?:de )?candidature.*$",
            r"\bnote opp?\b",
            r"^note$",
            r"^(?:note )?(?:atelier|adt) local\b.*$",
        ),
        clues=(
            (
                r"note d opportunite|fiche de candidature",
                ATELIER,
                r"\bobjectifs?\b",
                r"\bressources?\b",
                r"\bporteurs?\b",
            ),
            (r"valant candidature", r"\bporteurs?\b", r"\bobjectifs?\b"),
        ),
        unlikely=(CLOSING,),
        sections=SECTIONS,
        mentions={"demande": DEMANDE, "service_etat": SERVICE_ETAT, **A_RELIRE},
    ),
    COURRIER_COLLECTIVITE,
    COURRIER_PREFET,
    replace(COURRIER_SERVICE, title="courrier d’engagement du service pilote"),
    OFFRE,
    ANNEXE,
)
"""In the order of the dossier."""
