"""The workbook report: tables that sort and filter, where no text of a dossier becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from conftest import TODAY

from assembler.manager import Plugins
from assembler.model import Report
from assembler.pipeline import Request, check_dossier
from assembler.reporters import built_in

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"


def reports(*dossiers: str) -> list[Report]:
    plugins = Plugins()
    return [check_dossier(FIXTURES / one, plugins, Request(today=TODAY)).report for one in dossiers]


def opened(found: list[Report]) -> Any:
    return openpyxl.load_workbook(io.BytesIO(built_in()["xlsx"].render(found)))


def rows(book: Any, sheet: str) -> list[tuple[Any, ...]]:
    return list(book[sheet].iter_rows(min_row=2, values_only=True))


def test_a_row_a_dossier_says_its_verdict_and_how_much_is_left() -> None:
    book = opened(reports("complet", "defauts/duree-dix-huit-mois", "defauts/absent"))
    verdicts = rows(book, "Verdicts")
    assert [row[5].split("\u00a0")[0].split(" :")[0] for row in verdicts] == [
        "Aucun point bloquant relevé",
        "À compléter",
        "Rien à contrôler",
    ]
    assert [row[6:10] for row in verdicts] == [(0, 0, 0, 0), (1, 0, 0, 1), (0, 0, 0, 0)]


def test_each_finding_and_each_rule_has_its_row() -> None:
    found = reports("defauts/duree-dix-huit-mois")
    book = opened(found)
    assert [row[2] for row in rows(book, "Constats")] == ["LO-DUR-004", "LO-DUR-005"]
    assert len(rows(book, "Règles")) == len(found[0].regles)
    assert {row[1] for row in rows(book, "Pièces")} == {
        one.name
        for one in found[0].dossier.sources  # type: ignore[union-attr]
    }


def test_tables_filter_and_keep_their_header_in_sight() -> None:
    for sheet in opened(reports("complet")).worksheets:
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.freeze_panes == "B2"
        assert sheet.print_title_rows == "$1:$1"


def test_the_name_of_a_file_is_never_a_formula(folder: Callable[..., Path], tiny: Plugins) -> None:
    root = folder(**{"plan.txt": "x", "=1+1.txt": "y"})
    report = check_dossier(root, tiny, Request(today=TODAY)).report
    cell = next(
        row[1] for row in opened([report])["Pièces"].iter_rows(min_row=2) if str(row[1].value).startswith("=")
    )
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_the_same_reports_give_the_same_bytes() -> None:
    found = reports("complet")
    assert built_in()["xlsx"].render(found) == built_in()["xlsx"].render(found)
