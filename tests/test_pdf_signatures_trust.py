"""Signed PDFs: what is established of a signature, with pyHanko and without it, and what came after it."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from assembler_plugins.commun.courriers import signature
from assembler_plugins.commun.signatures import signatures_intactes
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject
from test_reader_pdf import LETTERHEAD, SIGNED_IMAGE, SQUIGGLE, letter, line, make, states

from assembler.model import Frozen, Signature, State
from assembler.readers import pdf, pdftrust
from assembler.readers.pdfrevisions import change_since
from assembler.readers.pdfsignatures import stamps

pytest.importorskip("pyhanko")

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps

NOW = dt.datetime.now(dt.UTC)


class Holder:
    """A certificate and its key, signed by another or by itself."""

    def __init__(
        self,
        name: str,
        by: Holder | None = None,
        *,
        until: dt.datetime = NOW + dt.timedelta(days=365),
        stamping: bool = False,
    ) -> None:
        self.key: Any = (
            rsa.generate_private_key(65537, 2048) if stamping else ec.generate_private_key(ec.SECP256R1())
        )
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        issuer = by or self
        builder = (
            x509.CertificateBuilder(
                subject_name=self.name, issuer_name=issuer.name, public_key=self.key.public_key()
            )
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - dt.timedelta(days=700))
            .not_valid_after(until)
        )
        if stamping:
            usage = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(usage, critical=True)
        self.certificate = builder.sign(issuer.key, hashes.SHA256())

    def parsed(self) -> tuple[Any, Any]:
        from asn1crypto import keys
        from asn1crypto import x509 as asn1

        der = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        certificate = self.certificate.public_bytes(serialization.Encoding.DER)
        return asn1.Certificate.load(certificate), keys.PrivateKeyInfo.load(der)

    def signer(self, *others: Holder) -> Any:
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        certificate, key = self.parsed()
        store = SimpleCertificateStore()
        store.register_multiple([other.parsed()[0] for other in others])
        return signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=store)


def sign(data: bytes, signer: Any, field: str = "S1", **given: Any) -> bytes:
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    metadata = signers.PdfSignatureMetadata(field_name=field, **given)
    signers.sign_pdf(writer, metadata, signer=signer, output=out)
    return out.getvalue()


def add(data: bytes, change: Callable[[PdfWriter], object]) -> bytes:
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def new_words(writer: PdfWriter) -> None:
    stream = StreamObject()
    stream.set_data(letter(line("pour six mois", 60, 330)).encode("cp1252"))
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)


def note(writer: PdfWriter) -> None:
    writer.add_annotation(0, FreeText(text="Bon pour accord", rect=(60, 300, 200, 330)))


def validation_data(writer: PdfWriter) -> None:
    store = DictionaryObject({NameObject("/Certs"): ArrayObject(), NameObject("/Type"): NameObject("/DSS")})
    writer.root_object[NameObject("/DSS")] = writer._add_object(store)


@pytest.fixture(params=[True, False], ids=["pyHanko", "sans pyHanko"])
def installed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(pdftrust, "available", lambda: request.param)
    return bool(request.param)


@pytest.fixture(scope="module")
def claude() -> Holder:
    return Holder("Claude EXEMPLE", Holder("Autorité d’essai"))


@pytest.fixture(scope="module")
def signed(claude: Holder) -> bytes:
    return sign(make([letter()]), claude.signer())


def only(data: bytes) -> Signature:
    (found,) = pdf.read(data).signatures
    return found


def test_a_sound_signature_says_what_was_established_and_what_was_not(signed: bytes, installed: bool) -> None:
    found = only(signed)
    assert (found.etat, found.signataire, found.integre) == ("electronique", "Claude EXEMPLE", True)
    assert found.date == dt.datetime.now().date()
    told = str(found.detail)
    assert ("intégrité vérifiée" in told) is installed
    assert ("révocation non vérifiées" in told) is installed
    assert ("module de signature n’est pas installé : validité non vérifiée" in told) is not installed


@pytest.mark.parametrize("change", [new_words, note, lambda writer: writer.add_blank_page()])
def test_what_is_changed_after_a_signature_breaks_it(
    signed: bytes, installed: bool, change: Callable[[PdfWriter], object]
) -> None:
    found = only(add(signed, change))
    assert (found.etat, found.integre) == ("electronique", False)
    assert "modifié après signature" in str(found.detail)


def test_changed_bytes_break_a_signature(signed: bytes, installed: bool) -> None:
    for changed in (
        signed.replace(b"confirme ici", b"refuse   ici"),
        signed + signed[signed.rindex(b"xref") : signed.rindex(b"startxref")] + signed[-60:],
    ):
        assert only(changed).integre is False


def test_a_change_hidden_below_a_second_signature_breaks_the_first(
    signed: bytes, installed: bool, claude: Holder
) -> None:
    found = pdf.read(sign(add(signed, new_words), claude.signer(), "S2")).signatures
    assert [one.integre for one in found] == [False, True]


def test_a_second_signature_breaks_nothing(signed: bytes, installed: bool, claude: Holder) -> None:
    found = pdf.read(sign(signed, claude.signer(), "S2")).signatures
    assert [one.integre for one in found] == [True, True]


def test_validation_data_and_time_stamps_break_nothing(signed: bytes, installed: bool) -> None:
    authority = Holder("Horodatage d’essai", stamping=True)
    certificate, key = authority.parsed()
    stamper = signers.PdfTimeStamper(timestamps.DummyTimeStamper(certificate, key))
    out = io.BytesIO()
    stamper.timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(add(signed, validation_data))), "sha256", output=out
    )
    found = only(out.getvalue())
    assert (found.signataire, found.integre) == ("Claude EXEMPLE", True)


def test_zeros_and_line_ends_after_the_file_break_nothing(signed: bytes, installed: bool) -> None:
    assert only(signed + b"\r\n\0\0\0").integre is True


def form() -> bytes:
    field = "<</Type/Annot/Subtype/Widget/FT/Tx/T(ref)/Rect[60 700 160 720]/DA(/F 10 Tf)/V()>>"
    return make(
        [letter()],
        catalog="/AcroForm<</Fields[6 0 R]/DA(/F 10 Tf)>>",
        annotations="/Annots[6 0 R]",
        objects=[field],
    )


def fill(writer: PdfWriter) -> None:
    writer.update_page_form_field_values(writer.pages[0], {"ref": "2026-017"}, auto_regenerate=False)


@pytest.mark.parametrize(
    ("level", "kept"),
    [(None, True), (fields.MDPPerm.FILL_FORMS, True), (fields.MDPPerm.NO_CHANGES, False)],
)
def test_a_field_filled_after_signing_breaks_only_what_forbids_it(
    claude: Holder, installed: bool, level: fields.MDPPerm | None, kept: bool
) -> None:
    given = {"certify": True, "docmdp_permissions": level} if level else {}
    data = sign(form(), claude.signer(), **given)
    filled = add(data, fill)
    assert PdfReader(io.BytesIO(filled)).get_form_text_fields() == {"ref": "2026-017"}
    assert only(data).integre is True
    assert only(filled).integre is kept


def test_certificates_tell_what_can_be_told_offline(claude: Holder) -> None:
    alone = Holder("Camille EXEMPLE")
    authority = Holder("Autorité d’essai")
    expired = Holder("Noor EXEMPLE", authority, until=NOW - dt.timedelta(days=10))
    told = {
        "alone": str(only(sign(make([letter()]), alone.signer())).detail),
        "chained": str(only(sign(make([letter()]), Holder("A", authority).signer(authority))).detail),
        "missing": str(only(sign(make([letter()]), claude.signer())).detail),
        "expired": str(only(sign(make([letter()]), expired.signer(authority))).detail),
    }
    assert "auto-signé" in told["alone"]
    assert "chaîne de certificats jointe jusqu’à « Autorité d’essai »" in told["chained"]
    assert "dont le certificat n’est pas joint" in told["missing"]
    assert "certificat expiré le jour de la signature" in told["expired"]


def test_a_stamp_of_time_gives_the_day(claude: Holder) -> None:
    certificate, key = Holder("Horodatage d’essai", stamping=True).parsed()
    day = dt.datetime(2026, 3, 12, 10, tzinfo=dt.UTC)
    stamper = timestamps.DummyTimeStamper(certificate, key, fixed_dt=day)
    out = io.BytesIO()
    signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(make([letter()]))),
        signers.PdfSignatureMetadata(field_name="S1"),
        signer=claude.signer(),
        timestamper=stamper,
        output=out,
    )
    found = only(out.getvalue())
    assert (found.date, found.integre) == (day.date(), True)
    assert "date d’un horodatage joint" in str(found.detail)


def test_what_cannot_be_compared_is_not_said_unchanged() -> None:
    assert change_since(b"%PDF-1.7 rien", 5) is not None


# -- the rules ----------------------------------------------------------------------------------------


def judged(*signs: dict[str, object]) -> tuple[list[State], list[State]]:
    facts = Frozen({"pieces": {"lettre": [{"fichier": "l.pdf", "forme": "pdf", "signatures": list(signs)}]}})
    mine = [one.state for one in signature(facts, piece="lettre")]
    return mine, [one.state for one in signatures_intactes(facts)]


@pytest.mark.parametrize(
    ("signs", "letter_states", "rule_states"),
    [
        ([{"etat": "electronique", "integre": True}], [], []),
        ([{"etat": "electronique", "integre": False}], [State.A_VOIR], [State.NON_CONFORME]),
        ([{"etat": "electronique", "integre": None}], [], [State.NON_VERIFIE]),
        (
            [{"etat": "electronique", "integre": False}, {"etat": "visible"}],
            [State.A_VOIR],
            [State.NON_CONFORME],
        ),
        (
            [{"etat": "electronique", "integre": False}, {"etat": "electronique", "integre": True}],
            [],
            [State.NON_CONFORME],
        ),
        (
            [{"etat": "cachet_parapheur", "detachee": True, "integre": False}],
            [State.A_VOIR],
            [State.NON_CONFORME],
        ),
        ([{"etat": "cachet_parapheur", "detachee": True, "integre": True}], [], []),
        ([{"etat": "visible"}], [], [State.NON_APPLICABLE]),
    ],
)
def test_a_broken_signature_always_has_its_finding_and_never_signs_alone(
    signs: list[dict[str, object]], letter_states: list[State], rule_states: list[State]
) -> None:
    assert judged(*signs) == (letter_states, rule_states)


# -- stamps of other makers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (["Signé par : Claude EXEMPLE", "Date : 12/03/2026", "Qualité : Parapheur Président"], "2026-03-12"),
        (["Signed by:", "Claude EXEMPLE", "0A1B2C3D4E5F412"], None),
        (["DocuSigned by:", "Claude EXEMPLE", "8F0A1B2C3D4E5F4"], None),
        (["Claude EXEMPLE", "Certified by yousign"], None),
        (["Signé électroniquement via Yousign par Claude EXEMPLE le 12/03/2026"], "2026-03-12"),
        (["Signé avec Universign par Claude EXEMPLE", "le 12/03/2026"], "2026-03-12"),
        (["Document signé électroniquement le 12/03/2026 à 10:22 par Claude EXEMPLE"], "2026-03-12"),
    ],
)
def test_the_stamps_of_parapheurs_and_services_are_known(lines: list[str], day: str | None) -> None:
    (found,) = stamps(lines, 1)
    assert (found.etat, found.signataire) == ("cachet_parapheur", "Claude EXEMPLE")
    assert found.date == (dt.date.fromisoformat(day) if day else None)


@pytest.mark.parametrize("lines", [["Signé par : Claude EXEMPLE"], ["Lettre signée par : le maire", "Évron"]])
def test_a_word_about_who_signs_is_no_stamp(lines: list[str]) -> None:
    assert list(stamps(lines, 1)) == []


# -- files of other programs --------------------------------------------------------------------------


def ink() -> Any:
    """A signature as a copier gives it: strokes on white."""
    image_draw = pytest.importorskip("PIL.ImageDraw")
    from PIL import Image

    image = Image.new("RGB", (300, 130), "white")
    draw = image_draw.Draw(image)
    draw.line([(10, 90), (60, 20), (90, 110), (140, 30), (180, 100), (290, 60)], fill=(20, 30, 120), width=4)
    return image


def code() -> Any:
    pytest.importorskip("PIL")
    from PIL import Image

    image = Image.new("L", (100, 100), 255)
    for x in range(100):
        for y in range(100):
            if (x // 4 * 7 + y // 4 * 13 + (x // 4) * (y // 4)) % 2 == 0 or (x // 4 + y // 4) % 3 == 0:
                image.putpixel((x, y), 0)
    return image


def logo() -> Any:
    image_draw = pytest.importorskip("PIL.ImageDraw")
    from PIL import Image

    image = Image.new("RGB", (300, 200), "white")
    draw = image_draw.Draw(image)
    draw.rectangle((0, 0, 99, 60), fill=(0, 0, 145))
    draw.rectangle((200, 0, 299, 60), fill=(225, 0, 15))
    return image


def picture(image: Any, kind: str = "PNG") -> io.BytesIO:
    out = io.BytesIO()
    image.save(out, kind)
    out.seek(0)
    return out


def word_letter(
    path: Path, *, top: Any = None, sign: Any = None, bottom: Any = None, foot: Any = None
) -> None:
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    document = Document()
    if top is not None:
        document.add_picture(picture(top), width=Cm(4))
    document.add_paragraph("Objet : engagement de la communauté de communes")
    for _ in range(4):
        document.add_paragraph("La communauté de communes confirme ici son engagement entier. " * 4)
    for text in ("Le président,", None, "Claude EXEMPLE"):
        paragraph = document.add_paragraph(text or "")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if text is None and sign is not None:
            paragraph.add_run().add_picture(picture(sign, "JPEG"), width=Cm(4))
    if bottom is not None:
        document.add_picture(picture(bottom), width=Cm(2.5))
    if foot is not None:
        document.sections[0].footer.paragraphs[0].add_run().add_picture(picture(foot), width=Cm(15))
    document.save(str(path))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Letters written by python-docx and exported by LibreOffice."""
    folder = tmp_path_factory.mktemp("lettres")
    word_letter(folder / "rien.docx")
    word_letter(folder / "logo.docx", top=logo())
    word_letter(folder / "code.docx", top=logo(), bottom=code())
    word_letter(folder / "pied.docx", foot=logo().resize((900, 90)))
    word_letter(folder / "jpeg.docx", top=logo(), sign=ink(), bottom=code())
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={folder.as_uri()}/profil",
            "--headless",
            *("--convert-to", "pdf", "--outdir", str(folder)),
            *map(str, sorted(folder.glob("*.docx"))),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder


@pytest.mark.parametrize(
    ("name", "expected"), [("rien", []), ("logo", []), ("code", []), ("pied", []), ("jpeg", ["visible"])]
)
def test_letters_exported_by_libreoffice_are_told_apart(
    exported: Path, name: str, expected: list[str]
) -> None:
    assert states((exported / f"{name}.pdf").read_bytes()) == expected


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((LETTERHEAD, "q 560 0 0 40 15 40 cm /I Do Q"), []),  # a wide image in the footer
        ((LETTERHEAD, "0.5 w 60 180 m 530 180 l S"), []),  # a line ruled across
        ((LETTERHEAD, "q 70 0 0 70 60 100 cm /I Do Q"), []),  # an image far from who signs
        ((LETTERHEAD, SQUIGGLE), ["visible"]),
        ((LETTERHEAD, SIGNED_IMAGE), ["visible"]),
    ],
)
def test_marks_that_are_ink_and_marks_that_are_not(marks: tuple[str, ...], expected: list[str]) -> None:
    assert states(make([letter(*marks)])) == expected
