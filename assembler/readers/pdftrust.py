"""Signatures of a PDF judged by pyHanko, the extra ``signatures``; nothing is asked of the network.

What can be told offline: the signature is that of the certificate and of the bytes, what came after is
what signing allows, the certificate was in date, its chain is joined or not. What cannot: whether the
authority is on a list of trust, whether the certificate had been revoked. Each signature says both.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.util
import io
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assembler.readers.offline import offline

__all__ = ["Trust", "available", "certificate_words", "examine", "holder_of", "time_stamp"]

_LONGEST_CHAIN = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Trust:
    """What was established of one signature."""

    signer: str | None
    date: dt.datetime | None
    """Of the time stamp, else as the signatory's computer said it."""
    integre: bool
    details: tuple[str, ...]
    """French phrases: what was established, what was not."""


def available() -> bool:
    """Tell whether pyHanko is installed."""
    return importlib.util.find_spec("pyhanko") is not None


def examine(data: bytes) -> Mapping[tuple[int, ...], Trust]:
    """Judge every signature of a PDF, time stamps left out.

    Args:
        data: the file.

    Returns:
        By ``/ByteRange``; a signature that pyHanko cannot read is not there.
    """
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        with offline():
            import pyhanko.sign.validation  # noqa: F401 - the rest of what is needed comes with it
            from pyhanko.pdf_utils.reader import PdfFileReader

        reader = PdfFileReader(io.BytesIO(data), strict=False)
        if reader.encrypted:
            reader.decrypt(b"")
        signatures = list(reader.embedded_regular_signatures)
    except Exception:  # the file is at fault, or the installation: the structure alone will be looked at
        return {}
    found: dict[tuple[int, ...], Trust] = {}
    for signature in signatures:
        try:
            found[tuple(int(one) for one in signature.byte_range)] = _judge(signature)
        except Exception:  # one signature at fault leaves the others
            continue
    return found


def _judge(signature: Any) -> Trust:
    from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    signature.compute_integrity_info()
    intact, valid = validate_sig_integrity(
        signature.signer_info,
        signature.signer_cert,
        expected_content_type="data",
        actual_digest=signature.compute_digest(),
    )
    covered = signature.coverage in (
        SignatureCoverageLevel.ENTIRE_FILE,
        SignatureCoverageLevel.ENTIRE_REVISION,
    )
    since = signature.diff_result
    level = since.modification_level if isinstance(since, DiffResult) else ModificationLevel.OTHER
    allowed = signature.docmdp_level.value if signature.docmdp_level else ModificationLevel.FORM_FILLING.value
    whole = signature.coverage is SignatureCoverageLevel.ENTIRE_FILE
    unexplained = not whole and level is ModificationLevel.NONE
    kept = covered and level.value <= allowed and not unexplained
    if not intact:
        said = ["modifié après signature (l’empreinte ne correspond plus)"]
    elif not valid:
        said = ["signature fausse : elle n’a pas été faite avec le certificat qu’elle porte"]
    elif not covered:
        said = ["modifié après signature (la signature ne couvre pas tout le fichier)"]
    elif unexplained:
        said = ["modifié après signature (un ajout que rien n’explique)"]
    elif not kept:
        said = ["modifié après signature (plus que ce que la signature permet)"]
    else:
        said = ["intégrité vérifiée"]
        if level is ModificationLevel.LTA_UPDATES:
            said.append("complété après signature par des données de validation")
        elif level is not ModificationLevel.NONE:
            said.append("complété après signature comme elle le permet (champs remplis, autre signature)")
    stamped = time_stamp(signature.signer_info)
    date = stamped or signature.self_reported_timestamp
    if date:
        said.append("date d’un horodatage joint" if stamped else "date donnée par le poste du signataire")
    said += certificate_words(signature.signer_cert, signature.other_embedded_certs, date)
    return Trust(
        signer=holder_of(signature.signer_cert),
        date=date,
        integre=bool(intact and valid and kept),
        details=tuple(said),
    )


def certificate_words(certificate: Any, others: Sequence[Any], date: dt.datetime | None) -> list[str]:
    """Return what the certificates joined to a signature tell, and what they cannot.

    Args:
        certificate: the signatory's, as asn1crypto reads it.
        others: the others that are joined.
        date: the day of the signature; None leaves the dates out.
    """
    said: list[str] = []
    if date is not None:
        if date.tzinfo is None:
            date = date.replace(tzinfo=dt.UTC)
        if date > certificate.not_valid_after:
            said.append("certificat expiré le jour de la signature")
        elif date < certificate.not_valid_before:
            said.append("certificat pas encore valable le jour de la signature")
    top, complete = _chain(certificate, others)
    if top is certificate and complete:
        said.append("certificat auto-signé, que personne ne garantit")
    elif complete:
        said.append(f"chaîne de certificats jointe jusqu’à « {holder_of(top) or '?'} »")
    else:
        issuer = top.issuer.native.get("common_name") or top.issuer.human_friendly
        said.append(f"certificat délivré par « {issuer} », dont le certificat n’est pas joint")
    said.append("autorité et révocation non vérifiées (contrôle hors ligne)")
    return said


def _chain(certificate: Any, others: Sequence[Any]) -> tuple[Any, bool]:
    """Return the last certificate of the joined chain, and whether it is a root."""
    here = certificate
    for _ in range(_LONGEST_CHAIN):
        if here.subject == here.issuer:
            return here, _issued(here, here)
        above = next((one for one in others if one is not here and _issued(here, one)), None)
        if above is None:
            return here, False
        here = above
    return here, False


def _issued(certificate: Any, issuer: Any) -> bool:
    """Tell whether a certificate was signed with another one's key."""
    from cryptography import x509

    if certificate.issuer != issuer.subject:
        return False
    try:
        below, above = (x509.load_der_x509_certificate(one.dump()) for one in (certificate, issuer))
        below.verify_directly_issued_by(above)
    except Exception:  # not signed by it, or with an algorithm that nobody verifies any more
        return False
    return True


def time_stamp(signer_info: Any) -> dt.datetime | None:
    """Return the time of the stamp joined to a signature, when it is a stamp of that very signature."""
    try:
        attributes = signer_info["unsigned_attrs"]
        token = next(
            one["values"][0] for one in attributes if one["type"].native == "signature_time_stamp_token"
        )
        info = token["content"]["encap_content_info"]["content"].parsed
        imprint = info["message_imprint"]
        name = imprint["hash_algorithm"]["algorithm"].native
        digest = hashlib.new(name, signer_info["signature"].native, usedforsecurity=False).digest()
        found = info["gen_time"].native
        same = digest == imprint["hashed_message"].native
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, StopIteration):
        return None
    return found if same and isinstance(found, dt.datetime) else None


def holder_of(certificate: Any) -> str | None:
    """Return the common name of the subject of a certificate."""
    name = certificate.subject.native.get("common_name")
    if isinstance(name, list):
        name = name[0] if name else None
    return str(name).strip() or None if name else None
