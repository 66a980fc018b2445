"""``--strict-plugins``: at the first failure of a plugin's code, the command stops and says where."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from assembler.errors import AssemblerError, PluginError

__all__ = ["be_strict", "plugin_place", "stop_if_strict"]

_strict = False


def be_strict(wanted: bool) -> None:
    """Ask, or no longer ask, that the command stops; without it, a failure costs a rule or a document."""
    global _strict
    _strict = wanted


def stop_if_strict(error: BaseException, called: Callable[..., Any] | None, what: str) -> None:
    """Stop the command when it was asked to be strict.

    Args:
        error: what the plugin's code raised; those of the engine (a value that is missing) stop nothing.
        called: the function of the plugin, which says where when the error does not.
        what: French, what failed: « règle LO-DUR-004 ».

    Raises:
        PluginError: names the file and the line of the plugin.
    """
    if not _strict or isinstance(error, AssemblerError):
        return
    place = plugin_place(error) or plugin_place(error.__context__)
    code = getattr(called, "__code__", None)
    if place is None and code is not None:
        place = str(getattr(called, "__module__", "")), code.co_filename, code.co_firstlineno
    module, where = str(getattr(called, "__module__", "?")), "sans ligne connue"
    if place is not None:
        module, where = place[0], f"{place[1]}, ligne {place[2]}"
    raise PluginError(_top(module), f"{what} : {type(error).__name__} : {error} ({where}).") from error


def plugin_place(error: BaseException | None) -> tuple[str, str, int] | None:
    """Return the module, the file and the line of a plugin's code where an error comes from, or None.

    The last line of the first package that is neither the engine nor on the way to a plugin: what that
    package called, a library, is its affair.
    """
    found: list[tuple[str, str, int]] = []
    for frame, line in traceback.walk_tb(error.__traceback__ if error else None):
        module = str(frame.f_globals.get("__name__", ""))
        if _top(module) not in _ON_THE_WAY and (not found or _top(module) == _top(found[0][0])):
            found.append((module, frame.f_code.co_filename, line))
    return found[-1] if found else None


_ON_THE_WAY = ("assembler", "pluggy", "importlib", "importlib_metadata")


def _top(module: str) -> str:
    return module.partition(".")[0]
