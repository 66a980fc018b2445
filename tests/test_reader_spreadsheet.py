"""Workbooks read as text: what the screen shows, a row a line, whatever the grid pretends."""

# ruff: noqa: E501 - XML reads better unbroken

from __future__ import annotations

import contextlib
import datetime as dt
import io
import time
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odf_de_test import package as ods_package
from odf_de_test import style
from openpyxl.comments import Comment

from assembler.errors import ReadingError
from assembler.model import Reading
from assembler.readers import spreadsheet
from assembler.readers.limits import Limits

MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_parts(data: bytes, parts: dict[str, bytes | str], swap: tuple[str, str] = ("", "")) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                text = old.read(name)
                new.writestr(name, text.replace(swap[0].encode(), swap[1].encode()) if swap[0] else text)
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def raw_sheet(rows: str, before: str = "", after: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = f'<worksheet xmlns="{SHEET}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    return with_parts(saved(book), {"xl/worksheets/sheet1.xml": sheet})


def lines(data: bytes) -> list[str]:
    return [block.text for block in spreadsheet.read(data).blocks if block.level is None]


def test_each_row_is_a_line_under_the_name_of_its_sheet() -> None:
    book = openpyxl.Workbook()
    book.active.title = "BPU"
    book.active.append(["Poste", "Prix HT"])
    book.active.append(["Note de cadrage", 1250.5])
    book.create_sheet("Annexe").append(["Évron"])
    found = spreadsheet.read(saved(book))
    assert (found.nature, found.forme) == ("xlsx", "editable")
    assert [(block.text, block.level) for block in found.blocks] == [
        ("BPU", 1), ("Poste\tPrix HT", None), ("Note de cadrage\t1250,5", None), ("Annexe", 1), ("Évron", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (dt.date(2026, 3, 12), "dd/mm/yyyy", "12/03/2026"),
        (dt.datetime(2026, 3, 12, 14, 30), "dd/mm/yyyy hh:mm", "12/03/2026 14:30"),
        (dt.time(9, 5), "hh:mm", "09:05"),
        (0.2, "0%", "20 %"),
        (1004, "00000", "01004"),
        (100000, '#,##0.00 "€"', "100000 €"),
        (0.1 + 0.2, "General", "0,3"),
        (-2.5, "0.00", "-2,5"),
        (True, "General", "VRAI"),
        ("  deux\nlignes ", "General", "deux lignes"),
        (0, "General", "0"),
        (Decimal("12.10"), "[Red]0.00", "12,1"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(value: object, code: str, text: str) -> None:
    book = openpyxl.Workbook()
    cell = book.active.cell(1, 1, value)
    cell.number_format = code
    assert lines(saved(book)) == [text]


def test_dates_counted_from_1904_are_right() -> None:
    book = openpyxl.Workbook()
    book.epoch = dt.datetime(1904, 1, 1)
    book.active["A1"] = dt.date(2026, 3, 12)
    assert lines(saved(book)) == ["12/03/2026"]


def test_hidden_sheets_rows_and_columns_stay_out() -> None:
    book = openpyxl.Workbook()
    book.active.append(["vu", "colonne cachée", "vu aussi"])
    book.active.append(["ligne cachée"])
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.create_sheet("Calculs").append(["feuille cachée"])
    book["Calculs"].sheet_state = "hidden"
    assert lines(saved(book)) == ["vu\tvu aussi"]


def test_a_formula_shows_the_value_last_calculated() -> None:
    rows = '<row><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+2</f></c><c r="C1" t="str"><f>x</f><v>fin</v></c></row>'
    assert lines(raw_sheet(rows)) == ["2\tfin"]


@pytest.mark.parametrize(
    "data",
    [
        raw_sheet('<row><c t="inlineStr"><is><t>vu</t></is></c></row>', after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        raw_sheet('<row r="1048576"><c r="XFD1048576" t="str"><v>vu</v></c></row>'),
        raw_sheet('<row><c t="str"><v>vu</v></c><c t="s"><v>999</v></c><c s="999"/></row>', before='<dimension ref="A1:XFD1048576"/>'),
        ods_package(
            '<table:table table:name="F"><table:table-row table:number-rows-repeated="1048575"><table:table-cell '
            'table:number-columns-repeated="16384"/></table:table-row><table:table-row><table:table-cell>'
            "<text:p>vu</text:p></table:table-cell></table:table-row></table:table>", kind="spreadsheet"),
    ],
    ids=["fusion", "dernière cellule", "indices faux", "lignes répétées"],
)  # fmt: skip
def test_a_sheet_that_pretends_to_be_huge_costs_nothing(data: bytes) -> None:
    start = time.perf_counter()
    assert lines(data) == ["vu"]
    assert time.perf_counter() - start < 1


def test_a_repeated_text_is_read_a_bounded_number_of_times() -> None:
    body = (
        '<table:table table:name="F"><table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'table:number-columns-repeated="16000"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'
    )
    found = lines(ods_package(body, kind="spreadsheet"))
    assert (len(found), len(found[0].split("\t"))) == (100, 100)


def test_more_cells_than_the_limit_are_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "LIMITS", Limits(cells=3))
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c", "d"])
    with pytest.raises(ReadingError, match="3 cellules") as error:
        spreadsheet.read(saved(book))
    assert error.value.code == "depassement"


def test_what_is_in_the_cells_of_an_ods_is_what_the_screen_shows() -> None:
    automatic = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    body = (
        '<table:table table:name="BPU"><table:table-column/><table:table-column table:visibility="collapse"/>'
        "<table:table-row><table:table-cell office:value='0.2'><text:p>20,00 %</text:p></table:table-cell>"
        "<table:table-cell><text:p>caché</text:p></table:table-cell><table:table-cell><office:annotation>"
        "<text:p>note</text:p></office:annotation><text:p>un</text:p><text:p>deux</text:p></table:table-cell>"
        "<table:covered-table-cell><text:p>couvert</text:p></table:covered-table-cell></table:table-row>"
        '<table:table-row table:visibility="filter"><table:table-cell><text:p>filtré</text:p></table:table-cell>'
        '</table:table-row></table:table><table:table table:name="Calculs" table:style-name="ta2">'
        "<table:table-row><table:table-cell><text:p>caché</text:p></table:table-cell></table:table-row></table:table>"
    )
    found = spreadsheet.read(ods_package(body, kind="spreadsheet", automatic=automatic + style("x")))
    assert [block.text for block in found.blocks] == ["BPU", "20,00 %\tun deux"]
    assert (found.nature, found.commentaires) == ("ods", 1)


def counts(found: Reading) -> tuple[int, int, int]:
    return found.macros, found.objets_lies, found.commentaires


def test_macros_links_and_comments_of_a_workbook_are_counted() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.active["A1"].hyperlink = "https://exemple.fr"
    book.active["A1"].comment = Comment("à revoir", "X")
    data = saved(book)
    assert counts(spreadsheet.read(data)) == (0, 0, 1)
    links = (
        f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId9" Type="{REL}/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>'
    )
    parts: dict[str, bytes | str] = {
        "xl/_rels/workbook.xml.rels": links,
        "xl/externalLinks/externalLink1.xml": "<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="r" '
        f'Type="{REL}/externalLinkPath" Target="autre.xlsx" TargetMode="External"/></Relationships>',
        "xl/vbaProject.bin": b"x",
    }
    hostile = with_parts(data, parts, (MAIN, "application/vnd.ms-excel.sheet.macroEnabled.main+xml"))
    found = spreadsheet.read(hostile)
    assert (found.nature, *counts(found)) == ("xlsm", 1, 1, 1)


def test_a_workbook_in_strict_ooxml_is_read() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "vu"
    strict = with_parts(
        saved(book),
        {},
        (
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
    )
    assert lines(strict) == ["vu"]


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/workbook.xml": "<x"}, "illisible"),
        (
            {"xl/worksheets/sheet1.xml": f"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet xmlns='{SHEET}'/>"},
            "illisible",
        ),
    ],
)
def test_a_damaged_workbook_is_said_so(parts: dict[str, bytes | str], code: str) -> None:
    with pytest.raises(ReadingError) as error:
        spreadsheet.read(with_parts(saved(openpyxl.Workbook()), parts))
    assert error.value.code == code


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=20),
    st.sampled_from(["n", "s", "b", "d", "e", "str", "inlineStr", "zz"]),
    st.sampled_from(["0", "1", "-1", "99", ""]),
)
def test_no_cell_makes_the_reader_fail(value: str, kind: str, index: str) -> None:
    shown = "".join(char for char in value if char.isprintable() and char not in "<&>")
    cell = f'<row><c t="{kind}" s="{index}" r="{shown[:3].replace(chr(34), "")}"><v>{shown}</v></c></row>'
    with contextlib.suppress(ReadingError):
        spreadsheet.read(raw_sheet(cell))
