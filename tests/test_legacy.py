"""Old files, and files that are not what their name says: converted, or named for what they are."""

from __future__ import annotations

import datetime as dt
import io
import stat
import struct
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from bureautique import converted
from dossiers import copied
from PIL import Image
from test_containers import ole

from assembler.errors import ReadingError
from assembler.manager import Plugins
from assembler.model import Finding
from assembler.pipeline import Request, check_dossier
from assembler.readers import legacy
from assembler.readers.containers import sniff
from assembler.readers.limits import Limits

SOUND = Path(__file__).parents[1] / "fixtures" / "local" / "complet"
LETTER = "courriers/Courrier d'engagement CC des Coëvrons"
Make = Callable[[str, bytes], Path]
FREESECT = 0xFFFFFFFF


def with_stream(data: bytes, content: bytes) -> bytes:
    """The first stream of an empty compound file, set to ``content``."""
    entry = 512 + 512 + 128
    patched = bytearray(data)
    struct.pack_into("<I", patched, entry + 116, 2)
    return bytes(patched) + content.ljust(4096, b"\0")


def fib(flags: int) -> bytes:
    return struct.pack("<HHHHHH", 0xA5EC, 0x00C1, 0, 0x040C, 0, flags)


def biff(*records: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


@pytest.fixture
def dossier(tmp_path: Path) -> Make:
    """The sound dossier, the letter of the collectivité replaced by another file."""

    def make(suffix: str, content: bytes) -> Path:
        root = tmp_path / "dossier"
        copied(SOUND, root)
        (root / f"{LETTER}.pdf").unlink()
        (root / f"{LETTER}.{suffix}").write_bytes(content)
        return root

    return make


def findings(root: Path, plugins: Plugins) -> list[Finding]:
    report = check_dossier(root, plugins, Request(today=dt.date(2026, 4, 1))).report
    return [one for one in report.constats if one.regle.startswith(("GEN-PIE", "LO-PIE", "LO-SIG"))]


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fresh_worker: None) -> None:
    """Hide LibreOffice, by what the reading process inherits however it is started."""
    monkeypatch.setenv("PATH", str(tmp_path / "vide"))


@pytest.fixture(scope="module")
def letter_doc(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("ancien")
    (folder / "lettre.html").write_text(
        "<p>Évron, le 12 mars 2026</p>" + "<p>Nous nous engageons.</p>" * 5, "utf-8"
    )
    (made,) = converted(folder, [folder / "lettre.html"], "doc:MS Word 97", "doc")
    return made.read_bytes()


# --- what a file is --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "nature"),
    [
        (with_stream(ole("WordDocument"), fib(0)), "doc"),
        (with_stream(ole("WordDocument"), fib(0x0100)), "office_chiffre"),
        (with_stream(ole("Workbook"), biff((0x0809, bytes(16)), (0x0042, b"xx"))), "xls"),
        (with_stream(ole("Workbook"), biff((0x0809, bytes(16)), (0x002F, bytes(6)))), "office_chiffre"),
        (ole("WordDocument")[:1100], "ole"),
        (ole("__properties_version1.0"), "msg"),
        (ole("PowerPoint Document"), "ppt"),
    ],
)
def test_an_old_office_file_is_named_for_what_it_is(data: bytes, nature: str) -> None:
    assert sniff(data) == nature


# --- converted --------------------------------------------------------------------------------------


def test_an_old_letter_is_read_and_said_to_be_converted(
    dossier: Make, plugins: Plugins, letter_doc: bytes
) -> None:
    found = findings(dossier("doc", letter_doc), plugins)
    (one,) = [one for one in found if one.regle == "GEN-PIE-013"]
    assert "(.doc) a été converti par LibreOffice" in one.message
    assert ".docx" in one.message
    assert not [
        one for one in found if one.regle in {"GEN-PIE-001", "GEN-PIE-002", "GEN-PIE-003", "GEN-PIE-004"}
    ]


def test_an_old_workbook_is_read_row_by_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Note de cadrage", 1250.5])
    book.save(tmp_path / "bpu.xlsx")
    (made,) = converted(tmp_path, [tmp_path / "bpu.xlsx"], "xls:MS Excel 97", "xls")
    found = legacy.read(made.read_bytes())
    assert (found.nature, found.blocks[1].text) == ("xls", "Note de cadrage\t1250,5")


def test_the_macros_of_an_old_file_are_told_though_the_conversion_drops_them(
    monkeypatch: pytest.MonkeyPatch, letter_doc: bytes
) -> None:
    monkeypatch.setattr(legacy, "ole_streams", lambda _data: frozenset({"macros", "_xmlsignatures"}))
    found = legacy.read(letter_doc)
    assert (found.macros, [one.etat for one in found.signatures]) == (1, ["electronique"])


# --- not converted ------------------------------------------------------------------------------------


def test_without_libreoffice_the_file_is_to_be_saved_anew(no_office: None, letter_doc: bytes) -> None:
    with pytest.raises(ReadingError, match=r"enregistrez-le en \.docx") as error:
        legacy.read(letter_doc)
    assert error.value.code == "nature"


def test_without_libreoffice_the_report_says_so(no_office: None, dossier: Make, letter_doc: bytes) -> None:
    found = findings(dossier("doc", letter_doc), Plugins())
    told = {one.regle: one.message for one in found}
    assert "n’a pas été lu : enregistrez-le en .docx" in told["GEN-PIE-013"]
    assert "sans LibreOffice" in told["GEN-PIE-003"]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for LibreOffice")
def test_a_conversion_that_does_not_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, letter_doc: bytes
) -> None:
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\nsleep 300 &\nwait\n")
    slow.chmod(slow.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(legacy, "converter", lambda: str(slow))
    monkeypatch.setattr(legacy, "LIMITS", Limits(conversion=1))
    start = time.monotonic()
    with pytest.raises(ReadingError, match="plus de 1 seconde") as error:
        legacy.read(letter_doc)
    assert error.value.code == "depassement"
    assert time.monotonic() - start < 10


def test_a_file_that_libreoffice_refuses_is_said_to_be_unreadable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, letter_doc: bytes
) -> None:
    monkeypatch.setattr(legacy, "converter", lambda: sys.executable)
    with pytest.raises(ReadingError) as error:
        legacy.read(letter_doc)
    assert error.value.code == "illisible"


# --- named for what they are, end to end --------------------------------------------------------------


def picture(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (1240, 1754), 255).save(stream, kind)
    return stream.getvalue()


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        out.writestr("lettre.txt", "x")
    return stream.getvalue()


def workbook() -> bytes:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("suffix", "content", "rule", "told"),
    [
        (
            "doc",
            b"<html><body>Nous nous engageons</body></html>",
            "GEN-PIE-003",
            "une page web (HTML) alors que son nom finit par .doc",
        ),
        ("docx", (SOUND / f"{LETTER}.pdf").read_bytes(), "GEN-PIE-003", "c’est un PDF"),
        ("pdf", picture("JPEG"), "GEN-PIE-003", "c’est une image JPEG"),
        ("docx", workbook(), "GEN-PIE-003", "c’est un classeur Excel"),
        (
            "pdf",
            zipped(),
            "GEN-PIE-003",
            "une archive zip alors que son nom finit par .pdf : décompressez-la",
        ),
        ("msg", ole("__properties_version1.0"), "GEN-PIE-003", "un message Outlook (.msg)"),
        ("docx", ole("EncryptionInfo", "EncryptedPackage"), "GEN-PIE-002", "mot de passe"),
        ("doc", with_stream(ole("WordDocument"), fib(0x0100)), "GEN-PIE-002", "mot de passe"),
        ("odt", b"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.text", "GEN-PIE-001", "endommagé"),
        ("doc", b"", "GEN-PIE-004", "vide"),
    ],
    ids=[
        "html.doc",
        "pdf.docx",
        "jpg.pdf",
        "xlsx.docx",
        "zip.pdf",
        "msg",
        "docx chiffré",
        "doc chiffré",
        "odt tronqué",
        "vide",
    ],
)
def test_a_file_has_one_finding_that_names_what_it_is(
    dossier: Make, plugins: Plugins, suffix: str, content: bytes, rule: str, told: str
) -> None:
    found = findings(dossier(suffix, content), plugins)
    four = [one for one in found if one.regle in {"GEN-PIE-001", "GEN-PIE-002", "GEN-PIE-003", "GEN-PIE-004"}]
    assert [one.regle for one in four] == [rule]
    assert told in four[0].message


@pytest.mark.parametrize(("suffix", "kind"), [("jpg", "JPEG"), ("png", "PNG"), ("tif", "TIFF")])
def test_a_letter_given_as_an_image_is_left_to_the_eye(
    dossier: Make, plugins: Plugins, monkeypatch: pytest.MonkeyPatch, suffix: str, kind: str
) -> None:
    monkeypatch.setenv("ASSEMBLER_OCR", "non")
    states = {(one.regle, one.etat.value) for one in findings(dossier(suffix, picture(kind)), plugins)}
    assert ("LO-SIG-001", "a_voir") in states
    assert not {one for one in states if one[0] in {"GEN-PIE-003", "LO-PIE-002"}}
