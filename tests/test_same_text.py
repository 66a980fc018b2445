"""Our quick rendering says what docxtpl says: body, tables, headers and footers of the same templates."""

from __future__ import annotations

import base64
import datetime as dt
import io
import zipfile
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from docxtpl import DocxTemplate, RichText
from lxml import etree

from assembler.documents import case_of
from assembler.errors import MissingValue
from assembler.manager import Plugins
from assembler.pipeline import Request, check_dossier
from assembler.rendering.docx import render
from assembler.rendering.environment import BREAK, CLOSE, GAP_END, GAP_START, OPEN, TAB
from assembler.rendering.markup import w
from benchmarks.documents import with_docxtpl, with_texts

FIXTURES = Path(__file__).parents[1] / "fixtures"
DAY = dt.date(2026, 6, 8)
DOSSIERS = (
    *("local/attribution", "local/differee", "local/non-eligible", "local/sans-suite"),
    *("thematique/accompagnement", "thematique/lancement", "flash/accompagnement"),
)
"""The fewest that give a value to every template; another may be wanted for a new one."""
_MARKS = str.maketrans({BREAK: "\n", TAB: "\t", OPEN: "{", CLOSE: "}", GAP_START: "", GAP_END: ""})
_SIGNS_ALL = (BREAK, TAB, OPEN, CLOSE, GAP_START, GAP_END, "1er")
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
_SIGNS = {w("t"): None, w("br"): "\n", w("tab"): "\t"}


def said(document: bytes) -> dict[str, list[str]]:
    """Return the paragraphs that hold a text, part by part; a cell's are among them, in order."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        for name in sorted(package.namelist()):
            if name.startswith(("word/document", "word/header", "word/footer", "word/footnotes")):
                root = etree.fromstring(package.read(name))
                texts = [_text(one).strip() for one in root.iter(w("p"))]
                found[name] = [text for text in texts if text]
    return found


def _text(paragraph: etree._Element) -> str:
    nodes = [node for node in paragraph.iter(*_SIGNS) if node.getparent().tag == w("r")]
    return "".join(_SIGNS[node.tag] or node.text or "" for node in nodes).translate(_MARKS)


def shipped() -> Iterator[tuple[Path, dict[str, Any], bytes]]:
    """Yield each template of the plugins once, with values of a shipped dossier and what we make of them."""
    plugins, known = Plugins(), set()
    for name in DOSSIERS:
        checked = check_dossier(FIXTURES / name, plugins, Request(today=DAY))
        case = case_of(checked, DAY)
        assert checked.format is not None
        for one in checked.format.documents:
            if one.template is None or one.context is None or one.template in known:
                continue
            try:
                copies = [] if one.condition(case) else [copy for copy in one.copies(case) if not copy.build]
                for copy in copies[:1]:
                    values = dict(one.context(case, copy))
                    values = with_texts(values) if one.id == "cctp" else values
                    made = render(one.template.read_bytes(), values, name=one.id)
                    known.add(one.template)
                    yield one.template, values, made
            except MissingValue:  # what another dossier gives
                continue


def test_every_shipped_template_says_what_docxtpl_says():
    ours, theirs = {}, {}
    for template, values, made in shipped():
        path = template.resolve()
        ours[path] = said(made)
        theirs[path] = said(with_docxtpl(template.read_bytes(), values))
    assert ours == theirs
    assert set(ours) == set(FIXTURES.parent.glob("plugins/*/gabarits/*.docx"))


def of(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = (), header: str = "") -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    document.sections[0].header.paragraphs[0].text = header
    document.sections[0].footer.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


PEOPLE = [{"nom": "Lou", "roles": ["maire", "élu"]}, {"nom": "Sam", "roles": []}]
TEMPLATES = {
    "rows": of(
        rows=(("{%tr for x in gens %}", ""), ("{{ x.nom }}", "{{ loop.index }}"), ("{%tr endfor %}", ""))
    ),
    "rows in rows": of(
        rows=(
            ("{%tr for x in gens %}", ""),
            ("{{ x.nom }}", "{% for r in x.roles %}{{ r }} {% endfor %}"),
            ("{%tr if not x.roles %}", ""),
            ("aucun", "rôle"),
            ("{%tr endif %}", ""),
            ("{%tr endfor %}", ""),
        )
    ),
    "columns": of(rows=(("{%tc for x in gens %}", "{{ x.nom }}", "{%tc endfor %}"),)),
    "paragraphs": of(
        *("{%p for x in gens %}", "{{ x.nom }}", "{%p if x.roles %}", "x", "{%p endif %}", "{%p endfor %}")
    ),
    "nested ifs": of(
        "{% if oui %}a{% if not oui %}b{% elif gens %}c{% else %}d{% endif %}{% else %}e{% endif %}f"
    ),
    "ifs around ifs": of(
        *("{%p if oui %}", "{%p if gens|length == 2 %}", "deux", "{%p else %}", "z", "{%p endif %}"),
        "{%p endif %}",
    ),
    "escaping": of("{{ signes }}", "{{ signes }} et {{ signes }}", header="{{ signes }}"),
    "line breaks and tabs": of("{{ lignes }}", "avant {{ lignes }} après", rows=(("{{ lignes }}",),)),
    "header and footer": of("corps", header="{% if oui %}{{ nom }}{% endif %} page"),
    "run tags": of("{%r if oui %}oui{%r endif %}", "{{r riche }} fin"),
    "filters and sets": of("{% set n = gens|map(attribute='nom')|join(', ') %}{{ n }} et {{ nom|upper }}"),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_docxtpl_can_do_gives_the_same_text(name):
    values = {
        "gens": PEOPLE,
        "oui": True,
        "nom": "évron",
        "signes": "<w:t> & < 'un' > &#38 </w:t>",
        "lignes": "un\ndeux\ttrois",
        "riche": "gras",
    }
    theirs = DocxTemplate(io.BytesIO(TEMPLATES[name]))
    theirs.render(values | {"riche": RichText("gras", bold=True)}, autoescape=True)
    out = io.BytesIO()
    theirs.save(out)
    found = {
        part: [text.replace("\u00a0", " ") for text in texts]
        for part, texts in said(render(TEMPLATES[name], values, name=name)).items()
    }
    assert found == said(out.getvalue())


@pytest.mark.parametrize("name", TEMPLATES)
def test_looking_only_where_signs_were_printed_gives_the_same_file(name, monkeypatch):
    values = {
        "gens": PEOPLE,
        "oui": True,
        "nom": "1er {{ 11er",
        "signes": "{% 1er }",
        "lignes": "un\ndeux\ttrois",
        "riche": "le 1er mars",
    }
    quick = render(TEMPLATES[name], values, name=name)
    monkeypatch.setattr("assembler.rendering.docx.marks_in", lambda _xml: _SIGNS_ALL)
    monkeypatch.setattr("assembler.rendering.preparing._tag_in_attribute", lambda _root: True)
    monkeypatch.setattr("assembler.rendering.templates._cache", OrderedDict())
    monkeypatch.setattr("assembler.rendering.templates.kept", lambda _kind, _key, make: make())
    assert quick == render(TEMPLATES[name], values, name=name)


def test_a_sign_in_an_attribute_is_found_too():
    document = docx.Document()
    picture = io.BytesIO(_PIXEL)
    document.add_picture(picture)
    for node in document.element.body.iter(f"{{{_DRAWING}}}docPr"):
        node.set("descr", "Carte de {{ nom }}, {_{ 1er }_}")
    out = io.BytesIO()
    document.save(out)
    made = render(out.getvalue(), {"nom": "a\nb {c}"}, name="image")
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    assert [node.get("descr") for node in root.iter(f"{{{_DRAWING}}}docPr")] == [
        "Carte de a b {c}, {{ 1er }}"
    ]
