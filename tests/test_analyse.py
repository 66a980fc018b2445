"""The analysis of the offers: marks, ranking, and the workbook that only the buyer reads."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from assembler_plugins.commun.marche.analyse import analyser, criteres, sans_offre
from assembler_plugins.commun.marche.documents import ATTRIBUTION as DOCUMENTS
from assembler_plugins.commun.marche.points import points
from cas_local import ACCORD, OFFRES, case, marche
from lxml import etree
from test_rendering_xlsx import differences, recalculated

from assembler.contributions import Case, Copy
from assembler.errors import MissingValue, WritingError
from assembler.model import freeze

ANALYSIS = next(one for one in DOCUMENTS if one.id == "analyse-offres")
CONSULTED = ["Atelier Exemple", "Un autre"]
OUT = "irrégulière : le calendrier manque"


def offers(**changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The three offers, each changed by the name that its titulaire has here."""
    ranks = {"atelier": 0, "studio": 1, "associes": 2}
    given = copy.deepcopy(OFFRES)
    for name, values in changes.items():
        given[ranks[name]] |= values
    return given


def of(accord: Mapping[str, Any] = ACCORD, **changes: Any) -> Case:
    return case(marche(**changes), accord=accord, step="attribution")


def made(one: Case) -> bytes:
    assert ANALYSIS.build is not None
    return ANALYSIS.build(one, Copy())


def read(data: bytes, *, values: bool = True) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def column(data: bytes, sheet: str, letter: str) -> list[Any]:
    """The values of a column, from the first line of the table."""
    return [cell.value for cell in read(data)[sheet][letter][4:]]


TIE = offers(
    atelier={"montant_ht": Decimal(80_000), "notes": {"Valeur technique": "8"}},
    studio={"montant_ht": Decimal(74_200), "notes": {"Valeur technique": "5"}},
    associes={"montant_ht": Decimal(80_000), "notes": {"Valeur technique": "8"}},
)
CASES = {
    "complet": of(),
    "ecartee": of(offres=offers(associes={"ecartee": OUT, "montant_ht": Decimal(60_000)})),
    "egalite": of(offres=TIE),
    "sans_notes": of(offres=offers(atelier={"notes": None}, studio={"montant_ht": None})),
    "toutes_ecartees": of(offres=[one | {"ecartee": OUT} for one in offers()]),
    "sans_accord": of({}, marche__taux_tva=None, financement__base=None),
    "hors_territoire": of(marche__taux_tva=None, territoire__departements=["978"]),
    "saisie": of(
        {**ACCORD, "methode_prix": "saisie", "note_maximale": Decimal(20)},
        offres=offers(
            **{name: {"notes": {"Valeur technique": "13,75", "Prix": "9"}} for name in ("atelier", "studio")}
        ),
        financement__base="HT",
        financement__montant=Decimal(75_000),
    ),
}


# --- marks and ranks --------------------------------------------------------------------------------


def test_the_price_is_marked_against_the_lowest_and_the_total_is_out_of_100() -> None:
    found = analyser(CASES["complet"])
    assert [[mark.note for mark in one.notes] for one in found.offres] == [
        [Decimal("8.5"), Decimal("9.29")],
        [Decimal(7), Decimal("10.00")],
        [Decimal(8), Decimal("9.00")],
    ]
    assert [(one.titulaire, one.total, one.rang) for one in found.offres] == [
        ("Atelier Exemple", Decimal("88.16"), 1),
        ("Studio Exemple", Decimal("82.00"), 3),
        ("Exemple et associés", Decimal("84.00"), 2),
    ]


def test_an_excluded_offer_sets_no_lowest_price_and_has_neither_mark_nor_rank() -> None:
    found = analyser(CASES["ecartee"])
    assert found.plus_basse == Decimal(74_200)
    assert [one.rang for one in found.offres] == [1, 2, None]
    assert [mark.note for mark in found.offres[2].notes] == [None, None]


def test_two_offers_of_the_same_total_have_the_same_rank() -> None:
    assert [(one.rang, one.ex_aequo) for one in analyser(CASES["egalite"]).offres] == [(1, 1), (3, 0), (1, 1)]


def test_an_offer_with_a_mark_missing_is_not_ranked() -> None:
    found = analyser(CASES["sans_notes"])
    assert [one.rang for one in found.offres] == [None, None, 1]


def test_a_criterion_is_known_whatever_its_accents_and_its_case() -> None:
    notes = {"valeur  TECHNIQUE": "8,5", "prix": None}
    assert analyser(of(offres=offers(atelier={"notes": notes}))).offres[0].notes[0].note == Decimal("8.5")


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"atelier": {"notes": {"Valeur tecnique": "8"}}}, WritingError, "Valeur tecnique"),
        ({"atelier": {"notes": {"Valeur technique": "bien"}}}, WritingError, "n’est pas une note"),
        ({"atelier": {"notes": {"Valeur technique": "11"}}}, WritingError, "de 0 à 10"),
        ({"atelier": {"notes": {"Valeur technique": "-1"}}}, WritingError, "de 0 à 10"),
        ({"atelier": {"notes": "8"}}, WritingError, "une valeur par critère"),
        ({"studio": {"titulaire": "ATELIER EXEMPLE"}}, WritingError, "deux offres"),
        ({"studio": {"titulaire": None}}, MissingValue, "offres.1.titulaire"),
    ],
)
def test_what_cannot_be_compared_is_refused(changes: dict, error: type, told: str) -> None:
    with pytest.raises(error, match=told):
        analyser(of(offres=offers(**changes)))


def test_the_criteria_are_those_of_the_lot_of_the_accord_cadre() -> None:
    lots = [
        {"intitule": "Valeur technique", "ponderation": Decimal(70), "lot": "1"},
        {"intitule": "Prix", "ponderation": Decimal(30), "lot": "1"},
        {"intitule": "Prix", "ponderation": Decimal(100), "lot": "2"},
    ]
    found = criteres(of({**ACCORD, "criteres": lots}, marche__lot="1"))
    assert [(one.intitule, one.poids, one.prix) for one in found] == [
        ("Valeur technique", 70, False),
        ("Prix", 30, True),
    ]


def test_without_the_record_the_criteria_of_the_fiche_are_taken_and_the_marks_entered() -> None:
    found = analyser(CASES["sans_accord"])
    assert [(one.intitule, one.calcule) for one in found.criteres] == [
        ("Valeur technique", False),
        ("Prix", False),
    ]
    assert found.note_max is None
    assert all(one.total is None for one in found.offres)


def test_there_is_no_analysis_without_offers() -> None:
    assert "offres" in (sans_offre(of(offres=[])) or "")
    assert ANALYSIS.condition(of()) is None


# --- the workbook -----------------------------------------------------------------------------------


def test_cached_values_are_those_that_libreoffice_calculates(tmp_path: Path) -> None:
    books = {name: made(one) for name, one in CASES.items()}
    fresh = recalculated(tmp_path, books)
    for name, ours in books.items():
        count, wrong = differences(ours, fresh[name])
        assert wrong == [], name
        assert count > 3
    # The chart is still there once LibreOffice has written the workbook again.
    assert [one for one in zipfile.ZipFile(io.BytesIO(fresh["complet"])).namelist() if "/chart" in one]


def test_the_same_case_gives_the_same_bytes() -> None:
    assert made(of()) == made(of())


def test_the_sheets_stand_in_order() -> None:
    assert read(made(of())).sheetnames == [
        "Page de garde", "Critères", "Offres", "Notes", "Classement", "Points à vérifier", "Anomalies",
    ]  # fmt: skip


def test_the_weights_are_summed_and_the_sum_is_judged() -> None:
    assert column(made(of()), "Critères", "D")[-1] == "Conforme\u00a0: la somme fait 100"
    wrong = [{**one, "ponderation": Decimal(30)} for one in ACCORD["criteres"]]
    said = column(made(of({**ACCORD, "criteres": wrong})), "Critères", "D")[-1]
    assert said == "À corriger\u00a0: la somme doit faire 100"


def test_a_tie_and_an_exclusion_are_told_in_words() -> None:
    said = column(made(CASES["egalite"]), "Classement", "F")
    assert said[:3] == [
        "Classée 1re ex æquo (2 offres à égalité)",
        "Classée 3e",
        "Classée 1re ex æquo (2 offres à égalité)",
    ]
    result = [one for one in column(made(CASES["egalite"]), "Classement", "A") if one][-1]
    assert result.startswith("2 offres sont à égalité au premier rang")
    assert column(made(CASES["ecartee"]), "Classement", "F")[2] == f"Écartée\u00a0: {OUT}".replace(
        " :", "\u00a0:"
    )


def test_only_what_the_fiche_leaves_out_can_be_entered() -> None:
    def unlocked(data: bytes) -> set[str]:
        return {
            f"{sheet.title}!{cell.coordinate}"
            for sheet in read(data, values=False).worksheets
            for row in sheet.iter_rows()
            for cell in row
            if not cell.protection.locked
        }

    assert unlocked(made(CASES["complet"])) == set()
    assert unlocked(made(CASES["sans_notes"])) == {"Notes!D5", "Offres!D6"}
    assert "Page de garde!B12" in unlocked(made(CASES["hors_territoire"]))
    assert all(sheet.protection.sheet for sheet in read(made(of()), values=False).worksheets)


def test_the_envelope_is_held_against_its_own_base() -> None:
    ttc = of(financement__montant=Decimal(90_000), financement__base="TTC")
    assert column(made(ttc), "Offres", "H")[:3] == [
        "Au-dessus de l’enveloppe TTC",
        "Dans l’enveloppe TTC",
        "Au-dessus de l’enveloppe TTC",
    ]
    assert column(made(CASES["saisie"]), "Offres", "H")[:3] == [
        "Au-dessus de l’enveloppe HT",
        "Dans l’enveloppe HT",
        "Au-dessus de l’enveloppe HT",
    ]
    assert column(made(CASES["sans_accord"]), "Offres", "H")[:3] == ["Non contrôlée"] * 3


def test_an_offer_that_came_late_says_so() -> None:
    late = of(offres=offers(studio={"date_reception": dt.datetime(2026, 7, 10, 12, 1)}))
    assert column(made(late), "Offres", "C")[:3] == ["Dans le délai", "Hors délai", "Dans le délai"]
    assert any("après la date limite : Studio Exemple" in text for _, text in points(late, analyser(late)))


def test_the_chart_is_read_without_seeing_it() -> None:
    with zipfile.ZipFile(io.BytesIO(made(of()))) as package:
        drawing = etree.fromstring(package.read("xl/drawings/drawing1.xml"))
        chart = etree.fromstring(package.read("xl/charts/chart1.xml"))
        relations = package.read("xl/drawings/_rels/drawing1.xml.rels").decode()
    assert "charts/chart1.xml" in relations
    control = next(node for node in drawing.iter() if etree.QName(node).localname == "cNvPr")
    assert control.get("name") == "Notes pondérées par critère"
    assert "Atelier Exemple\u00a0: 88,16 points, offre classée 1re" in control.get("descr")
    titles = ["".join(node.itertext()) for node in chart.iter() if etree.QName(node).localname == "title"]
    assert titles == ["Notes pondérées par critère", "Titulaire", "Points sur 100"]


def test_a_name_never_becomes_a_formula() -> None:
    name = "=1+1"
    book = read(made(of(offres=offers(associes={"titulaire": name}))), values=False)
    assert [book["Offres"]["A7"].value, book["Offres"]["A7"].data_type] == [name, "s"]


def with_prices(**prices: Any) -> Case:
    one = of()
    returned = ({"fichier": "offres/studio/dpgf.xlsx", "prix": prices}, {"fichier": "autre.pdf"})
    facts = {**one.dossier.facts, "pieces": {"offre": returned}}
    return dataclasses.replace(one, dossier=dataclasses.replace(one.dossier, facts=freeze(facts)))


def test_the_anomalies_of_the_returned_workbooks_are_listed_or_said_not_to_be_known() -> None:
    assert column(made(of()), "Anomalies", "E") == ["Classeurs non comparés"]
    told = {
        "feuille": "DPGF",
        "cellule": "D9",
        "gravite": "majeure",
        "message": "Prix négatif",
        "trouve": "-1",
    }
    found = with_prices(anomalies=[told], non_verifie=["Les formules ne sont pas lues."])
    rows = [[cell.value for cell in row] for row in read(made(found))["Anomalies"].iter_rows(min_row=5)]
    assert rows == [
        ["offres/studio/dpgf.xlsx", "DPGF", "D9", "majeure", "Prix négatif"],
        ["offres/studio/dpgf.xlsx", "–", "–", "non vérifiée", "Les formules ne sont pas lues."],
    ]
    assert any("2 anomalies" in text.replace("\u00a0", " ") for _, text in points(found, analyser(found)))
    assert column(made(with_prices(anomalies=[])), "Anomalies", "E") == ["Aucune anomalie relevée"]


# --- points to look at --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"marche__taux_tva": None}, "Taux à confirmer : 20 %, proposé pour ce territoire"),
        ({"marche__taux_tva": Decimal("8.5")}, "n’est pas celui du territoire"),
        ({"territoire__departements": ["978"], "marche__taux_tva": None}, "ni donné ni proposé"),
        ({"financement__base": None}, "financement.base"),
        ({"marche__titulaires_consultes": CONSULTED}, "aucune offre n’est enregistrée : Un autre"),
        ({"marche__titulaires_consultes": CONSULTED}, "pas dits consultés : Studio Exemple"),
        ({"offres": TIE}, "Égalité au premier rang entre Atelier Exemple et Exemple et associés"),
        ({"offres": offers(atelier={"notes": None})}, "Notes à donner : Atelier Exemple (Valeur technique)"),
        ({"attribution__montant_ht": Decimal(1)}, "n’est pas celui de l’offre (79 850,00 € HT)"),
        ({"attribution__titulaire": "Studio Exemple"}, "est classée 3e"),
        ({"attribution__engagement_juridique": "12"}, "n’a pas dix chiffres"),
        ({"marche__criteres": [{"intitule": "Prix", "ponderation": Decimal(50)}]}, "ne sont pas ceux"),
        ({"attribution__avance__taux": Decimal(40)}, "Le taux de l’avance, 40 %, dépasse 30 %"),
        ({}, "SIRET de facturation imprimé est celui de l’État"),
        ({}, "données essentielles sont à publier au plus tard le 17 octobre 2026"),
        ({}, "Morgane Exemple relève d’un autre taux"),
    ],
)  # fmt: skip
def test_what_is_to_be_looked_at_is_listed(changes: dict, told: str) -> None:
    one = of(**changes)
    said = [text.replace("\u00a0", " ").replace("\u202f", " ") for _, text in points(one, analyser(one))]
    assert [text for text in said if told in text]


def test_a_siret_of_the_fiche_is_not_to_be_confirmed() -> None:
    one = of(attribution__siret_facturation="11000201100036")
    assert not [text for _, text in points(one, analyser(one)) if "SIRET" in text]
