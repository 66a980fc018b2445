"""The sessions of an Atelier as documents name them, and who is expected at each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assembler_plugins.commun.lettres import chef_de_file
from assembler_plugins.commun.personnes import fonction, nom_complet, nomme

from assembler.contributions import Case, Copy
from assembler.french import majuscule, typo
from assembler.model import dig
from assembler.text import plain

from .dates import Horaire, en_jours, horaires, jour_ou_mois, jours_de, quand

__all__ = [
    "Participant",
    "Seance",
    "contact",
    "copies_session",
    "equipe",
    "participants",
    "sans_session",
    "seances",
]

_OBJETS = {
    "diagnostic": "diagnostic et enjeux",
    "strategie": "stratégie",
    "feuille_de_route": "feuille de route",
}
"""The objects of the programme (domaine.md L-16), as a reader knows them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seance:
    """A session of the fiche."""

    numero: int
    nom: str
    """« session n° 1 »; « session d’atelier » when there is only one."""
    objet: str | None
    """« diagnostic et enjeux », or the words of the fiche."""
    debut: Any
    """The date as the fiche gives it: a day, a month « 2026-10 », or None."""
    jours: tuple[dt.date, ...]
    """Its days, when the first one is known."""
    horaires: tuple[Horaire, ...]
    """One by day, or none."""
    lieu: str | None
    adresse: tuple[str, ...]
    donnees: Mapping[str, Any]
    """The session in the total fiche."""

    @property
    def quand(self) -> str | None:
        """« mercredi 14 et jeudi 15 octobre 2026 », the month when it is all that is known, or None."""
        return en_jours(self.jours) if self.jours else quand(self.debut)

    @property
    def ou(self) -> str | None:
        """Place and address on one line, or None."""
        parts = [part for part in (self.lieu, *self.adresse) if part]
        return ", ".join(dict.fromkeys(parts)) or None


@dataclass(frozen=True, kw_only=True, slots=True)
class Participant:
    """Somebody expected at a session; a body whose person is not known keeps an empty name."""

    nom: str
    organisme: str
    qualite: str


def seances(fiche: Mapping[str, Any]) -> tuple[Seance, ...]:
    """Return the sessions that the fiche describes, in its order."""
    given = dig(fiche, "accompagnement.sessions", ())
    found = []
    for rank, one in enumerate(given, 1):
        number = one.get("numero") or rank
        first, _ = jour_ou_mois(one.get("debut"))
        days = jours_de(first, one.get("jours")) if first else ()
        told = str(one.get("objet") or "").strip()
        found.append(
            Seance(
                numero=number,
                nom=f"session n°\u00a0{number}" if len(given) > 1 else "session d’atelier",
                objet=_OBJETS.get(plain(told).replace(" ", "_"), typo(told)) or None,
                debut=one.get("debut"),
                jours=days,
                horaires=horaires(one.get("horaires") or (), len(days)),
                lieu=typo(str(one["lieu"])) if one.get("lieu") else None,
                adresse=tuple(typo(str(line)) for line in one.get("adresse") or ()),
                donnees=one,
            )
        )
    return tuple(found)


def sans_session(case: Case) -> str | None:
    """Return the French reason when the fiche describes no session."""
    if seances(case.fiche):
        return None
    return "la fiche ne décrit aucune session (champ « accompagnement.sessions »)"


def copies_session(case: Case) -> Iterable[Copy]:
    """One document by session, under its number; two of one number are told apart by their rank."""
    seen: dict[int, int] = {}
    for one in seances(case.fiche):
        seen[one.numero] = seen.get(one.numero, 0) + 1
        again = f"-{seen[one.numero]}" if seen[one.numero] > 1 else ""
        yield Copy(suffix=f"{one.numero}{again}", subject=one)


def _personne(personne: Mapping[str, Any], organisme: str, qualite: str = "") -> Participant:
    return Participant(
        # as typed: an actor's name cannot be told from the first name, and all read alike in the list
        nom=typo(f"{personne.get('prenom') or ''} {personne['nom']}".strip()) if personne.get("nom") else "",
        organisme=typo(majuscule(organisme)),
        qualite=typo(majuscule(fonction(personne) or qualite)),
    )


def _attendus(fiche: Mapping[str, Any], hotes: bool) -> Iterator[Participant]:
    """Yield those of the bodies that carry the Atelier, then the actors."""
    leader = chef_de_file(fiche)
    groups = (("collectivites", "representant"), ("pilotes", "signataire"), ("operateurs", "representant"))
    for key, person in groups:
        for body in fiche.get(key) or ():
            if not body.get("nom") or (body is leader and not hotes):
                continue
            name = nomme(str(body["nom"]), body.get("type") if key == "collectivites" else None)["nom"]
            people = [body.get(person) or {}, body.get("contact") or {}]
            named = [one for one in people if nom_complet(one)]
            yield from (_personne(one, name) for one in named or people[:1])
    for one in fiche.get("acteurs") or ():
        yield _libre(one)


def _libre(one: Mapping[str, Any]) -> Participant:
    nom, organisme, qualite = (typo(str(one.get(key) or "")) for key in ("nom", "organisme", "qualite"))
    return Participant(nom=nom, organisme=organisme, qualite=majuscule(qualite))


def participants(fiche: Mapping[str, Any], seance: Seance, *, hotes: bool = False) -> list[Participant]:
    """Return who is expected: collectivités, services, opérateurs, acteurs, then the session's own guests.

    Args:
        fiche: the total fiche.
        seance: the session.
        hotes: with those whom no letter invites: the service that writes it, the team.
    """
    listed = [*_attendus(fiche, hotes), *map(_libre, seance.donnees.get("invites") or ())]
    if hotes:
        listed += [
            Participant(nom="", organisme=team, qualite="Équipe pluridisciplinaire") for team in equipe(fiche)
        ]
    kept: dict[tuple[str, str], Participant] = {}
    for one in listed:
        if one.nom or one.organisme:
            kept.setdefault((plain(one.nom), plain(one.organisme)), one)
    return list(kept.values())


def equipe(fiche: Mapping[str, Any]) -> list[str]:
    """Return who does the mission: the titulaire of the marché, else those of the bons de commande."""
    named = [dig(fiche, "attribution.titulaire")]
    named = named if named[0] else [one.get("titulaire") for one in fiche.get("commandes") or ()]
    return list(dict.fromkeys(typo(str(one)) for one in named if one))


def contact(fiche: Mapping[str, Any]) -> str | None:
    """Return whom to write to about a session: the contact of the leading service."""
    person = chef_de_file(fiche).get("contact") or {}
    name, mail = nom_complet(person), person.get("courriel")
    return f"{name} ({mail})" if name and mail else mail or name
