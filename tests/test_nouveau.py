"""``assemble nouveau``: blank files that read back without a fault, and that overwrite nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from assembler_plugins.commun.marche.accord import fichier_accord_cadre
from bureautique import converted

from assembler.errors import UsageError, WritingError
from assembler.fiche import Fiche, read
from assembler.fichexlsx.reading import read_workbook
from assembler.manager import Plugins
from assembler.newfiles import create
from assembler.referencefiles import find_record
from assembler.rendering.fichexlsx import write_workbook

ROOT = Path(__file__).parents[1]
KIND = fichier_accord_cadre()
RECORD = read(
    (ROOT / "fixtures" / "fabrique" / "accord_cadre.yaml").read_bytes(), "accord_cadre.yaml", KIND.fields
)


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


def run(*arguments: str, folder: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "assembler.cli", "nouveau", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, encoding="utf-8")
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def test_a_blank_record_names_every_field_and_reads_without_a_fault(tmp_path: Path, plugins: Plugins) -> None:
    made = create(plugins, "accord-cadre", tmp_path / "AC.yaml")
    blank = read(made.read_bytes(), made.name, KIND.fields)
    assert (blank.data, blank.faults) == ({}, ())
    assert set(KIND.fields.root.fields) <= set(blank.lines)


def test_a_blank_record_once_filled_in_is_the_one_that_a_fiche_names(
    tmp_path: Path, plugins: Plugins
) -> None:
    made = create(plugins, "accord-cadre", tmp_path / "accords-cadres" / "AC-1.yaml")
    text = made.read_text(encoding="utf-8").replace("numero: ", "numero: AC-1", 1)
    made.write_text(text, encoding="utf-8")
    found = find_record(KIND, Fiche(data={"marche": {"accord_cadre": "AC-1"}}), tmp_path / "dossier")
    assert (found.data, found.fichier) == ({"numero": "AC-1"}, "AC-1.yaml")


def test_each_line_of_a_blank_record_says_what_it_asks_for(tmp_path: Path, plugins: Plugins) -> None:
    lines = create(plugins, "accord-cadre", tmp_path).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "#" not in line] == []
    assert any("Au choix : plafond, identique, libre" in line for line in lines)


def test_a_blank_workbook_reads_without_a_fault(tmp_path: Path, plugins: Plugins) -> None:
    made = create(plugins, "accord-cadre", tmp_path / "AC.xlsx")
    blank = read_workbook(made.read_bytes(), made.name, KIND.fields)
    assert (blank.data, blank.faults) == ({}, ())
    told = openpyxl.load_workbook(made)["Fiche"]["B2"].value
    assert "dans un dossier « accords-cadres »" in told.replace("\u00a0", " ")


def test_a_workbook_filled_in_and_saved_by_libreoffice_loses_nothing(tmp_path: Path) -> None:
    assert RECORD.faults == ()
    filled = tmp_path / "AC-2023-01.xlsx"
    filled.write_bytes(write_workbook(KIND.fields, RECORD.data))
    (saved,) = converted(tmp_path, [filled], "xlsx", "xlsx")
    found = read_workbook(saved.read_bytes(), saved.name, KIND.fields)
    assert (found.data, found.faults) == (RECORD.data, ())


def test_a_folder_gets_a_file_named_after_its_kind(tmp_path: Path, plugins: Plugins) -> None:
    assert create(plugins, "Accord cadre", tmp_path) == tmp_path / "accord-cadre.yaml"


@pytest.mark.parametrize("name", ["AC.yaml", "AC.xlsx"])
def test_nothing_is_overwritten(tmp_path: Path, plugins: Plugins, name: str) -> None:
    (tmp_path / name).write_bytes(b"le mien")
    with pytest.raises(WritingError, match="existe déjà et n’est pas remplacé : donnez un autre nom"):
        create(plugins, "accord-cadre", tmp_path / name)
    assert (tmp_path / name).read_bytes() == b"le mien"


def test_a_link_that_leads_nowhere_is_not_followed(tmp_path: Path, plugins: Plugins) -> None:
    (tmp_path / "AC.yaml").symlink_to(tmp_path / "ailleurs.yaml")
    with pytest.raises(WritingError, match="existe déjà"):
        create(plugins, "accord-cadre", tmp_path / "AC.yaml")
    assert not (tmp_path / "ailleurs.yaml").exists()


def test_what_cannot_be_made_names_what_can(tmp_path: Path, plugins: Plugins) -> None:
    with pytest.raises(
        UsageError, match=r"on peut créer : .*accord-cadre.* Vouliez-vous dire « accord-cadre »"
    ):
        create(plugins, "acord-cadre", tmp_path)


def test_a_name_without_a_known_ending_is_refused(tmp_path: Path, plugins: Plugins) -> None:
    with pytest.raises(UsageError, match="donnez un dossier qui existe, ou un nom de fichier"):
        create(plugins, "accord-cadre", tmp_path / "AC.docx")
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_it_wrote_then_refuses_to_write_it_again(tmp_path: Path) -> None:
    assert run("accord-cadre", ".", folder=tmp_path) == (
        0,
        "Écrit : accord-cadre.yaml. Complétez-le ; son en-tête dit où le ranger.",
    )
    code, told = run("accord-cadre", ".", folder=tmp_path)
    assert (code, "« accord-cadre.yaml » existe déjà" in told) == (4, True)
    code, told = run("planete", ".", folder=tmp_path)
    assert (code, "on peut créer : " in told) == (2, True)
