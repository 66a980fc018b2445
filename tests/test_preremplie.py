from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from assembler_plugins.territoire.courriers import proposes
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


def letter(emetteur: str | None, signataire: str | None = None) -> dict[str, str | None]:
    return {"emetteur": emetteur, "signataire": signataire}


STATE = letter("PRÉFÈTE, DE LA MAYENNE, Direction départementale des territoires, Service aménagement")
COEVRONS = {"siren": "200033298", "nom": "CC des Coëvrons", "type": "CC"}


def test_the_letters_tell_who_carries_the_candidature_and_where() -> None:
    epci = letter("Communauté de communes des Coëvrons, Direction de l’aménagement")
    assert proposes({"courrier_collectivite": (epci,), "courrier_service": (STATE,)}) == {
        "territoire.departements": ["53"],
        "territoire.epci": [COEVRONS],
        "collectivites": [{"nom": "Communauté de communes des Coëvrons", "type": "CC", "siren": "200033298"}],
        "pilotes": [{"type": "DDT", "nom": "Direction départementale des territoires de la Mayenne"}],
    }


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (letter(None, "Le président de la communauté de communes des Coëvrons"), ["200033298"]),
        (letter("Saint-Lô Agglo, La présidente"), ["200066389"]),
        (letter("MÉTROPOLE DE LYON"), ["200046977"]),
        (letter("Évron, Le service urbanisme"), []),  # a town, or an EPCI that bears its name
        (letter("Direction de l’aménagement", "Le président"), []),
        (letter(None), []),
    ],
)
def test_a_letterhead_that_several_could_bear_proposes_nothing(
    one: dict[str, str | None], expected: list[str]
) -> None:
    found = proposes({"courrier_collectivite": (one,)}).get("collectivites", [])
    assert [each["siren"] for each in found] == expected


def test_the_prefet_tells_towns_of_one_name_apart() -> None:
    town = letter("Ville de Saint-Denis", "Le maire de Saint-Denis")
    state = letter("PRÉFET, DE LA SEINE-SAINT-DENIS")
    assert "collectivites" not in proposes({"courrier_collectivite": (town,)})
    found = proposes({"courrier_collectivite": (town,), "courrier_prefet": state})
    assert found["collectivites"] == [{"nom": "Commune de Saint-Denis", "type": "commune"}]
    assert [one["code"] for one in found["territoire.communes"]] == ["93066"]


def test_two_prefets_propose_no_service() -> None:
    other = letter("PRÉFET, DE LA SARTHE, Direction départementale des territoires")
    assert proposes({"courrier_service": (STATE, other)}) == {}
