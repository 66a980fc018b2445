"""LibreOffice, started apart to convert files: nothing in them runs, nothing is fetched, and it always ends.

Each use has a profile of its own, made for the occasion: no macro, no link followed, no network asked for,
and a time limit after which it is stopped with all that it started.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from assembler.files import find_program

__all__ = ["Setting", "convert", "converter"]

Setting = tuple[str, str, str]
"""A setting of LibreOffice: path below ``org.openoffice``, name, value."""

_PROGRAMS = ("soffice", "libreoffice")
_MEMORY = 4 * 1024**3
"""Address space of the converter, in bytes: it maps more than a gigabyte of libraries."""
_SETTINGS: tuple[Setting, ...] = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "2"),
)
_NOWHERE = "http://127.0.0.1:9"


def converter() -> str | None:
    """Return the program of LibreOffice, or None when it is not installed."""
    for name in _PROGRAMS:
        if found := find_program(name):
            return found
    if sys.platform == "win32":  # its installer does not put it on the path
        usual = Path(os.environ.get("PROGRAMFILES", ""), "LibreOffice", "program", "soffice.com")
        return str(usual) if usual.is_file() else None
    return None


def convert(
    program: str,
    sources: Sequence[Path],
    target: str,
    folder: Path,
    seconds: float,
    settings: Iterable[Setting] = (),
) -> Path:
    """Convert files in one start; one that LibreOffice refuses stops none of the others.

    Args:
        program: what :func:`converter` found.
        sources: the files, converted in this order; ``a.docx`` becomes ``a.<extension>``.
        target: the extension, with the filter unless LibreOffice is to choose it: ``docx:MS Word 2007 XML``.
        folder: a temporary one, for the profile and what LibreOffice leaves; a second start there is quicker.
        seconds: after which it is stopped.
        settings: beside those that keep it from running or fetching anything.

    Returns:
        The folder that holds what was made.

    Raises:
        TimeoutError: it was stopped; what it had made by then is there.
        OSError: it does not start.
    """
    made = folder / "converti"
    _profile(folder / "profil", (*_SETTINGS, *settings))
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profil').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
        *("--convert-to", target, "--outdir", str(made), *map(str, sources)),
    ]
    _run(command, folder, seconds)
    return made


def _profile(folder: Path, settings: Iterable[Setting]) -> None:
    """Write the settings of a new profile."""
    file = folder / "user" / "registrymodifications.xcu"
    if file.exists():
        return
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in settings
    )
    file.parent.mkdir(parents=True)
    file.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def _run(command: list[str], folder: Path, seconds: float) -> None:
    """Run LibreOffice to its end, or stop it and what it started."""
    environment = {**os.environ, "http_proxy": _NOWHERE, "https_proxy": _NOWHERE, "TMPDIR": str(folder)}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
        start_new_session=True,
        # Safe here: neither the worker that reads nor the command has a second thread.
        preexec_fn=_free_memory if sys.platform == "linux" else None,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as cause:
        raise TimeoutError(seconds) from cause
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice and what it started; its launcher alone may be gone already."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            subprocess.run(_tree_killer(process.pid), capture_output=True, check=False)
            process.kill()
    process.wait()


def _tree_killer(pid: int) -> list[str]:
    """Return the command by which Windows ends a process and those that it started."""
    program = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "taskkill.exe")
    return [str(program), "/F", "/T", "/PID", str(pid)]


def _free_memory() -> None:
    """Give LibreOffice the memory that it needs: the worker's own bound is for our readers."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
