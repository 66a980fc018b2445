import datetime as dt
import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from assembler.rendering.canonical import canonical_zip, core_properties, custom_properties, pack

CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
DC = "{http://purl.org/dc/elements/1.1/}"
TERMS = "{http://purl.org/dc/terms/}"

NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="/\\\0", exclude_categories=["Cs", "Cc"]), min_size=1
)


@given(st.dictionaries(NAMES, st.binary(max_size=2000), max_size=8))
def test_what_goes_in_comes_out(members):
    with zipfile.ZipFile(io.BytesIO(canonical_zip(members))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == members


def test_order_dates_and_bytes_depend_on_the_content_alone():
    members = {"word/b.xml": b"b" * 100, "_rels/.rels": b"r", "[Content_Types].xml": b"t", "a.xml": b"a"}
    backwards = dict(reversed(members.items()))
    assert canonical_zip(members) == canonical_zip(backwards)
    with zipfile.ZipFile(io.BytesIO(canonical_zip(members))) as archive:
        found = archive.infolist()
        assert [one.filename for one in found] == [
            "[Content_Types].xml",
            "_rels/.rels",
            "a.xml",
            "word/b.xml",
        ]
        assert {one.date_time for one in found} == {(1980, 1, 1, 0, 0, 0)}
        assert found[3].compress_type == zipfile.ZIP_DEFLATED


def test_a_zip_that_people_expand_comes_from_unix_so_that_unzip_spells_its_accents() -> None:
    with zipfile.ZipFile(io.BytesIO(canonical_zip({"é.txt": b"x"}, dt.date(2026, 3, 12)))) as archive:
        (member,) = archive.infolist()
    assert (member.filename, member.create_system, member.external_attr >> 16) == ("é.txt", 3, 0o100644)


def test_mimetype_is_first_and_stored():
    data = canonical_zip({"content.xml": b"c" * 500, "mimetype": b"application/vnd.oasis.opendocument.text"})
    assert data[30:38] == b"mimetype"
    assert data[38:77] == b"application/vnd.oasis.opendocument.text"


def test_a_member_already_compressed_is_copied():
    content = b"texte " * 200
    assert canonical_zip({"a": pack(content)}) == canonical_zip({"a": content})


def test_core_properties_are_french_and_dated_from_the_edition():
    values = {"title": "CCTP <& co>", "author": "DDT 53", "subject": "Atelier\x07", "motif": "non"}
    root = etree.fromstring(core_properties(values, dt.date(2026, 3, 12)))
    assert root.findtext(f"{DC}title") == "CCTP <& co>"
    assert root.findtext(f"{DC}creator") == "DDT 53"
    assert root.findtext(f"{DC}subject") == "Atelier"
    assert root.findtext(f"{DC}language") == "fr-FR"
    assert root.findtext(f"{TERMS}created") == root.findtext(f"{TERMS}modified") == "2026-03-12T00:00:00Z"
    assert root.find(f"{CORE}revision") is None


def test_other_keys_become_custom_properties():
    assert custom_properties({"title": "T", "edition": "2026-03-12"}) is None
    root = etree.fromstring(custom_properties({"title": "T", "motif": "délai « tenu »", "a": "1"}))
    assert [(one.get("pid"), one.get("name"), one[0].text) for one in root] == [
        ("2", "a", "1"),
        ("3", "motif", "délai « tenu »"),
    ]
