# ruff: noqa: E501 - French sentences and XML are read unbroken
"""The empty note d’opportunité: seven sections, guidance that does not count as text."""

from __future__ import annotations

from .papier import UTILE, boucle, consigne, p, si, table, titre
from .squelette import docx, pied_piece

__all__ = ["trame_note"]

_TIERS = (3118, 3118, 3118)


def trame_note() -> bytes:
    """Return the frame of the note, pre-filled with what the fiche tells."""
    body = [
        p("Atelier des territoires", "Mention"),
        p("Note d'opportunité valant candidature", "Titre"),
        p("{% if atelier.nom %}{{ atelier.nom }}{% else %}Atelier local{% endif %}", "Sous-titre"),
        p(
            "Le formulaire transmis par la DGALN prévaut sur cette trame : si vous l'avez reçu, servez-vous de lui. "
            "Cette note servira ensuite de cahier des clauses techniques particulières du marché subséquent : "
            "écrivez-la dans un fichier Word ou ODT, pour une équipe qui ne connaît pas encore le territoire.",
            "Encadre",
        ),
        titre(1, "Section 1 – Les porteurs de l'Atelier"),
        si(
            "porteurs",
            table(
                ("Porteur", "Rôle", "Représenté par"),
                ["for un in porteurs", ("{{ un.nom }}", "{{ un.role }}", "{{ un.representant }}"), "endfor"],
                _TIERS,
                legende="Porteurs : nom, rôle, représentant",
            ),
        ),
        consigne(
            "Qui porte l'Atelier, côté État et côté collectivités ? Qui en assure le pilotage politique et technique ? "
            "Quel opérateur de l'État y est associé, le cas échéant ?",
            alias="Porteurs",
        ),
        titre(1, "Section 2 – La localisation de l'Atelier"),
        si(
            "localisation",
            table(
                ("Donnée", "Valeur"),
                ["for un in localisation", ("{{ un.libelle }}", "{{ un.valeur }}"), "endfor"],
                (3118, UTILE - 3118),
                legende="Localisation : donnée, valeur",
            ),
        ),
        consigne(
            "Quel est le périmètre d'étude, et quel périmètre plus large faut-il garder en tête ? Insérez une carte et "
            "décrivez-la en une phrase (texte de remplacement).",
            alias="Localisation",
        ),
        titre(1, "Section 3 – L'objet de l'Atelier"),
        si("resume", p("{{ resume }}")),
        boucle("un in themes", p("{{ un }}", "Listepuces")),
        consigne(
            "Quelle stratégie d'aménagement veut-on travailler ? Sur quels thèmes, dans quel secteur, avec quels enjeux "
            "et quelles questions restées sans réponse ?",
            alias="Objet",
        ),
        titre(1, "Section 4 – Les objectifs de l'Atelier"),
        boucle("un in objectifs", p("{{ un }}", "Listepuces")),
        consigne(
            "Qu'attend-on de chacune des trois sessions ? Qu'est-ce qui aura changé à la fin de l'Atelier ? "
            "À quelles décisions la feuille de route doit-elle servir ?",
            alias="Objectifs",
        ),
        titre(1, "Section 5 – Les ressources de l'Atelier"),
        titre(2, "Les acteurs à mobiliser"),
        si(
            "acteurs",
            table(
                ("Acteur", "Organisme", "Qualité"),
                ["for un in acteurs", ("{{ un.nom }}", "{{ un.organisme }}", "{{ un.qualite }}"), "endfor"],
                _TIERS,
                legende="Acteurs : nom, organisme, qualité",
            ),
        ),
        consigne(
            "Quels acteurs publics, économiques, associatifs, quels habitants faut-il réunir ?",
            alias="Acteurs",
        ),
        titre(2, "Les documents et les données"),
        si(
            "ressources",
            table(
                ("Document ou donnée", "Détenteur", "Date et format"),
                [
                    "for un in ressources",
                    ("{{ un.titre }}", "{{ un.detenteur }}", "{{ un.date_format }}"),
                    "endfor",
                ],
                _TIERS,
                legende="Ressources : document ou donnée, détenteur, date et format",
            ),
        ),
        consigne(
            "Quelles études, quels documents d'urbanisme et quelles données seront remis à l'équipe, par qui, sous quel "
            "format ?",
            alias="Ressources",
        ),
        titre(1, "Annexe 1 – Les dynamiques du territoire"),
        consigne(
            "Population, habitat, emploi, mobilités, milieux naturels, risques : ce qui change et ce qui résiste, avec la "
            "source et l'année de chaque chiffre.",
            alias="Dynamiques du territoire",
        ),
        titre(1, "Annexe 2 – Les dynamiques d'aménagement"),
        consigne(
            "Documents de planification, projets en cours ou abandonnés, programmes et contrats, maîtrise du foncier : où "
            "en est-on ?",
            alias="Dynamiques d'aménagement",
        ),
    ]
    return docx(
        "".join(body),
        title="Note d'opportunité valant candidature",
        subject="Atelier des territoires – Atelier local",
        feet=pied_piece("Note d'opportunité"),
    )
