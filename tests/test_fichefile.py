"""Which file is the fiche: a form under another name, a second one, cells that must be filled in."""

from pathlib import Path

import pytest
from conftest import TODAY
from dossiers import MODEL, copied

from assembler.manager import Plugins
from assembler.model import Report, State
from assembler.pipeline import Request, check_dossier

FORM = MODEL.parent / "fiche-xlsx" / "fiche.xlsx"


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


def checked(root: Path, plugins: Plugins) -> Report:
    return check_dossier(root, plugins, Request(today=TODAY)).report


def said(report: Report, rule: str) -> list[str]:
    return [one.message for one in report.constats if one.regle == rule]


def state(report: Report, rule: str) -> State:
    return next(one.etat for one in report.regles if one.id == rule)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("fiche (1).xlsx", "fiche.xlsx"),
        ("Fiche du dossier - Copie.xlsx", "fiche.xlsx"),
        ("pieces/fiche.xlsx", "fiche.xlsx"),
        ("fiche.yaml", "dossier.yaml"),
        ("Dossier (2).yml", "dossier.yaml"),
    ],
)
def test_a_fiche_under_another_name_is_asked_for_under_its_own(
    tmp_path: Path, plugins: Plugins, name: str, wanted: str
) -> None:
    root = copied(MODEL, tmp_path / "dossier")
    held = (root / "dossier.yaml").read_bytes() if name.endswith("ml") else FORM.read_bytes()
    (root / "dossier.yaml").unlink()
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_bytes(held)
    report = checked(root, plugins)
    assert state(report, "GEN-FIC-001") is State.NON_CONFORME
    (message,) = said(report, "GEN-FIC-001")
    assert f"« {name} »" in message
    assert f"« {wanted} »" in message
    assert state(report, "LO-DUR-004") is State.NON_VERIFIE


def test_a_copy_beside_the_fiche_is_to_be_put_away(tmp_path: Path, plugins: Plugins) -> None:
    root = copied(MODEL, tmp_path / "dossier")
    (root / "fiche_v2.xlsx").write_bytes(FORM.read_bytes())
    (message,) = said(checked(root, plugins), "GEN-FIC-001")
    assert "le dossier a déjà « dossier.yaml »" in message


def test_a_workbook_that_is_no_form_and_another_yaml_are_nothing_of_the_kind(
    tmp_path: Path, plugins: Plugins
) -> None:
    root = copied(MODEL, tmp_path / "dossier")
    (root / "fiche budget.xlsx").write_bytes(
        (MODEL.parent / "attribution/offres/studio-exemple/dpgf.xlsx").read_bytes()
    )
    (root / "donnees.yaml").write_text("a: 1\n", encoding="utf-8")
    assert state(checked(root, plugins), "GEN-FIC-001") is State.CONFORME


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("intitule: Atelier local des Coëvrons\n", "Intitulé"),
        ("  duree_mois: 11\n", "Durée en mois"),
        ('  departements: ["53"]\n', "Départements"),
    ],
)
def test_a_required_cell_left_empty_is_said_and_blocks_nothing(
    tmp_path: Path, plugins: Plugins, line: str, label: str
) -> None:
    root = copied(MODEL, tmp_path / "dossier")
    text = (root / "dossier.yaml").read_text(encoding="utf-8")
    assert line in text
    (root / "dossier.yaml").write_text(text.replace(line, ""), encoding="utf-8")
    report = checked(root, plugins)
    assert said(report, "GEN-FIC-006") == [f"« {label} » est à remplir."]
    assert state(report, "GEN-FIC-001") is State.CONFORME
