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
from assembler_plugins.commun.marche.accord import fichier_accord_cadre
from assembler_plugins.local.format import atelier_local
from assembler_plugins.local.note import SECTIONS

from assembler.contributions import Case, Rule
from assembler.extraction import piece_facts
from assembler.fiche import read as read_fiche
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

# The marché from the consultation to the notification, as tests of its documents need it.
CONSULTATION: dict[str, Any] = {
    "accord_cadre": "AC-2023-01",
    "numero": "2026-053-01",
    "cpv": ["71410000-5"],
    "reference_place": "DDT53-2026-ADT-01",
    "date_consultation": dt.date(2026, 6, 8),
    "date_limite_questions": dt.datetime(2026, 6, 26, 12),
    "date_limite_offres": dt.datetime(2026, 7, 10, 12),
    "titulaires_consultes": ["Atelier Exemple", "Studio Exemple", "Exemple et associés"],
    "criteres": [
        {"intitule": "Valeur technique", "ponderation": Decimal(60)},
        {"intitule": "Prix", "ponderation": Decimal(40)},
    ],
    "taux_tva": Decimal(20),
    "livrables": ["note_cadrage", "carnet_suivi", "rapport_final", "feuille_route"],
    "echeancier": [
        {"livrable": livrable, "part": Decimal(part)}
        for livrable, part in (("L1", 20), ("L2.1", 15), ("L2.2", 15), ("L2.3", 15), ("L3", 15), ("L4", 20))
    ],
    "tribunal": "tribunal administratif de Nantes",
    "audition": {
        "prevue": True,
        "debut": dt.date(2026, 7, 16),
        "fin": dt.date(2026, 7, 17),
        "lieu": "Cité administrative, 60 rue Mac Donald, 53000 Laval",
        "duree_minutes": 45,
    },
}
OFFRES: list[dict[str, Any]] = [
    {
        "titulaire": name,
        "fichier": f"offres/{name}/dpgf.xlsx",
        "date_reception": dt.datetime(2026, 7, 9, 17, 30),
        "montant_ht": Decimal(amount),
        "notes": {"Valeur technique": technical},
        "appreciations": {"Valeur technique": said},
    }
    for name, amount, technical, said in (
        ("Atelier Exemple", "79850.00", "8.5", "Méthode précise, équipe présente à chaque session."),
        ("Studio Exemple", "74200.00", "7", "Équipe solide ; les inter-ateliers sont peu décrits."),
        ("Exemple et associés", "82400.00", "8", "Bonne connaissance des bourgs ; calendrier serré."),
    )
]
ATTRIBUTION: dict[str, Any] = {
    "titulaire": "Atelier Exemple",
    "montant_ht": Decimal("79850.00"),
    # One of the three members is out of VAT: the tax is that of each share.
    "repartition": [
        {"membre": "Atelier Exemple", "montant_ht": Decimal("50000.00")},
        {"membre": "Paysages Exemple", "montant_ht": Decimal("21850.00")},
        {"membre": "Morgane Exemple", "montant_ht": Decimal("8000.00")},
    ],
    "motifs": ["Sa méthode relie chaque session à une décision attendue des élus."],
    "participants": [
        {"nom": "Camille Exemple", "organisme": "DDT de la Mayenne", "qualite": "directrice"},
        {"nom": "Claude Exemple", "organisme": "CC des Coëvrons", "qualite": "président"},
    ],
    "date_choix": dt.date(2026, 7, 20),
    "date_rejets": dt.date(2026, 7, 21),
    "date_limite_pieces": dt.date(2026, 7, 31),
    "date_signature": dt.date(2026, 8, 10),
    "date_notification": dt.date(2026, 8, 17),
    "date_debut": dt.date(2026, 9, 1),
    "reunion_cadrage": {"date": dt.datetime(2026, 9, 8, 14), "lieu": "Évron"},
    "avance": {"demandee": True, "taux": Decimal(30)},
    "engagement_juridique": "2105467890",
    "code_service": "FAC0000053",
    "comptable": "directeur départemental des finances publiques de la Loire-Atlantique",
}


def marche(**changes: Any) -> dict[str, Any]:
    """Return the fiche with the whole marché, values at dotted paths (``__`` for the dots) changed."""
    return changed(**{"marche": CONSULTATION, "offres": OFFRES, "attribution": ATTRIBUTION} | changes)


FORMAT = atelier_local()
KIND = fichier_accord_cadre()
ACCORD: Mapping[str, Any] = read_fiche(
    (Path(__file__).parents[1] / "fixtures" / "fabrique" / "accord_cadre.yaml").read_bytes(),
    "accord_cadre.yaml",
    KIND.fields,
).data
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
    changes = copy.deepcopy(changes)
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
    accord: Mapping[str, Any] | None = None,
    step: str = "candidature",
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
        "referentiels": {"accord_cadre": dict(accord)} if accord else {},
        "dossier": {},
    }
    dossier = Dossier(
        path="dossier",
        format="local",
        step=step,
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
