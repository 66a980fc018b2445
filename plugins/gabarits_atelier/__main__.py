"""Writes every template where its plugin looks for it: ``python -m plugins.gabarits_atelier``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from . import (
    attribution,
    bureau,
    capitalisation,
    choix,
    commande,
    instruction,
    lettres,
    lettres_flash,
    lettres_thematique,
    livraisons,
    restitution,
    sessions,
    suivi,
    trames,
)
from .cctp import cctp
from .consultation import lettre_consultation
from .engagement import acte_engagement
from .memoire import cadre_memoire
from .papier import remettre_a_zero
from .relecture import points_a_relire

__all__ = ["GABARITS", "fabriquer", "main"]

_PLUGINS = Path(__file__).resolve().parents[1]

GABARITS: dict[str, Callable[[], bytes]] = {
    "commun/gabarits/acte-engagement.docx": acte_engagement,
    "commun/gabarits/cadre-memoire.docx": cadre_memoire,
    "commun/gabarits/lettre-consultation.docx": lettre_consultation,
    "commun/gabarits/convocation-audition.docx": choix.convocation_audition,
    "commun/gabarits/declaration-sans-suite.docx": attribution.declaration_sans_suite,
    "commun/gabarits/lettre-attribution.docx": attribution.lettre_attribution,
    "commun/gabarits/lettre-notification.docx": attribution.lettre_notification,
    "commun/gabarits/lettre-rejet.docx": attribution.lettre_rejet,
    "commun/gabarits/releve-choix.docx": choix.releve_choix,
    "commun/gabarits/bordereau-envoi.docx": lettres.bordereau_envoi,
    "commun/gabarits/accuse-reception.docx": bureau.accuse_reception,
    "commun/gabarits/demande-complements.docx": bureau.demande_complements,
    "commun/gabarits/fiche-instruction.docx": instruction.fiche_instruction,
    "commun/gabarits/notification-differee.docx": bureau.notification_differee,
    "commun/gabarits/notification-eligibilite.docx": bureau.notification_eligibilite,
    "commun/gabarits/notification-non-eligibilite.docx": bureau.notification_non_eligibilite,
    "commun/gabarits/invitation-session.docx": sessions.invitation_session,
    "commun/gabarits/emargement-session.docx": sessions.emargement_session,
    "commun/gabarits/note-cadrage.docx": suivi.note_cadrage,
    "commun/gabarits/carnet-suivi.docx": suivi.carnet_suivi,
    "commun/gabarits/decision-admission.docx": livraisons.decision_admission,
    "commun/gabarits/service-fait.docx": livraisons.service_fait,
    "commun/gabarits/rapport-final.docx": restitution.rapport_final,
    "commun/gabarits/feuille-route.docx": restitution.feuille_route,
    "commun/gabarits/officialisation.docx": restitution.officialisation,
    "commun/gabarits/capitalisation.docx": capitalisation.capitalisation,
    "commun/gabarits/bouger-les-lignes.docx": capitalisation.bouger_les_lignes,
    "commun/gabarits/esquisse-plan-guide.docx": restitution.esquisse_plan_guide,
    "local/gabarits/courrier-collectivite.docx": lettres.courrier_collectivite,
    "local/gabarits/courrier-prefet.docx": lettres.courrier_prefet,
    "local/gabarits/courrier-service.docx": lettres.courrier_service,
    "local/gabarits/trame-note.docx": trames.trame_locale,
    "local/gabarits/cctp.docx": cctp,
    "local/gabarits/points-a-relire.docx": points_a_relire,
    "flash/gabarits/courrier-collectivite.docx": lettres_flash.courrier_collectivite,
    "flash/gabarits/courrier-service.docx": lettres_flash.courrier_service,
    "flash/gabarits/trame-note.docx": trames.trame_flash,
    "flash/gabarits/bon-commande.docx": commande.bon_commande,
    "flash/gabarits/lettre-envoi.docx": commande.lettre_envoi,
    "thematique/gabarits/courrier-collectivite.docx": lettres_thematique.courrier_collectivite,
    "thematique/gabarits/courrier-prefet.docx": lettres_thematique.courrier_prefet,
    "thematique/gabarits/courrier-service.docx": lettres_thematique.courrier_service,
    "thematique/gabarits/trame-note.docx": trames.trame_thematique,
    "thematique/gabarits/cctp.docx": partial(cctp, session=True),
    "thematique/gabarits/points-a-relire.docx": partial(points_a_relire, session=True),
}
"""Path below ``plugins/`` and what makes it."""


def fabriquer(name: str) -> bytes:
    """Return the bytes of one template."""
    remettre_a_zero()
    return GABARITS[name]()


def main() -> None:
    """Write the templates that have changed."""
    for name in GABARITS:
        target = _PLUGINS / name
        target.parent.mkdir(parents=True, exist_ok=True)
        content = fabriquer(name)
        if not target.exists() or target.read_bytes() != content:
            target.write_bytes(content)
            print(f"écrit : plugins/{name}")


if __name__ == "__main__":
    main()
