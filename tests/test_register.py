"""The register: rows that follow their dossiers, and all that people add to it kept."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
from bureautique import converted
from lots import TODAY, passed, put
from navigateur import violations
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from test_rendering_xlsx import differences, recalculated

from assembler.batch import Pass, lines_of, summary_lines
from assembler.batch.entry import Entry
from assembler.batch.finding import Found
from assembler.batch.register import COLUMNS, Row, merged, tally
from assembler.batch.registerhtml import page
from assembler.batch.registerxlsx import Standing, read_register, written
from assembler.errors import WritingError

LATER = TODAY + dt.timedelta(days=9)


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


def entry(verdict: str = "conforme", **given: object) -> Entry:
    return Entry(**{"verdict": verdict, "exit_code": 0, "controle": TODAY.isoformat(), **given})  # type: ignore[arg-type]


def found(**entries: Entry) -> list[tuple[Found, Entry]]:
    return [(Found(path=Path(name), name=name), one) for name, one in entries.items()]


def book_of(pairs: list[tuple[Found, Entry]], before: bytes = b"", today: dt.date = TODAY) -> bytes:
    """The register after a pass, over the one that stood."""
    standing = read_register(before) if before else Standing()
    return written(standing, merged(pairs, standing.rows, today), today)[0]


def rows_after(pairs: list[tuple[Found, Entry]], before: bytes, today: dt.date = LATER) -> dict[str, Row]:
    standing = read_register(before)
    return {row.name: row for row in merged(pairs, standing.rows, today)}


def sheet_of(content: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def table_of(content: bytes) -> dict[str, dict[str, object]]:
    """The rows of a register by path, each value under its heading."""
    heading, *rows = sheet_of(content).iter_rows(values_only=True)
    told = [dict(zip(map(str, heading), row, strict=True)) for row in rows]
    return {str(row["Chemin"]): row for row in told}


def edited(content: bytes, edit: Callable[[Worksheet], None]) -> bytes:
    """What a spreadsheet saves after somebody's changes."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book.worksheets[0])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


# --- rows ---------------------------------------------------------------------------------------


def test_a_first_register_says_of_no_dossier_that_it_changed() -> None:
    rows = merged(found(a=entry(), b=entry("a_completer", bloquants=("LO-DUR-004",))), (), TODAY)
    assert [(row.change, row.values["depuis"], row.values["points"]) for row in rows] == [
        ("", TODAY, 0),
        ("", TODAY, 1),
    ]


def test_since_when_holds_as_long_as_the_verdict() -> None:
    before = book_of(found(a=entry(), b=entry("a_completer", bloquants=("X-A-001",))))
    after = rows_after(found(a=entry(), b=entry()), before)
    assert (after["a"].values["depuis"], after["a"].change) == (TODAY, "")
    assert (after["b"].values["depuis"], after["b"].change) == (LATER, "avant : à compléter, réglé : X-A-001")
    assert after["b"].values["changement"] == "10/04/2026, avant : à compléter, réglé : X-A-001"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (("X-A-001", "X-A-002"), ("X-A-002", "X-A-003"), "réglé : X-A-001, apparu : X-A-003"),
        (("X-A-001", "X-A-002"), ("X-A-003", "X-A-004", "X-A-005"), "2 réglés, 3 apparus"),
    ],
)
def test_the_rules_at_fault_that_changed_are_told(
    before: tuple[str, ...], after: tuple[str, ...], told: str
) -> None:
    standing = book_of(found(a=entry("a_completer", bloquants=before)))
    assert rows_after(found(a=entry("a_completer", bloquants=after)), standing)["a"].change == told


def test_a_decision_and_a_new_dossier_are_told() -> None:
    standing = book_of(found(a=entry()))
    after = rows_after(found(a=entry(decision="eligible le 02/04/2026"), b=entry()), standing)
    assert (after["a"].change, after["b"].change) == ("décision : eligible le 02/04/2026", "nouveau")


def test_a_dossier_that_was_moved_keeps_its_row_by_its_reference() -> None:
    standing = book_of(found(a=entry(reference="ADT-1"), b=entry(reference="ADT-2")))
    after = rows_after(found(z=entry(reference="ADT-1"), b=entry(reference="ADT-2")), standing)
    assert sorted(after) == ["b", "z"]
    assert (after["z"].number, after["z"].change) == (2, "avant dans « a »")


def test_two_dossiers_of_one_reference_do_not_take_each_other_s_row() -> None:
    standing = book_of(found(a=entry(reference="ADT-1"), b=entry(reference="ADT-1")))
    after = rows_after(found(z=entry(reference="ADT-1")), standing)
    assert {name: row.kind for name, row in after.items()} == {"z": "conforme", "a": "absent", "b": "absent"}


def test_a_dossier_that_is_gone_stays_in_words_and_comes_back() -> None:
    standing = book_of(found(a=entry("a_completer", bloquants=("X-A-001",)), b=entry()))
    gone = book_of(found(b=entry()), standing, LATER)
    assert table_of(gone)["a"]["Verdict"] == "Absent depuis le 10/04/2026"
    assert sheet_of(gone).cell(2, 5).font.italic
    still = book_of(found(b=entry()), gone, LATER + dt.timedelta(days=1))
    assert table_of(still)["a"]["Verdict"] == "Absent depuis le 10/04/2026"
    back = rows_after(found(a=entry(), b=entry()), still)
    assert back["a"].change.startswith("de retour")
    again = book_of(found(a=entry(), b=entry()), still, LATER)
    assert (table_of(again)["a"]["Verdict"], sheet_of(again).cell(2, 5).font.italic) == (
        "Aucun point bloquant relevé",
        False,
    )


def test_the_tally_agrees() -> None:
    rows = merged(found(a=entry("non_concluant"), b=entry("non_concluant"), c=entry("a_voir")), (), TODAY)
    assert tally(rows) == "2 incomplets, 1 à finir à l’œil"
    rows = merged(
        found(a=entry("rien"), b=entry("rien"), c=entry("illisible"), d=entry("illisible")), (), TODAY
    )
    assert tally(rows) == "2 illisibles, 2 sans rien à contrôler"


# --- the workbook -------------------------------------------------------------------------------


def test_a_new_register_is_ready_to_sort_and_filter() -> None:
    sheet = sheet_of(book_of(found(a=entry(), b=entry())))
    assert [cell.value for cell in sheet[1]] == [column.heading for column in COLUMNS.values()]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:R3")


def test_no_text_of_a_dossier_becomes_a_formula() -> None:
    content = book_of(found(a=entry(intitule="=1+1", reference="@x", remarque="+2")))
    cells = sheet_of(content)[2]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
    assert table_of(content)["a"]["Intitulé"] == "=1+1"


def test_what_people_added_survives(tmp_path: Path) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.cell(1, 19).value = "Suivi par"
        sheet.cell(2, 19).value = "Camille Exemple"
        sheet.cell(1, 20).value = "Jours"
        sheet.cell(2, 20).value = "=L2-I2"
        sheet.column_dimensions["S"].width = 33
        sheet.column_dimensions["B"].width = 77
        sheet.row_dimensions[2].height = 41
        sheet.cell(3, 2).comment = Comment("À rappeler lundi", "Camille Exemple")
        sheet.auto_filter.add_filter_column(4, ["À compléter"])
        sheet.parent.create_sheet("Notes").cell(1, 1).value = "à moi"

    first = book_of(found(a=entry(depose="2026-03-02"), b=entry("a_completer", bloquants=("X-A-001",))))
    (tmp_path / "registre.xlsx").write_bytes(edited(first, edit))
    (saved,) = converted(tmp_path, [tmp_path / "registre.xlsx"], "xlsx", "xlsx")  # the formula is calculated
    after = book_of(found(a=entry(depose="2026-03-02"), b=entry(), c=entry()), saved.read_bytes(), LATER)
    sheet = sheet_of(after)
    assert [sheet.cell(row, 19).value for row in (1, 2, 3, 4)] == ["Suivi par", "Camille Exemple", None, None]
    assert round(sheet.column_dimensions["S"].width) == 33
    assert round(sheet.column_dimensions["B"].width) == 77
    assert abs((sheet.row_dimensions[2].height or 0) - 41) < 1  # LibreOffice counts in pixels
    assert sheet.cell(3, 2).comment is not None
    assert "À rappeler lundi" in sheet.cell(3, 2).comment.text
    assert (sheet.auto_filter.ref, len(sheet.auto_filter.filterColumn)) == ("A1:T4", 1)
    assert sheet.parent["Notes"]["A1"].value == "à moi"
    assert [sheet.cell(row, 5).style for row in (1, 2, 4)] == ["En-tête", *["Verdict conforme"] * 2]
    assert [row["Verdict"] for row in table_of(after).values()] == ["Aucun point bloquant relevé"] * 3
    assert differences(after, recalculated(tmp_path, {"apres": after})["apres"]) == (1, [])


def test_a_title_above_moved_columns_and_sorted_rows_are_followed() -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.insert_rows(1, 2)
        sheet.insert_cols(1)
        sheet.cell(1, 1).value = "Ateliers de l’année"
        sheet.cell(3, 1).value = "Mon rang"
        below, above = ([cell.value for cell in sheet[row]] for row in (5, 4))
        for row, values in ((4, below), (5, above)):
            for number, value in enumerate(values, 1):
                sheet.cell(row, number).value = value
        sheet.cell(4, 1).value = "un"

    first = edited(book_of(found(a=entry(), b=entry("a_completer", bloquants=("X-A-001",)))), edit)
    after = sheet_of(book_of(found(a=entry(), b=entry()), first, LATER))
    assert [after.cell(4, column).value for column in (1, 6, 19)] == [
        "un",
        "Aucun point bloquant relevé",
        "b",
    ]
    assert (after.max_row, after.cell(1, 1).value) == (5, "Ateliers de l’année")


def test_a_column_of_ours_that_was_removed_comes_back_last() -> None:
    first = edited(book_of(found(a=entry())), lambda sheet: sheet.delete_cols(1))
    heading = [cell.value for cell in sheet_of(book_of(found(a=entry()), first))[1]]
    assert (heading[0], heading[-1]) == ("Intitulé", "Référence")


def test_a_table_made_by_a_person_takes_the_new_rows_in() -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.auto_filter.ref = None
        sheet.add_table(Table(displayName="Suivi", ref="A1:R2"))

    first = edited(book_of(found(a=entry())), edit)
    sheet = sheet_of(book_of(found(a=entry(), b=entry()), first))
    assert (sheet.tables["Suivi"].ref, sheet.auto_filter.ref) == ("A1:R3", None)


def test_the_filter_takes_in_the_columns_that_people_add_on_both_sides() -> None:
    def edit(sheet: Worksheet) -> None:
        sheet.insert_cols(1)
        sheet.cell(1, 1).value = "Mon rang"
        sheet.cell(2, 20).value = "une note sans titre"
        sheet.auto_filter.ref = "B1:S2"
        sheet.auto_filter.add_filter_column(4, ["À compléter"])

    after = sheet_of(book_of(found(a=entry(), b=entry()), edited(book_of(found(a=entry())), edit)))
    assert (after.auto_filter.ref, [one.colId for one in after.auto_filter.filterColumn]) == ("A1:T3", [5])


def test_what_is_typed_over_our_columns_is_kept_in_one_of_their_own_and_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, register = put(tmp_path / "p", a="complet"), tmp_path / "p" / "registre.xlsx"
    monkeypatch.setattr("assembler.batch.placing.opened", lambda _: "")
    passed(parent, monkeypatch)

    def edit(sheet: Worksheet) -> None:
        sheet["E2"], sheet["L2"], sheet["Q2"] = "vu avec Camille", dt.date(2026, 1, 2), "À rappeler"

    register.write_bytes(edited(register.read_bytes(), edit))
    told = passed(parent, monkeypatch, today=LATER)
    row = table_of(register.read_bytes())["a"]
    assert row["Écrit à la main"] == (
        "Verdict : vu avec Camille\nEn l’état depuis : 2026-01-02\nCe que dit l’outil : À rappeler"
    )
    assert (row["Verdict"], row["En l’état depuis"]) == (
        "Aucun point bloquant relevé",
        dt.datetime.combine(TODAY, dt.time()),
    )
    assert [one.change for one in told.rows] == [""]
    assert ["« a » : Verdict, En l’état depuis" in note.replace("\u00a0", " ") for note in told.notes] == [
        True
    ]
    register.write_bytes(edited(register.read_bytes(), lambda sheet: setattr(sheet["E2"], "value", "encore")))
    assert len(passed(parent, monkeypatch).notes) == 1
    assert table_of(register.read_bytes())["a"]["Écrit à la main"].splitlines()[-1] == "Verdict : encore"  # type: ignore[attr-defined]
    register.write_bytes(edited(register.read_bytes(), lambda sheet: None))
    assert passed(parent, monkeypatch).notes == ()


def test_a_column_named_remark_is_people_s() -> None:
    def edit(sheet: Worksheet) -> None:
        sheet["S1"], sheet["S2"] = "Remarque", "à moi"

    after = book_of(found(a=entry(remarque="de l’outil")), edited(book_of(found(a=entry())), edit))
    assert (table_of(after)["a"]["Remarque"], table_of(after)["a"]["Ce que dit l’outil"]) == (
        "à moi",
        "de l’outil",
    )


def test_a_broken_seal_strikes_the_eye_everywhere(tmp_path: Path) -> None:
    sealed = found(a=entry(), intact=entry(sceau="identique"), rompu=entry(sceau="identique"))
    before = book_of(sealed)
    pairs = found(a=entry(), intact=entry(sceau="identique"), rompu=entry(sceau="modifie"))
    rows = merged(pairs, read_register(before).rows, LATER)
    assert [row.altered for row in rows] == ["", "", "modifié après scellement"]
    lines = [line for row in rows for line in lines_of(row)]
    assert lines[1:] == [
        "rien de bloquant   intact",
        "rien de bloquant   rompu  !! modifié après scellement, sceau rompu",
    ]
    done = Pass(rows=tuple(rows), codes=(), read=3, written=(), notes=())
    assert "!! « rompu » (modifié après scellement)" in " ".join(summary_lines(done)).replace("\u00a0", " ")
    after = book_of(pairs, before, LATER)
    table = table_of(after)
    assert [table[name]["Sceau"] for name in ("a", "intact", "rompu")] == [
        None,
        "Intact",
        "Modifié après scellement",
    ]
    assert [sheet_of(after).cell(row, 6).font.bold for row in (3, 4)] == [False, True]
    mended = book_of(sealed, after, LATER)
    assert sheet_of(mended).cell(4, 6).font.bold is False
    text = page(rows, tmp_path, tmp_path, LATER).decode()
    assert re.findall(r'href="\./(\w+)"', text) == ["rompu", "a", "intact"]
    assert "⚠ Modifié après scellement" in text


def test_merged_cells_over_a_row_do_not_stop_it() -> None:
    first = edited(book_of(found(a=entry(), b=entry())), lambda sheet: sheet.merge_cells("D2:F3"))
    after = table_of(book_of(found(a=entry("a_voir"), b=entry()), first))
    assert [row["Verdict"] for row in after.values()] == ["À finir à l’œil", "Aucun point bloquant relevé"]


# --- where it goes ------------------------------------------------------------------------------


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    return put(tmp_path / "p", a="complet")


def names(parent: Path) -> list[str]:
    return sorted(one.name for one in parent.glob("*registre*") if one.is_file())


@pytest.mark.parametrize("owner", ["~$gistre.xlsx", "~$registre.xlsx", ".~lock.registre.xlsx#"])
def test_a_register_open_in_a_spreadsheet_is_left_and_the_new_one_goes_beside(
    owner: str, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed(parent, monkeypatch)
    before = (parent / "registre.xlsx").read_bytes()
    (parent / owner).write_bytes(b"\x07Camille")
    shutil.copytree(parent / "a", parent / "b")
    for _ in range(2):  # the proposal of the first pass makes room for that of the second
        done = passed(parent, monkeypatch, everything=True)
        assert (parent / "registre.xlsx").read_bytes() == before
        assert [note for note in done.notes if "registre (proposition 2).xlsx" in note] != []
    (parent / owner).unlink()
    assert "registre (proposition 2).xlsx" in names(parent)
    assert "registre (proposition 3).xlsx" not in names(parent)
    assert sorted(table_of((parent / "registre (proposition 2).xlsx").read_bytes())) == ["a", "b"]


def test_a_proposal_that_somebody_took_up_is_left_too(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed(parent, monkeypatch)
    first = (parent / "registre.xlsx").read_bytes()
    taken = edited(first, lambda sheet: setattr(sheet.cell(1, 30), "value", "à moi"))
    (parent / "registre (proposition 2).xlsx").write_bytes(taken)
    (parent / "~$registre.xlsx").write_bytes(b"")
    shutil.copytree(parent / "a", parent / "b")
    passed(parent, monkeypatch)
    assert (parent / "registre (proposition 2).xlsx").read_bytes() == taken
    assert "registre (proposition 3).xlsx" in names(parent)


def test_an_absent_dossier_is_listed_until_somebody_removes_its_row(
    parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(parent / "a", parent / "b")
    passed(parent, monkeypatch)
    shutil.rmtree(parent / "b")
    told = [[(row.name, row.change) for row in passed(parent, monkeypatch).rows] for _ in range(3)]
    assert told == [[("a", ""), ("b", "n’y est plus")], *[[("a", ""), ("b", "")]] * 2]
    register = parent / "registre.xlsx"
    register.write_bytes(edited(register.read_bytes(), lambda sheet: sheet.delete_rows(3)))
    assert [[row.name for row in passed(parent, monkeypatch).rows] for _ in range(2)] == [["a"]] * 2


def with_picture(content: bytes) -> bytes:
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("xl/media/image1.png", b"x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda content: content[:-300], "n’est pas modifié"),
        (lambda _: b"", "n’est pas modifié"),
        (lambda _: b"pas un classeur", "n’est pas modifié"),
        (with_picture, "des images"),
        (lambda content: edited(content, lambda sheet: sheet.delete_rows(1)), "n’a les colonnes"),
    ],
    ids=["cut", "empty", "text", "picture", "foreign"],
)
def test_a_register_that_cannot_be_written_again_is_never_lost(
    damage: Callable[[bytes], bytes], told: str, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed(parent, monkeypatch)
    hurt = damage((parent / "registre.xlsx").read_bytes())
    (parent / "registre.xlsx").write_bytes(hurt)
    done = passed(parent, monkeypatch)
    assert (parent / "registre.xlsx").read_bytes() == hurt
    assert [note for note in done.notes if told in note.replace("\u00a0", " ")] != []
    assert "registre (proposition 2).xlsx" in names(parent)


def test_a_register_that_can_be_written_nowhere_hides_no_verdict(
    parent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fichier").write_bytes(b"")
    done = passed(parent, monkeypatch, output=tmp_path / "fichier")
    assert (done.codes, [row.name for row in done.rows], len(done.notes)) == ((0, 4), ["a"], 1)


def test_what_a_pass_leaves_is_read_by_no_pass(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed(parent, monkeypatch, output=parent / "suivi")
    assert [row.name for row in passed(parent, monkeypatch, output=parent / "suivi").rows] == ["a"]


def test_the_journal_of_a_dossier_shows_in_its_row(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = parent / "a" / "sortie" / ".assemble" / "journal.jsonl"
    journal.parent.mkdir(parents=True)
    line = {"qui": "camille", "quand": "2026-03-30T10:00:00+02:00", "documents": [{"nom": "a/x.docx"}]}
    journal.write_text(json.dumps(line) + "\n", encoding="utf-8")
    (row,) = passed(parent, monkeypatch).rows
    assert row.values["operation"] == "30/03/2026, camille : 1 document"


# --- the page -----------------------------------------------------------------------------------

ODD = "été 100 % n°1 #2 ?&<b> a"


def test_the_page_is_accessible_and_puts_first_what_waits(tmp_path: Path) -> None:
    pairs = found(
        bon=entry(intitule="Atelier <b>bon</b>", depose="2026-01-02"),
        recent=entry("a_completer", bloquants=("X-A-001",), depose="2026-03-02"),
        ancien=entry("a_completer", bloquants=("X-A-001",), depose="2026-01-02"),
        panne=entry("erreur", exit_code=70, remarque="Erreur de l’outil"),
        vide=entry("rien", exit_code=5, remarque="vide"),
        oeil=entry("a_voir"),
        incomplet=entry("non_concluant"),
        casse=entry("illisible", exit_code=5, remarque="« casse » ne s’ouvre pas"),
    )
    standing = read_register(book_of([*pairs, *found(parti=entry())]))
    content = page(merged(pairs, standing.rows, LATER), tmp_path, tmp_path, LATER)
    assert violations(tmp_path, content) == []
    text = content.decode()
    order = ["panne", "casse", "ancien", "recent", "incomplet", "oeil", "vide", "bon"]
    assert re.findall(r'href="\./(\w+)"', text) == order
    assert "Absent depuis le 10/04/2026" in text
    assert "Atelier &lt;b&gt;bon&lt;/b&gt;" in text
    assert "<script" not in text


def test_each_link_leads_to_its_dossier_from_where_the_page_stands(tmp_path: Path) -> None:
    (tmp_path / "p" / ODD).mkdir(parents=True)
    (tmp_path / "suivi").mkdir()
    rows = merged([(Found(path=tmp_path / "p" / ODD, name=ODD), entry())], (), TODAY)
    text = page(rows, tmp_path / "suivi", tmp_path / "p", TODAY).decode()
    (link,) = re.findall(r'href="(\./[^"]+)"', text)
    assert os.path.isdir(tmp_path / "suivi" / unquote(link))  # noqa: PTH112 - « .. » is the system's to follow
    assert not re.search(r"[ %](?![0-9A-F]{2})|[#?<]", link)


def test_where_nothing_can_be_written_the_register_is_named_and_another_folder_offered(
    parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed(parent, monkeypatch)
    (parent / "b").mkdir()

    def refused(path: Path, _content: bytes) -> None:
        raise WritingError(f"Pas le droit d’écrire « {path.name} ».")

    monkeypatch.setattr("assembler.batch.placing.write_atomic", refused)
    (told,) = passed(parent, monkeypatch).notes
    assert told == (
        "Registre : Pas le droit d’écrire « registre.xlsx ». Ou écrivez-le ailleurs, avec --sortie."
    )


def test_a_journal_that_cannot_be_written_hides_no_register(
    parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (parent / ".assemble" / "journal.jsonl").mkdir(parents=True)
    done = passed(parent, monkeypatch)
    assert (len(done.written), done.codes) == (2, (0,))
    assert [note.startswith("Le journal n’est pas tenu : ") for note in done.notes] == [True]
