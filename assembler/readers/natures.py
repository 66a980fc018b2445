"""What a file really is, from its content alone: nobody's file extension is believed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Mapping

from assembler.errors import ReadingError
from assembler.readers.limits import LIMITS, MEGA
from assembler.readers.ole import MAGIC as OLE_MAGIC
from assembler.readers.ole import ole_nature

__all__ = ["LEGACY", "NATURES", "crowded", "expect", "misnamed", "sniff"]

NATURES: Mapping[str, str] = {
    "docx": "un document Word (.docx)",
    "docm": "un document Word avec macros (.docm)",
    "dotx": "un modèle Word (.dotx)",
    "odt": "un document LibreOffice (.odt)",
    "ods": "un classeur LibreOffice (.ods)",
    "xlsx": "un classeur Excel (.xlsx)",
    "xlsm": "un classeur Excel avec macros (.xlsm)",
    "pptx": "une présentation (.pptx)",
    "pdf": "un PDF",
    "html": "une page web (HTML)",
    "rtf": "un document RTF",
    "doc": "un ancien document Word (.doc)",
    "xls": "un ancien classeur Excel (.xls)",
    "ppt": "une ancienne présentation (.ppt)",
    "msg": "un message Outlook (.msg)",
    "ole": "un ancien fichier Office",
    "office_chiffre": "un document Office protégé par un mot de passe",
    "zip": "une archive zip",
    "jpg": "une image JPEG",
    "png": "une image PNG",
    "tiff": "une image TIFF",
    "xml": "un fichier XML",
    "texte": "un fichier de texte",
    "vide": "un fichier vide",
    "inconnu": "un fichier de nature inconnue",
}
"""French name of each nature that :func:`sniff` returns, with its article."""

LEGACY = frozenset({"doc", "rtf", "xls"})
"""Natures that are read through LibreOffice, when it is installed."""

_IMAGES = frozenset({".jpg", ".jpeg", ".jfif", ".png", ".tif", ".tiff"})
_SUFFIXES: Mapping[str, frozenset[str]] = {
    "docx": frozenset({".docx"}),
    "docm": frozenset({".docm", ".docx"}),
    "dotx": frozenset({".dotx", ".docx"}),
    "odt": frozenset({".odt", ".ott"}),
    "pdf": frozenset({".pdf"}),
    "xlsx": frozenset({".xlsx", ".xltx"}),
    "xlsm": frozenset({".xlsm", ".xltm"}),
    "ods": frozenset({".ods", ".ots"}),
    "doc": frozenset({".doc", ".dot"}),
    "xls": frozenset({".xls", ".xlt"}),
    "rtf": frozenset({".rtf"}),
    # Every viewer opens an image under the name of another.
    **dict.fromkeys(("jpg", "png", "tiff"), _IMAGES),
}
_KNOWN = frozenset().union(*_SUFFIXES.values())

_OOXML = (  # on the content type of the main part; ordered, first match wins
    (re.compile(r"ms-word\.(document|template)\.macroenabled"), "docm"),
    (re.compile(r"wordprocessingml\.document\.main"), "docx"),
    (re.compile(r"wordprocessingml\.template\.main"), "dotx"),
    (re.compile(r"ms-excel\.(sheet|template)\.macroenabled"), "xlsm"),
    (re.compile(r"spreadsheetml\.(sheet|template)\.main"), "xlsx"),
    (re.compile(r"presentationml\.|ms-powerpoint\."), "pptx"),
)
_ODF = {"text": "odt", "spreadsheet": "ods"}
_MAGIC = (
    (OLE_MAGIC, "ole"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
)
_HEAD = re.compile(
    rb"(?P<pdf>%PDF-)|(?P<rtf>\{\\rtf)|(?P<html><!doctype\s+html|<html|mime-version:\s*1)", re.I
)


def sniff(data: bytes) -> str:
    """Return the nature of a file from its content alone, one of :data:`NATURES`."""
    if not data.strip(b"\0\t\r\n "):
        return "vide"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_nature(data)
    for magic, nature in _MAGIC:
        if data.startswith(magic):
            return ole_nature(data) if nature == "ole" else nature
    if found := _HEAD.search(data[:1024]):
        return str(found.lastgroup)
    return _text_nature(data)


def misnamed(suffix: str, nature: str) -> bool:
    """Tell whether the end of a name (« .docx ») says another nature than that of the file.

    A file of a nature that has no usual name, or whose name says nothing, is not misnamed.
    """
    lowered = suffix.lower()
    return lowered in _KNOWN and lowered not in _SUFFIXES.get(nature, frozenset({lowered}))


def expect(data: bytes, natures: Collection[str]) -> str:
    """Return the nature of ``data`` when it is one of ``natures``.

    Raises:
        ReadingError: ``vide``, ``protege``, ``illisible`` (too big) or ``nature``, whose message
            names what the file really is.
    """
    if len(data) > LIMITS.file:
        raise ReadingError(
            "illisible", f"Le fichier dépasse {LIMITS.file // MEGA} Mo : allégez-le (images, annexes)."
        )
    nature = sniff(data)
    if nature in natures:
        return nature
    if nature == "vide":
        raise ReadingError("vide", "Le fichier est vide : déposez-le à nouveau depuis l’original.")
    if nature == "office_chiffre":
        raise ReadingError(
            "protege",
            "Le fichier demande un mot de passe : retirez la protection et enregistrez-le à nouveau.",
        )
    wanted = " ou ".join(NATURES[one] for one in natures if one not in ("docm", "dotx", "xlsm"))
    raise ReadingError(
        "nature",
        f"Le fichier n’est pas {wanted or 'de la nature attendue'} : c’est {NATURES[nature]} ; "
        "enregistrez-le sous sa vraie nature.",
    )


def crowded(data: bytes) -> bool:
    """Tell whether a zip lists more members than we open, before a directory is made of them."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_600))
    if end < 0 or len(data) < end + 22:
        return False
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    start = end - size if size < end else 0
    return data.count(b"PK\x01\x02", start, end) > LIMITS.members


def _zip_nature(data: bytes) -> str:
    try:
        if crowded(data):
            raise ValueError
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {info.filename.casefold(): info for info in archive.infolist()}
            for wanted in ("[content_types].xml", "mimetype"):
                info = names.get(wanted)
                if info and info.file_size <= LIMITS.ratio_from:
                    head = archive.read(info).decode("utf-8", "replace")
                    return _ooxml_nature(head) if wanted.startswith("[") else _odf_nature(head)
    except Exception:  # damaged or endless: the names in clear in the bytes still tell what it was
        for mark, nature in ((b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx")):
            if mark in data:
                return nature
        return _odf_nature(data[:200].decode("latin-1"))
    return "zip"


def _ooxml_nature(content_types: str) -> str:
    lowered = content_types.casefold()
    return next((nature for pattern, nature in _OOXML if pattern.search(lowered)), "zip")


def _odf_nature(mimetype: str) -> str:
    found = re.search(r"application/vnd\.oasis\.opendocument\.(\w+)", mimetype)
    return _ODF.get(found.group(1), "zip") if found else "zip"


def _text_nature(data: bytes) -> str:
    head = data[: 64 * 1024]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
    else:
        if b"\0" in head:
            return "inconnu"
        try:
            text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
        except UnicodeDecodeError:  # the old encoding of Windows, or a character cut by the sample
            text = head.decode("cp1252", "replace")
    odd = sum(1 for char in text if char == "\ufffd" or (char < " " and char not in "\t\r\n\f\x1a"))
    if odd * 100 > len(text):
        return "inconnu"
    return "xml" if text.lstrip("\ufeff \t\r\n").startswith("<?xml") else "texte"
