"""Natures told by content, packages opened within bounds."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assembler.errors import ReadingError
from assembler.readers import containers, limits, natures
from assembler.readers.containers import expect, open_package, parse_xml, sniff
from assembler.readers.natures import NATURES

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/a.xml" ContentType="{}"/></Types>'
)
MAIN = "application/vnd.openxmlformats-officedocument."


def archive(*members: tuple[str, bytes], compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compress) as out, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of duplicate names, which is the point
        for name, data in members:
            out.writestr(name, data)
    return stream.getvalue()


def ole(*streams: str) -> bytes:
    """A compound file whose root holds those streams, each empty."""
    names = ["Root Entry", *streams]
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 0x1E, 9)
    struct.pack_into("<I", header, 0x30, 1)
    struct.pack_into("<109I", header, 0x4C, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    directory = b""
    for index, name in enumerate(names):
        raw = name.encode("utf-16-le") + b"\0\0"
        right = index + 1 if 0 < index < len(names) - 1 else 0xFFFFFFFF
        child = 1 if index == 0 and len(names) > 1 else 0xFFFFFFFF
        directory += (
            raw.ljust(64, b"\0") + struct.pack("<H2xIII", len(raw), 0xFFFFFFFF, right, child) + bytes(48)
        )
    return bytes(header) + fat + directory.ljust(512, b"\0")


@pytest.mark.parametrize(
    ("data", "nature"),
    [
        (b"", "vide"),
        (b"\0" * 4096, "vide"),
        (b" \r\n", "vide"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\xef\xbb\xbf junk\n%PDF-1.4", "pdf"),
        (b"{\\rtf1\\ansi Bonjour}", "rtf"),
        (b"<!DOCTYPE html><p>Bonjour", "html"),
        (b"\r\n <HTML><body>", "html"),
        (b"<?xml version='1.0'?><a/>", "xml"),
        ("Note d’opportunité, en clair".encode(), "texte"),
        ("Évron, le 12 mars".encode("cp1252"), "texte"),
        ("Évron".encode("utf-16"), "texte"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "jpg"),
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"II*\0....", "tiff"),
        (b"\x01\x02\x03\x00\x04", "inconnu"),
        (ole("WordDocument", "1Table"), "doc"),
        (ole("SummaryInformation", "Workbook"), "xls"),
        (ole("EncryptionInfo", "EncryptedPackage"), "office_chiffre"),
        (ole("PowerPoint Document"), "ppt"),
        (ole(), "ole"),
        (archive(("a.txt", b"a")), "zip"),
        (archive(("mimetype", b"application/vnd.oasis.opendocument.text")), "odt"),
        (archive(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")), "ods"),
    ],
)
def test_a_file_is_known_by_its_content(data: bytes, nature: str) -> None:
    assert sniff(data) == nature


@pytest.mark.parametrize(
    ("content_type", "nature"),
    [
        (MAIN + "wordprocessingml.document.main+xml", "docx"),
        (MAIN + "wordprocessingml.template.main+xml", "dotx"),
        ("application/vnd.ms-word.document.macroEnabled.main+xml", "docm"),
        (MAIN + "spreadsheetml.sheet.main+xml", "xlsx"),
        ("application/vnd.ms-excel.sheet.macroEnabled.main+xml", "xlsm"),
        (MAIN + "presentationml.presentation.main+xml", "pptx"),
        ("application/x-other", "zip"),
    ],
)
def test_an_office_package_is_known_by_its_main_part(content_type: str, nature: str) -> None:
    assert sniff(archive(("[Content_Types].xml", TYPES.format(content_type).encode()))) == nature


def test_a_truncated_package_keeps_its_nature_and_cannot_be_opened() -> None:
    data = archive(
        ("[Content_Types].xml", b"x"), ("word/document.xml", b"y" * 2000), compress=zipfile.ZIP_STORED
    )[:-60]
    assert sniff(data) == "docx"
    with pytest.raises(ReadingError, match="tronqué ou endommagé") as caught:
        open_package(data)
    assert caught.value.code == "illisible"


def test_every_nature_has_a_french_name() -> None:
    assert all(name.startswith(("un ", "une ")) for name in NATURES.values())
    assert len(NATURES) == 25


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "vide", "vide"),
        (b"%PDF-1.4", "nature", "un PDF"),
        (b"<html>", "nature", "une page web"),
        (ole("EncryptedPackage"), "protege", "mot de passe"),
    ],
)
def test_a_file_of_another_nature_is_refused_with_its_true_nature(data: bytes, code: str, words: str) -> None:
    with pytest.raises(ReadingError, match=words) as caught:
        expect(data, ("docx",))
    assert caught.value.code == code


def test_a_package_gives_its_parts_whatever_the_case_of_their_names() -> None:
    package = open_package(archive(("Word/Document.xml", b"<a/>"), ("b/", b"")))
    assert package.names == ("Word/Document.xml",)
    assert package.read("word/document.xml") == b"<a/>"
    assert package.xml("word/document.xml").tag == "a"
    assert "word/other.xml" not in package
    with pytest.raises(ReadingError, match="il manque la partie"):
        package.read("word/other.xml")


@pytest.mark.parametrize("name", ["/etc/passwd", "../a.xml", "a/../../b", "C:/a.xml", "a\\..\\b"])
def test_a_name_that_leaves_the_package_is_refused(name: str) -> None:
    with pytest.raises(ReadingError, match="nom interdit"):
        open_package(archive((name, b"a")))


@pytest.mark.parametrize("twin", ["word/document.xml", "WORD/document.xml", "word\\document.xml"])
def test_two_members_that_office_takes_for_one_are_refused(twin: str) -> None:
    with pytest.raises(ReadingError, match="deux fois"):
        open_package(archive(("word/document.xml", b"a"), (twin, b"b")))


def test_overlapping_members_are_refused() -> None:
    data = bytearray(archive(("a", b"1" * 500), ("b", b"2" * 500), compress=zipfile.ZIP_STORED))
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 10)
    with pytest.raises(ReadingError, match=r"se recouvrent|endommagé"):
        open_package(bytes(data)).read("b")


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(archive(("a", b"1" * 5000)))
    struct.pack_into("<I", data, data.rindex(b"PK\x01\x02") + 24, 12)
    with pytest.raises(ReadingError, match=r"endommagée|taille annoncée"):
        open_package(bytes(data)).read("a")


def test_an_encrypted_member_asks_for_a_password() -> None:
    data = bytearray(archive(("a", b"1")))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ReadingError) as caught:
        open_package(bytes(data))
    assert caught.value.code == "protege"


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    data = archive(("word/document.xml", b"0" * (5 * limits.MEGA)), ("media/a.emf", b"0" * (5 * limits.MEGA)))
    package = open_package(data)  # parts that nobody inflates do no harm
    with pytest.raises(ReadingError, match="anormalement comprimée"):
        package.read("word/document.xml")


def test_the_bounds_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    tight = replace(limits.LIMITS, file=2000, expanded=300, xml_part=100, members=3)
    for module in (containers, natures):
        monkeypatch.setattr(module, "LIMITS", tight)
    with pytest.raises(ReadingError, match="plus de 3 éléments"):
        open_package(archive(*((f"{index}", b"a") for index in range(4))))
    with pytest.raises(ReadingError, match="décomprimé"):
        open_package(archive(("a", b"a" * 301)))
    with pytest.raises(ReadingError, match="dépasse"):
        open_package(b"a" * 2001)
    with pytest.raises(ReadingError, match="dépasse"):
        open_package(archive(("a.xml", b"<a>" + b"b" * 100 + b"</a>"))).xml("a.xml")


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        f"<!--{' ' * 9000}--><!DOCTYPE a><a/>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_part_with_a_doctype_is_refused(text: str, encoding: str) -> None:
    with pytest.raises(ReadingError, match=r"DOCTYPE|endommagée"):
        parse_xml(text.encode(encoding), "a.xml")


def test_the_word_doctype_in_the_text_is_only_text() -> None:
    assert parse_xml(b"<a><![CDATA[<!DOCTYPE a>]]></a>".replace(b"<a>", b"<a>" + b" " * 5000)).text.endswith(
        "<!DOCTYPE a>"
    )


def test_strict_namespaces_become_the_usual_ones() -> None:
    root = parse_xml(b'<a xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"/>')
    assert root.tag == "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}a"


def test_relations_leave_out_what_is_not_there() -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://x/styles" Target="styles.xml"/>'
        '<Relationship Id="r2" Type="http://x/footer" Target="/word/../a.xml"/>'
        '<Relationship Id="r3" Type="http://x/thumbnail" Target="../NULL"/>'
        '<Relationship Id="r4" Type="http://x/hyperlink" Target="https://exemple.fr" TargetMode="External"/>'
        "</Relationships>"
    )
    package = open_package(
        archive(("word/_rels/document.xml.rels", rels.encode()), ("word/styles.xml", b""), ("a.xml", b""))
    )
    found = [(one.kind, one.target, one.external) for one in package.relations("word/document.xml")]
    assert found == [
        ("styles", "word/styles.xml", False),
        ("footer", "a.xml", False),
        ("hyperlink", "https://exemple.fr", True),
    ]
    assert package.relations() == ()


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-"]),
)
def test_any_bytes_have_a_nature_and_open_or_are_refused_in_french(data: bytes, magic: bytes) -> None:
    assert sniff(magic + data) in NATURES
    with pytest.raises(ReadingError, match="Le fichier"):
        open_package(magic + data)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_changed_byte_never_raises_anything_else(at: int, value: int) -> None:
    data = bytearray(
        archive(("[Content_Types].xml", TYPES.encode()), ("word/document.xml", b"<a>" + b"b" * 300 + b"</a>"))
    )
    data[at % len(data)] = value
    assert sniff(bytes(data)) in NATURES
    with suppress(ReadingError):
        package = open_package(bytes(data))
        assert all(isinstance(package.read(name), bytes) for name in package.names)
