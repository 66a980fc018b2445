"""PDF files: paragraphs by page, scans, and every kind of signature."""

from __future__ import annotations

import datetime as dt
import io
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from assembler.errors import ReadingError
from assembler.readers import certificates, pdf
from assembler.readers.pdflines import Line, paragraphs
from assembler.readers.pdfsignatures import stamps

WIDTH, HEIGHT = 595, 842
PROSE = "La communaute de communes confirme ici son engagement entier dans cette longue demarche, puis"
SIGNED_IMAGE = "q 90 0 0 40 360 205 cm /I Do Q"
SQUIGGLE = "1 w 380 220 m 390 260 400 180 410 230 c 420 260 430 190 440 220 c 450 250 460 200 470 225 c S"
LETTERHEAD = "q 90 0 0 60 40 760 cm /I Do Q"


def line(text: str, x: float, y: float, size: float = 11, font: str = "F", mode: int = 0) -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {mode} Tr /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET"


def letter(*more: str) -> str:
    """A page of letter: letterhead, eight long lines, the signatory's quality and name, ``more``."""
    body = [line(PROSE, 60, 620 - 14 * index) for index in range(8)]
    return "\n".join([*body, line("Le president,", 360, 280), line("Claude EXEMPLE", 360, 190), *more])


def make(
    pages: Sequence[str], *, annotations: str = "", catalog: str = "", objects: Sequence[str] = ()
) -> bytes:
    """A PDF by hand: Helvetica in F and B (bold), a small image in I, one content stream per page."""
    image = zlib.compress(b"\x00\x40\x80" * 3 + b"\xff" * 39)  # a little ink on white
    parts: list[bytes] = [
        b"",  # the catalog, below
        b"",  # the pages, below
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
        b"<</Type/XObject/Subtype/Image/Width 4/Height 4/BitsPerComponent 8/ColorSpace/DeviceRGB"
        + f"/Filter/FlateDecode/Length {len(image)}>>stream\n".encode()
        + image
        + b"\nendstream",
    ]
    parts += [one.encode("cp1252") for one in objects]
    kids = []
    for content in pages:
        data = content.encode("cp1252")
        parts.append(f"<</Length {len(data)}>>stream\n".encode() + data + b"\nendstream")
        kids.append(len(parts) + 1)
        parts.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Contents {len(parts)} 0 R"
            f"{annotations}/Resources<</Font<</F 3 0 R/B 4 0 R>>/XObject<</I 5 0 R>>>>>>".encode()
        )
    parts[0] = f"<</Type/Catalog/Pages 2 0 R {catalog}>>".encode("cp1252")
    parts[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>".encode()
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj".encode() + part + b"endobj\n"
    start = len(out)
    out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out += f"trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def states(data: bytes) -> list[str]:
    return [one.etat for one in pdf.read(data).signatures]


def test_lines_become_paragraphs_with_page_size_and_weight() -> None:
    first = "\n".join(
        [
            line("1. Objet de l\u2019Atelier", 60, 760, 16, "B"),
            line(PROSE, 60, 720),
            line("la suite du paragraphe.", 60, 706),
            line(PROSE, 60, 680),
            line("fin.", 60, 666),
            line(PROSE, 60, 652),
        ]
    )
    found = pdf.read(make([first, line("Page deux", 60, 400)]))
    assert [(one.text, one.page, one.size, one.bold) for one in found.blocks] == [
        ("1. Objet de l\u2019Atelier", 1, 16.0, True),
        (PROSE + " la suite du paragraphe.", 1, 11.0, False),
        (PROSE + " fin.", 1, 11.0, False),
        (PROSE, 1, 11.0, False),
        ("Page deux", 2, 11.0, False),
    ]
    assert (found.nature, found.forme, found.pages) == ("pdf", "pdf", 2)


def test_bullets_are_list_items_of_their_own() -> None:
    content = "\n".join(
        line(f"\u2022 {word} {PROSE}", 60, 700 - 14 * at) for at, word in enumerate(("un", "deux"))
    )
    found = pdf.read(make([content])).blocks
    assert [(one.text[:4], one.listed) for one in found] == [("\u2022 un", True), ("\u2022 de", True)]


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("l\u2019amé-", "nagement durable", "l\u2019aménagement durable"),
        ("la sous-", "préfecture", "la sous-préfecture"),
        ("en Centre-", "Val de Loire", "en Centre-Val de Loire"),
        ("porte-t-", "il son projet", "porte-t-il son projet"),
        ("dix à", "douze mois", "dix à douze mois"),
        ("de 10-", "12 mois", "de 10- 12 mois"),
    ],
)
def test_a_word_cut_at_the_end_of_a_line_is_whole_again(above: str, below: str, joined: str) -> None:
    lines = [
        Line(text=above, page=1, left=60, right=530, base=700, size=11),
        Line(text=below, page=1, left=60, right=500, base=686, size=11),
    ]
    assert [block.text for block in paragraphs(lines)] == [joined]


def test_short_lines_stay_apart() -> None:
    lines = [
        Line(text=text, page=1, left=60, right=right, base=700 - 14 * at, size=11)
        for at, (text, right) in enumerate(
            [("Madame la préfète", 160), ("60 rue Mac Donald", 165), (PROSE, 530)]
        )
    ]
    assert len(list(paragraphs(lines))) == 3


def test_running_headers_and_footers_are_set_apart() -> None:
    pages = [
        f"{line('Direction departementale', 60, 810)}\n{line(f'Page {number}/3', 60, 30)}"
        for number in (1, 2, 3)
    ]
    found = pdf.read(make([f"{page}\n{line(PROSE, 60, 500)}" for page in pages]))
    assert [one.text for one in found.blocks] == [PROSE] * 3
    assert found.headers.splitlines() == ["Direction departementale", "Page 1/3", "Page 2/3", "Page 3/3"]


# -- marks on the page --------------------------------------------------------------------------------


def test_a_letter_without_mark_is_not_signed() -> None:
    assert states(make([letter()])) == []
    assert states(make([letter(LETTERHEAD)])) == []


@pytest.mark.parametrize(
    "mark",
    [
        SIGNED_IMAGE,
        SQUIGGLE,
        "q 1 0 0 1 0 0 cm " + SQUIGGLE + " Q",
        "1 w 380 220 m 390 250 l 401 205 l 412 247 l 425 208 l 440 231 l 470 214 l S",
    ],
)
def test_an_image_or_a_drawing_over_the_name_is_a_visible_signature(mark: str) -> None:
    (found,) = pdf.read(make([letter(LETTERHEAD, mark)])).signatures
    assert (found.etat, found.page) == ("visible", 1)


@pytest.mark.parametrize(
    "mark",
    [
        "q 90 0 0 40 360 790 cm /I Do Q",  # a second logo in the letterhead
        "q 60 0 0 30 40 20 cm /I Do Q",  # a label in the footer
        "q 5 0 0 5 360 220 cm /I Do Q",  # a bullet
        "q 300 0 0 200 100 560 cm /I Do Q",  # a map in the body
        "1 w 60 300 m 530 300 l S",  # a rule
        "1 w 60 150 470 60 re S",  # a frame
        "q 595 0 0 842 0 0 cm /I Do Q",  # a background
    ],
)
def test_logos_rules_frames_and_backgrounds_are_not_signatures(mark: str) -> None:
    assert states(make([letter(mark)])) == []


def test_an_illustration_with_its_caption_is_not_a_signature() -> None:
    page = "\n".join([letter(), "q 250 0 0 150 60 120 cm /I Do Q", line("Figure 1 : le territoire", 60, 105)])
    assert states(make([page])) == []


@pytest.mark.parametrize(("kind", "expected"), [("Ink", ["visible"]), ("Stamp", ["visible"]), ("Link", [])])
def test_an_ink_or_stamp_annotation_is_a_visible_signature(kind: str, expected: list[str]) -> None:
    note = f"/Annots[<</Type/Annot/Subtype/{kind}/Rect[360 200 450 240]/InkList[[360 200 450 240]]>>]"
    assert states(make([letter()], annotations=note)) == expected


def test_comments_are_counted() -> None:
    note = "/Annots[<</Type/Annot/Subtype/Text/Rect[10 10 20 20]/Contents(a)>>]"
    assert pdf.read(make([letter()], annotations=note)).commentaires == 1


def test_a_scan_is_left_to_the_eye_page_by_page() -> None:
    full = "q 595 0 0 842 0 0 cm /I Do Q"
    found = pdf.read(make([full, full]))
    assert (found.forme, found.blocks) == ("numerise", ())
    assert [(one.etat, one.page) for one in found.signatures] == [("numerisee", 1), ("numerisee", 2)]
    mixed = pdf.read(make([letter(), full]))
    assert (mixed.forme, [one.page for one in mixed.signatures]) == ("pdf", [2])


def test_a_scan_with_recognised_characters_has_text_and_is_left_to_the_eye() -> None:
    page = "\n".join(
        ["q 595 0 0 842 0 0 cm /I Do Q", *(line(PROSE, 60, 600 - 14 * at, mode=3) for at in range(4))]
    )
    found = pdf.read(make([page]))
    assert (found.forme, [one.etat for one in found.signatures]) == ("pdf", ["numerisee"])
    assert "engagement entier" in found.text


# -- stamps of a parapheur ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "name", "day"),
    [
        (
            ["Signé électroniquement par : Claude EXEMPLE, le 12/03/2026 à 10:22"],
            "Claude EXEMPLE",
            "2026-03-12",
        ),
        (["Signé électroniquement par Claude EXEMPLE le 2 mars 2026"], "Claude EXEMPLE", "2026-03-02"),
        (
            ["Signé électroniquement par :", "Claude EXEMPLE", "Date de signature : 1er avril 2026"],
            "Claude EXEMPLE",
            "2026-04-01",
        ),
        (
            ["Signature numérique de Claude EXEMPLE", "Date : 2026.03.12 10:11:12 +01'00'"],
            "Claude EXEMPLE",
            "2026-03-12",
        ),
        (["Signature électronique de Claude EXEMPLE"], "Claude EXEMPLE", None),
        (["Document certifié conforme et signé par Claude EXEMPLE (président)"], "Claude EXEMPLE", None),
        (
            ["Signé électroniquement par Frédérique", "EXEMPLE le 10/02/2026"],
            "Frédérique EXEMPLE",
            "2026-02-10",
        ),
        (["SIGNÉ ÉLECTRONIQUEMENT PAR CLAUDE EXEMPLE – 12.03.2026"], "CLAUDE EXEMPLE", "2026-03-12"),
    ],
)
def test_a_stamp_tells_who_and_when(lines: list[str], name: str, day: str | None) -> None:
    (found,) = stamps(lines, 3)
    expected = dt.date.fromisoformat(day) if day else None
    assert (found.etat, found.signataire, found.date, found.page) == ("cachet_parapheur", name, expected, 3)


@pytest.mark.parametrize(
    "text",
    [
        "La convention sera signée électroniquement par les parties.",
        "signé électroniquement par chacune des parties, le marché est notifié",
        "Le courrier signé par la maire est joint.",
        "Signature électronique",
        "Signé : Claude EXEMPLE",
    ],
)
def test_a_sentence_about_signing_is_not_a_stamp(text: str) -> None:
    assert list(stamps([text], 1)) == []


def test_a_stamp_printed_on_the_page_is_found() -> None:
    page = letter(line("Sign\xe9 \xe9lectroniquement par Claude EXEMPLE le 12/03/2026", 330, 230))
    (found,) = pdf.read(make([page])).signatures
    assert (found.etat, found.signataire) == ("cachet_parapheur", "Claude EXEMPLE")


# -- signed fields ------------------------------------------------------------------------------------


def sign(data: bytes, folder: Path, name: str = "Claude EXEMPLE", field: str = "Signature1") -> bytes:
    """Sign with pyHanko and a certificate made here."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Autorité de certification")])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
        .serial_number(4242)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{field}.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = folder / f"{field}.key"
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    signer = signers.SimpleSigner.load(str(secret), str(pem))
    assert signer is not None
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=field), signer=signer, output=out)
    return out.getvalue()


def test_a_signed_field_tells_whose_certificate_and_that_the_bytes_are_those_signed(tmp_path: Path) -> None:
    (found,) = pdf.read(sign(make([letter()]), tmp_path)).signatures
    assert (found.etat, found.signataire, found.date) == (
        "electronique",
        "Claude EXEMPLE",
        dt.datetime.now().date(),
    )
    assert found.integre is True


def test_two_signatures_are_both_found_and_the_first_is_not_said_modified(tmp_path: Path) -> None:
    once = sign(make([letter()]), tmp_path)
    found = pdf.read(sign(once, tmp_path, "Camille EXEMPLE", "Signature2")).signatures
    assert [one.signataire for one in found] == ["Claude EXEMPLE", "Camille EXEMPLE"]
    assert all("modifié" not in str(one.detail) for one in found)


def test_a_file_changed_after_its_signature_is_said_so(tmp_path: Path) -> None:
    signed = sign(make([letter()]), tmp_path)
    longer = signed + signed[signed.rindex(b"xref") : signed.rindex(b"startxref")] + signed[-60:]
    for changed in (signed.replace(b"confirme ici", b"refuse  ici"), longer):
        details = [str(one.detail) for one in pdf.read(changed).signatures]
        assert ["modifié après signature" in one for one in details] == [True]


def field(value: str) -> bytes:
    widget = f"<</Type/Annot/Subtype/Widget/FT/Sig/T(s){value}/Rect[0 0 0 0]>>"
    return make(
        [letter()],
        catalog="/AcroForm<</Fields[6 0 R]/SigFlags 3>>",
        annotations="/Annots[6 0 R]",
        objects=[widget],
    )


def test_a_field_left_to_sign_is_not_a_signature() -> None:
    assert states(field("")) == []


def test_a_field_with_garbage_is_present_and_said_so() -> None:
    value = (
        "/V<</Type/Sig/Contents<0102>/ByteRange[0 10 20 30]/Name(Claude EXEMPLE)/M(D:20260312101500+01'00')>>"
    )
    (found,) = pdf.read(field(value)).signatures
    assert (found.etat, found.signataire, found.date, found.page) == (
        "electronique",
        "Claude EXEMPLE",
        dt.date(2026, 3, 12),
        1,
    )
    assert "n’est pas celui d’une signature" in str(found.detail)


def test_a_timestamp_is_nobodys_signature() -> None:
    assert states(field("/V<</Type/DocTimeStamp/Contents<3000>/ByteRange[0 10 20 30]>>")) == []


def test_a_field_below_another_is_found() -> None:
    kid = "<</Type/Annot/Subtype/Widget/T(k)/Parent 6 0 R/Rect[0 0 0 0]/V<</Type/Sig/Contents<00>>>>>"
    data = make(
        [letter()],
        catalog="/AcroForm<</Fields[6 0 R]>>",
        objects=["<</FT/Sig/T(p)/Kids[7 0 R 6 0 R]>>", kid],
    )
    assert states(data) == ["electronique"]


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x30\x82\x01\x00", b"\x30\x80"]))
def test_any_bytes_in_place_of_a_certificate_give_a_name_or_nothing(data: bytes, head: bytes) -> None:
    for found in (certificates.signer(head + data), certificates.holder(head + data)):
        assert found is None or isinstance(found, str)
    assert certificates.digest_agrees(data, b"") in (True, False, None)


# -- files that cannot be read ------------------------------------------------------------------------


def protect(user: str, owner: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(make([letter()])))
    writer.encrypt(user_password=user, owner_password=owner, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_password_to_open_is_refused_and_restrictions_are_not() -> None:
    with pytest.raises(ReadingError, match="mot de passe") as caught:
        pdf.read(protect("secret", "maître"))
    assert caught.value.code == "protege"
    assert "engagement" in pdf.read(protect("", "maître")).text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "vide"),
        (b"PK\x03\x04", "nature"),
        (b"%PDF-1.7\nrien\n%%EOF", "illisible"),
        (make([]), "illisible"),
        (make([letter()])[:-300], "illisible"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, code: str) -> None:
    with pytest.raises(ReadingError) as caught:
        pdf.read(data)
    assert caught.value.code == code
    assert str(caught.value).endswith(".")


def test_zeros_after_the_end_do_no_harm() -> None:
    assert pdf.read(make([letter()]) + b"\0" * 10_000).pages == 1


def test_a_page_of_too_many_characters_is_read_without_geometry() -> None:
    content = "\n".join(line("abcdefghij " * 60, 10, 800 - at, 1) for at in range(110))
    found = pdf.read(make([content]))
    assert found.text.count("abcdefghij") == 6600


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=12))
def test_changed_bytes_never_raise_anything_else(changes: list[tuple[int, int]]) -> None:
    data = bytearray(field("/V<</Type/Sig/Contents<3000>/ByteRange[0 10 20 30]>>"))
    for at, value in changes:
        data[at % len(data)] = value
    with suppress(ReadingError):
        assert pdf.read(bytes(data)).nature == "pdf"
