"""The orders of an Atelier flash: priced at the titulaire's bordereau, dated, paid; no consultation."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from assembler_plugins.flash.documents import DOCUMENTS
from dossiers import copied
from test_rendering_xlsx import differences, recalculated

from assembler.manager import Plugins
from assembler.pipeline import Made, Order, Request, check_dossier, produce
from assembler.readers.docx import read

FLASH = Path(__file__).parents[1] / "fixtures" / "flash"
TODAY = dt.date(2026, 8, 24)
Changed = Callable[..., Path]


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


@pytest.fixture
def dossier(tmp_path: Path) -> Changed:
    """Copy the dossier at the launch, with texts of its fiche (or of the accord-cadre) replaced."""

    def make(*changes: tuple[str, str], accord: tuple[str, str] = ("", "")) -> Path:
        record = copied(FLASH / "accords-cadres", tmp_path / "accords-cadres") / "AC-2025-02.yaml"
        record.write_text(record.read_text(encoding="utf-8").replace(*accord), encoding="utf-8")
        folder = copied(FLASH / "lancement", tmp_path / "dossier")
        text = (folder / "dossier.yaml").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (folder / "dossier.yaml").write_text(text, encoding="utf-8")
        return folder

    return make


def made(folder: Path, plugins: Plugins, *ids: str, despite: str | None = None) -> tuple[Made, ...]:
    checked = check_dossier(folder, plugins, Request(today=TODAY))
    return produce(checked, Order(documents=ids, in_spite=despite), TODAY)


def said(folder: Path, plugins: Plugins, one: str, rank: int = 0) -> str:
    done = made(folder, plugins, one)[rank]
    assert done.kind == "nouveau", done.reason
    text = read((folder / "sortie" / done.name).read_bytes()).text
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def refused(folder: Path, plugins: Plugins, one: str = "bon-commande") -> str:
    """Return why the first order is not written, whatever the findings."""
    done = made(folder, plugins, one, despite="essai")[0]
    assert (done.kind, done.exit_code) == ("echec", 4)
    return str(done.reason).replace("\u00a0", " ")


# --- the order --------------------------------------------------------------------------------


def test_an_order_says_who_what_when_and_how_much(dossier: Changed, plugins: Plugins) -> None:
    text = said(dossier(), plugins, "bon-commande")
    for part in (
        "Bon de commande n° 2026-053-F1",
        "du 24 août 2026, sur le fondement de l’accord-cadre n° AC-2025-02",
        "la directrice départementale des territoires, par délégation de la préfète",
        "Atelier Exemple, mandataire du groupement – SIRET 900 000 019 00019",
        "Appropriation du sujet et atelier sur place.",
        "Question posée : l’avenir de la halle et de la place, au cœur du bourg.",
        "Du 1er septembre au 31 octobre 2026",
        "Document de synthèse des enjeux et carnet de suivi",
        "Neuf mille vingt euros hors taxes (9 020,00 € HT)",
        "Dix mille huit cent vingt-quatre euros toutes taxes comprises (10 824,00 € TTC)",
        "2105467891",
        "110 002 011 00044",
        "dans le délai prévu par l’accord-cadre",
        "n’ouvre pas droit à une avance",
    ):
        assert part in text


def test_a_price_revised_as_the_accord_cadre_says_is_the_one_that_is_paid(
    dossier: Changed, plugins: Plugins
) -> None:
    line = ("{numero_prix: B1, quantite: 1}", '{numero_prix: B1, quantite: 1, prix_ht: "3243.60"}')
    folder = dossier(line, accord=("forme_prix: ferme", "forme_prix: revisable"))
    checked = check_dossier(folder, plugins, Request(today=TODAY))
    assert {one.regle: one.etat.value for one in checked.report.constats} == {"FL-MAR-002": "a_voir"}
    assert "9 083,60 € HT" in said(folder, plugins, "bon-commande")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("numero_prix: B1", "numero_prix: Z9", "le prix « Z9 » (champ « commandes.0.lignes.0.numero_prix »)"),
        ("{numero_prix: B1, quantite: 1}", "{numero_prix: B1, quantite: 1, prix_ht: 4000}", "3 180,00 €"),
        ("{numero_prix: B1, quantite: 1}", "{numero_prix: B1}", "la quantité du prix « B1 » manque"),
        ("titulaire: Atelier Exemple", "titulaire: Bureau Exemple", "« Bureau Exemple » n’est pas"),
        ("    date: 2026-08-24\n", "", "la date d’émission"),
        ('    engagement_juridique: "2105467891"\n', "", "le numéro d’engagement juridique"),
        ("  code_service: FAC0000053\n", "", "le code service"),
        ("  taux_tva: 20\n", "", "le taux de TVA"),
        ("accord_cadre: AC-2025-02", "accord_cadre: AC-2099-01", "l’accord-cadre n’a pas été trouvé"),
    ],
)  # fmt: skip
def test_what_is_missing_or_foreign_to_the_bordereau_refuses_the_order(
    dossier: Changed, plugins: Plugins, old: str, new: str, why: str
) -> None:
    assert why in refused(dossier((old, new)), plugins).replace("\u202f", " ")


def test_two_orders_that_do_not_say_what_each_delivers_print_no_deliverable(
    dossier: Changed, plugins: Plugins
) -> None:
    silent = (
        ("    livrables: [document de synthèse des enjeux, carnet_suivi]\n", ""),
        ("    livrables: [esquisse_plan_guide, feuille_route]\n", ""),
    )
    assert "Livrables" not in said(dossier(*silent), plugins, "bon-commande")


def test_a_blocking_finding_refuses_what_binds(dossier: Changed, plugins: Plugins) -> None:
    done = made(dossier(("numero_prix: B1", "numero_prix: Z9")), plugins)
    kinds = {one.name.split("/")[-1].split("-2026")[0]: one.kind for one in done}
    assert {one: kinds[one] for one in ("bon-commande", "annexe-financiere")} == {
        "bon-commande": "refuse",
        "annexe-financiere": "refuse",
    }


def test_a_flash_never_consults() -> None:
    ids = {one.id for one in DOCUMENTS}
    assert not ids & {"cctp", "dpgf", "acte-engagement", "lettre-consultation", "ordre-de-service"}
    assert not [one for one in DOCUMENTS if one.step == "attribution"]


# --- its annex, its letter --------------------------------------------------------------------


def test_the_annex_recalculates_to_what_it_shows(dossier: Changed, plugins: Plugins, tmp_path: Path) -> None:
    folder = dossier()
    done = made(folder, plugins, "annexe-financiere")
    books = {f"annexe{rank}": (folder / "sortie" / one.name).read_bytes() for rank, one in enumerate(done)}
    fresh = recalculated(tmp_path, books)
    for name, ours in books.items():
        count, wrong = differences(ours, fresh[name])
        assert count > 10
        assert wrong == []


def test_the_annex_holds_the_prices_of_nobody_else_and_no_envelope(
    dossier: Changed, plugins: Plugins
) -> None:
    folder = dossier(('montant: "20000"', 'montant: "19876"'))
    (one, _) = made(folder, plugins, "annexe-financiere")
    book = openpyxl.load_workbook(io.BytesIO((folder / "sortie" / one.name).read_bytes()), data_only=True)
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not {2950, 5600, 700} & {one for one in cells if isinstance(one, (int, float))} - set(range(1000))
    assert not [one for one in cells if "19876" in str(one) or "Studio" in str(one)]
    assert [row[7].value for row in book["Commande"].iter_rows(min_row=5, max_row=6)] == [
        "Conforme au bordereau"
    ] * 2


def test_the_letter_gives_the_order_its_dates_and_its_enclosures(dossier: Changed, plugins: Plugins) -> None:
    text = said(dossier(), plugins, "lettre-envoi", 1)
    for part in (
        "Objet :\tBon de commande n° 2026-053-F2 – Atelier des territoires – Atelier flash d’Andouillé",
        "2 – bon de commande n° 2026-053-F2 ; annexe financière",
        "dont le groupement que vous représentez est titulaire",
        "Les prestations commencent le 12 octobre 2026 et s’achèvent le 31 décembre 2026.",
        "Madame,",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("2026-09", ("est prévue en septembre 2026.", "")),
        ("2026-09-08", ("est prévue le 8 septembre 2026.", "")),
        ("2026-10-12", ("est prévue le 12 octobre 2026.",) * 2),
        ("2026-10", ("est prévue en octobre 2026.",) * 2),
    ],
)
def test_a_letter_announces_no_meeting_held_before_its_order_begins(
    dossier: Changed, plugins: Plugins, date: str, told: tuple[str, str]
) -> None:
    folder = dossier(("{nature: cadrage, date: 2026-09}", f"{{nature: cadrage, date: {date}}}"))
    for one, wanted in zip(made(folder, plugins, "lettre-envoi"), told, strict=True):
        text = read((folder / "sortie" / one.name).read_bytes()).text.replace("\u00a0", " ")
        assert text.partition("La réunion de cadrage ")[2].startswith(wanted)
        assert ("réunion de cadrage" in text) == bool(wanted)


def test_the_deliverable_is_owed_under_its_order(plugins: Plugins, tmp_path: Path) -> None:
    copied(FLASH / "accords-cadres", tmp_path / "accords-cadres")
    folder = copied(FLASH / "accompagnement", tmp_path / "dossier")
    text = said(folder, plugins, "service-fait")
    assert "\nBon de commande n° 2026-053-F2\n" in text
    assert "2105467892" in text
