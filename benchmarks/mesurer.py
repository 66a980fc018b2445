"""Paired, interleaved measures: ours against a floor or a peer, ratios of medians.

    python -m benchmarks.mesurer [--tours N] [--seulement MOT]

Milliseconds differ from one machine to the next; ratios hold. Needs the development extra, and Linux.
To add a row: see ``rows.py``.
"""

from __future__ import annotations

import argparse
import importlib
import statistics

from benchmarks.rows import Row

MODULES = ("startup", "check", "documents", "lots")
"""The modules of rows, in the order of the table."""


def measured(row: Row, rounds: int) -> str:
    """Return the line of one row: ratio of medians, lowest and highest ratio of a round, target, kept or not.

    Args:
        row: the row; each side is run once before it counts.
        rounds: how many times each side is measured, in turn, the other first every second time.
    """
    row.ours(), row.theirs()
    pairs = []
    for turn in range(min(rounds, row.rounds or rounds)):
        if turn % 2:
            theirs, ours = row.theirs(), row.ours()
        else:
            ours, theirs = row.ours(), row.theirs()
        pairs.append((ours, theirs))
    ratio = statistics.median(ours for ours, _ in pairs) / statistics.median(theirs for _, theirs in pairs)
    each = sorted(ours / theirs for ours, theirs in pairs)
    kept = ratio >= row.target if row.at_least else ratio <= row.target
    bound = f"{'≥' if row.at_least else '≤'} {row.target}".replace(".", ",")
    figures = " | ".join(f"{one:.3g}".replace(".", ",") for one in (ratio, each[0], each[-1]))
    return f"| {row.label} | {figures} | {bound} | {'oui' if kept else 'non'} |"


def main() -> None:
    """Print the table, or its rows whose label or module holds a word."""
    parser = argparse.ArgumentParser(description="Mesures appariées, en rapports.")
    parser.add_argument("--tours", type=int, default=21, metavar="N", help="nombre de tours (21)")
    parser.add_argument(
        "--seulement", default="", metavar="MOT", help="les lignes, ou le module, qui contiennent ce mot"
    )
    options = parser.parse_args()
    print("| mesure | rapport | plus bas | plus haut | visé | tenu |\n|---|---|---|---|---|---|")
    for module in MODULES:
        for row in importlib.import_module(f"benchmarks.{module}").rows():
            if options.seulement.lower() in f"{module} {row.label}".lower():
                print(measured(row, options.tours), flush=True)


if __name__ == "__main__":
    main()
