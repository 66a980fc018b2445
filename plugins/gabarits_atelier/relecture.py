# ruff: noqa: E501 - the French of a clause is read and mended unbroken
"""The pilote's reading list before the consultation."""

from __future__ import annotations

from .papier import boucle, p, si, table, titre
from .squelette import docx, pied_piece

__all__ = ["points_a_relire"]


def points_a_relire(*, session: bool = False) -> bytes:
    """Return the pilote's list: what in the note does not suit a bidder, what is left to decide.

    Args:
        session: of a session thématique, whose CCTP comes from the manifestation d’intérêt.
    """
    note, full = ("manifestation d'intérêt",) * 2 if session else ("note", "note d'opportunité")
    body = [
        p("Points à relire avant la consultation", "Titre"),
        p("{% if atelier.nom %}{{ atelier.nom }}{% else %}{{ format }}{% endif %}", "Sous-titre"),
        p(
            f"Le CCTP reprend le texte de la {full}, écrite pour la DGALN. Les candidats le liront à leur tour : cette liste "
            "signale ce qui ne leur convient pas, et les choix que les pièces de la consultation laissent ouverts. Elle reste interne "
            "et n'est pas jointe à la consultation.",
            "Encadre",
        ),
        titre(1, f"1. Passages de la {note} à reprendre"),
        si(
            "passages",
            table(
                ("Rubrique", "Paragraphe", "Extrait", "Pourquoi le reprendre"),
                [
                    "for un in passages",
                    ("{{ un.rubrique }}", "{{ un.paragraphe }}", "{{ un.extrait }}", "{{ un.motif }}"),
                    "endfor",
                ],
                (1900, 1250, 3604, 2600),
                legende="Passages à reprendre : rubrique, numéro de paragraphe, extrait, motif",
            ),
            p(
                "{% if fichier %}Le numéro est celui du paragraphe dans « {{ fichier }} », tableaux compris. {% endif %}"
                f"Corrigez le passage dans la {note} ou dans la fiche, puis produisez de nouveau ; ou corrigez-le dans le CCTP.",
                "ApresTableau",
            ),
            sinon=[p("{{ sans_passage }}")],
        ),
        titre(1, "2. Choix qui restent à faire"),
        boucle("un in choix", p("{{ un }}", "Listepuces")),
        titre(1, "3. Vérifications d'usage"),
        p(
            "Les clauses qui renvoient à l'accord-cadre sont conformes à son cahier des clauses particulières (CCP).",
            "Listepuces",
        ),
        p("Aucune pièce remise aux candidats ne porte d'enveloppe, de budget ni d'estimation.", "Listepuces"),
        p("Les cartes et les images ont un texte de remplacement et peuvent être diffusées.", "Listepuces"),
    ]
    return docx(
        "".join(body),
        title="Points à relire avant la consultation",
        subject=f"Atelier des territoires – {'session thématique' if session else 'Atelier local'}",
        feet=pied_piece("Points à relire – document interne"),
    )
