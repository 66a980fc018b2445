"""What the commands share: their options, what these ask for, and how anything is said."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    import datetime as dt

    from assembler.manager import Plugins
    from assembler.pipeline import Checked, Order, Request

__all__ = [
    "F",
    "checked_dossiers",
    "date_option",
    "day_of",
    "disabled",
    "dossiers_argument",
    "edition_option",
    "etape_option",
    "fichier_option",
    "flat",
    "format_option",
    "gabarits_option",
    "is_strict",
    "judging_options",
    "malgre_option",
    "order_of",
    "plugin_options",
    "plugins_of",
    "rapport_option",
    "referentiels_option",
    "remplacer_option",
    "request_of",
    "say",
    "say_lines",
    "sortie_option",
    "wildcards",
    "with_options",
    "worst",
]

F = TypeVar("F", bound=Callable[..., Any])

_WORST = (70, 4, 1, 3, 5, 0)


def wildcards(_context: click.Context, _argument: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths given; on Windows, where the prompt leaves that to programs, those of « *.zip »."""
    if sys.platform == "win32":
        return tuple(path for one in given for path in _found(one) or (one,))
    return given


def _found(pattern: str) -> list[str]:
    """Return what a path that ends in a pattern stands for; « [1] » is a name as another."""
    from pathlib import Path

    path = Path(pattern)
    if not {"*", "?"} & set(path.name):
        return []
    return sorted(str(one) for one in path.parent.glob(path.name.replace("[", "[[]")))


dossiers_argument = click.argument(
    "dossiers", nargs=-1, required=True, metavar="DOSSIER…", callback=wildcards
)
format_option = click.option(
    "--format", "format_id", metavar="F", help="Format du dossier (voir « formats »)."
)
etape_option = click.option("--etape", metavar="E", help="Étape ; sans elle, celle de la fiche.")
referentiels_option = click.option(
    "--referentiels", "records", metavar="DIR", help="Dossier des référentiels (accords-cadres…)."
)
date_option = click.option(
    "--date", "day", metavar="J", help="Règles en vigueur ce jour-là (JJ/MM/AAAA ou AAAA-MM-JJ)."
)
judging_options = (format_option, etape_option, date_option, referentiels_option)
"""How a dossier is judged."""
_without = click.option(
    "--sans-plugin", "without", multiple=True, metavar="NOM", help="Laisse un plugin de côté."
)
_strict = click.option(
    "--strict-plugins",
    is_flag=True,
    expose_value=False,
    callback=lambda context, _option, value: context.meta.update({"strict": value}),
    help="S’arrête au premier plugin en échec et dit où (pour les auteurs).",
)


def plugin_options(function: F) -> F:
    """Add what every command says of the plugins; :func:`plugins_of` applies it."""
    return _without(_strict(function))


rapport_option = click.option(
    "--rapport", default="texte", metavar="R", help="texte (par défaut), json, html ou xlsx."
)
fichier_option = click.option("--fichier", "file", metavar="P", help="Écrit le rapport dans ce fichier.")
sortie_option = click.option(
    "--sortie", "output", metavar="DIR", help="Dossier de sortie (sortie/ du dossier)."
)
edition_option = click.option(
    "--date-edition", "edition", metavar="J", help="Date d’édition imprimée (JJ/MM/AAAA ou AAAA-MM-JJ)."
)
gabarits_option = click.option(
    "--gabarits", "templates", metavar="DIR", help="Dossier de vos gabarits Word, nommés comme les documents."
)
remplacer_option = click.option(
    "--remplacer", "replace", is_flag=True, help="Remplace ce qui a été modifié à la main (archivé)."
)
malgre_option = click.option(
    "--malgre", "in_spite", metavar="MOTIF", help="Produit malgré un point bloquant ; le motif est noté."
)


def with_options(options: Iterable[Callable[[F], F]]) -> Callable[[F], F]:
    """Return a decorator that adds options to a command, in their order."""

    def decorate(function: F) -> F:
        for option in reversed(tuple(options)):
            function = option(function)
        return function

    return decorate


def plugins_of(without: Sequence[str]) -> Plugins:
    """Return the plugins, those named left out; stop at the first that failed when asked to be strict."""
    from assembler.errors import PluginError
    from assembler.manager import Plugins
    from assembler.strictness import be_strict

    plugins = Plugins(disabled=disabled(without))
    be_strict(is_strict())
    plugins.formats()
    if is_strict():
        plugins.readers()
        plugins.reporters()
        for one in plugins.statuses:
            if one.etat == "echec":
                say(plugins.trace(one.nom), err=True)
                raise PluginError(one.nom, f"{str(one.cause).rstrip('.')}.")
    return plugins


def is_strict() -> bool:
    """Tell whether ``--strict-plugins`` was given."""
    return bool(click.get_current_context().meta.get("strict"))


def disabled(without: Sequence[str]) -> tuple[str, ...]:
    """Return the plugins to leave out, those of the environment included."""
    import os

    named = [*without, *os.environ.get("ASSEMBLER_PLUGINS_DESACTIVES", "").split(",")]
    return tuple(name.strip() for name in named if name.strip())


def day_of(text: str | None, option: str) -> dt.date | None:
    """Return the day that an option gives, or None."""
    from assembler.errors import UsageError
    from assembler.fiche import date_of

    try:
        return date_of(text.strip()) if text else None
    except ValueError as error:
        raise UsageError(
            f"{option} : « {text} » n’est pas une date. Écrivez par exemple 12/03/2026 ou 2026-03-12."
        ) from error


def request_of(given: dict[str, Any]) -> Request:
    """Return what the options ask of a check; today is today."""
    import datetime as dt
    from pathlib import Path

    from assembler.pipeline import Request

    return Request(
        format_id=given.get("format_id"),
        step=given.get("etape"),
        day=day_of(given.get("day"), "--date"),
        reference_folder=Path(given["records"]) if given.get("records") else None,
        today=dt.datetime.now().astimezone().date(),
    )


def checked_dossiers(dossiers: Sequence[str], given: dict[str, Any]) -> tuple[Plugins, list[Checked]]:
    """Check dossiers, and return them with the plugins that judged them."""
    from pathlib import Path

    from assembler.errors import UsageError
    from assembler.pipeline import check_dossier

    if given.get("output") and len(dossiers) > 1:
        # Their documents bear the same names: the second dossier's would take the place of the first's.
        raise UsageError("--sortie vaut pour un seul dossier à la fois.")
    if given.get("output") and Path(given["output"]).resolve() == Path(dossiers[0]).resolve():
        # What is produced there would be read as pieces at the next run.
        raise UsageError("--sortie ne peut pas être le dossier lui-même.")
    plugins = plugins_of(given.get("without", ()))
    request = request_of(given)
    return plugins, [check_dossier(Path(one), plugins, request) for one in dossiers]


def order_of(plugins: Plugins, given: dict[str, Any], command: str) -> Order:
    """Return what the options ask of a production."""
    from pathlib import Path

    from assembler.owntemplates import OwnTemplates
    from assembler.pipeline import Order

    ids = tuple(one.strip() for one in (given["documents"] or "").split(",") if one.strip())
    templates = Path(given["templates"]) if given["templates"] else None
    return Order(
        documents=ids,
        output=Path(given["output"]) if given["output"] else None,
        edition=day_of(given["edition"], "--date-edition"),
        replace=given["replace"],
        preview=given["preview"],
        in_spite=(given["in_spite"] or "").strip() or None,
        also=given["also"],
        command=command,
        own=OwnTemplates(plugins, templates, request_of(given).today),
    )


def worst(codes: Sequence[int]) -> int:
    """Return the exit code of several dossiers or documents (conception.md § 5)."""
    return next((code for code in _WORST if code in codes), max(codes, default=0))


def say_lines(lines: Iterable[str]) -> None:
    """Print lines, one by one."""
    for line in lines:
        say(line)


def flat(text: object) -> str:
    """Return one line: a name that holds line ends cannot pass for lines of ours."""
    return " ".join(str(text).split())


def say(text: str, err: bool = False) -> None:
    """Print, on any console."""
    from assembler.speaking import printable

    stream = sys.stderr if err else sys.stdout
    click.echo(printable(text, getattr(stream, "encoding", None) or "utf-8"), err=err)
