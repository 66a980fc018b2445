"""The feuille de route as a workbook: the actions to follow, and what they come to by theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from assembler_plugins.commun.lettres import atelier
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assembler.contributions import Case, Copy
from assembler.french import date_courte, typo
from assembler.rendering.xlsx import AnyCell, Workbook

from .restitution import ETATS, Action, actions, par_theme, priorites

__all__ = ["feuille_route_classeur"]

_ACTIONS, _SUMMARY, _LISTS = "Feuille de route", "Synthèse", "_listes"
_HEADER = 3
_Column = tuple[str, int, str]
_COLUMNS: Sequence[_Column] = (
    ("N°", 6, "numero"),
    ("Thème", 22, "theme"),
    ("Action", 44, "action"),
    ("Outil ou procédure", 20, "outil"),
    ("Priorité (liste)", 12, "priorite"),
    ("Porteur", 24, "porteur"),
    ("Partenaires", 18, "partenaires"),
    ("Financement", 20, "financement"),
    ("Montant estimé (€)", 16, "montant"),
    ("Échéance", 14, "echeance"),
    ("État (liste)", 14, "etat"),
)
_MORE, _MORE_THEMES = 12, 4
"""Empty rows left to add actions and themes."""
_NOTE = (
    "Toutes les cellules à fond jaune pâle se remplissent. Les flèches de l’en-tête filtrent et trient ; la "
    "feuille « Synthèse » compte par thème."
)
_SUMMARY_NOTE = (
    "Les nombres suivent la feuille « Feuille de route ». Pour suivre un thème de plus, écrivez son nom "
    "dans la première colonne."
)


def feuille_route_classeur(case: Case, copy: Copy) -> bytes:  # noqa: ARG001 - one copy
    """Return the workbook; without actions in the fiche, it is a frame to fill in."""
    name = atelier(case.fiche, case.format.title)["nom"] or case.format.title
    title = f"Feuille de route – {name}"
    book = Workbook(title=title, subject=name, edition=case.edition)
    found = actions(case.fiche)
    words = priorites(found)
    last = _HEADER + len(found) + _MORE
    columns = _columns(found)
    letters = {name: get_column_letter(rank) for rank, (_, _, name) in enumerate(columns, 1)}
    _actions_sheet(book, book.sheet(_ACTIONS), title, found, columns, last)
    _Summary(book, book.sheet(_SUMMARY), found, words, letters, last).write(title)
    _lists(book, words, letters, last)
    for sheet in (book.book[_ACTIONS], book.book[_SUMMARY]):
        book.print_setup(
            sheet,
            left=name,
            right=sheet.title,
            version=f"Édition du {date_courte(case.edition)}",
            area=sheet.dimensions,
            header_rows=f"{_HEADER}:{_HEADER}",
            signed=False,
        )
        sheet.freeze_panes = f"A{_HEADER + 1}"
    book.book.active = 0
    return book.finish()


def _head(book: Workbook, sheet: Worksheet, title: str, note: str, heads: Sequence[tuple[str, int]]) -> None:
    book.put_text(sheet["A1"], typo(title), "Titre du document")
    sheet.row_dimensions[1].height = 26
    book.put_text(sheet["A2"], typo(note), "Ligne de titre")
    for column, (text, width) in enumerate(heads, 1):
        book.put_text(sheet.cell(_HEADER, column), text, "En-tête")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[_HEADER].height = 34


def _columns(found: Sequence[Action]) -> list[_Column]:
    """Return the columns: that of the tools only where the actions name some (domaine.md N-11)."""
    tools = any(one.outil for one in found)
    return [column for column in _COLUMNS if tools or column[2] != "outil"]


def _actions_sheet(
    book: Workbook,
    sheet: Worksheet,
    title: str,
    found: Sequence[Action],
    columns: Sequence[_Column],
    last: int,
) -> None:
    _head(book, sheet, title, _NOTE, [(text, width) for text, width, _ in columns])
    for row in range(_HEADER + 1, last + 1):
        rank = row - _HEADER
        one = found[rank - 1] if rank <= len(found) else None
        lines = 1
        for column, (_, width, name) in enumerate(columns, 1):
            cell = sheet.cell(row, column)
            if name == "montant":
                book.put_number(cell, one.montant if one else None, "Saisie montant")
                continue
            text = "" if one is None else str(rank) if name == "numero" else str(getattr(one, name))
            book.put_text(cell, text, "Saisie texte")
            lines = max(lines, -(-len(text) // (width - 3)))
        sheet.row_dimensions[row].height = 14 * lines + 6
    sheet.auto_filter.ref = f"A{_HEADER}:{get_column_letter(len(columns))}{last}"


def _lists(book: Workbook, words: Sequence[str], letters: Mapping[str, str], last: int) -> None:
    """Write what the drop-downs offer, on a hidden sheet: a word may hold a comma."""
    sheet = book.sheet(_LISTS, hidden=True)
    for column, (name, values) in enumerate((("priorite", words), ("etat", tuple(ETATS.values()))), 1):
        for row, value in enumerate(values, 1):
            book.put_text(sheet.cell(row, column), value)
        letter = get_column_letter(column)
        book.validate(
            book.book[_ACTIONS],
            f"{letters[name]}{_HEADER + 1}:{letters[name]}{last}",
            kind="list",
            formula=f"{_LISTS}!${letter}$1:${letter}${len(values)}",
            message=f"Choisissez dans la liste : {', '.join(values)}.",
        )


class _Summary:
    """The sheet Synthèse: by theme, how many actions of each priority, how many done, what they cost."""

    def __init__(
        self,
        book: Workbook,
        sheet: Worksheet,
        found: Sequence[Action],
        words: Sequence[str],
        letters: Mapping[str, str],
        last: int,
    ) -> None:
        self.book, self.sheet, self.found, self.words = book, sheet, found, words
        self.first = _HEADER + 1
        self.ranges = {
            name: f"'{_ACTIONS}'!${letter}${_HEADER + 1}:${letter}${last}" for name, letter in letters.items()
        }
        self.done = ETATS["achevee"]

    def write(self, title: str) -> None:
        """Fill the sheet: the themes, those to come, what has none of them, the total."""
        heads = [
            ("Thème (à compléter au besoin)", 44),
            ("Actions", 12),
            *((f"Priorité : {word}", 14) for word in self.words),
            ("Achevées", 12),
            ("Montant estimé (€)", 20),
        ]
        _head(self.book, self.sheet, title, _SUMMARY_NOTE, [(typo(text), width) for text, width in heads])
        groups = par_theme(self.found)
        themes = [*groups, *[""] * _MORE_THEMES]
        for row, theme in enumerate(themes, self.first):
            self.book.put_text(self.sheet.cell(row, 1), theme, "Saisie texte")
            self._values(row, f"({self.ranges['theme']}=$A{row})", groups.get(theme), guard=f"$A{row}")
        last = self.first + len(themes) - 1
        self._rest(last + 1, last)
        self.book.put_text(self.sheet.cell(last + 2, 1), "Total", "Libellé gras")
        self._values(last + 2, f'({self.ranges["action"]}<>"")', list(self.found), bold=True)

    def _columns(self) -> list[tuple[str, str]]:
        """Return, for each column of numbers, its condition in the formula and its kind."""
        ranges = self.ranges
        counted = [("", "nombre")]
        counted += [(f'*({ranges["priorite"]}="{_quoted(word)}")', "nombre") for word in self.words]
        return [*counted, (f'*({ranges["etat"]}="{self.done}")', "nombre"), ("", "montant")]

    def _known(self, group: Sequence[Action]) -> list[int | Decimal]:
        """Return what the formulas show for a group of actions."""
        return [
            len(group),
            *(sum(one.priorite == word for one in group) for word in self.words),
            sum(one.etat == self.done for one in group),
            sum((one.montant or Decimal(0) for one in group), Decimal(0)),
        ]

    def _values(
        self,
        row: int,
        mine: str,
        group: Sequence[Action] | None,
        *,
        guard: str | None = None,
        bold: bool = False,
    ) -> None:
        """Write the numbers of a row; ``guard``: a cell without which they stay empty."""
        shown = self._known(group) if group is not None else [""] * len(self._columns())
        filled = f'*({self.ranges["action"]}<>"")'
        for column, ((condition, kind), value) in enumerate(zip(self._columns(), shown, strict=True), 2):
            if kind == "montant":
                formula = f"ROUND(SUMPRODUCT(--({mine}{filled}>0),{self.ranges['montant']}),2)"
            else:
                formula = f"SUMPRODUCT({mine}{filled}{condition})"
            if guard:
                formula = f'IF({guard}="","",{formula})'
            self._number(self.sheet.cell(row, column), f"={formula}", value, kind, bold)
        self.sheet.row_dimensions[row].height = 20

    def _rest(self, row: int, last: int) -> None:
        """Write what is under none of the themes above: all of it, less them."""
        self.book.put_text(self.sheet.cell(row, 1), "Sous aucun des thèmes ci-dessus", "Libellé")
        for column, (_, kind) in enumerate(self._columns(), 2):
            letter = get_column_letter(column)
            span = f"{letter}{self.first}:{letter}{last}"
            formula = f"=ROUND({letter}{row + 1}-SUM({span}),2)"
            self._number(self.sheet.cell(row, column), formula, 0, kind, False)
        self.sheet.row_dimensions[row].height = 20

    def _number(self, cell: AnyCell, formula: str, value: int | Decimal | str, kind: str, bold: bool) -> None:
        style = ("Montant" if kind == "montant" else "Jours") + (" gras" if bold else "")
        self.book.put_formula(cell, formula, value, style)
        if kind != "montant":
            cell.number_format = "0"


def _quoted(text: str) -> str:
    """Return a text inside the quotes of a formula."""
    return text.replace('"', '""')
