"""What in the note does not suit a bidder, and what the CCTP still leaves to decide (LO-MAR-008)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from assembler_plugins.commun.lettres import atelier

from assembler.contributions import Case, Copy
from assembler.model import dig

from .cctp import accord_cadre
from .note import PIECE, SECTIONS, enveloppe, passage, passages_de_la_note

__all__ = ["motifs", "points_a_relire"]

_MOTIFS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "Première personne : le CCTP parle au nom de l’acheteur",
        re.compile(r"\b(?:nous|notre|nos|nôtres?|je|j['’](?=\w)|mon|mes)\b", re.IGNORECASE),
    ),
    (
        "Vocabulaire de la candidature : la consultation vient après elle",
        re.compile(
            r"\bcandidat(?:ures?|s|er|ons)?\b|\bnote d['’]opportunité\b|\béligib\w+|\bsollicit\w+",
            re.IGNORECASE,
        ),
    ),
    (
        "Coordonnées personnelles : à retirer d’un document remis à des tiers",
        re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|(?<!\d)(?:\+33[\s.]?|0)[1-9](?:[\s.\u00a0-]?\d{2}){4}(?!\d)"),
    ),
    (
        "Montant : ni enveloppe ni budget dans un document remis aux candidats",
        re.compile(
            r"\d[\d\s.,\u00a0\u202f]*(?:[kM]\s?)?(?:€|euros?\b)|\b\d+\s?(?:k€|M€)"
            r"|\b(?:enveloppe|budget) de\b|\b(?:mille|millions?) (?:d['’])?euros\b",
            re.IGNORECASE,
        ),
    ),
)
_RETENU = "Coût de l’accompagnement : passage non repris dans le CCTP, ni le tableau qui le contient"
_AUTOUR = 60


def motifs(text: str) -> Iterator[tuple[str, str]]:
    """Yield, for a paragraph, each reason to reread it and the excerpt that shows it."""
    for reason, pattern in _MOTIFS:
        found = pattern.search(text)
        if found:
            start, end = max(0, found.start() - _AUTOUR), min(len(text), found.end() + _AUTOUR)
            # Whole words at both ends, so that the passage can be searched for in the file.
            while start > 0 and not text[start - 1].isspace():
                start -= 1
            while end < len(text) and not text[end].isspace():
                end += 1
            excerpt = " ".join(text[start:end].split())
            yield reason, f"{'… ' if start else ''}{excerpt}{' …' if end < len(text) else ''}"


def _raisons(text: str) -> Iterator[tuple[str, str]]:
    """Yield the reasons of a paragraph; one that states the envelope is not in the CCTP at all."""
    kept_back = enveloppe(text)
    for reason, excerpt in motifs(text):
        if not kept_back:
            yield reason, excerpt
        elif reason == _MOTIFS[-1][0]:
            yield (
                "Coût de l’accompagnement : passage non repris dans le CCTP, avec le tableau qui le contient",
                excerpt,
            )


_TOUJOURS = (
    "Délai de vérification des livrables (articles 8 et 12) : trente jours, sauf délai différent de "
    "l’accord-cadre.",
    "Échéancier de paiement par livrable : à porter dans la DPGF, dans les conditions de l’accord-cadre.",
    "Dérogations au CCAG-PI (article 14) : aucune n’est prévue ; toute clause qui y "
    "dérogerait est à y inscrire.",
)
"""Choices that every marché subséquent has to look at."""


_NATURES = {
    "pdf": "un PDF",
    "odt": "un document LibreOffice (.odt)",
    "doc": "un ancien document Word (.doc)",
    "rtf": "un document RTF",
}


def _texte_seul(case: Case) -> Iterator[str]:
    """Say that the CCTP takes the text of the note alone, when its file is of such a nature."""
    source = passage(case, next(iter(SECTIONS)))[0]
    if source is not None and source.nature in _NATURES:
        yield (
            f"La note est {_NATURES[source.nature]} : le CCTP n’en reprend que le texte, "
            "paragraphe par paragraphe. Titres, listes, tableaux et images sont à remettre en forme, "
            "ou la note à enregistrer en .docx avant de produire de nouveau."
        )


def _choix(case: Case) -> list[str]:
    """Return the choices that the CCTP leaves open, each with where to make it."""
    fiche = case.fiche
    accord = accord_cadre(fiche)
    sessions = dig(fiche, "accompagnement.sessions", ())
    dated = bool(sessions) and all(one.get("debut") for one in sessions)
    open_points: list[tuple[bool, str]] = [
        (
            not accord["numero"],
            "Numéro de l’accord-cadre (champ « marche.accord_cadre ») : le CCTP n’est pas produit sans lui.",
        ),
        (
            not dig(fiche, "marche.numero"),
            "Numéro du marché subséquent (champ « marche.numero ») : le CCTP n’est pas produit sans lui.",
        ),
        (not accord["intitule"], "Intitulé exact de l’accord-cadre, à reporter sur la page de garde."),
        (not dig(fiche, "marche.cpv"), "Code CPV (champ « marche.cpv »), à reprendre de l’accord-cadre."),
        (
            not dig(fiche, "marche.gouvernance.copil"),
            "Composition du comité de pilotage (article 6) : renvoyée à la réunion de cadrage, faute d’être "
            "donnée par la fiche.",
        ),
        (
            not dig(fiche, "marche.gouvernance.cotech"),
            "Composition du comité technique (article 6) : renvoyée à la réunion de cadrage, faute d’être "
            "donnée par la fiche.",
        ),
        (
            not dated,
            "Dates des sessions (articles 7 et 11) : comptées en mois à partir de la notification tant que "
            "la fiche ne les donne pas.",
        ),
        (
            not fiche.get("ressources"),
            "Études et données remises à l’équipe (annexe 3), avec leur détenteur.",
        ),
    ]
    return [*_texte_seul(case), *(text for is_open, text in open_points if is_open), *_TOUJOURS]


def points_a_relire(case: Case, copy: Copy) -> Mapping[str, Any]:  # noqa: ARG001 - one copy
    """Return the values of ``points-a-relire``."""
    rows = [
        {"rubrique": title, "paragraphe": number, "extrait": excerpt, "motif": reason}
        for title, number, block in passages_de_la_note(case)
        if not block.hint
        for reason, excerpt in _raisons(block.text)
    ]
    source = passage(case, next(iter(SECTIONS)))[0]
    without = "La note ne contient aucun passage à reprendre."
    if not dig(case.dossier.pieces, f"{PIECE}.0"):
        without = (
            "La note d’opportunité n’a pas été trouvée dans le dossier : son texte n’a pas pu être relu."
        )
    return {
        "atelier": atelier(case.fiche, "Atelier local"),
        "passages": rows,
        "fichier": source.name if source else "",
        "sans_passage": without,
        "choix": _choix(case),
    }
