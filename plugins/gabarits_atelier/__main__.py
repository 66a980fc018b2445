"""Writes every template where its plugin looks for it: ``python -m plugins.gabarits_atelier``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from . import instruction, lettres, note
from .cctp import cctp
from .papier import remettre_a_zero
from .relecture import points_a_relire

__all__ = ["GABARITS", "fabriquer", "main"]

_PLUGINS = Path(__file__).resolve().parents[1]

GABARITS: dict[str, Callable[[], bytes]] = {
    "commun/gabarits/bordereau-envoi.docx": lettres.bordereau_envoi,
    "commun/gabarits/demande-complements.docx": lettres.demande_complements,
    "commun/gabarits/fiche-instruction.docx": instruction.fiche_instruction,
    "local/gabarits/courrier-collectivite.docx": lettres.courrier_collectivite,
    "local/gabarits/courrier-prefet.docx": lettres.courrier_prefet,
    "local/gabarits/courrier-service.docx": lettres.courrier_service,
    "local/gabarits/trame-note.docx": note.trame_note,
    "local/gabarits/cctp.docx": cctp,
    "local/gabarits/points-a-relire.docx": points_a_relire,
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
