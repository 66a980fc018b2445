"""The name and the day inside a signature: whose certificate it is. Nothing is verified here.

Source: RFC 5652 § 5 (SignedData), RFC 5280 § 4.1 (Certificate); DER lengths and tags only.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

__all__ = ["digest_agrees", "holder", "is_signed_data", "signer", "signing_day"]

_COMMON_NAME = b"\x06\x03\x55\x04\x03"
_MESSAGE_DIGEST = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04\x31"
_SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_SIGNING_TIME = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05\x31"
_HASHES = {20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}
_SEQUENCE, _SET, _INTEGER, _CONTEXT_0 = 0x30, 0x31, 0x02, 0xA0


def signer(cms: bytes) -> str | None:
    """Return the common name of the certificate that made a CMS signature, None when unclear.

    Args:
        cms: DER ``ContentInfo``; the zeros that fill the place kept for it may follow.
    """
    try:
        return _signer(cms)
    except (IndexError, ValueError, StopIteration):
        return None


def is_signed_data(cms: bytes) -> bool:
    """Tell whether the bytes are a CMS signature, whatever it is worth."""
    return cms[:1] == b"\x30" and _SIGNED_DATA in cms[:24]


def signing_day(cms: bytes) -> dt.date | None:
    """Return the day that the signatory's computer wrote into a CMS signature."""
    at = cms.find(_SIGNING_TIME)
    found = cms[at + len(_SIGNING_TIME) + 1 :] if at >= 0 else b""
    size = {0x17: 6, 0x18: 8}.get(found[0] if found else 0, 0)
    digits = found[2 : 2 + size].decode("ascii", "replace")
    if not size or not digits.isdigit():
        return None
    century = "" if size == 8 else ("20" if digits < "50" else "19")
    try:
        return dt.datetime.strptime(century + digits, "%Y%m%d").date()
    except ValueError:
        return None


def holder(certificate: bytes) -> str | None:
    """Return the common name of the subject of a DER certificate, None when unclear."""
    try:
        return _common_name(_subject(certificate))
    except (IndexError, ValueError, StopIteration):
        return None


def digest_agrees(cms: bytes, content: bytes) -> bool | None:
    """Tell whether the digest kept in a CMS signature is that of ``content``; None when it holds none.

    An agreement says that the bytes have not moved since; it says nothing of who signed.
    """
    at = cms.find(_MESSAGE_DIGEST)
    if at < 0:
        return None
    start = at + len(_MESSAGE_DIGEST) + 1
    if len(cms) < start + 2 or cms[start] != 0x04 or cms[start + 1] not in _HASHES:
        return None
    size = cms[start + 1]
    digest = hashlib.new(_HASHES[size], content, usedforsecurity=False).digest()
    return digest == cms[start + 2 : start + 2 + size]


def _signer(cms: bytes) -> str | None:
    content_info = _content(cms, _SEQUENCE)
    explicit = next(value for tag, value, _ in _items(content_info) if tag == _CONTEXT_0)
    parts = list(_items(_content(explicit, _SEQUENCE)))
    certificates = next((value for tag, value, _ in parts if tag == _CONTEXT_0), b"")
    infos = next((value for tag, value, _ in reversed(parts) if tag == _SET), b"")
    wanted = None
    for _, info, _ in _items(infos):
        fields = list(_items(info))
        if len(fields) > 1 and fields[1][0] == _SEQUENCE:  # issuerAndSerialNumber
            wanted = [raw for tag, _, raw in _items(fields[1][1]) if tag == _INTEGER]
        break
    found = [raw for tag, _, raw in _items(certificates) if tag == _SEQUENCE]
    for certificate in found:
        if wanted and _serial(certificate) == wanted[0]:
            return holder(certificate)
    return holder(found[0]) if len(found) == 1 else None


def _fields(certificate: bytes) -> list[tuple[int, bytes, bytes]]:
    """Return the fields of the TBSCertificate from the serial number on."""
    tbs = _content(_content(certificate, _SEQUENCE), _SEQUENCE)
    return [item for item in _items(tbs) if item[0] != _CONTEXT_0]


def _serial(certificate: bytes) -> bytes:
    return _fields(certificate)[0][2]


def _subject(certificate: bytes) -> bytes:
    return _fields(certificate)[4][1]  # serial, algorithm, issuer, validity, subject


def _common_name(name: bytes) -> str | None:
    at = name.rfind(_COMMON_NAME)
    if at < 0:
        return None
    tag, value, _ = next(_items(name[at + len(_COMMON_NAME) :]))
    text = value.decode("utf-16-be" if tag == 0x1E else "utf-8", "replace")
    return text.strip() or None


def _content(data: bytes, tag: int) -> bytes:
    found, value, _ = next(_items(data), (0, b"", b""))
    if found != tag:
        raise ValueError("unexpected tag")
    return value


def _items(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield ``(tag, content, whole)`` of each DER element at this level."""
    at = 0
    while at + 1 < len(data):
        start, tag, size = at, data[at], data[at + 1]
        at += 2
        if size & 0x80:
            count = size & 0x7F
            if not 0 < count <= 4:
                return
            size = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + size > len(data):
            raise ValueError("truncated")
        yield tag, data[at : at + size], data[start : at + size]
        at += size
