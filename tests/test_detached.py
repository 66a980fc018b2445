"""Signatures in a file beside the one that they sign."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from pathlib import Path

import pytest
from dossiers import copied
from hypothesis import given, settings
from hypothesis import strategies as st
from test_reader_pdf import letter, make

from assembler.detached import attach, rejoin
from assembler.manager import Plugins
from assembler.model import Reading, Source, State
from assembler.pipeline import Request, check_dossier
from assembler.readers import pdftrust
from assembler.readers.sealfiles import is_seal, read_seal

pytest.importorskip("pyhanko")

from test_pdf_signatures_trust import Holder

COMPLETE = Path(__file__).parents[1] / "fixtures" / "local" / "complet"
LETTER = make([letter()])
DS = "http://www.w3.org/2000/09/xmldsig#"


def cms(content: bytes, name: str = "Claude EXEMPLE") -> bytes:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.serialization import pkcs7

    holder = Holder(name)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(holder.certificate, holder.key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.sign(serialization.Encoding.DER, options)


def xades(content: bytes, head: str = "") -> bytes:
    from cryptography.hazmat.primitives import serialization

    der = Holder("Claude EXEMPLE").certificate.public_bytes(serialization.Encoding.DER)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return (
        f'<?xml version="1.0"?>{head}<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo>'
        '<ds:Reference URI="lettre.pdf">'
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{base64.b64encode(der).decode()}"
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object>"
        '<p xmlns="http://uri.etsi.org/01903/v1.3.2#"><SigningTime>2026-03-12T10:00:00Z</SigningTime></p>'
        "</ds:Object></ds:Signature>"
    ).encode()


@pytest.fixture(params=[True, False], ids=["pyHanko", "sans pyHanko"])
def installed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(pdftrust, "available", lambda: request.param)
    return bool(request.param)


def test_a_detached_signature_tells_who_when_and_whether_the_file_is_the_one(installed: bool) -> None:
    found = read_seal(cms(LETTER), LETTER)
    assert (found.etat, found.signataire, found.integre) == ("cachet_parapheur", "Claude EXEMPLE", True)
    assert (found.date, found.detachee) == (dt.datetime.now(dt.UTC).date(), True)
    assert ("n’est pas installé" in str(found.detail)) is not installed
    assert read_seal(cms(LETTER), LETTER + b" ").integre is False


def test_the_signature_of_another_key_is_false() -> None:
    good = cms(LETTER)
    forged = good[:-8] + bytes(byte ^ 1 for byte in good[-8:])
    found = read_seal(forged, LETTER)
    assert found.integre is False
    assert "fausse" in str(found.detail)


@pytest.mark.parametrize("wrap", [base64.b64encode, base64.encodebytes])
def test_a_signature_in_text_is_read_as_well(wrap) -> None:
    text = wrap(cms(LETTER))
    assert read_seal(text, LETTER).integre is True
    named = b"-----BEGIN PKCS7-----\n" + text + b"\n-----END PKCS7-----\n"
    assert read_seal(named, LETTER).integre is True


def test_a_xades_signature_is_compared_by_its_digest() -> None:
    found = read_seal(xades(LETTER), LETTER)
    assert (found.signataire, found.date, found.integre) == ("Claude EXEMPLE", dt.date(2026, 3, 12), True)
    assert read_seal(xades(LETTER), b"autre").integre is False


def test_a_doctype_is_no_signature() -> None:
    hostile = xades(LETTER, '<!DOCTYPE a [<!ENTITY b "c">]>')
    assert not is_seal(hostile)
    assert read_seal(hostile, LETTER).integre is False


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"\x30\x82\x01\x00", b"<?xml version='1.0'?><a>"]))
def test_any_bytes_are_judged_without_an_error(data: bytes, head: bytes) -> None:
    assert read_seal(head + data, b"x").integre in (True, False, None)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_changed_signature_is_judged_without_an_error(changes: list[tuple[int, int]]) -> None:
    data = bytearray(_SEAL)
    for at, value in changes:
        data[at % len(data)] = value
    read_seal(bytes(data), LETTER)


_SEAL = cms(LETTER)


def sources(folder: Path, **files: bytes) -> list[Source]:
    found = []
    for name, data in files.items():
        (folder / name).write_bytes(data)
        nature = {"pdf": "pdf", "docx": "docx"}.get(name.rsplit(".", 1)[-1], "inconnu")
        reading = Reading(nature=nature, forme="pdf") if nature != "inconnu" else None
        digest = hashlib.sha256(data).hexdigest()
        found.append(
            Source(
                name=name,
                path=str(folder / name),
                octets=len(data),
                sha256=digest,
                nature=nature,
                reading=reading,
                defaut=None if reading else "nature",
            )
        )
    return found


@pytest.mark.parametrize(
    "name",
    [
        *("lettre.pdf.p7s", "lettre.p7s", "Lettre_signature.p7s", "lettre.pdf - sig 1.p7s"),
        *("lettre.xml", "lettre.pdf.xades", "lettre.sig"),
    ],
)
def test_a_signature_goes_to_the_file_whose_name_it_bears(tmp_path: Path, name: str) -> None:
    seal = xades(LETTER) if name.endswith(("xml", "xades")) else cms(LETTER)
    kept, seals = attach(sources(tmp_path, **{"lettre.pdf": LETTER, name: seal}))
    assert [one.name for one in kept] == ["lettre.pdf"]
    assert kept[0].reading is not None
    (sign,) = kept[0].reading.signatures
    assert (sign.integre, name in str(sign.detail)) == (True, True)
    (again, beside) = rejoin([kept[0]], seals)
    assert (again.name, beside.name, beside.nature, beside.defaut) == ("lettre.pdf", name, "signature", None)


def test_of_a_draft_and_its_pdf_the_one_signed_is_the_one_whose_digest_it_holds(tmp_path: Path) -> None:
    files = {"lettre.pdf": LETTER, "lettre.docx": b"autre", "lettre.p7s": cms(b"autre")}
    kept, _ = attach(sources(tmp_path, **files))
    assert [len(one.reading.signatures) for one in kept if one.reading] == [0, 1]


def test_what_signs_nothing_that_is_there_stays_a_file(tmp_path: Path) -> None:
    files = {"lettre.pdf": LETTER, "plan.p7s": cms(b"x"), "lettre.xml": b"<?xml version='1.0'?><a/>"}
    kept, seals = attach(sources(tmp_path, **files))
    assert ([one.name for one in kept], dict(seals)) == (list(files), {})


@pytest.mark.parametrize(
    ("sound", "expected"),
    [(True, {}), (False, {"GEN-SIG-001": State.NON_CONFORME, "LO-SIG-001": State.A_VOIR})],
)
def test_a_letter_signed_beside_is_signed_when_the_signature_is_its_own(
    tmp_path: Path, sound: bool, expected: dict[str, State]
) -> None:
    root = tmp_path / "dossier"
    copied(COMPLETE, root)
    (old,) = (root / "courriers").glob("*CC des*")
    unsigned = root / "courriers" / "Courrier d’engagement CC des Coëvrons.pdf"
    data = _without_mark(old)
    old.unlink()
    unsigned.write_bytes(data)
    unsigned.with_name(unsigned.name + ".p7s").write_bytes(
        cms(data if sound else data + b"x", "Alex EXEMPLE")
    )
    report = check_dossier(root, Plugins(), Request(today=dt.date(2026, 4, 1))).report
    told = {one.id: one.etat for one in report.regles if one.etat in (State.NON_CONFORME, State.A_VOIR)}
    assert told == expected
    (seal,) = (one for one in report.dossier.sources if one.nature == "signature")
    assert (seal.piece, seal.defaut) == ("courrier_collectivite", None)


def _without_mark(path: Path) -> bytes:
    """The letter as it was before somebody signed it by hand: its images and drawings taken off."""
    import io

    from pypdf import PdfWriter
    from pypdf.generic import ContentStream, NameObject

    writer = PdfWriter(clone_from=str(path))
    for page in writer.pages:
        content = ContentStream(page.get_contents(), writer)
        content.operations = [
            one for one in content.operations if one[1] not in (b"Do", b"c", b"l", b"INLINE IMAGE")
        ]
        page[NameObject("/Contents")] = writer._add_object(content)
        page.pop("/Annots", None)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
