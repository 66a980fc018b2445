"""The choice: who is heard, what is retained, and the record that its participants sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from assembler_plugins.commun.autorites import autorite, departement
from assembler_plugins.commun.exigences import exiger
from assembler_plugins.commun.lettres import chef_de_file, prose
from assembler_plugins.commun.personnes import signature

from assembler.contributions import Case, Copy
from assembler.errors import WritingError
from assembler.french import date_longue, enumerer, montant, nombre, pluriel, pourcent, typo
from assembler.model import dig

from .accord import accord_cadre
from .analyse import Analyse, Offre, analyser, offrants, rang_en_lettres, sans_offre
from .heures import date_et_heure, jour_date
from .identite import identite
from .titulaires import IDENTIFIE, consultes, copies, lettre, nom_officiel

__all__ = [
    "auditionnes", "convocation_audition", "note_sur", "releve_choix", "retenue", "sans_audition",
    "sans_choix", "sans_releve",
]  # fmt: skip


def sans_releve(case: Case) -> str | None:
    """Return why there is no choice to record."""
    if dig(case.fiche, "attribution.sans_suite.motifs"):
        return "la consultation est déclarée sans suite (champ « attribution.sans_suite »)"
    return sans_offre(case)


def sans_choix(case: Case) -> str | None:
    """Return why nobody is retained yet, or not any more."""
    if reason := sans_releve(case):
        return reason
    if not dig(case.fiche, "attribution.titulaire"):
        return "la fiche ne dit pas quel titulaire est retenu (champ « attribution.titulaire »)"
    return None


def retenue(document: str, case: Case, found: Analyse) -> Offre:
    """Return the offer that is retained, once what binds the buyer is coherent.

    Args:
        document: id of the document, for the message.
        case: the case.
        found: the analysis of its offers.

    Raises:
        MissingValue: the fiche does not say who is retained, or for how much.
        WritingError: the titulaire made no offer, its offer is excluded or is not the best, or the amount
            is not that of its offer.
    """
    exiger(
        document,
        case.fiche,
        {**IDENTIFIE, "attribution.titulaire": "le titulaire retenu", "attribution.montant_ht": "le montant"},
    )
    name, amount = dig(case.fiche, "attribution.titulaire"), dig(case.fiche, "attribution.montant_ht")
    chosen = found.de(nom_officiel(case, str(name)))
    if chosen is None:
        made = enumerer(one.titulaire for one in found.offres)
        raise WritingError(f"{document} : « {name} » n’a pas remis d’offre (offres : {made}).")
    if chosen.ecartee:
        raise WritingError(
            f"{document} : l’offre retenue ({chosen.titulaire}) est écartée : {chosen.ecartee}."
        )
    if chosen.ht != amount:
        of_offer = f"celui de l’offre {montant(chosen.ht)}\u00a0HT" if chosen.ht else "l’offre n’en a pas"
        raise WritingError(
            f"{document} : le montant de l’attribution est {montant(amount)}\u00a0HT, {of_offer}."
        )
    if chosen.rang is not None and chosen.rang > 1:
        raise WritingError(
            f"{document} : l’offre retenue ({chosen.titulaire}) est classée {chosen.rang}e ; le marché "
            "revient à celle qui est classée première (code de la commande publique, article R. 2162-10)."
        )
    return chosen


def note_sur(valeur: Decimal | None, total: Decimal | None) -> str:
    """Return « 8,5 / 10 », or a dash for a mark that is not given."""
    if valeur is None or total is None:
        return "–"
    return f"{nombre(valeur)}\u00a0/\u00a0{nombre(total)}"


# --- hearing ------------------------------------------------------------------------------------


def auditionnes(case: Case) -> Iterable[Copy]:
    """Return a letter by titulaire that is heard: whose offer is not excluded, else each one consulted."""
    return copies(offrants(case, admis=True) if offrants(case) else consultes(case))


def sans_audition(case: Case) -> str | None:
    """Return why nobody is heard."""
    if accord_cadre(case)["audition"] is False:
        return "l’accord-cadre ne permet pas l’audition"
    if dig(case.fiche, "marche.audition.prevue") is False:
        return "la fiche ne prévoit pas d’audition (champ « marche.audition.prevue »)"
    if not list(auditionnes(case)):
        return "la fiche ne dit pas qui est consulté (champ « marche.titulaires_consultes »)"
    return None


def _quand(case: Case, nom: str) -> tuple[str | None, bool]:
    """Return when a titulaire is heard, and whether it is an hour rather than a window."""
    given = next(
        (
            one["audition"]
            for one in case.fiche.get("offres") or ()
            if one["audition"] and nom_officiel(case, str(one["titulaire"])) == nom
        ),
        None,
    )
    if given:
        return f"le {date_et_heure(given, departement(case.fiche))}", True
    start, end = dig(case.fiche, "marche.audition.debut"), dig(case.fiche, "marche.audition.fin")
    if start and end and start != end:
        return f"entre le {jour_date(start)} et le {jour_date(end)}", False
    return (f"le {jour_date(start or end)}", False) if start or end else (None, False)


def convocation_audition(case: Case, copy: Copy) -> Mapping[str, Any]:
    """Return the values of ``convocation-audition`` for one titulaire."""
    exiger("convocation-audition", case.fiche, IDENTIFIE)
    when, exact = _quand(case, copy.subject)
    place, minutes = dig(case.fiche, "marche.audition.lieu"), dig(case.fiche, "marche.audition.duree_minutes")
    remote = "visio" in str(place or "").lower()
    return lettre(case, copy.subject) | {
        "quand": when,
        "heure_connue": exact,
        "lieu": typo(str(place)) if place and not remote else None,
        "visioconference": remote,
        "duree": pluriel(minutes, "minute") if minutes else None,
        "negociation": bool(accord_cadre(case)["negociation"]),
    }


# --- record of the choice -----------------------------------------------------------------------


def releve_choix(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``releve-choix``; what is not known yet is marked, to be completed by hand."""
    found = analyser(case)
    fiche, service = case.fiche, chef_de_file(case.fiche)
    name = dig(fiche, "attribution.titulaire")
    chosen = found.de(nom_officiel(case, str(name))) if name else None
    if chosen and dig(fiche, "attribution.montant_ht"):
        chosen = retenue("releve-choix", case, found)
    day, limit = dig(fiche, "attribution.date_choix"), dig(fiche, "marche.date_limite_offres")
    consulted = dig(fiche, "marche.date_consultation")
    return identite(case) | {
        "expediteur": {"pied": None},
        "date_choix": date_longue(day) if day else None,
        "consultation": date_longue(consulted) if consulted else None,
        "consultes": enumerer(consultes(case)) or None,
        "limite": date_et_heure(limit, departement(fiche)) if limit else None,
        "participants": [
            {
                "nom": typo(str(one["nom"] or "–")),
                "organisme": typo(
                    ", ".join(str(part) for part in (one["qualite"], one["organisme"]) if part)
                ),
            }
            for one in dig(fiche, "attribution.participants", ())
        ],
        "criteres": [
            {"intitule": one.intitule, "poids": pourcent(one.poids), "note": _notation(one.calcule)}
            for one in found.criteres
        ],
        "note_max": nombre(found.note_max) if found.note_max else None,
        "offres": [
            {
                "titulaire": one.titulaire,
                "ht": montant(one.ht) if one.ht is not None else "–",
                "recue": _recue(one),
            }
            for one in found.offres
        ],
        "ecartees": [f"{one.titulaire}\u00a0: {prose(one.ecartee)}" for one in found.ecartees],
        "notes": _notes(found),
        "classement": [
            {
                "rang": rang_en_lettres(one) or "–",
                "titulaire": one.titulaire,
                "total": note_sur(one.total, Decimal(100)),
            }
            for one in sorted(found.admises, key=lambda one: one.rang or len(found.offres))
        ],
        "egalite": any(one.rang == 1 and one.ex_aequo for one in found.admises),
        "retenu": chosen.titulaire if chosen else None,
        "montant": f"{montant(chosen.ht)}\u00a0HT" if chosen and chosen.ht else None,
        "motifs": [prose(str(one)) for one in dig(fiche, "attribution.motifs", ())],
        "signature": signature(
            service.get("signataire") or {}, delegant=autorite(fiche, service)["delegant"]
        ),
        "copies": [],
    }


def _notation(computed: bool) -> str:
    return (
        "Note maximale × (montant le plus bas / montant de l’offre)"
        if computed
        else "Note attribuée à l’examen de l’offre"
    )


def _recue(one: Offre) -> str:
    if one.recue is None:
        return "–"
    return f"{one.recue:%d/%m/%Y} à\u00a0{one.recue:%H}\u00a0h\u00a0{one.recue:%M}"


def _notes(found: Analyse) -> list[dict[str, str]]:
    """Return a row by offer and criterion: the mark, the weighted one, what is said of it."""
    return [
        {
            "titulaire": one.titulaire,
            "critere": criterion.intitule,
            "note": note_sur(mark.note, found.note_max),
            "ponderee": note_sur(mark.ponderee, criterion.poids),
            "appreciation": prose(mark.appreciation)
            or ("Montant comparé au plus bas." if criterion.calcule else "–"),
        }
        for one in found.admises
        for criterion, mark in zip(found.criteres, one.notes, strict=True)
    ]
