"""The frame of a candidature to fill in, with what the fiche gives already (note, fiche, manifestation)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assembler.contributions import Case, Copy
from assembler.french import departement_nom, majuscule, typo
from assembler.model import dig

from .lettres import atelier, porteurs, prose, themes
from .personnes import fonction, nom_complet, nomme

__all__ = ["acteurs", "ressources", "trame_note"]

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


def acteurs(fiche: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the actors as the rows of a table; an unknown cell holds a dash."""
    return [
        {
            "nom": typo(str(one.get("nom") or "–")),
            "organisme": typo(str(one.get("organisme") or "–")),
            "qualite": majuscule(typo(str(one.get("qualite") or "–"))),
        }
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
        "atelier": atelier(fiche, case.format.title),
        "session": typo(str(fiche.get("session") or "")) or None,
        "porteurs": _porteurs(fiche) if porteurs(fiche) else [],
        "localisation": _localisation(fiche),
        "resume": prose(dig(fiche, "objet.resume")),
        "themes": [f"L’Atelier relève {theme}."] if theme else [],
        "objectifs": [prose(str(one)) for one in dig(fiche, "objet.objectifs", ()) if str(one).strip()],
        "acteurs": acteurs(fiche),
        "ressources": ressources(fiche),
    }
