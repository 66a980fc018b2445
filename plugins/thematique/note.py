"""The manifestation d’intérêt, from which the CCTP of a session thématique is made.

No public text says what it holds (domaine.md § 2.3): where it has no such section, the fiche stands in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assembler_plugins.commun.lettres import perimetre, porteurs, prose
from assembler_plugins.commun.marche.note import Note

from assembler.contributions import Case
from assembler.french import enumerer, typo
from assembler.model import dig

__all__ = ["NOTE"]


def _de_la_fiche(case: Case) -> Mapping[str, Sequence[str]]:
    fiche = case.fiche
    bearers = [one["le"] for one in porteurs(fiche)]
    place = perimetre(fiche)
    towns = [typo(str(one["nom"])) for one in dig(fiche, "territoire.communes", ()) if one.get("nom")]
    told = prose(dig(fiche, "objet.resume"))
    return {
        "porteurs": [f"L’Atelier est porté par {enumerer(bearers)}."] if bearers else [],
        "territoire": [told] if told else [],
        "localisation": [
            f"L’Atelier porte sur le territoire suivant\u00a0: {place}."
            + (f" Communes\u00a0: {enumerer(towns)}." if towns else "")
        ]
        if place
        else [],
        "objectifs": [
            text for one in dig(fiche, "objet.objectifs", ()) if (text := prose(str(one))) is not None
        ],
    }


NOTE = Note(
    piece="manifestation_interet",
    le="la manifestation d’intérêt",
    nom="la manifestation d’intérêt",
    sections={
        "porteurs": "Les porteurs",
        "localisation": "La localisation",
        "territoire": "Le territoire et ses enjeux",
        "objet": "L’objet",
        "objectifs": "Les objectifs",
        "ressources": "Les ressources",
    },
    niveaux={"localisation": 2, "ressources": 2},
    facultatives=("objet", "ressources"),
    contexte=("territoire",),
    exiges={"session": "le titre de la session nationale"},
    repli=_de_la_fiche,
)
