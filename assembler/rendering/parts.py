"""A document being made: its parts, changed in place, with their links and content types."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from lxml import etree

from assembler.errors import WritingError
from assembler.rendering.canonical import Packed, canonical_zip

__all__ = ["CONTENT_TYPES", "Parts", "rels_name"]

CONTENT_TYPES = "[Content_Types].xml"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DEFAULT: Any = {None: _LINKS}  # the stubs know no default namespace
_KINDS = MappingProxyType(
    {
        "core-properties": "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
        "diagramDrawing": "http://schemas.microsoft.com/office/2007/relationships/diagramDrawing",
        "chartStyle": "http://schemas.microsoft.com/office/2011/relationships/chartStyle",
        "chartColorStyle": "http://schemas.microsoft.com/office/2011/relationships/chartColorStyle",
    }
)


def rels_name(part: str) -> str:
    """Return the name of the part that holds the links of ``part`` (of the package when empty)."""
    folder, leaf = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{leaf}.rels")


class Parts:
    """The parts of a package: bytes until somebody asks for the XML, then a tree until the end."""

    def __init__(self, members: Mapping[str, bytes | Packed], sources: Mapping[str, bytes]) -> None:
        """Start from a template.

        Args:
            members: what will be written, compressed or not, by name.
            sources: the bytes of the parts that may be asked for as XML.
        """
        self._members: dict[str, bytes | Packed] = dict(members)
        self._sources = sources
        self._trees: dict[str, etree._Element] = {}
        self.memo: dict[str, Any] = {}
        """What whoever changes the document wants to work out once for it."""

    def __contains__(self, name: str) -> bool:
        return name in self._members or name in self._trees

    def put(self, name: str, content: bytes) -> None:
        """Set the bytes of a part."""
        self._trees.pop(name, None)
        self._members[name] = content

    def put_xml(self, name: str, root: etree._Element) -> None:
        """Set the tree of a part; it may still be changed until :meth:`finish`."""
        self._trees[name] = root

    def xml(self, name: str) -> etree._Element:
        """Return the root of a part, to read or to change."""
        if name not in self._trees:
            content = self._members.get(name)
            data = content if isinstance(content, bytes) else self._sources[name]
            self._trees[name] = etree.fromstring(data)
        return self._trees[name]

    def rendered(self) -> tuple[str, ...]:
        """Return the names of the parts whose trees were put or asked for, in order."""
        return tuple(self._trees)

    def declare(self, name: str, content_type: str) -> None:
        """Give a part its content type, unless its extension has the same by default."""
        root = self.xml(CONTENT_TYPES)
        extension = name.rpartition(".")[2].lower()
        overrides = {node.get("PartName"): node for node in root.iter(f"{{{_TYPES}}}Override")}
        defaults = {
            (node.get("Extension") or "").lower(): node.get("ContentType")
            for node in root.iter(f"{{{_TYPES}}}Default")
        }
        if f"/{name}" in overrides:
            overrides[f"/{name}"].set("ContentType", content_type)
        elif extension not in defaults and extension not in ("xml", "bin"):
            root.insert(
                0, etree.Element(f"{{{_TYPES}}}Default", Extension=extension, ContentType=content_type)
            )
        elif defaults.get(extension) != content_type:
            etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=content_type)

    def relate(self, part: str, kind: str, target: str, *, external: bool = False) -> str:
        """Link ``part`` (the package when empty) to ``target``; return the link's id, one for equal links."""
        name = rels_name(part)
        if name not in self:
            self._trees[name] = etree.Element(f"{{{_LINKS}}}Relationships", nsmap=_DEFAULT)
        root = self.xml(name)
        kind = _KINDS.get(kind, f"{_OFFICE}/{kind}")
        if not external:
            target = posixpath.relpath(target, posixpath.dirname(part) or ".") if part else target
        taken = set()
        for node in root:
            taken.add(node.get("Id"))
            if node.get("Type") == kind and node.get("Target") == target:
                return str(node.get("Id"))
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        link = etree.SubElement(
            root, f"{{{_LINKS}}}Relationship", Id=f"rId{number}", Type=kind, Target=target
        )
        if external:
            link.set("TargetMode", "External")
        return f"rId{number}"

    def linked(self, part: str, kind: str) -> str | None:
        """Return the name of the part that ``part`` links to as ``kind``, if any."""
        if rels_name(part) not in self:
            return None
        for node in self.xml(rels_name(part)):
            if (node.get("Type") or "").rpartition("/")[2] == kind and node.get("TargetMode") != "External":
                target = str(node.get("Target"))
                folder = posixpath.dirname(part)
                return (
                    target.lstrip("/")
                    if target.startswith("/")
                    else posixpath.normpath(posixpath.join(folder, target))
                )
        return None

    def media(self, content: bytes, extension: str, content_type: str) -> str:
        """Store an image under a name that its content gives: once, however often it is shown; return it."""
        name = f"word/media/{hashlib.sha256(content).hexdigest()[:16]}.{extension.lower()}"
        if name not in self:
            self.put(name, content)
            self.declare(name, content_type)
        return name

    def finish(self) -> bytes:
        """Return the package, canonical.

        Raises:
            WritingError: a tree that XML cannot write.
        """
        return canonical_zip({**self._members, **self.changed()})

    def changed(self) -> dict[str, bytes]:
        """Return the parts that were asked for as XML, by name, as they stand.

        Raises:
            WritingError: a tree that XML cannot write.
        """
        try:
            return {
                name: etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
                for name, root in self._trees.items()
            }
        except (ValueError, UnicodeError) as cause:
            raise WritingError(f"Le document ne peut pas être écrit : {cause}") from cause
