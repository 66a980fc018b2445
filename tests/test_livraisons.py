"""What is handed over: the buyer's decisions, the attestations of service fait."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from assembler_plugins.commun.accompagnement.livrables import livrable, part
from cas_suite import ADMIS, DOCUMENTS, en_cours, fichiers, mots, simple, suivi

from assembler.errors import MissingValue, WritingError

D = dt.date


def delivered(ident: str, *livraisons: dict[str, Any], **changes: Any) -> dict[str, str]:
    fiche = suivi(livraisons=list(livraisons), **({"attribution__titulaire": "Studio Exemple"} | changes))
    return {name: mots(data) for name, data in fichiers(ident, en_cours(fiche)).items()}


def refusal(error: type[Exception], ident: str, livraison: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(error) as told:
        delivered(ident, livraison, **changes)
    return str(told.value)


def test_an_admission_says_what_it_pays() -> None:
    (said,) = delivered("decision-admission", ADMIS).values()
    for wanted in (
        "décision d’admission – L1, note de cadrage",
        "Vous m’avez remis, le 2 octobre 2026, le livrable « L1, note de cadrage »",
        "marché subséquent n° 2026-053-01, fondé sur l’accord-cadre n° AC-2023-01",
        "notifié le 17 août 2026",
        "j’ai pris, le 20 octobre 2026, la décision suivante",
        "(CCAG-PI)",
        "Ce livrable est admis. L’admission prend effet à la date de notification",
        "20 % du prix, soit quinze mille neuf cent soixante-dix euros hors taxes (15 970,00 € HT)",
    ):
        assert wanted in said
    assert "mémoire en réclamation" not in said
    assert "article" not in said


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        (
            {"decision": "ajournement", "nouvelle_remise": D(2026, 11, 3)},
            "L’admission de ce livrable est ajournée. Je vous invite à le présenter de nouveau, mis au "
            "point, au plus tard le 3 novembre 2026.",
        ),
        (
            {"decision": "refaction", "montant_ht": Decimal("9977.50")},
            "admis avec réfaction de son prix, qui est ramené à neuf mille neuf cent soixante-dix-sept "
            "euros et cinquante centimes hors taxes (9 977,50 € HT)",
        ),
        ({"decision": "rejet"}, "Ce livrable est rejeté."),
    ],
)
def test_a_decision_that_does_not_admit_gives_its_reasons_and_how_to_contest(
    changes: dict[str, Any], wanted: str
) -> None:
    (said,) = delivered(
        "decision-admission", {**ADMIS, "motifs": ["le calendrier manque"], **changes}
    ).values()
    for part_ in (wanted, "pour le motif suivant :\nLe calendrier manque.\n", "mémoire en réclamation"):
        assert part_ in said
    assert "Elle ouvre droit" not in said
    (said,) = delivered("decision-admission", {**ADMIS, "motifs": ["Un", "Deux"], **changes}).values()
    assert "pour les motifs suivants :\nUn.\nDeux.\n" in said


def test_observations_go_with_the_admission_which_is_without_reserve() -> None:
    (said,) = delivered("decision-admission", {**ADMIS, "observations": ["Ajouter l’échelle."]}).values()
    assert "Ce livrable est admis. L’admission prend effet" in said
    assert "Observations à prendre en compte pour la suite :\nAjouter l’échelle." in said


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"date_decision": None}, "livraisons.0.date_decision"),
        ({"decision": "rejet"}, "livraisons.0.motifs"),
        ({"decision": "refaction", "motifs": ["x"]}, "livraisons.0.montant_ht"),
        ({"decision": "ajournement", "motifs": ["x"]}, "livraisons.0.nouvelle_remise"),
    ],
)
def test_a_decision_is_refused_without_what_it_must_say(changes: dict[str, Any], field: str) -> None:
    assert field in refusal(MissingValue, "decision-admission", ADMIS | changes)


def test_a_decision_needs_a_contract_and_its_titulaire() -> None:
    assert "marche.numero" in refusal(MissingValue, "decision-admission", ADMIS, marche__numero=None)
    assert "attribution.titulaire" in refusal(
        MissingValue, "decision-admission", ADMIS, attribution__titulaire=None
    )


def test_only_what_is_decided_has_a_letter_and_a_second_remise_has_its_own() -> None:
    again = {**ADMIS, "date_remise": D(2026, 11, 2)}
    waiting = {"livrable": "L3", "date_remise": D(2027, 7, 1)}
    first = {**ADMIS, "decision": "ajournement", "motifs": ["x"], "nouvelle_remise": D(2026, 11, 3)}
    assert list(delivered("decision-admission", first, again, waiting)) == [
        "decision-admission-l1.docx",
        "decision-admission-l1-2.docx",
    ]
    assert list(delivered("service-fait", first, again, waiting)) == ["service-fait-l1.docx"]


@pytest.mark.parametrize("ident", ["decision-admission", "service-fait"])
def test_without_a_decision_there_is_nothing_to_make_and_it_is_made_on_request(ident: str) -> None:
    assert "livraisons" in str(DOCUMENTS[ident].condition(en_cours()))
    assert DOCUMENTS[ident].on_request


def test_an_attestation_says_the_amounts_in_figures_and_in_words() -> None:
    (said,) = delivered("service-fait", ADMIS).values()
    for wanted in (
        "Je soussignée, Camille EXEMPLE, directrice départementale des territoires, atteste",
        "2105467890",
        "FAC0000053",
        "20 %",
        "15 970,00 €",
        "3 194,00 €",
        "19 164,00 €",
        "quinze mille neuf cent soixante-dix euros hors taxes (15 970,00 € HT), soit dix-neuf mille cent "
        "soixante-quatre euros toutes taxes comprises (19 164,00 € TTC)",
        "Fait à Laval, le",
    ):
        assert wanted in said


def test_the_instalments_add_up_to_the_price_to_the_cent() -> None:
    fiche = en_cours(suivi(attribution__montant_ht=Decimal("33333.35"))).fiche
    codes = ("L1", "L2.1", "L2.2", "L2.3", "L3", "L4")
    amounts = [found.montant for code in codes if (found := part("x", fiche, code))]
    assert sum(amounts) == Decimal("33333.35")
    assert amounts[:2] == [Decimal("6666.67"), Decimal("5000.00")]


def test_a_schedule_that_does_not_hold_is_refused() -> None:
    wrong = [{"livrable": "L1", "part": Decimal(20)}, {"livrable": "L4", "part": Decimal(70)}]
    assert "100 %" in simple(refusal(WritingError, "service-fait", ADMIS, marche__echeancier=wrong))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"marche__echeancier": []}, "livraisons.0.montant_ht"),
        ({"attribution__montant_ht": None}, "attribution.montant_ht"),
        ({"marche__taux_tva": None}, "marche.taux_tva"),
    ],
)
def test_an_attestation_without_amount_or_rate_is_refused(changes: dict[str, Any], field: str) -> None:
    assert field in refusal(MissingValue, "service-fait", ADMIS, **changes)


def test_a_groupement_at_several_rates_has_its_tax_left_to_complete() -> None:
    (said,) = delivered("service-fait", ADMIS, attribution__titulaire="Atelier Exemple").values()
    assert "15 970,00 €" in said
    assert "[à compléter : montants par taux" in said
    assert "TTC)" not in said


def test_a_bon_de_commande_is_named_when_there_is_no_marche() -> None:
    orders = [{"numero": "BC-1"}, {"numero": "BC-2"}]
    named = {"marche__numero": None, "commandes": orders, "attribution__montant_ht": None}
    one = {**ADMIS, "livrable": "esquisse_plan_guide", "commande": "bc-2", "montant_ht": Decimal(9000)}
    (said,) = delivered("service-fait", one, **named).values()
    assert "\nBon de commande n° BC-2\n" in said
    assert "Esquisse de plan-guide" in said
    assert "10 800,00 €" in said
    told = refusal(MissingValue, "service-fait", {**one, "commande": None}, **named)
    assert "livraisons.0.commande" in told


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("l2.1", "L2.1, carnet de suivi n° 1"),
        ("Rapport final", "L3, rapport final"),
        ("feuille_route", "L4, feuille de route"),
        ("carnet_suivi", "carnet de suivi"),
        ("esquisse_plan_guide", "esquisse de plan-guide"),
        ("Maquette du bourg", "Maquette du bourg"),
    ],
)
def test_a_deliverable_is_known_by_its_code_its_key_or_its_name(given: str, said: str) -> None:
    assert simple(livrable(given).complet) == said
