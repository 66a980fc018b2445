"""The session thématique: its pieces, the catalogue of national sessions, its editions, its letters."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest
from assembler_plugins.commun.candidature import bornes_engagement
from assembler_plugins.commun.format import se_reconnait
from assembler_plugins.thematique.pieces import PIECES
from assembler_plugins.thematique.sessions import fichier_session
from click.testing import CliRunner
from dossiers import copied
from lettres_de_test import collectivite, prefete, service, source

from assembler.cli import assemble
from assembler.manager import Plugins
from assembler.model import Months
from assembler.pipeline import Checked, Order, Request, check_dossier, produce
from assembler.readers.docx import read
from assembler.recognition import recognise

FIXTURES = Path(__file__).parents[1] / "fixtures"
COMPLET = FIXTURES / "thematique" / "complet"
TODAY = dt.date(2026, 4, 1)
PRODUCTIFS = "Aménager des territoires productifs, sobres et créateurs de valeurs"


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


def checked(plugins: Plugins, dossier: Path, **asked: object) -> Checked:
    return check_dossier(dossier, plugins, Request(today=TODAY, **asked))  # type: ignore[arg-type]


def states(of: Checked) -> dict[str, str]:
    return {rule.id: rule.etat.value for rule in of.report.regles}


def messages(of: Checked, rule: str) -> list[str]:
    return [one.message for one in of.report.constats if one.regle == rule]


# --- pieces -----------------------------------------------------------------------------------


def test_its_pieces_are_those_of_the_contract() -> None:
    assert {piece.id: piece.many for piece in PIECES} == {
        "manifestation_interet": False,
        "courrier_collectivite": True,
        "courrier_service": True,
        "courrier_prefet": False,
        "offre": True,
        "annexe": True,
    }


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("Manifestation d'intérêt Coëvrons.docx", "manifestation_interet"),
        ("ManifestationInteret_v3.docx", "manifestation_interet"),
        ("AMI 2023 - candidature Coëvrons.pdf", "manifestation_interet"),
        ("Réponse à l'appel à manifestation d'intérêt.docx", "manifestation_interet"),
        ("Dossier de candidature Rupt-de-Mad.docx", "manifestation_interet"),
        ("Appel à manifestation d'intérêt 2023.pdf", None),
        ("Règlement AMI.pdf", None),
        ("Courrier DREAL Grand Est.pdf", "courrier_service"),
        ("CC Mad et Moselle - courrier président.pdf", "courrier_collectivite"),
        ("Metz Métropole - lettre de soutien.pdf", "courrier_collectivite"),
        ("Courrier préfet.pdf", "courrier_prefet"),
        ("Offre groupement Exemple.pdf", "offre"),
        ("Annexe 2 - carte.pdf", "annexe"),
        ("Famille.pdf", None),
    ],
)
def test_a_file_is_known_by_its_name(name: str, piece: str | None) -> None:
    assert recognise([source(name)], PIECES, {}).sources[0].piece == piece


def test_letters_without_a_telling_name_are_known_by_who_signs_them() -> None:
    atelier = "Atelier de la session nationale"
    files = [
        prefete("scan1.pdf", atelier),
        service("scan2.pdf", atelier, "Elle porte et coordonne la manifestation d’intérêt jointe."),
        collectivite("scan3.pdf", atelier),
    ]

    found = recognise(files, PIECES, {}).sources

    assert [one.piece for one in found] == ["courrier_prefet", "courrier_service", "courrier_collectivite"]


_MANIFESTATION = (
    "Manifestation d’intérêt pour la session nationale, un Atelier de plus pour le territoire",
    "Les enjeux du territoire : l’eau, le travail, les sols.",
    "Nos objectifs, avec les acteurs locaux : partager une stratégie.",
)


def test_a_manifestation_worded_as_a_signed_letter_stays_what_its_name_says() -> None:
    letter = service("Manifestation d’intérêt.pdf", "Atelier", *_MANIFESTATION)

    assert recognise([letter], PIECES, {}).sources[0].piece == "manifestation_interet"


def test_a_letter_that_joins_the_manifestation_is_not_the_manifestation() -> None:
    letter = service(
        "Manifestation d’intérêt.pdf", "Atelier", "Vous trouverez la manifestation d’intérêt ci-jointe."
    )

    assert recognise([letter], PIECES, {}).sources[0].piece == "courrier_service"


def test_the_call_itself_is_no_answer_to_it() -> None:
    call = source(
        "Document1.pdf", *_MANIFESTATION, "Critères de sélection : les services peuvent candidater."
    )
    answer = source("Document2.pdf", *_MANIFESTATION)

    found = recognise([call, answer], PIECES, {}).sources

    assert [one.piece for one in found] == [None, "manifestation_interet"]


def test_its_own_words_make_it_known_among_the_three_formats() -> None:
    files = [
        source("Réponse.pdf", "Manifestation d’intérêt à la session nationale"),
        collectivite("a.pdf", "Atelier"),
    ]
    scans = [source("AMI Coëvrons.pdf"), source("courrier DDT.pdf")]

    for folder in (files, scans):
        claiming = [one for one in ("local", "flash", "thematique") if se_reconnait(one, folder)]
        assert claiming == ["thematique"]


# --- the catalogue ----------------------------------------------------------------------------


def test_the_shipped_catalogue_holds_the_sessions_of_the_public_pages() -> None:
    catalogue = fichier_session().catalogue or ()

    assert [(one["titre"], one.get("debut"), one.get("fin")) for one in catalogue[:4]] == [
        (PRODUCTIFS, 2023, 2025),
        ("Mieux aménager avec les sols vivants", 2021, 2023),
        ("Amplifier la transition écologique avec les territoires", 2019, 2021),
        ("Faire de l’eau une ressource pour l’aménagement", 2017, 2019),
    ]
    assert len({one["titre"] for one in catalogue}) == len(catalogue) == 13


def with_session(tmp_path: Path, title: str, depot: str = "2023-05-15") -> Path:
    dossier = copied(COMPLET, tmp_path / "dossiers" / "coevrons")
    fiche = dossier / "dossier.yaml"
    text = fiche.read_text(encoding="utf-8").replace(f'"{PRODUCTIFS}"', json.dumps(title, ensure_ascii=False))
    fiche.write_text(text.replace("date_depot: 2023-05-15", f"date_depot: {depot}"), encoding="utf-8")
    return dossier


@pytest.mark.parametrize(
    "title",
    [
        "AMENAGER DES TERRITOIRES PRODUCTIFS SOBRES ET CREATEURS DE VALEURS",
        "Aménager des territoires productifs,sobres et créateurs  de valeurs",
        "aménager des territoires productifs - sobres et créateurs de valeurs.",
    ],
)
def test_a_title_is_compared_without_case_accents_signs_and_spaces(
    plugins: Plugins, tmp_path: Path, title: str
) -> None:
    assert states(checked(plugins, with_session(tmp_path, title)))["ST-THE-001"] == "conforme"


@pytest.mark.parametrize(
    ("title", "proposed"),
    [
        ("Aménager les territoires productifs", PRODUCTIFS),
        ("Session 2023 : aménager des territoires productifs, sobres et créateurs de valeurs", PRODUCTIFS),
        ("Faire de leau une resource pour l'amenagement du territoire", "Faire de l’eau une ressource"),
        ("Mieux aménager avec les sols", "Mieux aménager avec les sols vivants"),
    ],
)
def test_an_inexact_title_gets_the_nearest_of_the_catalogue(
    plugins: Plugins, tmp_path: Path, title: str, proposed: str
) -> None:
    of = checked(plugins, with_session(tmp_path, title))

    assert states(of)["ST-THE-001"] == "non_conforme"
    assert states(of)["ST-THE-002"] == "non_applicable"
    assert f"La plus proche : « {proposed}" in messages(of, "ST-THE-001")[0].replace("\u00a0", " ")


def test_a_title_like_no_other_gets_no_proposal(plugins: Plugins, tmp_path: Path) -> None:
    of = checked(plugins, with_session(tmp_path, "Zones humides"))

    assert "La plus proche" not in messages(of, "ST-THE-001")[0]


@pytest.mark.parametrize(
    ("depot", "state"),
    [
        ("2022-01-01", None),  # the rule is not in force yet
        ("2023-01-01", "conforme"),
        ("2025-12-31", "conforme"),
        ("2026-01-01", "non_conforme"),
    ],
)
def test_the_depot_falls_in_the_years_of_the_session(
    plugins: Plugins, tmp_path: Path, depot: str, state: str | None
) -> None:
    of = checked(plugins, with_session(tmp_path, PRODUCTIFS, depot))

    assert states(of).get("ST-THE-002") == state


def test_the_desk_adds_a_session_in_a_file_beside_the_dossiers(plugins: Plugins, tmp_path: Path) -> None:
    dossier = with_session(tmp_path, "Réinventer les rivages", "2027-03-01")
    assert states(checked(plugins, dossier))["ST-THE-001"] == "non_conforme"

    sessions = tmp_path / "dossiers" / "sessions-nationales"
    sessions.mkdir()
    (sessions / "2027.yaml").write_text(
        "titre: Réinventer les rivages\ndebut: 2027\nfin: 2029\n", encoding="utf-8"
    )
    of = checked(plugins, dossier)

    assert {one: states(of)[one] for one in ("ST-THE-001", "ST-THE-002")} == {
        "ST-THE-001": "conforme",
        "ST-THE-002": "conforme",
    }
    assert of.dossier is not None
    assert "Session nationale : 2027.yaml" in of.dossier.notes


def test_a_session_of_the_desk_is_proposed_as_the_nearest(plugins: Plugins, tmp_path: Path) -> None:
    sessions = tmp_path / "referentiels" / "sessions-nationales"
    sessions.mkdir(parents=True)
    (sessions / "2027.yaml").write_text("titre: Réinventer les rivages\ndebut: 2027\n", encoding="utf-8")

    of = checked(
        plugins, with_session(tmp_path, "Réinventer le rivage"), reference_folder=tmp_path / "referentiels"
    )

    assert "« Réinventer les rivages » (à partir de 2027)" in messages(of, "ST-THE-001")[0].replace(
        "\u00a0", " "
    )


def test_the_desk_corrects_the_years_of_a_shipped_session(plugins: Plugins, tmp_path: Path) -> None:
    dossier = with_session(tmp_path, PRODUCTIFS, "2026-02-01")
    sessions = tmp_path / "dossiers" / "sessions-nationales"
    sessions.mkdir()
    record = f"titre: {json.dumps(PRODUCTIFS, ensure_ascii=False)}\ndebut: 2023\nfin: 2026\n"
    (sessions / "productifs.yaml").write_text(record, encoding="utf-8")

    assert states(checked(plugins, dossier))["ST-THE-002"] == "conforme"


def test_a_broken_file_of_the_desk_is_told_and_hinders_nothing(plugins: Plugins, tmp_path: Path) -> None:
    dossier = with_session(tmp_path, PRODUCTIFS)
    sessions = tmp_path / "dossiers" / "sessions-nationales"
    sessions.mkdir()
    (sessions / "2027.yaml").write_text("titre: [ouvert\n", encoding="utf-8")
    (sessions / "2028.yaml").write_text("debut: 2028\n", encoding="utf-8")

    of = checked(plugins, dossier)

    assert states(of)["ST-THE-001"] == "conforme"
    assert of.dossier is not None
    told = [note for note in of.dossier.notes if note.startswith("Session nationale")]
    assert len(told) == 1
    assert "2027.yaml" in told[0]
    assert "« 2028.yaml » ne donne pas « titre »" in told[0]


def test_a_folder_of_other_records_adds_no_session(plugins: Plugins, tmp_path: Path) -> None:
    (tmp_path / "AC-2023-01.yaml").write_text("titre: Un accord-cadre\n", encoding="utf-8")

    of = checked(plugins, with_session(tmp_path, "Un accord-cadre"), reference_folder=tmp_path)

    assert states(of)["ST-THE-001"] == "non_conforme"


# --- editions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "rules"),
    [
        (dt.date(2015, 12, 31), set()),
        (dt.date(2016, 1, 1), {"ST-DUR-004"}),
        (dt.date(2018, 12, 31), {"ST-DUR-004"}),
        (dt.date(2019, 1, 1), {"ST-DUR-003"}),
        (dt.date(2022, 12, 31), {"ST-DUR-003"}),
        (dt.date(2023, 1, 1), {"ST-DUR-001", "ST-DUR-002"}),
    ],
)
def test_each_edition_has_its_duration(plugins: Plugins, day: dt.date, rules: set[str]) -> None:
    found = plugins.formats()["thematique"].rules

    assert {one.id for one in found if one.id.startswith("ST-DUR") and one.in_force(day)} == rules


def test_a_dossier_of_2018_is_judged_by_the_rules_of_2018(plugins: Plugins) -> None:
    of = checked(plugins, FIXTURES / "thematique/rupt-de-mad")

    own = {one: state for one, state in states(of).items() if one.startswith("ST-")}
    assert own == {"ST-DUR-004": "conforme", "ST-SES-001": "conforme", "ST-SES-002": "conforme"}
    assert states(of)["GEN-TER-007"] == "conforme"


def test_the_date_asked_for_chooses_the_rules() -> None:
    def said(*options: str) -> dict[str, str]:
        done = CliRunner().invoke(
            assemble, ["controler", str(FIXTURES / "thematique/sete-2020"), "--rapport", "json", *options]
        )
        return {one["id"]: one["etat"] for one in json.loads(done.stdout)["regles"] if "ST-DUR" in one["id"]}

    assert said() == {"ST-DUR-003": "non_conforme"}
    assert said("--date", "2024-01-01") == {"ST-DUR-001": "conforme", "ST-DUR-002": "non_conforme"}
    assert said("--date", "2017-01-01") == {"ST-DUR-004": "non_conforme"}


def test_an_associated_collectivite_is_enough_beside_the_service(plugins: Plugins, tmp_path: Path) -> None:
    dossier = copied(COMPLET, tmp_path / "dossier")
    fiche = dossier / "dossier.yaml"
    text = fiche.read_text(encoding="utf-8").replace("role: porteur", "role: associee")
    fiche.write_text(text, encoding="utf-8")

    assert states(checked(plugins, dossier))["ST-POR-001"] == "conforme"


def test_the_restitution_has_its_own_rules(plugins: Plugins) -> None:
    before, after = checked(plugins, COMPLET), checked(plugins, COMPLET, step="restitution")

    assert not {"ST-CAP-001", "ST-LIV-001"} & set(states(before))
    assert {one: states(after)[one] for one in ("ST-CAP-001", "ST-LIV-001")} == {
        "ST-CAP-001": "non_applicable",
        "ST-LIV-001": "non_applicable",
    }


# --- documents --------------------------------------------------------------------------------


def made(of: Checked, tmp_path: Path) -> dict[str, str]:
    """Return the text of the documents of the step, by file name."""
    for one in produce(of, Order(output=tmp_path, edition=TODAY), TODAY):
        assert one.kind in ("nouveau", "sans_objet"), one.reason
    return {
        file.name: "\n".join(block.text for block in read(file.read_bytes()).blocks).replace("\u00a0", " ")
        for file in tmp_path.rglob("*.docx")
    }


def test_the_documents_of_the_candidature_are_those_of_the_contract(plugins: Plugins) -> None:
    documents = [one for one in plugins.formats()["thematique"].documents if one.step == "candidature"]

    assert [one.id for one in documents if one.id != "fiche-preremplie"] == [
        "courrier-collectivite",
        "courrier-prefet",
        "courrier-service",
        "bordereau-envoi",
        "trame-note",
    ]


def test_the_letters_name_the_session_and_three_ateliers(plugins: Plugins, tmp_path: Path) -> None:
    texts = made(checked(plugins, COMPLET), tmp_path)
    letters = [texts[one] for one in texts if one.startswith("courrier-")]

    assert len(letters) == 3
    for said in letters:
        assert f"la session nationale « {PRODUCTIFS} »" in said
        assert "l’Atelier thématique des Coëvrons" in said
        assert "Atelier local" not in said
        assert "marché subséquent" not in said
    service_, others = texts["courrier-service.docx"], texts["courrier-prefet.docx"]
    assert "à porter et à coordonner cet Atelier pendant onze (11) mois" in service_
    assert "trois ateliers" in service_
    assert "J’apporte mon soutien à cette candidature." in others


def test_a_session_that_the_fiche_does_not_name_is_left_to_fill_in(plugins: Plugins, tmp_path: Path) -> None:
    dossier = copied(COMPLET, tmp_path / "dossier")
    fiche = dossier / "dossier.yaml"
    lines = fiche.read_text(encoding="utf-8").splitlines(keepends=True)
    fiche.write_text("".join(one for one in lines if not one.startswith("session:")), encoding="utf-8")

    texts = made(checked(plugins, dossier), tmp_path / "sortie")

    assert "[à compléter : titre de la session nationale]" in texts["courrier-service.docx"]
    assert "Session nationale" not in texts["trame-note.docx"]


def test_the_frame_says_that_the_dossier_of_the_dgaln_prevails(plugins: Plugins, tmp_path: Path) -> None:
    frame = made(checked(plugins, COMPLET), tmp_path)["trame-note.docx"]

    assert "n’est pas attestée publiquement" in frame
    assert "prévaut" in frame


def test_the_last_documents_name_the_session_and_the_tool_of_each_action(
    plugins: Plugins, tmp_path: Path
) -> None:
    copied(FIXTURES / "thematique" / "accords-cadres", tmp_path / "accords-cadres")
    folder = copied(FIXTURES / "thematique" / "restitution", tmp_path / "dossier")
    texts = made(checked(plugins, folder), tmp_path / "sortie")

    for name in ("rapport-final", "feuille-route", "capitalisation", "bouger-les-lignes"):
        assert f"Session nationale\n« {PRODUCTIFS} »" in texts[f"{name}.docx"]
    assert "Réhabiliter les maisons vides du bourg\nOutil : Opération" in texts["feuille-route.docx"]
    assert "Réhabiliter les maisons vides du bourg.\n" in texts["capitalisation.docx"]
    (book,) = (openpyxl.load_workbook(one) for one in (tmp_path / "sortie").rglob("feuille-route.xlsx"))
    sheet = book["Feuille de route"]
    assert [sheet.cell(row, 4).value for row in (3, 5)] == ["Outil ou procédure", "Convention"]


def test_the_bounds_printed_are_those_of_the_rules_in_force(plugins: Plugins) -> None:
    rules = plugins.formats()["thematique"].rules

    def bounds(day: dt.date) -> Months:
        return bornes_engagement([one for one in rules if one.in_force(day)], Months(1, 2))

    assert bounds(TODAY) == Months(10, 12)
    assert bounds(dt.date(2020, 1, 1)) == Months(8, 14)
    assert bounds(dt.date(2018, 1, 1)) == Months(7, 12)


def test_the_session_is_asked_for_after_the_date_of_the_depot(plugins: Plugins) -> None:
    schema = plugins.formats()["thematique"].fiche
    assert schema is not None
    fields = list(schema.root.fields)

    assert fields[fields.index("date_depot") + 1] == "session"
