"""What a marché subséquent delivers, how it is checked and paid (documents.md § 4.5 to 4.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from assembler.contributions import Case
from assembler.errors import WritingError
from assembler.french import enumerer, pluriel, pourcent, typo
from assembler.model import dig

from .dpgf import frame_of
from .rythme import SESSION, semaines, terme

__all__ = ["CARNET", "LIVRABLES", "VERIFICATION", "competences", "livrables", "parts", "verification"]

VERIFICATION = 30
"""Days to check a deliverable, when neither the fiche nor the accord-cadre says (documents.md § 4.7)."""
CARNET = 3
"""Weeks to hand over the account of a session."""
LIVRABLES: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "note_cadrage": (("L1", "Note de cadrage", "Méthodologie, organisation de l’équipe, calendrier", "E1"),),
    "carnet_suivi": tuple(
        (
            f"L2.{number}",
            f"Carnet de suivi n° {number}",
            "Déroulé, compte rendu, propositions",
            f"E{number + 1}",
        )
        for number in SESSION.values()
    ),
    "rapport_final": (("L3", "Rapport final", "Synthèse et préconisations, cartes et esquisses", "E5"),),
    "feuille_route": (
        (
            "L4",
            "Feuille de route",
            "Objectifs, plan d’actions et de financement, calendrier, porteurs des actions",
            "E5",
        ),
    ),
}
"""Deliverables of the programme: number, name, least content, step (domaine.md L-18)."""
_FORMATS = {
    "carnet_suivi": "PDF et fichier modifiable ; supports de session",
    "rapport_final": "PDF et fichier modifiable ; cartes en format natif",
    "feuille_route": "PDF et tableur modifiable",
}


def verification(fiche: Mapping[str, Any], accord: Mapping[str, Any]) -> tuple[int, str]:
    """Return the days to check a deliverable, and who says so: ``fiche``, ``accord`` or ``usage``."""
    for days, origin in (
        (dig(fiche, "marche.validation_jours"), "fiche"),
        (accord.get("delai_validation"), "accord"),
    ):
        if days:
            return int(days), origin
    return VERIFICATION, "usage"


def competences(fiche: Mapping[str, Any], accord: Mapping[str, Any]) -> list[str]:
    """Return the skills expected: those of the fiche, else those of the accord-cadre; empty when unknown."""
    return [typo(str(one)) for one in dig(fiche, "marche.competences", ()) or accord.get("competences") or ()]


def parts(document: str, fiche: Mapping[str, Any], numeros: Iterable[str]) -> dict[str, str]:
    """Return the share of the price that each deliverable pays, « 20 % »; empty when the fiche gives none.

    Args:
        document: id of the document that prints them.
        fiche: the total fiche.
        numeros: the deliverables of the marché.

    Raises:
        WritingError: the shares do not add up to 100, or one is of no deliverable.
    """
    rows = dig(fiche, "marche.echeancier", ())
    if not rows:
        return {}
    known = list(numeros)
    strange = [str(one["livrable"]) for one in rows if one["livrable"] not in known]
    if strange:
        raise WritingError(
            f"{document} : l’échéancier (champ « marche.echeancier ») nomme « {enumerer(strange)} » ; les"
            f" livrables sont {enumerer(known)}."
        )
    total = sum((one["part"] or Decimal(0) for one in rows), Decimal(0))
    if total != 100:
        raise WritingError(
            f"{document} : l’échéancier (champ « marche.echeancier ») fait {pourcent(total)} ; la somme des"
            f" parts doit faire {pourcent(100)}."
        )
    shares = dict.fromkeys(known, Decimal(0))
    for one in rows:
        shares[one["livrable"]] += one["part"] or Decimal(0)
    return {number: pourcent(share) if share else "–" for number, share in shares.items()}


def livrables(document: str, case: Case, accord: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the deliverables: those of the fiche, else the four of the programme.

    Each with its least content, its term after T0, its formats, its time of verification, its lines of the
    DPGF and its share of the price.

    Raises:
        WritingError: a deliverable is unknown, the calendar or the payment schedule does not hold.
    """
    fiche = case.fiche
    wanted = [str(key) for key in dig(fiche, "marche.livrables", ()) or LIVRABLES]
    strange = [key for key in wanted if key not in LIVRABLES]
    if strange:
        raise WritingError(
            f"{document} : la fiche (champ « marche.livrables ») demande « {enumerer(strange)} » ; les"
            f" livrables sont {enumerer(LIVRABLES)}."
        )
    asked = [(key, *row) for key in wanted for row in LIVRABLES[key]]
    weeks = semaines(document, fiche)
    shares = parts(document, fiche, [number for _, number, *_ in asked])
    posts: dict[str, list[str]] = {}
    for phase in frame_of(fiche, case.edition).phases:
        for line in phase.lignes:
            posts.setdefault(line.livrable, []).append(line.numero)
    days = pluriel(verification(fiche, accord)[0], "jour")
    rows = []
    for key, number, name, content, step in asked:
        after = CARNET if step in SESSION else 0
        rows.append(
            {
                "numero": number,
                "nom": typo(name),
                "contenu": content,
                "etape": f"Étape\u00a0{step[1:]}",
                "echeance": terme(min(weeks[step][1] + after, weeks["E5"][1])),
                "formats": _FORMATS.get(key, "PDF et fichier modifiable"),
                "validation": days,
                "poste": enumerer(posts.get(number, ())) or "selon la DPGF",
                "part": shares.get(number, "selon l’accord-cadre"),
            }
        )
    return rows
