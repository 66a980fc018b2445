"""Readers: the bytes of one file in, one :class:`~assembler.model.Reading` out.

=================== ==========================================================
``containers``      zip packages opened within bounds
``natures``         what a file really is
``limits``          the bounds, in one place
``ole``             the directory of an old Office file (or of an encrypted one)
``zipnames``        names of a zip's members as they were typed
``docx``            Word files, straight over the XML
``wordstyles``      styles and numbering of a Word file, resolved once
``wordtext``        the walk over paragraphs, tables, controls, fields
``handwritten``     the image of a signature in an editable letter
``odt``             OpenDocument texts, read as Word files are
``odfstyles``       their styles
``odftext``         the walk over them
``odfparts``        password, macros, links, signatures of OpenDocument files
``spreadsheet``     workbooks as text
``cellvalues``      what a cell of Excel shows
``image``           size and pages of an image
``legacy``          old .doc, .xls, .rtf, through LibreOffice
``pdf``             PDF text by page, paragraphs, form
``pdflines``        visual lines of a page and paragraphs out of lines
``pdfmarks``        images, drawings and ink of a page
``pdfsignatures``   signed fields, stamps of a parapheur
``pdfrevisions``    what was added after a signature
``pdftrust``        signatures judged by pyHanko, when it is installed
``offline``         pyHanko loaded without its way to the network
``sealfiles``       signatures in a file of their own (.p7s, XAdES)
``ocr``             scans read by tesseract, in a process of its own
``certificates``    the name inside a signature
=================== ==========================================================

Modules are imported on first use: the command line's help pays for none of them.
"""

from __future__ import annotations

import importlib
from types import ModuleType

__all__ = [
    "cellvalues",
    "certificates",
    "containers",
    "docx",
    "handwritten",
    "image",
    "legacy",
    "limits",
    "natures",
    "ocr",
    "odfparts",
    "odfstyles",
    "odftext",
    "odt",
    "offline",
    "ole",
    "pdf",
    "pdflines",
    "pdfmarks",
    "pdfrevisions",
    "pdfsignatures",
    "pdftrust",
    "sealfiles",
    "spreadsheet",
    "wordstyles",
    "wordtext",
    "zipnames",
]


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
