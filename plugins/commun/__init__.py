"""What every format shares: the common rules and the readers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from assembler.contributions import Reader, Rule, Template
from assembler.hookspecs import hookimpl

__all__ = ["assembler_documents", "assembler_readers", "assembler_rules"]


@hookimpl
def assembler_rules(format_id: str) -> Iterable[Rule]:  # noqa: ARG001 - the same rules for every format
    """Hand over the rules on the fiche, the files, the calendar and the identifiers."""
    return _rules()


@cache
def _rules() -> tuple[Rule, ...]:
    from importlib.resources import files

    from assembler_plugins.commun.checks import CHECKS

    from assembler.fieldfiles import load_fields
    from assembler.rulefiles import load_rules

    folder = files("assembler_rules") / "commun"
    return load_rules(folder, CHECKS, load_fields(folder / "champs.yaml"), proven=True)


@hookimpl
def assembler_documents(format_id: str) -> Iterable[Template]:  # noqa: ARG001 - the same for every format
    """Hand over the fiche proposed to a dossier that has none."""
    from assembler_plugins.commun.preremplie import FICHE_PREREMPLIE

    return [FICHE_PREREMPLIE]


@hookimpl
def assembler_readers() -> Iterable[Reader]:
    """Hand over the readers of documents, workbooks and images."""
    from assembler.readers import docx, image, legacy, natures, odt, pdf, spreadsheet

    return [
        Reader(natures=frozenset({"docx", "docm", "dotx"}), read=docx.read),
        Reader(natures=frozenset({"odt"}), read=odt.read),
        Reader(natures=frozenset({"pdf"}), read=pdf.read),
        Reader(natures=frozenset({"xlsx", "xlsm", "ods"}), read=spreadsheet.read),
        Reader(natures=frozenset({"jpg", "png", "tiff"}), read=image.read),
        Reader(natures=natures.LEGACY, read=legacy.read),
    ]
