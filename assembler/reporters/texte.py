"""The text report: verdict first, then what to do, in 80 columns, readable without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assembler.model import Dossier, Finding, Report, State
from assembler.reporters.wording import (
    BY,
    CLOSING,
    ORIGINS,
    VERDICTS,
    counted,
    counts,
    grouped,
    motive,
    name_of,
    seal_lines,
    signatures,
    span,
    told,
    told_apart,
    unverified,
)
from assembler.text import fold

__all__ = ["render"]


def render(reports: Sequence[Report]) -> bytes:
    """Return the reports as UTF-8 text."""
    text = "\n\n".join("\n".join(_report(report)) for report in told_apart(reports))
    return (text + "\n").encode("utf-8", errors="backslashreplace")


def _report(report: Report) -> Iterator[str]:
    dossier = report.dossier
    if dossier is None or report.verdict is None:
        yield from fold(f"Rien à contrôler : {report.erreur}")
        return
    title = report.titles.get(dossier.format, dossier.format)
    step = report.titles.get(dossier.step, dossier.step)
    yield from fold(name_of(report))
    yield from fold(f"{title}, étape « {step} », règles du {dossier.date_regles:%d/%m/%Y}")
    yield from fold(f"({ORIGINS[dossier.origine_date]})")
    yield ""
    yield f"=> {VERDICTS[report.verdict].upper()}"
    yield from fold(counts(report), "   ")
    yield from (line for note in (*seal_lines(report), *dossier.notes) for line in fold(note, "   "))
    for heading, state, found in grouped(report):
        yield ""
        yield f"{heading} ({counted(state, found)})"
        if state is State.NON_VERIFIE:
            for reason, rules in unverified(found).items():
                yield from fold(f"- {reason}", "  ", "    ")
                yield from fold(", ".join(rules), "    ")
        else:
            for one in found:
                yield from _finding(one)
    yield from _seen(report)
    yield ""
    yield from _pieces(report, dossier)
    yield from _plugins(report)
    yield ""
    yield from fold(CLOSING)
    if report.constats:
        yield from fold(f"Une règle en détail : assemble expliquer {report.constats[0].regle}")


def _seen(report: Report) -> Iterator[str]:
    """List what people have seen, under their names."""
    found = [one for one in report.regles if one.etat is State.VISE]
    if found:
        yield ""
        yield f"Vu à l’œil ({len(found)})"
    for one in found:
        yield from fold(f"- {one.id}  {report.titles.get(one.id, '')}".rstrip(), "  ", "    ")
        yield from fold(motive(report, one.motif), "    ")


def _finding(one: Finding) -> Iterator[str]:
    yield from fold(f"- {one.regle}  {one.titre}", "  ", "    ")
    yield from fold(told(one), "    ")
    if one.emplacement.extrait and one.emplacement.extrait not in one.message:
        yield from fold(f"« {one.emplacement.extrait} »", "    ")
    yield from fold(f"→ {one.correction}", "    ", "      ")


def _pieces(report: Report, dossier: Dossier) -> Iterator[str]:
    known = [source for source in dossier.sources if source.piece]
    total = len({source.name for source in dossier.sources})
    files = f"{total} fichier{'s' * (total > 1)}"
    yield f"Pièces reconnues ({len({source.name for source in known})} sur {files})"
    for source in known:
        pages = f", p. {span(source.pages_retenues)}" if source.pages_retenues else ""
        title = report.titles.get(source.piece or "", source.piece or "")
        if source.nature == "signature":
            yield from fold(f"- {title} : {source.name} (sa signature, à part)", "  ", "    ")
            continue
        yield from fold(f"- {title} : {source.name}{pages} ({BY[source.reconnu_par]})", "  ", "    ")
        for line in signatures(source):
            yield from fold(line, "    ", "    ")


def _plugins(report: Report) -> Iterator[str]:
    for one in report.plugins:
        if one.etat == "echec":
            yield ""
            yield from fold(
                f"Plugin en échec : {one.nom} {one.version} ({one.cause}). Le contrôle est incomplet ; "
                f"--sans-plugin {one.nom} s’en passe."
            )
