"""The advance: when it is due, what it comes to (documents.md § 9.3).

The rules are dated: those of the day on which the consultation was launched.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from assembler_plugins.commun.baremes import bareme, valeur

from assembler.french import arrondi, pourcent

__all__ = ["avance", "avance_due", "taux_minimal"]


def avance_due(montant_ht: Decimal, duree_mois: int, jour: dt.date) -> bool:
    """Tell whether the titulaire has a right to an advance.

    Args:
        montant_ht: initial amount without tax.
        duree_mois: time of performance.
        jour: launch of the consultation.
    """
    return montant_ht > valeur("avances", "seuil_ht", jour) and duree_mois > valeur(
        "avances", "duree_mois", jour
    )


def taux_minimal(pme: bool, jour: dt.date) -> Decimal:
    """Return the least rate, in percent points.

    Before the table for small firms starts, the common rate stands.
    """
    common = valeur("avances", "taux", jour)
    small = bareme("avances", "taux_pme", jour) if pme else None
    return small.valeur if small else common


def avance(
    montant_ttc: Decimal, duree_mois: int, pme: bool, jour: dt.date, taux: Decimal | None = None
) -> Decimal:
    """Return the amount of the advance; see :func:`avance_due` for whether there is one.

    Args:
        montant_ttc: initial amount with tax, or the share of a member of the groupement.
        duree_mois: time of performance; beyond a year, the amount is brought back to a year.
        pme: the titulaire, or the member, is a small or medium firm.
        jour: launch of the consultation.
        taux: percent points of the contract; None: the least rate.

    Raises:
        ValueError: the rate is under the least one, or no rate at all.
    """
    least = taux_minimal(pme, jour)
    rate = least if taux is None else taux
    if not least <= rate <= 100:
        raise ValueError(
            f"le taux de l’avance ({pourcent(rate)}) doit aller de {pourcent(least)} à {pourcent(100)}"
        )
    base = montant_ttc
    year = valeur("avances", "base_mois", jour)
    if duree_mois > year:
        base = montant_ttc * year / duree_mois
    return arrondi(base * rate / 100)
