import io
import zipfile

import docx
import pytest
from bureautique import converted
from docx.oxml import parse_xml
from docx.shared import Cm
from lxml import etree
from PIL import Image

from assembler.errors import TemplateError, WritingError
from assembler.rendering.docx import render
from assembler.rendering.fragments import Fragment
from assembler.rendering.markup import children, text_of, w
from assembler.rendering.styles import Styles

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


RAISED = '<w:vertAlign w:val="superscript"/>'
RED = '<w:color w:val="FF0000"/><w:b/>'


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def note(*blocks):
    """A note whose body holds ``blocks``: raw XML, or a function that adds to the document."""
    document = docx.Document()
    for block in blocks:
        if callable(block):
            block(document)
        else:
            start, _, rest = block.partition(">")
            closed = f"{start.rstrip('/')} {SPACES}{'/' if start.endswith('/') else ''}>{rest}"
            document._body._body.insert(-1, parse_xml(closed))
    return saved(document)


def part(data, name="word/document.xml"):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def anchors(data):
    """Every paragraph of a body, as the reader of docx anchors them."""
    found = []

    def walk(element, path):
        for place, child in enumerate(children(element)):
            if child.tag == w("p"):
                found.append((*path, place))
            elif child.tag not in (w("sectPr"), w("tblPr"), w("tcPr")):
                walk(child, (*path, place))

    walk(part(data)[0], ())
    return tuple(found)


def host(*, style=None, footnotes=False):
    document = docx.Document()
    document.add_heading("Article 1", 1)
    document.add_paragraph("{{p note }}", style=style)
    document.add_paragraph("Après")
    data = saved(document)
    return with_footnotes(data) if footnotes else data


def with_footnotes(data, *texts):
    """Add a footnotes part holding ``texts`` (ids from 2), as python-docx cannot."""
    notes = "".join(
        f'<w:footnote w:id="{n}"><w:p><w:r><w:footnoteRef/>'
        f"</w:r><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>"
        for n, text in enumerate(texts, 2)
    )
    separators = '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "[Content_Types].xml":
                entry = f'<Override PartName="/word/footnotes.xml" ContentType="{NOTES_TYPE}"/></Types>'
                content = content.replace(b"</Types>", entry.encode())
            if name == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
                link = f'<Relationship Id="rIdN" Type="{kind}" Target="footnotes.xml"/></Relationships>'
                content = content.replace(b"</Relationships>", link.encode())
            new.writestr(name, content)
        new.writestr("word/footnotes.xml", f"<w:footnotes {SPACES}>{separators}{notes}</w:footnotes>")
    return stream.getvalue()


def poured(data, *, into=None, chosen=None, **options):
    fragment = Fragment(data, anchors(data) if chosen is None else chosen, **options)
    return render(into or host(), {"note": fragment}, name="cctp.docx")


def blocks(data):
    """What stands between the heading and « Après »."""
    body = [one for one in part(data)[0] if one.tag != w("sectPr")]
    return body[1:-1]


def texts(data):
    return [text_of(one) for one in blocks(data)]


def style_name(data, paragraph):
    held = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    return None if held is None else Styles(part(data, "word/styles.xml")).name(held.get(w("val")))


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def picture(tmp_path, size=(4, 4)):
    path = tmp_path / "carte.png"
    Image.new("RGB", size, "green").save(path)
    return str(path)


def test_emphasis_is_kept_fonts_sizes_and_colours_are_the_hosts():
    rich = (
        '<w:rFonts w:ascii="Comic Sans MS"/><w:b/><w:i/>'
        '<w:color w:val="FF0000"/><w:sz w:val="40"/><w:u w:val="single"/>'
    )
    data = poured(note(f"<w:p>{run('mot', rich)}{run('2', RAISED)}</w:p>"))
    (first, second) = blocks(data)[0].iter(w("rPr"))
    assert [etree.QName(one).localname for one in first] == ["b", "i", "u"]
    assert [etree.QName(one).localname for one in second] == ["vertAlign"]


def test_headings_land_under_the_article_and_text_takes_the_style_of_the_tag():
    data = note(
        lambda d: d.add_heading("Objet", 1),
        lambda d: d.add_heading("Détail", 2),
        lambda d: d.add_heading("Profond", 4),
        lambda d: d.add_paragraph("texte"),
    )
    made = poured(data, into=host(style="Body Text"), shift=1, max_level=4)
    found = [style_name(made, one) for one in blocks(made)]
    assert found == ["heading 2", "heading 3", "heading 4", "body text"]


def test_a_french_style_id_is_known_by_its_name_and_an_unknown_style_keeps_its_bold():
    def french(document):
        style = document.styles.add_style("Encadré maison", 1)
        style.font.bold = True
        document.add_paragraph("important", style=style)

    made = poured(note(french, lambda d: d.add_paragraph("point", style="List Bullet")))
    first, second = blocks(made)
    assert style_name(made, first) is None
    assert first.find(f".//{w('b')}") is not None
    assert style_name(made, second) == "list bullet"


def test_tracked_changes_are_accepted_and_marks_left_behind():
    data = note(
        "<w:p><w:bookmarkStart w:id='1' w:name='a'/><w:commentRangeStart w:id='4'/>"
        f"{run('garde ')}<w:ins w:id='2' w:author='x'>{run('ajout ')}</w:ins>"
        "<w:del w:id='3' w:author='x'><w:r><w:delText>retrait</w:delText></w:r></w:del>"
        f"<w:moveFrom w:id='5' w:author='x'>{run('parti')}</w:moveFrom>"
        f"<w:moveTo w:id='6' w:author='x'>{run('venu')}</w:moveTo>"
        "<w:proofErr w:type='spellEnd'/><w:commentRangeEnd w:id='4'/><w:bookmarkEnd w:id='1'/></w:p>"
    )
    made = poured(data)
    assert texts(made) == ["garde ajout venu"]
    assert {etree.QName(one).localname for one in blocks(made)[0]} == {"r"}


def test_a_paragraph_whose_end_was_deleted_runs_into_the_next():
    data = note(
        f"<w:p><w:pPr><w:rPr><w:del w:id='1' w:author='x'/></w:rPr></w:pPr>{run('un ')}</w:p>",
        f"<w:p>{run('deux')}</w:p>",
    )
    assert texts(poured(data)) == ["un deux"]


def test_controls_are_opened_and_placeholders_dropped():
    data = note(
        f"<w:sdt><w:sdtPr/><w:sdtContent><w:p>{run('bloc')}</w:p></w:sdtContent></w:sdt>",
        f"<w:p>{run('ici ')}<w:sdt><w:sdtPr/><w:sdtContent>{run('rempli')}</w:sdtContent></w:sdt>"
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
        f"<w:sdtContent>{run('Cliquez ici')}</w:sdtContent></w:sdt></w:p>",
    )
    made = poured(data)
    assert texts(made) == ["bloc", "ici rempli"]
    assert not list(part(made).iter(w("sdt")))


def test_fields_leave_their_result_and_nothing_live():
    def mark(kind):
        return f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>"

    box = (
        "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox>"
        "<w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>"
    )
    data = note(
        f"<w:p>{run('page ')}{mark('begin')}<w:r><w:instrText> PAGE </w:instrText>"
        f"</w:r>{mark('separate')}{run('4')}{mark('end')}"
        f"<w:fldSimple w:instr=' DATE '>{run(' du jour')}</w:fldSimple></w:p>",
        f"<w:p>{box}<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r>{mark('end')}{run(' oui')}</w:p>",
        f"<w:p>{mark('begin')}{mark('end')}{run('après')}</w:p>",
    )
    made = poured(data)
    assert texts(made) == ["page 4 du jour", "☒ oui", "après"]
    assert not list(part(made).iter(w("fldChar"), w("instrText"), w("fldSimple")))


def test_hidden_text_page_breaks_and_sections_stay_behind():
    data = note(
        f"<w:p><w:pPr><w:pageBreakBefore/><w:sectPr/></w:pPr>{run('secret', '<w:vanish/>')}{run('vu')}"
        "<w:r><w:br w:type='page'/></w:r><w:r><w:br/><w:tab/></w:r></w:p>",
        "<w:p><w:r><w:br w:type='page'/></w:r></w:p>",
    )
    made = poured(data)
    assert texts(made) == ["vu"]
    assert len(list(part(made).iter(w("sectPr")))) == 1
    assert not [one for one in part(made).iter(w("br")) if one.get(w("type"))]
    assert not list(part(made).iter(w("pageBreakBefore")))


def test_web_links_stay_links_and_others_become_text():
    def links(document):
        for address in ("https://www.ecologie.gouv.fr/", "file:///C:/secret.docx"):
            number = document.part.relate_to(
                address,
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
                is_external=True,
            )
            document._body._body.insert(
                -1, parse_xml(f"<w:p {SPACES}><w:hyperlink r:id='{number}'>{run('lien')}</w:hyperlink></w:p>")
            )

    made = poured(note(links))
    assert texts(made) == ["lien", "lien"]
    assert len(list(part(made).iter(w("hyperlink")))) == 1
    targets = [one.get("Target") for one in part(made, "word/_rels/document.xml.rels")]
    assert "https://www.ecologie.gouv.fr/" in targets
    assert not [one for one in targets if one.startswith("file:")]


def numbered(number, text):
    properties = f"<w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='{number}'/></w:numPr></w:pPr>"
    return f"<w:p>{properties}{run(text)}</w:p>"


def lists(document):
    numbering = document.part.numbering_part.element
    abstract = parse_xml(
        f"<w:abstractNum {SPACES} w:abstractNumId='77'><w:lvl w:ilvl='0'>"
        f"<w:start w:val='1'/><w:numFmt w:val='lowerLetter'/>"
        "<w:pStyle w:val='ListNumber'/><w:lvlText w:val='%1)'/>"
        "<w:lvlJc w:val='left'/></w:lvl></w:abstractNum>"
    )
    numbering.insert(0, abstract)
    for number in (91, 92):
        override = (
            "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride>" if number == 92 else ""
        )
        numbering.append(
            parse_xml(f"<w:num {SPACES} w:numId='{number}'><w:abstractNumId w:val='77'/>{override}</w:num>")
        )


def test_lists_keep_their_numbers_and_their_restarts():
    made = poured(note(lists, numbered(91, "a"), numbered(91, "b"), numbered(92, "a encore")))
    used = [one.find(f".//{w('numId')}").get(w("val")) for one in blocks(made)]
    assert used[0] == used[1] != used[2]
    root = part(made, "word/numbering.xml")
    nums = {one.get(w("numId")): one for one in root.iter(w("num"))}
    assert nums[used[2]].find(f".//{w('startOverride')}").get(w("val")) == "1"
    abstract = nums[used[0]].find(w("abstractNumId")).get(w("val"))
    (copied,) = [one for one in root.iter(w("abstractNum")) if one.get(w("abstractNumId")) == abstract]
    assert copied.find(f".//{w('lvlText')}").get(w("val")) == "%1)"
    assert copied.find(f".//{w('pStyle')}") is None
    order = [etree.QName(one).localname for one in root]
    assert order == sorted(order)


def test_two_fragments_of_one_list_each_start_anew():
    data = note(lists, numbered(91, "un"), numbered(91, "deux"))
    document = docx.Document()
    document.add_paragraph("{{p a }}")
    document.add_paragraph("{{p b }}")
    first, second = (Fragment(data, (anchor,)) for anchor in anchors(data))
    made = render(saved(document), {"a": first, "b": second}, name="t")
    used = [one.get(w("val")) for one in part(made).iter(w("numId"))]
    assert len(set(used)) == 2


def grid(document):
    table = document.add_table(2, 2, style="Table Grid")
    for row, column, text in ((0, 0, "Rubrique"), (0, 1, "Réponse"), (1, 0, "Objet"), (1, 1, "Le bourg")):
        table.cell(row, column).text = text
    table.cell(1, 1).add_paragraph("et la gare", style="List Bullet")


def test_a_table_comes_whole_when_all_of_it_is_named_and_once():
    data = note(grid, lambda d: d.add_paragraph("suite"))
    made = poured(data)
    table, after = blocks(made)
    assert [text_of(one) for one in table.iter(w("tc"))] == [
        "Rubrique",
        "Réponse",
        "Objet",
        "Le bourget la gare",
    ]
    assert text_of(after) == "suite"
    assert after.find(f"{w('pPr')}/{w('spacing')}").get(w("before")) == "120"


def test_a_form_gives_the_paragraphs_of_the_cells_named():
    data = note(grid)
    chosen = [one for one in anchors(data) if one[:3] == (0, 3, 1)]
    made = poured(data, chosen=tuple(chosen))
    assert texts(made) == ["Le bourg", "et la gare"]
    assert not list(part(made).iter(w("tbl")))


def test_a_table_wider_than_the_page_is_brought_to_its_width():
    def wide(document):
        table = document.add_table(1, 2)
        for cell in table.rows[0].cells:
            cell.width = Cm(20)
        for column in table._tbl.tblGrid:
            column.set(w("w"), "11338")

    data = note(wide, lambda d: None)
    made = poured(data, chosen=((0,),))
    (table,) = part(made).iter(w("tbl"))
    assert sum(int(one.get(w("w"))) for one in table.iter(w("gridCol"))) <= 8640


def test_a_dark_shading_goes_with_the_white_of_its_text():
    def shaded(document):
        table = document.add_table(1, 2)
        for cell, fill in zip(table.rows[0].cells, ("1F3864", "D9E5EC"), strict=True):
            cell.text = "x"
            cell._tc.get_or_add_tcPr().append(
                parse_xml(f"<w:shd {SPACES} w:val='clear' w:fill='{fill}' w:themeFill='accent1'/>")
            )

    made = poured(note(shaded))
    assert [one.get(w("fill")) for one in part(made).iter(w("shd"))] == ["D9E5EC"]


def test_an_image_comes_with_its_alternative_text_and_fits_the_page(tmp_path):
    path = picture(tmp_path)

    def map_(document):
        for _ in range(2):
            document.add_picture(path, width=Cm(30))
            document.inline_shapes[-1]._inline.docPr.set("descr", "Carte du territoire")

    made = poured(note(map_))
    found = list(part(made).iter("{*}docPr"))
    assert [(one.get("id"), one.get("descr")) for one in found] == [
        ("1", "Carte du territoire"),
        ("2", "Carte du territoire"),
    ]
    extent = next(part(made).iter("{*}extent"))
    assert int(extent.get("cx")) == int(extent.get("cy")) == 8640 * 635
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        (media,) = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert archive.read(media) == (tmp_path / "carte.png").read_bytes()
        assert b'Extension="png"' in archive.read("[Content_Types].xml")


def test_a_linked_image_is_told_and_not_linked():
    def linked(document):
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
        number = document.part.relate_to("file:///C:/carte.png", kind, is_external=True)
        document._body._body.insert(
            -1,
            parse_xml(
                f"<w:p {SPACES}><w:r><w:drawing><wp:inline>"
                f"<wp:extent cx='9' cy='9'/><wp:docPr id='1' name='i' descr='Carte'/>"
                f"<a:graphic><a:graphicData uri='x'><pic:pic><pic:blipFill>"
                f"<a:blip r:link='{number}'/></pic:blipFill></pic:pic>"
                "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
            ),
        )

    made = poured(note(linked))
    assert texts(made) == ["[image non reprise : Carte]"]
    assert b"carte.png" not in etree.tostring(part(made, "word/_rels/document.xml.rels"))


def test_a_text_box_keeps_its_text_once_and_declares_its_prefix():
    shape = (
        "<w:drawing><wp:anchor behindDoc='1'><wp:simplePos x='0' y='0'/>"
        "<wp:extent cx='9' cy='9'/><wp:docPr id='1' name='z'/>"
        "<a:graphic><a:graphicData uri='http://schemas.microsoft.com/office/word/2010/wordprocessingShape'>"
        "<wps:wsp><wps:txbx>"
        f"<w:txbxContent><w:p>{run('encadré', RED)}</w:p></w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
        "</a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )
    fallback = (
        f"<w:pict><v:shape><v:textbox><w:txbxContent><w:p>{run('encadré')}</w:p>"
        f"</w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    choice = f"<mc:Choice Requires='wps'>{shape}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback>"
    data = note(f"<w:p><w:r><mc:AlternateContent>{choice}</mc:AlternateContent></w:r></w:p>")
    made = poured(data, chosen=((0,),))
    assert texts(made) == ["encadré"]
    (kept,) = part(made).iter("{*}Choice")
    assert kept.nsmap["wps"] == "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    assert not list(part(made).iter("{*}anchor"))
    assert not list(kept.iter(w("color")))


def test_an_equation_is_copied():
    data = note(
        "<w:p><m:oMath><m:r><w:rPr><w:rFonts w:ascii='Cambria Math'/>"
        "<w:color w:val='FF0000'/></w:rPr><m:t>x=2</m:t></m:r></m:oMath></w:p>"
    )
    made = poured(data)
    (found,) = part(made).iter("{*}oMath")
    assert "".join(found.itertext()) == "x=2"
    assert not list(found.iter(w("color")))


def test_an_embedded_object_leaves_its_picture_only(tmp_path):
    path = picture(tmp_path)

    def ole(document):
        image, _ = document.part.get_or_add_image(path)
        document._body._body.insert(
            -1,
            parse_xml(
                f"<w:p {SPACES}><w:r><w:object w:dxaOrig='9' w:dyaOrig='9'>"
                f"<v:shape><v:imagedata r:id='{image}'/></v:shape>"
                "<o:OLEObject Type='Embed' ProgID='Excel.Sheet.12' r:id='rId99'/></w:object></w:r></w:p>"
            ),
        )

    made = poured(note(ole))
    assert not list(part(made).iter("{*}OLEObject"))
    assert len(list(part(made).iter("{*}imagedata"))) == 1


CALL = f"<w:p>{run('dit')}<w:r><w:footnoteReference w:id='2'/></w:r>{run(' on.')}</w:p>"


def test_a_footnote_joins_those_of_the_host():
    made = poured(with_footnotes(note(CALL), "une source"), into=host(footnotes=True))
    (call,) = part(made).iter(w("footnoteReference"))
    (joined,) = [one for one in part(made, "word/footnotes.xml") if one.get(w("id")) == call.get(w("id"))]
    assert text_of(joined) == "une source"
    assert len(list(joined.iter(w("footnoteRef")))) == 1


def test_a_footnote_is_written_in_brackets_when_the_host_has_none():
    assert texts(poured(with_footnotes(note(CALL), "une source"))) == ["dit [note : une source] on."]


def test_a_fragment_out_of_place_is_refused():
    document = docx.Document()
    document.add_paragraph("Avant {{ note }}")
    with pytest.raises(TemplateError, match="seule dans son paragraphe"):
        render(saved(document), {"note": Fragment(note(), ((0,),))}, name="t")
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "{{p note }}"
    document.add_paragraph("corps")
    with pytest.raises(TemplateError, match="corps du texte"):
        render(saved(document), {"note": Fragment(note(), ((0,),))}, name="t")


def test_an_empty_fragment_can_be_shown_as_to_complete():
    document = docx.Document()
    document.add_paragraph("{{p note|a_completer('objet') }}")
    made = render(saved(document), {"note": Fragment(b"", ())}, name="t")
    assert [text_of(one) for one in part(made).iter(w("p"))] == ["[à compléter\u00a0: objet]"]
    assert len(list(part(made).iter(w("highlight")))) == 1


def test_a_fragment_fits_a_cell_and_leaves_it_whole():
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "{{p note }}"
    data = note(grid)
    made = render(saved(document), {"note": Fragment(data, anchors(data))}, name="t")
    cell = next(part(made).iter(w("tc")))
    assert [etree.QName(one).localname for one in cell] == ["tcPr", "tbl", "p"]


def test_a_note_that_cannot_be_read_is_explained():
    with pytest.raises(WritingError, match="ne peut pas être repris"):
        poured(b"PK", chosen=((0,),))


def test_the_same_fragment_gives_the_same_bytes(tmp_path):
    data = note(lists, numbered(91, "a"), grid, lambda d: d.add_picture(picture(tmp_path)))
    assert poured(data) == poured(data)


def test_libreoffice_shows_what_was_poured(tmp_path):
    data = note(lambda d: d.add_heading("Objet", 1), lists, numbered(91, "premier"), grid)
    path = tmp_path / "cctp.docx"
    path.write_bytes(poured(data, shift=1))
    (text_file,) = converted(tmp_path, [path], "txt:Text (encoded):UTF8", "txt")
    found = text_file.read_text(encoding="utf-8-sig").split()
    assert found[:5] == ["Article", "1", "Objet", "a)", "premier"]
