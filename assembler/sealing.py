"""The zip to send: the pieces, what goes with them, and the sheet that says what was checked."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from assembler import __version__
from assembler.documents import blocked
from assembler.errors import WritingError
from assembler.files import read_regular, reason
from assembler.folder import SEAL
from assembler.journal import who
from assembler.model import Document, Made, Severity, Verdict
from assembler.pipeline import Checked, Order, make_documents, writer_of
from assembler.readers.limits import LIMITS, MEGA
from assembler.rendering.canonical import canonical_zip, pack
from assembler.seals import VERSION
from assembler.text import clean
from assembler.writing import Writer, safe_name

__all__ = ["Sealed", "seal"]

_WARNING = (
    "Cette fiche dit quels fichiers ont été contrôlés et décèle s’ils ont changé depuis. "
    "Ce n’est pas une signature : elle ne prouve ni qui l’a faite, ni quand."
)
_ROOM = 4 * MEGA
"""For the sheet and for what goes with the pieces."""
_EDITED = ("a_cote", "deja_propose")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """What became of the documents that go with the pieces, then of the zip."""

    made: tuple[Made, ...]
    notes: tuple[str, ...] = ()
    """French: what the person should know of the zip."""


def seal(checked: Checked, order: Order, today: dt.date) -> Sealed:
    """Make the zip to send, under ``sortie/<étape>/``.

    The same pieces sealed again on another day give no other zip: it keeps its date.

    Args:
        checked: the dossier as just checked.
        order: where to write, the date, why in spite of a blocking finding.
        today: date of what is new.

    Raises:
        WritingError: a piece does not open any more, has changed since it was checked, or all of them are
            too much for one zip.
    """
    dossier, format_, folder = checked.dossier, checked.format, checked.folder
    assert dossier is not None  # the command line has looked
    assert format_ is not None
    assert folder is not None
    place = folder.path.resolve()
    name = safe_name(f"{place.stem if place.is_file() else place.name}-{dossier.step}.zip")
    if checked.report.verdict is Verdict.A_COMPLETER and not order.in_spite:
        return Sealed(
            made=(Made(id="zip", name=name, kind="refuse", reason=blocked(checked.report), exit_code=1),)
        )
    there = {enclosed.id for one in folder.names if (enclosed := format_.enclosing(one))}
    wanted = tuple(one.id for one in format_.documents if one.enclosed and one.id not in there)
    writer = writer_of(checked, order)
    assert writer is not None  # there is a dossier
    with writer:
        beside = make_documents(checked, writer, replace(order, documents=wanted), today) if wanted else ()
        if any(one.exit_code for one in beside):
            return Sealed(made=beside)
        members, notes = _members(checked)
        for one in beside:
            if one.file is None:
                continue
            members[_unique(one.file.partition("/")[2], members)] = _standing(writer, one)
            if one.kind in _EDITED:
                notes.append(
                    f"« {one.file} » est joint tel que vous l’avez corrigé ; la version à jour est à côté : "
                    "comparez-les."
                )
            elif one.kind == "ouvert":
                notes.append(
                    f"« {one.file} », {one.reason}, est joint tel qu’il est enregistré ; la version à jour "
                    "est à côté : comparez-les."
                )
        made = _write(checked, order, writer, name, members, today)
    return Sealed(made=(*beside, made), notes=tuple(notes))


def _write(
    checked: Checked, order: Order, writer: Writer, name: str, members: Mapping[str, bytes], today: dt.date
) -> Made:
    assert checked.dossier is not None  # seal() has looked
    assert checked.format is not None
    assert checked.folder is not None
    step = checked.dossier.step
    rules = checked.fingerprint()
    # A folder whose name tells is kept as a folder: whoever receives the zip may call it otherwise.
    named = checked.format.named(checked.folder.name) is not None
    within = f"{safe_name(checked.folder.name)}/" if named else ""

    def document(edition: dt.date) -> Document:
        sheet = _sheet(checked, members, rules, order.in_spite, edition)
        content = json.dumps(sheet, ensure_ascii=False, indent=1) + "\n"
        # Pieces are compressed already; stored, the bytes of the zip depend on no machine's zlib.
        whole = {**members, SEAL: content.encode()}
        stored = {f"{within}{one}": pack(data, stored=True) for one, data in whole.items()}
        return Document(id="zip", step=step, name=name, content=canonical_zip(stored, edition))

    known = order.edition or writer.edition(step, name)
    edition = known or today
    sealed = document(edition)
    if known and order.edition is None and not writer.same(sealed):
        edition, sealed = today, document(today)
    written = writer.write(sealed, edition)
    told = f"{len(members)} fichier{'s' * (len(members) > 1)} et {SEAL}"
    file = f"{step}/{name}"
    return Made(id="zip", name=f"{step}/{written.path.name}", kind=written.kind, reason=told, file=file)


def _members(checked: Checked) -> tuple[dict[str, bytes], list[str]]:
    """Return the content of what is sent, by its name in the zip, and a note on each name that changes.

    Raises:
        WritingError: a file does not open, is no longer what was checked, or is one too many.
    """
    assert checked.dossier is not None  # seal() has looked
    assert checked.folder is not None
    root = checked.folder.root
    digests = {one.name: one.sha256 for one in checked.dossier.sources}
    members: dict[str, bytes] = {}
    notes: list[str] = []
    room = LIMITS.file - _ROOM
    for name in sorted((*checked.folder.names, *checked.folder.fiches)):
        try:
            content = read_regular(root / name, LIMITS.file)
        except OSError as error:
            raise WritingError(f"« {name} » ne s’ouvre pas ({reason(error)}) : rien n’est scellé.") from error
        if name in digests and hashlib.sha256(content).hexdigest() != digests[name]:
            raise WritingError(f"« {name} » a changé pendant le contrôle : relancez la commande.")
        room -= len(content)
        if room < 0:
            raise WritingError(
                f"Le zip dépasserait {LIMITS.file // MEGA} Mo et ne pourrait plus être contrôlé : "
                "allégez les pièces (images, annexes)."
            )
        sent = _unique(name, members)
        if sent != unicodedata.normalize("NFC", name):
            notes.append(f"« {name} » s’appelle « {sent} » dans le zip, pour s’ouvrir sous Windows.")
        members[sent] = content
    return members, notes


def _unique(name: str, taken: Iterable[str]) -> str:
    """Return a name that Windows accepts, and that it takes for no other."""
    path = PurePosixPath(*(safe_name(step) for step in name.split("/")))
    others = {one.casefold() for one in taken}
    number, kept = 1, path
    while str(kept).casefold() in others:
        number += 1
        kept = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return str(kept)


def _standing(writer: Writer, made: Made) -> bytes:
    """Return a document as it stands: one that somebody corrected is sent as it was corrected."""
    step, _, name = str(made.file).partition("/")
    try:
        return read_regular(writer.path(step, name), LIMITS.file)
    except OSError as error:
        raise WritingError(f"« {name} » ne s’ouvre pas ({reason(error)}) : rien n’est scellé.") from error


def _sheet(
    checked: Checked, members: Mapping[str, bytes], rules: str, in_spite: str | None, edition: dt.date
) -> dict[str, Any]:
    """Return ``fiche-controle.json``; its schema is ``reporters/fiche-controle.schema.json``."""
    dossier, report, outcome = checked.dossier, checked.report, checked.outcome
    assert dossier is not None  # seal() has looked
    assert outcome is not None
    assert report.verdict is not None
    blocking = [one for one in report.constats if one.gravite is Severity.BLOCKING]
    return {
        "version_fiche": VERSION,
        "avertissement": _WARNING,
        "outil": {"nom": "assembler", "version": __version__},
        "dossier": {
            "intitule": clean(str(report.intitule)) if report.intitule else None,
            "format": dossier.format,
            "etape": dossier.step,
        },
        "regles": {
            "date": dossier.date_regles.isoformat(),
            "origine_date": dossier.origine_date,
            "empreinte": rules,
        },
        "verdict": report.verdict.value,
        "malgre": clean(in_spite) if in_spite and report.verdict is Verdict.A_COMPLETER else None,
        "constats_bloquants": [
            {
                "regle": one.regle,
                "titre": one.titre,
                "etat": one.etat.value,
                "message": clean(one.message),
                "fichier": clean(one.emplacement.fichier) if one.emplacement.fichier else None,
            }
            for one in blocking
        ],
        "visas": [
            {
                "regle": one.regle,
                "fichier": clean(one.fichier) if one.fichier else None,
                "par": clean(one.par),
                "constat": clean(one.constat),
                "date": one.date.isoformat(),
            }
            for seen in outcome.visas.values()
            for one in seen
        ],
        "scelle": {"le": edition.isoformat(), "par": clean(who())},
        "fichiers": [
            {"nom": name, "octets": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(members.items())
        ],
    }
