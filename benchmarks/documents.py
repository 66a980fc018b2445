"""Documents made in a warm process: letters and CCTP against docxtpl and docxtemplater, and a whole step."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.util import find_spec
from typing import Any

from benchmarks.rows import ROOT, Row, cpu

__all__ = ["rows", "with_docxtpl", "with_texts"]

DOSSIER = ROOT / "fixtures" / "local" / "lancement"
DAY = dt.date(2026, 6, 8)
TOGETHER = 5
"""Documents of one measure: one is too short to be timed."""
EIGHT = (
    *("cctp", "points-a-relire", "lettre-consultation", "lettre-consultation", "lettre-consultation"),
    *("acte-engagement", "cadre-memoire", "accuse-reception"),
)
TWO = ("dpgf", "extrait-bordereau-prix")


def rows() -> Iterator[Row]:
    """Yield a letter and a CCTP against docxtpl and docxtemplater, then all the documents of a step."""
    from assembler.documents import case_of, document_of
    from assembler.manager import Plugins
    from assembler.pipeline import Request, check_dossier
    from assembler.rendering.docx import render

    checked = check_dossier(DOSSIER, Plugins(), Request(today=DAY))
    case = case_of(checked, DAY)
    assert checked.format is not None
    known = {one.id: one for one in checked.format.documents}

    def given(name: str) -> tuple[bytes, Mapping[str, Any]]:
        one = known[name]
        assert one.template is not None
        assert one.context is not None
        return one.template.read_bytes(), one.context(case, next(iter(one.copies(case))))

    letter, values = given("lettre-consultation")
    cctp, of_note = given("cctp")
    texts = with_texts(of_note)
    for label, template, context, target in (
        ("une lettre / docxtpl", letter, values, 0.10),
        ("le CCTP / docxtpl", cctp, texts, 0.15),
    ):
        yield Row(
            label=label,
            ours=cpu(_several(partial(render, template, context, name=label))),
            theirs=cpu(_several(partial(with_docxtpl, template, context))),
            target=target,
        )
    if find_spec("docxcompose"):
        yield Row(
            label="le CCTP, extraits de la note mis en forme / docxtpl et ses sous-documents",
            ours=cpu(partial(render, cctp, of_note, name="cctp")),
            theirs=cpu(partial(with_docxtpl, cctp, of_note)),
            target=0.15,
        )
    else:
        print("docxcompose manque : le CCTP avec extraits n’est pas comparé.", file=sys.stderr)
    yield from _against_docxtemplater(letter, cctp)

    def made(names: tuple[str, ...]) -> None:
        for name in dict.fromkeys(names):
            template = known[name]
            for copy in list(template.copies(case))[: names.count(name)]:
                document_of(checked, template, copy, f"{name}.{template.extension}", DAY)

    yield Row(
        label="huit documents Word et deux classeurs / les deux classeurs",
        ours=cpu(partial(made, (*EIGHT, *TWO))),
        theirs=cpu(partial(made, TWO)),
        target=2,
    )


def _several(function: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        for _ in range(TOGETHER):
            function()

    return run


def with_texts(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a CCTP with the texts of the note in lieu of its formatted extracts."""
    return dict(context) | {"note": {name: _text(one) for name, one in context["note"].items()}}


def _text(section: Any) -> Any:
    from assembler.rendering.fragments import Fragment, select
    from assembler.rendering.markup import text_of
    from assembler.rendering.sourcefile import source_file

    if not isinstance(section, Mapping) or not isinstance(fragment := section.get("fragment"), Fragment):
        return section
    blocks = select(source_file(fragment.data).body, fragment.anchors)
    return {"fragment": None, "paragraphes": [text for one in blocks if (text := text_of(one).strip())]}


def with_docxtpl(template: bytes, context: Mapping[str, Any]) -> bytes:
    """Render with docxtpl, from the file to the file, in the same Jinja environment as ours.

    A formatted extract is a sub-document, which asks for docxcompose.
    """
    from docxtpl import DocxTemplate

    from assembler.rendering.environment import Environment

    class Tolerant(DocxTemplate):
        """docxtpl, but for the ’ of « l’atelier » in a tag: it would make a quote of it and stop."""

        def patch_xml(self, src_xml: str) -> str:
            kept = re.sub(r"(?<=\w)’(?=\w)", "\ue01d", src_xml)
            return str(super().patch_xml(kept)).replace("\ue01d", "’")

    document = Tolerant(io.BytesIO(template))
    document.render(_with_subdocuments(context, document), Environment())
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _with_subdocuments(value: Any, document: Any) -> Any:
    from assembler.rendering.fragments import Fragment

    if isinstance(value, Fragment):
        return _subdocument(value, document)
    if isinstance(value, dict):
        return {key: _with_subdocuments(one, document) for key, one in value.items()}
    return value


def _subdocument(fragment: Any, document: Any) -> Any:
    """Return the extract as docxtpl takes one: a Word file that holds nothing else."""
    import docx
    from markupsafe import Markup

    source = docx.Document(io.BytesIO(fragment.data))
    kept = {anchor[0] for anchor in fragment.anchors}
    for place, node in enumerate(list(source.element.body)):
        if place not in kept and not node.tag.endswith("}sectPr"):
            source.element.body.remove(node)
    file = io.BytesIO()
    source.save(file)
    file.seek(0)
    return Markup(str(document.new_subdoc(file)))


def _against_docxtemplater(letter: bytes, cctp: bytes) -> Iterator[Row]:
    if not (shutil.which("node") and shutil.which("npm")):
        print("node manque : docxtemplater n’est pas comparé.", file=sys.stderr)
        return
    from assembler.rendering.docx import render
    from benchmarks.twins import Docxtemplater, Shape, template, values

    for label, host, shape in (
        ("une lettre / docxtemplater", letter, Shape(paragraphs=40, fields=25, loops=1)),
        ("un texte de la taille du CCTP / docxtemplater", cctp, Shape(paragraphs=250, fields=90, loops=4)),
    ):
        given = values(shape)
        ours = partial(render, template(host, shape, "jinja"), given, name=label)
        peer = Docxtemplater(template(host, shape, "docxtemplater"), given, ours())
        try:
            yield Row(
                label=label,
                ours=cpu(_several(ours)),
                theirs=partial(peer.seconds, TOGETHER),
                target=0.25,
            )
        finally:
            peer.stop()
