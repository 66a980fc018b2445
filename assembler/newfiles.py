"""What ``assemble nouveau`` writes: blank files, ready to be filled in."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from assembler.atomic import write_atomic
from assembler.contributions import ReferenceFile
from assembler.errors import UsageError, WritingError
from assembler.french import enumerer, slug
from assembler.manager import Plugins
from assembler.rendering.ficheyaml import write_yaml

__all__ = ["create"]

_TEXTS = (".yaml", ".yml")
_WORKBOOK = ".xlsx"


def create(plugins: Plugins, what: str, target: Path) -> Path:
    """Write a blank file, and return its path.

    Args:
        plugins: what is installed.
        what: the kind of file: the title of a kind of reference file (« accord-cadre »).
        target: the file, whose ending says text or workbook; in a folder, a text named after its kind.

    Raises:
        UsageError: nothing of that kind can be made, or the ending is neither text nor workbook.
        WritingError: a file stands there already, or nothing can be written there.
    """
    kinds = {
        slug(kind.title): kind for format_ in plugins.formats().values() for kind in format_.reference_files
    }
    name = slug(what)
    if name not in kinds:
        offered = (
            enumerer([*sorted(plugins.formats()), *sorted(kinds)])
            or "rien, faute de format (voir « assemble plugins »)"
        )
        near = difflib.get_close_matches(name, [*kinds, *plugins.formats()], n=1)
        hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
        raise UsageError(f"« {what} » ne se crée pas ; on peut créer : {offered}.{hint}")
    if target.is_dir():
        target = target / f"{name}{_TEXTS[0]}"
    if target.suffix.lower() not in (*_TEXTS, _WORKBOOK):
        raise UsageError(
            f"« {target} » n’est pas un dossier : donnez un dossier qui existe, ou un nom de fichier en "
            f"{_TEXTS[0]} ou en {_WORKBOOK}."
        )
    if os.path.lexists(target):
        raise WritingError(f"« {target} » existe déjà et n’est pas remplacé : donnez un autre nom.")
    write_atomic(target, _record(kinds[name], target.suffix.lower()))
    return target


def _record(kind: ReferenceFile, ending: str) -> bytes:
    """Return the blank record of a kind of reference file."""
    if ending == _WORKBOOK:
        from assembler.rendering.fichexlsx import write_workbook

        then = f"enregistrez ce classeur dans un dossier « {kind.folder} », à côté des dossiers à contrôler"
        return write_workbook(kind.fields, {}, title=f"Fiche – {kind.title}", then=then)
    return write_yaml(
        kind.fields,
        heading=(
            f"Fiche vierge : {kind.title}.\n"
            f"Complétez-la, puis rangez-la, en UTF-8, dans un dossier « {kind.folder} », à côté des "
            "dossiers à contrôler.\n"
            f"Les dossiers la désignent par la valeur de « {kind.key} » (champ « {kind.named_by} »).\n"
            "Ce qui reste vide n’est pas comparé ; une ligne inutile peut être effacée."
        ),
    )
