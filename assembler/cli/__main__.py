"""``python -m assembler.cli``: the same command."""

from assembler.cli import main

main()
