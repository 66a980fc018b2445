"""What the desk notifies: an eligibility, a selection put off, a refusal with its reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assembler.contributions import Case, Copy
from assembler.errors import MissingValue
from assembler.french import enumerer, majuscule, mois_annee, nombre, typo
from assembler.model import Frozen, dig

from .autorites import copies_prefets
from .bureau import jour, lettre
from .exigences import exiger
from .lettres import TRIBUNAL_COMPETENT, chef_de_file, instruction, prose, tribunal
from .personnes import nomme

__all__ = [
    "Suites",
    "decision_prise",
    "notification_differee",
    "notification_eligibilite",
    "notification_non_eligibilite",
]

_NOTIFIE = {
    "notification-eligibilite": ("eligible", "selectionnee", "laureate"),
    "notification-non-eligibilite": ("non_eligible", "non_retenue"),
    "notification-differee": ("differee",),
}
"""The decisions (``decision.valeur``) that each letter notifies."""
_ENREGISTREE = {"decision.valeur": "la décision", "decision.date": "la date de la décision"}
_MOTIVEE = _ENREGISTREE | {"decision.motifs": "ses motifs"}
_PHRASES = {
    "eligible": "est déclarée éligible",
    "selectionnee": "est sélectionnée",
    "laureate": "est désignée lauréate",
    "non_eligible": "n’est pas déclarée éligible",
    "non_retenue": "n’est pas retenue",
}
_OBJETS = {
    "eligible": "éligibilité",
    "selectionnee": "sélection",
    "laureate": "désignation comme lauréat",
    "differee": "sélection différée",
    "non_eligible": "candidature non éligible",
    "non_retenue": "candidature non retenue",
}


def decision_prise(facts: Frozen) -> str | None:
    """Return the decision and its date, for a register: « candidature non retenue, 04/05/2026 »."""
    said = _OBJETS.get(dig(facts, "instruction.decision.valeur"))
    day = dig(facts, "instruction.decision.date")
    return f"{said}, {day:%d/%m/%Y}" if said and day else said


@dataclass(frozen=True, kw_only=True, slots=True)
class Suites:
    """What a format says, in the letters of the desk, of what happens next; every sentence has a source."""

    rythme: str
    """How its candidatures are chosen, one sentence."""
    etapes: tuple[str, ...]
    """What follows a favourable decision, conducted by the service of the State with the collectivités."""
    autres: tuple[str, ...]
    """The other ways to be accompanied."""
    prise_en_charge: str
    """Who pays for the team, and on which credits when a source says so: « à 100 % par la DGALN »."""
    frais: str | None = None
    """Who bears the costs of organisation, one sentence; None when no source says so."""


_Contexte = Callable[[Case, Copy], Mapping[str, Any]]


def _decision(case: Case, document: str, champs: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the decision that a letter notifies.

    Raises:
        MissingValue: instruction.yaml does not give it, or gives another; the message says which field.
    """
    kept = instruction(case)
    exiger(document, kept, champs, "instruction.yaml")
    decision: Mapping[str, Any] = kept["decision"]
    value = decision["valeur"]
    if value not in _NOTIFIE[document]:
        other = next(name for name, values in _NOTIFIE.items() if value in values)
        raise MissingValue(
            f"{document} : instruction.yaml dit « {value} » (champ « decision.valeur »), et ce courrier"
            f" notifie {enumerer([f'« {one} »' for one in _NOTIFIE[document]], 'ou')} ; demandez {other}, ou"
            " corrigez ce champ."
        )
    return decision


def _phrases(decision: Mapping[str, Any], key: str) -> list[str]:
    """Return the sentences typed in a list, each with its capital and its full stop."""
    return [majuscule(one) for one in map(prose, decision.get(key) or ()) if one]


def _notification(case: Case, document: str, champs: Mapping[str, str] = _ENREGISTREE) -> dict[str, Any]:
    decision = _decision(case, document, champs)
    return lettre(case) | {
        "objet_decision": _OBJETS[decision["valeur"]],
        "decision": _PHRASES.get(decision["valeur"]),
        "date_decision": jour(decision, "date"),
        "motifs": _phrases(decision, "motifs"),
        "pj": [typo(str(one)) for one in decision.get("pieces_jointes") or () if one],
        "copies": copies_prefets(case.fiche),
    }


def notification_eligibilite(suites: Suites) -> _Contexte:
    """Return what gives the values of ``notification-eligibilite``, for a favourable decision."""

    def context(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
        values = _notification(case, "notification-eligibilite")
        fiche = case.fiche
        bodies = [
            nomme(str(one["nom"]), one.get("type"))["le"]
            for one in fiche.get("collectivites") or ()
            if one.get("nom") and one.get("role") != "associee"
        ]
        start, end = dig(fiche, "accompagnement.debut"), dig(fiche, "accompagnement.fin")
        return values | {
            "conditions": _phrases(instruction(case)["decision"], "conditions"),
            "prise_en_charge": typo(suites.prise_en_charge),
            "frais": suites.frais,
            "enveloppe": _enveloppe(fiche),
            "service": nomme(str(chef_de_file(fiche).get("nom") or "service de l’État"))["le"],
            "collectivites": enumerer(bodies) or "les collectivités",
            "etapes": list(suites.etapes),
            "periode": f"de {mois_annee(start)} à {mois_annee(end)}" if start and end else None,
        }

    return context


def _enveloppe(fiche: Mapping[str, Any]) -> str | None:
    """Return the amount with its base; without a base it would not mean anything (documents.md § 13, 1)."""
    amount, base = dig(fiche, "financement.montant"), dig(fiche, "financement.base")
    return f"{nombre(amount)}\u00a0€\u00a0{base}" if amount and base else None


def notification_differee(suites: Suites) -> _Contexte:
    """Return what gives the values of ``notification-differee``: eligible, not selected for now."""

    def context(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
        return _notification(case, "notification-differee") | {
            "rythme": suites.rythme,
            "reexamen": jour(instruction(case), "decision.echeance_reexamen"),
        }

    return context


def notification_non_eligibilite(suites: Suites) -> _Contexte:
    """Return what gives the values of ``notification-non-eligibilite``: reasons, alternatives, remedies."""

    def context(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
        values = _notification(case, "notification-non-eligibilite", _MOTIVEE)
        kept = instruction(case)
        return values | {
            "evolutions": _phrases(kept["decision"], "evolutions"),
            "rythme": suites.rythme,
            "autres": list(suites.autres),
            # R. 421-5 CJA: time limits bind only if the notification states them; harmless otherwise.
            "tribunal": (tribunal(kept.get("tribunal")) or TRIBUNAL_COMPETENT)
            if kept.get("mention_recours") is not False
            else None,
        }

    return context
