"""Old Word, Excel and RTF files: converted by LibreOffice when it is installed, then read as today's.

LibreOffice runs apart: a profile of its own made for the occasion, no macro, no link followed, no network
asked for, a time limit after which it is stopped with all that it started.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assembler.errors import ReadingError
from assembler.model import Reading, Signature
from assembler.readers import docx, spreadsheet
from assembler.readers.containers import expect
from assembler.readers.limits import LIMITS
from assembler.readers.natures import LEGACY
from assembler.readers.ole import carries_program, ole_streams

__all__ = ["converter", "read"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    """What an old nature is converted to."""

    suffix: str
    filter: str
    kind: str
    """French, as in « convertir … »."""


_WORD = _Target(suffix="docx", filter="docx:MS Word 2007 XML", kind="document")
_EXCEL = _Target(suffix="xlsx", filter="xlsx:Calc MS Excel 2007 XML", kind="classeur")
_TARGETS: Mapping[str, _Target] = {"doc": _WORD, "rtf": _WORD, "xls": _EXCEL}

_MACROS = ("macros", "_vba_project_cur", "vba")
_SEALS = ("_signatures", "_xmlsignatures")
_PROGRAMS = ("soffice", "libreoffice", "soffice.com")
_DEEPEST = 1_000
_MEMORY = 4 * 1024**3
"""Address space of the converter, in bytes: it maps more than a gigabyte of libraries."""
_SETTINGS = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "2"),
)
_NOWHERE = "http://127.0.0.1:9"


def read(data: bytes) -> Reading:
    """Read a ``doc``, an ``xls`` or an ``rtf`` through LibreOffice; the nature said is that of the file.

    Args:
        data: the file's bytes.

    Raises:
        ReadingError: ``nature`` when LibreOffice is not installed, ``depassement`` when it does not end,
            else ``vide``, ``protege`` or ``illisible``.
    """
    nature = expect(data, LEGACY)
    target = _TARGETS[nature]
    program = converter()
    if program is None:
        raise ReadingError(
            "nature",
            f"C’est un ancien {target.kind} (.{nature}), qui ne se lit pas sans LibreOffice : "
            f"ouvrez-le et enregistrez-le en .{target.suffix}.",
        )
    if nature == "rtf" and _deep(data):
        raise ReadingError("illisible", "Le document RTF est endommagé : enregistrez-le en .docx.")
    converted = _convert(program, data, nature, target)
    reading = spreadsheet.read(converted) if target is _EXCEL else docx.read(converted)
    names = ole_streams(data)
    return replace(
        reading,
        nature=nature,
        # What the conversion drops or hides is told from the old file itself.
        macros=max(reading.macros, int(bool(names & set(_MACROS)))),
        objets_lies=max(reading.objets_lies, int(carries_program(data))),
        signatures=(
            *reading.signatures,
            *(
                Signature(etat="electronique", detail="signature de l’ancien fichier présente, non vérifiée")
                for _ in names & set(_SEALS)
            ),
        ),
    )


def _deep(data: bytes) -> bool:
    """Tell whether groups stand in one another deeper than any program writes: each costs memory."""
    depth = 0
    for brace in re.finditer(rb"\\.|[{}]", data, re.DOTALL):
        depth += {b"{": 1, b"}": -1}.get(brace[0], 0)
        if depth > _DEEPEST:
            return True
    return False


def converter() -> str | None:
    """Return the program of LibreOffice, or None when it is not installed."""
    for name in _PROGRAMS:
        if found := shutil.which(name):
            return found
    if sys.platform == "win32":  # its installer does not put it on the path
        usual = Path(os.environ.get("PROGRAMFILES", ""), "LibreOffice", "program", "soffice.com")
        return str(usual) if usual.is_file() else None
    return None


def _convert(program: str, data: bytes, nature: str, target: _Target) -> bytes:
    with tempfile.TemporaryDirectory(prefix="assemble-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        source = folder / f"ancien.{nature}"
        source.write_bytes(data)
        _profile(folder / "profil")
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profil').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
            *("--convert-to", target.filter, "--outdir", str(folder / "converti"), str(source)),
        ]
        _run(command, folder)
        made = folder / "converti" / f"ancien.{target.suffix}"
        if not made.is_file():
            raise ReadingError(
                "illisible",
                f"L’ancien {target.kind} (.{nature}) ne se laisse pas convertir : ouvrez-le et "
                f"enregistrez-le en .{target.suffix}.",
            )
        if made.stat().st_size > LIMITS.file:
            raise ReadingError("illisible", "Le fichier converti est trop gros : allégez l’original.")
        return made.read_bytes()


def _profile(folder: Path) -> None:
    """Write the settings that keep LibreOffice from running or fetching anything."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    settings = folder / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def _run(command: list[str], folder: Path) -> None:
    """Run LibreOffice to its end, or stop it and what it started.

    Raises:
        ReadingError: ``depassement`` beyond the time limit, ``illisible`` when it does not start.
    """
    environment = {**os.environ, "http_proxy": _NOWHERE, "https_proxy": _NOWHERE, "TMPDIR": str(folder)}
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=environment,
            start_new_session=True,
            # Safe here: the worker that reads has a single thread.
            preexec_fn=_free_memory if sys.platform == "linux" else None,
        )
    except OSError as cause:
        raise ReadingError(
            "illisible", "LibreOffice ne démarre pas : enregistrez le fichier dans un format actuel."
        ) from cause
    try:
        process.wait(LIMITS.conversion)
    except subprocess.TimeoutExpired as cause:
        raise ReadingError(
            "depassement",
            f"Le fichier n’a pas pu être contrôlé. Sa conversion demande plus de {LIMITS.conversion} "
            "secondes : enregistrez-le dans un format actuel.",
        ) from cause
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice and what it started; its launcher alone may be gone already."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _free_memory() -> None:
    """Give LibreOffice the memory that it needs: the worker's own bound is for our readers."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
