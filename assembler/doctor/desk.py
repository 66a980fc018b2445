"""What ``assemble gabarit`` does: examine a template, hand over the shipped ones."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assembler.atomic import write_atomic
from assembler.contributions import Template
from assembler.doctor.examining import Examined, examine
from assembler.doctor.examples import Catalogue
from assembler.doctor.faults import Fault, told
from assembler.errors import ReadingError, UsageError, WritingError
from assembler.files import read_regular, reason
from assembler.manager import Plugins
from assembler.readers.limits import LIMITS
from assembler.text import fold, plain

__all__ = ["NO_EXAMPLE", "Review", "catalogue_of", "copy_shipped", "document_of", "review", "review_lines"]


NO_EXAMPLE = (
    "À qui écrit le plugin : donnez à son Format un dossier d’exemple (examples) où ce document se fait ; "
    "« Un format en une heure » dit comment."
)
"""What is missing when nothing can be told of the values of a document."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A template once reviewed."""

    path: Path
    document: Template | None
    """The document that it is for; None: it could not be told, any name of the format is admitted."""
    faults: tuple[Fault, ...]
    copy: Path | None = None
    """The copy that bears the faults as comments."""
    uncopied: str | None = None
    """French: why there is no such copy."""
    exit_code: int = 0


def catalogue_of(plugins: Plugins, format_id: str | None, today: dt.date) -> Catalogue:
    """Return what the documents of a format may print.

    Raises:
        UsageError: no format was named, or it does not exist.
    """
    formats = plugins.formats()
    known = ", ".join(sorted(formats)) or "aucun"
    if format_id is None:
        raise UsageError(f"Donnez le format avec --format. Formats installés : {known}.")
    if format_id not in formats:
        raise UsageError(f"Le format « {format_id} » n’existe pas. Formats installés : {known}.")
    return Catalogue(plugins, formats[format_id], today)


def document_of(catalogue: Catalogue, ident: str | None, path: Path | None = None) -> Template | None:
    """Return the document named, else the one whose id the file's name begins with, else None.

    Raises:
        UsageError: the document named does not exist, or is not made from a Word template.
    """
    known = {one.id: one for one in catalogue.documents()}
    if ident is not None:
        if ident not in known:
            near = difflib.get_close_matches(ident, known, 1)
            hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
            raise UsageError(
                f"Aucun gabarit Word pour le document « {ident} ».{hint} Documents : {', '.join(known)}."
            )
        return known[ident]
    if path is None:
        return None
    name = plain(path.stem)
    fitting = [one for one in known if name == plain(one) or name.startswith(f"{plain(one)} ")]
    return known[max(fitting, key=len)] if fitting else None


def review(catalogue: Catalogue, path: Path, ident: str | None, today: dt.date) -> Review:
    """Examine a template, and write beside it a copy that bears its faults as comments.

    Raises:
        UsageError: there is no such file, or it is no Word document.
    """
    document = document_of(catalogue, ident, path)
    try:
        content = read_regular(path, LIMITS.file)
        examined = examine(content, catalogue.names(document), path.name)
    except OSError as error:
        raise UsageError(f"« {path} » ne s’ouvre pas : {reason(error)}.") from error
    except ReadingError as error:
        why = (
            str(error)
            if error.code in ("protege", "depassement")
            else "ouvrez-le dans Word et enregistrez-le à ce format."
        )
        raise UsageError(f"« {path.name} » n’est pas un document Word (.docx ou .dotx) : {why}") from error
    if not examined.faults:
        return Review(path=path, document=document, faults=())
    found = Review(path=path, document=document, faults=examined.faults, exit_code=1)
    if any(one.kind == "macro" for one in examined.faults):
        return replace(found, uncopied="un fichier à macros n’est pas recopié")
    try:
        return replace(found, copy=_commented(path, content, examined, today))
    except WritingError as error:
        return replace(found, uncopied=str(error), exit_code=error.exit_code)


def _commented(path: Path, content: bytes, examined: Examined, today: dt.date) -> Path:
    """Write the copy with comments; one that stands there already is somebody's work by now."""
    from assembler.rendering.annotating import Remark, annotate

    remarks = [
        Remark(
            # the paragraph is under the eyes of whoever reads the comment
            lines=tuple(told(one))[-1:] if one.paragraph and one.paragraph.number else tuple(told(one)),
            paragraph=one.paragraph.number if one.paragraph else None,
        )
        for one in examined.faults
    ]
    made = annotate(content, examined.blocks, remarks, today)
    for rank in range(1, 1000):
        target = path.with_name(f"{path.stem} (relu{f' {rank}' if rank > 1 else ''}){path.suffix}")
        if not target.exists():
            write_atomic(target, made)
            return target
        if _holds(target, made):
            return target
    raise WritingError(f"Trop de copies commentées à côté de « {path.name} » : effacez les anciennes.")


def _holds(path: Path, content: bytes) -> bool:
    try:
        return read_regular(path, LIMITS.file) == content
    except OSError:
        return False


def review_lines(catalogue: Catalogue, done: Review) -> Iterator[str]:
    """Tell a review, fault by fault, in lines for a terminal of 80 columns."""
    count = len(done.faults)
    what = "aucun défaut" if not count else "1 défaut" if count == 1 else f"{count} défauts"
    for_ = f"document « {done.document.id} »" if done.document else "document non reconnu : donnez --document"
    yield from fold(f"{done.path.name} : {what} ({catalogue.format.title}, {for_})")
    if done.document is not None and not catalogue.given(done.document).contexts:
        yield from fold(
            "Aucun exemple ne dit les valeurs de ce document : leurs noms n’ont pas été vérifiés. "
            + NO_EXAMPLE,
            "  ",
        )
    for rank, fault in enumerate(done.faults, 1):
        mark = f"{rank:>3}. "
        for line in told(fault):
            yield from fold(line, mark, "     ")
            mark = "     "
    if done.copy is not None:
        yield from fold(f"Copie avec les défauts en commentaires : {done.copy.name}")
    elif done.uncopied:
        yield from fold(f"Copie commentée non écrite : {done.uncopied}")


def copy_shipped(catalogue: Catalogue, ident: str | None, folder: Path) -> Sequence[Path]:
    """Copy the shipped templates, or that of one document, into a folder made if need be.

    Raises:
        UsageError: the document does not exist.
        WritingError: a file of that name is there already, or nothing can be written there.
    """
    asked = document_of(catalogue, ident)
    wanted: Iterable[Template] = (asked,) if asked is not None else catalogue.documents()
    targets = [(folder / f"{one.id}.docx", one) for one in wanted]
    for target, _ in targets:
        if target.exists():
            raise WritingError(f"« {target} » existe déjà et n’est pas remplacé : déplacez-le d’abord.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WritingError(f"« {folder} » ne peut pas être créé : {reason(error)}.") from error
    for target, one in targets:
        assert one.template is not None  # documents() keeps no other
        write_atomic(target, one.template.read_bytes())
    return [target for target, _ in targets]
