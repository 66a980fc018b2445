"""The text report: verdict first, then what to do, in 80 columns, readable without colour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from assembler.model import Dossier, Finding, Report, Severity, Source, State, Verdict
from assembler.text import fold

__all__ = ["VERDICTS", "render"]

_ID = re.compile(r"[A-Z0-9]+-[A-Z]+-\d{3}")

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
_BY = {"fiche": "d’après la fiche", "nom": "d’après son nom", "contenu": "d’après son contenu", None: "?"}
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
        yield from fold(f"Rien à contrôler : {report.erreur}")
        return
    title = report.titles.get(dossier.format, dossier.format)
    step = report.titles.get(dossier.step, dossier.step)
    yield from fold(report.intitule or PurePath(report.chemin).name or report.chemin)
    yield from fold(f"{title}, étape « {step} », règles du {dossier.date_regles:%d/%m/%Y}")
    yield from fold(f"({_ORIGINS[dossier.origine_date]})")
    yield ""
    yield f"=> {VERDICTS[report.verdict].upper()}"
    yield from fold(_counts(report), "   ")
    yield from (line for note in dossier.notes for line in fold(note, "   "))
    for heading, state, severity in _GROUPS:
        found = [
            one
            for one in report.constats
            if one.etat is state and (severity is None or one.gravite is severity)
        ]
        if state is State.A_VOIR:
            found.sort(key=lambda one: _place(one, dossier))
        if found:
            yield ""
            yield f"{heading} ({len(found)})"
            if state is State.NON_VERIFIE:
                yield from _unverified(found)
            else:
                for one in found:
                    yield from _finding(one)
    yield from _seen(report)
    yield ""
    yield from _pieces(report, dossier)
    yield from _plugins(report)
    yield ""
    yield from fold("Ce contrôle dit ce que disent les règles ; seule l’administration centrale décide.")
    if report.constats:
        yield from fold(f"Une règle en détail : assemble expliquer {report.constats[0].regle}")


def _counts(report: Report) -> str:
    parts = []
    for state, one, many in _TALLY:
        number = sum(rule.etat is state for rule in report.regles)
        if number:
            parts.append(f"{number} {one if number < 2 else many}")
    return f"{len(report.regles)} règles : {', '.join(parts)}."


def _place(one: Finding, dossier: Dossier) -> tuple[int, int, int]:
    """Return what orders findings as a reader turns the pages: file, page, paragraph."""
    names = [source.name for source in dossier.sources]
    where = one.emplacement
    rank = names.index(where.fichier) if where.fichier in names else len(names)
    return rank, where.page or 0, where.paragraphe or 0


def _seen(report: Report) -> Iterator[str]:
    """List what people have seen, under their names."""
    found = [one for one in report.regles if one.etat is State.VISE]
    if found:
        yield ""
        yield f"Vu à l’œil ({len(found)})"
    for one in found:
        yield from fold(f"- {one.id}  {report.titles.get(one.id, '')}".rstrip(), "  ", "    ")
        yield from fold(one.motif or "", "    ")


def _unverified(found: Sequence[Finding]) -> Iterator[str]:
    """Say each reason once, with the rules that it keeps from being judged."""
    reasons: dict[str, list[str]] = {}
    for one in found:
        reasons.setdefault(_told(one), []).append(one.regle)
    for reason, rules in reasons.items():
        yield from fold(f"- {reason}", "  ", "    ")
        yield from fold(", ".join(dict.fromkeys(rules)), "    ")


def _told(one: Finding) -> str:
    place = one.emplacement.libelle
    message = f"dépend de {one.message}, à régler d’abord." if _ID.fullmatch(one.message) else one.message
    return f"{place} : {message}" if place and place not in message else message


def _finding(one: Finding) -> Iterator[str]:
    yield from fold(f"- {one.regle}  {one.titre}", "  ", "    ")
    yield from fold(_told(one), "    ")
    if one.emplacement.extrait and one.emplacement.extrait not in one.message:
        yield from fold(f"« {one.emplacement.extrait} »", "    ")
    yield from fold(f"→ {one.correction}", "    ", "      ")


def _pieces(report: Report, dossier: Dossier) -> Iterator[str]:
    known = [source for source in dossier.sources if source.piece]
    total = len({source.name for source in dossier.sources})
    files = f"{total} fichier{'s' * (total > 1)}"
    yield f"Pièces reconnues ({len({source.name for source in known})} sur {files})"
    for source in known:
        pages = f", p. {_span(source.pages_retenues)}" if source.pages_retenues else ""
        title = report.titles.get(source.piece or "", source.piece or "")
        if source.nature == "signature":
            yield from fold(f"- {title} : {source.name} (sa signature, à part)", "  ", "    ")
            continue
        yield from fold(f"- {title} : {source.name}{pages} ({_BY[source.reconnu_par]})", "  ", "    ")
        yield from _signed(source)


def _signed(source: Source) -> Iterator[str]:
    """Say what was established of each signature that a computer can look into."""
    for sign in source.reading.signatures if source.reading else ():
        kept = not source.pages_retenues or sign.page is None or sign.page in source.pages_retenues
        if kept and (sign.etat == "electronique" or sign.detachee):
            day = f"{sign.date:%d/%m/%Y}" if sign.date else None
            known = ", ".join(filter(None, (sign.signataire, day)))
            told = f"Signature électronique{f' ({known})' if known else ''} : {sign.detail}"
            yield from fold(told, "    ", "    ")


def _span(pages: Sequence[int]) -> str:
    return str(pages[0]) if len(pages) == 1 else f"{pages[0]}-{pages[-1]}"


def _plugins(report: Report) -> Iterator[str]:
    for one in report.plugins:
        if one.etat == "echec":
            yield ""
            yield from fold(
                f"Plugin en échec : {one.nom} {one.version} ({one.cause}). Le contrôle est incomplet ; "
                f"--sans-plugin {one.nom} s’en passe."
            )
