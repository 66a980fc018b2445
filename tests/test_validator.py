from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from assembler.model import Months, freeze
from assembler.validator import Compiled, show

DURATION = Compiled({"fiche.accompagnement.duree_mois": {"type": "mois", "min": 10, "max": 15}})


def told(schema: Compiled, facts: object) -> list[tuple[str, str]]:
    return [(one.path, one.message) for one in schema.failures(freeze(facts))]


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        (10, False),
        (15, False),
        (Months(10, 15), False),
        (9, True),
        (18, True),
        (Months(8, 12), True),
        ("x", True),
    ],
)
def test_bounds_hold_for_a_number_and_for_a_range_of_months(value: object, refused: bool) -> None:
    assert bool(told(DURATION, {"fiche": {"accompagnement": {"duree_mois": value}}})) is refused


def test_a_message_is_french_and_names_the_leaf() -> None:
    facts = {"fiche": {"accompagnement": {"duree_mois": 18}}}
    assert told(DURATION, facts) == [("fiche.accompagnement.duree_mois", "18, au-dessus du maximum (15).")]


def test_required_at_the_end_is_required_all_the_way() -> None:
    schema = Compiled({"fiche.a.b": {"required": True}, "fiche.a.c": {"required": True}})
    assert told(schema, {}) == [("fiche.a.b", "Il manque."), ("fiche.a.c", "Il manque.")]
    assert told(schema, {"fiche": {"a": {"b": 1, "c": 2}}}) == []


def test_brackets_mean_each_item_of_a_list() -> None:
    schema = Compiled({"fiche.sessions[].jours": {"type": "decimal", "min": 1, "max": 2}})
    facts = {"fiche": {"sessions": [{"jours": 1}, {"jours": Decimal("2.5")}, {}]}}
    assert told(schema, facts) == [("fiche.sessions.1.jours", "2,5, au-dessus du maximum (2).")]


@pytest.mark.parametrize("facts", [{}, {"fiche": {}}, {"fiche": {"l": []}}, {"fiche": {"l": [{}]}}])
def test_a_path_over_nothing_is_absent(facts: object) -> None:
    assert Compiled({"fiche.l[].x": {"type": "string"}}).absent(freeze(facts)) == ("fiche.l[].x",)


@pytest.mark.parametrize(
    ("rules", "value", "word"),
    [
        ({"type": "list", "minlength": 3}, [1], "1 au lieu de 3 au moins"),
        ({"type": "list", "maxlength": 1}, [1, 2], "2 au lieu de 1 au plus"),
        ({"type": "string", "allowed": ["a", "b"]}, "c", "on attend : a, b"),
        ({"type": "string", "regex": r"\d{9}"}, "12", "forme attendue"),
        ({"type": "date", "min": dt.date(2026, 1, 1)}, dt.date(2025, 12, 31), "31/12/2025"),
        ({"type": "integer"}, "trois", "un nombre entier"),
        ({"type": "boolean", "allowed": [True]}, False, "on attend : oui"),
    ],
)
def test_every_code_has_its_french(rules: dict[str, object], value: object, word: str) -> None:
    (failure,) = Compiled({"x": rules}).failures(freeze({"x": value}))
    assert word in failure.message


@pytest.mark.parametrize(
    ("value", "shown"),
    [(True, "oui"), (Decimal("1.50"), "1,50"), (dt.date(2026, 3, 1), "01/03/2026"), (["a", 2], "a, 2")],
)
def test_values_are_shown_as_written_in_french(value: object, shown: str) -> None:
    assert show(value) == shown
