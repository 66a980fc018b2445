"""Price schedules that came back: what differs from the frame is told once, where it is, and no more."""

from __future__ import annotations

import datetime as dt
import io
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import cas_local
import openpyxl
import pytest
from assembler_plugins.commun.marche.checks_retours import offres_conformes_au_cadre
from assembler_plugins.commun.marche.dpgf import frame_of
from assembler_plugins.commun.marche.dpgf_calcul import Filling
from assembler_plugins.commun.marche.dpgf_classeur import workbook
from assembler_plugins.commun.marche.retours import REFAIT, Anomalie, Retour, cadre_envoye, prix_rendus
from assembler_plugins.commun.marche.retours_calcul import Calcul, Incalculable, normale
from assembler_plugins.commun.marche.retours_comparaison import comparer
from assembler_plugins.commun.marche.retours_lecture import lire
from assembler_plugins.commun.marche.retours_structure import apparier
from bureautique import converted
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from assembler.contributions import Piece
from assembler.folder import open_folder
from assembler.intake import take_in
from assembler.manager import Plugins
from assembler.model import Frozen, Observation, Source, State, freeze
from assembler.pipeline import Request, check_dossier
from assembler.readers import spreadsheet

ROOT = Path(__file__).parents[1]
TODAY = dt.date(2026, 7, 15)
NBSP = "\u00a0"
Offers = Mapping[str, bytes]


# --- workbooks as bidders return them ----------------------------------------------------------------


def _label(book: Workbook) -> None:
    book["DPGF"]["B12"] = "Note de cadrage"


def _added(book: Workbook) -> None:
    book["DPGF"]["D13"].value, book["Page de garde"]["A9"].value = book["DPGF"]["D13"].value, "Candidat"
    book["Récapitulatif"]["D10"] = "sous réserve"


def _equal_value(book: Workbook) -> None:
    book["DPGF"]["K10"] = 2855


def _other_formula(book: Workbook) -> None:
    book["DPGF"]["M10"] = "=ROUND(K10+L10+100,2)"


def _words(book: Workbook) -> None:
    book["Récapitulatif"]["B12"] = "Cent mille euros"


def _unpriced(book: Workbook) -> None:
    for letter in "DEFGL":
        book["DPGF"][f"{letter}16"] = None


def _for_nothing(book: Workbook) -> None:
    for letter in "DEFGL":
        book["DPGF"][f"{letter}16"] = 0


def _no_rate(book: Workbook) -> None:
    book["DPGF"]["G7"] = None


def _fine(book: Workbook) -> None:
    book["DPGF"]["L10"] = 150.125


def _fraction(book: Workbook) -> None:
    book["DPGF"]["D10"] = 1.1


def _typed_formula(book: Workbook) -> None:
    book["DPGF"]["L10"] = "=100+50"


def _nameless(book: Workbook) -> None:
    book["Page de garde"]["B9"] = None


def _sharing(book: Workbook) -> None:
    book["Répartition"]["B5"], book["Répartition"]["C5"] = "Exemple et associés", 12.5


def _no_vat(book: Workbook) -> None:
    book["DPGF"]["M37"] = None


def _sheets(book: Workbook) -> None:
    del book["Mode d’emploi"]
    book["Échéancier"].title = "Paiements"
    book.create_sheet("Notre proposition")["A1"] = "Bonjour"
    book["Page de garde"].sheet_state = "hidden"


def _below(book: Workbook) -> None:
    book["DPGF"]["B41"], book["DPGF"]["M41"] = "Option : une session de plus", 4200


ALTERATIONS: Mapping[str, tuple[Callable[[Workbook], None], list[tuple[str, str | None, str | None]]]] = {
    "libelle": (_label, [("libelle", "DPGF", "B12")]),
    "ajout": (_added, [("libelle", "Page de garde", "A9"), ("ajout", "Récapitulatif", "D10")]),
    "valeur-egale": (_equal_value, [("formule_remplacee", "DPGF", "K10")]),
    "autre-formule": (
        _other_formula,
        [("formule", "DPGF", "M10"), *(("total", "DPGF", f"M{row}") for row in (36, 38, 39))],
    ),
    "lettres": (_words, [("lettres", "Récapitulatif", "B12")]),
    "non-chiffre": (_unpriced, [("prix_manquant", "DPGF", "M16")]),
    "pour-rien": (_for_nothing, [("prix_nul", "DPGF", "M16")]),
    "sans-tarif": (_no_rate, [("prix_manquant", "DPGF", "G7")]),
    "trois-decimales": (_fine, [("decimales", "DPGF", "L10")]),
    "dixiemes": (_fraction, [("valeur", "DPGF", "D10")]),
    "saisie-calculee": (_typed_formula, [("formule_saisie", "DPGF", "L10")]),
    "anonyme": (_nameless, [("candidat", "Page de garde", "B9")]),
    "repartition": (_sharing, [("repartition", "Répartition", None)]),
    "sans-tva": (_no_vat, [("taux", "DPGF", "M37")]),
    "feuilles": (
        _sheets,
        [
            ("feuille", "Paiements", None),
            ("feuille", "Mode d’emploi", None),
            ("feuille", "Notre proposition", None),
            ("feuille_masquee", "Page de garde", None),
        ],
    ),
    "sous-le-tableau": (_below, [("ligne", "DPGF", None)]),
}
"""What a bidder did to the sound offer of « Exemple et associés », and all that must be told of it."""
FIVE_WAYS = [
    ("feuille_masquee", "Marges", None),
    ("libelle", "DPGF", "B12"),
    ("texte", "DPGF", "L15"),
    ("formule_remplacee", "DPGF", "M15"),
    ("negatif", "DPGF", "E22"),
    *(("total", "DPGF", f"M{row}") for row in (36, 38, 39)),
]


@pytest.fixture(scope="module")
def fabrique() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        from fixtures.fabrique import offres

        return offres


@pytest.fixture(scope="module")
def cadre(fabrique) -> bytes:
    return fabrique.cadre()


@pytest.fixture(scope="module")
def rendus(tmp_path_factory, fabrique, cadre) -> Offers:
    """Every offer as LibreOffice calculates and saves it, in one start for xlsx and one for ods."""
    folder = tmp_path_factory.mktemp("rendus")
    last = fabrique.OFFRES[-1]
    books = {one.mandataire: fabrique.remplie(cadre, one) for one in fabrique.OFFRES}
    books |= {"altérée": fabrique.remplie(cadre, last, fabrique.alterer)}
    books |= {name: fabrique.remplie(cadre, last, alter) for name, (alter, _) in ALTERATIONS.items()}
    for name, data in books.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    files = [folder / f"{name}.xlsx" for name in books]
    made = converted(folder, files, "xlsx:Calc MS Excel 2007 XML", "xlsx")
    loose = converted(folder, files[:4], "ods", "ods")
    return {path.name: path.read_bytes() for path in (*made, *loose)}


def places(found: Retour) -> list[tuple[str, str | None, str | None]]:
    return [(one.genre, one.feuille, one.cellule) for one in found.anomalies]


@pytest.mark.parametrize("titulaire", ["Atelier Exemple", "Studio Exemple", "Exemple et associés"])
def test_a_sound_offer_saved_by_libreoffice_has_no_anomaly(cadre, rendus, fabrique, titulaire):
    offer = next(one for one in fabrique.OFFRES if one.mandataire == titulaire)

    found = comparer(cadre, rendus[f"{titulaire}.xlsx"])

    assert (found.anomalies, found.non_verifie) == ((), ())
    assert found.candidat == offer.candidat
    assert found.totaux == found.recalcules
    assert found.totaux["ht"] == Decimal(offer.total)
    assert [one["profil"] for one in found.tarifs] == [
        *("Directeur de projet", "Chef de projet", "Architecte-urbaniste", "Paysagiste")
    ]


def test_vat_of_a_member_in_franchise_is_computed_again(cadre, rendus):
    found = comparer(cadre, rendus["Atelier Exemple.xlsx"])

    assert found.recalcules["tva"] == Decimal("14370.00")  # 20 % of 71 850, nothing on 8 000


@pytest.mark.parametrize("titulaire", ["Atelier Exemple", "Studio Exemple", "Exemple et associés"])
def test_an_ods_is_read_and_says_what_is_not_compared(cadre, rendus, titulaire):
    found, same = comparer(cadre, rendus[f"{titulaire}.ods"]), comparer(cadre, rendus[f"{titulaire}.xlsx"])

    assert found.anomalies == ()
    assert (found.totaux, found.recalcules, found.candidat) == (same.totaux, same.recalcules, same.candidat)
    assert found.non_verifie == (
        "Le texte des formules d’un fichier .ods n’est pas comparé ; leurs résultats le sont.",
    )


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_five_alterations_are_all_told_and_nothing_else(cadre, rendus, suffix):
    found = comparer(cadre, rendus[f"altérée.{suffix}"])

    assert places(found) == FIVE_WAYS
    assert {one.gravite for one in found.anomalies} == {"majeure"}
    assert found.totaux["ht"] == Decimal("82400")  # forced; without the text that counts for nothing:
    assert found.recalcules["ht"] == Decimal("82400") - 2490


@pytest.mark.parametrize("name", ALTERATIONS)
def test_each_alteration_is_told_where_it_is_and_nowhere_else(cadre, rendus, name):
    assert places(comparer(cadre, rendus[f"{name}.xlsx"])) == ALTERATIONS[name][1]


def test_sentences_give_what_was_expected_and_what_was_found(cadre, rendus):
    told = {one.genre: one.message for one in comparer(cadre, rendus["altérée.xlsx"]).anomalies}

    assert told["libelle"] == (
        f"Le libellé « Note de cadrage{NBSP}: méthodologie, calendrier, organisation » est devenu "
        "« Note de cadrage »."
    ).replace(NBSP, " ")
    assert told["texte"] == "« 150 euros » est un texte : on attend un prix en chiffres."
    assert told["formule_remplacee"].replace("\u202f", " ").replace(NBSP, " ") == (
        "La formule a été remplacée par une valeur : 6 765,00 € au lieu de 4 275,00 €."
    )
    assert told["negatif"] == "Le nombre de jours est négatif : -1."


@pytest.mark.parametrize("name", ["valeur-egale", "pour-rien", "dixiemes", "saisie-calculee"])
def test_what_changes_no_amount_is_lighter(cadre, rendus, name):
    assert [one.gravite for one in comparer(cadre, rendus[f"{name}.xlsx"]).anomalies] == ["mineure"]


def test_words_that_disagree_with_figures_are_told_with_both(cadre, rendus):
    (told,) = comparer(cadre, rendus["lettres.xlsx"]).anomalies

    assert (told.trouve, told.attendu) == (
        "Cent mille euros",
        "Quatre-vingt-deux mille quatre cents euros",
    )


# --- the file itself -----------------------------------------------------------------------------------


def with_member(data: bytes, name: str, content: bytes = b"x") -> bytes:
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a") as package:
        package.writestr(name, content)
    return target.getvalue()


def test_macros_are_told(cadre, rendus):
    found = comparer(cadre, with_member(rendus["Studio Exemple.xlsx"], "xl/vbaProject.bin"))

    assert places(found) == [("macro", None, None)]


def test_a_link_to_another_workbook_is_told(cadre, fabrique):
    linked = fabrique.remplie(cadre, fabrique.OFFRES[1])
    package = with_member(linked, "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    rels = zipfile.ZipFile(io.BytesIO(linked)).read("xl/_rels/workbook.xml.rels").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"
    rels = rels.replace(
        "</Relationships>",
        f'<Relationship Id="rX" Type="{kind}" Target="externalLinks/externalLink1.xml"/></Relationships>',
    )
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(target, "w") as changed:
        for name in source.namelist():
            changed.writestr(name, rels if name.endswith("workbook.xml.rels") else source.read(name))

    assert [one.genre for one in comparer(cadre, target.getvalue()).anomalies] == ["lien"]


def _bomb(frame: bytes) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(frame)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in source.namelist():
            made.writestr(name, b" " * (80 << 20) if name.endswith("sheet2.xml") else source.read(name))
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("vide", lambda frame: b""),
        ("texte", lambda frame: b"Bonjour"),
        ("tronque", lambda frame: frame[:-2000]),
        ("bombe", _bomb),
        ("ancien", lambda frame: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000),
        ("pdf", lambda frame: b"%PDF-1.7\n%%EOF"),
        ("doctype", lambda frame: with_member(frame, "xl/extra.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>")),
    ],
)  # fmt: skip
def test_a_file_that_is_no_workbook_is_one_anomaly(cadre, name, make):
    found = comparer(cadre, make(cadre))

    assert [(one.genre, one.gravite) for one in found.anomalies] == [("illisible", "majeure")]
    assert found.anomalies[0].message.endswith(".")


def test_another_workbook_is_one_anomaly():
    case = cas_local.case(cas_local.marche(), accord=cas_local.ACCORD)
    other = openpyxl.Workbook()
    other.active["A1"] = "Planning"
    target = io.BytesIO()
    other.save(target)

    found = comparer(workbook(frame_of(case.fiche, TODAY)), target.getvalue())

    assert [one.genre for one in found.anomalies] == ["etranger"]


def test_damaged_workbooks_never_raise(cadre):
    chance = random.Random(6)
    for _ in range(40):
        data = bytearray(cadre)
        for _ in range(30):
            data[chance.randrange(len(data))] = chance.randrange(256)
        assert isinstance(comparer(cadre, bytes(data)), Retour)


def test_a_workbook_that_nobody_calculated_says_so(cadre, fabrique):
    found = comparer(cadre, fabrique.remplie(cadre, fabrique.OFFRES[1]))

    assert found.anomalies == ()
    assert found.totaux == {"ht": None, "tva": None, "ttc": None}
    assert found.recalcules["ht"] == Decimal("74200.00")
    assert [one.endswith("n’a pas été recalculé par son tableur.") for one in found.non_verifie] == [True]


# --- what is computed again ----------------------------------------------------------------------------

CASE = cas_local.case(cas_local.marche(), accord=cas_local.ACCORD)
FRAME = frame_of(CASE.fiche, TODAY)
NUMBERS = [line.numero for phase in FRAME.phases for line in phase.lignes]
PRICES = st.one_of(st.none(), st.integers(1, 200_000).map(lambda cents: Decimal(cents) / 100))
DAYS = st.one_of(st.none(), st.integers(0, 60).map(lambda quarters: Decimal(quarters) / 4))


@settings(max_examples=15, deadline=None)
@given(
    st.tuples(*[PRICES] * 6),
    st.lists(st.tuples(*[DAYS] * 6), min_size=len(NUMBERS), max_size=len(NUMBERS)),
    st.lists(PRICES, min_size=len(NUMBERS), max_size=len(NUMBERS)),
)
def test_whatever_is_entered_the_totals_found_are_those_of_the_model(rates, days, costs):
    filling = Filling(
        candidat="Studio Exemple",
        tarifs=rates,
        jours=dict(zip(NUMBERS, days, strict=True)),
        frais={number: cost for number, cost in zip(NUMBERS, costs, strict=True) if cost is not None},
    )

    found = comparer(workbook(FRAME), workbook(FRAME, filling))

    assert found.totaux == found.recalcules
    assert {one.genre for one in found.anomalies} <= {"prix_manquant", "prix_nul"}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1+2*3-4/2", Decimal(5)),
        ("=-(2+3)", Decimal(-5)),
        ("=ROUND(2.675,2)", Decimal("2.68")),
        ("=ROUND(-0.5,0)", Decimal(-1)),
        ('=IF(1>2,"a","b")&"c"', "bc"),
        ('=COUNTIF(F!A1:A4,"x*")', Decimal(2)),
        ('=COUNTIF(F!A1:A4,"<3")', Decimal(1)),
        ("=SUMIF(F!B1:B4,0.2,F!C1:C4)", Decimal(30)),
        ("=SUMPRODUCT(F!B1:B2,F!C1:C2)", Decimal("4.0")),
        ("=COUNTA(F!A1:A4)-COUNT(F!A1:A4)", Decimal(2)),
        ('=AND(F!A4="",F!A4=0,"B"="b",2<"a")', True),
        ('=INDEX(F!A1:A4,2)&MID("bonjour",2,3)&LEFT("abc",1)', "xyonja"),
        ("=INT(-1.5)+MOD(7,3)", Decimal(-1)),
        ("=N(F!A1)+N(F!A3)", Decimal(2)),
        ("=NOM*2", Decimal(4)),
        ('="l’"&"""été"""', 'l’"été"'),
    ],
)
def test_formulas_give_what_a_spreadsheet_gives(formula, value):
    cells: dict[tuple[int, int], Any] = {(1, 1): "x", (2, 1): "xy", (3, 1): Decimal(2)}
    cells |= {(row, 2): Decimal(rate) for row, rate in enumerate(("0.2", "0", "0.2", "0.085"), 1)}
    cells |= {(row, 3): Decimal(10 * row) for row in range(1, 3)} | {(3, 3): Decimal(20), (4, 3): Decimal(5)}
    calcul = Calcul({"NOM": "'F'!$A$3"}, lambda sheet, row, column: cells.get((row, column)))

    if formula.startswith("=SUMPRODUCT"):
        value = Decimal("0.2") * 10
    assert calcul.valeur(formula, "F") == value


@pytest.mark.parametrize(
    "formula", ["=1/0", '="a"+1', "=VLOOKUP(1,A1:B2,2)", "=A:A", "=#REF!", "=(1", "=INDEX(A1:A2,5)"]
)
def test_what_cannot_be_computed_says_so(formula):
    with pytest.raises(Incalculable):
        Calcul({}, lambda sheet, row, column: None).valeur(formula, "F")


def test_formulas_are_the_same_however_a_program_writes_them():
    ours = "=IF('Répartition'!$B$9=\"l’eau  vive\",sum(A1:A2), _listes!A1)"

    assert normale(ours) == normale("=IF(Répartition!$B$9=\"l’eau  vive\",SUM(A1:A2),'_listes'!A1)")
    assert normale(ours) != normale(ours.replace("  vive", " vive"))


# --- reading -------------------------------------------------------------------------------------------


def sheet_of(rows: str) -> bytes:
    """A workbook of one sheet, its rows as Excel writes them."""
    target = io.BytesIO()
    book = openpyxl.Workbook()
    book.save(target)
    with zipfile.ZipFile(io.BytesIO(target.getvalue())) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    name = "xl/worksheets/sheet1.xml"
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts[name] = f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>".encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for part, data in parts.items():
            made.writestr(part, data)
    return target.getvalue()


def test_a_number_is_read_as_it_was_typed():
    cells = lire(sheet_of('<row r="1"><c r="A1"><v>79.989999999999995</v></c></row>')).feuilles[0].cellules

    assert cells[1, 1].valeur == Decimal("79.99")


def test_a_formula_that_excel_shares_is_written_out_for_each_cell():
    rows = (
        '<row r="1"><c r="C1"><f t="shared" ref="C1:C2" si="0">ROUND(A1+$B1,2)</f><v>3</v></c></row>'
        '<row r="2"><c r="C2"><f t="shared" si="0"/><v>5</v></c></row>'
    )
    cells = lire(sheet_of(rows)).feuilles[0].cellules

    assert [cells[row, 3].formule for row in (1, 2)] == ["=ROUND(A1+$B1,2)", "=ROUND(A2+$B2,2)"]


def test_errors_and_formulas_without_value_are_told_apart():
    rows = '<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B1"><f>1+1</f></c></row>'
    cells = lire(sheet_of(rows)).feuilles[0].cellules

    assert (cells[1, 1].erreur, cells[1, 1].valeur) == (True, "#DIV/0!")
    assert (cells[1, 2].formule, cells[1, 2].valeur) == ("=1+1", None)


@pytest.mark.parametrize("rows", [
    '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
    '<row r="1"><c r="XFD1"><v>1</v></c></row>',
])  # fmt: skip
def test_a_cell_at_the_end_of_the_sheet_costs_nothing(rows, cadre):
    assert [one.genre for one in comparer(cadre, sheet_of(rows)).anomalies] == ["illisible"]


# --- rows and columns that moved -----------------------------------------------------------------------


def inserted(frame: bytes, at: int) -> bytes:
    """The frame with a row inserted as Excel does it: rows and formulas below move."""
    book = openpyxl.load_workbook(io.BytesIO(frame))
    sheet = book["DPGF"]
    sheet.insert_rows(at)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_row_inserted_is_found_and_the_others_keep_their_places(cadre):
    ours, theirs = lire(cadre, vides=True).feuille("DPGF"), lire(inserted(cadre, 16)).feuille("DPGF")

    found = apparier(ours, theirs)

    assert (found.lignes_ajoutees, found.lignes_supprimees, found.colonnes_ajoutees) == ([16], [], [])
    assert [found.lignes[row] for row in (8, 15, 16, 36)] == [8, 15, 17, 37]


def test_a_row_taken_off_is_found(cadre):
    book = openpyxl.load_workbook(io.BytesIO(cadre))
    book["DPGF"].delete_rows(17)
    target = io.BytesIO()
    book.save(target)

    found = comparer(cadre, target.getvalue())

    assert ("ligne", "DPGF", None) in places(found)
    assert (
        next(one.message for one in found.anomalies if one.genre == "ligne")
        == "Ligne supprimée : 17 du cadre."
    )
    assert "libelle" not in {one.genre for one in found.anomalies if one.feuille == "DPGF"}


# --- which frame ---------------------------------------------------------------------------------------


def test_the_frame_that_was_sent_is_the_one_in_sortie(tmp_path):
    folder = tmp_path / "dossier" / "sortie" / "lancement"
    folder.mkdir(parents=True)
    (folder / "dpgf.xlsx").write_bytes(b"le cadre")
    here = replace(CASE.dossier, path=str(tmp_path / "dossier"))
    case = replace(CASE, dossier=here, report=replace(CASE.report, chemin=str(tmp_path / "dossier")))

    assert cadre_envoye(case) == (b"le cadre", "sortie/lancement/dpgf.xlsx")


def test_of_a_zip_sortie_is_beside(tmp_path):
    folder = tmp_path / "dossier-sortie" / "lancement"
    folder.mkdir(parents=True)
    (folder / "dpgf.xlsx").write_bytes(b"le cadre")
    here = replace(CASE.dossier, path=str(tmp_path / "ailleurs"))
    case = replace(CASE, dossier=here, report=replace(CASE.report, chemin=str(tmp_path / "dossier.zip")))

    assert cadre_envoye(case)[0] == b"le cadre"


def test_without_it_the_frame_is_made_again_from_the_fiche_and_that_is_said():
    data, told = cadre_envoye(CASE)

    assert told == REFAIT
    assert data == workbook(frame_of(CASE.fiche, cas_local.CONSULTATION["date_consultation"]))


def test_a_frame_made_again_is_not_judged_on_its_date():
    sent, again = workbook(FRAME), workbook(frame_of(CASE.fiche, dt.date(2026, 6, 8)))

    assert [one.genre for one in comparer(again, sent).anomalies] == ["edition", "candidat", "prix_manquant"]
    assert comparer(again, sent).anomalies[0].message == (
        "Le classeur est daté du 15/07/2026, le cadre comparé du 08/06/2026 : est-ce l’édition envoyée ?"
    )
    assert [one.genre for one in comparer(again, sent, refait=True).anomalies] == [
        "candidat",
        "prix_manquant",
    ]


# --- facts ---------------------------------------------------------------------------------------------


def source(folder: Path, name: str, data: bytes, nature: str = "xlsx") -> Source:
    path = folder.joinpath(*name.split("/"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    reading = spreadsheet.read(data) if nature in ("xlsx", "ods") else None
    return Source(
        name=name, path=str(path), octets=len(data), sha256="", nature=nature, reading=reading, piece="offre"
    )


def test_facts_hold_what_was_found_and_which_frame_was_compared(tmp_path):
    offer = source(tmp_path, "offres/studio-exemple/dpgf.xlsx", workbook(FRAME))

    facts = prix_rendus(offer, CASE.fiche, tmp_path / "sortie")

    assert set(facts) == {"prix"}
    assert facts["prix"]["cadre"] == REFAIT
    assert [one["genre"] for one in facts["prix"]["anomalies"]] == ["candidat", "prix_manquant"]


def test_a_workbook_that_is_no_price_schedule_is_left_alone(tmp_path):
    other = source(tmp_path, "offres/studio-exemple/planning.xlsx", sheet_of('<row r="1"/>'))

    assert prix_rendus(other, CASE.fiche, tmp_path) == {}


def test_the_fiche_says_which_workbook_is_the_price_schedule(tmp_path):
    named = Frozen(
        {"offres": [{"titulaire": "X", "fichier": "offres/x/tableau.xlsx"}], "marche": CASE.fiche["marche"]}
    )
    other = source(tmp_path, "offres/x/tableau.xlsx", sheet_of('<row r="1"/>'))
    (tmp_path / "lancement").mkdir()
    (tmp_path / "lancement" / "dpgf.xlsx").write_bytes(workbook(FRAME))

    found = prix_rendus(other, named, tmp_path)["prix"]

    assert [one["genre"] for one in found["anomalies"]] == ["etranger"]
    assert found["cadre"] == "sortie/lancement/dpgf.xlsx"


@pytest.mark.parametrize(("nature", "said"), [("xls", "ancien classeur"), ("office_chiffre", "mot de passe")])
def test_an_offer_that_cannot_be_compared_says_why(tmp_path, nature, said):
    offer = replace(
        source(tmp_path, "offres/x/dpgf.xls", b"x", nature), explication="Le fichier demande un mot de passe."
    )

    (told,) = prix_rendus(offer, CASE.fiche, tmp_path)["prix"]["anomalies"]

    assert told["genre"] == "illisible"
    assert said in told["message"]


def test_a_dossier_without_an_offer_does_not_load_the_workbook_library():
    code = "import sys, assembler_plugins.commun.pieces; print('openpyxl' in sys.modules)"

    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "False\n"
    )


def drawn(source: Source, fiche: Frozen, output: Path) -> Mapping[str, Any]:
    if source.name.endswith("casse.txt"):
        raise KeyError("un trou")
    return {"octets_lus": len(Path(source.path).read_bytes()), "sortie": output.name, "fiche": len(fiche)}


def test_a_plugin_draws_facts_from_a_piece_and_its_failure_is_a_fact(tmp_path, tiny):
    piece = Piece(
        id="plan", title="plan", many=True, names=("plan",), natures=frozenset({"texte"}), facts=drawn
    )
    (tmp_path / "plan un.txt").write_text("abc")
    (tmp_path / "plan casse.txt").write_text("abcd")
    format_, readers = tiny(pieces=(piece,))

    dossier, _ = take_in(
        open_folder(tmp_path), {"tout_petit": format_}, readers, format_id="tout_petit", today=TODAY
    )

    broken, sound = sorted(dossier.facts["pieces"]["plan"], key=lambda one: one["fichier"])
    assert (sound["octets_lus"], sound["sortie"]) == (3, "sortie")
    assert broken["non_examine"] == "« plan casse.txt » n’a pas pu être examiné (KeyError : 'un trou')"
    assert broken["fichier"] == "plan casse.txt"


@pytest.fixture
def tiny() -> Callable[..., Any]:
    from conftest import read_text, tiny_format

    from assembler.contributions import Reader

    reader = Reader(natures=frozenset({"texte"}), read=read_text)
    return lambda **given: (tiny_format(**given), {"texte": reader})


# --- the rule ------------------------------------------------------------------------------------------


def facts(prix: Mapping[str, Any], fiche: Mapping[str, Any] | None = None, **rest: Any) -> Any:
    usual = asdict(Retour(candidat="Studio Exemple", totaux={"ht": Decimal("74200.00")})) | {"cadre": "x"}
    piece = {"fichier": "offres/studio-exemple/dpgf.xlsx", "prix": usual | dict(prix)}
    given = cas_local.marche() if fiche is None else fiche
    given["offres"] = [
        one | {"fichier": "offres/studio-exemple/dpgf.xlsx"} if one["titulaire"] == "Studio Exemple" else one
        for one in given.get("offres", ())
    ]
    return freeze({"fiche": given, "pieces": {"offre": [piece]}, "referentiels": {}, "dossier": {}} | rest)


def judged(*args: Any, **rest: Any) -> list[tuple[State, str]]:
    found: list[Observation] = list(offres_conformes_au_cadre(facts(*args, **rest)))
    return [(one.state, one.message.replace("\u202f", " ").replace(NBSP, " ")) for one in found]


def test_a_sound_offer_is_content():
    assert judged({}) == []


def test_an_anomaly_is_told_in_its_cell_and_a_light_one_is_for_the_eye():
    grave = asdict(
        Anomalie(genre="libelle", gravite="majeure", message="Grave.", feuille="DPGF", cellule="B12")
    )
    light = asdict(
        Anomalie(genre="formule", gravite="mineure", message="Léger.", feuille="DPGF", cellule="K10")
    )
    found = list(offres_conformes_au_cadre(facts({"anomalies": [grave, light], "cadre": REFAIT})))

    assert [(one.state, one.message) for one in found] == [
        (State.NON_CONFORME, f"Grave. (comparé au {REFAIT})"),
        (State.A_VOIR, "Léger."),
    ]
    where = found[0].location
    assert (where.fichier, where.feuille, where.cellule) == ("offres/studio-exemple/dpgf.xlsx", "DPGF", "B12")


def test_the_candidate_is_the_titulaire_to_whom_the_fiche_gives_the_file():
    told = "Le classeur est au nom de « Bureau Exemple » ; la fiche donne cette offre à « Studio Exemple »."

    assert judged({"candidat": "Bureau Exemple"}) == [(State.NON_CONFORME, told)]


def test_without_the_fiche_the_candidate_is_one_of_those_consulted():
    fiche = cas_local.marche(offres=[])

    assert judged({"candidat": "Groupement Exemple et associés, mandataire"}, fiche) == []
    told = "Le classeur est au nom de « Bureau Exemple », qui n’est pas parmi les titulaires consultés."
    assert judged({"candidat": "Bureau Exemple"}, fiche) == [(State.NON_CONFORME, told)]


def test_the_amount_of_the_acte_d_engagement_is_that_of_the_schedule():
    assert judged({"totaux": {"ht": Decimal("74200.01")}}) == [
        (
            State.NON_CONFORME,
            "L’acte d’engagement porte 74 200,00 € HT (champ « offres.montant_ht ») ; "
            "la DPGF porte 74 200,01 € HT.",
        )
    ]


RATES = {"tarifs": [{"profil": "Chef de projet", "prix": Decimal("720.01"), "cellule": "E7"}]}


def test_a_rate_above_the_ceiling_of_the_accord_cadre_is_told():
    (told,) = judged(RATES, referentiels={"accord_cadre": cas_local.ACCORD})

    assert told == (
        State.NON_CONFORME,
        "Le prix journalier de « Chef de projet », 720,01 €, dépasse celui du bordereau de l’accord-cadre : "
        "A2, Journée de chef de projet, 720,00 €.",
    )


@pytest.mark.parametrize(
    ("rule", "price", "count"),
    [("plafond", "720.00", 0), ("plafond", "700.00", 0), ("identique", "700.00", 1), ("libre", "9000.00", 0)],
)
def test_the_rule_of_prices_decides(rule, price, count):
    record = {**cas_local.ACCORD, "regle_prix": rule}
    rates = {"tarifs": [{"profil": "Chef de projet", "prix": Decimal(price), "cellule": "E7"}]}

    assert len(judged(rates, referentiels={"accord_cadre": record})) == count


def test_a_profile_that_the_bordereau_does_not_name_is_not_judged_and_that_is_said():
    rates = {"tarifs": [{"profil": "Cartographe", "prix": Decimal(500), "cellule": "E7"}]}

    assert judged(rates, referentiels={"accord_cadre": cas_local.ACCORD}) == [
        (
            State.NON_VERIFIE,
            "Aucun prix du bordereau de « Studio Exemple » n’a l’intitulé de « Cartographe » : non comparé.",
        )
    ]


def test_without_the_file_of_the_accord_cadre_rates_are_not_compared_and_that_is_said():
    lost = {"referentiels": {"accord_cadre": {"etat": "non_verifie", "motif": "introuvable"}}}

    assert judged(RATES, dossier=lost) == [
        (State.NON_VERIFIE, "Prix non comparés à ceux de l’accord-cadre : introuvable.")
    ]


def test_no_offer_no_judgement():
    (told,) = offres_conformes_au_cadre(
        freeze({"fiche": {}, "pieces": {"offre": [{"fichier": "mémoire.pdf"}]}})
    )

    assert told.state is State.NON_APPLICABLE


# --- the whole way -------------------------------------------------------------------------------------


def test_the_whole_way_from_the_folder_to_the_finding(tmp_path, fabrique, rendus):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        from fixtures.fabrique.fiche_coevrons import fiche
        from fixtures.fabrique.marche_coevrons import ATTRIBUTION

        (tmp_path / "dossier").mkdir()
        (tmp_path / "dossier" / "dossier.yaml").write_bytes(fiche(fabrique.Projet(), *ATTRIBUTION))
    for name, path in (("Studio Exemple", "studio-exemple"), ("altérée", "exemple-et-associes")):
        target = tmp_path / "dossier" / "offres" / path / "dpgf.xlsx"
        target.parent.mkdir(parents=True)
        target.write_bytes(rendus[f"{name}.xlsx"])

    report = check_dossier(tmp_path / "dossier", Plugins(), Request(today=TODAY)).report

    found = [one for one in report.constats if one.regle == "LO-MAR-009" and one.etat is State.NON_CONFORME]
    assert [one.emplacement.cellule for one in found] == [cell for _, _, cell in FIVE_WAYS]
    assert (
        found[1].emplacement.libelle == "offres/exemple-et-associes/dpgf.xlsx, feuille « DPGF », cellule B12"
    )
