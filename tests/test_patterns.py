from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import OURS, tiny_format, tiny_plugin

from assembler.contributions import Piece
from assembler.errors import RuleFileError, UsageError
from assembler.manager import Plugins
from assembler.patterns import ambiguity
from assembler.readers.limits import MEGA, VARIABLES, Limits, limits_from
from assembler.rulefiles import load_rules

ENDLESS = (r"^(a+)+$", r"(a|aa)+$", r"(a|a)*b", r"(\w+\s?)*$", r"(x+x+)+y", r"(.*,)*x", r"((?:a|b+)+)+")
SOUND = (r"(?:\w+\s)+x", r"(?:, \w+)*", r"(?:[^,]*,)*x", r"(?:le |la )*", r"((a+)b)+", r"\d{14}", r"(?:a|b)*")


@pytest.mark.parametrize("pattern", ENDLESS)
def test_a_pattern_that_may_never_end_is_told(pattern: str) -> None:
    assert pattern in str(ambiguity(pattern))


@pytest.mark.parametrize("pattern", SOUND)
def test_a_sound_pattern_is_let_through(pattern: str) -> None:
    assert ambiguity(pattern) is None


@pytest.mark.parametrize(("pattern", "told"), [(r"^(a+)+$", "répète"), ("(", "pas une expression")])
def test_a_rule_with_such_a_pattern_is_refused_by_file_id_and_key(
    tmp_path: Path, pattern: str, told: str
) -> None:
    (tmp_path / "x.yaml").write_text(
        "TT-IDE-001:\n  titre: t\n  nature: technique\n  gravite: a_verifier\n  pourquoi: p\n"
        "  correction: c\n  reference: {texte: Guide}\n"
        f"  schema: {{fiche.nom: {{type: string, regex: '{pattern}'}}}}\n"
        "  exemples: {conforme: [{fiche: {nom: a}}], non_conforme: [{fiche: {nom: b}}]}\n",
        encoding="utf-8",
    )
    with pytest.raises(RuleFileError, match=r"x\.yaml.*TT-IDE-001.*schema\.fiche\.nom\.regex") as refused:
        load_rules(tmp_path)
    assert told in str(refused.value)


def test_a_plugin_whose_piece_has_such_a_pattern_fails_by_name() -> None:
    piece = Piece(id="plan", title="plan", names=(r"(\w+ ?)*plan",))
    plugins = Plugins(disabled=OURS, extra={"petit": tiny_plugin(tiny_format(pieces=(piece,)))})
    assert plugins.formats() == {}
    (status,) = [one for one in plugins.statuses if one.nom == "petit"]
    assert status.etat == "echec"
    assert "plan" in str(status.cause)


def test_limits_are_raised_by_the_environment() -> None:
    found = limits_from({"ASSEMBLER_LIMITE_FICHIER": "300", "ASSEMBLER_LIMITE_SECONDES": "60", "PATH": "x"})
    assert (found.file, found.seconds, found.members) == (300 * MEGA, 60, 5_000)
    assert {limit for limit, _ in VARIABLES.values()} <= set(Limits.__dataclass_fields__)


@pytest.mark.parametrize(
    ("name", "text"),
    [("ASSEMBLER_LIMITE_SECONDES", "vingt"), ("ASSEMBLER_LIMITE_RATIO", "0"), ("ASSEMBLER_LIMITE_RIEN", "1")],
)
def test_a_limit_that_means_nothing_is_a_usage_error(name: str, text: str) -> None:
    with pytest.raises(UsageError, match=name):
        limits_from({name: text})


Make = Callable[..., Path]


def test_a_broken_file_of_visas_is_said_and_the_rest_is_checked(folder: Make, tiny: Plugins) -> None:
    import datetime as dt

    from assembler.pipeline import Request, check_dossier

    root = folder(**{"plan.txt": "x", "sortie__visas.yaml": "- {regle: *x}"})
    report = check_dossier(root, tiny, Request(today=dt.date(2026, 3, 12))).report
    assert report.exit_code == 0
    assert report.dossier is not None
    assert any("visas" in note for note in report.dossier.notes)
