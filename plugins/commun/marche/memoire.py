"""The frame of the note méthodologique that bidders fill in: criteria, deliverables, steps, team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assembler_plugins.commun.exigences import exiger

from assembler.contributions import Case, Copy
from assembler.model import dig

from . import mission, rythme
from .accord import accord_cadre
from .analyse import criteres
from .dpgf import IDENTITE
from .identite import identite

__all__ = ["cadre_memoire"]


def cadre_memoire(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy, the same for all
    """Return the values of ``cadre-memoire``.

    Raises:
        MissingValue: what identifies the marché is not known.
    """
    fiche, accord = case.fiche, accord_cadre(case)
    exiger("cadre-memoire", fiche, {**IDENTITE, "intitule": "l’intitulé"})
    return identite(case) | {
        "criteres": [
            {
                "intitule": one.intitule,
                "poids": one.poids,
                "parties": "DPGF et acte d’engagement" if one.prix else "Parties 2 à 6 du présent cadre",
            }
            for one in criteres(case)
        ],
        "sessions": [
            row for row in rythme.calendrier("cadre-memoire", fiche) if row["code"] in rythme.SESSION
        ],
        "etapes": rythme.calendrier("cadre-memoire", fiche),
        "livrables": mission.livrables("cadre-memoire", case, accord),
        "competences": mission.competences(fiche, accord),
        "duree": rythme.duree(fiche)[0] if dig(fiche, "accompagnement.duree_mois") else None,
    }
