"""The notification: amounts, dates, what an invoice must quote, advance (documents.md § 3.8, letter 11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from assembler_plugins.commun.baremes import valeur
from assembler_plugins.commun.exigences import exiger
from assembler_plugins.commun.lettres import chef_de_file, en_mois
from assembler_plugins.commun.personnes import fonction, nom_complet

from assembler.contributions import Case, Copy
from assembler.errors import MissingValue, WritingError
from assembler.french import (
    date_longue,
    en_lettres,
    enumerer,
    majuscule,
    montant,
    nombre,
    pourcent,
    telephone,
    typo,
)
from assembler.model import Months, dig

from .accord import accord_cadre
from .analyse import analyser
from .avances import avance_due
from .choix import retenue, sans_choix
from .delais import dernier_jour
from .heures import jour_date
from .montants import Montants, avances, en_toutes_lettres, montants
from .titulaires import lettre

__all__ = [
    "SIRET",
    "cadrage",
    "contacts",
    "facturation",
    "lettre_notification",
    "lignes_de_montants",
    "paiement",
    "pas_signe",
    "siret",
]

SIRET = "11000201100044"
"""The State as Chorus Pro knows it (documents.md § 2.2), when the fiche gives no other."""
_DOCUMENT = "lettre-notification"
_PIECES = (
    "copie de l’acte d’engagement signé par les deux parties",
    "cahier des clauses techniques particulières (CCTP)",
    "décomposition du prix global et forfaitaire (DPGF)",
)


def siret(fiche: Mapping[str, Any]) -> str:
    """Return the SIRET that invoices are addressed to, in digits."""
    given = dig(fiche, "attribution.siret_facturation")
    return "".join(char for char in str(given or SIRET) if char.isdigit())


def pas_signe(case: Case) -> str | None:
    """Return why there is nothing to notify yet."""
    if (reason := sans_choix(case)) or dig(case.fiche, "attribution.date_signature"):
        return reason
    return "le marché n’est pas dit signé (champ « attribution.date_signature »)"


def _duree(fiche: Mapping[str, Any]) -> int:
    given = dig(fiche, "accompagnement.duree_mois")
    if isinstance(given, Months):
        if given.min != given.max:
            raise WritingError(
                f"{_DOCUMENT} : le marché notifié n’a qu’une durée ; la fiche donne une fourchette, {given} "
                "(champ « accompagnement.duree_mois »)."
            )
        return given.min
    return int(given)


def _debut(fiche: Mapping[str, Any]) -> dt.date:
    """Return the first day of the services: the one planned, else that of the notification."""
    notified = dig(fiche, "attribution.date_notification")
    start: dt.date = dig(fiche, "attribution.date_debut") or notified
    if notified and start < notified:
        raise WritingError(
            f"{_DOCUMENT} : les prestations commenceraient le {date_longue(start)}, avant la notification, "
            f"prévue le {date_longue(notified)}."
        )
    return start


def lettre_notification(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``lettre-notification``."""
    fiche = case.fiche
    chosen = retenue(_DOCUMENT, case, analyser(case))
    start = dig(fiche, "attribution.date_debut") or dig(fiche, "attribution.date_notification")
    exiger(
        _DOCUMENT,
        {**fiche, "attribution": {**fiche["attribution"], "date_debut": start}},
        {
            "attribution.date_signature": "la date de signature",
            "attribution.date_debut": "le début des prestations",
            "accompagnement.duree_mois": "la durée",
            "attribution.engagement_juridique": "le numéro d’engagement juridique",
            "attribution.code_service": "le code service",
            "attribution.comptable": "le comptable assignataire",
        },
    )
    months, begin = _duree(fiche), _debut(fiche)
    found = montants(_DOCUMENT, case, chosen.titulaire, dig(fiche, "attribution.montant_ht"))
    values = lettre(case, chosen.titulaire)
    return values | {
        "references": {**values["references"], "citees": _citees(case)},
        "pj": list(_PIECES),
        "signe_le": date_longue(dig(fiche, "attribution.date_signature")),
        "montants": lignes_de_montants(found),
        "taux_tva": found.taux.phrase,
        "debut": date_longue(begin),
        "duree": en_mois(months),
        "fin": date_longue(dernier_jour(begin, months)),
        "facturation": facturation(
            fiche,
            ("Marché subséquent n°", dig(fiche, "marche.numero")),
            dig(fiche, "attribution.engagement_juridique"),
        ),
        "paiement": paiement(case),
        "avance": _avance(case, found, months),
        "contacts": contacts(fiche),
        "cadrage": cadrage(fiche),
        "titulaire": chosen.titulaire,
    }


def _citees(case: Case) -> list[str]:
    """Return what the letter relies on: the accord-cadre, the consultation."""
    record, place = accord_cadre(case), dig(case.fiche, "marche.reference_place")
    day = record["date_notification"]
    dated = f", notifié le {date_longue(day)}" if day else ""
    out = [f"accord-cadre n°\u00a0{record['numero']}{dated}"] if record["numero"] else []
    return [*out, f"consultation {place} sur PLACE"] if place else out


def lignes_de_montants(found: Montants) -> list[dict[str, str]]:
    """Return the amounts in words and figures: without tax, tax by rate, with tax."""
    several = len(found.taxes) > 1
    rows = [("Montant hors taxes", en_toutes_lettres(found.ht, "HT"))]
    for points, base, tax in found.taxes:
        label = f"TVA à {pourcent(points)}"
        if several:
            who = enumerer(one.membre for one in found.parts if one.taux == points)
            label += f", sur {montant(base)}\u00a0HT ({who})"
        rows.append((label, montant(tax) if points else "sans objet"))
    rows.append(("Montant toutes taxes comprises", en_toutes_lettres(found.ttc, "TTC")))
    return [{"libelle": label, "valeur": majuscule(value)} for label, value in rows]


def facturation(fiche: Mapping[str, Any], contrat: tuple[str, Any], engagement: Any) -> list[dict[str, str]]:
    """Return what an invoice must quote (D. 2192-2, documents.md § 5.4).

    Args:
        fiche: the total fiche.
        contrat: « Marché subséquent n° » or « Bon de commande n° », and its number.
        engagement: number of the engagement juridique.
    """
    digits = siret(fiche)
    grouped = "\u00a0".join([digits[:3], digits[3:6], digits[6:9], digits[9:]])
    rows = (
        contrat,
        ("N° d’engagement juridique", engagement),
        ("Code service exécutant", dig(fiche, "attribution.code_service")),
        ("SIRET du destinataire", grouped),
        ("Ordonnateur", dig(fiche, "attribution.ordonnateur")),
        ("Comptable assignataire", dig(fiche, "attribution.comptable")),
    )
    return [{"libelle": label, "valeur": majuscule(typo(str(value)))} for label, value in rows if value]


def paiement(case: Case) -> dict[str, str]:
    """Return the time of payment and what a delay costs: ``delai``, ``points``, ``indemnite``."""
    jour = dig(case.fiche, "attribution.date_notification") or case.edition
    days, points = valeur("delais", "paiement_jours", jour), valeur("delais", "majoration_points", jour)
    return {
        "delai": f"{en_lettres(int(days))} ({nombre(days)})\u00a0jours",
        "points": en_lettres(int(points)),
        "indemnite": montant(valeur("delais", "indemnite_euros", jour)),
    }


def _avance(case: Case, found: Montants, months: int) -> dict[str, Any]:
    """Return the advance: ``phrase``, ``versee``, and ``parts`` when several members have one.

    Raises:
        MissingValue: one is due, and the fiche does not say whether the titulaire wants it.
    """
    jour = dig(case.fiche, "marche.date_consultation") or case.edition
    none: dict[str, Any] = {"versee": False, "parts": []}
    if not avance_due(found.ht, months, jour):
        amount, least = valeur("avances", "seuil_ht", jour), valeur("avances", "duree_mois", jour)
        reason = (
            f"son montant n’excède pas {montant(amount)}\u00a0HT"
            if found.ht <= amount
            else f"sa durée n’excède pas {en_lettres(int(least))}\u00a0mois"
        )
        return none | {"phrase": f"Le marché n’ouvre pas droit à une avance\u00a0: {reason}."}
    wanted = dig(case.fiche, "attribution.avance.demandee")
    if wanted is None:
        raise MissingValue(
            f"{_DOCUMENT} : la fiche ne dit pas si le titulaire accepte l’avance (champ "
            "« attribution.avance.demandee »)."
        )
    if not wanted:
        return none | {"phrase": "Le titulaire a renoncé à l’avance dans l’acte d’engagement."}
    due = avances(_DOCUMENT, case, found, months)
    total = sum((amount for *_, amount in due), Decimal(0))
    year = " ramené à douze mois" if months > 12 else ""
    if len(due) == 1:
        part, rate, amount = due[0]
        said = f"{montant(amount)}, soit {pourcent(rate)} du montant initial TTC de {montant(part.ttc)}{year}"
        return {"phrase": f"Une avance de {said}, est versée au titulaire.", "versee": True, "parts": []}
    return {
        "versee": True,
        "phrase": f"Une avance de {montant(total)} est versée, calculée pour chaque membre du groupement sur "
        f"sa part du montant initial TTC{year}\u00a0:",
        "parts": [
            {
                "membre": f"{part.membre} ({part.role}{', PME' if part.pme else ''})",
                "base": montant(part.ttc),
                "taux": pourcent(rate),
                "avance": montant(amount),
            }
            for part, rate, amount in due
        ],
    }


def contacts(fiche: Mapping[str, Any]) -> str | None:
    """Return who follows the contract: name, function, telephone, address."""
    person = chef_de_file(fiche).get("contact") or {}
    name = nom_complet(person)
    if not name:
        return None
    parts = [
        name,
        fonction(person),
        f"tél.\u00a0{telephone(person['telephone'])}" if person.get("telephone") else None,
        person.get("courriel"),
    ]
    return ", ".join(str(one) for one in parts if one)


def cadrage(fiche: Mapping[str, Any]) -> str | None:
    """Return when and where the first meeting is held: « le mardi 8 septembre 2026 à 14 h 00 (Évron) »."""
    moment, place = (
        dig(fiche, "attribution.reunion_cadrage.date"),
        dig(fiche, "attribution.reunion_cadrage.lieu"),
    )
    if not moment:
        return None
    where = f" ({typo(str(place))})" if place else ""
    # Those who meet are there: no other time zone to tell.
    return f"le {jour_date(moment)} à\u00a0{moment:%H}\u00a0h\u00a0{moment:%M}{where}"
