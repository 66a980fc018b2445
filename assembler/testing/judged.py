"""What a plugin says of dossiers: the complete one, the broken ones, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assembler.choosing import claiming
from assembler.contributions import Format
from assembler.errors import PluginError
from assembler.manager import Plugins, installed
from assembler.model import Report, State
from assembler.testing.subject import BROKEN, COMPANIONS, COMPLETE, EXPECTED, Subject

__all__ = ["broken_dossiers", "claimed", "complete_dossier", "unexpected", "what_differs"]

_TOLD = (State.NON_CONFORME, State.NON_VERIFIE, State.A_VOIR)


def complete_dossier(subject: Subject) -> Iterator[str]:
    """The complete dossier has no finding at all, and is said to be conforme."""
    if COMPLETE not in subject.expected:
        yield f"le dossier d’essai « {COMPLETE} » manque, avec sa ligne dans {EXPECTED} ({_place(subject)})"
        return
    report = subject.checked(COMPLETE).report
    for one in report.constats:
        yield f"{COMPLETE} : {one.regle} ({one.etat.value}) : {one.message}"
    if report.exit_code:
        yield f"{COMPLETE} : code de sortie {report.exit_code}, on attend 0" + _why(report)


def broken_dossiers(subject: Subject) -> Iterator[str]:
    """Each dossier gives exactly the ids that ``attendus.yaml`` says, and every folder has its line there."""
    yield from unexpected(subject)
    if not subject.broken:
        yield f"aucun dossier en défaut ({_place(subject)}/{BROKEN}/) ne montre ce que les règles refusent"
    for name in subject.expected:
        yield from what_differs(subject, name)


def unexpected(subject: Subject) -> Iterator[str]:
    """Every test dossier has its line in ``attendus.yaml``, and the reverse."""
    if subject.dossiers is None:
        return
    root = subject.dossiers
    below = (f"{BROKEN}/{one.name}" for one in (root / BROKEN).glob("*") if one.is_dir())
    kinds = subject.format.reference_files if subject.format else ()
    beside = {BROKEN, *(kind.folder for kind in kinds)}
    here = {one.name for one in root.iterdir() if one.is_dir()} - beside | set(below)
    for name in sorted(here - set(subject.expected)):
        yield f"le dossier « {name} » n’a pas de ligne dans {EXPECTED}"
    for name in sorted(set(subject.expected) - here):
        yield f"{EXPECTED} attend le dossier « {name} », qui n’existe pas"


def what_differs(subject: Subject, name: str) -> Iterator[str]:
    """Say how what a dossier gives differs from what ``attendus.yaml`` expects of it.

    Args:
        subject: the format under test.
        name: path of the dossier below :attr:`Subject.dossiers`.
    """
    assert subject.dossiers is not None  # its name stands in attendus.yaml
    if not (subject.dossiers / name).exists():
        return
    report, wanted = subject.checked(name).report, subject.expected[name]
    for state in _TOLD:
        found = {one.id for one in report.regles if one.etat is state}
        given = set(wanted.get(state.value) or ())
        if missing := sorted(given - found):
            yield f"{name} : {', '.join(missing)} {state.value} attendu, non trouvé" + _why(report)
        if beyond := sorted(found - given):
            yield f"{name} : {', '.join(beyond)} {state.value} trouvé, non attendu"
    verdict = report.verdict.value if report.verdict else None
    for key, value in (("verdict", verdict), ("exit", report.exit_code)):
        if key in wanted and str(wanted[key]) != str(value):
            yield f"{name} : {key} {value} trouvé, {wanted[key]} attendu" + _why(report)


def claimed(subject: Subject) -> Iterator[str]:
    """The complete dossier is this format's without being told, and no other installed format's."""
    if subject.format is None or COMPLETE not in subject.expected:
        return
    checked = subject.checked(COMPLETE)
    if checked.dossier is None or checked.folder is None:
        yield f"le format ne reconnaît pas son dossier « {COMPLETE} » : {checked.report.erreur}"
        return
    subject.format.detect(checked.dossier.sources)  # not asked of a dossier that says its format itself
    status = next((one for one in subject.plugins.statuses if one.nom == subject.plugin), None)
    if status is not None and status.etat == "echec":
        yield f"la reconnaissance (detect) échoue sur le dossier « {COMPLETE} » : {status.cause}"
    for other, one in _others(subject.plugin):
        if one in claiming((subject.format, one), checked.folder.name, checked.dossier.sources):
            yield f"le format « {one.id} » (plugin « {other} ») revendique aussi le dossier « {COMPLETE} »"


def _others(plugin: str) -> Iterator[tuple[str, Format]]:
    """Yield the formats of the other plugins; one that is broken claims nothing."""
    for name in installed():
        if name not in (plugin, *COMPANIONS):
            plugins = Plugins(disabled=set(installed()) - {name})
            try:
                yield from ((name, one) for one in plugins.formats().values())
            except PluginError:
                continue


def _place(subject: Subject) -> str:
    return str(subject.dossiers or f"fixtures/{subject.format.id if subject.format else subject.plugin}")


def _why(report: Report) -> str:
    told: Mapping[str, str] = {one.id: one.motif for one in report.regles if one.motif}
    failed = [one for one in told.values() if "a échoué" in one or "arrêté" in one]
    reasons = [report.erreur or "", *failed]
    return "".join(f" ({one})" for one in reasons if one)
