"""What the desk’s letters say of what follows a candidature to an Atelier flash (domaine.md § 1.B, 4.2)."""

from __future__ import annotations

from assembler_plugins.commun.decisions import Suites

__all__ = ["SUITES"]

SUITES = Suites(
    rythme="Les candidatures à l’Atelier flash sont reçues et examinées au fil de l’eau.",  # F-03
    etapes=(  # F-06, F-10 to F-12, F-20
        "émission et notification d’un ou deux bons de commande à un titulaire de l’accord-cadre de la DGALN",
        "appropriation du sujet par l’équipe pluridisciplinaire, puis atelier sur place",
        "restitution d’une esquisse de plan-guide et d’une feuille de route",
    ),
    autres=(  # L-03, L-04, L-09, L-14; N-01, N-03, N-05
        "l’Atelier local, pour une réflexion à l’échelle intercommunale ou plus vaste : trois sessions, en"
        " dix à douze mois, que demandent ensemble, au fil de l’eau, la collectivité et le service de l’État",
        "la session thématique, lorsque la DGALN ouvre un appel à manifestation d’intérêt sur un thème"
        " national qui est aussi le vôtre",
        "une nouvelle candidature à l’Atelier flash, que vous pouvez présenter à tout moment",
    ),
    prise_en_charge="à 100 % par la DGALN",  # F-13
    frais="Les frais d’organisation (logistique et restauration) reviennent aux co-porteurs.",  # F-14
)
