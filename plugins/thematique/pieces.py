"""The pieces of a dossier of session thématique, and how to know each of them.

Patterns bear on plain text (lower case, no accents, punctuation as spaces). The content of a
manifestation d’intérêt is not published (domaine.md § 2.3): it is known by what it calls itself.
"""

from __future__ import annotations

from dataclasses import replace

from assembler_plugins.commun.marche.candidats import A_RELIRE
from assembler_plugins.commun.pieces import (
    ANNEXE,
    ATELIER,
    COURRIER_COLLECTIVITE,
    COURRIER_PREFET,
    COURRIER_SERVICE,
    NOT_A_LETTER_NAME,
    OFFRE,
    WHO_SERVICE,
)
from assembler_plugins.commun.sections import LOCALISATION, OBJECTIFS, OBJET, PORTEURS, RESSOURCES

from assembler.contributions import Piece, Section

__all__ = ["PIECES", "SECTIONS"]

_MANIFESTATION = r"\bmanifestations? d interet\b|\bdossier de candidature\b|\bnote de candidature\b"
_NOT_THE_CALL = r"(?!.*\b(?:reglement|cahier des charges|notice|circulaire|instruction|faq)\b)(?!appel\b)"
_THE_CALL = (
    r"\b(?:criteres de selection|modalites de (?:candidature|selection)|peuvent candidater"
    r"|date limite de (?:depot|candidature|reception)|sont invite\w* a (?:candidater|manifester))\b"
)
"""The call itself, joined for memory, is no answer to it."""
_TO_BEAR = (
    r"\b(?:porter?|portons|portee?s? par|coordonne\w*|presente\w*|transmet\w*)(?: \w+){0,8}"
    r" (?:manifestation d interet|candidature)\b"
)

SECTIONS = (
    PORTEURS,
    LOCALISATION,
    Section(
        id="territoire",
        title="Le territoire et ses enjeux",
        patterns=(
            r"(?:le |notre )?territoire(?: et (?:les |ses )?enjeux)?",
            r"(?:les )?enjeux(?: (?:du territoire|territoriaux|locaux|du site|de l amenagement))?",
            r"(?:presentation|description|contexte) (?:du territoire|territorial)(?: et (?:de )?ses enjeux)?",
            r"(?:le )?contexte(?: (?:territorial|local))?(?: et (?:les )?enjeux)?",
            r"(?:les )?dynamiques (?:du territoire|territoriales)",
        ),
    ),
    OBJET,
    OBJECTIFS,
    RESSOURCES,
)
"""What candidatures usually say; none of it is asked for, but the CCTP takes up what is there."""

PIECES = (
    Piece(
        id="manifestation_interet",
        title="manifestation d’intérêt",
        names=(
            rf"{NOT_A_LETTER_NAME}{_NOT_THE_CALL}.*manifestations? (?:d )?interet.*$",
            rf"{NOT_A_LETTER_NAME}{_NOT_THE_CALL}.*\bami\b.*$",
            rf"{NOT_A_LETTER_NAME}.*(?:fiche|note|dossier|formulaire) (?:de )?candidature.*$",
        ),
        clues=(
            (
                _MANIFESTATION,
                ATELIER,
                r"\bsession (?:thematique|nationale)\b|\bappel a manifestations?\b|\bami\b|\btheme\b",
                r"\bobjectifs?\b|\battendus\b|\bambitions?\b",
                r"\benjeux\b|\bproblematiques?\b",
                r"\bacteurs\b|\bpartenaires\b|\bressources\b",
            ),
        ),
        # It may be worded as a letter of those who bear it: signed by them, it stays what its name says.
        signatories=(*COURRIER_SERVICE.signatories, *COURRIER_COLLECTIVITE.signatories),
        unlikely=(_THE_CALL,),
        sections=SECTIONS,
        mentions=A_RELIRE,
    ),
    COURRIER_COLLECTIVITE,
    replace(COURRIER_SERVICE, clues=(*COURRIER_SERVICE.clues, (_TO_BEAR, ATELIER, WHO_SERVICE))),
    COURRIER_PREFET,
    OFFRE,
    ANNEXE,
)
"""In the order of the dossier."""
