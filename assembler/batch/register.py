"""The register: one row per dossier, what changed since the last pass, and since when it holds."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assembler.batch.entry import ALTERED, CRASHED, NOTHING, UNREADABLE, Entry
from assembler.batch.finding import Found
from assembler.model import Verdict
from assembler.reporters.wording import VERDICTS
from assembler.text import clean, plain

__all__ = ["ABSENT", "COLUMNS", "URGENCY", "Column", "Row", "merged", "tally", "words"]

ABSENT = "absent"
"""Kind of a row whose dossier is no longer there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of ours; people add others."""

    heading: str
    width: int
    date: bool = False


COLUMNS: Mapping[str, Column] = {
    "reference": Column(heading="Référence", width=22),
    "intitule": Column(heading="Intitulé", width=36),
    "format": Column(heading="Format", width=18),
    "etape": Column(heading="Étape", width=16),
    "verdict": Column(heading="Verdict", width=26),
    "sceau": Column(heading="Sceau", width=16),
    "points": Column(heading="Points bloquants", width=11),
    "regles": Column(heading="Règles en cause", width=24),
    "depose": Column(heading="Déposé le", width=12, date=True),
    "recu": Column(heading="Reçu le", width=12, date=True),
    "decision": Column(heading="Décision", width=24),
    "depuis": Column(heading="En l’état depuis", width=12, date=True),
    "changement": Column(heading="Dernier changement", width=32),
    "controle": Column(heading="Dernier contrôle", width=12, date=True),
    "regles_du": Column(heading="Règles du", width=12, date=True),
    "operation": Column(heading="Dernière opération", width=36),
    "remarque": Column(heading="Ce que dit l’outil", width=40),
    "chemin": Column(heading="Chemin", width=44),
}

_SHORT = {
    Verdict.CONFORME.value: "rien de bloquant",
    Verdict.A_COMPLETER.value: "à compléter",
    Verdict.A_VOIR.value: "à finir à l’œil",
    Verdict.NON_CONCLUANT.value: "incomplet",
    NOTHING: "rien à contrôler",
    UNREADABLE: "illisible",
    CRASHED: "erreur de l’outil",
}
_LONG = {
    **{verdict.value: told for verdict, told in VERDICTS.items()},
    NOTHING: "Rien à contrôler",
    UNREADABLE: "Illisible",
    CRASHED: "Erreur de l’outil",
}
_KINDS = {plain(told): kind for kind, told in _LONG.items()}
_SEALS = {
    "identique": "Intact",
    ALTERED: "Modifié après scellement",
    "illisible": "Sceau illisible",
}
URGENCY = (
    CRASHED,
    UNREADABLE,
    Verdict.A_COMPLETER.value,
    Verdict.NON_CONCLUANT.value,
    Verdict.A_VOIR.value,
    NOTHING,
    Verdict.CONFORME.value,
    ABSENT,
)
"""Kinds of rows, those that wait for somebody first."""
_GONE = "Absent depuis le "


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row as it is to stand."""

    name: str
    """The dossier's path, relative to the folder."""
    kind: str
    """Verdict of the entry, or ``absent``."""
    values: Mapping[str, str | int | dt.date | None]
    """By column."""
    number: int | None = None
    """Row of the sheet where it stands already."""
    change: str = ""
    """What this pass changed."""
    before: str = field(default="", repr=False)
    """Kind that it had."""

    @property
    def altered(self) -> str:
        """What is wrong with the seal of a sealed dossier, in words; empty when nothing is."""
        said = str(self.values.get("sceau") or "")
        return said.lower() if self.kind != ABSENT and said not in ("", _SEALS["identique"]) else ""


def words(kind: str) -> str:
    """Return a verdict in at most seventeen characters."""
    return _SHORT.get(kind, kind)


def tally(rows: Sequence[Row]) -> str:
    """Return how many rows there are of each kind: « 3 à compléter, 2 incomplets »."""
    numbers = Counter(row.kind for row in rows)
    several = {kind: f"{words(kind)}s" for kind in (Verdict.NON_CONCLUANT.value, UNREADABLE, ABSENT)}
    told = {
        CRASHED: "en erreur de l’outil",
        NOTHING: "sans rien à contrôler",
        Verdict.CONFORME.value: "sans point bloquant",
    }
    parts = []
    for kind in URGENCY:
        if number := numbers[kind]:
            named = several.get(kind) if number > 1 else None
            parts.append(f"{number} {told.get(kind) or named or words(kind)}")
    return ", ".join(parts)


def merged(
    found: Iterable[tuple[Found, Entry]],
    standing: Sequence[tuple[int, Mapping[str, Any]]],
    today: dt.date,
    left: Collection[str] = (),
) -> list[Row]:
    """Return the rows of a register: the dossiers, then those that are no longer there.

    A dossier has the row of its path; else, when it was moved or renamed, the one of its reference.

    Args:
        found: the dossiers, with what was found of each.
        standing: number and values of the rows that stand; empty for a new register.
        today: the day of this pass.
        left: names of the dossiers left for another pass: their rows are as they stand.
    """
    pairs = list(found)
    rows = {clean(str(values.get("chemin"))): (number, values) for number, values in reversed(standing)}
    places = {clean(one.name): entry for one, entry in pairs}
    waiting = {clean(name) for name in left}
    moved = _moved(
        [(n, v) for p, (n, v) in rows.items() if p not in places and p not in waiting], places, rows
    )
    taken: set[int] = set()
    done: list[Row] = []
    for one, entry in pairs:
        number, values = rows.get(clean(one.name)) or moved.get(clean(one.name)) or (None, {})
        done.append(_row(one, entry, number, values, bool(standing), today))
        if number is not None:
            taken.add(number)
    gone = [(number, values) for number, values in rows.values() if number not in taken]
    return done + [
        _absent(number, values, None if clean(str(values.get("chemin"))) in waiting else today)
        for number, values in sorted(gone, key=lambda one: one[0])
    ]


def _moved(
    gone: Sequence[tuple[int, Mapping[str, Any]]],
    places: Mapping[str, Entry],
    rows: Mapping[str, tuple[int, Mapping[str, Any]]],
) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """Return the rows of dossiers that have another path now, by that path."""
    left = _by_reference((one, str(one[1].get("reference") or "")) for one in gone)
    new = _by_reference(
        (place, entry.reference or "") for place, entry in places.items() if place not in rows
    )
    return {place: left[reference] for reference, place in new.items() if reference in left}


def _by_reference(given: Iterable[tuple[Any, str]]) -> dict[str, Any]:
    """Return what has a reference by that reference, when it is alone to have it."""
    found: dict[str, Any] = {}
    twice = set()
    for value, reference in given:
        key = plain(reference)
        if key in found:
            twice.add(key)
        if key:
            found[key] = value
    return {key: value for key, value in found.items() if key not in twice}


def _row(
    one: Found, entry: Entry, number: int | None, before: Mapping[str, Any], known: bool, today: dt.date
) -> Row:
    kind = entry.verdict
    said = str(before.get("verdict") or "")
    was = ABSENT if said.startswith(_GONE) else _KINDS.get(plain(said), "")
    change = _change(one, entry, before, was) if number is not None else "nouveau" if known else ""
    since = before.get("depuis")
    remarks = [
        entry.remarque.removesuffix(".") if entry.remarque and one.twin else entry.remarque,
        f"le même dossier existe aussi sous la forme « {one.twin} »" if one.twin else None,
    ]
    values: dict[str, str | int | dt.date | None] = {
        "reference": entry.reference,
        "intitule": entry.intitule,
        "format": entry.format,
        "etape": entry.etape,
        "verdict": _LONG[kind],
        "sceau": _SEALS[entry.sceau] if entry.sceau else None,
        "points": len(entry.bloquants) if kind == Verdict.A_COMPLETER.value else 0,
        "regles": ", ".join(entry.bloquants),
        "depose": _date(entry.depose),
        "recu": _date(entry.recu),
        "decision": entry.decision,
        "depuis": since if was == kind and isinstance(since, dt.date) else today,
        "changement": _noted(change, today) or before.get("changement"),
        "controle": _date(entry.controle),
        "regles_du": _date(entry.regles_du),
        "operation": entry.operation,
        "remarque": " ; ".join(filter(None, remarks)),
        "chemin": one.name,
    }
    return Row(name=one.name, kind=kind, values=values, number=number, change=change, before=was)


def _noted(change: str, today: dt.date) -> str:
    return f"{today:%d/%m/%Y}, {change}" if change else ""


def _change(one: Found, entry: Entry, before: Mapping[str, Any], was: str) -> str:
    """Say what a dossier has become since its row was written."""
    told = []
    if was and was != entry.verdict:
        told.append("de retour" if was == ABSENT else f"avant : {words(was)}")
    told += _points(set(str(before.get("regles") or "").replace(",", " ").split()), set(entry.bloquants))
    if entry.sceau == ALTERED and before.get("sceau") != _SEALS[ALTERED]:
        told.append("sceau rompu")
    if entry.decision and plain(entry.decision) != plain(str(before.get("decision") or "")):
        told.append(f"décision : {entry.decision}")
    if clean(one.name) != clean(str(before.get("chemin"))):
        told.append(f"avant dans « {before.get('chemin')} »")
    return ", ".join(told)


def _points(before: set[str], now: set[str]) -> list[str]:
    told = []
    for rules, what in ((before - now, "réglé"), (now - before, "apparu")):
        if len(rules) == 1:
            told.append(f"{what} : {rules.pop()}")
        elif rules:
            told.append(f"{len(rules)} {what}s")
    return told


def _absent(number: int, before: Mapping[str, Any], today: dt.date | None) -> Row:
    """Return the row of a dossier that this pass has not seen; without a day, it is there all the same."""
    said = str(before.get("verdict") or "")
    was = ABSENT if said.startswith(_GONE) else _KINDS.get(plain(said), "")
    values = {key: before.get(key) for key in COLUMNS}
    change = ""
    if today is None:
        return Row(
            name=str(before.get("chemin")), kind=was or NOTHING, values=values, number=number, before=was
        )
    if was != ABSENT:
        change = "n’y est plus"
        values |= {
            "verdict": f"{_GONE}{today:%d/%m/%Y}",
            "depuis": today,
            "changement": _noted(change, today),
        }
    name = str(before.get("chemin"))
    return Row(name=name, kind=ABSENT, values=values, number=number, change=change, before=was)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
