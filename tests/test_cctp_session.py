"""The CCTP of a session thématique: fed by the manifestation d’intérêt, else by the fiche."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import docx
import pytest
from assembler_plugins.thematique.documents import DOCUMENTS
from dossiers import copied

from assembler.manager import Plugins
from assembler.pipeline import Made, Order, Request, check_dossier, produce
from assembler.readers.docx import read

THEMATIQUE = Path(__file__).parents[1] / "fixtures" / "thematique"
DAY = dt.date(2023, 8, 28)
NOTE = "Manifestation d'intérêt Coëvrons.docx"
OBJET = "objet:\n  thematiques: [environnementales_energetiques, territoriales_urbaines]\n"
DIT = "  resume: Produire sans consommer la terre\n  objectifs: [Choisir des sites témoins, Loger ici]\n"


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    copied(THEMATIQUE / "accords-cadres", tmp_path / "accords-cadres")
    return copied(THEMATIQUE / "lancement", tmp_path / "dossier")


def made(folder: Path, plugins: Plugins, one: str) -> Made:
    checked = check_dossier(folder, plugins, Request(today=DAY))
    return produce(checked, Order(documents=(one,)), DAY)[0]


def said(folder: Path, plugins: Plugins, one: str) -> str:
    done = made(folder, plugins, one)
    assert done.kind == "nouveau", done.reason
    return (
        read((folder / "sortie" / done.name).read_bytes()).text.replace("\u00a0", " ").replace("\u202f", " ")
    )


def told(folder: Path, more: str) -> Path:
    """Write in the fiche what the Atelier is about."""
    file = folder / "dossier.yaml"
    text = file.read_text(encoding="utf-8")
    assert OBJET in text
    file.write_text(text.replace(OBJET, OBJET + more), encoding="utf-8")
    return folder


def test_the_manifestation_gives_its_sections(dossier: Path, plugins: Plugins) -> None:
    text = said(dossier, plugins, "cctp")
    for part in (
        "Les usines d’Évron et de Voutré tiennent le territoire",
        "session nationale « Aménager des territoires productifs, sobres et créateurs de valeurs »",
        "choisir une stratégie et quelques sites témoins",
        "La mission comprend aussi un séminaire de lancement et un séminaire de clôture.",
        "la mise en réseau des sites de la session nationale",
    ):
        assert part in text
    # It has no section on the place: the fiche says it.
    assert (
        "L’Atelier porte sur le territoire suivant : la communauté de communes des Coëvrons (Mayenne)."
        in text
    )


def test_the_fiche_stands_in_for_a_manifestation_that_is_not_there(dossier: Path, plugins: Plugins) -> None:
    (dossier / NOTE).unlink()
    text = said(told(dossier, DIT), plugins, "cctp")
    for part in (
        "Produire sans consommer la terre.",
        "Choisir des sites témoins.",
        "L’Atelier est porté par la communauté de communes des Coëvrons et la direction",
    ):
        assert part in text
    assert "La manifestation d’intérêt n’a pas été trouvée" in said(dossier, plugins, "points-a-relire")


def test_what_neither_says_refuses_the_cctp(dossier: Path, plugins: Plugins) -> None:
    (dossier / NOTE).unlink()
    done = made(dossier, plugins, "cctp")
    assert (done.kind, done.exit_code) == ("echec", 4)
    assert "ne remplit pas « Le territoire et ses enjeux » et « Les objectifs »" in str(done.reason)


def test_the_reading_list_says_what_the_fiche_stood_in_for(dossier: Path, plugins: Plugins) -> None:
    text = said(dossier, plugins, "points-a-relire")
    assert "« La localisation » : la manifestation d’intérêt n’a pas cette rubrique" in text
    assert "Vocabulaire de la candidature" in text


def test_a_passage_on_the_cost_stays_with_the_buyer(dossier: Path, plugins: Plugins) -> None:
    document = docx.Document(str(dossier / NOTE))
    where = next(one for one in document.paragraphs if one.text.startswith("2. Le territoire"))
    where._p.addnext(document.add_paragraph("L’Atelier est doté d’une enveloppe de 170 000 €.")._p)
    document.save(str(dossier / NOTE))
    assert "170" not in said(dossier, plugins, "cctp")
    assert "170 000 €" in said(dossier, plugins, "points-a-relire")


def test_the_documents_of_a_consultation_are_those_of_the_atelier_local() -> None:
    from assembler_plugins.local.documents import DOCUMENTS as LOCAL

    steps = ("lancement", "attribution", "accompagnement")
    mine, theirs = ([one.id for one in which if one.step in steps] for which in (DOCUMENTS, LOCAL))
    assert mine == theirs
