"""What OpenDocument texts and workbooks have in common: password, macros, links, signatures."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterator

from lxml import etree

from assembler.errors import ReadingError
from assembler.model import Signature
from assembler.readers.certificates import holder
from assembler.readers.containers import Package, open_package
from assembler.readers.odfstyles import DRAW, OFFICE, TABLE, TEXT, XLINK
from assembler.readers.ole import carries_program

__all__ = ["count_links", "count_macros", "digital", "formula_in", "metadata", "open_odf"]

_SCRIPT = "{urn:oasis:names:tc:opendocument:xmlns:script:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_MANIFEST = "META-INF/manifest.xml"
_DECLARING = re.compile(rb"<!DOCTYPE[^>\[]*\[|<!ENTITY", re.IGNORECASE)
_SIGNATURES = "META-INF/documentsignatures.xml"
_LINKING = (
    *(f"{DRAW}image", f"{DRAW}object", f"{DRAW}object-ole", f"{DRAW}plugin", f"{DRAW}floating-frame"),
    *(f"{DRAW}applet", f"{DRAW}fill-image", f"{TEXT}section-source"),
    *(f"{TABLE}table-source", f"{TABLE}cell-range-source"),
)
_SCRIPTS = (f"{OFFICE}script", f"{TEXT}script", f"{TEXT}execute-macro")
_DYNAMIC = (f"{TEXT}dde-connection-decl", f"{OFFICE}dde-source", f"{TABLE}dde-link")
_MODULE = re.compile(
    r"(?:Basic/[^/]+/(?!(?:script|dialog)-l[bc]\.xml$)[^/]+\.xml|Scripts/.+/[^/]+)$", re.IGNORECASE
)


def open_odf(data: bytes) -> Package:
    """Open an OpenDocument package.

    Raises:
        ReadingError: ``protege`` when it is encrypted, else as
            :func:`~assembler.readers.containers.open_package`.
    """
    package = open_package(data)
    if "encrypted-package" in package or b"encryption-data" in _manifest(package):
        raise ReadingError(
            "protege",
            "Le fichier demande un mot de passe : retirez la protection et enregistrez-le à nouveau.",
        )
    return package


def _manifest(package: Package) -> bytes:
    """Return the manifest as bytes: OpenOffice put there a DOCTYPE, which no parser of ours may see.

    Raises:
        ReadingError: ``illisible`` when the DOCTYPE declares something.
    """
    if _MANIFEST not in package:
        return b""
    data = package.read(_MANIFEST)
    if _DECLARING.search(data):
        package.xml(_MANIFEST)  # says what is wrong
    return data


def metadata(package: Package, name: str) -> int | None:
    """Return a count that the program last made of the document (``page-count``)."""
    if "meta.xml" not in package:
        return None
    try:
        node = next(package.xml("meta.xml").iter(f"{_META}document-statistic"), None)
    except ReadingError:
        return None
    text = "" if node is None else node.get(f"{_META}{name}", "")
    return int(text) if text.isdecimal() and 0 < int(text) < 100_000 else None


def count_macros(package: Package, *roots: etree._Element) -> int:
    """Count the modules of macros, and the places that call one."""
    modules = sum(bool(_MODULE.match(name)) for name in package.names)
    calls = sum(
        sum(1 for node in root.iter(*_SCRIPTS) if node.tag != f"{OFFICE}script" or len(node))
        + sum(_calls(node) for node in root.iter(f"{_SCRIPT}event-listener"))
        for root in roots
    )
    return modules + calls


def _calls(listener: etree._Element) -> bool:
    """Tell whether an event calls a macro; LibreOffice's own, as its templates for letters do, are none."""
    macro, href = listener.get(f"{_SCRIPT}macro-name", ""), listener.get(f"{XLINK}href", "")
    own = macro.startswith("application:") or href.endswith("location=application")
    return bool(macro or href) and not own


def count_links(package: Package, *roots: etree._Element) -> int:
    """Count what the document fetches elsewhere (a hyperlink fetches nothing) and embedded programs."""
    count = 0
    for root in roots:
        count += sum(1 for _ in root.iter(*_DYNAMIC))
        for node in root.iter(*_LINKING):
            href = node.get(f"{XLINK}href", "")
            inside = href.removeprefix("./")
            if _outside(href):
                count += 1
            elif node.tag == f"{DRAW}object-ole" and inside in package:
                count += carries_program(package.read(inside))
    return count


def _outside(href: str) -> bool:
    """Tell whether an address leads out of the package."""
    return href.startswith(("../", "/")) or bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", href))


def formula_in(package: Package, href: str) -> str:
    """Return the text of the formula that an embedded object is, or nothing."""
    part = f"{href.removeprefix('./').rstrip('/')}/content.xml"
    if not href or _outside(href) or part not in package:
        return ""
    try:
        root = package.xml(part)
    except ReadingError:
        return ""
    if etree.QName(root).localname != "math":
        return ""
    return "".join(
        (node.text or "").strip() for node in root.iter("{*}mi", "{*}mn", "{*}mo", "{*}mtext", "{*}ms")
    )


def digital(package: Package) -> Iterator[Signature]:
    """Yield the digital signatures of the package (LibreOffice: Fichier, Signatures numériques)."""
    if _SIGNATURES not in package:
        return
    for node in package.xml(_SIGNATURES).iter("{http://www.w3.org/2000/09/xmldsig#}Signature"):
        try:
            signatory = holder(base64.b64decode(node.findtext(".//{*}X509Certificate") or ""))
        except binascii.Error:
            signatory = None
        told = node.findtext(".//{*}SigningTime") or node.findtext(
            ".//{http://purl.org/dc/elements/1.1/}date"
        )
        yield Signature(
            etat="electronique",
            signataire=signatory,
            date=_date((told or "")[:10]),
            detail="signature électronique du fichier LibreOffice présente, non vérifiée",
        )


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
