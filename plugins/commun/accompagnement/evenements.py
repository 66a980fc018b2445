"""The dates of an Atelier in one list: what the calendar, the .ics and the note de cadrage show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from assembler_plugins.commun.marche.mission import CARNET, LIVRABLES

from assembler.contributions import Case
from assembler.french import majuscule, mois_annee, slug, typo
from assembler.model import dig

from .dates import Horaire, fin_de_mois, jour_ou_mois, periode
from .livrables import livrable
from .seances import Seance, seances

__all__ = ["Evenement", "evenements", "sans_date"]

_RENCONTRES = {
    "seminaire_lancement": "Séminaire de lancement",
    "seminaire_cloture": "Séminaire de clôture",
    "inter_atelier": "Rencontre d’inter-atelier",
    "cadrage": "Réunion de cadrage",
    "restitution": "Restitution",
    "nationale": "Rencontre nationale",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Evenement:
    """Something dated, or still to be dated."""

    cle: str
    """Stable name within the dossier: « session-1 »."""
    libelle: str
    nature: str
    """``jalon``, ``rencontre`` (people meet) or ``periode``."""
    debut: dt.date | None = None
    """First day; the first of the month when only the month is known."""
    fin: dt.date | None = None
    """Last day, included."""
    mois: bool = False
    """Only the month is known."""
    horaires: tuple[Horaire, ...] = ()
    """One by day, or none."""
    lieu: str | None = None
    adresse: str | None = None
    """Place and address on one line."""
    details: tuple[str, ...] = field(default=())
    """Lines that say more: the agenda of a session."""

    @property
    def precis(self) -> bool:
        """The day is known."""
        return self.debut is not None and not self.mois

    @property
    def quand(self) -> str:
        """The date in words, for a table."""
        if self.debut is None:
            return "à fixer"
        if self.mois:
            return mois_annee(self.debut)
        return periode(self.debut, self.fin or self.debut)


def _date(cle: str, libelle: str, nature: str, value: Any, **rest: Any) -> Evenement:
    """Return an event at a free date; ``fin`` among the rest is that of a known day."""
    day, month = jour_ou_mois(value)
    if month:
        rest = {**rest, "fin": fin_de_mois(month), "mois": True}
    start = day or month
    end = rest.pop("fin", None) or start
    return Evenement(cle=cle, libelle=libelle, nature=nature, debut=start, fin=end, **rest)


def _session(one: Seance) -> Evenement:
    what = f"\u00a0: {one.objet}" if one.objet else ""
    return _date(
        f"session-{one.numero}",
        f"{majuscule(one.nom)}{what}",
        "rencontre",
        one.debut,
        fin=one.jours[-1] if one.jours else None,
        horaires=one.horaires,
        lieu=one.lieu,
        adresse=one.ou,
        details=tuple(typo(str(point)) for point in one.donnees.get("ordre_du_jour") or ()),
    )


def _inter_ateliers(sessions: tuple[Seance, ...]) -> Iterator[Evenement]:
    """Yield the time between two dated sessions, which the programme gives to deepening."""
    for rank, (before, after) in enumerate(pairwise(sessions), 1):
        if not before.jours or not after.jours:
            continue
        start = before.jours[-1] + dt.timedelta(days=1)
        end = after.jours[0] - dt.timedelta(days=1)
        if start <= end:
            name = f"Inter-atelier n°\u00a0{rank}" if len(sessions) > 2 else "Inter-atelier"
            yield Evenement(cle=f"inter-atelier-{rank}", libelle=name, nature="periode", debut=start, fin=end)


def _marche(fiche: Mapping[str, Any]) -> Iterator[Evenement]:
    """Yield the start of the contract and of the mission, and the meeting that frames it."""
    signed = dig(fiche, "attribution.date_notification")
    if signed:
        yield _date("notification", "Notification du marché", "jalon", signed)
    for one in fiche.get("commandes") or ():
        if one.get("date") and one.get("numero"):
            name = f"Bon de commande n°\u00a0{one['numero']}"
            yield _date(f"commande-{one['numero']}", name, "jalon", one["date"])
    start = dig(fiche, "attribution.date_debut") or dig(fiche, "accompagnement.debut")
    if start and start != signed:
        yield _date("debut", "Début de l’accompagnement", "jalon", start)
    meeting = dig(fiche, "attribution.reunion_cadrage.date")
    if meeting:
        place = dig(fiche, "attribution.reunion_cadrage.lieu")
        yield _date("cadrage", _RENCONTRES["cadrage"], "rencontre", meeting, lieu=_lieu(place),
                    horaires=_a_partir_de(meeting))  # fmt: skip
    end = dig(fiche, "accompagnement.fin")
    if end:
        yield _date("fin", "Fin de l’accompagnement", "jalon", end)


def _a_partir_de(moment: Any) -> tuple[Horaire, ...]:
    if not isinstance(moment, dt.datetime):
        return ()
    minutes = f"\u00a0{moment.minute:02}" if moment.minute else ""
    return (Horaire(texte=f"à {moment.hour}\u00a0h{minutes}", debut=moment.time()),)


def _lieu(value: Any) -> str | None:
    return typo(str(value)) if value else None


def _livrables(fiche: Mapping[str, Any]) -> Iterator[Evenement]:
    """Yield what was handed over, then what is still to be."""
    handed = [
        (rank, livrable(one["livrable"]), one)
        for rank, one in enumerate(fiche.get("livraisons") or (), 1)
        if one.get("livrable")
    ]
    for rank, named, one in handed:
        if one.get("date_remise"):
            yield _date(f"livraison-{rank}", f"Remise\u00a0: {named.complet}", "jalon", one["date_remise"])
        elsewhere = any(later > rank and other == named for later, other, _ in handed)
        if one.get("nouvelle_remise") and not elsewhere:
            label = f"Nouvelle remise attendue\u00a0: {named.complet}"
            yield _date(f"nouvelle-livraison-{rank}", label, "jalon", one["nouvelle_remise"])
    delivered = {named.code for _, named, one in handed if one.get("date_remise")}
    for code, due in _echeances(fiche).items():
        if code not in delivered:
            label = f"Échéance\u00a0: {livrable(code).complet}"
            yield _date(f"echeance-{slug(code)}", label, "jalon", due)


def _echeances(fiche: Mapping[str, Any]) -> dict[str, dt.date]:
    """Return when the marché wants each deliverable, as its CCTP says (documents.md § 4.5).

    Only from the weeks that the fiche states: those that the CCTP spreads by itself follow the
    dates of the sessions, which move once the contract is signed.
    """
    origin = dig(fiche, "attribution.date_notification")
    weeks = {one.get("etape"): one.get("fin") for one in dig(fiche, "marche.calendrier", ())}
    if not origin:
        return {}
    last = weeks.get("E5")
    due = {}
    for key in dig(fiche, "marche.livrables", ()) or LIVRABLES:
        for code, _, _, step in LIVRABLES.get(str(key), ()):
            end = weeks.get(step)
            if end is None:
                continue
            after = CARNET if key == "carnet_suivi" else 0
            total = end + after if last is None else min(end + after, last)
            due[code] = origin + dt.timedelta(weeks=total)
    return due


def _rencontres(fiche: Mapping[str, Any]) -> Iterator[Evenement]:
    framed = jour_ou_mois(dig(fiche, "attribution.reunion_cadrage.date"))[0]
    for one in dig(fiche, "accompagnement.rencontres", ()):
        nature = one.get("nature")
        if not nature or (nature == "cadrage" and framed and one.get("date") in (None, framed)):
            continue  # the meeting that frames the mission is told by the attribution
        name, place = _RENCONTRES.get(nature, str(nature)), _lieu(one.get("lieu"))
        yield _date(nature.replace("_", "-"), name, "rencontre", one.get("date"), lieu=place)


def evenements(fiche: Mapping[str, Any]) -> tuple[Evenement, ...]:
    """Return what the fiche dates, in the order of time; what is still to be dated comes last."""
    sessions = seances(fiche)
    found: dict[str, Evenement] = {}
    for one in (
        *_marche(fiche),
        *map(_session, sessions),
        *_rencontres(fiche),
        *_livrables(fiche),
        *_inter_ateliers(sessions),
    ):
        key, rank = one.cle, 1
        while key in found:
            rank += 1
            key = f"{one.cle}-{rank}"
        found[key] = replace(one, cle=key)
    last = dt.date.max
    return tuple(
        sorted(
            found.values(),
            key=lambda one: (one.debut or last, one.nature == "periode", one.fin or last),
        )
    )


def sans_date(case: Case) -> str | None:
    """Return the French reason when the fiche dates nothing."""
    if any(one.debut for one in evenements(case.fiche)):
        return None
    return "la fiche ne donne aucune date (champs « accompagnement » et « attribution »)"
