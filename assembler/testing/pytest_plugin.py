"""What pytest loads in every project of the environment: an option and a fixture, nothing of the engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

__all__ = ["golden_file", "pytest_addoption"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--maj-attendus``."""
    parser.getgroup("assembler").addoption(
        "--maj-attendus",
        action="store_true",
        help="écrit les documents attendus au lieu de comparer ; regardez-les avant de les enregistrer",
    )


@pytest.fixture
def golden_file(request: pytest.FixtureRequest) -> Callable[[bytes, Path], None]:
    """Compare a document with the file that keeps it as it was looked at.

    Example::

        def test_the_letter_is_the_one_we_looked_at(golden_file):
            golden_file(content, Path(__file__).parent / "attendus" / "courrier.docx")
    """

    def hold(found: bytes, golden: Path) -> None:
        from assembler.testing.golden import compare

        told = compare(found, golden, bool(request.config.getoption("--maj-attendus")))
        if told:
            pytest.fail("\n".join(told), pytrace=False)

    return hold
