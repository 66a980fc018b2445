"""Amounts in words by formula: no macro, and no function that an old spreadsheet lacks.

A very hidden sheet holds the words of 0 to 999 and, for each amount, a few helper cells
(documents.md § 6.6). Good up to 999 999,99 €.
"""

from __future__ import annotations

import functools
from decimal import Decimal

from assembler.french import en_lettres, majuscule, montant_en_lettres
from assembler.rendering.xlsx import AnyCell, Workbook

__all__ = ["SHEET", "WordsSheet", "words"]

SHEET = "_lettres"
_LIMIT = Decimal("999999.99")
_BEYOND = "Montant supérieur à 999 999,99 € : à écrire en toutes lettres"


def words(amount: Decimal | None, orthographe: str = "traditionnelle") -> str:
    """Return what the formula shows: the amount in words, nothing when there is no amount."""
    if amount is None:
        return ""
    if amount > _LIMIT:
        return _BEYOND
    return majuscule(montant_en_lettres(amount, orthographe))


@functools.cache
def _thousand(orthographe: str) -> tuple[tuple[str, str], ...]:
    """Return 0 to 999 in words, alone then before « mille »: « deux cents » but « deux cent mille ».

    num2words takes a fifth of a second for these: only the first hundred is asked of it.
    """
    glue = "-" if orthographe == "1990" else " "
    small = [en_lettres(number, orthographe) for number in range(100)]
    found = []
    for number in range(1000):
        hundreds, rest = divmod(number, 100)
        head = [*([small[hundreds]] if hundreds > 1 else []), "cent"] if hundreds else []
        before = glue.join([*head, small[rest]] if rest or not head else head)
        if before.endswith("quatre-vingts"):
            before = before[:-1]
        plural = (hundreds > 1 and not rest) or rest == 80
        found.append((f"{before}s" if plural else before, before))
    return tuple(found)


class WordsSheet:
    """The very hidden sheet ``_lettres`` of a workbook."""

    def __init__(self, book: Workbook, orthographe: str = "traditionnelle") -> None:
        self._book = book
        self._orthographe = orthographe
        self._sheet = book.sheet(SHEET, hidden=True)
        self._amounts = 0
        for number, (alone, before) in enumerate(_thousand(orthographe)):
            row = number + 1
            book.put_number(self._sheet.cell(row, 1), number)
            book.put_text(self._sheet.cell(row, 2), alone)
            if number > 1:  # nothing before a lone « mille »
                book.put_text(self._sheet.cell(row, 3), before)

    def put(self, cell: AnyCell, amount: str, value: Decimal | None, style: str | None = None) -> None:
        """Write in ``cell`` the words of ``amount``.

        Args:
            cell: where the words stand.
            amount: a reference or a name of the workbook (``TOTAL_TTC``).
            value: its value, None when it shows nothing.
            style: named style of the cell.
        """
        self._amounts += 1
        row = self._amounts
        glue = "-" if self._orthographe == "1990" else " "
        # without a « whole » the helpers read 0, as the formulas do
        euros, cents = divmod(int((value or Decimal(0)) * 100), 100)
        small = euros if euros <= 999_999 else 0
        thousands, rest = divmod(small, 1000)
        put = self._book.put_formula
        at = self._sheet.cell
        put(at(row, 5), f"={amount}", value if value is not None else "")
        put(at(row, 6), f"=IF(ISNUMBER(E{row}),INT(ROUND(E{row},2)),0)", euros)
        put(at(row, 7), f"=IF(ISNUMBER(E{row}),ROUND((ROUND(E{row},2)-F{row})*100,0),0)", cents)
        put(at(row, 8), f"=IF(F{row}>999999,0,INT(F{row}/1000))", thousands)
        put(at(row, 9), f"=IF(F{row}>999999,0,MOD(F{row},1000))", rest)
        put(
            at(row, 10),
            f'=IF(H{row}=0,"",IF(H{row}=1,"mille",INDEX($C$1:$C$1000,H{row}+1)&"{glue}mille"))'
            f'&IF(OR(H{row}=0,I{row}=0),"","{glue}")&IF(I{row}=0,"",INDEX($B$1:$B$1000,I{row}+1))',
            en_lettres(small, self._orthographe) if small else "",
        )
        put(
            at(row, 11),
            f'=IF(AND(F{row}=0,G{row}>0),"",IF(F{row}=0,"zéro",J{row})&IF(F{row}<2," euro"," euros"))'
            f'&IF(G{row}=0,"",IF(F{row}=0,""," et ")&INDEX($B$1:$B$1000,G{row}+1)'
            f'&IF(G{row}=1," centime"," centimes"))',
            self._raw(euros, cents, small),
        )
        where = f"{SHEET}!$%s${row}"
        put(
            cell,
            f'=IF(NOT(ISNUMBER({where % "E"})),"",IF({where % "F"}>999999,"{_BEYOND}",'
            f"UPPER(LEFT({where % 'K'},1))&MID({where % 'K'},2,500)))",
            words(value, self._orthographe),
            style,
        )

    def _raw(self, euros: int, cents: int, small: int) -> str:
        """Return what column K holds, the amount too great to be written included."""
        if euros == small:
            return montant_en_lettres(Decimal(euros) + Decimal(cents) / 100, self._orthographe)
        tail = f" et {montant_en_lettres(Decimal(cents) / 100, self._orthographe)}" if cents else ""
        return f" euros{tail}"
