"""What a sealed dossier says of itself: ``fiche-controle.json``, compared with the files beside it.

The sheet comes from outside: it is believed on nothing but what it says was checked, it is compared with
what lies here, and whatever is wrong with it is told, never raised. It detects change; it is no signature.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from assembler.files import read_regular, reason
from assembler.folder import SEAL, Folder
from assembler.model import Dossier, Seal, Verdict
from assembler.readers.limits import LIMITS, MEGA

__all__ = ["VERSION", "read_seal"]

VERSION = 1
"""Of the layout of the sheet (``reporters/fiche-controle.schema.json``)."""
_LARGEST = 8 * MEGA
_TEXT = 500
_DIGEST = re.compile(r"[0-9a-f]{64}")


class _Wrong(Exception):
    """The sheet is not one that we write; says why in French."""


def read_seal(folder: Folder, dossier: Dossier, rules: Callable[[], str]) -> Seal | None:
    """Compare a dossier with its control sheet; None when it has none.

    Args:
        folder: the folder, listed.
        dossier: what was read of it.
        rules: gives the fingerprint of the rules of this check.
    """
    try:
        content = read_regular(folder.root / SEAL, _LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Seal(etat="illisible", motif=reason(error))
    try:
        told, sealed = _parsed(content)
    except _Wrong as error:
        return Seal(etat="illisible", motif=str(error))
    found = _digests(folder, dossier)
    same = tuple(name for name, digest in sealed.items() if found.get(name) == digest)
    changed = tuple(name for name in sealed if name in found and name not in set(same))
    missing = tuple(name for name in sealed if name not in found)
    added = tuple(name for name in found if name not in sealed)
    return replace(
        told,
        etat="modifie" if changed or missing or added else "identique",
        memes_regles=told.empreinte == rules(),
        identiques=same,
        modifies=changed,
        manquants=missing,
        ajoutes=added,
    )


def _digests(folder: Folder, dossier: Dossier) -> dict[str, str]:
    """Return the hash of each file that is sent, by its composed name; empty when it does not open."""
    read = {one.name: one.sha256 for one in dossier.sources}
    found = {}
    for name in sorted((*folder.names, *folder.fiches)):
        digest = read.get(name, "")
        if not digest:
            try:
                digest = hashlib.sha256(read_regular(folder.root / name, LIMITS.file)).hexdigest()
            except (OSError, ValueError):
                digest = ""
        found[unicodedata.normalize("NFC", name)] = digest
    return found


def _parsed(content: bytes) -> tuple[Seal, dict[str, str]]:
    """Return what a sheet says, and the hash of each file it lists."""
    try:
        told = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise _Wrong("ce n’est pas du JSON") from error
    if not isinstance(told, dict):
        raise _Wrong("ce n’est pas une fiche de contrôle")
    if told.get("version_fiche") != VERSION:
        raise _Wrong(f"la version de la fiche n’est pas {VERSION}, la seule connue ici")
    tool, rules, sealed = (_group(told, key) for key in ("outil", "regles", "scelle"))
    digest = _text(rules, "empreinte")
    if not _DIGEST.fullmatch(digest):
        raise _Wrong("le champ « empreinte » est faux")
    try:
        verdict = Verdict(_text(told, "verdict"))
    except ValueError as error:
        raise _Wrong("le champ « verdict » est faux") from error
    return (
        Seal(
            etat="identique",
            le=_day(sealed, "le"),
            par=_text(sealed, "par"),
            version=_text(tool, "version"),
            date_regles=_day(rules, "date"),
            empreinte=digest,
            verdict=verdict,
            malgre=_text(told, "malgre") if told.get("malgre") is not None else None,
        ),
        _files(told.get("fichiers")),
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):  # two readers would not read the same sheet
        raise _Wrong("une de ses clés y figure deux fois")
    return found


def _group(told: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = told.get(key)
    if not isinstance(value, dict):
        raise _Wrong(f"le champ « {key} » est faux")
    return value


def _text(told: Mapping[str, Any], key: str) -> str:
    value = told.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(f"le champ « {key} » est faux")
    return value[:_TEXT]


def _day(told: Mapping[str, Any], key: str) -> dt.date:
    try:
        return dt.date.fromisoformat(_text(told, key))
    except ValueError as error:
        raise _Wrong(f"le champ « {key} » est faux") from error


def _files(told: Any) -> dict[str, str]:
    if not isinstance(told, list) or len(told) > LIMITS.members:
        raise _Wrong("sa liste de fichiers est fausse")
    found: dict[str, str] = {}
    for one in told:
        name, digest = (one.get("nom"), one.get("sha256")) if isinstance(one, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise _Wrong("sa liste de fichiers est fausse")
        name = unicodedata.normalize("NFC", name)
        if name in found:
            raise _Wrong("un fichier y figure deux fois")
        if not _plain(name):
            raise _Wrong("un de ses fichiers porte un nom interdit")
        found[name] = digest
    return found


def _plain(name: str) -> bool:
    """Tell whether a name is that of a file below the dossier, and nowhere else."""
    steps = name.split("/")
    inside = "\\" not in name and not PurePosixPath(name).is_absolute() and ":" not in steps[0]
    return inside and all(step.strip() not in ("", ".", "..") for step in steps) and name.isprintable()
