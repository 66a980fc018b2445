"""The fiche as a text to fill in, made from the field schema: a line a field, what it means beside it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from assembler.contributions import Field, FieldSchema

__all__ = ["write_yaml"]


def write_yaml(
    schema: FieldSchema,
    known: Mapping[str, Any] | None = None,
    *,
    heading: str,
    leave_out: Collection[str] = (),
) -> bytes:
    """Return a YAML file that :func:`assembler.fiche.read` takes without a fault, empty as it is.

    Args:
        schema: the fields.
        known: the values that are known already, by dotted path.
        heading: how to use the file, in French: each line becomes a comment at the top.
        leave_out: fields of the root that do not serve yet.
    """
    fields = {name: one for name, one in schema.root.fields.items() if name not in leave_out}
    top = (f"# {line}" for line in heading.splitlines())
    return "".join(f"{line}\n" for line in (*top, *_lines(fields, known or {}, "", ""))).encode()


def _lines(fields: Mapping[str, Field], known: Mapping[str, Any], path: str, indent: str) -> Iterator[str]:
    for name, field in fields.items():
        here = f"{path}{name}"
        choice = f"Au choix : {', '.join(field.values)}" if field.values else ""
        needed = "Obligatoire" if field.required else ""
        told = ". ".join(text.rstrip(".") for text in (field.label, needed, field.help, choice) if text)
        note = told.replace("….", "…")
        if here in known:
            # JSON is YAML: quotes, accents and colons of a file name come back as they are.
            yield f"{indent}{name}: {json.dumps(known[here], ensure_ascii=False)}"
        elif field.type == "groupe" and field.many:
            yield f"{indent}{name}:   # {note}"
            first, *rest = _lines(field.fields, {}, "", f"{indent}    ")
            yield f"{indent}  - {first.strip()}"
            yield from rest
        elif field.type == "groupe":
            yield f"{indent}{name}:   # {note}"
            yield from _lines(field.fields, known, f"{here}.", f"{indent}  ")
        else:
            yield f"{indent}{name}: {'[]' if field.many else ''}   # {note}".rstrip(" #")
