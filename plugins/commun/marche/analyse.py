"""The analysis of the offers: criteria, marks, ranking, computed in decimals.

The criteria are those of the accord-cadre (R. 2162-10 of the code, documents.md § 3.7); the workbook
``analyse-offres`` and the letters to the titulaires print what is computed here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from assembler.contributions import Case
from assembler.errors import MissingValue, WritingError
from assembler.french import arrondi, nombre, typo
from assembler.text import plain

from .accord import accord_cadre, criteres_poses, memes
from .titulaires import nom_officiel

__all__ = [
    "Analyse", "Critere", "Note", "Offre", "analyser", "criteres", "offrants", "rang_en_lettres",
    "sans_offre",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Critere:
    """A criterion and how it is marked."""

    intitule: str
    poids: Decimal
    """Points out of 100."""
    prix: bool = False
    calcule: bool = False
    """The mark is computed from the amounts; else it is entered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """The mark of an offer on a criterion."""

    note: Decimal | None = None
    """Out of the greatest mark; None: to be given."""
    ponderee: Decimal | None = None
    """Out of the weight of the criterion, to two decimals."""
    appreciation: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Offre:
    """An offer, with its marks in the order of the criteria."""

    titulaire: str
    recue: dt.datetime | None = None
    ht: Decimal | None = None
    """Amount without tax of the acte d'engagement, in euros."""
    ecartee: str | None = None
    """Why it is not ranked: inappropriate, irregular or unacceptable."""
    notes: tuple[Note, ...] = ()
    total: Decimal | None = None
    """Sum of the weighted marks; None while one is missing, or when the offer is excluded."""
    rang: int | None = None
    ex_aequo: int = 0
    """How many other offers have the same rank."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Analyse:
    """The offers of a consultation, ranked."""

    criteres: tuple[Critere, ...]
    note_max: Decimal | None
    """Greatest mark of a criterion; None when the accord-cadre does not say."""
    offres: tuple[Offre, ...]

    @property
    def admises(self) -> tuple[Offre, ...]:
        """The offers that are compared."""
        return tuple(one for one in self.offres if not one.ecartee)

    @property
    def ecartees(self) -> tuple[Offre, ...]:
        """The offers that are not."""
        return tuple(one for one in self.offres if one.ecartee)

    @property
    def plus_basse(self) -> Decimal | None:
        """The lowest amount without tax among those that are compared."""
        return min((one.ht for one in self.admises if one.ht), default=None)

    def de(self, nom: str | None) -> Offre | None:
        """Return the offer of a titulaire."""
        return next((one for one in self.offres if memes(one.titulaire, nom)), None)


def sans_offre(case: Case) -> str | None:
    """Return why there is nothing to analyse."""
    return None if case.fiche.get("offres") else "la fiche ne donne aucune offre (champ « offres »)"


def offrants(case: Case, *, admis: bool = False) -> list[str]:
    """Return who made an offer, as the accord-cadre names them; nothing is refused here.

    Args:
        case: the case.
        admis: leave out those whose offer is excluded.
    """
    names: dict[str, None] = {}
    for one in case.fiche.get("offres") or ():
        if one.get("titulaire") and not (admis and one.get("ecartee")):
            names[nom_officiel(case, str(one["titulaire"]))] = None
    return list(names)


def criteres(case: Case) -> tuple[Critere, ...]:
    """Return the criteria: those of the accord-cadre (of the lot), else those of the fiche."""
    named = [one for one in criteres_poses(case) if one.get("ponderation") is not None]
    marked = any(one.get("prix") for one in named)
    formula = accord_cadre(case)["methode_prix"] == "proportionnelle"
    return tuple(
        Critere(
            intitule=typo(str(one["intitule"])),
            poids=one["ponderation"],
            prix=(price := bool(one.get("prix")) if marked else "prix" in plain(one["intitule"]).split()),
            calcule=price and formula,
        )
        for one in named
    )


def rang_en_lettres(offre: Offre) -> str | None:
    """Return « 1re », « 2e ex æquo », as one says of an offer; None when it has no rank."""
    if offre.rang is None:
        return None
    return ("1re" if offre.rang == 1 else f"{offre.rang}e") + (" ex æquo" if offre.ex_aequo else "")


def analyser(case: Case) -> Analyse:
    """Return the analysis of the offers that the fiche gives.

    Raises:
        MissingValue: an offer does not say whose it is.
        WritingError: two offers of one titulaire, a mark that is none, or for an unknown criterion.
    """
    found = criteres(case)
    highest = accord_cadre(case)["note_maximale"]
    offers: list[Offre] = []
    for rank, given in enumerate(case.fiche.get("offres") or ()):
        if not given.get("titulaire"):
            raise MissingValue(f"La fiche ne dit pas de qui est l’offre (champ « offres.{rank}.titulaire »).")
        name = nom_officiel(case, str(given["titulaire"]))
        if any(memes(one.titulaire, name) for one in offers):
            raise WritingError(
                f"La fiche donne deux offres de « {name} » (champ « offres ») : gardez la dernière reçue."
            )
        offers.append(_offre(rank, name, given, found, highest))
    draft = Analyse(criteres=found, note_max=highest, offres=tuple(offers))
    priced = [_avec_prix(one, draft) for one in offers]
    return replace(draft, offres=tuple(_ranked(priced)))


def _offre(
    rank: int, name: str, given: Mapping[str, Any], found: Iterable[Critere], highest: Decimal | None
) -> Offre:
    marks = _par_critere(given.get("notes"), f"offres.{rank}.notes", found)
    said = _par_critere(given.get("appreciations"), f"offres.{rank}.appreciations", found)
    out = given.get("ecartee")
    return Offre(
        titulaire=name,
        recue=given.get("date_reception"),
        ht=given.get("montant_ht"),
        ecartee=typo(" ".join(str(out).split())) if out else None,
        notes=tuple(
            Note(
                note=None
                if one.calcule or out
                else _note(marks.get(one.intitule), f"offres.{rank}.notes, « {one.intitule} »", highest),
                appreciation=typo(str(said[one.intitule])) if said.get(one.intitule) else None,
            )
            for one in found
        ),
    )


def _par_critere(given: Any, where: str, found: Iterable[Critere]) -> dict[str, Any]:
    """Return values by criterion as the accord-cadre names it."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise WritingError(f"Champ « {where} » : donnez une valeur par critère (Valeur technique: 8).")
    known = {plain(one.intitule): one.intitule for one in found}
    for name in given:
        if plain(str(name)) not in known:
            raise WritingError(
                f"Champ « {where} » : « {name} » n’est pas un critère ({', '.join(known.values())})."
            )
    return {known[plain(str(name))]: value for name, value in given.items()}


def _note(given: Any, where: str, highest: Decimal | None) -> Decimal | None:
    if given is None or not str(given).strip():
        return None
    try:
        value = Decimal(str(given).strip().replace(",", "."))
    except InvalidOperation:
        raise WritingError(f"Champ « {where} » : « {given} » n’est pas une note.") from None
    if not value.is_finite() or value < 0 or (highest is not None and value > highest):
        most = f" à {nombre(highest)}" if highest is not None else ""
        raise WritingError(f"Champ « {where} » : une note va de 0{most}, et non « {given} ».")
    return value


def _avec_prix(offer: Offre, draft: Analyse) -> Offre:
    """Return the offer with the marks that amounts give, and its total."""
    if offer.ecartee:
        return offer
    notes = []
    for criterion, mark in zip(draft.criteres, offer.notes, strict=True):
        value = mark.note
        if criterion.calcule and offer.ht and draft.note_max and draft.plus_basse:
            value = arrondi(draft.note_max * draft.plus_basse / offer.ht)
        weighted = (
            arrondi(value / draft.note_max * criterion.poids)
            if value is not None and draft.note_max
            else None
        )
        notes.append(replace(mark, note=value, ponderee=weighted))
    known = [one.ponderee for one in notes if one.ponderee is not None]
    total = sum(known, Decimal(0)) if known and len(known) == len(notes) else None
    return replace(offer, notes=tuple(notes), total=total)


def _ranked(offers: list[Offre]) -> Iterable[Offre]:
    totals = [one.total for one in offers if one.total is not None]
    for one in offers:
        if one.total is None:
            yield one
            continue
        yield replace(
            one,
            rang=1 + sum(other > one.total for other in totals),
            ex_aequo=totals.count(one.total) - 1,
        )
