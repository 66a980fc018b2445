"""What contract documents are made of: their cover, articles, references, and the note's sections."""

from __future__ import annotations

from .papier import UTILE, boucle, p, si, table, titre

__all__ = ["ARTICLES", "article", "couverture", "extrait", "identification", "selon"]

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


_IDENTITE = (
    ("Territoire", "{{ territoire }}"),
    ("Acheteur", "{{ acheteur }}"),
    ("Représentant du pouvoir adjudicateur", "{{ rpa }}"),
)


def identification(*rows: tuple[str, str] | str, legende: str) -> str:
    """Return a table of two columns: what identifies the document, and its value."""
    return table(("Identification", "Valeur"), rows, (3400, UTILE - 3400), legende=legende)


def couverture(title: str) -> str:
    """Return the cover page of a contract document (documents.md § 4.2); the foot bears its pages."""
    return "".join(
        [
            p("{{ bloc_marque }}", "BlocMarque", signet="bloc_marque"),
            p("Marché public de prestations intellectuelles", "Couverture"),
            p("**Marché subséquent n° {{ numero }}**", "Mention"),
            p(
                "à l'accord-cadre n° {{ accord_cadre.numero }}"
                "{% if accord_cadre.intitule %} « {{ accord_cadre.intitule }} »{% endif %}"
                "{% if accord_cadre.lot %}, {{ accord_cadre.lot }}{% endif %}",
                "Mention",
            ),
            p(title, "Titre"),
            p("Atelier des territoires – {{ atelier.nom }}", "Sous-titre"),
            identification(
                *_IDENTITE,
                ("Date d'établissement", "{{ edition }}"),
                ("Version", "{{ version }}"),
                legende="Identification du marché subséquent : rubrique, valeur",
            ),
        ]
    )


def selon(clause: str) -> str:
    """Return « conformément à l’article 9 du CCP de l’accord-cadre », numbered when the record says."""
    return f"conformément {{{{ clauses.{clause}.au }}}}"


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
