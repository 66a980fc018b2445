"""Rules × Dossier → Findings: every rule in force ends in one state, with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assembler.contributions import Format, Rule
from assembler.fiche import label
from assembler.judging import TOLD, Judgement, judge, outright
from assembler.model import (
    Dossier,
    Finding,
    Location,
    Observation,
    Severity,
    Source,
    State,
    Verdict,
)

__all__ = [
    "Outcome",
    "Visa",
    "changed_since",
    "check",
    "fingerprint",
    "in_force",
    "locate",
    "verdict",
]

_UNDECIDED = (State.A_VOIR, State.NON_VERIFIE)
_ORDER = {Severity.BLOCKING: 0, Severity.REVIEW: 1, Severity.INFO: 2}


@dataclass(frozen=True, kw_only=True, slots=True)
class Visa:
    """A person has looked: which rule, which bytes, who, when, what was seen."""

    regle: str
    fichier: str | None
    sha256: str
    par: str
    constat: str
    date: dt.date


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What the checks say of a dossier, before it is reported."""

    findings: tuple[Finding, ...]
    states: Mapping[str, Judgement]
    visas: Mapping[str, tuple[Visa, ...]] = field(default_factory=dict)
    """By rule id, the visas that settled it, one for each file that was left to see."""
    crashed: tuple[tuple[Rule, str], ...] = ()
    """Checks that failed, with their cause."""


def in_force(rules: Iterable[Rule], steps: Sequence[str], step: str, day: dt.date) -> tuple[Rule, ...]:
    """Return the rules that apply at ``step`` on ``day``, in their given order."""
    here = steps.index(step)
    return tuple(
        rule
        for rule in rules
        if rule.in_force(day)
        and (rule.etape is None or steps.index(rule.etape) <= here)
        and (rule.jusqu_a is None or here <= steps.index(rule.jusqu_a))
    )


def changed_since(rules: Iterable[Rule], applied: Iterable[Rule], today: dt.date) -> dict[str, str]:
    """Return, for each rule applied whose text has another one in force today, the id of that one.

    Args:
        rules: every rule of the format: their ``remplace`` make the chains.
        applied: the rules in force on the dossier's date.
        today: today's date.
    """
    successors = {rule.remplace: rule for rule in rules if rule.remplace}
    found = {}
    for rule in applied:
        latest = rule
        while not latest.in_force(today) and latest.id in successors:
            latest = successors[latest.id]
        if latest is not rule and latest.in_force(today):
            found[rule.id] = latest.id
    return found


def check(
    dossier: Dossier,
    format_: Format,
    rules: Sequence[Rule],
    visas: Sequence[Visa] = (),
    provider: Mapping[str, str] | None = None,
) -> Outcome:
    """Judge every rule of ``rules`` on a dossier.

    Args:
        dossier: the dossier.
        format_: its format.
        rules: the rules in force (see :func:`in_force`).
        visas: what people have seen; those whose file has changed count for nothing.
        provider: by rule id, « plugin version ».
    """
    presence = {path.split(".")[1]: rule.id for rule in rules for path in _presence_paths(rule)}
    states: dict[str, Judgement] = {}
    settled: dict[str, tuple[Visa, ...]] = {}
    findings: list[tuple[tuple[int, int, int], Finding]] = []
    over = format_.settled(dossier.facts)
    for rank, rule in enumerate(rules):
        if over and rule.etape == format_.steps[0].id:
            states[rule.id] = outright(State.NON_APPLICABLE, over)
            continue
        judgement = judge(rule, dossier.facts, presence)
        if seen := _visas(rule, judgement, dossier, visas):
            settled[rule.id] = seen
            judgement = outright(State.VISE, " ; ".join(dict.fromkeys(map(_seen, seen))))
        states[rule.id] = judgement
        if judgement.state in TOLD:
            for finding in _findings(rule, judgement, dossier, format_, (provider or {}).get(rule.id, "")):
                order = (_ORDER[rule.gravite], TOLD.index(finding.etat), rank)
                findings.append((order, finding))
    findings.sort(key=lambda one: one[0])
    return Outcome(findings=tuple(one for _, one in findings), states=states, visas=settled)


def _presence_paths(rule: Rule) -> Iterator[str]:
    for path, rules in rule.schema.items():
        if rules.get("required") and path.startswith("pieces.") and path.count(".") == 1:
            yield path


def _visas(rule: Rule, judgement: Judgement, dossier: Dossier, visas: Sequence[Visa]) -> tuple[Visa, ...]:
    """Return the visas that settle a rule: one for every file that it leaves to see, or none at all."""
    if judgement.state not in _UNDECIDED:
        return ()
    mine = [visa for visa in visas if visa.regle == rule.id]
    wanted = dict.fromkeys(_file(dossier, one) for one in judgement.observations)
    found = {name: visa for name in wanted for visa in mine if _still(visa, name, dossier)}
    return tuple(found.values()) if len(found) == len(wanted) else ()


def _seen(visa: Visa) -> str:
    return f"vu par {visa.par} le {visa.date:%d/%m/%Y} : {visa.constat}"


def _still(visa: Visa, name: str | None, dossier: Dossier) -> bool:
    if visa.fichier != name:
        return False
    return bool(visa.sha256) and visa.sha256 == fingerprint(dossier, name)


def fingerprint(dossier: Dossier, name: str | None = None) -> str:
    """Return the hash of what a visa looks at.

    That is the file; with its other forms, when the piece has several (the signed PDF may change, and not the
    draft); all the dossier's files, for a visa that looks at no single one.
    """
    import hashlib

    source = dossier.source(name) if name else None
    forms: dict[str, Source] = {one.name: one for one in dossier.sources}
    if source:
        groups = (group for groups in dossier.pieces.values() for group in groups)
        mine = next((group for group in groups if any(one.name == name for one in group)), (source,))
        forms = {one.name: one for one in mine}
        if len(forms) == 1:
            return source.sha256
    lines = sorted(f"{one.sha256}  {one.name}" for one in forms.values())
    return hashlib.sha256("\n".join(lines).encode(errors="backslashreplace")).hexdigest()


def _file(dossier: Dossier, observation: Observation) -> str | None:
    return locate(dossier, observation).fichier


def locate(dossier: Dossier, observation: Observation) -> Location:
    """Turn an observation's dotted path into a place that a person can open."""
    path = observation.path or ""
    base = observation.location
    if path.startswith("pieces."):
        steps = path.split(".")
        piece = steps[1].removesuffix("[]")
        rank = int(steps[2]) if len(steps) > 2 and steps[2].isdigit() else 0
        forms = dossier.pieces.get(piece, ())
        source = forms[rank][0] if rank < len(forms) else None
        base = base or Location()
        name = base.fichier or (source.name if source else None)
        where = [name or piece]
        where += [f"page {base.page}"] if base.page else []
        where += [f"paragraphe {base.paragraphe}"] if base.paragraphe else []
        where += [f"feuille « {base.feuille} »"] if base.feuille else []
        where += [f"cellule {base.cellule}"] if base.cellule else []
        read = source.reading if source and source.name == name else None
        where += ["lu par reconnaissance de caractères"] if read and read.ocr else []
        return replace(base, piece=piece, fichier=name, libelle=", ".join(where) if name else "")
    if base:
        return base if base.libelle else replace(base, libelle=base.fichier or "")
    if path.startswith(("fiche.", "instruction.")):
        kind, _, inner = path.partition(".")
        inner = inner.replace("[]", "")
        known = inner
        while known and known not in dossier.lines:
            known = known.rpartition(".")[0]
        if known and kind == "fiche":
            return replace(dossier.lines[known], champ=inner)
        return Location(champ=inner, libelle=f"champ « {inner} »")
    return Location()


def _findings(
    rule: Rule, judgement: Judgement, dossier: Dossier, format_: Format, provider: str
) -> Iterator[Finding]:
    for one in judgement.observations:
        if one.state not in TOLD:
            continue
        message = one.message
        if rule.schema and one.state is State.NON_CONFORME:
            message = _in_words(one, format_)
        yield Finding(
            regle=rule.id,
            titre=rule.titre,
            gravite=rule.gravite,
            etat=one.state,
            message=message,
            correction=rule.correction,
            reference={"texte": rule.reference.texte, "url": rule.reference.url},
            emplacement=locate(dossier, one),
            valeur=one.value,
            plugin=provider,
            courrier=rule.courrier,
        )


def _in_words(one: Observation, format_: Format) -> str:
    """Put what Cerberus says of a path into the words of the fiche or of the pieces."""
    kind, _, inner = (one.path or "").partition(".")
    if kind == "pieces" and "." not in inner:
        title = next((piece.title for piece in format_.pieces if piece.id == inner), inner)
        return f"Aucun fichier du dossier n’est reconnu comme : {title}."
    if kind != "fiche":
        return one.message
    name = label(format_.fiche, inner)
    return f"{name[:1].upper()}{name[1:]} : {one.message[:1].lower()}{one.message[1:]}"


def verdict(outcome: Outcome, rules: Sequence[Rule], plugin_failed: bool) -> Verdict:
    """Return the verdict (conception.md § 5): blocking rules decide, and a failed plugin."""
    blocking = {outcome.states[rule.id].state for rule in rules if rule.gravite is Severity.BLOCKING}
    if State.NON_CONFORME in blocking:
        return Verdict.A_COMPLETER
    if plugin_failed or State.NON_VERIFIE in blocking:
        return Verdict.NON_CONCLUANT
    return Verdict.A_VOIR if State.A_VOIR in blocking else Verdict.CONFORME
