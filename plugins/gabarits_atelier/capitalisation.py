# ruff: noqa: E501 - French sentences and XML are read unbroken
"""What an Atelier teaches others: the record for the DGALN, the matter of a publication."""

from __future__ import annotations

from .papier import UTILE, boucle, consigne, p, si, table, titre
from .restitution import GUIDE, document, images, objectifs, sessions, tete
from .suivi import identite

__all__ = ["bouger_les_lignes", "capitalisation"]


def capitalisation() -> bytes:
    """Return the record of an Atelier for the DGALN: context, method, results, lessons, contacts, pictures."""
    return document(
        "Fiche de capitalisation",
        p("Fiche de capitalisation", "Titre"),
        identite(),
        p(
            "Cette fiche garde, pour la DGALN et pour d'autres territoires, ce que l'Atelier a appris. "
            + GUIDE,
            "ApresTableau",
        ),
        titre(1, "1. Le contexte"),
        si("resume", p("{{ resume }}")),
        si("themes", p("L'Atelier relève {{ themes }}.")),
        objectifs(),
        consigne(
            "Le territoire en quelques lignes, ce qui a fait naître la demande, ce que l'État et les collectivités en attendaient.",
            alias="Contexte",
        ),
        titre(1, "2. La méthode"),
        si(
            "dates",
            table(
                ("Rencontre", "Date", "Lieu"),
                ["for un in dates", ("{{ un.libelle }}", "{{ un.quand }}", "{{ un.lieu }}"), "endfor"],
                (3800, 3554, 2000),
                legende="Rencontres : rencontre, date, lieu",
            ),
        ),
        consigne(
            "La manière de travailler : visites, outils, supports, place des élus et des habitants, travail entre les rencontres.",
            alias="Méthode",
        ),
        titre(1, "3. Les résultats"),
        si(
            "actions",
            p("La feuille de route retient les actions suivantes :", suite=True),
            boucle("un in actions", p("{{ un }}", "Listepuces")),
        ),
        consigne(
            "Ce qui a été produit et décidé, ce qui a changé dans les projets et entre les partenaires.",
            alias="Résultats",
        ),
        titre(1, "4. Les enseignements"),
        consigne(
            "Ce qui a bien fonctionné, ce qui serait fait autrement, ce qui peut servir à un autre territoire.",
            alias="Enseignements",
        ),
        titre(1, "5. Les contacts"),
        si(
            "contacts",
            table(
                ("Organisme", "Personne", "Courriel"),
                [
                    "for un in contacts",
                    ("{{ un.organisme }}", "{{ un.personne }}", "{{ un.courriel }}"),
                    "endfor",
                ],
                (3400, 3300, UTILE - 6700),
                legende="Contacts : organisme, personne, courriel",
            ),
            sinon=[consigne("Qui peut en parler, côté État, collectivités et équipe.", alias="Contacts")],
        ),
        titre(1, "6. Les images et leurs droits"),
        images(
            "Une image sans auteur connu, ou qui montre des personnes reconnaissables sans leur accord, ne peut pas être diffusée."
        ),
    )


def bouger_les_lignes() -> bytes:
    """Return a frame for the « Bouger les lignes » of a national session (domaine.md N-13)."""
    return document(
        "Bouger les lignes",
        tete(
            "Bouger les lignes",
            "Cette trame aide à rassembler la matière de la publication ; la maquette que transmet la DGALN prévaut. "
            + GUIDE,
        ),
        titre(1, "L'essentiel"),
        consigne(
            "Le titre, et trois phrases qui donnent envie de lire : le territoire, la question, ce qui a bougé.",
            alias="Essentiel",
        ),
        titre(1, "Le territoire et sa question"),
        si("resume", p("{{ resume }}")),
        consigne(
            "Ce qui rend la question vive ici, et ce qu'elle a de commun avec d'autres territoires de la session.",
            alias="Territoire et question",
        ),
        titre(1, "Le récit de l'Atelier"),
        sessions(),
        consigne("Les moments qui ont compté, racontés par ceux qui y étaient.", alias="Récit"),
        titre(1, "Les lignes qui ont bougé"),
        consigne(
            "Avant, après : les idées, les projets, les manières de faire et les relations que l'Atelier a changés.",
            alias="Lignes qui ont bougé",
        ),
        titre(1, "Ce qui peut servir ailleurs"),
        consigne("Les méthodes et les idées transposables, et leurs conditions.", alias="Transposition"),
        titre(1, "Paroles et repères"),
        consigne(
            "Des citations relues par leurs auteurs ; les dates, les chiffres et leurs sources ; les membres de l'équipe.",
            alias="Paroles et repères",
        ),
        titre(1, "Les images et leurs droits"),
        images(
            "Une image sans auteur connu, ou qui montre des personnes reconnaissables sans leur accord, ne peut pas être publiée."
        ),
    )
