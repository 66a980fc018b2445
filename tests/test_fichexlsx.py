from __future__ import annotations

import datetime as dt
import io
import string
import subprocess
import zipfile
from collections.abc import Callable
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assembler.contributions import Field, FieldSchema
from assembler.errors import ReadingError, WritingError
from assembler.fiche import Fiche, read
from assembler.fichexlsx.celltext import free_text, free_value, joined, split
from assembler.fichexlsx.layout import form_of
from assembler.fichexlsx.reading import first_look, read_workbook
from assembler.fieldfiles import load_fields
from assembler.model import Months
from assembler.readers import cells
from assembler.readers.cells import load_cells
from assembler.rendering.fichexlsx import write_workbook
from assembler.text import clean

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"
RULES = files("assembler_rules")


def text(label: str = "", **rest: Any) -> Field:
    return Field(type="texte", label=label, **rest)


SCHEMA = FieldSchema(
    root=Field(
        fields={
            "format": text("Format"),
            "etape": text("Étape"),
            "intitule": text("Intitulé"),
            "date_depot": Field(type="date", label="Date de dépôt"),
            "pieces": Field(type="libre", label="Pièces"),
            "lieu": Field(
                label="Territoire",
                fields={
                    "codes": text("Départements", many=True, digits=2),
                    "buts": text("Objectifs", many=True),
                    "communes": Field(
                        label="Communes",
                        many=True,
                        fields={
                            "code": text("Code", digits=5),
                            "nom": text("Nom"),
                            "adresse": text("Adresse", many=True),
                        },
                    ),
                },
            ),
            "suivi": Field(
                label="Accompagnement",
                fields={
                    "duree": Field(type="mois", label="Durée en mois"),
                    "part": Field(type="decimal", label="Part"),
                    "nombre": Field(type="entier", label="Nombre"),
                    "limite": Field(type="date_heure", label="Date limite"),
                    "quand": Field(type="date_libre", label="Quand"),
                    "oui": Field(type="booleen", label="Réseau prévu"),
                    "frais": text("Frais", values=("co_porteurs", "autre")),
                },
            ),
            "bons": Field(
                label="Bons",
                many=True,
                fields={
                    "numero": text("Numéro"),
                    "chef": Field(
                        label="Chef", fields={"nom": text("Nom"), "debut": Field(type="date", label="Début")}
                    ),
                    "lignes": Field(
                        label="Lignes",
                        many=True,
                        fields={"prix": text("Prix"), "quantite": Field(type="decimal", label="Quantité")},
                    ),
                },
            ),
        }
    )
)  # fmt: skip

SOUND: dict[str, Any] = {
    "format": "local",
    "etape": "candidature",
    "intitule": "=1+1",
    "date_depot": dt.date(2026, 3, 12),
    "pieces": {"note": "Note v3.docx", "annexe": ["a.pdf", "b.pdf, p. 2-3"]},
    "lieu": {
        "codes": ["01", "2A"],
        "buts": ["Choisir ; puis agir", "Écrire"],
        "communes": [
            {"code": "01004", "nom": "Ambérieu", "adresse": ["Mairie", "1 rue X"]},
            {"code": "2A004", "nom": "Ajaccio", "adresse": ["BP 1 ; Cedex"]},
        ],
    },
    "suivi": {
        "duree": Months(10, 12),
        "part": Decimal("0.5"),
        "nombre": 3,
        "limite": dt.datetime(2026, 7, 10, 12, 0),
        "quand": "2026-10",
        "oui": False,
        "frais": "co_porteurs",
    },
    "bons": [
        {"numero": "1.10", "chef": {"nom": "Sacha", "debut": dt.date(2026, 9, 1)}},
        {"numero": "2", "lignes": [{"prix": "A1", "quantite": Decimal("1.5")}, {"prix": "A2"}]},
    ],
}

NOON = dt.datetime(2026, 7, 10, 12, 30)
Change = Callable[[openpyxl.Workbook], None]


def again(change: Change, data: dict[str, Any] | None = None) -> Fiche:
    """Read the form once somebody has changed it in a spreadsheet program (openpyxl stands for it)."""
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(SCHEMA, SOUND if data is None else data)))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return read_workbook(target.getvalue(), "fiche.xlsx", SCHEMA)


def told(fiche: Fiche) -> list[tuple[str, str | None, str]]:
    return [(one.kind, one.location.champ, one.location.libelle) for one in fiche.faults]


def cell_of(book: openpyxl.Workbook, sheet: str, path: str) -> Any:
    """Return the first cell of a field: on its line, or in its column."""
    if sheet == "Fiche":
        return next(row[2] for row in book[sheet].iter_rows() if row[0].value == path)
    return book[sheet].cell(6, next(one.column for one in book[sheet][3] if one.value == path))


# -- there and back ----------------------------------------------------------------------------


def test_what_the_form_writes_reads_back_as_the_same_data() -> None:
    fiche = read_workbook(write_workbook(SCHEMA, SOUND), "fiche.xlsx", SCHEMA)
    assert (fiche.data, fiche.faults) == (SOUND, ())


def test_the_same_data_gives_the_same_bytes() -> None:
    assert write_workbook(SCHEMA, SOUND) == write_workbook(SCHEMA, SOUND)


def test_an_empty_form_is_an_empty_fiche_and_no_fault() -> None:
    fiche = read_workbook(write_workbook(SCHEMA, {}), "fiche.xlsx", SCHEMA)
    assert (fiche.data, fiche.faults) == ({}, ())


def local_schema() -> FieldSchema:
    return load_fields(RULES / "local" / "champs.yaml", load_fields(RULES / "commun" / "champs.yaml"))


@pytest.mark.parametrize("name", ["complet", "lancement"])
def test_the_form_says_what_the_yaml_fiche_says(name: str) -> None:
    schema = local_schema()
    wanted = read((FIXTURES / name / "dossier.yaml").read_bytes(), "dossier.yaml", schema)
    found = read_workbook(write_workbook(schema, wanted.data), "fiche.xlsx", schema)
    assert (found.data, found.faults) == (wanted.data, wanted.faults)


def words(**size: int) -> st.SearchStrategy[str]:
    made = st.text(
        st.one_of(st.sampled_from("=+-@ ;:'\"é€’«»[]{}#&<>|_x0041"), st.characters(exclude_categories=["C"])),
        **size,
    )
    # openpyxl unescapes « _x005F_ » wherever it stands; nobody types it
    return made.map(lambda one: clean(one).strip()).filter(lambda one: one and "x005F" not in one)


def flat(one: str) -> str:
    return " ".join(one.split())


DATES = st.dates(dt.date(1850, 1, 1), dt.date(2150, 12, 31))
NUMBERS = st.decimals(-(10**9), 10**9, places=3, allow_nan=False)
LEAVES: dict[str, st.SearchStrategy[Any]] = {
    "texte": words(max_size=30),
    "date": DATES,
    "date_heure": st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2150, 1, 1)).map(
        lambda one: one.replace(second=0, microsecond=0)
    ),
    "date_libre": DATES | st.just("2026-10"),
    "entier": st.integers(-(10**14), 10**14),
    "decimal": NUMBERS,
    "booleen": st.booleans(),
    "mois": st.integers(0, 99) | st.just(Months(10, 12)),
    "libre": st.one_of(
        words(max_size=20).filter(lambda one: free_value(one) == one),
        st.dictionaries(words(max_size=8), words(max_size=8) | st.lists(words(max_size=8)), min_size=1),
    ),
}


def values_of(given: Field) -> st.SearchStrategy[Any]:
    if given.type == "groupe":
        group = st.fixed_dictionaries({}, optional={key: values_of(one) for key, one in given.fields.items()})
        one = group.filter(bool)
    elif given.values:
        one = st.sampled_from(given.values)
    elif given.digits:
        one = st.text(string.digits, min_size=given.digits, max_size=given.digits)
    elif given.many and given.type == "texte":
        one = words(max_size=20).map(flat).filter(bool)
    else:
        one = LEAVES[given.type]
    return st.lists(one, min_size=1, max_size=3) if given.many else one


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({}, optional={key: values_of(one) for key, one in SCHEMA.root.fields.items()}))
def test_whatever_is_typed_comes_back(data: dict[str, Any]) -> None:
    found = read_workbook(write_workbook(SCHEMA, data), "fiche.xlsx", SCHEMA)
    assert (found.data, found.faults) == (data, ())


@given(st.lists(words(max_size=12).map(flat).filter(bool), min_size=1, max_size=4))
def test_several_values_in_one_cell_come_apart_again(values: list[str]) -> None:
    wanted = [value for one in values for value in ([one] if one.strip("; ") else [])]
    assert split(joined(wanted)) == wanted


@given(LEAVES["libre"])
def test_a_free_value_comes_back(value: Any) -> None:
    assert free_value(free_text(value)) == value


def test_the_form_saved_by_libreoffice_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "fiche.xlsx").write_bytes(write_workbook(SCHEMA, SOUND))
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless",
            "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(tmp_path / "fiche.xlsx"),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    saved = (tmp_path / "saved" / "fiche.xlsx").read_bytes()
    found = read_workbook(saved, "fiche.xlsx", SCHEMA)
    assert (found.data, found.faults) == (SOUND, ())
    assert first_look(saved) == {"format": "local", "etape": "candidature"}


# -- what the form is --------------------------------------------------------------------------


def test_texts_are_cells_of_format_texte_and_dates_are_dates() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(SCHEMA, SOUND)))
    formats = {
        path: cell_of(book, sheet, path).number_format
        for sheet, path in (("Fiche", "date_depot"), ("Fiche", "suivi.duree"), ("Communes", "code"))
    }
    assert formats == {"date_depot": "dd/mm/yyyy", "suivi.duree": "@", "code": "@"}
    assert cell_of(book, "Fiche", "intitule").data_type == "s"


def test_closed_lists_are_drop_downs_that_say_what_reads_back() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(SCHEMA, SOUND)))
    where = cell_of(book, "Fiche", "suivi.frais").coordinate
    rule = next(one for one in book["Fiche"].data_validations.dataValidation if where in one.sqref)
    letter = rule.formula1.split("$")[1]
    assert [one.value for one in book["Listes"][letter] if one.value] == ["co porteurs", "autre"]
    assert book["Listes"].sheet_state == "veryHidden"


def test_the_lists_of_the_form_have_their_accents() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(local_schema(), {})))
    listed = {str(cell.value) for row in book["Listes"].iter_rows() for cell in row if cell.value}
    assert {"sous-préfet", "associée", "suppléance", "séminaire de lancement"} <= listed
    assert not {one for one in listed if "_" in one} - {"UD_DRIEAT"}
    asked = " ".join(str(cell.value) for row in book["Fiche"].iter_rows() for cell in row if cell.value)
    assert "…." not in asked


def test_marks_are_hidden_and_nothing_is_protected() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(SCHEMA, SOUND)))
    shown = [sheet for sheet in book.worksheets if sheet.title != "Listes"]
    assert [sheet.title for sheet in shown] == ["Fiche", "Bons", "Bons – Lignes", "Communes"]
    assert {sheet.column_dimensions["A"].hidden for sheet in shown} == {True}
    assert {sheet.protection.sheet for sheet in shown} == {False}
    assert book["Communes"].row_dimensions[3].hidden


def test_fields_left_out_stay_when_they_hold_something() -> None:
    bare = openpyxl.load_workbook(io.BytesIO(write_workbook(SCHEMA, {}, leave_out=["bons"])))
    full = openpyxl.load_workbook(io.BytesIO(write_workbook(SCHEMA, SOUND, leave_out=["bons"])))
    assert ("Bons" in bare.sheetnames, "Bons" in full.sheetnames) == (False, True)


def test_a_value_longer_than_a_cell_is_refused_in_french() -> None:
    with pytest.raises(WritingError, match="32767"):
        write_workbook(SCHEMA, {"intitule": "a" * 32_768})


def test_titles_of_sheets_are_short_allowed_and_unlike() -> None:
    long = Field(
        label="Une liste [très] longue : au-delà de trente et un signes", many=True, fields={"a": text("A")}
    )
    form = form_of(FieldSchema(root=Field(fields={"un": long, "deux": long})))
    titles = [one.sheet for one in form.tables]
    assert all(len(one) <= 31 and not set("[]:*?/\\") & set(one) for one in titles)
    assert len(set(titles)) == 2


# -- what people do to it ----------------------------------------------------------------------


def test_a_changed_label_and_moved_lines_and_columns_are_still_read() -> None:
    def change(book: openpyxl.Workbook) -> None:
        cell = cell_of(book, "Fiche", "intitule")
        book["Fiche"].cell(cell.row, 2).value = "Nom de l’atelier"
        book["Fiche"].move_range(f"A{cell.row}:D{cell.row}", rows=60)
        sheet = book["Communes"]
        kept = {column: [sheet.cell(row, column).value for row in range(3, 9)] for column in (2, 3)}
        for column, other in ((2, 3), (3, 2)):
            for row in range(3, 9):
                sheet.cell(row, column).value = kept[other][row - 3]

    fiche = again(change)
    assert (fiche.data, fiche.faults) == (SOUND, ())


def test_a_form_that_lost_its_marks_is_read_by_its_labels() -> None:
    def change(book: openpyxl.Workbook) -> None:
        for sheet in book.worksheets:
            if sheet.title in ("Fiche", "Communes"):
                sheet.delete_cols(1)
        book["Communes"].delete_rows(3)
        book["Communes"].delete_rows(4)
        del book["Bons – Lignes"], book["Bons"]

    data = {key: value for key, value in SOUND.items() if key != "bons"}
    fiche = again(change, data)
    assert (fiche.data["lieu"]["communes"], fiche.data["suivi"]) == (
        SOUND["lieu"]["communes"],
        SOUND["suivi"],
    )


def test_blank_rows_are_skipped_and_a_line_put_in_by_hand_is_read() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Communes"].cell(12, 2).value = "53097"
        last = [row for row in book["Fiche"].iter_rows() if row[0].value == "lieu.buts"][-1][0].row
        book["Fiche"].insert_rows(last + 1)
        book["Fiche"].cell(last + 1, 3).value = "Encore un"

    fiche = again(change)
    assert fiche.data["lieu"]["communes"][2] == {"code": "53097"}
    assert fiche.data["lieu"]["buts"] == ["Choisir ; puis agir", "Écrire", "Encore un"]
    assert fiche.lines["lieu.communes.2.code"].libelle == "fiche.xlsx, feuille « Communes », cellule B12"


@pytest.mark.parametrize(
    ("value", "code", "field", "expected"),
    [
        (11.0, "General", "suivi.duree", 11),
        (0.5, "General", "suivi.part", Decimal("0.5")),
        (1.0, "0%", "suivi.part", Decimal("100")),
        (0.1 + 0.2, "General", "suivi.part", Decimal("0.3")),
        ("100 000,50", "@", "suivi.part", Decimal("100000.50")),
        (3.0, "0", "suivi.nombre", 3),
        (True, "General", "suivi.oui", True),
        ("Non", "@", "suivi.oui", False),
        (dt.datetime(2026, 10, 14), "dd/mm/yyyy", "suivi.quand", dt.date(2026, 10, 14)),
        (dt.datetime(2026, 10, 1), "mmm-yy", "suivi.quand", "2026-10"),
        ("10/2026", "@", "suivi.quand", "2026-10"),
        ("octobre 2026", "@", "suivi.quand", "2026-10"),
        ("14/10/2026", "@", "suivi.quand", dt.date(2026, 10, 14)),
        (NOON, "dd/mm/yyyy hh:mm", "suivi.limite", NOON),
        ("Co-porteurs", "@", "suivi.frais", "co_porteurs"),
        (2020, "General", "intitule", "2020"),
        (1004, "00000", "intitule", "01004"),
        (200000000, '0#" "##" "##" "##" "##', "intitule", "0200000000"),
        (dt.datetime(2026, 3, 12), "dd/mm/yyyy", "intitule", "12/03/2026"),
        ("ligne 1_x000D_\nligne 2", "@", "intitule", "ligne 1\nligne 2"),
    ],
)  # fmt: skip
def test_a_value_is_what_the_spreadsheet_shows(value: Any, code: str, field: str, expected: Any) -> None:
    def change(book: openpyxl.Workbook) -> None:
        cell = cell_of(book, "Fiche", field)
        cell.value, cell.number_format = value, code

    fiche = again(change)
    found: Any = fiche.data
    for step in field.split("."):
        found = found[step]
    assert (found, fiche.faults) == (expected, ())


@pytest.mark.parametrize(
    ("sheet", "field", "value", "code", "said"),
    [
        ("Communes", "code", 1004, "General", "Excel a retiré le zéro initial : écrivez 01004"),
        ("Communes", "code", 104, "General", "on attend 5 chiffres"),
        ("Fiche", "intitule", 1.1, "General", "a lu un nombre (1,1) au lieu d’un texte"),
        ("Fiche", "suivi.duree", dt.datetime(2026, 12, 10), "d-mmm", "pour une date (10/12/2026)"),
        ("Fiche", "intitule", dt.datetime(2026, 3, 1), "mmm-yy", "a pris cette valeur pour une date"),
        ("Fiche", "suivi.duree", "onze", "@", "« onze » ne convient pas"),
        ("Fiche", "suivi.duree", 11.5, "General", "« 11.5 » ne convient pas"),
        ("Fiche", "suivi.nombre", "#N/A", "General", "contient l’erreur « #N/A »"),
        ("Fiche", "suivi.nombre", "=1+2", "General", "formule dont le résultat n’est pas enregistré"),
        ("Fiche", "intitule", dt.time(12, 30), "hh:mm", "une heure ou une durée"),
        ("Fiche", "suivi.limite", dt.datetime(2026, 7, 10), "dd/mm/yyyy", "une date et une heure"),
        ("Fiche", "suivi.frais", "co-porteur", "@", "la plus proche est « co_porteurs »"),
    ],
)  # fmt: skip
def test_what_the_spreadsheet_spoilt_is_reported_at_its_cell(
    sheet: str, field: str, value: Any, code: str, said: str
) -> None:
    places = []

    def change(book: openpyxl.Workbook) -> None:
        cell = cell_of(book, sheet, field)
        cell.value, cell.number_format = value, code
        places.append(cell.coordinate)

    fiche = again(change)
    path = field if sheet == "Fiche" else f"lieu.communes.0.{field}"
    assert told(fiche) == [("type", path, f"fiche.xlsx, feuille « {sheet} », cellule {places[0]}")]
    assert (fiche.faults[0].location.feuille, fiche.faults[0].location.cellule) == (sheet, places[0])
    assert said in fiche.faults[0].message


def test_several_codes_in_one_cell_are_several_codes() -> None:
    def change(book: openpyxl.Workbook) -> None:
        cell_of(book, "Fiche", "lieu.codes").value = "53 ; 61"

    assert again(change).data["lieu"]["codes"] == ["53", "61", "2A"]


def test_unknown_lines_columns_and_sheets_are_told_with_the_nearest() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Fiche"]["B90"], book["Fiche"]["C90"] = "Intitulle", "X"
        book["Fiche"]["C92"] = "perdu"
        book["Communes"]["F4"], book["Communes"]["F6"] = "Nomm", "X"
        book["Communes"]["H7"] = "sans titre"
        book.create_sheet("Notes")["A1"] = "à faire"
        book.create_sheet("Vide")

    fiche = again(change)
    assert fiche.data == SOUND
    assert [(one.kind, one.location.cellule) for one in fiche.faults] == [
        ("champ", "F4"),
        ("champ", "H7"),
        ("champ", "C90"),
        ("champ", "C92"),
        ("champ", "A1"),
    ]
    messages = " ".join(one.message for one in fiche.faults)
    assert "vouliez-vous dire « Nom » ?" in messages
    assert "vouliez-vous dire « Intitulé » ?" in messages
    assert "La feuille « Notes » n’est pas lue" in messages


def test_a_field_filled_in_twice_and_a_copied_sheet_are_told() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Fiche"]["A90"], book["Fiche"]["C90"] = "intitule", "Autre"
        book.copy_worksheet(book["Communes"])

    fiche = again(change)
    assert fiche.data == SOUND
    assert [one.message.split(" : ")[0] for one in fiche.faults] == [
        "Le champ « Intitulé » est rempli deux fois",
        "La feuille « Communes Copy » n’est pas lue",
    ]


def test_merged_cells_that_hide_values_are_told() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Communes"].merge_cells("C6:C7")
        book["Fiche"].merge_cells("C1:D1")

    fiche = again(change)
    assert told(fiche) == [("type", "lieu.communes.0.nom", "fiche.xlsx, feuille « Communes », cellule C6")]
    assert "fusionnées" in fiche.faults[0].message


def test_a_row_of_an_inner_list_says_which_row_it_belongs_to() -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = book["Bons – Lignes"]
        sheet["B6"], sheet["B7"] = 1, None

    fiche = again(change)
    assert fiche.data["bons"][0]["lignes"] == [{"prix": "A1", "quantite": Decimal("1.5")}]
    assert told(fiche) == [("type", "bons.lignes", "fiche.xlsx, feuille « Bons – Lignes », cellule C7")]
    assert "feuille « Bons »" in fiche.faults[0].message


# -- what is no form ---------------------------------------------------------------------------


def bare_workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "Budget"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def rewritten(content: bytes, **members: bytes) -> bytes:
    """Return a package in which some members are replaced (« / » written « __ »)."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, members.get(name.replace("/", "__").replace(".", "_"), old.read(name)))
    return target.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x">]><sst>&b;</sst>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bare_workbook(), "n’est pas le formulaire de la fiche"),
        (b"", "vide"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ""),
        (b"<html>", "n’est pas"),
        (write_workbook(SCHEMA, SOUND)[:9000], ""),
        (rewritten(write_workbook(SCHEMA, SOUND), xl__styles_xml=b"<styleSheet/>"), ""),
        (rewritten(write_workbook(SCHEMA, SOUND), xl__theme__theme1_xml=BOMB), "DOCTYPE"),
    ],
)
def test_a_file_that_cannot_be_read_gives_one_fault_of_reading(content: bytes, said: str) -> None:
    fiche = read_workbook(content, "fiche.xlsx", SCHEMA)
    assert [(one.kind, one.location.libelle) for one in fiche.faults] == [("lecture", "fiche.xlsx")]
    assert said in fiche.faults[0].message
    assert first_look(content) in ({}, {"format": "local", "etape": "candidature"})


def test_a_sheet_beyond_the_bounds_is_refused_and_empty_formats_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def far(value: Any) -> bytes:
        book = openpyxl.Workbook()
        book.active["A1"] = "x"
        cell = book.active.cell(1_000_000, 2)
        cell.value, cell.number_format = value, "@"
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()

    assert [one.title for one in load_cells(far(None))] == ["Sheet"]
    with pytest.raises(ReadingError, match="au-delà"):
        load_cells(far("loin"))
    monkeypatch.setattr(cells, "MAX_BYTES", 1_000)
    with pytest.raises(ReadingError, match="dépasse"):
        load_cells(write_workbook(SCHEMA, SOUND))


def test_the_merger_of_a_whole_sheet_costs_nothing() -> None:
    content = write_workbook(SCHEMA, SOUND)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheet = package.read("xl/worksheets/sheet2.xml")
    merged = sheet.replace(
        b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    )
    assert merged != sheet
    fiche = read_workbook(rewritten(content, xl__worksheets__sheet2_xml=merged), "fiche.xlsx", SCHEMA)
    assert fiche.data == SOUND
