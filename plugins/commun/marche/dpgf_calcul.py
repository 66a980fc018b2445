"""What the price schedule holds and what it comes to: lines, sums, VAT by rate, instalments.

Modelled in Python so that each formula of the workbook is written with the value that it has
(documents.md § 6.5, 8.3). No layout here, and no envelope, budget or estimate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from assembler.french import arrondi, tva

__all__ = [
    "DELIVERABLES",
    "MEMBERS",
    "NOTHING",
    "OK",
    "PROFILES",
    "WRONG",
    "Amounts",
    "Filling",
    "Frame",
    "Line",
    "Phase",
    "Share",
    "Sharing",
    "add_up",
    "instalments",
    "price",
]

PROFILES, MEMBERS = 6, 6
DELIVERABLES = {
    "L1": "Note de cadrage",
    "L2": "Carnets de suivi",
    **{f"L2.{number}": f"Carnet de suivi n°\u00a0{number}" for number in (1, 2, 3)},
    "L3": "Rapport final",
    "L4": "Feuille de route",
}
"""As the CCTP names them."""
OK, WRONG, NOTHING = "Conforme", "À corriger", "Sans objet"
_ZERO = Decimal(0)
_USUAL_RATES = frozenset({_ZERO, Decimal("0.085"), Decimal("0.2")})


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line to price."""

    numero: str
    poste: str
    livrable: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """A step of the mission, with its subtotal."""

    code: str
    titre: str
    lignes: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What the workbook prints before anyone fills it in."""

    marche: str
    accord_cadre: str
    objet: str
    territoire: str
    acheteur: str
    edition: dt.date
    taux: Decimal | None
    """Proposed rate of VAT, a fraction; None: to be entered."""
    phases: tuple[Phase, ...]
    livrables: tuple[str, ...]
    """Codes that at least one line must bear."""
    profils: tuple[str, ...] = tuple(f"Profil {rank}" for rank in range(1, PROFILES + 1))
    echeancier: tuple[tuple[str, Decimal], ...] = ()
    """(code of a deliverable, fraction of the price paid when it is admitted); empty: not decided."""

    @property
    def rates(self) -> tuple[Decimal, ...]:
        """The rates of VAT to choose from, the proposed one included."""
        return tuple(sorted(_USUAL_RATES | ({self.taux} if self.taux is not None else set())))


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """What a member of the groupement does."""

    membre: str
    montants: Mapping[str, Decimal]
    """Euros without tax, by code of phase."""
    taux: Decimal | None = None
    """Its own rate of VAT, a fraction; None: that of the schedule."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Filling:
    """What a bidder enters; empty in the frame."""

    candidat: str = ""
    tarifs: tuple[Decimal | None, ...] = (None,) * PROFILES
    """Daily rates without tax, in euros."""
    jours: Mapping[str, Sequence[Decimal | None]] = field(default_factory=dict)
    """Days by profile, by number of line."""
    frais: Mapping[str, Decimal] = field(default_factory=dict)
    """Costs without tax, by number of line."""
    repartition: tuple[Share, ...] = ()
    """At most :data:`MEMBERS`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Amounts:
    """What a line, a phase or the whole comes to: days by profile, then euros without tax."""

    par_profil: tuple[Decimal, ...] = (_ZERO,) * PROFILES
    honoraires: Decimal = _ZERO
    frais: Decimal = _ZERO
    montant: Decimal = _ZERO

    @property
    def jours(self) -> Decimal:
        """All the days."""
        return sum(self.par_profil, _ZERO)

    def part(self, total: Amounts) -> Decimal | str:
        """Return the share of the total, to four decimals; nothing when the total is nil."""
        if not total.montant:
            return ""
        return (self.montant / total.montant).quantize(Decimal("0.0001"), ROUND_HALF_UP)

    @property
    def cout_journalier(self) -> Decimal | str:
        """Average daily cost, costs left out; nothing without days."""
        return arrondi(self.honoraires / self.jours) if self.jours else ""

    def taxe(self, taux: Decimal | None, sharing: Sharing) -> tuple[Decimal | None, Decimal | None]:
        """Return (TVA, TTC): by rate when the whole is shared out, else at the rate of the schedule.

        Both are None while that rate is to be entered.
        """
        if sharing.control == OK:
            return sharing.tax, self.montant + sharing.tax
        return (None, None) if taux is None else tva(self.montant, taux)


def price(line: Line, filling: Filling) -> Amounts:
    """Return what a line comes to, each amount rounded to the cent."""
    days = tuple(day or _ZERO for day in filling.jours.get(line.numero, (None,) * PROFILES))
    fees = arrondi(
        sum((day * (rate or _ZERO) for day, rate in zip(days, filling.tarifs, strict=True)), _ZERO)
    )
    costs = filling.frais.get(line.numero, _ZERO)
    return Amounts(par_profil=days, honoraires=fees, frais=costs, montant=arrondi(fees + costs))


def add_up(parts: Sequence[Amounts]) -> Amounts:
    """Return the sum of rounded lines, or of subtotals."""
    return Amounts(
        par_profil=tuple(
            sum(column, _ZERO) for column in zip(*(one.par_profil for one in parts), strict=True)
        ),
        honoraires=arrondi(sum((one.honoraires for one in parts), _ZERO)),
        frais=arrondi(sum((one.frais for one in parts), _ZERO)),
        montant=arrondi(sum((one.montant for one in parts), _ZERO)),
    )


class Sharing:
    """The price shared out between the members: sums by member, by phase and by rate, with their controls.

    VAT is computed once by rate, on the sum of that rate (documents.md § 8.3).
    """

    def __init__(self, frame: Frame, filling: Filling, subtotals: Mapping[str, Decimal]) -> None:
        shares = filling.repartition
        self.totals = [arrondi(sum(one.montants.values(), _ZERO)) for one in shares]
        self.rates: list[Decimal | str] = [
            _applied(one.taux, frame.taux) if total else ""
            for one, total in zip(shares, self.totals, strict=True)
        ]
        self.members = [
            _member(one, total, rate, frame.rates)
            for one, total, rate in zip(shares, self.totals, self.rates, strict=True)
        ]
        self.columns = {
            code: arrondi(sum((one.montants.get(code, _ZERO) for one in shares), _ZERO)) for code in subtotals
        }
        self.total = arrondi(sum(self.totals, _ZERO))
        self.gaps = {code: arrondi(self.columns[code] - due) for code, due in subtotals.items()}
        self.bases = {
            rate: arrondi(
                sum((total for total, its in zip(self.totals, self.rates, strict=True) if its == rate), _ZERO)
            )
            for rate in frame.rates
        }
        self.taxes = {rate: arrondi(base * rate) for rate, base in self.bases.items()}
        self.tax = arrondi(sum(self.taxes.values(), _ZERO))

    def column(self, code: str) -> str:
        """Return the control of a phase, or of the whole (code ``""``), in words."""
        gap = self.gaps[code] if code else sum(self.gaps.values(), _ZERO)
        if not self.total:
            return NOTHING
        return WRONG if gap else OK

    @property
    def control(self) -> str:
        """The control of the whole, in words."""
        if not self.total:
            return f"{NOTHING}\u00a0: aucune répartition saisie"
        if any(self.gaps.values()):
            return f"{WRONG}\u00a0: la répartition n’égale pas les sous-totaux de la DPGF"
        if any(one.startswith(WRONG) for one in self.members):
            return f"{WRONG}\u00a0: un membre n’a pas de nom ou pas de taux de TVA"
        return OK


def _applied(own: Decimal | None, common: Decimal | None) -> Decimal | str:
    if own is not None:
        return own
    return common if common is not None else ""


def _member(share: Share, total: Decimal, rate: Decimal | str, rates: Sequence[Decimal]) -> str:
    """Return the control of a member, in words; nothing while it has no amount."""
    if not total:
        return ""
    if not share.membre:
        return f"{WRONG}\u00a0: nom manquant"
    return OK if rate in rates else f"{WRONG}\u00a0: taux à choisir"


def instalments(total: Decimal, parts: Sequence[Decimal]) -> list[Decimal]:
    """Return what each instalment comes to; the last one is what is left, roundings included."""
    found = [arrondi(total * part) for part in parts[:-1]]
    return [*found, arrondi(total - sum(found, _ZERO))] if parts else []
