"""Checks on letters and notes: signatures, addressees, mentions, engagements, sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assembler_plugins.commun.faits import (
    absent,
    bearing,
    file_of,
    items,
    mute,
    pieces,
    refused,
    to_see,
    unstated,
)

from assembler.model import Frozen, Observation, dig
from assembler.text import plain

__all__ = [
    "destinataire",
    "duree_engagee",
    "duree_engagee_au_plus",
    "mention_presente",
    "nature_admise",
    "portage_conjoint",
    "porteurs_representes",
    "section_renseignee",
    "signature",
    "structure_reconnue",
    "texte_definitif",
]

_SIGNED = {"electronique", "cachet_parapheur", "visible"}
_ENGAGING = (re.compile(r"engag|\bporte|portage|pilot"), re.compile(r"atelier|accompagn|mobilis|assur"))
_OTHERS = re.compile(
    r"\b(?:prefete?|ministre|maire|presidente?|dreal|deal|ddtm?)\b|direct\w+ (?:departementale?|regionale?)"
)


def signature(facts: Frozen, *, piece: str) -> Iterator[Observation]:
    """Report letters without a signature; a scanned one is left to the eye.

    Args:
        facts: the facts.
        piece: id of the letter or letters.
    """
    letters = pieces(facts, piece)
    for path, one in letters:
        states = {found.get("etat") for _, found in items(one, "signatures")}
        if states & _SIGNED:
            continue
        if "numerisee" in states or one.get("forme") in ("numerise", "image"):
            yield to_see(
                "Le courrier est numérisé : vérifiez à l’œil qu’il porte une signature, et de qui.",
                path,
                file_of(one),
            )
        elif one.get("forme") == "editable":
            yield refused(
                "Le courrier est un fichier modifiable, sans signature : le courrier signé manque.",
                path,
                where=file_of(one),
            )
        else:
            yield refused("Le courrier ne porte aucune signature.", path, where=file_of(one))


def destinataire(
    facts: Frozen,
    *,
    courriers: Sequence[str],
    attendu: str,
    motif: str,
    repere: str,
    agents: Sequence[str] = (),
) -> Iterator[Observation]:
    """Report letters that are not addressed to whom they should be.

    Args:
        facts: the facts.
        courriers: ids of the letters.
        attendu: the addressee in French, after « à » (« la sous-direction… »).
        motif: pattern, on plain text, of the addressee.
        repere: mention that betrays the addressee anywhere in the letter.
        agents: names that stand for the addressee.
    """
    letters = pieces(facts, *courriers)
    if not letters:
        yield absent("Aucun courrier.")
    wanted = re.compile("|".join([motif, *(re.escape(plain(name)) for name in agents)]))
    for path, one in letters:
        said = plain(str(one.get("destinataire") or ""))
        if mute(one):
            yield to_see("Le courrier est une image : lisez à qui il est adressé.", path, file_of(one))
        elif not wanted.search(said) and (_OTHERS.search(said) or not bearing(one, repere)):
            shown = f", mais à « {one['destinataire']} »" if said else ""
            yield refused(
                f"Le courrier n’est pas adressé à {attendu}{shown}.",
                path,
                one.get("destinataire"),
                file_of(one),
            )


def mention_presente(facts: Frozen, *, piece: str, mention: str, absence: str) -> Iterator[Observation]:
    """Report the letters in which a mention was not found; ``absence`` says so in French."""
    letters = pieces(facts, piece)
    for path, one in letters:
        if mute(one):
            yield to_see("Le courrier est une image : lisez son objet.", path, file_of(one))
        elif not bearing(one, mention):
            yield refused(f"Dans le courrier, {absence}", path, where=file_of(one))


def _engagements(letter: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the durations that read most like the engagement, or all when none does."""
    found = [one for _, one in items(letter, "durees_mois")]
    for telling in _ENGAGING:
        if kept := [one for one in found if telling.search(plain(str(one.get("extrait") or "")))]:
            return kept
    return found


def _said(duration: Mapping[str, Any]) -> str:
    low, high = duration["min"], duration["max"]
    shown = f"{low} mois" if low == high else f"{low} à {high} mois"
    extract = duration.get("extrait")
    return f"{shown} (« {extract} »)" if extract else shown


def duree_engagee(facts: Frozen, *, piece: str, minimum: int) -> Iterator[Observation]:
    """Report letters that engage for less than ``minimum`` months; one that says nothing is a_voir."""
    letters = pieces(facts, piece)
    for path, one in letters:
        found = _engagements(one)
        if not found:
            yield to_see(
                f"Aucune durée n’a été trouvée dans le courrier ; lisez pour combien de mois "
                f"il engage ({minimum} au moins).",
                path,
                file_of(one),
            )
        elif all(duration["min"] < minimum for duration in found):
            longest = max(found, key=lambda duration: (duration["min"], duration["max"]))
            yield refused(
                f"Le courrier engage pour {_said(longest)}, moins que {minimum} mois.",
                path,
                longest["min"],
                file_of(one),
            )


def duree_engagee_au_plus(facts: Frozen, *, piece: str, maximum: int) -> Iterator[Observation]:
    """Report letters that engage for more than ``maximum`` months."""
    letters = pieces(facts, piece)
    if not any(_engagements(one) for _, one in letters):
        yield absent("Aucune durée n’a été trouvée dans le courrier.")
    for path, one in letters:
        for duration in _engagements(one):
            if duration["max"] > maximum:
                yield refused(
                    f"Le courrier engage pour {_said(duration)}, plus que {maximum} mois.",
                    path,
                    duration["max"],
                    file_of(one),
                )
                break


def porteurs_representes(facts: Frozen, *, piece: str) -> Iterator[Observation]:
    """Report the collectivités of role porteur that no letter names."""
    carriers = [
        (path, one) for path, one in items(facts, "fiche.collectivites") if one.get("role") == "porteur"
    ]
    if missing := unstated(facts, "fiche.collectivites"):
        yield from missing
        return
    if not carriers:
        yield absent("La fiche ne dit pas quelles collectivités sont porteuses.")
        return
    letters = pieces(facts, piece)
    if not letters:
        yield absent("Aucun courrier à lire.")
        return
    named = {plain(str(name)) for _, one in letters for name in one.get("collectivites") or ()}
    silent = next(((where, letter) for where, letter in letters if mute(letter)), None)
    for path, one in carriers:
        name = str(one.get("nom") or "")
        if not name or plain(name) in named:
            continue
        if silent:
            where, letter = silent
            message = f"Un courrier est une image : vérifiez à l’œil qu’il vaut aussi pour {name}."
            yield to_see(message, where, file_of(letter))
        else:
            yield refused(f"Aucun courrier ne vient de {name}, ni ne la nomme.", f"{path}.nom", name)


def portage_conjoint(facts: Frozen, *, service: str, collectivite: str) -> Iterator[Observation]:
    """Report a dossier that a service of the State or a collectivité does not carry.

    The fiche tells, else the letters; what neither tells is not judged.

    Args:
        facts: the facts.
        service: id of the letter of the service.
        collectivite: id of the letter of the collectivité.
    """
    stated = [one for _, one in items(facts, "fiche.collectivites")]
    pilots = items(facts, "fiche.pilotes")
    if stated and all(one.get("role") == "associee" for one in stated):
        yield refused(
            "Toutes les collectivités sont dites associées : aucune ne porte le dossier.",
            "fiche.collectivites",
        )
    elif not (pilots or pieces(facts, service)):
        if stated:
            yield refused("Aucun service de l’État ne porte le dossier.", "fiche.pilotes")
        else:
            yield absent("Rien ne dit qui porte le dossier.")
    elif not (stated or pieces(facts, collectivite)):
        if pilots:
            yield refused("Aucune collectivité ne porte le dossier.", "fiche.collectivites")
        else:
            yield absent("Rien ne dit qui porte le dossier avec le service.")


def section_renseignee(facts: Frozen, *, piece: str, section: str, intitule: str) -> Iterator[Observation]:
    """Report a section that is missing, empty or left to be completed.

    Args:
        facts: the facts.
        piece: id of the piece.
        section: id of the section.
        intitule: its title in French.
    """
    if dig(facts, f"pieces.{piece}") is None:
        yield absent(f"pièce absente : {piece}")
        return
    state = dig(facts, f"pieces.{piece}.sections.{section}.etat", "absente")
    words = {
        "absente": "n’a pas été trouvée",
        "vide": "est vide",
        "a_completer": "reste à compléter",
    }
    if state != "renseignee":
        yield refused(f"La rubrique « {intitule} » {words.get(state, 'est vide')}.", f"pieces.{piece}", state)


def structure_reconnue(facts: Frozen, *, piece: str) -> Iterator[Observation]:
    """Leave to the eye a piece whose headings were not recognised."""
    if dig(facts, f"pieces.{piece}") is None:
        yield absent(f"pièce absente : {piece}")
    elif dig(facts, f"pieces.{piece}.structure") != "reconnue":
        yield to_see(
            "Les titres de la pièce n’ont pas été reconnus : vérifiez à l’œil que chaque rubrique "
            "est renseignée.",
            f"pieces.{piece}",
        )


def texte_definitif(facts: Frozen, *, piece: str) -> Iterator[Observation]:
    """Report the placeholders left in a piece (fact ``marques``)."""
    for mark in dig(facts, f"pieces.{piece}.marques", ()):
        shown = mark.get("extrait") if isinstance(mark, Mapping) else mark
        yield refused(f"Il reste un passage à compléter : « {shown} ».", f"pieces.{piece}", shown)


def nature_admise(facts: Frozen, *, piece: str, natures: Sequence[str]) -> Iterator[Observation]:
    """Report a piece of another nature than those listed."""
    nature = str(dig(facts, f"pieces.{piece}.nature", ""))
    if dig(facts, f"pieces.{piece}") is None:
        yield absent(f"pièce absente : {piece}")
    elif nature not in natures:
        yield refused(
            f"C’est un fichier {nature.upper()} ; on attend : {', '.join(natures)}.",
            f"pieces.{piece}",
            nature,
        )
