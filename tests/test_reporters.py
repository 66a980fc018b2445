from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from conftest import TODAY

from assembler.manager import Plugins
from assembler.model import Made
from assembler.pipeline import Request, check_dossier
from assembler.reporters import built_in
from assembler.speaking import made_line
from assembler.text import WIDTH

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"
SCHEMA = json.loads(
    (Path(__file__).parents[1] / "assembler/reporters/rapport.schema.json").read_text(encoding="utf-8")
)
DOSSIERS = [
    "complet",
    "sans-fiche",
    "defauts/duree-en-lettres",
    "defauts/courrier-prefet-numerise",
    "defauts/absent",
]


def rendered(name: str, *dossiers: str) -> str:
    plugins = Plugins()
    reports = [check_dossier(FIXTURES / one, plugins, Request(today=TODAY)).report for one in dossiers]
    return built_in()[name].render(reports).decode()


@pytest.mark.parametrize("dossier", DOSSIERS)
def test_the_json_report_follows_its_schema(dossier: str) -> None:
    jsonschema.validate(json.loads(rendered("json", dossier)), SCHEMA)


def test_the_text_and_the_page_count_alike_and_name_fields_by_their_labels() -> None:
    name = "defauts/classeur-duree-en-lettres"
    text, page = (rendered(one, name).replace("\u00a0", " ") for one in ("texte", "html"))
    headed = r"(Non vérifié : voici pourquoi \(\d+\))"
    assert set(re.findall(headed, text)) == set(re.findall(headed, page))
    assert len(set(re.findall(headed, page))) == 1
    assert re.findall(r"\bfiche\.\w+", page) == ["fiche.xlsx"] * page.count("fiche.xlsx")
    assert re.findall(r"<td>GEN-\w+-\d+</td>", page) == []


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            Made(id="cctp", name="s/cctp (proposition 2).docx", kind="a_cote", file="s/cctp.docx"),
            "- s/cctp.docx : modifié à la main, gardé ; la nouvelle version est à côté, "
            "« cctp (proposition 2).docx »",
        ),
        (
            Made(id="cctp", name="cctp", kind="echec", reason="cctp : la fiche ne dit pas X.", lacking=True),
            "- cctp : pas écrit (à compléter : la fiche ne dit pas X)",
        ),
        (Made(id="cctp", name="cctp", kind="sans_objet", reason="rien"), "- cctp : sans objet (rien)"),
    ],
)
def test_what_became_of_a_document_names_the_file_it_speaks_of(made: Made, expected: str) -> None:
    assert " ".join(made_line(made).split()) == expected


def test_several_dossiers_give_a_line_each() -> None:
    lines = rendered("json", "complet", "defauts/absent").splitlines()
    assert [json.loads(line)["verdict"] for line in lines] == ["conforme", None]


def test_two_dossiers_of_one_title_are_told_apart_by_their_path() -> None:
    twice = ("complet", "defauts/courrier-prefet-numerise")
    heads = [line for line in rendered("texte", *twice).splitlines() if line.startswith("Atelier local des")]
    assert heads[0].startswith("Atelier local des Coëvrons (")
    assert len(set(heads)) == 2
    assert "Atelier local des Coëvrons\n" in rendered("texte", "complet")
    assert [word in rendered("html", *twice) for word in ("complet)", "courrier-prefet-numerise)")] == [
        True
    ] * 2


def test_the_tally_of_findings_counts_only_what_is_not_conforme() -> None:
    report = json.loads(rendered("json", "defauts/courrier-prefet-numerise"))
    assert report["bilan"]["constats"]["bloquant"] == 0
    assert {one["etat"] for one in report["constats"]} >= {"a_voir"}


@pytest.mark.parametrize("dossier", DOSSIERS)
def test_the_text_report_fits_80_columns(dossier: str) -> None:
    assert max(map(len, rendered("texte", dossier).splitlines())) <= WIDTH


def test_the_text_report_says_the_verdict_before_anything_to_do() -> None:
    lines = rendered("texte", "defauts/duree-en-lettres").splitlines()
    verdict = lines.index("=> À COMPLÉTER")
    to_do = next(rank for rank, line in enumerate(lines) if "GEN-FIC-002" in line)
    assert verdict < to_do
    assert "ligne 80" in " ".join(lines)


def test_a_reason_that_is_shared_is_said_once() -> None:
    text = " ".join(rendered("texte", "defauts/duree-en-lettres").split())
    assert text.count("dépend de GEN-FIC-002") == 1


def test_a_file_name_that_is_no_text_is_shown_without_moving_the_cursor(
    folder: Callable[..., Path], tiny: Plugins
) -> None:
    root = folder(**{"plan.txt": "x"})
    (root / "plan\x1b[2J\u202enu\n.txt").write_text("y")
    report = check_dossier(root, tiny, Request(today=TODAY)).report
    for name in ("texte", "json"):
        shown = built_in()[name].render([report]).decode()
        assert "\x1b" not in shown
        assert name == "json" or "\u202e" not in shown
