"""``assemble nouveau FORMAT DOSSIER``: a folder ready to work in, where nothing that stood is changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from assembler_plugins.territoire.saisie import territoire
from bureautique import converted
from conftest import OURS as PLUGINS
from conftest import tiny_format, tiny_plugin
from dossiers import copied

from assembler.contributions import Piece
from assembler.errors import UsageError, WritingError
from assembler.fiche import read
from assembler.fichexlsx.reading import read_workbook
from assembler.folder import CHECK_CMD, PRODUCE_CMD, README, open_folder
from assembler.journal import last_lines
from assembler.locking import Lock
from assembler.manager import Plugins
from assembler.pipeline import Checked, Order, Request, check_dossier
from assembler.sealing import seal
from assembler.starting import Started, start

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
TODAY = dt.date(2026, 4, 1)
OURS = ("pieces-signees/", CHECK_CMD, PRODUCE_CMD, README)
FRAMES = {
    "local": "Note d’opportunité.docx",
    "flash": "Fiche de candidature.docx",
    "thematique": "Manifestation d’intérêt.docx",
}


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


def started(plugins: Plugins, folder: Path, format_id: str = "local", **more: Any) -> Started:
    return start(plugins, plugins.formats()[format_id], folder, TODAY, **more)


def checked(plugins: Plugins, folder: Path) -> Checked:
    return check_dossier(folder, plugins, Request(today=TODAY))


def schema(plugins: Plugins, format_id: str = "local") -> Any:
    return plugins.formats()[format_id].fiche


def prints(folder: Path) -> dict[str, str]:
    return {
        one.relative_to(folder).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in folder.rglob("*")
        if one.is_file()
    }


def run(*arguments: str, folder: Path, module: str = "assembler") -> tuple[int, str]:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, encoding="utf-8")
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def test_a_new_dossier_has_the_folders_that_its_pieces_ask_for_and_no_other(tmp_path: Path) -> None:
    pieces = (
        Piece(id="plan", title="plan", names=(r"\bplan\b",), folders=("Pieces_ecrites/3_Reglement",)),
        Piece(id="annexe", title="annexe", many=True, folders=("Pieces_ecrites/4_Annexes",)),
    )
    plugins = Plugins(disabled=PLUGINS, extra={"petit": tiny_plugin(tiny_format(pieces=pieces))})
    done = started(plugins, tmp_path / "neuf", "tout_petit")
    assert done.written[:2] == ("Pieces_ecrites/3_Reglement/", "Pieces_ecrites/4_Annexes/")
    assert set(done.written[2:]) == {CHECK_CMD, PRODUCE_CMD, README}
    told = (tmp_path / "neuf" / README).read_text(encoding="utf-8-sig")
    assert "1. Rangez chaque pièce dans son dossier." in told
    assert "pieces-signees" not in told


@pytest.mark.parametrize("format_id", sorted(FRAMES))
def test_a_new_dossier_holds_all_that_is_needed_to_begin(
    plugins: Plugins, tmp_path: Path, format_id: str
) -> None:
    done = started(plugins, tmp_path / "neuf", format_id)
    assert set(done.written) == {*OURS, "fiche.xlsx", FRAMES[format_id]}
    assert done.kept == ()
    found = checked(plugins, tmp_path / "neuf")
    assert found.dossier is not None
    assert (found.dossier.format, found.dossier.step) == (format_id, "candidature")
    assert {one.kind for one in found.dossier.faults} == {"vide"}
    assert [one.name for one in found.dossier.sources] == [FRAMES[format_id]]
    piece = next(one.piece for one in plugins.formats()[format_id].documents if one.piece)
    assert found.dossier.sources[0].piece == piece


def test_a_fiche_in_text_is_asked_for_with_an_option(plugins: Plugins, tmp_path: Path) -> None:
    done = started(plugins, tmp_path, as_text=True)
    assert {"dossier.yaml", "fiche.xlsx"} & set(done.written) == {"dossier.yaml"}
    found = read((tmp_path / "dossier.yaml").read_bytes(), "dossier.yaml", schema(plugins))
    assert (found.data, found.faults) == ({"format": "local", "etape": "candidature"}, ())
    assert "d’abord les lignes « Obligatoire »".replace(" ", "") in "".join(
        (tmp_path / README).read_text(encoding="utf-8-sig").split()
    )


def test_a_folder_that_holds_pieces_is_read_and_not_changed(plugins: Plugins, tmp_path: Path) -> None:
    folder = copied(FIXTURES / "local" / "sans-fiche", tmp_path / "dossier")
    before = prints(folder)
    done = started(plugins, folder)
    after = prints(folder)
    assert {name: after[name] for name in before} == before
    assert set(done.written) == {*OURS, "fiche.xlsx"}
    found = read_workbook((folder / "fiche.xlsx").read_bytes(), "fiche.xlsx", schema(plugins))
    assert found.faults == ()
    assert found.data["accompagnement"] == {"duree_mois": 12}
    assert found.data["collectivites"][0]["siren"] == found.data["territoire"]["epci"][0]["siren"]
    assert (found.data["territoire"]["departements"], found.data["pilotes"][0]["type"]) == (["50"], "DDTM")
    assert (done.proposed, started(plugins, tmp_path / "vierge").proposed) == ("fiche.xlsx", None)
    assert set(before) == {
        name
        for names in found.data["pieces"].values()
        for name in (names if isinstance(names, list) else [names])
    }
    assert done.kept == (found.data["pieces"]["note_opportunite"],)
    assert {one.regle for one in checked(plugins, folder).report.constats} == {"GEN-FIC-006"}


def test_done_twice_it_writes_nothing_more(plugins: Plugins, tmp_path: Path) -> None:
    first = started(plugins, tmp_path)
    (line,) = last_lines(tmp_path / "sortie")
    assert (line.commande, {*line.documents, *OURS[:1]}) == ("assemble nouveau", {*first.written})
    before = prints(tmp_path)
    done = started(plugins, tmp_path)
    assert (done.written, prints(tmp_path)) == ((), before)
    assert set(done.kept) == {*OURS, "fiche.xlsx", FRAMES["local"]}


def test_what_bears_one_of_our_names_is_kept(plugins: Plugins, tmp_path: Path) -> None:
    (tmp_path / README).write_bytes(b"le mien")
    (tmp_path / CHECK_CMD).symlink_to(tmp_path / "ailleurs.cmd")
    (tmp_path / "dossier.yaml").write_bytes(b"format: local\n")
    done = started(plugins, tmp_path)
    assert (tmp_path / README).read_bytes() == b"le mien"
    assert not (tmp_path / "ailleurs.cmd").exists()
    assert {README, CHECK_CMD, "dossier.yaml"} <= set(done.kept)
    assert not (tmp_path / "fiche.xlsx").exists()


def test_a_fiche_of_another_format_or_one_to_change_is_refused(plugins: Plugins, tmp_path: Path) -> None:
    folder = copied(FIXTURES / "flash" / "complet", tmp_path / "dossier")
    before = prints(folder)
    with pytest.raises(UsageError, match="est du format « flash », non « local »"):
        started(plugins, folder)
    with pytest.raises(UsageError, match="existe déjà et n’est pas modifiée : --commune n’y peut rien"):
        started(plugins, folder, "flash", given={"commune": ["53097"], "epci": []})
    assert prints(folder) == before


def test_a_fiche_that_its_name_hides_is_told_before_another_is_made(plugins: Plugins, tmp_path: Path) -> None:
    started(plugins, tmp_path)
    (tmp_path / "fiche.xlsx").rename(tmp_path / "fiche (2).xlsx")
    before = prints(tmp_path)
    with pytest.raises(UsageError, match=r"« fiche \(2\)\.xlsx » est une fiche .* « fiche\.xlsx »"):
        started(plugins, tmp_path)
    assert prints(tmp_path) == before


def test_a_fiche_made_meanwhile_by_another_run_is_the_only_one(
    plugins: Plugins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(marker: Path, command: str) -> Lock:
        (tmp_path / "neuf").mkdir()
        (tmp_path / "neuf" / "dossier.yaml").write_bytes(b"format: local\n")
        return Lock(marker, command)

    monkeypatch.setattr("assembler.starting.Lock", late)
    done = started(plugins, tmp_path / "neuf")
    assert "dossier.yaml" in done.kept
    assert not (tmp_path / "neuf" / "fiche.xlsx").exists()


def test_a_file_and_a_folder_that_takes_nothing_are_said(plugins: Plugins, tmp_path: Path) -> None:
    (tmp_path / "un.zip").write_bytes(b"PK")
    with pytest.raises(UsageError, match="est un fichier : donnez un dossier"):
        started(plugins, tmp_path / "un.zip")
    with pytest.raises(WritingError):
        started(plugins, tmp_path / "un.zip" / "dossier")
    with pytest.raises(UsageError, match="L’étape « noces » n’existe pas"):
        started(plugins, tmp_path / "neuf", step="noces")
    assert not (tmp_path / "neuf").exists()


def test_the_fields_of_later_steps_come_with_their_step(plugins: Plugins, tmp_path: Path) -> None:
    started(plugins, tmp_path / "un")
    started(plugins, tmp_path / "deux", step="lancement")
    sheets = [openpyxl.load_workbook(tmp_path / one / "fiche.xlsx").sheetnames for one in ("un", "deux")]
    assert ["Critères" in one for one in sheets] == [False, True]


# -- the form ----------------------------------------------------------------------------------


def test_required_cells_are_told_in_colour_and_in_words(plugins: Plugins, tmp_path: Path) -> None:
    started(plugins, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "fiche.xlsx")
    rows: dict[Any, Any] = {}
    for row in book["Fiche"].iter_rows(min_row=4):
        rows.setdefault(row[0].value, row)  # a list has several lines; its first asks
    needed = {path for path, row in rows.items() if str(row[3].value).startswith("Obligatoire.")}
    assert needed == {"intitule", "territoire.departements", "accompagnement.duree_mois"}
    orange = rows["intitule"][2].fill.fgColor.rgb
    assert orange != rows["reference"][2].fill.fgColor.rgb
    assert {path for path, row in rows.items() if row[2].fill.fgColor.rgb == orange} == needed
    pilots = book["Services de l’État pilotes"]
    column = next(cell.column for cell in pilots[3] if cell.value == "nom")
    assert pilots.cell(5, column).value == "Obligatoire."
    assert [pilots.cell(row, column).fill.fgColor.rgb == orange for row in (6, 7)] == [True, False]
    assert "orange" in book["Fiche"]["B2"].value


def test_the_form_of_a_new_dossier_filled_in_with_libreoffice_loses_nothing(
    plugins: Plugins, tmp_path: Path
) -> None:
    started(plugins, tmp_path / "neuf", given={"commune": ["53097"], "epci": []})
    made = tmp_path / "neuf" / "fiche.xlsx"
    known = read_workbook(made.read_bytes(), made.name, schema(plugins)).data
    book = openpyxl.load_workbook(made)
    rows = {row[0].value: row for row in book["Fiche"].iter_rows(min_row=4)}
    rows["intitule"][2].value = "Atelier des Coëvrons"
    rows["date_depot"][2].value = dt.datetime(2026, 3, 12)
    rows["territoire.echelle"][2].value = "intercommunale"
    rows["accompagnement.duree_mois"][2].value = "10 à 12"
    town = book["Communes"]
    column = next(cell.column for cell in town[3] if cell.value == "code")
    town.cell(7, column).value = "01004"
    book.save(made)
    (saved,) = converted(tmp_path, [made], "xlsx", "xlsx")
    found = read_workbook(saved.read_bytes(), saved.name, schema(plugins))
    assert found.faults == ()
    wanted = {**known, "intitule": "Atelier des Coëvrons", "date_depot": dt.date(2026, 3, 12)}
    wanted["territoire"] = {
        **known["territoire"],
        "echelle": "intercommunale",
        "communes": [*known["territoire"]["communes"], {"code": "01004"}],
    }
    wanted["accompagnement"] = found.data["accompagnement"]
    assert found.data == wanted
    assert str(found.data["accompagnement"]["duree_mois"]) != "None"


# -- the territory -----------------------------------------------------------------------------

EVRON = {
    "territoire.departements": ["53"],
    "territoire.epci": [{"siren": "200033298", "nom": "CC des Coëvrons", "type": "CC"}],
    "territoire.communes": [{"code": "53097", "nom": "Évron"}],
}


@pytest.mark.parametrize("written", ["Évron", "evron", "53097", "53 097"])
def test_a_commune_fills_codes_epci_and_departement(written: str) -> None:
    assert territoire({"commune": [written], "epci": []}) == EVRON


@pytest.mark.parametrize("written", ["CC des Coëvrons", "coevrons", "200033298", "200 033 298"])
def test_an_epci_fills_its_siren_and_its_departement(written: str) -> None:
    wanted = {path: value for path, value in EVRON.items() if path != "territoire.communes"}
    assert territoire({"epci": [written]}) == wanted


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Saint-Denis (93)", "93066"),
        ("St-Denis (La Réunion)", "97411"),
        ("Lyon 3e arrondissement", "69383"),
        ("Paris", "75056"),
    ],
)
def test_a_departement_or_an_arrondissement_tells_communes_apart(written: str, code: str) -> None:
    assert [one["code"] for one in territoire({"commune": [written]})["territoire.communes"]] == [code]


def test_a_metropole_has_its_type_in_words() -> None:
    (group,) = territoire({"epci": ["Métropole de Lyon"]})["territoire.epci"]
    assert group == {"siren": "200046977", "nom": "Métropole de Lyon", "type": "métropole"}


def test_what_is_given_stands_in_the_fiche_and_in_the_frame(plugins: Plugins, tmp_path: Path) -> None:
    started(plugins, tmp_path, given={"commune": ["Évron"], "epci": []})
    found = read_workbook((tmp_path / "fiche.xlsx").read_bytes(), "fiche.xlsx", schema(plugins))
    assert found.data["territoire"] == {path.partition(".")[2]: value for path, value in EVRON.items()}
    told = checked(plugins, tmp_path).dossier.sources[0].reading.text  # type: ignore[union-attr]
    assert "Coëvrons" in told
    assert "Mayenne" in told


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"commune": ["Saint-Martin"]},
            r"désigne \d+ communes.*\(32389, Gers\).*\(54480, Meurthe-et-Moselle\)",
        ),
        ({"commune": ["Evronn"]}, r"n’est pas une commune .*Évron \(53097, Mayenne\)"),
        ({"commune": ["Châtres-la-Forêt"]}, r"n’est plus une commune .*indiquez Évron \(53097\)"),
        ({"commune": ["Saint-Denis (75)"]}, "désigne 4 communes"),
        ({"commune": ["99999"]}, "n’est le code d’aucune commune"),
        ({"commune": ["?"]}, "n’est pas une commune"),
        ({"epci": ["Coevron"]}, r"n’est pas un EPCI .*CC des Coëvrons \(200033298, Mayenne\)"),
        ({"epci": ["200033299"]}, "n’est le SIREN d’aucun EPCI"),
        ({"epci": ["Val de Nulle Part"]}, "n’est pas un EPCI"),
    ],
)
def test_a_name_that_settles_nothing_is_refused_with_what_to_write(
    given: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        territoire(given)


# -- the files to click and to read ------------------------------------------------------------


def test_our_files_are_no_pieces_and_are_not_sent(plugins: Plugins, tmp_path: Path) -> None:
    folder = copied(FIXTURES / "local" / "complet", tmp_path / "dossier")
    wanted = checked(plugins, folder).report
    started(plugins, folder)
    mac = unicodedata.normalize("NFD", CHECK_CMD)
    (folder / CHECK_CMD).rename(folder / mac)
    assert {one.rpartition("/")[2] for one in open_folder(folder).names} & {mac, CHECK_CMD, README} == set()
    found = checked(plugins, folder)
    assert (found.report.verdict, found.report.constats) == (wanted.verdict, wanted.constats)
    made = seal(found, Order(), TODAY).made
    assert [one.exit_code for one in made] == [0] * len(made)
    from zipfile import ZipFile

    (sealed,) = (folder / "sortie" / "candidature").glob("*.zip")
    names = ZipFile(sealed).namelist()
    assert [name for name in names if name.endswith(".cmd") or README in name] == []


def test_the_commands_are_ascii_with_the_line_ends_of_windows(plugins: Plugins, tmp_path: Path) -> None:
    started(plugins, tmp_path)
    for name, verb in ((CHECK_CMD, "controler"), (PRODUCE_CMD, "produire")):
        content = (tmp_path / name).read_bytes()
        assert content.isascii()
        assert content.count(b"\n") == content.count(b"\r\n") > 20
        lines = content.decode().split("\r\n")
        # Each label that is jumped to stands once; the way in, the window and the code are kept.
        for line in lines:
            if "goto " in line:
                assert lines.count(f":{line.rpartition('goto ')[2]}") == 1
        called = [line for line in lines if line.startswith("%outil% ")]
        assert [line.split()[1] for line in called] == [verb]
        assert lines.index("pause") < lines.index("popd")
        assert 'pushd "%~dp0" || goto ferme' in lines
        # « exit /b » would let Windows run what follows the « & » of a path dropped without quotes.
        assert lines[-2:] == ["exit %code%", ""]


def test_the_commands_run_no_program_that_a_dropped_dossier_brings(plugins: Plugins, tmp_path: Path) -> None:
    started(plugins, tmp_path)
    for name in (CHECK_CMD, PRODUCE_CMD):
        lines = (tmp_path / name).read_bytes().decode().split("\r\n")
        # The command prompt, CreateProcess and « py -m » look in the current folder first.
        called = next(at for at, line in enumerate(lines) if line.startswith("%outil% "))
        assert lines[called - 1] == 'cd /d "%SystemRoot%"'
        found = [line.rpartition("set outil=")[2] for line in lines if "set outil=" in line]
        assert found == ['"%%~fI"', '"%%~$PATH:I"', '"%%~$PATH:I" -P -m assembler']


def test_the_words_of_the_commands_are_options_that_exist(plugins: Plugins, tmp_path: Path) -> None:
    folder = copied(FIXTURES / "local" / "complet", tmp_path / "dossier")
    started(plugins, folder)
    (line,) = (one for one in (folder / CHECK_CMD).read_text().splitlines() if one.startswith("%outil% "))
    words = [
        one.replace("%dossier%", str(folder)).replace("%sortie%\\", f"{folder}/sortie/").strip('"')
        for one in line.split()[1:]
    ]
    code, _ = run(*words, folder=tmp_path)
    assert code == 0
    assert "<html" in (folder / "sortie" / "rapport.html").read_text(encoding="utf-8")
    # The report that lies there is not taken for a piece left in the wrong place.
    assert run(*words, folder=tmp_path)[0] == 0


def test_the_readme_reads_in_notepad(plugins: Plugins, tmp_path: Path) -> None:
    started(plugins, tmp_path)
    content = (tmp_path / README).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert len(lines) <= 12
    for name in ("fiche.xlsx", FRAMES["local"], CHECK_CMD, PRODUCE_CMD, "pieces-signees"):
        assert any(name in line for line in lines)


# -- what the frame asks, left in the piece ----------------------------------------------------

RUBRIQUES = tuple(f"LO-NOT-00{number}" for number in range(1, 8))
ANSWER = "Réponse inventée : le bourg se vide et ses habitants veulent y revenir."
_CONTROL = re.compile(r"<w:sdt>.*?<w:sdtContent>(.*?)</w:sdtContent></w:sdt>", re.DOTALL)


def rewritten(source: Path, target: Path, control: str) -> Path:
    """Copy a Word file, each of its controls replaced; ``\\1`` is what it shows."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "word/document.xml":
                text = _CONTROL.sub(control, text.decode("utf-8")).encode("utf-8")
            new.writestr(name, text)
    return target


def judged(plugins: Plugins, folder: Path, note: Path) -> dict[str, str]:
    """Return the states of the rules on the note, in a dossier of it alone."""
    folder.mkdir()
    shutil.copy(note, folder / f"Note d’opportunité{note.suffix}")
    found = check_dossier(folder, plugins, Request(today=TODAY, format_id="local"))
    assert found.report is not None
    return {one.id: one.etat.value for one in found.report.regles if one.id in (*RUBRIQUES, "LO-NOT-008")}


@pytest.fixture(scope="module")
def frame(plugins: Plugins, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trame") / "neuf"
    started(plugins, folder, given={"commune": ["Évron"], "epci": []})
    return folder / FRAMES["local"]


NOTHING_WRITTEN = dict.fromkeys((*RUBRIQUES, "LO-NOT-008"), "non_conforme")
QUESTIONS_LEFT = {**dict.fromkeys(RUBRIQUES, "conforme"), "LO-NOT-008": "non_conforme"}
ALL_WRITTEN = dict.fromkeys((*RUBRIQUES, "LO-NOT-008"), "conforme")


@pytest.mark.parametrize(
    ("control", "states"),
    [
        (r"\g<0>", NOTHING_WRITTEN),
        (r"\1", NOTHING_WRITTEN),
        (rf"\g<0><w:p><w:r><w:t>{ANSWER}</w:t></w:r></w:p>", QUESTIONS_LEFT),
        (rf"\1<w:p><w:r><w:t>{ANSWER}</w:t></w:r></w:p>", QUESTIONS_LEFT),
        (rf"<w:p><w:r><w:t>{ANSWER}</w:t></w:r></w:p>", ALL_WRITTEN),
    ],
    ids=["as it is", "controls lost", "answered below", "controls lost, answered below", "answered in place"],
)
def test_a_question_of_the_frame_is_no_answer(
    plugins: Plugins, tmp_path: Path, frame: Path, control: str, states: dict[str, str]
) -> None:
    note = rewritten(frame, tmp_path / "note.docx", control)
    assert judged(plugins, tmp_path / "dossier", note) == states


def test_a_frame_saved_by_libreoffice_is_the_same_frame(
    plugins: Plugins, tmp_path: Path, frame: Path
) -> None:
    answered = rewritten(
        frame, tmp_path / "repondue.docx", rf"\g<0><w:p><w:r><w:t>{ANSWER}</w:t></w:r></w:p>"
    )
    empty = rewritten(frame, tmp_path / "vide.docx", r"\g<0>")
    saved = converted(tmp_path, [empty, answered], "odt", "odt")
    found = [judged(plugins, tmp_path / one.stem, one) for one in saved]
    assert found == [NOTHING_WRITTEN, QUESTIONS_LEFT]


def test_the_fiche_and_the_manifestation_left_as_they_are_hold_questions(
    plugins: Plugins, tmp_path: Path
) -> None:
    for format_id, piece, count in (
        ("flash", "fiche_candidature", 7),
        ("thematique", "manifestation_interet", 8),
    ):
        started(plugins, tmp_path / format_id, format_id)
        found = checked(plugins, tmp_path / format_id)
        assert found.dossier is not None
        assert len(found.dossier.facts["pieces"][piece]["marques"]) == count


# -- the command -------------------------------------------------------------------------------


def test_the_command_says_what_it_wrote_and_what_it_kept(tmp_path: Path) -> None:
    code, told = run("nouveau", "local", "neuf", "--commune", "Évron", folder=tmp_path)
    assert (code, told.startswith("Dossier prêt à remplir : neuf - pieces-signees/ - fiche.xlsx")) == (
        0,
        True,
    )
    code, told = run("nouveau", "local", "neuf", folder=tmp_path)
    assert (code, told.startswith("Rien à ajouter : neuf"), "fiche.xlsx : gardé tel quel" in told) == (
        0,
        True,
        True,
    )


def test_the_command_refuses_what_designates_nothing_and_writes_nothing(tmp_path: Path) -> None:
    code, told = run("nouveau", "local", "neuf", "--commune", "Saint-Martin", folder=tmp_path)
    assert (code, "Donnez son code INSEE" in told, (tmp_path / "neuf").exists()) == (2, True, False)
    code, told = run("nouveau", "accord-cadre", ".", "--commune", "Évron", folder=tmp_path)
    assert (code, "ne valent que pour un dossier" in told) == (2, True)
    code, told = run("nouveau", "locale", "neuf", folder=tmp_path)
    assert (code, "Vouliez-vous dire « local »" in told) == (2, True)
