"""What the desk writes while it examines: the request for complements, the fiche d’instruction."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from assembler.contributions import FAMILIES, Case, Copy, Piece
from assembler.fiche import label
from assembler.french import date_courte, date_longue, de, enumerer, majuscule, pluriel, typo
from assembler.model import Finding, State, Verdict, dig

from .lettres import BOITE, atelier, expediteur_dgaln, instruction, perimetre, porteurs
from .personnes import est_femme, fonction, nom_complet, organisme, signature

__all__ = ["demande_complements", "fiche_instruction", "rien_a_demander"]

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


def _a_demander(case: Case) -> list[Finding]:
    """Return what is asked of the applicant, in the order of the pieces, then of the fiche."""
    order = {piece.id: rank for rank, piece in enumerate(case.format.pieces)}
    asked = [one for one in case.report.constats if one.courrier and one.etat is State.NON_CONFORME]
    return sorted(asked, key=lambda one: order.get(one.emplacement.piece or "", len(order)))


def rien_a_demander(case: Case) -> str | None:
    """Return why no complement is asked for."""
    return (
        None
        if _a_demander(case)
        else "les contrôles ne relèvent rien qui soit à demander aux porteurs du dossier"
    )


def _sujet(case: Case) -> dict[str, str]:
    named = atelier(case.fiche, case.format.title)
    if named["nom"] and named["du"]:
        return {"nom": named["nom"], "du": named["du"]}
    place = perimetre(case.fiche)
    title = case.format.title
    return {"nom": f"{title} – {place}" if place else title, "du": de(title)}


def _manque(case: Case, found: Finding) -> dict[str, str]:
    piece: Piece | None = next((one for one in case.format.pieces if one.id == found.emplacement.piece), None)
    subject, form = typo(found.titre), "Précision écrite"
    if piece is not None:
        subject = majuscule(piece.title)
        form = "Courrier signé, en PDF" if piece.letter else "Fichier Word ou ODT"
    elif found.emplacement.champ:
        subject = label(case.format.fiche, found.emplacement.champ)
    return {"sujet": subject, "phrase": typo(found.courrier or found.message), "forme": form}


def _destinataires(case: Case) -> tuple[list[str], list[str]]:
    """Return the lines of the addressees and their salutations, elected people first."""
    lines, calls = [], []
    people = [
        (one.get("representant") or {}, one.get("nom"), one.get("type"), "président")
        for one in case.fiche.get("collectivites") or ()
        if one.get("role") != "associee"
    ]
    people += [
        (one.get("signataire") or {}, one.get("nom"), None, "directeur")
        for one in case.fiche.get("pilotes") or ()
    ]
    for person, body, kind, usual in people:
        name = nom_complet(person)
        if not name or not body:
            continue
        woman = est_femme(person)
        title = fonction(person, usual) or usual
        civility = "Madame" if woman else "Monsieur"
        lines.append(
            f"{civility} {name}, {title} {de(organisme(str(body), kind))}"
            if usual == "président"
            else f"{civility} {name}, {title}"
        )
        head = title.split()[0]
        calls.append(f"{civility} {'la' if woman else 'le'} {head.capitalize()}")
    return lines, calls


def demande_complements(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``demande-complements``."""
    kept = instruction(case)
    lines, calls = _destinataires(case)
    if not calls or len(calls) > 3:
        calls = ["Mesdames, Messieurs"]
    bodies = [one["le"] for one in porteurs(case.fiche)]
    if not lines and bodies:
        lines = [majuscule(one) for one in bodies]
    appel = ", ".join(dict.fromkeys(calls)) + ","
    sujet = _sujet(case)
    received = dig(kept, "reception.date")
    reference = dig(kept, "reception.reference") or case.fiche.get("reference")
    return {
        "expediteur": expediteur_dgaln(kept),
        "references": {"nos": reference, "vos": None},
        "destinataire": {"attache": None, "lignes": lines or ["Aux porteurs du dossier"]},
        "sujet": sujet["nom"],
        "du_sujet": sujet["du"],
        "pj": [],
        "appel": appel,
        "appel_suite": appel,
        "reception": date_longue(received) if isinstance(received, dt.date) else None,
        "manques": [_manque(case, one) for one in _a_demander(case)],
        "echeance": None,
        "boite": BOITE,
        "rappel": reference or sujet["nom"],
        "signature": signature(
            kept.get("signataire") or {},
            delegant="le ministre",
            defaut="sous-directeur de l’aménagement durable",
        ),
        "copies": [],
    }


def _identite(case: Case) -> list[dict[str, str]]:
    kept = instruction(case)
    received = dig(kept, "reception.date")
    agent = nom_complet(kept.get("agent_suivi") or {})
    rows = [
        ("Format", case.format.title),
        ("Intitulé", case.fiche.get("intitule")),
        ("Référence", dig(kept, "reception.reference") or case.fiche.get("reference")),
        ("Reçu le", date_longue(received) if isinstance(received, dt.date) else None),
        ("Porteurs", majuscule(enumerer([one["le"] for one in porteurs(case.fiche)]))),
        ("Territoire", majuscule(perimetre(case.fiche) or "")),
        ("Agent chargé du suivi", agent),
        ("Édition de la fiche", date_longue(case.edition)),
    ]
    return [{"libelle": one, "valeur": typo(str(value))} for one, value in rows if value]


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
                "id": result.id.replace("-", "\u2011"),  # the id of a rule does not break over two lines
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
        "sujet": _sujet(case)["nom"],
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
        "pieces": _pieces(case),
        "familles": _familles(case),
    }
