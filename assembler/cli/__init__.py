"""The command ``assemble``: the only package that prints or exits.

Heavy modules are imported inside the commands, so that ``--help`` costs little more than click.
"""

from assembler.cli import dossiers, batches, making, lists, authors  # noqa: F401, I001 - in the order of --help
from assembler.cli.root import assemble, main

__all__ = ["assemble", "main"]
