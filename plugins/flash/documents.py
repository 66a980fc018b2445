"""The documents of an Atelier flash: for each, its template, its values, when it is made."""

from __future__ import annotations

from importlib.resources import files

from assembler_plugins.commun.accompagnement.documents import ACCOMPAGNEMENT, RESTITUTION_FLASH
from assembler_plugins.commun.candidature import courriers_candidature
from assembler_plugins.commun.documents import documents_instruction
from assembler_plugins.commun.trame import trame_note

from assembler.contributions import Case, Copy, Template
from assembler.model import Months

from .bon_commande import bon_commande, lettre_envoi
from .commandes import copies_commandes, sans_commande
from .instruction import SUITES

__all__ = ["DOCUMENTS"]

_GABARITS = files("assembler_plugins.flash") / "gabarits"


def _annexe(case: Case, copy: Copy) -> bytes:
    """Return the financial annex; openpyxl waits until there is one to make."""
    from .annexe import annexe_financiere

    return annexe_financiere(case, copy)


_COMMANDES: tuple[Template, ...] = (
    Template(
        id="bon-commande",
        step="lancement",
        title="Bon de commande",
        audience="le titulaire à qui la commande est passée",
        template=_GABARITS / "bon-commande.docx",
        context=bon_commande,
        condition=sans_commande,
        copies=copies_commandes,
        binding=True,
    ),
    Template(
        id="annexe-financiere",
        step="lancement",
        title="Annexe financière du bon de commande",
        audience="le titulaire à qui la commande est passée",
        build=_annexe,
        extension="xlsx",
        condition=sans_commande,
        copies=copies_commandes,
        binding=True,
    ),
    Template(
        id="lettre-envoi",
        step="lancement",
        title="Lettre d’envoi du bon de commande",
        audience="le titulaire à qui la commande est passée",
        template=_GABARITS / "lettre-envoi.docx",
        context=lettre_envoi,
        condition=sans_commande,
        copies=copies_commandes,
    ),
)
"""No cahier des charges, no consultation, no ordre de service (domaine.md F-08, § 4.2)."""

DOCUMENTS: tuple[Template, ...] = (
    *courriers_candidature(_GABARITS, Months(3, 6), prefet=False),  # F-05
    Template(
        id="trame-note",
        step="candidature",
        title="Trame de la fiche de candidature",
        audience="le pilote et la collectivité, qui rédigent la fiche",
        template=_GABARITS / "trame-note.docx",
        context=trame_note,
        piece="fiche_candidature",
    ),
    *documents_instruction(SUITES),
    *_COMMANDES,
    *ACCOMPAGNEMENT,
    *RESTITUTION_FLASH,
)
"""Every document of the format that this version makes, in the order of the work."""
