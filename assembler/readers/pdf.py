"""PDF files: text by page in paragraphs, form (text or scan), marks of signature.

pypdfium2 reads the pages; it is fast and not thread-safe (one thread per process). pypdf, slower, is
called only when the file has a form, where signed fields are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from assembler.errors import ReadingError
from assembler.model import Block, Reading, Signature
from assembler.readers.containers import expect
from assembler.readers.pdflines import Line, margins, page_lines, paragraphs
from assembler.readers.pdfmarks import Marks, page_marks, signed_at
from assembler.readers.pdfsignatures import signed_fields, stamps

__all__ = ["read"]

_MAX_PAGES = 2_000
_FEW_LETTERS = 20
"""A page with fewer letters and digits than this has no text worth the name."""
_SAVE_AGAIN = "ouvrez-le, imprimez-le ou enregistrez-le à nouveau en PDF et remplacez-le"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    lines: list[Line]
    marks: Marks
    width: float
    height: float

    @property
    def has_text(self) -> bool:
        return sum(char.isalnum() for line in self.lines for char in line.text) >= _FEW_LETTERS

    @property
    def scanned(self) -> bool:
        return self.marks.scanned and (not self.has_text or self.marks.hidden_text)


def read(data: bytes) -> Reading:
    """Read a PDF.

    A page that is one image gives a ``numerisee`` signature: only the eye can tell. The form is
    ``numerise`` when no page has text and one at least is an image.

    Args:
        data: the file's bytes.

    Raises:
        ReadingError: ``vide``, ``nature``, ``protege`` (a password is needed to open it; restrictions
            on printing or copying are not one) or ``illisible``.
    """
    expect(data, ("pdf",))
    _whole(data)
    try:
        return _read(data)
    except ReadingError:
        raise
    except pypdfium2.PdfiumError as cause:
        if cause.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise ReadingError(
                "protege",
                "Le PDF demande un mot de passe : retirez la protection et enregistrez-le à nouveau.",
            ) from cause
        raise _damaged() from cause
    except Exception as cause:  # the file is at fault, whatever a library makes of it
        raise _damaged() from cause


def _read(data: bytes) -> Reading:
    document = pypdfium2.PdfDocument(data)
    try:
        if not 0 < len(document) <= _MAX_PAGES:
            raise _damaged()
        pages = [_page(document, index) for index in range(len(document))]
        form = document.get_formtype() != pdfium.FORMTYPE_NONE or pdfium.FPDF_GetSignatureCount(document) > 0
        signatures = _electronic(data, document) if form else ()
    finally:
        document.close()
    apart = margins([page.lines for page in pages], [page.height for page in pages])
    every = [line for page in pages for line in page.lines]
    scanned = any(page.scanned for page in pages) and not any(page.has_text for page in pages)
    return Reading(
        nature="pdf",
        forme="numerise" if scanned else "pdf",
        blocks=tuple(_blocks(pages, apart)),
        headers="\n".join(dict.fromkeys(line.text for line in every if id(line) in apart)),
        pages=len(pages),
        signatures=(*signatures, *_on_pages(pages, apart)),
        commentaires=sum(page.marks.comments for page in pages),
        ocr=any(page.has_text for page in pages) and all(page.scanned for page in pages),
    )


def _page(document: Any, index: int) -> _Page:
    page = document.get_page(index)
    try:
        width, height = page.get_size()
        textpage = page.get_textpage()
        try:
            lines = page_lines(textpage, index + 1)
        finally:
            textpage.close()
        return _Page(lines=lines, marks=page_marks(page, width, height), width=width, height=height)
    finally:
        page.close()


def _blocks(pages: list[_Page], apart: frozenset[int]) -> Iterator[Block]:
    for page in pages:
        yield from paragraphs([line for line in page.lines if id(line) not in apart])


def _on_pages(pages: list[_Page], apart: frozenset[int]) -> Iterator[Signature]:
    """Yield what the pages themselves show: stamps, ink and images, scans."""
    for number, page in enumerate(pages, start=1):
        lines = [line for line in page.lines if id(line) not in apart]
        notes = [text for note in page.marks.notes for text in re.split(r"[\r\n]+", note)]
        yield from stamps([line.text for line in lines] + notes, number)
        if page.scanned:
            yield Signature(
                etat="numerisee", page=number, detail="page numérisée : la signature est à voir à l’œil"
            )
        elif signed_at(page.marks, lines, page.width, page.height):
            yield Signature(
                etat="visible", page=number, detail="marque ou image placée à l’endroit de la signature"
            )


def _electronic(data: bytes, document: Any) -> tuple[Signature, ...]:
    """Return the signed fields by pypdf; when it fails, count those that pdfium sees."""
    try:
        return signed_fields(data)
    except Exception:  # pypdf lets AssertionError, TypeError… out (robustesse.md § 2.5)
        count = 0
        for index in range(max(0, pdfium.FPDF_GetSignatureCount(document))):
            signature = pdfium.FPDF_GetSignatureObject(document, index)
            count += pdfium.FPDFSignatureObj_GetContents(signature, None, 0) > 0
        return tuple(
            Signature(
                etat="electronique",
                detail="signature présente, non vérifiée ; structure du PDF endommagée",
            )
            for _ in range(count)
        )


def _whole(data: bytes) -> None:
    """Refuse a PDF cut short: pdfium would mend it in silence and lose pages.

    Raises:
        ReadingError: ``illisible``.
    """
    tail = data.rstrip(b"\0\r\n\t ")[-4096:]
    if b"%%EOF" not in tail and b"startxref" not in tail:
        raise ReadingError("illisible", f"Le PDF est tronqué (sa fin manque) : {_SAVE_AGAIN}.")


def _damaged() -> ReadingError:
    return ReadingError("illisible", f"Le PDF est endommagé : {_SAVE_AGAIN}.")
