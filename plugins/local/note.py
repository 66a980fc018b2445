"""The note d’opportunité: its frame to fill in, and what the pilote wrote in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assembler_plugins.commun.lettres import atelier, porteurs, prose, themes
from assembler_plugins.commun.personnes import fonction, nom_complet, nomme

from assembler.contributions import Case, Copy
from assembler.french import departement_nom, majuscule, typo
from assembler.model import Block, Source, dig
from assembler.text import plain

__all__ = [
    "PIECE",
    "SECTIONS",
    "acteurs",
    "enveloppe",
    "passage",
    "passages_de_la_note",
    "reservees",
    "ressources",
    "section_pour_cctp",
    "trame_note",
]

PIECE = "note_opportunite"
SECTIONS = {
    "porteurs": "Les porteurs de l’Atelier",
    "localisation": "La localisation de l’Atelier",
    "objet": "L’objet de l’Atelier",
    "objectifs": "Les objectifs de l’Atelier",
    "ressources": "Les ressources de l’Atelier",
    "dynamiques_territoire": "Les dynamiques du territoire",
    "dynamiques_amenagement": "Les dynamiques d’aménagement",
}
"""The seven headings, in the order of the note (domaine.md L-11)."""
_MONTANT = re.compile(
    r"\d[\d\s.,\u00a0\u202f]*(?:[kM]\s?)?(?:€|euros?\b)|\b(?:mille|millions?) (?:d['’])?euros\b",
    re.IGNORECASE,
)
_COUT = re.compile(r"\b(?:accompagnement|atelier|enveloppe|budget|dgaln|equipe|prestation|marche)\b")
_ECHELLES = {
    "batiment": "bâtiment",
    "ilot": "îlot",
    "communale": "communale",
    "infra_intercommunale": "infra-intercommunale",
    "intercommunale": "intercommunale",
    "scot": "schéma de cohérence territoriale (SCoT)",
    "petr": "pôle d’équilibre territorial et rural (PETR)",
    "oin": "opération d’intérêt national (OIN)",
    "autre": "autre",
}


def passage(case: Case, section: str) -> tuple[Source | None, list[tuple[int, Block]]]:
    """Return the file of the note and the numbered blocks that fill a section, its title left out.

    The file is the editable form when there is one. Empty when the section is not there.
    """
    forms = dig(case.dossier.pieces, f"{PIECE}.0", ())
    source: Source | None = forms[0] if forms else None
    facts = dig(case.dossier.facts, f"pieces.{PIECE}.sections.{section}", {})
    start, end = facts.get("debut"), facts.get("fin")
    if source is None or source.reading is None or not start or not end:
        return source, []
    blocks = source.reading.blocks
    title = plain(facts.get("titre") or "")
    # The title's own paragraph is left out, unless the text goes on in it.
    first = start - 1 if title and len(plain(blocks[start - 1].text)) > len(title) + 40 else start
    return source, list(enumerate(blocks[first:end], first + 1))


def passages_de_la_note(case: Case) -> list[tuple[str, int, Block]]:
    """Return every block of the note with its section’s title and its number."""
    return [
        (SECTIONS[section], number, block)
        for section in SECTIONS
        for number, block in passage(case, section)[1]
    ]


def enveloppe(text: str) -> bool:
    """Tell whether a passage states what the accompagnement costs: bidders must not read it."""
    return bool(_MONTANT.search(text) and _COUT.search(plain(text)))


def reservees(blocks: Sequence[Block]) -> frozenset[int]:
    """Return the ranks of the blocks kept from the bidders.

    A paragraph that states the envelope is kept from them, with the whole of its table when it stands
    in one (a row cannot leave without its table), and with its heading when nothing else stands below.
    """
    out = {rank for rank, block in enumerate(blocks) if enveloppe(block.text)}
    tables = {blocks[rank].anchor[:1] for rank in out if blocks[rank].in_table and blocks[rank].anchor}
    out |= {rank for rank, block in enumerate(blocks) if block.in_table and block.anchor[:1] in tables}
    kept_below = 0
    for rank in range(len(blocks) - 1, -1, -1):
        block = blocks[rank]
        if block.level is None:
            kept_below += rank not in out
        elif kept_below:
            kept_below = 0
        elif rank + 1 in out:
            out.add(rank)
    return frozenset(out)


def section_pour_cctp(case: Case, section: str, niveau: int) -> dict[str, Any]:
    """Return a section as the CCTP takes it: ``fragment`` (its formatting) or ``paragraphes`` (its text).

    Args:
        case: the case.
        section: id of the section.
        niveau: level that the highest heading inside the section takes in the CCTP.

    Both are empty when the note does not fill it: printing it is then a missing value.
    """
    from assembler.rendering.fragments import Fragment

    source, blocks = passage(case, section)
    hidden = reservees([block for _, block in blocks])
    filled = [block for rank, (_, block) in enumerate(blocks) if not block.hint and rank not in hidden]
    if source is None or not any(block.text.strip() or block.picture for block in filled):
        return {"fragment": None, "paragraphes": []}
    if source.nature in {"docx", "docm", "dotx"} and any(block.anchor for block in filled):
        highest = min((block.level for block in filled if block.level), default=niveau)
        fragment = Fragment(
            Path(source.path).read_bytes(),
            tuple(block.anchor for block in filled),
            shift=niveau - highest,
            max_level=3,
        )
        return {"fragment": fragment, "paragraphes": []}
    return {"fragment": None, "paragraphes": [typo(block.text) for block in filled if block.text.strip()]}


def acteurs(fiche: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the actors as the rows of a table; an unknown cell holds a dash."""
    return [
        {key: typo(str(one.get(key) or "–")) for key in ("nom", "organisme", "qualite")}
        for one in fiche.get("acteurs") or ()
    ]


def ressources(fiche: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the documents and data as the rows of a table."""
    rows = []
    for one in fiche.get("ressources") or ():
        told = [typo(str(one[key])) for key in ("date", "format") if one.get(key)]
        rows.append(
            {
                "titre": typo(str(one.get("titre") or "–")),
                "detenteur": typo(str(one.get("detenteur") or "–")),
                "date_format": ", ".join(told) or "–",
            }
        )
    return rows


def _porteurs(fiche: Mapping[str, Any]) -> list[dict[str, str]]:
    rows = []
    groups: Sequence[tuple[str, str, str]] = (
        ("pilotes", "Service de l’État pilote", "signataire"),
        ("collectivites", "Collectivité porteuse", "representant"),
        ("operateurs", "Opérateur de l’État associé", "representant"),
    )
    for key, role, person_key in groups:
        for one in fiche.get(key) or ():
            if not one.get("nom"):
                continue
            person = one.get(person_key) or {}
            shown = [part for part in (nom_complet(person), fonction(person)) if part]
            rows.append(
                {
                    "nom": majuscule(typo(nomme(str(one["nom"]), one.get("type"))["nom"])),
                    "role": "Collectivité associée" if one.get("role") == "associee" else role,
                    "representant": typo(", ".join(shown)) or "–",
                }
            )
    return rows


def _localisation(fiche: Mapping[str, Any]) -> list[dict[str, str]]:
    place = fiche.get("territoire") or {}
    codes = []
    for code in place.get("departements") or ():
        try:
            codes.append(f"{departement_nom(str(code))} ({code})")
        except ValueError:
            codes.append(str(code))
    rows = [
        ("Échelle de réflexion", majuscule(_ECHELLES.get(place.get("echelle") or "", ""))),
        ("Département", ", ".join(codes)),
        (
            "EPCI",
            ", ".join(
                majuscule(nomme(str(one["nom"]), one.get("type"))["nom"])
                + (f" (SIREN {one['siren']})" if one.get("siren") else "")
                for one in place.get("epci") or ()
                if one.get("nom")
            ),
        ),
        ("Communes", ", ".join(str(one["nom"]) for one in place.get("communes") or () if one.get("nom"))),
    ]
    return [{"libelle": one, "valeur": typo(value)} for one, value in rows if value]


def trame_note(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``trame-note``; a fiche is not needed."""
    fiche = case.fiche
    theme = themes(fiche)
    return {
        "atelier": atelier(fiche, "Atelier local"),
        "porteurs": _porteurs(fiche) if porteurs(fiche) else [],
        "localisation": _localisation(fiche),
        "resume": prose(dig(fiche, "objet.resume")),
        "themes": [f"L’Atelier relève {theme}."] if theme else [],
        "objectifs": [prose(str(one)) for one in dig(fiche, "objet.objectifs", ()) if str(one).strip()],
        "acteurs": acteurs(fiche),
        "ressources": ressources(fiche),
    }
