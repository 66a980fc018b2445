"""The documents of a marché subséquent, whatever the format: template, values, condition of each."""

from __future__ import annotations

from importlib.resources.abc import Traversable

from assembler_plugins.commun.modeles import gabarit

from assembler.contributions import Case, Copy, Template

from .analyse import sans_offre
from .attribution import (
    declaration_sans_suite,
    destinataires_sans_suite,
    lettre_attribution,
    lettre_rejet,
    rejetes,
    sans_rejet,
    sans_sans_suite,
)
from .bordereau import extrait_bordereau, sans_bordereau
from .cctp import cctp
from .choix import auditionnes, convocation_audition, releve_choix, sans_audition, sans_choix, sans_releve
from .consultation import copies_consultation, lettre_consultation, sans_titulaire
from .dpgf import build as dpgf
from .engagement import acte_engagement
from .memoire import cadre_memoire
from .note import Note
from .notification import lettre_notification, pas_signe
from .relecture import points_a_relire

__all__ = ["ATTRIBUTION", "lancement"]


def lancement(gabarits: Traversable, note: Note) -> tuple[Template, ...]:
    """Return the documents of the step lancement.

    Args:
        gabarits: where the format keeps its CCTP and its list of points to read again.
        note: the piece from which they are made.
    """
    return (
        Template(
            id="cctp",
            step="lancement",
            title="Cahier des clauses techniques particulières",
            audience="les titulaires consultés",
            template=gabarits / "cctp.docx",
            context=cctp(note),
            binding=True,
        ),
        Template(
            id="points-a-relire",
            step="lancement",
            title="Points à relire avant la consultation",
            audience="le pilote",
            template=gabarits / "points-a-relire.docx",
            context=points_a_relire(note),
        ),
        Template(
            id="dpgf",
            step="lancement",
            title="Décomposition du prix global et forfaitaire",
            audience="les titulaires consultés",
            build=dpgf,
            extension="xlsx",
            binding=True,
        ),
        *_CONSULTATION,
    )


_CONSULTATION: tuple[Template, ...] = (
    Template(
        id="lettre-consultation",
        step="lancement",
        title="Lettre de consultation",
        audience="les titulaires consultés",
        template=gabarit("lettre-consultation"),
        context=lettre_consultation,
        condition=sans_titulaire,
        copies=copies_consultation,
        binding=True,
    ),
    Template(
        id="acte-engagement",
        step="lancement",
        title="Acte d’engagement",
        audience="les titulaires consultés",
        template=gabarit("acte-engagement"),
        context=acte_engagement,
        binding=True,
    ),
    Template(
        id="cadre-memoire",
        step="lancement",
        title="Cadre de la note méthodologique",
        audience="les titulaires consultés",
        template=gabarit("cadre-memoire"),
        context=cadre_memoire,
    ),
    Template(
        id="extrait-bordereau-prix",
        step="lancement",
        title="Extrait du bordereau des prix de l’accord-cadre",
        audience="le pilote, qui ne le remet pas aux candidats",
        build=extrait_bordereau,
        condition=sans_bordereau,
        extension="xlsx",
        binding=True,
    ),
)
"""Beside the CCTP, which each format feeds from its own note."""


def _analyse_offres(case: Case, copy: Copy) -> bytes:
    """Return the workbook of the analysis; openpyxl waits until there is one to make."""
    from .analyse_classeur import build

    return build(case, copy)


ATTRIBUTION: tuple[Template, ...] = (
    Template(
        id="convocation-audition",
        step="attribution",
        title="Convocation à une audition",
        audience="les titulaires dont l’offre est examinée",
        template=gabarit("convocation-audition"),
        context=convocation_audition,
        condition=sans_audition,
        copies=auditionnes,
        on_request=True,
    ),
    Template(
        id="analyse-offres",
        step="attribution",
        title="Analyse des offres",
        audience="le pilote, qui ne la communique pas",
        build=_analyse_offres,
        condition=sans_offre,
        extension="xlsx",
    ),
    Template(
        id="releve-choix",
        step="attribution",
        title="Relevé du choix collégial",
        audience="ceux qui prennent part au choix",
        template=gabarit("releve-choix"),
        context=releve_choix,
        condition=sans_releve,
    ),
    Template(
        id="lettre-attribution",
        step="attribution",
        title="Information de l’attributaire",
        audience="le titulaire retenu",
        template=gabarit("lettre-attribution"),
        context=lettre_attribution,
        condition=sans_choix,
        binding=True,
    ),
    Template(
        id="lettre-rejet",
        step="attribution",
        title="Information d’un titulaire non retenu",
        audience="chaque titulaire dont l’offre n’est pas retenue",
        template=gabarit("lettre-rejet"),
        context=lettre_rejet,
        condition=sans_rejet,
        copies=rejetes,
        binding=True,
    ),
    Template(
        id="lettre-notification",
        step="attribution",
        title="Notification du marché subséquent",
        audience="le titulaire retenu",
        template=gabarit("lettre-notification"),
        context=lettre_notification,
        condition=pas_signe,
        binding=True,
    ),
    Template(
        id="declaration-sans-suite",
        step="attribution",
        title="Déclaration sans suite",
        audience="les titulaires consultés",
        template=gabarit("declaration-sans-suite"),
        context=declaration_sans_suite,
        condition=sans_sans_suite,
        copies=destinataires_sans_suite,
        binding=True,
        on_request=True,
    ),
)
"""From the opening of the offers to the notification."""
