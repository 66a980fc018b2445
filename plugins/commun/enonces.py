"""What a sentence says of the accompagnement itself: durations and numbers of sessions to be compared.

A number counts as a claim only when the sentence binds it to the accompagnement, the atelier or the
démarche with words that are all known here; the least doubt (another object, another place, the past, a
condition, a negation) leaves it out. A contradiction missed is read by a person; a false one is not forgiven.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from assembler_plugins.commun import lexique as mots

from assembler.extraction.passages import fold
from assembler.model import Location
from assembler.text import plain

__all__ = ["Contexte", "Enonce", "durees", "nombres_sessions"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Contexte:
    """What is known of the dossier when its sentences are read."""

    noms: frozenset[str]
    """Plain words of the names of its territory."""
    annee: int
    """Year of the dossier: what an earlier one dates is past."""
    autres: frozenset[str] = frozenset()
    """Words that, after « atelier », make it one of another kind."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Enonce:
    """A number as a piece gives it, in months or in sessions."""

    min: float
    max: float
    net: bool
    """The sentence says it of the accompagnement itself, in so many words."""
    nomme: bool = False
    """The sentence names the atelier: « l’accompagnement » alone may be that of another programme."""
    souple: bool = False
    """Said loosely (« environ », « au moins », « un an »): overlapping is agreeing."""
    periode: bool = False
    """Written from one month to another."""
    ecrit: str = ""
    extrait: str = ""
    lieu: Location | None = None

    def comparable(self, other: Enonce) -> bool:
        """Tell whether a disagreement would be about one thing: named, or of the same order."""
        return self.nomme or (self.max * 2 >= other.min and self.min <= other.max * 2)

    def concorde(self, other: Enonce) -> bool:
        """Tell whether the two may be said of one thing: one contains the other."""
        if self.souple or other.souple:
            return self.min <= other.max and other.min <= self.max
        inside = self.min >= other.min and self.max <= other.max
        return inside or (other.min >= self.min and other.max <= self.max)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Phrase:
    """A sentence cut around its number: as written, and folded."""

    avant: str
    apres: str
    dit_avant: str
    dit_apres: str


def _phrase(found: Mapping[str, Any]) -> _Phrase | None:
    said, written = str(found.get("extrait") or ""), str(found.get("ecrit") or "")
    folded = fold(said)
    at = folded.find(fold(written)) if written else -1
    if at < 0:
        return None
    end = at + len(written)
    return _Phrase(avant=said[:at], apres=said[end:], dit_avant=folded[:at], dit_apres=folded[end:])


def durees(piece: Mapping[str, Any], contexte: Contexte) -> list[Enonce]:
    """Return the durations of a piece; periods only when nothing is counted in months or years."""
    found = [_duree(one, piece, contexte) for one in piece.get("durees_mois") or ()]
    counted = [one for one in found if not one.periode]
    return counted or found


def nombres_sessions(piece: Mapping[str, Any], contexte: Contexte) -> list[Enonce]:
    """Return the numbers of sessions of a piece."""
    return [
        _enonce(one, piece, net=_sessions_nettes(one, contexte), phrase=_phrase(one))
        for one in piece.get("nombres_sessions") or ()
    ]


def _duree(found: Mapping[str, Any], piece: Mapping[str, Any], contexte: Contexte) -> Enonce:
    phrase = _phrase(found)
    written = fold(str(found.get("ecrit") or ""))
    period = bool(re.search(r"\d{4}", written))
    # « un an » is often said of eleven months; a period in months hides the days.
    slack = 1 if period or re.search(r"\b(?:ans?|annees?)\b", written) else 0
    return _enonce(found, piece, net=_duree_nette(phrase, contexte), phrase=phrase, jeu=slack, periode=period)


def _enonce(
    found: Mapping[str, Any],
    piece: Mapping[str, Any],
    *,
    net: bool,
    phrase: _Phrase | None,
    jeu: int = 0,
    periode: bool = False,
) -> Enonce:
    low, high = float(found["min"]), float(found["max"])
    before, after = (phrase.dit_avant, phrase.dit_apres) if phrase else ("", "")
    if mots.ENVIRON.search(before) or after.lstrip().startswith("environ"):
        jeu = 1
    least, most = low - jeu, high + jeu
    if mots.AU_PLUS.search(before) or mots.SUIVI_PLUS.match(after):
        least = 0
    elif mots.AU_MOINS.search(before) or mots.SUIVI_MOINS.match(after):
        most = inf
    place = found.get("emplacement") or {}
    return Enonce(
        min=least,
        max=most,
        net=net,
        nomme=bool(phrase and re.search(r"\batelier\b(?!-)", before + after)),
        souple=(least, most) != (low, high),
        periode=periode,
        ecrit=str(found.get("ecrit") or (f"{low:.0f}" if low == high else f"{low:.0f} à {high:.0f}")),
        extrait=str(found.get("extrait") or ""),
        lieu=Location(
            fichier=str(piece.get("fichier") or "") or None,
            page=place.get("page"),
            paragraphe=place.get("paragraphe"),
            extrait=found.get("extrait"),
        ),
    )


# --- is it said of the accompagnement? --------------------------------------------------------


def _duree_nette(phrase: _Phrase | None, contexte: Contexte) -> bool:
    if phrase is None or mots.SUITE_AUTRE.match(phrase.dit_apres) or _trouble(phrase, contexte):
        return False
    if mots.APRES.match(phrase.dit_apres):
        # « onze mois d’accompagnement »: what comes before must say no one else’s.
        return bool(mots.SIMPLE.fullmatch(phrase.dit_avant))
    return _lie(phrase, contexte)


def _lie(phrase: _Phrase, contexte: Contexte, sujet: re.Pattern[str] = mots.SUJET) -> bool:
    """Tell whether the number is bound to the nearest subject before it."""
    subjects = list(sujet.finditer(phrase.dit_avant))
    if not subjects:
        return False
    subject = subjects[-1]
    if not subject.group(1) and not mots.TITRE.search(phrase.dit_avant[: subject.start()]):
        return False
    between, prefix = phrase.dit_avant[subject.end() :], phrase.dit_avant[: subject.start()]
    between = mots.AU_PLUS.sub(" de", mots.AU_MOINS.sub(" de", between))
    if not mots.LIEN.search(between) or mots.CADRE.search(prefix):
        return False
    words = mots.MOTS.findall(between)
    if words and words[0] in contexte.autres:
        return False
    if not all(mots.PERMIS.fullmatch(word) or word in contexte.noms for word in words):
        return False
    if re.search(r"\ba\b", phrase.avant[subject.end() :]):
        return False
    if mots.RESERVE.search(prefix) or _inconnus(phrase.avant[: subject.start()], contexte):
        return False
    if (subject.group(1) or "").strip() in ("un", "d'un"):
        return bool(mots.INDEFINI.fullmatch(prefix) and mots.APRES_INDEFINI.match(phrase.dit_apres))
    return True


def _trouble(phrase: _Phrase, contexte: Contexte) -> bool:
    """Tell whether the sentence speaks of the past, denies or supposes."""
    before = mots.AU_PLUS.sub("", mots.AU_MOINS.sub("", phrase.dit_avant))
    # What follows counts as far as the clause goes.
    clause = len(re.split(r"[,;:.(]", phrase.dit_apres, maxsplit=1)[0][:80])
    said, rest = phrase.dit_apres[:clause], phrase.apres[:clause]
    if (
        mots.NEGATION.search(before)
        or mots.NEGATION.search(said)
        or re.match(r"\W*(?:et )?non\b", phrase.dit_apres)
    ):
        return True
    if mots.PASSE.search(phrase.avant.replace("'", "’")) or mots.PASSE.search(rest.replace("'", "’")):
        return True
    if mots.RESERVE.search(said) or _inconnus(f"x {rest}", contexte):
        return True
    return any(int(year) < contexte.annee for year in mots.ANNEE.findall(phrase.avant + phrase.apres))


def _inconnus(text: str, contexte: Contexte) -> bool:
    """Tell whether a text names something that is not of the dossier: a capital inside a sentence."""
    known = contexte.noms | {"atelier", "ateliers", "territoires", "local", "etat", "la", "le", "l", "d"}
    for rank, match in enumerate(mots.MOTS.finditer(text)):
        if rank and match.group()[0].isupper() and plain(match.group()) not in known:
            return True
    return False


def _sessions_nettes(found: Mapping[str, Any], contexte: Contexte) -> bool:
    phrase = _phrase(found)
    if phrase is None or _trouble(phrase, contexte) or mots.RESERVE.search(phrase.dit_avant):
        return False
    noun = plain(str(found.get("ecrit") or "")).split()
    if not {"session", "sessions", "seance", "seances", "ateliers", "atelier"} & set(noun):
        # « cinq rencontres in situ » may count the seminars.
        return False
    if mots.PARTIEL.search(phrase.dit_avant) or _inconnus(phrase.avant, contexte):
        return False
    situ = "situ" in noun or bool(mots.DE_L_ATELIER.match(phrase.dit_apres))
    if mots.D_AUTRE_CHOSE.match(phrase.dit_apres):
        return False
    if not phrase.dit_avant.strip(" •-–—*") and mots.PREVUES.match(phrase.dit_apres):
        return True
    if mots.PRONOM.search(phrase.dit_avant) and re.match(r"\W*(?:il|elle|celui|celle)\b", phrase.dit_avant):
        return situ
    if situ and mots.ENTIER.search(phrase.dit_avant):
        return True
    if situ and _lie(phrase, contexte, mots.DEMARCHE):
        return True
    return (situ or bool(mots.COMPLEMENT.match(phrase.dit_apres))) and _lie(phrase, contexte)
