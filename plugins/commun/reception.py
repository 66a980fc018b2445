"""What the desk answers on receipt: the accusé de réception, the request for what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from assembler.contributions import Case, Copy, Piece
from assembler.fiche import label
from assembler.french import date_longue, jours_feries, majuscule, typo
from assembler.model import Finding, Months, State, dig

from .bureau import jour, lettre
from .lettres import instruction, prose

__all__ = [
    "a_demander",
    "accuse_reception",
    "alertes_demande",
    "demande_complements",
    "ecartes",
    "manque",
    "rien_a_demander",
    "sans_reception",
]

_DELAI = dt.timedelta(days=7)
"""The least time left to answer (documents.md § 3.5)."""
_JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def _proposees(case: Case) -> list[Finding]:
    """Return what may be asked of the applicant, each once, in the order of the pieces, then of the fiche."""
    order = {piece.id: rank for rank, piece in enumerate(case.format.pieces)}
    asked = {
        (one.regle, one.emplacement.fichier, one.courrier): one
        for one in case.report.constats
        if one.courrier and one.etat is State.NON_CONFORME
    }
    return sorted(asked.values(), key=lambda one: order.get(one.emplacement.piece or "", len(order)))


def ecartes(case: Case) -> Sequence[str]:
    """Return the rules whose sentence the desk does not take up (``complements.ecartes``)."""
    return [str(one).strip().upper() for one in dig(instruction(case), "complements.ecartes", ()) if one]


def a_demander(case: Case) -> tuple[list[Finding], list[Finding]]:
    """Return what the letter asks for, and what the desk has set aside."""
    aside = ecartes(case)
    proposed = _proposees(case)
    asked = [one for one in proposed if one.regle not in aside]
    return asked, [one for one in proposed if one.regle in aside]


def rien_a_demander(case: Case) -> str | None:
    """Return why no complement is asked for."""
    asked, aside = a_demander(case)
    if asked:
        return None
    if aside:
        return "le bureau a écarté tout ce qui pouvait être demandé (champ « complements.ecartes »)"
    return "les contrôles ne relèvent rien qui soit à demander aux porteurs du dossier"


def sans_reception(case: Case) -> str | None:
    """Return why there is no accusé de réception: the date of receipt is not recorded."""
    if jour(instruction(case), "reception.date"):
        return None
    return "instruction.yaml ne donne pas la date de réception (champ « reception.date »)"


def _nom(file: str) -> str:
    """Return a file's name without its folder nor its extension, for a reader who sees neither."""
    return f"«\u00a0{file.rpartition('/')[2].rpartition('.')[0] or file}\u00a0»"


def manque(case: Case, found: Finding) -> dict[str, str]:
    """Return a finding as the letter asks for it: ``sujet``, ``phrase``, ``forme``."""
    piece: Piece | None = next((one for one in case.format.pieces if one.id == found.emplacement.piece), None)
    place = found.emplacement
    subject, form = "Dossier de candidature", "Précision écrite"
    if piece is not None:
        subject = majuscule(piece.title)
        form = "Courrier signé, en PDF" if piece.letter else "Document Word"
    elif place.champ:
        subject = label(case.format.fiche, place.champ)
        if isinstance(found.valeur, (str, int, Months)) and not isinstance(found.valeur, bool):
            subject = f"{majuscule(subject)}\u00a0: {found.valeur}"
    if place.fichier and not place.champ and (piece is None or piece.many):
        subject = f"{subject}\n{_nom(place.fichier)}" if piece else _nom(place.fichier)
        form = form if piece else "Fichier à adresser de nouveau"
    if "-COH-" in found.regle:  # two pieces disagree: a word says which is right
        form = "Précision écrite"
    return {"sujet": subject, "phrase": typo(found.courrier or found.message), "forme": form}


def demande_complements(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``demande-complements``."""
    rows = [manque(case, one) for one in a_demander(case)[0]]
    return lettre(case) | {
        "manques": [one for rank, one in enumerate(rows) if one not in rows[:rank]],
        "echeance": jour(instruction(case), "complements.echeance"),
    }


def alertes_demande(case: Case) -> Iterator[str]:
    """Yield what the agent should look at before the request leaves."""
    asked, aside = a_demander(case)
    known = {one.regle for one in (*asked, *aside)}
    for ident in dict.fromkeys(ecartes(case)):
        if ident not in known:
            yield f"{ident}, écartée (champ « complements.ecartes »), n’a pas de phrase ici."
    if not asked:
        return
    day = dig(instruction(case), "complements.echeance")
    if not isinstance(day, dt.date):
        yield "La date limite de réponse n’est pas donnée (champ « complements.echeance »)."
        return
    said = f"La date limite de réponse, le {_JOURS[day.weekday()]} {date_longue(day)},"
    if day < case.edition:
        yield f"{said} est passée."
    elif day < case.edition + _DELAI:
        yield f"{said} laisse moins de sept jours."
    where = next(iter(dig(case.fiche, "territoire.departements", ())), None)
    if day in jours_feries(day.year, str(where) if where else None):
        yield f"{said} est un jour férié."
    elif day.weekday() >= 5:
        yield f"{said} tombe en fin de semaine."


def _demandees(case: Case) -> set[str]:
    """Return the pieces that a rule in force requires."""
    return {
        path.removeprefix("pieces.")
        for rule in case.rules
        for path, asked in rule.schema.items()
        if asked.get("required") and path.startswith("pieces.") and path.count(".") == 1
    }


def _pieces(case: Case) -> tuple[list[dict[str, str]], int]:
    """Return the rows of the pieces, required or received, and how many of the required are missing."""
    wanted = _demandees(case)
    rows, missing = [], 0
    for piece in case.format.pieces:
        found = case.dossier.pieces.get(piece.id, ())
        names = [_nom(forms[0].name) for forms in found]
        if not names and piece.id not in wanted:
            continue
        missing += 0 if names else 1
        rows.append(
            {
                "piece": majuscule(piece.title),
                "etat": "✓ reçue" if names else "✗ non reçue",
                "fichiers": "\n".join(names) or "–",
            }
        )
    return rows, missing


def accuse_reception(rythme: str) -> Callable[[Case, Copy], Mapping[str, Any]]:
    """Return what gives the values of ``accuse-reception``.

    Args:
        rythme: how candidatures to the format are chosen, one sentence.
    """

    def context(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
        kept = instruction(case)
        rows, missing = _pieces(case)
        return lettre(case) | {
            "pieces": rows,
            "manquantes": missing,
            "demande": bool(missing or a_demander(case)[0]),
            "rythme": rythme,
            "delai": dig(kept, "reception.delai_indicatif"),
            "service": {
                "adresse": ", ".join(typo(str(line)) for line in kept.get("adresse") or () if line) or None,
                "telephone": kept.get("telephone"),
            },
            "silence": prose(kept.get("mention_silence")),
        }

    return context
