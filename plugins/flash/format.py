"""The Atelier flash put together."""

from __future__ import annotations

from assembler_plugins.commun.format import atelier_des_territoires
from assembler_plugins.commun.marche.accord import fichier_accord_cadre
from assembler_plugins.flash.checks import CHECKS
from assembler_plugins.flash.documents import DOCUMENTS
from assembler_plugins.flash.pieces import PIECES

from assembler.contributions import Format

__all__ = ["atelier_flash"]


def atelier_flash() -> Format:
    """Return the format, complete."""
    return atelier_des_territoires(
        "flash",
        "Atelier flash",
        pieces=PIECES,
        checks=CHECKS,
        documents=DOCUMENTS,
        reference_files=(fichier_accord_cadre(),),
    )
