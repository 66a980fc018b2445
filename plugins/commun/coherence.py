"""Checks of the pieces against one another and against the fiche (GEN-COH)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assembler_plugins.commun.enonces import Contexte, Enonce, durees, nombres_sessions
from assembler_plugins.commun.faits import absent, day, file_of, items, mute, pieces, refused, unstated

from assembler.french import ajouter_mois
from assembler.model import Frozen, Location, Months, Observation, State, dig
from assembler.text import plain

__all__ = ["courriers_contemporains", "courriers_du_territoire", "durees_concordantes", "nombres_concordants"]

_DUREE = "accompagnement.duree_mois"
_SESSIONS = "accompagnement.sessions"


def durees_concordantes(
    facts: Frozen, *, sauf: Sequence[str] = (), ateliers: Sequence[str] = ()
) -> Iterator[Observation]:
    """Report the pieces that give the accompagnement another duration than the fiche or another piece.

    A piece that gives several durations contradicts when none of them agrees and one at least is said of
    the accompagnement itself.

    Args:
        facts: the facts.
        sauf: ids of the pieces left out.
        ateliers: words that make an atelier one of another kind, those of this format included.
    """
    given = dig(facts, f"fiche.{_DUREE}")
    stated = None
    if isinstance(given, (int, Months)):
        months = given if isinstance(given, Months) else Months(given, given)
        stated = Enonce(min=months.min, max=months.max, net=True, ecrit=f"{months} mois")
    yield from _compared(facts, stated, _DUREE, durees, sauf, ateliers)


def nombres_concordants(
    facts: Frozen, *, sauf: Sequence[str] = (), ateliers: Sequence[str] = ()
) -> Iterator[Observation]:
    """Report the pieces that count another number of sessions than the fiche or another piece.

    Args:
        facts: the facts.
        sauf: ids of the pieces left out.
        ateliers: words that make an atelier one of another kind, those of this format included.
    """
    number = len(items(facts, f"fiche.{_SESSIONS}"))
    stated = None
    if number:
        written = f"{number} session" if number == 1 else f"{number} sessions"
        stated = Enonce(min=number, max=number, net=True, ecrit=written)
    yield from _compared(facts, stated, _SESSIONS, nombres_sessions, sauf, ateliers)


def _compared(
    facts: Frozen,
    stated: Enonce | None,
    field: str,
    read: Callable[[Mapping[str, Any], Contexte], list[Enonce]],
    left_out: Sequence[str],
    kinds: Sequence[str],
) -> Iterator[Observation]:
    """Compare what the pieces say with the fiche, then with the pieces before them."""
    context = _context(facts, kinds)
    voices: list[tuple[str, list[Enonce]]] = []
    compared = False
    if stated:
        voices.append((_quoted(stated, f"{_fiche(facts)}, champ « {field} »"), [stated]))
    for path, one in pieces(facts):
        if path.split(".")[1] in left_out:
            continue
        said = read(one, context)
        clear = next((claim for claim in said if claim.net), None)
        other = next((voice for voice in voices if not _agree(said, voice[1])), None)
        if clear and other and not any(clear.comparable(one) for one in other[1]):
            clear = None
        compared = compared or bool(voices and (clear or (said and not other)))
        if clear and other:
            message = f"Trouvé ici : {_quoted(clear, _place(clear))} ; trouvé là : {other[0]}."
            yield refused(message, path, clear.ecrit, clear.lieu)
        elif clear or (said and not other):
            told = clear or said[0]
            voices.append((_quoted(told, _place(told)), said))
    if voices:
        yield from _unread(facts, left_out)
    if not compared:
        yield absent("Rien d’autre à comparer." if voices else "Ni la fiche ni les pièces ne le disent.")


def _agree(some: Sequence[Enonce], others: Sequence[Enonce]) -> bool:
    return any(one.concorde(other) for one in some for other in others)


def _context(facts: Frozen, kinds: Sequence[str]) -> Contexte:
    day_ = dig(facts, "fiche.date_depot") or dig(facts, "dossier.date")
    own = plain(str(dig(facts, "dossier.format", "")))
    names = " ".join(plain(name) for name in (*_names(facts), str(dig(facts, "fiche.intitule", ""))))
    return Contexte(
        noms=frozenset(names.split()),
        annee=day_.year if isinstance(day_, dt.date) else 0,
        autres=frozenset(map(plain, kinds)) - {own},
    )


def _names(facts: Mapping[str, Any]) -> list[str]:
    """Return the names of the collectivités, EPCI and communes of the fiche."""
    paths = ("fiche.collectivites", "fiche.territoire.epci", "fiche.territoire.communes")
    found = [str(one.get("nom") or "") for path in paths for _, one in items(facts, path)]
    return list(dict.fromkeys(name for name in found if name))


def _fiche(facts: Mapping[str, Any]) -> str:
    files = dig(facts, "dossier.fiches", ())
    return str(files[0]) if files else "la fiche"


def _file(piece: Mapping[str, Any]) -> str:
    return str(piece.get("fichier") or "le courrier")


def _place(claim: Enonce) -> str:
    where = claim.lieu or Location()
    parts = [where.fichier or "la pièce"]
    parts += [f"page {where.page}"] if where.page else []
    parts += [f"paragraphe {where.paragraphe}"] if where.paragraphe else []
    return ", ".join(parts)


def _quoted(claim: Enonce, place: str) -> str:
    extract = f"« {claim.extrait} », " if claim.extrait and claim.extrait != claim.ecrit else ""
    return f"{claim.ecrit} ({extract}{place})"


def _unread(facts: Frozen, left_out: Sequence[str]) -> Iterator[Observation]:
    """Say which pieces could not be compared; those that the rule does not read are left out."""
    for piece in dig(facts, "dossier.ambigus", {}):
        if piece not in left_out:
            yield Observation(state=State.NON_VERIFIE, message="GEN-PIE-008", path=f"pieces.{piece}")
    for piece in dig(facts, "pieces", {}):
        for path, one in items(facts, f"pieces.{piece}"):
            if piece not in left_out and one.get("lisible") is False:
                message = f"« {one.get('fichier')} » n’a pas pu être lu."
                yield Observation(state=State.NON_VERIFIE, message=message, path=path)


# --- the letters ------------------------------------------------------------------------------


def courriers_du_territoire(facts: Frozen, *, courriers: Sequence[str]) -> Iterator[Observation]:
    """Report the letters that name neither the territory nor a collectivité of the dossier.

    Args:
        facts: the facts.
        courriers: ids of the letters.
    """
    if missing := unstated(facts):
        yield from missing
        return
    names = _names(facts)
    if not names:
        yield absent("La fiche ne nomme ni collectivité ni commune.")
        return
    # A letter of which nothing was read, or an image, names nothing: the eye has it in GEN-PIE-005.
    letters = [(path, one) for path, one in pieces(facts, *courriers) if not mute(one)]
    if not letters:
        yield absent("Aucun courrier à lire.")
        return
    expected = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
    for path, one in letters:
        if one.get("collectivites") or one.get("lieux"):
            continue
        extract = _first_words(one)
        here = f"« {extract} »" if extract else "aucun de ces noms"
        yield refused(
            "Le courrier ne nomme ni le territoire ni une collectivité du dossier. "
            f"Trouvé ici : {here} ({_file(one)}) ; trouvé là : {expected} ({_fiche(facts)}).",
            path,
            where=replace(file_of(one), extrait=extract),
        )


def _first_words(letter: Mapping[str, Any]) -> str | None:
    """Return the passage of a letter that says most of what it is about."""
    found = (one for one in (letter.get("mentions") or {}).values() if one)
    return max((str(one.get("extrait") or "") for one in found), key=len, default=None)


def courriers_contemporains(facts: Frozen, *, courriers: Sequence[str]) -> Iterator[Observation]:
    """Report the letters dated after the dépôt, or more than a year before.

    Args:
        facts: the facts.
        courriers: ids of the letters.
    """
    filed = dig(facts, "fiche.date_depot")
    if missing := unstated(facts, "fiche.date_depot"):
        yield from missing
        return
    dated = [(path, one) for path, one in pieces(facts, *courriers) if isinstance(one.get("date"), dt.date)]
    if not dated:
        yield absent("Aucun courrier n’est daté.")
    earliest = ajouter_mois(filed, -12)
    for path, one in dated:
        written = one["date"]
        if earliest <= written <= filed:
            continue
        gap = "d’après le dépôt" if written > filed else "de plus d’un an avant le dépôt"
        yield refused(
            f"Le courrier est daté {gap}. Trouvé ici : {day(written)} ({_file(one)}) ; "
            f"trouvé là : dépôt le {day(filed)} ({_fiche(facts)}, champ « date_depot »).",
            path,
            written,
            file_of(one),
        )
