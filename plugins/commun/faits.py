"""Small views on the facts that several checks share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assembler.model import Location, Observation, State, dig

__all__ = [
    "absent",
    "bearing",
    "day",
    "departements",
    "file_of",
    "items",
    "mute",
    "pieces",
    "place_in",
    "refused",
    "to_see",
    "unstated",
]

_COMMUNE = re.compile(r"(97\d|98\d|\d[\dABab])")


def refused(
    message: str, path: str | None = None, value: Any = None, where: Location | None = None
) -> Observation:
    """Return a non-conformity."""
    return Observation(state=State.NON_CONFORME, message=message, path=path, value=value, location=where)


def to_see(message: str, path: str | None = None, where: Location | None = None) -> Observation:
    """Return what only the eye can tell."""
    return Observation(state=State.A_VOIR, message=message, path=path, location=where)


def file_of(facts: Mapping[str, Any]) -> Location:
    """Return the file of a piece (or of a line of ``dossier.fichiers``) as a place.

    With its first page, when the piece is a part of the file.
    """
    name = str(facts.get("fichier") or "")
    kept = facts.get("pages_retenues") or (None,)
    return Location(piece=facts.get("piece"), fichier=name, page=kept[0], libelle=name)


def place_in(piece: Mapping[str, Any], emplacement: Any) -> Location:
    """Return a place in a piece, from the ``emplacement`` (page, paragraph) of one of its facts."""
    given = emplacement if isinstance(emplacement, Mapping) else {}
    where = file_of(piece)
    return replace(where, page=given.get("page") or where.page, paragraphe=given.get("paragraphe"))


def absent(message: str) -> Observation:
    """Return the reason for which there is nothing to judge."""
    return Observation(state=State.NON_APPLICABLE, message=message)


def items(facts: Mapping[str, Any], path: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the groups at ``path``, a list or a single one, each with its own path."""
    value = dig(facts, path)
    if isinstance(value, Mapping):
        return [(path, value)]
    if isinstance(value, (list, tuple)):
        return [(f"{path}.{rank}", one) for rank, one in enumerate(value) if isinstance(one, Mapping)]
    return []


def pieces(facts: Mapping[str, Any], *ids: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the readable pieces of these ids (of all, when none is given), each with its path."""
    found = [
        one for piece in ids or tuple(dig(facts, "pieces", {})) for one in items(facts, f"pieces.{piece}")
    ]
    return [(path, one) for path, one in found if one.get("lisible") is not False]


def mute(piece: Mapping[str, Any]) -> bool:
    """Tell whether a piece is an image without text: what it says, only the eye can tell."""
    return piece.get("forme") in ("numerise", "image") and not piece.get("mots")


def bearing(piece: Mapping[str, Any], mention: str) -> bool:
    """Tell whether a mention was found in a piece."""
    return dig(piece, f"mentions.{mention}") is not None


def unstated(facts: Mapping[str, Any], *paths: str) -> list[Observation]:
    """Return the reason for which there is nothing to judge when a path holds nothing, else nothing."""
    if not facts.get("fiche"):
        return [absent("GEN-FIC-005")]
    return [absent(f"non renseigné : {path}") for path in paths if dig(facts, path) is None][:1]


def departements(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the département codes of the territory: those given, else those of its communes."""
    given = dig(facts, "fiche.territoire.departements", ())
    if not given:
        codes = (
            _COMMUNE.match(str(one.get("code", ""))) for _, one in items(facts, "fiche.territoire.communes")
        )
        given = [code[1] for code in codes if code]
    return tuple(dict.fromkeys(str(code).upper() for code in given if code))


def day(value: Any) -> str:
    """Return a date as a French reader writes it, « 14/10/2026 »."""
    return value.strftime("%d/%m/%Y") if isinstance(value, dt.date) else str(value)
