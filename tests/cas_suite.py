"""An Atelier under way, made in memory: what the tests of the last two steps start from."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

from assembler_plugins.commun.accompagnement.documents import (
    ACCOMPAGNEMENT,
    RESTITUTION_FLASH,
    RESTITUTION_THEMATIQUE,
)
from cas_local import ACCORD, case, marche

from assembler.contributions import Case, Copy, Template
from assembler.readers.docx import read
from assembler.rendering.docx import render

DOCUMENTS = {one.id: one for one in (*ACCOMPAGNEMENT, *RESTITUTION_THEMATIQUE, *RESTITUTION_FLASH)}
ACTIONS: list[dict[str, Any]] = [
    {
        "theme": "Habitat",
        "action": "Rénover les logements des trois bourgs",
        "priorite": "haute",
        "porteur": "CC des Coëvrons",
        "partenaires": "Anah",
        "financement": "Anah, fonds propres",
        "montant": Decimal(180_000),
        "echeance": "2028",
        "etat": "a_engager",
    },
    {
        "theme": "Eau et bocage",
        "action": "Restaurer 12 km de haies",
        "priorite": "moyenne",
        "porteur": "Syndicat de bassin",
        "montant": Decimal("64000.50"),
        "etat": "engagee",
    },
    {"theme": "habitat", "action": "Ouvrir une permanence", "priorite": "basse", "etat": "achevee"},
    {"theme": "Habitat", "action": "Recenser les logements vacants", "priorite": "Moyenne"},
    {"action": "Réunir le comité chaque année"},
]
SESSION: dict[str, Any] = {
    "horaires": ["9h30-17h", "9:00 à 12:30"],
    "adresse": ["salle des fêtes, place de la Mairie", "53600 Évron"],
    "ordre_du_jour": ["Accueil et présentation", "Visite d'Évron ; échanges en marchant"],
    "reponse_avant": dt.date(2026, 10, 2),
    "invites": [{"nom": "Noa Exemple", "organisme": "Bourgs vivants", "qualite": "porte-parole"}],
}


ADMIS: dict[str, Any] = {
    "livrable": "L1",
    "date_remise": dt.date(2026, 10, 2),
    "decision": "admission",
    "date_decision": dt.date(2026, 10, 20),
}
"""A deliverable handed over and admitted."""
CALENDRIER = [
    {"etape": step, "fin": week}
    for step, week in (("E1", 6), ("E2", 9), ("IA1", 22), ("E3", 23), ("IA2", 39), ("E4", 40), ("E5", 47))
]
"""Weeks after the notification, as the fiche states them."""
SEULE = {"accompagnement": {"sessions": [{"debut": "2026-10", "lieu": "Bais"}]}}
"""One session, of which the month alone is known."""


def suivi(**changes: Any) -> dict[str, Any]:
    """Return the fiche of the usual Atelier, its first session prepared, with values changed."""
    first = {f"accompagnement__sessions__0__{key}": value for key, value in SESSION.items()}
    return marche(**(first | {"restitution": {"feuille_route": ACTIONS}} | changes))


def en_cours(fiche: dict[str, Any] | None = None) -> Case:
    """Return the case of a fiche (the usual one when None)."""
    return case(suivi() if fiche is None else fiche, accord=ACCORD, step="accompagnement")


def d_un_format(of: Case, ident: str, title: str, documents: tuple[Template, ...]) -> Case:
    """Return the same case in another format."""
    return dataclasses.replace(
        of, format=dataclasses.replace(of.format, id=ident, title=title, documents=documents)
    )


def fichiers(ident: str, of: Case) -> dict[str, bytes]:
    """Return what a document makes: name of each file and its bytes."""
    one = DOCUMENTS[ident]
    assert one.condition(of) is None
    made = {}
    for copy in one.copies(of):
        suffix = f"-{copy.suffix}" if copy.suffix else ""
        made[f"{ident}{suffix}.{copy.extension or one.extension}"] = fichier(one, of, copy)
    return made


def fichier(one: Template, of: Case, copy: Copy) -> bytes:
    build = copy.build or one.build
    if build is not None:
        return build(of, copy)
    assert one.template is not None
    assert one.context is not None
    return render(one.template.read_bytes(), one.context(of, copy), name=one.id)


def mots(document: bytes) -> str:
    """Return the text of a Word file, headers and footers included, with plain spaces."""
    reading = read(document)
    text = "\n".join([*(block.text for block in reading.blocks), reading.headers])
    return simple(text)


def simple(text: str | None) -> str:
    """Return a text with plain spaces."""
    return (text or "").replace("\u00a0", " ").replace("\u202f", " ")
