"""The bounds on what is opened, in one place.

Calibrated on 1,439 public Word files and 3,346 workbooks and OpenDocument files, of which none
is refused for its size or its ratio (robustesse.md § 3). Each can be changed, for one command or for
a whole service, by an environment variable: ``ASSEMBLER_LIMITE_SECONDES=60 assemble controler …``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from assembler.errors import UsageError

__all__ = ["LIMITS", "MEGA", "VARIABLES", "Limits", "limits_from"]

MEGA = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds on what is opened; sizes in bytes."""

    file: int = 200 * MEGA
    expanded: int = 400 * MEGA
    """All the members of a package together, as declared."""
    xml_part: int = 50 * MEGA
    members: int = 5_000
    """Members of a package, and files of a dossier."""
    ratio: int = 200
    """Expanded over compressed, for parts that we inflate…"""
    ratio_from: int = 2 * MEGA
    """… and whose expanded size is above this."""
    seconds: int = 20
    """To read one file, after which its reader is stopped."""
    memory: int = 512 * MEGA
    """Of the process that reads, all included (Linux)."""
    text: int = 4_000_000
    """Characters of one file: more than 1,000 full pages. Ten times as many for a whole dossier."""
    blocks: int = 200_000
    """Paragraphs and cells of one file."""
    depth: int = 40
    """Folders inside folders."""
    cells: int = 500_000
    """Filled cells of one workbook."""
    conversion: int = 60
    """Seconds more, for LibreOffice to convert an old file."""
    check: int = 10
    """Seconds, for one rule’s Python check on one dossier, or to say whether a dossier is of a format."""
    build: int = 60
    """Seconds, for the code of a plugin that makes one document."""


VARIABLES: Mapping[str, tuple[str, int]] = {
    "ASSEMBLER_LIMITE_FICHIER": ("file", MEGA),
    "ASSEMBLER_LIMITE_DECOMPRIME": ("expanded", MEGA),
    "ASSEMBLER_LIMITE_PARTIE_XML": ("xml_part", MEGA),
    "ASSEMBLER_LIMITE_ELEMENTS": ("members", 1),
    "ASSEMBLER_LIMITE_RATIO": ("ratio", 1),
    "ASSEMBLER_LIMITE_SECONDES": ("seconds", 1),
    "ASSEMBLER_LIMITE_MEMOIRE": ("memory", MEGA),
    "ASSEMBLER_LIMITE_CARACTERES": ("text", 1),
    "ASSEMBLER_LIMITE_PARAGRAPHES": ("blocks", 1),
    "ASSEMBLER_LIMITE_PROFONDEUR": ("depth", 1),
    "ASSEMBLER_LIMITE_CELLULES": ("cells", 1),
    "ASSEMBLER_LIMITE_CONVERSION": ("conversion", 1),
    "ASSEMBLER_LIMITE_CONTROLE": ("check", 1),
    "ASSEMBLER_LIMITE_DOCUMENT": ("build", 1),
}
"""Environment variable to (limit, unit): sizes are given in megabytes."""


def limits_from(environment: Mapping[str, str]) -> Limits:
    """Return the limits that the environment sets over the defaults.

    Raises:
        UsageError: a variable holds no whole number above zero, or names no limit.
    """
    chosen: dict[str, int] = {}
    for name, text in environment.items():
        if not name.startswith("ASSEMBLER_LIMITE_") or not text.strip():
            continue
        if name not in VARIABLES:
            raise UsageError(f"La variable {name} n’existe pas. Limites : {', '.join(VARIABLES)}.")
        limit, unit = VARIABLES[name]
        if not (text.strip().isascii() and text.strip().isdecimal() and 0 < int(text) < 10**9):
            raise UsageError(f"{name} : « {text[:40]} » n’est pas un nombre entier plus grand que zéro.")
        chosen[limit] = int(text) * unit
    return Limits(**chosen)


LIMITS = limits_from(os.environ)
