"""The letters that follow the choice: to the one retained, to the others, or to all when there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from assembler_plugins.commun.baremes import bareme
from assembler_plugins.commun.exigences import exiger
from assembler_plugins.commun.lettres import prose, tribunal

from assembler.contributions import Case, Copy
from assembler.errors import MissingValue, WritingError
from assembler.french import date_longue, en_lettres, enumerer, majuscule, montant, pourcent, typo
from assembler.model import dig

from .accord import accord_cadre, memes, titulaire
from .analyse import Analyse, Offre, analyser, offrants, rang_en_lettres, sans_offre
from .choix import note_sur, retenue, sans_choix
from .delais import premiere_signature
from .titulaires import IDENTIFIE, consultes, copies, en_groupement, lettre

__all__ = [
    "declaration_sans_suite", "destinataires_sans_suite", "lettre_attribution", "lettre_rejet", "rejetes",
    "sans_rejet", "sans_sans_suite",
]  # fmt: skip


def _avec(fiche: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    """Return the fiche with fields of ``attribution`` that have been completed from elsewhere."""
    return {**fiche, "attribution": {**fiche["attribution"], **values}}


def _communs(case: Case, nom: str) -> dict[str, Any]:
    own = [one for one in case.fiche.get("offres") or () if memes(one["titulaire"], nom)]
    received = own[0]["date_reception"] if own else None
    consulted = dig(case.fiche, "marche.date_consultation")
    chosen_on = dig(case.fiche, "attribution.date_choix")
    values = lettre(case, nom)
    return values | {
        "references": {
            **values["references"],
            "vos": f"offre du {date_longue(received)}" if received else None,
        },
        "consultation": date_longue(consulted) if consulted else None,
        "date_choix": date_longue(chosen_on) if chosen_on else None,
    }


def _suspension(document: str, case: Case) -> dict[str, str | bool] | None:
    """Return the time that the buyer lets go by before it signs: ``duree``, ``date``, ``imposee``; or None.

    Raises:
        MissingValue: there is one, and the day from which it runs is not given.
        WritingError: the signature is planned before its end.
    """
    imposed = accord_cadre(case)["delai_suspension"] or 0
    own = dig(case.fiche, "attribution.delai_suspension_jours")
    days = imposed if own is None else max(own, imposed)
    if not days:
        return None
    exiger(
        document, case.fiche, {"attribution.date_rejets": "la date d’information des titulaires non retenus"}
    )
    first = premiere_signature(dig(case.fiche, "attribution.date_rejets"), days)
    planned = dig(case.fiche, "attribution.date_signature")
    if planned and planned < first:
        raise WritingError(
            f"{document} : la signature est prévue le {date_longue(planned)}, avant le {date_longue(first)}, "
            f"premier jour possible après {days} jours de suspension."
        )
    return {
        "duree": f"{en_lettres(days)} ({days})\u00a0jours",
        "date": date_longue(first),
        "imposee": days == imposed,
    }


def lettre_attribution(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``lettre-attribution``: it informs, and starts nothing."""
    found = analyser(case)
    chosen = retenue("lettre-attribution", case, found)
    asked = dig(case.fiche, "attribution.pieces_demandees") or accord_cadre(case)["pieces_attributaire"]
    exiger(
        "lettre-attribution",
        _avec(case.fiche, pieces_demandees=asked),
        {
            "attribution.pieces_demandees": "les pièces demandées à l’attributaire",
            "attribution.date_limite_pieces": "leur date limite de remise",
        },
    )
    return _communs(case, chosen.titulaire) | {
        "montant": f"{montant(_du(chosen))}\u00a0HT",
        "pieces": _points(asked),
        "limite": date_longue(dig(case.fiche, "attribution.date_limite_pieces")),
        "suspension": _suspension("lettre-attribution", case),
    }


def _du(offer: Offre) -> Decimal:
    assert offer.ht is not None  # retenue() compares it with the amount of the attribution
    return offer.ht


def _points(items: Iterable[Any]) -> list[str]:
    """Return list items as a sentence runs through them: no capital, no full stop."""
    out = []
    for item in items:
        text = typo(" ".join(str(item).split())).rstrip(".; ")
        out.append(text if text[:2].isupper() else text[:1].lower() + text[1:])
    return out


# --- those that are not retained ------------------------------------------------------------------


def rejetes(case: Case) -> Iterable[Copy]:
    """Return a letter by titulaire whose offer is not retained."""
    chosen = dig(case.fiche, "attribution.titulaire")
    return copies(one for one in offrants(case) if not memes(one, chosen))


def sans_rejet(case: Case) -> str | None:
    """Return why there is nobody to tell that its offer is not retained."""
    if not list(rejetes(case)) and sans_choix(case) is None:
        return "une seule offre a été reçue, et elle est retenue"
    return sans_choix(case)


def lettre_rejet(case: Case, copy: Copy) -> Mapping[str, Any]:
    """Return the values of ``lettre-rejet`` for one titulaire.

    It holds the marks of its addressee and those of the one retained; of the others, nothing, and of
    nobody the price.
    """
    document = "lettre-rejet"
    found = analyser(case)
    chosen, own = retenue(document, case, found), found.de(copy.subject)
    assert own is not None  # the copies are those of the offers
    exiger(
        document,
        case.fiche,
        {
            "attribution.motifs": "les motifs du choix",
            "marche.tribunal": "le tribunal administratif compétent",
        },
    )
    if not own.ecartee:
        _exiger_notes(document, found, own, chosen)
    planned = dig(case.fiche, "attribution.date_signature")
    return _communs(case, copy.subject) | {
        "ecartee": majuscule(prose(own.ecartee) or ""),
        "notes": [] if own.ecartee else _comparees(found, own, chosen),
        "note_max": "" if found.note_max is None else found.note_max,
        "total": note_sur(own.total, Decimal(100)),
        "total_retenu": note_sur(chosen.total, Decimal(100)),
        "rang": rang_en_lettres(own),
        "classees": en_lettres(len(found.admises)),
        "plusieurs": len(found.admises) > 1,
        "egalite": own.rang == 1,
        "retenu": _nomme(case, chosen.titulaire),
        "motifs": [prose(str(one)) for one in dig(case.fiche, "attribution.motifs", ())],
        "suspension": _suspension(document, case),
        "signature_prevue": date_longue(planned) if planned else None,
        "recours": _recours(case),
    }


def _nomme(case: Case, nom: str) -> str:
    """Return a titulaire as a sentence names it, its groupement told."""
    grouped = en_groupement(titulaire(accord_cadre(case), nom))
    return f"{nom}, mandataire du groupement" if grouped else nom


def _exiger_notes(document: str, found: Analyse, *offers: Offre) -> None:
    """Refuse a letter that must give marks while one of them is missing."""
    missing = [
        f"{one.titulaire} ({criterion.intitule})"
        for one in offers
        for criterion, mark in zip(found.criteres, one.notes, strict=True)
        if mark.ponderee is None
    ]
    if found.note_max is None:
        missing = ["la note maximale, que donne l’accord-cadre"]
    if missing or not found.criteres:
        raise MissingValue(f"{document} : il manque des notes : {enumerer(missing) or 'aucun critère'}.")


def _comparees(found: Analyse, own: Offre, chosen: Offre) -> list[dict[str, str]]:
    return [
        {
            "critere": criterion.intitule,
            "poids": pourcent(criterion.poids),
            "note": note_sur(mine.ponderee, criterion.poids),
            "retenu": note_sur(theirs.ponderee, criterion.poids),
            "appreciation": prose(mine.appreciation) or "–",
        }
        for criterion, mine, theirs in zip(found.criteres, own.notes, chosen.notes, strict=True)
    ]


def _recours(case: Case) -> dict[str, str | None]:
    delay = bareme("delais", "recours_mois", case.edition)
    assert delay is not None  # the table has no end
    return {
        "tribunal": tribunal(dig(case.fiche, "marche.tribunal")),
        "delai": f"{en_lettres(int(delay.valeur))}\u00a0mois",
    }


# --- no follow-up -----------------------------------------------------------------------------------


def destinataires_sans_suite(case: Case) -> Iterable[Copy]:
    """Return a letter by titulaire that was consulted, whether it made an offer or not."""
    return copies(consultes(case) or offrants(case))


def sans_sans_suite(case: Case) -> str | None:
    """Return why there is nobody to tell that the consultation has no follow-up."""
    if list(destinataires_sans_suite(case)):
        return None
    return (
        f"la fiche ne dit pas qui est consulté (champ « marche.titulaires_consultes ») ; {sans_offre(case)}"
    )


def declaration_sans_suite(case: Case, copy: Copy) -> Mapping[str, Any]:
    """Return the values of ``declaration-sans-suite`` for one titulaire; its reasons are mandatory."""
    exiger(
        "declaration-sans-suite",
        case.fiche,
        {
            **IDENTIFIE,
            "attribution.sans_suite.motifs": "les motifs de la déclaration sans suite",
            "marche.tribunal": "le tribunal administratif compétent",
        },
    )
    day = dig(case.fiche, "attribution.sans_suite.date")
    return _communs(case, copy.subject) | {
        "date": date_longue(day) if day else None,
        "motifs": [prose(str(one)) for one in dig(case.fiche, "attribution.sans_suite.motifs", ())],
        "offre": copy.subject in offrants(case),
        "recours": _recours(case),
    }
