"""Recording that a person has seen what only the eye could tell."""

from __future__ import annotations

import datetime as dt
import difflib

from assembler import __version__
from assembler.checking import Visa, fingerprint
from assembler.errors import UsageError
from assembler.locking import Lock
from assembler.model import State
from assembler.pipeline import Checked
from assembler.reporters.wording import STATES
from assembler.visas import add_visas
from assembler.writing import LOCK, add_to_journal

__all__ = ["endorse"]


def endorse(checked: Checked, rule_id: str, who: str, seen: str, today: dt.date) -> tuple[Visa, ...]:
    """Record a visa on each file that a rule left to the eye, in the journal too, and return them.

    Args:
        checked: the dossier as just checked.
        rule_id: the rule.
        who: the person's name.
        seen: what was seen.
        today: date of the visa.

    Raises:
        UsageError: the rule is not in force here, or is neither to be seen nor unverified.
        FolderHeld: another run writes there.
        WritingError: ``sortie/visas.yaml`` cannot be written.
    """
    dossier, outcome, folder = checked.dossier, checked.outcome, checked.folder
    assert dossier is not None  # the command line has looked
    assert outcome is not None
    assert folder is not None
    judgement = outcome.states.get(rule_id)
    if judgement is None:
        near = difflib.get_close_matches(rule_id, outcome.states, n=1, cutoff=0.5)
        hint = f" Vouliez-vous dire {near[0]} ?" if near else ""
        raise UsageError(f"La règle « {rule_id} » ne s’applique pas à ce dossier.{hint}")
    if judgement.state not in (State.A_VOIR, State.NON_VERIFIE, State.VISE):
        raise UsageError(
            f"La règle {rule_id} est « {STATES[judgement.state][0]} » : un visa ne règle que ce qui est "
            f"« {STATES[State.A_VOIR][0]} » ou « {STATES[State.NON_VERIFIE][0]} »."
        )
    files = {one.emplacement.fichier for one in checked.report.constats if one.regle == rule_id}
    if judgement.state is State.VISE:
        files = {visa.fichier for visa in outcome.visas[rule_id]}
    visas = []
    for name in sorted(files, key=str):
        source = dossier.source(name) if name else None
        kept = name if source else None
        digest = fingerprint(dossier, kept)
        visas.append(Visa(regle=rule_id, fichier=kept, sha256=digest, par=who, constat=seen, date=today))
    seen_by = [
        {"regle": visa.regle, "fichier": visa.fichier, "par": visa.par, "constat": visa.constat}
        for visa in visas
    ]
    command = "assemble viser"
    with Lock(folder.output / LOCK, command):
        add_visas(folder.output, visas)
        add_to_journal(
            folder.output,
            command=command,
            version=__version__,
            regles=checked.fingerprint(),
            visas=seen_by,
        )
    return tuple(visas)
