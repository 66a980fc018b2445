# ruff: noqa: E501 - French sentences and XML are read unbroken
"""The letters that join a manifestation d’intérêt (domaine.md § 1.C): a national session, three ateliers."""

from __future__ import annotations

from .candidature import ATELIER, PERIMETRE, conduite, haut, objectifs, resume, suivi
from .lettres import lettre, politesse, puces, signature
from .papier import p, si

__all__ = ["courrier_collectivite", "courrier_prefet", "courrier_service"]

_FORMAT = "Atelier des territoires – Session thématique"
_SESSION = "la session nationale « {{ session | a_completer('titre de la session nationale') }} »"


def _presentation() -> str:
    return (
        f"{{{{ porteurs | majuscule }}}} {{{{ portent }}}} ensemble la manifestation d'intérêt {{{{ atelier.du | {ATELIER} }}}} "
        f"pour {_SESSION}{PERIMETRE}."
    )


def courrier_service() -> bytes:
    """Return the commitment of the service that carries and coordinates the manifestation."""
    return lettre(
        "Courrier d'engagement du service pilote",
        _FORMAT,
        haut("engagement {{ service.du }}"),
        p(
            _presentation() + " Ce document, joint au dossier, en expose les enjeux et les objectifs.",
            "Corps",
        ),
        si("themes", p("Cette démarche relève {{ themes }}.", "Corps")),
        p(
            "Je vous confirme l'engagement {{ service.du }} à porter et à coordonner cet Atelier pendant "
            "**{{ engagement.duree }}**{% if engagement.periode %}, {{ engagement.periode }}{% endif %}."
            "{% if engagement.ecrete %} Cet engagement est pris dans les limites de durée que fixe le "
            "programme ; le calendrier prévisionnel de l'accompagnement figure dans la manifestation "
            "d'intérêt.{% endif %}",
            "Corps",
        ),
        p("À ce titre, les missions suivantes seront assurées :", "Corps", suite=True),
        puces(
            "élaborer, avec {{ collectivites.les }}, le cahier des charges de la mission et conduire la sélection de "
            "l'équipe pluridisciplinaire",
            "assurer la maîtrise d'ouvrage de la mission et en suivre l'exécution",
            "mettre l'équipe en relation avec les acteurs du territoire",
            "contribuer à la préparation et à l'animation des {{ sessions }} ateliers et des séminaires de lancement et "
            "de clôture, puis à leur bilan",
            "prendre part à la mise en réseau des sites, à la rencontre nationale et à la capitalisation de la session",
        ),
        conduite(),
        p(
            "L'accompagnement par l'équipe est pris en charge à 100 % par la DGALN. L'organisation matérielle des "
            "ateliers revient aux co-porteurs.",
            "Corps",
            suite=True,
        ),
        signature(),
    )


def courrier_prefet() -> bytes:
    """Return the support of the préfet or sous-préfet."""
    return lettre(
        "Courrier de soutien du préfet",
        _FORMAT,
        haut("soutien de l'État à la manifestation d'intérêt {{ collectivites.des }}"),
        p(_presentation(), "Corps"),
        resume(),
        objectifs(),
        p(
            "{% if themes %}Cette démarche relève {{ themes }}, que l'État accompagne dans le territoire. {% endif %}"
            "Elle réunira autour d'une même stratégie les élus, les services et les acteurs locaux ; elle doit "
            "aboutir à une feuille de route partagée et nourrir les enseignements de la session.",
            "Corps",
        ),
        p("**J'apporte mon soutien à cette candidature.**", "Corps"),
        p(
            "Mes services sont mobilisés pour sa réussite, en premier lieu {{ service.le }}, qui assurera le "
            "pilotage local de l'Atelier.",
            "Corps",
        ),
        p(
            "Je vous serais {{ reconnaissant }} de bien vouloir réserver une suite favorable à cette demande.",
            "Corps",
            suite=True,
        ),
        signature(),
    )


def courrier_collectivite() -> bytes:
    """Return the letter of a collectivité, on its own letterhead."""
    return lettre(
        "Courrier de la collectivité",
        _FORMAT,
        haut("{{ nature }} {{ collectivite.du }}"),
        p("Madame, Monsieur,", "Appel"),
        p(
            f"Par ce courrier, {{{{ collectivite.le }}}} {{{{ verbe }}}} {{{{ atelier.le | {ATELIER} }}}}, pour {_SESSION}"
            "{% if partenaires %}, aux côtés {{ partenaires }}{% endif %}.",
            "Corps",
        ),
        si("perimetre", p("L'Atelier porte sur le périmètre suivant : {{ perimetre }}.", "Corps")),
        resume(),
        p("À ce titre, {{ collectivite.le }} s'engage à :", "Corps", suite=True),
        puces(
            "prendre part, avec ses élus et ses techniciens, à la préparation et à la tenue des {{ sessions }} ateliers "
            "et des séminaires",
            "y associer les partenaires, les acteurs économiques et associatifs et, chaque fois que possible, les habitants",
            "mettre à la disposition de l'équipe pluridisciplinaire les données, études et documents utiles",
            "prendre en charge, avec les autres co-porteurs, l'organisation matérielle des ateliers",
            "partager les enseignements de l'Atelier avec les autres sites de la session",
            "donner suite à la feuille de route qui en sera issue et en suivre l'avancement",
        ),
        suivi(),
        politesse("Je vous prie d'agréer, Madame, Monsieur, l'expression de ma considération distinguée."),
        signature(),
    )
