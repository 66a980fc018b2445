"""Detached signatures: a file of its own beside the one that it signs (CAdES ``.p7s``, XAdES ``.xml``).

What is always told: whose certificate, which day, whether the digest signed is that of the file beside. With
pyHanko, whether the certificate made the signature as well (CMS only).

Source: RFC 5652 (CMS), ETSI EN 319 132-1 (XAdES), W3C XML Signature.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from typing import Any

from assembler.errors import ReadingError
from assembler.model import Signature
from assembler.readers import pdftrust
from assembler.readers.certificates import digest_agrees, holder, is_signed_data, signer, signing_day
from assembler.readers.containers import parse_xml
from assembler.readers.offline import offline

__all__ = ["LARGEST", "SUFFIXES", "is_seal", "read_seal"]

SUFFIXES = frozenset({".p7s", ".p7m", ".xml", ".xades", ".sig", ".asc", ".pkcs7"})
LARGEST = 5_000_000
"""Bytes; a signature weighs some kilobytes."""
_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_PGP = b"-----BEGIN PGP SIGNATURE-----"
_PEM = re.compile(rb"-----BEGIN (?:PKCS7|CMS|SIGNED DATA)-----(.+?)-----END", re.DOTALL)
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+")
_METHODS = {
    "http://www.w3.org/2000/09/xmldsig#sha1": "sha1",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_APART = "signature détachée"


def is_seal(data: bytes) -> bool:
    """Tell whether the bytes are a signature of a kind that is known."""
    if is_signed_data(_der(data)) or data.lstrip().startswith(_PGP):
        return True
    return b"http://www.w3.org/2000/09/xmldsig#" in data and _signatures(data) is not None


def read_seal(data: bytes, content: bytes) -> Signature:
    """Return what a detached signature tells of the file beside it.

    Args:
        data: the signature file.
        content: the bytes of the file that it should sign.
    """
    der = _der(data)
    if is_signed_data(der):
        return _cms(der, content)
    if data.lstrip().startswith(_PGP):
        return _seal(None, None, ["signature OpenPGP, non vérifiée"], None)
    nodes = _signatures(data)
    if nodes:
        return _xades(nodes, content)
    return _seal(None, None, ["le fichier n’est pas une signature qui se lit"], False)


def _seal(name: str | None, day: dt.date | None, details: list[str], integre: bool | None) -> Signature:
    return Signature(
        etat="cachet_parapheur",
        signataire=name,
        date=day,
        detail=" ; ".join([_APART, *details]),
        integre=integre,
        detachee=True,
    )


def _der(data: bytes) -> bytes:
    """Return the signature itself, out of the text that may wrap it."""
    if data[:1] == b"\x30":
        return data
    wrapped = _PEM.search(data[:LARGEST])
    text = wrapped.group(1) if wrapped else data.strip()
    if not _BASE64.fullmatch(text):
        return data
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return data


# --- CMS ---------------------------------------------------------------------------------------


def _cms(der: bytes, content: bytes) -> Signature:
    name, day = signer(der), signing_day(der)
    agrees = digest_agrees(der, content)
    if pdftrust.available():
        try:
            return _judged(der, content, name, day)
        except Exception:  # damaged, or of a kind that the library does not know: the digest still tells
            details = ["validité non vérifiée (le module de signature n’a pas pu la lire)"]
    else:
        details = ["le module de signature n’est pas installé : validité non vérifiée"]
    return _seal(name, day, [*details, _compared(agrees)], agrees)


def _judged(der: bytes, content: bytes, name: str | None, day: dt.date | None) -> Signature:
    from asn1crypto import cms

    with offline():
        from pyhanko.sign.general import SignedDataCerts, extract_certificate_info, extract_signer_info
        from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    signed = cms.ContentInfo.load(der)["content"]
    info = extract_signer_info(signed)
    certificates: SignedDataCerts = extract_certificate_info(signed)
    method = info["digest_algorithm"]["algorithm"].native
    intact, valid = validate_sig_integrity(
        info,
        certificates.signer_cert,
        expected_content_type=signed["encap_content_info"]["content_type"].native,
        actual_digest=hashlib.new(method, content, usedforsecurity=False).digest(),
    )
    if not intact:
        said = [_compared(False)]
    elif not valid:
        said = ["signature fausse : elle n’a pas été faite avec le certificat qu’elle porte"]
    else:
        said = ["intégrité vérifiée"]
    stamped = pdftrust.time_stamp(info)
    when = stamped or (dt.datetime.combine(day, dt.time(12), dt.UTC) if day else None)
    if when:
        said.append("date d’un horodatage joint" if stamped else "date donnée par le poste du signataire")
    said += pdftrust.certificate_words(certificates.signer_cert, certificates.other_certs, when)
    holding = pdftrust.holder_of(certificates.signer_cert) or name
    return _seal(holding, when.date() if when else None, said, bool(intact and valid))


def _compared(agrees: bool | None) -> str:
    return {
        True: "empreinte du fichier concordante",
        False: "son empreinte n’est pas celle du fichier, qui a changé ou n’est pas celui qui a été signé",
        None: "son empreinte n’a pas pu être comparée au fichier",
    }[agrees]


# --- XAdES -------------------------------------------------------------------------------------


def _signatures(data: bytes) -> list[Any] | None:
    try:
        root = parse_xml(data, "signature")
    except ReadingError:
        return None
    found = [root] if root.tag == f"{_DS}Signature" else list(root.iter(f"{_DS}Signature"))[:50]
    return found or None


def _xades(nodes: list[Any], content: bytes) -> Signature:
    for node in nodes:
        if any(_same(*one, content) for one in _digests(node)):
            agrees, kept = True, node
            break
    else:
        agrees, kept = False, nodes[0]
    details = ["signature XAdES, dont la validité n’est pas vérifiée", _compared(agrees)]
    return _seal(_certified(kept), _signed_on(kept), details, agrees)


def _digests(node: Any) -> Iterator[tuple[str, bytes]]:
    """Yield ``(method, digest)`` of what a signature refers to, or holds within itself."""
    for reference in list(node.iterfind(f"{_DS}SignedInfo/{_DS}Reference"))[:100]:
        method = reference.find(f"{_DS}DigestMethod")
        name = _METHODS.get(method.get("Algorithm", "") if method is not None else "")
        digest = _decoded(reference.findtext(f"{_DS}DigestValue"))
        if name and digest:
            yield name, digest
    for held in list(node.iter(f"{_DS}Object"))[:20]:  # the file itself, in base 64
        if len(held) == 0 and (whole := _decoded(held.text)):
            yield "sha256", hashlib.sha256(whole).digest()


def _same(name: str, digest: bytes, content: bytes) -> bool:
    return hashlib.new(name, content, usedforsecurity=False).digest() == digest


def _certified(node: Any) -> str | None:
    certificate = next(node.iter(f"{_DS}X509Certificate"), None)
    der = _decoded(certificate.text) if certificate is not None else None
    return holder(der) if der else None


def _signed_on(node: Any) -> dt.date | None:
    for one in node.iter("{*}SigningTime"):
        try:
            return dt.date.fromisoformat((one.text or "").strip()[:10])
        except ValueError:
            return None
    return None


def _decoded(text: str | None) -> bytes | None:
    try:
        return base64.b64decode("".join((text or "").split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None
