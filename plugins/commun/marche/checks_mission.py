"""Checks of what the CCTP and the price schedule say (LIV, MAR), whatever the format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from assembler_plugins.commun.faits import (
    absent,
    file_of,
    items,
    mute,
    pieces,
    place_in,
    refused,
    to_see,
    unstated,
)

from assembler.french import enumerer, nombre, pluriel
from assembler.model import Frozen, Months, Observation, dig
from assembler.text import plain

from .accord import memes
from .candidats import MOTIFS

__all__ = [
    "calendrier_des_etapes",
    "derogations_completes",
    "echeancier_complet",
    "echeancier_des_livrables",
    "prix_par_livrable",
    "texte_pour_candidats",
]

_PRICES = "fiche.marche.prix"
_INSTALMENTS = "fiche.marche.echeancier"
_CALENDAR = "fiche.marche.calendrier"
_DEROGATIONS = "fiche.marche.derogations"
_ORDINALS = {1: "premiere|1re|1ere", 2: "deuxieme|seconde|2e|2eme", 3: "troisieme|3e|3eme"}


def prix_par_livrable(facts: Frozen, *, livrables: Mapping[str, str], sessions: int) -> Iterator[Observation]:
    """Report the deliverables and the sessions that no line of the price schedule bears.

    Args:
        facts: the facts.
        livrables: by deliverable of the fiche, its number in the price schedule (« L2 » for L2.1, L2.2…).
        sessions: how many sessions the mission has.
    """
    if missing := unstated(facts, _PRICES):
        yield from missing
        return
    lines = [one for _, one in items(facts, _PRICES)]
    priced = [str(one.get("livrable") or "") for one in lines]
    for name, number in livrables.items():
        if not any(memes(one, name) or f"{one}.".startswith(f"{number}.") for one in priced):
            yield refused(f"Aucune ligne de prix pour le livrable {name} ({number}).", _PRICES, name)
    posts = [plain(str(one.get("poste") or "")) for one in lines]
    for number in range(1, sessions + 1):
        ordinal = _ORDINALS.get(number, number)
        said = rf"\bsession (?:n |no )?{number}\b|\b(?:{ordinal}) session\b|\b(?:3|trois) sessions\b"
        if not any(re.search(said, post) for post in posts) and f"L2.{number}" not in priced:
            yield refused(f"Aucune ligne de prix pour la session n° {number}.", _PRICES, number)


def echeancier_complet(facts: Frozen, *, total: int) -> Iterator[Observation]:
    """Report shares of the price that do not add up.

    Args:
        facts: the facts.
        total: what they add up to, in percent points.
    """
    shares = [one.get("part") for _, one in items(facts, _INSTALMENTS)]
    known = [share for share in shares if share is not None]
    if not known:
        yield from unstated(facts, f"{_INSTALMENTS}") or [absent("L’échéancier ne dit aucune part.")]
        return
    found = sum(known, Decimal(0))
    if found != total:
        without = (
            f" ; {pluriel(len(shares) - len(known), 'ligne')} sans part" if len(known) < len(shares) else ""
        )
        yield refused(
            f"La somme des parts est {nombre(found)}, et non {total}{without}.", _INSTALMENTS, found
        )


def echeancier_des_livrables(facts: Frozen, *, livrables: Mapping[str, str]) -> Iterator[Observation]:
    """Report the instalments that pay no deliverable of the marché, or one that is paid twice.

    Args:
        facts: the facts.
        livrables: by number of a deliverable (« L2.1 »), the deliverable of the fiche that it belongs to.
    """
    if missing := unstated(facts, _INSTALMENTS):
        yield from missing
        return
    asked = dig(facts, "fiche.marche.livrables", ())
    known = [
        number for number, name in livrables.items() if not asked or any(memes(name, one) for one in asked)
    ]
    seen = set()
    for path, one in items(facts, _INSTALMENTS):
        number = str(one.get("livrable") or "")
        if number not in known:
            yield refused(
                f"« {number} » n’est pas un livrable du marché ({enumerer(known)}).",
                f"{path}.livrable",
                number,
            )
        elif number in seen:
            yield refused(f"{number} est payé deux fois.", f"{path}.livrable", number)
        seen.add(number)


def calendrier_des_etapes(facts: Frozen) -> Iterator[Observation]:
    """Report the steps that end before they begin, or after the mission."""
    duration = "fiche.accompagnement.duree_mois"
    if missing := unstated(facts, _CALENDAR, duration):
        yield from missing
        return
    given = dig(facts, duration)
    months = given.max if isinstance(given, Months) else given
    weeks = int(months * 365.25 / 12 / 7)  # as the calendar of the CCTP counts them
    for path, one in items(facts, _CALENDAR):
        begin, end, code = one.get("debut"), one.get("fin"), one.get("etape")
        if begin is not None and end is not None and end < begin:
            yield refused(
                f"{code} finit (semaine {end}) avant de commencer (semaine {begin}).", f"{path}.fin", end
            )
        last = max((week for week in (begin, end) if week is not None), default=0)
        if last > weeks:
            yield refused(
                f"{code} va jusqu’à la semaine {last} ; la mission de {months} mois en compte {weeks}.",
                f"{path}.fin",
                last,
            )


def derogations_completes(facts: Frozen, *, articles: int) -> Iterator[Observation]:
    """Report the derogations that do not say which article of which document they bear on.

    Args:
        facts: the facts.
        articles: how many articles the CCTP has.
    """
    if missing := unstated(facts, _DEROGATIONS):
        yield from missing
        return
    wanted = {
        "article_cctp": "l’article du CCTP",
        "article_ccag": "l’article du CCAG-PI",
        "objet": "son objet",
    }
    for rank, (path, one) in enumerate(items(facts, _DEROGATIONS), start=1):
        lacking = [label for key, label in wanted.items() if not one.get(key)]
        if lacking:
            yield refused(f"La dérogation n° {rank} ne dit pas {enumerer(lacking, 'ni')}.", path)
        if one.get("article_cctp"):
            found = re.search(r"\d+", str(one["article_cctp"]))
            if not found or not 1 <= int(found[0]) <= articles:
                yield refused(
                    f"Le CCTP n’a pas d’article « {one['article_cctp']} » : il en a {articles}.",
                    f"{path}.article_cctp",
                    str(one["article_cctp"]),
                )


# --- the text that the CCTP takes up -------------------------------------------------------------


def texte_pour_candidats(facts: Frozen, *, piece: str, nom: str) -> Iterator[Observation]:
    """Report what does not suit a bidder in the text from which the CCTP is made.

    One passage by reason, the first of its sections; the document « points-a-relire » lists them all.
    Without recognised sections, the whole text counts.

    Args:
        facts: the facts.
        piece: id of the piece.
        nom: its French name, with a capital article.
    """
    for path, one in pieces(facts, piece):
        if mute(one):
            message = f"{nom} est une image : vérifiez à l’œil ce que les candidats vont en lire."
            yield to_see(message, path, file_of(one))
        read = [section.get("mentions") or {} for section in (one.get("sections") or {}).values()]
        parts = [part for part in read if part] or [one.get("mentions") or {}]
        for name, reason in MOTIFS.items():
            found = next((part[name] for part in parts if part.get(name)), None)
            if found:
                said = f"{reason} (« {found['extrait']} »)."
                yield refused(said, path, where=place_in(one, found["emplacement"]))
