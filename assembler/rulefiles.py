"""Rule files: YAML blocks to :class:`Rule`.

A malformed block is refused with the file, the line, the id, the key and what was expected.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any

from cerberus import SchemaError

from assembler.contributions import RULE_ID, Check, FieldSchema, Reference, Rule
from assembler.errors import RuleFileError
from assembler.fiche import typed
from assembler.fieldfiles import yaml_document
from assembler.judging import judge
from assembler.model import Severity
from assembler.patterns import ambiguity
from assembler.validator import compiled
from assembler.yamltext import Document, Scalar

__all__ = ["disproved", "load_rules"]

_MANDATORY = ("titre", "nature", "gravite", "pourquoi", "correction", "reference", "exemples")
_KEYS = {
    *_MANDATORY,
    *(
        "etape",
        "jusqu_a",
        "du",
        "au",
        "remplace",
        "courrier",
        "si",
        "schema",
        "controle",
        "parametres",
        "lit",
    ),
}
_NATURES = {"programme", "technique"}
_STATES = {"conforme", "non_conforme", "non_applicable", "a_voir", "non_verifie"}
_WHY = {"GEN-FIC-005": "aucun champ de la fiche n’y est renseigné"}
"""Reasons that are the id of a rule, in words: an example has no report beside it."""
_TYPE_FIRST = {"min", "max", "allowed", "forbidden", "regex"}


class _Block:
    """A block under construction, able to say where it stands."""

    def __init__(self, file: str, rule_id: str, data: Any, line: int) -> None:
        self.file, self.id, self.data, self.line = file, rule_id, data, line

    def refuse(self, key: str, expected: str) -> RuleFileError:
        return RuleFileError(f"{self.file}, ligne {self.line}, {self.id}, « {key} » : on attend {expected}.")

    def text(self, key: str, default: str | None = None) -> str | None:
        value = self.data.get(key, default)
        if value is not None and not isinstance(value, str):
            raise self.refuse(key, "un texte")
        return str(value).strip() if value is not None else None

    def date(self, key: str) -> dt.date | None:
        value = self.text(key)
        try:
            return dt.date.fromisoformat(value) if value else None
        except ValueError as error:
            raise self.refuse(key, "une date AAAA-MM-JJ") from error

    def mapping(self, key: str) -> dict[str, Any]:
        value = self.data.get(key) or {}
        if not isinstance(value, dict):
            raise self.refuse(key, "des champs")
        return value


def load_rules(
    folder: Traversable,
    checks: Mapping[str, Check] | None = None,
    fields: FieldSchema | None = None,
    prefix: str | None = None,
    *,
    proven: bool = False,
) -> tuple[Rule, ...]:
    """Load every rule of a folder of YAML files (``champs.yaml`` and ``instruction.yaml`` aside).

    Args:
        folder: the folder, in a package or on disk.
        checks: the Python checks that ``controle`` may name.
        fields: types the fiche of the examples as a real fiche is typed, and tells which paths of the fiche
            ``schema``, ``si`` and ``lit`` may name.
        prefix: of whom the rules serve, when several share the folder: its blocks are named « MAR-001 », and
            become « LO-MAR-001 » with the prefix « LO »; ``remplace`` alike.
        proven: the schemas and their examples are proven by the tests of who ships them, not at each start.

    Raises:
        RuleFileError: a block is malformed, or an id stands twice.
    """
    rules: dict[str, Rule] = {}
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".yaml") or file.name in ("champs.yaml", "instruction.yaml"):
            continue
        for block in _blocks(file, prefix):
            rule = _rule(block, checks or {}, fields, proven=proven)
            if not proven:
                _prove(block, rule)
            if rule.id in rules:
                raise block.refuse(rule.id, f"un identifiant neuf (déjà dans {rules[rule.id].origin})")
            rules[rule.id] = rule
    return tuple(rules.values())


def _blocks(file: Traversable, prefix: str | None) -> Iterator[_Block]:
    document = yaml_document(file)
    for name, data in document.data.items():
        rule_id = f"{prefix}-{name}" if prefix else name
        block = _Block(file.name, rule_id, data, document.lines[name])
        if prefix and isinstance(data, dict) and data.get("remplace"):
            block.data = {**data, "remplace": f"{prefix}-{data['remplace']}"}
        if not RULE_ID.fullmatch(rule_id):
            raise block.refuse(rule_id, "un identifiant comme LO-DUR-004")
        if not isinstance(data, dict):
            raise block.refuse(rule_id, "un bloc de règle")
        yield block


def _rule(block: _Block, checks: Mapping[str, Check], fields: FieldSchema | None, *, proven: bool) -> Rule:
    for key in block.data:
        if key not in _KEYS:
            raise block.refuse(key, f"une clé parmi {', '.join(sorted(_KEYS))}")
    for key in _MANDATORY:
        if not block.data.get(key):
            raise block.refuse(key, "une valeur, obligatoire")
    nature = block.text("nature") or ""
    if nature not in _NATURES:
        raise block.refuse("nature", "« programme » ou « technique »")
    try:
        severity = Severity(block.text("gravite"))
    except ValueError as error:
        raise block.refuse("gravite", "« bloquant », « a_verifier » ou « information »") from error
    if bool(block.data.get("schema")) == bool(block.data.get("controle")):
        raise block.refuse("schema", "soit « schema », soit « controle »")
    reference = _reference(block)
    if nature == "programme" and severity is Severity.BLOCKING and not (reference.url or reference.citation):
        raise block.refuse("reference", "une adresse ou une citation publique, pour une règle bloquante")
    rule = Rule(
        id=block.id,
        titre=block.text("titre") or "",
        nature=nature,
        gravite=severity,
        pourquoi=block.text("pourquoi") or "",
        correction=block.text("correction") or "",
        reference=reference,
        etape=block.text("etape"),
        jusqu_a=block.text("jusqu_a"),
        du=block.date("du"),
        au=block.date("au"),
        remplace=block.text("remplace"),
        courrier=block.text("courrier"),
        si=_schema(block, "si"),
        schema=_schema(block, "schema"),
        check=_check(block, checks),
        parametres={key: _natural(value) for key, value in block.mapping("parametres").items()},
        lit=_reads(block),
        exemples=_Deferred(block, fields) if proven else _examples(block, fields),
        origin=f"{block.file}:{block.line}",
    )
    if fields:
        _refuse_unknown(block, rule, fields)
    return rule


def _prove(block: _Block, rule: Rule) -> None:
    """Refuse a schema that Cerberus does not know, or that its own examples contradict."""
    try:
        compiled(rule)
    except SchemaError as error:
        raise block.refuse("schema", f"des règles que Cerberus connaît ({error})") from error
    # Python checks are proven by `assemble plugins` and by the tests: some load heavy data.
    if rule.schema and (wrong := disproved(rule)):
        raise block.refuse("exemples", wrong)


def _refuse_unknown(block: _Block, rule: Rule, fields: FieldSchema) -> None:
    """Refuse a path of the fiche that no field has: what it names would be absent from every dossier."""
    for key, paths in (("schema", rule.schema), ("si", rule.si), ("lit", rule.lit)):
        for path in paths:
            if path.startswith("fiche.") and (told := _stray(path, fields)):
                raise block.refuse(f"{key}.{path}" if key != "lit" else key, told)


def _stray(path: str, fields: FieldSchema) -> str | None:
    """Say at which step a path of the fiche leaves the fields, or None."""
    here, above = fields.root, "fiche"
    for step in path.replace("[]", "").split(".")[1:]:
        if here.type == "libre" or step.isdigit():
            continue
        if step not in here.fields:
            near = difflib.get_close_matches(step, here.fields, 1)
            hint = f", par exemple « {above}.{near[0]} »" if near else ""
            return f"un champ de la fiche{hint} (« {above}.{step} » n’existe pas)"
        here, above = here.fields[step], f"{above}.{step}"
    return None


def disproved(rule: Rule) -> str | None:
    """Return what is wrong with a rule's own examples, or None: its block is its test."""
    for state, examples in rule.exemples.items():
        for rank, facts in enumerate(examples, 1):
            found = judge(rule, facts)
            if found.state.value != state:
                why = _WHY.get(found.reason or "", found.reason)
                told = f" ({why.rstrip('.')})" if why else ""
                return (
                    f"que l’exemple « {state} » n° {rank} finisse ainsi, et non « {found.state.value} »{told}"
                )
    return None


def _reference(block: _Block) -> Reference:
    data = block.mapping("reference")
    if not data.get("texte"):
        raise block.refuse("reference.texte", "le texte public, ou le guide de l’outil")
    return Reference(texte=data["texte"], url=data.get("url"), citation=data.get("citation"))


def _check(block: _Block, checks: Mapping[str, Check]) -> Check | None:
    name = block.text("controle")
    if name is None:
        return None
    if name not in checks:
        raise block.refuse("controle", f"un contrôle parmi {', '.join(sorted(checks))}")
    if not block.data.get("lit"):
        raise block.refuse("lit", "les chemins que lit le contrôle")
    return checks[name]


def _reads(block: _Block) -> tuple[str, ...]:
    value = block.data.get("lit") or []
    if not isinstance(value, list):
        raise block.refuse("lit", "une liste de chemins")
    return tuple(str(item) for item in value)


_CONVERT: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "mois": int,
    "decimal": Decimal,
    "date": dt.date.fromisoformat,
    "string": str,
    "boolean": lambda value: str(value) == "true",
}


def _schema(block: _Block, key: str) -> dict[str, dict[str, Any]]:
    schema = {}
    for path, rules in block.mapping(key).items():
        if not isinstance(rules, dict):
            raise block.refuse(f"{key}.{path}", "des règles Cerberus, par exemple {type: integer, min: 10}")
        for name in _TYPE_FIRST & set(rules):
            # Cerberus lets pass what it cannot compare: a type comes first.
            if "type" not in rules:
                raise block.refuse(f"{key}.{path}.{name}", "un « type » à côté")
        schema[path] = _rules(block, f"{key}.{path}", rules)
    return schema


def _rules(block: _Block, path: str, rules: Mapping[str, Any]) -> dict[str, Any]:
    convert = _CONVERT.get(str(rules.get("type")), str)
    typed_rules: dict[str, Any] = {}
    for name, value in rules.items():
        try:
            if name in ("min", "max"):
                typed_rules[name] = convert(value)
            elif name in ("allowed", "forbidden"):
                typed_rules[name] = [convert(item) for item in value]
            elif name == "schema" and "type" in value:
                typed_rules[name] = _rules(block, f"{path}.{name}", value)
            elif name == "regex" and (told := _endless(str(value))):
                raise block.refuse(f"{path}.regex", f"un autre motif ({told})")
            else:
                typed_rules[name] = _natural(value) if name not in ("type", "regex") else _plainly(value)
        except (ValueError, ArithmeticError, TypeError) as error:
            raise block.refuse(f"{path}.{name}", f"une valeur de type {rules.get('type')}") from error
    return typed_rules


def _endless(pattern: str) -> str | None:
    """Say why a pattern is none, or may never end on some text."""
    try:
        re.compile(pattern)
        return ambiguity(pattern)
    except re.error as error:
        return f"« {pattern} » n’est pas une expression régulière : {error}"


def _plainly(value: Any) -> Any:
    return [str(item) for item in value] if isinstance(value, list) else str(value)


def _natural(value: Any) -> Any:
    """Type what a rule file writes outside the fiche: whole numbers, decimals, dates, yes and no."""
    if isinstance(value, dict):
        return {key: _natural(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_natural(item) for item in value]
    if not isinstance(value, Scalar) or value.quoted:
        return str(value) if isinstance(value, str) else value
    if value in ("true", "false"):
        return value == "true"
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})", value):
        return int(value)
    if re.fullmatch(r"-?\d+\.\d+", value):
        return Decimal(value)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return dt.date.fromisoformat(value)
    return str(value)


class _Deferred(Mapping[str, Sequence[Mapping[str, Any]]]):
    """Examples typed when somebody asks for them: no check does, and it is a tenth of a start."""

    def __init__(self, block: _Block, fields: FieldSchema | None) -> None:
        self._typed = cache(lambda: _examples(block, fields))

    def __getitem__(self, state: str) -> Sequence[Mapping[str, Any]]:
        return self._typed()[state]

    def __iter__(self) -> Iterator[str]:
        return iter(self._typed())

    def __len__(self) -> int:
        return len(self._typed())


def _examples(block: _Block, fields: FieldSchema | None) -> dict[str, list[dict[str, Any]]]:
    examples: dict[str, list[dict[str, Any]]] = {}
    for state, given in block.mapping("exemples").items():
        if (
            state not in _STATES
            or not isinstance(given, list)
            or not all(isinstance(one, dict) for one in given)
        ):
            raise block.refuse(
                f"exemples.{state}", f"un état parmi {', '.join(sorted(_STATES))} et une liste"
            )
        examples[state] = [_example(block, one, fields) for one in given]
    if not examples.get("conforme"):
        raise block.refuse("exemples.conforme", "au moins un exemple")
    if not (examples.get("non_conforme") or examples.get("a_voir")):
        raise block.refuse("exemples.non_conforme", "au moins un exemple")
    return examples


def _example(block: _Block, given: Mapping[str, Any], fields: FieldSchema | None) -> dict[str, Any]:
    facts = {key: _natural(value) for key, value in given.items()}
    if fields and isinstance(given.get("fiche"), dict):
        fiche = typed(Document(given["fiche"]), block.file, fields)
        if fiche.faults:
            raise block.refuse("exemples", f"une fiche bien typée ({fiche.faults[0].message})")
        facts["fiche"] = dict(fiche.data)
    return facts
