"""Checks on letters and notes: signatures, addressees, mentions, engagements, sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assembler_plugins.commun.faits import (
    absent,
    bearing,
    file_of,
    items,
    mute,
    pieces,
    place_in,
    refused,
    to_see,
    unstated,
)

from assembler.model import Frozen, Location, Observation, dig
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
    """Report letters without a signature; a scan, or a signature that is broken, is left to the eye.

    A letter changed since it was signed electronically is not signed as it stands, and may all the same
    be sincere (a registration stamp added on arrival): a person decides, whatever else the page shows,
    since a printed stamp or an image is most often the picture of that same signature.

    Args:
        facts: the facts.
        piece: id of the letter or letters.
    """
    letters = pieces(facts, piece)
    for path, one in letters:
        signs = [found for _, found in items(one, "signatures")]
        kept = [found for found in signs if found.get("integre") is not False]
        states = {found.get("etat") for found in kept}
        sound = any(found.get("etat") == "electronique" or found.get("detachee") for found in kept)
        if len(kept) < len(signs) and not sound:
            yield to_see(
                "La signature électronique du courrier ne vaut plus pour le fichier tel qu’il est : "
                "vérifiez à l’œil ce qui a été signé, ou demandez le fichier signé d’origine.",
                path,
                file_of(one),
            )
            continue
        if states & _SIGNED:
            continue
        if "numerisee" in states or one.get("forme") in ("numerise", "image"):
            yield to_see(
                "Le courrier est numérisé : vérifiez à l’œil qu’il porte une signature, et de qui.",
                path,
                _signed_at(one, signs),
            )
        elif one.get("forme") == "editable":
            yield refused(
                "Le courrier est un fichier modifiable, sans signature : le courrier signé manque.",
                path,
                where=file_of(one),
            )
        else:
            yield refused("Le courrier ne porte aucune signature.", path, where=file_of(one))


def _signed_at(letter: Mapping[str, Any], signs: Sequence[Mapping[str, Any]]) -> Location:
    """Return where to look for the signature of a scan: its last page, in the form that is scanned."""
    scanned = [found for found in signs if found.get("etat") == "numerisee" and found.get("page")]
    if not scanned:
        return file_of(letter)
    last = max(scanned, key=lambda found: int(found["page"]))
    page = last["page"] if len(scanned) > 1 or letter.get("pages_retenues") else None
    return replace(file_of({**letter, "fichier": last.get("fichier") or letter.get("fichier")}), page=page)


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
                place_in(one, longest.get("emplacement")),
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
                    place_in(one, duration.get("emplacement")),
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


def portage_conjoint(
    facts: Frozen, *, service: str, collectivite: str, associee: bool = False
) -> Iterator[Observation]:
    """Report a dossier that a service of the State or a collectivité does not carry.

    The fiche tells, else the letters; what neither tells is not judged.

    Args:
        facts: the facts.
        service: id of the letter of the service.
        collectivite: id of the letter of the collectivité.
        associee: a collectivité that is associated, and does not carry the dossier, is enough.
    """
    stated = [one for _, one in items(facts, "fiche.collectivites")]
    pilots = items(facts, "fiche.pilotes")
    if not associee and stated and all(one.get("role") == "associee" for one in stated):
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
        # an absent section has no place of its own: the piece as a whole
        title = {"paragraphe": dig(facts, f"pieces.{piece}.sections.{section}.debut")}
        where = place_in(dig(facts, f"pieces.{piece}"), title)
        message = f"La rubrique « {intitule} » {words.get(state, 'est vide')}."
        yield refused(message, f"pieces.{piece}", state, where)


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
        told = mark if isinstance(mark, Mapping) else {"extrait": mark}
        shown, where = told.get("extrait"), place_in(dig(facts, f"pieces.{piece}"), told.get("emplacement"))
        yield refused(f"Il reste un passage à compléter : « {shown} ».", f"pieces.{piece}", shown, where)


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
