"""Electronic signatures of a PDF: signed fields, and the lines that a parapheur stamps."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assembler.model import Signature
from assembler.readers import pdftrust
from assembler.readers.certificates import digest_agrees, signer
from assembler.readers.pdfrevisions import change_since, locked

__all__ = ["signed_fields", "stamps"]

_MAX_FIELDS = 5_000
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
)
_BY = (
    r"(?:document\s+)?sign[ée]{1,2}s?\s+(?:électroniquement|numériquement|digitalement)"
    r"(?:\s*,?\s+le\s+[\d][\d\s/.:àh-]*|\s+(?:via|avec|sur)\s+[\w.-]+(?:\s+[\w.-]+)?)?,?\s+par",
    r"(?:document\s+)?sign[ée]{1,2}s?\s+(?:via|avec|sur)\s+[\w.-]+\s+par",
    r"signature\s+(?:électronique|numérique)\s+(?:de|par)(?=\s|:|$)",
    r"(?:document\s+)?certifi[ée]{1,2}\b[^.:]{0,60}?\bsign[ée]{1,2}\s+(?:électroniquement\s+)?par",
    r"(?:digitally|electronically|docu)\s?signed\s+by",
)
_STAMP = re.compile(rf"^\W*(?:{'|'.join(_BY)})\s*:?\s*(?P<rest>.*)$", re.IGNORECASE)
_LABEL = re.compile(r"^\W*(?:sign[ée]{1,2}\s+par|signed\s+by)\s*:\s*(?P<rest>.*)$", re.IGNORECASE)
"""Alone, anybody’s word; a stamp when the lines below give a date, a quality or an envelope’s number."""
_BELOW = re.compile(
    r"\W*(?:date\b.*\d|qualité\s*:|fonction\s*:|[0-9A-F]{12,}\W*$|[0-9A-F]{8}-[0-9A-F-]{20,})", re.I
)
_MAKER = re.compile(
    r"\W*(?:certifi(?:ed|é|ée)\s+(?:by|par)|signature\s+certifiée\s+par)\s+(?:yousign|universign)\b", re.I
)
"""Under the name, the mark of who made the signature."""
_PROSE = re.compile(r"^\W*[a-zà-ÿ]")
_DATE = re.compile(
    r"(?<!\d)(?:(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})|(?P<y2>\d{4})[./-](?P<m2>\d{1,2})[./-](?P<d2>\d{1,2})"
    rf"|(?P<d3>\d{{1,2}})(?:er)?\s+(?P<month>{'|'.join(_MONTHS)})\s+(?P<y3>\d{{4}}))",
    re.IGNORECASE,
)
_NAME_END = re.compile(
    r"\s*(?:,|;|\||–|\s-\s|\(|\ble\s+(?=\d)|\ble\s*:|\bdate\b|\ben date\b|\bà\s+\d"
    r"|\bqualité\b|\bfonction\b|\bDN\b|(?<!\d)\d{1,4}[/.]).*$",
    re.IGNORECASE,
)
_ANY = re.compile("(?P<rest>.*)")
_WRAPPED = re.compile(r"(?:[A-ZÀ-Ý][\w'’-]*\s+){1,3}(?:le\s+|,\s*|–\s*)(?:le\s+)?\d")
"""A following line that ends the name, then gives the date."""
_ENVELOPE = re.compile(rb"\s*<[0-9A-Fa-f\s]*>\s*")
"""What stands between the two ranges that are signed: the signature itself, nothing else."""
_NOT_INSTALLED = "signature présente ; le module de signature n’est pas installé : validité non vérifiée"
_UNREAD = "signature présente ; validité non vérifiée (le module de signature n’a pas pu la lire)"
_PDF_DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?")


def stamps(lines: Sequence[str], page: int) -> Iterator[Signature]:
    """Yield the stamps of a parapheur among the visual lines of a page.

    « Signé électroniquement par : Claude Exemple, le 12/03/2026 »; name and date may stand on the
    following lines. A sentence that speaks of signing (« sera signée électroniquement par… ») is not one.
    """
    for index, line in enumerate(lines):
        found = _STAMP.match(line)
        around = lines[index + 1 : index + 5]
        if not found and any(map(_BELOW.match, around[:3])):
            found = _LABEL.match(line)
        if not found and index and _MAKER.match(line):
            found, around = _ANY.match(lines[index - 1]), lines[index : index + 4]
        if not found or _PROSE.match(line):
            continue
        rest = found.group("rest")
        if around and not _date(line) and _WRAPPED.match(around[0]):
            rest = f"{rest} {around[0]}"
        name = _name(rest) or (_name(around[0]) if around else None)
        yield Signature(
            etat="cachet_parapheur",
            signataire=name,
            date=next(filter(None, map(_date, (line, *around))), None),
            page=page,
            detail="mention d’un parapheur électronique imprimée sur la page, non vérifiée",
        )


def signed_fields(data: bytes) -> tuple[Signature, ...]:
    """Return the signed fields of a PDF; a field without value is a place left to sign, not a signature.

    What is established: the field holds a signature, whose certificate it is, whether the digest kept
    in it is that of the bytes covered, and whether what came after them is what signing allows. With
    pyHanko (:mod:`assembler.readers.pdftrust`), whether the certificate made the signature as well.

    Raises:
        Exception: whatever pypdf raises on a damaged structure; the caller knows what to do.
    """
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would write its doubts on the person's console
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        reader.decrypt("")
    form = _resolve(_resolve(reader.trailer["/Root"]).get("/AcroForm"))
    if not form:
        return ()
    pages = _widget_pages(reader)
    found = [
        one
        for field, value in _fields(_resolve(form.get("/Fields")) or [], None, set())
        if (one := _seal(field, value, data, pages)) is not None
    ]
    found.sort(key=lambda one: one.end)
    last = max((one.end for one in found), default=0)
    data = data[: max(last, len(data.rstrip(b"\0\r\n\t ")))]  # zeros that a transfer added say nothing
    judged = pdftrust.examine(data) if pdftrust.available() else {}
    free = not any(one.locked for one in found)
    return tuple(
        _judged(one, judged[one.ranges]) if one.ranges in judged else _signature(one, data, fields=free)
        for one in found
        if not one.timestamp
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seal:
    """A signature value as it stands in the file."""

    contents: bytes
    ranges: tuple[int, ...]
    name: str | None
    date: dt.date | None
    page: int | None
    timestamp: bool
    locked: bool
    """Nothing may change after it."""

    @property
    def end(self) -> int:
        return self.ranges[2] + self.ranges[3] if len(self.ranges) == 4 else 0


def _judged(seal: _Seal, trust: pdftrust.Trust) -> Signature:
    return Signature(
        etat="electronique",
        signataire=trust.signer or seal.name,
        date=trust.date.date() if trust.date else seal.date,
        page=seal.page,
        detail=" ; ".join(trust.details),
        integre=trust.integre,
    )


def _signature(seal: _Seal, data: bytes, *, fields: bool) -> Signature:
    """Return what the structure alone tells of a signature: whether what it covers has changed."""
    details = [_UNREAD if pdftrust.available() else _NOT_INSTALLED]
    ranges = seal.ranges
    integre: bool | None = None
    if not seal.contents.strip(b"\0") or seal.contents[:1] != b"\x30" or len(ranges) != 4 or ranges[0] != 0:
        details.append("son contenu n’est pas celui d’une signature")
        integre = False
    else:
        covered = data[: ranges[1]] + data[ranges[2] : seal.end]
        agrees = digest_agrees(seal.contents, covered)
        between = data[ranges[1] : ranges[2]]
        if agrees is False or seal.end > len(data):
            details.append("modifié après signature (l’empreinte ne correspond plus)")
            integre = False
        elif not _ENVELOPE.fullmatch(between):
            details.append("modifié après signature (la signature ne couvre pas tout le fichier)")
            integre = False
        elif seal.end < len(data) and (change := change_since(data, seal.end, fields=fields)):
            details.append(f"modifié après signature ({change})")
            integre = False
        elif agrees:
            details.append("empreinte du fichier concordante")
            integre = True
            if seal.end < len(data):
                details.append("complété après signature, pages inchangées")
        else:
            details.append("son empreinte n’a pas pu être comparée au fichier")
    return Signature(
        etat="electronique",
        signataire=signer(seal.contents) or seal.name,
        date=seal.date,
        page=seal.page,
        detail=" ; ".join(details),
        integre=integre,
    )


def _seal(field: Any, value: Any, data: bytes, pages: dict[int, int]) -> _Seal | None:
    contents = _resolve(value.get("/Contents"))
    raw = bytes(contents) if isinstance(contents, bytes) else str(contents or "").encode("latin-1", "replace")
    ranges = tuple(int(_resolve(one)) for one in _resolve(value.get("/ByteRange")) or ())
    if len(ranges) == 4 and 0 < ranges[1] < ranges[2] <= len(data):  # as written: pypdf may decode it as text
        written = data[ranges[1] : ranges[2]].strip().strip(b"<>")
        with contextlib.suppress(ValueError):
            raw = bytes.fromhex(written.decode("ascii"))
    name = _resolve(value.get("/Name"))
    stamp = _PDF_DATE.match(str(_resolve(value.get("/M")) or ""))
    return _Seal(
        contents=raw,
        ranges=ranges,
        name=str(name).strip() or None if name else None,
        date=_day(*(int(part or 1) for part in stamp.groups())) if stamp else None,
        page=next((pages[key] for key in _identities(field) if key in pages), None),
        timestamp=str(value.get("/Type")) == "/DocTimeStamp"
        or str(value.get("/SubFilter")) == "/ETSI.RFC3161",
        locked=locked(value),
    )


def _fields(nodes: Any, kind: Any, seen: set[int]) -> Iterator[tuple[list[Any], Any]]:
    """Yield ``(field with its widgets, value)`` of each signature field that has a value."""
    for reference in nodes:
        node = _resolve(reference)
        if not hasattr(node, "get") or id(node) in seen or len(seen) > _MAX_FIELDS:
            continue
        seen.add(id(node))
        own = node.get("/FT", kind)
        children = _resolve(node.get("/Kids")) or []
        value = _resolve(node.get("/V"))
        if own == "/Sig" and hasattr(value, "get"):
            yield [reference, *children], value
        else:
            yield from _fields(children, own, seen)


def _widget_pages(reader: Any) -> dict[int, int]:
    """Return the page number, from 1, of each annotation by object number."""
    pages: dict[int, int] = {}
    for number, page in enumerate(reader.pages, start=1):
        for annotation in _resolve(page.get("/Annots")) or []:
            for key in _identities([annotation]):
                pages[key] = number
    return pages


def _identities(references: Sequence[Any]) -> Iterator[int]:
    for reference in references:
        if (number := getattr(reference, "idnum", None)) is not None:
            yield int(number)


def _resolve(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _name(text: str) -> str | None:
    name = _NAME_END.sub("", text.strip()).strip(" .:·–-\u00a0")
    return name if name and any(char.isalpha() for char in name) and len(name) <= 90 else None


def _date(text: str) -> dt.date | None:
    found = _DATE.search(text)
    if not found:
        return None
    part = found.groupdict()
    if part["month"]:
        return _day(int(part["y3"]), _MONTHS.index(part["month"].casefold()) + 1, int(part["d3"]))
    return _day(int(part["y"] or part["y2"]), int(part["m"] or part["m2"]), int(part["d"] or part["d2"]))


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
