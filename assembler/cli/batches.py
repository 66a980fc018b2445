"""Commands on many dossiers: check them all, or as they arrive."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from assembler.cli.asking import (
    disabled,
    is_strict,
    judging_options,
    plugin_options,
    plugins_of,
    request_of,
    say,
    say_lines,
    with_options,
    worst,
)
from assembler.cli.root import assemble
from assembler.usage import FrenchCommand

if TYPE_CHECKING:
    from assembler.batch import Options

__all__: list[str] = []

_of_batch = (
    click.option("--sortie", "output", metavar="DIR", help="Dossier du registre (PARENT, sans elle)."),
    click.option(
        "--empreintes", "hashes", is_flag=True, help="Juge ce qui a changé au contenu, non aux dates."
    ),
    click.option(
        "--processus", "processes", metavar="N", type=click.IntRange(1), help="Processus à la fois."
    ),
    click.option(
        "--executeur", "executor", default="local", metavar="X", help="local, ou dask=tcp://HOTE:PORT."
    ),
)


@assemble.command("lot", cls=FrenchCommand)
@click.argument("parent", metavar="PARENT")
@with_options((*judging_options, plugin_options))
@click.option("--rapport", default="texte", metavar="R", help="texte (par défaut) ou json.")
@click.option("--tout", "all_", is_flag=True, help="Relit tout, même ce qui n’a pas changé.")
@with_options(_of_batch)
def batch(parent: str, rapport: str, **given: Any) -> int:
    """Contrôle tous les dossiers d’un dossier et tient leur registre."""
    from pathlib import Path

    from assembler.batch import lines_of, run, summary_lines
    from assembler.errors import UsageError

    if rapport not in ("texte", "json"):
        raise UsageError(
            f"--rapport : « {rapport} » ne vaut pas pour un lot : écrivez texte ou json. "
            "Le registre se lit dans un tableur ou un navigateur."
        )
    quiet = rapport == "json"

    def reported(line: bytes) -> None:
        say(line.decode("utf-8").rstrip("\n"))

    with _bar() as progress:
        done = run(
            Path(parent),
            _options(given, "assemble lot"),
            reported=reported if quiet else None,
            progress=progress,
        )
    for row in () if quiet else done.rows:
        say_lines(lines_of(row))
    for line in summary_lines(done):
        say(line, err=quiet)
    return worst(done.codes)


def _options(given: dict[str, Any], command: str) -> Options:
    from pathlib import Path

    from assembler.batch import Options

    if is_strict():
        plugins_of(given["without"])
    return Options(
        command=command,
        request=request_of(given),
        disabled=disabled(given.get("without", ())),
        output=Path(given["output"]) if given["output"] else None,
        executor=given["executor"],
        processes=given["processes"],
        everything=given.get("all_", False),
        hashes=given["hashes"],
    )


@assemble.command("surveiller", cls=FrenchCommand)
@click.argument("parent", metavar="PARENT")
@with_options((*judging_options, plugin_options))
@click.option(
    "--sondage",
    "interval",
    metavar="SECONDES",
    type=click.FloatRange(0.1),
    help="Regarde le dossier toutes les N secondes ; d’office sur un partage réseau.",
)
@with_options(_of_batch)
def watch_command(parent: str, interval: float | None, **given: Any) -> int:
    """Contrôle les dossiers à mesure qu’ils arrivent, jusqu’à Ctrl-C."""
    from pathlib import Path

    from assembler.batch import dossiers_of, run
    from assembler.watching import Watch

    folder, command = Path(parent), "assemble surveiller"
    try:
        survey = dossiers_of(folder, _options(given, command))
        survey()  # a folder that is none is refused at once
        Watch(
            folder,
            survey,
            lambda busy: run(folder, _options(given, command), busy=busy),  # the day may have changed
            say,
            interval=interval,
        ).run()
    except KeyboardInterrupt:
        say("Arrêt.")
    return 0


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar, on a terminal only, from the first dossier done."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with contextlib.ExitStack() as shown:
        bars: list[Any] = []

        def progress(_done: int, total: int) -> None:
            if not bars:
                bar = click.progressbar(length=total, label="Contrôle", file=sys.stderr, show_pos=True)
                bars.append(shown.enter_context(bar))
            bars[0].update(1)

        yield progress
