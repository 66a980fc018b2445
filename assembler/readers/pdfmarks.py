"""What a PDF page shows beside its text: images, drawings, ink; scanned or not, signed or not."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from assembler.readers.pdflines import Line

__all__ = ["Marks", "Rect", "page_marks", "signed_at"]

_MAX_OBJECTS = 20_000
_MAX_DEPTH = 8
_DENSE = 0.35
"""Share of dark above which an image is no ink: a QR code has half, ink or a stamp under a quarter."""
_MOST_LOW = 50
_TALLEST = 3_000
_COMMENTS = (
    *(pdfium.FPDF_ANNOT_TEXT, pdfium.FPDF_ANNOT_HIGHLIGHT, pdfium.FPDF_ANNOT_UNDERLINE),
    *(pdfium.FPDF_ANNOT_SQUIGGLY, pdfium.FPDF_ANNOT_STRIKEOUT, pdfium.FPDF_ANNOT_CARET),
)
_CAPTION = re.compile(
    r"(?:figure|fig\.|carte|plan|photo|illustration|source|image|schéma|légende|tableau)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Rect:
    """A place on a page, in points from its bottom left corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Width in points."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in points."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Height of its middle on the page."""
        return (self.top + self.bottom) / 2

    def union(self, other: Rect) -> Rect:
        """Return the smallest place that holds both."""
        return Rect(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


@dataclass(slots=True)
class Marks:
    """What one page shows beside its text."""

    images: list[Rect] = field(default_factory=list)
    strokes: list[Rect] = field(default_factory=list)
    """Paths that no ruler drew."""
    ink: list[Rect] = field(default_factory=list)
    """Ink and stamp annotations."""
    notes: list[str] = field(default_factory=list)
    """Text of stamps and free text annotations."""
    comments: int = 0
    covered: float = 0.0
    """Share of the page under its biggest image, 0 to 1."""
    hidden_text: bool = False
    """The text is invisible: the layer that a recognition of characters lays over a scan."""

    @property
    def scanned(self) -> bool:
        """An image covers the page (the text, if any, is that of a recognition of characters)."""
        return self.covered >= 0.6


def page_marks(page: Any, width: float, height: float) -> Marks:
    """Return the marks of an open ``pypdfium2`` page of that size in points."""
    marks = Marks()
    identity = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    visible = invisible = 0
    for kind, raw, matrix in _objects(page, identity):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            if pdfium.FPDFTextObj_GetTextRenderMode(raw) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
                invisible += 1
            else:
                visible += 1
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            rect = _bounds(raw, matrix)
            marks.images.append(rect)
            inside = max(0.0, min(rect.right, width) - max(rect.left, 0)) * max(
                0.0, min(rect.top, height) - max(rect.bottom, 0)
            )
            marks.covered = max(marks.covered, inside / max(1.0, width * height))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and _freehand(raw):
            marks.strokes.append(_bounds(raw, matrix))
    marks.hidden_text = invisible > 0 and invisible >= 4 * visible
    marks.images = _sparse(page, marks.images, height)
    _annotations(page, marks)
    return marks


def _sparse(page: Any, images: list[Rect], height: float) -> list[Rect]:
    """Return the images that may be ink: those that stand low and are mostly dark are codes or logos.

    Judged on the page as it shows, since an image may be a mask or have one.
    """
    low = [rect for rect in images if rect.middle < 0.75 * height and 0.09 * height < rect.middle]
    if not low or len(low) > _MOST_LOW or height > _TALLEST:
        return images
    bitmap = page.render(scale=1, grayscale=True)
    try:
        raw, stride = bytes(bitmap.buffer), bitmap.stride
        dense = [rect for rect in low if _darkness(raw, stride, bitmap.width, bitmap.height, rect) > _DENSE]
    finally:
        bitmap.close()
    return [rect for rect in images if rect not in dense]


def _darkness(raw: bytes, stride: int, width: int, height: int, rect: Rect) -> float:
    """Return the share of a place that is dark, 0 to 1."""
    left, right = max(0, int(rect.left)), min(width, int(rect.right) + 1)
    top, bottom = max(0, int(height - rect.top)), min(height, int(height - rect.bottom) + 1)
    if left >= right or top >= bottom:
        return 0.0
    rows = [raw[row * stride + left : row * stride + right] for row in range(top, bottom)]
    return sum(byte < 128 for row in rows for byte in row) / ((right - left) * (bottom - top))


def signed_at(marks: Marks, lines: Sequence[Line], width: float, height: float) -> bool:
    """Tell whether an image, a drawing or ink stands where a letter is signed.

    That is below the last long line of the body, close to short lines (the signatory's quality and
    name), above the foot of the page. A logo at the top, an illustration with its caption, a rule or
    a full-page background is not a signature.
    """
    if any(rect.middle < 0.75 * height and rect.width >= 15 for rect in marks.ink):
        return True
    body = [line for line in lines if line.base > 0.1 * height]
    sizes = sorted(line.size for line in body)
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    long = [line.base for line in body if line.right - line.left > 0.5 * width and line.size > 0.8 * usual]
    floor = min(long, default=height)
    near = [line for line in body if line.base < floor + 1 and not _CAPTION.match(line.text)]
    captions = [line.base for line in lines if _CAPTION.match(line.text)]
    for rect in [*marks.images, *_clusters(marks.strokes)]:
        if not (20 <= rect.width <= 0.6 * width and 8 <= rect.height <= 0.3 * height):
            continue
        if rect.middle > 0.75 * height or rect.middle < 0.09 * height or rect.middle > floor:
            continue
        if any(abs(base - edge) < 40 for base in captions for edge in (rect.bottom, rect.top)):
            continue
        if any(
            rect.bottom - 130 <= line.base <= rect.top + 130
            and rect.left - 80 <= line.right
            and line.left <= rect.right + 80
            for line in near
        ):
            return True
    return False


def _objects(page: Any, matrix: tuple[float, ...]) -> Iterator[tuple[int, Any, tuple[float, ...]]]:
    """Yield ``(kind, object, matrix)`` of the page's objects, those inside forms included."""
    todo = [
        (pdfium.FPDFPage_GetObject(page, index), matrix, 0)
        for index in range(min(pdfium.FPDFPage_CountObjects(page), _MAX_OBJECTS))
    ]
    done = 0
    while todo and done < _MAX_OBJECTS:
        raw, here, depth = todo.pop()
        done += 1
        if not raw:
            continue
        kind = pdfium.FPDFPageObj_GetType(raw)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            own = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(raw, own)
            below = _multiply((own.a, own.b, own.c, own.d, own.e, own.f), here)
            count = min(pdfium.FPDFFormObj_CountObjects(raw), _MAX_OBJECTS)
            todo += [(pdfium.FPDFFormObj_GetObject(raw, index), below, depth + 1) for index in range(count)]
        else:
            yield kind, raw, here


def _multiply(one: tuple[float, ...], two: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _bounds(raw: Any, matrix: tuple[float, ...]) -> Rect:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(raw, left, bottom, right, top)
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (left.value, right.value) for y in (bottom.value, top.value)]
    xs = [a * x + c * y + e for x, y in corners]
    ys = [b * x + d * y + f for x, y in corners]
    return Rect(min(xs), min(ys), max(xs), max(ys))


def _freehand(raw: Any) -> bool:
    """Tell whether a path is curved or broken enough to come from a hand, not from a table or a rule."""
    count = pdfium.FPDFPath_CountSegments(raw)
    if count < 3:
        return False
    curves = slopes = 0
    x, y = ctypes.c_float(), ctypes.c_float()
    before: tuple[float, float] | None = None
    for index in range(min(count, 200)):
        segment = pdfium.FPDFPath_GetPathSegment(raw, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        here = (x.value, y.value)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            curves += 1
        elif kind == pdfium.FPDF_SEGMENT_LINETO and before:
            slopes += min(abs(here[0] - before[0]), abs(here[1] - before[1])) > 0.05
        before = here
    return curves >= 3 or slopes >= 4


def _clusters(strokes: Sequence[Rect]) -> list[Rect]:
    """Join strokes that stand within 20 points of each other: a signature is made of several."""
    clusters: list[Rect] = []
    for stroke in sorted(strokes[:2000], key=lambda rect: (rect.left, rect.bottom)):
        for index, one in enumerate(clusters):
            if (
                stroke.left <= one.right + 20
                and one.left <= stroke.right + 20
                and stroke.bottom <= one.top + 20
                and one.bottom <= stroke.top + 20
            ):
                clusters[index] = one.union(stroke)
                break
        else:
            clusters.append(stroke)
    return clusters


def _annotations(page: Any, marks: Marks) -> None:
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MAX_OBJECTS)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            hidden = pdfium.FPDFAnnot_GetFlags(annotation) & (
                pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
            )
            if hidden:
                continue
            marks.comments += kind in _COMMENTS
            if kind in (pdfium.FPDF_ANNOT_INK, pdfium.FPDF_ANNOT_STAMP):
                box = pdfium.FS_RECTF()
                if pdfium.FPDFAnnot_GetRect(annotation, box):
                    bottom, top = sorted((box.bottom, box.top))
                    marks.ink.append(Rect(box.left, bottom, box.right, top))
            if kind in (pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_FREETEXT):
                marks.notes.append(_contents(annotation))
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _contents(annotation: Any) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    if not 2 < size < 20_000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFAnnot_GetStringValue(
        annotation, b"Contents", ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size
    )
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
