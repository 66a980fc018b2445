from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from assembler.manager import Plugins
from assembler.model import Severity, State
from assembler.pipeline import Request, check_dossier

FIXTURES = Path(__file__).parents[1] / "fixtures"
FORMATS = ("local", "flash", "thematique")
EXPECTED = {
    f"{format_}/{name}": expected
    for format_ in FORMATS
    for name, expected in yaml.safe_load(
        (FIXTURES / format_ / "attendus.yaml").read_text(encoding="utf-8")
    ).items()
}
# The dossiers without a date of dépôt are judged by today's rules: a day on which they were made.
TODAY = dt.date(2026, 4, 1)


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


@pytest.mark.parametrize("format_", FORMATS)
def test_every_fixture_has_its_expectation_and_the_reverse(format_: str) -> None:
    root = FIXTURES / format_
    folders = {one for one in root.iterdir() if one.is_dir()} - {root / "defauts", root / "accords-cadres"}
    folders |= set((root / "defauts").iterdir())
    expected = {name for name in EXPECTED if name.startswith(f"{format_}/")}
    assert {one.relative_to(FIXTURES).as_posix() for one in folders} == expected


@pytest.mark.parametrize("name", EXPECTED)
def test_a_dossier_is_of_the_format_that_its_folder_says(name: str, plugins: Plugins) -> None:
    format_ = name.split("/")[0]
    checked = check_dossier(FIXTURES / name, plugins, Request(today=TODAY))
    assert checked.dossier is not None
    assert checked.dossier.format == format_


def test_the_sound_dossier_leaves_no_blocking_rule_unjudged_for_want_of_reading(plugins: Plugins) -> None:
    checked = check_dossier(FIXTURES / "local/complet", plugins, Request(today=TODAY))
    assert checked.report.constats == ()
    blocking = {rule.id for rule in checked.rules if rule.gravite is Severity.BLOCKING}
    judged = {one.id for one in checked.report.regles if one.etat is State.CONFORME}
    assert {one for one in blocking if one.startswith(("LO-PIE", "LO-NOT", "LO-SIG", "LO-DUR"))} <= judged
