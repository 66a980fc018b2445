"""The template doctor: every fault at once, none in the shipped templates, comments on a copy."""

from __future__ import annotations

import datetime as dt
import importlib
import io
import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner, Result
from fautes_gabarit import FAUTES, Faute, planted, with_members
from pages import ROOT, after, text

from assembler import french
from assembler.cli import main
from assembler.contributions import Template
from assembler.doctor import Catalogue, Examined, Names, examine, field_lines, label_of, labels, told
from assembler.doctor.values import leaves, merged
from assembler.manager import Plugins
from assembler.readers.docx import read
from assembler.rendering.docx import render

TODAY = dt.date(2026, 9, 1)


@cache
def plugins() -> Plugins:
    return Plugins()


@cache
def catalogue(format_id: str = "local") -> Catalogue:
    return Catalogue(plugins(), plugins().formats()[format_id], TODAY)


def document(ident: str, format_id: str = "local") -> Template:
    return next(one for one in catalogue(format_id).documents() if one.id == ident)


def shipped(ident: str) -> bytes:
    one = document(ident)
    assert one.template is not None
    return one.template.read_bytes()


def examined(content: bytes, ident: str) -> Examined:
    return examine(content, catalogue().names(document(ident)), f"{ident}.docx")


def word(*texts: str) -> bytes:
    made = docx.Document()
    for one in texts:
        made.add_paragraph(one)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


VALUES: dict[str, Any] = {
    "nom": "Évron",
    "jour": dt.date(2026, 3, 12),
    "montant_ttc": Decimal("100000"),
    "mois": None,
    "acteurs": [{"nom": "Lou Exemple", "adresse": ["1 rue Exemple"]}],
    "mots": ["un", "deux"],
    "service": {"nom": "DDT", "signe": True},
}


def kinds(*texts: str, values: dict[str, Any] | None = None) -> list[str]:
    """Return the kinds of faults of a template that holds these paragraphs."""
    contexts = (VALUES if values is None else values,)
    names = Names(root=merged(contexts), contexts=contexts)
    return [one.kind for one in examine(word(*texts), names, "essai.docx").faults]


def messages(*texts: str) -> str:
    names = Names(root=merged((VALUES,)), contexts=(VALUES,))
    return "\n".join(one.message for one in examine(word(*texts), names, "essai.docx").faults)


def ran(*arguments: str | Path) -> Result:
    """Run the command as a person does, exit code included."""
    import click

    @click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
    @click.argument("given", nargs=-1)
    def command(given: tuple[str, ...]) -> None:
        main(list(given))

    return CliRunner().invoke(command, [str(one) for one in arguments])


def flat(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").split())


# --- planted faults ---------------------------------------------------------------------------


@pytest.mark.parametrize("faute", FAUTES, ids=lambda one: one.name)
def test_a_planted_fault_is_found_and_no_other(faute: Faute) -> None:
    found = examined(planted(shipped(faute.document), faute), faute.document).faults
    assert [one.kind for one in found] == [faute.kind], [list(told(one)) for one in found]
    assert faute.said in flat(found[0].message)
    assert faute.at in (found[0].paragraph.text if found[0].paragraph else "")


def test_there_are_thirty_of_them_at_least() -> None:
    assert len({one.name for one in FAUTES}) >= 30


def test_every_fault_of_a_template_is_told_at_once_in_its_order() -> None:
    aside = {"balise jamais ouverte"}  # with another that is never closed, it makes one
    several = [one for one in FAUTES if one.document == "courrier-prefet" and one.at and one.kind != "bloc"]
    several = [one for one in several if one.name not in aside]
    content = shipped("courrier-prefet")
    for one in several:
        content = planted(content, one)
    found = [one.kind for one in examined(content, "courrier-prefet").faults]
    assert sorted(found) == sorted(one.kind for one in several)


# --- shipped templates ------------------------------------------------------------------------

SHIPPED = [
    (format_id, one.id)
    for format_id, one_format in plugins().formats().items()
    for one in one_format.documents
    if one.template is not None
]


@pytest.mark.parametrize(("format_id", "ident"), SHIPPED)
def test_no_shipped_template_has_a_fault(format_id: str, ident: str) -> None:
    one = document(ident, format_id)
    assert one.template is not None
    found = examine(one.template.read_bytes(), catalogue(format_id).names(one), ident)
    assert [list(told(fault)) for fault in found.faults] == []


@pytest.mark.parametrize(("format_id", "ident"), SHIPPED)
def test_an_example_gives_the_values_of_every_document(format_id: str, ident: str) -> None:
    assert catalogue(format_id).given(document(ident, format_id)).contexts != ()


# --- what is a fault, and what is none --------------------------------------------------------


@pytest.mark.parametrize(
    "texts",
    [
        ("{{ nom }}, le {{ jour | date_longue }}, {{ montant_ttc | montant }}",),
        ("{{ mots | join(', ') }} et {{ mots | first }}, {{ mots[0] }}",),
        (
            "{%p for un in acteurs %}",
            "{{ loop.index }} {{ un.nom }} {{ un.adresse | join(' ') }}",
            "{%p endfor %}",
        ),
        ("{% set ville = nom %}{{ ville | majuscule }}",),
        ("{% if mois %}{{ mois }}{% else %}sans{% endif %}",),
        ("{{ mois | a_completer('mois') }}",),
        ("{% if autre is defined and autre %}{{ autre }}{% endif %}",),
        ("Une accolade littérale : {_{ nom }_}",),
        ("{# une remarque, avec {accolades} #}{{ nom }}",),
        ("{{ “Évron” if service.signe else ‘’ }}",),
        ("{{ acteurs | map(attribute='nom') | join(', ') }}",),
        ("{{ service['nom'] }} {{ nom.upper() }}",),
    ],
)
def test_what_renders_is_no_fault(texts: tuple[str, ...]) -> None:
    assert kinds(*texts) == []


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Le {{ jour }}",), ["type"]),
        (("{{ montant_ttc }} €",), ["type"]),
        (("{{ nom | date_longue }}",), ["type"]),
        (("{{ mots.premier }}",), ["variable"]),
        (("{{ nom.premier }}",), ["variable"]),
        (("{%p for un in nom %}", "{{ un }}", "{%p endfor %}"), ["type"]),
        (("{{ loop.index }}",), ["variable"]),
        (("{%p for un in acteurs %}", "{{ loop.indice }}", "{%p endfor %}"), ["variable"]),
        (("{%p for un in acteur %}", "{{ un.nom }}", "{%p endfor %}"), ["variable"]),
        (("{% if nom is vide %}x{% endif %}",), ["filtre"]),
        (("{{r nom }}",), ["place"]),
        (("{%tr for un in acteurs %}",), ["place", "bloc"]),
        (("{{ nom }} {{ nomm }} {{ serviec.nom }}",), ["variable", "variable"]),
        (("{%p for un in acteurs | %}", "{{ un.nom }}", "{%p endfor %}"), ["balise"]),
        (("{{ mois }}",), ["rendu"]),
        (("{{ nom ~ jour }}",), ["rendu"]),
    ],
)
def test_what_would_fail_is_told(texts: tuple[str, ...], expected: list[str]) -> None:
    assert kinds(*texts) == expected


def test_a_tag_that_word_cut_into_runs_is_no_fault() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph()
    for piece in ("{", "{ no", "m | maj", "uscule }", "}"):
        paragraph.add_run(piece).bold = piece == "m | maj"
    out = io.BytesIO()
    made.save(out)
    names = Names(root=merged((VALUES,)), contexts=(VALUES,))
    assert examine(out.getvalue(), names, "essai.docx").faults == ()


def test_a_fault_inside_a_loop_over_an_unknown_list_is_told_once() -> None:
    assert kinds("{%p for un in personnes %}", "{{ un.nom }} {{ un.age }}", "{%p endfor %}") == ["variable"]


def test_a_list_used_as_a_group_is_told_with_the_loop_to_write() -> None:
    assert "{%p for un in acteurs %}" in messages("{{ acteurs.nom }}")


def test_the_heading_above_a_fault_is_told() -> None:
    made = docx.Document()
    made.add_heading("Article 3 – Contexte", 1)
    made.add_paragraph("Texte {{ inconnu }}")
    out = io.BytesIO()
    made.save(out)
    (fault,) = examine(out.getvalue(), Names(root=merged((VALUES,))), "essai.docx").faults
    assert flat(next(told(fault))) == "Sous « Article 3 – Contexte », « Texte {{ inconnu }} »"


def test_what_is_left_out_on_purpose_is_no_fault() -> None:
    faute = next(one for one in FAUTES if one.kind == "oubli")
    content = planted(shipped(faute.document), faute)
    document_ = docx.Document(io.BytesIO(content))
    document_.add_paragraph("{# sans signature.nom #}")
    out = io.BytesIO()
    document_.save(out)
    assert examined(out.getvalue(), faute.document).faults == ()


def test_a_macro_is_a_fault() -> None:
    content = with_members(shipped("courrier-prefet"), word__vbaProject_dot_bin=b"macro")
    assert [one.kind for one in examined(content, "courrier-prefet").faults] == ["macro"]


# --- the command ------------------------------------------------------------------------------


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "courrier-prefet.docx"
    path.write_bytes(planted(shipped("courrier-prefet"), FAUTES[0]))
    return path


def test_a_template_without_fault_gives_exit_0_and_no_copy(tmp_path: Path) -> None:
    (tmp_path / "courrier-prefet.docx").write_bytes(shipped("courrier-prefet"))
    done = ran("gabarit", tmp_path / "courrier-prefet.docx", "--format", "local")
    assert (done.exit_code, list(tmp_path.iterdir())) == (0, [tmp_path / "courrier-prefet.docx"])
    assert "aucun défaut" in done.output


def test_a_fault_gives_exit_1_and_a_copy_with_comments(faulty: Path) -> None:
    done = ran("gabarit", faulty, "--format", "local")
    copy = faulty.with_name("courrier-prefet (relu).docx")
    assert done.exit_code == 1
    assert "« perimetre »" in flat(done.output)
    assert copy.name in flat(done.output)
    assert read(copy.read_bytes()).commentaires == 1
    assert read(copy.read_bytes()).text == read(faulty.read_bytes()).text


def test_the_copy_of_before_is_kept_when_it_was_edited(faulty: Path) -> None:
    ran("gabarit", faulty, "--format", "local")
    ran("gabarit", faulty, "--format", "local")
    copy = faulty.with_name("courrier-prefet (relu).docx")
    assert sorted(one.name for one in faulty.parent.iterdir()) == [copy.name, faulty.name]
    copy.write_bytes(b"travail")
    ran("gabarit", faulty, "--format", "local")
    assert copy.read_bytes() == b"travail"
    assert faulty.with_name("courrier-prefet (relu 2).docx").exists()


def test_a_folder_where_nothing_can_be_written_gives_exit_4(
    faulty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assembler.errors import WritingError

    def refused(*_: object) -> None:
        raise WritingError("Pas le droit d’écrire ici.")

    monkeypatch.setattr("assembler.doctor.desk.write_atomic", refused)
    done = ran("gabarit", faulty, "--format", "local")
    assert done.exit_code == 4
    assert "« perimetre »" in flat(done.output)


@pytest.mark.parametrize("content", [b"", b"bonjour", b"PK\x03\x04", b"%PDF-1.4"])
def test_what_is_no_word_document_is_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lettre.docx").write_bytes(content)
    done = ran("gabarit", tmp_path / "lettre.docx", "--format", "local")
    assert done.exit_code == 2
    assert len(done.output.strip().splitlines()) == 1
    assert "n’est pas un document Word" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("x.docx",), "--format"),
        (("x.docx", "--format", "rien"), "n’existe pas"),
        (("x.docx", "--format", "local"), "ne s’ouvre pas"),
        (("--format", "local"), "--champs"),
        (("--champs", "--format", "local", "--document", "courrier-prefe"), "« courrier-prefet »"),
        (("--champs", "--format", "local", "--document", "dpgf"), "Aucun gabarit Word"),
    ],
)
def test_a_mistaken_command_is_told_with_exit_2(arguments: tuple[str, ...], said: str) -> None:
    done = ran("gabarit", *arguments)
    assert (done.exit_code, said in flat(done.output)) == (2, True)


def test_the_document_is_told_by_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "Courrier préfet – essai V2.docx"
    path.write_bytes(shipped("courrier-prefet"))
    assert "document « courrier-prefet »" in flat(ran("gabarit", path, "--format", "local").output)


def test_without_a_document_any_name_of_the_format_is_admitted(tmp_path: Path) -> None:
    path = tmp_path / "modèle.docx"
    path.write_bytes(word("{{ limite_offres }} {{ service.le }} {{ inconnu_partout }}"))
    done = ran("gabarit", path, "--format", "local")
    assert done.exit_code == 1
    assert "1 défaut (Atelier local, document non reconnu" in flat(done.output)


def test_the_shipped_templates_can_be_had(tmp_path: Path) -> None:
    done = ran("gabarit", "--format", "local", "--copier", tmp_path / "g", "--document", "cctp")
    assert (done.exit_code, (tmp_path / "g" / "cctp.docx").read_bytes()) == (0, shipped("cctp"))
    again = ran("gabarit", "--format", "local", "--copier", tmp_path / "g", "--document", "cctp")
    assert (again.exit_code, "existe déjà" in flat(again.output)) == (4, True)
    ran("gabarit", "--format", "local", "--copier", tmp_path / "tous")
    assert {one.stem for one in (tmp_path / "tous").iterdir()} == {one.id for one in catalogue().documents()}


# --- the names that may be used ---------------------------------------------------------------


def listed(ident: str | None, name: str) -> str:
    """Return what the list of fields says of a name."""
    lines = list(field_lines(catalogue(), ident))
    at = lines.index(name)
    return flat(" ".join(lines[at + 1 : lines.index("", at) if "" in lines[at:] else None]))


def test_every_field_of_a_document_is_listed_with_its_label_type_and_example() -> None:
    told = "courriel de l’agent qui suit l’affaire ; texte ; par exemple : « contact@exemple.fr »"
    assert listed("courrier-prefet", "expediteur.courriel") == told
    told = "nom (acteurs à mobiliser) ; texte ; par exemple : « Andrea Exemple »"
    assert listed("trame-note", "acteurs[].nom") == told


def test_the_list_of_a_format_says_which_documents_give_a_field() -> None:
    assert listed(None, "engagement.ecrete").endswith(
        "oui ou non ; par exemple : non documents : courrier-service"
    )


@pytest.mark.parametrize("format_id", sorted(plugins().formats()))
def test_every_name_has_a_label_of_its_own(format_id: str) -> None:
    known = labels(plugins().formats()[format_id])
    whole = catalogue(format_id).names(None).root
    assert [one.path for one in leaves(whole) if label_of(known, one.path) is None] == []


# --- the guide --------------------------------------------------------------------------------

GUIDE = "docs/gabarits.md"


def rows(marker: str) -> list[list[str]]:
    """Return the cells of the table of the guide under a marker."""
    lines = after(GUIDE, marker).splitlines()[2:]
    return [[cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", one)[1:-1]] for one in lines]


def test_the_tags_that_the_guide_teaches_have_no_fault() -> None:
    taught = [re.findall(r"`([^`]+)`", first) for first, _ in rows("balises")]
    plain = [one for one in taught if "tr for" not in one[0] and "fragment" not in one[0]]
    assert len(plain) == len(taught) - 2
    names = Names(root=catalogue().names(document("courrier-prefet")).root)
    for tags in plain:
        assert examine(word(*tags), names, "guide.docx").faults == (), tags


def test_every_fault_of_the_guide_is_one_that_the_doctor_tells() -> None:
    said = [one.message for faute in FAUTES for one in examined(fault_of(faute), faute.document).faults]
    said += [messages("{{ mois }}"), "Le fichier contient une macro"]
    whole = " ".join(map(flat, said)).lower()
    for first, _ in rows("defauts"):
        for part in first.split(", "):
            assert part.lower() in whole, part


def fault_of(faute: Faute) -> bytes:
    return planted(shipped(faute.document), faute)


def test_the_field_that_the_guide_shows_is_listed_so() -> None:
    whole = (
        "\n".join(field_lines(catalogue(), "courrier-prefet")).replace("\u00a0", " ").replace("\u202f", " ")
    )
    assert after(GUIDE, "champs") in whole


def test_the_example_of_the_guide_is_today_s_template_with_its_faults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def texts(content: bytes) -> list[str]:
        return [one.text for one in docx.Document(io.BytesIO(content)).paragraphs]

    monkeypatch.syspath_prepend(ROOT)
    example = importlib.import_module("outils.gabarits")
    shown = (ROOT / "docs" / "exemples" / "courrier-prefet.docx").read_bytes()
    assert texts(shown) == texts(example.changed(shipped("courrier-prefet"))), "python -m outils.gabarits"


def test_the_pictures_of_the_guide_are_small() -> None:
    names = re.findall(r"\]\((images/gabarit-[\w-]+\.png)\)", text(GUIDE))
    assert len(names) == 2
    assert [one for one in names if (ROOT / "docs" / one).stat().st_size > 100_000] == []


def test_the_guide_lists_every_filter_and_what_it_prints() -> None:
    values = {"jour": dt.date(2026, 3, 12)}
    told = rows("filtres")
    assert sorted(one[0].strip("`") for one in told) == sorted({*french.__all__, "a_completer"})
    for _, _, tag, printed in told:
        made = docx.Document(io.BytesIO(render(word(tag.strip("`")), values, name="guide")))
        assert flat(made.paragraphs[0].text) == flat(printed), tag


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("capitales", "majuscule"), ("majuscul", "majuscule"), ("euros", "montant"), ("defalt", "default")],
)
def test_the_nearest_filter_is_a_french_one_if_any(typed: str, meant: str) -> None:
    assert f"(« {meant} » ?)" in messages(f"{{{{ nom | {typed} }}}}")


def test_a_filter_that_lacks_its_text_is_told_what_to_write() -> None:
    assert "ne dit pas quoi compléter" in messages("{{ nom | a_completer() }}")


def test_a_brace_that_opens_no_tag_can_be_printed() -> None:
    written = "{_annexe_}, {_{ nom }_} et {_{{ nom }}_}"
    made = docx.Document(io.BytesIO(render(word(written), VALUES, name="essai")))
    assert made.paragraphs[0].text == "{annexe}, {{ nom }} et {Évron}"
    assert kinds(written) == []
    alone = docx.Document(io.BytesIO(render(word("{_annexe_}"), VALUES, name="essai")))
    assert alone.paragraphs[0].text == "{annexe}"
    assert "écrivez {_ ou _}" in messages("{annexe}")


def test_a_value_that_the_shipped_template_guards_must_be_guarded() -> None:
    theirs = word("{%p if mots %}", "Voici {{ mots | enumerer }}", "{%p endif %}", "{{ service.nom }}")
    names = Names(root=merged((VALUES,)), contexts=(VALUES,), shipped=theirs)

    def found(text: str) -> list[str]:
        return [one.kind for one in examine(word(text, "{{ service.nom }}"), names, "essai.docx").faults]

    assert found("Voici {{ mots | enumerer }}") == ["manque"]
    assert found("Voici {{ mots | enumerer | a_completer('mots') }}") == []
    assert found("{% if mots %}Voici {{ mots | enumerer }}{% endif %}") == []


def test_a_format_without_examples_is_told_to_give_some() -> None:
    bare = replace(plugins().formats()["flash"], examples=tuple)
    told = flat("\n".join(field_lines(Catalogue(plugins(), bare, dt.date(2026, 3, 12)), None)))
    assert "donnez à son Format un dossier d’exemple (examples)" in told
