"""The bon de commande and the letter that sends it: their values (documents.md § 5.2 to 5.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from assembler_plugins.commun.accompagnement.dates import fin_de_mois, jour_ou_mois, periode, quand
from assembler_plugins.commun.accompagnement.livrables import livrable
from assembler_plugins.commun.exigences import exiger
from assembler_plugins.commun.lettres import apres_deux_points, en_jours, en_mois, minuscule, prose
from assembler_plugins.commun.marche.accord import accord_cadre
from assembler_plugins.commun.marche.avances import avance_due
from assembler_plugins.commun.marche.mission import verification
from assembler_plugins.commun.marche.montants import montants
from assembler_plugins.commun.marche.notification import (
    cadrage,
    contacts,
    facturation,
    lignes_de_montants,
    paiement,
)
from assembler_plugins.commun.marche.titulaires import lettre

from assembler.contributions import Case, Copy
from assembler.errors import MissingValue
from assembler.french import date_longue, enumerer, majuscule, montant, nombre, typo
from assembler.model import Months, dig

from .commandes import Commande, commande

__all__ = ["bon_commande", "lettre_envoi"]

_PROGRAMME = ("esquisse_plan_guide", "feuille_route")
"""What an Atelier flash delivers (domaine.md F-20)."""


def bon_commande(case: Case, copy: Copy) -> Mapping[str, Any]:
    """Return the values of ``bon-commande`` for one order.

    Raises:
        MissingValue: what identifies, dates or pays the order is not known.
        WritingError: a line is not in the titulaire's bordereau, or not at its price.
    """
    document, fiche, accord = "bon-commande", case.fiche, accord_cadre(case)
    exiger(
        document,
        fiche,
        {
            "intitule": "l’intitulé",
            "pilotes": "le service pilote",
            "attribution.code_service": "le code service",
            "attribution.comptable": "le comptable assignataire",
        },
    )
    found = commande(document, case, copy.subject)
    where = f"commandes.{copy.subject}"
    engagement = found.donnees["engagement_juridique"] or dig(fiche, "attribution.engagement_juridique")
    if not engagement:
        raise MissingValue(
            f"{document} : la fiche ne donne pas le numéro d’engagement juridique (champ "
            f"« {where}.engagement_juridique »)."
        )
    if not found.record["siret"]:
        raise MissingValue(
            f"{document} : le fichier de l’accord-cadre ne donne pas le SIRET de « {found.titulaire} »."
        )
    amounts = montants(document, case, found.titulaire, found.ht)
    days, origin = verification(fiche, accord)
    values = lettre(case, found.titulaire)
    return values | {
        "rpa": minuscule(values["rpa"]) if values["rpa"] else None,
        "bon": {"numero": found.numero, "date": date_longue(found.donnees["date"])},
        "titulaire": _titulaire(found),
        "objet": prose(found.donnees["objet"]),
        "question": apres_deux_points(dig(fiche, "objet.resume")),
        "prescripteur": contacts(fiche),
        "lignes": [
            {
                "numero": one.numero,
                "designation": one.designation,
                "unite": one.unite,
                "quantite": nombre(one.quantite),
                "prix": montant(one.prix),
                "montant": montant(one.montant),
            }
            for one in found.lignes
        ],
        "montants": lignes_de_montants(amounts),
        "taux_tva": amounts.taux.phrase,
        "execution": _execution(document, case, found, where),
        "livrables": _livrables(case, found),
        "verification": None if origin == "usage" else en_jours(days),
        "facturation": facturation(fiche, ("Bon de commande n°", found.numero), engagement),
        "paiement": paiement(case),
        "avance": avance_due(found.ht, _mois(fiche), found.donnees["date"]),
    }


def _titulaire(found: Commande) -> dict[str, Any]:
    """Return the titulaire: name, SIRET in groups, address and ways to reach it, on one line each."""
    record = found.record
    digits = str(record["siret"])
    address = ", ".join(typo(str(line)) for line in record["adresse"])
    return {
        "nom": found.titulaire,
        "siret": "\u00a0".join([digits[:3], digits[3:6], digits[6:9], digits[9:]]),
        "adresse": address or None,
        "courriel": record["courriel"],
    }


def _periode(fiche: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[Any, Any]:
    return (
        given["debut"] or dig(fiche, "accompagnement.debut"),
        given["fin"] or dig(fiche, "accompagnement.fin"),
    )


def _execution(document: str, case: Case, found: Commande, where: str) -> dict[str, str | None]:
    """Return when and where the services are performed.

    Raises:
        MissingValue: neither the days nor the duration are known.
    """
    start, end = _periode(case.fiche, found.donnees)
    duration = dig(case.fiche, "accompagnement.duree_mois")
    if start and end:
        when = periode(start, end)
    elif end:
        when = f"jusqu’au {date_longue(end)}"
    elif duration:
        after = f"du {date_longue(start)}" if start else "de la réception du bon de commande"
        when = f"{en_mois(duration)} à compter {after}"
    else:
        raise MissingValue(
            f"{document} : la fiche ne dit ni la fin ni la durée des prestations (champs « {where}.fin » et "
            "« accompagnement.duree_mois »)."
        )
    place = found.donnees["lieu"]
    return {"quand": majuscule(when), "lieu": typo(str(place)) if place else None}


def _livrables(case: Case, found: Commande) -> str | None:
    """Return what the order delivers; None when two orders do not say which is due under which."""
    own: Sequence[Any] = found.donnees["livrables"]
    if not own and len(case.fiche["commandes"]) == 1:
        own = dig(case.fiche, "marche.livrables", ()) or _PROGRAMME
    return majuscule(enumerer([livrable(one).nom for one in own])) or None


def _mois(fiche: Mapping[str, Any]) -> int:
    given = dig(fiche, "accompagnement.duree_mois")
    return given.max if isinstance(given, Months) else int(given or 0)


def lettre_envoi(case: Case, copy: Copy) -> Mapping[str, Any]:
    """Return the values of ``lettre-envoi`` for one order."""
    document, fiche = "lettre-envoi", case.fiche
    exiger(document, fiche, {"intitule": "l’intitulé", "pilotes": "le service pilote"})
    found = commande(document, case, copy.subject)
    start, end = _periode(fiche, found.donnees)
    return lettre(case, found.titulaire) | {
        "pj": [f"bon de commande n°\u00a0{found.numero}", "annexe financière"],
        "bon": {"numero": found.numero, "date": date_longue(found.donnees["date"])},
        "debut": date_longue(start) if start else None,
        "fin": date_longue(end) if end else None,
        "cadrage": _cadrage(fiche, start),
        "contacts": contacts(fiche),
    }


def _cadrage(fiche: Mapping[str, Any], start: dt.date | None) -> str | None:
    """Return when the first meeting is held; None when it is over before the order is begun."""
    planned = [one for one in dig(fiche, "accompagnement.rencontres", ()) if one.get("nature") == "cadrage"]
    held = dig(fiche, "attribution.reunion_cadrage.date") or (planned[0]["date"] if planned else None)
    day, month = jour_ou_mois(held)
    last = fin_de_mois(month) if month else day
    if start and last and last < start:
        return None
    told = cadrage(fiche)
    if told or last is None:
        return told
    place = f" ({typo(str(planned[0]['lieu']))})" if planned[0]["lieu"] else ""
    return f"{'le' if day else 'en'} {quand(held)}{place}"
