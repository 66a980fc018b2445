"""Paragraphs that the letters of a candidature share from one format to another."""

from __future__ import annotations

from .lettres import entete, objet, suscription
from .papier import boucle, p, si

__all__ = ["ATELIER", "PERIMETRE", "conduite", "haut", "objectifs", "resume", "suivi"]

ATELIER = "a_completer('intitulé de l’Atelier')"
"""What is printed while the fiche does not name the Atelier."""
PERIMETRE = "{% if perimetre %}, sur le périmètre suivant : {{ perimetre }}{% endif %}"


def haut(sujet: str) -> str:
    """Return a letter down to its subject, which names the Atelier."""
    return "".join(
        [
            entete(),
            suscription(),
            objet(f"Atelier des territoires – {{{{ atelier.nom | {ATELIER} }}}} – {sujet}"),
        ]
    )


def resume() -> str:
    """Return the project in one sentence, when the fiche gives it."""
    return si("resume", p("Le projet peut se résumer ainsi : {{ resume }}", "Corps"))


def objectifs() -> str:
    """Return the objectives as a list, when the fiche gives them."""
    return si(
        "objectifs",
        p("Les objectifs poursuivis sont les suivants :", "Corps", suite=True),
        boucle("un in objectifs", p("{{ un }}{% if loop.last %}.{% else %} ;{% endif %}", "Listepuces")),
    )


def conduite() -> str:
    """Return who leads the project in the service, when the fiche says."""
    return si(
        "conduite",
        p(
            "La conduite du projet est confiée à {{ conduite }}, avec l'appui de l'ensemble des services.",
            "Corps",
        ),
    )


def suivi() -> str:
    """Return the deliberation and who follows the Atelier in the collectivité."""
    return si("deliberation", p("{{ deliberation }}", "Corps")) + p(
        "Je suivrai personnellement cette démarche"
        "{% if referent %}, dont {{ referent }} assurera le suivi technique{% endif %}.",
        "Corps",
        suite=True,
    )
