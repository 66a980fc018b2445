"""The documents of the accompagnement and of the restitution, whatever the format."""

from __future__ import annotations

from collections.abc import Iterable

from assembler_plugins.commun.modeles import gabarit

from assembler.contributions import Case, Copy, Template

from .calendrier_ics import calendrier_ics, datables
from .decisions import (
    copies_admises,
    copies_decidees,
    decision_admission,
    rien_d_admis,
    rien_de_decide,
    service_fait,
)
from .evenements import sans_date
from .invitations import emargement_session, invitation_session
from .restitution import capitalisation, feuille_route, livrable_final, officialisation, sans_signataire
from .seances import copies_session, sans_session
from .suivi import carnet_suivi, note_cadrage

__all__ = ["ACCOMPAGNEMENT", "RESTITUTION", "RESTITUTION_FLASH", "RESTITUTION_THEMATIQUE"]


def _calendrier(case: Case, copy: Copy) -> bytes:
    """Return the calendar's workbook; openpyxl waits until there is one to make."""
    from .calendrier_classeur import calendrier_classeur

    return calendrier_classeur(case, copy)


def _feuille_route(case: Case, copy: Copy) -> bytes:
    """Return the workbook of the feuille de route."""
    from .feuille_route_classeur import feuille_route_classeur

    return feuille_route_classeur(case, copy)


def _calendriers(case: Case) -> Iterable[Copy]:
    """The workbook, and the .ics file when it has at least one day to show."""
    yield Copy()
    if datables(case.fiche):
        yield Copy(extension="ics", build=calendrier_ics)


def _feuilles_de_route(case: Case) -> Iterable[Copy]:  # noqa: ARG001 - always both
    """The document to sign and the workbook to follow."""
    return (Copy(), Copy(extension="xlsx", build=_feuille_route))


ACCOMPAGNEMENT: tuple[Template, ...] = (
    Template(
        id="invitation-session",
        step="accompagnement",
        title="Invitation à une session",
        audience="les acteurs, les collectivités et les services invités",
        template=gabarit("invitation-session"),
        context=invitation_session,
        condition=sans_session,
        copies=copies_session,
    ),
    Template(
        id="emargement-session",
        step="accompagnement",
        title="Feuille d’émargement d’une session",
        audience="les participants, qui la signent",
        template=gabarit("emargement-session"),
        context=emargement_session,
        condition=sans_session,
        copies=copies_session,
    ),
    Template(
        id="note-cadrage",
        step="accompagnement",
        title="Trame de la note de cadrage",
        audience="l’équipe, qui la rédige",
        template=gabarit("note-cadrage"),
        context=note_cadrage,
    ),
    Template(
        id="carnet-suivi",
        step="accompagnement",
        title="Trame du carnet de suivi d’une session",
        audience="l’équipe, qui le rédige",
        template=gabarit("carnet-suivi"),
        context=carnet_suivi,
        condition=sans_session,
        copies=copies_session,
    ),
    Template(
        id="calendrier",
        step="accompagnement",
        title="Calendrier de l’Atelier",
        audience="les porteurs, l’équipe et leurs agendas",
        build=_calendrier,
        extension="xlsx",
        condition=sans_date,
        copies=_calendriers,
    ),
    Template(
        id="decision-admission",
        step="accompagnement",
        title="Décision sur un livrable",
        audience="le titulaire",
        template=gabarit("decision-admission"),
        context=decision_admission,
        condition=rien_de_decide,
        copies=copies_decidees,
        on_request=True,
    ),
    Template(
        id="service-fait",
        step="accompagnement",
        title="Attestation de service fait",
        audience="le service qui liquide la dépense",
        template=gabarit("service-fait"),
        context=service_fait,
        condition=rien_d_admis,
        copies=copies_admises,
        on_request=True,
    ),
)
"""From the first session on."""

_RAPPORT = Template(
    id="rapport-final",
    step="restitution",
    title="Trame du rapport final",
    audience="l’équipe, qui le rédige",
    template=gabarit("rapport-final"),
    context=livrable_final,
)
_ESQUISSE = Template(
    id="esquisse-plan-guide",
    step="restitution",
    title="Trame de l’esquisse de plan-guide",
    audience="l’équipe, qui la rédige",
    template=gabarit("esquisse-plan-guide"),
    context=livrable_final,
)
_FEUILLE_ROUTE = Template(
    id="feuille-route",
    step="restitution",
    title="Feuille de route",
    audience="les élus et l’État, qui la rendent officielle, puis la suivent",
    template=gabarit("feuille-route"),
    context=feuille_route,
    copies=_feuilles_de_route,
)
_SUITES = (
    Template(
        id="officialisation",
        step="restitution",
        title="Officialisation de la feuille de route",
        audience="les élus et l’État, qui la signent",
        template=gabarit("officialisation"),
        context=officialisation,
        condition=sans_signataire,
    ),
    Template(
        id="capitalisation",
        step="restitution",
        title="Fiche de capitalisation",
        audience="la DGALN et les autres territoires",
        template=gabarit("capitalisation"),
        context=capitalisation,
    ),
)

RESTITUTION: tuple[Template, ...] = (_RAPPORT, _FEUILLE_ROUTE, *_SUITES)
"""What an Atelier local ends with."""

RESTITUTION_THEMATIQUE: tuple[Template, ...] = (
    *RESTITUTION,
    Template(
        id="bouger-les-lignes",
        step="restitution",
        title="Trame du « Bouger les lignes »",
        audience="les rédacteurs de la publication",
        template=gabarit("bouger-les-lignes"),
        context=livrable_final,
    ),
)
"""The same, and the publication of a national session."""

RESTITUTION_FLASH: tuple[Template, ...] = (_FEUILLE_ROUTE, _ESQUISSE, *_SUITES)
"""What an Atelier flash ends with: a sketch, and no rapport final (domaine.md F-20)."""
