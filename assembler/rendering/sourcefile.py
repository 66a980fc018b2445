"""The Word file that fragments come from, opened once."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from lxml import etree

from assembler.errors import ReadingError, WritingError
from assembler.readers.containers import Package, Relation, open_package
from assembler.rendering.markup import w
from assembler.rendering.styles import Styles

__all__ = ["SourceFile", "source_file"]

_WEB = ("http://", "https://", "mailto:")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What a fragment may need of the file it comes from."""

    package: Package
    body: etree._Element
    styles: Styles
    numbering: etree._Element | None
    notes: dict[tuple[str, str], etree._Element]
    relations: dict[str, Relation]
    links: dict[str, str]
    """Web addresses by id."""


@functools.lru_cache(maxsize=4)
def source_file(data: bytes) -> SourceFile:
    """Open a file once for all the fragments that it gives."""
    try:
        package = open_package(data)
        part = next(one.target for one in package.relations() if one.kind == "officeDocument")
        body = package.xml(part).find(w("body"))
        relations = {one.id: one for one in package.relations(part)}
        kinds = {one.kind: one.target for one in relations.values() if not one.external}
        roots = {
            kind: package.xml(kinds[kind])
            for kind in ("styles", "numbering", "footnotes", "endnotes")
            if kind in kinds
        }
    except (ReadingError, StopIteration) as cause:
        raise WritingError(
            f"Un extrait de pièce ne peut pas être repris : {cause or 'ce n’est pas un document Word'}"
        ) from cause
    if body is None:
        raise WritingError("Un extrait de pièce ne peut pas être repris : le document Word est vide.")
    notes = {
        (kind, str(node.get(w("id")))): node
        for kind in ("footnotes", "endnotes")
        for node in (roots.get(kind, ()))
        if isinstance(node.tag, str)
    }
    links = {
        one.id: one.target
        for one in relations.values()
        if one.external and one.target.lower().startswith(_WEB)
    }
    styles = Styles(roots.get("styles"))
    return SourceFile(package, body, styles, roots.get("numbering"), notes, relations, links)
