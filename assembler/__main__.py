"""``python -m assembler`` is the command ``assemble``."""

from __future__ import annotations

from assembler.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
