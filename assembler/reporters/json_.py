"""The JSON report: one object per dossier, one line each (conception.md § 5, a contract)."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from assembler import __version__
from assembler.model import Finding, Report, Seal, Severity, Source, State

__all__ = ["json_bytes", "render", "report_object"]

_UNSEEN = re.compile("[\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]")
_PLAIN = (str, int, bool, type(None))


def render(reports: Sequence[Report]) -> bytes:
    """Return the reports as UTF-8 JSON, indented when there is one, a line each when several."""
    objects = [report_object(report) for report in reports]
    if len(objects) == 1:
        return json_bytes(objects[0], indent=1)
    return b"".join(json_bytes(one) for one in objects)


def json_bytes(value: object, indent: int | None = None) -> bytes:
    """Return a value as UTF-8 JSON, on one line without ``indent``."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    # What would move a cursor or turn a line round is spelt: no structure of JSON holds any of it.
    text = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    # A file name that is no UTF-8 carries lone surrogates: they are shown, never raised.
    return (text + "\n").encode("utf-8", errors="backslashreplace")


def report_object(report: Report) -> dict[str, Any]:
    """Return one report as the plain object that the shipped schema describes."""
    dossier = report.dossier
    failed = [one for one in report.constats if one.etat is State.NON_CONFORME]
    return {
        "version_rapport": 1,
        "outil": {"nom": "assembler", "version": __version__},
        "dossier": {
            "chemin": report.chemin,
            "intitule": report.intitule,
            "format": dossier.format if dossier else None,
            "etape": dossier.step if dossier else None,
            "date_regles": dossier.date_regles.isoformat() if dossier else None,
            "origine_date": dossier.origine_date if dossier else None,
        },
        "verdict": report.verdict.value if report.verdict else None,
        "erreur": report.erreur,
        "bilan": {
            "constats": {one.value: sum(f.gravite is one for f in failed) for one in Severity},
            "regles": {one.value: sum(r.etat is one for r in report.regles) for one in State},
        },
        "constats": [_finding(one) for one in report.constats],
        "pieces": [_piece(one, report) for one in dossier.sources] if dossier else [],
        "regles": [{"id": one.id, "etat": one.etat.value, "motif": one.motif} for one in report.regles],
        "plugins": [
            {"nom": one.nom, "version": one.version, "etat": one.etat, "cause": one.cause}
            for one in report.plugins
        ],
        "scelle": _seal(report.scelle) if report.scelle else None,
    }


def _seal(seal: Seal) -> dict[str, Any]:
    return {
        "etat": seal.etat,
        "motif": seal.motif,
        "le": seal.le.isoformat() if seal.le else None,
        "par": seal.par,
        "version": seal.version,
        "regles": {
            "date": seal.date_regles.isoformat() if seal.date_regles else None,
            "empreinte": seal.empreinte,
            "identiques": seal.memes_regles,
        },
        "verdict": seal.verdict.value if seal.verdict else None,
        "malgre": seal.malgre,
        "fichiers": {
            "identiques": list(seal.identiques),
            "modifies": list(seal.modifies),
            "manquants": list(seal.manquants),
            "ajoutes": list(seal.ajoutes),
        },
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "regle": one.regle,
        "titre": one.titre,
        "gravite": one.gravite.value,
        "etat": one.etat.value,
        "message": one.message,
        "correction": one.correction,
        "reference": dict(one.reference),
        "emplacement": asdict(one.emplacement),
        "valeur": _value(one.valeur),
        "plugin": one.plugin,
    }


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_value(item) for item in value]
    return value if isinstance(value, _PLAIN) else str(value)


def _piece(source: Source, report: Report) -> dict[str, Any]:
    return {
        "piece": source.piece,
        "intitule": report.titles.get(source.piece) if source.piece else None,
        "fichier": source.name,
        "pages": list(source.pages_retenues) or None,
        "nature": source.nature,
        "octets": source.octets,
        "sha256": source.sha256,
        "reconnu_par": source.reconnu_par,
    }
