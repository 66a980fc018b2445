"""Fingerprints: which rules judged, and which code, so that two checks can be told alike or not."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assembler import __version__
from assembler.contributions import Format
from assembler.manager import Plugins

__all__ = ["code_fingerprint", "files_fingerprint", "rules_fingerprint", "version_of"]

_NOT_JUDGED = frozenset({"decided", "documents", "exemples", "examples", "origin"})
"""Where a rule is written, what proves it and what is produced change no verdict."""


def rules_fingerprint(plugins: Plugins, format_id: str | None = None, day: dt.date | None = None) -> str:
    """Return the SHA-256 of what judges: formats, rules with their parameters, versions.

    Where the program is installed does not count: two machines with the same versions agree.

    Args:
        plugins: what is installed.
        format_id: only this format; None: all of them.
        day: only the rules in force that day; None: all of them, with their dates.
    """
    formats = plugins.formats()
    told = {
        "outil": __version__,
        "plugins": [(one.nom, one.version, one.etat) for one in plugins.statuses],
        "formats": [_in_force(formats[name], day) for name in sorted(formats) if format_id in (None, name)],
    }
    return hashlib.sha256(json.dumps(_plain(told), sort_keys=True).encode("ascii")).hexdigest()


def code_fingerprint(plugins: Plugins) -> str:
    """Return the SHA-256 of the files of code that judge, by name, size and time.

    For a cache on this machine: an author who changes a check keeps the version of the plugin.
    """
    folders = {Path(__file__).parent}
    for format_ in plugins.formats().values():
        called = [format_.detect, format_.settled, *(piece.facts for piece in format_.pieces)]
        for function in (*called, *(rule.check for rule in format_.rules)):
            while isinstance(function, partial):
                function = function.func
            module = sys.modules.get(getattr(function, "__module__", None) or "")
            if module is not None and getattr(module, "__file__", None):
                folders.add(Path(str(module.__file__)).parent)
    return files_fingerprint(folders)


def files_fingerprint(folders: Iterable[Path]) -> str:
    """Return the SHA-256 of the files of code below some folders, by name, size and time."""
    files = sorted({file for folder in folders for file in folder.rglob("*.py")})
    files = files or [Path(sys.executable)]  # in a standalone program, which holds its code
    told = [(str(file), found.st_size, found.st_mtime_ns) for file in files if (found := file.stat())]
    return hashlib.sha256(repr(told).encode("utf-8", "surrogateescape")).hexdigest()


def version_of(distribution: str) -> str | None:
    """Return the version of a library, None when nothing tells (in a standalone program)."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _in_force(format_: Format, day: dt.date | None) -> Format:
    rules = tuple(rule for rule in format_.rules if day is None or rule.in_force(day))
    return dataclasses.replace(format_, rules=tuple(sorted(rules, key=lambda rule: rule.id)))


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it; a function is its name."""
    if value is None or isinstance(value, (str, int, bool)):
        return value
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, partial):
        return [_plain(value.func), _plain(value.args), _plain(value.keywords)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [one.name for one in dataclasses.fields(value) if one.name not in _NOT_JUDGED]
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)
    if callable(value):
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__name__)}"
    if isinstance(value, Iterable):
        return [_plain(item) for item in value]
    return str(value)
