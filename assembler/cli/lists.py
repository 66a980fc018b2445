"""Commands that list what is installed and explain a rule."""

from __future__ import annotations

import click

from assembler.cli.asking import (
    date_option,
    day_of,
    disabled,
    format_option,
    is_strict,
    plugin_options,
    plugins_of,
    say_lines,
    with_options,
)
from assembler.cli.root import assemble
from assembler.usage import FrenchCommand

__all__: list[str] = []


@assemble.command("formats", cls=FrenchCommand)
@with_options((plugin_options,))
def formats_command(without: tuple[str, ...]) -> int:
    """Liste les formats installés."""
    from assembler.listing import formats_lines

    plugins = plugins_of(without)
    say_lines(formats_lines(plugins))
    return 0


@assemble.command("plugins", cls=FrenchCommand)
@with_options((plugin_options,))
def plugins_command(without: tuple[str, ...]) -> int:
    """Liste les plugins : actifs, en échec et pourquoi."""
    from assembler.listing import plugins_lines
    from assembler.manager import Plugins

    plugins = plugins_of(without) if is_strict() else Plugins(disabled=disabled(without))
    say_lines(plugins_lines(plugins))
    return 3 if any(one.etat == "echec" for one in plugins.statuses) else 0


@assemble.command("regles", cls=FrenchCommand)
@with_options((format_option, date_option, plugin_options))
def rules_command(format_id: str | None, day: str | None, without: tuple[str, ...]) -> int:
    """Liste les règles, toutes ou celles d’un format, d’un jour."""
    from assembler.listing import rules_lines

    say_lines(rules_lines(plugins_of(without), format_id, day_of(day, "--date")))
    return 0


@assemble.command("expliquer", cls=FrenchCommand)
@click.argument("regle", metavar="ID")
@with_options((plugin_options,))
def explain(regle: str, without: tuple[str, ...]) -> int:
    """Explique une règle en entier : pourquoi, comment corriger, la source."""
    from assembler.listing import rule_lines

    say_lines(rule_lines(plugins_of(without), regle.upper()))
    return 0
