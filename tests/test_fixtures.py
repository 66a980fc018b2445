from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from assembler.manager import Plugins
from assembler.model import Severity, State
from assembler.pipeline import Request, check_dossier

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"
EXPECTED = yaml.safe_load((FIXTURES / "attendus.yaml").read_text(encoding="utf-8"))
# The dossiers without a date of dépôt are judged by today's rules: a day on which they were made.
TODAY = dt.date(2026, 4, 1)


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_dossier_gives_exactly_its_ids(name: str, plugins: Plugins) -> None:
    expected = EXPECTED[name]
    report = check_dossier(FIXTURES / name, plugins, Request(today=TODAY)).report
    states = {rule.id: rule.etat for rule in report.regles}
    found = {
        state.value: sorted(one for one, its in states.items() if its is state)
        for state in (State.NON_CONFORME, State.NON_VERIFIE, State.A_VOIR)
    }
    assert found == {state: sorted(expected[state]) for state in found}
    assert report.verdict is not None
    assert (report.verdict.value, report.exit_code) == (expected["verdict"], expected["exit"])


def test_every_fixture_has_its_expectation_and_the_reverse() -> None:
    folders = {one.name for one in FIXTURES.iterdir() if one.is_dir()} - {"defauts"}
    folders |= {f"defauts/{one.name}" for one in (FIXTURES / "defauts").iterdir()}
    assert folders == set(EXPECTED)


def test_the_sound_dossier_leaves_no_blocking_rule_unjudged_for_want_of_reading(plugins: Plugins) -> None:
    checked = check_dossier(FIXTURES / "complet", plugins, Request(today=TODAY))
    assert checked.report.constats == ()
    blocking = {rule.id for rule in checked.rules if rule.gravite is Severity.BLOCKING}
    judged = {one.id for one in checked.report.regles if one.etat is State.CONFORME}
    assert {one for one in blocking if one.startswith(("LO-PIE", "LO-NOT", "LO-SIG", "LO-DUR"))} <= judged
