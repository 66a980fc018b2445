"""Dates that follow from others: end of the services, first day of signature (documents.md § 9.1)."""

from __future__ import annotations

import datetime as dt

from assembler.french import ajouter_mois

__all__ = ["dernier_jour", "premiere_signature"]


def dernier_jour(debut: dt.date, mois: int) -> dt.date:
    """Return the last day, included, of a period in months, which goes from date to date.

    From 1 September, eleven months end on 31 July; from 31 January, one month ends on the last day of
    February, since that month has no 31st.
    """
    end = ajouter_mois(debut, mois)
    return end - dt.timedelta(days=1) if end.day == debut.day else end


def premiere_signature(information: dt.date, jours: int) -> dt.date:
    """Return the first day on which the contract may be signed.

    Args:
        information: day on which the titulaires that are not retained were told.
        jours: days that the buyer lets go by. They start on the next day, and the last one is whole.
    """
    return information + dt.timedelta(days=jours + 1 if jours else 0)
