"""Who holds a file open, from what Word, Excel and LibreOffice write beside it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from assembler.openfiles import opened


def office(name: str, size: int) -> bytes:
    """Return an owner file as Office writes it: 162 bytes for Word, 165 for Excel."""
    filling, place = (b"\0", 54) if size == 162 else (b" ", 55)
    ansi = name.encode("cp1252")
    first = (bytes([len(name)]) + ansi).ljust(place, filling)
    wide = bytes([len(name), 0]) + name.encode("utf-16-le")
    return (first + wide).ljust(size, b"\0")


@pytest.mark.parametrize(
    ("file", "owner", "content", "said"),
    [
        ("cctp.docx", "~$cctp.docx", office("Camille Exemple", 162), "ouvert par Camille Exemple"),
        ("lettres.docx", "~$ettres.docx", office("Zoé Exemple", 162), "ouvert par Zoé Exemple"),
        ("courrier.docx", "~$urrier.docx", office("X" * 32, 162), f"ouvert par {'X' * 32}"),
        ("dpgf.xlsx", "~$dpgf.xlsx", office("Dominique Exemple", 165), "ouvert par Dominique Exemple"),
        ("dpgf.xlsx", "~$dpgf.xlsx", office("Y" * 32, 165), f"ouvert par {'Y' * 32}"),
        ("dpgf.xlsx", "~$dpgf.xlsx", b"\x0fCamille Exemple".ljust(60, b"\0"), "ouvert par Camille Exemple"),
        ("cctp.docx", "~$cctp.docx", b"", "ouvert ailleurs"),
        ("cctp.docx", "~$cctp.docx", b"\x05\x81\x81\x81\x81\x81".ljust(162, b"\0"), "ouvert ailleurs"),
        (
            "cctp.docx",
            ".~lock.cctp.docx#",
            b"Alex Exemple,aexemple,PC-12,12.03.2026 10:00,file:///profil;",
            "ouvert par Alex Exemple",
        ),
        # LibreOffice without a name in its options, as found on this system
        (
            "cctp.docx",
            ".~lock.cctp.docx#",
            b",aexemple,PC-12,26.11.2026 20:26,file:///tmp/profil;",
            "ouvert par aexemple (poste PC-12)",
        ),
        (
            "cctp.docx",
            ".~lock.cctp.docx#",
            "Exemple\\, Zoé,z,PC,d,f;".encode(),
            "ouvert par Exemple, Zoé",
        ),
        ("cctp.docx", ".~lock.cctp.docx#", b"", "ouvert ailleurs"),
        ("cctp.docx", ".~lock.cctp.docx#", b"\xff\xfe,\x00", "ouvert ailleurs"),
        ("cctp.docx", ".~lock.cctp.docx#", b"A\x1b[2JB,b,c", "ouvert par A[2JB"),
    ],
)
def test_the_owner_of_an_open_file_is_named(
    tmp_path: Path, file: str, owner: str, content: bytes, said: str
) -> None:
    (tmp_path / owner).write_bytes(content)
    assert opened(tmp_path / file) == said


def test_a_file_that_nobody_opened_is_not_open(tmp_path: Path) -> None:
    (tmp_path / "~$autre.docx").write_bytes(office("Camille Exemple", 162))
    assert opened(tmp_path / "cctp.docx") is None


def test_an_owner_file_left_by_a_crash_the_day_before_does_not_count(tmp_path: Path) -> None:
    owner = tmp_path / "~$cctp.docx"
    owner.write_bytes(office("Camille Exemple", 162))
    os.utime(owner, (time.time() - 90_000,) * 2)
    assert opened(tmp_path / "cctp.docx") is None
