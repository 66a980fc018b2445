"""What the desk’s letters say of what follows a candidature to an Atelier local (domaine.md § 1 and 4.1)."""

from __future__ import annotations

from assembler_plugins.commun.decisions import Suites

__all__ = ["SUITES"]

SUITES = Suites(
    rythme=(  # L-03, L-28
        "Les candidatures à l’Atelier local sont reçues et examinées au fil de l’eau ; environ dix sont"
        " sélectionnées chaque année."
    ),
    etapes=(  # L-12, L-22 to L-26, § 4.1 (3 to 9)
        "réception du cahier des clauses particulières (CCP) de l’accord-cadre, de la note méthodologique,"
        " des bordereaux des prix et de la date de notification de l’accord-cadre, que la DGALN transmet",
        "rédaction du cahier des clauses techniques particulières (CCTP) du marché subséquent, à partir de la"
        " note d’opportunité",
        "consultation des titulaires de l’accord-cadre sur la plateforme PLACE, puis choix collégial de"
        " l’équipe pluridisciplinaire",
        "notification du marché subséquent, puis réunion de cadrage avec l’équipe",
    ),
    autres=(  # F-02, F-03, F-05, F-06, F-19; N-01, N-03, N-05
        "l’Atelier flash, pour un projet de petite échelle : un seul atelier, en trois à six mois, que"
        " demandent ensemble, au fil de l’eau, la collectivité et le service de l’État",
        "la session thématique, lorsque la DGALN ouvre un appel à manifestation d’intérêt sur un thème"
        " national qui est aussi le vôtre",
        "une nouvelle candidature à l’Atelier local, que vous pouvez présenter à tout moment",
    ),
    prise_en_charge=(  # L-20, L-27
        "à 100 % par la DGALN, sur des crédits du BOP 135 délégués au service de l’État qui conduit l’Atelier"
    ),
    frais="Les frais d’organisation (logistique et restauration) reviennent aux co-porteurs.",  # L-21
)
