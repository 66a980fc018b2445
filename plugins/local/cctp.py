"""The values of the CCTP (documents.md § 4): what the AC does not fix, fed by the note itself.

Clauses that belong to the accord-cadre are references in the template; here are only the values
of the marché subséquent. No amount, no envelope and no address of a person goes to the bidders.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from assembler_plugins.commun.autorites import autorite
from assembler_plugins.commun.exigences import exiger
from assembler_plugins.commun.lettres import atelier, chef_de_file, perimetre, themes
from assembler_plugins.commun.marche.dpgf import IDENTITE, frame_of
from assembler_plugins.commun.personnes import est_femme, fonction, nom_complet, nomme

from assembler.contributions import Case, Copy, Rule
from assembler.french import (
    date_longue,
    en_lettres,
    enumerer,
    majuscule,
    mois_annee,
    nombre,
    pluriel,
    typo,
)
from assembler.model import Months, dig

from .note import SECTIONS, acteurs, ressources, section_pour_cctp

__all__ = ["LIVRABLES", "accord_cadre", "bornes", "cctp", "livrables"]

VALIDATION = "30\u00a0jours"
"""Time to check a deliverable, when the accord-cadre says nothing: to be stated (documents.md § 4.7)."""

LIVRABLES: Mapping[str, tuple[tuple[str, str, str, str, str], ...]] = {
    "note_cadrage": (
        ("L1", "Note de cadrage", "Méthodologie, organisation de l’équipe, calendrier", "Étape 1", "cadrage"),
    ),
    "carnet_suivi": tuple(
        (
            f"L2.{n}",
            f"Carnet de suivi n°\u00a0{n}",
            "Déroulé, compte rendu, propositions",
            f"Étape {n + 1}",
            f"session_{n}",
        )
        for n in (1, 2, 3)
    ),
    "rapport_final": (
        (
            "L3",
            "Rapport final",
            "Synthèse et préconisations, cartes et esquisses",
            "Restitution",
            "restitution",
        ),
    ),
    "feuille_route": (
        (
            "L4",
            "Feuille de route",
            "Objectifs, plan d’actions et de financement, calendrier, porteurs des actions",
            "Restitution",
            "restitution",
        ),
    ),
}
"""Deliverables of the kit: number, name, least content, step, term (domaine.md L-18)."""
_NIVEAUX = {"localisation": 2, "ressources": 2}
"""Level of the note’s sub-headings: below an article (2), else below a sub-article (3)."""
_FORMATS = {
    "carnet_suivi": "PDF et fichier modifiable ; supports de session",
    "rapport_final": "PDF et fichier modifiable ; cartes en format natif",
    "feuille_route": "PDF et tableur modifiable",
}
_OBJETS = {
    "diagnostic": "diagnostic et enjeux",
    "strategie": "stratégie",
    "feuille_de_route": "feuille de route",
}
_USUELS = ("diagnostic", "strategie", "feuille_de_route")


def bornes(rules: tuple[Rule, ...]) -> Months | None:
    """Return the bounds of the accompagnement: those of the blocking rule in force, else None."""
    for rule in rules:
        spec = rule.schema.get("fiche.accompagnement.duree_mois")
        if isinstance(spec, Mapping) and {"min", "max"} <= set(spec) and rule.gravite.value == "bloquant":
            return Months(int(str(spec["min"])), int(str(spec["max"])))
    return None


def accord_cadre(fiche: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``numero``, ``intitule``, ``lot`` of the accord-cadre, given by reference or in full."""
    given = dig(fiche, "marche.accord_cadre")
    if isinstance(given, Mapping):
        return {
            "numero": given.get("numero"),
            "intitule": given.get("intitule"),
            "lot": dig(fiche, "marche.lot") or given.get("lot"),
        }
    return {"numero": given, "intitule": None, "lot": dig(fiche, "marche.lot")}


def _quand(value: Any) -> str | None:
    """Return a free date (a day, a month « 2026-10 ») in words."""
    if isinstance(value, dt.date):
        return date_longue(value)
    if isinstance(value, str) and len(value) == 7:
        return mois_annee(dt.date(int(value[:4]), int(value[5:]), 1))
    return None


def _sessions(fiche: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    found = dig(fiche, "accompagnement.sessions", ())
    return {one.get("numero") or rank: one for rank, one in enumerate(found, 1)}


def _echeances(fiche: Mapping[str, Any], months: int) -> dict[str, str]:
    """Return when each step ends: the dates of the fiche, else months counted from T0.

    The steps of documents.md § 4.4 are set for twelve months; they shrink or stretch with the mission.
    """
    sessions = _sessions(fiche)

    def month(of_twelve: int) -> str:
        return f"mois {max(1, round(of_twelve * months / 12))} à compter de T0"

    def session(number: int) -> str:
        when = _quand((sessions.get(number) or {}).get("debut"))
        return when or month(3 * number)

    return {
        "cadrage": "T0 + 6\u00a0semaines",
        **{f"session_{number}": session(number) for number in (1, 2, 3)},
        "restitution": f"T0 + {pluriel(months, 'mois', 'mois')}",
    }


def livrables(case: Case, months: int) -> list[dict[str, str]]:
    """Return the rows of article 8: those of the fiche, else the four of the programme."""
    wanted = dig(case.fiche, "marche.livrables", ()) or tuple(LIVRABLES)
    terms = _echeances(case.fiche, months)
    posts: dict[str, list[str]] = {}
    for phase in frame_of(case.fiche, case.edition).phases:
        for line in phase.lignes:
            posts.setdefault(line.livrable, []).append(line.numero)
    rows = []
    for key in wanted:
        for number, name, content, step, term in LIVRABLES.get(str(key), ()):
            after = "" if term in {"cadrage", "restitution"} else " + 3\u00a0semaines"
            rows.append(
                {
                    "numero": number,
                    "nom": name,
                    "contenu": content,
                    "etape": step.replace(" ", "\u00a0"),
                    "echeance": terms[term] + after,
                    "formats": _FORMATS.get(str(key), "PDF et fichier modifiable"),
                    "validation": VALIDATION,
                    "poste": enumerer(posts.get(number, ())) or "selon la DPGF",
                    "part": "selon l’échéancier de la DPGF",
                }
            )
    return rows


def _calendrier(case: Case, months: int) -> list[dict[str, str]]:
    terms = _echeances(case.fiche, months)
    sessions = _sessions(case.fiche)
    start = dig(case.fiche, "accompagnement.debut")
    rows = [
        ("Notification (T0) et réunion de cadrage", mois_annee(start) if start else "T0", None),
        ("Note de cadrage", terms["cadrage"], None),
    ]
    for number, usual in enumerate(_USUELS, 1):
        one = sessions.get(number) or {}
        days = f", {pluriel(one['jours'], 'jour')}" if one.get("jours") else ""
        what = _OBJETS.get(one.get("objet") or usual, str(one.get("objet") or usual))
        rows.append(
            (f"Session n°\u00a0{number}\u00a0: {what}{days}", terms[f"session_{number}"], one.get("lieu"))
        )
        if number < len(_USUELS):
            rows.append((f"Inter-atelier n°\u00a0{number}", "entre les deux sessions", None))
    rows.append(("Restitution, rapport final et feuille de route", terms["restitution"], None))
    return [
        {"temps": one, "date": when, "lieu": typo(str(place)) if place else "–"} for one, when, place in rows
    ]


def _jours(fiche: Mapping[str, Any]) -> str:
    known = sorted({one["jours"] for one in _sessions(fiche).values() if one.get("jours")})
    if not known:
        return "un à deux jours"
    if len(known) == 1:
        return pluriel(known[0], "jour")
    return f"{nombre(known[0])} à {pluriel(known[-1], 'jour')}"


def _mois(fiche: Mapping[str, Any]) -> tuple[str | None, int]:
    """Return the duration in words (None when unknown) and the longest number of months."""
    given = dig(fiche, "accompagnement.duree_mois")
    if given is None:
        return None, 12
    if isinstance(given, Months) and given.min != given.max:
        low, high = given.min, given.max
        return f"{en_lettres(low)} ({low}) à {en_lettres(high)} ({high})\u00a0mois", high
    months = given.max if isinstance(given, Months) else int(given)
    return f"{en_lettres(months)} ({months})\u00a0mois", months


def cctp(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``cctp``; what is mandatory and unknown is None, which refuses the document."""
    fiche = case.fiche
    exiger("cctp", fiche, {**IDENTITE, "intitule": "l’intitulé", "accompagnement.duree_mois": "la durée"})
    service = chef_de_file(fiche)
    named = nomme(str(service["nom"])) if service.get("nom") else {"nom": None, "le": None, "du": None}
    prefet = autorite(fiche, service)
    person = service.get("signataire") or {}
    quality = fonction(person)
    duree, months = _mois(fiche)
    limits = bornes(case.rules)
    bodies = [
        nomme(str(one["nom"]), one.get("type"))["le"]
        for one in fiche.get("collectivites") or ()
        if one.get("nom") and one.get("role") != "associee"
    ]
    contact = service.get("contact") or {}
    conduct = [part for part in (nom_complet(contact), fonction(contact)) if part]
    return {
        "bloc_marque": prefet["titre"],
        "prefet": prefet["titre"],
        "numero": dig(fiche, "marche.numero"),
        "accord_cadre": accord_cadre(fiche),
        "atelier": atelier(fiche, "Atelier local"),
        "territoire": majuscule(perimetre(fiche) or "") or None,
        "perimetre": perimetre(fiche),
        "service": {**named, "nom": majuscule(named["nom"]) if named["nom"] else None},
        "rpa": f"{'La' if est_femme(person) else 'Le'} {quality}, par délégation {_du(prefet['delegant'])}"
        if quality
        else None,
        "edition": date_longue(case.edition),
        "version": "1.0",
        "cpv": enumerer([str(one) for one in dig(fiche, "marche.cpv", ())]) or None,
        "note": {one: section_pour_cctp(case, one, _NIVEAUX.get(one, 3)) for one in SECTIONS},
        "themes": themes(fiche),
        "collectivites": {"les": enumerer(bodies) or "les collectivités"},
        "conduite": ", ".join(conduct) or None,
        "copil": [typo(str(one)) for one in dig(fiche, "marche.gouvernance.copil", ())],
        "cotech": [typo(str(one)) for one in dig(fiche, "marche.gouvernance.cotech", ())],
        "sessions": {"nombre": "trois", "jours": _jours(fiche)},
        "etapes": _echeances(fiche, months),
        "livrables": livrables(case, months),
        "duree": duree,
        "bornes": f"de {limits.min} à {limits.max}\u00a0mois" if limits else None,
        "calendrier": _calendrier(case, months),
        "validation": "trente (30)\u00a0jours",
        "derogations": [],
        "acteurs": acteurs(fiche),
        "ressources": ressources(fiche),
    }


def _du(delegant: str) -> str:
    return f"du {delegant[3:]}" if delegant.startswith("le ") else f"de {delegant}"
