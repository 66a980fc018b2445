"""What only the Atelier local checks; the rest is in ``commun/checks.py``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assembler_plugins.commun import checks as commun
from assembler_plugins.commun.faits import bearing, file_of, mute, pieces, refused, to_see

from assembler.contributions import Check
from assembler.model import Frozen, Observation, dig

__all__ = ["CHECKS", "demande_commune"]


def demande_commune(facts: Frozen) -> Iterator[Observation]:
    """Report the absence of a request drawn up with the service of the State (2019 to 2022).

    The request of that time had no set form: the letter of the collectivité or a note will do.
    """
    requests = pieces(facts, "courrier_collectivite", "note_opportunite")
    if not requests:
        yield refused("Aucune demande de la collectivité n’a été trouvée dans le dossier.")
        return
    told = pieces(facts, "courrier_service") or dig(facts, "fiche.pilotes")
    if told or any(bearing(one, "service_etat") for _, one in requests):
        return
    path, one = requests[0]
    if any(mute(request) for _, request in requests):
        message = (
            "La demande est une image : vérifiez à l’œil qu’elle a été établie avec la DDT(M) ou la DREAL."
        )
        yield to_see(message, path, file_of(one))
    else:
        yield refused(
            "Le document ne dit pas que la demande a été établie avec la DDT(M) ou la DREAL.",
            path,
            where=file_of(one),
        )


CHECKS: Mapping[str, Check] = {
    **commun.CHECKS,
    "demande_commune": demande_commune,
}
"""By name, what ``controle`` may say in the rules of this format."""
