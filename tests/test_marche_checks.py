"""What the checks of the marché and of the chronology say, beyond the examples of their rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from assembler_plugins.commun.chronologie import dates_enchainees, signataires_habilites
from assembler_plugins.commun.marche.checks import titulaires_consultes
from assembler_plugins.commun.marche.checks_mission import prix_par_livrable
from assembler_plugins.commun.marche.checks_offres import enveloppe

from assembler.model import Frozen, Observation, State


def facts(**given: Any) -> Frozen:
    return Frozen({"fiche": {}, "pieces": {}, "instruction": {}, "referentiels": {}, "dossier": {}, **given})


def told(found: Any) -> list[str]:
    return [one.message.replace("\u00a0", " ").replace("\u202f", " ") for one in found]


# --- the dates -------------------------------------------------------------------------------


def test_only_the_first_broken_link_is_told_with_the_field_of_each_date() -> None:
    fiche = {
        "date_depot": dt.date(2026, 3, 12),
        "marche": {"date_consultation": dt.date(2026, 2, 1)},
        "attribution": {"date_signature": dt.date(2026, 1, 1)},
    }
    assert told(dates_enchainees(facts(fiche=fiche))) == [
        "L’envoi de la consultation (01/02/2026, champ « marche.date_consultation ») précède le dépôt "
        "(12/03/2026, champ « date_depot »)."
    ]


def test_a_date_that_is_not_stated_is_passed_over() -> None:
    fiche = {"date_depot": dt.date(2026, 3, 12), "attribution": {"date_debut": dt.date(2026, 3, 1)}}
    (found,) = dates_enchainees(facts(fiche=fiche))
    assert (found.state, found.path) == (State.NON_CONFORME, "fiche.attribution.date_debut")


@pytest.mark.parametrize(
    ("signed", "message"),
    [
        (dt.date(2026, 8, 2), []),
        (
            dt.date(2026, 8, 1),
            [
                "La signature (01/08/2026, champ « attribution.date_signature ») ne laisse pas 11 jours "
                "après l’information des titulaires non retenus (21/07/2026, champ "
                "« attribution.date_rejets ») : elle est possible à partir du 02/08/2026."
            ],
        ),
    ],
)
def test_the_delay_before_the_signature_is_that_of_the_accord_cadre_and_is_whole(
    signed: dt.date, message: list[str]
) -> None:
    fiche = {"attribution": {"date_rejets": dt.date(2026, 7, 21), "date_signature": signed}}
    record = {"accord_cadre": {"delai_suspension": 11}}
    assert told(dates_enchainees(facts(fiche=fiche, referentiels=record))) == message


def test_the_fiche_s_own_delay_comes_before_that_of_the_accord_cadre() -> None:
    attribution = {
        "date_rejets": dt.date(2026, 7, 21),
        "date_signature": dt.date(2026, 7, 21),
        "delai_suspension_jours": 0,
    }
    record = {"accord_cadre": {"delai_suspension": 11}}
    assert told(dates_enchainees(facts(fiche={"attribution": attribution}, referentiels=record))) == []


# --- who signs -------------------------------------------------------------------------------


def test_a_delegation_renewed_since_the_letter_is_compared_with_the_last_act() -> None:
    signs = {"nom": "Exemple", "mode": "delegation"}
    signs["acte_delegation"] = {"numero": "2026-09", "date": dt.date(2026, 5, 4)}  # type: ignore[assignment]
    letters = {"courrier_service": [{"fichier": "ddt.pdf", "date": dt.date(2026, 3, 4)}]}
    fiche: dict[str, Any] = {"pilotes": [{"signataire": signs}]}
    assert told(signataires_habilites(facts(fiche=fiche, pieces=letters))) == [
        "Exemple : l’acte est daté du 04/05/2026, après son courrier (04/03/2026, champ "
        "« courrier_service.0.date »)."
    ]
    fiche["marche"] = {"date_consultation": dt.date(2026, 6, 8)}
    assert told(signataires_habilites(facts(fiche=fiche, pieces=letters))) == []


# --- the marché ------------------------------------------------------------------------------


def test_an_accord_cadre_in_lots_asks_which_one_before_anything_is_compared() -> None:
    record = {"titulaires": [{"mandataire": "A", "lot": "1"}, {"mandataire": "B", "lot": "2"}]}
    fiche = {"marche": {"titulaires_consultes": ["A", "B"]}}
    (found,) = titulaires_consultes(facts(fiche=fiche, referentiels={"accord_cadre": record}))
    assert (found.state, found.path) == (State.NON_VERIFIE, "fiche.marche.lot")
    assert told([found]) == ["L’accord-cadre a des lots (1 et 2) et la fiche ne dit pas lequel."]


@pytest.mark.parametrize(
    "post", ["Session n° 2 in situ", "session 2", "2e session", "Deuxième session", "2ème session"]
)
def test_a_session_is_known_by_its_number_in_figures_or_in_words(post: str) -> None:
    fiche = {"marche": {"prix": [{"poste": "Session 1"}, {"poste": post}, {"poste": "3e session"}]}}
    assert told(prix_par_livrable(facts(fiche=fiche), livrables={}, sessions=3)) == []


def judged(found: Any) -> tuple[State | None, list[str]]:
    seen: list[Observation] = list(found)
    return (seen[0].state if seen else None), told(seen)


@pytest.mark.parametrize(
    ("amount", "envelope", "state"),
    [
        (Decimal("83333.33"), {"base": "TTC"}, None),
        (Decimal("83333.34"), {"base": "TTC"}, State.NON_CONFORME),
        (Decimal("83333.33"), {}, None),
        (Decimal("83333.34"), {}, State.NON_VERIFIE),
        (Decimal("100000.01"), {}, State.NON_CONFORME),
        (Decimal("100000.00"), {"base": "HT"}, None),
    ],
)
def test_an_envelope_whose_base_is_unknown_is_judged_only_when_both_bases_agree(
    amount: Decimal, envelope: Mapping[str, str], state: State | None
) -> None:
    fiche = {
        "attribution": {"montant_ht": amount},
        "financement": {"montant": Decimal(100000), **envelope},
        "marche": {"taux_tva": Decimal(20)},
    }
    assert judged(enveloppe(facts(fiche=fiche)))[0] is state


def test_a_member_out_of_vat_lowers_the_amount_with_tax() -> None:
    fiche = {
        "attribution": {
            "titulaire": "A",
            "montant_ht": Decimal(84000),
            "repartition": [
                {"membre": "A", "montant_ht": Decimal(74000)},
                {"membre": "B", "montant_ht": Decimal(10000)},
            ],
        },
        "financement": {"montant": Decimal("98799.99"), "base": "TTC"},
        "marche": {"taux_tva": Decimal(20)},
    }
    record = {"titulaires": [{"mandataire": "A", "membres": [{"nom": "B", "taux_tva": Decimal(0)}]}]}
    assert judged(enveloppe(facts(fiche=fiche, referentiels={"accord_cadre": record}))) == (
        State.NON_CONFORME,
        ["98 800,00 € TTC (84 000,00 € HT, TVA à 20 %), pour une enveloppe de 98 799,99 € TTC."],
    )
