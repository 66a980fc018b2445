"""Paired, interleaved measures: ours against a floor or a peer, ratios of medians of CPU time.

    python -m benchmarks.mesurer [nom…] [--tours N]

Milliseconds differ from one machine to the next; ratios hold. Needs the development extra.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import resource
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOSSIER = ROOT / "fixtures" / "local" / "complet"
TODAY = dt.date(2026, 4, 1)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two things to time in turn, and the most that the first may cost of the second."""

    ours: Callable[[], float]
    theirs: Callable[[], float]
    what: str
    target: float


def command(*arguments: str) -> Callable[[], float]:
    """Return a function that runs a whole process and gives its CPU time, in seconds."""

    def run() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return run


def call(function: Callable[[], object]) -> Callable[[], float]:
    """Return a function that calls another in this process and gives its CPU time, in seconds."""

    def run() -> float:
        before = time.process_time()
        function()
        return time.process_time() - before

    return run


def help_() -> Pair:
    """``assemble --help`` against importing click."""
    ours = command("-c", "from assembler.cli import main; main(['--help'])")
    return Pair(
        ours=ours, theirs=command("-c", "import click"), what="assemble --help / import click", target=1.3
    )


def version() -> Pair:
    """``assemble --version`` against importing click."""
    ours = command("-c", "from assembler.cli import main; main(['--version'])")
    return Pair(
        ours=ours, theirs=command("-c", "import click"), what="assemble --version / import click", target=1.15
    )


def check() -> Pair:
    """The check of one dossier in a warm process against its floor: zip, lxml, PDFium."""
    import pypdfium2
    from lxml import etree

    from assembler.manager import Plugins
    from assembler.pipeline import Request, check_dossier

    plugins = Plugins()
    files = sorted(path for path in DOSSIER.rglob("*") if path.suffix in (".docx", ".pdf"))

    def floor() -> None:
        for path in files:
            content = path.read_bytes()
            if path.suffix == ".docx":
                with zipfile.ZipFile(io.BytesIO(content)) as package:
                    etree.fromstring(package.read("word/document.xml"))
            else:
                document = pypdfium2.PdfDocument(content)
                for page in document:
                    text = page.get_textpage()
                    text.get_text_range()
                    text.close()
                    page.close()
                document.close()

    def ours() -> None:
        check_dossier(DOSSIER, plugins, Request(today=TODAY))

    return Pair(ours=call(ours), theirs=call(floor), what="contrôle d’un dossier / lecture nue", target=1.5)


PAIRS: dict[str, Callable[[], Pair]] = {
    "aide": help_,
    "version": version,
    "controle": check,
}


def main() -> None:
    """Print a line for each pair: ratio of medians, lowest and highest ratio, target."""
    parser = argparse.ArgumentParser(description="Mesures appariées.")
    parser.add_argument("noms", nargs="*", choices=[[], *PAIRS], metavar="nom")
    parser.add_argument("--tours", type=int, default=21)
    options = parser.parse_args()
    print("| mesure | rapport | plus bas | plus haut | visé |\n|---|---|---|---|---|")
    for name in options.noms or PAIRS:
        pair = PAIRS[name]()
        pair.ours(), pair.theirs()
        rounds = [(pair.ours(), pair.theirs()) for _ in range(options.tours)]
        ratio = statistics.median(a for a, _ in rounds) / statistics.median(b for _, b in rounds)
        each = sorted(a / b for a, b in rounds)
        print(f"| {pair.what} | {ratio:.2f} | {each[0]:.2f} | {each[-1]:.2f} | ≤ {pair.target} |")


if __name__ == "__main__":
    main()
