"""What the standalone program runs: the command, or what the engine asks of a Python of its own."""

from __future__ import annotations

import multiprocessing
import runpy
import sys

__all__ = ["main"]


def main() -> None:
    """Run ``assemble``; in a child process, what it was started for."""
    multiprocessing.freeze_support()
    # There is no Python here but this program: the engine runs its own modules (scans) by « -P -m ».
    if sys.argv[1:3] == ["-P", "-m"] and sys.argv[3].startswith("assembler."):
        del sys.argv[:3]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        return
    from assembler.cli import main as assemble

    assemble()


if __name__ == "__main__":
    main()
