# ruff: noqa: E501 - French sentences and XML are read unbroken
"""Before the choice and at the choice: the letter that calls to a hearing, the record that is signed."""

from __future__ import annotations

from .lettres import entete, lettre, objet, politesse, signature, suscription
from .papier import UTILE, boucle, p, si, table, titre
from .squelette import docx, pied_piece

__all__ = ["convocation_audition", "releve_choix"]

_SUJET = "Atelier des territoires"


def convocation_audition() -> bytes:
    """Return the letter that calls a titulaire to the hearing."""
    return lettre(
        "Convocation à une audition",
        _SUJET,
        entete(),
        suscription(),
        objet("Atelier des territoires – {{ atelier.nom }} – marché subséquent n°~{{ numero }} – audition"),
        p("{{ appel }}", "Appel"),
        p(
            "Dans le cadre de la consultation des titulaires de l'accord-cadre n°~{{ accord_cadre.numero }} pour le marché "
            "subséquent n°~{{ numero }}, relatif à {{ atelier.le }}, je vous invite à présenter votre offre lors d'une audition. "
            "Elle se tiendra "
            "**{{ quand | a_completer('date et heure de l’audition') }}**{% if not heure_connue %}, à une heure qui vous sera "
            "précisée{% endif %}.",
            "Corps",
        ),
        p(
            "{% if visioconference %}L'audition a lieu en visioconférence ; le lien de connexion vous sera adressé."
            "{% else %}L'audition a lieu à l'adresse suivante : {{ lieu | a_completer('lieu de l’audition') }}.{% endif %}"
            "{% if duree %} Elle dure {{ duree }} : une présentation par votre équipe, puis un échange.{% endif %}",
            "Corps",
        ),
        p(
            "{% if negociation %}Elle porte sur votre note méthodologique, votre équipe et votre proposition financière."
            "{% else %}Elle a pour seul objet d'éclairer votre offre (note méthodologique, équipe, proposition financière), "
            "que vous ne pouvez pas modifier à cette occasion.{% endif %} Chaque titulaire est entendu dans les mêmes "
            "conditions.",
            "Corps",
        ),
        p(
            "Je vous remercie de confirmer votre présence et de m'indiquer le nom et la qualité des participants"
            "{% if expediteur.courriel %}, à l'adresse {{ expediteur.courriel }}{% endif %}.",
            "Corps",
        ),
        politesse("Je vous prie d'agréer, {{ appel }} l'expression de ma considération distinguée."),
        signature(),
    )


def releve_choix() -> bytes:
    """Return the record of the collegial choice, signed by those who took part in it."""
    return docx(
        "".join(
            [
                p("{{ bloc_marque }}", "BlocMarque", signet="bloc_marque"),
                p("Relevé du choix collégial", "Titre"),
                p("Atelier des territoires – {{ atelier.nom | a_completer('intitulé') }}", "Sous-titre"),
                p(
                    "Marché subséquent n°~{{ numero | a_completer('numéro') }} à l'accord-cadre n° "
                    "{{ accord_cadre.numero | a_completer('accord-cadre') }}{% if accord_cadre.lot %}, {{ accord_cadre.lot }}{% endif %}",
                    "Mention",
                ),
                p(
                    "Document interne, établi avant l'information des titulaires et non communiqué.",
                    "Encadre",
                ),
                titre(1, "1. Consultation et participants"),
                p(
                    "{% if consultation %}Consultation du {{ consultation }}.{% endif %}"
                    "{% if consultes %} Titulaires consultés : {{ consultes }}.{% endif %}"
                    "{% if limite %} Date limite de remise des offres : {{ limite }}.{% endif %}"
                    " Choix du {{ date_choix | a_completer('date du choix') }}."
                ),
                p("Ont participé au choix :", suite=True),
                si(
                    "participants",
                    table(
                        ("Participant", "Qualité et organisme", "Signature"),
                        ["for un in participants", ("{{ un.nom }}", "{{ un.organisme }}", "\n\n"), "endfor"],
                        (3000, 3654, 2700),
                        legende="Participants au choix : nom, qualité et organisme, signature",
                    ),
                    sinon=[p("{{ '' | a_completer('participants au choix') }}")],
                ),
                titre(1, "2. Critères"),
                table(
                    ("Critère de l'accord-cadre", "Poids", "Notation"),
                    [
                        "for un in criteres",
                        ("{{ un.intitule }}", "{{ un.poids }}", "{{ un.note }}"),
                        "endfor",
                    ],
                    (3600, 1100, UTILE - 4700),
                    legende="Critères : intitulé, poids, notation",
                ),
                si(
                    "note_max",
                    p("Chaque critère est noté de 0 à {{ note_max }}, puis pondéré.", "ApresTableau"),
                ),
                titre(1, "3. Offres reçues"),
                table(
                    ("Titulaire", "Reçue le", "Montant HT"),
                    ["for un in offres", ("{{ un.titulaire }}", "{{ un.recue }}", "{{ un.ht }}"), "endfor"],
                    (4654, 2500, 2200),
                    legende="Offres : titulaire, date de réception, montant hors taxes",
                ),
                si(
                    "ecartees",
                    p("Offres écartées, qui ne sont pas notées :", "ApresTableau", suite=True),
                    boucle("un in ecartees", p("{{ un }}", "Listepuces")),
                ),
                titre(1, "4. Notes et classement"),
                table(
                    ("Titulaire", "Critère", "Note", "Note pondérée", "Appréciation"),
                    [
                        "for un in notes",
                        (
                            "{{ un.titulaire }}",
                            "{{ un.critere }}",
                            "{{ un.note }}",
                            "{{ un.ponderee }}",
                            "{{ un.appreciation }}",
                        ),
                        "endfor",
                    ],
                    (1900, 1700, 1100, 1300, UTILE - 6000),
                    legende="Notes : titulaire, critère, note, note pondérée, appréciation",
                ),
                p("Le classement qui en résulte est le suivant :", "ApresTableau", suite=True),
                table(
                    ("Rang", "Titulaire", "Total"),
                    [
                        "for un in classement",
                        ("{{ un.rang }}", "{{ un.titulaire }}", "{{ un.total }}"),
                        "endfor",
                    ],
                    (1900, 5254, 2200),
                    legende="Classement : rang, titulaire, total sur 100",
                ),
                si(
                    "egalite",
                    p(
                        "Deux offres au moins sont à égalité au premier rang ; les motifs ci-après les départagent.",
                        "ApresTableau",
                    ),
                ),
                titre(1, "5. Choix"),
                p(
                    "L'offre retenue est la suivante : **{{ retenu | a_completer('titulaire retenu') }}**"
                    "{% if montant %}, d'un montant de {{ montant }}{% endif %}, pour "
                    "{% if motifs | length > 1 %}les motifs suivants{% else %}le motif suivant{% endif %} :",
                    suite=True,
                ),
                si(
                    "motifs",
                    boucle("un in motifs", p("{{ un }}", "Listepuces")),
                    sinon=[p("{{ '' | a_completer('motifs du choix') }}", "Listepuces")],
                ),
                p("Fait le {{ date_choix | a_completer('date') }}.", "Corps", suite=True),
                signature(),
            ]
        ),
        title="Relevé du choix collégial",
        subject=_SUJET,
        feet=pied_piece(
            "Relevé du choix – marché subséquent n°~{{ numero | a_completer('numéro') }} – document interne"
        ),
    )
