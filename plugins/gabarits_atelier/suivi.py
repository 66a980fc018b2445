# ruff: noqa: E501 - French sentences and XML are read unbroken
"""The frames that the team fills in as the mission goes: note de cadrage, carnets de suivi."""

from __future__ import annotations

from .papier import UTILE, boucle, consigne, p, si, table, titre
from .squelette import docx, pied_piece

__all__ = ["carnet_suivi", "identite", "note_cadrage"]

_SUJET = "Atelier des territoires"
_LIGNE = 480
"""Height of an empty row, to be filled in by hand or at the keyboard: 8 mm."""


def identite(sujet: str = "{{ atelier.nom | a_completer('intitulé de l’Atelier') }}") -> str:
    """Return the head of a deliverable: what it is about, then the table ``identite``."""
    return p(sujet, "Sous-titre") + si(
        "identite",
        table(
            ("Renseignement", "Valeur"),
            ["for un in identite", ("{{ un.libelle }}", "{{ un.valeur }}"), "endfor"],
            (3000, UTILE - 3000),
            legende="Identification : renseignement, valeur",
        ),
    )


def _vide(colonnes: int, lignes: int) -> list[tuple[str, ...]]:
    """Return rows to fill in."""
    return [("",) * colonnes] * lignes


def note_cadrage() -> bytes:
    """Return the frame of the note de cadrage: method, organisation, calendar (documents.md § 4.5)."""
    body = [
        p("Note de cadrage", "Titre"),
        identite(),
        p(
            "Les tableaux reprennent ce que dit le dossier de l'Atelier. Les consignes disent ce qui est attendu : écrivez à "
            "leur place.",
            "ApresTableau",
        ),
        titre(1, "1. La commande et ce que l'équipe en retient"),
        si("resume", p("{{ resume }}")),
        si(
            "objectifs",
            p("Les objectifs de l'Atelier sont les suivants :", suite=True),
            boucle("un in objectifs", p("{{ un }}", "Listepuces")),
        ),
        consigne(
            "Ce que l'équipe comprend de la commande, ce qu'elle propose d'ajuster, les questions qui restent ouvertes.",
            alias="Lecture de la commande",
        ),
        titre(1, "2. La méthode"),
        consigne(
            "La démarche d'ensemble : visites, entretiens, données, manière d'associer les élus, les acteurs et, chaque fois "
            "que possible, les habitants.",
            alias="Démarche",
        ),
        si(
            "sessions",
            titre(2, "{% if inter_ateliers %}Les sessions{% else %}La session{% endif %} in situ"),
            table(
                ("Session", "Date et lieu", "Ce qui en est attendu", "Déroulé et participants"),
                ["for un in sessions", ("{{ un.titre }}", "{{ un.quand }}", "", ""), "endfor"],
                (2300, 2300, 2377, 2377),
                legende="Sessions : session, date et lieu, ce qui en est attendu, déroulé et participants",
                hauteur=1100,
            ),
            si(
                "inter_ateliers",
                titre(2, "Les inter-ateliers"),
                consigne(
                    "Pour chaque inter-atelier : analyses, entretiens, approfondissements, et ce qui sera remis avant la session "
                    "suivante.",
                    alias="Inter-ateliers",
                ),
            ),
        ),
        titre(1, "3. L'organisation"),
        titre(2, "L'équipe"),
        table(
            ("Nom", "Rôle", "Compétence", "Présence aux sessions"),
            _vide(4, 4),
            (2500, 2300, 2300, 2254),
            legende="Équipe : nom, rôle, compétence, présence aux sessions",
            hauteur=_LIGNE,
            entier=True,
        ),
        titre(2, "Les interlocuteurs"),
        si(
            "interlocuteurs",
            table(
                ("Organisme", "Personne", "Courriel"),
                [
                    "for un in interlocuteurs",
                    ("{{ un.organisme }}", "{{ un.personne }}", "{{ un.courriel }}"),
                    "endfor",
                ],
                (3400, 3300, UTILE - 6700),
                legende="Interlocuteurs : organisme, personne, courriel",
            ),
            sinon=[consigne("Qui suit l'Atelier, côté État et côté collectivités ?", alias="Interlocuteurs")],
        ),
        titre(2, "Le pilotage"),
        si(
            "copil",
            p("Comité de pilotage :", suite=True),
            boucle("un in copil", p("{{ un }}", "Listepuces")),
        ),
        si(
            "cotech",
            p("Comité technique :", suite=True),
            boucle("un in cotech", p("{{ un }}", "Listepuces")),
        ),
        consigne(
            "Rythme et rôle des comités, qui décide de quoi, comment les documents sont échangés et validés.",
            alias="Pilotage",
        ),
        titre(1, "4. Le calendrier"),
        si(
            "calendrier",
            table(
                ("Étape ou rencontre", "Date", "Lieu"),
                ["for un in calendrier", ("{{ un.libelle }}", "{{ un.quand }}", "{{ un.lieu }}"), "endfor"],
                (4300, 3054, 2000),
                legende="Calendrier : étape ou rencontre, date, lieu",
            ),
        ),
        consigne(
            "Les dates encore à fixer, les contraintes connues (élections, congés, instances), les marges.",
            alias="Calendrier",
        ),
        si(
            "livrables",
            titre(1, "5. Les livrables"),
            table(
                ("Livrable", "Contenu minimal", "Ce que l'équipe propose"),
                ["for un in livrables", ("{{ un.nom }}", "{{ un.contenu }}", ""), "endfor"],
                (2600, 3700, UTILE - 6300),
                legende="Livrables : livrable, contenu minimal, ce que l'équipe propose",
                hauteur=700,
            ),
        ),
        titre(1, "{% if livrables %}6{% else %}5{% endif %}. Les acteurs et les ressources"),
        si(
            "acteurs",
            titre(2, "Les acteurs à mobiliser"),
            table(
                ("Nom", "Organisme", "Qualité"),
                ["for un in acteurs", ("{{ un.nom }}", "{{ un.organisme }}", "{{ un.qualite }}"), "endfor"],
                (2700, 3600, UTILE - 6300),
                legende="Acteurs : nom, organisme, qualité",
            ),
        ),
        si(
            "ressources",
            titre(2, "Les documents et les données"),
            table(
                ("Document ou donnée", "Détenteur", "Date et format"),
                [
                    "for un in ressources",
                    ("{{ un.titre }}", "{{ un.detenteur }}", "{{ un.date_format }}"),
                    "endfor",
                ],
                (3900, 2900, UTILE - 6800),
                legende="Ressources : document ou donnée, détenteur, date et format",
            ),
        ),
        consigne(
            "Qui manque autour de la table, quels documents et quelles données restent à obtenir, auprès de qui, pour quand.",
            alias="Acteurs et ressources",
        ),
        titre(1, "{% if livrables %}7{% else %}6{% endif %}. Les points à trancher"),
        table(
            ("Point à trancher", "Par qui", "Pour quand"),
            _vide(3, 4),
            (5154, 2400, 1800),
            legende="Points à trancher : point, par qui, pour quand",
            hauteur=_LIGNE,
            entier=True,
        ),
    ]
    return docx(
        "".join(body),
        title="Note de cadrage",
        subject=_SUJET,
        feet=pied_piece("Note de cadrage – {{ sujet }}"),
    )


def carnet_suivi() -> bytes:
    """Return the frame of the carnet de suivi of a session: course, account, proposals, decisions."""
    body = [
        p("Carnet de suivi – {{ session.nom }}", "Titre"),
        identite(),
        titre(1, "1. Le déroulé"),
        table(
            ("Moment", "Séquence", "Animation", "Supports"),
            [
                "for un in programme",
                ("", "{{ un }}", "", ""),
                "endfor",
                *_vide(4, 3),
            ],
            (1500, 4054, 2000, 1800),
            legende="Déroulé : moment, séquence, animation, supports",
            hauteur=_LIGNE,
            entier=True,
        ),
        consigne(
            "Les lieux visités, la manière dont les participants ont travaillé ; leur nombre, d'après la feuille d'émargement.",
            alias="Déroulé",
        ),
        titre(1, "2. Le compte rendu"),
        titre(2, "Ce qui a été vu et dit"),
        consigne(
            "Les constats et les paroles, séquence par séquence, sans nommer les personnes qui ne l'ont pas accepté.",
            alias="Ce qui a été vu et dit",
        ),
        titre(2, "Ce qui fait accord, ce qui fait débat"),
        consigne(
            "Les points partagés, les désaccords et leurs raisons, les questions sans réponse.",
            alias="Accords et débats",
        ),
        titre(2, "Les productions"),
        consigne(
            "Cartes, croquis, maquettes, photographies : chacune avec sa légende, son auteur et un texte de remplacement.",
            alias="Productions",
        ),
        titre(1, "3. Les propositions"),
        consigne(
            "Ce que l'équipe propose à l'issue de la session : orientations, scénarios, premières actions.",
            alias="Propositions",
        ),
        titre(1, "4. Le relevé de décisions"),
        table(
            ("N°", "Décision", "Qui s'en charge", "Pour quand"),
            [(str(number), "", "", "") for number in range(1, 7)],
            (600, 4954, 2200, 1600),
            legende="Relevé de décisions : numéro, décision, qui s'en charge, pour quand",
            hauteur=_LIGNE,
            entier=True,
        ),
        titre(1, "5. La suite"),
        si("suite", p("{{ suite }}")),
        consigne(
            "Ce qui reste à faire avant la prochaine étape : analyses, entretiens, documents à obtenir.",
            alias="Suite",
        ),
    ]
    return docx(
        "".join(body),
        title="Carnet de suivi",
        subject=_SUJET,
        feet=pied_piece("Carnet de suivi – {{ session.nom }} – {{ sujet }}"),
    )
