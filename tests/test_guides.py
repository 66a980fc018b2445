"""The screens of the guides; apart from the other tests of the documentation, because they take longest."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import GUIDES, played, text


@pytest.mark.parametrize("page", GUIDES)
def test_a_screen_of_a_guide_shows_what_the_command_prints(page: str, tmp_path: Path) -> None:
    assert text(page) == played(page, tmp_path)
