"""What does not suit a bidder, who reads the note once it has become the CCTP (LO-MAR-008)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assembler.extraction.passages import Passages
from assembler.model import Block

__all__ = ["A_RELIRE", "MOTIFS", "motifs"]

A_RELIRE: Mapping[str, str] = {
    "premiere_personne": r"\b(?:nous|notre(?! dame\b)|nos|notres|je|j(?= [aehiouy])|mon|mes)\b",
    # The title of the note, « note d’opportunité valant candidature », is not a passage to mend.
    "vocabulaire_candidature": (
        r"(?<!\bvalant )(?<!\bfiche de )(?<!\bdossier de )\bcandidat(?:ures?|s|er|ons)?\b"
        r"|\b(?:la|cette|une|presente) note (?:d )?opportunite\b|\beligib\w+|\bsollicit\w+"
        r"|\bmanifestations? d interet\b"
    ),
    "coordonnees": r"\w@[\w-]{1,63}\.\w|(?<!\d)(?:\+33[ .]?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)",
    "montant": (
        r"\d[ .,]{0,3}(?:[km] ?)?(?:€|euros?\b)|\b(?:enveloppe|budget) de\b"
        r"|\b(?:mille|millions?) (?:d')?euros\b"
    ),
}
"""Patterns, as a piece declares its ``mentions``."""
MOTIFS: Mapping[str, str] = {
    "premiere_personne": "Première personne\u00a0: le CCTP parle au nom de l’acheteur",
    "vocabulaire_candidature": "Vocabulaire de la candidature\u00a0: la consultation vient après elle",
    "coordonnees": "Coordonnées personnelles\u00a0: à retirer d’un document remis à des tiers",
    "montant": "Montant\u00a0: ni enveloppe ni budget dans un document remis aux candidats",
}
"""Why a passage is to be read again, by id."""


def motifs(text: str) -> Iterator[tuple[str, str]]:
    """Yield, for a paragraph, the id of each reason to read it again and the sentence that shows it."""
    passages = Passages((Block(text=text),))
    for name, pattern in A_RELIRE.items():
        found = passages.find_plain(pattern)
        if found:
            yield name, found["extrait"]
