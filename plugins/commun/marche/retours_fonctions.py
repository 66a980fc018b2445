"""Values of a spreadsheet and the functions that the frames use, in exact decimals.

A spreadsheet rounds halves away from zero; so do we (documents.md § 7.6).
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

__all__ = [
    "FONCTIONS",
    "Incalculable",
    "Plage",
    "Valeur",
    "comme_nombre",
    "index",
    "operation",
    "seule",
    "vrai",
]

Valeur = Decimal | str | bool | None
Plage = list[list[Valeur]]

_ZERO = Decimal(0)
_CRITERION = re.compile(r"(<>|<=|>=|<|>|=)?(.*)", re.DOTALL)


class Incalculable(Exception):
    """A formula that cannot be computed here: an error, a text where a number should be."""


def seule(value: Valeur | Plage) -> Valeur:
    """Return a value that must not be a range."""
    if isinstance(value, list):
        raise Incalculable("une plage est donnée pour une valeur")
    return value


def comme_nombre(value: Valeur | Plage) -> Decimal:
    """Return a value as arithmetic takes it: nothing is zero, a text is none."""
    value = seule(value)
    if value is None:
        return _ZERO
    if isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str):
        raise Incalculable(f"« {value} » n’est pas un nombre")
    return value


def _text(value: Valeur | Plage) -> str:
    value = seule(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else f"{value.normalize():f}".replace("-0", "0", value == 0)


def vrai(value: Valeur | Plage) -> bool:
    """Return a value as a condition."""
    return bool(comme_nombre(value))


def _flat(values: tuple[Valeur | Plage, ...]) -> Iterator[Valeur]:
    for value in values:
        if isinstance(value, list):
            yield from (one for row in value for one in row)
        else:
            yield value


def _numbers(values: tuple[Valeur | Plage, ...]) -> list[Decimal]:
    """Return the numbers of the arguments; a text in a range counts for nothing, as in a spreadsheet."""
    return [one for one in _flat(values) if isinstance(one, Decimal)]


def operation(sign: str, left: Valeur | Plage, right: Valeur | Plage) -> Valeur:
    """Return what an operator gives."""
    if sign == "&":
        return _text(left) + _text(right)
    if sign in "+-*/":
        one, other = comme_nombre(left), comme_nombre(right)
        if sign == "/" and not other:
            raise Incalculable("division par zéro")
        return {"+": one.__add__, "-": one.__sub__, "*": one.__mul__, "/": one.__truediv__}[sign](other)
    return _compared(sign, seule(left), seule(right))


def _compared(sign: str, left: Valeur, right: Valeur) -> bool:
    if left is None:
        left = "" if isinstance(right, str) else _ZERO
    if right is None:
        right = "" if isinstance(left, str) else _ZERO
    # A number comes before any text, whatever both say; case does not count.
    pairs = [(2, one) if isinstance(one, bool) else (1, one.casefold()) if isinstance(one, str) else (0, one)
             for one in (left, right)]  # fmt: skip
    before, after = (_below(*pairs), _below(*reversed(pairs)))
    return {
        "=": not before and not after, "<>": before or after, "<": before, ">": after,
        "<=": not after, ">=": not before,
    }[sign]  # fmt: skip


def _below(one: tuple[int, Any], other: tuple[int, Any]) -> bool:
    return one[0] < other[0] or (one[0] == other[0] and one[1] < other[1])


def _meets(value: Valeur, criterion: Valeur) -> bool:
    """Tell whether a cell meets the criterion of COUNTIF or SUMIF."""
    if not isinstance(criterion, str):
        return isinstance(value, Decimal) and value == comme_nombre(criterion)
    found = _CRITERION.fullmatch(criterion)
    sign, wanted = (found[1] or "=", found[2]) if found else ("=", criterion)
    try:
        number: Decimal | None = Decimal(wanted)
    except ArithmeticError:
        number = None
    if number is not None:
        if not isinstance(value, Decimal):
            return sign == "<>"
        return _compared(sign, value, number)
    if sign in ("=", "<>"):
        pattern = wanted.casefold().replace("[", "[[]")
        same = isinstance(value, str) and fnmatch.fnmatchcase(value.casefold(), pattern)
        return same == (sign == "=")
    return isinstance(value, str) and _compared(sign, value, wanted)


def _round(value: Valeur | Plage, digits: Valeur | Plage = _ZERO) -> Decimal:
    return comme_nombre(value).quantize(Decimal(1).scaleb(-int(comme_nombre(digits))), ROUND_HALF_UP)


def _sumproduct(*ranges: Valeur | Plage) -> Decimal:
    columns = [list(_flat((one,))) for one in ranges]
    total = _ZERO
    for row in zip(*columns, strict=True):
        product = Decimal(1)
        for value in row:
            product *= value if isinstance(value, Decimal) else _ZERO
        total += product
    return total


def _sumif(cells: Valeur | Plage, criterion: Valeur | Plage, summed: Valeur | Plage) -> Decimal:
    wanted = seule(criterion)
    pairs = zip(_flat((cells,)), _flat((summed,)), strict=True)
    return sum((value for cell, value in pairs if isinstance(value, Decimal) and _meets(cell, wanted)), _ZERO)


def _countif(cells: Valeur | Plage, criterion: Valeur | Plage) -> Decimal:
    wanted = seule(criterion)
    return Decimal(sum(_meets(one, wanted) for one in _flat((cells,))))


def index(cells: Valeur | Plage, rank: Valeur | Plage) -> Valeur:
    """Return one value of a range, by its rank from 1."""
    found = list(_flat((cells,)))
    place = int(comme_nombre(rank))
    if not 1 <= place <= len(found):
        raise Incalculable("INDEX sort de la plage")
    return found[place - 1]


def _mid(text: Valeur | Plage, start: Valeur | Plage, length: Valeur | Plage) -> str:
    first = int(comme_nombre(start)) - 1
    return _text(text)[first : first + int(comme_nombre(length))]


def _modulo(value: Valeur | Plage, by: Valeur | Plage) -> Decimal:
    one, other = comme_nombre(value), comme_nombre(by)
    return one - other * (one / other).to_integral_value(ROUND_FLOOR)


FONCTIONS: Mapping[str, Callable[..., Valeur]] = {
    "AND": lambda *values: all(vrai(one) for one in _flat(values)),
    "COUNT": lambda *values: Decimal(len(_numbers(values))),
    "COUNTA": lambda *values: Decimal(sum(one is not None for one in _flat(values))),
    "COUNTIF": _countif,
    "INT": lambda value: comme_nombre(value).to_integral_value(ROUND_FLOOR),
    "ISNUMBER": lambda value: isinstance(value, Decimal),
    "LEFT": lambda text, length: _text(text)[: int(comme_nombre(length))],
    "MID": _mid,
    "MOD": _modulo,
    "N": lambda value: value if isinstance(value, Decimal) else Decimal(value is True),
    "NOT": lambda value: not vrai(value),
    "OR": lambda *values: any(vrai(one) for one in _flat(values)),
    "ROUND": _round,
    "SUM": lambda *values: sum(_numbers(values), _ZERO),
    "SUMIF": _sumif,
    "SUMPRODUCT": _sumproduct,
    "UPPER": lambda text: _text(text).upper(),
}
