"""A dossier ready to work in: its fiche, the frame of what is to be written, and how to go on.

What the folder holds already is read, to propose what it says; nothing of it is changed or replaced.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from assembler import __version__
from assembler.atomic import explain, write_atomic
from assembler.contributions import Copy, Format, Template
from assembler.documents import case_of, document_of
from assembler.errors import NothingToCheck, UsageError, WritingError
from assembler.fiche import read
from assembler.fingerprints import rules_fingerprint
from assembler.folder import CHECK_CMD, FICHES, OUTPUT, PRODUCE_CMD, README, open_folder
from assembler.french import majuscule, typo
from assembler.locking import Lock
from assembler.manager import Plugins
from assembler.model import dig
from assembler.pipeline import Checked, Request, check_dossier
from assembler.rendering.ficheyaml import write_yaml
from assembler.writing import LOCK, add_to_journal, safe_name

__all__ = ["SIGNED", "Started", "start"]

SIGNED = "pieces-signees"
"""Where the signed pieces go, when no piece has a folder of its own; they may as well lie elsewhere."""
_TEXT, _WORKBOOK = FICHES[0], FICHES[-1]
_HEADING = """\
Fiche du dossier : {title}.
Complétez-la et gardez-la en UTF-8, sous ce nom, à la racine du dossier.
Ce qui reste vide n’est pas contrôlé ; une ligne inutile peut être effacée.
"""
_CHECK = """\
%outil% controler "%dossier%" --rapport html --fichier "%sortie%\\rapport.html"
set "code=%ERRORLEVEL%"
for %%C in (0 1 3 5) do if "%code%"=="%%C" start "" "%sortie%\\rapport.html\""""
_PRODUCE = """\
%outil% produire "%dossier%"
set "code=%ERRORLEVEL%"
if exist "%sortie%\\*" cd /d "%sortie%" && start "" ."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Started:
    """What became of the files of a new dossier, by their names in it."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    """Those that stood there already, or the pieces that hold their place."""
    proposed: str | None = None
    """The fiche, when pieces were read to fill it."""


def start(
    plugins: Plugins,
    format_: Format,
    folder: Path,
    today: dt.date,
    *,
    step: str | None = None,
    given: Mapping[str, Sequence[str]] | None = None,
    as_text: bool = False,
    own: Callable[[Checked, Template], Template] = lambda _checked, template: template,
) -> Started:
    """Make a folder ready to work in; it may exist, and hold pieces.

    Args:
        plugins: what is installed.
        format_: the format of the dossier.
        folder: the dossier's.
        today: the date of the rules, and of edition.
        step: the step to begin at; None: the first.
        given: what the command line says of the dossier, by option (:attr:`Format.proposed`).
        as_text: a YAML fiche, not a workbook.
        own: gives a document with the user's own Word template.

    Raises:
        UsageError: the folder is none, its fiche is of another format, or what is given designates nothing.
        WritingError: nothing can be written there.
    """
    order = [one.id for one in format_.steps]
    if step is not None and step not in order:
        raise UsageError(f"L’étape « {step} » n’existe pas. Étapes : {', '.join(order)}.")
    if os.path.lexists(folder) and not folder.is_dir():
        raise UsageError(f"« {folder} » est un fichier : donnez un dossier, nouveau ou déjà rempli.")
    request = Request(format_id=format_.id, step=step, today=today)
    before = _checked(folder, plugins, request) if folder.is_dir() else None
    _refuse_other(before, format_, given or {})
    fiche = None if before and before.folder and before.folder.fiches else format_.fiche
    wanted: dict[str, bytes] = {}
    proposed: str | None = None
    if fiche is not None:
        known = _known(before, format_, step or order[0], given or {}, today)
        name, content = _fiche(format_, step or order[0], known, as_text)
        wanted[name] = content
        proposed = name if before and before.dossier and before.dossier.pieces else None
    wanted[CHECK_CMD], wanted[PRODUCE_CMD] = _command(_CHECK), _command(_PRODUCE)
    done = _Hand(folder)
    with Lock(folder / OUTPUT / LOCK, "assemble nouveau"):
        done.kept += before.folder.fiches if before and before.folder else ()
        _fill(done, plugins, format_, request, wanted, own)
    return Started(written=tuple(done.written), kept=tuple(done.kept), proposed=proposed)


def _fill(
    done: _Hand,
    plugins: Plugins,
    format_: Format,
    request: Request,
    wanted: Mapping[str, bytes],
    own: Callable[[Checked, Template], Template],
) -> None:
    """Write what the folder lacks: places, fiche and commands, frames, what to do."""
    places = tuple(dict.fromkeys(one for piece in format_.pieces for one in piece.folders))
    for place in places or (SIGNED,):
        done.folder(place)
    for name, content in wanted.items():
        done.write(name, content, FICHES if name in FICHES else ())
    after = _checked(done.root, plugins, request)
    frames: list[str] = []
    for template in format_.documents:
        if template.piece is None or after is None or after.dossier is None:
            continue
        if held := after.dossier.pieces.get(template.piece):
            done.kept += (held[0][0].name,)
            continue
        frames.append(_frame(template, format_))
        document = document_of(after, own(after, template), Copy(), frames[-1], request.today)
        done.write(frames[-1], document.content)
    fiche = after.folder.fiches[0].lower() if after and after.folder and after.folder.fiches else None
    done.write(README, _readme(format_, fiche, frames, bool(places)))
    if done.journal:
        add_to_journal(
            done.root / OUTPUT,
            command="assemble nouveau",
            version=__version__,
            regles=rules_fingerprint(plugins, format_.id, request.today),
            documents=done.journal,
        )


class _Hand:
    """Writes what is not there yet, and remembers what was."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.written: list[str] = []
        self.journal: list[dict[str, str]] = []
        """What was written, for the journal."""
        self.kept: tuple[str, ...] = ()

    def folder(self, name: str) -> None:
        """Make a folder, unless something bears its name."""
        if os.path.lexists(self.root / name):
            self.kept += (f"{name}/",)
            return
        try:
            (self.root / name).mkdir(parents=True)
        except OSError as error:
            raise WritingError(explain(error, self.root / name)) from error
        self.written.append(f"{name}/")

    def write(self, name: str, content: bytes, others: Sequence[str] = ()) -> None:
        """Write a file, unless something bears its name, or one of ``others``."""
        for there in (name, *others):
            if os.path.lexists(self.root / there):
                self.kept += (there,)
                return
        write_atomic(self.root / name, content)
        self.written.append(name)
        self.journal.append({"nom": name, "etat": "nouveau", "sha256": sha256(content).hexdigest()})


def _checked(folder: Path, plugins: Plugins, request: Request) -> Checked | None:
    """Return what the folder holds already; None when it holds nothing."""
    try:
        open_folder(folder)
    except NothingToCheck:
        return None
    return check_dossier(folder, plugins, request)


def _refuse_other(before: Checked | None, format_: Format, given: Mapping[str, Sequence[str]]) -> None:
    """Refuse to start a dossier over one that has a fiche, where that would say something else."""
    if before is None or before.folder is None or before.dossier is None:
        return
    if not before.folder.fiches:
        misnamed = dig(before.dossier.facts, "dossier.fiches")
        for fault in before.dossier.faults:
            if fault.location.fichier in misnamed:
                raise UsageError(fault.message)
        return
    said = dig(before.dossier.facts, "fiche.format")
    if said and said != format_.id:
        raise UsageError(f"La fiche de ce dossier est du format « {said} », non « {format_.id} ».")
    if options := [f"--{name}" for name, values in given.items() if values]:
        name = before.folder.fiches[0]
        raise UsageError(
            f"« {name} » existe déjà et n’est pas modifiée : {' et '.join(options)} n’y peut rien."
        )


def _known(
    before: Checked | None, format_: Format, step: str, given: Mapping[str, Sequence[str]], today: dt.date
) -> dict[str, Any]:
    """Return what the fiche can say already, by dotted path."""
    case = case_of(before, today) if before and before.dossier else None
    fields = format_.fiche.root.fields if format_.fiche else {}
    ours = {name: value for name, value in (("format", format_.id), ("etape", step)) if name in fields}
    return {**ours, **format_.proposed(case, given)}


def _fiche(format_: Format, step: str, known: Mapping[str, Any], as_text: bool) -> tuple[str, bytes]:
    """Return the name and the content of the fiche to fill in."""
    assert format_.fiche is not None  # start() has looked
    later = format_.later(step)
    text = write_yaml(format_.fiche, known, heading=_HEADING.format(title=format_.title), leave_out=later)
    if as_text:
        return _TEXT, text
    from assembler.rendering.fichexlsx import write_workbook

    typed = read(text, _TEXT, format_.fiche).data  # one way to type what is known: that of any fiche
    return _WORKBOOK, write_workbook(
        format_.fiche, typed, title=typo(f"Fiche – {format_.title}"), leave_out=later
    )


def _frame(template: Template, format_: Format) -> str:
    """Return the name of a frame in the dossier: that of its piece."""
    title = next(one.title for one in format_.pieces if one.id == template.piece)
    return safe_name(f"{majuscule(title)}.{template.extension}")


def _command(action: str) -> bytes:
    """Return a file that Windows runs when it is clicked; ASCII, which no code page changes."""
    frame = (files("assembler") / "data" / "nouveau.cmd").read_text(encoding="ascii")
    return _lines(frame.replace("@ACTION@", action).splitlines()).encode("ascii")


def _readme(format_: Format, fiche: str | None, frames: Sequence[str], placed: bool) -> bytes:
    """Return what to do; Notepad needs its mark to show accents."""
    steps = list(_steps(fiche, frames, placed))
    numbered = [f"{number}. {one}" for number, one in enumerate(steps, start=1)]
    told = [f"{format_.title} : un dossier prêt à remplir", "", *numbered, ""]
    told.append(f"« {README} » et les deux fichiers .cmd ne sont ni contrôlés ni envoyés.")
    return _lines([typo(one) for one in told]).encode("utf-8-sig")


def _steps(fiche: str | None, frames: Sequence[str], placed: bool) -> Iterator[str]:
    if fiche == _WORKBOOK:
        yield f"Remplissez « {fiche} » avec Excel ou LibreOffice, d’abord les cases orange (« Obligatoire »)."
    elif fiche:
        yield f"Remplissez « {fiche} » avec le Bloc-notes, d’abord les lignes « Obligatoire »."
    for frame in frames:
        yield f"Rédigez « {frame} » : écrivez votre réponse à la place de chaque question."
    if placed:
        yield "Rangez chaque pièce dans son dossier."
    yield f"Double-cliquez sur « {CHECK_CMD} » : le rapport s’ouvre. Corrigez, puis recommencez."
    yield f"Double-cliquez sur « {PRODUCE_CMD} » : les courriers à signer s’écrivent dans « sortie »."
    if not placed:
        yield f"Rangez les pièces signées, en PDF, dans « {SIGNED} », puis contrôlez de nouveau."
    yield "Pour un autre dossier : glissez-le sur l’un de ces deux fichiers."


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"{one}\r\n" for one in lines)
