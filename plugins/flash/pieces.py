"""The pieces of a dossier of Atelier flash, and how to know each of them.

Patterns bear on plain text (lower case, no accents, punctuation as spaces). No public text lists the
pieces of this format (domaine.md § 2.2): these are those that the joint candidature supposes.
"""

from __future__ import annotations

from dataclasses import replace

from assembler_plugins.commun.pieces import (
    ANNEXE,
    ATELIER,
    CLOSING,
    COURRIER_COLLECTIVITE,
    COURRIER_PREFET,
    COURRIER_SERVICE,
    NOT_A_LETTER_NAME,
)

from assembler.contributions import Piece

__all__ = ["PIECES"]

_DEMANDE = (
    r"\b(?:sollicit\w+|demand\w+|souhait\w+ (?:beneficier|disposer))(?: \w+){0,8} atelier flash\b"
    r"|\bpresent\w+ (?:sa|notre|ma|la|leur) candidature\b"
)

PIECES = (
    Piece(
        id="fiche_candidature",
        title="fiche de candidature",
        names=(
            rf"{NOT_A_LETTER_NAME}.*(?:fiche|note|dossier|formulaire) (?:de )?candidature.*$",
            rf"{NOT_A_LETTER_NAME}.*note (?:d )?opportunit\w*.*$",
            rf"{NOT_A_LETTER_NAME}.*\bdemande (?:d )?atelier\b.*$",
            r"^(?:atelier|adt) flash\b.*$",
        ),
        clues=(
            (
                r"fiche de candidature|dossier de candidature|note d opportunite",
                ATELIER,
                r"\bobjectifs?\b|\battendus\b|\bquestion posee\b",
                r"\bporteurs?\b",
            ),
            (
                r"fiche de candidature|dossier de candidature|note d opportunite",
                r"\bateliers? flash\b",
                r"\bobjectifs?\b|\battendus\b|\bquestion posee\b",
                r"\bporteurs?\b",
                r"\blocalisation\b|\bperimetre\b|\bsite\b",
            ),
        ),
        unlikely=(CLOSING,),
    ),
    replace(COURRIER_COLLECTIVITE, mentions={**COURRIER_COLLECTIVITE.mentions, "demande_flash": _DEMANDE}),
    replace(COURRIER_SERVICE, mentions={**COURRIER_SERVICE.mentions, "demande_flash": _DEMANDE}),
    # No text asks for a letter of the préfet; one that is joined all the same is nobody else’s letter.
    replace(
        ANNEXE,
        names=(*ANNEXE.names, *COURRIER_PREFET.names),
        clues=COURRIER_PREFET.clues,
        signatories=COURRIER_PREFET.signatories,
    ),
)
"""In the order of the dossier."""
