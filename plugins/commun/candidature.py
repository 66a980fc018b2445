"""The letters of a candidature, whatever the format: what each says, when there is one, how many.

The words that differ from one format to another are in the Word templates; the bounds of the service’s
commitment and the letters expected are what a format gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import Any

from assembler_plugins.commun.modeles import gabarit

from assembler.contributions import Case, Copy, Rule, Template
from assembler.errors import MissingValue
from assembler.fiche import label
from assembler.french import date_longue, enumerer, mois_annee, slug, typo
from assembler.model import Months, dig

from .autorites import autorite, signature_prefecture
from .envoi import attache_service, bordereau_envoi, rien_a_envoyer
from .lettres import (
    apres_deux_points,
    atelier,
    chef_de_file,
    destinataire_dgaln,
    en_mois,
    expediteur_collectivite,
    expediteur_etat,
    perimetre,
    porteurs,
    themes,
)
from .personnes import est_femme, fonction, nom_complet, nomme, signature

__all__ = [
    "bornes_engagement",
    "copies_collectivite",
    "courrier_collectivite",
    "courrier_prefet",
    "courrier_service",
    "courriers_candidature",
    "engagement",
    "sans_collectivite",
    "sans_prefecture",
    "sans_service",
]

_DUREE = "fiche.accompagnement.duree_mois"
_SANS_BORNE = Months(0, 1200)
"""What bounds nothing: an old dossier may have no rule in force on its duration."""


def bornes_engagement(rules: Iterable[Rule], usuelles: Months) -> Months:
    """Return the bounds of the service’s commitment: those that the rules in force check.

    Rules on the letter itself come first, then those on the accompagnement; ``usuelles`` otherwise.
    """
    letter = [rule.parametres for rule in rules if rule.parametres.get("piece") == "courrier_service"]
    bounds = [(one.get("minimum"), one.get("maximum")) for one in letter] or [
        (spec.get("min"), spec.get("max")) for rule in rules if (spec := rule.schema.get(_DUREE))
    ]
    lows = [int(low) for low, _ in bounds if low is not None]
    highs = [int(high) for _, high in bounds if high is not None]
    return Months(max(lows, default=usuelles.min), min(highs, default=usuelles.max))


def engagement(case: Case, usuelles: Months) -> dict[str, Any]:
    """Return what the service commits to: ``duree`` in words, ``periode``, ``ecrete``.

    The call for candidatures asks for a commitment of 10 to 12 months, while the accompagnement itself
    may be planned over 15 (domaine.md § 3-C2): the letter prints the fiche’s duration within those
    bounds, and says so when it had to be brought back. The period is then left out, for it would
    tell another duration.
    """
    given = dig(case.fiche, "accompagnement.duree_mois")
    if given is None:
        usual = bornes_engagement(case.rules, usuelles)
        return {"duree": en_mois(usual), "periode": None, "ecrete": False}
    limits = bornes_engagement(case.rules, _SANS_BORNE)
    low, high = limits.min, limits.max
    asked = given if isinstance(given, Months) else Months(given, given)
    kept = Months(min(max(asked.min, low), high), min(max(asked.max, low), high))
    start, end = dig(case.fiche, "accompagnement.debut"), dig(case.fiche, "accompagnement.fin")
    period = None
    if kept == asked and start and end:
        period = f"de {mois_annee(start)} à {mois_annee(end)}"
    return {"duree": en_mois(kept), "periode": period, "ecrete": kept != asked}


def _collectivites(case: Case) -> dict[str, str]:
    """Return the collectivités that carry the dossier: ``les`` (with article) and ``des``."""
    bodies = [
        nomme(str(one["nom"]), one.get("type"))
        for one in case.fiche.get("collectivites") or ()
        if one.get("nom") and one.get("role") != "associee"
    ]
    if not bodies:
        return {"les": "les collectivités", "des": "des collectivités"}
    return {"les": enumerer([one["le"] for one in bodies]), "des": enumerer([one["du"] for one in bodies])}


def _service(service: Mapping[str, Any]) -> dict[str, str]:
    return nomme(str(service.get("nom") or "service de l’État"))


def _conduite(service: Mapping[str, Any]) -> str | None:
    contact = service.get("contact") or {}
    name, title = nom_complet(contact), fonction(contact)
    return f"{name}, {title}" if name and title else name


def _communs(case: Case) -> dict[str, Any]:
    """Return the values that the letters share."""
    bearers = porteurs(case.fiche)
    return {
        "atelier": atelier(case.fiche, case.format.title),
        "session": typo(str(case.fiche.get("session") or "")) or None,
        "references": {"nos": case.fiche.get("reference"), "vos": None},
        "porteurs": enumerer([one["le"] for one in bearers]) or "les porteurs du dossier",
        "portent": "porte" if len(bearers) == 1 else "portent",
        "perimetre": perimetre(case.fiche),
        "collectivites": _collectivites(case),
        "service": _service(chef_de_file(case.fiche)),
        "themes": themes(case.fiche),
        "resume": apres_deux_points(dig(case.fiche, "objet.resume")),
        "sessions": "trois",
        "pj": [],
        "copies": [],
    }


def sans_service(case: Case) -> str | None:
    """Return why the letter is not to be made: no service of the State is named, the letter is there."""
    named = dig(chef_de_file(case.fiche), "nom")
    who = "quel service de l’État porte l’Atelier"
    return None if named else _deja_la(case, "courrier_service", "pilotes", who)


def sans_prefecture(case: Case) -> str | None:
    """Return why the letter is not to be made: no préfet is named, the letter is there."""
    named = case.fiche.get("prefectures")
    who = "quel préfet ou sous-préfet soutient la candidature"
    return None if named else _deja_la(case, "courrier_prefet", "prefectures", who)


def sans_collectivite(case: Case) -> str | None:
    """Return why the letters are not to be made: no collectivité is named, a letter is there."""
    named = any(one.get("nom") for one in case.fiche.get("collectivites") or ())
    who = "quelles collectivités portent l’Atelier"
    return None if named else _deja_la(case, "courrier_collectivite", "collectivites", who)


def _deja_la(case: Case, piece: str, champ: str, who: str) -> str:
    """Return the reason when the signed letter is in the dossier, or is not asked for.

    Raises:
        MissingValue: a rule asks for it, it is not there, and the fiche does not say from whom.
    """
    if dig(case.dossier.facts, f"pieces.{piece}"):
        return "le courrier signé est dans le dossier"
    if not any(f"pieces.{piece}" in rule.schema for rule in case.rules):
        return "aucune règle en vigueur ne demande ce courrier, et la fiche ne dit pas " + who
    asked = label(case.format.fiche, champ)
    raise MissingValue(f"la fiche ne dit pas {who} : « {asked} », champ « {champ} »")


def courrier_service(usuelles: Months) -> Callable[[Case, Copy], Mapping[str, Any]]:
    """Return what gives the values of ``courrier-service``.

    Args:
        usuelles: bounds of the commitment when neither the fiche nor a rule in force says others.
    """

    def values(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
        service = chef_de_file(case.fiche)
        return _communs(case) | {
            "expediteur": expediteur_etat(case.fiche, service),
            "destinataire": destinataire_dgaln(attache_service(service)),
            "engagement": engagement(case, usuelles),
            "conduite": _conduite(service),
            "signature": signature(
                service.get("signataire") or {}, delegant=autorite(case.fiche, service)["delegant"]
            ),
        }

    return values


def courrier_prefet(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``courrier-prefet``."""
    service = chef_de_file(case.fiche)
    block = signature_prefecture(case.fiche)
    return _communs(case) | {
        "expediteur": expediteur_etat(case.fiche, service, prefet=True),
        "destinataire": destinataire_dgaln(block["attache"]),
        "objectifs": _points(dig(case.fiche, "objet.objectifs", ())),
        "reconnaissant": "reconnaissant" + block["e"],
        "signature": block,
    }


def _points(items: Iterable[str]) -> list[str]:
    """Return list items as a sentence runs through them: no capital, no full stop."""
    out = []
    for item in items:
        text = typo(" ".join(str(item).split())).rstrip(".;")
        out.append(text if text[:2].isupper() else text[:1].lower() + text[1:])
    return out


def copies_collectivite(case: Case) -> Iterable[Copy]:
    """One letter by collectivité; two of one name are told apart by their rank."""
    seen: dict[str, int] = {}
    for body in case.fiche.get("collectivites") or ():
        if not body.get("nom"):
            continue
        suffix = slug(str(body["nom"]))[:60].strip("-")
        seen[suffix] = seen.get(suffix, 0) + 1
        yield Copy(suffix=suffix if seen[suffix] == 1 else f"{suffix}-{seen[suffix]}", subject=body)


def courrier_collectivite(case: Case, copy: Copy) -> Mapping[str, Any]:
    """Return the values of ``courrier-collectivite`` for one collectivité.

    The kit of 2025 asks for a letter of « engagement », the site of 2026 of « soutien » (domaine.md
    § 3-C4): engagement says both. An associated collectivité, which does not carry the dossier, supports.
    """
    body = copy.subject
    carries = body.get("role") != "associee"
    named = nomme(str(body["nom"]), body.get("type"))
    person = body.get("representant") or {}
    usual = "maire" if named["nom"].startswith("commune ") or body.get("type") == "commune" else "président"
    others = [one["du"] for one in porteurs(case.fiche) if one["nom"] != named["nom"]]
    return _communs(case) | {
        "expediteur": expediteur_collectivite(body),
        "references": {"nos": None, "vos": None},
        "destinataire": destinataire_dgaln(),
        "collectivite": named,
        "nature": "engagement" if carries else "soutien",
        "verbe": "confirme son engagement dans" if carries else "apporte son soutien à",
        "partenaires": enumerer(others) or None,
        "deliberation": _deliberation(body),
        "referent": _conduite(body),
        "signature": signature({**person, "mode": person.get("mode")}, defaut=usual),
        "e": "e" if est_femme(person) else "",
    }


def _deliberation(body: Mapping[str, Any]) -> str | None:
    number, day = dig(body, "deliberation.numero"), dig(body, "deliberation.date")
    if not number and not day:
        return None
    which = f"délibération n°\u00a0{number}" if number else "délibération"
    when = f" du {date_longue(day)}" if day else ""
    return f"Cet engagement a fait l’objet de la {which}{when}."


def courriers_candidature(
    gabarits: Traversable, usuelles: Months, *, prefet: bool = True
) -> tuple[Template, ...]:
    """Return the letters of a candidature and the bordereau that sends it.

    Args:
        gabarits: folder of the format’s own letters.
        usuelles: bounds of the service’s commitment when no rule in force says others.
        prefet: a letter of the préfet or sous-préfet is expected.
    """
    collectivite = Template(
        id="courrier-collectivite",
        step="candidature",
        title="Courrier de la collectivité",
        audience="la collectivité qui signe",
        template=gabarits / "courrier-collectivite.docx",
        context=courrier_collectivite,
        condition=sans_collectivite,
        copies=copies_collectivite,
    )
    soutien = Template(
        id="courrier-prefet",
        step="candidature",
        title="Courrier de soutien du préfet ou du sous-préfet",
        audience="le préfet ou le sous-préfet qui signe",
        template=gabarits / "courrier-prefet.docx",
        context=courrier_prefet,
        condition=sans_prefecture,
    )
    service = Template(
        id="courrier-service",
        step="candidature",
        title="Courrier d’engagement du service pilote",
        audience="le chef du service qui signe",
        template=gabarits / "courrier-service.docx",
        context=courrier_service(usuelles),
        condition=sans_service,
    )
    envoi = Template(
        id="bordereau-envoi",
        step="candidature",
        title="Bordereau d’envoi du dossier",
        audience="le pilote, qui transmet le dossier à la DGALN",
        template=gabarit("bordereau-envoi"),
        context=bordereau_envoi,
        condition=rien_a_envoyer,
        enclosed=True,
    )
    return (collectivite, *((soutien,) if prefet else ()), service, envoi)
