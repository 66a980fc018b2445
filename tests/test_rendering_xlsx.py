"""Workbooks: texts stay texts, formulas carry their values, the same input gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from bureautique import converted
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from assembler.french import en_lettres
from assembler.rendering.lettres import WordsSheet, words
from assembler.rendering.xlsx import MAX_TEXT, Workbook
from assembler.text import clean

EDITION = dt.date(2026, 11, 22)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def made(fill, *, edition=EDITION) -> bytes:
    """A workbook of one sheet « Feuille », filled by ``fill(book, sheet)``."""
    book = Workbook(title="Titre", subject="Sujet", author="Service", edition=edition)
    fill(book, book.sheet("Feuille"))
    return book.finish()


def read(data: bytes, *, values: bool = False):
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def member(data: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def without_values(data: bytes) -> bytes:
    """The same workbook, its cached values taken off: who opens it has to calculate."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as bare:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                root = etree.fromstring(content)
                for cell in root.iter(f"{MAIN}c"):
                    value = cell.find(f"{MAIN}v")
                    if cell.find(f"{MAIN}f") is not None and value is not None:
                        cell.remove(value)
                        cell.attrib.pop("t", None)
                content = etree.tostring(root)
            bare.writestr(name, content)
    return target.getvalue()


def recalculated(folder, books: dict[str, bytes]) -> dict[str, bytes]:
    """The workbooks as LibreOffice calculates them, in one start."""
    for name, data in books.items():
        (folder / f"{name}.xlsx").write_bytes(without_values(data))
    files = [folder / f"{name}.xlsx" for name in books]
    fresh = converted(folder, files, "xlsx", "xlsx")
    return {name: path.read_bytes() for name, path in zip(books, fresh, strict=True)}


def differences(ours: bytes, theirs: bytes) -> tuple[int, list[tuple[str, object, object]]]:
    """Return how many formulas there are, and those whose cached value is not the recalculated one."""
    formulas, cached, fresh = read(ours), read(ours, values=True), read(theirs, values=True)
    count, wrong = 0, []
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                count += 1
                mine = cached[sheet.title][cell.coordinate].value
                other = fresh[sheet.title][cell.coordinate].value
                same = (
                    abs(mine - other) < 1e-9
                    if isinstance(mine, (int, float)) and isinstance(other, (int, float))
                    else (mine or "") == (other or "") and type(mine or "") is type(other or "")
                )
                if not same:
                    wrong.append((f"{sheet.title}!{cell.coordinate}", mine, other))
    return count, wrong


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 2", "-5", "@SOMME(A1)", "\t=1", '=cmd|"/c calc"!A1', "#N/A", "2026-01-01"]
)
def test_a_text_never_becomes_a_formula(text):
    data = made(lambda book, sheet: book.put_text(sheet["A1"], text, "Libellé"))
    cell = read(data)["Feuille"]["A1"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert bool(cell.quotePrefix) == text.startswith(("=", "+", "-", "@", "\t"))
    assert "<f>" not in member(data, "xl/worksheets/sheet1.xml")


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=40))
def test_any_text_arrives_without_its_control_signs(text):
    data = made(lambda book, sheet: book.put_text(sheet["A1"], text))
    found = read(data)["Feuille"]["A1"].value
    assert (found or "") == clean(text)


def test_the_escapes_of_the_format_are_read_as_text():
    data = made(lambda book, sheet: book.put_text(sheet["A1"], "_x0041_ et _xyz_"))
    assert "_x005F_x0041_ et _xyz_" in member(data, "xl/worksheets/sheet1.xml")


def test_a_text_too_long_for_a_cell_is_refused_rather_than_cut():
    with pytest.raises(ValueError, match=str(MAX_TEXT)):
        made(lambda book, sheet: book.put_text(sheet["A1"], "a" * (MAX_TEXT + 1)))


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (Decimal("17908.45"), 17908.45),
        (Decimal("0E-8"), 0),
        (7, 7),
        ("", None),
        ("un & deux", "un & deux"),
        (True, True),
    ],
)
def test_a_formula_carries_its_value(value, seen):
    data = made(lambda book, sheet: book.put_formula(sheet["A1"], "=B1", value))
    assert read(data)["Feuille"]["A1"].value == "=B1"
    assert read(data, values=True)["Feuille"]["A1"].value == seen


def test_a_formula_without_its_value_is_refused():
    def careless(book, sheet):
        sheet["B2"] = "=1+1"

    with pytest.raises(ValueError, match="Feuille!B2"):
        made(careless)


def test_the_same_input_gives_the_same_bytes():
    def fill(book, sheet):
        book.put_formula(sheet["A1"], "=1+1", 2, "Montant")
        book.validate(sheet, "B1:B2 B5:B6", kind="custom", formula="ISNUMBER(B1)", message="Un nombre.")

    assert made(fill) == made(fill)
    assert made(fill) != made(fill, edition=dt.date(2026, 11, 23))


def test_properties_hold_the_date_of_edition_and_the_language():
    core = member(made(lambda book, sheet: None), "docProps/core.xml")
    assert core.count("2026-11-22T00:00:00Z") == 2
    assert ">fr-FR<" in core
    assert ">Titre<" in core
    assert "Microsoft" not in member(made(lambda book, sheet: None), "docProps/app.xml")


def test_headers_print_the_ampersand_of_a_name():
    def fill(book, sheet):
        book.print_setup(sheet, left="A & B", right="C", version="v", area="A1:B2", header_rows="1:1")

    sheet = read(made(fill))["Feuille"]
    assert sheet.oddHeader.left.text == "A && B"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (
        "landscape",
        9,
        1,
    )
    assert sheet.page_margins.left == pytest.approx(10 / 25.4)


def test_only_input_styles_are_unlocked():
    book = Workbook(title="t", subject="s", edition=EDITION)
    unlocked = {style.name for style in book.book._named_styles if not style.protection.locked}
    assert unlocked == {
        "Saisie texte",
        "Saisie montant",
        "Saisie jours",
        "Saisie part",
        "Saisie obligatoire",
    }


@pytest.fixture(scope="module")
def amounts() -> list[Decimal]:
    euros = [0, 1, 2, 17, 61, 71, 80, 81, 91, 100, 180, 200, 280, 999, 1000, 1001, 1080, 2000, 80000, 80080]
    euros += [81000, 100000, 180000, 200000, 200080, 280000, 299999, 500021, 999999]
    cents = [Decimal(0), Decimal("0.01"), Decimal("0.80"), Decimal("0.99")]
    return [euro + cent for euro in euros for cent in cents] + [Decimal("1000000.00")]


def test_words_by_formula_are_those_of_the_reference(tmp_path, amounts):
    books = {}
    for spelling in ("traditionnelle", "1990"):
        book = Workbook(title="t", subject="s", edition=EDITION)
        sheet = book.sheet("Montants")
        letters = WordsSheet(book, spelling)
        for row, amount in enumerate(amounts, 1):
            book.put_number(sheet.cell(row, 1), amount)
            letters.put(sheet.cell(row, 2), f"Montants!A{row}", amount)
        letters.put(sheet.cell(len(amounts) + 1, 2), f"Montants!A{len(amounts) + 1}", None)
        books[spelling] = book.finish()
    for name, data in recalculated(tmp_path, books).items():
        fresh = read(data, values=True)["Montants"]
        assert [fresh.cell(row, 2).value for row in range(1, len(amounts) + 1)] == [
            words(amount, name) for amount in amounts
        ]
        count, wrong = differences(books[name], data)
        # E reads the empty cell as 0 where we say nothing: both show nothing in words
        assert [one for one in wrong if one[0] != f"_lettres!E{len(amounts) + 1}"] == []
        assert count > 8 * len(amounts)


@pytest.mark.parametrize("spelling", ["traditionnelle", "1990"])
def test_the_thousand_words_are_those_of_num2words(spelling):
    book = Workbook(title="t", subject="s", edition=EDITION)
    WordsSheet(book, spelling)
    sheet = book.book["_lettres"]
    found = [(sheet.cell(row, 2).value, sheet.cell(row, 3).value) for row in range(1, 1001)]
    assert found == [
        (en_lettres(n, spelling), en_lettres(n * 1000, spelling)[: -len(" mille")] if n > 1 else None)
        for n in range(1000)
    ]
