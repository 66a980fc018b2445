"""The fiche: the dossier's structured data, read as text and typed once by the field schema."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from assembler.contributions import Field, FieldSchema
from assembler.model import FicheFault, Location, Months
from assembler.text import clean, plain
from assembler.yamltext import Document, YamlError, load

__all__ = ["PATH", "Fiche", "date_of", "label", "labels", "read", "total", "typed", "typed_values"]

PATH = re.compile(r"\bfiche(?:\.\w+(?:\[\])?)+")
"""A dotted path of the fiche in a sentence."""
_INTEGER = re.compile(r"[+-]?\d{1,15}")
_DECIMAL = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,10})?")
_UNITS = {"%": re.compile(r"(.+)%"), "€": re.compile(r"(.+?)(?:€|euros?|eur)", re.IGNORECASE)}
_THOUSANDS = re.compile(r"[.,]\d{3}$")
_MONTHS = re.compile(r"(\d{1,3})(?:\s*(?:à|a|-|–)\s*(\d{1,3}))?(?:\s*mois)?", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_FRENCH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_TIME = re.compile(r"(.+?)[T ]+(\d{1,2})[:hH](\d{2})(?::\d{2})?")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_FRENCH_MONTH = re.compile(r"(0?[1-9]|1[0-2])/(\d{4})")
_YEAR = re.compile(r"\d{4}")
_MONTHS_OF_YEAR = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet"),
    *("aout", "septembre", "octobre", "novembre", "decembre"),
)
_YES, _NO = {"oui", "true", "vrai", "1"}, {"non", "false", "faux", "0"}

_EXPECTED = {
    "entier": "un nombre entier, par exemple 3",
    "decimal": "un nombre, par exemple 100000 ou 1,5",
    "date": "une date, par exemple 2026-03-12 ou 12/03/2026",
    "date_heure": "une date et une heure, par exemple 2026-07-10T12:00",
    "date_libre": "un jour (2026-10-14 ou 14/10/2026) ou un mois (2026-10 ou 10/2026)",
    "mois": "un nombre de mois (11) ou une fourchette (« 10 à 12 »)",
    "booleen": "« oui » ou « non »",
    "texte": "un texte",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fiche:
    """A fiche once read: typed data, where each field stands, what is wrong with it."""

    data: Mapping[str, Any] = field(default_factory=dict)
    """Typed values; empty ones and those at fault are left out."""
    lines: Mapping[str, Location] = field(default_factory=dict)
    """Location of each field by dotted path."""
    faults: tuple[FicheFault, ...] = ()


class _Misfit(Exception):
    """A text does not fit its type."""


def read(content: bytes, name: str, schema: FieldSchema) -> Fiche:
    """Read and type a YAML fiche.

    Args:
        content: the file's bytes.
        name: the file's name, as printed in messages.
        schema: the fields of the format.

    Returns:
        The fiche; a file that cannot be read at all gives one fault of kind ``lecture``.
    """
    try:
        document = load(content)
    except YamlError as error:
        where = Location(fichier=name, ligne=error.line, libelle=_place(name, error.line))
        return Fiche(faults=(FicheFault(kind="lecture", message=str(error), location=where),))
    if document.data is None:
        where = Location(fichier=name, libelle=name)
        return Fiche(faults=(FicheFault(kind="lecture", message="La fiche est vide.", location=where),))
    if not isinstance(document.data, dict):
        where = Location(fichier=name, ligne=1, libelle=_place(name, 1))
        message = "La fiche doit être faite de lignes « champ: valeur »."
        return Fiche(faults=(FicheFault(kind="lecture", message=message, location=where),))
    return typed(document, name, schema)


def _place(name: str, line: int | None) -> str:
    return f"{name}, ligne {line}" if line else name


def typed(document: Document, name: str, schema: FieldSchema) -> Fiche:
    """Type a YAML document read as text; see :func:`read`."""
    lines = {
        path: Location(
            fichier=name, champ=path, ligne=line, libelle=f"{_place(name, line)}, champ « {path} »"
        )
        for path, line in document.lines.items()
    }
    return typed_values(document.data, lines, name, schema)


def typed_values(
    values: Mapping[str, Any], lines: Mapping[str, Location], name: str, schema: FieldSchema
) -> Fiche:
    """Type values read as text, whatever file they come from.

    Args:
        values: groups, lists and texts, as the schema nests them.
        lines: where each value stands, by dotted path.
        name: the file's name, as printed in messages.
        schema: the fields of the format.
    """
    faults: list[FicheFault] = []

    def fault(kind: str, path: str, message: str, value: Any = None) -> None:
        where = lines.get(path) or Location(fichier=name, champ=path, libelle=f"{name}, champ « {path} »")
        faults.append(FicheFault(kind=kind, message=message, location=where, value=value))

    def take(value: Any, expected: Field, path: str) -> Any:
        if value is None or value == "":
            return None
        if expected.type == "libre":
            return value
        if expected.many:
            items = value if isinstance(value, list) else [value]
            one = replace(expected, many=False)
            kept = [
                take(item, one, f"{path}.{rank}" if isinstance(value, list) else path)
                for rank, item in enumerate(items)
            ]
            return kept if any(item is not None for item in kept) else None
        if expected.type == "groupe":
            if not isinstance(value, dict):
                children = ", ".join(list(expected.fields)[:4])
                fault(
                    "type",
                    path,
                    f"On attend ici des champs ({children}…), et non « {_short(value)} ».",
                    value,
                )
                return None
            return group(value, expected, path)
        if isinstance(value, (list, dict)):
            fault("type", path, f"On attend {_EXPECTED[expected.type]}, et non plusieurs valeurs.")
            return None
        try:
            return _typed_scalar(value, expected)
        except _Misfit as misfit:
            fault("type", path, str(misfit), str(value))
            return None

    def group(value: Mapping[str, Any], expected: Field, path: str) -> dict[str, Any] | None:
        kept = {}
        for key, item in value.items():
            here = f"{path}.{key}" if path else key
            if key not in expected.fields:
                near = difflib.get_close_matches(key, expected.fields, n=1, cutoff=0.6)
                hint = f" : vouliez-vous dire « {near[0]} » ?" if near else "."
                fault("champ", here, f"Le champ « {key} » n’existe pas ici{hint}", key)
                continue
            result = take(item, expected.fields[key], here)
            if result is not None:
                kept[key] = result
        return kept or None

    data = group(values, schema.root, "") or {}
    return Fiche(data=data, lines=lines, faults=tuple(faults))


def _short(value: Any) -> str:
    text = " ".join(clean(str(value)).split())
    return text if len(text) <= 60 else text[:59] + "…"


def _typed_scalar(text: str, expected: Field) -> Any:
    text = clean(str(text)).strip()
    if expected.values:
        return _choice(text, expected)
    if expected.type == "texte":
        return text or None
    compact = re.sub(r"[\s\u00a0\u202f]", "", text)
    try:
        match expected.type:
            case "entier" if _INTEGER.fullmatch(compact):
                return int(compact)
            case "decimal" if _DECIMAL.fullmatch(number := _without_unit(compact, expected.unit)):
                return Decimal(number.replace(",", "."))
            case "mois" if found := _MONTHS.fullmatch(text):
                low, high = int(found[1]), int(found[2] or found[1])
                if low <= high:
                    return low if low == high else Months(low, high)
            case "date":
                return date_of(text)
            case "date_heure" if found := _TIME.fullmatch(text):
                day = date_of(found[1])
                return dt.datetime(day.year, day.month, day.day, int(found[2]), int(found[3]))
            case "date_libre":
                return _month(text) or date_of(text)
            case "booleen" if plain(text) in _YES | _NO:
                return plain(text) in _YES
    except (ValueError, InvalidOperation):
        pass
    raise _Misfit(f"« {_short(text)} » ne convient pas : on attend {_EXPECTED[expected.type]}.")


def _without_unit(text: str, unit: str) -> str:
    """Return a number typed with its unit, « 100 % » or « 100 000,50 € », as the number.

    « 100.000 € » is left as it is: nobody can tell whether it is a hundred or a hundred thousand.
    """
    found = _UNITS[unit].fullmatch(text) if unit in _UNITS else None
    return found[1] if found and not _THOUSANDS.search(found[1]) else text


def _choice(text: str, expected: Field) -> str:
    """Return the listed value that the text means, whatever its case and accents."""
    key = plain(text)
    meant = {plain(one): value for one, value in zip(expected.shown, expected.values, strict=False)}
    meant |= {plain(value): value for value in reversed(expected.values)}
    if key in meant:
        return meant[key]
    near = difflib.get_close_matches(key, meant, n=1, cutoff=0.6)
    listed = ", ".join(expected.shown or expected.values)
    told = dict(zip(expected.values, expected.shown or expected.values, strict=True))
    hint = f" ; la plus proche est « {told[meant[near[0]]]} »" if near else ""
    raise _Misfit(f"« {_short(text)} » ne figure pas parmi les valeurs admises ({listed}){hint}.")


def _month(text: str) -> str | None:
    """Return « 2026-10 », « 10/2026 » and « octobre 2026 » as the first of them, or None."""
    if _MONTH.fullmatch(text):
        return text
    if found := _FRENCH_MONTH.fullmatch(text):
        return f"{found[2]}-{int(found[1]):02}"
    name, _, year = plain(text).partition(" ")
    return (
        f"{year}-{_MONTHS_OF_YEAR.index(name) + 1:02}"
        if name in _MONTHS_OF_YEAR and _YEAR.fullmatch(year)
        else None
    )


def date_of(text: str) -> dt.date:
    """Return the day that « 2026-03-12 » or « 12/03/2026 » says.

    Raises:
        ValueError: it is no date.
    """
    if found := _ISO.fullmatch(text):
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    if found := _FRENCH.fullmatch(text):
        return dt.date(int(found[3]), int(found[2]), int(found[1]))
    raise ValueError(text)


def total(schema: FieldSchema | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``data`` with every field of the schema present: None, ``[]`` or a group of such.

    Templates rely on it: a name that the schema knows is never undefined.
    """
    return _total(schema.root, data) if schema else dict(data)


def _total(expected: Field, value: Any) -> Any:
    given = value if isinstance(value, Mapping) else {}
    return {key: _total_child(child, given.get(key)) for key, child in expected.fields.items()}


def _total_child(child: Field, value: Any) -> Any:
    if child.many:
        items = value if isinstance(value, (list, tuple)) else ()
        return [_total(child, item) if child.type == "groupe" else item for item in items]
    return _total(child, value) if child.type == "groupe" else value


def labels(schema: FieldSchema | None, texts: Iterable[str | None]) -> dict[str, str]:
    """Return the French labels of the paths of the fiche that some texts name, by ``fiche.<path>``."""
    found = {path for text in texts if text for path in PATH.findall(text)}
    return {path: _title(schema, path) for path in sorted(found)} if schema else {}


def _title(schema: FieldSchema, path: str) -> str:
    """Return the labels on the way to a field: « Accompagnement – Durée en mois »."""
    steps = [step for step in path.removeprefix("fiche.").replace("[]", "").split(".") if not step.isdigit()]
    ways = (".".join(steps[: rank + 1]) for rank in range(len(steps)))
    return " – ".join(label(schema, way) for way in ways)


def label(schema: FieldSchema | None, path: str) -> str:
    """Return the French label of a dotted path, without ``fiche.``, or the path itself."""
    here = schema.root if schema else None
    for step in path.split("."):
        if step.isdigit():
            continue
        here = here.fields.get(step) if here else None
    return here.label if here and here.label else path
