"""The checks that any format may name in ``controle``: the table of contents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assembler_plugins.commun import (
    calendrier,
    chronologie,
    coherence,
    courriers,
    fichiers,
    identifiants,
    signatures,
)
from assembler_plugins.commun.faits import refused, unstated
from assembler_plugins.commun.marche import checks as marche
from assembler_plugins.commun.marche import checks_mission, checks_offres, checks_retours

from assembler.contributions import Check
from assembler.model import Frozen, Observation, dig

__all__ = ["CHECKS", "au_moins_un"]


def au_moins_un(facts: Frozen, *, chemin: str, parmi: Sequence[str]) -> Iterator[Observation]:
    """Report a list that holds none of the values expected.

    Args:
        facts: the facts.
        chemin: dotted path of the list.
        parmi: the values of which one at least must stand in it.
    """
    stated = dig(facts, chemin, ())
    if not stated:
        yield from unstated(facts, chemin)
    elif not set(stated) & set(parmi):
        yield refused(
            f"« {', '.join(map(str, stated))} » ; on attend une au moins de : {', '.join(parmi)}.", chemin
        )


def _named(module: object, names: Sequence[str]) -> dict[str, Check]:
    return {name: getattr(module, name) for name in names}


CHECKS: Mapping[str, Check] = {
    **_named(fichiers, fichiers.__all__),
    **_named(calendrier, calendrier.__all__),
    **_named(courriers, courriers.__all__),
    **_named(coherence, coherence.__all__),
    **_named(identifiants, identifiants.__all__),
    **_named(signatures, signatures.__all__),
    **_named(chronologie, chronologie.__all__),
    **_named(marche, marche.__all__),
    **_named(checks_mission, checks_mission.__all__),
    **_named(checks_offres, checks_offres.__all__),
    **_named(checks_retours, checks_retours.__all__),
    "au_moins_un": au_moins_un,
}
"""By name, what ``controle`` may say in a rule file."""
