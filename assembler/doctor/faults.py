"""What the doctor finds: a fault, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assembler.doctor.reading import Paragraph
from assembler.french import typo
from assembler.rendering.faults import shorten

__all__ = ["Fault", "told"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One fault of a template."""

    kind: str
    """``balise``, ``accolade``, ``bloc``, ``variable``, ``etape``, ``filtre``, ``type``, ``place``,
    ``champ``, ``manque``, ``oubli``, ``macro``, ``droit`` or ``rendu``."""
    message: str
    """French, a whole sentence."""
    paragraph: Paragraph | None = None
    """Where; None: the template as a whole."""


def told(fault: Fault) -> Iterator[str]:
    """Yield a fault as a person reads it: where it stands, then what is wrong."""
    one = fault.paragraph
    if one is not None:
        places = [one.part] if one.part else []
        if one.heading:
            places.append(f"sous « {shorten(one.heading, 60)} »")
        places.append(f"« {shorten(one.text)} »" if one.text.strip() else "paragraphe vide")
        where = ", ".join(places)
        yield typo(where[:1].upper() + where[1:])
    yield typo(fault.message)
