# ruff: noqa: E501 - French sentences and XML are read unbroken
"""The letters of a candidature to an Atelier flash (domaine.md § 1.B): one atelier, bons de commande."""

from __future__ import annotations

from .candidature import ATELIER, PERIMETRE, conduite, haut, resume, suivi
from .lettres import lettre, politesse, puces, signature
from .papier import p, si

__all__ = ["courrier_collectivite", "courrier_service"]

_FORMAT = "Atelier des territoires – Atelier flash"


def courrier_service() -> bytes:
    """Return the commitment of the service that carries the Atelier."""
    return lettre(
        "Courrier d'engagement du service pilote",
        _FORMAT,
        haut("engagement {{ service.du }}"),
        p(
            f"{{{{ porteurs | majuscule }}}} {{{{ portent }}}} ensemble la candidature {{{{ atelier.du | {ATELIER} }}}}{PERIMETRE}. "
            "La fiche de candidature jointe au dossier présente la question posée et ce qui est attendu de l'Atelier.",
            "Corps",
        ),
        si("themes", p("Cette démarche relève {{ themes }}.", "Corps")),
        p(
            "Je vous confirme l'engagement {{ service.du }} à porter cet Atelier flash pendant "
            "**{{ engagement.duree }}**{% if engagement.periode %}, {{ engagement.periode }}{% endif %}."
            "{% if engagement.ecrete %} Cet engagement est pris dans les limites de durée que fixe le "
            "programme ; le calendrier prévisionnel figure dans la fiche de candidature.{% endif %}",
            "Corps",
        ),
        p("À ce titre, les missions suivantes seront assurées :", "Corps", suite=True),
        puces(
            "émettre et notifier le ou les bons de commande sur l'accord-cadre de la DGALN, puis en suivre l'exécution",
            "cadrer la mission avec l'équipe et la mettre en relation avec les acteurs du territoire",
            "contribuer, avec {{ collectivites.les }}, à la préparation et à l'animation de l'atelier, puis à sa restitution",
            "engager et payer les crédits délégués à cet effet, au rythme d'avancement de la prestation",
        ),
        conduite(),
        p(
            "La rémunération de l'équipe pluridisciplinaire est prise en charge à 100 % par la DGALN. Les frais "
            "d'organisation de l'atelier (logistique et restauration) sont à la charge des co-porteurs, "
            "principalement {{ collectivites.des }}.",
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
            f"Par ce courrier, {{{{ collectivite.le }}}} {{{{ verbe }}}} {{{{ atelier.le | {ATELIER} }}}}"
            "{% if partenaires %}, aux côtés {{ partenaires }}{% endif %}.",
            "Corps",
        ),
        si("perimetre", p("L'Atelier porte sur le périmètre suivant : {{ perimetre }}.", "Corps")),
        resume(),
        p("À ce titre, {{ collectivite.le }} s'engage à :", "Corps", suite=True),
        puces(
            "prendre part, avec ses élus et ses techniciens, à la préparation et à la tenue de l'atelier sur place",
            "y associer les partenaires, les acteurs économiques et associatifs et, chaque fois que possible, les habitants",
            "mettre à la disposition de l'équipe pluridisciplinaire les données, études et documents utiles",
            "prendre en charge, avec les autres co-porteurs, l'organisation matérielle de l'atelier (logistique et "
            "restauration)",
            "donner suite à l'esquisse de plan-guide et à la feuille de route qui en seront issues",
        ),
        suivi(),
        politesse("Je vous prie d'agréer, Madame, Monsieur, l'expression de ma considération distinguée."),
        signature(),
    )
