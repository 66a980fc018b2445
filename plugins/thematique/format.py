"""The session thématique put together."""

from __future__ import annotations

from assembler_plugins.commun.format import atelier_des_territoires
from assembler_plugins.commun.marche.accord import fichier_accord_cadre
from assembler_plugins.thematique.checks import CHECKS
from assembler_plugins.thematique.documents import DOCUMENTS
from assembler_plugins.thematique.pieces import PIECES
from assembler_plugins.thematique.sessions import fichier_session

from assembler.contributions import Format

__all__ = ["session_thematique"]


def session_thematique() -> Format:
    """Return the format, complete."""
    return atelier_des_territoires(
        "thematique",
        "Atelier thématique",
        pieces=PIECES,
        checks=CHECKS,
        documents=DOCUMENTS,
        reference_files=(fichier_accord_cadre(), fichier_session()),
        marche="ST",
    )
