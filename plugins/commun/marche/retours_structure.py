"""What became of the sheets, rows and columns of a frame in the workbook that came back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assembler_plugins.commun.marche.retours_classeur import Classeur, Feuille, Place

__all__ = ["Appariement", "apparier", "feuilles_appariees", "ressemblance"]

_ENOUGH = 0.5
"""Share of the texts of a row, or of a sheet, by which it is known again."""
_MOST = 2_000_000
"""Pairs of rows compared, at most."""


@dataclass(frozen=True, kw_only=True)
class Appariement:
    """The same sheet in both workbooks: where each row and column of the frame stands now."""

    cadre: Feuille
    rendu: Feuille
    lignes: Mapping[int, int]
    colonnes: Mapping[int, int]
    lignes_ajoutees: Sequence[int] = ()
    """As numbered in the workbook that came back; the others as in the frame."""
    lignes_supprimees: Sequence[int] = ()
    colonnes_ajoutees: Sequence[int] = ()
    colonnes_supprimees: Sequence[int] = ()

    @property
    def deplacee(self) -> bool:
        """Tell whether a row or a column was added or removed."""
        return bool(
            self.lignes_ajoutees
            or self.lignes_supprimees
            or self.colonnes_ajoutees
            or self.colonnes_supprimees
        )

    def place(self, row: int, column: int) -> Place | None:
        """Return where a cell of the frame stands now, None when its row or column is gone."""
        if row not in self.lignes or column not in self.colonnes:
            return None
        return self.lignes[row], self.colonnes[column]


def feuilles_appariees(cadre: Classeur, rendu: Classeur) -> dict[str, Feuille]:
    """Return, by title in the frame, the sheet that came back: of the same name, else renamed."""
    found = {one.titre: same for one in cadre.feuilles if (same := rendu.feuille(one.titre)) is not None}
    free = [one for one in rendu.feuilles if one not in found.values()]
    for lost in (one for one in cadre.feuilles if one.titre not in found):
        likely = max(free, key=lambda one: ressemblance(lost, one), default=None)
        if likely is not None and ressemblance(lost, likely) > _ENOUGH:
            found[lost.titre] = likely
            free.remove(likely)
    return found


def ressemblance(cadre: Feuille, rendu: Feuille) -> float:
    """Return the share of the frame's texts that are found in a sheet, 1 when it has none."""
    wanted = set(_texts(cadre))
    return len(wanted & set(_texts(rendu))) / len(wanted) if wanted else 1.0


def _texts(sheet: Feuille) -> Iterator[str]:
    for cell in sheet.cellules.values():
        if isinstance(cell.valeur, str) and cell.formule is None and cell.verrouillee:
            yield " ".join(cell.valeur.split())


def apparier(cadre: Feuille, rendu: Feuille) -> Appariement:
    """Match the rows, then the columns, of a sheet by the texts that the frame printed in them."""
    rows, lost_rows, new_rows = _matched(_by(cadre, 0, locked=True), _by(rendu, 0))
    columns, lost_columns, new_columns = _matched(_by(cadre, 1, locked=True), _by(rendu, 1))
    useful = {place for place, cell in cadre.cellules.items() if cell.formule or cell.valeur is not None}
    return Appariement(
        cadre=cadre,
        rendu=rendu,
        lignes=rows,
        colonnes=columns,
        lignes_ajoutees=new_rows,
        colonnes_ajoutees=new_columns,
        lignes_supprimees=[one for one in lost_rows if any(row == one for row, _ in useful)],
        colonnes_supprimees=[one for one in lost_columns if any(column == one for _, column in useful)],
    )


def _by(sheet: Feuille, axis: int, *, locked: bool = False) -> list[frozenset[str]]:
    """Return the texts of each row (axis 0) or column (axis 1), from 1; only the locked ones if asked."""
    last = max((place[axis] for place in sheet.cellules), default=0)
    found: list[set[str]] = [set() for _ in range(last)]
    for place, cell in sheet.cellules.items():
        if isinstance(cell.valeur, str) and cell.formule is None and (cell.verrouillee or not locked):
            found[place[axis] - 1].add(" ".join(cell.valeur.split()))
    return [frozenset(one - {""}) for one in found]


def _score(wanted: frozenset[str], found: frozenset[str]) -> float:
    share = len(wanted & found) / len(wanted) if wanted else 0.0
    return share if share >= _ENOUGH else 0.0


def _matched(
    wanted: Sequence[frozenset[str]], found: Sequence[frozenset[str]]
) -> tuple[dict[int, int], list[int], list[int]]:
    """Return frame -> return, those that are gone, those that are new; all numbered from 1."""
    anchors = [(0, 0), *_anchors(wanted, found), (len(wanted) + 1, len(found) + 1)]
    matched: dict[int, int] = {}
    gone: list[int] = []
    new: list[int] = []
    for (here, there), (next_here, next_there) in pairwise(anchors):
        if here:
            matched[here] = there
        # Between two that are known, the others follow in order.
        left, right = list(range(here + 1, next_here)), list(range(there + 1, next_there))
        matched |= dict(zip(left, right, strict=False))
        gone += left[len(right) :]
        new += right[len(left) :]
    return matched, gone, new


def _anchors(wanted: Sequence[frozenset[str]], found: Sequence[frozenset[str]]) -> Iterable[Place]:
    """Return the pairs that are surely the same, in order: those whose texts have most in common."""
    same = [
        (rank, rank)
        for rank, (one, other) in enumerate(zip(wanted, found, strict=False), 1)
        if one and _score(one, other)
    ]
    known = sum(bool(one) for one in wanted)
    if len(wanted) == len(found) and len(same) >= 0.8 * known:
        return same  # as it was, but for some texts
    if len(wanted) * len(found) > _MOST:
        return same
    best = [[0.0] * (len(found) + 1) for _ in range(len(wanted) + 1)]
    for i, one in enumerate(wanted, 1):
        for j, other in enumerate(found, 1):
            best[i][j] = max(best[i - 1][j], best[i][j - 1], best[i - 1][j - 1] + _score(one, other))
    pairs: list[Place] = []
    i, j = len(wanted), len(found)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            pairs.append((i, j))
            i, j = i - 1, j - 1
    return reversed(pairs)
