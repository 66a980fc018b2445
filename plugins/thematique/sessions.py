"""The national sessions: those that the tool knows, and those that the desk adds beside the dossiers."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files

from assembler.contributions import Field, FieldSchema, ReferenceFile
from assembler.fiche import read
from assembler.fieldfiles import load_fields

__all__ = ["fichier_session"]

_LIVREES = "sessions.yaml"


@cache
def fichier_session() -> ReferenceFile:
    """Return the catalogue: one file per session added, in ``sessions-nationales/``."""
    fields = load_fields(files("assembler_rules") / "referentiels" / "session.yaml")
    shipped = files("assembler_plugins.thematique") / "donnees" / _LIVREES
    listed = FieldSchema(root=Field(fields={"sessions": replace(fields.root, many=True)}))
    return ReferenceFile(
        id="session",
        title="session nationale",
        folder="sessions-nationales",
        fields=fields,
        key="titre",
        named_by="session",
        catalogue=tuple(read(shipped.read_bytes(), _LIVREES, listed).data["sessions"]),
    )
