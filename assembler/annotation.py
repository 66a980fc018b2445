"""Copies of the pieces with the findings as Word comments, beside the report; the pieces are not touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from assembler import __version__
from assembler.errors import FolderHeld, WritingError
from assembler.files import reason
from assembler.folder import OUTPUT
from assembler.french import typo
from assembler.model import Document, Finding, Source
from assembler.openfiles import opened
from assembler.pipeline import Checked, Made
from assembler.writing import Writer, safe_name

__all__ = ["annotate_pieces"]

_WORD = {"docx"}
"""Natures of which a copy is made: one with macros is not handed on."""


def annotate_pieces(
    checked: Checked, today: dt.date, command: str = "assemble controler"
) -> tuple[Made, ...]:
    """Write, under ``sortie/<étape>/``, a copy of each Word piece that has findings, with them as comments.

    A piece of another nature, or a copy left by an earlier check of a piece that has no finding any more,
    is told as ``sans_objet``, with the reason.

    Args:
        checked: the dossier as just checked.
        today: date of the comments of a new copy; an unchanged one keeps its own.
        command: the command line, for the journal.
    """
    dossier, folder = checked.dossier, checked.folder
    if dossier is None or folder is None:
        return ()
    made: list[Made] = []
    by_file: dict[str, list[Finding]] = {}
    for one in checked.report.constats:
        if one.emplacement.fichier:
            by_file.setdefault(one.emplacement.fichier, []).append(one)
    names = _names(dossier.sources)
    with Writer(folder.output, command=command, version=__version__, rules=checked.fingerprint) as writer:
        for source in dossier.sources:
            found = by_file.get(source.name, ())
            name = names[source.name]
            if found and source.nature in _WORD and source.reading is not None:
                try:
                    made.append(_copy(source, found, dossier.step, name, writer, today))
                except FolderHeld as error:  # said once: the others would be as well
                    made.append(_failed(OUTPUT, str(error)))
                    break
            elif found and source.nature in ("docm", "dotx", "odt", "doc"):
                why = "seuls les fichiers Word .docx qui s’ouvrent sont annotés"
                made.append(Made(id="annotation", name=source.name, kind="sans_objet", reason=why))
            elif not found and (folder.output / safe_name(dossier.step) / safe_name(name)).exists():
                why = "copie d’un contrôle précédent : la pièce n’a plus de constat"
                made.append(
                    Made(id="annotation", name=f"{dossier.step}/{name}", kind="sans_objet", reason=why)
                )
        if writer.taken_over:
            made.append(Made(id="verrou", name="verrou", kind="repris", reason=writer.taken_over))
    return tuple(made)


def _failed(name: str, why: str) -> Made:
    return Made(id="annotation", name=name, kind="echec", reason=why, exit_code=WritingError.exit_code)


def _names(sources: Sequence[Source]) -> dict[str, str]:
    """Return the name of each copy: the piece's own, with its folder when two pieces bear the same."""
    stems = [PurePosixPath(one.name).stem.casefold() for one in sources]
    names = {}
    for source in sources:
        path = PurePosixPath(source.name)
        twin = stems.count(path.stem.casefold()) > 1 and path.parent.name
        names[source.name] = f"{path.stem}{f' - {path.parent.name}' if twin else ''} (annoté).docx"
    return names


def _copy(
    source: Source, found: Sequence[Finding], step: str, name: str, writer: Writer, today: dt.date
) -> Made:
    from assembler.rendering.annotating import Remark, annotate

    blocks = source.reading.blocks if source.reading else ()
    remarks = [Remark(lines=tuple(_told(one)), paragraph=one.emplacement.paragraphe) for one in found]
    try:
        content = Path(source.path).read_bytes()

        def document(edition: dt.date) -> Document:
            return Document(
                id="annotation", step=step, name=name, content=annotate(content, blocks, remarks, edition)
            )

        # as the documents do: an unchanged copy keeps the date of its comments, and its bytes
        edition = writer.edition(step, name) or today
        made = document(edition)
        if edition != today and not writer.same(made):
            edition, made = today, document(today)
        written = writer.write(made, edition)
    except FolderHeld:
        raise
    except WritingError as error:
        return _failed(name, str(error))
    except OSError as error:
        state = opened(Path(source.path))
        return _failed(name, f"« {source.name} » ne s’ouvre plus ({state or reason(error)}) : fermez-le")
    count = len(remarks)
    told = f"{count} commentaire{'s' if count > 1 else ''}"
    told = ", ".join(filter(None, (told, written.reason)))
    beside = f"{step}/{written.path.name}"
    return Made(id="annotation", name=beside, kind=written.kind, reason=told, file=f"{step}/{name}")


_STATES = {"non_conforme": "", "a_voir": ", à voir", "non_verifie": ", non vérifié"}


def _told(one: Finding) -> Iterator[str]:
    """Yield a finding as the paragraphs of a comment."""
    state = _STATES.get(one.etat.value, "")
    yield typo(f"{one.regle} ({one.gravite.label}{state}) – {one.titre}")
    yield typo(one.message)
    if one.correction:
        yield typo(f"Pour corriger : {one.correction}")
