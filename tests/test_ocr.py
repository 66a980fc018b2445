"""Scans: read by recognition of characters when tesseract is there, left to the eye when it is not."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
from pathlib import Path

import pytest
from dossiers import copied

from assembler.manager import Plugins
from assembler.model import Reading, Source, State
from assembler.pipeline import Checked, Request, check_dossier
from assembler.readers import ocr
from assembler.scans import read_scans

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"
SCANNED = FIXTURES / "defauts" / "courrier-prefet-numerise"
pillow = pytest.importorskip("PIL.Image")


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ocr.VARIABLE, "")
    if not ocr.available():
        pytest.fail("tesseract et son français ne sont pas installés : voir README.md")


def check(root: Path) -> Checked:
    return check_dossier(root, Plugins(), Request(today=dt.date(2026, 4, 1)))


def images(letter: Path, dpi: int = 130) -> list[object]:
    """The pages of a letter, as a copier sees them."""
    import pypdfium2

    document = pypdfium2.PdfDocument(letter)
    found = [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]
    document.close()
    return found


def scan(*letters: Path) -> bytes:
    pages = [image for letter in letters for image in images(letter)]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=130)
    return out.getvalue()


def letters(root: Path) -> dict[str, Path]:
    (town,) = (root / "courriers").glob("*CC des*")
    (prefect,) = (root / "courriers").glob("*soutien*")
    (service,) = (root / "courriers").glob("*DDT*")
    return {"town": town, "prefect": prefect, "service": service}


# -- off ----------------------------------------------------------------------------------------------


def test_a_scan_is_left_to_the_eye_when_somebody_said_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ocr.VARIABLE, "non")
    assert not ocr.available()
    states = {one.id: one.etat for one in check(SCANNED).report.regles}
    assert states["LO-SIG-002"] is states["LO-DES-001"] is State.A_VOIR


def test_a_scan_is_left_to_the_eye_without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ocr.VARIABLE, "")
    monkeypatch.setenv("PATH", "")
    assert not ocr.available()


def test_what_is_no_scan_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: pytest.fail("asked for nothing"))
    source = Source(
        name="a.pdf",
        path="a.pdf",
        octets=1,
        sha256="",
        nature="pdf",
        reading=Reading(nature="pdf", forme="pdf"),
    )
    assert read_scans([source]) == (source,)


# -- on -----------------------------------------------------------------------------------------------


def test_a_scanned_letter_is_read_and_its_signature_left_to_the_eye(reading: None) -> None:
    checked = check(SCANNED)
    states = {one.id: one.etat for one in checked.report.regles}
    assert (states["LO-SIG-002"], states["LO-DES-001"]) == (State.A_VOIR, State.CONFORME)
    facts = checked.dossier.facts["pieces"]["courrier_prefet"]
    assert (facts["forme"], facts["ocr"], facts["date"]) == ("numerise", True, dt.date(2026, 2, 27))
    (told,) = (one for one in checked.report.constats if one.regle == "GEN-PIE-005")
    assert "lu par reconnaissance de caractères" in told.message
    assert all(
        "lu par reconnaissance de caractères" in one.emplacement.libelle
        for one in checked.report.constats
        if one.emplacement.piece == "courrier_prefet"
    )


def test_a_duration_read_on_a_scan_is_judged(reading: None, tmp_path: Path) -> None:
    root = tmp_path / "dossier"
    copied(FIXTURES / "complet", root)
    service = letters(root)["service"]
    service.write_bytes(scan(service))
    states = {one.id: one.etat for one in check(root).report.regles}
    assert (states["LO-DUR-002"], states["LO-SIG-003"]) == (State.CONFORME, State.A_VOIR)


def test_one_scan_of_several_letters_is_split_by_page(reading: None, tmp_path: Path) -> None:
    root = tmp_path / "dossier"
    copied(FIXTURES / "complet", root)
    found = letters(root)
    data = scan(*found.values())
    for one in found.values():
        one.unlink()
    (root / "scan0001.pdf").write_bytes(data)
    checked = check(root)
    pieces = {one.piece: one.pages_retenues for one in checked.dossier.sources if one.name == "scan0001.pdf"}
    assert set(pieces) == {"courrier_collectivite", "courrier_prefet", "courrier_service"}
    starts = [pages[0] for pages in pieces.values()]
    assert starts == sorted(starts)
    states = {one.id: one.etat for one in checked.report.regles}
    assert {states[f"LO-SIG-00{rank}"] for rank in (1, 2, 3)} == {State.A_VOIR}
    assert states["LO-PIE-003"] is State.CONFORME


@pytest.mark.parametrize(("nature", "kind"), [("jpg", "JPEG"), ("png", "PNG"), ("tiff", "TIFF")])
def test_a_letter_in_an_image_is_read(reading: None, tmp_path: Path, nature: str, kind: str) -> None:
    page = images(letters(FIXTURES / "complet")["service"])[0]
    path = tmp_path / f"lettre.{nature}"
    page.save(path, kind)
    text = " ".join(block.text for block in ocr.recognise_scan(str(path), nature))
    assert "onze (11) mois" in text


def test_a_page_laid_sideways_is_read(reading: None, tmp_path: Path) -> None:
    page = images(letters(FIXTURES / "complet")["service"])[0].rotate(90, expand=True)
    page.save(tmp_path / "lettre.png")
    text = " ".join(block.text for block in ocr.recognise_scan(str(tmp_path / "lettre.png"), "png"))
    assert "onze (11) mois" in text


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nrien\n%%EOF", b"\x89PNG\r\n\x1a\nrien"])
def test_what_cannot_be_read_gives_nothing(reading: None, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    assert ocr.recognise_scan(str(tmp_path / "x"), "png" if data[:1] == b"\x89" else "pdf") == ()


def test_a_page_that_says_nothing_sure_counts_as_not_read(reading: None, tmp_path: Path) -> None:
    import random

    noise = random.Random(1)
    image = pillow.new("L", (400, 400), 255)
    for _ in range(9000):
        image.putpixel((noise.randrange(400), noise.randrange(400)), 0)
    image.save(tmp_path / "bruit.png")
    assert ocr.recognise_scan(str(tmp_path / "bruit.png"), "png") == ()


def test_the_program_runs_without_pillow_or_shell(reading: None, tmp_path: Path) -> None:
    (tmp_path / "s.pdf").write_bytes(scan(letters(FIXTURES / "complet")["service"]))
    code = (
        "import sys; sys.modules['PIL'] = None\n"
        "from assembler.readers.ocr import main\n"
        "sys.exit(main([sys.argv[1], 'pdf']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "s.pdf")], capture_output=True, timeout=120, check=True
    )
    assert b"onze (11) mois" in done.stdout


def test_lines_keep_their_paragraphs() -> None:
    page = {
        "page": 3,
        "lines": [
            ["1.1", 60, 150, "Madame la préfète"],
            ["1.1", 60, 190, "46 rue Mazagran"],
            ["2.1", 60, 530, "La direction s’engage à porter l’Atelier pendant dix à"],
            ["2.1", 60, 200, "douze mois."],
        ],
    }
    found = ocr.text_blocks(page)
    assert [(one.text, one.page) for one in found] == [
        ("Madame la préfète", 3),
        ("46 rue Mazagran", 3),
        ("La direction s’engage à porter l’Atelier pendant dix à douze mois.", 3),
    ]
