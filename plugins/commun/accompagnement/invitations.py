"""The invitation to a session and the sheet that those present sign: their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from assembler_plugins.commun.autorites import autorite
from assembler_plugins.commun.lettres import atelier, chef_de_file, expediteur_etat, perimetre, porteurs
from assembler_plugins.commun.marche.heures import jour_date
from assembler_plugins.commun.personnes import nomme, signature

from assembler.contributions import Case, Copy
from assembler.french import date_longue, enumerer, mois_annee, typo
from assembler.model import dig

from .dates import Horaire, jour_ou_mois
from .seances import Seance, contact, participants

__all__ = ["emargement_session", "invitation_session", "session"]

_HALVES = ("matin", "après-midi")
_FIRST, _NEXT = 10, 13
"""Rows that the first page of a sheet holds, and the others."""
_LEAST = 4
"""Empty rows, at least, for those whom nobody expected."""


def session(seance: Seance) -> dict[str, str | None]:
    """Return a session as sentences name it; what is not known is None."""
    month = jour_ou_mois(seance.debut)[1]
    return {
        "nom": seance.nom,
        "objet": seance.objet,
        "date": seance.quand if seance.jours else None,
        # what is missing, with what is known of it
        "date_manquante": f"jour, en {mois_annee(month)}" if month else "date de la session",
        "horaires": _horaires(seance),
        "lieu": seance.ou,
    }


def _horaires(seance: Seance) -> str | None:
    hours = [one.texte for one in seance.horaires]
    if not hours:
        return None
    if len(set(hours)) == 1:
        return hours[0] + (" chaque jour" if len(hours) > 1 else "")
    if len(hours) != len(seance.jours):
        return enumerer(hours, "puis")
    days = [jour_date(day).rpartition("\u00a0")[0] for day in seance.jours]  # without the year
    return enumerer([f"{hour} le {day}" for hour, day in zip(hours, days, strict=True)])


def _points(items: Sequence[Any]) -> list[str]:
    """Return the points of an agenda as they run through one sentence."""
    return [typo(" ".join(str(one).split())).rstrip(" .;") for one in items if str(one).strip()]


def invitation_session(case: Case, copy: Copy) -> Mapping[str, Any]:
    """Return the values of ``invitation-session`` for one session."""
    fiche, seance = case.fiche, copy.subject
    service = chef_de_file(fiche)
    bearers = porteurs(fiche)
    due = seance.donnees.get("reponse_avant")
    return {
        "expediteur": expediteur_etat(fiche, service),
        "references": {"nos": fiche.get("reference"), "vos": None},
        "destinataire": {
            "attache": None,
            "lignes": ["Aux personnes et organismes invités", "(liste en annexe)"],
        },
        "atelier": atelier(fiche, case.format.title),
        "porteurs": enumerer([one["le"] for one in bearers]) or "les porteurs du dossier",
        "portent": "porte" if len(bearers) == 1 else "portent",
        "perimetre": perimetre(fiche),
        "session": session(seance),
        "programme": _points(seance.donnees.get("ordre_du_jour") or ()),
        # the programme leaves these costs to the co-porteurs, unless the fiche says otherwise
        "logistique": (dig(fiche, "financement.frais_organisation") or "co_porteurs") == "co_porteurs",
        "reponse": date_longue(due) if due else None,
        "contact": contact(fiche),
        "invites": [
            {"nom": one.nom or "–", "organisme": one.organisme or "–", "qualite": one.qualite or "–"}
            for one in participants(fiche, seance)
        ],
        "pj": [],
        "signature": signature(
            service.get("signataire") or {}, delegant=autorite(fiche, service)["delegant"]
        ),
        "copies": [],
    }


def _feuilles(seance: Seance) -> list[dict[str, Any]]:
    """Return one sheet by day; as many as the session lasts, undated, when its date is not known."""
    days = list(seance.jours) or [None] * max(1, ceil(seance.donnees.get("jours") or 1))
    known = len(seance.horaires) == len(days)
    hours = seance.horaires if known else [Horaire(texte="")] * len(days)
    return [
        {
            "date": jour_date(day) if day else None,
            "horaires": hour.texte,
            "matin": _HALVES[0] in hour.demi_journees,
            "apres_midi": _HALVES[1] in hour.demi_journees,
        }
        for day, hour in zip(days, hours, strict=True)
    ]


def _vides(attendus: int) -> int:
    """Return how many empty rows fill the last page."""
    wanted = attendus + _LEAST
    pages = max(0, ceil((wanted - _FIRST) / _NEXT))
    return _FIRST + pages * _NEXT - attendus


def emargement_session(case: Case, copy: Copy) -> Mapping[str, Any]:
    """Return the values of ``emargement-session`` for one session."""
    fiche, seance = case.fiche, copy.subject
    service = chef_de_file(fiche)
    expected = participants(fiche, seance, hotes=True)
    return {
        "atelier": atelier(fiche, case.format.title),
        "session": session(seance),
        "jours": _feuilles(seance),
        "participants": [
            {"nom": one.nom, "organisme": one.organisme, "qualite": one.qualite} for one in expected
        ],
        "vides": range(_vides(len(expected))),
        "responsable": nomme(str(service["nom"]))["le"] if service.get("nom") else None,
        "contact": dig(service, "contact.courriel"),
    }
