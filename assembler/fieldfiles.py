"""Field files: YAML to :class:`FieldSchema`, the fields of a fiche.

A malformed field is refused with the file, its path and what was expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources.abc import Traversable
from typing import Any

from assembler.contributions import Field, FieldSchema
from assembler.errors import RuleFileError
from assembler.memory import Memory, Same
from assembler.yamltext import Document, YamlError, load

__all__ = ["load_fields", "yaml_document"]

_KEYS = frozenset(
    {
        "libelle",
        "aide",
        "type",
        "liste",
        "valeurs",
        "champs",
        "chiffres",
        "apres",
        "unite",
        "obligatoire",
        "des",
    }
)
_TYPES = {
    *("texte", "entier", "decimal", "date", "date_heure", "date_libre", "mois", "booleen", "libre", "groupe"),
}


def load_fields(file: Traversable, inherits: FieldSchema | None = None) -> FieldSchema:
    """Load a field file: ``nom: {libelle, aide, type, liste, valeurs, champs, chiffres…}``.

    ``apres``: the field that it follows; ``obligatoire``: documents are refused without it; ``des``: the step
    from which it serves.

    Args:
        file: the YAML file.
        inherits: fields to start from; those of the file are merged over them.

    Raises:
        RuleFileError: a field is malformed.
    """
    data = yaml_document(file).data
    if inherits is None:  # those of every format are loaded by each, and again for the rules
        return _fields_of.recall((file.name, Same(data)), lambda: _schema_of(file.name, data, None))
    return _schema_of(file.name, data, inherits)


_fields_of: Memory[FieldSchema] = Memory(8)


def yaml_document(file: Traversable) -> Document:
    """Return a YAML file of blocks.

    Raises:
        RuleFileError: it is none; names the line.
    """
    try:
        document = load(file.read_bytes())
    except YamlError as error:
        raise RuleFileError(f"{file.name}, ligne {error.line} : {error}") from error
    if not isinstance(document.data, dict):
        raise RuleFileError(f"{file.name} : on attend des blocs « ID: … ».")
    return document


def _schema_of(name: str, data: Mapping[str, Any], inherits: FieldSchema | None) -> FieldSchema:
    if data.get("herite") is not None and inherits is None:
        raise RuleFileError(f"{name} : « herite: {data['herite']} » demande des champs de départ.")
    own = {key: value for key, value in data.items() if key != "herite"}
    root = Field(fields=_fields(name, own, "", inherits.root if inherits else None))
    return FieldSchema(root=root)


def _fields(file: str, data: Mapping[str, Any], path: str, base: Field | None) -> dict[str, Field]:
    fields = dict(base.fields) if base else {}
    for name, given in data.items():
        fields[name] = _field(file, f"{path}{name}", given, fields.get(name))
        if after := given.get("apres"):
            # The order is that in which a person fills the fiche in.
            order = [one for one in fields if one != name]
            if after not in order:
                raise RuleFileError(f"{file}, « {path}{name}.apres » : le champ « {after} » n’existe pas.")
            order.insert(order.index(after) + 1, name)
            fields = {one: fields[one] for one in order}
    return fields


def _field(file: str, path: str, given: Any, base: Field | None) -> Field:
    if not isinstance(given, dict):
        raise RuleFileError(f"{file}, « {path} » : on attend libelle, type, valeurs ou champs.")
    unknown = set(given) - _KEYS
    if unknown:
        raise RuleFileError(f"{file}, « {path} » : clé inconnue « {min(unknown)} ».")
    kind = given.get("type") or ("groupe" if "champs" in given else base.type if base else "texte")
    if kind not in _TYPES:
        raise RuleFileError(f"{file}, « {path}.type » : on attend {', '.join(sorted(_TYPES))}.")
    start = base or Field()
    listed = given.get("valeurs")
    values = tuple(listed or start.values)
    shown = tuple(listed.values()) if isinstance(listed, dict) else () if listed else start.shown
    return replace(
        start,
        type=kind,
        label=given.get("libelle", start.label),
        help=given.get("aide", start.help),
        many=_yes(file, path, given, "liste", start.many),
        values=values,
        shown=shown,
        fields=_fields(file, given.get("champs") or {}, f"{path}.", base),
        digits=_digits(file, path, given.get("chiffres")) or start.digits,
        unit=given.get("unite", start.unit),
        required=_yes(file, path, given, "obligatoire", start.required),
        since=given.get("des", start.since),
    )


def _yes(file: str, path: str, given: Mapping[str, Any], key: str, default: bool) -> bool:
    value = given.get(key)
    if value not in (None, "true", "false"):
        raise RuleFileError(f"{file}, « {path}.{key} » : on attend true ou false, et non « {value} ».")
    return default if value is None else value == "true"


def _digits(file: str, path: str, given: Any) -> int | None:
    if given is not None and not (isinstance(given, str) and given.isdecimal()):
        raise RuleFileError(f"{file}, « {path}.chiffres » : on attend un nombre de chiffres.")
    return int(given) if given else None
