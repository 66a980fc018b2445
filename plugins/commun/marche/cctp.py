"""The values of the CCTP (documents.md § 4): what the AC does not fix, fed by the candidature itself.

Clauses that belong to the accord-cadre are references in the template; here are only the values
of the marché subséquent. No amount, no envelope and no address of a person goes to the bidders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from assembler_plugins.commun.exigences import exiger
from assembler_plugins.commun.lettres import chef_de_file, en_jours, minuscule, themes
from assembler_plugins.commun.personnes import fonction, nom_complet, nomme
from assembler_plugins.commun.trame import acteurs, ressources

from assembler.contributions import Case, Copy, Rule
from assembler.errors import MissingValue
from assembler.french import date_longue, en_lettres, enumerer, typo
from assembler.model import Months, dig

from . import mission, rythme
from .accord import accord_cadre
from .dpgf import IDENTITE
from .identite import identite
from .note import Note, section_pour_cctp

__all__ = ["bornes", "cctp"]


_EXIGES = {**IDENTITE, "intitule": "l’intitulé", "accompagnement.duree_mois": "la durée"}
_SEMINAIRES = {
    "seminaire_lancement": "un séminaire de lancement",
    "seminaire_cloture": "un séminaire de clôture",
}


def _session(fiche: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a national session: its title, the meetings and the network planned."""
    planned = {one.get("nature") for one in dig(fiche, "accompagnement.rencontres", ())}
    title = fiche.get("session")
    return {
        "session": typo(" ".join(str(title).split())) if title else None,
        "seminaires": enumerer([name for nature, name in _SEMINAIRES.items() if nature in planned]) or None,
        "reseau": bool(dig(fiche, "accompagnement.mise_en_reseau")),
        "nationale": "nationale" in planned,
    }


def bornes(rules: tuple[Rule, ...]) -> Months | None:
    """Return the bounds of the accompagnement: those of the blocking rule in force, else None."""
    for rule in rules:
        spec = rule.schema.get("fiche.accompagnement.duree_mois")
        if isinstance(spec, Mapping) and {"min", "max"} <= set(spec) and rule.gravite.value == "bloquant":
            return Months(int(str(spec["min"])), int(str(spec["max"])))
    return None


def _collectivites(fiche: Mapping[str, Any]) -> str:
    bodies = [
        nomme(str(one["nom"]), one.get("type"))["le"]
        for one in fiche.get("collectivites") or ()
        if one.get("nom") and one.get("role") != "associee"
    ]
    return enumerer(bodies) or "les collectivités"


def _instance(fiche: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return who sits in a body (``membres``) and how often it meets (``reunions``, in words)."""
    meetings = dig(fiche, f"marche.gouvernance.{name}_reunions")
    members: Iterable[Any] = dig(fiche, f"marche.gouvernance.{name}", ())
    return {
        "membres": [typo(str(one)).rstrip(".;\u202f") for one in members],
        "reunions": f"{en_lettres(meetings)}\u00a0({meetings}) fois" if meetings else None,
    }


def _derogations(fiche: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {key: typo(str(one.get(key) or "–")) for key in ("article_cctp", "article_ccag", "objet")}
        for one in dig(fiche, "marche.derogations", ())
    ]


def cctp(note: Note) -> Callable[[Case, Copy], Mapping[str, Any]]:
    """Return what gives the values of ``cctp``.

    Args:
        note: the piece from which it is made.
    """

    def made(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
        return _valeurs(case, note)

    return made


def _sections(case: Case, note: Note) -> dict[str, dict[str, Any]]:
    """Return the sections of the note.

    Raises:
        MissingValue: neither the note nor the fiche says anything of one that the CCTP needs.
    """
    found = {one: section_pour_cctp(case, note, one) for one in note.sections}
    empty = [
        f"« {title} »"
        for one, title in note.sections.items()
        if one not in note.facultatives and not any(found[one].values())
    ]
    if empty:
        raise MissingValue(f"cctp : {note.le} ne remplit pas {enumerer(empty)} ; complétez-la.")
    return found


def _valeurs(case: Case, note: Note) -> Mapping[str, Any]:
    fiche = case.fiche
    exiger("cctp", fiche, {**_EXIGES, **note.exiges})
    accord = accord_cadre(case)
    contact = chef_de_file(fiche).get("contact") or {}
    elu = dig(fiche, "marche.gouvernance.referent_elu")
    limits = bornes(case.rules)
    start = dig(fiche, "accompagnement.debut")
    days, origin = mission.verification(fiche, accord)
    return identite(case) | {
        "note": _sections(case, note),
        "themes": themes(fiche),
        "collectivites": {"les": _collectivites(fiche)},
        # Name and function only: what reaches a person directly stays out of a published document.
        "conduite": ", ".join(part for part in (nom_complet(contact), fonction(contact)) if part) or None,
        "referent_elu": typo(str(elu)).rstrip(".") if elu else None,
        "copil": _instance(fiche, "copil"),
        "cotech": _instance(fiche, "cotech"),
        "sessions": {"nombre": "trois", "jours": rythme.jours_de_session(fiche)},
        "etapes": rythme.etapes("cctp", fiche),
        "livrables": mission.livrables("cctp", case, accord),
        "echeancier": bool(dig(fiche, "marche.echeancier")),
        "competences": [minuscule(one) for one in mission.competences(fiche, accord)],
        "duree": rythme.duree(fiche)[0],
        "bornes": f"de {limits.min} à {limits.max}\u00a0mois" if limits else None,
        "calendrier": rythme.calendrier("cctp", fiche),
        "debut": date_longue(start) if start else None,
        "validation": {"delai": en_jours(days), "accord": origin == "accord"},
        "derogations": _derogations(fiche),
        "acteurs": acteurs(fiche),
        "ressources": ressources(fiche),
        **_session(fiche),
    }
