"""What Cerberus cannot say: each function is a check, that a rule file names with « controle »."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assembler.contributions import Check
from assembler.model import Frozen, Observation, State, dig

__all__ = ["CONTROLES", "part_du_cout"]


def part_du_cout(facts: Frozen, part_maximale: int) -> Iterator[Observation]:
    """Report a demand beyond a share of the whole cost.

    Args:
        facts: all that is known of the dossier, read-only.
        part_maximale: in percent; « parametres » of the rule gives it.
    """
    montant, cout = dig(facts, "fiche.montant_demande"), dig(facts, "fiche.cout_total")
    if montant is None or cout is None:
        yield Observation(state=State.NON_APPLICABLE, message="le montant ou le coût n’est pas donné")
    elif montant * 100 > cout * part_maximale:
        yield Observation(
            state=State.NON_CONFORME,
            message=f"Le montant demandé dépasse {part_maximale} % du coût total.",
            path="fiche.montant_demande",
            value=montant,
        )


CONTROLES: Mapping[str, Check] = {"part_du_cout": part_du_cout}
"""By name, what « controle » may say in a rule file."""
