"""Workbooks as text: one block a sheet's title, one a row, as shown on screen.

No formula is run and no library sizes a grid: rows and cells are walked as they are written, so that merging
the whole sheet, a cell in the last row or a row repeated a million times costs nothing (robustesse.md § 2.1).
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from assembler.errors import ReadingError
from assembler.model import Block, Reading
from assembler.readers.cellvalues import Formats, shared_strings, shown
from assembler.readers.containers import Package, expect, open_package
from assembler.readers.limits import LIMITS
from assembler.readers.odfparts import count_links, count_macros, digital, open_odf
from assembler.readers.odfstyles import OFFICE, TABLE, TEXT, OdfStyles, load_styles
from assembler.readers.odftext import paragraph_text
from assembler.readers.ole import carries_program

__all__ = ["read"]

_MOST_COPIES = 100
"""Times that a repeated row or cell that says something is read: more is a fill, not a text."""
_BETWEEN = "\t"
_HIDDEN = ("collapse", "filter")
_LINKED = ("externalLink", "externalLinkPath", "connections", "queryTable", "oleLink")


def read(data: bytes) -> Reading:
    """Read an ``xlsx``, ``xlsm`` or ``ods``; hidden sheets, rows and columns stay out.

    Args:
        data: the file's bytes.

    Raises:
        ReadingError: ``vide``, ``nature``, ``protege``, ``illisible``, or ``depassement`` when it holds more
            than the limits.
    """
    nature = expect(data, ("xlsx", "xlsm", "ods"))
    try:
        return _ods(open_odf(data)) if nature == "ods" else _xlsx(open_package(data), nature)
    except ReadingError:
        raise
    except Exception as cause:  # whatever a malformed part makes lxml or ourselves raise
        raise ReadingError(
            "illisible",
            "Le classeur est endommagé : ouvrez-le dans Excel ou LibreOffice, enregistrez-le à nouveau et "
            "remplacez-le.",
        ) from cause


class _Sheets:
    """The blocks of a workbook, as they come, within bounds."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._left = LIMITS.cells

    def title(self, name: str) -> None:
        self.blocks.append(Block(text=name.strip(), level=1))

    def row(self, cells: list[str]) -> None:
        texts = [" ".join(cell.split()) for cell in cells]
        self._left -= len(texts)
        if self._left < 0 or len(self.blocks) > LIMITS.blocks:
            raise ReadingError(
                "depassement",
                "Le classeur n’a pas pu être contrôlé : il contient plus de "
                f"{LIMITS.cells} cellules remplies. Gardez-en l’extrait utile.",
            )
        if any(texts):
            self.blocks.append(Block(text=_BETWEEN.join(text for text in texts if text), in_table=True))


# --- Excel -------------------------------------------------------------------------------------------


def _xlsx(package: Package, nature: str) -> Reading:
    main = next(
        (one.target for one in package.relations() if one.kind == "officeDocument"), "xl/workbook.xml"
    )
    book = package.xml(main)
    links = {one.id: one for one in package.relations(main)}
    kinds = {one.kind: one.target for one in links.values() if not one.external}
    strings = shared_strings(package.xml(kinds["sharedStrings"])) if "sharedStrings" in kinds else []
    properties = book.find("{*}workbookPr")
    formats = Formats(
        package.xml(kinds["styles"]) if "styles" in kinds else None,
        since_1904=properties is not None and properties.get("date1904") in ("1", "true"),
    )
    sheets = _Sheets()
    for node in book.iterfind("{*}sheets/{*}sheet"):
        identifier = next((str(value) for name, value in node.items() if str(name).endswith("}id")), "")
        link = links.get(identifier)
        if node.get("state") in ("hidden", "veryHidden") or link is None or link.kind != "worksheet":
            continue
        sheets.title(node.get("name", ""))
        for row in _rows(package.xml(link.target), strings, formats):
            sheets.row(row)
    return Reading(
        nature=nature,
        forme="editable",
        blocks=tuple(sheets.blocks),
        commentaires=_comments(package),
        revisions=sum("/revisions/revisionlog" in name.casefold() for name in package.names),
        macros=sum(name.casefold().endswith("vbaproject.bin") for name in package.names)
        + sum(one.kind == "xlMacrosheet" for one in links.values()),
        objets_lies=_links(package),
    )


def _rows(sheet: etree._Element, strings: list[str], formats: Formats) -> Iterator[list[str]]:
    hidden = [
        (int(node.get("min", "0")), int(node.get("max", "0")))
        for node in sheet.iterfind("{*}cols/{*}col")
        if node.get("hidden") in ("1", "true")
    ]
    for row in sheet.iterfind("{*}sheetData/{*}row"):
        if row.get("hidden") not in ("1", "true"):
            yield [
                text
                for place, cell in enumerate(row.iterfind("{*}c"), start=1)
                if (text := shown(cell, strings, formats))
                and not any(first <= _column(cell, place) <= last for first, last in hidden)
            ]


def _column(cell: etree._Element, place: int) -> int:
    """Return the number of a cell's column, from its reference, else from its place in the row."""
    number = 0
    for char in cell.get("r", ""):
        if not ("A" <= char <= "Z"):
            break
        number = number * 26 + ord(char) - 64
    return number or place


def _comments(package: Package) -> int:
    """Count the notes; a thread of comments has one note of its own for old versions of Excel."""
    return sum(
        sum(1 for _ in package.xml(name).iter("{*}comment"))
        for name in package.names
        if name.casefold().startswith("xl/comments") and name.casefold().endswith(".xml")
    )


def _links(package: Package) -> int:
    """Count what the workbook fetches elsewhere, and the programs that it embeds."""
    count = sum(
        carries_program(package.read(name))
        for name in package.names
        if "/embeddings/" in name and name.endswith(".bin")
    )
    for name in package.names:
        folder, _, leaf = name.rpartition("_rels/")
        if not leaf.endswith(".rels"):
            continue
        for link in package.relations(folder + leaf.removesuffix(".rels")):
            # The part of an external link says the same twice: in the workbook, and where it leads.
            if "externallinks/" not in folder.casefold():
                count += link.kind in _LINKED or (link.external and link.kind != "hyperlink")
    return count


# --- LibreOffice -------------------------------------------------------------------------------------


def _ods(package: Package) -> Reading:
    content = package.xml("content.xml")
    body = content.find(f"{OFFICE}body/{OFFICE}spreadsheet")
    if body is None:
        raise ReadingError("illisible", "Le classeur n’a pas de feuille : enregistrez-le à nouveau.")
    common = package.xml("styles.xml") if "styles.xml" in package else None
    styles = load_styles(
        None if common is None else common.find(f"{OFFICE}styles"), content.find(f"{OFFICE}automatic-styles")
    )
    roots = [root for root in (content, common) if root is not None]
    sheets = _Sheets()
    for table in body.iterfind(f"{TABLE}table"):
        if not styles.hides("table", table.get(f"{TABLE}style-name")):
            sheets.title(table.get(f"{TABLE}name", ""))
            hidden = _hidden_columns(table)
            for row in table.iter(f"{TABLE}table-row"):
                if row.get(f"{TABLE}visibility") not in _HIDDEN:
                    cells = _cells(row, styles, hidden)
                    for _ in range(min(_repeated(row, "rows"), _MOST_COPIES) if any(cells) else 0):
                        sheets.row(cells)
    return Reading(
        nature="ods",
        forme="editable",
        blocks=tuple(sheets.blocks),
        signatures=tuple(digital(package)),
        revisions=sum(1 for one in body.iterfind(f"{TABLE}tracked-changes") for node in one if len(node)),
        commentaires=sum(1 for root in roots for _ in root.iter(f"{OFFICE}annotation")),
        macros=count_macros(package, *roots),
        objets_lies=count_links(package, *roots),
    )


def _hidden_columns(table: etree._Element) -> list[tuple[int, int]]:
    """Return the first and last numbers, from 1, of each run of hidden columns."""
    found, place = [], 1
    for column in table.iter(f"{TABLE}table-column"):
        count = _repeated(column, "columns")
        if column.get(f"{TABLE}visibility") in _HIDDEN:
            found.append((place, place + count - 1))
        place += count
    return found


def _cells(row: etree._Element, styles: OdfStyles, hidden: list[tuple[int, int]]) -> list[str]:
    texts: list[str] = []
    place = 1
    for cell in row:
        if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            continue
        count = _repeated(cell, "columns")
        seen = not any(first <= place <= last for first, last in hidden)
        if seen and cell.tag == f"{TABLE}table-cell" and cell.find(f"{TEXT}p") is not None:
            text = paragraph_text(cell, styles)
            texts += [text] * (min(count, _MOST_COPIES) if text else 0)
        place += count
    return texts


def _repeated(node: etree._Element, what: str) -> int:
    text = node.get(f"{TABLE}number-{what}-repeated", "1")
    return int(text) if text.isdecimal() and 0 < len(text) < 9 else 1
