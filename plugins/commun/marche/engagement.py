"""The acte d’engagement: the buyer's parts filled in, the titulaire's left open (documents.md § 4.8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assembler_plugins.commun.autorites import autorite
from assembler_plugins.commun.exigences import exiger
from assembler_plugins.commun.lettres import chef_de_file
from assembler_plugins.commun.personnes import signature
from assembler_plugins.commun.tva import taux_du_marche

from assembler.contributions import Case, Copy
from assembler.french import mois_annee, typo
from assembler.model import dig

from . import rythme
from .consultation import validite
from .dpgf import IDENTITE
from .identite import identite

__all__ = ["acte_engagement"]


def acte_engagement(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy, the same for all
    """Return the values of ``acte-engagement``: nothing of any bidder, no amount.

    Raises:
        MissingValue: what identifies the marché, or its duration, is not known.
    """
    fiche = case.fiche
    exiger(
        "acte-engagement",
        fiche,
        {**IDENTITE, "intitule": "l’intitulé", "accompagnement.duree_mois": "la durée"},
    )
    service = chef_de_file(fiche)
    start = dig(fiche, "accompagnement.debut")
    rate = taux_du_marche(case)
    named = {
        name: typo(str(dig(fiche, f"attribution.{name}"))) if dig(fiche, f"attribution.{name}") else None
        for name in ("comptable", "ordonnateur")
    }
    return identite(case) | {
        **named,
        "duree": rythme.duree(fiche)[0],
        "debut": mois_annee(start) if start else None,
        "validite": validite(case),
        "tva": rate.phrase if rate else None,
        "signature": signature(
            service.get("signataire") or {}, delegant=autorite(fiche, service)["delegant"]
        ),
        "copies": [],
    }
