"""What the articles of the CCTP are made of: their titles, the note's sections, lists."""

from __future__ import annotations

from .papier import boucle, p, si, titre

__all__ = ["ARTICLES", "article", "extrait", "puces"]

ARTICLES = (
    "Objet et forme du marché subséquent",
    "Pièces constitutives et ordre de priorité",
    "Contexte territorial",
    "Périmètres",
    "Enjeux, questions posées et objectifs",
    "Gouvernance et pilotage",
    "Déroulement de la mission",
    "Livrables",
    "Équipe et compétences attendues",
    "Ressources mises à disposition",
    "Durée et calendrier",
    "Remise, formats et admission",
    "Propriété intellectuelle, données, confidentialité, communication",
    "Clauses diverses et dérogations",
)
"""Titles of the fourteen articles (documents.md § 4.3)."""


def extrait(section: str) -> str:
    """Return what the pilote wrote in a section of the note: its own formatting, else its text."""
    return si(
        f"note.{section}.paragraphes",
        boucle(f"un in note.{section}.paragraphes", p("{{ un }}")),
        sinon=[p(f"{{{{p note.{section}.fragment }}}}")],
    )


def article(number: int, *body: str) -> str:
    """Return an article: its title, then its paragraphs."""
    return titre(1, f"Article {number} – {ARTICLES[number - 1]}", signet=f"_Toc{number:08d}") + "".join(body)


def puces(*items: str) -> str:
    """Return a bulleted list as one sentence."""
    ends = [" ;"] * (len(items) - 1) + ["."]
    return "".join(p(text + end, "Listepuces") for text, end in zip(items, ends, strict=True))
