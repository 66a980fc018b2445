"""The pictures of the guides, in docs/images: ``python -m outils.images`` (needs LibreOffice and Poppler).

Each is the first page of a file that the command itself writes, so that a guide shows what a person will see.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

__all__ = ["IMAGES", "main"]

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
_LOCAL = ROOT / "fixtures" / "local"
_WIDTHS = {"fiche": 900}
_LETTER = 700
"""Pixels across: the form, then the letters."""
_COLOURS = 32


def main() -> None:
    """Make every picture again."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _assemble("nouveau", "local", str(folder / "neuf"), "--epci", "CC des Coëvrons")
        letters = ("courrier-prefet", "demande-complements")
        _assemble(
            *("produire", str(_LOCAL / "complet"), "--sortie", str(folder / "complet")),
            *("--documents", letters[0]),
        )
        _assemble(
            *("produire", str(_LOCAL / "instruction"), "--sortie", str(folder / "incomplet")),
            *("--documents", letters[1]),
        )
        made = {
            "fiche": folder / "neuf" / "fiche.xlsx",
            "courrier-prefet": folder / "complet" / "candidature" / "courrier-prefet.docx",
            "demande-complements": folder / "incomplet" / "instruction" / "demande-complements.docx",
        }
        _pictures(made, folder)


def _assemble(*arguments: str) -> None:
    command = [sys.executable, "-m", "assembler", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(arguments)}\n{done.stderr}{done.stdout}")


def _trimmed(picture: Image.Image) -> Image.Image:
    """Leave out the margins of the page."""
    return picture.crop(ImageOps.invert(picture.convert("L")).getbbox())


def _pictures(made: dict[str, Path], folder: Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profil').as_uri()}"
    files = [str(one) for one in made.values()]
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), *files],
        check=True,
        capture_output=True,
    )
    IMAGES.mkdir(exist_ok=True)
    for name, file in made.items():
        page = folder / name
        subprocess.run(
            ["pdftoppm", "-f", "1", "-singlefile", "-r", "110", "-png", folder / f"{file.stem}.pdf", page],
            check=True,
        )
        with Image.open(page.with_suffix(".png")) as picture:
            whole = ImageOps.expand(_trimmed(picture.convert("RGB")), 30, "white")
            width = _WIDTHS.get(name, _LETTER)
            height = round(whole.height * width / whole.width)
            small = whole.resize((width, height), Image.Resampling.LANCZOS)
            small.quantize(_COLOURS).save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
