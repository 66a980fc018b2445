"""The Atelier local put together."""

from __future__ import annotations

from assembler_plugins.commun.format import atelier_des_territoires
from assembler_plugins.commun.marche.accord import fichier_accord_cadre
from assembler_plugins.local.checks import CHECKS
from assembler_plugins.local.documents import DOCUMENTS
from assembler_plugins.local.pieces import PIECES

from assembler.contributions import Format

__all__ = ["atelier_local"]


def atelier_local() -> Format:
    """Return the format, complete."""
    return atelier_des_territoires(
        "local",
        "Atelier local",
        pieces=PIECES,
        checks=CHECKS,
        documents=DOCUMENTS,
        reference_files=(fichier_accord_cadre(),),
        marche="LO",
    )
