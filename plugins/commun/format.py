"""What the formats of the programme share: steps, fields, rules and the way each is told from the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.resources import files

from assembler_plugins.commun.decisions import decision_prise
from assembler_plugins.commun.exemples import exemples, glossaire
from assembler_plugins.commun.exigences import eligibilite_notifiee
from assembler_plugins.commun.preremplie import proposee

from assembler.contributions import Check, FieldSchema, Format, Piece, ReferenceFile, Step, Template
from assembler.fieldfiles import load_fields
from assembler.model import Source
from assembler.rulefiles import load_rules
from assembler.text import plain

__all__ = ["STEPS", "atelier_des_territoires", "champs", "se_reconnait"]

STEPS = (
    Step(id="candidature", title="Candidature"),
    Step(id="instruction", title="Instruction"),
    Step(id="lancement", title="Lancement et cadrage"),
    Step(id="attribution", title="Attribution du marché"),
    Step(id="accompagnement", title="Accompagnement"),
    Step(id="restitution", title="Restitution"),
)

_WORDS = {
    "local": re.compile(r"\bateliers? loca(?:l|ux)\b"),
    "flash": re.compile(r"\bateliers? flash\b"),
    "thematique": re.compile(
        r"\bsessions? (?:thematiques?|nationales?|20\d\d)\b|\bateliers? (?:thematiques?|nationa(?:l|ux))\b"
        r"|\bmanifestations? d interet\b|\bappel a candidatures\b"
    ),
}
"""What a text says of its own format; the three kits and the pages of the departments use these words."""
_NAMES = {
    "local": re.compile(r"\bnote (?:d )?opportunite\b|\bfiche (?:de )?candidature\b"),
    "flash": re.compile(r"\bfiche (?:de )?candidature\b"),
    "thematique": re.compile(r"\bmanifestations? (?:d )?interet\b|\bami\b"),
}
"""Names of the candidature itself, when nothing else tells; « fiche de candidature » is said of two."""
_NAME_WEIGHT = 2


def champs(format_id: str) -> FieldSchema:
    """Return the fields of a fiche: those of every format, and those of this one."""
    rules = files("assembler_rules")
    return load_fields(rules / format_id / "champs.yaml", load_fields(rules / "commun" / "champs.yaml"))


def se_reconnait(format_id: str, sources: Sequence[Source]) -> bool:
    """Tell whether a folder looks like a dossier of a format: no other is named more in its texts.

    File names count as well. When two formats are named as often, both say yes, and the person is asked.
    """
    counts = dict.fromkeys(_WORDS, 0)
    for source in sources:
        text = plain(source.reading.text) if source.reading else ""
        name = plain(source.name)
        for one, words in _WORDS.items():
            counts[one] += len(words.findall(text)) + _NAME_WEIGHT * bool(words.search(name))
    if any(counts.values()):
        return counts[format_id] == max(counts.values())
    return any(_NAMES[format_id].search(plain(source.name)) for source in sources)


def atelier_des_territoires(
    format_id: str,
    title: str,
    *,
    pieces: tuple[Piece, ...],
    checks: Mapping[str, Check],
    documents: tuple[Template, ...],
    reference_files: tuple[ReferenceFile, ...],
    marche: str | None = None,
) -> Format:
    """Return a format of the programme, its rules and its fields read from ``rules/<format_id>/``.

    Args:
        format_id: ``local``, ``flash`` or ``thematique``.
        title: French title.
        pieces: what its dossiers hold.
        checks: the Python checks that its rules may name.
        documents: what it produces.
        reference_files: records kept beside its dossiers.
        marche: its prefix for the rules of the marché subséquent (``rules/marche/``); None: it has none.
    """
    rules = files("assembler_rules")
    fields = champs(format_id)
    shared = load_rules(rules / "marche", checks, fields, marche, proven=True) if marche else ()
    return Format(
        id=format_id,
        title=title,
        steps=STEPS,
        fiche=fields,
        instruction=load_fields(rules / "commun" / "instruction.yaml"),
        reference_files=reference_files,
        pieces=pieces,
        rules=(*load_rules(rules / format_id, checks, fields, proven=True), *shared),
        documents=documents,
        detect=partial(se_reconnait, format_id),
        settled=eligibilite_notifiee,
        decided=decision_prise,
        proposed=proposee,
        examples=exemples(format_id, title, pieces),
        glossary=glossaire,
    )
