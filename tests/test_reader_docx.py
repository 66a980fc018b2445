"""Word files read straight over the XML: every visible word, and only those."""

from __future__ import annotations

import io
import zipfile

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assembler.errors import ReadingError
from assembler.model import Block, Reading
from assembler.readers import docx, wordstyles

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PICTURE = '<w:r><w:drawing><a:blip r:embed="rId9"/></w:drawing></w:r>'


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def style(
    ident: str, name: str, inside: str = "", *, based: str = "", kind: str = "paragraph", default: str = "0"
) -> str:
    base = f'<w:basedOn w:val="{based}"/>' if based else ""
    head = f'<w:style w:type="{kind}" w:styleId="{ident}" w:default="{default}"><w:name w:val="{name}"/>'
    return f"{head}{base}{inside}</w:style>"


def package(
    body: str,
    *,
    styles: str = "",
    parts: dict[str, tuple[str, str]] | None = None,
    links: str = "",
    extra: dict[str, bytes] | None = None,
    main: str = MAIN,
    strict: bool = False,
) -> bytes:
    """A docx by hand; ``parts`` maps a relation kind to (root name, inner XML)."""
    parts = dict(parts or {})
    if styles:
        parts["styles"] = ("styles", styles)
    rels = "".join(
        f'<Relationship Id="p{index}" Type="{REL}/{kind}" Target="{kind}.xml"/>'
        for index, kind in enumerate(parts)
    )
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="r2" Type="{REL}/extended-properties" Target="docProps/app.xml"/></Relationships>',
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{rels}{links}</Relationships>",
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        **{f"word/{kind}.xml": f"<w:{root} {SPACES}>{xml}</w:{root}>" for kind, (root, xml) in parts.items()},
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in members.items():
            if strict:
                text = text.replace(
                    "http://schemas.openxmlformats.org/wordprocessingml/2006",
                    "http://purl.oclc.org/ooxml/wordprocessingml",
                )
                text = text.replace(
                    "http://schemas.openxmlformats.org/officeDocument/2006",
                    "http://purl.oclc.org/ooxml/officeDocument",
                )
            out.writestr(name, text)
        for name, data in (extra or {}).items():
            out.writestr(name, data)
    return stream.getvalue()


def read(body: str, **options: object) -> Reading:
    return docx.read(package(body, **options))  # type: ignore[arg-type]


def texts(body: str, **options: object) -> list[str]:
    return [block.text for block in read(body, **options).blocks]


SDT = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
TABLE = "<w:tbl><w:tblPr/><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"
BOX = "<w:txbxContent>{}</w:txbxContent>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (p(r("mot")), ["mot"]),
        (SDT.format("", p(r("mot"))), ["mot"]),
        (p(SDT.format("", r("mot"))), ["mot"]),
        (TABLE.format(SDT.format("", p(r("mot")))), ["mot"]),
        ("<w:tbl><w:tr>" + SDT.format("", f"<w:tc>{p(r('mot'))}</w:tc>") + "</w:tr></w:tbl>", ["mot"]),
        ("<w:tbl>" + SDT.format("", f"<w:tr><w:tc>{p(r('mot'))}</w:tc></w:tr>") + "</w:tbl>", ["mot"]),
        (SDT.format("", SDT.format("", p(SDT.format("", r("mot"))))), ["mot"]),
        (TABLE.format(p(r("a")) + TABLE.format(p(r("mot"))) + p("")), ["a", "mot"]),
        (p(f"<w:ins>{r('mot')}</w:ins>"), ["mot"]),
        (p(f"<w:moveTo>{r('mot')}</w:moveTo>"), ["mot"]),
        (p(f'<w:fldSimple w:instr="AUTHOR">{r("mot")}</w:fldSimple>'), ["mot"]),
        (p(f"<w:smartTag>{r('mot')}</w:smartTag>"), ["mot"]),
        (p(f"<w:customXml>{r('mot')}</w:customXml>"), ["mot"]),
        (f"<w:customXml>{p(r('mot'))}</w:customXml>", ["mot"]),
        (p(f"<w:hyperlink>{r('mot')}</w:hyperlink>"), ["mot"]),
        (p("<m:oMath><m:r><m:t>mot</m:t></m:r></m:oMath>"), ["mot"]),
        (
            p(
                f"<w:r><w:pict><v:shape><v:textbox>{BOX.format(p(r('mot')))}</v:textbox></v:shape></w:pict></w:r>"
            ),
            ["mot"],
        ),
        (
            p(
                f"<w:r><w:drawing><wps:wsp><wps:txbx>{BOX.format(p(r('mot')))}</wps:txbx></wps:wsp></w:drawing></w:r>"
            ),
            ["mot"],
        ),
        (
            p(
                "<w:r><w:t>un</w:t><w:tab/><w:t>deux</w:t><w:br/><w:t>peut</w:t><w:noBreakHyphen/><w:t>être</w:t></w:r>"
            ),
            ["un\tdeux\npeut-être"],
        ),
        (p("<w:r><w:t>coupe</w:t><w:softHyphen/><w:t>ment</w:t></w:r>"), ["coupement"]),
        (p('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + r(" oui")), ["☑ oui"]),
    ],
)
def test_text_is_read_wherever_word_shows_it(body: str, expected: list[str]) -> None:
    assert texts(body) == expected


@pytest.mark.parametrize(
    "hidden",
    [
        f"<w:del>{r('non').replace('w:t', 'w:delText')}</w:del>",
        f"<w:moveFrom>{r('non')}</w:moveFrom>",
        r("non", "<w:vanish/>"),
        r("non", '<w:rStyle w:val="Cache"/>'),
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
        + r("non")
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
        "<w:r><w:rPr/><w:instrText>non</w:instrText></w:r>",
        "<!-- non -->",
    ],
)
def test_text_that_word_does_not_show_stays_out(hidden: str) -> None:
    styles = style("Cache", "Caché", "<w:rPr><w:vanish/></w:rPr>", kind="character")
    assert texts(p(r("oui") + hidden), styles=styles) == ["oui"]


def test_vanish_switched_off_is_visible() -> None:
    assert texts(p(r("oui", '<w:vanish w:val="0"/>'))) == ["oui"]


def test_a_text_box_and_its_fallback_are_one() -> None:
    box = BOX.format(p(r("mot")))
    choice = f'<mc:Choice Requires="wps"><w:drawing><wps:wsp>{box}</wps:wsp></w:drawing></mc:Choice>'
    fallback = f"<mc:Fallback><w:pict><v:shape>{box}</v:shape></w:pict></mc:Fallback>"
    assert texts(p(f"<w:r><mc:AlternateContent>{choice}{fallback}</mc:AlternateContent></w:r>")) == ["mot"]
    assert texts(p(f"<w:r><mc:AlternateContent>{fallback}</mc:AlternateContent></w:r>")) == ["mot"]


def field(code: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    begin, separate, end = (mark.format(kind) for kind in ("begin", "separate", "end"))
    return f"{begin}<w:r><w:instrText>{code}</w:instrText></w:r>{separate}{result}{end}"


def test_a_field_shows_its_result() -> None:
    assert texts(p(r("le ") + field(' DATE \\@ "d"', r("12")))) == ["le 12"]


def test_a_deleted_row_stays_out() -> None:
    row = "<w:tr><w:trPr>{}</w:trPr><w:tc>{}</w:tc></w:tr>"
    assert texts(
        "<w:tbl>" + row.format("<w:del/>", p(r("non"))) + row.format("<w:ins/>", p(r("oui"))) + "</w:tbl>"
    ) == ["oui"]


def test_the_table_of_contents_is_not_the_text() -> None:
    begin = field(" TOC ", p(r("Objet 3"), '<w:outlineLvl w:val="0"/>'))
    begin, end = begin.split("<w:p>")[0], begin.split("</w:p>")[1]
    body = p(begin + r("Objet 2")) + p(r("Ressources 4")) + p(end) + p(r("Objet"))
    assert texts(body) == ["Objet"]
    assert texts(
        p(r("Objet 2"), '<w:pStyle w:val="TM1"/>') + p(r("suite")), styles=style("TM1", "toc 1")
    ) == ["suite"]
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    assert texts(SDT.format(gallery, p(r("Sommaire"))) + p(r("suite"))) == ["suite"]


def test_a_field_that_never_ends_does_not_swallow_the_rest() -> None:
    unended = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC </w:instrText></w:r>'
    assert texts(p(unended + r("un")) + p(r("deux"))) == ["un", "deux"]


def test_the_prompt_of_an_empty_control_is_a_hint() -> None:
    empty = "<w:showingPlcHdr/>"
    found = read(
        SDT.format(empty, p(r("Cliquez ici")))
        + p(SDT.format(empty, r("Cliquez là")))
        + p(r("Nom : ") + SDT.format(empty, r("Saisir")))
        + SDT.format('<w:showingPlcHdr w:val="0"/>', p(r("rempli")))
    )
    assert [(one.text, one.hint) for one in found.blocks] == [
        ("Cliquez ici", True),
        ("Cliquez là", True),
        ("Nom :", False),
        ("rempli", False),
    ]


@pytest.mark.parametrize(
    ("run", "hint"),
    [
        ('<w:color w:val="808080"/>', True),
        ('<w:color w:val="A6A6A6" w:themeColor="background1" w:themeShade="A6"/>', True),
        ('<w:color w:val="auto" w:themeColor="background1" w:themeShade="A6"/>', True),
        ('<w:rStyle w:val="Textedelespacerserv"/>', True),
        ('<w:color w:val="404040"/>', False),
        ('<w:color w:val="FF0000"/>', False),
        ('<w:color w:val="auto"/>', False),
        ("", False),
    ],
)
def test_greyed_guidance_is_a_hint(run: str, hint: bool) -> None:
    styles = style("Textedelespacerserv", "Placeholder Text", kind="character")
    (block,) = read(p(r("Décrivez ici", run)), styles=styles).blocks
    assert (block.text, block.hint) == ("Décrivez ici", hint)


def test_a_paragraph_half_grey_is_not_a_hint() -> None:
    (block,) = read(p(r("Objet ", '<w:color w:val="808080"/>') + r("des bourgs"))).blocks
    assert not block.hint


STYLES = (
    style("Normal", "Normal", default="1")
    + style("Titre1", "heading 1", "<w:rPr><w:b/></w:rPr>", based="Normal")
    + style("berschrift2", "Heading 2")
    + style("599", "Titre 3")
    + style("Maison", "Rubrique maison", based="Titre1")
    + style("Plan", "Chapitre", '<w:pPr><w:outlineLvl w:val="3"/></w:pPr>')
    + style("Titre", "Title", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    + style("TOCHeading", "TOC Heading", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>', based="Titre1")
    + style("Boucle", "Boucle", based="Boucle2")
    + style("Boucle2", "Boucle 2", based="Boucle")
    + style("Puce", "List Bullet")
    + style("Num", "Liste maison", '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>')
)


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("Titre1", 1),
        ("berschrift2", 2),
        ("599", 3),
        ("Maison", 1),
        ("Plan", 4),
        ("Titre", None),
        ("TOCHeading", None),
        ("Boucle", None),
        ("Inconnu", None),
    ],
)
def test_headings_are_known_by_the_name_of_their_style(name: str, level: int | None) -> None:
    (block,) = read(p(r("Objet"), f'<w:pStyle w:val="{name}"/>'), styles=STYLES).blocks
    assert block.level == level


def test_the_outline_level_of_the_paragraph_prevails() -> None:
    (heading,) = read(p(r("Objet"), '<w:outlineLvl w:val="1"/>'), styles=STYLES).blocks
    (running,) = read(
        p(r("Objet"), '<w:pStyle w:val="Titre1"/><w:outlineLvl w:val="9"/>'), styles=STYLES
    ).blocks
    assert (heading.level, running.level) == (2, None)


def test_bold_is_that_of_the_whole_paragraph() -> None:
    body = p(r("un", "<w:b/>") + r(" deux", "<w:b/>")) + p(r("un", "<w:b/>") + r(" deux"))
    body += p(r("titre"), '<w:pStyle w:val="Titre1"/>') + p(
        r("titre", '<w:b w:val="0"/>'), '<w:pStyle w:val="Titre1"/>'
    )
    assert [block.bold for block in read(body, styles=STYLES).blocks] == [True, False, True, False]


def test_list_items_are_known_by_numbering_or_style() -> None:
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{}"/></w:numPr>'
    body = p(r("a"), number.format(2)) + p(r("b"), number.format(0)) + p(r("c"), '<w:pStyle w:val="Puce"/>')
    body += p(r("d"), '<w:pStyle w:val="Num"/>') + p(r("e"), '<w:pStyle w:val="Titre1"/>' + number.format(2))
    assert [block.listed for block in read(body, styles=STYLES).blocks] == [True, False, True, True, False]


def test_an_anchor_leads_back_to_the_paragraph() -> None:
    body = p("") + p(r("un")) + SDT.format("", p(r("deux"))) + TABLE.format(p(r("trois")))
    data = package(body)
    found = docx.read(data).blocks
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))[0]
    for block in found:
        node = root
        for index in block.anchor:
            node = node[index]
        assert (node.tag, "".join(node.itertext())) == (f"{{{W}}}p", block.text)
    assert [(block.anchor[0], block.in_table) for block in found] == [(1, False), (2, False), (3, True)]


def test_a_picture_keeps_its_place() -> None:
    assert [(one.text, one.picture) for one in read(p(r("a")) + p(PICTURE) + p("")).blocks] == [
        ("a", False),
        ("", True),
    ]


def test_notes_come_last_and_headers_apart() -> None:
    found = read(
        p(r("texte") + '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        parts={
            "footnotes": (
                "footnotes",
                f'<w:footnote w:type="separator" w:id="0">{p(r("non"))}</w:footnote>'
                f'<w:footnote w:id="2">{p(r("note"))}</w:footnote>',
            ),
            "header": ("hdr", p(r("PRÉFÈTE"))),
            "footer": ("ftr", TABLE.format(p(r("Page ") + field("PAGE", r("1"))))),
        },
    )
    assert [(one.text, one.anchor) for one in found.blocks] == [("texte", (0,)), ("note", ())]
    assert found.headers == "PRÉFÈTE\nPage 1"


def test_revisions_and_comments_are_counted() -> None:
    found = read(
        p(f"<w:ins>{r('a')}</w:ins><w:del>{r('b')}</w:del>" + r("c", "<w:rPrChange/>")),
        parts={"comments": ("comments", "<w:comment/><w:comment/>")},
    )
    assert (found.revisions, found.commentaires) == (3, 2)


LINK = '<Relationship Id="x{}" Type="' + REL + '/{}" Target="{}" TargetMode="External"/>'


@pytest.mark.parametrize(
    ("kind", "target", "linked"),
    [
        ("hyperlink", "https://exemple.fr", 0),
        ("hyperlink", "mailto:contact@exemple.fr", 0),
        ("image", "https://exemple.fr/a.png", 1),
        ("oleObject", "file:///C:/a.xlsx", 1),
        ("attachedTemplate", "file:///C:/Normal.dotm", 0),
        ("attachedTemplate", "https://exemple.fr/a.dotm", 1),
    ],
)
def test_linked_data_is_counted_and_a_web_link_is_not(kind: str, target: str, linked: int) -> None:
    assert read(p(r("a")), links=LINK.format(1, kind, target)).objets_lies == linked


def test_linked_fields_and_embedded_programs_are_counted() -> None:
    program = "\x01Ole10Native".encode("utf-16-le") + b"C:\\facture.exe\0"
    found = read(
        p(field(" LINK Excel.Sheet C:\\a.xlsx", r("a")) + field(" PAGE", r("1"))),
        extra={"word/embeddings/oleObject1.bin": program, "word/vbaProject.bin": b"x"},
    )
    assert (found.objets_lies, found.macros) == (2, 1)


def test_pages_are_those_the_word_processor_counted() -> None:
    namespace = REL.replace("relationships", "extended-properties")
    app = f'<Properties xmlns="{namespace}"><Pages>9</Pages></Properties>'
    assert read(p(r("a")), extra={"docProps/app.xml": app.encode()}).pages == 9
    assert read(p(r("a"))).pages is None


LETTER = p(PICTURE) + "".join(
    p(r("Je vous confirme notre engagement dans cette démarche. " * 3)) for _ in range(6)
)


def test_the_image_under_a_letter_is_its_signature_and_the_logo_is_not() -> None:
    name = p(r("Le président,")) + p(PICTURE) + p(r("Claude EXEMPLE"))
    assert [one.etat for one in read(LETTER + name).signatures] == ["visible"]
    assert read(LETTER + p(r("Le président,")) + p(r("Claude EXEMPLE"))).signatures == ()
    caption = p(PICTURE) + p(r("Figure 1 – le territoire"))
    assert read(LETTER + caption).signatures == ()


def test_an_empty_signature_line_is_not_a_signature() -> None:
    line = p('<w:r><w:pict><v:shape><v:imagedata r:id="x"/><o:signatureline/></v:shape></w:pict></w:r>')
    assert read(LETTER + line).signatures == ()


def test_a_digital_signature_is_present_and_not_verified() -> None:
    xml = (
        b"<Signature><KeyInfo><X509Certificate>AAAA</X509Certificate></KeyInfo>"
        b"<SigningTime>2026-03-02T10:00:00Z</SigningTime></Signature>"
    )
    (found,) = read(p(r("a")), extra={"_xmlsignatures/sig1.xml": xml}).signatures
    assert (found.etat, found.signataire, str(found.date)) == ("electronique", None, "2026-03-02")
    assert "non vérifiée" in str(found.detail)


def test_strict_documents_are_read_like_the_others() -> None:
    found = read(p(r("Objet"), '<w:pStyle w:val="Titre1"/>') + p(r("texte")), styles=STYLES, strict=True)
    assert [(one.text, one.level) for one in found.blocks] == [("Objet", 1), ("texte", None)]


def test_a_document_of_python_docx_is_read_whole() -> None:
    document = python_docx.Document()
    document.add_heading("Objet", 1)
    document.add_paragraph("Premier", style="List Bullet")
    document.add_table(1, 1).cell(0, 0).text = "Case"
    stream = io.BytesIO()
    document.save(stream)
    found = docx.read(stream.getvalue())
    assert (found.nature, found.forme) == ("docx", "editable")
    assert [(one.text, one.level, one.listed, one.in_table) for one in found.blocks] == [
        ("Objet", 1, False, False),
        ("Premier", None, True, False),
        ("Case", None, False, True),
    ]


def test_styles_are_parsed_once_for_the_same_part() -> None:
    data = package(p(r("a")), styles=STYLES + style("Seul", "Une fois"))
    docx.read(data)
    before = list(wordstyles._cache.values())
    docx.read(data)
    assert [id(one) for one in wordstyles._cache.values()] == [id(one) for one in before]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "vide"),
        (b"Bonjour", "nature"),
        (package("")[:-30], "illisible"),
        (package("<w:p>"), "illisible"),
        (package(p(r("a")), parts={"header": ("hdr", "<!DOCTYPE a>")}), "illisible"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, code: str) -> None:
    with pytest.raises(ReadingError) as caught:
        docx.read(data)
    assert caught.value.code == code
    assert str(caught.value).endswith(".")


def test_tables_nested_a_hundred_deep_are_read_or_refused() -> None:
    body = p(r("mot"))
    for _ in range(60):
        body = TABLE.format(body)
    assert texts(body) == ["mot"]
    for _ in range(60):
        body = TABLE.format(body)
    with pytest.raises(ReadingError, match="endommagé"):
        docx.read(package(body))


NODES = st.recursive(
    st.sampled_from([p(r("mot")), p(PICTURE), p(""), r("nu"), "<w:sectPr/>"]),
    lambda inner: st.builds(
        lambda items, wrap: wrap.format("".join(items)),
        st.lists(inner, max_size=3),
        st.sampled_from(
            [
                "<w:ins>{}</w:ins>",
                "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
                "<w:p>{}</w:p>",
                "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
                "<w:r>{}</w:r>",
            ]
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(NODES)
def test_any_nesting_of_elements_gives_blocks(body: str) -> None:
    assert all(isinstance(one, Block) for one in docx.read(package(body)).blocks)
