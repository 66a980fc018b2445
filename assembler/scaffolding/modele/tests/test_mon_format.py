"""The format keeps its promises, and says what it should of dossiers made here."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from assembler.pipeline import Request, check_dossier
from assembler.testing import FormatContract, load_plugins, make_dossier


class TestMonFormat(FormatContract):
    """Everything that a format promises: see « assemble plugin tester »."""

    plugin = "mon_format"
    dossiers = Path(__file__).parents[1] / "fixtures" / "mon_format"


def test_a_demande_is_known_by_its_text_whatever_its_name(tmp_path: Path) -> None:
    """A dossier needs no fiche: its pieces tell what it is."""
    text = "Demande\nau titre de mon format"
    folder = make_dossier(tmp_path / "dossier", {"scan.pdf": text})
    plugins, request = load_plugins("mon_format"), Request(today=dt.date(2026, 4, 1))
    dossier = check_dossier(folder, plugins, request).dossier
    assert dossier is not None
    found = {source.name: (source.piece, source.reconnu_par) for source in dossier.sources}
    assert found == {"scan.pdf": ("demande", "contenu")}
