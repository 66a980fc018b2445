"""The Atelier local put together: steps, fields, pieces, rules, documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files

from assembler_plugins.commun.exigences import eligibilite_notifiee
from assembler_plugins.commun.marche.accord import fichier_accord_cadre
from assembler_plugins.local.checks import CHECKS
from assembler_plugins.local.documents import DOCUMENTS
from assembler_plugins.local.pieces import PIECES

from assembler.contributions import FieldSchema, Format, Step
from assembler.model import Source
from assembler.rulefiles import load_fields, load_rules
from assembler.text import plain

__all__ = ["STEPS", "atelier_local", "champs", "looks_local"]

STEPS = (
    Step(id="candidature", title="Candidature"),
    Step(id="instruction", title="Instruction"),
    Step(id="lancement", title="Lancement et cadrage"),
    Step(id="attribution", title="Attribution du marché"),
    Step(id="accompagnement", title="Accompagnement"),
    Step(id="restitution", title="Restitution"),
)

_LOCAL = re.compile(r"\bateliers? loca(?:l|ux)\b")
_OTHERS = re.compile(
    r"\bateliers? flash\b|\bappel a manifestation d interet\b|\bsession (?:thematique|nationale)\b"
)
_NOTE = re.compile(r"\bnote (?:d )?opportunite\b")


def champs() -> FieldSchema:
    """Return the fields of the fiche: those of every format, and its own."""
    rules = files("assembler_rules")
    return load_fields(rules / "local" / "champs.yaml", load_fields(rules / "commun" / "champs.yaml"))


def looks_local(sources: Sequence[Source]) -> bool:
    """Tell whether a folder is a dossier of Atelier local: its texts say so more than they say another.

    Without any text (a folder of scans), a note d'opportunité is enough: no other format has one.
    """
    ours = others = 0
    for source in sources:
        text = plain(source.reading.text) if source.reading else ""
        ours += len(_LOCAL.findall(text)) + 2 * bool(_LOCAL.search(plain(source.name)))
        others += len(_OTHERS.findall(text))
    if ours or others:
        return ours > others
    return any(_NOTE.search(plain(source.name)) for source in sources)


def atelier_local() -> Format:
    """Return the format, complete."""
    rules = files("assembler_rules")
    fields = champs()
    return Format(
        id="local",
        title="Atelier local",
        steps=STEPS,
        fiche=fields,
        instruction=load_fields(rules / "commun" / "instruction.yaml"),
        reference_files=(fichier_accord_cadre(),),
        pieces=PIECES,
        rules=load_rules(rules / "local", CHECKS, fields),
        documents=DOCUMENTS,
        detect=looks_local,
        settled=eligibilite_notifiee,
    )
