"""Readers: the bytes of one file in, one :class:`~assembler.model.Reading` out.

=================== ==========================================================
``containers``      zip packages opened within bounds
``natures``         what a file really is
``limits``          the bounds, in one place
``ole``             the directory of an old Office file (or of an encrypted one)
``docx``            Word files, straight over the XML
``wordstyles``      styles and numbering of a Word file, resolved once
``wordtext``        the walk over paragraphs, tables, controls, fields
``pdf``             PDF text by page, paragraphs, form
``pdflines``        visual lines of a page and paragraphs out of lines
``pdfmarks``        images, drawings and ink of a page
``pdfsignatures``   signed fields, stamps of a parapheur
``certificates``    the name inside a signature
=================== ==========================================================

Modules are imported on first use: the command line's help pays for none of them.
"""

from __future__ import annotations

import importlib
from types import ModuleType

__all__ = [
    "certificates",
    "containers",
    "docx",
    "limits",
    "natures",
    "ole",
    "pdf",
    "pdflines",
    "pdfmarks",
    "pdfsignatures",
    "wordstyles",
    "wordtext",
]


def __getattr__(name: str) -> ModuleType:
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
