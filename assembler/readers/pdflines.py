"""Visual lines of a PDF page, and paragraphs out of lines.

A PDF keeps glyphs at places, no paragraph. Two lines are one paragraph when they are set alike, a
normal leading apart, and the first word of the second would not have fitted at the end of the first.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from assembler.model import Block
from assembler.text import clean

__all__ = ["Line", "margins", "page_lines", "paragraphs"]

_MAX_CHARS = 60_000
"""Beyond, a page is read without geometry: no letter or note comes near."""
_BREAK = re.compile("[\n\r\x02\ufffe]")
"""The last two stand for a hyphen at the end of a line, after which pdfium writes no line break."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_SEEN = re.compile("[^\x00-\x20\xa0]")
_HYPHEN = "\u00ad"
_BULLET = re.compile(r"(?:[•▪◦‣●○■□➢➤✓☐☒☑\uf000-\uf0ff*]|[-–—](?=\s)|\d{1,2}[.)°](?=\s)|[a-z]\)(?=\s))\s*")
_MARK = re.compile(r"[•▪◦‣●○■□➢➤✓*–—-]\s")
_LEADER = re.compile(r"(?:\.{4,}|…{2,}|_{4,})\s*\d*$")
_BOLD_NAME = re.compile(r"bold|black|heavy|gras|-bd|semibold|demi(?!-?light)", re.IGNORECASE)
_COMPOUND = re.compile(
    r"(?:sous|vice|rendez|peut|au|ci|non|contre|mi|demi|semi|avant|après|arrière|entre|extra|inter|intra|post|pré"
    r"|quasi|ex|grand|chef|maître|petit|tout|celui|celle|ceux|celles|lui|elle|eux|même|là|vis|par|outre|multi|quelques)$",
    re.IGNORECASE,
)
"""First halves that keep their hyphen when a line ends with it."""
_SUFFIX = re.compile(r"(?:t-|ci|là|même|mêmes|vous|nous|ce|ils?|elles?|on|je|tu|moi|toi|lieu|lieux|midi)\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One visual line; distances in points from the bottom left corner of the page."""

    text: str
    page: int
    left: float = 0.0
    right: float = 0.0
    base: float = 0.0
    size: float = 0.0
    """Height of the characters."""
    bold: bool = False


def page_lines(textpage: Any, number: int) -> list[Line]:
    """Return the lines of a ``pypdfium2`` text page, in the order of its content.

    Args:
        textpage: open ``PdfTextPage``.
        number: page number from 1.
    """
    count = textpage.count_chars()
    if count > _MAX_CHARS:
        texts = textpage.get_text_range().splitlines()
        return [Line(text=text, page=number) for text in map(_tidy, texts) if text]
    lines: list[Line] = []
    start = 0
    chars = _chars(textpage, count)
    for found in _BREAK.finditer(f"{chars}\n"):
        line = _line(textpage, number, chars, start, found.start() + (found.group() not in "\n\r"))
        if line:
            lines.append(line)
        start = found.end()
    return _rejoin(lines)


def _chars(textpage: Any, count: int) -> str:
    """Return the characters of a page, each at its own index for pdfium."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(textpage, 0, count, buffer) == count + 1:
        chars = bytes(buffer).decode("utf-16-le", "surrogatepass")[:-1]
        if len(chars) == count and not _SURROGATE.search(chars):
            return chars
    # A character that pdfium writes as two or as none: one by one, which is slower.
    return "".join(chr(pdfium.FPDFText_GetUnicode(textpage, index)) for index in range(count))


def _line(textpage: Any, number: int, chars: str, start: int, end: int) -> Line | None:
    seen = [start + found.start() for found in _SEEN.finditer(chars[start:end])]
    if not seen:
        return None
    text = _tidy(chars[start:end].encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    first, last = seen[0], seen[-1]
    x, base = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(textpage, first, x, base)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(textpage, last, left, right, bottom, top)
    matrix = pdfium.FS_MATRIX()
    scale = 1.0
    if pdfium.FPDFText_GetMatrix(textpage, first, matrix):
        scale = (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0
    sample = {last, *seen[:: max(1, len(seen) // 8)]}
    return Line(
        text=text,
        page=number,
        left=x.value,
        right=right.value,
        base=base.value,
        size=round(pdfium.FPDFText_GetFontSize(textpage, first) * scale, 1),
        bold=all(_bold(textpage, index) for index in sample),
    )


def _bold(textpage: Any, index: int) -> bool:
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(textpage, index, buffer, 128, flags)
    return bool(flags.value & 1 << 18) or _bold_name(buffer.value)


@lru_cache(maxsize=256)
def _bold_name(name: bytes) -> bool:
    return bool(_BOLD_NAME.search(name.decode("utf-8", "replace")))


def _tidy(text: str) -> str:
    text = clean(text.rstrip("\r\n ").replace("\ufffe", _HYPHEN).replace("\x02", _HYPHEN))
    return re.sub(r"[ \t]+", " ", text).strip()


def _rejoin(lines: list[Line]) -> list[Line]:
    """Join the pieces of one visual line that stand close (a change of font or of run)."""
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if (
            before
            and abs(before.base - line.base) < 0.3 * line.size
            and 0 <= line.left - before.right < 1.5 * line.size
        ):
            joined[-1] = replace(
                before, text=f"{before.text} {line.text}", right=line.right, bold=before.bold and line.bold
            )
        else:
            joined.append(line)
    return joined


def margins(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> frozenset[int]:
    """Return the ``id`` of the lines that are running headers or footers.

    They come back at the same height of at least two pages and of half of them, their figures apart,
    in the top or the bottom eighth.
    """
    seen: Counter[tuple[str, int]] = Counter()
    keyed: list[tuple[int, tuple[str, int]]] = []
    for lines, height in zip(pages, heights, strict=True):
        here = set()
        for line in lines:
            if height and not 0.125 < line.base / height < 0.875:
                key = (re.sub(r"\d+", "#", line.text), round(line.base / 4))
                keyed.append((id(line), key))
                here.add(key)
        seen.update(here)
    least = max(2, len(pages) / 2)
    return frozenset(ident for ident, key in keyed if seen[key] >= least)


def paragraphs(lines: Sequence[Line]) -> Iterable[Block]:
    """Yield the paragraphs of one page."""
    if not lines:
        return
    leadings = _leadings(lines)
    edges = _right_edges(lines)
    group: list[Line] = []
    for line in lines:
        if group and not _follows(group, line, leadings, edges):
            yield _block(group)
            group = []
        group.append(line)
    yield _block(group)


def _leadings(lines: Sequence[Line]) -> dict[int, float]:
    """Return, by character size, the distance in points between most lines that follow each other."""
    steps: dict[int, Counter[float]] = {}
    for above, line in pairwise(lines):
        step = above.base - line.base
        if 0 < step < 2.2 * max(line.size, 6) and abs(above.size - line.size) < 0.5:
            steps.setdefault(round(line.size), Counter())[round(step * 2) / 2] += 1
    common = {size: found.most_common(1)[0] for size, found in steps.items()}
    return {size: step for size, (step, count) in common.items() if count >= 3}


def _right_edges(lines: Sequence[Line]) -> dict[int, float]:
    """Return, by left margin in bands of 36 points, how far to the right its lines go."""
    edges: dict[int, float] = {}
    for line in lines:
        for band in (-1, 0, 1):
            key = round(line.left / 36) + band
            edges[key] = max(edges.get(key, 0.0), line.right)
    return edges


def _follows(group: Sequence[Line], line: Line, leadings: dict[int, float], edges: dict[int, float]) -> bool:
    above = group[-1]
    step = above.base - line.base
    leading = leadings.get(round(line.size), 1.25 * line.size)
    if not 0 < step <= max(leading * 1.12, 1.0) or abs(above.size - line.size) > 0.6:
        return False
    if above.bold != line.bold or _BULLET.match(line.text) or _LEADER.search(above.text):
        return False
    hanging = bool(_BULLET.match(group[0].text))
    if line.left > above.left + (40 if hanging and len(group) == 1 else 6) and len(group) > 1 - hanging:
        return False
    first_word = line.text.split(" ", 1)[0]
    width = (line.right - line.left) / max(1, len(line.text)) * (len(first_word) + 1)
    room = edges.get(round(above.left / 36), above.right) - above.right
    return room < width * 1.1


def _block(group: Sequence[Line]) -> Block:
    text = group[0].text
    for line in group[1:]:
        text = _join(text, line.text)
    text = text.replace(_HYPHEN, "-" if text.endswith(_HYPHEN) else "")
    return Block(
        text=text,
        page=group[0].page,
        size=group[0].size or None,
        bold=all(line.bold for line in group),
        listed=bool(_MARK.match(text)),
    )


def _join(text: str, following: str) -> str:
    """Join two lines; a word cut at the end of the first becomes whole again."""
    if text.endswith(_HYPHEN):
        text = text.rstrip(_HYPHEN) + "-"
    found = re.search(r"([^\W\d_]+)-$", text)
    if not found or not following[:1].isalpha():
        return f"{text} {following}"
    head = found.group(1)
    kept = (
        _COMPOUND.match(head) is not None
        or head[:1].isupper()
        or following[:1].isupper()
        or _SUFFIX.match(following)
    )
    whole = text[: found.start()].endswith("-") or bool(kept)
    return (text if whole else text[:-1]) + following
