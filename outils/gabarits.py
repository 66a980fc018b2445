"""The example and the pictures of docs/gabarits.md: ``python -m outils.gabarits`` (LibreOffice and Poppler).

The example is a shipped template that somebody has changed, with five faults. A comment is drawn in the
margin as Word shows it: LibreOffice prints none there.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import tempfile
import textwrap
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import docx
from PIL import Image, ImageDraw, ImageFont

from assembler.doctor import Catalogue, Examined, examine, told
from assembler.manager import Plugins
from outils.images import IMAGES, ROOT

__all__ = ["EXAMPLE", "changed", "main"]

EXAMPLE = ROOT / "docs" / "exemples" / "courrier-prefet.docx"
_FORMAT, _DOCUMENT = "local", "courrier-prefet"
_WIDTH, _COLOURS, _DPI = 900, 16, 100
_MARGIN = 330
_INK, _PAPER, _EDGE = "#1f1f1f", "#fdf0e7", "#c55a11"
_FONT = "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"


def main() -> None:
    """Write the example and make the two pictures again."""
    catalogue = Catalogue(Plugins(), Plugins().formats()[_FORMAT], dt.date(2026, 9, 1))
    template = next(one for one in catalogue.documents() if one.id == _DOCUMENT)
    assert template.template is not None
    shipped = template.template.read_bytes()
    example = changed(shipped)
    EXAMPLE.parent.mkdir(exist_ok=True)
    if not EXAMPLE.exists() or _texts(EXAMPLE.read_bytes()) != _texts(example):
        EXAMPLE.write_bytes(example)
    examined = examine(example, catalogue.names(template), EXAMPLE.name)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page, _ = _page(shipped, folder / "origine.docx")
        _save(page, "gabarit-origine")
        page, words = _page(example, folder / "relu.docx")
        _save(_commented(page, words, examined), "gabarit-relu")


def changed(shipped: bytes) -> bytes:
    """Return the shipped template as a hurried hand would leave it."""
    document = docx.Document(io.BytesIO(shipped))
    for old, new in (
        ("{{ reconnaissant }}", "{{ reconnaissante }}"),
        ("en premier lieu {{ service.le }}", "en premier lieu {{ service.le"),
        ("{{ resume }}", "{{ resume | majuscul }}"),
    ):
        run = next(one for one in _runs(document) if old in one.text)
        run.text = run.text.replace(old, new)
    support = next(one for one in document.paragraphs if one.text.startswith("J’apporte mon soutien"))
    support.insert_paragraph_before("Il répond à ces objectifs : {{ objectifs }}.")
    loop = next(one for one in document.paragraphs if one.text == "{%p endfor %}")
    loop._p.getparent().remove(loop._p)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _runs(document: docx.document.Document) -> list[docx.text.run.Run]:
    return [run for paragraph in document.paragraphs for run in paragraph.runs]


def _texts(content: bytes) -> list[str]:
    return [one.text for one in docx.Document(io.BytesIO(content)).paragraphs]


def _page(content: bytes, file: Path) -> tuple[Image.Image, list[tuple[str, float]]]:
    """Return the first page of a document, and its words, each with its height on it."""
    file.write_bytes(content)
    profile = f"-env:UserInstallation={(file.parent / 'profil').as_uri()}"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(file.parent), str(file)],
        check=True,
        capture_output=True,
    )
    pdf, picture = file.with_suffix(".pdf"), file.with_suffix("")
    subprocess.run(["pdftoppm", "-singlefile", "-r", str(_DPI), "-png", pdf, picture], check=True)
    boxes = subprocess.run(
        ["pdftotext", "-l", "1", "-bbox", pdf, "-"], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    found = re.findall(r'<word .*?yMin="([\d.]+)".*?>(.*?)</word>', boxes)
    words = [(unescape(word), float(top) * _DPI / 72) for top, word in found]
    with Image.open(picture.with_suffix(".png")) as page:
        return page.convert("RGB"), words


def _commented(page: Image.Image, words: Sequence[tuple[str, float]], examined: Examined) -> Image.Image:
    """Return the page with the message of each fault in a bubble, beside its paragraph."""
    whole = Image.new("RGB", (page.width + _MARGIN, page.height), "#f3f3f3")
    whole.paste(page, (0, 0))
    draw, font = ImageDraw.Draw(whole), ImageFont.truetype(_FONT, 14)
    free = 20
    for fault in examined.faults:
        at = _height(fault.paragraph.text, words) if fault.paragraph else None
        if at is None:
            continue
        lines = [one.replace("\u202f", " ") for one in textwrap.wrap(list(told(fault))[-1], 40)]
        top = max(free, round(at) - 8)
        bottom = top + 18 * len(lines) + 14
        box = (page.width + 14, top, page.width + _MARGIN - 12, bottom)
        draw.line((page.width - 70, at + 8, page.width + 14, top + 12), fill=_EDGE, width=2)
        draw.rectangle(box, fill=_PAPER, outline=_EDGE)
        draw.multiline_text((box[0] + 8, top + 6), "\n".join(lines), fill=_INK, font=font, spacing=4)
        free = bottom + 10
    return whole


def _height(text: str, words: Sequence[tuple[str, float]]) -> float | None:
    """Return where a paragraph begins on the page: its first words, one after the other."""
    wanted = text.split()[:4]
    for start in range(len(words) - len(wanted) + 1):
        if [word for word, _ in words[start : start + len(wanted)]] == wanted:
            return words[start][1]
    return None


def _save(picture: Image.Image, name: str) -> None:
    height = round(picture.height * _WIDTH / picture.width)
    small = picture.resize((_WIDTH, height), Image.Resampling.LANCZOS)
    small.quantize(_COLOURS).save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
