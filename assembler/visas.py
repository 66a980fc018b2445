"""Visas: what only the eye could tell, recorded under a person's name in ``sortie/visas.yaml``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import yaml

from assembler.atomic import write_atomic
from assembler.checking import Visa
from assembler.errors import WritingError
from assembler.files import read_regular, reason
from assembler.readers.limits import LIMITS
from assembler.text import clean
from assembler.yamltext import YamlError, load

__all__ = ["add_visas", "read_visas"]

NAME = "visas.yaml"


def read_visas(output: Path) -> tuple[Visa, ...]:
    """Return the visas of a dossier, oldest first.

    Args:
        output: its ``sortie/``.

    Raises:
        WritingError: the file is there and is none of ours: it is not to be overwritten.
    """
    file = output / NAME
    try:
        content = read_regular(file, LIMITS.xml_part)
    except FileNotFoundError:
        return ()
    except NotADirectoryError:  # no folder at its place: said when something is to be written
        return ()
    except OSError as error:
        raise WritingError(f"« {file} » ne se lit pas ({reason(error)}) : déplacez-le.") from error
    try:
        data = load(content).data or []
        return tuple(
            Visa(
                regle=str(one["regle"]),
                fichier=str(one["fichier"]) if one.get("fichier") else None,
                sha256=str(one["sha256"]),
                par=str(one["par"]),
                constat=str(one["constat"]),
                date=dt.date.fromisoformat(one["date"]),
            )
            for one in data
        )
    except (YamlError, OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise WritingError(f"« {file} » ne se lit plus ({error}) : restaurez-le ou déplacez-le.") from error


def add_visas(output: Path, visas: Sequence[Visa]) -> None:
    """Append visas to ``sortie/visas.yaml``; one on the same rule and file takes the place of the last.

    Raises:
        WritingError: the file cannot be written.
    """
    renewed = {(visa.regle, visa.fichier) for visa in visas}
    kept = [visa for visa in read_visas(output) if (visa.regle, visa.fichier) not in renewed]
    lines = [
        {
            "regle": visa.regle,
            "fichier": visa.fichier,
            "sha256": visa.sha256,
            "par": clean(visa.par),
            "constat": clean(visa.constat),
            "date": visa.date.isoformat(),
        }
        for visa in (*kept, *visas)
    ]
    text = yaml.safe_dump(lines, allow_unicode=True, sort_keys=False, width=100)
    write_atomic(output / NAME, text.encode())
