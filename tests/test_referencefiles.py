"""The desk's records beside the dossiers: where they are looked for, and what is said when one fails."""

from __future__ import annotations

import datetime as dt
import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from assembler_plugins.commun.marche.accord import fichier_accord_cadre

from assembler.errors import UsageError
from assembler.fiche import Fiche, read
from assembler.manager import Plugins
from assembler.model import Verdict
from assembler.pipeline import Request, check_dossier
from assembler.referencefiles import Found, find_record, folders_of
from assembler.rendering.fichexlsx import write_workbook
from assembler.reporters.texte import render
from assembler.settings import SETTINGS

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"
KIND = fichier_accord_cadre()
RECORD = b"numero: AC-2023-01\nintitule: Ateliers\n"
TODAY = dt.date(2026, 4, 1)


def named(reference: Any) -> Fiche:
    return Fiche(data={"marche": {"accord_cadre": reference}})


@pytest.fixture
def place(tmp_path: Path) -> Callable[..., Path]:
    """Lay files out under a folder of its own, and return the dossier « partage/dossier »."""

    def lay(**files: bytes) -> Path:
        dossier = tmp_path / "partage" / "dossier"
        dossier.mkdir(parents=True)
        for name, content in files.items():
            target = tmp_path / name.replace("__", "/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return dossier

    return lay


def put(folder: Path, **files: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    return folder


# --- where -----------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["AC-2023-01", "ac 2023 01", "AC‑2023‑01"])
def test_a_record_beside_the_dossier_is_found_whatever_its_case_and_separators(
    place: Callable[..., Path], asked: str
) -> None:
    dossier = place()
    put(dossier.parent / "accords-cadres", nom_yaml=RECORD)
    assert find_record(KIND, named(asked), dossier) == Found(
        data={"numero": "AC-2023-01", "intitule": "Ateliers"}, fichier="nom.yaml"
    )


def test_a_record_beside_the_shared_folder_is_found(place: Callable[..., Path], tmp_path: Path) -> None:
    dossier = place()
    put(tmp_path / "accords-cadres", x_yml=RECORD)
    assert find_record(KIND, named("AC-2023-01"), dossier).fichier == "x.yml"


def test_the_nearest_folder_that_knows_the_number_wins(place: Callable[..., Path], tmp_path: Path) -> None:
    dossier = place()
    put(tmp_path / "accords-cadres", loin_yaml=RECORD, autre_yaml=b"numero: AC-2\n")
    put(dossier.parent / "accords-cadres", pres_yaml=RECORD)
    found = [find_record(KIND, named(one), dossier).fichier for one in ("AC-2023-01", "AC-2")]
    assert found == ["pres.yaml", "autre.yaml"]


def test_a_record_inside_the_dossier_is_never_read(place: Callable[..., Path]) -> None:
    dossier = place()
    put(dossier / "accords-cadres", x_yaml=RECORD)
    assert find_record(KIND, named("AC-2023-01"), dossier).etat == "non_verifie"


def test_two_dots_in_the_path_of_the_dossier_do_not_hide_its_neighbours(place: Callable[..., Path]) -> None:
    dossier = place()
    put(dossier.parent / "accords-cadres", x_yaml=RECORD)
    put(dossier / "sous-dossier")
    assert find_record(KIND, named("AC-2023-01"), dossier / "sous-dossier" / "..").fichier == "x.yaml"


@pytest.mark.parametrize("inside", ["", "accords-cadres"])
def test_the_folder_asked_for_holds_the_files_or_their_folder(
    place: Callable[..., Path], tmp_path: Path, inside: str
) -> None:
    dossier = place()
    put(tmp_path / "bureau" / inside, x_yaml=RECORD)
    put(dossier.parent / "accords-cadres", voisin_yaml=RECORD)
    assert find_record(KIND, named("AC-2023-01"), dossier, tmp_path / "bureau").fichier == "x.yaml"


def test_a_folder_asked_for_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--referentiels : « .*absent » n’est pas un dossier"):
        folders_of(KIND, tmp_path, tmp_path / "absent")


def test_the_settings_above_the_dossier_name_the_folder(place: Callable[..., Path], tmp_path: Path) -> None:
    dossier = place()
    put(tmp_path / "bureau", x_yaml=RECORD)
    (tmp_path / SETTINGS).write_text('referentiels = "bureau"\n', encoding="utf-8-sig")
    assert find_record(KIND, named("AC-2023-01"), dossier).fichier == "x.yaml"


def test_settings_without_a_folder_leave_the_neighbours(place: Callable[..., Path], tmp_path: Path) -> None:
    dossier = place()
    put(dossier.parent / "accords-cadres", x_yaml=RECORD)
    (tmp_path / SETTINGS).write_text("# rien pour l’instant\n", encoding="utf-8")
    assert find_record(KIND, named("AC-2023-01"), dossier).fichier == "x.yaml"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("referentiels = 3\n", "« referentiels » est le nom d’un dossier, entre guillemets"),
        ('referentiels = "absent"\n', "le dossier « absent » .referentiels. n’existe pas"),
        ("referentiels = bureau\n", "ne se lit pas"),
    ],
)
def test_settings_that_say_nothing_sure_are_refused(tmp_path: Path, settings: str, told: str) -> None:
    (tmp_path / SETTINGS).write_text(settings, encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        folders_of(KIND, tmp_path / "dossier")


# --- which -----------------------------------------------------------------------------------


def test_a_record_may_be_a_workbook(place: Callable[..., Path]) -> None:
    dossier = place()
    data = read(RECORD, "x", KIND.fields).data
    put(dossier.parent / "accords-cadres", x_xlsx=write_workbook(KIND.fields, data))
    assert find_record(KIND, named("AC-2023-01"), dossier) == Found(data=data, fichier="x.xlsx")


def test_a_record_without_a_number_bears_the_name_of_its_file(place: Callable[..., Path]) -> None:
    dossier = place()
    folder = put(dossier.parent / "accords-cadres")
    (folder / "AC-2023-01.yaml").write_bytes(b"intitule: Ateliers\n")
    assert find_record(KIND, named("AC-2023-01"), dossier).data == {"intitule": "Ateliers"}


def test_two_files_of_one_number_are_both_named_and_none_is_chosen(place: Callable[..., Path]) -> None:
    dossier = place()
    put(dossier.parent / "accords-cadres", a_yaml=RECORD, b_yml=RECORD)
    found = find_record(KIND, named("AC-2023-01"), dossier)
    assert (found.data, found.etat, found.motif) == (
        None,
        "non_verifie",
        "Accord-cadre « AC-2023-01 » : « a.yaml » et « b.yml » y répondent : gardez un seul fichier.",
    )


def test_what_office_and_the_system_leave_is_no_record(place: Callable[..., Path]) -> None:
    dossier = place()
    folder = put(dossier.parent / "accords-cadres", x_yaml=RECORD)
    for name in ("~$x.xlsx", ".x.yaml", "x.txt"):
        (folder / name).write_bytes(RECORD)
    assert find_record(KIND, named("AC-2023-01"), dossier).fichier == "x.yaml"


@pytest.mark.parametrize("number", ["../bureau/x", "/etc/passwd", "..", "*", ""])
def test_a_number_is_never_a_path(place: Callable[..., Path], number: str) -> None:
    dossier = place()
    put(dossier.parent / "bureau", x_yaml=RECORD)
    put(dossier.parent / "accords-cadres", autre_yaml=b"numero: AC-1\n")
    found = find_record(KIND, named(number), dossier)
    assert (found.data, found.etat) == (None, "non_verifie")


# --- what is said ----------------------------------------------------------------------------


def test_a_fiche_that_names_none_makes_it_non_applicable(tmp_path: Path) -> None:
    found = find_record(KIND, Fiche(), tmp_path)
    assert (found.etat, found.motif) == ("non_applicable", "non renseigné : marche.accord_cadre")


def test_without_any_folder_the_person_is_told_where_to_put_the_file(place: Callable[..., Path]) -> None:
    assert find_record(KIND, named("AC-9"), place()).motif == (
        "Accord-cadre « AC-9 » introuvable : rangez le fichier dans un dossier « accords-cadres », à côté "
        "du dossier contrôlé, ou donnez ce dossier avec --referentiels."
    )


def test_an_unknown_number_names_the_folder_and_the_files_that_do_not_read(
    place: Callable[..., Path],
) -> None:
    dossier = place()
    put(dossier.parent / "accords-cadres", x_yaml=b"numero: [\n")
    motif = find_record(KIND, named("AC-9"), dossier).motif or ""
    assert motif.startswith(
        "Accord-cadre « AC-9 » introuvable dans « accords-cadres » : vérifiez le champ "
        "« marche.accord_cadre », ou ajoutez-y le fichier ; x.yaml, ligne "
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"numero: AC-1\ndate_fin: printemps\n", "AC-1.yaml, ligne 2, champ « date_fin » : « printemps » ne"),
        (
            b"numero: AC-1\ncritere: x\n",
            "Le champ « critere » n’existe pas ici : vouliez-vous dire « criteres »",
        ),
        (b"", "La fiche est vide"),
    ],
)
def test_the_file_of_that_name_says_what_is_wrong_with_it(
    place: Callable[..., Path], content: bytes, told: str
) -> None:
    dossier = place()
    folder = put(dossier.parent / "accords-cadres")
    (folder / "AC-1.yaml").write_bytes(content)
    found = find_record(KIND, named("AC-1"), dossier)
    assert (found.data, found.etat) == (None, "non_verifie")
    assert told in (found.motif or "")


def test_a_damaged_workbook_is_told(place: Callable[..., Path]) -> None:
    dossier = place()
    folder = put(dossier.parent / "accords-cadres")
    (folder / "AC-1.xlsx").write_bytes(b"PK\x03\x04 rien")
    assert "AC-1.xlsx" in (find_record(KIND, named("AC-1"), dossier).motif or "")


def test_a_folder_that_cannot_be_listed_is_told(
    place: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = place()
    put(dossier.parent / "accords-cadres", x_yaml=RECORD)

    def refuse(folder: Path) -> object:
        raise PermissionError(errno.EACCES, "refusé", str(folder))

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert find_record(KIND, named("AC-1"), dossier).motif == (
        "Accord-cadre « AC-1 » : le dossier « accords-cadres » ne s’ouvre pas (l’accès est refusé)."
    )


def test_a_fiche_may_hold_the_record_itself() -> None:
    held = {"numero": "AC-1", "date_fin": "2027-12-03"}
    found = find_record(KIND, named(held), Path("nulle-part"))
    assert found == Found(data={"numero": "AC-1", "date_fin": dt.date(2027, 12, 3)})


@pytest.mark.parametrize(
    ("held", "motif", "field"),
    [
        ({"date_fin": "printemps"}, "GEN-FIC-002", "marche.accord_cadre.date_fin"),
        ({"critere": "x"}, "GEN-FIC-003", "marche.accord_cadre.critere"),
        (["AC-1", "AC-2"], "GEN-FIC-002", "marche.accord_cadre"),
    ],
)
def test_a_fault_in_what_the_fiche_holds_is_a_finding_of_the_fiche(held: Any, motif: str, field: str) -> None:
    found = find_record(KIND, named(held), Path("nulle-part"))
    assert (found.etat, found.motif) == ("non_verifie", motif)
    assert [fault.location.champ for fault in found.faults] == [field]


# --- the whole way ---------------------------------------------------------------------------


def test_the_report_says_which_record_the_dossier_was_compared_with() -> None:
    report = check_dossier(FIXTURES / "lancement", Plugins(), Request(today=TODAY)).report
    assert "\n   Accord-cadre : AC-2023-01.yaml\n" in render([report]).decode().replace("\u00a0", " ")


def test_without_the_record_the_rules_that_compare_are_not_verified_and_nothing_is_concluded(
    tmp_path: Path,
) -> None:
    request = Request(today=TODAY, reference_folder=tmp_path)
    report = check_dossier(FIXTURES / "lancement", Plugins(), request).report
    unverified = {one.id: one.motif for one in report.regles if one.etat.value == "non_verifie"}
    assert set(unverified) == {f"LO-MAR-{n:03}" for n in (1, 2, 3, 7, 10, 11)}
    (motif,) = set(unverified.values())
    assert (motif or "").startswith("Accord-cadre « AC-2023-01 » introuvable dans « ")
    assert report.verdict is Verdict.NON_CONCLUANT
