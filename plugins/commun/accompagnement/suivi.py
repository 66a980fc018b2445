"""The frames that the team fills in as the mission goes: note de cadrage, carnet de suivi."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import dropwhile
from typing import Any

from assembler_plugins.commun.lettres import atelier, en_mois, perimetre, porteurs, prose
from assembler_plugins.commun.marche.mission import LIVRABLES
from assembler_plugins.commun.personnes import fonction, nom_complet, nomme
from assembler_plugins.commun.trame import acteurs, ressources

from assembler.contributions import Case, Copy
from assembler.french import date_longue, enumerer, majuscule, typo
from assembler.model import dig

from .evenements import evenements
from .invitations import session
from .seances import Seance, equipe, seances

__all__ = ["carnet_suivi", "identification", "interlocuteurs", "note_cadrage", "sujet", "titre_de_session"]

_ESQUISSE = {
    "esquisse_plan_guide": (
        ("Esquisse de plan-guide", "Stratégie d’aménagement à visée opérationnelle, esquissée"),
    )
}


def sujet(case: Case) -> str:
    """Return the name of the Atelier, else that of its format."""
    return atelier(case.fiche, case.format.title)["nom"] or case.format.title


def _contrat(fiche: Mapping[str, Any]) -> str | None:
    number = dig(fiche, "marche.numero")
    if number:
        return f"Marché subséquent n° {number}"
    orders = [f"n° {one['numero']}" for one in fiche.get("commandes") or () if one.get("numero")]
    if not orders:
        return None
    return f"{'Bon' if len(orders) == 1 else 'Bons'} de commande {enumerer(orders)}"


def identification(case: Case, *rows: tuple[str, str | None]) -> list[dict[str, str]]:
    """Return what identifies a deliverable: the contract, who carries and does it, then its own rows."""
    fiche = case.fiche
    duration = dig(fiche, "accompagnement.duree_mois")
    shown = [
        ("Session nationale", f"«\u00a0{fiche['session']}\u00a0»" if fiche.get("session") else None),
        ("Contrat", _contrat(fiche)),
        ("Équipe", enumerer(equipe(fiche))),
        ("Porteurs", majuscule(enumerer([one["le"] for one in porteurs(fiche)]))),
        ("Territoire", majuscule(perimetre(fiche) or "")),
        ("Durée", majuscule(en_mois(duration)) if duration else None),
        *rows,
        ("Édition du document", date_longue(case.edition)),
    ]
    return [{"libelle": label, "valeur": typo(str(value))} for label, value in shown if value]


def titre_de_session(one: Seance) -> str:
    """Return « Session n° 1 : diagnostic et enjeux »."""
    return majuscule(one.nom) + (f"\u00a0: {one.objet}" if one.objet else "")


def interlocuteurs(fiche: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the contact of each service and of each collectivité."""
    bodies = [(one, None) for one in fiche.get("pilotes") or ()]
    bodies += [(one, one.get("type")) for one in fiche.get("collectivites") or ()]
    rows = []
    for body, kind in bodies:
        person = body.get("contact") or {}
        told = [part for part in (nom_complet(person), fonction(person)) if part]
        if body.get("nom"):
            name = nomme(str(body["nom"]), kind)["nom"]
            rows.append(
                {
                    "organisme": majuscule(typo(name)),
                    "personne": typo(", ".join(told)) or "–",
                    "courriel": person.get("courriel") or "–",
                }
            )
    return rows


def _livrables(case: Case) -> list[dict[str, str]]:
    """Return the deliverables of the fiche, else those that its format makes in the end."""
    makes_a_plan = any(one.id == "esquisse-plan-guide" for one in case.format.documents)
    usual = (*_ESQUISSE, "feuille_route") if makes_a_plan else tuple(LIVRABLES)
    known: Mapping[str, Sequence[tuple[str, ...]]] = _ESQUISSE | {
        key: [(name, content) for _, name, content, _ in rows] for key, rows in LIVRABLES.items()
    }
    return [
        {"nom": typo(name), "contenu": content}
        for key in dig(case.fiche, "marche.livrables", ()) or usual
        for name, content in known.get(str(key), ())
    ]


def _lignes(items: Sequence[Any]) -> list[str]:
    return [typo(" ".join(str(one).split())) for one in items if str(one).strip()]


def note_cadrage(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``note-cadrage``; a fiche is not needed."""
    fiche = case.fiche
    sessions = seances(fiche)
    return {
        "sujet": sujet(case),
        "atelier": atelier(fiche, case.format.title),
        "identite": identification(case),
        "resume": prose(dig(fiche, "objet.resume")),
        "objectifs": [prose(str(one)) for one in dig(fiche, "objet.objectifs", ()) if str(one).strip()],
        "sessions": [
            {
                "titre": titre_de_session(one),
                "quand": "\n".join(
                    part for part in (majuscule(one.quand or "date à fixer"), one.lieu) if part
                ),
            }
            for one in sessions
        ],
        "inter_ateliers": len(sessions) > 1,
        "interlocuteurs": interlocuteurs(fiche),
        "copil": _lignes(dig(fiche, "marche.gouvernance.copil", ())),
        "cotech": _lignes(dig(fiche, "marche.gouvernance.cotech", ())),
        "calendrier": [
            {"libelle": one.libelle, "quand": majuscule(one.quand), "lieu": one.lieu or "–"}
            for one in evenements(fiche)
        ],
        "livrables": _livrables(case),
        "acteurs": acteurs(fiche),
        "ressources": ressources(fiche),
    }


def _suite(fiche: Mapping[str, Any], seance: Seance) -> str | None:
    """Return what comes next: the following session, None after the last one."""
    after = list(dropwhile(lambda one: one != seance, seances(fiche)))[1:]
    if not after:
        return None
    following = after[0]
    what = f" ({following.objet})" if following.objet else ""
    told = [following.quand or "date à fixer", following.lieu]
    return f"Prochaine étape\u00a0: {following.nom}{what}, {', '.join(part for part in told if part)}."


def carnet_suivi(case: Case, copy: Copy) -> Mapping[str, Any]:
    """Return the values of ``carnet-suivi`` for one session."""
    fiche, seance = case.fiche, copy.subject
    return {
        "sujet": sujet(case),
        "atelier": atelier(fiche, case.format.title),
        "session": session(seance),
        "identite": identification(
            case,
            ("Session", titre_de_session(seance)),
            ("Date", majuscule(seance.quand or "")),
            ("Lieu", seance.ou),
        ),
        "programme": _lignes(seance.donnees.get("ordre_du_jour") or ()),
        "suite": _suite(fiche, seance),
    }
