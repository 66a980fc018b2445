"""The form that a person filled in, read back into the same fiche as ``dossier.yaml``.

Lines, columns and sheets are found by their hidden marks (:mod:`assembler.fichexlsx.layout`), failing
which by their labels; every value keeps its sheet and its cell for the messages.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from assembler.contributions import FieldSchema
from assembler.errors import ReadingError
from assembler.fiche import Fiche, typed_values
from assembler.fichexlsx.gathering import Gathering, mark_of, said
from assembler.fichexlsx.layout import VALUES_MARK, form_of
from assembler.fichexlsx.lines import holds_lines, lines_mark, read_lines, value_column
from assembler.fichexlsx.lists import Grid, find_grid, read_list, referred
from assembler.model import FicheFault, Location
from assembler.readers.cells import Sheet, load_cells
from assembler.text import plain

__all__ = ["first_look", "read_workbook"]

_NOT_OURS = (
    "Ce classeur n’est pas le formulaire de la fiche : aucune de ses feuilles n’a été reconnue. "
    "Reportez ses valeurs dans une fiche neuve ; si c’est une pièce du dossier, donnez-lui un autre nom."
)


def read_workbook(content: bytes, name: str, schema: FieldSchema) -> Fiche:
    """Read and type a fiche filled in as a workbook, as :func:`assembler.fiche.read` does of a YAML one.

    Args:
        content: the file's bytes.
        name: the file's name, as printed in messages.
        schema: the fields of the format.

    Returns:
        The fiche; a file that cannot be read at all, or is no form of ours, gives one fault of kind
        ``lecture``.
    """
    found = Gathering(name=name, form=form_of(schema))
    try:
        known = _workbook(load_cells(content), found)
    except ReadingError as error:
        return _unreadable(name, str(error))
    if not known:
        return _unreadable(name, _NOT_OURS)
    fiche = typed_values(found.data, found.lines, name, schema)
    return Fiche(data=fiche.data, lines=fiche.lines, faults=(*found.faults, *fiche.faults))


def _unreadable(name: str, message: str) -> Fiche:
    where = Location(fichier=name, libelle=name)
    return Fiche(faults=(FicheFault(kind="lecture", message=message, location=where),))


def first_look(content: bytes, names: Collection[str] = ("format", "etape")) -> dict[str, str]:
    """Return some fields of the root as written, before the schema is known; none when it is no form.

    Args:
        content: the file's bytes.
        names: the fields.
    """
    found: dict[str, str] = {}
    try:
        sheets = load_cells(content)
    except ReadingError:
        return found
    for sheet in sheets:
        place = lines_mark(sheet)
        for _, cells in sorted(sheet.rows.items()):
            if place:
                pairs = [(said(cells.get(place[1])), cells.get(value_column(sheet, place)))]
            elif plain(sheet.title) == "fiche":
                # the marks are lost: « Format » and « Étape » are these fields' names and labels
                pairs = [(plain(said(cell)), cells.get(column + 1)) for column, cell in cells.items()]
            else:
                break
            for name, value in pairs:
                if name in names and value:
                    found.setdefault(name, said(value))
    return found


def _workbook(sheets: Iterable[Sheet], found: Gathering) -> bool:
    """Read every sheet, the lists after the lists that hold them; False when none is of our form."""
    lines: list[Sheet] = []
    grids: dict[str, Grid] = {}
    strangers: list[Sheet] = []
    for sheet in sheets:
        mark = mark_of(sheet)
        if not sheet.rows or (mark and mark[2] == VALUES_MARK):
            continue
        if holds_lines(sheet, found.form) and not lines:
            lines.append(sheet)
        elif (grid := find_grid(sheet, found)) and grid.table.path not in grids:
            grids[grid.table.path] = grid
        else:
            strangers.append(sheet)
    if not lines and not grids:
        return False
    for sheet in lines:
        read_lines(sheet, found)
    for table in found.form.tables:
        if table.path in grids:
            inner = (one for one in grids.values() if one.table.parent == table.path)
            read_list(grids[table.path], found, {number for one in inner for number in referred(one)})
    for sheet in strangers:
        _stranger(sheet, found)
    return True


def _stranger(sheet: Sheet, found: Gathering) -> None:
    """Report a sheet that is not read, with the nearest title."""
    row = min(sheet.rows)
    cell = sheet.rows[row][min(sheet.rows[row])]
    titles = {plain(one.sheet): one.sheet for one in found.form.tables}
    near = difflib.get_close_matches(plain(sheet.title), titles, n=1, cutoff=0.6)
    hint = f" La plus proche est « {titles[near[0]]} »." if near else ""
    reason = "elle n’est pas de la fiche, ou y est en double"
    message = f"La feuille « {sheet.title} » n’est pas lue : {reason}.{hint}"
    found.fault("champ", None, sheet, cell, message, sheet.title)
