from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from assembler_plugins.commun.exigences import eligibilite_notifiee, exiger
from dossiers import copied

from assembler.errors import MissingValue
from assembler.manager import Plugins
from assembler.model import Frozen, State
from assembler.pipeline import Order, Request, check_dossier, produce

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"
TODAY = dt.date(2026, 4, 1)


def test_every_missing_field_is_named_at_once() -> None:
    fiche = {"marche": {"numero": None}, "intitule": "x"}
    with pytest.raises(MissingValue, match=r"le numéro .*marche\.numero.*, ni l’accord .*marche\.accord"):
        exiger(
            "cctp", fiche, {"marche.numero": "le numéro", "intitule": "le nom", "marche.accord": "l’accord"}
        )
    exiger("cctp", fiche, {"intitule": "le nom"})


@pytest.mark.parametrize(
    ("valeur", "motif"),
    [
        ("eligible", "éligibilité notifiée le 20 mars 2026"),
        ("selectionnee", "sélection notifiée le 20 mars 2026"),
        ("laureate", "désignation comme lauréate notifiée le 20 mars 2026"),
        ("differee", None),
        ("non_eligible", None),
        (None, None),
    ],
)
def test_only_a_favourable_decision_settles_the_candidature(valeur: str | None, motif: str | None) -> None:
    facts = Frozen({"instruction": {"decision": {"valeur": valeur, "date": dt.date(2026, 3, 20)}}})
    assert eligibilite_notifiee(facts) == motif


def test_once_a_dossier_is_eligible_its_candidature_is_not_judged_again(tmp_path: Path) -> None:
    folder = tmp_path / "dossier"
    copied(FIXTURES / "defauts" / "courrier-prefet-non-signe", folder)
    (folder / "instruction.yaml").write_text(
        "decision: {valeur: eligible, date: 2026-03-20}\n", encoding="utf-8"
    )
    report = check_dossier(folder, Plugins(), Request(today=TODAY)).report
    (signed,) = (rule for rule in report.regles if rule.id == "LO-SIG-002")
    assert (signed.etat, signed.motif) == (State.NON_APPLICABLE, "éligibilité notifiée le 20 mars 2026")
    assert report.exit_code == 0


@pytest.mark.parametrize("document", ["cctp", "dpgf"])
def test_what_binds_is_not_written_without_what_identifies_the_contract(
    tmp_path: Path, document: str
) -> None:
    checked = check_dossier(FIXTURES / "complet", Plugins(), Request(today=TODAY))
    (made,) = produce(checked, Order(documents=(document,), output=tmp_path), TODAY)
    assert (made.kind, made.exit_code) == ("echec", 4)
    assert "marche.numero" in str(made.reason)


def test_a_broken_instruction_hinders_no_rule_on_the_fiche(tmp_path: Path) -> None:
    folder = tmp_path / "dossier"
    copied(FIXTURES / "complet", folder)
    (folder / "instruction.yaml").write_text("decision: [\n", encoding="utf-8")
    report = check_dossier(folder, Plugins(), Request(today=TODAY)).report
    assert [one.id for one in report.regles if one.etat is State.NON_CONFORME] == ["GEN-FIC-001"]
    assert [one.id for one in report.regles if one.etat is State.NON_VERIFIE] == []
