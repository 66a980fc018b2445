"""One dossier checked for the register: what crosses processes and goes into the cache is plain."""

from __future__ import annotations

import threading
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from socket import gethostname
from typing import Any

from assembler.errors import AssemblerError, NothingToCheck, UnreadableDossier
from assembler.folder import forget_expanded
from assembler.manager import Plugins
from assembler.memory import spare_all
from assembler.model import Report, Severity, State, Verdict, dig
from assembler.pipeline import Checked, Request, check_dossier
from assembler.reporters.json_ import json_bytes, report_object
from assembler.sources import OVERRUN

__all__ = [
    "ALTERED",
    "CRASHED",
    "NOTHING",
    "UNREADABLE",
    "Entry",
    "Result",
    "Task",
    "check_one",
    "failed",
    "installed",
]

NOTHING, UNREADABLE, CRASHED = "rien", "illisible", "erreur"
"""Verdicts of a line without one: nothing to check there, it does not open, the tool itself failed."""
ALTERED = "modifie"
"""State of the seal of a dossier whose files are no longer those that were checked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """A dossier to check, anywhere that can open its path."""

    path: str
    request: Request
    disabled: tuple[str, ...] = ()
    """Plugins left out."""
    host: str | None = None
    """Machine that found it, when another may check it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What the register says of a dossier; dates as ``AAAA-MM-JJ``."""

    verdict: str
    """That of the report, else ``rien``, ``illisible`` or ``erreur``."""
    exit_code: int
    controle: str
    """Day of the check."""
    reference: str | None = None
    intitule: str | None = None
    format: str | None = None
    etape: str | None = None
    bloquants: tuple[str, ...] = ()
    """Rules at fault: those to correct, else those that keep the verdict open."""
    depose: str | None = None
    recu: str | None = None
    sceau: str | None = None
    """State of the seal of a sealed dossier: ``identique``, ``modifie`` or ``illisible``."""
    decision: str | None = None
    regles_du: str | None = None
    origine: str | None = None
    """Where the date of the rules comes from."""
    operation: str | None = None
    """What the tool last wrote for it, when and for whom."""
    remarque: str | None = None
    """Why there is nothing to say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """An entry, with the whole report."""

    entry: Entry
    report: bytes
    """The JSON report on one line, compressed."""
    kept: bool = True
    """False when another look may say otherwise of the same files: one did not open, or took too long."""


@lru_cache(maxsize=4)
def installed(disabled: tuple[str, ...]) -> Plugins:
    """Return the plugins, loaded once per process."""
    plugins = Plugins(disabled=disabled)
    plugins.formats()
    return plugins


_ONE_AT_A_TIME = threading.Lock()
"""A process reads one dossier at a time, whoever runs it with several threads: PDFium has one life."""


def check_one(task: Task) -> Result:
    """Check a dossier; never raises for what it holds."""
    path = Path(task.path)
    with _ONE_AT_A_TIME:
        try:
            _seen_from_here(task)
            checked = check_dossier(path, installed(task.disabled), task.request)
            return _result(checked, task)
        except AssemblerError as error:  # a settings file beside it that cannot be read
            entry = Entry(
                verdict=UNREADABLE if isinstance(error, UnreadableDossier) else NOTHING,
                exit_code=NothingToCheck.exit_code,
                controle=_today(task),
                remarque=str(error),
            )
            return _without_report(task, entry)
        except Exception as error:
            return failed(task, f"{type(error).__name__} : {error}")
        finally:
            forget_expanded()
            spare_all()


def _seen_from_here(task: Task) -> None:
    """Refuse to say that there is nothing where another machine found a dossier."""
    if task.host and not Path(task.path).exists():
        raise UnreadableDossier(
            f"« {task.path} » n’existe pas sur la machine « {gethostname()} » : le dossier partagé doit y "
            f"être au même chemin que sur « {task.host} »."
        )


def failed(task: Task, cause: str) -> Result:
    """Return the result of a check that the tool could not end."""
    told = f"Erreur de l’outil : {' '.join(cause.split())}. Signalez-la avec ce dossier."
    entry = Entry(verdict=CRASHED, exit_code=AssemblerError.exit_code, controle=_today(task), remarque=told)
    return _without_report(task, entry)


def _without_report(task: Task, entry: Entry) -> Result:
    report = Report(chemin=task.path, verdict=None, erreur=entry.remarque, exit_code=entry.exit_code)
    return Result(entry=entry, report=_packed(report), kept=False)


def _result(checked: Checked, task: Task) -> Result:
    report, dossier = checked.report, checked.dossier
    if dossier is None or report.verdict is None:
        entry = Entry(
            verdict=UNREADABLE if checked.unreadable else NOTHING,
            exit_code=report.exit_code,
            controle=_today(task),
            remarque=report.erreur,
        )
        # a zip that does not open may be one that somebody is still copying
        return Result(entry=entry, report=_packed(report), kept=Path(task.path).is_dir())
    facts = dossier.facts
    entry = Entry(
        verdict=report.verdict.value,
        exit_code=report.exit_code,
        controle=_today(task),
        reference=_text(dig(facts, "fiche.reference")),
        intitule=_text(report.intitule),
        format=report.titles.get(dossier.format, dossier.format),
        etape=report.titles.get(dossier.step, dossier.step),
        bloquants=_at_fault(report),
        depose=_day(dig(facts, "fiche.date_depot")),
        recu=_day(dig(facts, "instruction.reception.date")),
        sceau=report.scelle.etat if report.scelle else None,
        decision=checked.format.decided(facts) if checked.format else None,
        regles_du=dossier.date_regles.isoformat(),
        origine=dossier.origine_date,
        operation=_operation(report),
    )
    unread = any(one.defaut in ("illisible", OVERRUN) for one in dossier.sources)
    unread = unread or any(fault.kind == "lecture" for fault in dossier.faults)
    unread = unread or bool(dig(facts, "dossier.dossiers_non_lus"))
    return Result(entry=entry, report=_packed(report), kept=not unread)


def _at_fault(report: Report) -> tuple[str, ...]:
    states = {
        Verdict.A_COMPLETER: State.NON_CONFORME,
        Verdict.A_VOIR: State.A_VOIR,
        Verdict.NON_CONCLUANT: State.NON_VERIFIE,
    }
    state = states.get(report.verdict) if report.verdict else None
    found = (one.regle for one in report.constats if one.etat is state and one.gravite is Severity.BLOCKING)
    return tuple(dict.fromkeys(found))


def _operation(report: Report) -> str | None:
    for line in report.journal:
        number = len(line.documents) + (line.omis if line.documents else 0)
        parts = [f"{number} document{'s' * (number > 1)}"] if number else []
        parts += [f"visa {', '.join(dict.fromkeys(line.visas))}"] if line.visas else []
        parts += ["rapport"] if line.rapport else []
        return f"{line.quand:%d/%m/%Y}, {line.qui} : {' et '.join(parts) or line.commande}"
    return None


def _text(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _day(value: Any) -> str | None:
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else None


def _today(task: Task) -> str:
    return task.request.today.isoformat()


def _packed(report: Report) -> bytes:
    return zlib.compress(json_bytes(report_object(report)), 1)
