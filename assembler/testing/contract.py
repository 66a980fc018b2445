"""The contract of a format as a class of tests, to subclass."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from assembler.errors import PluginError
from assembler.testing.conformance import CONTRACT, found
from assembler.testing.judged import unexpected, what_differs
from assembler.testing.subject import Subject, load_subjects

__all__ = ["FormatContract"]


@cache
def _subjects(plugin: str, dossiers: Path | None, today: dt.date | None) -> tuple[Subject, ...]:
    return load_subjects(plugin, dossiers=dossiers, today=today)


class FormatContract:
    """Everything that a format promises, a test each; subclass it in a test file of the plugin.

    The plugin under test is loaded with ``commun`` and ``territoire`` alone: the fault of another never
    fails it.

    Example::

        class TestMonFormat(FormatContract):
            plugin = "mon_format"
            dossiers = Path(__file__).parents[1] / "fixtures" / "mon_format"
            today = dt.date(2026, 4, 1)

    Attributes:
        plugin: name of the plugin's entry point.
        format_id: which of its formats; needed when it gives several.
        dossiers: folder of its test dossiers: ``complet/``, ``defauts/<name>/``, ``attendus.yaml``; None:
            where ``assemble plugin tester`` finds them.
        today: the day of the dossiers that have no date.
    """

    plugin: ClassVar[str] = ""
    format_id: ClassVar[str | None] = None
    dossiers: ClassVar[Path | None] = None
    today: ClassVar[dt.date | None] = None

    @classmethod
    def subject(cls) -> Subject:
        """Return the format under test, loaded once.

        Raises:
            PluginError: the plugin does not load, or gives no such format.
        """
        subjects = _subjects(cls.plugin, cls.dossiers, cls.today)
        mine = [one for one in subjects if one.format and cls.format_id in (None, one.format.id)]
        if len(mine) != 1:
            given = ", ".join(one.format.id for one in subjects if one.format) or "aucun"
            raise PluginError(cls.plugin, f"format_id = {cls.format_id!r}, et ses formats sont : {given}.")
        return mine[0]

    def pytest_generate_tests(self, metafunc: Any) -> None:
        """Make one test of each test dossier."""
        if "dossier" in metafunc.fixturenames:
            metafunc.parametrize("dossier", list(self.subject().expected))

    def test_identifiers_are_unique_and_prefixed(self) -> None:
        """Rules, pieces, steps and documents are well named; the rules bear a prefix of their own."""
        self.hold("identifiants")

    def test_each_rule_is_documented_and_dated(self) -> None:
        """Titre, pourquoi, correction, reference, du; a successor begins the day after."""
        self.hold("regles")

    def test_each_example_ends_as_it_announces(self) -> None:
        """The examples of a rule are its tests."""
        self.hold("exemples")

    def test_the_complete_dossier_has_no_finding(self) -> None:
        """``complet/`` is conforme, and exits with 0."""
        self.hold("dossier-complet")

    def test_each_dossier_gives_exactly_its_ids(self, dossier: str) -> None:
        """What ``attendus.yaml`` says of it, and nothing else."""
        _none(what_differs(self.subject(), dossier))

    def test_every_dossier_is_expected_and_the_reverse(self) -> None:
        """No folder without its line, no line without its folder; one broken dossier at least."""
        _none(unexpected(self.subject()))
        assert self.subject().broken, "aucun dossier dans defauts/"

    def test_no_other_format_claims_its_dossier(self) -> None:
        """``complet/`` is recognised without being told, by this format only."""
        self.hold("reconnaissance")

    def test_the_documents_of_each_step_are_made(self) -> None:
        """None of those of a sound dossier fails."""
        self.hold("documents")

    def test_the_same_dossier_gives_the_same_bytes(self) -> None:
        """Whatever the clock, the folder and the order of sets."""
        self.hold("reproductible")

    def test_no_tag_is_left_in_a_document(self) -> None:
        """Neither ``{{ … }}`` nor « None »."""
        self.hold("balises")

    def test_documents_are_valid_office_files(self) -> None:
        """Zip, content types, relations, XML, python-docx and openpyxl."""
        self.hold("office")

    def test_nothing_is_written_outside_the_output(self) -> None:
        """Whatever is opened to be written stands in ``sortie/``."""
        self.hold("sortie")

    def test_the_files_of_a_dossier_are_not_modified(self) -> None:
        """The same hash before and after."""
        self.hold("pieces")

    def hold(self, promise_id: str) -> None:
        """Fail, with every fault on its line, unless one promise of the contract is kept.

        Args:
            promise_id: as in :data:`~assembler.testing.conformance.CONTRACT`.
        """
        promise = next(one for one in CONTRACT if one.id == promise_id)
        _none(found(promise, self.subject()))


def _none(faults: Any) -> None:
    told = tuple(faults)
    assert not told, "\n" + "\n".join(told)
