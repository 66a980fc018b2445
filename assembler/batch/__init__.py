"""Every dossier below a folder, checked side by side, and the register that says where each stands."""

from __future__ import annotations

from assembler.batch.running import Options, Pass, dossiers_of, run
from assembler.batch.telling import lines_of, summary_lines

__all__ = ["Options", "Pass", "dossiers_of", "lines_of", "run", "summary_lines"]
