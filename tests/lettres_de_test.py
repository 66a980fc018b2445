"""Files made in memory, worded as the letters of the three formats are, for the tests of recognition."""

from __future__ import annotations

from assembler.model import Block, Reading, Source

__all__ = ["DGALN", "LETTERHEAD", "collectivite", "prefete", "service", "source"]

LETTERHEAD = ("PRÉFÈTE DE LA MAYENNE", "Liberté Égalité Fraternité")
DGALN = ("Laval, le 2 mars 2026", "Direction générale de l’aménagement, du logement et de la nature")


def source(name: str, *lines: str, nature: str = "pdf", pages: int = 1) -> Source:
    """Return a file of one page that says these lines; without lines, a file that was not read."""
    blocks = tuple(Block(text=line, page=1) for line in lines)
    reading = Reading(nature=nature, forme="pdf", blocks=blocks, pages=pages) if lines else None
    return Source(name=name, path=name, octets=1, sha256=name, nature=nature, reading=reading)


def prefete(name: str, atelier: str) -> Source:
    """Return the letter of support of a préfète."""
    return source(
        name,
        *LETTERHEAD,
        *DGALN,
        f"Objet : {atelier}",
        f"La commune et la direction départementale des territoires candidatent à un {atelier}.",
        "J’apporte mon soutien à cette candidature ; les services de l’État seront disponibles.",
        "La préfète de la Mayenne,",
        "Alex EXEMPLE",
    )


def service(name: str, atelier: str, *more: str) -> Source:
    """Return the letter by which a DDT commits itself."""
    return source(
        name,
        *LETTERHEAD,
        *DGALN,
        f"Objet : {atelier}",
        f"La direction départementale des territoires s’engage à porter l’{atelier} quatre mois.",
        *more,
        "Pour la préfète et par délégation,",
        "la directrice départementale des territoires,",
        "Camille EXEMPLE",
    )


def collectivite(name: str, atelier: str, verb: str = "s’engage dans") -> Source:
    """Return the letter of a commune."""
    return source(
        name,
        "Commune d’Andouillé",
        *DGALN,
        "Madame, Monsieur,",
        f"La commune {verb} l’{atelier}, avec la DDT et le soutien de la préfète. Nos élus y prendront part.",
        "Je vous prie d’agréer, Madame, Monsieur, l’expression de ma considération distinguée.",
        "La maire d’Andouillé,",
        "Eden EXEMPLE",
    )
