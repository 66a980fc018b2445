"""The fiche laid out as a form: which sheets, which lines, which columns, from the field schema.

The writer of ``fiche.xlsx`` and its reader share this layout, so that what one puts the other finds:

- one sheet of lines, « Fiche »: a line per field, several lines for a list of plain values;
- one small sheet per list of groups, an item per row, groups within items flattened into columns;
- marks in a hidden column and a hidden row: the dotted paths, so that a label may change, lines and
  columns may move, and each value is found again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assembler.contributions import Field, FieldSchema
from assembler.text import plain

__all__ = [
    "ASIDE",
    "HEADS",
    "LINES_MARK",
    "NUMBER",
    "PARENT",
    "TABLE_MARK",
    "VALUES_MARK",
    "Column",
    "Form",
    "Heading",
    "Line",
    "Table",
    "form_of",
    "shown_values",
]

HEADS = ("Champ", "Valeur", "Aide")
"""Header of the sheet of lines."""
LINES_MARK = "#fiche"
"""Stands above the hidden column of the sheet of lines, in its header row."""
VALUES_MARK = "#listes"
"""First cell of the hidden sheet that the drop-downs read."""
ASIDE = "#"
"""Begins the mark of a row that holds no value: a heading, a help, a pointer to another sheet."""
NUMBER, PARENT = "#n", "^"
"""Columns of a list: the number of the row, and the number of the row of the list that it belongs to."""
TABLE_MARK = re.compile(r"[a-z_][a-z0-9_]*(?:(?:\[\])?\.[a-z_][a-z0-9_]*)*\[\]")
"""Mark of a list of groups: ``territoire.communes[]``, ``commandes[].lignes[]``."""

_LONGEST_TITLE = 31
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """A section of the sheet of lines."""

    path: str
    title: str
    help: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A field of the sheet of lines; one of a list of plain values takes several lines."""

    path: str
    label: str
    field: Field


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A field of the items of a list."""

    path: str
    """Dotted path inside the item: ``representant.nom``."""
    label: str
    """« Représentant – Nom »."""
    field: Field


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A list of groups, on a sheet of its own."""

    path: str
    """Mark of the list: ``territoire.communes[]``."""
    label: str
    sheet: str
    """Title of the sheet: 31 characters at most, unlike any other."""
    help: str = ""
    columns: tuple[Column, ...] = ()
    parent: str | None = None
    """Mark of the list whose items hold this one."""
    numbered: bool = False
    """Another list refers to the rows of this one by their number."""

    @property
    def key(self) -> str:
        """Path of the list below the root, or below the item of its parent."""
        own = self.path.removesuffix("[]")
        return own.removeprefix(f"{self.parent}.") if self.parent else own


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """The whole form, in the order of the schema."""

    lines: tuple[Heading | Line | Table, ...]
    """The sheet of lines; a table stands there as a pointer to its sheet."""
    tables: tuple[Table, ...]
    """The lists, each one after the list that holds it."""

    def fields(self) -> Mapping[str, Line]:
        """Return the lines by dotted path."""
        return {one.path: one for one in self.lines if isinstance(one, Line)}


@dataclass(slots=True)
class _Layout:
    lines: list[Heading | Line | Table] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    titles: set[str] = field(default_factory=lambda: {"fiche", "listes"})

    def group(self, fields: Mapping[str, Field], path: str, titles: tuple[str, ...]) -> None:
        """Lay a group out: its own values first, then the groups that it holds."""
        for name, one in fields.items():
            here = f"{path}{name}"
            if one.type != "groupe":
                self.lines.append(Line(path=here, label=one.label or name, field=one))
            elif one.many:
                self.lines.append(self.table(one, f"{here}[]", one.label or name, None))
        for name, one in fields.items():
            if one.type == "groupe" and not one.many:
                below = (*titles, one.label or name)
                self.lines.append(Heading(path=f"{path}{name}", title=" – ".join(below), help=one.help))
                self.group(one.fields, f"{path}{name}.", below)

    def table(self, given: Field, mark: str, label: str, parent: str | None) -> Table:
        """Lay a list of groups out, then the lists that its items hold."""
        place = len(self.tables)
        title = self.title(label)
        columns: list[Column] = []
        inner: list[tuple[Field, str, str]] = []

        def flatten(fields: Mapping[str, Field], path: str, labels: tuple[str, ...]) -> None:
            for name, one in fields.items():
                here, said = f"{path}{name}", (*labels, one.label or name)
                if one.type != "groupe":
                    columns.append(Column(path=here, label=" – ".join(said), field=one))
                elif one.many:
                    inner.append((one, here, " – ".join((label, *said))))
                else:
                    flatten(one.fields, f"{here}.", said)

        flatten(given.fields, "", ())
        made = Table(
            path=mark,
            label=label,
            sheet=title,
            help=given.help,
            columns=tuple(columns),
            parent=parent,
            numbered=bool(inner),
        )
        self.tables.insert(place, made)
        for one, path, name in inner:
            self.table(one, f"{mark}.{path}[]", name, mark)
        return made

    def title(self, label: str) -> str:
        base = _NOT_IN_TITLE.sub("-", label).strip("' ") or "Liste"
        title, number = base[:_LONGEST_TITLE].rstrip(), 2
        while plain(title) in self.titles:
            suffix = f" ({number})"
            title = base[: _LONGEST_TITLE - len(suffix)].rstrip() + suffix
            number += 1
        self.titles.add(plain(title))
        return title


def form_of(schema: FieldSchema) -> Form:
    """Lay the fields of a schema out as a form."""
    layout = _Layout()
    layout.group(schema.root.fields, "", ())
    return Form(lines=tuple(layout.lines), tables=tuple(layout.tables))


def shown_values(given: Field) -> tuple[str, ...]:
    """Return the closed list of a field as a person reads it: « sous-préfet » for ``sous_prefet``.

    What is shown always reads back as the value: the fiche takes both, compared as plain text.
    """
    if given.type == "booleen":
        return ("oui", "non")
    if given.shown:
        return given.shown
    if len({plain(value) for value in given.values}) < len(given.values):
        return given.values
    return tuple(value.replace("_", " ") for value in given.values)
