"""The styles of a Word file, looked up by name: ids change with the language, names do not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from assembler.rendering.markup import w

__all__ = ["Styles", "on"]

_HEADING = re.compile(r"(?:heading|titre) ([1-9])")


def on(node: etree._Element | None) -> bool:
    """Tell whether a toggle property (``w:b``, ``w:vanish``…) is there and not switched off."""
    return node is not None and node.get(w("val")) not in ("0", "false", "off", "none")


class Styles:
    """Styles of one document, by id and by name."""

    def __init__(self, root: etree._Element | None) -> None:
        nodes = [] if root is None else root.findall(w("style"))
        self._by_id = {node.get(w("styleId")): node for node in nodes}
        self._first_names = {node.get(w("styleId")): next(_names(node), "") for node in nodes}
        self._by_name: dict[tuple[str | None, str], str] = {}
        for node in nodes:
            for name in _names(node):
                self._by_name.setdefault((node.get(w("type")), name), str(node.get(w("styleId"))))
        defaults = [node for node in nodes if node.get(w("default")) in ("1", "true", "on")]
        self._found: dict[tuple[str | None, str], etree._Element | None] = {}
        self._levels: dict[str | None, int | None] = {}
        self.default = {node.get(w("type")): node.get(w("styleId")) for node in defaults}

    def find(self, kind: str, name: str) -> str | None:
        """Return the id of the style of that kind (``paragraph``, ``character``, ``table``) and name."""
        return self._by_name.get((kind, name.casefold()))

    def name(self, style_id: str | None) -> str:
        """Return the name of a style, folded; empty when unknown."""
        return self._first_names.get(style_id, "")

    def chain(self, style_id: str | None) -> Iterator[etree._Element]:
        """Yield a style then those it is based on."""
        seen = set()
        while style_id in self._by_id and style_id not in seen:
            seen.add(style_id)
            node = self._by_id[style_id]
            yield node
            based = node.find(w("basedOn"))
            style_id = based.get(w("val")) if based is not None else None

    def level(self, style_id: str | None) -> int | None:
        """Return the heading level 1 to 9 of a paragraph style, by name then by outline level."""
        if style_id not in self._levels:
            self._levels[style_id] = self._level(style_id)
        return self._levels[style_id]

    def _level(self, style_id: str | None) -> int | None:
        for node in self.chain(style_id):
            for name in _names(node):
                found = _HEADING.fullmatch(name)
                if found:
                    return int(found[1])
                if name == "title":
                    return 1
            outline = node.find(f"{w('pPr')}/{w('outlineLvl')}")
            if outline is not None:
                value = int(outline.get(w("val")) or 9)
                return value + 1 if value < 9 else None
        return None

    def property(self, style_id: str | None, path: str) -> etree._Element | None:
        """Return the first ``w:pPr/w:numPr``-like node of the chain."""
        key = (style_id, path)
        if key not in self._found:
            steps = "/".join(map(w, path.split("/")))
            nodes = (node.find(steps) for node in self.chain(style_id))
            self._found[key] = next((node for node in nodes if node is not None), None)
        return self._found[key]


def _names(node: etree._Element) -> Iterator[str]:
    for tag in ("name", "aliases"):
        found = node.find(w(tag))
        if found is not None:
            for name in (found.get(w("val")) or "").split(","):
                if name.strip():
                    yield name.strip().casefold()
