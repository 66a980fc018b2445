"""The fiche d’instruction: what the desk reads before it decides and before its letters leave."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from assembler.contributions import FAMILIES, Case, Copy
from assembler.french import date_courte, date_longue, enumerer, majuscule, pluriel, typo
from assembler.model import State, Verdict, dig

from .bureau import jour, sujet
from .lettres import instruction, perimetre, porteurs
from .personnes import nom_complet
from .reception import a_demander, alertes_demande, manque

__all__ = ["fiche_instruction"]

_VERDICTS = {
    Verdict.CONFORME: "Aucun point bloquant relevé.",
    Verdict.A_COMPLETER: "Le dossier est à compléter.",
    Verdict.A_VOIR: "Le contrôle est à finir à l’œil.",
    Verdict.NON_CONCLUANT: "Le contrôle est incomplet.",
}
_ETATS = {
    State.CONFORME: "conforme",
    State.NON_CONFORME: "non conforme",
    State.NON_APPLICABLE: "non applicable",
    State.NON_VERIFIE: "non vérifié",
    State.A_VOIR: "à voir",
    State.VISE: "visé",
}
_ACCORDS = {
    State.CONFORME: ("conforme", "conformes"),
    State.NON_CONFORME: ("non conforme", "non conformes"),
    State.NON_APPLICABLE: ("non applicable", "non applicables"),
    State.NON_VERIFIE: ("non vérifiée", "non vérifiées"),
    State.A_VOIR: ("à voir", "à voir"),
    State.VISE: ("visée", "visées"),
}
_ID = re.compile(r"[A-Z]{2,3}-[A-Z]{3}-\d{3}")
_ORDRE = (State.NON_CONFORME, State.A_VOIR, State.NON_VERIFIE)
_SIGNATURES = {
    "electronique": "électronique",
    "cachet_parapheur": "cachet de parapheur",
    "visible": "visible",
    "numerisee": "numérisée",
}
_ORIGINES = {"fiche": "la fiche", "nom": "son nom", "contenu": "son contenu"}


def _identite(case: Case) -> list[dict[str, str]]:
    kept = instruction(case)
    agent = nom_complet(kept.get("agent_suivi") or {})
    rows = [
        ("Format", case.format.title),
        ("Intitulé", case.fiche.get("intitule")),
        ("Référence", dig(kept, "reception.reference") or case.fiche.get("reference")),
        ("Reçu le", jour(kept, "reception.date")),
        ("Porteurs", majuscule(enumerer([one["le"] for one in porteurs(case.fiche)]))),
        ("Territoire", majuscule(perimetre(case.fiche) or "")),
        ("Agent chargé du suivi", agent),
        ("Édition de la fiche", date_longue(case.edition)),
    ]
    return [{"libelle": one, "valeur": typo(str(value))} for one, value in rows if value]


def _a_verifier(case: Case) -> list[str]:
    """Return what the agent should look at before the letters leave; rules say the rest."""
    received = dig(instruction(case), "reception.date")
    late = isinstance(received, dt.date) and received > case.edition
    return [
        *alertes_demande(case),
        *(["La date de réception n’est pas encore venue (champ « reception.date »)."] if late else []),
    ]


def _phrases(case: Case) -> list[dict[str, str]]:
    """Return the sentences proposed for the request, with the id that sets each aside."""
    asked, aside = a_demander(case)
    return [
        {
            "id": _insecable(one.regle),
            "sujet": asked_for["sujet"],
            "phrase": asked_for["phrase"],
            "suite": state,
        }
        for found, state in ((asked, "demandée"), (aside, "écartée"))
        for one in found
        for asked_for in (manque(case, one),)
    ]


def _insecable(ident: str) -> str:
    """Return the id of a rule so that it does not break over two lines."""
    return ident.replace("-", "\u2011")


def _pieces(case: Case) -> list[dict[str, str]]:
    rows = []
    titles = {piece.id: majuscule(piece.title) for piece in case.format.pieces}
    letters = {piece.id for piece in case.format.pieces if piece.letter}
    for ident, found in case.dossier.pieces.items():
        for forms in found:
            for source in forms:
                reading = source.reading
                marks = [_SIGNATURES[one.etat] for one in reading.signatures] if reading else []
                rows.append(
                    {
                        "piece": titles.get(ident, ident),
                        "fichier": source.name,
                        "nature": source.nature.upper(),
                        "pages": str(reading.pages) if reading and reading.pages else "–",
                        "signature": majuscule(enumerer(dict.fromkeys(marks)))
                        or ("non relevée" if ident in letters else "–"),
                        "reconnu_par": _ORIGINES.get(source.reconnu_par or "", "–"),
                    }
                )
    return rows


def _familles(case: Case) -> list[dict[str, Any]]:
    rules = {rule.id: rule for rule in case.rules}
    said: dict[str, list[str]] = {}
    for one in case.report.constats:
        said.setdefault(one.regle, []).append(one.message)
    families: dict[str, list[dict[str, str]]] = {}
    for result in case.report.regles:
        rule = rules.get(result.id)
        parts = result.id.split("-")
        family = parts[1] if len(parts) == 3 else ""
        motif = result.motif or " ".join(dict.fromkeys(said.get(result.id, ())))
        if _ID.fullmatch(motif):
            motif = f"voir {motif}"
        families.setdefault(family, []).append(
            {
                "id": _insecable(result.id),
                "titre": typo(rule.titre) if rule else "",
                "gravite": rule.gravite.label if rule else "",
                "etat": _ETATS[result.etat],
                "motif": typo(motif) or "–",
            }
        )
    known = list(FAMILIES)
    ordered = sorted(families, key=lambda one: known.index(one) if one in known else len(known))
    return [{"titre": FAMILIES.get(one, "Autres règles"), "regles": families[one]} for one in ordered]


def fiche_instruction(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``fiche-instruction``; a fiche is not needed."""
    counts = {state: sum(one.etat is state for one in case.report.regles) for state in State}
    dossier = case.dossier
    origin = {"date_depot": ", date de dépôt", "option": ", date demandée"}.get(dossier.origine_date, "")
    verdict = case.report.verdict
    to_do = sorted(
        (one for one in case.report.constats if one.etat in _ORDRE), key=lambda one: _ORDRE.index(one.etat)
    )
    return {
        "sujet": sujet(case)["nom"],
        "identite": _identite(case),
        "verdict": _VERDICTS[verdict]
        if verdict
        else (case.report.erreur or "Le dossier n’a pas été contrôlé."),
        "date_regles": date_courte(dossier.date_regles),
        "origine_date": origin,
        "bilan": f"{pluriel(len(case.report.regles), 'règle')}, dont "
        + enumerer(
            [f"{count}\u00a0{_ACCORDS[state][count > 1]}" for state, count in counts.items() if count]
        ),
        "a_traiter": [
            f"{one.regle}, {one.gravite.label}, {_ETATS[one.etat]}\u00a0: "
            f"{typo(one.titre)}. {typo(one.message)}"
            for one in to_do
        ],
        "a_verifier": _a_verifier(case),
        "phrases": _phrases(case),
        "pieces": _pieces(case),
        "familles": _familles(case),
    }
