from __future__ import annotations

import datetime as dt
import io
import subprocess
import zipfile
from pathlib import Path

import pytest
from dossiers import copied
from lxml import etree

from assembler import cli
from assembler.errors import WritingError
from assembler.model import Block
from assembler.readers.docx import read
from assembler.rendering.annotating import AUTHOR, Remark, annotate

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DAY = dt.date(2026, 3, 12)
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"

BODY = """
<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t>Titre</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Dans un tableau</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:sdt><w:sdtContent><w:p><w:r><w:t>Dans un contrôle</w:t></w:r></w:p></w:sdtContent></w:sdt>
<w:p><w:r><w:t>Autour</w:t></w:r><w:r><w:pict><w:txbxContent>
<w:p><w:r><w:t>Dans une zone de texte</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>
"""


def package(body: str = BODY, *, comments: str | None = None, more: dict[str, str] | None = None) -> bytes:
    """Return a small Word file, with comments of its own when given."""
    link = f'<Relationship Id="rId1" Type="{OFFICE}/comments" Target="comments.xml"/>'
    kind = f'<Override PartName="/word/comments.xml" ContentType="{KIND}.comments+xml"/>'
    members = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{KIND}.document.main+xml"/>{kind if comments else ""}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {NS}><w:body>{body}<w:sectPr/></w:body></w:document>",
        **(more or {}),
    }
    if comments:
        members["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{LINKS}">{link}</Relationships>'
        members["word/comments.xml"] = f"<w:comments {NS}>{comments}</w:comments>"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return target.getvalue()


def remark(paragraph: int | None, *lines: str) -> Remark:
    return Remark(lines=lines or ("LO-NOT-003 – titre", "message"), paragraph=paragraph)


def part(content: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


def commented(content: bytes, name: str = "word/comments.xml") -> dict[str, str]:
    """Return, by text of a comment, the text of the paragraph that bears its marks, in order."""
    document = part(content, "word/document.xml")
    texts = {
        node.get(f"{W}id"): " / ".join("".join(p.itertext()) for p in node.iter(f"{W}p"))
        for node in part(content, name)
    }
    found = {}
    for start in document.iter(f"{W}commentRangeStart"):
        number = start.get(f"{W}id")
        holder = start.getparent()
        assert holder is not None
        ends = [one.get(f"{W}id") for one in holder.iter(f"{W}commentRangeEnd")]
        references = [one.get(f"{W}id") for one in holder.iter(f"{W}commentReference")]
        assert number in ends
        assert number in references
        found[texts[number]] = "".join(holder.itertext())
    assert len(found) == len(texts)
    return found


def test_each_remark_is_a_comment_at_its_paragraph() -> None:
    content = package()
    blocks = read(content).blocks
    assert [block.text for block in blocks][:3] == ["Titre", "Dans un tableau", "Dans un contrôle"]
    made = annotate(content, blocks, [remark(2, "un"), remark(3, "deux"), remark(3, "trois", "suite")], DAY)
    assert commented(made) == {
        "un": "Dans un tableau",
        "deux": "Dans un contrôle",
        "trois / suite": "Dans un contrôle",
    }


def test_the_piece_as_a_whole_is_commented_on_its_first_words() -> None:
    content = package("<w:p/><w:p><w:r><w:t>Titre</w:t></w:r></w:p>")
    assert commented(
        annotate(content, read(content).blocks, [remark(None, "un"), remark(99, "deux")], DAY)
    ) == {
        "un": "Titre",
        "deux": "Titre",
    }


def test_a_text_box_and_a_note_are_commented_where_word_takes_a_comment() -> None:
    content = package()
    blocks = read(content).blocks
    box = next(rank for rank, block in enumerate(blocks, 1) if block.text == "Dans une zone de texte")
    note = len(blocks) + 1
    made = annotate(
        content, (*blocks, Block(text="note de bas de page")), [remark(box, "un"), remark(note, "deux")], DAY
    )
    assert list(commented(made)) == ["deux", "un"]
    assert commented(made)["deux"] == "Titre"
    assert commented(made)["un"].startswith("Autour")
    assert (
        next(part(made, "word/document.xml").iter(f"{W}txbxContent")).find(f".//{W}commentReference") is None
    )


def test_comments_already_there_are_kept_and_numbers_do_not_clash() -> None:
    own = '<w:comment w:id="7" w:author="Une personne"><w:p><w:r><w:t>À voir</w:t></w:r></w:p></w:comment>'
    marks = '<w:commentRangeStart w:id="7"/><w:r><w:t>Titre</w:t></w:r><w:commentRangeEnd w:id="7"/>'
    content = package(f'<w:p>{marks}<w:r><w:commentReference w:id="7"/></w:r></w:p>', comments=own)
    made = annotate(content, read(content).blocks, [remark(1, "un")], DAY)
    assert commented(made) == {"À voir": "Titre", "un": "Titre"}
    assert [(one.get(f"{W}id"), one.get(f"{W}author")) for one in part(made, "word/comments.xml")] == [
        ("7", "Une personne"),
        ("8", AUTHOR),
    ]


def test_only_marks_and_comments_are_added() -> None:
    content = package()
    made = annotate(content, read(content).blocks, [remark(1), remark(2)], DAY)
    document = part(made, "word/document.xml")
    for name in ("commentRangeStart", "commentRangeEnd"):
        for node in list(document.iter(f"{W}{name}")):
            node.getparent().remove(node)
    for node in list(document.iter(f"{W}commentReference")):
        node.getparent().getparent().remove(node.getparent())
    assert etree.tostring(document) == etree.tostring(part(content, "word/document.xml"))
    assert read(made).blocks == tuple(read(content).blocks)
    assert read(made).commentaires == 2


def test_the_new_part_is_linked_and_typed() -> None:
    made = annotate(package(), read(package()).blocks, [remark(1)], DAY)
    links = part(made, "word/_rels/document.xml.rels")
    assert [(one.get("Type"), one.get("Target")) for one in links] == [(f"{OFFICE}/comments", "comments.xml")]
    types = {one.get("PartName"): one.get("ContentType") for one in part(made, "[Content_Types].xml")}
    assert types["/word/comments.xml"] == f"{KIND}.comments+xml"


def test_the_same_remarks_give_the_same_bytes_dated_of_the_edition() -> None:
    content = package()
    blocks = read(content).blocks
    made = annotate(content, blocks, [remark(1)], DAY)
    assert made == annotate(content, blocks, [remark(1)], DAY)
    (comment,) = part(made, "word/comments.xml")
    assert (comment.get(f"{W}date"), comment.get(f"{W}author")) == ("2026-03-12T00:00:00Z", "assemble")


def test_what_a_dossier_says_stays_text() -> None:
    content = package()
    made = annotate(content, read(content).blocks, [remark(1, "a < b & c\x07 {{ x }} \u202e")], DAY)
    assert list(commented(made)) == ["a < b & c {{ x }}"]


def test_a_digital_signature_of_the_file_does_not_follow_on_the_copy() -> None:
    signed = {
        "_xmlsignatures/sig1.xml": "<Signature/>",
        "_rels/.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" '
        'Type="x/digital-signature/origin" Target="_xmlsignatures/sig1.xml"/></Relationships>',
    }
    made = annotate(package(more=signed), read(package()).blocks, [remark(1)], DAY)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert not [name for name in archive.namelist() if "xmlsignatures" in name]
    assert [one.get("Target") for one in part(made, "_rels/.rels")] == ["word/document.xml"]


def test_a_file_that_cannot_bear_a_comment_is_said_so() -> None:
    with pytest.raises(WritingError, match="pas de paragraphe"):
        annotate(package(""), (), [remark(None)], DAY)
    with pytest.raises(WritingError, match="ne peut pas être faite"):
        annotate(b"PK\x03\x04", (), [remark(None)], DAY)


# -- through the command -----------------------------------------------------------------------


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    folder = tmp_path / "dossier"
    copied(FIXTURES / "defauts" / "note-objet-vide", folder)
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit_:
        cli.main(list(arguments))
    told = capsys.readouterr()
    return int(exit_.value.code or 0), told.out, told.err


def copies(folder: Path) -> list[Path]:
    return sorted((folder / "sortie").rglob("*.docx"))


def test_the_copy_is_written_beside_and_the_piece_is_not_touched(
    dossier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (note,) = dossier.glob("Note*.docx")
    before = note.read_bytes()
    code, out, _ = run(capsys, "controler", "--annoter", str(dossier))
    assert code == 1
    (copy,) = copies(dossier)
    assert copy == dossier / "sortie" / "candidature" / f"{note.stem} (annoté).docx"
    assert note.read_bytes() == before
    assert "Copies annotées dans" in out
    ((text, where),) = commented(copy.read_bytes()).items()
    assert text.startswith("LO-NOT-003 (bloquant)")
    assert "Pour corriger" in text
    assert "bjet" in where  # the title of the empty section
    assert run(capsys, "controler", "--annoter", str(dossier))[0] == 1
    assert copies(dossier) == [copy]


def test_a_copy_edited_by_hand_is_kept(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "controler", "--annoter", str(dossier))
    (copy,) = copies(dossier)
    copy.write_bytes(b"annot\xc3\xa9 par quelqu\xe2\x80\x99un")
    (note,) = dossier.glob("Note*.docx")
    fresh = FIXTURES / "defauts" / "note-ressources-vide" / note.name
    note.write_bytes(fresh.read_bytes())
    _, out, _ = run(capsys, "controler", "--annoter", str(dossier))
    assert copy.read_bytes().startswith(b"annot")
    assert [one.name for one in copies(dossier)] == [f"{note.stem} (annoté) (proposition 2).docx", copy.name]
    assert "gardé" in out


def test_nothing_to_annotate_is_said_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied(FIXTURES / "complet", tmp_path / "dossier")
    code, out, _ = run(capsys, "controler", "--annoter", str(tmp_path / "dossier"))
    assert (code, "Aucune pièce à annoter" in out) == (0, True)
    assert not (tmp_path / "dossier" / "sortie").exists()


def test_a_copy_of_an_earlier_check_is_named_once_the_piece_is_mended(
    dossier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "controler", "--annoter", str(dossier))
    (note,) = dossier.glob("Note*.docx")
    note.write_bytes((FIXTURES / "complet" / note.name).read_bytes())
    code, out, _ = run(capsys, "controler", "--annoter", str(dossier))
    assert (code, "contrôle précédent" in " ".join(out.split())) == (0, True)


def test_a_report_for_a_program_stays_alone_on_its_output(
    dossier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, err = run(capsys, "controler", "--annoter", "--rapport", "json", str(dossier))
    assert out.startswith("{")
    assert out.rstrip().endswith("}")
    assert "Copies annotées" in err


def test_libreoffice_shows_the_comments(
    dossier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "controler", "--annoter", str(dossier))
    (copy,) = copies(dossier)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to", "odt",
         "--outdir", str(tmp_path / "lu"), str(copy)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with zipfile.ZipFile(next((tmp_path / "lu").glob("*.odt"))) as archive:
        content = archive.read("content.xml").decode()
    assert content.count("<office:annotation ") == 1
    assert "<dc:creator>assemble</dc:creator>" in content
    assert "LO-NOT-003" in content
