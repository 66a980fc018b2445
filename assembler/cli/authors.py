"""Commands for the authors of plugins."""

from __future__ import annotations

import click

from assembler.cli.asking import day_of, flat, plugin_options, plugins_of, say, say_lines, with_options
from assembler.cli.root import assemble
from assembler.usage import FrenchCommand, FrenchGroup

__all__: list[str] = []


@assemble.group("plugin", cls=FrenchGroup, invoke_without_command=True, subcommand_metavar="COMMANDE …")
@click.pass_context
def plugin_group(context: click.Context) -> None:
    """Pour les auteurs : « plugin nouveau NOM », « plugin tester [NOM] »."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@plugin_group.command("nouveau", cls=FrenchCommand)
@click.argument("name", metavar="NOM")
@click.option("--dossier", "folder", metavar="DIR", help="Où l’écrire (par défaut, un dossier à son nom).")
@with_options((plugin_options,))
def new_plugin_command(name: str, folder: str | None, without: tuple[str, ...]) -> int:
    """Écrit un plugin complet : un format, une règle, un gabarit, ses essais."""
    from pathlib import Path

    from assembler.scaffolding import new_plugin

    made = new_plugin(name, plugins_of(without), Path(folder) if folder else None)
    say(flat(f"Écrit : {made}. Installez-le (pip install -e {made}), puis : assemble plugin tester"))
    return 0


@plugin_group.command("tester", cls=FrenchCommand)
@click.argument("name", metavar="[NOM]", required=False)
@click.option("--dossiers", "folder", metavar="DIR", help="Dossiers d’essai (fixtures/<format>/ du projet).")
@click.option("--date", "day", metavar="J", help="Jour des dossiers sans date (AAAA-MM-JJ).")
@click.option("--promesse", "promises", multiple=True, metavar="ID", help="Seulement cette vérification.")
def test_plugin_command(
    name: str | None, folder: str | None, day: str | None, promises: tuple[str, ...]
) -> int:
    """Vérifie ce qu’un plugin installé promet, et dit ce qui manque."""
    from pathlib import Path

    from assembler.listing import result_lines
    from assembler.testing.conformance import check_plugin
    from assembler.testing.subject import chosen_plugin

    tested = chosen_plugin(name)
    where, when = Path(folder) if folder else None, day_of(day, "--date")
    faulty, subject = 0, tested
    for result in check_plugin(tested, dossiers=where, today=when, promises=promises):
        if result.subject != subject:
            say(f"\nFormat {result.subject}")
        subject = result.subject
        say_lines(result_lines(result.promise.id, result.promise.title, result.faults))
        faulty += bool(result.faults)
    told = f"{faulty} promesse{'s' * (faulty > 1)} non tenue{'s' * (faulty > 1)}"
    say(f"\n{tested} : {told if faulty else 'toutes les promesses sont tenues'}.")
    return 1 if faulty else 0
