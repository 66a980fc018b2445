"""The text report: verdict first, then what to do, in 80 columns, readable without colour."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from assembler.model import Dossier, Finding, Report, Severity, State, Verdict
from assembler.text import clean

__all__ = ["VERDICTS", "render"]

WIDTH = 80
_ID = re.compile(r"[A-Z0-9]+-[A-Z]+-\d{3}")
_TIED = re.compile(r"(?<=«) | (?=[»:;!?])")

VERDICTS = {
    Verdict.CONFORME: "Aucun point bloquant relevé",
    Verdict.A_COMPLETER: "À compléter",
    Verdict.A_VOIR: "À finir à l’œil",
    Verdict.NON_CONCLUANT: "Contrôle incomplet",
}
_ORIGINS = {
    "option": "demandée par --date",
    "date_depot": "date de dépôt du dossier",
    "aujourd_hui": "aujourd’hui, faute de date de dépôt",
}
_GROUPS = (
    ("À corriger avant l’envoi", State.NON_CONFORME, Severity.BLOCKING),
    ("À regarder : seul l’œil peut en juger", State.A_VOIR, None),
    ("Non vérifié : voici pourquoi", State.NON_VERIFIE, None),
    ("À vérifier", State.NON_CONFORME, Severity.REVIEW),
    ("Pour information", State.NON_CONFORME, Severity.INFO),
)
_TALLY = (
    (State.CONFORME, "conforme", "conformes"),
    (State.NON_CONFORME, "non conforme", "non conformes"),
    (State.A_VOIR, "à voir", "à voir"),
    (State.NON_VERIFIE, "non vérifiée", "non vérifiées"),
    (State.VISE, "visée", "visées"),
    (State.NON_APPLICABLE, "sans objet", "sans objet"),
)


def render(reports: Sequence[Report]) -> bytes:
    """Return the reports as UTF-8 text."""
    text = "\n\n".join("\n".join(_report(report)) for report in reports)
    return (text + "\n").encode("utf-8", errors="backslashreplace")


def _report(report: Report) -> Iterator[str]:
    dossier = report.dossier
    if dossier is None or report.verdict is None:
        yield from _wrap(f"Rien à contrôler : {report.erreur}")
        return
    title = report.titles.get(dossier.format, dossier.format)
    step = report.titles.get(dossier.step, dossier.step)
    yield from _wrap(report.intitule or report.chemin)
    yield from _wrap(f"{title}, étape « {step} », règles du {dossier.date_regles:%d/%m/%Y}")
    yield from _wrap(f"({_ORIGINS[dossier.origine_date]})")
    yield ""
    yield f"=> {VERDICTS[report.verdict].upper()}"
    yield from _wrap(_counts(report), "   ")
    yield from (line for note in dossier.notes for line in _wrap(note, "   "))
    for heading, state, severity in _GROUPS:
        found = [
            one
            for one in report.constats
            if one.etat is state and (severity is None or one.gravite is severity)
        ]
        if found:
            yield ""
            yield f"{heading} ({len(found)})"
            for one in found:
                yield from _finding(one, state)
    yield ""
    yield from _pieces(report, dossier)
    yield from _plugins(report)
    yield ""
    yield from _wrap("Ce contrôle dit ce que disent les règles ; seule l’administration centrale décide.")
    if report.constats:
        yield from _wrap(f"Une règle en détail : assemble expliquer {report.constats[0].regle}")


def _counts(report: Report) -> str:
    parts = []
    for state, one, many in _TALLY:
        number = sum(rule.etat is state for rule in report.regles)
        if number:
            parts.append(f"{number} {one if number < 2 else many}")
    return f"{len(report.regles)} règles : {', '.join(parts)}."


def _finding(one: Finding, state: State) -> Iterator[str]:
    yield from _wrap(f"- {one.regle}  {one.titre}", "  ", "    ")
    place = one.emplacement.libelle
    message = f"dépend de {one.message}, à régler d’abord." if _ID.fullmatch(one.message) else one.message
    yield from _wrap(f"{place} : {message}" if place else message, "    ")
    if one.emplacement.extrait:
        yield from _wrap(f"« {one.emplacement.extrait} »", "    ")
    if state is not State.NON_VERIFIE:
        yield from _wrap(f"→ {one.correction}", "    ", "      ")


def _pieces(report: Report, dossier: Dossier) -> Iterator[str]:
    known = [source for source in dossier.sources if source.piece]
    yield f"Pièces reconnues ({len(known)} sur {len(dossier.sources)} fichiers)"
    for source in known:
        pages = f", p. {_span(source.pages_retenues)}" if source.pages_retenues else ""
        title = report.titles.get(source.piece or "", source.piece or "")
        yield from _wrap(f"- {title} : {source.name}{pages} (par {source.reconnu_par})", "  ", "    ")


def _span(pages: Sequence[int]) -> str:
    return str(pages[0]) if len(pages) == 1 else f"{pages[0]}-{pages[-1]}"


def _plugins(report: Report) -> Iterator[str]:
    for one in report.plugins:
        if one.etat == "echec":
            yield ""
            yield from _wrap(
                f"Plugin en échec : {one.nom} {one.version} ({one.cause}). Le contrôle est incomplet ; "
                f"--sans-plugin {one.nom} s’en passe."
            )


def _wrap(text: str, indent: str = "", following: str | None = None) -> list[str]:
    """Fold one paragraph at 80 columns; what a file says cannot move the cursor."""
    flat = _TIED.sub("\u00a0", " ".join(clean(text).split()))
    return textwrap.wrap(
        flat,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if following is None else following,
        break_on_hyphens=False,
    ) or [indent]
