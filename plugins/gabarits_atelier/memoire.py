# ruff: noqa: E501 - French sentences are read unbroken
"""The frame of the note méthodologique: criteria, method, deliverables, team, planning."""

from __future__ import annotations

from .clauses import couverture
from .papier import UTILE, consigne, p, si, table, titre
from .saisie import saisie
from .squelette import docx, pied_piece

__all__ = ["cadre_memoire"]


def _mode_emploi() -> str:
    return "".join(
        [
            titre(1, "1. Le candidat et son offre", page=True),
            p(
                "Ce cadre aide à présenter l'offre et à la lire selon les critères. Il n'a pas de valeur contractuelle tant qu'il n'est "
                "pas rempli ; une autre présentation est admise si elle répond aux mêmes points. Les prix figurent dans la DPGF et dans "
                "l'acte d'engagement seulement.",
                "Encadre",
            ),
            table(
                ("Rubrique", "Réponse"),
                [
                    (name, saisie(name, style="Tableau"))
                    for name in (
                        "Candidat (titulaire ou mandataire)",
                        "Membres du groupement",
                        "Chef de projet, interlocuteur de l'acheteur",
                    )
                ],
                (3400, UTILE - 3400),
                legende="Candidat : rubrique, réponse",
            ),
            si(
                "criteres",
                p(
                    "L'offre est jugée selon les critères suivants.",
                    "ApresTableau",
                    suite=True,
                ),
                table(
                    ("Critère", "Pondération", "Où l'offre y répond"),
                    [
                        "for un in criteres",
                        ("{{ un.intitule }}", "{{ un.poids | pourcent }}", "{{ un.parties }}"),
                        "endfor",
                    ],
                    (4154, 1600, 3600),
                    legende="Critères : critère, pondération, partie de l'offre qui y répond",
                ),
            ),
        ]
    )


def _comprehension() -> str:
    return "".join(
        [
            titre(1, "2. Compréhension du territoire et des enjeux"),
            consigne(
                "[à compléter par le candidat] Ce que l'équipe retient du CCTP (articles 3 à 5), les questions qu'elle ajouterait, les "
                "points qui décideront de la réussite de l'Atelier.",
                alias="Compréhension du territoire et des enjeux",
            ),
        ]
    )


def _methode() -> str:
    return "".join(
        [
            titre(1, "3. Méthode et sessions"),
            titre(2, "3.1 Lancement et cadrage"),
            consigne(
                "[à compléter par le candidat] Prise de connaissance du territoire, réunion de cadrage, organisation des échanges avec les "
                "porteurs de l'Atelier.",
                alias="Lancement et cadrage",
            ),
            titre(2, "3.2 Sessions"),
            p(
                "Pour chaque session : déroulé, méthodes d'animation, participants, lieux, supports ; puis l'inter-atelier qui la suit.",
                suite=True,
            ),
            table(
                ("Session", "Calendrier du CCTP", "Proposition du candidat"),
                [
                    "for un in sessions",
                    (
                        "{{ un.temps }}",
                        "{{ un.semaines }}{% if un.date != '–' %}, {{ un.date }}{% endif %}",
                        saisie("Proposition pour la session", style="Tableau"),
                    ),
                    "endfor",
                ],
                (2800, 2400, UTILE - 5200),
                legende="Sessions : session, calendrier du CCTP, proposition du candidat",
            ),
            titre(2, "3.3 Production et restitution"),
            consigne(
                "[à compléter par le candidat] Relecture avec les porteurs de l'Atelier, mise en forme, restitution publique, passage de relais.",
                alias="Production et restitution",
            ),
        ]
    )


def _livrables() -> str:
    return "".join(
        [
            titre(1, "4. Livrables", page=True),
            p(
                "Le contenu minimal est celui de l'article 8 du CCTP. Le candidat dit ce qu'il y ajoute et la forme qu'il propose.",
                suite=True,
            ),
            table(
                ("N°", "Livrable", "Contenu minimal", "Échéance", "Contenu et forme proposés"),
                [
                    "for un in livrables",
                    (
                        "{{ un.numero }}",
                        "{{ un.nom }}",
                        "{{ un.contenu }}",
                        "{{ un.echeance }}",
                        saisie("Contenu et forme proposés", style="Tableau"),
                    ),
                    "endfor",
                ],
                (750, 1900, 2300, 1800, UTILE - 6750),
                legende="Livrables : numéro, livrable, contenu minimal, échéance, contenu et forme proposés",
            ),
        ]
    )


def _equipe() -> str:
    headers = ("Personne et structure", "Rôle dans la mission", "Présence aux sessions")
    return "".join(
        [
            titre(1, "5. Équipe et compétences"),
            si(
                "competences",
                p(
                    "Une ligne au moins par compétence attendue (article 9 du CCTP) ; ajoutez des lignes au besoin.",
                    suite=True,
                ),
                table(
                    ("Compétence attendue", *headers),
                    [
                        "for un in competences",
                        ("{{ un | majuscule }}", *(saisie(name, style="Tableau") for name in headers)),
                        "endfor",
                    ],
                    (2754, 2500, 2400, 1700),
                    legende="Équipe : compétence attendue, personne et structure, rôle, présence aux sessions",
                ),
                sinon=[
                    p("Ajoutez des lignes au besoin.", suite=True),
                    table(
                        ("Compétence", *headers),
                        [
                            tuple(saisie(name, style="Tableau") for name in ("Compétence", *headers))
                            for _ in range(4)
                        ],
                        (2754, 2500, 2400, 1700),
                        legende="Équipe : compétence, personne et structure, rôle, présence aux sessions",
                    ),
                ],
            ),
            p(
                "Expérience de travaux comparables, références et curriculum vitae peuvent être joints.",
                "ApresTableau",
            ),
            consigne(
                "[à compléter par le candidat] Organisation de l'équipe, suppléance du chef de projet, sous-traitance envisagée.",
                alias="Organisation de l'équipe",
            ),
        ]
    )


def _planning() -> str:
    return "".join(
        [
            titre(1, "6. Planning"),
            p(
                "{% if duree %}La mission dure {{ duree }}. {% endif %}T0 est la notification du marché subséquent.",
                suite=True,
            ),
            table(
                ("Temps de la mission", "Calendrier du CCTP", "Planning du candidat"),
                [
                    "for un in etapes",
                    (
                        "{{ un.temps }}",
                        "{{ un.semaines }}",
                        saisie("Planning du candidat", style="Tableau"),
                    ),
                    "endfor",
                ],
                (3400, 2700, UTILE - 6100),
                legende="Planning : temps de la mission, calendrier du CCTP, planning du candidat",
            ),
        ]
    )


def cadre_memoire() -> bytes:
    """Return the frame: a cover, then six parts with what to fill in said in words."""
    body = (
        couverture("Cadre de la note méthodologique"),
        _mode_emploi(),
        _comprehension(),
        _methode(),
        _livrables(),
        _equipe(),
        _planning(),
    )
    return docx(
        "".join(body),
        title="Cadre de la note méthodologique",
        subject="Atelier des territoires – marché subséquent",
        feet=pied_piece("Marché subséquent n° {{ numero }} – note méthodologique – version {{ version }}"),
    )
