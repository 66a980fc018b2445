"""The price schedule sent to bidders: what it asks, what it computes, what it must not show."""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import zipfile
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from assembler_plugins.commun.marche import dpgf
from assembler_plugins.commun.marche.dpgf_calcul import (
    DELIVERABLES,
    Filling,
    Frame,
    Share,
    add_up,
    instalments,
    price,
)
from assembler_plugins.commun.marche.dpgf_classeur import workbook
from assembler_plugins.commun.marche.mission import LIVRABLES
from assembler_plugins.commun.tva import default_rate
from hypothesis import given, settings
from hypothesis import strategies as st
from test_rendering_xlsx import differences, recalculated

from assembler.contributions import Copy
from assembler.errors import WritingError
from assembler.model import Frozen

EDITION = dt.date(2026, 11, 22)
SECRET = "98765"


def fiche(**marche) -> Frozen:
    """A total fiche, as the engine hands it over; it holds amounts that no bidder may see."""
    market = {
        "accord_cadre": "AC-2023-01", "numero": "2026-053-01", "prix": (), "taux_tva": None,
        "date_consultation": None, "date_limite_offres": None, "titulaires_consultes": (),
        "echeancier": ({"livrable": "L1", "part": Decimal(20)}, {"livrable": "L2.1", "part": Decimal(15)},
                       {"livrable": "L2.2", "part": Decimal(15)}, {"livrable": "L2.3", "part": Decimal(15)},
                       {"livrable": "L3", "part": Decimal(15)}, {"livrable": "L4", "part": Decimal(20)}),
    }  # fmt: skip
    return Frozen(
        {
            "intitule": "Atelier local des Coëvrons",
            "reference": "ADT-L-2026-053-01",
            "territoire": {
                "departements": ("53",),
                "epci": ({"siren": "200033298", "nom": "CC des Coëvrons"},),
                "communes": (),
            },
            "pilotes": (
                {"nom": "Direction départementale des territoires de la Mayenne", "chef_de_file": True},
            ),
            "accompagnement": {"sessions": ({"numero": 1, "jours": Decimal(2), "lieu": "Évron"},)},
            "financement": {"montant": Decimal(SECRET), "base": "TTC", "part_dgaln": Decimal(100)},
            "attribution": {"montant_ht": Decimal(SECRET)},
            "marche": market | marche,
        }
    )  # fmt: skip


def made_line(numero: str, poste: str, livrable: str, **rest) -> dict:
    return {"numero": numero, "poste": poste, "livrable": livrable, "jours": None, "frais_ht": None} | rest


def frame(**marche) -> Frame:
    return dpgf.frame_of(fiche(**marche), EDITION)


def opened(data: bytes, *, values: bool = False):
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def row_of(sheet, label: str, column: int = 2) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, column).value == label)


@pytest.fixture(scope="module")
def empty() -> bytes:
    return dpgf.build(SimpleNamespace(fiche=fiche(), edition=EDITION), Copy())


@pytest.fixture(scope="module")
def filling() -> Filling:
    numbers = [line.numero for phase in frame().phases for line in phase.lignes]
    return Filling(
        candidat="=Groupement & Cie",
        tarifs=(Decimal("812.55"), Decimal("650.33"), Decimal("333.30"), None, None, Decimal("0.01")),
        jours={
            number: (Decimal("0.25") * rank, Decimal("1.5"), Decimal("0.25"), None, Decimal(0), Decimal(1))
            for rank, number in enumerate(numbers)
        },
        frais={number: Decimal("123.45") for number in numbers[:-1]},
    )


def shared(filling: Filling, first=Decimal(0), members=("Mandataire", "Cotraitant", "Franchise")) -> Filling:
    """The price shared between three members; the last one has no VAT, and E1 misses by ``first``."""
    phases = frame().phases
    due = {phase.code: add_up([price(line, filling) for line in phase.lignes]).montant for phase in phases}
    small, less = {code: Decimal("300.01") for code in due}, {code: Decimal("0.02") for code in due}
    lead = {code: amount - small[code] - less[code] for code, amount in due.items()}
    lead["E1"] += first
    rows = zip(members, (lead, small, less), (None, Decimal("0.2"), Decimal(0)), strict=True)
    return replace(
        filling, repartition=tuple(Share(membre=name, montants=m, taux=rate) for name, m, rate in rows)
    )


def test_libreoffice_finds_every_cached_value(tmp_path, empty, filling):
    books = {
        "cadre": empty,
        "offre": workbook(frame(), filling),
        "groupement": workbook(frame(), shared(filling)),
        "a-corriger": workbook(frame(), shared(filling, first=Decimal("-0.01"))),
        "sans-nom": workbook(frame(), shared(filling, members=("Mandataire", "", "Franchise"))),
        "taux-par-membre": workbook(dpgf.frame_of(fiche(), dt.date(2010, 1, 1)), shared(filling)),
        "sans-echeancier": workbook(frame(echeancier=()), filling),
        "sans-taux": workbook(dpgf.frame_of(fiche(), dt.date(2010, 1, 1)), filling),
        "sans-prix": workbook(frame(), Filling(jours=filling.jours)),
    }
    fresh = recalculated(tmp_path, books)
    for name, data in books.items():
        count, wrong = differences(data, fresh[name])
        assert wrong == [], name
        assert count > 180
    assert opened(fresh["offre"], values=True)["DPGF"]["M9"].value is None  # a phase's title holds no amount


def test_amounts_are_those_of_a_calculation_by_hand():
    small = Filling(
        tarifs=(Decimal("1000"), Decimal("333.30"), None, None, None, None),
        jours={"1.1": (Decimal("1.5"), Decimal("0.25"), None, None, None, None)},
        frais={"1.1": Decimal("10.01"), "5.1": Decimal("100")},
    )
    sheet = opened(workbook(frame(), small), values=True)["DPGF"]
    line = row_of(sheet, "1.1", 1)
    assert [sheet.cell(line, column).value for column in (10, 11, 12, 13)] == [1.75, 1583.33, 10.01, 1593.34]
    total = row_of(sheet, "Total HT")
    assert sheet.cell(total, 13).value == 1693.34
    assert sheet.cell(total + 2, 13).value == 338.67
    assert sheet.cell(total + 3, 13).value == 2032.01
    recap = opened(workbook(frame(), small), values=True)["Récapitulatif"]
    assert (
        recap.cell(row_of(recap, "Total TTC en toutes lettres", 1), 2).value
        == "Deux mille trente-deux euros et un centime"
    )


def test_an_empty_frame_shows_zero_and_says_what_is_left_to_do(empty):
    recap = opened(empty, values=True)["Récapitulatif"]
    shown = {recap.cell(row, 1).value: recap.cell(row, 2).value for row in range(3, recap.max_row + 1)}
    assert shown["Total HT"] == 0
    assert shown["Total TTC en toutes lettres"] == "Zéro euro"
    controls = [value for label, value in shown.items() if label.startswith("Contrôle")]
    assert controls.count("Conforme") == 6
    assert "À compléter ou à confirmer\u00a0: 17 postes sans montant" in controls
    assert "Sans objet\u00a0: aucune répartition saisie" in controls


def told(data: bytes) -> dict[str, object]:
    recap = opened(data, values=True)["Récapitulatif"]
    return {recap.cell(row, 1).value: recap.cell(row, 2).value for row in range(3, recap.max_row + 1)}


def test_vat_of_a_groupement_is_computed_by_rate_on_the_sum_of_each(filling):
    data = workbook(frame(), shared(filling))
    sheet, shown = opened(data, values=True)["Répartition"], told(data)
    rows = {sheet.cell(row, 2).value: row for row in range(1, sheet.max_row + 1)}
    total = Decimal(str(shown["Total HT"]))
    franchise = Decimal("0.10")  # 0,02 € in each of the five steps
    tax = ((total - franchise) * Decimal("0.2")).quantize(Decimal("0.01"), ROUND_HALF_UP)

    found = [
        sheet.cell(rows[f"TVA à {rate}\u00a0%"], column).value for rate in ("0", "20") for column in (3, 4)
    ]

    assert found == [float(franchise), 0, float(total - franchise), float(tax)]
    assert shown["TVA"] == float(tax)
    assert shown["Total TTC"] == float(total + tax)
    assert shown["Taux de TVA"].startswith("selon le membre")
    assert [sheet.cell(rows["Contrôle"], column).value for column in range(3, 9)] == ["Conforme"] * 6
    assert shown["Contrôle\u00a0: répartition entre les membres du groupement"] == "Conforme"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first": Decimal("0.01")}, "la répartition n’égale pas les sous-totaux de la DPGF"),
        ({"members": ("Mandataire", "", "Franchise")}, "un membre n’a pas de nom ou pas de taux de TVA"),
    ],
)
def test_a_sharing_that_does_not_hold_is_said_and_vat_stays_at_the_rate_of_the_schedule(filling, wrong, said):
    shown = told(workbook(frame(), shared(filling, **wrong)))
    alone = told(workbook(frame(), filling))

    assert shown["Contrôle\u00a0: répartition entre les membres du groupement"] == f"À corriger\u00a0: {said}"
    assert [shown[one] for one in ("Taux de TVA", "TVA", "Total TTC")] == [
        alone[one] for one in ("Taux de TVA", "TVA", "Total TTC")
    ]


@settings(max_examples=200, deadline=None)
@given(
    st.decimals(min_value=0, max_value=999_999, places=2),
    st.lists(st.integers(1, 60), min_size=1, max_size=6),
)
def test_instalments_add_up_to_the_price_whatever_the_roundings(total, weights):
    parts = [Decimal(weight) / sum(weights) for weight in weights]

    found = instalments(total, parts)

    assert sum(found) == total
    assert all(amount == amount.quantize(Decimal("0.01")) for amount in found)


def test_the_last_instalment_is_what_is_left_of_the_price():
    small = Filling(tarifs=(Decimal("0.01"),) + (None,) * 5, jours={"1.1": (Decimal(7),) + (None,) * 5})
    sheet = opened(workbook(frame(), small), values=True)["Échéancier"]

    assert [sheet.cell(row, 3).value for row in range(5, 12)] == [0.2, 0.15, 0.15, 0.15, 0.15, 0.2, 1]
    assert [sheet.cell(row, 4).value for row in range(5, 12)] == [0.01, 0.01, 0.01, 0.01, 0.01, 0.02, 0.07]
    assert [sheet.cell(row, 3).value for row in (12, 13)] == ["Conforme", "Conforme"]


def test_parts_with_two_decimals_are_shown_whole():
    parts = ({"livrable": "L1", "part": Decimal("33.33")}, {"livrable": "L4", "part": Decimal("66.67")})
    sheet = opened(workbook(frame(echeancier=parts)))["Échéancier"]

    assert [sheet.cell(row, 3).number_format for row in (5, 6, 7)] == ["0.00%"] * 3


def test_without_an_echeancier_no_percentage_is_invented():
    sheet = opened(workbook(frame(echeancier=())), values=True)["Échéancier"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert not any("%" in text or isinstance(text, float) for text in texts)
    assert "L’acheteur n’a pas arrêté d’échéancier" in " ".join(texts)
    assert [sheet.cell(row, 3).value for row in range(5, 11)] == ["selon l’accord-cadre"] * 6


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("L1", "50"), ("L4", "40")], "90"),
        ([("L1", "50"), ("L9", "50")], "L9"),
    ],
)
def test_an_echeancier_that_bidders_could_not_mend_refuses_the_frame(rows, said):
    echeancier = tuple({"livrable": code, "part": Decimal(part)} for code, part in rows)
    with pytest.raises(WritingError, match=said):
        dpgf.build(SimpleNamespace(fiche=fiche(echeancier=echeancier), edition=EDITION), Copy())


def test_its_territory_is_named_as_the_cctp_names_it():
    assert frame().territoire == "La communauté de communes des Coëvrons (Mayenne)"


def test_deliverables_bear_the_names_of_the_cctp():
    named = {row[0]: row[1] for rows in LIVRABLES.values() for row in rows}

    assert {code: name.replace("\u00a0", " ") for code, name in DELIVERABLES.items() if code != "L2"} == {
        code: name.replace("\u00a0", " ") for code, name in named.items()
    }


def test_nothing_in_it_that_a_bidder_must_not_see(empty):
    with zipfile.ZipFile(io.BytesIO(empty)) as package:
        everything = {name: package.read(name).decode() for name in package.namelist()}
    text = " ".join(text for name, text in everything.items() if "/theme/" not in name)
    assert SECRET not in text
    assert "98\u202f765" not in text
    for word in ("enveloppe", "budget", "plafond", "estimation", "100000", "100 000", "montant de l’AE"):
        assert word not in text.lower(), word
    assert not any(
        "custom" in name or "external" in name.lower() or "vba" in name.lower() for name in everything
    )
    assert not any("comments" in name for name in everything)


def test_days_and_costs_of_the_buyer_never_reach_the_frame():
    prices = (
        made_line(
            "1.1", "Cadrage", "note_cadrage", jours={"Cheffe de projet": SECRET}, frais_ht=Decimal(SECRET)
        ),
        made_line("2.1", "Session n° 1", "carnet_suivi"),
        made_line("5.1", "Rapport", "rapport_final"),
    )
    made = frame(prix=prices)
    assert [(phase.code, [line.livrable for line in phase.lignes]) for phase in made.phases] == [
        ("E1", ["L1"]),
        ("E2", ["L2.1"]),
        ("E5", ["L3"]),
    ]
    assert made.profils[:2] == ("Cheffe de projet", "Profil 2")
    with zipfile.ZipFile(io.BytesIO(workbook(made))) as package:
        assert not any(SECRET.encode() in package.read(name) for name in package.namelist())


def test_a_given_frame_that_lacks_a_deliverable_or_a_session_says_so(tmp_path):
    prices = (
        {"numero": "1.1", "poste": "Cadrage", "livrable": "note_cadrage", "jours": None, "frais_ht": None},
    )
    data = workbook(frame(prix=prices))
    recap = opened(data, values=True)["Récapitulatif"]
    values = [recap.cell(row, 2).value for row in range(3, recap.max_row + 1)]
    assert "À corriger\u00a0: un livrable n’a pas de ligne" in values
    assert "À corriger\u00a0: trois lignes de session sont attendues" in values
    assert differences(data, recalculated(tmp_path, {"donne": data})["donne"])[1] == []


def test_more_profiles_than_columns_is_an_error_and_not_a_cut():
    many = (
        {
            "numero": "1",
            "poste": "x",
            "livrable": "",
            "jours": {f"P{rank}": "1" for rank in range(7)},
            "frais_ht": None,
        },
    )
    with pytest.raises(WritingError, match="7 profils"):
        frame(prix=many)


def test_the_default_frame_has_five_steps_three_sessions_and_every_deliverable():
    usual = frame()
    lines = [line for phase in usual.phases for line in phase.lignes]
    assert [phase.code for phase in usual.phases] == ["E1", "E2", "E3", "E4", "E5"]
    assert sum(line.poste.startswith("Session") for line in lines) == 3
    assert (
        {line.livrable for line in lines}
        == {"L1", "L2.1", "L2.2", "L2.3", "L3", "L4"}
        == set(usual.livrables)
    )
    assert sum("Inter-atelier" in line.poste for line in lines) == 2
    assert any("2\u00a0jours, Évron" in line.poste for line in lines)


def test_only_input_cells_are_unlocked_and_every_sheet_is_protected(empty):
    book = opened(empty)
    assert book.sheetnames == [
        "Page de garde",
        "DPGF",
        "Répartition",
        "Échéancier",
        "Récapitulatif",
        "Mode d’emploi",
        "_lettres",
        "_listes",
    ]
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible"] * 6 + ["veryHidden"] * 2
    assert book.security.lockStructure
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    unlocked = {
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    sheet = book["DPGF"]
    rows = [row for row in range(9, sheet.max_row) if re.fullmatch(r"\d\.\d", sheet.cell(row, 1).value or "")]
    expected = {"Page de garde!B9", f"DPGF!M{row_of(sheet, 'Total HT') + 1}"}
    expected |= {f"DPGF!{letter}{row}" for letter in "DEFGHI" for row in (6, 7, *rows)}
    expected |= {f"DPGF!L{row}" for row in rows}
    expected |= {f"Répartition!{letter}{row}" for letter in "BCDEFGI" for row in range(5, 11)}
    assert unlocked == expected
    assert len(rows) == 17
    assert not any(sheet.merged_cells.ranges for sheet in book.worksheets)


def test_names_validations_and_print_setup(empty):
    book = opened(empty)
    sheet = book["DPGF"]
    total = row_of(sheet, "Total HT")
    assert {name: found.attr_text for name, found in book.defined_names.items()} == {
        "MS_NUMERO": "'Page de garde'!$B$3",
        "CANDIDAT": "'Page de garde'!$B$9",
        "TOTAL_HT": f"'DPGF'!$M${total}",
        "TAUX_TVA": f"'DPGF'!$M${total + 1}",
        "TOTAL_TVA": f"'DPGF'!$M${total + 2}",
        "TOTAL_TTC": f"'DPGF'!$M${total + 3}",
    }
    rules = sheet.data_validations.dataValidation
    assert [rule.type for rule in rules] == ["textLength", "custom", "custom", "custom", "list"]
    assert all(
        (rule.errorTitle == "Saisie à corriger" and rule.error.endswith(".")) or rule.type == "list"
        for rule in rules
    )
    assert sheet.print_title_rows == "$6:$8"
    assert sheet.freeze_panes == "C9"
    assert sheet.oddFooter.center.text == "Page &P/&N"
    assert sheet.oddHeader.left.text == "Marché subséquent n° 2026-053-01"
    visible = [one for one in book.worksheets if one.sheet_state == "visible"]
    assert all(one.page_setup.orientation == "landscape" and one.print_area for one in visible)
    assert [one.freeze_panes for one in visible] == [None, "C9", "C5", "A5", "A3", None]
    rules = book["Répartition"].data_validations.dataValidation
    assert [rule.type for rule in rules] == ["custom", "custom", "list"]


def test_the_grand_total_sums_the_subtotals_only(empty):
    sheet = opened(empty)["DPGF"]
    total = row_of(sheet, "Total HT")
    subtotals = [row for row in range(9, total) if str(sheet.cell(row, 2).value).startswith("Sous-total")]
    assert sheet.cell(total, 13).value == f"=ROUND({'+'.join(f'M{row}' for row in subtotals)},2)"


def test_a_text_of_the_fiche_or_of_a_bidder_is_never_a_formula(filling):
    hostile = frame(numero="=1+1", accord_cadre='=HYPERLINK("http://x")')
    book = opened(workbook(hostile, filling))
    for cell, text in (
        (book["Page de garde"]["B3"], "=1+1"),
        (book["Page de garde"]["B9"], "=Groupement & Cie"),
    ):
        assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_what_the_fiche_does_not_say_is_marked():
    bare = frame(numero=None, accord_cadre=None)
    assert bare.marche == "[à compléter : numéro du marché subséquent]"
    assert frame(accord_cadre=Frozen({"numero": "AC-1"})).accord_cadre == "AC-1"


def test_the_same_fiche_gives_the_same_bytes(empty):
    assert workbook(frame()) == empty


@pytest.mark.parametrize(
    ("stated", "expected"),
    [("20", "0.2"), (Decimal("8.5"), "0.085"), ("0", "0"), ("5,5", "0.055"), (None, "0.20")],
)
def test_the_rate_of_the_fiche_wins_over_the_default(stated, expected):
    assert frame(taux_tva=stated).taux == Decimal(expected)


@pytest.mark.parametrize(
    ("departements", "expected"),
    [
        ("53", "0.20"),
        ("2A", "0.20"),
        ("971", "0.085"),
        ("974", "0.085"),
        ("973", "0"),
        ("976", "0"),
        ("975", None),
        ("978", None),
        ("988", None),
        ("53 974", None),
        ("53 72", "0.20"),
        ("", None),
    ],
)
def test_the_default_rate_is_that_of_the_territory_or_nothing(departements, expected):
    found = default_rate(departements.split(), EDITION)
    assert found == (None if expected is None else Decimal(expected))
