"""Every fault of a template at once, read tag by tag, then tried on the examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

from assembler.doctor.faults import Fault
from assembler.doctor.reading import Paragraph, read_template
from assembler.doctor.tags import Tags
from assembler.doctor.texts import Texts
from assembler.doctor.values import Value
from assembler.errors import MissingValue, TemplateError
from assembler.model import Block
from assembler.readers.containers import open_package
from assembler.rendering.docx import render

__all__ = ["Examined", "Names", "examine"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """What a template may name, as the examples tell it."""

    root: Value = field(default_factory=Value)
    """The values of the document; empty when no example gives them."""
    elsewhere: Callable[[str], str | None] = lambda _name: None
    """Which other document gives a dotted name, in French, or None."""
    contexts: tuple[Mapping[str, Any], ...] = ()
    """The values of each example, on which a template without fault is tried."""
    shipped: bytes | None = None
    """The template that comes with the document: what it always prints is not to be forgotten."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """A template once examined."""

    faults: tuple[Fault, ...] = ()
    blocks: tuple[Block, ...] = ()
    """The paragraphs of the body, for the comments."""


def examine(content: bytes, names: Names, name: str) -> Examined:
    """Look for every fault of a template.

    Args:
        content: bytes of the file.
        names: what it may name.
        name: the file's, for messages.

    Raises:
        ReadingError: the file is no Word document, or cannot be read.
    """
    package = open_package(content)
    paragraphs, blocks = read_template(content, package)
    found: list[Fault] = []

    def tell(kind: str, message: str, paragraph: Paragraph | None = None) -> None:
        fault = Fault(kind=kind, message=message, paragraph=paragraph)
        if fault not in found:
            found.append(fault)

    if any(one.lower().endswith("vbaproject.bin") for one in package.names):
        tell("macro", "Le fichier contient une macro : enregistrez-le au format .docx.")
    tags = _read(paragraphs, names, tell)
    if names.shipped is not None and names.shipped != content:
        theirs = _read(read_template(names.shipped, open_package(names.shipped))[0], names, lambda *_: None)
        for said in _forgotten(tags, theirs, found):
            tell("oubli", said)
        for path in sorted((theirs.guarded - theirs.bare.keys()) & tags.bare.keys()):
            tag, where = tags.bare[path]
            if all(one.paragraph is not where for one in found):  # one fault of a tag at a time
                tell("manque", _UNGUARDED.format(tag=tag), where)
    if not found:
        for said in _tried(content, names, name):
            tell("rendu", said)
    order = {id(one): rank for rank, one in enumerate(paragraphs)}
    found.sort(key=lambda one: order[id(one.paragraph)] if one.paragraph else len(order))
    return Examined(faults=tuple(found), blocks=blocks)


def _read(paragraphs: Sequence[Paragraph], names: Names, tell: Callable[[str, str, Paragraph], None]) -> Tags:
    """Read the paragraphs in order, part by part."""
    tags, texts = Tags(names.root, names.elsewhere, tell), Texts(tell)
    for one in paragraphs:  # « is defined » protects a name wherever it stands, even before
        for tag in one.tags:
            tags.protect(tag)
    for _, part in groupby(paragraphs, key=attrgetter("story")):
        for one in part:
            texts.read(one)
            tags.read(one)
        texts.finish()
        tags.finish()
    return tags


_UNGUARDED = (
    "La balise « {tag} » imprime ce que le gabarit d’origine n’imprime que sous condition : cette valeur "
    "peut manquer. Entourez la balise de {{% if … %}}, ou ajoutez | a_completer('…')."
)


def _forgotten(tags: Tags, theirs: Tags, found: Sequence[Fault]) -> Iterator[str]:
    """Tell what the template that comes with the document always prints, and this one nowhere.

    What another fault says already (a name misspelt, a tag not closed) is not told twice.
    """
    known = [one.message for one in found]
    known += [one.paragraph.text for one in found if one.kind == "balise" and one.paragraph]
    for path in sorted(theirs.always - tags.used):
        said = path.replace("[]", "")
        meant = any(said == one or said.startswith(f"{one}.") for one in tags.left_out)
        if not meant and not any(re.search(rf"(?<![\w.]){re.escape(said)}(?![\w.])", one) for one in known):
            yield (
                f"« {said} », que le gabarit d’origine imprime toujours, n’est plus imprimé ; si c’est "
                f"voulu, écrivez dans le gabarit la remarque {{# sans {said} #}}."
            )


def _tried(content: bytes, names: Names, name: str) -> Iterator[str]:
    """Render a template without fault on each example, as the last proof."""
    for context in names.contexts:
        try:
            render(content, context, name=name)
        except MissingValue as error:
            if names.shipped is None or _fills(names.shipped, context):
                yield (
                    f"{_sentence(error)} Cette valeur peut manquer : entourez la balise de {{% if … %}}, ou "
                    "ajoutez | a_completer('…')."
                )
        except TemplateError as error:
            yield _sentence(error)


def _fills(shipped: bytes, context: Mapping[str, Any]) -> bool:
    """Tell whether the template that comes with the document can be made from that example."""
    try:
        render(shipped, context, name="")
    except (MissingValue, TemplateError):
        return False
    return True


def _sentence(error: Exception) -> str:
    text = re.sub(r"^Gabarit « [^»]* »(?: :|,)?\s*", "", str(error)).removesuffix(" : complétez la fiche.")
    return text[:1].upper() + text[1:].rstrip(".") + "."
