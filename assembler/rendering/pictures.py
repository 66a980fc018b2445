"""Images, text boxes, charts and diagrams that move from one Word file to another."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from lxml import etree

from assembler.errors import ReadingError
from assembler.readers.containers import Relation, parse_xml
from assembler.rendering.markup import R_ID_ATTRIBUTES, REL, W, new, w, words

if TYPE_CHECKING:
    from assembler.rendering.parts import Parts
    from assembler.rendering.sourcefile import SourceFile

__all__ = ["Pictures"]

_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SHAPE_PREFIXES = frozenset({"wps", "wpg", "wpc", "wp14", "w14", "cx", "a14"})
_IGNORABLE = (
    "http://schemas.microsoft.com/office/word/2010/",
    "http://schemas.microsoft.com/office/word/2012/",
)
_IGNORABLE_ATTRIBUTE = tuple(f"{{{space}" for space in _IGNORABLE)
_SHAPES = "http://schemas.microsoft.com/office/word/2010/wordprocessing"
"""Shapes, groups and canvases of Word 2010 are what text boxes are made of."""
_LEFT_BEHIND = frozenset(
    ("contentPart", "control", "extLst", "externalData", "hlinkClick", "hlinkHover", "OLEObject")
)
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_DIAGRAM = "application/vnd.openxmlformats-officedocument.drawingml.{}+xml"
_COPIED = {"image": "", "chart": _CHART} | {
    kind: _DIAGRAM.format(kind) for kind in ("diagramData", "diagramLayout", "diagramColors")
} | {"diagramQuickStyle": _DIAGRAM.format("diagramStyle")}  # fmt: skip
_IMAGES = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp",
    "tif": "image/tiff", "tiff": "image/tiff", "emf": "image/x-emf", "wmf": "image/x-wmf",
    "svg": "image/svg+xml",
}  # fmt: skip
Blocks = Callable[[etree._Element], list[etree._Element]]


class Pictures:
    """Copies what is drawn; anything linked, embedded as an object or scripted stays behind."""

    def __init__(self, source: SourceFile, parts: Parts, document: str, width: int) -> None:
        """Copy from ``source`` to ``document``, whose page shows ``width`` EMU."""
        self._package = source.package
        self._links = source.relations
        self._parts = parts
        self._document = document
        self._width = width

    def copy(self, node: etree._Element, blocks: Blocks) -> list[etree._Element]:
        """Return what stands for a drawing, a VML picture, an object or a choice of them in a run.

        Args:
            node: the element of the source.
            blocks: copies the blocks held by a text box.
        """
        if node.tag == f"{{{_MC}}}AlternateContent":
            return self._alternate(node, blocks)
        twin = copy.deepcopy(node)
        for box, old in zip(
            list(twin.iter(w("txbxContent"))), list(node.iter(w("txbxContent"))), strict=True
        ):
            if next(box.iterancestors(w("txbxContent")), None) is None:
                box[:] = blocks(old) or [new("p")]
        self._strip(twin)
        if twin.tag == w("object"):
            twin.tag = w("pict")
            for name in list(twin.attrib):
                del twin.attrib[name]
        if not self._map_links(twin, self._links, self._relate):
            alt = next((one.get("descr") or one.get("name") for one in twin.iter(f"{{{_WP}}}docPr")), None)
            return [words(f"[image non reprise : {alt or 'fichier lié'}]")]
        if twin.tag == w("drawing"):
            for anchor in twin.findall(f"{{{_WP}}}anchor"):
                _inline(anchor)
            for inline in twin.findall(f"{{{_WP}}}inline"):
                self._fit(inline)
        return [twin] if len(twin) else []

    def _alternate(self, node: etree._Element, blocks: Blocks) -> list[etree._Element]:
        for choice in node.findall(f"{{{_MC}}}Choice"):
            required = (choice.get("Requires") or "").split()
            if set(required) <= _SHAPE_PREFIXES:
                copied = [one for child in choice for one in self.copy(child, blocks)]
                spaces = {prefix: choice.nsmap[prefix] for prefix in required if prefix in choice.nsmap}
                if len(spaces) != len(required) or not copied or copied[0].tag != w("drawing"):
                    return copied
                # « Requires » names prefixes: they must be declared where it stands
                wrapper = etree.Element(f"{{{_MC}}}AlternateContent", nsmap={"mc": _MC, "w": W, **spaces})
                kept = etree.SubElement(wrapper, f"{{{_MC}}}Choice", Requires=" ".join(required))
                kept.extend(copied)
                return [wrapper]
        fallback = node.find(f"{{{_MC}}}Fallback")
        return [] if fallback is None else [one for child in fallback for one in self.copy(child, blocks)]

    def _strip(self, twin: etree._Element) -> None:
        dropped = []
        for node in twin.iter(etree.Element):
            name = etree.QName(node)
            space = name.namespace or ""
            foreign = space.startswith(_IGNORABLE) and not (
                space.startswith(_SHAPES) and not space.endswith("Drawing")
            )
            if name.localname in _LEFT_BEHIND or foreign:
                dropped.append(node)
            for attribute in map(str, node.attrib):
                if attribute.startswith(_IGNORABLE_ATTRIBUTE) or attribute in ("href", "target"):
                    del node.attrib[attribute]
        for node in dropped:
            parent = node.getparent()
            if parent is not None:
                parent.remove(node)

    def _map_links(
        self, twin: etree._Element, links: dict[str, Relation], relate: Callable[[str, str], str]
    ) -> bool:
        """Replace the links' ids by the document's; False when the picture itself is out of reach."""
        whole = True
        for node in twin.iter(etree.Element):
            inside = any(above.tag == w("txbxContent") for above in node.iterancestors())
            for attribute in () if inside else R_ID_ATTRIBUTES:
                old = node.get(attribute)
                if old is None:
                    continue
                link = links.get(old)
                copied = None if link is None or link.external else self._copy_part(link)
                if copied is None:
                    del node.attrib[attribute]
                    whole = whole and (
                        attribute == f"{{{REL}}}link" and node.get(f"{{{REL}}}embed") is not None
                    )
                else:
                    node.set(attribute, relate(*copied))
        return whole

    def _relate(self, kind: str, name: str) -> str:
        return self._parts.relate(self._document, kind, name)

    def _copy_part(self, link: Relation) -> tuple[str, str] | None:
        """Copy a part, named by its content; return its kind and new name."""
        if link.kind not in _COPIED:
            return None
        try:
            if link.kind == "image":
                extension = link.target.rpartition(".")[2].lower()
                if extension not in _IMAGES:
                    return None
                return link.kind, self._parts.media(
                    self._package.read(link.target), extension, _IMAGES[extension]
                )
            data = self._package.read(link.target)
            root = parse_xml(data, link.target)
            links = {one.id: one for one in self._package.relations(link.target)}
        except ReadingError:
            return None
        name = f"word/media/{link.kind}-{hashlib.sha256(data).hexdigest()[:16]}.xml"
        if name not in self._parts:
            self._parts.put_xml(name, root)
            self._parts.declare(name, _COPIED[link.kind])
            self._strip(root)
            self._map_links(root, links, lambda kind, part: self._parts.relate(name, kind, part))
        return link.kind, name

    def _fit(self, inline: etree._Element) -> None:
        """Bring a picture wider than the page to its width."""
        extent = inline.find(f"{{{_WP}}}extent")
        if extent is None:
            return
        wide = int(extent.get("cx") or 0)
        if wide <= self._width or not self._width:
            return
        frames = [extent, *inline.iter(f"{{{_A}}}ext")]
        for frame in frames:
            if frame.get("cx") and frame.get("cy"):
                frame.set("cx", str(int(frame.get("cx") or 0) * self._width // wide))
                frame.set("cy", str(int(frame.get("cy") or 0) * self._width // wide))


def _inline(anchor: etree._Element) -> None:
    """Put a floating object in the line: where it floated meant the page of another document."""
    kept = ("extent", "effectExtent", "docPr", "cNvGraphicFramePr")
    for child in list(anchor):
        if etree.QName(child).localname not in (*kept, "graphic"):
            anchor.remove(child)
    anchor.tag = f"{{{_WP}}}inline"
    for name in list(anchor.attrib):
        if name not in ("distT", "distB", "distL", "distR"):
            del anchor.attrib[name]
