from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import TODAY, make_rule, tiny_format, tiny_plugin

from assembler.endorsing import endorse
from assembler.errors import UsageError, WritingError
from assembler.manager import Plugins
from assembler.model import Observation, State, Verdict
from assembler.pipeline import Checked, Request, check_dossier
from assembler.visas import read_visas

Make = Callable[..., Path]


def to_see(facts: object) -> Iterator[Observation]:
    yield Observation(state=State.A_VOIR, message="Regardez la signature.", path="pieces.plan")


@pytest.fixture
def check() -> Callable[[Path], Checked]:
    rules = (make_rule(), make_rule("TT-SIG-001", check=to_see, lit=("pieces.plan",)))
    ours = ("commun", "local", "territoire")
    plugins = Plugins(disabled=ours, extra={"petit": tiny_plugin(tiny_format(rules=rules))})
    return lambda root: check_dossier(root, plugins, Request(today=TODAY))


def test_a_visa_settles_what_only_the_eye_could_tell(folder: Make, check: Callable[[Path], Checked]) -> None:
    root = folder(**{"plan.txt": "x"})
    before = check(root)
    assert before.report.verdict is Verdict.A_VOIR
    endorse(before, "TT-SIG-001", "Camille Exemple", "signature vue : « page 2 »\nà l’encre", TODAY)
    after = check(root).report
    assert after.verdict is Verdict.CONFORME
    (visa,) = (one for one in after.regles if one.id == "TT-SIG-001")
    assert visa.etat is State.VISE
    assert "Camille Exemple" in str(visa.motif)
    assert "12/03/2026" in str(visa.motif)


def test_a_visa_lapses_when_the_piece_changes(folder: Make, check: Callable[[Path], Checked]) -> None:
    root = folder(**{"plan.txt": "x"})
    endorse(check(root), "TT-SIG-001", "Camille Exemple", "vue", TODAY)
    (root / "plan.txt").write_text("autre chose")
    assert check(root).report.verdict is Verdict.A_VOIR


def test_a_second_visa_takes_the_place_of_the_first(folder: Make, check: Callable[[Path], Checked]) -> None:
    root = folder(**{"plan.txt": "x"})
    for who in ("Camille Exemple", "Dominique Exemple"):
        endorse(check(root), "TT-SIG-001", who, "vue", TODAY)
    assert [visa.par for visa in read_visas(root / "sortie")] == ["Dominique Exemple"]


@pytest.mark.parametrize("rule", ["TT-PIE-001", "TT-SIG-999"])
def test_a_visa_settles_neither_a_judged_rule_nor_an_unknown_one(
    folder: Make, check: Callable[[Path], Checked], rule: str
) -> None:
    root = folder(**{"plan.txt": "x"})
    with pytest.raises(UsageError):
        endorse(check(root), rule, "Camille Exemple", "vue", TODAY)
    assert not (root / "sortie/visas.yaml").exists()


@pytest.mark.parametrize("content", ["[", "- regle: A\n", "texte", "- [1]"])
def test_a_file_of_visas_that_cannot_be_read_is_not_overwritten(tmp_path: Path, content: str) -> None:
    (tmp_path / "visas.yaml").write_text(content)
    with pytest.raises(WritingError, match=r"visas\.yaml"):
        read_visas(tmp_path)
    assert (tmp_path / "visas.yaml").read_text() == content
