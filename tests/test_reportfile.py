"""Where a report may be written: on a report or on nothing, and never among the pieces."""

from pathlib import Path

import pytest
from conftest import TODAY
from dossiers import MODEL

from assembler.errors import UsageError
from assembler.manager import Plugins
from assembler.model import Report
from assembler.pipeline import Request, check_dossier
from assembler.reporters import built_in
from assembler.reportfile import write_report


@pytest.fixture(scope="module")
def report() -> Report:
    return check_dossier(MODEL, Plugins(), Request(today=TODAY)).report


@pytest.mark.parametrize("name", ["texte", "json", "html", "xlsx"])
def test_a_report_replaces_the_one_before(tmp_path: Path, report: Report, name: str) -> None:
    content = built_in()[name].render([report])
    for _ in range(2):
        write_report(tmp_path / "rapport", content, [])
    assert (tmp_path / "rapport").read_bytes() == content
    (tmp_path / "rapport").write_bytes(b"")
    write_report(tmp_path / "rapport", content, [])
    assert (tmp_path / "rapport").read_bytes() == content


@pytest.mark.parametrize(
    "held",
    [
        b"Mes notes de lecture.",
        b"PK\x03\x04 tronqu\xc3\xa9",
        (MODEL / "dossier.yaml").read_bytes(),
        next(MODEL.glob("*.docx")).read_bytes(),
    ],
    ids=["notes", "zip", "fiche", "note"],
)
def test_what_is_no_report_is_kept(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "travail").write_bytes(held)
    with pytest.raises(UsageError, match="n’est pas un rapport"):
        write_report(tmp_path / "travail", b"rapport", [])
    assert (tmp_path / "travail").read_bytes() == held


@pytest.mark.parametrize("name", ["fiche.xlsx", "pieces/nouveau.html", "../dossier/fiche.xlsx"])
def test_nothing_is_written_among_the_pieces(tmp_path: Path, name: str) -> None:
    root = tmp_path / "dossier"
    root.mkdir()
    with pytest.raises(UsageError, match="parmi les pièces du dossier"):
        write_report(root / name, b"rapport", [(root, root / "sortie")])
    assert list(root.iterdir()) == []
    write_report(root / "sortie" / "rapport.html", b"rapport", [(root, root / "sortie")])
    assert (root / "sortie" / "rapport.html").read_bytes() == b"rapport"
