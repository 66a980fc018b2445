"""A workbook as a comparison needs it: sheets, cells, formulas and values both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from assembler.errors import ReadingError
from assembler.readers.limits import LIMITS

__all__ = ["Cellule", "Classeur", "Compte", "Feuille", "Place", "Valeur", "decimal_lu"]

Place = tuple[int, int]
"""Row and column, from 1."""
Valeur = Decimal | str | bool | None

_MOST = 100_000
"""Cells of one workbook; a frame has 4,000."""
_LAST_ROW, _LAST_COLUMN = 20_000, 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Cellule:
    """One cell that holds something, or that is to be filled in."""

    valeur: Valeur = None
    """Last known; None for an empty cell, and for a formula never calculated."""
    formule: str | None = None
    """With its « = »; as OpenDocument writes it in an ods."""
    erreur: bool = False
    verrouillee: bool = True
    genre: str = ""
    """By its number format: ``montant``, ``taux``, ``texte``, ``date``, ``nombre`` or nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Feuille:
    """One sheet."""

    titre: str
    cachee: bool
    cellules: Mapping[Place, Cellule]


@dataclass(frozen=True, kw_only=True, slots=True)
class Classeur:
    """One workbook."""

    feuilles: tuple[Feuille, ...]
    noms: Mapping[str, str] = field(default_factory=dict)
    """Defined names: where each leads."""
    comparable: bool = True
    """Its formulas are written as those of Excel; False for an ods."""

    def feuille(self, titre: str) -> Feuille | None:
        """Return a sheet by its title, whatever its case."""
        wanted = titre.casefold()
        return next((one for one in self.feuilles if one.titre.casefold() == wanted), None)


class Compte:
    """The cells read so far, bounded."""

    def __init__(self) -> None:
        self.left = min(_MOST, LIMITS.cells)

    def ajouter(self, row: int, column: int) -> None:
        """Count one cell more.

        Raises:
            ReadingError: ``depassement``.
        """
        self.left -= 1
        if self.left < 0 or row > _LAST_ROW or column > _LAST_COLUMN:
            raise ReadingError(
                "depassement",
                "Le classeur n’a pas pu être contrôlé : il contient trop de cellules remplies, ou trop loin.",
            )


def decimal_lu(text: str) -> Decimal | None:
    """Return a number as it was typed: « 79.989999999999995 », as Excel writes 79,99, is 79.99."""
    try:
        found = Decimal(repr(float(text)))
    except (ValueError, OverflowError):
        return None
    return found if found.is_finite() else None
