from __future__ import annotations

import random
import re
from contextlib import suppress
from pathlib import Path

import pytest
from fuzz import FIXTURES, run, seeds, spoil
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assembler.errors import NothingToCheck, RuleFileError
from assembler.fiche import read
from assembler.folder import open_folder
from assembler.manager import Plugins
from assembler.patterns import ambiguity
from assembler.recognition import recognise
from assembler.rulefiles import load_rules
from assembler.sources import read_source
from assembler.text import clean, fold, plain
from assembler.writing import safe_name

RULES = Path(__file__).parents[1] / "rules" / "commun"


def test_readers_read_or_refuse_files_spoiled_at_random() -> None:
    assert [(name, fault) for name, _, fault in run(10, seed=20261122)] == []


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


def test_a_spoiled_fiche_gives_faults_never_an_exception(plugins: Plugins) -> None:
    schema = plugins.formats()["local"].fiche
    assert schema is not None
    luck = random.Random(1)
    whole = (FIXTURES / "complet" / "dossier.yaml").read_bytes()
    for _ in range(150):
        read(spoil(whole, luck), "dossier.yaml", schema)


def test_a_spoiled_rule_file_is_refused_or_loads(tmp_path: Path, plugins: Plugins) -> None:
    from assembler_plugins.commun.checks import CHECKS

    luck = random.Random(2)
    whole = (RULES / "pie.yaml").read_bytes()
    for _ in range(60):
        (tmp_path / "pie.yaml").write_bytes(spoil(whole, luck))
        with suppress(RuleFileError):
            load_rules(tmp_path, CHECKS)


@given(st.text(min_size=1, max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_name_is_recognised_or_not_folded_and_made_safe(plugins: Plugins, name: str) -> None:
    pieces = plugins.formats()["local"].pieces
    source = read_source(Path("/nulle part"), name, {})
    assert source.defaut == "illisible"
    recognise([source], pieces, {})
    plain(name)
    for line in fold(name):
        assert clean(line) == line
    made = safe_name(name)
    assert made
    assert not set(made) & set('<>:"/\\|?*\0\n')


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_that_the_disk_takes_can_be_listed(tmp_path: Path, names: list[bytes]) -> None:
    import os
    import tempfile

    with tempfile.TemporaryDirectory(dir=tmp_path) as root:
        for name in names:
            safe = name.replace(b"/", b"_").replace(b"\0", b"_")
            if safe not in (b".", b".."):
                (Path(root) / os.fsdecode(safe)).write_bytes(b"x")
        try:
            found = open_folder(Path(root))
        except NothingToCheck:
            return
        assert list(found.names) == sorted(found.names)


@given(st.from_regex(r"[ab\\w(|)*+?.{},0-9\[\]^$-]{1,20}", fullmatch=True))
@settings(max_examples=200, deadline=None)
def test_the_lint_of_patterns_never_fails(pattern: str) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        try:
            re.compile(pattern)
        except (re.error, OverflowError):
            return
        ambiguity(pattern)


def test_the_seeds_are_sound() -> None:
    from fuzz import attempt

    found = {name: attempt(data) for name, data in seeds().items()}
    assert set(found.values()) == {None}
    assert len(found) >= 8
