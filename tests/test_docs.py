"""What the README and the guide say is run, counted and compared; ``python tests/test_docs.py`` renews it."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import tempfile
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from assembler_plugins.local.format import atelier_local
from pages import ENV, GUIDES, PAGES, ROOT, after, anchors, played, renew, text
from tableaux import documents

import assembler
from assembler import errors, hookspecs
from assembler.contributions import Field
from assembler.fiche import read
from assembler.manager import Plugins
from assembler.model import Source, Verdict
from assembler.pipeline import Request, check_dossier
from assembler.recognition import recognise

PROSE = [*PAGES, *GUIDES, "docs/architecture.md", "docs/installation.md", "CONTRIBUTING.md", "CHANGELOG.md"]


def codes(page: str, marker: str) -> list[list[str]]:
    """Return, by row of the table under a marker, the words that stand between backquotes."""
    return [re.findall(r"`([^`]+)`", row) for row in after(page, marker).splitlines()[2:]]


# --- the two commands, and the others --------------------------------------------------------


def test_the_two_commands_stand_under_their_markers_on_one_line_each() -> None:
    start, tests = after("README.md", "mise-en-route"), after("README.md", "essais")
    assert start.splitlines() == [start]
    assert start.endswith(".venv/bin/assemble fixtures/local/complet")
    assert tests.splitlines() == [tests]
    for tool in ("ruff format --check .", "ruff check .", "mypy", "pytest"):
        assert f".venv/bin/{tool}" in tests


def test_ci_finds_both_commands_in_the_readme() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    found = re.search(r"^command_of\(\).*$", script, re.MULTILINE)
    assert found
    for marker in ("mise-en-route", "essais"):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"{found[0]}\ncommand_of {marker}"],
            capture_output=True,
            check=True,
            cwd=ROOT,
            encoding="utf-8",
        )
        assert done.stdout.strip() == after("README.md", marker)


def test_the_debian_packages_of_the_readme_are_those_of_ci() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    needed = re.search(r"needed=\((.*?)\)", script)
    assert needed
    for package in needed[1].split():
        assert f"`{package}`" in text("README.md")


def test_every_command_and_option_is_in_the_readme_or_the_guide() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "assembler.cli", "--help"],
        capture_output=True,
        env=ENV,
        check=True,
        encoding="utf-8",
    ).stdout.partition("Commandes")[2]
    names = re.findall(r"^  (\w+)  ", listed, re.MULTILINE)
    assert len(names) >= 7
    assert [name for name in names if f"assemble {name}" not in text("README.md")] == []


def test_an_option_that_the_pages_name_exists() -> None:
    from assembler.cli import assemble

    groups = [one for one in assemble.commands.values() if isinstance(one, click.Group)]
    commands = [*assemble.commands.values(), *(one for group in groups for one in group.commands.values())]
    known = {option for command in commands for one in command.params for option in one.opts}
    ours = {"--help", "--version"}
    for page in (*PAGES, *GUIDES):
        named = set(re.findall(r"(?<=`)--[a-z-]+", text(page)))
        named |= set(re.findall(r"assemble [^`\n]*?(--[a-z-]+)", text(page)))
        assert named - known - ours == set()


# --- console blocks --------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_console_block_shows_what_the_command_prints(page: str, tmp_path: Path) -> None:
    assert text(page) == played(page, tmp_path)


# --- tables ----------------------------------------------------------------------------------


def test_the_exit_codes_of_the_readme_are_those_of_the_engine() -> None:
    raised = {getattr(errors, name).exit_code for name in errors.__all__}
    told = {int(row.split("|")[1]) for row in after("README.md", "codes").splitlines()[2:]}
    interrupted = 130  # click’s own: the keyboard said to stop
    assert told == raised | {verdict.exit_code for verdict in Verdict} | {interrupted}


def test_the_verdicts_of_the_readme_are_those_of_the_report() -> None:
    from assembler.reporters.wording import VERDICTS

    for said in VERDICTS.values():
        assert f"\n| {said} |" in text("README.md")


def test_the_documents_of_the_readme_are_those_of_every_format_step_by_step() -> None:
    table = text("README.md").partition("<!-- documents -->\n")[2].partition("\n<!-- /documents -->")[0]
    assert table == documents()


# --- the guide -------------------------------------------------------------------------------


def leaves(field: Field, path: str = "") -> Iterator[str]:
    for key, child in field.fields.items():
        here = f"{path}.{key}" if path else key
        if child.type == "groupe":
            yield from leaves(child, here)
        else:
            yield here


def given(data: Any, path: str = "") -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from given(value, f"{path}.{key}" if path else key)
    elif isinstance(data, list) and any(isinstance(one, dict) for one in data):
        for one in data:
            yield from given(one, path)
    else:
        yield path


def test_the_fiche_of_the_guide_has_no_fault_and_shows_every_field() -> None:
    schema = atelier_local().fiche
    assert schema is not None
    example = after("docs/guide.md", "fiche")
    fiche = read(example.encode(), "dossier.yaml", schema)
    assert fiche.faults == ()
    shown = set(given(yaml.safe_load(example)))
    # What the guide says that it leaves out, in words below the example.
    apart = ("marche.prix", "commandes", "offres", "attribution", "restitution")
    wanted = {path for path in leaves(schema.root) if not path.startswith((*apart, "pieces"))}
    assert wanted - shown == set()
    assert [path for path in apart if f"`{path}`" not in text("docs/guide.md")] == []


def test_the_values_that_the_guide_lists_are_all_those_admitted() -> None:
    schema = atelier_local().fiche
    assert schema is not None

    def closed(field: Field) -> Iterator[tuple[str, ...]]:
        yield field.values
        for child in field.fields.values():
            yield from closed(child)

    words = set(re.findall(r"[\w]+", text("docs/guide.md")))
    assert {value for values in closed(schema.root) for value in values} - words == set()


def test_the_fiche_of_the_guide_raises_no_finding_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "dossier"
    folder.mkdir()
    example = after("docs/guide.md", "fiche").partition("\npieces:")[0]
    (folder / "dossier.yaml").write_text(example, encoding="utf-8")
    report = check_dossier(folder, Plugins(), Request(today=dt.date(2026, 4, 1))).report
    # Without any piece, only the absence of the pieces is reported.
    about_fiche = {one.regle for one in report.constats if one.emplacement.champ}
    assert about_fiche == set()


def test_the_instruction_of_the_guide_has_no_fault_and_shows_every_field() -> None:
    schema = atelier_local().instruction
    assert schema is not None
    example = after("docs/guide.md", "instruction")
    assert read(example.encode(), "instruction.yaml", schema).faults == ()
    assert set(leaves(schema.root)) - set(given(yaml.safe_load(example))) == set()


def test_the_natures_that_the_guide_says_are_read_are_those_that_have_a_reader() -> None:
    sentence = (
        text("docs/guide.md").partition("\n## Les fichiers\n")[2].partition(",\n")[0].partition(" dans le")[0]
    )
    told = set(re.findall(r"`\.(\w+)`", sentence)) | ({"pdf"} if "PDF" in sentence else set())
    assert told == set(Plugins().readers())


def unread(name: str) -> Source:
    return Source(name=name, path="", octets=1, sha256=name, nature="inconnu", defaut="illisible")


@pytest.mark.parametrize(
    ("marker", "format_id"),
    [("noms", "local"), ("noms-flash", "flash"), ("noms-thematique", "thematique")],
)
def test_the_names_of_the_guide_are_recognised_as_it_says(marker: str, format_id: str) -> None:
    pieces = Plugins().formats()[format_id].pieces
    rows = codes("docs/guide.md", marker)
    assert {row[0] for row in rows} == {piece.id for piece in pieces}
    for wanted, *names in rows:
        for name in names:
            (found,) = recognise((unread(name),), pieces, {}).sources
            assert (name, found.piece, found.reconnu_par) == (name, wanted, "nom")


def test_the_session_of_the_guide_is_a_record_of_the_catalogue() -> None:
    from assembler_plugins.thematique.sessions import fichier_session

    assert (
        read(after("docs/guide.md", "session").encode(), "session.yaml", fichier_session().fields).faults
        == ()
    )


def test_the_choice_of_pieces_in_the_guide_is_understood() -> None:
    chosen = yaml.safe_load(after("docs/guide.md", "pieces"))["pieces"]
    names = ("Note v3 DEF.docx", "Lettre 1.pdf", "Lettre 2.pdf", "courriers.pdf")
    found = recognise(tuple(map(unread, names)), atelier_local().pieces, chosen)
    assert {one.name: (one.piece, one.pages_retenues) for one in found.sources} == {
        "Note v3 DEF.docx": ("note_opportunite", ()),
        "Lettre 1.pdf": ("courrier_collectivite", ()),
        "Lettre 2.pdf": ("courrier_collectivite", ()),
        "courriers.pdf": ("courrier_prefet", (2, 3)),
    }


def test_the_headings_of_the_note_are_those_looked_for() -> None:
    told = [line.partition(". ")[2] for line in after("docs/guide.md", "rubriques").splitlines()]
    assert told == [section.title for section in atelier_local().pieces[0].sections]


def rules() -> list[Any]:
    return list(Plugins().formats()["local"].rules)


def test_every_heading_that_a_rule_quotes_is_in_the_guide_and_explains_that_rule() -> None:
    guide = text("docs/guide.md")
    for rule in rules():
        if "Guide de l’outil" not in rule.reference.texte:
            continue
        (heading,) = re.findall(r"«\s(.+?)\s»", rule.reference.texte)
        section = guide.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
        assert f"**{rule.id}" in section, f"{rule.id} quotes « {heading} »"


def test_every_rule_that_the_pages_name_exists() -> None:
    known = {rule.id for one in Plugins().formats().values() for rule in one.rules}
    known |= {"MF-PIE-001", "MF-FIN-001"}  # of the plugin that docs/plugin.md writes
    stranger = ROOT / "fixtures/third_party/src/depot_urbanisme/regles/pieces.yaml"
    known |= set(yaml.safe_load(stranger.read_text(encoding="utf-8")))
    for page in (*PAGES, *GUIDES):
        assert set(re.findall(r"\b[A-Z]{2,3}-[A-Z]{3}-\d{3}\b", text(page))) - known == set()


# --- links -----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PROSE)
def test_every_link_to_a_file_or_a_heading_leads_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        if target.startswith("http"):
            continue
        file, _, anchor = target.partition("#")
        assert not file or (ROOT / page).parent.joinpath(file).exists(), target
        assert not anchor or (file or page) != page or anchor in anchors(page), target


@pytest.mark.parametrize("page", PROSE)
def test_french_quotes_and_apostrophes_outside_code(page: str) -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`|<!--.*?-->", "", text(page), flags=re.DOTALL)
    assert re.findall(r".{0,20}[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ].{0,20}|.{0,20} \".{0,20}", prose) == []


# --- docstrings and __all__ ------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in vars(hookspecs.Hooks) if name.startswith("assembler_")])
def test_a_hook_says_what_it_takes_and_what_it_returns(name: str) -> None:
    hook = getattr(hookspecs.Hooks, name)
    doc = inspect.getdoc(hook) or ""
    for part in ("Called ", "Returns:", "If it raises", "Since "):
        assert part in doc
    arguments = [one for one in inspect.signature(hook).parameters if one != "self"]
    assert ("Args:" in doc) is bool(arguments)
    for one in arguments:
        assert re.search(rf"^    {one}: ", doc, re.MULTILINE)
    assert "return" in typing.get_type_hints(hook)


MODULES = sorted(
    one.name
    for one in pkgutil.walk_packages(assembler.__path__, "assembler.")
    if not one.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_exports_exists_is_documented_and_sorted_once(name: str) -> None:
    module = importlib.import_module(name)
    exported = list(getattr(module, "__all__", []))
    if not exported:
        assert [key for key in vars(module) if key == "__all__"] or "__init__" in (module.__file__ or "")
    assert len(set(exported)) == len(exported)
    for one in exported:
        value = getattr(module, one)
        ours = getattr(value, "__module__", "").startswith("assembler")  # an option is click's own decorator
        if ours and (inspect.isclass(value) or inspect.isfunction(value)):
            assert inspect.getdoc(value), f"{name}.{one} has no docstring"


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_defines_in_public_it_exports(name: str) -> None:
    module = importlib.import_module(name)
    if not hasattr(module, "__all__"):
        return
    defined = {
        key
        for key, value in vars(module).items()
        if not key.startswith("_")
        and (inspect.isclass(value) or inspect.isfunction(value))
        and getattr(value, "__module__", None) == name
    }
    # click turns a command's function into an object: those of the command line are not functions.
    assert defined <= set(module.__all__)


if __name__ == "__main__":
    for _page in (*PAGES, *GUIDES):
        with tempfile.TemporaryDirectory() as _folder:
            renew(_page, Path(_folder))
