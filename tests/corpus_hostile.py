"""Hostile and odd dossiers, made by code, each with what must be said of it.

``python tests/corpus_hostile.py FOLDER`` writes them all; ``tests/test_hostile.py`` checks them all in one
command. Most are the sound dossier of ``fixtures/local/complet`` with one thing changed.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import socket
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dossiers import copied

SOUND = Path(__file__).parents[1] / "fixtures" / "local" / "complet"
NOTE = "Note d'opportunité Atelier local Coëvrons.docx"
PREFETE = "courriers/Courrier de soutien préfète.pdf"
MEGA = 1 << 20
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

OPEN, PASSWORD, NATURE, EMPTY = "GEN-PIE-001", "GEN-PIE-002", "GEN-PIE-003", "GEN-PIE-004"
UNCLAIMED, NAMES, UNOPENED, FICHE = "GEN-PIE-006", "GEN-PIE-011", "GEN-PIE-012", "GEN-FIC-001"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One input and its expectation."""

    name: str
    make: Callable[[Path], Path | None]
    """Makes the dossier below a folder of its own; returns what is given to the command, if not that."""
    ids: frozenset[str]
    """Rules that must not be conforme (one at least of a group « a|b »); none: any verdict will do."""
    told: str | None
    """What ``erreur`` must hold, when there is nothing to check."""
    harmless: bool
    """Odd only: the dossier stays ``conforme``."""


CASES: dict[str, Case] = {}


def case(
    *ids: str, told: str | None = None, harmless: bool = False, name: str | None = None
) -> Callable[[Callable[[Path], Path | None]], Callable[[Path], Path | None]]:
    """Register a case under the name of its function."""

    def register(make: Callable[[Path], Path | None]) -> Callable[[Path], Path | None]:
        key = (name or make.__name__).strip("_").replace("_", "-")
        assert key not in CASES, key
        CASES[key] = Case(name=key, make=make, ids=frozenset(ids), told=told, harmless=harmless)
        return make

    return register


def sound(root: Path) -> Path:
    """Copy the sound dossier to ``root``."""
    return copied(SOUND, root)


def instead(name: str, content: bytes) -> Callable[[Path], None]:
    """Make the sound dossier with another content in one of its files."""

    def make(root: Path) -> None:
        (sound(root) / name).write_bytes(content)

    return make


def beside(name: str, content: bytes) -> Callable[[Path], None]:
    """Make the sound dossier with one more file."""

    def make(root: Path) -> None:
        target = sound(root) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    return make


def lazily(name: str, content: Callable[[], bytes], put: Callable[..., Callable[[Path], None]] = instead):
    """Make the content when the case is made, not when this module is read."""

    def make(root: Path) -> None:
        put(name, content())(root)

    return make


# --- zip packages ------------------------------------------------------------------------------------


def members() -> dict[str, bytes]:
    """Return the parts of the sound note."""
    with zipfile.ZipFile(SOUND / NOTE) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def pack(parts: Mapping[str, bytes] | Iterable[tuple[str, bytes]], level: int = 6) -> bytes:
    """Zip parts; pairs may give one name twice."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items() if isinstance(parts, Mapping) else parts:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive._didModify = True
            if info.filename in archive.namelist():  # zipfile warns about twins
                archive.NameToInfo.pop(info.filename)
            archive.writestr(info, content)
    return out.getvalue()


def note(**changed: bytes) -> bytes:
    """Return the note with parts changed (``word/document.xml`` is ``document``)."""
    names = {"document": "word/document.xml", "types": "[Content_Types].xml", "styles": "word/styles.xml"}
    names |= {"numbering": "word/numbering.xml", "rels": "word/_rels/document.xml.rels"}
    return pack(members() | {names[key]: value for key, value in changed.items()})


def document(body: str, before: str = "") -> bytes:
    """Return a ``word/document.xml``."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


LOL = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
)
XML_ATTACKS = {
    "entites-en-cascade": document(paragraph("&a11;"), LOL + "]>"),
    "entite-quadratique": document(paragraph("&a;" * 20_000), f"<!DOCTYPE x [<!ENTITY a '{'z' * 20_000}'>]>"),
    "entite-interne": document(paragraph("&a;"), "<!DOCTYPE x [<!ENTITY a 'du texte'>]>"),
    "entite-fichier": document(paragraph("&a;"), '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
    "entite-reseau": document(paragraph("&a;"), '<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/x">]>'),
    "entite-parametre": document(paragraph("a"), '<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/x"> %a;]>'),
    "doctype-vide": document(paragraph("a"), "<!DOCTYPE w:document>"),
    "doctype-externe": document(paragraph("a"), '<!DOCTYPE x SYSTEM "file:///etc/passwd">'),
    "doctype-utf16": (
        f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><w:document xmlns:w="{W}">'
        "<w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>"
    ).encode("utf-16"),
    "doctype-apres-un-long-commentaire": document(
        paragraph("&a;"), f"<!--{'x' * 100_000}--><!DOCTYPE x [<!ENTITY a 'b'>]>"
    ),
    "xml-profond": document("<w:p>" * 100_000),
    "xml-profond-ferme": document("<w:tbl><w:tr><w:tc>" * 3_000 + "</w:tc></w:tr></w:tbl>" * 3_000),
    "xml-coupe": document(paragraph("a"))[:-30],
    "xml-vide": b"",
    "xml-octets-nuls": b"\0" * 1000,
    "xml-encodage-inconnu": b'<?xml version="1.0" encoding="klingon"?><a/>',
    "xml-utf7": b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a+AD4-',
    "xml-attribut-sans-fin": b'<?xml version="1.0"?><a b="' + b"x" * 12_000_000,
    "xml-racine-etrangere": b"<html xmlns='urn:x'><body>rien</body></html>",
    "xml-deux-racines": document(paragraph("a")) + b"<b/>",
    "xml-attribut-double": b"<a b='1' b='2'/>",
    "xml-caractere-interdit": document(paragraph("a\x01b")),
    "xml-reference-interdite": document(paragraph("&#0;&#xD800;")),
    "xml-un-texte-de-30-mo": document(paragraph("mot " * 7_500_000)),
}
for _name, _content in XML_ATTACKS.items():
    case(OPEN, name=f"docx-{_name}")(lazily(NOTE, lambda part=_content: note(document=part)))
for _part in ("types", "styles", "numbering", "rels"):
    _doctype = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"
    case(OPEN + "|" + NATURE, name=f"docx-doctype-dans-{_part}")(
        lazily(NOTE, lambda part=_part, content=_doctype: note(**{part: content}))
    )


@case(OPEN)
def docx_300_mo_de_paragraphes(root: Path) -> None:
    block = paragraph("a" * 30).encode() * 20_000
    data = document("@").split(b"@")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members().items():
            if name != "word/document.xml":
                archive.writestr(name, content)
        with archive.open("word/document.xml", "w", force_zip64=True) as stream:
            stream.write(data[0])
            for _ in range(300 * MEGA // len(block)):
                stream.write(block)
            stream.write(data[1])
    instead(NOTE, out.getvalue())(root)


@case(OPEN)
def docx_40_mo_de_balises_vides(root: Path) -> None:
    noise = random.Random(1).randbytes(400_000).hex()
    body = "".join(f'<w:p w:rsidR="{noise[i : i + 8]}"/>' for i in range(0, 780_000, 8))
    instead(NOTE, note(document=document(body * 12)))(root)


@case(OPEN)
def docx_500_mo_d_images(root: Path) -> None:
    image = random.Random(2).randbytes(2 * MEGA)
    data = pack([*members().items(), *((f"word/media/i{n}.emf", image) for n in range(5))], 1)
    instead(NOTE, announcing(data, b"word/media/", 100 * MEGA))(root)


def announcing(data: bytes, start: bytes, size: int) -> bytes:
    """Return a zip whose directory announces another size for the members of that name."""
    found = bytearray(data)
    at = found.find(b"PK\1\2")
    while at >= 0:
        if found[at + 46 :].startswith(start):
            found[at + 24 : at + 28] = size.to_bytes(4, "little")
        at = found.find(b"PK\1\2", at + 46)
    return bytes(found)


@case(OPEN)
def docx_6000_membres(root: Path) -> None:
    instead(NOTE, pack([*members().items(), *((f"word/x{n}.xml", b"") for n in range(6000))]))(root)


@case(OPEN + "|" + NATURE)
def docx_deux_millions_d_entrees(root: Path) -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
    directory = (entry + b"a") * 2_000_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, len(directory), 4, 0)
    instead(NOTE, b"PK\3\4" + directory + end)(root)


@case(OPEN)
def docx_membre_en_double(root: Path) -> None:
    parts = [*members().items(), ("word/document.xml", document(paragraph("l’autre")))]
    instead(NOTE, pack(parts))(root)


@case(OPEN)
def docx_membres_jumeaux_par_la_casse(root: Path) -> None:
    instead(NOTE, pack([*members().items(), ("WORD/Document.XML", document(paragraph("l’autre")))]))(root)


@case(OPEN)
def docx_membres_jumeaux_par_les_accents(root: Path) -> None:
    instead(NOTE, pack([*members().items(), ("word/é.xml", b"<a/>"), ("word/e\u0301.xml", b"<a/>")]))(root)


@case(OPEN)
def docx_membre_jumeau_par_la_barre(root: Path) -> None:
    data = pack([*members().items(), ("word/documenT.xml", b"<a/>")])
    instead(NOTE, data.replace(b"word/documenT.xml", b"word\\document.xml"))(root)


for _title, _slip in {
    "points": "../../evil.txt",
    "absolu": "/tmp/evil.txt",
    "lecteur": "C:/evil.txt",
    "barres-inverses": "..\\..\\evil.txt",
    "flux": "word:evil/x.txt",
}.items():
    case(OPEN, name=f"docx-glissement-{_title}")(
        lazily(NOTE, lambda slip=_slip: pack([*members().items(), (slip, b"x")]))
    )


def _link(target: str) -> bytes:
    out = io.BytesIO(pack(members()))
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("word/lien.xml")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, target)
    return out.getvalue()


case(OPEN, name="docx-lien-symbolique")(lazily(NOTE, lambda: _link("/etc/passwd")))


def _lying(field: str, value: int) -> bytes:
    """Return the note with the directory lying about ``word/document.xml``."""
    data = bytearray(pack(members()))
    at = data.rfind(b"word/document.xml") - 46
    offset, width = {
        "size": (24, 4),
        "packed": (20, 4),
        "offset": (42, 4),
        "method": (10, 2),
        "flags": (8, 2),
    }[field]
    data[at + offset : at + offset + width] = value.to_bytes(width, "little")
    return bytes(data)


for _title, _field, _value in (
    ("taille-annoncee-trop-petite", "size", 10),
    ("taille-annoncee-trop-grande", "size", 40 * MEGA),
    ("taille-annoncee-immense", "size", 0xFFFFFFF0),
    ("taille-comprimee-fausse", "packed", 3),
    ("place-fausse", "offset", 0),
    ("place-hors-du-fichier", "offset", 0x7FFFFFFF),
    ("methode-inconnue", "method", 99),
    ("methode-lzma", "method", 14),
    ("methode-bzip2", "method", 12),
):
    case(OPEN, name=f"docx-{_title}")(lazily(NOTE, lambda f=_field, v=_value: _lying(f, v)))
case(PASSWORD, name="docx-membre-chiffre")(lazily(NOTE, lambda: _lying("flags", 1)))


@case(OPEN)
def docx_membres_qui_se_recouvrent(root: Path) -> None:
    out = io.BytesIO(pack(members()))
    with zipfile.ZipFile(out, "a") as archive:
        first = archive.getinfo("word/document.xml")
        for rank in range(50):
            twin = zipfile.ZipInfo(f"word/copie{rank}.xml")
            for key in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(twin, key, getattr(first, key))
            archive.filelist.append(twin)
            archive.NameToInfo[twin.filename] = twin
        archive._didModify = True
    instead(NOTE, out.getvalue())(root)


for _title, _cut in (("moitie", 0.5), ("fin", 0.98), ("debut", 0.02)):
    case(OPEN + "|" + NATURE, name=f"docx-coupe-{_title}")(
        lazily(NOTE, lambda cut=_cut: (whole := pack(members()))[: int(len(whole) * cut)])
    )
case(EMPTY + "|" + NATURE, name="note-de-zero-octet")(instead(NOTE, b""))
case(EMPTY + "|" + NATURE, name="note-d-octets-nuls")(instead(NOTE, bytes(4096)))
case(NATURE, name="note-qui-est-du-html")(instead(NOTE, b"<html><body>note</body></html>"))
case(NATURE, name="note-qui-est-un-programme")(instead(NOTE, b"MZ" + bytes(range(256)) * 40))
case(OPEN + "|" + NATURE, name="note-qui-est-une-image")(instead(NOTE, b"\xff\xd8\xff\xe0" + bytes(500)))
case(NATURE, name="note-zip-sans-rien")(lazily(NOTE, lambda: pack({})))
case(NATURE, name="note-zip-de-zips")(
    lazily(NOTE, lambda: pack({"a.zip": pack({"b.zip": pack({"c.zip": pack({"d": bytes(10 * MEGA)})})})}))
)
case(OPEN + "|" + NATURE, name="note-sans-document")(
    lazily(NOTE, lambda: pack({k: v for k, v in members().items() if k != "word/document.xml"}))
)


@case(OPEN + "|" + NATURE + "|" + PASSWORD)
def note_ole_en_boucle(root: Path) -> None:
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHH", header, 24, 0x3E, 3, 0xFFFE, 9)
    struct.pack_into("<I", header, 0x30, 1)
    struct.pack_into("<109I", header, 0x4C, 0, *([0xFFFFFFFF] * 108))
    fat = struct.pack("<128I", *([1] * 128))  # every sector follows itself
    entry = bytearray(128)
    entry[:8] = "Root".encode("utf-16-le")
    struct.pack_into("<H", entry, 64, 10)
    struct.pack_into("<III", entry, 68, 0, 0, 0)
    instead(NOTE, bytes(header) + fat + bytes(entry) * 4)(root)


STYLE_LOOP = (
    f'<w:styles xmlns:w="{W}">'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:name w:val="s{n}"/>'
        f'<w:basedOn w:val="s{(n + 1) % 3000}"/></w:style>'
        for n in range(3000)
    )
    + "</w:styles>"
).encode()
case("LO-NOT-010|LO-NOT-003|GEN-PIE-001", name="docx-styles-en-boucle")(
    lazily(NOTE, lambda: note(styles=STYLE_LOOP, document=members()["word/document.xml"]))
)


@case("LO-NOT-001|LO-NOT-010|GEN-PIE-001")
def docx_champs_jamais_fermes(root: Path) -> None:
    body = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>' * 30_000
    instead(NOTE, note(document=document(body)))(root)


@case("LO-NOT-001|LO-NOT-010|GEN-PIE-001")
def docx_100_000_liens(root: Path) -> None:
    links = "".join(
        f'<Relationship Id="r{n}" Type="http://x/hyperlink" Target="http://x/{n}" TargetMode="External"/>'
        for n in range(100_000)
    )
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
    instead(NOTE, note(rels=rels.encode(), document=document(paragraph("Note"))))(root)


# --- PDF ---------------------------------------------------------------------------------------------


def pdf(*objects: bytes, root: int = 1, extra: bytes = b"") -> bytes:
    """Return a PDF of these objects, numbered from 1."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root %d 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, root, extra, start))  # fmt: skip
    return out.getvalue()


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%b>>stream\n%b\nendstream" % (len(content), more, content)


FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def page(content: bytes = b"4 0 R", box: bytes = b"0 0 595 842", more: bytes = b"") -> bytes:
    return b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents %b/Resources<</Font<</F 5 0 R>>>>%b>>" % (
        box,
        content,
        more,
    )


def one_page(content: bytes, **given: bytes) -> bytes:
    return pdf(CATALOG, PAGES, page(**given), content, FONT)


def bomb(size: int, layers: int = 1) -> bytes:
    packer = zlib.compressobj(9)
    head = packer.compress(b" " * MEGA) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * MEGA) + packer.flush(zlib.Z_FULL_FLUSH)
    data = head + block * (size // MEGA - 1) + packer.flush()
    for _ in range(layers - 1):
        data = zlib.compress(data, 9)
    return stream(data, b"/Filter[" + b"/FlateDecode" * layers + b"]")


SIGNED = "LO-SIG-002|LO-PIE-003|GEN-PIE-001|GEN-PIE-002"
SPACES = b"BT /F 10 Tf 50 700 Td (x) Tj ET "
PDF_ATTACKS: dict[str, Callable[[], bytes]] = {
    "bombe-300-mo": lambda: one_page(bomb(300 * MEGA)),
    "bombe-1500-mo": lambda: one_page(bomb(1500 * MEGA)),
    "bombe-a-trois-couches": lambda: one_page(bomb(300 * MEGA, 3)),
    "arbre-de-pages-en-boucle": lambda: pdf(
        CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Pages/Kids[2 0 R]/Parent 2 0 R/Count 1>>"
    ),
    "page-qui-se-contient": lambda: pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"),
    "nombre-de-pages-mensonger": lambda: pdf(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 100000000>>", page()),
    "nombre-de-pages-negatif": lambda: pdf(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count -5>>", page()),
    "cent-mille-pages": lambda: pdf(
        CATALOG, b"<</Type/Pages/Kids[" + b"3 0 R " * 100_000 + b"]/Count 100000>>", page(), stream(b""), FONT
    ),
    "dictionnaire-profond": lambda: pdf(CATALOG, PAGES, b"<</A" * 200_000 + b">>" * 200_000),
    "tableau-profond": lambda: pdf(b"[" * 500_000 + b"]" * 500_000, root=1),
    "formulaires-en-boucle": lambda: pdf(
        CATALOG,
        PAGES,
        page(more=b"/X<</XObject<</A 6 0 R>>>>").replace(b"/Font<<", b"/XObject<</A 6 0 R>>/Font<<"),
        stream(b"/A Do"),
        FONT,
        stream(
            b"/A Do /A Do",
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 6 0 R>>>>",
        ),
    ),
    "formulaires-en-cascade": lambda: pdf(
        CATALOG,
        PAGES,
        page().replace(b"/Font<<", b"/XObject<</A 6 0 R>>/Font<<"),
        stream(b"/A Do"),
        FONT,
        *(
            stream(
                b"/A Do " * 10,
                b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A %d 0 R>>>>" % (7 + n),
            )
            for n in range(12)
        ),
        stream(SPACES, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"),
    ),
    "millions-d-operateurs": lambda: one_page(
        stream(zlib.compress(b"q Q " * 5_000_000), b"/Filter/FlateDecode")
    ),
    "millions-de-textes": lambda: one_page(stream(zlib.compress(SPACES * 400_000), b"/Filter/FlateDecode")),
    "millions-de-traits": lambda: one_page(
        stream(zlib.compress(b"1 1 m 9 9 l S " * 1_500_000), b"/Filter/FlateDecode")
    ),
    "million-de-q-ouverts": lambda: one_page(
        stream(zlib.compress(b"q " * 3_000_000), b"/Filter/FlateDecode")
    ),
    "page-immense": lambda: one_page(stream(SPACES), box=b"0 0 1e38 1e38"),
    "page-negative": lambda: one_page(stream(SPACES), box=b"0 0 -1 -1"),
    "page-infinie": lambda: one_page(stream(SPACES), box=b"nan inf 99999999999999999999 -1e400"),
    "image-de-100-gigapixels": lambda: pdf(
        CATALOG,
        PAGES,
        page().replace(b"/Font<<", b"/XObject<</A 6 0 R>>/Font<<"),
        stream(b"595 0 0 842 0 0 cm /A Do"),
        FONT,
        stream(
            zlib.compress(bytes(9)),
            b"/Type/XObject/Subtype/Image/Width 320000/Height 320000/BitsPerComponent 8/ColorSpace/DeviceRGB"
            b"/Filter/FlateDecode",
        ),
    ),
    "longueur-de-flux-en-boucle": lambda: pdf(
        CATALOG, PAGES, page(), b"<</Length 4 0 R>>stream\nx\nendstream", FONT
    ),
    "objet-qui-se-designe": lambda: pdf(CATALOG, PAGES, b"3 0 R"),
    "xref-en-boucle": lambda: one_page(stream(SPACES)).replace(b"trailer<<", b"trailer<</Prev 9 "),
    "xref-absente": lambda: one_page(stream(SPACES)).replace(b"startxref", b"startxxxx"),
    "sans-objets": lambda: b"%PDF-1.7\n%%EOF\n",
    "en-tete-seul": lambda: b"%PDF-1.7",
    "filtre-inconnu": lambda: one_page(stream(b"x", b"/Filter/Klingon")),
    "filtres-par-milliers": lambda: one_page(stream(b"x", b"/Filter[" + b"/FlateDecode" * 50_000 + b"]")),
    "lzw-bombe": lambda: one_page(stream(b"\x80\x0b\x60\x50\x22\x0c" * 200_000, b"/Filter/LZWDecode")),
    "javascript": lambda: pdf(
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(while\\(1\\){})>>>>",
        PAGES,
        page(),
        stream(SPACES),
        FONT,
    ),
    "xfa": lambda: pdf(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</XFA 6 0 R/Fields[]>>>>",
        PAGES,
        page(),
        stream(SPACES),
        FONT,
        stream(LOL.encode() + b"]><x>&a11;</x>"),
    ),
    "champs-de-signature-en-boucle": lambda: pdf(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[6 0 R]>>>>",
        PAGES,
        page(),
        stream(SPACES),
        FONT,
        b"<</FT/Sig/T(a)/Kids[6 0 R 6 0 R]>>",
    ),
    "signature-d-octets-quelconques": lambda: pdf(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[6 0 R]>>>>",
        PAGES,
        page(),
        stream(SPACES),
        FONT,
        b"<</FT/Sig/T(a)/V<</Type/Sig/Filter/Adobe.PPKLite/Contents<" + b"30" * 5000 + b">"
        b"/ByteRange[0 9999999999 -5 7]>>>>",
    ),
    "flux-d-objets-en-boucle": lambda: pdf(
        CATALOG,
        PAGES,
        page(),
        stream(b"4 0 ", b"/Type/ObjStm/N 100000000/First 3/Extends 4 0 R"),
        FONT,
    ),
    "annotations-par-milliers": lambda: pdf(
        CATALOG,
        PAGES,
        page(more=b"/Annots[" + b"6 0 R " * 200_000 + b"]"),
        stream(SPACES),
        FONT,
        b"<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]/Contents(a)>>",
    ),
    "police-en-boucle": lambda: pdf(
        CATALOG,
        PAGES,
        page(),
        stream(SPACES),
        b"<</Type/Font/Subtype/Type0/DescendantFonts[5 0 R]/ToUnicode 5 0 R>>",
    ),
}
for _name, _build in PDF_ATTACKS.items():
    case(SIGNED, name=f"pdf-{_name}")(lazily(PREFETE, _build))
for _title, _cut in (("moitie", 0.5), ("fin", 0.97)):
    case(OPEN, name=f"pdf-coupe-{_title}")(
        lazily(PREFETE, lambda cut=_cut: (whole := (SOUND / PREFETE).read_bytes())[: int(len(whole) * cut)])
    )


# --- other natures, as annexes: none may hang, none may pass for a document -------------------------------


def png(width: int, height: int, data: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = data or zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def sheet(cells: str, merges: str = "", dimension: str = "A1:B2") -> bytes:
    """Return a workbook by hand."""
    ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return pack(
        {
            "[Content_Types].xml": types.encode(),
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="a" '
            f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
            "xl/workbook.xml": f'<workbook xmlns="{ns}" xmlns:r="{rel}"><sheets>'
            '<sheet name="Fiche" sheetId="1" r:id="a"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="a" '
            f'Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode(),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{ns}"><dimension ref="{dimension}"/>'
            f"<sheetData>{cells}</sheetData>{merges}</worksheet>".encode(),
        }
    )


def odf(content: bytes, kind: str = "text") -> bytes:
    return pack(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
            "content.xml": content,
            "META-INF/manifest.xml": b"<manifest:manifest "
            b"xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>",
        }
    )


ODF_NS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


def odt(body: str, before: str = "") -> bytes:
    return odf(
        f"<?xml version='1.0'?>{before}<office:document-content {ODF_NS}><office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>".encode()
    )


def ods(body: str) -> bytes:
    return odf(
        f"<?xml version='1.0'?><office:document-content {ODF_NS}><office:body><office:spreadsheet>{body}"
        "</office:spreadsheet></office:body></office:document-content>".encode(),
        "spreadsheet",
    )


CELL = '<row r="{0}"><c r="{1}{0}" t="inlineStr"><is><t>x</t></is></c></row>'
FICHE_XLSX: dict[str, Callable[[], bytes]] = {
    "fusion-de-toute-la-feuille": lambda: sheet(
        CELL.format(1, "A"), '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "cellule-tout-au-bout": lambda: sheet(CELL.format(1048576, "XFD")),
    "dimension-mensongere": lambda: sheet(CELL.format(1, "A"), dimension="A1:XFD1048576"),
    "cellule-hors-du-monde": lambda: sheet(CELL.format(99999999999, "ZZZZZZ")),
    "entites": lambda: sheet(CELL.format(1, "A")).replace(b"PK", b"PK"),
    "deux-cent-mille-fusions": lambda: sheet(
        CELL.format(1, "A"),
        "<mergeCells>"
        + "".join(f'<mergeCell ref="A{n}:Z{n}"/>' for n in range(1, 200_000))
        + "</mergeCells>",
    ),
    "coupee": lambda: sheet(CELL.format(1, "A"))[:400],
    "pas-un-classeur": lambda: b"rien de tel",
    "vide": lambda: b"",
}
for _name, _build in FICHE_XLSX.items():

    def _fiche(root: Path, build: Callable[[], bytes] = _build) -> None:
        (sound(root) / "dossier.yaml").unlink()
        (root / "fiche.xlsx").write_bytes(build())

    case("GEN-FIC-001|GEN-FIC-002|GEN-FIC-003|GEN-FIC-005|LO-POR-001", name=f"fiche-xlsx-{_name}")(_fiche)

ANNEXES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "png-de-100-gigapixels": ("png", lambda: png(320_000, 320_000)),
    "png-bombe-de-300-mo": ("png", lambda: png(10_000, 10_000, zlib.compress(bytes(300 * MEGA), 1))),
    "png-coupe": ("png", lambda: png(10, 10)[:30]),
    "png-de-taille-nulle": ("png", lambda: png(0, 0)),
    "jpeg-coupe": ("jpg", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF"),
    "jpeg-de-65535-de-cote": ("jpg", lambda: b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" + bytes(9)),
    "tiff-repertoires-en-boucle": (
        "tiff",
        lambda: (
            b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 256, 4, 1, 1) + b"\x08\0\0\0"
        ),
    ),
    "xlsx-fusion-immense": ("xlsx", FICHE_XLSX["fusion-de-toute-la-feuille"]),
    "xlsx-cellule-au-bout": ("xlsx", FICHE_XLSX["cellule-tout-au-bout"]),
    "xlsx-un-million-de-lignes": (
        "xlsx",
        lambda: sheet("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 700_000))),
    ),
    "ods-repetitions": (
        "ods",
        lambda: ods(
            '<table:table><table:table-row table:number-rows-repeated="1048576"><table:table-cell '
            'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'
            "</table:table>"
        ),
    ),
    "ods-repetition-sans-nombre": (
        "ods",
        lambda: ods(
            '<table:table><table:table-row table:number-rows-repeated="-1"><table:table-cell '
            'table:number-columns-repeated="99999999999999999999"><text:p>x</text:p></table:table-cell>'
            "</table:table-row></table:table>"
        ),
    ),
    "odt-entites": ("odt", lambda: odt("<text:p>&a11;</text:p>", LOL + "]>")),
    "odt-entite-fichier": (
        "odt",
        lambda: odt("<text:p>&a;</text:p>", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
    ),
    "odt-profond": ("odt", lambda: odt("<text:list><text:list-item>" * 50_000)),
    "odt-espaces-par-milliards": ("odt", lambda: odt('<text:p>a<text:s text:c="2000000000"/>b</text:p>')),
    "odt-coupe": ("odt", lambda: odt("<text:p>a</text:p>")[:300]),
    "odt-sans-contenu": ("odt", lambda: pack({"mimetype": b"application/vnd.oasis.opendocument.text"})),
    "rtf-profond": ("rtf", lambda: b"{\\rtf1" + b"{" * 1_000_000),
    "html-profond": ("html", lambda: b"<html>" + b"<div>" * 500_000),
    "texte-de-20-mo": ("txt", lambda: b"mot " * 5_000_000),
    "texte-sans-codage": ("txt", lambda: bytes(range(128, 256)) * 500),
    "p7s-quelconque": ("p7s", lambda: b"\x30\x84\xff\xff\xff\xff" + b"\x30" * 5000),
    "xades-entites": ("xml", lambda: (LOL + "]><Signature>&a11;</Signature>").encode()),
}
for _name, (_suffix, _build) in ANNEXES.items():
    case(name=f"annexe-{_name}")(lazily(f"Annexe 1.{_suffix}", _build, beside))
case(harmless=True, name="signature-detachee-quelconque")(
    lazily(PREFETE + ".p7s", lambda: b"\x30\x84\xff\xff\xff\xff" + b"\x30" * 5000, beside)
)


# --- the fiche ----------------------------------------------------------------------------------------


def fiche(content: bytes) -> Callable[[Path], None]:
    return instead("dossier.yaml", content)


ALIASES = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
MERGES = "a: &a {x: 1}\n" + "".join(f"b{n}: &b{n} {{<<: [*a, *a]}}\n" for n in range(20))
YAML_ATTACKS: dict[str, bytes] = {
    "renvois-qui-se-multiplient": ALIASES.encode(),
    "fusions": MERGES.encode(),
    "renvoi-a-soi": b"a: &a [*a]\n",
    "renvoi-inconnu": b"a: *b\n",
    "etiquette-python": b"a: !!python/object/apply:os.system ['echo x']\n",
    "etiquette-binaire": b"a: !!binary aGVsbG8=\n",
    "profond": b"a: " + b"[" * 20_000,
    "profond-en-blocs": "".join(f"{'  ' * n}a:\n" for n in range(300)).encode(),
    "trois-megaoctets": b"a:\n" + b"- x\n" * 800_000,
    "cent-mille-valeurs": b"a: [" + b"1," * 100_000 + b"1]\n",
    "cle-en-double": b"format: local\nformat: flash\n",
    "plusieurs-documents": b"format: local\n---\nformat: local\n",
    "cle-complexe": b"? [a, b]\n: 1\n",
    "pas-utf8": "intitulé: é".encode("cp1252"),
    "octets-nuls": b"format: lo\0cal\n",
    "tabulations": b"format:\n\tlocal\n",
    "liste": b"- a\n- b\n",
    "scalaire": b"bonjour\n",
    "vide": b"",
    "binaire": random.Random(3).randbytes(5000),
    "utf16-tronque": "format: local".encode("utf-16")[:-1],
    "crochet-ouvert": b"format: [local\n",
    "bombe-de-guillemets": b'a: "' + b"\\u0041" * 300_000,
    "ancre-immense": b"a: &" + b"x" * 300_000 + b" 1\n",
}
for _name, _content in YAML_ATTACKS.items():
    case("GEN-FIC-001|GEN-FIC-003|GEN-FIC-004", name=f"fiche-{_name}")(fiche(_content))


def _changed(old: str, new: str) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        text = (sound(root) / "dossier.yaml").read_text(encoding="utf-8")
        assert old in text, old
        (root / "dossier.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")

    return make


case("GEN-FIC-004", name="fiche-format-inconnu")(_changed("format: local", "format: ../../etc/passwd"))
case("GEN-FIC-002", name="fiche-nombre-de-5000-chiffres")(
    _changed("duree_mois: ", "duree_mois: " + "9" * 5000 + " # ")
)
case("GEN-FIC-002", name="fiche-date-impossible")(_changed("date_depot: ", "date_depot: 2026-02-31 # "))
case("GEN-FIC-003", name="fiche-champ-de-200-000-caracteres")(
    _changed("format: local", f"format: local\n{'x' * 900}: 1")
)
case(harmless=True, name="fiche-titre-immense")(
    _changed("intitule: ", 'intitule: "' + "Atelier " * 20_000 + '" # ')
)
case(harmless=True, name="fiche-titre-hostile")(
    _changed("intitule: ", 'intitule: "\\u202e\\x1b[31m=cmd|x {{7*7}} <b>&\\u0007" # ')
)


@case("GEN-FIC-001", name="deux-fiches")
def _two(root: Path) -> None:
    shutil.copy(sound(root) / "dossier.yaml", root / "dossier.yml")


# --- files and folders ----------------------------------------------------------------------------------


@case("GEN-FIC-005")
def fiche_qui_est_un_lien(root: Path) -> None:
    (sound(root) / "dossier.yaml").rename(root.parent / "ailleurs.yaml")
    (root / "dossier.yaml").symlink_to(root.parent / "ailleurs.yaml")


@case("GEN-FIC-005")
def fiche_qui_est_un_dossier(root: Path) -> None:
    (sound(root) / "dossier.yaml").unlink()
    (root / "dossier.yaml").mkdir()
    (root / "dossier.yaml" / "x.txt").write_text("x")


@case("LO-PIE-001")
def note_qui_est_un_lien(root: Path) -> None:
    (sound(root) / NOTE).rename(root.parent / "note.docx")
    (root / NOTE).symlink_to(root.parent / "note.docx")


@case("LO-PIE-001")
def note_qui_est_un_lien_mort(root: Path) -> None:
    (sound(root) / NOTE).unlink()
    (root / NOTE).symlink_to("nulle part.docx")


@case("LO-PIE-001")
def note_qui_est_un_tuyau(root: Path) -> None:
    (sound(root) / NOTE).unlink()
    os.mkfifo(root / NOTE)


@case("LO-PIE-001")
def note_qui_est_une_prise(root: Path) -> None:
    (sound(root) / NOTE).unlink()
    here = Path.cwd()
    os.chdir(root)  # the address of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("prise")
        Path("prise").rename(NOTE)
    finally:
        os.chdir(here)


@case("LO-PIE-001")
def note_qui_est_un_dossier(root: Path) -> None:
    (sound(root) / NOTE).unlink()
    (root / NOTE).mkdir()


@case(harmless=True)
def liens_en_boucle(root: Path) -> None:
    (sound(root) / "boucle").symlink_to(root)
    (root / "autre").symlink_to("autre")
    (root / "racine").symlink_to("/")


@case(harmless=True)
def tuyaux_partout(root: Path) -> None:
    sound(root)
    (root / "sortie" / ".assemble").mkdir(parents=True)
    for name in ("instruction.yaml", "a.pdf", "sortie/.assemble/manifeste.json", "sortie/visas.yaml"):
        os.mkfifo(root / name)


@case(harmless=True)
def instruction_qui_est_un_lien(root: Path) -> None:
    (sound(root) / "instruction.yaml").symlink_to("/etc/passwd")


@case("GEN-FIC-001|GEN-FIC-003")
def instruction_illisible(root: Path) -> None:
    (sound(root) / "instruction.yaml").write_bytes(b"decision: [\n")


@case(harmless=True)
def visas_illisibles(root: Path) -> None:
    (sound(root) / "sortie").mkdir()
    (root / "sortie" / "visas.yaml").write_bytes(b"- {regle: *x}\n")


@case(harmless=True)
def manifeste_illisible(root: Path) -> None:
    (sound(root) / "sortie" / ".assemble").mkdir(parents=True)
    (root / "sortie" / ".assemble" / "manifeste.json").write_bytes(b"[" * 100_000)


@case(harmless=True)
def manifeste_d_une_autre_forme(root: Path) -> None:
    (sound(root) / "sortie" / ".assemble").mkdir(parents=True)
    (root / "sortie" / ".assemble" / "manifeste.json").write_text('{"documents": {"a": [1], "b": null}}')


@case(UNCLAIMED)
def sortie_qui_est_un_fichier(root: Path) -> None:
    (sound(root) / "sortie").write_text("x")


@case(harmless=True)
def sortie_qui_mene_a_la_racine(root: Path) -> None:
    (sound(root) / "sortie").symlink_to("/")


ODD_NAMES: dict[str, bytes] = {
    "saut-de-ligne": b"Annexe\n=> AUCUN POINT BLOQUANT.txt",
    "echappement": b"Annexe \x1b[2J\x1b[31m.txt",
    "retour": b"Annexe\r\x08\x07.txt",
    "bidi": "Annexe \u202etxt.exe".encode(),
    "sans-codage": b"Annexe \xe9\xff.txt",
    "nom-reserve": b"CON.txt",
    "nom-reserve-exposant": "com¹.txt".encode(),
    "deux-points": b"Annexe: a.txt",
    "point-final": b"Annexe.",
    "espace-finale": b"Annexe.txt ",
    "etoile": b"Annexe*?.txt",
    "guillemet": b'Annexe "x".txt',
    "barre-inverse": b"Annexe\\x.txt",
    "tube": b"Annexe|rm.txt",
}
for _name, _bytes in ODD_NAMES.items():

    def _odd(root: Path, name: bytes = _bytes) -> None:
        sound(root)
        Path(os.fsdecode(os.path.join(os.fsencode(root), name))).write_bytes(b"x")  # noqa: PTH118

    case(UNCLAIMED + "|" + NAMES, NAMES, name=f"nom-{_name}")(_odd)


@case(NAMES)
def nom_de_plus_de_260_caracteres(root: Path) -> None:
    folder = sound(root).joinpath(*("d" * 60 for _ in range(5)))
    folder.mkdir(parents=True)
    (folder / "Annexe.txt").write_text("x")


@case(NAMES)
def noms_jumeaux_par_les_accents(root: Path) -> None:
    for name in ("Annexe \u00e9.txt", "Annexe e\u0301.txt"):
        (sound(root) / name).write_text("x")


@case(NAMES)
def noms_jumeaux_par_la_casse(root: Path) -> None:
    for name in ("Annexe a.txt", "ANNEXE A.TXT"):
        (sound(root) / name).write_text("x")


@case(harmless=True)
def cent_dossiers_l_un_dans_l_autre(root: Path) -> None:
    folder = sound(root)
    for _ in range(100):
        folder = folder / "d"
        folder.mkdir()
    (folder / "perdu.txt").write_text("x")


@case(told="plus de 5000 fichiers")
def six_mille_fichiers(root: Path) -> None:
    folder = sound(root) / "beaucoup"
    folder.mkdir()
    for number in range(6_000):
        os.close(os.open(folder / f"{number}.txt", os.O_CREAT | os.O_WRONLY))


@case(harmless=True)
def deux_cents_fichiers_vides(root: Path) -> None:
    sound(root)
    for number in range(200):
        (root / f"vide {number}.txt").write_bytes(b"")


@case(UNOPENED)
def fichier_de_201_mo(root: Path) -> None:
    with (sound(root) / "film.pdf").open("wb") as stream:
        stream.truncate(201 * MEGA)


@case(harmless=True)
def fichier_creux_de_190_mo(root: Path) -> None:
    with (sound(root) / "film.mp4").open("wb") as stream:
        stream.write(b"\0\0\0\x18ftypmp42")
        stream.truncate(190 * MEGA)


@case(told="est vide")
def dossier_vide(root: Path) -> None:
    root.mkdir(exist_ok=True)


@case(told="est vide")
def dossier_de_restes(root: Path) -> None:
    for name in ("~$note.docx", ".cache", "Thumbs.db", "a.tmp"):
        (root / name).write_text("x")


@case(told="n’existe pas")
def dossier_absent(root: Path) -> Path:
    return root / "absent"


@case(told="ne s’ouvre pas")
def dossier_au_nom_trop_long(root: Path) -> Path:
    return root / ("x" * 5000)


@case(told="ne s’ouvre pas")
def dossier_qui_est_un_tuyau(root: Path) -> Path:
    os.mkfifo(root / "tuyau")
    return root / "tuyau"


@case(told="ne s’ouvre pas")
def dossier_qui_est_un_lien_en_boucle(root: Path) -> Path:
    (root / "lien").symlink_to("lien")
    return root / "lien"


# --- dossiers in a zip ----------------------------------------------------------------------------------


def zipped(root: Path, content: bytes) -> Path:
    (root / "envoi.zip").write_bytes(content)
    return root / "envoi.zip"


def files() -> dict[str, bytes]:
    return {one.relative_to(SOUND).as_posix(): one.read_bytes() for one in SOUND.rglob("*") if one.is_file()}


def _zip_case(name: str, build: Callable[[], bytes], told: str | None, harmless: bool = False) -> None:
    case(told=told, harmless=harmless, name=f"zip-{name}")(lambda root: zipped(root, build()))


def _zip_link() -> bytes:
    out = io.BytesIO(pack(files()))
    with zipfile.ZipFile(out, "a") as archive:
        info = zipfile.ZipInfo("lien")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


_zip_case("sain", lambda: pack(files()), None, harmless=True)
_zip_case("dans-un-dossier", lambda: pack({f"envoi/{k}": v for k, v in files().items()}), None, harmless=True)
_zip_case("de-mac", lambda: pack(files() | {"__MACOSX/._a": b"x", ".DS_Store": b"x"}), None, harmless=True)
_zip_case("glissement", lambda: pack(files() | {"../../evil.txt": b"x"}), "nom interdit")
_zip_case("absolu", lambda: pack(files() | {"/tmp/evil-assembler.txt": b"x"}), "nom interdit")
_zip_case("lien", _zip_link, "lien")
_zip_case("bombe", lambda: pack(files() | {"Annexe.txt": bytes(300 * MEGA)}), "comprimé")
_zip_case(
    "trop-gros",
    lambda: announcing(pack([(f"a{n}", b"x") for n in range(9)]), b"a", 50 * MEGA),
    "dépasse 400 Mo",
)
_zip_case("trop-de-membres", lambda: pack([(f"a{n}", b"") for n in range(6000)]), "plus de 5000")
_zip_case(
    "membre-en-double", lambda: pack([*files().items(), ("dossier.yaml", b"format: local")]), "deux fois"
)
_zip_case("jumeaux", lambda: pack(files() | {"DOSSIER.yaml": b"format: local"}), "deux fois")
_zip_case("fichier-et-dossier", lambda: pack([("a", b"x"), ("a/b", b"x")]), "ne s’ouvre pas")
_zip_case("nom-de-3000-caracteres", lambda: pack({"a" * 3000: b"x"}), "trop long")
_zip_case("profond", lambda: pack({"d/" * 3000 + "a": b"x"}), "ne s’ouvre pas")
_zip_case("coupe", lambda: pack(files())[:5000], "ne s’ouvre pas")
_zip_case("vide", lambda: b"", "ne s’ouvre pas")
_zip_case("sans-membre", lambda: pack({}), "est vide")
_zip_case("quelconque", lambda: random.Random(4).randbytes(5000), "ne s’ouvre pas")


def build(folder: Path) -> dict[str, Path]:
    """Make every case below ``folder``; return what each gives to the command."""
    made = {}
    for name, one in CASES.items():
        root = folder / name / "dossier"
        root.mkdir(parents=True)
        made[name] = one.make(root) or root
    return made


if __name__ == "__main__":
    for given in build(Path(sys.argv[1])).values():
        print(os.fspath(given)[:200])
    print(f"{len(CASES)} entrées")
