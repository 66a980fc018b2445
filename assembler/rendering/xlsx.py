"""Workbooks with live formulas, cached values, protection and a print set-up.

openpyxl writes a formula without its value: whoever previews the workbook sees empty cells. The
value that the caller computed is injected when the workbook is finished, and the whole is
made canonical: same input, same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import openpyxl
from lxml import etree
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.chart._chart import ChartBase
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from assembler.rendering.canonical import canonical_zip
from assembler.rendering.charts import with_descriptions
from assembler.text import clean

__all__ = ["EUROS", "MAX_TEXT", "AnyCell", "Workbook"]

if not openpyxl.DEFUSEDXML:  # pragma: no cover - a broken installation
    raise ImportError("defusedxml manque : openpyxl lirait des entités XML sans borne")

EUROS = '#,##0.00\\ "€"'
"""Invariant code; a French spreadsheet shows « 1 234,56 € »."""
MAX_TEXT = 32_767
"""Characters that a cell can hold; openpyxl cuts beyond without a word."""

_BLUE, _YELLOW, _GREY, _ORANGE = "FF000091", "FFFFF2CC", "FFEEEEEE", "FFF8CBAD"
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>assembler</Application></Properties>"
)

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_FONT_ORDER = (
    "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split()  # noqa: SIM905
)

CachedValue = Decimal | int | str | bool
Kind = Literal["custom", "decimal", "list", "textLength", "whole"]
AnyCell = Cell | MergedCell
"""What openpyxl hands over; one hidden by a merger is refused."""


def _styles() -> Sequence[NamedStyle]:
    """Return the named styles; those of input cells are the only ones unlocked.

    Contrast of white on State blue is 15:1; an input cell is told by its colour, by its thick left
    border and, in words, by its header.
    """
    thin, thick = Side(style="thin", color="FF929292"), Side(style="thick", color=_BLUE)
    box = Border(left=thin, right=thin, top=thin, bottom=thin)
    entry = Border(left=thick, right=thin, top=thin, bottom=thin)
    wrapped = Alignment(vertical="center", horizontal="left", wrap_text=True, indent=1)
    right = Alignment(vertical="center", horizontal="right")
    made = []

    def add(name: str, *, fmt: str = "General", **rest: Any) -> None:
        style = NamedStyle(name=name, number_format=fmt, alignment=rest.pop("alignment", wrapped))
        style.font = rest.pop("font", Font(name="Liberation Sans", size=10))
        style.border = rest.pop("border", box)
        style.protection = Protection(locked=rest.pop("locked", True))
        if fill := rest.pop("fill", None):
            style.fill = PatternFill("solid", start_color=fill, end_color=fill)
        made.append(style)

    bold = Font(name="Liberation Sans", size=10, bold=True)
    unboxed = Border()
    add("Titre du document", font=Font(name="Liberation Sans", size=14, bold=True, color=_BLUE),
        border=unboxed, alignment=Alignment(vertical="center"))  # fmt: skip
    add("Ligne de titre", border=unboxed, alignment=Alignment(vertical="center"))
    add("En-tête", font=Font(name="Liberation Sans", size=10, bold=True, color="FFFFFFFF"), fill=_BLUE,
        alignment=Alignment(vertical="center", horizontal="center", wrap_text=True))  # fmt: skip
    add("Libellé")
    add("Libellé gras", font=bold, fill=_GREY)
    for name, fmt in {"Montant": EUROS, "Jours": "#,##0.00", "Part": "0.0%"}.items():
        add(name, fmt=fmt, alignment=right)
        add(f"{name} gras", fmt=fmt, alignment=right, font=bold, fill=_GREY)
        add(f"Saisie {name.lower()}", fmt=fmt, alignment=right, border=entry, fill=_YELLOW, locked=False)
    add("Saisie texte", fmt="@", border=entry, fill=_YELLOW, locked=False)
    add("Saisie obligatoire", fmt="@", border=entry, fill=_ORANGE, locked=False)
    add("Date", fmt="dd/mm/yyyy", alignment=wrapped)
    return made


class Workbook:
    """A workbook being written; ``book`` is the openpyxl one, for what this class does not do.

    Named styles: ``Titre du document``, ``Ligne de titre``, ``En-tête``, ``Libellé``,
    ``Montant``, ``Jours``, ``Part`` (each with « … gras »), ``Date`` and, for what is to be filled in,
    ``Saisie texte``, ``Saisie obligatoire``, ``Saisie montant``, ``Saisie jours``, ``Saisie part``.
    """

    def __init__(self, *, title: str, subject: str, author: str = "", edition: dt.date) -> None:
        self.book = openpyxl.Workbook()
        self.book.remove(self.book.worksheets[0])
        for style in _styles():
            self.book.add_named_style(style)
        self.edition = edition
        properties = self.book.properties
        properties.title, properties.subject, properties.creator = clean(title), clean(subject), clean(author)
        properties.language = "fr-FR"
        self._cached: dict[tuple[str, str], CachedValue] = {}
        self._charts: dict[str, dict[str, str]] = {}

    @classmethod
    def of(
        cls, book: openpyxl.Workbook, *, edition: dt.date, values: Mapping[tuple[str, str], CachedValue]
    ) -> Workbook:
        """Take up a workbook that people may have changed.

        Args:
            book: as openpyxl loaded it, formulas and not their values.
            edition: date of edition.
            values: what its formulas gave, by sheet and cell.
        """
        taken = cls.__new__(cls)
        taken.book, taken.edition, taken._cached, taken._charts = book, edition, dict(values), {}
        for style in _styles():
            if style.name not in book.named_styles:
                book.add_named_style(style)
        return taken

    def add_style(
        self,
        name: str,
        *,
        fill: str | None = None,
        color: str | None = None,
        bold: bool = False,
        italic: bool = False,
        date: bool = False,
    ) -> None:
        """Add a named style of a wrapped label, unless the workbook has it."""
        if name in self.book.named_styles:
            return
        label = next(one for one in _styles() if one.name == ("Date" if date else "Libellé"))
        label.name = name
        label.font = Font(name="Liberation Sans", size=10, bold=bold, italic=italic, color=color)
        if fill:
            label.fill = PatternFill("solid", start_color=fill, end_color=fill)
        self.book.add_named_style(label)

    def sheet(self, title: str, *, hidden: bool = False) -> Worksheet:
        """Add a sheet; a hidden one is very hidden: no menu shows it again."""
        sheet: Worksheet = self.book.create_sheet(title)
        if hidden:
            sheet.sheet_state = "veryHidden"
        return sheet

    def put_text(self, cell: AnyCell, text: str, style: str | None = None) -> None:
        """Write a text that stays one, whatever its first sign.

        Raises:
            ValueError: longer than a cell can hold.
        """
        text = clean(text)
        if len(text) > MAX_TEXT:
            raise ValueError(f"une cellule tient {MAX_TEXT} signes, ce texte en a {len(text)}")
        cell = _writable(cell, style)
        if not text:
            cell.value = None
            return
        # « _x0041_ » would be read as « A »: the escape of the format, escaped
        cell.value = _ESCAPE.sub("_x005F_", text)
        cell.data_type = "s"  # openpyxl takes « =1+1 » for a formula and « #N/A » for an error
        if text.startswith(_FORMULA_START):
            cell.quotePrefix = True  # keeps it a text once edited by hand

    def put_number(
        self, cell: AnyCell, value: Decimal | int | dt.date | None, style: str | None = None
    ) -> None:
        """Write a number or a date; None leaves the cell empty, with its style."""
        cell = _writable(cell, style)
        cell.value = value

    def put_formula(self, cell: AnyCell, formula: str, value: CachedValue, style: str | None = None) -> None:
        """Write a formula (with its ``=``) and the value that it has in this workbook."""
        if not formula.startswith("="):
            raise ValueError(f"une formule commence par « = » : {formula}")
        cell = _writable(cell, style)
        cell.value = formula
        self._cached[cell.parent.title, cell.coordinate] = value

    def name(self, name: str, cell: AnyCell) -> None:
        """Give a cell a name for the whole workbook."""
        cell = _writable(cell)
        where = f"'{cell.parent.title}'!${cell.column_letter}${cell.row}"
        self.book.defined_names[name] = DefinedName(name, attr_text=where)

    def chart(self, sheet: Worksheet, chart: ChartBase, where: str, *, name: str, description: str) -> None:
        """Put a chart at a cell, with its name and what it shows for who does not see it."""
        sheet.add_chart(chart, where)
        self._charts.setdefault(sheet.title, {})[name] = clean(description)

    def validate(self, sheet: Worksheet, where: str, *, kind: Kind, formula: str, message: str) -> None:
        """Refuse, with a French message, what does not fit in the cells ``where``."""
        rule = DataValidation(type=kind, formula1=formula, allow_blank=True, showErrorMessage=True)
        rule.errorStyle, rule.errorTitle, rule.error = "stop", "Saisie à corriger", message
        rule.showInputMessage, rule.promptTitle, rule.prompt = True, "À compléter", message
        for part in where.split():
            rule.add(part)
        sheet.add_data_validation(rule)

    def print_setup(
        self,
        sheet: Worksheet,
        *,
        left: str,
        right: str,
        version: str,
        area: str,
        header_rows: str | None = None,
        signed: bool = True,
    ) -> None:
        """Set A4 landscape, one page wide, with header, footer and rows to repeat (``6:8``).

        ``signed`` leaves a place for a stamp and a signature: what nobody signs has none.
        """
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        margins = sheet.page_margins
        margins.left = margins.right = 10 / 25.4
        margins.top = margins.bottom = 15 / 25.4
        margins.header = margins.footer = 6 / 25.4
        for strip, side, text in (
            (sheet.oddHeader, "left", _literal(left)),
            (sheet.oddHeader, "right", _literal(right)),
            (sheet.oddFooter, "left", "Cachet et signature" if signed else None),
            (sheet.oddFooter, "center", "Page &P/&N"),
            (sheet.oddFooter, "right", _literal(version)),
        ):
            getattr(strip, side).text = text
        sheet.print_area = area
        if header_rows:
            sheet.print_title_rows = header_rows
        sheet.print_options.horizontalCentered = True
        sheet.sheet_view.showGridLines = False

    def protect(self) -> None:
        """Lock the structure and every sheet but its input cells; no password: it is no security."""
        self.book.security = WorkbookProtection(lockStructure=True)
        for sheet in self.book.worksheets:
            sheet.protection.sheet = True
            sheet.protection.formatColumns = False  # False allows: the bidder may widen a column
            sheet.protection.formatRows = False

    def finish(self) -> bytes:
        """Return the file: cached values injected, dates and members canonical.

        Raises:
            ValueError: a formula was written without :meth:`put_formula`.
        """
        moment = dt.datetime.combine(self.edition, dt.time())
        self.book.properties.created = moment
        calculation = self.book.calculation
        # What only shows files shows the cached values; what calculates does not trust them.
        calculation.fullCalcOnLoad = True
        target = io.BytesIO()
        self.book.save(target)
        members: dict[str, bytes] = {}
        with zipfile.ZipFile(target) as package:
            for member in package.namelist():
                members[member] = package.read(member)
        for member, data in members.items():
            if found := _SHEET.fullmatch(member):
                title = self.book.sheetnames[int(found[1]) - 1]
                members[member] = _with_values(data, title, self._cached)
        drawn = [self._charts[title] for title in self.book.sheetnames if title in self._charts]
        for number, texts in enumerate(drawn, 1):
            member = f"xl/drawings/drawing{number}.xml"
            members[member] = with_descriptions(members[member], texts)
        members["xl/styles.xml"] = _with_ordered_fonts(members["xl/styles.xml"])
        members["docProps/app.xml"] = _APP
        stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        members["docProps/core.xml"] = re.sub(
            rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, members["docProps/core.xml"]
        )
        return canonical_zip(members)


def _writable(cell: AnyCell, style: str | None = None) -> Cell:
    """Return ``cell`` with its style; merged cells have no place in a table that is read aloud."""
    if not isinstance(cell, Cell):
        raise ValueError(f"cellule fusionnée : {cell.coordinate}")
    if style:
        cell.style = style
    return cell


def _with_ordered_fonts(data: bytes) -> bytes:
    """Return the styles with the parts of each font in the order of the schema; openpyxl's is another."""
    root = etree.fromstring(data, _PARSER)
    for font in root.iter(f"{_MAIN}font"):
        font[:] = sorted(font, key=lambda part: _FONT_ORDER.index(etree.QName(part).localname))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _literal(text: str) -> str:
    """Return ``text`` for a header, where « & » starts a code."""
    return clean(text).replace("&", "&&")


def _with_values(data: bytes, title: str, cached: Mapping[tuple[str, str], CachedValue]) -> bytes:
    root = etree.fromstring(data, _PARSER)
    for cell in root.iter(f"{_MAIN}c"):
        formula = cell.find(f"{_MAIN}f")
        if formula is None:
            continue
        where = (title, cell.get("r", ""))
        if where not in cached:
            raise ValueError(f"formule sans valeur calculée : {where[0]}!{where[1]}")
        value = cached[where]
        shown = cell.find(f"{_MAIN}v")
        if shown is None:
            shown = etree.SubElement(cell, f"{_MAIN}v")
        if "t" in cell.attrib:
            del cell.attrib["t"]
        if isinstance(value, bool):
            cell.set("t", "b")
            shown.text = str(int(value))
        elif isinstance(value, str):
            cell.set("t", "str")
            shown.text = clean(value)
        else:
            shown.text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
