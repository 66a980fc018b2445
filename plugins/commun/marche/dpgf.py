"""The price schedule (DPGF) that bidders fill in: what the fiche asks of them.

The frame holds no envelope, no budget and no amount; neither does it hold the ceilings of the
accord-cadre, which differ from one titulaire to the next: all bidders get the same file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from assembler_plugins.commun.exigences import exiger
from assembler_plugins.commun.lettres import perimetre
from assembler_plugins.commun.marche.dpgf_calcul import DELIVERABLES, PROFILES, Frame, Line, Phase
from assembler_plugins.commun.tva import default_rate

from assembler.contributions import Case, Copy
from assembler.errors import WritingError
from assembler.french import majuscule, pluriel, typo
from assembler.model import Frozen

__all__ = ["IDENTITE", "build", "frame_of"]

IDENTITE = {"marche.numero": "le numéro du marché subséquent", "marche.accord_cadre": "l’accord-cadre"}
"""What identifies the marché subséquent, in every document that binds."""
_NAMES = tuple(f"Profil {rank}" for rank in range(1, PROFILES + 1))
_CODES = {"note_cadrage": "L1", "rapport_final": "L3", "feuille_route": "L4"}
_PHASES = {
    "1": "Lancement et cadrage",
    "2": "Diagnostic : session n° 1 et inter-atelier n° 1",
    "3": "Stratégie : session n° 2 et inter-atelier n° 2",
    "4": "Feuille de route : session n° 3",
    "5": "Production et restitution",
}
_SESSIONS = {
    1: "diagnostic partagé, enjeux, premières intuitions",
    2: "stratégie, scénarios, sites démonstrateurs",
    3: "feuille de route (actions, pilotes, financements, calendrier)",
}


def build(case: Case, copy: Copy) -> bytes:
    """Return the workbook ``cadre`` for bidders."""
    del copy  # the same for all: bidders are treated alike
    from assembler_plugins.commun.marche.dpgf_classeur import workbook
    from assembler_plugins.commun.marche.mission import parts

    # The frame binds: what identifies the contract is never left to the hand.
    exiger("dpgf", case.fiche, IDENTITE)
    parts("dpgf", case.fiche, DELIVERABLES)  # refuses what bidders could not mend: they are locked
    return workbook(frame_of(case.fiche, case.edition))


def frame_of(fiche: Frozen, edition: dt.date) -> Frame:
    """Return the frame that a fiche describes; what it does not say is marked « à compléter »."""
    marche = fiche["marche"]
    accord = marche["accord_cadre"]
    if isinstance(accord, Mapping):
        accord = accord.get("numero")
    phases, profiles = _given(marche["prix"]) if marche["prix"] else (_default(fiche), ())
    shared = any(line.livrable == "L2" for phase in phases for line in phase.lignes)
    return Frame(
        marche=_or_mark(marche["numero"], "numéro du marché subséquent"),
        accord_cadre=_or_mark(accord, "numéro de l’accord-cadre"),
        objet=typo(_or_mark(fiche["intitule"], "objet du marché subséquent")),
        territoire=majuscule(_or_mark(perimetre(fiche), "territoire")),
        acheteur=typo(_or_mark(_buyer(fiche["pilotes"] or ()), "acheteur")),
        edition=edition,
        taux=_rate(fiche, edition),
        phases=phases,
        livrables=("L1", *(("L2",) if shared else ("L2.1", "L2.2", "L2.3")), "L3", "L4"),
        profils=(*profiles, *_NAMES[len(profiles) :]),
        echeancier=tuple(
            (str(row["livrable"] or ""), (row["part"] or Decimal(0)) / 100)
            for row in marche["echeancier"] or ()
        ),
    )


def _or_mark(value: Any, label: str) -> str:
    return str(value) if value else f"[à compléter : {label}]"


def _buyer(pilotes: Sequence[Mapping[str, Any]]) -> str | None:
    lead = next((one for one in pilotes if one["chef_de_file"]), None) or next(iter(pilotes), None)
    return lead["nom"] if lead else None


def _rate(fiche: Frozen, edition: dt.date) -> Decimal | None:
    stated = fiche["marche"]["taux_tva"]
    if stated is None or stated == "":
        return default_rate(
            fiche["territoire"]["departements"], fiche["marche"]["date_consultation"] or edition
        )
    rate = Decimal(str(stated).replace(",", "."))
    return rate if 0 < rate < 1 else rate / 100  # the fiche says 20, for 20 %


def _session(fiche: Frozen, number: int) -> str:
    found = [one for one in (fiche["accompagnement"]["sessions"] or ()) if one["numero"] == number]
    known = found[0] if found else {}
    details = [pluriel(known["jours"], "jour")] if known.get("jours") else []
    if known.get("lieu"):
        details.append(known["lieu"])
    inside = f" ({', '.join(details)})" if details else ""
    return f"Session n° {number} in situ{inside} : {_SESSIONS[number]}"


def _default(fiche: Frozen) -> tuple[Phase, ...]:
    """Return the steps of the mission (documents.md § 4.4) and what each delivers (§ 4.5)."""
    rows: dict[str, list[tuple[str, str]]] = {
        "1": [
            ("Réunion de cadrage et visite conjointe du territoire", "L1"),
            ("Prise de connaissance du territoire et des études disponibles", "L1"),
            ("Note de cadrage : méthodologie, calendrier, organisation", "L1"),
        ],
        "5": [
            ("Rapport final : synthèse, préconisations, cartes et esquisses", "L3"),
            (
                "Feuille de route : objectifs, plan d’actions et de financement, calendrier, porteurs",
                "L4",
            ),
            ("Restitution publique et séminaire", "L4"),
        ],
    }
    between = {
        1: "analyse documentaire, entretiens, préparation de la session suivante",
        2: "approfondissement, esquisses, préparation de la session suivante",
    }
    for number in _SESSIONS:
        code = f"L2.{number}"
        rows[str(number + 1)] = [
            (f"Préparation de la session n° {number} : déroulé, supports, mobilisation", code),
            (_session(fiche, number), code),
            (f"Carnet de suivi n° {number} : déroulé, compte rendu, propositions", code),
        ]
        if number in between:
            rows[str(number + 1)].append(
                (f"Inter-atelier n° {number} : {between[number]}", f"L2.{number + 1}")
            )
    return tuple(
        Phase(
            code=f"E{step}",
            titre=typo(title),
            lignes=tuple(
                Line(numero=f"{step}.{rank}", poste=typo(post), livrable=code)
                for rank, (post, code) in enumerate(rows[step], 1)
            ),
        )
        for step, title in _PHASES.items()
    )


def _given(prices: Sequence[Mapping[str, Any]]) -> tuple[tuple[Phase, ...], tuple[str, ...]]:
    """Return the lines that the fiche gives, grouped by step, and the profiles that it names.

    Its days and costs are the buyer's own estimate: they never reach the frame.
    """
    steps: dict[str, list[Line]] = {}
    profiles: dict[str, None] = {}
    for rank, row in enumerate(prices, 1):
        number = str(row["numero"] or rank)
        step = number.partition(".")[0]
        label = str(row["livrable"] or "")
        code = f"L2.{int(step) - 1}" if step in ("2", "3", "4") else "L2"
        steps.setdefault(step, []).append(
            Line(
                numero=number,
                poste=typo(_or_mark(row["poste"], f"poste {number}")),
                livrable=code if label == "carnet_suivi" else _CODES.get(label, label),
            )
        )
        if isinstance(row["jours"], Mapping):
            profiles.update(dict.fromkeys(map(str, row["jours"])))
    phases = tuple(
        Phase(
            code=f"E{step}" if step.isdigit() else step,
            titre=typo(_PHASES.get(step, f"Étape {step}")),
            lignes=tuple(lines),
        )
        for step, lines in steps.items()
    )
    if len(profiles) > PROFILES:
        raise WritingError(
            f"dpgf : la fiche nomme {len(profiles)} profils dans marche.prix, le cadre en tient {PROFILES}"
        )
    return phases, tuple(profiles)
