"""The vintages of the Code officiel géographique, with EPCI and EPT, read when they are asked for.

One file per year in ``donnees/``, made by :mod:`assembler_plugins.territoire.reduire`. Loading
one takes some 15 ms; only the départements asked about are split into communes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

__all__ = ["Ancienne", "Cog", "Commune", "Groupement", "area", "others", "vintage", "years"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Groupement:
    """An EPCI with its own tax, or an EPT of the Métropole du Grand Paris."""

    siren: str
    type: str
    """``CC``, ``CA``, ``CU``, ``METRO``, ``MET69`` (Lyon) or ``EPT``."""
    nom: str
    departements: tuple[str, ...]
    """Those of its members."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Commune:
    """A commune of the vintage, or a municipal arrondissement with what its commune is member of."""

    code: str
    nom: str
    groupements: tuple[Groupement, ...]
    """Its EPCI and, around Paris, its EPT; none for a few islands."""
    ville: str = ""
    """For a municipal arrondissement, the name of its commune."""

    @property
    def departement(self) -> str:
        """The code of its département, or of its collectivité d’outre-mer."""
        return area(self.code)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ancienne:
    """A code that is no longer a commune of its own, and where it leads today."""

    code: str
    nom: str
    """Empty for a merged commune that kept no status."""
    genre: str
    """``deleguee``, ``associee`` or ``ancienne``."""
    commune: Commune


def area(code: str) -> str:
    """Return the département, or the collectivité d’outre-mer, that begins a commune's code."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]


@dataclass(frozen=True, kw_only=True, eq=False)
class Cog:
    """One vintage, as of 1 January."""

    annee: int
    source: str
    """Package and version that it comes from."""
    regions: Mapping[str, str]
    departements: Mapping[str, tuple[str, str]]
    """By code, name and region."""
    groupements: tuple[Groupement, ...]
    _tables: Mapping[str, Mapping[str, str]]
    _split: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)

    @property
    def nom(self) -> str:
        """« COG 2026 », as shown in every finding."""
        return f"COG {self.annee}"

    def _rows(self, table: str, place: str) -> dict[str, list[str]]:
        key = (table, place)
        if key not in self._split:
            lines = self._tables[table].get(place, "")
            self._split[key] = {
                code: rest for code, *rest in (line.split(";") for line in lines.split("|") if line)
            }
        return self._split[key]

    def commune(self, code: str) -> Commune | None:
        """Return the commune, or municipal arrondissement, of that code in this vintage."""
        if row := self._rows("communes", area(code)).get(code):
            members = tuple(self.groupements[int(rank)] for rank in row[1].split())
            return Commune(code=code, nom=row[0], groupements=members)
        if (row := self._rows("arrondissements", area(code)).get(code)) and (city := self.commune(row[0])):
            return Commune(code=code, nom=row[1], groupements=city.groupements, ville=city.nom)
        return None

    def communes(self, departement: str) -> Iterator[Commune]:
        """Yield the communes of a département."""
        for code in self._rows("communes", departement):
            if found := self.commune(code):
                yield found

    def arrondissements(self) -> Iterator[Commune]:
        """Yield the municipal arrondissements."""
        for place in self._tables["arrondissements"]:
            for code in self._rows("arrondissements", place):
                if found := self.commune(code):
                    yield found

    def anciennes(self) -> Iterator[Ancienne]:
        """Yield the delegated, associated and merged communes."""
        for place in self._tables["anciennes"]:
            for code in self._rows("anciennes", place):
                if found := self.ancienne(code):
                    yield found

    def ancienne(self, code: str) -> Ancienne | None:
        """Return where a delegated, associated or merged commune leads in this vintage."""
        row = self._rows("anciennes", area(code)).get(code)
        today = self.commune(row[0]) if row else None
        return Ancienne(code=code, genre=row[1], nom=row[2], commune=today) if row and today else None

    def deleguee(self, code: str) -> str | None:
        """Return the name of the delegated commune that shares the code of today's commune."""
        row = self._rows("deleguees", area(code)).get(code)
        return row[0] if row else None

    def groupement(self, siren: str) -> Groupement | None:
        """Return the EPCI or EPT of that SIREN."""
        return next((one for one in self.groupements if one.siren == siren), None)


@cache
def years() -> tuple[int, ...]:
    """Return the vintages shipped, oldest first."""
    from importlib.resources import files

    names = (one.name for one in (files("assembler_plugins.territoire") / "donnees").iterdir())
    return tuple(sorted(int(name[:4]) for name in names if re.fullmatch(r"\d{4}\.json\.gz", name)))


def vintage(day: dt.date | None) -> Cog | None:
    """Return the vintage of a day's year, else the latest earlier one; None before the first.

    Args:
        day: the day of the dépôt; None for the latest vintage.
    """
    found = [year for year in years() if day is None or year <= day.year]
    return _load(found[-1]) if found else None


def others(cog: Cog) -> Iterator[Cog]:
    """Yield the other vintages, nearest first, to say what a code or a name was or became."""
    for year in sorted(years(), key=lambda one: (abs(one - cog.annee), -one)):
        if year != cog.annee:
            yield _load(year)


@cache
def _load(year: int) -> Cog:
    # Imported here: a dossier without a territory reads no vintage.
    import gzip
    import json
    from importlib.resources import files

    file = files("assembler_plugins.territoire") / "donnees" / f"{year}.json.gz"
    data: dict[str, Any] = json.loads(gzip.decompress(file.read_bytes()))
    return Cog(
        annee=data["annee"],
        source=data["source"],
        regions=data["regions"],
        departements={code: (name, region) for code, (name, region) in data["departements"].items()},
        groupements=tuple(
            Groupement(siren=siren, type=kind, nom=name, departements=tuple(areas.split()))
            for siren, kind, name, areas in data["groupements"]
        ),
        _tables={name: data[name] for name in ("communes", "deleguees", "anciennes", "arrondissements")},
    )
