"""The HTML report: one self-contained page, verdict first, readable without script, colour or sight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assembler import __version__
from assembler.model import Finding, Report, State, Verdict
from assembler.reporters.pages import page_template
from assembler.reporters.wording import (
    BY,
    CLOSING,
    ORIGINS,
    STATES,
    VERDICTS,
    counted,
    counts,
    grouped,
    journal_line,
    motive,
    name_of,
    seal_lines,
    signatures,
    span,
    told,
    told_apart,
    unverified,
)

__all__ = ["render"]

_SIGNS = {Verdict.CONFORME: "✓", Verdict.A_COMPLETER: "✗", Verdict.A_VOIR: "◉", Verdict.NON_CONCLUANT: "?"}
_SHORT = 12
"""Characters of a fingerprint: enough to see that two differ."""
_WEB = ("https://", "http://")


def render(reports: Sequence[Report]) -> bytes:
    """Return the reports as one page of UTF-8 HTML."""
    title = (
        f"Contrôle – {name_of(reports[0])}" if len(reports) == 1 else f"Contrôle de {len(reports)} dossiers"
    )
    page = page_template("rapport.html.jinja").render(
        title=title,
        reports=[_report(report, f"d{rank}") for rank, report in enumerate(told_apart(reports), start=1)],
        closing=CLOSING,
        version=__version__,
    )
    return page.encode("utf-8", errors="xmlcharrefreplace")


def _report(report: Report, ident: str) -> dict[str, Any]:
    dossier, verdict = report.dossier, report.verdict
    shown: dict[str, Any] = {
        "id": ident,
        "name": name_of(report),
        "context": None,
        "kind": "rien",
        "sign": "?",
        "verdict": "Rien à contrôler",
        "lines": [report.erreur or ""],
        "groups": [],
        "seen": [],
        "files": [],
        "rules": [],
        "journal": [],
    }
    if dossier is None or verdict is None:
        return shown
    title = report.titles.get(dossier.format, dossier.format)
    step = report.titles.get(dossier.step, dossier.step)
    return shown | {
        "context": f"{title}, étape « {step} », règles du {dossier.date_regles:%d/%m/%Y} "
        f"({ORIGINS[dossier.origine_date]})",
        "kind": verdict.value,
        "sign": _SIGNS[verdict],
        "verdict": VERDICTS[verdict],
        "lines": [counts(report), *seal_lines(report), *dossier.notes, *_failed(report)],
        "groups": list(_groups(report, ident)),
        "seen": [
            {"id": one.id, "title": report.titles.get(one.id, ""), "reason": motive(report, one.motif)}
            for one in report.regles
            if one.etat is State.VISE
        ],
        "files": list(_files(report)),
        "rules": [
            {
                "id": one.id,
                "title": report.titles.get(one.id, ""),
                "state": STATES[one.etat][0],
                "reason": motive(report, one.motif),
            }
            for one in report.regles
        ],
        "journal": [
            {
                "when": f"{one.quand:%d/%m/%Y %H:%M}",
                "who": one.qui,
                "command": one.commande,
                "done": journal_line(one),
                "version": one.version,
                "rules": (one.regles or "")[:_SHORT],
            }
            for one in report.journal
        ],
    }


def _failed(report: Report) -> Iterator[str]:
    for one in report.plugins:
        if one.etat == "echec":
            yield f"Plugin en échec : {one.nom} {one.version} ({one.cause}). Le contrôle est incomplet."


def _groups(report: Report, ident: str) -> Iterator[dict[str, Any]]:
    for rank, (heading, state, found) in enumerate(grouped(report), start=1):
        here = f"{ident}-g{rank}"
        if state is State.NON_VERIFIE:
            shown = [
                _shown(f"{here}-{number}", rule=", ".join(rules), told=reason)
                for number, (reason, rules) in enumerate(unverified(found).items(), start=1)
            ]
        else:
            shown = [_finding(one, f"{here}-{number}") for number, one in enumerate(found, start=1)]
        yield {"id": here, "title": heading, "number": counted(state, found), "findings": shown}


def _shown(ident: str, **given: Any) -> dict[str, Any]:
    blank = dict.fromkeys(("title", "excerpt", "correction", "source", "url", "severity"), "")
    return blank | {"id": ident} | given


def _finding(one: Finding, ident: str) -> dict[str, Any]:
    url = one.reference.get("url") or ""
    excerpt = one.emplacement.extrait
    return _shown(
        ident,
        rule=one.regle,
        title=one.titre,
        told=told(one),
        excerpt=excerpt if excerpt and excerpt not in one.message else "",
        correction=one.correction,
        source=(one.reference.get("texte") or "").rstrip("."),
        url=url if url.startswith(_WEB) else "",
        severity=one.gravite.label,
    )


def _files(report: Report) -> Iterator[dict[str, Any]]:
    for source in report.dossier.sources if report.dossier else ():
        pages = f", p. {span(source.pages_retenues)}" if source.pages_retenues else ""
        title = report.titles.get(source.piece or "", source.piece or "")
        yield {
            "name": source.name,
            "piece": f"{title}{pages}" if title else "aucune",
            "by": BY[source.reconnu_par] if source.piece else "non",
            "sha256": source.sha256,
            "signatures": list(signatures(source)),
        }
