"""What in the note does not suit a bidder, and what the consultation still leaves to decide (MAR-008)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from assembler_plugins.commun.lettres import atelier

from assembler.contributions import Case, Copy
from assembler.french import enumerer, majuscule, nombre, pluriel
from assembler.model import dig
from assembler.text import plain

from . import mission
from .accord import accord_cadre, criteres_poses
from .candidats import MOTIFS, motifs
from .consultation import VALIDITE
from .note import Note, enveloppe, passage, passages_de_la_note

__all__ = ["points_a_relire"]

_RETENU = "Coût de l’accompagnement : passage non repris dans le CCTP, avec le tableau qui le contient"
_LONGUEUR = 6_000
"""Signs of a section of article 3 beyond which nobody reads it (documents.md § 4.3)."""
_TITRE = 250
"""Signs of the object of the marché subséquent."""
_NATURES = {
    "pdf": "un PDF",
    "odt": "un document LibreOffice (.odt)",
    "doc": "un ancien document Word (.doc)",
    "rtf": "un document RTF",
}


def _raisons(text: str) -> Iterator[tuple[str, str]]:
    """Yield the reasons of a paragraph; one that states the envelope is not in the CCTP at all."""
    kept_back = enveloppe(text)
    for name, excerpt in motifs(text):
        if not kept_back:
            yield MOTIFS[name], excerpt
        elif name == "montant":
            yield _RETENU, excerpt


def _de_la_fiche(fiche: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what the CCTP takes from the fiche as it was typed: the place in the fiche, the text."""
    bodies = dig(fiche, "marche.gouvernance", {})
    typed: list[tuple[str, Iterable[Any]]] = [
        ("référent élu", [bodies.get("referent_elu")]),
        ("comité de pilotage", bodies.get("copil") or ()),
        ("comité technique", bodies.get("cotech") or ()),
        ("compétences", dig(fiche, "marche.competences", ())),
        ("acteurs", [value for one in fiche.get("acteurs") or () for value in one.values()]),
        ("ressources", [value for one in fiche.get("ressources") or () for value in one.values()]),
    ]
    for place, values in typed:
        yield from ((f"Fiche\u00a0: {place}", str(value)) for value in values if value)


def _passages(case: Case, note: Note) -> list[dict[str, Any]]:
    rows = [
        {"rubrique": title, "paragraphe": number, "extrait": excerpt, "motif": reason}
        for title, number, block in passages_de_la_note(case, note)
        if not block.hint
        for reason, excerpt in _raisons(block.text)
    ]
    return rows + [
        {"rubrique": place, "paragraphe": "–", "extrait": excerpt, "motif": MOTIFS[name]}
        for place, text in _de_la_fiche(case.fiche)
        for name, excerpt in motifs(text)
        if name in ("coordonnees", "montant")
    ]


# --- choices that are left --------------------------------------------------------------------


def _note(case: Case, note: Note) -> Iterator[str]:
    """Yield what the shape of the note asks for: text alone, no map, sections too long."""
    source = passage(case, note, next(iter(note.sections)))[0]
    if source is not None and source.nature in _NATURES:
        yield (
            f"{majuscule(note.le)} est {_NATURES[source.nature]} : le CCTP n’en reprend que le texte, "
            "paragraphe par paragraphe. Titres, listes, tableaux et images sont à remettre en forme, "
            f"ou {note.le} à enregistrer en .docx avant de produire de nouveau."
        )
    instead = note.repli(case)
    for section, title in note.sections.items():
        if instead.get(section) and not passage(case, note, section)[1]:
            yield f"« {title} » : {note.le} n’a pas cette rubrique ; le CCTP reprend ce que dit la fiche."
    blocks = passage(case, note, "localisation")[1]
    if blocks and not any(block.picture for _, block in blocks):
        yield (
            f"Carte du périmètre (article 4) : {note.le} n’en contient pas dans sa rubrique « Localisation »."
        )
    for section in note.contexte:
        signs = sum(len(block.text) for _, block in passage(case, note, section)[1] if not block.hint)
        if signs > _LONGUEUR:
            yield (
                f"« {note.sections[section]} » (article 3) compte {pluriel(signs, 'signe')}, plus de "
                f"{nombre(_LONGUEUR)} : à resserrer pour des lecteurs pressés."
            )


def _cctp(case: Case, accord: Mapping[str, Any]) -> Iterator[tuple[bool, str]]:
    """Yield the choices of the CCTP, each with whether it is open."""
    fiche = case.fiche
    sessions = dig(fiche, "accompagnement.sessions", ())
    dated = bool(sessions) and all(one.get("debut") for one in sessions)
    held = [str(one.get("titre") or "?") for one in fiche.get("ressources") or () if not one.get("detenteur")]
    foreign = [
        one
        for one in dig(fiche, "marche.competences", ())
        if plain(str(one)) not in {plain(str(known)) for known in accord["competences"] or ()}
    ]
    title = str(fiche.get("intitule") or "")
    yield not accord["numero"], "Numéro de l’accord-cadre (champ « marche.accord_cadre »)."
    yield not dig(fiche, "marche.numero"), "Numéro du marché subséquent (champ « marche.numero »)."
    yield not accord["intitule"], "Intitulé exact de l’accord-cadre, à reporter sur la page de garde."
    yield len(title) > _TITRE, f"L’intitulé compte {len(title)} signes, plus de {_TITRE} (article 1)."
    yield not dig(fiche, "marche.cpv"), "Code CPV (champ « marche.cpv »), à reprendre de l’accord-cadre."
    for name, body in (("copil", "comité de pilotage"), ("cotech", "comité technique")):
        yield (
            not dig(fiche, f"marche.gouvernance.{name}"),
            f"Composition du {body} (article 6) : renvoyée à la réunion de cadrage, faute d’être donnée par "
            "la fiche.",
        )
    yield (
        not dig(fiche, "marche.gouvernance.referent_elu"),
        "Référent élu (article 6) : la fiche ne le donne pas.",
    )
    yield (
        not dated and not dig(fiche, "marche.calendrier"),
        "Dates des sessions (articles 7 et 11) : réparties sur la durée de la mission, faute d’être "
        "données par la fiche.",
    )
    yield (
        not dig(fiche, "marche.echeancier"),
        "Échéancier de paiement par livrable (article 8) : le CCTP renvoie à l’accord-cadre, faute d’être "
        "donné par la fiche.",
    )
    yield (
        not (dig(fiche, "marche.competences") or accord["competences"]),
        "Compétences attendues (article 9) : à reprendre de l’accord-cadre.",
    )
    yield (
        bool(foreign and accord["competences"]),
        f"Compétences que l’accord-cadre ne prévoit pas (article 9) : {enumerer(foreign)}.",
    )
    yield not fiche.get("ressources"), "Études et données remises à l’équipe (annexe 3), avec leur détenteur."
    yield bool(held), f"Détenteur à indiquer (annexe 3) : {enumerer(held)}."
    yield (
        not dig(fiche, "marche.derogations"),
        "Dérogations au CCAG-PI (article 14) : aucune n’est prévue ; toute clause qui y dérogerait est à y "
        "inscrire.",
    )


def _consultation(case: Case, accord: Mapping[str, Any]) -> Iterator[tuple[bool, str]]:
    """Yield the choices of the letter and of the acte d’engagement, each with whether it is open."""
    fiche = case.fiche
    planned = dig(fiche, "marche.audition.prevue")
    yield not dig(fiche, "marche.date_limite_offres"), "Date limite de remise des offres."
    yield not dig(fiche, "marche.date_limite_questions"), "Date limite des questions."
    yield not criteres_poses(case), "Critères d’attribution et pondération, à reprendre de l’accord-cadre."
    yield not dig(fiche, "marche.reference_place"), "Référence de la consultation sur PLACE."
    yield (
        not (dig(fiche, "marche.validite_offres_jours") or accord["delai_validite_offres"]),
        f"Délai de validité des offres : {pluriel(VALIDITE, 'jour')} par usage ; ni la fiche ni "
        "l’accord-cadre n’en donnent.",
    )
    yield (
        bool(planned) and not accord["audition"],
        "Audition : la fiche la prévoit, l’accord-cadre ne dit pas la permettre ; la lettre n’en parle pas.",
    )
    yield not dig(fiche, "marche.tribunal"), "Tribunal administratif compétent, à nommer dans la lettre."
    yield (
        not dig(fiche, "attribution.comptable"),
        "Comptable assignataire : l’acte d’engagement renvoie à la lettre de notification.",
    )


def _verification(case: Case, accord: Mapping[str, Any]) -> Iterator[str]:
    """Say where the time to check deliverables comes from, unless it is the accord-cadre’s."""
    days, origin = mission.verification(case.fiche, accord)
    said = f"Délai de vérification des livrables (articles 8 et 12) : {pluriel(days, 'jour')}"
    if origin == "usage":
        yield f"{said} par défaut ; ni la fiche ni l’accord-cadre n’en donnent."
    elif origin == "fiche" and accord["delai_validation"] not in (None, days):
        yield f"{said} selon la fiche, {pluriel(accord['delai_validation'], 'jour')} selon l’accord-cadre."


def _choix(case: Case, note: Note) -> list[str]:
    """Return the choices that are left, each with where to make it."""
    accord = accord_cadre(case)
    asked = (*_cctp(case, accord), *_consultation(case, accord))
    return [
        *_note(case, note),
        *(text for is_open, text in asked if is_open),
        *_verification(case, accord),
    ]


def points_a_relire(note: Note) -> Callable[[Case, Copy], Mapping[str, Any]]:
    """Return what gives the values of ``points-a-relire``.

    Args:
        note: the piece from which the CCTP is made.
    """

    def made(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
        return _valeurs(case, note)

    return made


def _valeurs(case: Case, note: Note) -> Mapping[str, Any]:
    source = passage(case, note, next(iter(note.sections)))[0]
    without = f"Aucun passage de {note.le} ni de la fiche n’est à reprendre."
    if source is None:
        without = (
            f"{majuscule(note.nom)} n’a pas été trouvée dans le dossier : son texte n’a pas pu être relu."
        )
    return {
        "atelier": atelier(case.fiche, case.format.title),
        "format": case.format.title,
        "passages": _passages(case, note),
        "fichier": source.name if source else None,
        "sans_passage": without,
        "choix": _choix(case, note)
        or ["Aucun : la fiche et l’accord-cadre donnent tout ce que les pièces demandent."],
    }
