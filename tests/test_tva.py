"""Rates, thresholds and delays: dated, sourced, and what is computed from them."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from assembler_plugins.commun.baremes import Bareme, bareme, baremes, valeur
from assembler_plugins.commun.marche.avances import avance, avance_due, taux_minimal
from assembler_plugins.commun.marche.delais import dernier_jour, premiere_signature
from assembler_plugins.commun.tva import default_rate, taux_du_marche, taux_propose
from cas_local import case, changed

from assembler import french

VECTORS = json.loads((Path(__file__).parent / "data" / "vecteurs.json").read_text("utf-8"))
DAY = dt.date(2026, 6, 8)
TABLES = [
    one
    for file in sorted((files("assembler_rules") / "baremes").iterdir(), key=lambda file: file.name)
    for one in baremes(file.name.removesuffix(".yaml")).values()
]


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.id)
def test_values_follow_one_another_without_gap_or_overlap(table: Bareme) -> None:
    assert table.valeurs
    assert all(one.source for one in table.valeurs)
    assert all(one.du is not None for one in table.valeurs[1:])
    assert all(one.au is not None for one in table.valeurs[:-1])
    for one in table.valeurs:
        assert one.du is None or one.au is None or one.du <= one.au
    for before, after in zip(table.valeurs, table.valeurs[1:], strict=False):
        assert before.au + dt.timedelta(days=1) == after.du


@pytest.mark.parametrize("code", [f"{n:02}" for n in range(1, 20)] + ["2A", "2B", "971", "974", "976"])
def test_a_departement_is_in_one_table_of_rates_at_most(code: str) -> None:
    named = [one.id for one in baremes("tva").values() if one.departements and code in one.departements]
    assert len(named) == (code in {"971", "974", "976"})


def test_a_value_changes_on_its_day() -> None:
    assert valeur("seuils", "sans_publicite", dt.date(2026, 3, 31)) == 40_000
    assert valeur("seuils", "sans_publicite", dt.date(2026, 4, 1)) == 60_000
    assert valeur("seuils", "formalisee_etat", DAY) == 140_000
    assert bareme("seuils", "formalisee_etat", dt.date(2028, 1, 1)) is None
    with pytest.raises(LookupError, match="01/01/2028"):
        valeur("seuils", "formalisee_etat", dt.date(2028, 1, 1))


def test_the_delays_and_penalties_of_the_state() -> None:
    read = {name: valeur("delais", name, DAY) for name in baremes("delais")}
    assert read == {
        "accord_cadre_ans": 4,
        "suspension_electronique_jours": 11,
        "suspension_jours": 16,
        "motifs_jours": 15,
        "recours_mois": 2,
        "donnees_essentielles_mois": 2,
        "paiement_jours": 30,
        "majoration_points": 8,
        "indemnite_euros": 40,
        "interets_jours": 45,
        "acomptes_mois": 3,
        "acomptes_pme_mois": 1,
    }


# --- VAT --------------------------------------------------------------------------------------------

_CODES = {
    "metropole": "53", "corse": "2B", "guadeloupe": "971", "martinique": "972", "la_reunion": "974",
    "guyane": "973", "mayotte": "976",
}  # fmt: skip


@pytest.mark.parametrize(("territory", "rate"), VECTORS["taux_tva_defaut"].items())
def test_the_rate_proposed_is_that_of_the_territory(territory: str, rate: str) -> None:
    assert default_rate([_CODES[territory]], DAY) == Decimal(rate)


@pytest.mark.parametrize("codes", [["975"], ["977"], ["978"], ["987"], [], ["53", "974"], ["53", "978"]])
def test_no_rate_is_guessed_outside_nor_between_territories(codes: list[str]) -> None:
    assert taux_propose(codes, DAY) is None


def test_no_rate_is_proposed_before_the_table_starts() -> None:
    assert taux_propose(["53"], dt.date(2013, 12, 31)) is None
    assert taux_propose(["53"], dt.date(2014, 1, 1)) is not None


@pytest.mark.parametrize(
    ("base", "rate", "tax", "whole"),
    [
        ("100000", "0.20", "20000.00", "120000.00"),
        ("83333.34", "0.20", "16666.67", "100000.01"),
        ("100000", "0.085", "8500.00", "108500.00"),
        ("92165.90", "0.085", "7834.10", "100000.00"),
        ("0.05", "0.085", "0.00", "0.05"),
        ("100000", "0", "0.00", "100000.00"),
        ("30.09", "0.085", "2.56", "32.65"),
    ],
)
def test_tax_is_rounded_once_half_up(base: str, rate: str, tax: str, whole: str) -> None:
    assert french.tva(base, rate) == (Decimal(tax), Decimal(whole))


@pytest.mark.parametrize(
    "vector", [one for one in VECTORS["tva"] if "tva_si_par_ligne" in one], ids=lambda one: one["tva"]
)
def test_the_tax_of_the_total_is_not_the_sum_of_the_taxes_of_the_lines(vector: dict) -> None:
    lines, rate = [Decimal(line) for line in vector["lignes_ht"]], Decimal(vector["taux"])
    by_line = sum((french.tva(line, rate)[0] for line in lines), Decimal(0))
    assert by_line == Decimal(vector["tva_si_par_ligne"])
    assert french.tva(sum(lines), rate)[0] == Decimal(vector["tva"]) != by_line


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({}, "20 %, proposé pour ce territoire et à confirmer (code général des impôts, article 278)"),
        ({"marche__taux_tva": Decimal(20)}, "20 % (code général des impôts, article 278)"),
        ({"marche__taux_tva": Decimal("0.20")}, "20 % (code général des impôts, article 278)"),
        ({"marche__taux_tva": Decimal("8.5"), "marche__motif_tva": "client outre-mer"},
         "8,5 % (client outre-mer)"),
        ({"marche__taux_tva": Decimal("8.5")}, "8,5 %"),
        ({"territoire__departements": ["974"]},
         "8,5 %, proposé pour ce territoire et à confirmer (code général des impôts, article 296)"),
    ],
)  # fmt: skip
def test_the_rate_says_whose_choice_it_is_and_why(changes: dict, phrase: str) -> None:
    found = taux_du_marche(case(changed(**changes)))
    assert found is not None
    assert found.phrase.replace("\u00a0", " ") == phrase
    assert found.propose == ("à confirmer" in phrase)


def test_no_rate_at_all_outside_the_tables() -> None:
    assert taux_du_marche(case(changed(territoire__departements=["978"]))) is None


# --- advance ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "pme", "amount"), [(12, True, "36000.00"), (14, True, "30857.14"), (12, False, "6000.00")]
)
def test_the_advance_of_the_worked_examples(months: int, pme: bool, amount: str) -> None:
    assert avance(Decimal(120_000), months, pme, DAY) == Decimal(amount)


@pytest.mark.parametrize(
    ("amount", "months", "due"),
    [("50000", 11, False), ("50000.01", 11, True), ("80000", 2, False), ("80000", 3, True)],
)
def test_an_advance_is_due_above_both_thresholds_only(amount: str, months: int, due: bool) -> None:
    assert avance_due(Decimal(amount), months, DAY) is due


def test_the_least_rate_of_a_small_firm_is_that_of_the_day_of_the_consultation() -> None:
    days = [dt.date(2019, 6, 1), dt.date(2024, 12, 31), dt.date(2025, 1, 1)]
    assert [taux_minimal(True, day) for day in days] == [5, 20, 30]
    assert [taux_minimal(False, day) for day in days] == [5, 5, 5]


def test_a_rate_of_the_contract_is_used_and_one_under_the_least_refused() -> None:
    assert avance(Decimal(120_000), 12, False, DAY, Decimal(10)) == Decimal("12000.00")
    for rate, pme in ((Decimal(10), True), (Decimal(4), False), (Decimal(101), False)):
        with pytest.raises(ValueError, match="taux de l’avance"):
            avance(Decimal(120_000), 12, pme, DAY, rate)


# --- dates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (dt.date(2026, 9, 1), 11, dt.date(2027, 7, 31)),
        (dt.date(2026, 9, 15), 12, dt.date(2027, 9, 14)),
        (dt.date(2027, 1, 31), 1, dt.date(2027, 2, 28)),
        (dt.date(2028, 1, 31), 1, dt.date(2028, 2, 29)),
    ],
)
def test_a_period_in_months_goes_from_date_to_date(start: dt.date, months: int, last: dt.date) -> None:
    assert dernier_jour(start, months) == last


def test_a_delay_in_days_starts_on_the_next_day_and_its_last_day_is_whole() -> None:
    told = dt.date(2026, 7, 21)
    assert premiere_signature(told, 11) == dt.date(2026, 8, 2)
    assert premiere_signature(told, 0) == told
