"""Checks on electronic signatures, whatever the letter: what was signed is what is read (GEN-SIG)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assembler_plugins.commun.faits import absent, items, pieces, refused

from assembler.model import Frozen, Location, Observation, State

__all__ = ["signatures_intactes"]


def signatures_intactes(facts: Frozen) -> Iterator[Observation]:
    """Report the electronic signatures that no longer hold for the file that bears them.

    A signature whose integrity could not be told leaves the rule unverified: it is neither broken nor sound.
    """
    signed = [
        (path, found)
        for path, one in pieces(facts)
        for _, found in items(one, "signatures")
        if found.get("etat") == "electronique" or found.get("detachee")
    ]
    if not signed:
        yield absent("Aucune pièce ne porte de signature électronique.")
    for path, found in signed:
        detail = str(found.get("detail") or "")
        if found.get("integre") is False:
            yield refused(
                f"{_whose(found)} ne vaut plus pour ce fichier : {detail}.", path, where=_where(found)
            )
        elif found.get("integre") is None:
            yield Observation(
                state=State.NON_VERIFIE,
                message=f"{_whose(found)} n’a pas pu être vérifiée : {detail}.",
                path=path,
                location=_where(found),
            )


def _whose(found: Mapping[str, Any]) -> str:
    name = found.get("signataire")
    return f"La signature électronique « {name} »" if name else "Une signature électronique"


def _where(found: Mapping[str, Any]) -> Location:
    file = found.get("fichier")
    page = found.get("page")
    return Location(fichier=file, page=page, libelle=f"{file}, page {page}" if page else str(file or ""))
