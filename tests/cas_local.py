"""A realistic case of Atelier local, made in memory: what the tests of its documents start from."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import io
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
from assembler_plugins.local.format import atelier_local
from assembler_plugins.local.note import SECTIONS

from assembler.contributions import Case, Rule
from assembler.extraction import piece_facts
from assembler.fiche import total
from assembler.model import (
    Dossier,
    Finding,
    Frozen,
    Location,
    Report,
    RuleResult,
    Severity,
    Source,
    State,
    Verdict,
    freeze,
)
from assembler.readers.docx import read

FICHE: dict[str, Any] = {
    "format": "local",
    "etape": "candidature",
    "intitule": "Atelier local des Coëvrons",
    "reference": "ADT-L-2026-053-01",
    "territoire": {
        "echelle": "intercommunale",
        "departements": ["53"],
        "epci": [{"siren": "200033298", "nom": "CC des Coëvrons"}],
        "communes": [{"code": "53097", "nom": "Évron"}, {"code": "53016", "nom": "Bais"}],
    },
    "pilotes": [
        {
            "type": "DDT",
            "nom": "Direction départementale des territoires de la Mayenne",
            "adresse": ["Cité administrative", "60 rue Mac Donald", "53000 Laval"],
            "signataire": {
                "civilite": "Mme",
                "prenom": "Camille",
                "nom": "Exemple",
                "fonction": "directrice départementale des territoires",
                "mode": "delegation",
            },
            "contact": {
                "prenom": "Dominique",
                "nom": "Exemple",
                "fonction": "chargé de mission territoriale",
                "courriel": "contact@exemple.fr",
                "telephone": "0243000000",
            },
        }
    ],
    "prefectures": [
        {"autorite": "prefet", "civilite": "Mme", "prenom": "Alex", "nom": "Exemple", "departement": "53"}
    ],
    "collectivites": [
        {
            "nom": "Communauté de communes des Coëvrons",
            "type": "CC",
            "siren": "200033298",
            "role": "porteur",
            "representant": {"civilite": "M.", "prenom": "Claude", "nom": "Exemple", "fonction": "président"},
        }
    ],
    "acteurs": [{"nom": "Lou Exemple", "organisme": "Chambre d'agriculture", "qualite": "élue"}],
    "ressources": [{"titre": "PLUi", "detenteur": "CC des Coëvrons", "date": "2020", "format": "PDF"}],
    "objet": {
        "thematiques": ["environnementales_energetiques"],
        "resume": "Réparer les bourgs et le bocage",
        "objectifs": ["Établir un diagnostic commun", "Choisir une armature de bourgs"],
    },
    "accompagnement": {
        "duree_mois": 11,
        "debut": dt.date(2026, 9, 1),
        "fin": dt.date(2027, 7, 31),
        "sessions": [
            {
                "numero": 1,
                "objet": "diagnostic",
                "debut": dt.date(2026, 10, 14),
                "jours": Decimal(2),
                "lieu": "Évron",
            },
            {
                "numero": 2,
                "objet": "strategie",
                "debut": dt.date(2027, 1, 20),
                "jours": Decimal(2),
                "lieu": "Bais",
            },
            {
                "numero": 3,
                "objet": "feuille_de_route",
                "debut": "2027-05",
                "jours": Decimal(1),
                "lieu": "Évron",
            },
        ],
    },
    "financement": {"montant": Decimal(100000), "base": "TTC"},
    "marche": {"accord_cadre": "AC-2023-01", "numero": "2026-053-01", "cpv": ["71410000"]},
}

FORMAT = atelier_local()
SCHEMA = FORMAT.fiche
PIECES = FORMAT.pieces
DAY = dt.date(2026, 3, 12)
RULES = tuple(rule for rule in FORMAT.rules if rule.in_force(DAY))


def note(folder: Path, **sections: str) -> Source:
    """Write a note whose sections hold the texts given (a plain one elsewhere) and read it."""
    document = docx.Document()
    for key, title in SECTIONS.items():
        document.add_heading(title, 1)
        document.add_paragraph(sections.get(key, f"Texte de la section sur {title.lower()}, en une phrase."))
    out = io.BytesIO()
    document.save(out)
    return source(folder / "Note d’opportunité.docx", out.getvalue())


def source(path: Path, data: bytes) -> Source:
    path.write_bytes(data)
    return Source(
        name=path.name,
        path=str(path),
        octets=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        nature="docx",
        reading=read(data),
        piece="note_opportunite",
        reconnu_par="nom",
    )


def changed(**changes: Any) -> dict[str, Any]:
    """Return the fiche with values at dotted paths (``__`` for the dots) changed."""
    fiche = copy.deepcopy(FICHE)
    for path, value in changes.items():
        *parents, last = path.split("__")
        here: Any = fiche
        for step in parents:
            here = here[int(step)] if step.isdigit() else here[step]
        here[int(last) if last.isdigit() else last] = value
    return fiche


def finding(**values: Any) -> Finding:
    """Return a finding with usual values where none is given."""
    usual: dict[str, Any] = {
        "regle": "LO-PIE-003",
        "titre": "Courrier de soutien du préfet",
        "gravite": Severity.BLOCKING,
        "etat": State.NON_CONFORME,
        "message": "Le courrier du préfet manque.",
        "correction": "Joignez-le.",
        "reference": {"texte": "kit", "url": None},
        "emplacement": Location(piece="courrier_prefet", libelle="dossier"),
        "courrier": "Le courrier de soutien du préfet ou du sous-préfet n'est pas joint.",
    }
    return Finding(**(usual | values))


def case(
    fiche: Mapping[str, Any] | None = None,
    sources: tuple[Source, ...] = (),
    constats: tuple[Finding, ...] = (),
    instruction: Mapping[str, Any] | None = None,
    rules: tuple[Rule, ...] = RULES,
) -> Case:
    """Return a case; ``fiche={}`` is a dossier without a fiche, None the usual one."""
    given = FICHE if fiche is None else fiche
    pieces: dict[str, tuple[tuple[Source, ...], ...]] = {one.piece or "": ((one,),) for one in sources}
    facts = {
        "fiche": given,
        "pieces": {
            piece.id: piece_facts(piece, pieces[piece.id][0], ["CC des Coëvrons"])
            for piece in PIECES
            if piece.id in pieces
        },
        "instruction": dict(instruction or {}),
        "dossier": {},
    }
    dossier = Dossier(
        path="dossier",
        format="local",
        step="candidature",
        date_regles=DAY,
        origine_date="date_depot",
        sources=sources,
        facts=freeze(facts),
        lines={},
        pieces=pieces,
    )
    states = {one.regle: one.etat for one in constats}
    report = Report(
        chemin="dossier",
        verdict=Verdict.A_COMPLETER if constats else Verdict.CONFORME,
        constats=constats,
        regles=tuple(
            [RuleResult(id=rule.id, etat=states.get(rule.id, State.CONFORME)) for rule in rules]
            + [
                RuleResult(id=one, etat=etat)
                for one, etat in states.items()
                if one not in {r.id for r in rules}
            ]
        ),
        dossier=dossier,
    )
    return Case(
        dossier=dossier,
        report=report,
        format=FORMAT,
        rules=rules,
        edition=dt.date(2026, 11, 22),
        fiche=Frozen(total(SCHEMA, given)),
    )
