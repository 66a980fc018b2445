"""An old dossier is judged by the rules of its day, and the report says what has changed since."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from conftest import make_rule

from assembler.checking import changed_since
from assembler.manager import Plugins
from assembler.pipeline import Checked, Request, check_dossier
from assembler.reporters.texte import render

FIXTURES = Path(__file__).parents[1] / "fixtures"
TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


def checked(plugins: Plugins, name: str, day: dt.date | None = None) -> Checked:
    return check_dossier(FIXTURES / name, plugins, Request(today=TODAY, day=day))


def said(of: Checked) -> str:
    return " ".join(render([of.report]).decode().split())


@pytest.mark.parametrize(
    ("day", "rules", "bounds"),
    [
        (dt.date(2021, 6, 1), {"LO-DUR-003"}, "de 8 à 12 mois"),
        (dt.date(2024, 5, 1), {"LO-DUR-001", "LO-DUR-002", "LO-DUR-006"}, "de 10 à 12 mois"),
        (TODAY, {"LO-DUR-004", "LO-DUR-005", "LO-DUR-002", "LO-DUR-006"}, "de 10 à 15 mois"),
    ],
)
def test_each_day_has_its_durations(plugins: Plugins, day: dt.date, rules: set[str], bounds: str) -> None:
    of = checked(plugins, "local/complet", day)
    found = {rule.id: rule.titre for rule in of.rules if rule.id.startswith("LO-DUR")}
    assert set(found) == rules
    assert any(bounds in title for title in found.values())


def test_the_letter_stays_at_ten_to_twelve_months_when_the_mission_may_last_fifteen(plugins: Plugins) -> None:
    rules = {rule.id: rule.titre for rule in checked(plugins, "local/complet", TODAY).rules}
    assert "10 à 15" in rules["LO-DUR-004"]
    assert "12 mois" in rules["LO-DUR-006"]


@pytest.mark.parametrize(
    ("name", "day", "told"),
    [
        ("local/complet", dt.date(2021, 6, 1), "règles du 01/06/2021 (demandée par --date)"),
        ("local/complet", None, "règles du 12/03/2026 (date de dépôt du dossier)"),
        ("local/sans-fiche", None, "règles du 22/11/2026 (aujourd’hui, faute de date de dépôt)"),
    ],
)
def test_the_report_names_the_date_and_where_it_comes_from(
    plugins: Plugins, name: str, day: dt.date | None, told: str
) -> None:
    assert told in said(checked(plugins, name, day))


@pytest.mark.parametrize(
    ("name", "day", "told"),
    [
        ("local/complet", dt.date(2021, 6, 1), "LO-DUR-003 → LO-DUR-004, LO-SES-006 → LO-SES-001."),
        ("local/complet", dt.date(2024, 5, 1), "LO-DUR-001 → LO-DUR-004, LO-SES-002 → LO-SES-003."),
        ("thematique/rupt-de-mad", None, "Une règle a changé depuis : ST-DUR-004 → ST-DUR-001."),
        ("flash/edition-2024", None, "Une règle a changé depuis : FL-TER-002 → FL-TER-001."),
    ],
)
def test_a_rule_that_has_changed_since_is_told(
    plugins: Plugins, name: str, day: dt.date | None, told: str
) -> None:
    assert told in said(checked(plugins, name, day))


@pytest.mark.parametrize("name", ["local/complet", "flash/complet"])
def test_nothing_is_told_when_nothing_has_changed(plugins: Plugins, name: str) -> None:
    assert "changé depuis" not in said(checked(plugins, name))


def test_a_chain_is_followed_to_the_rule_of_today() -> None:
    chain = [
        make_rule("TT-DUR-001", au=dt.date(2020, 12, 31)),
        make_rule("TT-DUR-002", du=dt.date(2021, 1, 1), au=dt.date(2022, 12, 31), remplace="TT-DUR-001"),
        make_rule("TT-DUR-003", du=dt.date(2023, 1, 1), remplace="TT-DUR-002"),
    ]
    assert changed_since(chain, chain[:1], TODAY) == {"TT-DUR-001": "TT-DUR-003"}
    assert changed_since(chain, chain[2:], TODAY) == {}
    assert changed_since(chain, chain[:1], dt.date(2022, 6, 1)) == {"TT-DUR-001": "TT-DUR-002"}


def test_a_rule_that_ended_without_another_in_its_place_is_not_told() -> None:
    ended = make_rule("TT-DUR-001", au=dt.date(2020, 12, 31))
    assert changed_since([ended], [ended], TODAY) == {}
