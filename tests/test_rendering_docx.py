import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import docx
import pytest
from bureautique import converted
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from assembler.errors import MissingValue, TemplateError
from assembler.model import Months, freeze
from assembler.rendering.docx import render
from assembler.rendering.markup import text_of, w

NBSP = "\u00a0"


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def template(*paragraphs):
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def rendered(*paragraphs, **values):
    return lines(render(template(*paragraphs), values, name="essai.docx"))


def lines(data):
    return [one.text for one in docx.Document(io.BytesIO(data)).paragraphs]


def part(data, name="word/document.xml"):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def cut_by_the_speller(*pieces):
    """A tag as Word leaves it: several runs, marks of the spell-checker between them."""
    document = docx.Document()
    paragraph = document.add_paragraph()
    for rank, piece in enumerate(pieces):
        paragraph.add_run(piece).italic = bool(rank % 2)
        mark = etree.SubElement(paragraph._p, w("proofErr"))
        mark.set(w("type"), "spellStart")
    return saved(document)


def test_values_stand_in_body_header_footer_and_table():
    document = docx.Document()
    document.add_paragraph("Maire : {{ maire.nom }}")
    document.add_table(1, 1).cell(0, 0).text = "{{ maire.nom }}"
    document.sections[0].header.paragraphs[0].text = "{{ maire.nom }}"
    document.sections[0].footer.paragraphs[0].text = "{{ jours }} jours"
    made = docx.Document(
        io.BytesIO(render(saved(document), freeze({"maire": {"nom": "Claude"}, "jours": 3}), name="t"))
    )
    assert made.paragraphs[0].text.replace(NBSP, " ") == "Maire : Claude"
    assert made.tables[0].cell(0, 0).text == "Claude"
    assert made.sections[0].header.paragraphs[0].text == "Claude"
    assert made.sections[0].footer.paragraphs[0].text == "3 jours"


def test_a_tag_cut_in_runs_by_the_speller_is_one_tag():
    data = render(
        cut_by_the_speller("Bonjour {", "{ mai", "re.n", "om }", "} !"), {"maire": {"nom": "Lou"}}, name="t"
    )
    assert lines(data)[-1] == "Bonjour Lou !"
    assert not list(part(data).iter(w("proofErr")))


def test_the_text_is_that_of_docxtpl_for_ordinary_templates():
    document = docx.Document()
    document.add_paragraph("{% if oui %}Oui{% else %}Non{% endif %} et {{ nom|upper }}")
    document.add_paragraph("{%p for x in liste %}")
    document.add_paragraph("{{ loop.index }} : {{ x.nom }}.")
    document.add_paragraph("{%p if x.nom == 'un' %}")
    document.add_paragraph("premier")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    table = document.add_table(4, 2)
    for row, texts in enumerate(
        (
            ("A", "B"),
            ("{%tr for x in liste %}", ""),
            ("{{ x.nom }}", "{{ loop.length }}"),
            ("{%tr endfor %}", ""),
        )
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    wide = document.add_table(1, 3)
    for column, text in enumerate(("{%tc for x in liste %}", "{{ x.nom }}", "{%tc endfor %}")):
        wide.cell(0, column).text = text
    data, values = saved(document), {"oui": True, "nom": "évron", "liste": [{"nom": "un"}, {"nom": "deux"}]}
    theirs = DocxTemplate(io.BytesIO(data))
    theirs.render(values, autoescape=True)
    expected = [text_of(one) for one in part(saved(theirs)).iter(w("p"))]
    assert [text_of(one) for one in part(render(data, values, name="t")).iter(w("p"))] == expected


def test_a_loop_of_columns_leaves_a_grid_of_as_many():
    document = docx.Document()
    table = document.add_table(1, 3)
    for column, text in enumerate(("{%tc for x in liste %}", "{{ x }}", "{%tc endfor %}")):
        table.cell(0, column).text = text
    root = part(render(saved(document), {"liste": ["a", "b", "c", "d", "e"]}, name="t"))
    assert len(list(root.iter(w("gridCol")))) == len(list(root.iter(w("tc")))) == 5


def test_a_table_without_rows_goes_and_the_page_stands():
    document = docx.Document()
    table = document.add_table(3, 1)
    for row, text in enumerate(("{%tr for x in liste %}", "{{ x }}", "{%tr endfor %}")):
        table.cell(row, 0).text = text
    assert not list(part(render(saved(document), {"liste": []}, name="t")).iter(w("tbl")))


def test_a_cell_emptied_by_a_condition_keeps_a_paragraph():
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "{%p if oui %}"
    cell.add_paragraph("texte")
    cell.add_paragraph("{%p endif %}")
    (found,) = part(render(saved(document), {"oui": False}, name="t")).iter(w("tc"))
    assert [one.tag for one in found] == [w("tcPr"), w("p")]


def test_special_characters_newlines_and_tabs_lose_nothing():
    assert rendered("[{{ x }}]", x="A & B <c> 'd'\r\nligne 2\tfin\vbas\x07") == [
        "[A & B <c> 'd'\nligne 2\tfin\nbas]"
    ]


def test_what_looks_like_a_tag_in_data_stays_as_it_was_typed():
    text = "{{ 7*7 }} {% if %} {# non #} }} {"
    assert rendered("{{ x }} {{ x ~ x }}", x=text) == [f"{text} {text}{text}"]


def test_a_run_tag_prints_a_plain_text():
    assert rendered("Le maire {{r x }} signe.", x="Lou & co") == ["Le maire Lou & co signe."]


def test_a_paragraph_tag_prints_a_text_in_the_style_of_its_paragraph():
    document = docx.Document()
    document.add_paragraph("{{p x }}", style="Quote")
    (made,) = docx.Document(io.BytesIO(render(saved(document), {"x": "dit"}, name="t"))).paragraphs
    assert (made.text, made.style.name) == ("dit", "Quote")


def test_a_brace_can_be_written_in_a_template():
    assert rendered("{_{ nom }_} {{ x }}", x="y") == ["{{ nom }} y"]


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_any_text_makes_a_document_that_opens(text):
    data = render(template("{{ x }} {{ x|upper }} {{ 'a' ~ x }}"), {"x": text}, name="t")
    words = re.findall(r"[a-zà-ÿ]{2,}", text)
    assert [word for word in words if word not in lines(data)[0].replace("\u00ad", "")] == []


def test_first_of_the_month_has_its_superscript_whatever_the_run():
    document = docx.Document()
    document.add_paragraph().add_run("le {{ jour|date_longue }} à Évron").bold = True
    root = part(render(saved(document), {"jour": dt.date(2026, 1, 1)}, name="t"))
    runs = [(text_of(one), one.find(f"{w('rPr')}/{w('vertAlign')}") is not None) for one in root.iter(w("r"))]
    assert runs == [("le 1", False), ("er", True), (f"{NBSP}janvier{NBSP}2026 à Évron", False)]
    assert all(one.find(f"{w('rPr')}/{w('b')}") is not None for one in root.iter(w("r")))


def test_what_is_to_complete_is_highlighted():
    data = render(template("Date : {{ d|date_longue|a_completer('date d’envoi') }}."), {"d": None}, name="t")
    runs = {text_of(one): one.find(f"{w('rPr')}/{w('highlight')}") for one in part(data).iter(w("r"))}
    assert runs[f"[à compléter{NBSP}: date d’envoi]"].get(w("val")) == "yellow"
    assert rendered("{{ x|a_completer('x') }}", x="là") == ["là"]
    assert rendered("{{ a.b|a_completer('x') }}", a=None) == [f"[à compléter{NBSP}: x]"]


def test_french_functions_are_filters_and_globals():
    assert rendered("{{ m|montant }} {{ pluriel(3, 'session') }}", m=Decimal("100000")) == [
        f"100\u202f000,00{NBSP}€ 3{NBSP}sessions"
    ]


def test_a_duration_in_months_prints():
    assert rendered("{{ d }} mois", d=Months(10, 12)) == ["10 à 12 mois"]


@pytest.mark.parametrize(
    "tag",
    [
        "{{ x }}",
        "{{ x|upper }}",
        "{{ 'a' ~ x }}",
        "{{ [x]|join(', ') }}",
        "{{ x.nom }}",
        "{{ x|date_longue }}",
        "{{ x|int }}",
    ],
)
def test_none_is_never_printed(tag):
    with pytest.raises(MissingValue) as caught:
        rendered("Avant", f"Le maire, {tag}.", x=None)
    assert str(caught.value).startswith("Gabarit « essai.docx », paragraphe « Le maire, ")
    assert f"la balise « {tag} » attend une valeur que le dossier ne donne pas" in str(caught.value)


@pytest.mark.parametrize(
    ("tag", "cause"),
    [
        ("{{ inconnu }}", "nomme « inconnu », qui n’existe pas"),
        ("{{ fiche.maiire }}", "nomme « maiire », qui n’existe pas"),
        ("{% if inconnu %}x{% endif %}", "nomme « inconnu »"),
        ("{{ jour }}", "imprime une date : utilisez un filtre"),
        ("{{ prix }}", "imprime un nombre décimal : utilisez un filtre"),
        ("{{ vrai }}", "imprime un oui ou non"),
        ("{{ fiche }}", "imprime une liste ou un groupe"),
        ("{{ fiche|montant }}", "ne convient pas à la valeur donnée"),
        ("{{ ''.__class__.__mro__ }}", "n’a pas le droit"),
        ("{{ '%s' % vrai }}", "n’a pas le droit"),
        ("{{ '{}'.format(vrai) }}", "n’a pas le droit"),
        ("{{ x|montannt }}", "emploie le filtre « montannt », qui n’existe pas (« montant » ?)"),
        ("{{ x|safe }}", "emploie le filtre « safe », qui n’existe pas"),
        ("{{ x y }}", "est mal écrite"),
        ("{% endfor %}", "commence par « endfor »"),
        ("{% if vrai %}", "n’est pas refermée"),
    ],
)
def test_a_template_at_fault_names_the_paragraph_and_the_tag(tag, cause):
    values = {
        "jour": dt.date(2026, 1, 2),
        "prix": Decimal(1),
        "vrai": True,
        "fiche": {"maire": "x"},
        "x": "x",
    }
    with pytest.raises(TemplateError) as caught:
        rendered("Avant {{ x }}", f"Ici {tag}", "Après", **values)
    assert cause in str(caught.value)
    assert "Gabarit « essai.docx », paragraphe « Ici " in str(caught.value) or "refermée" in cause


@pytest.mark.parametrize("text", ["Reste {{ x", "Reste x }}", "{%p if x %} et du texte", "Avant {{p x }}"])
def test_what_would_be_lost_or_left_in_the_page_is_refused(text):
    with pytest.raises(TemplateError, match=r"seule|mal"):
        rendered(text, x="x")


def test_a_loop_that_straddles_paragraphs_is_refused_in_plain_words():
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "{% if x %}a"
    document.add_paragraph("b{% endif %}")
    with pytest.raises(TemplateError, match="mal formé"):
        render(saved(document), {"x": False}, name="t")


def test_a_tag_in_a_field_of_word_is_refused():
    document = docx.Document()
    run = document.add_paragraph().add_run()
    etree.SubElement(run._r, w("instrText")).text = ' HYPERLINK "{{ x }}" '
    with pytest.raises(TemplateError, match="champ de Word"):
        render(saved(document), {"x": "x"}, name="t")


def test_what_is_not_a_word_file_is_refused():
    with pytest.raises(TemplateError, match="essai"):
        render(b"PK nothing", {}, name="essai")


def test_the_same_values_give_the_same_bytes_and_nothing_of_the_machine():
    data = template("{{ x }}")
    properties = {"title": "Titre", "author": "DDT 53", "edition": "2026-03-12", "motif": "délai"}
    first, second = (render(data, {"x": "y"}, name="t", properties=properties) for _ in range(2))
    assert first == second
    made = docx.Document(io.BytesIO(first)).core_properties
    assert (made.title, made.author, made.language) == ("Titre", "DDT 53", "fr-FR")
    assert made.created == made.modified == dt.datetime(2026, 3, 12, tzinfo=dt.UTC)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert "délai" in archive.read("docProps/custom.xml").decode()
        assert "docProps/thumbnail.jpeg" not in archive.namelist()
        assert archive.testzip() is None


def test_the_title_of_the_template_is_rendered_when_none_is_given():
    document = docx.Document()
    document.core_properties.title = "Lettre à {{ nom }}"
    document.add_paragraph("{{ nom }}")
    data = render(saved(document), {"nom": "Évron & co"}, name="t")
    assert docx.Document(io.BytesIO(data)).core_properties.title == "Lettre à Évron & co"


def test_remarks_and_tracked_changes_of_a_template_do_not_leave_with_the_document():
    document = docx.Document()
    paragraph = document.add_paragraph("{{ x }}")
    document.add_comment(paragraph.runs, "à vérifier avec le bureau", author="Exemple")
    gone = etree.SubElement(paragraph._p, w("del"))
    etree.SubElement(etree.SubElement(gone, w("r")), w("delText")).text = "vieux"
    data = render(saved(document), {"x": "y"}, name="t")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert not [name for name in archive.namelist() if "comments" in name]
    assert b"bureau" not in everything
    assert b"vieux" not in everything


def test_a_picture_in_a_loop_gets_its_own_id_each_time(tmp_path):
    from PIL import Image

    path = tmp_path / "a.png"
    Image.new("RGB", (4, 4), "red").save(path)
    document = docx.Document()
    document.add_paragraph("{%p for x in liste %}")
    document.add_paragraph().add_run().add_picture(str(path))
    document.add_paragraph("{%p endfor %}")
    root = part(render(saved(document), {"liste": [1, 2, 3]}, name="t"))
    found = [one.get("id") for one in root.iter("{*}docPr")]
    assert found == ["1", "2", "3"]


def test_libreoffice_reads_what_is_rendered(tmp_path):
    document = docx.Document()
    document.add_paragraph("{{ x }} — {{ d|date_longue }} {{ n|a_completer('date') }}")
    path = tmp_path / "essai.docx"
    values = {"x": "A & <b>\n{{ fin }}", "d": dt.date(2026, 1, 1), "n": None}
    path.write_bytes(render(saved(document), values, name="t", properties={"title": "T"}))
    (text_file,) = converted(tmp_path, [path], "txt:Text (encoded):UTF8", "txt")
    text = text_file.read_text(encoding="utf-8-sig").replace(NBSP, " ")
    assert text.split("\n")[:2] == ["A & <b>", "{{ fin }} — 1er janvier 2026 [à compléter : date]"]
