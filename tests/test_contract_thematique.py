from __future__ import annotations

import datetime as dt
from pathlib import Path

from assembler.testing import FormatContract


class TestThematique(FormatContract):
    plugin = "thematique"
    dossiers = Path(__file__).parents[1] / "fixtures" / "thematique"
    # The dossiers without a date of dépôt are judged by today's rules: a day on which they were made.
    today = dt.date(2026, 4, 1)
