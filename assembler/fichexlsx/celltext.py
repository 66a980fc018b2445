"""A cell as the text that a person would have typed, or the reason why it cannot be told.

A spreadsheet changes what is typed into it: it eats the zeros of a code, takes « 10-12 » for a date and
« 1.10 » for 1.1. What it shows is what the person sees; what the cell cannot tell any more is reported.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from assembler.contributions import Field
from assembler.readers.cells import Cell
from assembler.text import clean
from assembler.yamltext import YamlError, load

__all__ = ["Unclear", "cell_text", "free_text", "free_value", "joined", "split"]

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""What a number format prints as it is."""
_ENTRY = re.compile(r"([^:\n]+?)\s*:\s+(\S.*)")
_ENTRIES = re.compile(r"\n|\s;\s")
_AS_TEXT = "mettez la cellule au format Texte, puis écrivez-la de nouveau"


class Unclear(ValueError):
    """The cell no longer tells what was typed; ``str`` says so in French, and what to do."""


def cell_text(cell: Cell, expected: Field) -> str:
    """Return the text of a cell, for the field that it fills in.

    Raises:
        Unclear: an error of calculation, a formula never calculated, or a value that the spreadsheet
            has changed in a way that cannot be undone for sure.
    """
    value = cell.value
    if cell.error:
        raise Unclear(f"La cellule contient l’erreur « {value} » : écrivez la valeur elle-même.")
    if value is None:
        raise Unclear(
            "La cellule contient une formule dont le résultat n’est pas enregistré : écrivez la valeur "
            "elle-même, ou ouvrez le classeur dans Excel ou LibreOffice et enregistrez-le."
        )
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, (int, float)):
        return _number(value, cell.format, expected)
    if isinstance(value, dt.date):
        return _date(value, cell.format, expected)
    raise Unclear(f"La cellule contient une heure ou une durée ({value}) : {_AS_TEXT}.")


def _number(value: float, code: str, expected: Field) -> str:
    # 15 digits are all that a spreadsheet keeps: 0.1 + 0.2 is 0.3 there
    number = Decimal(repr(value)) if isinstance(value, int) else Decimal(format(value, ".15g"))
    if "%" in _LITERAL.sub("", code):
        number *= 100
    text = format(number.normalize(), "f")
    if expected.type not in ("texte", "libre") or expected.values:
        return text
    width = _zeros(code)
    if "." in text:
        shown = text.replace(".", ",")
        raise Unclear(f"Le tableur a lu un nombre ({shown}) au lieu d’un texte : {_AS_TEXT}.")
    if width and not text.startswith("-"):
        return text.zfill(width)  # shown with its zeros: the person sees 01004
    if expected.digits and len(text) < expected.digits:
        if len(text) == expected.digits - 1:
            raise Unclear(
                f"« {text} » : Excel a retiré le zéro initial : écrivez {text.zfill(expected.digits)} "
                "(cellule au format Texte)."
            )
        raise Unclear(
            f"« {text} » est un nombre trop court, on attend {expected.digits} chiffres : si Excel a retiré "
            f"les zéros initiaux, écrivez {text.zfill(expected.digits)} (cellule au format Texte)."
        )
    return text


def _zeros(code: str) -> int:
    """Return how many digits a format of zeros always shows: 5 for « 00000 », 10 for a telephone, else 0."""
    bare = _LITERAL.sub("", code.split(";")[0])
    bare = re.sub(r"[\s.\-/()+]", "", bare) if '"' in code or "\\" in code else bare.replace(" ", "")
    return len(bare.lstrip("#")) if re.fullmatch(r"#*0[0#]+", bare) else 0


def _date(value: dt.date, code: str, expected: Field) -> str:
    shape = _LITERAL.sub("", code.split(";")[0]).lower()
    moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    # serial numbers are fractions of a day: the second is as near as they get
    moment = (moment + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    timed = moment.time() != dt.time() or "h" in shape
    day = moment.date().isoformat()
    if expected.type == "date_heure":
        return moment.isoformat(timespec="minutes") if timed else day
    if expected.type == "date":
        return moment.isoformat(timespec="minutes") if moment.time() != dt.time() else day
    if expected.type == "date_libre":
        return day if "d" in shape or moment.day != 1 else day[:7]
    if expected.type == "texte" and not expected.values and "d" in shape and "y" in shape and not timed:
        return f"{moment:%d/%m/%Y}"
    raise Unclear(f"Le tableur a pris cette valeur pour une date ({moment:%d/%m/%Y}) : {_AS_TEXT}.")


# -- several values in one cell ----------------------------------------------------------------


def split(text: str) -> list[str]:
    """Return the values of a cell that holds several: one per line, else separated by « ; »."""
    return [part.strip() for part in text.split("\n" if "\n" in text else ";") if part.strip()]


def joined(values: list[str]) -> str:
    """Return several values as one cell, so that :func:`split` finds them again."""
    flat = [" ".join(value.split()) for value in values]
    if any(";" in value for value in flat):
        return "\n".join(flat) + ("\n" if len(flat) == 1 else "")
    return " ; ".join(flat)


def free_value(text: str) -> Any:
    """Return what a cell of a free field says: a text, or « clé : valeur » lines as a group.

    A key written twice gives a list. What such lines cannot say is kept as JSON.
    """
    text = text.strip()
    if text[:1] in ("{", "[", '"'):
        try:
            return load(text.encode()).data
        except YamlError:
            return text
    found = [_ENTRY.fullmatch(part.strip()) for part in _ENTRIES.split(text) if part.strip()]
    entries = [(one[1].strip(), one[2].strip()) for one in found if one]
    if not entries or len(entries) < len(found):
        return text
    group: dict[str, Any] = {}
    for key, value in entries:
        here = group.get(key)
        group[key] = value if here is None else [*(here if isinstance(here, list) else [here]), value]
    return group


def free_text(value: Any) -> str:
    """Return a free value as one cell, so that :func:`free_value` finds it again."""
    if isinstance(value, Mapping):
        pairs = [
            (str(key), one)
            for key, item in value.items()
            for one in (item if isinstance(item, (list, tuple)) else [item])
        ]
        told = "\n".join(f"{key} : {one}" for key, one in pairs)
    else:
        told = str(value)
    return told if free_value(told) == _plain(value) else json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return a value as dict, list, text and None."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return None if value is None else str(value)
