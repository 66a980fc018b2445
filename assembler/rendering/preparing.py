"""A Word template cleaned, turned into Jinja source by docxtpl, each tag on a line of its own, compiled."""

from __future__ import annotations

import posixpath
import re
from dataclasses import astuple
from types import CodeType

import jinja2
from lxml import etree

from assembler.errors import ReadingError, TemplateError
from assembler.readers.containers import Package, open_package
from assembler.rendering.canonical import CORE, CUSTOM, pack
from assembler.rendering.environment import CLOSE, OPEN, Environment
from assembler.rendering.faults import Line, shorten, syntax, where
from assembler.rendering.markup import W, plain_toggles, tags, text_of, w
from assembler.rendering.parts import CONTENT_TYPES, Parts

__all__ = ["Prepared", "prepare", "text_parts"]

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_MARK = re.compile(r"\{[{%_]|_\}")
_ESCAPED = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})|\{_(?:[{%#](?![{%#]))?|[}%#]?_\}")
"""A tag, left as it is, or a brace that is printed: « {_ », « _} », and « {_{ » or « }_} » for two."""
_LEFT = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_PARAGRAPH_EDGE = re.compile(r"(?=<w:p[ >])|(?<=</w:p>)")
_WHOLE = re.compile(r"\s*\{\{p\s+([^{}%]*)\}\}\s*")
_ALONE = {name: re.compile(r"\s*\{[%{]" + name + r"\s[^{}%]*[%}]\}\s*") for name in ("p", "tr", "tc")}
_MARKED = {name: re.compile(r"\{[%{]" + name + r"\s") for name in _ALONE}
_IN_RUN = re.compile(r"(?<!<w:t>)(\{\{[^{}]*\}\})(?=\s*<w:r[ >])")
_APOSTROPHE = re.compile(r"(?<=\w)’(?=\w)")
_KEPT_APOSTROPHE = "\ue01d"
_TEXT_PARTS = ("document", "header", "footer", "footnotes", "endnotes")
_DROPPED_KINDS = frozenset(
    (
        "attachedTemplate",
        "comments",
        "commentsExtended",
        "commentsExtensible",
        "commentsIds",
        "custom-properties",
        "people",
        "thumbnail",
    )
)
_NOISE = frozenset(
    tags(
        "proofErr commentRangeStart commentRangeEnd commentReference del moveFrom moveFromRangeStart"
        " moveFromRangeEnd moveToRangeStart moveToRangeEnd rPrChange pPrChange tblPrChange tcPrChange"
        " trPrChange sectPrChange"
    )
)
_RSID = re.compile(rf"\{{{W}\}}rsid|\}}(paraId|textId)$")
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>assembler</Application></Properties>"
)


_Part = tuple[str, CodeType, tuple[tuple[str, str], ...], bool, bool]
"""A :class:`CompiledPart` as the disk keeps it."""
Prepared = tuple[
    str, tuple[_Part, ...], dict[str, tuple[bytes, int, int, bool]], dict[str, bytes], dict[str, CodeType]
]
"""A :class:`Compiled` as the disk keeps it."""


def prepare(template: bytes, name: str, environment: Environment) -> Prepared:
    """Return a template compiled, made of nothing but what the disk can keep.

    Args:
        template: the bytes of the Word file.
        name: its name, for messages.
        environment: what its tags may use.

    Raises:
        TemplateError: names the template, the paragraph and the tag at fault.
    """
    try:
        package = open_package(template)
        document, texts = text_parts(package)
        members = {one: package.read(one) for one in package.names}
        roots = {one: package.xml(one) for one in texts}
    except ReadingError as cause:
        raise TemplateError(f"Gabarit « {name} » : {cause}") from cause
    if document not in members:
        raise TemplateError(
            f"Gabarit « {name} » : ce n’est pas un document Word ; enregistrez-le au format .docx."
        )
    if any(one.lower().endswith("vbaproject.bin") for one in members):
        raise TemplateError(f"Gabarit « {name} » : il contient une macro ; enregistrez-le au format .docx.")
    core = _core(package, environment, name)
    _prune(members, package, document)
    parts = []
    for part, root in roots.items():
        _clean(root)
        text = etree.tostring(root, encoding="unicode", method="text")
        if _LEFT.search(text) or _MARK.search(text) or _tag_in_attribute(root):
            parts.append(_compile_part(part, root, name, environment))
            del members[part]
        else:
            members[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    prepared = Parts(members, {})
    prepared.declare(CORE, "application/vnd.openxmlformats-package.core-properties+xml")
    prepared.relate("", "core-properties", CORE)
    members |= prepared.changed()
    small = {one: data for one, data in members.items() if one.endswith((".xml", ".rels"))}
    packed = {one: astuple(pack(data)) for one, data in members.items()}
    return document, tuple(parts), packed, small, core


def text_parts(package: Package) -> tuple[str, tuple[str, ...]]:
    """Return the name of the main part, and those of all the parts whose tags are rendered."""
    document = next((one.target for one in package.relations() if one.kind == "officeDocument"), "")
    return document, tuple(one for one in package.names if _holds_text(one, document))


def _holds_text(part: str, document: str) -> bool:
    leaf = posixpath.basename(part)
    return part == document or (
        part.endswith(".xml") and "/_rels/" not in part and leaf.startswith(_TEXT_PARTS[1:])
    )


def _prune(members: dict[str, bytes], package: Package, document: str) -> None:
    """Take out what a document sent out must not hold: remarks, thumbnail, path of its model on a disk."""
    types = etree.fromstring(members[CONTENT_TYPES])
    for rels in [one for one in members if one.endswith(".rels")]:
        root = etree.fromstring(members[rels])
        for link in list(root):
            if (link.get("Type") or "").rpartition("/")[2] in _DROPPED_KINDS:
                root.remove(link)
        members[rels] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    for source in ("", document):
        for relation in package.relations(source):
            if relation.kind in _DROPPED_KINDS and not relation.external:
                members.pop(relation.target, None)
    settings = posixpath.join(posixpath.dirname(document), "settings.xml")
    if settings in members:
        root = etree.fromstring(members[settings])
        for node in (
            root.findall(w("attachedTemplate")) + root.findall(w("rsids")) + root.findall(w("trackRevisions"))
        ):
            root.remove(node)
        members[settings] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    for node in list(types):
        part = node.get("PartName")
        if part is not None and part.lstrip("/") not in members:
            types.remove(node)
        elif part == f"/{document}":
            node.set("ContentType", (node.get("ContentType") or "").replace("template.main", "document.main"))
    members[CONTENT_TYPES] = etree.tostring(types, xml_declaration=True, encoding="UTF-8", standalone=True)
    members.pop(CORE, None)
    members.pop(CUSTOM, None)
    if "docProps/app.xml" in members:
        members["docProps/app.xml"] = _APP


def _core(package: Package, environment: Environment, name: str) -> dict[str, CodeType]:
    found = {}
    for link in package.relations():
        if link.kind == "core-properties":
            for node in package.xml(link.target):
                key = etree.QName(node).localname
                if key in ("title", "subject", "keywords", "description", "category") and node.text:
                    try:
                        found[key] = environment.compile(node.text)
                    except jinja2.TemplateSyntaxError as cause:
                        raise TemplateError(
                            f"Gabarit « {name} », propriété « {key} » : {syntax(cause, environment.filters)}."
                        ) from cause
    return found


def _clean(root: etree._Element) -> None:
    """Take out what loops would double or what only Word's own editing needs."""
    plain_toggles(root)
    for node in list(root.iter(etree.Element)):
        for attribute in node.attrib:
            if _RSID.search(str(attribute)):
                del node.attrib[attribute]
        parent = node.getparent()
        if parent is None:
            continue
        if node.tag in _NOISE or (node.tag == w("id") and parent.tag == w("sdtPr")):
            parent.remove(node)
        elif node.tag in (w("ins"), w("moveTo")):
            place = parent.index(node)
            parent[place : place + 1] = list(node) if parent.tag != w("rPr") else []


def _tag_in_attribute(root: etree._Element) -> bool:
    return any(
        _MARK.search(str(value)) for node in root.iter(etree.Element) for value in node.attrib.values()
    )


def _compile_part(part: str, root: etree._Element, name: str, environment: Environment) -> _Part:
    _check_places(root, name)
    # imported here: it brings python-docx, which no other command needs
    from docxtpl import DocxTemplate

    source = etree.tostring(root, encoding="unicode").replace("\r", " ").replace("\n", " ")
    columns = "{%tc" in etree.tostring(root, encoding="unicode", method="text")
    attributes = _tag_in_attribute(root)
    # docxtpl makes every ’ of a tag a quote; the apostrophe of « date d’envoi » is not one
    source = _APOSTROPHE.sub(_KEPT_APOSTROPHE, source)
    source = DocxTemplate(part).patch_xml(source).replace(_KEPT_APOSTROPHE, "’")
    source = _ESCAPED.sub(_literal, source)
    source = _TAG.sub(lambda found: found[0].replace("&amp;", "&").replace("&quot;", '"'), source)
    source = _IN_RUN.sub(r'<w:r><w:t xml:space="preserve">\1</w:t></w:r>', source)
    source, lines = _number(source)
    for line in lines:
        if _LEFT.search(_TAG.sub("", line.paragraph)):
            raise TemplateError(
                f"Gabarit « {name} », paragraphe « {shorten(line.paragraph)} » : une balise est mal fermée"
                " ou coupée en deux ; retapez-la d’un trait."
            )
    try:
        code = environment.compile(source)
    except jinja2.TemplateSyntaxError as cause:
        raise TemplateError(
            f"{where(name, lines, cause.lineno)} {syntax(cause, environment.filters)}."
        ) from cause
    return part, code, tuple(astuple(line) for line in lines), columns, attributes


def _literal(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    return found[0].replace("_", "").replace("{", OPEN).replace("}", CLOSE)


def _check_places(root: etree._Element, name: str) -> None:
    """Refuse what docxtpl would lose without a word, and keep the style of ``{{p … }}`` paragraphs."""
    for field_code in root.iter(w("instrText"), w("fldSimple")):
        if "{{" in (field_code.text or "") + (field_code.get(w("instr")) or ""):
            raise TemplateError(
                f"Gabarit « {name} » : une balise se trouve dans un champ de Word ; sortez-la du champ."
            )
    for kind in _ALONE:
        for node in list(root.iter(w(kind))):
            text = "".join(text_of(one) for one in node) if kind == "p" else text_of(node)
            if not _MARKED[kind].search(text) or any(
                _MARKED[kind].search(text_of(one)) for one in node.iterdescendants(w(kind))
            ):
                continue
            if not _ALONE[kind].fullmatch(text):
                thing = {
                    "p": "dans son paragraphe",
                    "tr": "dans sa ligne de tableau",
                    "tc": "dans sa cellule",
                }[kind]
                raise TemplateError(
                    f"Gabarit « {name} », paragraphe « {shorten(text)} » : une balise {{%{kind} … %}}"
                    f" doit être seule {thing}, le reste serait perdu."
                )
            placed = _WHOLE.fullmatch(text)
            if kind == "p" and placed:
                _keep_style(node, placed[1])


def _keep_style(node: etree._Element, expression: str) -> None:
    style = node.find(f"{w('pPr')}/{w('pStyle')}")
    name = "none" if style is None else repr(style.get(w("val")))
    for child in list(node):
        node.remove(child)
    held = etree.SubElement(etree.SubElement(node, w("r")), w("t"))
    held.text = f"{{{{p poser_paragraphe(({expression.strip()}), {name}) }}}}"


_POSED = re.compile(r"poser_paragraphe\(\((.*)\), (?:none|'[^']*')\)")


def _number(source: str) -> tuple[str, tuple[Line, ...]]:
    """Give each paragraph and each tag its own line, so that Jinja's line numbers tell which is at fault."""
    written: list[str] = []
    lines: list[Line] = []
    for chunk in _PARAGRAPH_EDGE.split(source):
        tags = _TAG.findall(chunk)
        text = _POSED.sub(r"\1", _plain(chunk)).strip()
        written.append("\n" + _TAG.sub(lambda found: "\n" + found[0], chunk))
        lines.append(Line(text, ""))
        lines += [Line(text, _POSED.sub(r"\1", tag).replace("\n", " ")) for tag in tags]
    return "".join(written)[1:], tuple(lines)


def _plain(xml: str) -> str:
    text = re.sub(
        r"<[^>]+>", "", _TAG.sub(lambda found: found[0].replace("<", "\ue01e").replace(">", "\ue01f"), xml)
    )
    text = text.replace("\ue01e", "<").replace("\ue01f", ">")
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
