"""The command itself, before any of its sub-commands: what it says alone, how it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from assembler import __version__
from assembler.cli.asking import flat, say
from assembler.usage import FrenchGroup, in_french

__all__ = ["assemble", "main"]

_WELCOME = """\
assemble contrôle un dossier et produit les documents qui en découlent.
  1. Mettez les pièces (note, courriers signés, fiche s’il y en a une) dans un dossier.
  2. assemble DOSSIER           contrôle, puis produit les documents dans sortie/
  3. assemble controler DOSSIER contrôle seulement
  4. assemble --help            toutes les commandes"""


@click.group(
    cls=FrenchGroup,
    default="tout",
    invoke_without_command=True,
    subcommand_metavar="DOSSIER… | COMMANDE …",
    # Said here: to ask the terminal, click imports shutil, which costs more than our own help.
    context_settings={"terminal_width": 78},
)
@click.version_option(__version__, "--version", prog_name="assembler", help="Affiche la version.")
@click.pass_context
def assemble(context: click.Context) -> None:
    """Contrôle des dossiers et assemble les documents qui en découlent.

    « assemble DOSSIER » contrôle un dossier puis produit les documents de son étape.
    """
    if context.invoked_subcommand is None:
        click.echo(_WELCOME)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit with its code (conception.md § 5)."""
    import gc

    from assembler import waiting
    from assembler.errors import AssemblerError

    waiting.listen(lambda sentence: say(flat(sentence), err=True))
    if arguments is None:  # a process of its own, whose start is kept to the end: less garbage to look for
        gc.set_threshold(50_000, 20, 50)
        # The processes that it starts take no module from the current folder, which may be a dossier.
        os.environ["PYTHONSAFEPATH"] = "1"
    try:
        given = list(arguments) if arguments is not None else None
        code = assemble.main(given, prog_name="assemble", standalone_mode=False, windows_expand_args=False)
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.ClickException as error:
        say(f"assemble : {flat(in_french(error))}", err=True)
        code = 2
    except click.Abort:
        say("Interrompu : rien n’est écrit à moitié ; relancez la même commande.", err=True)
        code = 130
    except AssemblerError as error:
        say(f"assemble : {flat(error)}", err=True)
        code = error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except Exception as error:
        say(
            f"assemble : erreur interne ({type(error).__name__} : {flat(error)}). "
            "Rien n’a été modifié ; signalez-la avec la commande lancée.",
            err=True,
        )
        code = 70
    if arguments is None:
        gc.freeze()  # Python would go through it all once more, to end
    sys.exit(code if isinstance(code, int) else 0)
