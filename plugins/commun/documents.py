"""The documents of the desk that examines, the same for every format."""

from __future__ import annotations

from assembler_plugins.commun.modeles import gabarit

from assembler.contributions import Template

from .decisions import Suites, notification_differee, notification_eligibilite, notification_non_eligibilite
from .instruction import fiche_instruction
from .reception import accuse_reception, demande_complements, rien_a_demander, sans_reception

__all__ = ["documents_instruction"]

_PORTEURS = "les porteurs du dossier"


def documents_instruction(suites: Suites) -> tuple[Template, ...]:
    """Return the documents of the step instruction.

    Args:
        suites: what the format says of what happens next.
    """
    return (
        Template(
            id="accuse-reception",
            step="instruction",
            title="Accusé de réception",
            audience=_PORTEURS,
            template=gabarit("accuse-reception"),
            context=accuse_reception(suites.rythme),
            condition=sans_reception,
        ),
        Template(
            id="demande-complements",
            step="instruction",
            title="Demande de compléments",
            audience=_PORTEURS,
            template=gabarit("demande-complements"),
            context=demande_complements,
            condition=rien_a_demander,
        ),
        Template(
            id="fiche-instruction",
            step="instruction",
            title="Fiche d’instruction",
            audience="l’agent de la DGALN qui instruit",
            template=gabarit("fiche-instruction"),
            context=fiche_instruction,
        ),
        Template(
            id="notification-eligibilite",
            step="instruction",
            title="Notification d’éligibilité",
            audience=_PORTEURS,
            template=gabarit("notification-eligibilite"),
            context=notification_eligibilite(suites),
            binding=True,
            on_request=True,
        ),
        Template(
            id="notification-non-eligibilite",
            step="instruction",
            title="Notification de non-éligibilité",
            audience=_PORTEURS,
            template=gabarit("notification-non-eligibilite"),
            context=notification_non_eligibilite(suites),
            binding=True,
            despite_findings=True,
            on_request=True,
        ),
        Template(
            id="notification-differee",
            step="instruction",
            title="Notification de sélection différée",
            audience=_PORTEURS,
            template=gabarit("notification-differee"),
            context=notification_differee(suites),
            binding=True,
            on_request=True,
        ),
    )
