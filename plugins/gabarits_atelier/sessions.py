# ruff: noqa: E501 - French sentences and XML are read unbroken
"""What a session needs: the invitation, and the sheet that those present sign."""

from __future__ import annotations

from .lettres import entete, lettre, objet, politesse, signature, suscription
from .papier import LARGE, UTILE, boucle, p, si, table, titre
from .squelette import PAYSAGE, docx, pied_piece

__all__ = ["emargement_session", "invitation_session"]

_SIGNER = 620
"""Height of a row in which a hand signs: 11 mm."""


def invitation_session() -> bytes:
    """Return the invitation to a session, and the list of those it is sent to."""
    return lettre(
        "Invitation à une session d'atelier",
        "Atelier des territoires",
        entete(),
        suscription(),
        objet(
            "Atelier des territoires – {{ atelier.nom | a_completer('intitulé de l’Atelier') }} – invitation à la {{ session.nom }}"
        ),
        p("Madame, Monsieur,", "Appel"),
        p(
            "{{ porteurs | majuscule }} {{ portent }} ensemble {{ atelier.le | a_completer('intitulé de l’Atelier') }}"
            "{% if perimetre %}, sur le périmètre suivant : {{ perimetre }}{% endif %}. Cette démarche réunit les élus, "
            "les services de l'État et les acteurs du territoire autour d'un même projet.",
            "Corps",
        ),
        p(
            "Je vous invite à prendre part à la **{{ session.nom }}**{% if session.objet %}, qui a pour objet : "
            "{{ session.objet }}{% endif %}.",
            "Corps",
            suite=True,
        ),
        p("Date : {{ session.date | a_completer(session.date_manquante) }} ;", "Listepuces"),
        p("Horaires : {{ session.horaires | a_completer('horaires') }} ;", "Listepuces"),
        p("Lieu : {{ session.lieu | a_completer('lieu et adresse') }}.", "Listepuces"),
        si(
            "programme",
            p("Le programme est le suivant :", "Corps", suite=True),
            boucle(
                "un in programme",
                p("{{ un }}{% if loop.last %}.{% else %} ;{% endif %}", "Listepuces"),
            ),
            sinon=[p("Programme : {{ '' | a_completer('ordre du jour') }}.", "Corps")],
        ),
        si(
            "logistique",
            p(
                "L'organisation matérielle de la session et la restauration sont prises en charge par les co-porteurs "
                "de l'Atelier.",
                "Corps",
            ),
        ),
        p(
            "Je vous remercie de confirmer votre présence avant le {{ reponse | a_completer('date limite de réponse') }} "
            "auprès de {{ contact | a_completer('personne à qui répondre') }}. Si vous ne pouvez pas venir, vous pouvez "
            "désigner la personne qui vous représentera.",
            "Corps",
            suite=True,
        ),
        politesse("Je vous prie d'agréer, Madame, Monsieur, l'expression de ma considération distinguée."),
        signature(),
        si(
            "invites",
            p("Annexe – Personnes et organismes invités", "Titre1", page=True),
            table(
                ("Nom", "Organisme", "Qualité"),
                ["for un in invites", ("{{ un.nom }}", "{{ un.organisme }}", "{{ un.qualite }}"), "endfor"],
                (2700, 3600, UTILE - 6300),
                legende="Personnes invitées : nom, organisme, qualité",
            ),
        ),
    )


def _feuille(signatures: tuple[str, ...]) -> str:
    """Return the sheet of one day, with a column to sign for each half of it."""
    widths = (2900, 3500, 2600, 2500)
    each = (LARGE - sum(widths)) // len(signatures)
    blank = ("",) * (len(widths) + len(signatures))
    return table(
        ("Nom", "Organisme", "Qualité", "Courriel", *(f"Signature\n({one})" for one in signatures)),
        [
            "for un in participants",
            ("{{ un.nom }}", "{{ un.organisme }}", "{{ un.qualite }}", *("",) * (1 + len(signatures))),
            "endfor",
            "for vide in vides",
            blank,
            "endfor",
        ],
        (*widths, *(each,) * len(signatures)),
        legende=f"Émargement : nom, organisme, qualité, courriel, signature {' et '.join(signatures)}",
        hauteur=_SIGNER,
    )


def emargement_session() -> bytes:
    """Return the attendance sheet: one by day, A4 paper on its side, no telephone number."""
    foot = (
        p(
            "Vos données servent à établir la présence à la session et à vous en adresser le carnet de suivi, si vous donnez "
            "votre courriel. {{ responsable | a_completer('service responsable') | majuscule }} les conserve avec les pièces du dossier, le temps de leur archivage "
            "réglementaire. Vous pouvez y accéder, les faire rectifier ou effacer, en limiter l'usage ou vous y opposer, en "
            "écrivant à {{ contact | a_completer('adresse de contact') }}, et saisir la CNIL.",
            "Pieddepage",
        )
        + pied_piece("Émargement – {{ session.nom }}")[0]
    )
    head = "Feuille d'émargement – {{ session.nom }}"
    body = boucle(
        "jour in jours",
        si("loop.first", p(head, "Titre"), sinon=[p(head, "Titre", page=True)]),
        p("{{ atelier.nom | a_completer('intitulé de l’Atelier') }}", "Sous-titre"),
        titre(
            2,
            "{{ jour.date | a_completer(session.date_manquante) | majuscule }}{% if jour.horaires %}, {{ jour.horaires }}{% endif %}",
        ),
        p(
            "{% if session.objet %}Objet : {{ session.objet }}. {% endif %}Lieu : {{ session.lieu | a_completer('lieu') }}.",
            suite=True,
        ),
        si("jour.matin and jour.apres_midi", _feuille(("matin", "après-midi"))),
        si("jour.matin and not jour.apres_midi", _feuille(("matin",))),
        si("jour.apres_midi and not jour.matin", _feuille(("après-midi",))),
    )
    return docx(
        body,
        title="Feuille d'émargement",
        subject="Atelier des territoires",
        feet=(foot, foot),
        section=PAYSAGE,
    )
