"""The step « restitution »: feuille de route, officialisation, capitalisation, the last frames."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from assembler_plugins.commun.accompagnement.documents import (
    RESTITUTION,
    RESTITUTION_FLASH,
    RESTITUTION_THEMATIQUE,
)
from assembler_plugins.commun.accompagnement.restitution import actions, priorites
from cas_local import changed
from cas_suite import ACTIONS, DOCUMENTS, en_cours, fichiers, mots, suivi
from test_rendering_xlsx import differences, recalculated


def of_actions(*rows: dict[str, Any]) -> dict[str, Any]:
    return suivi(restitution={"feuille_route": list(rows)})


def only(ident: str, fiche: dict[str, Any] | None = None) -> str:
    return mots(fichiers(ident, en_cours(fiche))[f"{ident}.docx"])


def test_each_format_ends_with_what_the_contract_names() -> None:
    local = ["rapport-final", "feuille-route", "officialisation", "capitalisation"]
    assert [one.id for one in RESTITUTION] == local
    assert [one.id for one in RESTITUTION_THEMATIQUE] == [*local, "bouger-les-lignes"]
    assert {one.id for one in RESTITUTION_FLASH} == {
        "feuille-route",
        "esquisse-plan-guide",
        "officialisation",
        "capitalisation",
    }


# --- feuille de route -------------------------------------------------------------------------


def test_actions_are_by_theme_as_the_fiche_orders_them_then_by_priority() -> None:
    found = [(one.theme, one.action.split()[0], one.priorite) for one in actions(en_cours().fiche)]
    assert found == [
        ("Habitat", "Rénover", "haute"),
        ("Habitat", "Recenser", "moyenne"),
        ("Habitat", "Ouvrir", "basse"),
        ("Eau et bocage", "Restaurer", "moyenne"),
        ("Autres actions", "Réunir", ""),
    ]


def test_an_orientation_stands_for_a_missing_theme_and_a_row_without_action_is_no_action() -> None:
    rows = (
        {"orientation": "Loger", "action": "Bâtir"},
        {"theme": "Eau", "porteur": "X"},
        {"action": "Suivre"},
    )
    assert [(one.theme, one.action) for one in actions(en_cours(of_actions(*rows)).fiche)] == [
        ("Loger", "Bâtir"),
        ("Autres actions", "Suivre"),
    ]
    assert [one.theme for one in actions(en_cours(of_actions({"action": "Suivre"})).fiche)] == ["Actions"]


def test_priorities_in_other_words_are_kept_in_their_order() -> None:
    rows = [{"action": word, "priorite": word} for word in ("2", "1", "haute")]
    found = actions(en_cours(of_actions(*rows)).fiche)
    assert priorites(found) == ("haute", "1", "2")
    assert [one.action for one in found] == ["haute", "1", "2"]


def test_the_feuille_de_route_is_a_document_and_a_workbook() -> None:
    assert list(fichiers("feuille-route", en_cours())) == ["feuille-route.docx", "feuille-route.xlsx"]


def test_the_document_gives_each_action_its_carrier_its_funding_and_its_term() -> None:
    said = only("feuille-route")
    for wanted in (
        "Choisir une armature de bourgs.",
        "Habitat",
        "Avec : Anah",
        "180 000,00 €",
        "2028",
        "Autres actions",
        "Réunir le comité chaque année",
    ):
        assert wanted in said
    assert "Outil" not in said
    assert said.index("Recenser") < said.index("Ouvrir une permanence") < said.index("Restaurer")


def test_without_actions_the_document_is_a_frame() -> None:
    for fiche in ({}, changed()):
        said = only("feuille-route", fiche)
        assert "Les actions par thème et par ordre de priorité" in said
        assert "None" not in said


@pytest.fixture(scope="module")
def books() -> dict[str, bytes]:
    odd = (
        {
            "theme": "Habitat * et ? bocage",
            "action": "=1+1",
            "priorite": "urgent, vite",
            "montant": Decimal("0.1"),
        },
        {"theme": "Habitat et eau", "action": "Deux", "priorite": "urgent, vite", "montant": Decimal("0.2")},
        {"theme": '"Guillemets"', "action": "Trois", "priorite": 'dite "haute"', "etat": "achevee"},
    )
    return {
        name: fichiers("feuille-route", en_cours(fiche))["feuille-route.xlsx"]
        for name, fiche in {"usuelle": suivi(), "vide": {}, "bizarre": of_actions(*odd)}.items()
    }


def test_the_workbook_shows_what_it_recalculates(
    books: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name, fresh in recalculated(tmp_path_factory.mktemp("calcul"), books).items():
        count, wrong = differences(books[name], fresh)
        assert (name, wrong) == (name, [])
        assert count >= 36


def loaded(data: bytes, *, values: bool = True) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def test_the_totals_are_by_theme(books: dict[str, bytes]) -> None:
    sheet = loaded(books["usuelle"])["Synthèse"]
    found = {line[0]: line[1:] for line in sheet.iter_rows(min_row=4, values_only=True) if line[0]}
    assert found == {
        "Habitat": (3, 1, 1, 1, 1, 180000),
        "Eau et bocage": (1, 0, 1, 0, 0, 64000.5),
        "Autres actions": (1, 0, 0, 0, 0, 0),
        "Sous aucun des thèmes ci-dessus": (0, 0, 0, 0, 0, 0),
        "Total": (5, 1, 2, 1, 1, 244000.5),
    }


def test_a_theme_that_holds_a_wildcard_counts_its_own_actions(books: dict[str, bytes]) -> None:
    sheet = loaded(books["bizarre"])["Synthèse"]
    assert [sheet.cell(row, 2).value for row in (4, 5, 6)] == [1, 1, 1]


def test_the_table_filters_and_offers_lists_and_room_for_more(books: dict[str, bytes]) -> None:
    for name, actions_ in (("usuelle", 5), ("vide", 0)):
        book = loaded(books[name], values=False)
        sheet = book["Feuille de route"]
        last = 3 + actions_ + 12
        assert sheet.auto_filter.ref == f"A3:J{last}"
        assert sheet.print_title_rows == "$3:$3"
        assert {(str(one.sqref), one.formula1) for one in sheet.data_validations.dataValidation} == {
            (f"D4:D{last}", "_listes!$A$1:$A$3"),
            (f"J4:J{last}", "_listes!$B$1:$B$4"),
        }
        assert book["_listes"].sheet_state == "veryHidden"
        assert [cell.value for cell in book["_listes"]["A"]][:3] == ["haute", "moyenne", "basse"]


def test_no_text_of_the_fiche_becomes_a_formula(books: dict[str, bytes]) -> None:
    cell = loaded(books["bizarre"], values=False)["Feuille de route"]["C4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


# --- officialisation --------------------------------------------------------------------------


def test_each_body_signs_with_its_representative() -> None:
    said = only("officialisation")
    for wanted in (
        "L’Atelier local des Coëvrons, que portent ensemble la communauté de communes",
        "au cours de trois sessions",
        "compte 5 actions ; elle est jointe",
        "Communauté de communes des Coëvrons",
        "Le président\nClaude EXEMPLE",
        "La préfète\nAlex EXEMPLE",
        "La directrice départementale des territoires\nCamille EXEMPLE",
        "Fait à …",
    ):
        assert wanted in said
    assert "Je vous prie" not in said
    assert "article" not in said


def test_a_single_carrier_and_a_single_session_agree() -> None:
    fiche = changed(collectivites=[], accompagnement={"sessions": [{"lieu": "Bais"}]})
    said = only("officialisation", fiche)
    assert (
        "que porte la direction départementale des territoires de la Mayenne, a réuni, au cours d’une" in said
    )
    assert "La feuille de route qui en est issue est jointe" in said


def test_a_body_whose_representative_is_not_named_still_has_its_place() -> None:
    said = only("officialisation", changed(collectivites=[{"nom": "Évron", "type": "commune"}], pilotes=[]))
    assert "Commune d’Évron" in said
    assert "Représentant" in said


def test_nobody_to_sign_is_a_reason() -> None:
    assert "collectivites" in str(DOCUMENTS["officialisation"].condition(en_cours({})))


# --- the others -------------------------------------------------------------------------------


def test_the_capitalisation_gathers_what_is_known() -> None:
    said = only("capitalisation")
    for wanted in (
        "Atelier local",
        "des transitions environnementales et énergétiques",
        "Session n° 2 : stratégie",
        "Restaurer 12 km de haies",
        "Dominique EXEMPLE, chargé de mission territoriale",
        "Autorisation de diffusion",
    ):
        assert wanted in said
    assert "Notification du marché" not in said


def test_the_bouger_les_lignes_gives_way_to_the_layout_of_the_dgaln() -> None:
    assert "la maquette que transmet la DGALN prévaut" in only("bouger-les-lignes")


@pytest.mark.parametrize(
    "ident", ["rapport-final", "esquisse-plan-guide", "capitalisation", "bouger-les-lignes", "feuille-route"]
)
@pytest.mark.parametrize("fiche", [{}, changed(accompagnement={"sessions": [{"debut": "2026-10"}]}), suivi()])
def test_a_frame_is_made_whatever_the_fiche_knows(ident: str, fiche: dict[str, Any]) -> None:
    said = only(ident, fiche)
    assert ("[à compléter : intitulé de l’Atelier]" in said) is (fiche == {})
    assert "None" not in said
    assert "{{" not in said
    assert "  " not in said.replace("\n", "|")


def test_the_actions_of_the_tests_are_all_of_the_fiche() -> None:
    assert len(actions(en_cours().fiche)) == len(ACTIONS)
