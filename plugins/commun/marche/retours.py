"""The price schedules that come back: which frame was sent, and what each of them says.

A schedule is compared with its frame when the dossier is read, within the limits of one file; the
rules judge what was found (``pieces.offre[].prix``), and nothing opens the file again.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from assembler.contributions import Case
from assembler.files import read_regular
from assembler.folder import OUTPUT
from assembler.model import Frozen, Source, dig
from assembler.readers.limits import LIMITS
from assembler.text import plain

__all__ = ["MAJEURE", "MINEURE", "REFAIT", "Anomalie", "Retour", "cadre_envoye", "designe", "prix_rendus"]

MAJEURE, MINEURE = "majeure", "mineure"
REFAIT = "cadre refait d’après la fiche"
_SENT = f"{OUTPUT}/lancement/dpgf.xlsx"
_NAMED = re.compile(r"\b(?:dpgf|decomposition|bordereau (?:des )?prix|prix)\b")
_SHEET = "DPGF"
_WORKBOOKS = frozenset({"xlsx", "xlsm", "ods"})
_UNREADABLE = frozenset({"xls", "office_chiffre", "zip", "html", "inconnu", "vide"})
_NOT_COMPARED = {
    "xls": "L’offre est un ancien classeur (.xls) : ni ses formules ni ses feuilles masquées ne sont lues.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Anomalie:
    """One difference with the frame, or one fault of a price."""

    genre: str
    """Of the file: ``illisible``, ``etranger``, ``macro``, ``lien``, ``feuille``, ``feuille_masquee``. Of its
    layout: ``edition``, ``ligne``, ``colonne``, ``libelle``, ``quantite``, ``ajout``. Of its formulas:
    ``formule``, ``formule_effacee``, ``formule_remplacee``, ``formule_saisie``, ``calcul``, ``erreur``,
    ``lettres``. Of what was entered: ``texte``, ``negatif``, ``decimales``, ``valeur``,
    ``prix_manquant``, ``prix_nul``, ``taux``, ``repartition``, ``total``, ``candidat``."""
    gravite: str
    """``majeure``: the offer says something else than the frame, or not enough; ``mineure``: to be seen."""
    message: str
    """French, one sentence."""
    feuille: str | None = None
    cellule: str | None = None
    attendu: str | None = None
    trouve: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Retour:
    """What a returned workbook says, and in what it departs from the frame."""

    candidat: str | None = None
    totaux: Mapping[str, Decimal | None] = field(default_factory=dict)
    """As carried: ``ht``, ``tva``, ``ttc``."""
    recalcules: Mapping[str, Decimal | None] = field(default_factory=dict)
    """From what was entered alone; None when it cannot be computed."""
    tarifs: tuple[Mapping[str, Any], ...] = ()
    """Daily rates: ``profil``, ``prix``, ``cellule``."""
    anomalies: tuple[Anomalie, ...] = ()
    non_verifie: tuple[str, ...] = ()
    """French sentences: what could not be compared."""


def designe(fiche: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the line of ``offres`` that names a file, empty when none does."""
    wanted = plain(name)
    return next(
        (
            one
            for one in dig(fiche, "offres", ())
            if one.get("fichier") and plain(str(one["fichier"])) == wanted
        ),
        {},
    )


def prix_rendus(source: Source, fiche: Frozen, output: Path) -> Mapping[str, Any]:
    """Return ``{"prix": …}`` for a price schedule that came back, nothing for another file.

    ``prix`` holds the fields of :class:`Retour` and ``cadre``: which frame it was compared with.

    Args:
        source: the file.
        fiche: the fiche, total.
        output: where the dossier's documents are written.
    """
    named = bool(designe(fiche, source.name) or _NAMED.search(plain(PurePosixPath(source.name).stem)))
    if source.nature in _UNREADABLE:
        told = _NOT_COMPARED.get(source.nature, source.explication or "Le classeur ne s’ouvre pas.")
        anomaly = Anomalie(genre="illisible", gravite=MAJEURE, message=told)
        return {"prix": {**asdict(Retour(anomalies=(anomaly,))), "cadre": None}} if named else {}
    if source.nature not in _WORKBOOKS or not (named or _has_sheet(source)):
        return {}
    from assembler_plugins.commun.marche.retours_comparaison import comparer

    frame, told = _cadre(fiche, output, Path(source.path).parents[source.name.count("/")])
    returned = read_regular(Path(source.path), LIMITS.file)
    return {"prix": {**asdict(comparer(frame, returned, refait=told == REFAIT)), "cadre": told}}


def _has_sheet(source: Source) -> bool:
    blocks = source.reading.blocks if source.reading else ()
    return any(one.level == 1 and one.text == _SHEET for one in blocks)


def cadre_envoye(case: Case) -> tuple[bytes, str]:
    """Return the frame that was sent to bidders, and where it comes from, in French.

    That is ``sortie/lancement/dpgf.xlsx`` of the dossier, else the same made again from the fiche.
    """
    given = Path(case.report.chemin)
    root = Path(case.dossier.path)
    beside = given.suffix.lower() == ".zip"
    return _cadre(case.fiche, given.with_name(f"{given.stem}-{OUTPUT}") if beside else root / OUTPUT, root)


def _cadre(fiche: Frozen, output: Path, root: Path) -> tuple[bytes, str]:
    # The folder of the documents first; that of the dossier too, for a zip that holds its own.
    for folder in dict.fromkeys((output, root / OUTPUT)):
        try:
            return read_regular(folder / "lancement" / "dpgf.xlsx", LIMITS.file), _SENT
        except OSError:
            continue
    from assembler_plugins.commun.marche.dpgf import frame_of

    day = dig(fiche, "marche.date_consultation")
    return _refait(frame_of(fiche, day if isinstance(day, dt.date) else dt.date.today())), REFAIT


@lru_cache(maxsize=4)  # one frame for all the offers of a dossier
def _refait(frame: Any) -> bytes:
    from assembler_plugins.commun.marche.dpgf_classeur import workbook

    return workbook(frame)
