# ruff: noqa: E501 - French sentences and XML are read unbroken
"""The frames to fill in: note d’opportunité, fiche de candidature, manifestation d’intérêt.

Their guidance is in placeholders, which do not count as text; left in a piece, it is known by its words, whatever
became of the placeholder (assembler/extraction/guidance.py).
"""

from __future__ import annotations

from .papier import UTILE, boucle, consigne, p, si, table, titre
from .squelette import docx, pied_piece

__all__ = ["trame_flash", "trame_locale", "trame_thematique"]

_TIERS = (3118, 3118, 3118)
_REPONDRE = (
    "Écrivez votre réponse à la place de chaque question : une question laissée est signalée au contrôle."
)


def _porteurs(question: str) -> list[str]:
    return [
        si(
            "porteurs",
            table(
                ("Porteur", "Rôle", "Représenté par"),
                ["for un in porteurs", ("{{ un.nom }}", "{{ un.role }}", "{{ un.representant }}"), "endfor"],
                _TIERS,
                legende="Porteurs : nom, rôle, représentant",
            ),
        ),
        consigne(question, alias="Porteurs"),
    ]


def _localisation(question: str) -> list[str]:
    return [
        si(
            "localisation",
            table(
                ("Donnée", "Valeur"),
                ["for un in localisation", ("{{ un.libelle }}", "{{ un.valeur }}"), "endfor"],
                (3118, UTILE - 3118),
                legende="Localisation : donnée, valeur",
            ),
        ),
        consigne(question, alias="Localisation"),
    ]


def _objet(question: str) -> list[str]:
    return [
        si("resume", p("{{ resume }}")),
        boucle("un in themes", p("{{ un }}")),
        consigne(question, alias="Objet"),
    ]


def _objectifs(question: str) -> list[str]:
    return [boucle("un in objectifs", p("{{ un }}", "Listepuces")), consigne(question, alias="Objectifs")]


def _acteurs() -> list[str]:
    return [
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
    ]


def _ressources() -> list[str]:
    return [
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
    ]


def trame_locale() -> bytes:
    """Return the frame of the note d’opportunité: seven sections (domaine.md L-11)."""
    body = [
        p("Atelier des territoires", "Mention"),
        p("Note d'opportunité valant candidature", "Titre"),
        p("{% if atelier.nom %}{{ atelier.nom }}{% else %}Atelier local{% endif %}", "Sous-titre"),
        p(
            "Le formulaire transmis par la DGALN prévaut sur cette trame : si vous l'avez reçu, servez-vous de lui. "
            "Cette note servira ensuite de cahier des clauses techniques particulières du marché subséquent : "
            "écrivez-la dans un fichier Word ou ODT, pour une équipe qui ne connaît pas encore le territoire. "
            + _REPONDRE,
            "Encadre",
        ),
        titre(1, "Section 1 – Les porteurs de l'Atelier"),
        *_porteurs(
            "Qui porte l'Atelier, côté État et côté collectivités ? Qui en assure le pilotage politique et technique ? "
            "Quel opérateur de l'État y est associé, le cas échéant ?"
        ),
        titre(1, "Section 2 – La localisation de l'Atelier"),
        *_localisation(
            "Quel est le périmètre d'étude, et quel périmètre plus large faut-il garder en tête ? Insérez une carte et "
            "décrivez-la en une phrase (texte de remplacement)."
        ),
        titre(1, "Section 3 – L'objet de l'Atelier"),
        *_objet(
            "Quelle stratégie d'aménagement veut-on travailler ? Sur quels thèmes, dans quel secteur, avec quels enjeux "
            "et quelles questions restées sans réponse ?"
        ),
        titre(1, "Section 4 – Les objectifs de l'Atelier"),
        *_objectifs(
            "Qu'attend-on de chacune des trois sessions ? Qu'est-ce qui aura changé à la fin de l'Atelier ? "
            "À quelles décisions la feuille de route doit-elle servir ?"
        ),
        titre(1, "Section 5 – Les ressources de l'Atelier"),
        titre(2, "Les acteurs à mobiliser"),
        *_acteurs(),
        titre(2, "Les documents et les données"),
        *_ressources(),
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


def trame_flash() -> bytes:
    """Return the frame of the fiche de candidature to an Atelier flash."""
    body = [
        p("Atelier des territoires", "Mention"),
        p("Fiche de candidature", "Titre"),
        p("{% if atelier.nom %}{{ atelier.nom }}{% else %}Atelier flash{% endif %}", "Sous-titre"),
        p(
            "La forme de cette fiche n'est pas attestée publiquement : la fiche transmise par la DGALN prévaut. "
            "Si vous l'avez reçue, servez-vous d'elle. Celle-ci reprend ce que les textes publics disent de l'Atelier "
            "flash : une question de petite échelle, un atelier sur place, une esquisse de plan-guide et une "
            "feuille de route. " + _REPONDRE,
            "Encadre",
        ),
        titre(1, "1. Les porteurs de l'Atelier"),
        *_porteurs(
            "Qui porte l'Atelier, côté État et côté collectivité ? Qui en assure le suivi politique et technique ?"
        ),
        titre(1, "2. La localisation de l'Atelier"),
        *_localisation(
            "Quel est le site : une commune, un îlot, un bâtiment, plusieurs communes ? Insérez une carte et décrivez-la "
            "en une phrase (texte de remplacement)."
        ),
        titre(1, "3. La question posée à l'Atelier"),
        *_objet(
            "Quelle est la question ? Pourquoi se pose-t-elle maintenant ? Qu'a-t-on déjà essayé, décidé ou écarté ?"
        ),
        titre(1, "4. Ce qui est attendu de l'Atelier"),
        *_objectifs(
            "Qu'attend-on de l'esquisse de plan-guide et de la feuille de route ? À quelles décisions doivent-elles servir ?"
        ),
        titre(1, "5. Les ressources de l'Atelier"),
        *_acteurs(),
        *_ressources(),
        titre(1, "6. L'organisation de l'atelier sur place"),
        consigne(
            "À quelle période, sur combien de jours, dans quel lieu ? Qui prend en charge la logistique et la restauration ?",
            alias="Organisation",
        ),
    ]
    return docx(
        "".join(body),
        title="Fiche de candidature",
        subject="Atelier des territoires – Atelier flash",
        feet=pied_piece("Fiche de candidature"),
    )


def trame_thematique() -> bytes:
    """Return the frame of the manifestation d’intérêt to a national session."""
    body = [
        p("Atelier des territoires", "Mention"),
        p("Manifestation d'intérêt", "Titre"),
        p("{% if atelier.nom %}{{ atelier.nom }}{% else %}Atelier thématique{% endif %}", "Sous-titre"),
        si("session", p("Session nationale « {{ session }} »", "Sous-titre")),
        p(
            "La forme de ce document n'est pas attestée publiquement : le dossier transmis par la DGALN avec l'appel à "
            "manifestation d'intérêt prévaut. Si vous l'avez reçu, servez-vous de lui. Cette trame reprend ce que les "
            "textes publics disent d'une session nationale. " + _REPONDRE,
            "Encadre",
        ),
        titre(1, "1. Les porteurs de l'Atelier"),
        *_porteurs(
            "Quel service de l'État porte et coordonne la manifestation d'intérêt ? Quelles collectivités y sont associées, "
            "et quel opérateur, le cas échéant ?"
        ),
        titre(1, "2. La localisation de l'Atelier"),
        *_localisation(
            "Quel est le grand territoire concerné, et quels sites témoins ? Insérez une carte et décrivez-la en une phrase "
            "(texte de remplacement)."
        ),
        titre(1, "3. Le thème de la session sur ce territoire"),
        *_objet(
            "Comment le thème national se pose-t-il ici ? Avec quels enjeux, quelles forces, quels blocages ?"
        ),
        titre(1, "4. Les objectifs de l'Atelier"),
        *_objectifs(
            "Qu'attend-on des trois ateliers ? À quelles décisions la feuille de route doit-elle servir ?"
        ),
        titre(1, "5. Ce que l'Atelier apporte aux autres territoires"),
        consigne(
            "L'appel de 2023 attendait une démarche exploratoire et opérationnelle, exemplaire et réplicable, pédagogique et "
            "interpellante : en quoi celle-ci l'est-elle ?",
            alias="Enseignements",
        ),
        titre(1, "6. Les ressources de l'Atelier"),
        *_acteurs(),
        *_ressources(),
        titre(1, "7. Le calendrier prévisionnel"),
        consigne(
            "Séminaire de lancement, trois ateliers, inter-ateliers, séminaire de clôture : à quelles périodes ?",
            alias="Calendrier",
        ),
    ]
    return docx(
        "".join(body),
        title="Manifestation d'intérêt",
        subject="Atelier des territoires – Session thématique",
        feet=pied_piece("Manifestation d'intérêt"),
    )
