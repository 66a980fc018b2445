"""What the buyer still has to look at before the choice and the notification, in the order of the work."""

from __future__ import annotations

from collections.abc import Iterator

from assembler_plugins.commun.baremes import bareme
from assembler_plugins.commun.tva import taux_du_marche

from assembler.contributions import Case
from assembler.french import ajouter_mois, date_longue, enumerer, montant, nombre, pluriel, pourcent
from assembler.model import dig

from .accord import accord_cadre, memes, titulaire
from .analyse import Analyse, criteres
from .notification import SIRET, siret
from .titulaires import consultes, nom_officiel

__all__ = ["COLONNES", "anomalies", "points"]

Point = tuple[str, str]
"""Subject, what to look at."""
COLONNES = ("fichier", "feuille", "cellule", "gravite", "message")
"""What is told of a difference between a returned workbook and its frame."""


def anomalies(case: Case) -> list[dict[str, str]] | None:
    """Return what the comparison of the returned workbooks found; None when none was compared.

    Returns:
        ``fichier``, ``feuille``, ``cellule``, ``gravite`` and ``message``, a dash where there is nothing.
    """
    compared = [one for one in dig(case.dossier.facts, "pieces.offre", ()) if one.get("prix")]
    if not compared:
        return None
    rows: list[dict[str, str]] = []
    for one in compared:
        told = [*(one["prix"].get("anomalies") or ())]
        told += [
            {"gravite": "non vérifiée", "message": said} for said in one["prix"].get("non_verifie") or ()
        ]
        for found in told:
            given = {**found, "fichier": one.get("fichier")}
            rows.append({key: str(given.get(key) or "–") for key in COLONNES})
    return rows


def points(case: Case, found: Analyse) -> list[Point]:
    """Return the points to look at; empty when there is none."""
    return [
        *_consultation(case, found),
        *_criteres(case, found),
        *_tva(case, found),
        *_enveloppe(case),
        *_classeurs(case),
        *_choix(case, found),
        *_notification(case),
    ]


def _consultation(case: Case, found: Analyse) -> Iterator[Point]:
    asked = [nom_officiel(case, one) for one in consultes(case)]
    silent = [one for one in asked if found.de(one) is None]
    if silent:
        yield (
            "Consultation",
            f"Titulaires consultés dont aucune offre n’est enregistrée : {enumerer(silent)}.",
        )
    if asked:
        strange = [one.titulaire for one in found.offres if not any(memes(one.titulaire, n) for n in asked)]
        if strange:
            yield (
                "Consultation",
                f"Offres de titulaires qui ne sont pas dits consultés : {enumerer(strange)}.",
            )
    limit = dig(case.fiche, "marche.date_limite_offres")
    late = [one.titulaire for one in found.offres if limit and one.recue and one.recue > limit]
    if late:
        yield "Consultation", f"Offres reçues après la date limite : {enumerer(late)}."


def _criteres(case: Case, found: Analyse) -> Iterator[Point]:
    accord = accord_cadre(case)
    if not accord["criteres"]:
        yield (
            "Critères",
            "La fiche de l’accord-cadre n’a pas été trouvée ou ne donne pas de critères : ceux de la fiche "
            "du dossier sont repris ; vérifiez que ce sont ceux de l’accord-cadre.",
        )
        return
    given = {(one.get("intitule"), one.get("ponderation")) for one in dig(case.fiche, "marche.criteres", ())}
    fixed = {(one.get("intitule"), one.get("ponderation")) for one in accord["criteres"]}
    if given and not given <= fixed:
        yield (
            "Critères",
            "Les critères de la fiche ne sont pas ceux de l’accord-cadre, qui sont repris ici.",
        )
    if found.note_max is None:
        yield (
            "Notes",
            "La fiche de l’accord-cadre ne donne pas la note maximale : saisissez-la en page de garde.",
        )
    missing = [
        f"{one.titulaire} ({criterion.intitule})"
        for one in found.admises
        for criterion, mark in zip(found.criteres, one.notes, strict=True)
        if mark.note is None
    ]
    if missing:
        yield "Notes", f"Notes à donner : {enumerer(missing)}."
    if not any(one.prix for one in criteres(case)):
        yield "Critères", "Aucun critère n’est marqué comme celui du prix dans la fiche de l’accord-cadre."


def _tva(case: Case, found: Analyse) -> Iterator[Point]:
    rate = taux_du_marche(case)
    if rate is None:
        yield (
            "TVA",
            "Le taux de TVA n’est ni donné ni proposé pour ce territoire : saisissez-le et motivez-le.",
        )
    elif rate.propose:
        yield "TVA", f"Taux à confirmer : {rate.phrase}."
    elif rate.motif is None:
        yield "TVA", f"Le taux donné, {rate.phrase}, n’est pas celui du territoire : dites pourquoi."
    for one in found.offres:
        own = [
            str(member["nom"])
            for member in titulaire(accord_cadre(case), one.titulaire).get("membres") or ()
            if member.get("taux_tva") is not None and member.get("nom")
        ]
        if own:
            yield (
                "TVA",
                f"{one.titulaire} : {enumerer(own)} relève{'nt' if len(own) > 1 else ''} d’un autre taux ; "
                "la TVA de l’acte d’engagement, calculée sur la part de chacun, prévaut sur celle de la "
                "feuille « Offres ».",
            )


def _enveloppe(case: Case) -> Iterator[Point]:
    amount, base = dig(case.fiche, "financement.montant"), dig(case.fiche, "financement.base")
    if amount is not None and base is None:
        yield (
            "Enveloppe",
            f"La fiche ne dit pas si l’enveloppe de {montant(amount)} est hors taxes ou toutes taxes "
            "comprises (champ « financement.base ») : elle n’est pas contrôlée.",
        )


def _classeurs(case: Case) -> Iterator[Point]:
    told = anomalies(case)
    if told is None:
        yield (
            "Classeurs de prix",
            "Les classeurs rendus n’ont pas été comparés au cadre : contrôlez-les à l’œil.",
        )
    elif told:
        yield "Classeurs de prix", f"{pluriel(len(told), 'anomalie')} : voir la feuille « Anomalies »."


def _choix(case: Case, found: Analyse) -> Iterator[Point]:
    first = [one.titulaire for one in found.admises if one.rang == 1]
    if len(first) > 1:
        yield "Choix", f"Égalité au premier rang entre {enumerer(first)}."
    name = dig(case.fiche, "attribution.titulaire")
    chosen = found.de(name)
    if name and chosen is None:
        yield "Choix", f"Le titulaire retenu, {name}, n’a pas d’offre enregistrée."
    if chosen is None:
        return
    if chosen.ecartee:
        yield "Choix", f"L’offre retenue ({chosen.titulaire}) est écartée."
    if chosen.rang is not None and chosen.rang > 1:
        yield "Choix", f"L’offre retenue ({chosen.titulaire}) est classée {chosen.rang}e."
    said = dig(case.fiche, "attribution.montant_ht")
    if said is not None and chosen.ht is not None and said != chosen.ht:
        yield (
            "Choix",
            f"Le montant de l’attribution ({montant(said)}\u00a0HT) n’est pas celui de l’offre "
            f"({montant(chosen.ht)}\u00a0HT).",
        )


def _notification(case: Case) -> Iterator[Point]:
    number = dig(case.fiche, "attribution.engagement_juridique")
    if number and not (str(number).isdigit() and len(str(number)) == 10):
        yield (
            "Notification",
            f"Le numéro d’engagement juridique « {number} » n’a pas dix chiffres : vérifiez-le.",
        )
    if siret(case.fiche) == SIRET:
        yield (
            "Notification",
            "Le SIRET de facturation imprimé est celui de l’État (110 002 011 00044) : confirmez-le auprès "
            "du centre de services partagés.",
        )
    high = bareme("avances", "taux_haut", case.edition)
    rate = dig(case.fiche, "attribution.avance.taux")
    if high and rate is not None and rate > high.valeur:
        yield (
            "Avance",
            f"Le taux de l’avance, {pourcent(rate)}, dépasse {pourcent(high.valeur)} : vérifiez que "
            "l’accord-cadre le prévoit.",
        )
    jour = dig(case.fiche, "attribution.date_notification")
    threshold = bareme("seuils", "donnees_essentielles", jour or case.edition)
    delay = bareme("delais", "donnees_essentielles_mois", jour or case.edition)
    amount = dig(case.fiche, "attribution.montant_ht")
    if threshold and delay and amount is not None and amount >= threshold.valeur:
        until = (
            f"au plus tard le {date_longue(ajouter_mois(jour, int(delay.valeur)))}"
            if jour
            else f"dans les {nombre(delay.valeur)} mois de la notification"
        )
        yield (
            "Données essentielles",
            f"Le marché atteint {montant(threshold.valeur)}\u00a0HT : ses données essentielles sont à "
            f"publier {until} ({threshold.source}).",
        )
