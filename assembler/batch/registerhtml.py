"""``registre.html``: the register for whoever has no spreadsheet at hand, what is urgent first."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from assembler import __version__
from assembler.batch.register import ABSENT, URGENCY, Row, tally
from assembler.reporters.pages import page_template
from assembler.reporters.wording import CLOSING
from assembler.text import plain

__all__ = ["page"]


def page(rows: Sequence[Row], folder: Path, parent: Path, today: dt.date) -> bytes:
    """Return the page.

    Args:
        rows: of the register.
        folder: where the page is to stand, from which its links lead to the dossiers.
        parent: the folder that gathers the dossiers.
        today: the day of this pass.
    """
    text = page_template("registre.html.jinja").render(
        title=f"Registre des dossiers – {parent.resolve().name}",
        today=f"{today:%d/%m/%Y}",
        tally=tally(rows),
        rows=[_shown(row, folder, parent) for row in sorted(rows, key=_urgency)],
        closing=CLOSING,
        version=__version__,
    )
    return text.encode("utf-8", errors="xmlcharrefreplace")


def _urgency(row: Row) -> tuple[bool, int, str, str]:
    """Order rows: broken seals first, then by verdict, then those that wait for longest."""
    waiting = row.values.get("recu") or row.values.get("depose")
    day = waiting.isoformat() if isinstance(waiting, dt.date) else "9999"
    return (not row.altered, URGENCY.index(row.kind), day, plain(row.name))


def _shown(row: Row, folder: Path, parent: Path) -> dict[str, Any]:
    values = {key: _text(value) for key, value in row.values.items()}
    return values | {
        "name": row.name,
        "kind": row.kind,
        "altered": row.altered,
        "link": None if row.kind == ABSENT else _link(parent / row.name, folder),
        "rules": str(values["regles"]).split(", ") if values["regles"] else [],
        "title": values["intitule"] or row.name,
    }


def _text(value: object) -> str:
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def _link(dossier: Path, folder: Path) -> str:
    try:
        path = os.path.relpath(dossier.resolve(), folder.resolve())
    except ValueError:  # two drives of Windows
        return dossier.resolve().as_uri()
    parts = [quote(os.fsencode(part), safe="") for part in Path(path).parts]
    # « ./ » keeps a first part such as « C: » from being read as a scheme
    return "./" + "/".join(parts)
