from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from dossiers import copied

from assembler.manager import Plugins
from assembler.pipeline import Order, Request, check_dossier, produce

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"
TODAY = dt.date(2026, 4, 1)


def test_a_dossier_without_a_fiche_is_offered_one_that_reads_back(tmp_path: Path) -> None:
    folder = tmp_path / "dossier"
    copied(FIXTURES / "sans-fiche", folder)
    plugins = Plugins()
    before = check_dossier(folder, plugins, Request(today=TODAY))
    (made,) = produce(before, Order(documents=("fiche-preremplie",)), TODAY)
    offered = folder / "sortie" / "candidature" / "fiche-preremplie.yaml"
    assert (made.kind, offered.exists()) == ("nouveau", True)

    shutil.copy(offered, folder / "dossier.yaml")
    after = check_dossier(folder, plugins, Request(today=TODAY))
    assert before.dossier is not None
    assert after.dossier is not None
    assert {one.kind for one in after.dossier.faults} == {"vide"}  # what only people know
    assert {one.name: one.piece for one in after.dossier.sources} == {
        one.name: one.piece for one in before.dossier.sources
    }
    assert after.dossier.facts["fiche"]["accompagnement"]["duree_mois"] == 12
    assert {one.regle for one in after.report.constats} == {"GEN-FIC-006"}


def test_a_dossier_with_a_fiche_is_offered_none(tmp_path: Path) -> None:
    checked = check_dossier(FIXTURES / "complet", Plugins(), Request(today=TODAY))
    (made,) = produce(checked, Order(documents=("fiche-preremplie",), output=tmp_path), TODAY)
    assert (made.kind, made.reason) == ("sans_objet", "le dossier a déjà une fiche")
