"""Zip packages opened within bounds.

Nothing here trusts a name or a declared size: every member is checked before the first byte is
inflated, against the bounds of :mod:`assembler.readers.limits`.
"""

from __future__ import annotations

import io
import lzma
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

from lxml import etree

from assembler.errors import ReadingError
from assembler.readers.limits import LIMITS, MEGA
from assembler.readers.natures import crowded, expect, sniff

__all__ = ["LIMITS", "Package", "Relation", "expect", "open_package", "parse_xml", "sniff"]

_DOCTYPE = re.compile(rb"<!DOCTYPE", re.I)
_PURL = re.compile(r"http://purl\.oclc\.org/ooxml/([A-Za-z]+)(?=/)")
_TRANSITIONAL = "http://schemas.openxmlformats.org/"
_DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, RuntimeError, ValueError),
)
_HEAD = 1024
_SAVE_AGAIN = "ouvrez-le dans Word ou LibreOffice, enregistrez-le à nouveau et remplacez-le"


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    """A link from one part of a package to another part, or out of the package."""

    id: str
    kind: str
    """Last word of the relationship type: ``styles``, ``footer``, ``hyperlink``, ``image``…"""
    target: str
    """Name of the part when internal, address when external."""
    external: bool


class Package:
    """A zip package whose members were all checked before the first byte is inflated."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {_same(info.filename): info for info in archive.infolist() if not info.is_dir()}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the parts, as written, in the order of the package."""
        return tuple(info.filename for info in self._members.values())

    @cached_property
    def members(self) -> tuple[zipfile.ZipInfo, ...]:
        """The parts, in the order of the package; folders left out."""
        return tuple(self._members.values())

    def __contains__(self, name: str) -> bool:
        return _same(name) in self._members

    def signature(self, name: str) -> tuple[int, int]:
        """Return ``(CRC, size)`` of a part: two equal ones hold the same bytes, for a cache."""
        info = self._member(name)
        return info.CRC, info.file_size

    def read(self, name: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            ReadingError: ``illisible`` when it is missing, damaged or out of bounds.
        """
        info = self._checked(name)
        with _damages(info), self._archive.open(info) as stream:
            data = stream.read(info.file_size + 1)
        if len(data) != info.file_size:
            raise _unreadable(f"la partie « {info.filename} » n’a pas la taille annoncée")
        return data

    def copy(self, name: str, target: BinaryIO) -> None:
        """Write a part to ``target``, a block at a time.

        Raises:
            ReadingError: as :meth:`read`.
        """
        info = self._checked(name)
        left = info.file_size
        with _damages(info), self._archive.open(info) as stream:
            while block := stream.read(min(MEGA, left + 1)):
                left -= len(block)
                if left < 0:
                    break
                target.write(block)
        if left:
            raise _unreadable(f"la partie « {info.filename} » n’a pas la taille annoncée")

    def _checked(self, name: str) -> zipfile.ZipInfo:
        """Return a part that is not abnormally compressed."""
        info = self._member(name)
        size = info.file_size
        if size > LIMITS.ratio_from and size > LIMITS.ratio * max(1, info.compress_size):
            raise _unreadable(f"la partie « {info.filename} » est anormalement comprimée")
        return info

    def refuse_doctypes(self) -> None:
        """Refuse an Office package of which a part begins with a DOCTYPE: the standard (OPC) forbids it.

        A part that is parsed is looked at again, to its end: see :func:`parse_xml`.

        Raises:
            ReadingError: ``illisible``.
        """
        for info in self.members:
            if info.filename.lower().endswith((".xml", ".rels")):
                with _damages(info), self._archive.open(info) as stream:
                    head = stream.read(_HEAD)
                if _DOCTYPE.search(head.replace(b"\0", b"")):
                    raise _unreadable(
                        f"la partie « {info.filename} » contient une déclaration interdite (DOCTYPE)"
                    )

    def xml(self, name: str) -> etree._Element:
        """Return the root of an XML part, strict OOXML namespaces turned into the usual ones.

        Raises:
            ReadingError: ``illisible`` when it is missing, too big, malformed or holds a DOCTYPE.
        """
        if self._member(name).file_size > LIMITS.xml_part:
            raise _unreadable(f"la partie « {name} » dépasse {LIMITS.xml_part // MEGA} Mo")
        return parse_xml(self.read(name), name)

    def relations(self, part: str = "") -> tuple[Relation, ...]:
        """Return the links that start from ``part`` (from the package itself when empty).

        A link to a part that is not there is left out: Word opens such files.
        """
        folder, _, leaf = part.rpartition("/")
        rels = f"{folder}/_rels/{leaf}.rels".lstrip("/")
        if rels not in self:
            return ()
        found = []
        for node in self.xml(rels).iter("{*}Relationship"):
            external = node.get("TargetMode") == "External"
            target = node.get("Target") or ""
            if not external:
                target = _resolve(folder, target)
                if target not in self:
                    continue
                target = self._member(target).filename
            kind = (node.get("Type") or "").rpartition("/")[2]
            found.append(Relation(id=node.get("Id") or "", kind=kind, target=target, external=external))
        return tuple(found)

    def _member(self, name: str) -> zipfile.ZipInfo:
        try:
            return self._members[_same(name)]
        except KeyError:
            raise _unreadable(f"il manque la partie « {name} »") from None


def open_package(data: bytes) -> Package:
    """Open a zip package (docx, xlsx, odt…) after checking every member's name, place and size.

    Raises:
        ReadingError: ``protege`` for encrypted members, else ``illisible``; the sentence says why.
    """
    if len(data) > LIMITS.file:
        raise _unreadable(f"il dépasse {LIMITS.file // MEGA} Mo")
    if crowded(data):
        raise _unreadable(f"il contient plus de {LIMITS.members} éléments")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except Exception as cause:  # zipfile lets struct.error, ValueError… out of damaged directories
        raise _unreadable("il est tronqué ou endommagé") from cause
    members = archive.infolist()
    if sum(info.file_size for info in members) > LIMITS.expanded:
        raise _unreadable(f"décomprimé, il dépasse {LIMITS.expanded // MEGA} Mo")
    names: set[str] = set()
    end = 0
    for info in sorted(members, key=lambda one: one.header_offset):
        name = info.orig_filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0] or "\0" in name:
            raise _unreadable("un de ses éléments porte un nom interdit")
        if _same(name) in names:
            raise _unreadable(f"l’élément « {info.filename} » y figure deux fois")
        names.add(_same(name))
        if stat.S_ISLNK(info.external_attr >> 16):
            raise _unreadable("il contient un lien au lieu d’un fichier")
        if info.header_offset < end:
            raise _unreadable("ses éléments se recouvrent")
        end = info.header_offset + 30 + info.compress_size
        if info.flag_bits & 0x1:
            raise ReadingError(
                "protege",
                "Le fichier demande un mot de passe : retirez la protection et enregistrez-le à nouveau.",
            )
    package = Package(archive)
    if "[Content_Types].xml" in package:
        package.refuse_doctypes()
    return package


@contextmanager
def _damages(info: zipfile.ZipInfo) -> Iterator[None]:
    """Turn whatever zipfile raises on a damaged part into one sentence."""
    try:
        yield
    except _DAMAGES as cause:
        raise _unreadable(f"la partie « {info.filename} » est endommagée") from cause


def parse_xml(data: bytes, name: str = "") -> etree._Element:
    """Parse XML without entities, network or DTD, within libxml2's own bounds.

    Raises:
        ReadingError: ``illisible``.
    """
    if b"purl.oclc.org/ooxml" in data:
        data = _transitional(data)
    if _DOCTYPE.search(data[:4096].replace(b"\0", b"").partition(b"<w:")[0]):
        raise _unreadable(f"la partie « {name} » contient une déclaration interdite (DOCTYPE)")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, dtd_validation=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as cause:
        raise _unreadable(f"la partie « {name} » est endommagée") from cause
    if root.getroottree().docinfo.internalDTD is not None:
        raise _unreadable(f"la partie « {name} » contient une déclaration interdite (DOCTYPE)")
    return root


def _unreadable(cause: str) -> ReadingError:
    return ReadingError("illisible", f"Le fichier ne peut pas être lu : {cause} ; {_SAVE_AGAIN}.")


def _same(name: str) -> str:
    """Two names that Office, Windows or a Mac would take for one give the same text."""
    return unicodedata.normalize("NFC", name.replace("\\", "/")).casefold()


def _resolve(folder: str, target: str) -> str:
    """Return the part that a relative or absolute target names."""
    steps = [] if target.startswith("/") else [step for step in folder.split("/") if step]
    for step in target.partition("#")[0].split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _transitional(data: bytes) -> bytes:
    """Turn ISO 29500 strict namespaces into the transitional ones that everybody writes."""
    text = data.decode("utf-8", "surrogateescape")
    text = _PURL.sub(rf"{_TRANSITIONAL}\1/2006", text)
    return text.replace("2006/extendedProperties", "2006/extended-properties").encode(
        "utf-8", "surrogateescape"
    )
