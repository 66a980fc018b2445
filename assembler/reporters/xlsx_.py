"""The workbook report: verdicts, findings, files and rules, each a table to sort and filter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from openpyxl.utils import get_column_letter

from assembler.model import Report, State
from assembler.rendering.xlsx import MAX_TEXT, Workbook
from assembler.reporters.wording import (
    BY,
    STATES,
    VERDICTS,
    counted,
    grouped,
    motive,
    name_of,
    seal_lines,
    signatures,
    told,
    told_apart,
)
from assembler.text import tied

__all__ = ["render"]

_UNDATED = dt.date(1980, 1, 1)
_VERDICTS = (
    ("Dossier", 40),
    ("Chemin", 44),
    ("Format", 20),
    ("Étape", 22),
    ("Règles du", 14),
    ("Verdict", 30),
    ("Points bloquants", 12),
    ("À regarder", 12),
    ("Non vérifiés", 12),
    ("À vérifier", 12),
    ("Fiche de contrôle jointe", 60),
)
_FINDINGS = (
    ("Dossier", 30),
    ("À faire", 30),
    ("Règle", 14),
    ("Ce qui est contrôlé", 40),
    ("Gravité", 12),
    ("Constat", 60),
    ("Pour corriger", 50),
    ("Source", 40),
)
_FILES = (
    ("Dossier", 30),
    ("Fichier", 50),
    ("Pièce", 34),
    ("Reconnue", 22),
    ("Signature", 50),
    ("SHA-256", 68),
)
_RULES = (("Dossier", 30), ("Règle", 14), ("Ce qui est contrôlé", 60), ("État", 16), ("Motif", 60))


def render(reports: Sequence[Report]) -> bytes:
    """Return the reports as a workbook; the same reports give the same bytes."""
    title = f"Contrôle – {name_of(reports[0])}" if len(reports) == 1 else "Contrôle de dossiers"
    reports = told_apart(reports)
    book = Workbook(title=title, subject="Rapport de contrôle", edition=_UNDATED)
    _table(book, "Verdicts", _VERDICTS, map(_verdict, reports))
    _table(book, "Constats", _FINDINGS, (row for report in reports for row in _findings(report)))
    _table(book, "Pièces", _FILES, (row for report in reports for row in _files(report)))
    _table(book, "Règles", _RULES, (row for report in reports for row in _rules(report)))
    return book.finish()


def _table(
    book: Workbook,
    title: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[str | int | dt.date]],
) -> None:
    sheet = book.sheet(title)
    for number, (heading, width) in enumerate(columns, start=1):
        book.put_text(sheet.cell(1, number), heading, "En-tête")
        sheet.column_dimensions[get_column_letter(number)].width = width
    last = 1
    for last, row in enumerate(rows, start=2):
        for number, value in enumerate(row, start=1):
            cell = sheet.cell(last, number)
            if isinstance(value, str):
                book.put_text(cell, tied(value[:MAX_TEXT]), "Libellé")
            else:
                book.put_number(cell, value, "Date" if isinstance(value, dt.date) else "Libellé")
    area = f"A1:{get_column_letter(len(columns))}{last}"
    sheet.auto_filter.ref = area
    sheet.freeze_panes = "B2"
    book.print_setup(sheet, left=title, right="", version="", signed=False, area=area, header_rows="1:1")


def _verdict(report: Report) -> Sequence[str | int | dt.date]:
    dossier, verdict = report.dossier, report.verdict
    if dossier is None or verdict is None:
        return (
            name_of(report),
            report.chemin,
            "",
            "",
            "",
            f"Rien à contrôler : {report.erreur}",
            0,
            0,
            0,
            0,
            "",
        )
    found = {heading: counted(state, ones) for heading, state, ones in grouped(report)}
    numbers = [
        next((count for heading, count in found.items() if heading.startswith(start)), 0)
        for start in ("À corriger", "À regarder", "Non vérifié", "À vérifier")
    ]
    return (
        name_of(report),
        report.chemin,
        report.titles.get(dossier.format, dossier.format),
        report.titles.get(dossier.step, dossier.step),
        dossier.date_regles,
        VERDICTS[verdict],
        *numbers,
        " ".join(seal_lines(report)),
    )


def _findings(report: Report) -> Iterable[Sequence[str]]:
    for heading, _, found in grouped(report):
        for one in found:
            source = one.reference.get("texte") or ""
            yield (
                name_of(report),
                heading,
                one.regle,
                one.titre,
                one.gravite.label,
                told(one),
                one.correction if one.etat is not State.NON_VERIFIE else "",
                source,
            )


def _files(report: Report) -> Iterable[Sequence[str]]:
    for source in report.dossier.sources if report.dossier else ():
        yield (
            name_of(report),
            source.name,
            report.titles.get(source.piece or "", source.piece or "aucune"),
            BY[source.reconnu_par] if source.piece else "non",
            " ; ".join(signatures(source)),
            source.sha256,
        )


def _rules(report: Report) -> Iterable[Sequence[str]]:
    for one in report.regles:
        yield (
            name_of(report),
            one.id,
            report.titles.get(one.id, ""),
            STATES[one.etat][0],
            motive(report, one.motif),
        )
