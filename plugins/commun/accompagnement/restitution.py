"""What the Atelier ends with: rapport final, feuille de route, officialisation, capitalisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assembler_plugins.commun.autorites import signature_prefecture
from assembler_plugins.commun.lettres import atelier, perimetre, porteurs, prose, themes
from assembler_plugins.commun.personnes import nom_complet, nomme, qualite
from assembler_plugins.commun.trame import ressources

from assembler.contributions import Case, Copy
from assembler.french import enumerer, majuscule, montant, typo
from assembler.model import dig

from .evenements import evenements
from .seances import seances
from .suivi import identification, interlocuteurs, sujet, titre_de_session

__all__ = [
    "ETATS",
    "PRIORITES",
    "Action",
    "actions",
    "capitalisation",
    "feuille_route",
    "livrable_final",
    "officialisation",
    "par_theme",
    "priorites",
    "sans_signataire",
]

PRIORITES = ("haute", "moyenne", "basse")
"""Offered when the fiche uses no other words; the first comes first."""
ETATS = {
    "a_engager": "à engager",
    "engagee": "engagée",
    "achevee": "achevée",
    "abandonnee": "abandonnée",
}
_SANS_THEME, _SEUL = "Autres actions", "Actions"
_TEXTES = (
    "theme",
    "orientation",
    "action",
    "outil",
    "priorite",
    "porteur",
    "partenaires",
    "financement",
    "echeance",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """An action of the feuille de route; what is not known is an empty text."""

    theme: str
    action: str
    outil: str
    """Tool or procedure (domaine.md N-11)."""
    priorite: str
    porteur: str
    partenaires: str
    financement: str
    montant: Decimal | None
    echeance: str
    etat: str


def actions(fiche: Mapping[str, Any]) -> list[Action]:
    """Return the actions of the fiche by theme, as the fiche orders them, then by priority.

    An action without a theme is under its orientation; one without either, under « Autres actions ».
    One theme, one priority has one spelling, the first: a spreadsheet does not tell cases apart.
    """
    rows = dig(fiche, "restitution.feuille_route", ())
    other = _SANS_THEME if any(one.get("theme") or one.get("orientation") for one in rows) else _SEUL
    spellings: dict[str, str] = {word.casefold(): word for word in PRIORITES}
    found = []
    for one in rows:
        told = {key: typo(" ".join(str(one.get(key) or "").split())) for key in _TEXTES}
        if not told["action"]:
            continue
        orientation = told.pop("orientation")
        told["theme"] = told["theme"] or orientation or other
        for key in ("theme", "priorite"):
            told[key] = spellings.setdefault(told[key].casefold(), told[key])
        found.append(Action(montant=one.get("montant"), etat=ETATS.get(one.get("etat") or "", ""), **told))
    groups = list(dict.fromkeys(one.theme for one in found))
    words = [*priorites(found), ""]
    return sorted(found, key=lambda one: (groups.index(one.theme), words.index(one.priorite)))


def priorites(found: Iterable[Action]) -> tuple[str, ...]:
    """Return the words of priority, the highest first: the usual ones, then those of the fiche, sorted."""
    used = {one.priorite for one in found if one.priorite}
    if used <= set(PRIORITES):
        return PRIORITES
    return (*(one for one in PRIORITES if one in used), *sorted(used - set(PRIORITES)))


def par_theme(found: Sequence[Action]) -> dict[str, list[Action]]:
    """Return the actions of each theme."""
    groups: dict[str, list[Action]] = {}
    for one in found:
        groups.setdefault(one.theme, []).append(one)
    return groups


def _financement(one: Action) -> str:
    amount = montant(one.montant) if one.montant is not None else ""
    return "\n".join(part for part in (one.financement, amount) if part) or "–"


def _communs(case: Case) -> dict[str, Any]:
    """Return the values that the final deliverables share."""
    fiche = case.fiche
    return {
        "sujet": sujet(case),
        "atelier": atelier(fiche, case.format.title),
        "identite": identification(case),
        "perimetre": perimetre(fiche),
        "resume": prose(dig(fiche, "objet.resume")),
        "themes": themes(fiche),
        "objectifs": [prose(str(one)) for one in dig(fiche, "objet.objectifs", ()) if str(one).strip()],
        "sessions": [
            {
                "titre": titre_de_session(one),
                "quand": majuscule(one.quand or "date à compléter"),
                "lieu": one.lieu or "–",
            }
            for one in seances(fiche)
        ],
        "ressources": ressources(fiche),
    }


def livrable_final(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``rapport-final``, ``esquisse-plan-guide`` and ``bouger-les-lignes``."""
    return _communs(case)


def feuille_route(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``feuille-route``, the document; a fiche is not needed."""
    found = actions(case.fiche)
    numbers = {id(one): rank for rank, one in enumerate(found, 1)}
    return _communs(case) | {
        "groupes": [
            {
                "theme": theme,
                "actions": [
                    {
                        "numero": numbers[id(one)],
                        "action": "\n".join(filter(None, (one.action, _apres("Outil", one.outil)))),
                        "priorite": one.priorite or "–",
                        "porteur": "\n".join(filter(None, (one.porteur, _apres("Avec", one.partenaires))))
                        or "–",
                        "financement": _financement(one),
                        "echeance": one.echeance or "–",
                    }
                    for one in group
                ],
            }
            for theme, group in par_theme(found).items()
        ],
    }


def _apres(label: str, text: str) -> str:
    """Return a text after its label, nothing when there is no text."""
    return f"{label}\u00a0: {text}" if text else ""


def _signataires(case: Case) -> list[dict[str, str]]:
    """Return who makes the feuille de route official: each collectivité, the préfet, the services."""
    fiche = case.fiche
    rows = []
    for body in fiche.get("collectivites") or ():
        if body.get("nom"):
            name = nomme(str(body["nom"]), body.get("type"))["nom"]
            rows.append(_bloc(name, body.get("representant") or {}, "Représentant"))
    if fiche.get("prefectures"):
        block = signature_prefecture(fiche)
        rows.append(
            {
                "organisme": "État",
                "personne": "\n".join(filter(None, [*block["lignes"], block["nom"]])).replace(",\n", "\n"),
            }
        )
    services = (one for one in fiche.get("pilotes") or () if one.get("nom"))
    return rows + [_bloc(str(one["nom"]), one.get("signataire") or {}, "Chef du service") for one in services]


def _bloc(organisme: str, personne: Mapping[str, Any], defaut: str) -> dict[str, str]:
    who = [qualite(personne) or defaut, nom_complet(personne)]
    return {
        "organisme": majuscule(typo(organisme)),
        "personne": typo("\n".join(part for part in who if part)),
    }


def sans_signataire(case: Case) -> str | None:
    """Return the French reason when nobody is named to sign."""
    if _signataires(case):
        return None
    return (
        "la fiche ne nomme ni collectivité, ni service, ni préfet (champs « collectivites » et « pilotes »)"
    )


def officialisation(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``officialisation``: who signs; place and date are left to the hand."""
    fiche = case.fiche
    bearers = porteurs(fiche)
    return {
        "sujet": sujet(case),
        "atelier": atelier(fiche, case.format.title),
        "perimetre": perimetre(fiche),
        "porteurs": enumerer([one["le"] for one in bearers]) or None,
        "portent": "porte" if len(bearers) == 1 else "portent ensemble",
        "actions": len(actions(fiche)),
        "sessions": len(seances(fiche)),
        "signataires": _signataires(case),
    }


def capitalisation(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``capitalisation``, the record that the DGALN keeps of an Atelier."""
    fiche = case.fiche
    found = actions(fiche)
    return _communs(case) | {
        "identite": identification(case, ("Format", case.format.title)),
        "contacts": interlocuteurs(fiche),
        "dates": [
            {"libelle": one.libelle, "quand": majuscule(one.quand), "lieu": one.lieu or "–"}
            for one in evenements(fiche)
            if one.nature == "rencontre"
        ],
        "actions": [prose(one.action) for one in found],
    }
