"""``--strict-plugins``: at the first failure of a plugin's code, the command stops and says where."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from typing import Any

from assembler.errors import AssemblerError, PluginError

__all__ = ["be_strict", "stop_if_strict"]

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
    frames = [*_frames(error), *_frames(error.__context__)]
    own = [one for one in frames if _top(one[0]) == _top(frames[0][0])]
    code = getattr(called, "__code__", None)
    if own:
        module, file, line = own[-1]
    elif code is not None:
        module, file, line = str(getattr(called, "__module__", "")), code.co_filename, code.co_firstlineno
    else:
        module, file, line = str(getattr(called, "__module__", "?")), "?", 0
    where = f"{file}, ligne {line}" if line else "sans ligne connue"
    raise PluginError(_top(module), f"{what} : {type(error).__name__} : {error} ({where}).") from error


def _frames(error: BaseException | None) -> Iterator[tuple[str, str, int]]:
    """Yield the module, the file and the line of the calls, from the first that is not of the engine."""
    outside = False
    for frame, line in traceback.walk_tb(error.__traceback__ if error else None):
        module = str(frame.f_globals.get("__name__", ""))
        outside = outside or _top(module) != "assembler"
        if outside:
            yield module, frame.f_code.co_filename, line


def _top(module: str) -> str:
    return module.partition(".")[0]
