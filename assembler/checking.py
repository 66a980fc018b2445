"""Rules × Dossier → Findings: every rule in force ends in one state, with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from assembler.contributions import Format, Rule
from assembler.fiche import label
from assembler.model import (
    Dossier,
    Finding,
    Frozen,
    Location,
    Observation,
    Severity,
    State,
    Verdict,
    dig,
)
from assembler.validator import compiled

__all__ = ["Judgement", "Outcome", "Visa", "check", "in_force", "judge", "verdict"]

_TOLD = (State.NON_CONFORME, State.A_VOIR, State.NON_VERIFIE)
_UNDECIDED = (State.A_VOIR, State.NON_VERIFIE)
_ORDER = {Severity.BLOCKING: 0, Severity.REVIEW: 1, Severity.INFO: 2}


class Judgement(NamedTuple):
    """The state of one rule and what it rests on."""

    state: State
    observations: tuple[Observation, ...]

    @property
    def reason(self) -> str | None:
        """Why the rule was not judged, or what is left to see."""
        return self.observations[0].message if self.observations else None


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
    visas: Mapping[str, Visa] = field(default_factory=dict)
    """By rule id, the visa that settled it."""
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


def _state(state: State, message: str, path: str | None = None) -> Judgement:
    return Judgement(state, (Observation(state=state, message=message, path=path),))


def judge(rule: Rule, facts: Mapping[str, Any], presence: Mapping[str, str] | None = None) -> Judgement:
    """Judge one rule on facts.

    Args:
        rule: the rule.
        facts: ``{fiche, pieces, instruction, dossier}``.
        presence: by piece id, the rule that reports its absence.

    Returns:
        The state and the observations; for ``NON_APPLICABLE`` and ``NON_VERIFIE`` the first
        observation's message is the motif.
    """
    facts = facts if isinstance(facts, Frozen) else Frozen(facts)
    schema, condition = compiled(rule)
    reads = (*rule.lit, *rule.schema, *rule.si)
    hindrance, facts = _hindrance(rule, reads, facts, presence or {})
    if hindrance and hindrance.state is State.NON_APPLICABLE:
        return hindrance
    if condition:
        if missing := condition.absent(facts):
            return hindrance or _state(State.NON_APPLICABLE, f"non renseigné : {missing[0]}", missing[0])
        if failed := condition.failures(facts):
            return hindrance or _state(
                State.NON_APPLICABLE, f"sans objet : {failed[0].message}", failed[0].path
            )
    found = _by_schema(schema, facts) if schema else _by_check(rule, facts)
    if hindrance and found.state in (State.CONFORME, State.NON_APPLICABLE):
        return hindrance
    return found


def _hindrance(
    rule: Rule, reads: Sequence[str], facts: Frozen, presence: Mapping[str, str]
) -> tuple[Judgement | None, Frozen]:
    """Tell what keeps a rule from being judged, and take the unreadable out of its facts."""
    pieces = {path.split(".")[1].removesuffix("[]") for path in reads if path.startswith("pieces.")}
    if rule.schema and set(rule.schema) == {f"pieces.{piece}" for piece in pieces}:
        # The rule only asks whether the piece is there: an unreadable or doubled one is.
        there = {piece: {"lisible": True} for piece in dig(facts, "dossier.ambigus", {})}
        return None, Frozen({**facts, "pieces": {**there, **facts.get("pieces", {})}})
    blocked = dig(facts, "dossier.ambigus", {})
    given = facts.get("pieces", {})
    if pieces and not any(given.get(piece) or piece in blocked for piece in pieces):
        piece = sorted(pieces)[0]
        return _state(State.NON_APPLICABLE, presence.get(piece, f"pièce absente : {piece}")), facts
    for piece in sorted(pieces):
        if piece in blocked:
            return _state(State.NON_VERIFIE, "GEN-PIE-008", f"pieces.{piece}"), facts
    unread, kept = _readable(given, pieces)
    if unread:
        facts = Frozen({**facts, "pieces": kept})
    return unread or _fiche_hindrance(reads, facts), facts


def _readable(given: Mapping[str, Any], pieces: Iterable[str]) -> tuple[Judgement | None, Mapping[str, Any]]:
    kept = dict(given)
    unread: list[Observation] = []
    for piece in sorted(pieces):
        value = given.get(piece)
        items = value if isinstance(value, tuple) else (value,) if value else ()
        for rank, item in enumerate(items):
            if item.get("lisible") is False:
                path = f"pieces.{piece}.{rank}" if isinstance(value, tuple) else f"pieces.{piece}"
                message = f"« {item.get('fichier')} » n’a pas pu être lu."
                unread.append(Observation(state=State.NON_VERIFIE, message=message, path=path))
        if isinstance(value, tuple):
            kept[piece] = tuple(item for item in items if item.get("lisible") is not False)
        elif any(item.get("lisible") is False for item in items):
            del kept[piece]
    return (Judgement(State.NON_VERIFIE, tuple(unread)) if unread else None), kept


def _fiche_hindrance(reads: Sequence[str], facts: Frozen) -> Judgement | None:
    wanted = [path.removeprefix("fiche.").replace("[]", "") for path in reads if path.startswith("fiche.")]
    if not wanted and "fiche" not in reads:
        return None
    faults = dig(facts, "dossier.fautes", ())
    if any(fault["kind"] == "lecture" for fault in faults):
        return _state(State.NON_VERIFIE, "GEN-FIC-001")
    for fault in faults:
        bad = ".".join(step for step in str(fault.get("champ") or "").split(".") if not step.isdigit())
        if fault["kind"] == "type" and any(
            f"{path}.".startswith(f"{bad}.") or f"{bad}.".startswith(f"{path}.") for path in wanted
        ):
            return _state(State.NON_VERIFIE, "GEN-FIC-002", f"fiche.{fault['champ']}")
    return None


def _by_schema(schema: Any, facts: Frozen) -> Judgement:
    if not facts.get("fiche") and any(path.startswith("fiche.") for path in schema.paths):
        return _state(State.NON_APPLICABLE, "GEN-FIC-005")
    failures = schema.failures(facts)
    if failures:
        return Judgement(
            State.NON_CONFORME,
            tuple(
                Observation(state=State.NON_CONFORME, message=one.message, path=one.path, value=one.value)
                for one in failures
            ),
        )
    if missing := schema.absent(facts):
        return _state(State.NON_APPLICABLE, f"non renseigné : {missing[0].replace('[]', '')}", missing[0])
    return Judgement(State.CONFORME, ())


def _by_check(rule: Rule, facts: Frozen) -> Judgement:
    if rule.check is None:
        return _state(State.NON_VERIFIE, "la règle ne contrôle rien")
    try:
        seen = tuple(rule.check(facts, **rule.parametres))
    except (Exception, SystemExit) as error:
        return _state(State.NON_VERIFIE, f"le contrôle a échoué ({type(error).__name__} : {error})")
    for state in (*_TOLD, State.NON_APPLICABLE):
        if any(one.state is state for one in seen):
            kept = tuple(one for one in seen if one.state in _TOLD) if state in _TOLD else seen
            return Judgement(state, kept)
    return Judgement(State.CONFORME, ())


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
    settled: dict[str, Visa] = {}
    findings: list[tuple[tuple[int, int, int], Finding]] = []
    for rank, rule in enumerate(rules):
        judgement = judge(rule, dossier.facts, presence)
        visa = _visa(rule, judgement, dossier, visas)
        if visa:
            settled[rule.id] = visa
            judgement = _state(State.VISE, f"vu par {visa.par} le {visa.date:%d/%m/%Y} : {visa.constat}")
        states[rule.id] = judgement
        if judgement.state in _TOLD:
            for finding in _findings(rule, judgement, dossier, format_, (provider or {}).get(rule.id, "")):
                order = (_ORDER[rule.gravite], _TOLD.index(finding.etat), rank)
                findings.append((order, finding))
    findings.sort(key=lambda one: one[0])
    return Outcome(findings=tuple(one for _, one in findings), states=states, visas=settled)


def _presence_paths(rule: Rule) -> Iterator[str]:
    for path, rules in rule.schema.items():
        if rules.get("required") and path.startswith("pieces.") and path.count(".") == 1:
            yield path


def _visa(rule: Rule, judgement: Judgement, dossier: Dossier, visas: Sequence[Visa]) -> Visa | None:
    if judgement.state not in _UNDECIDED:
        return None
    mine = [visa for visa in visas if visa.regle == rule.id]
    wanted = {_file(dossier, one) for one in judgement.observations}
    found = [visa for name in wanted for visa in mine if _still(visa, name, dossier)]
    return found[-1] if found and len({visa.fichier for visa in found}) == len(wanted) else None


def _still(visa: Visa, name: str | None, dossier: Dossier) -> bool:
    if visa.fichier != name:
        return False
    source = dossier.source(name) if name else None
    return visa.sha256 == (source.sha256 if source else fingerprint(dossier))


def fingerprint(dossier: Dossier) -> str:
    """Return the hash of all the dossier's files, for a visa that looks at no single one."""
    import hashlib

    lines = sorted(f"{source.sha256}  {source.name}" for source in dossier.sources)
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
        if one.state not in _TOLD:
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
