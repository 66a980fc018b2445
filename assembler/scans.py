"""Scans read by recognition of characters, when tesseract is there; else they are left to the eye.

Only files that have no text at all are read so: it takes seconds a page.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache

from assembler.model import Block, Source
from assembler.readers import ocr

__all__ = ["read_scans"]

_AT_ONCE = 2
_SCANNED = ("numerise", "image")


def read_scans(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Return the files, scans and images of text having theirs as tesseract reads it.

    The form of a scan stays what it is, and so do its signatures: ``numerisee``, for the eye to see.
    """
    silent = [one for one in sources if _silent(one)]
    if not silent or not ocr.available():
        return tuple(sources)
    with ThreadPoolExecutor(max(1, min(_AT_ONCE, os.cpu_count() or 1))) as pool:
        texts = dict(zip((one.name for one in silent), pool.map(_text, silent), strict=True))
    return tuple(_read(one, texts.get(one.name, ())) for one in sources)


def _silent(source: Source) -> bool:
    reading = source.reading
    return reading is not None and reading.forme in _SCANNED and not reading.text.strip()


def _text(source: Source) -> tuple[Block, ...]:
    return _recognised(source.path, source.nature, source.sha256)


@lru_cache(maxsize=64)
def _recognised(path: str, nature: str, sha256: str) -> tuple[Block, ...]:  # noqa: ARG001 - the bytes are the key
    return ocr.recognise_scan(path, nature)


def _read(source: Source, blocks: tuple[Block, ...]) -> Source:
    if not blocks or source.reading is None:
        return source
    return replace(source, reading=replace(source.reading, blocks=blocks, ocr=True))
