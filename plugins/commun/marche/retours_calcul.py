"""The formulas of our own frames computed again, in exact decimals, on what a bidder entered.

Only the functions that the frames use are known: anything else cannot be computed, and is said so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from assembler_plugins.commun.marche.retours_fonctions import (
    FONCTIONS,
    Incalculable,
    Plage,
    Valeur,
    comme_nombre,
    index,
    operation,
    seule,
    vrai,
)
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils.cell import range_boundaries

__all__ = ["Calcul", "Incalculable", "normale"]

Noeud = tuple[Any, ...]
Lecture = Callable[[str, int, int], Valeur]
"""``lecture(sheet, row, column)`` gives a value; raises :class:`Incalculable`."""

_PRIORITY = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4}


def normale(formule: str) -> str:
    """Return a formula without what programs write each in their own way: spaces, quotes of sheets, case."""
    parts = []
    for token in Tokenizer(formule).items:
        if token.type == Token.WSPACE:
            continue
        kept = token.type == Token.OPERAND and token.subtype == Token.TEXT
        parts.append(token.value if kept else token.value.replace("'", "").upper().replace("_XLFN.", ""))
    return "".join(parts)


class Calcul:
    """Computes formulas.

    Args:
        noms: defined names: where each leads (``'DPGF'!$M$36``).
        lecture: gives the value of a cell.
    """

    def __init__(self, noms: Mapping[str, str], lecture: Lecture) -> None:
        self._names = {name.upper(): where for name, where in noms.items()}
        self._read = lecture

    def valeur(self, formule: str, feuille: str) -> Valeur:
        """Return what a formula gives.

        Raises:
            Incalculable: it cannot be computed; says why, in French.
        """
        try:
            return seule(self._eval(_parsed(formule), feuille))
        except RecursionError as cause:
            raise Incalculable("formules trop imbriquées") from cause

    def _eval(self, node: Noeud, sheet: str) -> Valeur | Plage:
        kind = node[0]
        if kind == "constante":
            return node[1]  # type: ignore[no-any-return]
        if kind == "plage":
            return self._range(node[1], sheet)
        if kind == "moins":
            return -comme_nombre(self._eval(node[1], sheet))
        if kind == "operation":
            return operation(node[1], self._eval(node[2], sheet), self._eval(node[3], sheet))
        return self._call(node[1], node[2], sheet)

    def _range(self, text: str, sheet: str) -> Valeur | Plage:
        where = self._names.get(text.upper(), text)
        title, _, cells = where.rpartition("!")
        title = title.strip("'").replace("''", "'") or sheet
        try:
            left, top, right, bottom = range_boundaries(cells)
        except ValueError as cause:
            raise Incalculable(f"« {text} » n’est pas une cellule") from cause
        if None in (left, top, right, bottom):
            raise Incalculable(f"« {text} » désigne une colonne ou une ligne entière")
        rows = [
            [self._read(title, row, column) for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]
        return rows if ":" in cells else rows[0][0]

    def _call(self, name: str, args: list[Noeud], sheet: str) -> Valeur | Plage:
        if name == "IF":
            chosen = args[1] if vrai(self._eval(args[0], sheet)) else args[2] if len(args) > 2 else None
            return self._eval(chosen, sheet) if chosen else False
        if name == "INDEX" and args[0][0] == "plage":
            return index(*(self._eval(one, sheet) for one in args))
        function = FONCTIONS.get(name)
        if function is None:
            raise Incalculable(f"la fonction {name} n’est pas connue")
        try:
            return function(*(self._eval(one, sheet) for one in args))
        except (TypeError, ValueError, ArithmeticError) as cause:
            raise Incalculable(f"{name} ne peut pas être calculé") from cause


# --- reading a formula -------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _parsed(formule: str) -> Noeud:
    tokens = [one for one in Tokenizer(formule).items if one.type != Token.WSPACE]
    parser = _Parser(tokens)
    node = parser.expression(0)
    if parser.at < len(tokens):
        raise Incalculable("formule mal formée")
    return node


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at = tokens, 0

    def _next(self) -> Token:
        if self.at >= len(self.tokens):
            raise Incalculable("formule mal formée")
        self.at += 1
        return self.tokens[self.at - 1]

    def expression(self, least: int) -> Noeud:
        left = self._operand()
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            priority = _PRIORITY.get(token.value, 0) if token.type == Token.OP_IN else 0
            if not priority or priority <= least:
                break
            self.at += 1
            left = ("operation", token.value, left, self.expression(priority))
        return left

    def _operand(self) -> Noeud:
        token = self._next()
        if token.type == Token.OP_PRE:
            inner = self._operand()
            return ("moins", inner) if token.value == "-" else inner
        if token.type == Token.PAREN:
            inner = self.expression(0)
            self._next()
            return inner
        if token.type == Token.FUNC:
            return ("appel", token.value.rstrip("(").upper(), list(self._arguments()))
        if token.type != Token.OPERAND:
            raise Incalculable("formule mal formée")
        if token.subtype == Token.NUMBER:
            return ("constante", Decimal(token.value))
        if token.subtype == Token.TEXT:
            return ("constante", token.value[1:-1].replace('""', '"'))
        if token.subtype == Token.LOGICAL:
            return ("constante", token.value.upper() == "TRUE")
        if token.subtype == Token.RANGE:
            return ("plage", token.value)
        raise Incalculable(f"la formule contient {token.value}")

    def _arguments(self) -> Iterator[Noeud]:
        while True:
            if self.tokens[self.at].subtype == Token.CLOSE:
                self.at += 1
                return
            yield self.expression(0)
            if self._next().subtype == Token.CLOSE:
                return
