"""What Word, Excel and LibreOffice need in order to open a file, checked without them."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree

__all__ = ["OFFICE", "office_faults", "tags_left", "text_of"]

OFFICE = (".docx", ".xlsx", ".dotx", ".xltx", ".odt", ".ods")
"""Extensions of what is looked into."""

_TYPES = "[Content_Types].xml"
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{[{%]|[%}]\}")
_NONE = re.compile(r"\bNone\b")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_BLOCK = ("}p", "}h", "}si", "}c")


def office_faults(content: bytes, name: str) -> tuple[str, ...]:
    """Return in French what keeps an Office file from opening everywhere; nothing for other kinds of files.

    The zip opens, each part is well-formed XML of a declared type, each relation has its target, and
    python-docx or openpyxl opens the whole.

    Args:
        content: the bytes of the file.
        name: its name, whose extension tells its kind.
    """
    if not name.lower().endswith(OFFICE):
        return ()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            members = {one: package.read(one) for one in names}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError) as error:
        return (f"{name} : le fichier .zip ne s’ouvre pas ({error})",)
    faults = [f"{name} : {one} est deux fois dans le fichier" for one in {*names} if names.count(one) > 1]
    faults += (f"{name} : {told}" for told in _malformed(members))
    if not faults and not name.lower().endswith((".odt", ".ods")):
        faults += (f"{name} : {told}" for told in (*_untyped(members), *_dangling(members)))
    if not faults and (told := _unopened(content, name)):
        faults.append(f"{name} : {told}")
    return tuple(faults)


def _malformed(members: dict[str, bytes]) -> Iterator[str]:
    for name, data in members.items():
        if name.endswith((".xml", ".rels")):
            try:
                etree.fromstring(data, _PARSER)
            except etree.XMLSyntaxError as error:
                yield f"{name} n’est pas du XML bien formé ({error})"


def _untyped(members: dict[str, bytes]) -> Iterator[str]:
    if _TYPES not in members:
        yield f"{_TYPES} manque"
        return
    types = etree.fromstring(members[_TYPES], _PARSER)
    known = {str(one.get("Extension", "")).lower() for one in types if one.tag.endswith("}Default")}
    parts = {str(one.get("PartName", "")) for one in types if one.tag.endswith("}Override")}
    for name in members:
        extension = name.rpartition(".")[2].lower()
        if name != _TYPES and not name.endswith("/") and f"/{name}" not in parts and extension not in known:
            yield f"{name} n’a pas de type déclaré dans {_TYPES}"
    for part in sorted(parts):
        if part.removeprefix("/") not in members:
            yield f"{_TYPES} déclare {part}, qui n’existe pas"


def _dangling(members: dict[str, bytes]) -> Iterator[str]:
    if "_rels/.rels" not in members:
        yield "_rels/.rels manque"
    for name, data in members.items():
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        for relation in etree.fromstring(data, _PARSER):
            if relation.get("TargetMode") == "External":
                continue
            target = unquote(str(relation.get("Target", ""))).partition("#")[0]
            whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            if target and posixpath.normpath(whole) not in members:
                yield f"{name} renvoie à {target}, qui n’existe pas"


def _unopened(content: bytes, name: str) -> str | None:
    try:
        if name.lower().endswith((".docx", ".dotx")):
            import docx

            docx.Document(io.BytesIO(content))
        elif name.lower().endswith((".xlsx", ".xltx")):
            import openpyxl

            openpyxl.load_workbook(io.BytesIO(content)).close()
    except Exception as error:  # whatever the library stumbles on, Word or Excel may as well
        return f"ne s’ouvre pas ({type(error).__name__} : {error})"
    return None


def text_of(content: bytes, name: str) -> str:
    """Return the text that an Office file holds, a paragraph or a cell a line, part after part.

    Args:
        content: the bytes of the file.
        name: its name; anything but an Office file is read as UTF-8 text.
    """
    if not name.lower().endswith(OFFICE):
        return content.decode("utf-8", errors="replace")
    lines: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for part in sorted(package.namelist()):
            if part.endswith(".xml") and not part.startswith(("docProps/", "[", "META-INF/")):
                lines += _lines(etree.fromstring(package.read(part), _PARSER))
    return "\n".join(lines)


def _lines(root: Any) -> Iterator[str]:
    """Yield the text of the innermost paragraphs and cells."""
    for element in root.iter():
        if not isinstance(element.tag, str) or not element.tag.endswith(_BLOCK):
            continue
        if any(isinstance(one.tag, str) and one.tag.endswith(_BLOCK) for one in element.iterdescendants()):
            continue
        if text := " ".join("".join(element.itertext()).split()):
            yield text


def tags_left(content: bytes, name: str) -> tuple[str, ...]:
    """Return in French each tag of a template, or value of Python, that a document still shows."""
    if not name.lower().endswith(OFFICE):
        return ()
    return tuple(
        f"{name} : « {line[:120]} »"
        for line in text_of(content, name).splitlines()
        if _TAG.search(line) or _NONE.search(line)
    )
