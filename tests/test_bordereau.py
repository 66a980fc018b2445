"""The extract of the bordereau des prix: what the record says, no more, and never for bidders."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import cas_local
import openpyxl
import pytest
from assembler_plugins.commun.marche.bordereau import extrait_bordereau, sans_bordereau
from assembler_plugins.local.documents import DOCUMENTS
from cas_local import ACCORD, case, marche
from test_rendering_xlsx import differences, recalculated

from assembler.contributions import Case, Copy
from assembler.errors import MissingValue, WritingError

INTERNAL = "Document interne à l’acheteur, à ne pas remettre aux candidats"


def with_record(fiche=None, **changes) -> Case:
    return case(fiche or marche(), accord={**ACCORD, **changes})


def opened(data: bytes, *, values: bool = False):
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def row(
    titulaire: str, numero: str, prix: str | None, designation: str = "Journée", unite: str = "jour"
) -> dict:
    price = None if prix is None else Decimal(prix)
    return {
        "titulaire": titulaire, "numero": numero, "designation": designation, "unite": unite, "prix_ht": price
    }  # fmt: skip


@pytest.fixture(scope="module")
def extract() -> bytes:
    return extrait_bordereau(with_record(), Copy())


def test_each_titulaire_consulted_has_its_sheet_and_its_prices_in_figures_and_in_words(extract):
    book = opened(extract, values=True)

    assert book.sheetnames == [
        "Page de garde", "Atelier Exemple", "Studio Exemple", "Exemple et associés", "_lettres"
    ]  # fmt: skip
    found = [[cell.value for cell in line] for line in book["Studio Exemple"].iter_rows(min_row=5, max_row=9)]
    assert [line[0] for line in found] == ["A1", "A2", "A3", "A4", "B1"]
    assert found[1] == ["A2", "Journée de chef de projet", "jour", 720, "Sept cent vingt euros"]
    assert found[4][3:] == [3900, "Trois mille neuf cents euros"]


def test_only_those_consulted_are_there():
    fiche = marche(marche__titulaires_consultes=["studio exemple"])
    book = opened(extrait_bordereau(with_record(fiche), Copy()))

    assert book.sheetnames[1:-1] == ["Studio Exemple"]


def test_before_anyone_is_consulted_all_the_titulaires_of_the_accord_cadre_are_there():
    fiche = marche(marche__titulaires_consultes=None)

    assert len(opened(extrait_bordereau(with_record(fiche), Copy())).sheetnames) == 5


def test_everything_is_locked_and_says_on_each_page_that_it_is_internal(extract):
    book = opened(extract)

    assert book.security.lockStructure
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    assert all(
        cell.protection.locked for sheet in book.worksheets for line in sheet.iter_rows() for cell in line
    )
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    assert {sheet.oddHeader.right.text for sheet in visible} == {INTERNAL}
    assert {sheet["A2"].value for sheet in visible} == {INTERNAL}
    assert {sheet.oddFooter.left.text for sheet in visible} == {None}
    assert book["_lettres"].sheet_state == "veryHidden"
    assert not any(sheet.merged_cells.ranges for sheet in book.worksheets)


def test_libreoffice_finds_every_cached_value(tmp_path, extract):
    count, wrong = differences(extract, recalculated(tmp_path, {"extrait": extract})["extrait"])

    assert wrong == []
    assert count == 15 * 8


def test_a_price_that_the_record_does_not_give_is_not_invented():
    lines = [row("Atelier Exemple", "A1", None), row("Atelier Exemple", "A2", "0.80")]
    sheet = opened(extrait_bordereau(with_record(bordereau=lines), Copy()), values=True)["Atelier Exemple"]

    assert [sheet.cell(5, column).value for column in (4, 5)] == ["non renseigné", None]
    assert [sheet.cell(6, column).value for column in (4, 5)] == [0.8, "Quatre-vingts centimes"]


def test_a_titulaire_without_prices_says_so():
    book = opened(extrait_bordereau(with_record(bordereau=[row("Atelier Exemple", "A1", "950")]), Copy()))

    assert (
        book["Studio Exemple"]["A3"].value
        == "Le fichier de l’accord-cadre ne donne aucun prix pour ce titulaire"
    )
    cover = {line[0].value: line[1].value for line in book["Page de garde"].iter_rows(min_row=4)}
    assert cover["Titulaire\u00a0: Atelier Exemple"] == "1\u00a0prix"
    assert cover["Titulaire\u00a0: Studio Exemple"] == "aucun"


@pytest.mark.parametrize("prix", ["-1", "10.005"])
def test_a_price_that_is_none_is_refused_with_its_place(prix):
    lines = [row("Atelier Exemple", "A1", prix)]
    with pytest.raises(WritingError, match="le prix A1 de Atelier Exemple"):
        extrait_bordereau(with_record(bordereau=lines), Copy())


def test_names_that_a_sheet_cannot_bear_are_made_fit():
    names = [
        "Bureau d'études [Sud/Est] : ville & paysage, agence du littoral",
        "Bureau d'études [Sud/Est] : ville & paysage, agence du Nord",
    ]
    lines = [row(name, "A1", "10") for name in names]
    fiche = marche(marche__titulaires_consultes=names)
    titles = opened(extrait_bordereau(with_record(fiche, bordereau=lines), Copy())).sheetnames

    assert len(titles) == len(set(titles)) == 4
    assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in titles)


def test_without_a_record_or_a_bordereau_there_is_nothing_to_extract():
    unknown = [row("Un autre", "A1", "10")]

    assert sans_bordereau(with_record()) is None
    assert sans_bordereau(case(marche())) == "le fichier de l’accord-cadre n’a pas été trouvé"
    assert (
        sans_bordereau(with_record(bordereau=[]))
        == "le fichier de l’accord-cadre ne donne pas de bordereau des prix"
    )
    assert sans_bordereau(with_record(bordereau=unknown)) == (
        "le bordereau des prix ne nomme aucun des titulaires consultés"
    )


def test_it_binds_and_needs_the_number_of_the_marche():
    (template,) = (one for one in DOCUMENTS if one.id == "extrait-bordereau-prix")

    assert (template.binding, template.extension, template.step) == (True, "xlsx", "lancement")
    with pytest.raises(MissingValue, match=r"marche\.numero"):
        extrait_bordereau(with_record(marche(marche__numero=None)), Copy())


def test_the_same_record_gives_the_same_bytes(extract):
    assert extrait_bordereau(with_record(), Copy()) == extract


def test_it_holds_neither_envelope_nor_maximum(extract):
    with zipfile.ZipFile(io.BytesIO(extract)) as package:
        text = " ".join(package.read(name).decode() for name in package.namelist() if "theme" not in name)

    assert str(cas_local.FICHE["financement"]["montant"]) not in text
    assert ACCORD["montant_max"] == 4_000_000
    assert "4000000" not in text
