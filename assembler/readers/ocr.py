"""Scans read by recognition of characters: the program tesseract, the extra ``ocr``.

Run as a program of its own (``python -m assembler.readers.ocr FILE NATURE``), so that a hostile scan
costs this process and no other: pages are rendered by pypdfium2, handed over to tesseract, and come back
as JSON lines. Neither a shell nor a file in between.
"""

from __future__ import annotations

import csv
import functools
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assembler.files import find_program
from assembler.model import Block
from assembler.readers.pdflines import Line, paragraphs

__all__ = ["VARIABLE", "available", "main", "recognise_scan", "text_blocks"]

VARIABLE = "ASSEMBLER_OCR"
"""Set to « non », scans are left to the eye even though tesseract is installed."""
_LANGUAGE = "fra"
_DPI = 300
_MOST_PAGES = 30
_PAGE_SECONDS = 60
_FILE_SECONDS = 240
_LARGEST_PAGE = 40_000_000
"""Pixels: an A3 at 300 dots per inch has 17 million."""
_MEMORY = 1_000_000_000
_ANSWER = 20_000_000
_SURE = 60.0
"""Mean confidence, 0 to 100, under which a page counts as not read: handwriting, a map, a blur."""
_FEWEST_LETTERS = 20
_NO = frozenset({"non", "no", "0", "off", "faux", "false"})


def available() -> bool:
    """Tell whether scans are to be read: tesseract and its French are there, and nobody said no."""
    if os.environ.get(VARIABLE, "").strip().casefold() in _NO:
        return False
    program = find_program("tesseract")
    return program is not None and _LANGUAGE in _languages(program)


def recognise_scan(path: str, nature: str) -> tuple[Block, ...]:
    """Return the text of a scan, page by page; nothing when it cannot be read.

    Args:
        path: the file, a PDF or an image.
        nature: ``pdf``, ``jpg``, ``png`` or ``tiff``.
    """
    command = [sys.executable, "-P", "-m", __name__, path, nature]
    try:
        answer = subprocess.run(  # a list, no shell; the path comes after the options
            command, capture_output=True, timeout=_FILE_SECONDS + 30, check=False, stdin=subprocess.DEVNULL
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    blocks: list[Block] = []
    for row in answer[:_ANSWER].splitlines():
        try:
            blocks += text_blocks(json.loads(row))
        except (ValueError, KeyError, TypeError):
            break
    return tuple(blocks)


def text_blocks(page: Mapping[str, Any]) -> list[Block]:
    """Return the paragraphs of one recognised page.

    Args:
        page: ``{"page": number, "lines": [[paragraph, left, right, text], …]}``, distances in points.
    """
    number = int(page["page"])
    lines: list[Line] = []
    base, before = 0.0, None
    for paragraph, left, right, text in page["lines"]:
        # Only the order of lines is sure: their leading is set anew, wide between two paragraphs.
        base -= 12.0 if paragraph == before else 60.0
        before = paragraph
        lines.append(
            Line(text=str(text), page=number, left=float(left), right=float(right), base=base, size=10.0)
        )
    return list(paragraphs(lines))


# --- the program -----------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> int:
    """Write the pages of one scan on the standard output, one JSON object per line, as they are read."""
    path, nature = arguments
    program = find_program("tesseract")
    if program is None:
        return 1
    _bound()
    until = time.monotonic() + _FILE_SECONDS
    for number, dpi, image in _images(Path(path).read_bytes(), nature):
        left = until - time.monotonic()
        if left < 1:
            break
        try:
            table = _tesseract(program, image, dpi, min(left, _PAGE_SECONDS))
        except (OSError, subprocess.SubprocessError):
            continue
        for page, lines in _pages(table, dpi):
            row = {"page": number + page - 1, "lines": lines}
            sys.stdout.write(json.dumps(row, ensure_ascii=True) + "\n")
            sys.stdout.flush()
    return 0


def _tesseract(program: str, image: bytes, dpi: int, seconds: float) -> str:
    languages = _languages(program)
    mode = "1" if "osd" in languages else "3"  # 1: a page laid sideways is turned first
    command = [program, "stdin", "stdout", "-l", _LANGUAGE, "--psm", mode, "--dpi", str(dpi), "tsv"]
    done = subprocess.run(
        command,
        input=image,
        capture_output=True,
        timeout=seconds,
        check=True,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # faster on one page, and leaves room to the others
    )
    return done.stdout.decode("utf-8", "replace")


@functools.cache
def _languages(program: str) -> frozenset[str]:
    try:
        told = subprocess.run(
            [program, "--list-langs"], capture_output=True, timeout=20, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset((told.stdout + told.stderr).decode("utf-8", "replace").split())


def _images(data: bytes, nature: str) -> Iterator[tuple[int, int, bytes]]:
    """Yield ``(page from 1, dots per inch, image)``; an image file goes as it is."""
    if nature != "pdf":
        yield 1, _DPI, data
        return
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for index in range(min(len(document), _MOST_PAGES)):
        page = document.get_page(index)
        width, height = page.get_size()
        dpi = _DPI
        while dpi > 70 and width * height * (dpi / 72) ** 2 > _LARGEST_PAGE:
            dpi = dpi * 2 // 3
        if width * height * (dpi / 72) ** 2 > _LARGEST_PAGE:
            continue
        bitmap = page.render(scale=dpi / 72, grayscale=True)
        yield index + 1, dpi, _graymap(bitmap)
        bitmap.close()
        page.close()
    document.close()


def _graymap(bitmap: Any) -> bytes:
    """Return a bitmap of one byte a pixel as a PGM image: no library is needed to write one."""
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    raw = bytes(bitmap.buffer)
    rows = (
        raw if stride == width else b"".join(raw[at : at + width] for at in range(0, stride * height, stride))
    )
    return b"P5 %d %d 255\n" % (width, height) + rows


def _pages(table: str, dpi: int) -> Iterator[tuple[int, list[list[Any]]]]:
    """Yield ``(page, lines)`` of tesseract's table, pages that it is not sure of left out."""
    words: dict[int, list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row.get("level") == "5" and (row.get("text") or "").strip():
            words.setdefault(int(row["page_num"]), []).append(row)
    for page, found in sorted(words.items()):
        letters = sum(sum(map(str.isalnum, one["text"])) for one in found)
        weight = sum(len(one["text"]) for one in found)
        sure = sum(float(one["conf"]) * len(one["text"]) for one in found) / weight
        if letters >= _FEWEST_LETTERS and sure >= _SURE:
            yield page, list(_lines(found, 72 / dpi))


def _lines(words: Iterable[Mapping[str, str]], scale: float) -> Iterator[list[Any]]:
    lines: dict[tuple[str, str, str], list[Mapping[str, str]]] = {}
    for one in words:
        lines.setdefault((one["block_num"], one["par_num"], one["line_num"]), []).append(one)
    for (block, paragraph, _), found in lines.items():
        left = min(int(one["left"]) for one in found) * scale
        right = max(int(one["left"]) + int(one["width"]) for one in found) * scale
        text = " ".join(one["text"] for one in found)
        yield [f"{block}.{paragraph}", round(left, 1), round(right, 1), text]


def _bound() -> None:
    """Bound the memory of this process and of the tesseract that it starts."""
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, hard))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
