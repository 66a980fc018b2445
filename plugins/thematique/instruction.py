"""What the desk’s letters say of what follows a manifestation d’intérêt (domaine.md § 1.C and 4.3)."""

from __future__ import annotations

from assembler_plugins.commun.decisions import Suites

__all__ = ["SUITES"]

SUITES = Suites(
    rythme=(  # N-04
        "Les manifestations d’intérêt sont examinées par un jury d’experts et de personnalités qualifiées,"
        " qui propose des territoires lauréats ; la DGALN les sélectionne."
    ),
    etapes=(  # N-08, N-09, N-12, N-13, N-16
        "élaboration du cahier des charges de la mission, puis sélection de l’équipe pluridisciplinaire",
        "séminaire de lancement, trois ateliers sur place, ponctués d’inter-ateliers, et séminaire de"
        " clôture, où la feuille de route est présentée",
        "mise en réseau des sites de la session, rencontre nationale et publication « Bouger les lignes »",
    ),
    autres=(  # L-03, L-04, L-09, L-14; F-02, F-03, F-05, F-06, F-19
        "l’Atelier local, pour un thème propre au territoire, à l’échelle intercommunale ou plus vaste :"
        " trois sessions, en dix à douze mois, que demandent ensemble, au fil de l’eau, la collectivité et"
        " le service de l’État",
        "l’Atelier flash, pour un projet de petite échelle : un seul atelier, en trois à six mois, que"
        " demandent ensemble, au fil de l’eau, la collectivité et le service de l’État",
        "une nouvelle manifestation d’intérêt, lorsque la DGALN ouvrira une autre session nationale",
    ),
    prise_en_charge="à 100 % par la DGALN",  # N-14
)
