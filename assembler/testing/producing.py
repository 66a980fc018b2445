"""Makes the documents of dossiers in a process of its own: ``python -m assembler.testing.producing ORDER``.

The kit runs it twice, with other hashes of text (``PYTHONHASHSEED``) and some seconds later: whatever
depends on the order of a set or on the clock then differs. What it opens to write is noted, wherever that is.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["main", "run"]

_EVENTS = {
    "open": (0,),
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.rename": (0, 1),
    "os.link": (1,),
    "os.symlink": (1,),
    "os.truncate": (0,),
}
"""Audit events that change something on the disk, and which arguments tell where."""
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Check dossiers and make the documents of their step.

    Args:
        order: ``{plugin, today, dossiers: [paths], scratch}``.

    Returns:
        ``{made: {path: [{id, kind, reason, lacking}]}, written: [paths outside sortie/]}``.
    """
    from assembler.kept import own_folder
    from assembler.pipeline import Order, Request, check_dossier, produce
    from assembler.testing.subject import load_plugins

    plugins = load_plugins(order["plugin"])
    plugins.formats()
    today = dt.date.fromisoformat(order["today"])
    roots = [Path(one).resolve() for one in order["dossiers"]]
    ours = [Path(order["scratch"]).resolve()]
    with contextlib.suppress(OSError):
        ours.append(own_folder().absolute())
    written = _watch([*(root / "sortie" for root in roots), *ours])
    made = {}
    for root in roots:
        checked = check_dossier(root, plugins, Request(today=today))
        some = list(produce(checked, Order(edition=today), today))
        if checked.format is not None and checked.dossier is not None:
            step = checked.dossier.step
            asked = tuple(one.id for one in checked.format.documents if one.on_request and one.step == step)
            if asked:
                some += produce(checked, Order(edition=today, documents=asked), today)
        made[str(root)] = [
            {"id": one.id, "kind": one.kind, "reason": one.reason, "lacking": one.lacking} for one in some
        ]
    return {"made": made, "written": sorted(written)}


def _watch(allowed: Sequence[Path]) -> set[str]:
    """Note, from now on and for good, every path that this process opens to write outside some folders."""
    found: set[str] = set()
    inside = (*(f"{one}{os.sep}" for one in allowed), "/dev/", "/proc/")

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        places = _EVENTS.get(event)
        if places is None or (event == "open" and not (arguments[2] or 0) & _WRITES):
            return
        for place in places:
            path = arguments[place]
            if isinstance(path, (str, bytes, os.PathLike)):
                whole = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - pathlib would open, and be noted
                if not f"{whole}{os.sep}".startswith(inside):
                    found.add(whole)

    sys.addaudithook(hook)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Read an order, run it, and write what came of it in ``<order>.fait``."""
    file = Path((arguments if arguments is not None else sys.argv[1:])[0])
    done = run(json.loads(file.read_text(encoding="utf-8")))
    file.with_suffix(".fait").write_text(json.dumps(done), encoding="utf-8")


if __name__ == "__main__":
    main()
