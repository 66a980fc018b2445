"""The site: what its pages quote, what is written from the engine, its links."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html
from pages import ROOT, after, text
from test_layers import LAYERS

from assembler import fieldfiles
from assembler.manager import Plugins
from assembler.pipeline import Request, check_dossier
from outils import catalogue
from outils.images import IMAGES

MODEL = ROOT / "assembler" / "scaffolding" / "modele"
MADE = catalogue.pages(Plugins())


@pytest.mark.parametrize("name", MADE)
def test_a_page_written_from_the_engine_is_fresh(name: str) -> None:
    assert text(f"docs/{name}") == MADE[name], "python -m outils.catalogue"


def test_every_rule_and_every_hook_has_its_heading() -> None:
    for one in Plugins().formats().values():
        found = re.findall(r"^### (\S+)$", MADE[f"regles/{one.id}.md"], re.MULTILINE)
        assert sorted(found) == sorted(rule.id for rule in one.rules)
    assert len(re.findall(r"^## assembler_", MADE["hooks.md"], re.MULTILINE)) == 5


def test_what_the_author_s_guide_quotes_is_what_plugin_nouveau_writes() -> None:
    quoted = re.findall(
        r"^<!-- extrait (\S+) -->\n```\w+\n(.*?)^```$", text("docs/plugin.md"), re.MULTILINE | re.DOTALL
    )
    assert len(quoted) == len(re.findall(r"<!-- extrait ", text("docs/plugin.md"))) >= 10
    for name, block in quoted:
        assert block in (MODEL / name).read_text(encoding="utf-8"), name


def test_the_other_code_that_it_quotes_is_that_of_the_example_distribution() -> None:
    quoted = re.findall(
        r"^<!-- exemple (\S+) -->\n```\w+\n(.*?)^```$", text("docs/plugin.md"), re.MULTILINE | re.DOTALL
    )
    assert len(quoted) == len(re.findall(r"<!-- exemple ", text("docs/plugin.md"))) >= 4
    for name, block in quoted:
        assert block in (ROOT / "fixtures/third_party" / name).read_text(encoding="utf-8"), name


def test_the_author_s_guide_says_that_a_plugin_has_its_user_s_rights() -> None:
    assert "**Un plugin a les droits de la personne qui lance `assemble`.**" in text("docs/plugin.md")


def test_the_layers_of_the_architecture_are_those_that_are_checked() -> None:
    told = [
        set(re.findall(r"`(\w+)`", line)) for line in after("docs/architecture.md", "couches").splitlines()
    ]
    assert told == list(LAYERS)


@pytest.mark.parametrize("file", sorted(IMAGES.iterdir()), ids=lambda file: file.name)
def test_a_picture_is_light_and_shown_with_words_for_who_does_not_see_it(file: Path) -> None:
    assert file.stat().st_size < 100_000
    pages = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs").glob("*.md"))
    assert re.search(rf"!\[[^\]]{{10,}}\]\(images/{re.escape(file.name)}\)", pages)


# --- the site --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return folder


def links(page: Path, attribute: str) -> list[str]:
    return [str(one) for one in html.parse(str(page)).xpath(f"//@{attribute}")]


def test_every_page_is_in_the_site_and_in_french(site: Path) -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        made = site / page.relative_to(ROOT / "docs").with_suffix(".html")
        assert html.parse(str(made)).getroot().get("lang") == "fr"
    assert "assemble controler" in (site / "index.html").read_text(encoding="utf-8")


def test_every_link_of_the_site_leads_to_a_file_and_an_anchor(site: Path) -> None:
    anchors = {page: {*links(page, "id"), *links(page, "name")} for page in site.rglob("*.html")}
    broken = []
    for page in anchors:
        for link in (*links(page, "href"), *links(page, "src")):
            path, _, anchor = link.partition("#")
            if re.match(r"[a-z]+:|//", link) or (page.name == "404.html" and link.startswith("/")):
                continue
            target = (page.parent / path).resolve() if path else page
            if not target.is_file() or (anchor and anchor not in anchors.get(target, {anchor})):
                broken.append((page.name, link))
    assert broken == []


def test_the_site_needs_no_network(site: Path) -> None:
    for page in site.rglob("*.html"):
        tree = html.parse(str(page))
        asked = tree.xpath("//script/@src | //img/@src | //link[@rel!='canonical']/@href")
        assert [one for one in asked if re.match(r"https?:|//", one)] == []
    for style in site.rglob("*.css"):
        assert re.findall(r"url\(['\"]?(?:https?:)?//", style.read_text(encoding="utf-8")) == []


# --- the tables of the author's guide ---------------------------------------------------------


def names_in(marker: str) -> set[str]:
    """Return what stands in code in the first column of a table of the guide."""
    rows = after("docs/plugin.md", marker).splitlines()[2:]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_the_guide_lists_every_key_of_a_field() -> None:
    assert names_in("cles") == set(fieldfiles._KEYS)


def test_the_guide_lists_the_facts_of_a_dossier_and_of_a_piece() -> None:
    request = Request(today=dt.date(2026, 4, 1))
    dossier = check_dossier(ROOT / "fixtures" / "local" / "complet", Plugins(), request).dossier
    assert dossier is not None
    facts = dossier.facts
    assert {f"dossier.{name}" for name in facts["dossier"]} == names_in("faits-dossier")
    assert set(facts["pieces"]["note_opportunite"]) == names_in("faits-piece")
