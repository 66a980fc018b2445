"""What every report says alike: verdicts, headings of the findings, tallies, places, signatures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from assembler.fiche import PATH
from assembler.french import majuscule
from assembler.model import Dossier, Finding, JournalLine, Report, Severity, Source, State, Verdict

__all__ = [
    "BY",
    "CLOSING",
    "ORIGINS",
    "STATES",
    "VERDICTS",
    "counted",
    "counts",
    "grouped",
    "journal_line",
    "motive",
    "name_of",
    "seal_lines",
    "signatures",
    "span",
    "told",
    "told_apart",
    "unverified",
]

VERDICTS = {
    Verdict.CONFORME: "Aucun point bloquant relevé",
    Verdict.A_COMPLETER: "À compléter",
    Verdict.A_VOIR: "À finir à l’œil",
    Verdict.NON_CONCLUANT: "Contrôle incomplet",
}
ORIGINS = {
    "option": "demandée par --date",
    "date_depot": "date de dépôt du dossier",
    "dossier": "date que porte le dossier",
    "aujourd_hui": "aujourd’hui, faute de date de dépôt",
}
"""Where the date of the rules comes from."""
BY = {"fiche": "d’après la fiche", "nom": "d’après son nom", "contenu": "d’après son contenu", None: "?"}
"""What a file was recognised by."""
STATES = {
    State.CONFORME: ("conforme", "conformes"),
    State.NON_CONFORME: ("non conforme", "non conformes"),
    State.A_VOIR: ("à voir", "à voir"),
    State.NON_VERIFIE: ("non vérifiée", "non vérifiées"),
    State.VISE: ("visée", "visées"),
    State.NON_APPLICABLE: ("sans objet", "sans objet"),
}
"""A rule's state, in the singular and in the plural, in the order of the tally."""
CLOSING = "Ce contrôle dit ce que disent les règles ; seule l’administration centrale décide."

_NAMED = 5
"""Files named in one sentence."""
_ID = re.compile(r"[A-Z0-9]+-[A-Z]+-\d{3}")
_GROUPS = (
    ("À corriger avant l’envoi", State.NON_CONFORME, Severity.BLOCKING),
    ("À regarder : seul l’œil peut en juger", State.A_VOIR, None),
    ("Non vérifié : voici pourquoi", State.NON_VERIFIE, None),
    ("À vérifier", State.NON_CONFORME, Severity.REVIEW),
    ("Pour information", State.NON_CONFORME, Severity.INFO),
)


def name_of(report: Report) -> str:
    """Return the dossier's title, else the name of its folder."""
    return report.intitule or PurePath(report.chemin).name or report.chemin


def told_apart(reports: Sequence[Report]) -> list[Report]:
    """Return the reports, those of dossiers of one title under their path too."""
    names = Counter(name_of(report) for report in reports)
    return [
        replace(report, intitule=f"{name_of(report)} ({report.chemin})")
        if names[name_of(report)] > 1
        else report
        for report in reports
    ]


def counts(report: Report) -> str:
    """Return the tally of the rules: « 72 règles : 70 conformes, 2 sans objet. »."""
    parts = []
    for state, (one, many) in STATES.items():
        number = sum(rule.etat is state for rule in report.regles)
        if number:
            parts.append(f"{number} {one if number < 2 else many}")
    return f"{len(report.regles)} règles : {', '.join(parts)}."


def grouped(report: Report) -> Iterator[tuple[str, State, list[Finding]]]:
    """Yield the findings under their headings, in the order of the work; no heading without any."""
    for heading, state, severity in _GROUPS:
        found = [
            one
            for one in report.constats
            if one.etat is state and (severity is None or one.gravite is severity)
        ]
        if state is State.A_VOIR and report.dossier:
            dossier = report.dossier
            found.sort(key=lambda one: _place(one, dossier))
        if found:
            yield heading, state, found


def _place(one: Finding, dossier: Dossier) -> tuple[int, int, int]:
    """Return what orders findings as a reader turns the pages: file, page, paragraph."""
    names = [source.name for source in dossier.sources]
    where = one.emplacement
    rank = names.index(where.fichier) if where.fichier in names else len(names)
    return rank, where.page or 0, where.paragraphe or 0


def told(one: Finding) -> str:
    """Return the place and the message of a finding."""
    place = one.emplacement.libelle
    message = f"dépend de {one.message}, à régler d’abord." if _ID.fullmatch(one.message) else one.message
    return f"{place} : {message}" if place and place not in message else message


def motive(report: Report, text: str | None) -> str:
    """Return the motif of a rule in words: no bare id, no path of a field."""
    if text and _ID.fullmatch(text):
        title = report.titles.get(text)
        return f"dépend de {text}" + (f" (« {title} »)" if title else "")
    return PATH.sub(lambda path: f"« {report.titles.get(path[0], path[0])} »", text or "")


def counted(state: State, found: Sequence[Finding]) -> int:
    """Return the number said after a heading: of rules when they are not verified, else of findings."""
    return len({one.regle for one in found} if state is State.NON_VERIFIE else found)


def unverified(found: Sequence[Finding]) -> dict[str, list[str]]:
    """Return each reason once, with the rules that it keeps from being judged."""
    reasons: dict[str, list[str]] = {}
    for one in found:
        rules = reasons.setdefault(told(one), [])
        if one.regle not in rules:
            rules.append(one.regle)
    return reasons


def journal_line(line: JournalLine) -> str:
    """Return what a run did: « 2 documents : candidature/bordereau-envoi.docx, … »."""
    number = len(line.documents) + (line.omis if line.documents else 0)
    parts = []
    if number:
        names = ", ".join(line.documents[:_NAMED]) + (", …" if number > _NAMED else "")
        parts.append(f"{number} document{'s' * (number > 1)} : {names}")
    if line.visas:
        rules = ", ".join(dict.fromkeys(line.visas))
        parts.append(f"visa : {rules}")
    if line.rapport:
        parts.append(f"rapport : {line.rapport}")
    if line.motif:
        parts.append(f"avec --malgre : {line.motif}")
    return " ; ".join(parts) or "–"


def seal_lines(report: Report) -> Iterator[str]:
    """Yield what the control sheet of a sealed dossier says; nothing when it has none."""
    seal = report.scelle
    if seal is None:
        return
    if seal.etat == "illisible":
        yield f"La fiche de contrôle jointe est illisible ({seal.motif}) : rien ne dit ce qui a été contrôlé."
        return
    count = len(seal.identiques)
    if seal.etat == "identique":
        files = f"les {count} fichiers sont ceux qui ont" if count > 1 else "le fichier est celui qui a"
        said = f"{files} été contrôlé{'s' * (count > 1)}"
    else:
        kept = f"{count} fichier{'s' * (count > 1)} inchangé{'s' * (count > 1)}"
        parts = (("modifié", seal.modifies), ("manquant", seal.manquants), ("ajouté", seal.ajoutes))
        changes = (f"{word}{'s' * (len(names) > 1)} : {_some(names)}" for word, names in parts if names)
        said = f"ce n’est plus ce qui a été contrôlé ({kept}). {majuscule(' ; '.join(changes))}"
    yield f"Scellé le {seal.le:%d/%m/%Y} par {seal.par}, avec assembler {seal.version} : {said}."
    verdict = f"« {VERDICTS[seal.verdict]} »" if seal.verdict else "inconnu"
    despite = f", scellé malgré un point bloquant ({seal.malgre})" if seal.malgre else ""
    rules = (
        "Ce sont les règles de ce contrôle-ci"
        if seal.memes_regles
        else "Ce ne sont pas celles de ce contrôle-ci : elles ont changé depuis, ou les plugins diffèrent"
    )
    yield f"Verdict d’alors, par les règles du {seal.date_regles:%d/%m/%Y} : {verdict}{despite}. {rules}."
    yield "Cette comparaison décèle un changement ; ce n’est pas une signature."


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    told = ", ".join(f"« {name} »" for name in names[:_NAMED])
    return f"{told} et {more} autre{'s' * (more > 1)}" if more > 0 else told


def signatures(source: Source) -> Iterator[str]:
    """Yield what was established of each signature that a computer can look into."""
    for sign in source.reading.signatures if source.reading else ():
        kept = not source.pages_retenues or sign.page is None or sign.page in source.pages_retenues
        if kept and (sign.etat == "electronique" or sign.detachee):
            day = f"{sign.date:%d/%m/%Y}" if sign.date else None
            known = ", ".join(filter(None, (sign.signataire, day)))
            yield f"Signature électronique{f' ({known})' if known else ''} : {sign.detail}"


def span(pages: Sequence[int]) -> str:
    """Return pages as « 2 » or « 2-3 »."""
    return str(pages[0]) if len(pages) == 1 else f"{pages[0]}-{pages[-1]}"
