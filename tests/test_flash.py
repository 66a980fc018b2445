"""The Atelier flash: its pieces, what makes it known, its rules from one edition to the next, its letters."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from assembler_plugins.commun.candidature import bornes_engagement
from assembler_plugins.commun.format import se_reconnait
from assembler_plugins.flash.pieces import PIECES
from click.testing import CliRunner
from dossiers import copied
from lettres_de_test import collectivite, prefete, service, source

from assembler.cli import assemble
from assembler.manager import Plugins
from assembler.model import Months
from assembler.pipeline import Checked, Order, Request, check_dossier, produce
from assembler.readers.docx import read
from assembler.recognition import recognise
from assembler.text import plain

FIXTURES = Path(__file__).parents[1] / "fixtures"
COMPLET = FIXTURES / "flash" / "complet"
TODAY = dt.date(2026, 4, 1)
BY_ID = {piece.id: piece for piece in PIECES}


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


def checked(plugins: Plugins, dossier: Path, **asked: object) -> Checked:
    return check_dossier(dossier, plugins, Request(today=TODAY, **asked))  # type: ignore[arg-type]


def states(of: Checked) -> dict[str, str]:
    return {rule.id: rule.etat.value for rule in of.report.regles}


# --- pieces -----------------------------------------------------------------------------------


def test_its_pieces_are_those_of_the_contract() -> None:
    assert {piece.id: piece.many for piece in PIECES} == {
        "fiche_candidature": False,
        "courrier_collectivite": True,
        "courrier_service": True,
        "annexe": True,
    }


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("Fiche de candidature Atelier flash V2 def.docx", "fiche_candidature"),
        ("FICHE_CANDIDATURE.pdf", "fiche_candidature"),
        ("Dossier candidature flash Andouillé.odt", "fiche_candidature"),
        ("Note d’opportunité Atelier flash.docx", "fiche_candidature"),
        ("Atelier flash Andouillé.docx", "fiche_candidature"),
        ("Courrier mairie d'Andouillé.pdf", "courrier_collectivite"),
        ("Lettre de demande du maire.pdf", "courrier_collectivite"),
        ("Courrier DDT 53 signé.pdf", "courrier_service"),
        ("Courrier de soutien préfète.pdf", "annexe"),
        ("Plan de la halle.pdf", "annexe"),
        ("scan0001.pdf", None),
    ],
)
def test_a_file_is_known_by_its_name(name: str, piece: str | None) -> None:
    assert recognise([source(name)], PIECES, {}).sources[0].piece == piece


def test_letters_without_a_telling_name_are_known_by_who_signs_them() -> None:
    files = [
        prefete("scan1.pdf", "Atelier flash"),
        service("scan2.pdf", "Atelier flash", "Elle émettra les bons de commande."),
        collectivite("scan3.pdf", "Atelier flash"),
    ]

    found = recognise(files, PIECES, {}).sources

    assert [one.piece for one in found] == ["annexe", "courrier_service", "courrier_collectivite"]


def test_a_letter_of_the_prefete_within_one_scan_is_nobody_else_s() -> None:
    letters = [prefete("a", "Atelier flash"), service("b", "Atelier flash")]
    blocks = tuple(
        replace(block, page=page)
        for page, one in enumerate(letters, 1)
        if one.reading
        for block in one.reading.blocks
    )
    scan = source("courriers.pdf", "x", pages=2)
    assert scan.reading is not None
    scan = replace(scan, reading=replace(scan.reading, blocks=blocks))

    found = recognise([scan], PIECES, {}).sources

    assert [(one.piece, one.pages_retenues) for one in found] == [
        ("annexe", (1,)),
        ("courrier_service", (2,)),
    ]


def test_the_fiche_de_candidature_is_known_by_its_content() -> None:
    fiche = source(
        "Document1.pdf",
        "Fiche de candidature",
        "Atelier flash d’Andouillé",
        "1. Les porteurs",
        "La commune et la DDT.",
        "2. La localisation",
        "La halle et la place.",
        "3. La question posée",
        "Que faire de la halle ?",
    )

    assert recognise([fiche], PIECES, {}).sources[0].piece == "fiche_candidature"


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("La commune sollicite un Atelier flash.", True),
        ("Nous demandons à bénéficier d’un Atelier flash.", True),
        ("La commune présente sa candidature, avec la DDT.", True),
        ("La commune s’engage dans l’Atelier flash.", False),
        ("La commune soutient la candidature.", False),
    ],
)
def test_a_letter_that_asks_for_an_atelier_is_a_request(said: str, asks: bool) -> None:
    pattern = BY_ID["courrier_collectivite"].mentions["demande_flash"]

    assert bool(re.search(pattern, plain(said))) == asks


# --- detection --------------------------------------------------------------------------------


def test_the_text_decides_between_two_formats_whose_candidature_bears_one_name() -> None:
    flash = [
        source("Fiche de candidature.pdf", "Atelier flash d’Andouillé"),
        collectivite("a.pdf", "Atelier flash"),
    ]
    local = [
        source("Fiche de candidature.pdf", "Atelier local des Coëvrons"),
        collectivite("a.pdf", "Atelier local"),
    ]

    assert [one for one in ("local", "flash", "thematique") if se_reconnait(one, flash)] == ["flash"]
    assert [one for one in ("local", "flash", "thematique") if se_reconnait(one, local)] == ["local"]


def test_an_atelier_named_in_passing_does_not_decide() -> None:
    files = [
        collectivite("a.pdf", "Atelier flash"),
        source("b.pdf", "Un Atelier flash suffit : un Atelier local serait trop long pour un Atelier flash."),
    ]

    assert [one for one in ("local", "flash", "thematique") if se_reconnait(one, files)] == ["flash"]


def test_a_folder_that_two_formats_claim_is_left_to_the_person(plugins: Plugins, tmp_path: Path) -> None:
    (tmp_path / "Fiche de candidature.pdf").write_bytes(b"")

    report = checked(plugins, tmp_path).report

    assert report.exit_code == 5
    assert report.erreur is not None
    assert "Plusieurs formats conviennent (flash, local)" in report.erreur
    assert "--format" in report.erreur
    assert checked(plugins, tmp_path, format_id="flash").report.exit_code == 1  # the file is empty


def test_the_three_formats_find_their_own_among_the_shipped_dossiers(plugins: Plugins) -> None:
    for name in ("flash/sans-fiche", "local/sans-fiche", "thematique/sans-fiche"):
        assert checked(plugins, FIXTURES / name).report.dossier.format == name.split("/")[0]  # type: ignore[union-attr]


# --- editions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "scale"),
    [
        (dt.date(2020, 12, 31), set()),
        (dt.date(2021, 1, 1), {"FL-TER-002"}),
        (dt.date(2025, 10, 2), {"FL-TER-002"}),
        (dt.date(2025, 10, 3), {"FL-TER-001"}),
    ],
)
def test_one_rule_at_a_time_judges_the_scale(plugins: Plugins, day: dt.date, scale: set[str]) -> None:
    rules = plugins.formats()["flash"].rules

    assert {one.id for one in rules if one.id.startswith("FL-TER") and one.in_force(day)} == scale


def test_the_date_asked_for_chooses_the_rules() -> None:
    def said(*options: str) -> dict[str, str]:
        done = CliRunner().invoke(
            assemble,
            ["controler", str(FIXTURES / "flash/defauts/edition-2024-ilot"), "--rapport", "json", *options],
        )
        return {one["id"]: one["etat"] for one in json.loads(done.stdout)["regles"]}

    then, now, before = said(), said("--date", "2026-03-18"), said("--date", "2019-06-01")

    assert then["FL-TER-002"] == "non_conforme"
    assert "FL-TER-001" not in then
    assert now["FL-TER-001"] == "conforme"
    assert "FL-TER-002" not in now
    assert not [one for one in before if one.startswith("FL-")]


def test_the_bons_de_commande_are_counted_from_the_launch_on(plugins: Plugins) -> None:
    folder = FIXTURES / "flash/defauts/trois-bons-de-commande"

    assert states(checked(plugins, folder))["FL-MAR-001"] == "non_conforme"
    assert "FL-MAR-001" not in states(checked(plugins, folder, step="candidature"))
    assert "FL-MAR-001" not in states(checked(plugins, folder, day=dt.date(2025, 8, 31)))


def test_nothing_that_is_not_published_blocks(plugins: Plugins, tmp_path: Path) -> None:
    dossier = copied(COMPLET, tmp_path / "dossier")
    for piece in (*dossier.glob("*.docx"), *dossier.glob("courriers/*.pdf")):
        piece.unlink()

    of = checked(plugins, dossier)

    refused = {one for one, state in states(of).items() if state == "non_conforme"}
    assert refused == {"FL-PIE-001", "FL-PIE-002", "FL-PIE-003"}
    assert of.report.exit_code == 0


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
    documents = [one for one in plugins.formats()["flash"].documents if one.step == "candidature"]

    assert [one.id for one in documents if one.id != "fiche-preremplie"] == [
        "courrier-collectivite",
        "courrier-service",
        "bordereau-envoi",
        "trame-note",
    ]


def test_the_letters_speak_of_one_atelier_and_of_bons_de_commande(plugins: Plugins, tmp_path: Path) -> None:
    texts = made(checked(plugins, COMPLET), tmp_path)
    letters = texts["courrier-service.docx"], texts["courrier-collectivite-commune-d-andouille.docx"]

    assert "porter cet Atelier flash pendant quatre (4) mois, de septembre 2026 à décembre 2026" in letters[0]
    assert "bons de commande" in letters[0]
    for said in letters:
        assert "la commune d’Andouillé (Mayenne)" in said
        assert "marché subséquent" not in said
        assert "PLACE" not in said
        assert "sessions" not in said
        assert "Atelier local" not in said


def test_the_frame_says_that_the_fiche_of_the_dgaln_prevails(plugins: Plugins, tmp_path: Path) -> None:
    frame = made(checked(plugins, FIXTURES / "flash/sans-fiche"), tmp_path)["trame-note.docx"]

    assert "n’est pas attestée publiquement : la fiche transmise par la DGALN prévaut" in frame


def test_a_letter_made_here_is_known_as_what_it_is(plugins: Plugins, tmp_path: Path) -> None:
    produce(checked(plugins, COMPLET), Order(output=tmp_path, edition=TODAY), TODAY)
    files = {
        name: source(
            f"{rank}.docx", *[b.text for b in read((tmp_path / "candidature" / name).read_bytes()).blocks]
        )
        for rank, name in enumerate(
            ("courrier-service.docx", "courrier-collectivite-commune-d-andouille.docx", "trame-note.docx")
        )
    }

    found = {name: recognise([one], PIECES, {}).sources[0].piece for name, one in files.items()}

    assert found == {
        "courrier-service.docx": "courrier_service",
        "courrier-collectivite-commune-d-andouille.docx": "courrier_collectivite",
        "trame-note.docx": "fiche_candidature",
    }


def test_the_bounds_printed_are_those_of_the_rules_in_force(plugins: Plugins) -> None:
    rules = plugins.formats()["flash"].rules

    assert bornes_engagement([one for one in rules if one.in_force(TODAY)], Months(1, 2)) == Months(3, 6)
    assert bornes_engagement((), Months(3, 6)) == Months(3, 6)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("edition-2024", "pendant quatre (4) mois, de septembre 2024 à décembre 2024."),
        ("edition-2020", "pendant huit (8) mois, de "),
    ],
)
def test_a_duration_that_no_rule_of_its_day_bounds_is_printed_as_it_is(
    plugins: Plugins, tmp_path: Path, name: str, told: str
) -> None:
    text = made(checked(plugins, FIXTURES / "flash" / name), tmp_path)["courrier-service.docx"]

    assert told in text
    assert "limites de durée" not in text


def test_the_fiche_knows_the_deliverables_of_this_format(plugins: Plugins) -> None:
    fields = plugins.formats()["flash"].fiche
    assert fields is not None
    assert fields.root.fields["marche"].fields["livrables"].help == "esquisse_plan_guide, feuille_route"
    assert "session" not in fields.root.fields
