"""The letter that consults the titulaires, with its règlement (documents.md § 3.7).

Everyone reads the same text: nothing but the addressee changes from one letter to the next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from assembler_plugins.commun.autorites import departement
from assembler_plugins.commun.exigences import exiger
from assembler_plugins.commun.lettres import TRIBUNAL_COMPETENT, en_jours, minuscule, tribunal

from assembler.contributions import Case, Copy, Template
from assembler.errors import MissingValue
from assembler.french import date_longue, enumerer, nombre, pluriel, typo
from assembler.model import dig

from . import rythme
from .accord import accord_cadre, criteres_poses, mandataires
from .analyse import criteres
from .heures import date_et_heure
from .titulaires import IDENTIFIE, consultes, copies, lettre

__all__ = ["VALIDITE", "copies_consultation", "lettre_consultation", "sans_titulaire", "validite"]

VALIDITE = 120
"""Days during which an offer stands, by usage, when nobody says (documents.md § 3.7)."""
_PLACE = "https://www.marches-publics.gouv.fr"
_EXIGES = {
    **IDENTIFIE,
    "accompagnement.duree_mois": "la durée",
    "marche.date_limite_offres": "la date limite de remise des offres",
}
_REMIS = ("cctp", "acte-engagement", "dpgf", "cadre-memoire")
"""What goes with the letter. The extract of the bordereau des prix stays with the buyer."""
_PRIX = {
    "plafond": "ne dépassent pas ceux du bordereau des prix du titulaire, annexé à l’accord-cadre",
    "identique": "sont ceux du bordereau des prix du titulaire, annexé à l’accord-cadre",
}
_FORMES = {"ferme": "ferme", "revisable": "révisable"}


def _titulaires(case: Case) -> list[str]:
    """Return who is consulted: all the titulaires of the accord-cadre, or of the lot.

    Without the desk's record, those that the fiche names.
    """
    known = mandataires(accord_cadre(case), dig(case.fiche, "marche.lot"))
    return [str(one["mandataire"]) for one in known] or consultes(case)


def sans_titulaire(case: Case) -> str | None:
    """Return why nobody can be consulted."""
    if _titulaires(case):
        return None
    return (
        "ni l’accord-cadre ni la fiche (champ « marche.titulaires_consultes ») ne disent quels titulaires "
        "consulter"
    )


def copies_consultation(case: Case) -> Iterable[Copy]:
    """One letter by titulaire."""
    return copies(_titulaires(case))


def validite(case: Case) -> str:
    """Return how long an offer stands, in words and figures."""
    known = dig(case.fiche, "marche.validite_offres_jours") or accord_cadre(case)["delai_validite_offres"]
    return en_jours(known or VALIDITE)


def _criteres(case: Case) -> dict[str, Any]:
    """Return the criteria with their weights, and how they are marked when the record says.

    Raises:
        MissingValue: a criterion has no weight.
    """
    bare = [f"« {one['intitule']} »" for one in criteres_poses(case) if one.get("ponderation") is None]
    if bare:
        raise MissingValue(f"lettre-consultation : la pondération de {enumerer(bare)} n’est pas donnée.")
    found = criteres(case)
    top = accord_cadre(case)["note_maximale"]
    return {
        "lignes": [{"intitule": one.intitule, "poids": one.poids} for one in found],
        "note": nombre(top) if top else None,
        "prix": next((one.intitule for one in found if one.calcule), None),
    }


def _documents(case: Case) -> list[dict[str, str]]:
    """Return the files that everyone receives, as the format makes them."""
    known: dict[str, Template] = {one.id: one for one in case.format.documents}
    return [
        {"titre": known[ident].title, "fichier": f"{ident}.{known[ident].extension}"}
        for ident in _REMIS
        if ident in known
    ]


def _variantes(fiche: Mapping[str, Any], accord: Mapping[str, Any]) -> str:
    allowed = dig(fiche, "marche.variantes")
    allowed = accord["variantes"] if allowed is None else allowed
    if allowed is None:
        return "elles ne sont admises que dans les cas que prévoit l’accord-cadre."
    return "elles sont autorisées." if allowed else "elles ne sont pas autorisées."


def _periode(start: dt.date | None, end: dt.date | None) -> str | None:
    if start and end and start != end:
        return f"entre le {date_longue(start)} et le {date_longue(end)}"
    day = start or end
    return f"le {date_longue(day)}" if day else None


def _audition(fiche: Mapping[str, Any], accord: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the audition, None unless the accord-cadre allows it and the fiche plans it."""
    one = dig(fiche, "marche.audition", {})
    if not (accord["audition"] and one.get("prevue")):
        return None
    minutes, place = one.get("duree_minutes"), one.get("lieu")
    return {
        "periode": _periode(one.get("debut"), one.get("fin")),
        "duree": pluriel(minutes, "minute") if minutes else None,
        "lieu": typo(str(place)) if place else None,
    }


def _echeance(fiche: Mapping[str, Any], field: str) -> str | None:
    moment = dig(fiche, f"marche.{field}")
    return date_et_heure(moment, departement(fiche)) if moment else None


def lettre_consultation(case: Case, copy: Copy) -> Mapping[str, Any]:
    """Return the values of ``lettre-consultation`` for one titulaire.

    Raises:
        MissingValue: what identifies the consultation is not known; every missing field is named.
    """
    fiche, accord = case.fiche, accord_cadre(case)
    asked = dict(_EXIGES)
    if not criteres_poses(case):
        asked["marche.criteres"] = "les critères, que l’accord-cadre ne donne pas non plus"
    exiger("lettre-consultation", fiche, asked)
    documents = _documents(case)
    wanted = accord["pieces_attributaire"] or dig(fiche, "attribution.pieces_demandees", ())
    return lettre(case, copy.subject) | {
        "pj": [one["titre"] for one in documents],
        "documents": documents,
        "place": {"adresse": _PLACE, "reference": dig(fiche, "marche.reference_place")},
        "limite_offres": _echeance(fiche, "date_limite_offres"),
        "limite_questions": _echeance(fiche, "date_limite_questions"),
        "duree": rythme.duree(fiche)[0],
        "sessions": {"nombre": "trois", "jours": rythme.jours_de_session(fiche)},
        "criteres": _criteres(case),
        "prix": {
            "forme": _FORMES.get(accord["forme_prix"] or ""),
            "regle": _PRIX.get(accord["regle_prix"] or ""),
        },
        "variantes": _variantes(fiche, accord),
        "validite": validite(case),
        "audition": _audition(fiche, accord),
        "negociation": bool(accord["negociation"]),
        "copie_sauvegarde": [typo(str(one)) for one in dig(fiche, "marche.copie_sauvegarde", ())],
        "pieces_attributaire": [minuscule(str(one)) for one in wanted],
        "tribunal": tribunal(dig(fiche, "marche.tribunal")) or TRIBUNAL_COMPETENT,
    }
