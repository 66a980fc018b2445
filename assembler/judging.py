"""One rule on facts: its state, and what it rests on; nothing is ever passed or failed in silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from assembler.contributions import Rule
from assembler.deadline import within
from assembler.model import Frozen, Observation, State, dig
from assembler.readers.limits import LIMITS
from assembler.strictness import stop_if_strict
from assembler.validator import compiled

__all__ = ["TOLD", "Judgement", "judge", "outright"]

TOLD = (State.NON_CONFORME, State.A_VOIR, State.NON_VERIFIE)
"""States that a person is told of, most serious first."""


class Judgement(NamedTuple):
    """The state of one rule and what it rests on."""

    state: State
    observations: tuple[Observation, ...]

    @property
    def reason(self) -> str | None:
        """Why the rule was not judged, or what is left to see."""
        return self.observations[0].message if self.observations else None


def outright(state: State, message: str, path: str | None = None) -> Judgement:
    """Return a judgement that rests on one reason."""
    return Judgement(state, (Observation(state=state, message=message, path=path),))


def judge(rule: Rule, facts: Mapping[str, Any], presence: Mapping[str, str] | None = None) -> Judgement:
    """Judge one rule on facts.

    Args:
        rule: the rule.
        facts: ``{fiche, pieces, instruction, referentiels, dossier}``.
        presence: by piece id, the rule that reports its absence.

    Returns:
        The state and the observations; for ``NON_APPLICABLE`` and ``NON_VERIFIE`` the first
        observation's message is the motif.
    """
    facts = facts if isinstance(facts, Frozen) else Frozen(facts)
    schema, condition = compiled(rule)
    reads = (*rule.lit, *rule.schema, *rule.si)
    hindrance, facts = _hindrance(rule, reads, facts, presence or {})
    hindrance = hindrance or _unfound_record(reads, facts)
    if hindrance and hindrance.state is State.NON_APPLICABLE:
        return hindrance
    if condition:
        if missing := condition.absent(facts):
            return hindrance or outright(State.NON_APPLICABLE, f"non renseigné : {missing[0]}", missing[0])
        if failed := condition.failures(facts):
            return hindrance or outright(
                State.NON_APPLICABLE, f"sans objet : {failed[0].message}", failed[0].path
            )
    found = _by_schema(schema, facts) if schema else _by_check(rule, facts)
    if hindrance and found.state in (State.CONFORME, State.NON_APPLICABLE):
        return hindrance
    return _perhaps_elsewhere(found, reads, facts) or found


def _perhaps_elsewhere(found: Judgement, reads: Sequence[str], facts: Frozen) -> Judgement | None:
    """Tell that a piece which is missed may stand in a folder that could not be read."""
    unlisted = dig(facts, "dossier.dossiers_non_lus", ())
    if not unlisted or found.state is not State.NON_CONFORME:
        return None
    given = facts.get("pieces", {})
    wanted = {path.split(".")[1].removesuffix("[]") for path in reads if path.startswith("pieces.")}
    if wanted <= given.keys() and "dossier.sous_dossiers" not in reads:
        return None
    return outright(State.NON_VERIFIE, f"« {unlisted[0]} » n’a pas pu être lu : une pièce peut s’y trouver.")


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
        return outright(State.NON_APPLICABLE, presence.get(piece, f"pièce absente : {piece}")), facts
    for piece in sorted(pieces):
        if piece in blocked:
            return outright(State.NON_VERIFIE, "GEN-PIE-008", f"pieces.{piece}"), facts
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


def _unfound_record(reads: Sequence[str], facts: Frozen) -> Judgement | None:
    """Tell why the reference file that a rule compares with is not there."""
    for name in sorted({path.split(".")[1] for path in reads if path.startswith("referentiels.")}):
        if dig(facts, f"referentiels.{name}") is None:
            told = dig(facts, f"dossier.referentiels.{name}", {})
            state = State(told.get("etat") or State.NON_VERIFIE.value)
            return outright(state, str(told.get("motif") or f"référentiel absent : {name}"))
    return None


def _fiche_hindrance(reads: Sequence[str], facts: Frozen) -> Judgement | None:
    wanted = [path.removeprefix("fiche.").replace("[]", "") for path in reads if path.startswith("fiche.")]
    if not wanted and "fiche" not in reads:
        return None
    # What the desk wrote in instruction.yaml hinders no rule on the fiche.
    named = dig(facts, "dossier.fiches", ())
    faults = [one for one in dig(facts, "dossier.fautes", ()) if one.get("fichier") in (None, *named)]
    if any(fault["kind"] == "lecture" for fault in faults):
        return outright(State.NON_VERIFIE, "GEN-FIC-001")
    for fault in faults:
        bad = ".".join(step for step in str(fault.get("champ") or "").split(".") if not step.isdigit())
        if fault["kind"] == "type" and any(
            f"{path}.".startswith(f"{bad}.") or f"{bad}.".startswith(f"{path}.") for path in wanted
        ):
            return outright(State.NON_VERIFIE, "GEN-FIC-002", f"fiche.{fault['champ']}")
    return None


def _by_schema(schema: Any, facts: Frozen) -> Judgement:
    if not facts.get("fiche") and any(path.startswith("fiche.") for path in schema.paths):
        return outright(State.NON_APPLICABLE, "GEN-FIC-005")
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
        return outright(State.NON_APPLICABLE, f"non renseigné : {missing[0].replace('[]', '')}", missing[0])
    return Judgement(State.CONFORME, ())


def _by_check(rule: Rule, facts: Frozen) -> Judgement:
    if rule.check is None:
        return outright(State.NON_VERIFIE, "la règle ne contrôle rien")
    check = rule.check
    try:
        seen = within(LIMITS.check, lambda: tuple(check(facts, **rule.parametres)))
        for one in seen:
            if not (isinstance(one, Observation) and isinstance(one.state, State)):
                raise TypeError(f"{one!r:.80} n’est pas une Observation")
    except TimeoutError as error:
        stop_if_strict(error, check, f"règle {rule.id}")
        return outright(State.NON_VERIFIE, f"le contrôle a été arrêté au bout de {LIMITS.check} s")
    except (Exception, SystemExit) as error:
        stop_if_strict(error, check, f"règle {rule.id}")
        return outright(State.NON_VERIFIE, f"le contrôle a échoué ({type(error).__name__} : {error})")
    for state in (*TOLD, State.NON_APPLICABLE):
        if any(one.state is state for one in seen):
            kept = tuple(one for one in seen if one.state in TOLD) if state in TOLD else seen
            return Judgement(state, kept)
    return Judgement(State.CONFORME, ())
