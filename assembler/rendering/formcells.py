"""What stands in the cells of the form: values as a person would type them, formats, help."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from assembler.contributions import Field
from assembler.fichexlsx.celltext import free_text, joined
from assembler.fichexlsx.layout import shown_values
from assembler.french import typo
from assembler.rendering.xlsx import AnyCell, Workbook
from assembler.text import plain

__all__ = ["help_of", "number_format", "put_value", "shown"]

_FORMATS = {"date": "dd/mm/yyyy", "date_heure": "dd/mm/yyyy hh:mm", "entier": "0", "decimal": "General"}
_FIRST_SERIAL = dt.date(1900, 3, 1)
"""Before it a spreadsheet counts a 29 February 1900 that never was: written as text."""
_GUIDE = {
    "date": "Une date : jj/mm/aaaa.",
    "date_heure": "Une date et une heure : jj/mm/aaaa hh:mm.",
    "date_libre": "Un jour (jj/mm/aaaa) ou un mois (mm/aaaa).",
    "entier": "Un nombre entier.",
    "decimal": "Un nombre.",
    "mois": "Un nombre de mois (11) ou une fourchette (10 à 12).",
    "booleen": "Choisissez oui ou non.",
    "libre": "Un texte ; plusieurs éléments : une ligne « nom : valeur » pour chacun (Alt+Entrée).",
}
_SAID = {"mois", "decimal", "entier", "date_libre"}
"""Types whose help, when there is one, says what to write."""


def put_value(book: Workbook, cell: AnyCell, value: Any, given: Field) -> None:
    """Write one value, or the empty cell that waits for it."""
    code, style = number_format(given), "Saisie obligatoire" if given.required else "Saisie texte"
    if isinstance(value, (dt.date, dt.datetime)) and given.type != "date_libre":
        day = value.date() if isinstance(value, dt.datetime) else value
        if day >= _FIRST_SERIAL:
            book.put_number(cell, value, style)
        else:
            code = "@"
            book.put_text(cell, value.isoformat()[:16], style)
    elif isinstance(value, (int, Decimal)) and not isinstance(value, bool) and given.type in _FORMATS:
        exact = len(Decimal(value).normalize().as_tuple().digits) <= 15
        if exact:
            book.put_number(cell, value, style)
        else:
            code = "@"
            book.put_text(cell, format(value, "f"), style)
    else:
        book.put_text(cell, shown(value, given), style)
    cell.number_format = code


def number_format(given: Field) -> str:
    """Return the number format of a field: Texte, but for dates and numbers."""
    return "@" if given.many or given.values else _FORMATS.get(given.type, "@")


def help_of(given: Field) -> str:
    """Return the help of a field, and what its type asks for when the help does not say it."""
    guide = "" if given.help and given.type in _SAID else _GUIDE.get(given.type, "")
    told = [
        "Obligatoire." if given.required else "",
        given.help if given.help.endswith((".", "…")) else given.help and f"{given.help}.",
        guide,
    ]
    if given.values:
        told.append(f"Au choix : {', '.join(shown_values(given))}.")
    return typo(" ".join(one for one in told if one))


def shown(value: Any, given: Field) -> str:
    """Return a value as a person would type it."""
    if value is None or value == []:
        return ""
    if given.type == "libre":
        return free_text(value)
    if given.many and isinstance(value, (list, tuple)):
        one = replace(given, many=False)
        return joined([shown(item, one) for item in value if item is not None])
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m}/{value.year:04}"
    if given.values:
        told = zip(given.values, shown_values(given), strict=True)
        return next((shown for one, shown in told if plain(one) == plain(str(value))), str(value))
    return format(value, "f") if isinstance(value, Decimal) else str(value)
