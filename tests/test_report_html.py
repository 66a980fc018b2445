"""The HTML report: one page that opens anywhere, says the verdict first and shuts nobody out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import TODAY
from navigateur import printed, violations
from pypdf import PdfReader

from assembler.manager import Plugins
from assembler.pipeline import Request, check_dossier
from assembler.reporters import built_in

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"


def page(*dossiers: str) -> bytes:
    plugins = Plugins()
    reports = [check_dossier(FIXTURES / one, plugins, Request(today=TODAY)).report for one in dossiers]
    return built_in()["html"].render(reports)


@pytest.mark.parametrize(
    "dossiers",
    [
        ("defauts/courrier-prefet-numerise",),
        ("defauts/duree-en-lettres",),
        ("complet", "complet", "defauts/absent", "defauts/edition-2021"),
    ],
    ids=["one", "unread", "several"],
)
def test_the_page_is_accessible(dossiers: tuple[str, ...], tmp_path: Path) -> None:
    assert violations(tmp_path, page(*dossiers)) == []


def test_the_page_is_whole_french_and_without_script() -> None:
    text = page("defauts/duree-dix-huit-mois").decode()
    assert '<html lang="fr">' in text
    assert "<script" not in text
    assert not re.search(r"\bsrc=|<link|@import|url\(", text)
    assert set(re.findall(r'href="(.)', text)) <= {"#", "h"}


def test_the_verdict_comes_before_what_is_to_be_done() -> None:
    text = page("defauts/duree-dix-huit-mois").decode()
    assert text.index("À compléter</strong>") < text.index("LO-DUR-004") < text.index("SHA-256")


def test_every_link_inside_the_page_leads_somewhere() -> None:
    text = page("complet", "defauts/duree-dix-huit-mois").decode()
    targets = re.findall(r'\bid="([^"]+)"', text)
    assert len(targets) == len(set(targets))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(targets)


def test_it_prints_on_a4(tmp_path: Path) -> None:
    pages = PdfReader(printed(tmp_path, page("complet"))).pages
    assert {(round(float(one.mediabox.width)), round(float(one.mediabox.height))) for one in pages} == {
        (595, 842)
    }


def test_what_a_file_says_stays_text(folder: Callable[..., Path], tiny: Plugins) -> None:
    root = folder(**{"plan.txt": "x"})
    (root / "plan <script>alert(1)<_script>\u202e.txt").write_text("y")
    report = check_dossier(root, tiny, Request(today=TODAY)).report
    text = built_in()["html"].render([report]).decode()
    assert "<script" not in text
    assert "\u202e" not in text
    assert "&lt;script&gt;" in text


def test_a_dossier_that_was_not_checked_says_why() -> None:
    assert "Rien à contrôler" in page("defauts/absent").decode()
