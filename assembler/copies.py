"""Copies of the documents in other file formats, by LibreOffice when it is installed.

A copy says what the document beside it says, whoever wrote it last: ``cctp.pdf`` is made from ``cctp.docx``
as it stands, corrected by hand or not. A proposal (``cctp (proposition 2).docx``) has no copy until the
person puts it in the document's place.

The bytes of a conversion differ each time. So a copy is made anew only when its document has changed, or when
it is gone; the manifest keeps the hash of the document that it was made from. It is written as the documents
are: a copy that somebody signed or changed is kept, and the new one goes beside.

LibreOffice takes one target a start, and finds the filter for each file by itself: there is one start for
each of pdf, odt and ods, whatever the number of documents and of dossiers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assembler.errors import WritingError
from assembler.files import read_regular, reason
from assembler.model import Document, Made
from assembler.office import Setting, convert, converter
from assembler.readers.limits import LIMITS
from assembler.writing import Writer

__all__ = ["FORMATS", "copy_names", "make_copies"]

FORMATS = ("pdf", "odt", "ods")
"""What may be asked for."""
_TARGETS: Mapping[str, Mapping[str, str]] = {
    ".docx": {"pdf": "pdf", "odt": "odt"},
    ".xlsx": {"pdf": "pdf", "odt": "ods", "ods": "ods"},
}
"""By extension of a document, the extension of its copy in each format; other files are left alone."""

_PDF = "Office.Common/Filter/PDF/Export"
_SETTINGS: tuple[Setting, ...] = (
    # Read aloud and searched by headings, under its title; no comment of the desk leaves in it.
    (_PDF, "UseTaggedPDF", "true"),
    (_PDF, "ExportBookmarks", "true"),
    (_PDF, "DisplayPDFDocumentTitle", "true"),
    (_PDF, "ExportNotes", "false"),
    # A workbook states no language: without these, its amounts are printed as the machine's country does.
    ("Setup/L10N", "ooSetupSystemLocale", "fr-FR"),
    ("Office.Linguistic/General", "DefaultLocale", "fr-FR"),
)
_EACH = 10
"""Seconds for each file after the first; measured: less than one."""
_OTHERWISE = "ouvrez le document, puis « Fichier > Exporter » ou « Enregistrer sous »"


def copy_names(file: str, formats: Sequence[str], others: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of a document's copies: « dpgf.xlsx » in pdf and odt gives dpgf.pdf and dpgf.ods.

    Args:
        file: the document's name.
        formats: some of :data:`FORMATS`.
        others: the documents beside it; a workbook leaves « feuille-route.pdf » to the Word document that
            bears its name, and its own is « feuille-route-classeur.pdf ».
    """
    path = PurePosixPath(file)
    targets = _TARGETS.get(path.suffix, {})
    twin = path.suffix == ".xlsx" and str(path.with_suffix(".docx")) in others
    return tuple(
        f"{path.stem}{'-classeur' if twin and one == 'pdf' else ''}.{one}"
        for one in dict.fromkeys(targets[one] for one in formats if one in targets)
    )


@dataclass(kw_only=True, slots=True)
class _Task:
    """A copy to make."""

    writer: Writer
    id: str
    step: str
    document: str
    """Name of the document…"""
    name: str
    """… and of its copy."""
    content: bytes = b""
    """The document, as it stands."""
    source: Path = Path()
    """Where LibreOffice finds it."""
    made: Made | None = None

    def done(self, kind: str, name: str, why: str | None = None) -> None:
        file = f"{self.step}/{self.name}"
        self.made = Made(id=self.id, name=f"{self.step}/{name}", kind=kind, reason=why, file=file, copy=True)

    def fail(self, why: str, kind: str = "echec", name: str | None = None) -> None:
        said = name or f"{self.step}/{self.name}"
        code = WritingError.exit_code
        self.made = Made(id=self.id, name=said, kind=kind, reason=why, exit_code=code, copy=True)


def make_copies(
    documents: Sequence[tuple[Writer | None, Sequence[Made]]],
    formats: Sequence[str],
    today: dt.date,
    converting: Callable[[], None],
) -> list[tuple[Made, ...]]:
    """Make the copies of the documents of several dossiers.

    Args:
        documents: for each dossier, its writer and what became of its documents.
        formats: some of :data:`FORMATS`.
        today: the day of what is new.
        converting: called before LibreOffice starts; it does not when nothing has changed.

    Returns:
        What became of the copies, dossier by dossier.
    """
    tasks = [
        [task for one in made if writer for task in _tasks(writer, one, made, formats)]
        for writer, made in documents
    ]
    waiting = [task for some in tasks for task in some if task.made is None]
    program = converter() if waiting else None
    if program:
        converting()
        try:
            _convert_all(program, waiting, today)
        except OSError as error:
            for task in waiting:
                if task.made is None:
                    task.fail(f"LibreOffice ne peut pas travailler, {reason(error)} ; {_OTHERWISE}")
    elif waiting:
        why = f"LibreOffice n’est pas installé : demandez-le, ou {_OTHERWISE}"
        waiting[0].fail(why, "sans_libreoffice", f"copies ({', '.join(formats)})")
    return [tuple(task.made for task in some if task.made) for some in tasks]


def _tasks(
    writer: Writer, document: Made, documents: Sequence[Made], formats: Sequence[str]
) -> Iterator[_Task]:
    """Yield the copies of a document; those with nothing to convert are settled already."""
    if document.file is None:
        return
    step, _, file = document.file.partition("/")
    others = {one.file.partition("/")[2] for one in documents if one.file}
    for name in copy_names(file, formats, others):
        task = _Task(writer=writer, id=document.id, step=step, document=file, name=name)
        if document.kind == "apercu":
            task.done("apercu", name)
        else:
            _look(task)
        yield task


def _look(task: _Task) -> None:
    """Read the document; settle its copy when it does not open, or was made already."""
    try:
        task.content = read_regular(task.writer.path(task.step, task.document), LIMITS.file)
        written = task.writer.copied(task.step, task.name, _sha256(task.content))
    except WritingError as error:
        task.fail(str(error))
    except OSError as error:
        task.fail(f"« {task.document} » ne s’ouvre pas : {reason(error)}")
    else:
        if written:
            task.done(written.kind, written.path.name, written.reason)


def _convert_all(program: str, tasks: Sequence[_Task], today: dt.date) -> None:
    with tempfile.TemporaryDirectory(prefix="assemble-", ignore_cleanup_errors=True) as place:
        for number, task in enumerate(tasks):
            task.source = Path(place, f"{number}{PurePosixPath(task.document).suffix}")
            task.source.write_bytes(task.content)
        for suffix in dict.fromkeys(PurePosixPath(task.name).suffix for task in tasks):
            some = [task for task in tasks if task.name.endswith(suffix)]
            _convert(program, some, suffix, Path(place), today)


def _convert(program: str, waiting: Sequence[_Task], suffix: str, place: Path, today: dt.date) -> None:
    """Convert to one format; the first that gives nothing is given up, and the others are tried again.

    Two starts in a row that give nothing are enough: LibreOffice itself is at fault.
    """
    barren = 0
    why = ""
    while waiting and barren < 2:
        seconds = LIMITS.conversion + _EACH * (len(waiting) - 1)
        why = f"LibreOffice ne le convertit pas : {_OTHERWISE}"
        try:
            convert(program, [task.source for task in waiting], suffix[1:], place, seconds, _SETTINGS)
        except TimeoutError:
            why = f"LibreOffice n’a pas fini en {seconds} secondes : {_OTHERWISE}"
        for task in waiting:
            file = place / "converti" / f"{task.source.stem}{suffix}"
            content = file.read_bytes() if file.is_file() else b""
            if _whole(content, suffix):
                _write(task, content, today)
        left = [task for task in waiting if task.made is None]
        barren = barren + 1 if len(left) == len(waiting) else 0
        for task in left[:1]:
            task.fail(why)
        waiting = left[1:]
    for task in waiting:
        task.fail(why)


def _whole(content: bytes, suffix: str) -> bool:
    """Tell whether a file was written to its end: LibreOffice may have been stopped meanwhile."""
    if suffix == ".pdf":
        return content.rstrip().endswith(b"%%EOF")
    return zipfile.is_zipfile(io.BytesIO(content))


def _write(task: _Task, content: bytes, today: dt.date) -> None:
    copy = Document(id=task.id, step=task.step, name=task.name, content=content)
    try:
        written = task.writer.write_copy(copy, today, _sha256(task.content))
    except WritingError as error:
        task.fail(str(error))
    else:
        task.done(written.kind, written.path.name, written.reason)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
