"""The fiche proposed to a dossier that has none: what the pieces say, and the fields left to fill."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from assembler.contributions import Case, Copy, Field, Template
from assembler.model import dig

__all__ = ["FICHE_PREREMPLIE"]

# Fields of later steps: a candidature does not know them yet.
_PLUS_TARD = {"marche", "commandes", "offres", "attribution", "restitution"}
_EN_TETE = """\
# Fiche préremplie d’après les pièces du dossier.
# Complétez-la, puis enregistrez-la dans le dossier sous le nom dossier.yaml, en UTF-8.
# Ce qui reste vide n’est pas contrôlé ; une ligne inutile peut être effacée.
"""


def _raison(case: Case) -> str | None:
    if dig(case.dossier.facts, "dossier.fiches", ()):
        return "le dossier a déjà une fiche"
    return None if case.format.fiche else "ce format n’a pas de fiche"


def _connu(case: Case) -> dict[str, Any]:
    """Return what the pieces say, by dotted path; nothing that they say in two ways."""
    facts = case.dossier.facts
    known: dict[str, Any] = {"format": case.format.id, "etape": case.dossier.step}
    durations = {
        one["min"]
        for piece in facts["pieces"].values()
        for item in (piece if isinstance(piece, tuple) else (piece,))
        for one in item.get("durees_mois") or ()
        if one["min"] == one["max"]
    }
    if len(durations) == 1:
        known["accompagnement.duree_mois"] = durations.pop()
    files: dict[str, list[str]] = {}
    for source in case.dossier.sources:
        if source.piece:
            span = source.pages_retenues
            pages = f", p. {span[0]}-{span[-1]}" if span else ""
            files.setdefault(source.piece, []).append(source.name + pages)
    known["pieces"] = {piece: names if len(names) > 1 else names[0] for piece, names in files.items()}
    return known


def _lignes(fields: Mapping[str, Field], known: Mapping[str, Any], path: str, indent: str) -> Iterator[str]:
    for name, field in fields.items():
        here = f"{path}{name}"
        if here in _PLUS_TARD:
            continue
        note = " ; ".join(text for text in (field.label, field.help, ", ".join(field.values)) if text)
        if here in known:
            # JSON is YAML: quotes, accents and colons of a file name come back as they are.
            yield f"{indent}{name}: {json.dumps(known[here], ensure_ascii=False)}"
        elif field.type == "groupe" and field.many:
            yield f"{indent}{name}:   # {note}"
            first, *rest = _lignes(field.fields, {}, "", f"{indent}    ")
            yield f"{indent}  - {first.strip()}"
            yield from rest
        elif field.type == "groupe":
            yield f"{indent}{name}:   # {note}"
            yield from _lignes(field.fields, known, f"{here}.", f"{indent}  ")
        else:
            yield f"{indent}{name}: {'[]' if field.many else ''}   # {note}".rstrip(" #")


def _fiche(case: Case, copy: Copy) -> bytes:  # noqa: ARG001 - one copy
    schema = case.format.fiche
    lines = _lignes(schema.root.fields, _connu(case), "", "") if schema else ()
    return (_EN_TETE + "".join(f"{line}\n" for line in lines)).encode()


FICHE_PREREMPLIE = Template(
    id="fiche-preremplie",
    step="candidature",
    title="Fiche préremplie",
    audience="le pilote",
    extension="yaml",
    build=_fiche,
    condition=_raison,
)
