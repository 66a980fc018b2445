from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from conftest import make_rule

from assembler.checking import in_force
from assembler.judging import judge
from assembler.model import Frozen, Observation, State

READABLE = {"fichier": "plan.pdf", "lisible": True, "pages": 3}
DURATION = make_rule("TT-DUR-001", schema={"fiche.mois": {"type": "mois", "min": 10, "max": 12}})
PAGES = make_rule("TT-NOT-001", schema={"pieces.plan.pages": {"type": "integer", "min": 2}})
EACH = make_rule("TT-NOT-002", schema={"pieces.lettres[].pages": {"type": "integer", "min": 2}})


def state(rule: Any, facts: Mapping[str, Any], **presence: str) -> tuple[State, str | None]:
    judgement = judge(rule, facts, presence)
    return judgement.state, judgement.reason


def test_a_present_piece_is_conforme_and_an_absent_one_is_not() -> None:
    assert state(make_rule(), {"pieces": {"plan": READABLE}}) == (State.CONFORME, None)
    assert state(make_rule(), {"pieces": {}})[0] is State.NON_CONFORME


def test_what_is_not_stated_is_not_judged() -> None:
    facts = {"fiche": {"intitule": "x"}}
    assert state(DURATION, facts) == (State.NON_APPLICABLE, "non renseigné : fiche.mois")


def test_without_a_fiche_its_rules_are_not_applicable() -> None:
    assert state(DURATION, {"fiche": {}}) == (State.NON_APPLICABLE, "GEN-FIC-005")


def test_an_absent_piece_names_the_rule_that_reports_it() -> None:
    assert state(PAGES, {"pieces": {}}, plan="TT-PIE-001") == (State.NON_APPLICABLE, "TT-PIE-001")


def test_an_unreadable_piece_leaves_its_rules_unverified() -> None:
    facts = {"pieces": {"plan": {"fichier": "plan.pdf", "lisible": False}}}
    assert state(PAGES, facts)[0] is State.NON_VERIFIE
    assert state(make_rule(), facts)[0] is State.CONFORME


def test_an_unreadable_letter_does_not_hide_a_fault_in_another() -> None:
    unread = {"fichier": "a.pdf", "lisible": False}
    assert state(EACH, {"pieces": {"lettres": [unread, {**READABLE, "pages": 1}]}})[0] is State.NON_CONFORME
    assert state(EACH, {"pieces": {"lettres": [unread, READABLE]}})[0] is State.NON_VERIFIE
    assert state(EACH, {"pieces": {"lettres": [READABLE]}})[0] is State.CONFORME


def test_two_candidates_leave_the_rules_unverified_but_the_piece_is_there() -> None:
    facts = {"pieces": {}, "dossier": {"ambigus": {"plan": ["a.pdf", "b.pdf"]}}}
    assert state(PAGES, facts) == (State.NON_VERIFIE, "GEN-PIE-008")
    assert state(make_rule(), facts)[0] is State.CONFORME


@pytest.mark.parametrize(
    ("fault", "motif"),
    [({"kind": "lecture"}, "GEN-FIC-001"), ({"kind": "type", "champ": "mois"}, "GEN-FIC-002")],
)
def test_a_fault_of_the_fiche_leaves_what_reads_it_unverified(fault: dict[str, str], motif: str) -> None:
    facts = {"fiche": {}, "dossier": {"fautes": [fault]}}
    assert state(DURATION, facts) == (State.NON_VERIFIE, motif)


def test_a_fault_elsewhere_in_the_fiche_hinders_nothing() -> None:
    facts = {"fiche": {"mois": 11}, "dossier": {"fautes": [{"kind": "type", "champ": "moisson"}]}}
    assert state(DURATION, facts)[0] is State.CONFORME


def test_a_condition_that_fails_or_is_absent_makes_the_rule_not_applicable() -> None:
    rule = make_rule(
        "TT-DUR-002", schema=DURATION.schema, si={"fiche.lieu": {"type": "string", "allowed": ["ici"]}}
    )
    assert state(rule, {"fiche": {"mois": 3, "lieu": "ici"}})[0] is State.NON_CONFORME
    assert state(rule, {"fiche": {"mois": 3, "lieu": "ailleurs"}})[0] is State.NON_APPLICABLE
    assert state(rule, {"fiche": {"mois": 3}}) == (State.NON_APPLICABLE, "non renseigné : fiche.lieu")


def changes(facts: Frozen) -> Iterable[Observation]:
    facts["pieces"]["plan"] = None  # type: ignore[index]
    return ()


def leaves(facts: Frozen) -> Iterable[Observation]:
    raise SystemExit(0)


def sees(facts: Frozen) -> Iterator[Observation]:
    yield Observation(state=State.A_VOIR, message="Regardez la page 2.")
    yield Observation(state=State.NON_CONFORME, message="Il manque la date.")


@pytest.mark.parametrize("check", [changes, leaves])
def test_a_check_that_fails_or_changes_its_input_is_unverified(check: Any) -> None:
    rule = make_rule("TT-COH-001", check=check, lit=("pieces.plan",))
    found, reason = state(rule, {"pieces": {"plan": READABLE}})
    assert found is State.NON_VERIFIE
    assert "le contrôle a échoué" in str(reason)


def test_the_most_serious_observation_of_a_check_decides() -> None:
    rule = make_rule("TT-COH-001", check=sees, lit=("pieces.plan",))
    judgement = judge(rule, {"pieces": {"plan": READABLE}})
    assert judgement.state is State.NON_CONFORME
    assert len(judgement.observations) == 2


def test_a_rule_is_in_force_on_both_of_its_days() -> None:
    rule = make_rule(du=dt.date(2023, 1, 1), au=dt.date(2023, 12, 31))
    days = [dt.date(2022, 12, 31), dt.date(2023, 1, 1), dt.date(2023, 12, 31), dt.date(2024, 1, 1)]
    assert [bool(in_force([rule], ["a"], "a", day)) for day in days] == [False, True, True, False]


def test_a_rule_applies_from_its_step_to_its_last() -> None:
    rule = make_rule(etape="b", jusqu_a="c")
    day = dt.date(2026, 1, 1)
    assert [step for step in "abcd" if in_force([rule], list("abcd"), step, day)] == ["b", "c"]
