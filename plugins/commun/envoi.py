"""The bordereau d’envoi: what is sent, with the fingerprints of the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assembler.contributions import Case, Copy, Piece
from assembler.french import date_courte, enumerer, majuscule, nombre, pluriel
from assembler.model import Source, dig

from .autorites import autorite
from .lettres import atelier, chef_de_file, destinataire_dgaln, expediteur_etat
from .personnes import qualite, signature

__all__ = ["attache_service", "bordereau_envoi", "rien_a_envoyer", "taille"]

_FORMES = {
    "editable": "fichier modifiable",
    "pdf": "PDF",
    "numerise": "document numérisé",
    "image": "image",
}
_SIGNEES = {"electronique", "cachet_parapheur", "visible"}


def taille(octets: int) -> str:
    """Return a size for people: « 12 Ko », « 1,4 Mo »."""
    if octets < 1000:
        return pluriel(octets, "octet")
    if octets < 1_000_000:
        return f"{nombre(round(octets / 1000))}\u00a0Ko"
    return f"{nombre(round(octets / 1_000_000, 1))}\u00a0Mo"


def rien_a_envoyer(case: Case) -> str | None:
    """Return why there is no bordereau: no piece of the dossier was recognised."""
    if any(case.dossier.pieces.values()):
        return None
    return "aucune pièce du dossier n’est reconnue : il n’y a rien à envoyer"


def attache_service(service: Mapping[str, Any]) -> str | None:
    """Return who writes, in the forme administrative: « La directrice départementale des territoires ».

    A head of unit who signs by subdélégation writes in the name of the service.
    """
    nom = service.get("nom")
    person = service.get("signataire") or {}
    title = qualite(person)
    if title and (person.get("mode") or "titulaire") != "subdelegation":
        return title
    return f"La {nom[:1].lower()}{nom[1:]}" if nom else None


def _observation(forms: tuple[Source, ...], facts: Mapping[str, Any]) -> str:
    read = [one.reading for one in forms if one.reading]
    parts = []
    shown = [_FORMES.get(reading.forme, reading.nature) for reading in read]
    if shown:
        parts.append(enumerer(dict.fromkeys(shown)))
    pages = next((reading.pages for reading in reversed(read) if reading.pages), None)
    if pages:
        parts.append(pluriel(pages, "page"))
    if any(one.etat in _SIGNEES for reading in read for one in reading.signatures):
        parts.append("signature relevée")
    retained = forms[0].pages_retenues
    if retained:
        parts.append(f"pages {enumerer(retained)}" if len(retained) > 1 else f"page {retained[0]}")
    if facts.get("date"):
        parts.append(f"daté du {date_courte(facts['date'])}")
    return majuscule(", ".join(parts)) or "–"


def _lignes(case: Case) -> Iterator[tuple[Piece, tuple[Source, ...], Mapping[str, Any]]]:
    for piece in case.format.pieces:
        found = case.dossier.pieces.get(piece.id, ())
        told = dig(case.dossier.facts, f"pieces.{piece.id}", ())
        for rank, forms in enumerate(found):
            facts = told if isinstance(told, Mapping) else told[rank] if rank < len(told) else {}
            yield piece, forms, facts


def bordereau_envoi(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``bordereau-envoi``; a fiche is not needed."""
    fiche = case.fiche
    service = chef_de_file(fiche)
    rows = []
    files: dict[str, Source] = {}
    for piece, forms, facts in _lignes(case):
        names = enumerer([f"«\u00a0{one.name.rpartition('/')[2]}\u00a0»" for one in forms])
        rows.append(
            {
                "designation": f"{majuscule(piece.title)}\n{names}",
                "nombre": 1,
                "observations": _observation(forms, facts),
            }
        )
        files |= {one.name: one for one in forms}
    emitter = expediteur_etat(fiche, service)
    if not service:
        emitter |= {"bloc_marque": None, "pied": ""}
    named = atelier(fiche, case.format.title)
    return {
        "expediteur": emitter,
        "references": {"nos": fiche.get("reference"), "vos": None},
        "destinataire": destinataire_dgaln(attache_service(service)),
        "sujet": named["nom"] or case.format.title,
        "etape": next(
            (step.title.lower() for step in case.format.steps if step.id == case.dossier.step), "envoi"
        ),
        "pj": [],
        "pieces": rows,
        "total": len(rows),
        "fichiers_phrase": f"{pluriel(len(files), 'fichier')}, empreintes en annexe",
        "motif": "examen de la candidature" if case.dossier.step == "candidature" else "suite à donner",
        "fichiers": [
            {"nom": one.name, "taille": taille(one.octets), "sha256": one.sha256} for one in files.values()
        ],
        "signature": signature(
            service.get("signataire") or {}, delegant=autorite(fiche, service)["delegant"]
        ),
        "copies": [],
    }
