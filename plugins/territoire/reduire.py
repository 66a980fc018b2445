"""Reduce the yearly package of French territories to what the checks read.

The package ``@etalab/decoupage-administratif`` (one version per year: 3.1.1 for 2023, 4.1.0 for
2024, 5.3.0 for 2025, 6.0.0 for 2026) weighs 12 MB a year; populations, postal codes and the
SIREN of communes are left out. Once it is downloaded and unpacked::

    python -m assembler_plugins.territoire.reduire chemin/package 2026

writes ``donnees/2026.json.gz`` beside this module (``--vers DIR`` for another folder). The same
package gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["canonical", "main", "reduced"]

_KINDS = {"commune-deleguee": "deleguee", "commune-associee": "associee"}


def reduced(package: Path, year: int) -> dict[str, Any]:
    """Return what is kept of an unpacked package.

    Args:
        package: the folder that holds ``package.json`` and ``data/``.
        year: the vintage, of 1 January.

    Returns:
        ``annee``, ``source``, ``regions`` {code: name}, ``departements`` {code: [name, region]},
        ``groupements`` [[SIREN, type, name, « départements »]], then tables by département, one line
        a code, so that only the départements asked about are ever split (« | » between lines, « ; »
        between fields: control characters would slow the reading down):
        ``communes`` (code, name, ranks of its groupements), ``deleguees`` (code, name: the delegated
        commune that shares the code of today's under another name), ``anciennes`` (code, today's
        code, kind ``deleguee``, ``associee`` or ``ancienne``, name; a former code has no name) and
        ``arrondissements`` (code, commune, name).

    Raises:
        ValueError: a commune out of its département, a former one that leads nowhere today, or a name
            that holds a separator.
    """
    manifest = json.loads((package / "package.json").read_text(encoding="utf-8"))
    entries: Mapping[str, list[dict[str, Any]]] = {
        name: json.loads((package / "data" / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("regions", "departements", "communes", "epci", "ept")
    }
    for one in (one for entry in entries.values() for one in entry):
        # The names go into sentences: « L’Île-d’Yeu », not « L'Île-d'Yeu ».
        one["nom"] = re.sub(r"(?<=\w)'(?=\w)", "’", one["nom"])
    current = {one["code"]: one["nom"] for one in _of(entries["communes"], "commune-actuelle")}
    for one in _of(entries["communes"], "commune-actuelle"):
        # The checks read the département in the code.
        if _area(one["code"]) != one["departement"]:
            raise ValueError(f"{one['code']} : département {one['departement']}")
    former = _former(entries["communes"], current)
    if lost := sorted(code for code, (today, _, _) in former.items() if today not in current):
        raise ValueError(f"sans commune actuelle : {', '.join(lost)}")
    groups = sorted((*entries["epci"], *entries["ept"]), key=lambda one: str(one["code"]))
    ranks: dict[str, list[str]] = {}
    for rank, group in enumerate(groups):
        for member in group["membres"]:
            ranks.setdefault(member["code"], []).append(str(rank))
    return {
        "annee": year,
        "source": f"{manifest['name']} {manifest['version']}",
        "regions": {one["code"]: one["nom"] for one in entries["regions"]},
        "departements": {one["code"]: [one["nom"], one["region"]] for one in entries["departements"]},
        "groupements": [
            [
                one["code"],
                one["type"],
                one["nom"],
                " ".join(sorted({_area(m["code"]) for m in one["membres"]})),
            ]
            for one in groups
        ],
        "communes": _table((code, name, " ".join(ranks.get(code, ()))) for code, name in current.items()),
        "deleguees": _table(
            (one["code"], one["nom"])
            for one in _of(entries["communes"], *_KINDS)
            if one["code"] in current and one["nom"] != current[one["code"]]
        ),
        "anciennes": _table((code, *where) for code, where in former.items()),
        "arrondissements": _table(
            (one["code"], one["commune"], one["nom"])
            for one in _of(entries["communes"], "arrondissement-municipal")
        ),
    }


def _area(code: str) -> str:
    """Return the département of a commune's code."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def _table(rows: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """Return lines by département of the code that comes first in each row."""
    table: dict[str, list[str]] = {}
    for row in sorted(rows):
        if any(";" in field or "|" in field for field in row):
            raise ValueError(f"séparateur dans {row}")
        table.setdefault(_area(row[0]), []).append(";".join(row))
    return {area: "|".join(lines) for area, lines in table.items()}


def _of(communes: Iterable[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    return [one for one in communes if one["type"] in kinds]


def _former(communes: Sequence[dict[str, Any]], current: Mapping[str, str]) -> dict[str, list[str]]:
    """Return where every code that is no longer a commune leads today."""
    former = {
        code: [one["code"], "ancienne", ""]
        for one in _of(communes, "commune-actuelle")
        for code in one.get("anciensCodes", ())
    }
    # After the former codes: where the two differ, the seat of the delegated commune is newer.
    former |= {
        one["code"]: [one["chefLieu"], _KINDS[one["type"]], one["nom"]] for one in _of(communes, *_KINDS)
    }
    return {code: where for code, where in former.items() if code not in current}


def canonical(data: Mapping[str, Any]) -> bytes:
    """Return the data as compressed JSON, sorted, without spaces nor date."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def main(arguments: Sequence[str] | None = None) -> Path:
    """Reduce one package from the command line; return the file written."""
    parser = argparse.ArgumentParser(description="Réduit un millésime du découpage administratif.")
    parser.add_argument("paquet", type=Path, help="dossier du paquet npm, une fois décompressé")
    parser.add_argument("annee", type=int, help="millésime, par exemple 2026")
    parser.add_argument("--vers", type=Path, default=Path(__file__).parent / "donnees", metavar="DIR")
    given = parser.parse_args(arguments)
    target: Path = given.vers / f"{given.annee}.json.gz"
    target.write_bytes(canonical(reduced(given.paquet, given.annee)))
    return target


if __name__ == "__main__":
    main()
