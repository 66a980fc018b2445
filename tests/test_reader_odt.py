"""OpenDocument texts read straight over the XML: every visible word, and only those."""

# ruff: noqa: E501 - XML reads better unbroken

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odf_de_test import IMAGE, SPACES, package, style

from assembler.errors import ReadingError
from assembler.model import Block, Reading
from assembler.readers import odt


def read(body: str, **given: object) -> Reading:
    return odt.read(package(body, **given))  # type: ignore[arg-type]


def only(body: str, **given: object) -> Block:
    (block,) = read(body, **given).blocks
    return block


def texts(body: str, **given: object) -> list[str]:
    return [block.text for block in read(body, **given).blocks]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("Évron", "Évron"),
        ("<text:span>Sainte</text:span>-<text:span>Suzanne</text:span>", "Sainte-Suzanne"),
        ('a<text:s text:c="3"/>b', "a   b"),
        ("a<text:tab/>b<text:line-break/>c", "a\tb\nc"),
        ("  un\n   deux  <text:span> trois</text:span>", "un deux trois"),
        ('<text:a xlink:href="https://exemple.fr">lien</text:a>', "lien"),
        ("<text:bookmark-start text:name='x'/>avant<text:bookmark-end text:name='x'/> après", "avant après"),
        ("<text:page-number>3</text:page-number> sur 4", "3 sur 4"),
        ('x<text:variable-set text:display="none">caché</text:variable-set>y', "xy"),
        ('x<text:hidden-text text:is-hidden="true">caché</text:hidden-text>y', "xy"),
        ('x<text:hidden-text text:is-hidden="false">montré</text:hidden-text>y', "xmontréy"),
        ("<text:ruby><text:ruby-base>base</text:ruby-base><text:ruby-text>aide</text:ruby-text></text:ruby>", "base"),
        ("un<office:annotation><dc:creator>X</dc:creator><text:p>note</text:p></office:annotation> deux", "un deux"),
        ("mot<text:soft-page-break/> suite", "mot suite"),
        ("de\u00adpart", "depart"),
    ],
)  # fmt: skip
def test_the_visible_text_of_a_paragraph_is_read(inside: str, text: str) -> None:
    assert only(f"<text:p>{inside}</text:p>").text == text


@pytest.mark.parametrize(
    "body",
    [
        "<text:list><text:list-item><text:p>vu</text:p></text:list-item></text:list>",
        "<text:section><text:p>vu</text:p></text:section>",
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>vu</text:p>"
        "</table:table-cell></table:table-row></table:table-header-rows></table:table>",
        "<table:table><table:table-row><table:table-cell><table:table><table:table-row><table:table-cell>"
        "<text:p>vu</text:p></table:table-cell></table:table-row></table:table></table:table-cell>"
        "</table:table-row></table:table>",
        "<draw:frame><draw:text-box><text:p>vu</text:p></draw:text-box></draw:frame>",
        "<text:p><draw:frame><draw:text-box><text:p>vu</text:p></draw:text-box></draw:frame></text:p>",
        "<text:p><draw:custom-shape><text:p>vu</text:p></draw:custom-shape></text:p>",
        "<text:p><draw:g><draw:g><draw:rect><text:p>vu</text:p></draw:rect></draw:g></draw:g></text:p>",
        "<text:bibliography><text:bibliography-source><text:x>modèle</text:x></text:bibliography-source>"
        "<text:index-body><text:p>vu</text:p></text:index-body></text:bibliography>",
        "<text:numbered-paragraph><text:p>vu</text:p></text:numbered-paragraph>",
    ],
)
def test_wherever_text_stands_it_is_read(body: str) -> None:
    assert texts(body) == ["vu"]


@pytest.mark.parametrize(
    "body",
    [
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>supprimé</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>",
        "<text:table-of-content><text:index-body><text:p>Sommaire 1</text:p></text:index-body>"
        "</text:table-of-content>",
        '<text:section text:display="none"><text:p>caché</text:p></text:section>',
        '<text:p><text:hidden-paragraph text:is-hidden="true"/>caché</text:p>',
        '<text:p text:style-name="Contents_20_2">Objet	4</text:p>',
        "<table:table><table:table-row><table:covered-table-cell><text:p>couvert</text:p>"
        "</table:covered-table-cell></table:table-row></table:table>",
        '<text:p text:style-name="P1">caché</text:p>',
        "<text:p/>",
    ],
)
def test_what_nobody_sees_stays_out(body: str) -> None:
    assert texts(body, automatic=style("P1", 'text:display="none"')) == []


@pytest.mark.parametrize(
    ("opening", "level"),
    [
        ('text:h text:outline-level="2"', 2),
        ("text:h", 1),
        ('text:p text:style-name="Heading_20_3"', 3),
        ('text:p text:style-name="P1"', 1),
        ('text:p text:style-name="P2"', 2),
        ('text:p text:style-name="P3"', 4),
        ('text:p text:style-name="Title"', None),
        ('text:p text:style-name="Standard"', None),
    ],
)
def test_headings_are_known_by_outline_level_style_name_or_parent(opening: str, level: int | None) -> None:
    styles = (
        style("P1", parent="Titre_20_1")
        + style("Sous", more='style:display-name="Heading 2"')
        + style("P2", parent="Sous")
        + style("P3", more='style:default-outline-level="4"')
    )
    assert only(f"<{opening}>Objet</{opening.split()[0]}>", styles=styles).level == level


def test_a_style_based_on_itself_does_not_hold_us() -> None:
    assert only('<text:p text:style-name="A">x</text:p>', styles=style("A", parent="A")).text == "x"


def test_bold_lists_tables_and_grey_hints_are_told() -> None:
    bold, grey = 'fo:font-weight="bold"', 'fo:color="#808080"'
    automatic = style("T1", bold, family="text") + style("P1", bold) + style("P2", grey)
    automatic += style("T2", 'fo:font-weight="normal"', family="text")
    body = (
        '<text:p><text:span text:style-name="T1">tout</text:span></text:p>'
        '<text:p text:style-name="P1">tout</text:p>'
        '<text:p text:style-name="P1">une <text:span text:style-name="T2">part</text:span></text:p>'
        "<text:list><text:list-item><text:p>point</text:p></text:list-item></text:list>"
        '<text:p text:style-name="P2">Précisez les porteurs</text:p>'
    )
    seen = read(body, automatic=automatic).blocks
    assert [block.bold for block in seen] == [True, True, False, False, False]
    assert [block.listed for block in seen] == [False, False, False, True, False]
    assert [block.hint for block in seen] == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("inside", "hint"),
    [
        ('<text:placeholder text:placeholder-type="text">&lt;Cliquez&gt;</text:placeholder>', True),
        ('<loext:content-control loext:showing-place-holder="true">Choisir</loext:content-control>', True),
        ("<loext:content-control>Évron</loext:content-control>", False),
        ("Commune : <text:placeholder>&lt;nom&gt;</text:placeholder>", False),
        ('<text:span text:style-name="Placeholder_20_Text">Choisir</text:span>', True),
    ],
)
def test_the_prompt_of_an_unfilled_field_is_a_hint(inside: str, hint: bool) -> None:
    styles = style("Placeholder_20_Text", family="text")
    assert only(f"<text:p>{inside}</text:p>", styles=styles).hint == hint


def test_notes_come_last_without_anchor_and_out_of_their_paragraph() -> None:
    note = (
        '<text:note text:note-class="{}"><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>{}</text:p></text:note-body></text:note>"
    )
    found = read(
        f"<text:p>un{note.format('endnote', 'fin')}{note.format('footnote', 'pied')}</text:p>"
    ).blocks
    assert [(block.text, bool(block.anchor)) for block in found] == [
        ("un", True),
        ("pied", False),
        ("fin", False),
    ]


def test_an_anchor_leads_to_its_paragraph() -> None:
    body = "<text:p>un</text:p><text:section><text:p>deux</text:p></text:section>"
    assert [block.anchor for block in read(body).blocks] == [(0,), (1, 0)]


def test_tracked_changes_and_comments_are_counted() -> None:
    changes = "".join(
        f"<text:changed-region><text:{kind}/></text:changed-region>"
        for kind in ("insertion", "deletion", "format-change")
    )
    body = f"<text:tracked-changes>{changes}</text:tracked-changes><text:p>x<office:annotation/></text:p>"
    found = read(body)
    assert (found.revisions, found.commentaires) == (3, 1)


def test_headers_and_footers_stand_apart_of_the_text() -> None:
    margins = (
        '<style:master-page style:name="Standard"><style:header><text:p>Direction</text:p></style:header>'
        '<style:header-left style:display="false"><text:p>caché</text:p></style:header-left>'
        "<style:footer><text:p>60 rue Mac Donald</text:p></style:footer></style:master-page>"
    )
    found = read("<text:p>corps</text:p>", margins=margins)
    assert (found.headers, found.text) == ("Direction\n60 rue Mac Donald", "corps")


@pytest.mark.parametrize(
    ("extra", "body", "count"),
    [
        ({"Basic/Standard/Module1.xml": "<x/>", "Basic/Standard/script-lb.xml": "<x/>"}, "", 1),
        ({"Scripts/python/vilain.py": "x"}, "", 1),
        ({"Basic/script-lc.xml": "<x/>"}, "", 0),
        ({}, '<office:event-listeners><script:event-listener xlink:href="vnd.sun.star.script:x"/>'
             "</office:event-listeners>", 1),
        ({}, '<office:event-listeners><script:event-listener script:macro-name="application:Template.Main"/>'
             '<script:event-listener xlink:href=""/></office:event-listeners>', 0),
    ],
)  # fmt: skip
def test_macros_are_counted(extra: dict[str, str], body: str, count: int) -> None:
    assert read(f"<text:p>x</text:p>{body}", extra=extra).macros == count


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ('<text:section><text:section-source xlink:href="../autre.odt"/></text:section>', 1),
        ('<text:p><draw:frame><draw:image xlink:href="https://exemple.fr/a.png"/></draw:frame></text:p>', 1),
        (f"<text:p>{IMAGE}</text:p>", 0),
        ('<text:p><text:a xlink:href="https://exemple.fr">lien</text:a></text:p>', 0),
        ("<text:dde-connection-decls><text:dde-connection-decl/></text:dde-connection-decls>", 1),
        ('<text:p><draw:frame><draw:object-ole xlink:href="./Object 1"/></draw:frame></text:p>', 1),
    ],
)
def test_what_is_fetched_elsewhere_or_embeds_a_program_is_counted(body: str, count: int) -> None:
    program = "\x01Ole10Native".encode("utf-16-le") + b"facture.exe\0"
    assert read(body, extra={"Object 1": program}).objets_lies == count


PARAGRAPHS = "<text:p>Nous apportons notre soutien à cette démarche partagée.</text:p>" * 6


@pytest.mark.parametrize(
    ("body", "states"),
    [
        (f"{PARAGRAPHS}<text:p>{IMAGE}</text:p><text:p>Le maire</text:p>", ["visible"]),
        (f"<text:p>{IMAGE}</text:p>{PARAGRAPHS}<text:p>Le maire</text:p>", []),
        (f"{PARAGRAPHS}<text:p>{IMAGE}</text:p><text:p>Carte du territoire</text:p>", []),
        ('<draw:frame text:anchor-type="page" text:anchor-page-number="1" svg:y="22cm">'
         f'<draw:image xlink:href="Pictures/1.png"/></draw:frame>{PARAGRAPHS}', ["visible"]),
        ('<draw:frame text:anchor-type="page" text:anchor-page-number="1" svg:y="2cm">'
         f'<draw:image xlink:href="Pictures/1.png"/></draw:frame>{PARAGRAPHS}', []),
    ],
)  # fmt: skip
def test_an_image_where_a_letter_is_signed_is_a_visible_signature(body: str, states: list[str]) -> None:
    assert [one.etat for one in read(body).signatures] == states


def test_a_digital_signature_is_told_as_not_verified() -> None:
    seal = (
        '<document-signatures><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><Object>'
        '<dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2026-03-05T10:00:00</dc:date></Object></Signature>'
        "</document-signatures>"
    )
    (found,) = read("<text:p>x</text:p>", extra={"META-INF/documentsignatures.xml": seal}).signatures
    assert (found.etat, str(found.date)) == ("electronique", "2026-03-05")
    assert "non vérifiée" in (found.detail or "")


def test_pages_are_those_last_counted() -> None:
    meta = f'<office:document-meta {SPACES}><office:meta><meta:document-statistic meta:page-count="4"/></office:meta></office:document-meta>'
    assert read("<text:p>x</text:p>", extra={"meta.xml": meta}).pages == 4
    assert read("<text:p>x</text:p>").pages is None


def test_a_formula_is_text() -> None:
    math = "<math xmlns='http://www.w3.org/1998/Math/MathML'><mi>E</mi><mo>=</mo><mn>2</mn></math>"
    frame = '<text:p>Soit <draw:frame><draw:object xlink:href="./Object 1"/></draw:frame></text:p>'
    assert only(frame, extra={"Object 1/content.xml": math}).text == "Soit E=2"


@pytest.mark.parametrize(
    "extra",
    [
        {"META-INF/manifest.xml": f"<manifest:manifest {SPACES}><manifest:file-entry><manifest:encryption-data/>"
                                  "</manifest:file-entry></manifest:manifest>"},
        {"encrypted-package": b"x"},
    ],
)  # fmt: skip
def test_an_encrypted_document_is_said_to_be_protected(extra: dict[str, str]) -> None:
    with pytest.raises(ReadingError) as error:
        read("<text:p>x</text:p>", extra=extra)
    assert error.value.code == "protege"


@pytest.mark.parametrize(
    "extra",
    [
        {"content.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"},
        {"content.xml": "<x"},
        {"content.xml": f"<office:document-content {SPACES}/>"},
    ],
)
def test_a_document_that_cannot_be_read_is_said_so(extra: dict[str, str]) -> None:
    with pytest.raises(ReadingError) as error:
        read("", extra=extra)
    assert error.value.code == "illisible"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=40), st.integers(0, 3_000))
def test_a_damaged_document_never_raises_anything_else(noise: bytes, where: int) -> None:
    data = bytearray(package("<text:h>Objet</text:h><text:p>x</text:p>"))
    data[where % len(data) : where % len(data) + len(noise)] = noise
    with contextlib.suppress(ReadingError):
        odt.read(bytes(data))


def test_the_doctype_that_openoffice_left_in_the_manifest_is_no_fault_unless_it_declares() -> None:
    plain = '<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd"><m/>'
    assert read("<text:p>lu</text:p>", extra={"META-INF/manifest.xml": plain}).text == "lu"
    with pytest.raises(ReadingError) as error:
        read(
            "<text:p>lu</text:p>", extra={"META-INF/manifest.xml": "<!DOCTYPE m [<!ENTITY a 'b'>]><m>&a;</m>"}
        )
    assert error.value.code == "illisible"
