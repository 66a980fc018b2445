"""Start-up: what a person waits for before the command does anything."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.rows import COMMAND, Row, cpu, process

__all__ = ["rows"]


def rows() -> Iterator[Row]:
    """Yield ``--help`` and ``--version``, against importing click."""
    click = cpu(process("-c", "import click"))
    for option, target in (("--help", 1.3), ("--version", 1.15)):
        ours = cpu(process(*COMMAND, option))
        yield Row(label=f"assemble {option} / import click", ours=ours, theirs=click, target=target)
