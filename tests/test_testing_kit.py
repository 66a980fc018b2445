"""What the kit of plugin authors gives beside the contract: dossiers, cases, golden files, Office files."""

from __future__ import annotations

import datetime as dt
import io
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import make_rule, tiny_format
from greffons import assemble, install, python

import assembler.testing as kit
from assembler.errors import PluginError, UsageError
from assembler.judging import judge
from assembler.pipeline import Request, check_dossier
from assembler.readers import docx, pdf, spreadsheet
from assembler.testing import (
    FormatContract,
    compare,
    differences,
    load_plugins,
    load_rule_cases,
    load_subjects,
    make_dossier,
    make_file,
    office_faults,
    text_of,
    update,
)
from assembler.testing.office import tags_left
from assembler.testing.subject import COMPANIONS, chosen_plugin

LETTER = "# Objet\nMonsieur le maire,\nJ’apporte mon soutien (à l’œuvre)."

# --- make_dossier ------------------------------------------------------------------------------


def test_a_word_file_made_from_a_text_reads_back_with_its_headings() -> None:
    blocks = docx.read(make_file("note.docx", LETTER)).blocks
    assert [(one.text, one.level) for one in blocks] == [
        ("Objet", 1),
        ("Monsieur le maire,", None),
        ("J’apporte mon soutien (à l’œuvre).", None),
    ]


def test_a_pdf_made_from_a_text_reads_back_page_by_page() -> None:
    reading = pdf.read(make_file("lettre.pdf", "\n".join([LETTER, *[""] * 60, "Le dernier mot."])))
    assert reading.pages == 2
    assert "J’apporte mon soutien (à l’œuvre)." in reading.text
    assert [one.text for one in reading.blocks if one.page == 2] == ["Le dernier mot."]


def test_a_workbook_made_from_rows_reads_back() -> None:
    assert "Étude" in spreadsheet.read(make_file("prix.xlsx", [["Poste"], ["Étude", 1200]])).text


def test_a_dossier_made_from_texts_is_checked_like_any_other(tmp_path: Path) -> None:
    files = {
        "dossier.yaml": {"format": "local", "intitule": "01004"},
        "annexes/photo.txt": "x",
        "a.bin": b"\0",
    }
    dossier = make_dossier(tmp_path / "dossier", files)
    assert sorted(one.relative_to(dossier).as_posix() for one in dossier.rglob("*") if one.is_file()) == [
        *("a.bin", "annexes/photo.txt", "dossier.yaml")
    ]
    report = check_dossier(dossier, load_plugins("local"), Request(today=dt.date(2026, 4, 1))).report
    assert (report.intitule, report.exit_code) == ("01004", 1)


@pytest.mark.parametrize(("name", "content"), [("a.docx", 3), ("a.pdf", {}), ("a.xlsx", "x"), ("a.txt", 3)])
def test_a_file_that_cannot_be_made_from_that_is_a_type_error(name: str, content: object) -> None:
    with pytest.raises(TypeError, match=name):
        make_file(name, content)


# --- load_rule_cases ---------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "state", "facts"), load_rule_cases("flash"))
def test_the_cases_of_an_installed_format_are_its_examples(rule: Any, state: str, facts: Any) -> None:
    assert judge(rule, facts).state.value == state


def test_the_cases_of_rules_are_named_after_them() -> None:
    rule = make_rule(exemples={"conforme": [{"pieces": {}}, {}], "non_conforme": [{}]})
    names = ["TT-PIE-001-conforme-1", "TT-PIE-001-conforme-2", "TT-PIE-001-non_conforme-1"]
    assert [one.id for one in load_rule_cases([rule])] == names
    assert [one.id for one in load_rule_cases(tiny_format(rules=(rule,)))] == names


def test_the_cases_of_a_format_that_is_not_installed_are_a_usage_error() -> None:
    with pytest.raises(UsageError, match="« inconnu » n’existe pas"):
        load_rule_cases("inconnu")


# --- golden files ------------------------------------------------------------------------------


def repacked(content: bytes, **changed: bytes) -> bytes:
    """Pack the same members in another order, at another date, some being changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w") as other:
        for name in reversed(package.namelist()):
            data = changed.get(name.replace("/", "__").replace(".", "_"), package.read(name))
            if data:
                other.writestr(zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6)), data)
    return out.getvalue()


def test_the_same_members_packed_otherwise_are_the_same_file() -> None:
    one = make_file("a.docx", LETTER)
    other = repacked(one)
    assert one != other
    assert differences(other, one, "a.docx") == ()


def test_the_order_of_attributes_and_the_spaces_between_tags_do_not_count() -> None:
    one = make_file("a.docx", LETTER)
    with zipfile.ZipFile(io.BytesIO(one)) as package:
        types = package.read("[Content_Types].xml")
    other = repacked(one, **{"[Content_Types]_xml": types.replace(b"><", b">\n  <")})
    assert differences(other, one, "a.docx") == ()


def test_what_changed_is_told_in_the_words_of_the_document() -> None:
    told = differences(
        make_file("a.docx", "Bonjour\nMadame"), make_file("a.docx", "Bonjour\nMonsieur"), "a.docx"
    )
    assert told == ("a.docx, le texte :", "  - Monsieur", "  + Madame")


def test_a_change_of_form_alone_is_told_member_by_member() -> None:
    one = make_file("a.docx", "Bonjour")
    with zipfile.ZipFile(io.BytesIO(one)) as package:
        styles = package.read("word/styles.xml")
    told = differences(repacked(one, word__styles_xml=styles.replace(b"Heading1", b"Titre1")), one, "a.docx")
    assert told[0].startswith("a.docx, word/styles.xml")
    assert differences(repacked(one, word__styles_xml=b""), one, "a.docx") == (
        "a.docx : word/styles.xml manque",
    )


def test_texts_and_broken_files_are_compared_as_well() -> None:
    assert differences(b"a\nb", b"a\nc", "x.ics") == ("x.ics :", "  - c", "  + b")
    (told,) = differences(b"x", make_file("a.docx", "x"), "a.docx")
    assert "ne s’ouvre pas" in told


def test_a_long_difference_is_cut() -> None:
    told = differences(b"\n".join(b"%d" % n for n in range(50)), b"", "x.txt")
    assert (len(told), told[-1]) == (14, "  … et 38 lignes de plus")


def test_a_golden_file_is_written_when_asked_and_only_when_its_meaning_changes(tmp_path: Path) -> None:
    golden = tmp_path / "attendus" / "a.docx"
    one = make_file("a.docx", LETTER)
    assert compare(one, golden) == (
        "a.docx n’existe pas encore : lancez pytest --maj-attendus, puis regardez-le",
    )
    assert compare(one, golden, updating=True) == ()
    assert compare(repacked(one), golden) == ()
    assert update(repacked(one), golden) is False
    assert golden.read_bytes() == one
    assert compare(make_file("a.docx", "autre"), golden) != ()


TEST_FILE = """
from pathlib import Path
from assembler.testing import make_file

def test_the_letter(golden_file):
    golden_file(make_file("a.docx", {text!r}), Path(__file__).parent / "attendus" / "a.docx")
"""


def test_pytest_has_the_option_and_the_fixture(tmp_path: Path) -> None:
    def run(text: str, *options: str) -> tuple[int, str]:
        (tmp_path / "test_a.py").write_text(TEST_FILE.format(text=text), encoding="utf-8")
        done = python(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options)
        return done.returncode, done.stdout + done.stderr

    assert run("Bonjour")[0] == 1
    assert run("Bonjour", "--maj-attendus")[0] == 0
    assert run("Bonjour")[0] == 0
    code, told = run("Bonsoir")
    assert code == 1
    assert "  - Bonjour" in told
    assert "  + Bonsoir" in told


def test_pytest_does_not_pay_for_the_engine(tmp_path: Path) -> None:
    code = "import sys, assembler.testing.pytest_plugin; print(*sys.modules)"
    loaded = python(tmp_path, "-c", code).stdout.split()
    ours = sorted(one for one in loaded if one.startswith("assembler"))
    assert ours == ["assembler", "assembler.testing", "assembler.testing.pytest_plugin"]


def test_the_kit_gives_everything_it_lists() -> None:
    assert [name for name in kit.__all__ if getattr(kit, name, None) is None] == []
    with pytest.raises(AttributeError, match="inconnu"):
        kit.inconnu  # noqa: B018 - it is asked for, to be refused


# --- Office files ------------------------------------------------------------------------------


def damaged(**changed: bytes) -> bytes:
    return repacked(make_file("a.docx", LETTER), **changed)


RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"'
    b' Target="absents.xml"/></Relationships>'
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"pas un zip", "le fichier .zip ne s’ouvre pas"),
        (damaged(word__document_xml=b"<a>"), "word/document.xml n’est pas du XML bien formé"),
        (damaged(**{"[Content_Types]_xml": b""}), "[Content_Types].xml manque"),
        (damaged(word__styles_xml=b""), "[Content_Types].xml déclare /word/styles.xml, qui n’existe pas"),
        (damaged(word___rels__document_xml_rels=RELATIONS), "renvoie à absents.xml, qui n’existe pas"),
        (damaged(_rels___rels=b""), "_rels/.rels manque"),
    ],
)
def test_what_keeps_an_office_file_from_opening_is_said(content: bytes, said: str) -> None:
    assert said in " ; ".join(office_faults(content, "a.docx"))


def test_an_office_file_that_opens_has_no_fault_and_other_files_are_not_looked_into() -> None:
    assert office_faults(make_file("a.docx", LETTER), "a.docx") == ()
    assert office_faults(make_file("a.xlsx", [["x"]]), "a.xlsx") == ()
    assert office_faults(b"BEGIN:VCALENDAR", "a.ics") == ()


def test_the_text_of_a_file_is_one_line_a_paragraph() -> None:
    assert text_of(make_file("a.docx", LETTER), "a.docx").splitlines()[:2] == ["Objet", "Monsieur le maire,"]
    assert "Étude" in text_of(make_file("a.xlsx", [["Étude"]]), "a.xlsx")


@pytest.mark.parametrize("text", ["Bonjour {{ nom }}", "{% if x %}", "reste : {{", "le None"])
def test_a_tag_or_a_none_left_is_found(text: str) -> None:
    assert tags_left(make_file("a.docx", f"Bonjour\n{text}"), "a.docx") == (f"a.docx : « {text} »",)
    assert tags_left(make_file("a.docx", "Un {accord} de 100 %"), "a.docx") == ()


# --- the plugin under test, and the others -----------------------------------------------------

BROKEN = 'raise RuntimeError("cassé")\n'
GREEDY = """
from assembler.contributions import Format, Step
from assembler.hookspecs import hookimpl

@hookimpl
def assembler_formats():
    return [Format(id="avide", title="Avide", steps=(Step(id="depot", title="Dépôt"),), fiche=None, pieces=(),
                   detect=lambda sources: True)]
"""


def test_only_the_plugin_under_test_and_its_companions_are_loaded() -> None:
    found = {one.nom: one.etat for one in load_plugins("flash").statuses}
    assert {name for name, state in found.items() if state == "actif"} == {"flash", *COMPANIONS}


def test_the_fault_of_another_plugin_fails_nobody_else(tmp_path: Path) -> None:
    install(tmp_path, "casse", BROKEN)
    done = assemble(
        tmp_path, "plugin", "tester", "thematique", "--promesse", "reconnaissance", "--date", "2026-04-01"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_format_that_claims_the_dossier_of_another_is_named(tmp_path: Path) -> None:
    install(tmp_path, "avide", GREEDY)
    done = assemble(
        tmp_path, "plugin", "tester", "thematique", "--promesse", "reconnaissance", "--date", "2026-04-01"
    )
    assert done.returncode == 1
    assert "le format « avide » (plugin « avide ») revendique aussi" in done.stdout.replace("\u00a0", " ")


ADDS_A_RULE = """
from importlib.resources import files
from assembler.hookspecs import hookimpl

@hookimpl
def assembler_rules(format_id):
    from assembler.rulefiles import load_rules
    return load_rules(files(__name__)) if format_id == "local" else []
"""
RULE = """\
DDT-PIE-001:
  titre: Le dossier contient une annexe
  nature: technique
  gravite: information
  du: 2026-01-01
  pourquoi: Le service la demande.
  correction: Joignez une annexe.
  reference: {texte: Note de service}
  schema: {pieces.annexe: {required: true}}
  exemples:
    conforme: [{pieces: {annexe: [{lisible: true}]}}]
    non_conforme: [{pieces: {}}]
"""


def test_a_plugin_that_adds_rules_to_the_format_of_another_is_tested_on_what_it_adds(tmp_path: Path) -> None:
    (install(tmp_path, "service", ADDS_A_RULE) / "regles.yaml").write_text(RULE, encoding="utf-8")
    done = assemble(tmp_path, "plugin", "tester", "service")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[1] for line in done.stdout.splitlines() if line.startswith("ok")] == [
        *("chargement", "identifiants", "regles", "exemples")
    ]
    undated = RULE.replace("  du: 2026-01-01\n", "")
    (tmp_path / "service" / "regles.yaml").write_text(undated, encoding="utf-8")
    done = assemble(tmp_path, "plugin", "tester", "service")
    assert (done.returncode, "DDT-PIE-001" in done.stdout) == (1, True)


def test_without_a_name_it_is_the_only_stranger_or_the_project_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"Lequel \?"):
        chosen_plugin()
    install(tmp_path, "avide", GREEDY)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert chosen_plugin() == "avide"
    project = '[project.entry-points.assembler]\nlocal = "x"\n'
    (tmp_path / "pyproject.toml").write_text(project, encoding="utf-8")
    assert chosen_plugin() == "local"
    with pytest.raises(UsageError, match="« xx » n’est pas installé"):
        chosen_plugin("xx")


def test_a_plugin_that_does_not_load_is_a_plugin_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "casse", BROKEN)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(PluginError, match="RuntimeError : cassé"):
        load_subjects("casse")
    with pytest.raises(UsageError, match="n’est pas installé"):
        load_subjects("absent")


def test_a_contract_names_its_format_when_the_plugin_gives_several_or_none() -> None:
    class Absent(FormatContract):
        plugin = "local"
        format_id = "absent"

    with pytest.raises(PluginError, match=r"ses formats sont : local"):
        Absent.subject()


def test_the_dossiers_of_a_project_installed_in_place_are_found() -> None:
    (subject,) = load_subjects("local")
    assert subject.dossiers == Path(__file__).parents[1] / "fixtures" / "local"
