from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import OURS, TODAY, make_rule, tiny_format, tiny_plugin

from assembler.checking import fingerprint
from assembler.endorsing import endorse
from assembler.errors import UsageError, WritingError
from assembler.manager import Plugins
from assembler.model import Dossier, Frozen, Observation, Source, State, Verdict
from assembler.pipeline import Checked, Request, check_dossier
from assembler.reporters.texte import render
from assembler.visas import read_visas

Make = Callable[..., Path]


def to_see(facts: object) -> Iterator[Observation]:
    yield Observation(state=State.A_VOIR, message="Regardez la signature.", path="pieces.plan")


@pytest.fixture
def check() -> Callable[[Path], Checked]:
    rules = (make_rule(), make_rule("TT-SIG-001", check=to_see, lit=("pieces.plan",)))
    plugins = Plugins(disabled=OURS, extra={"petit": tiny_plugin(tiny_format(rules=rules))})
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


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("TT-SIG-1", "Vouliez-vous dire TT-SIG-001 ?"),
        ("TT-PIE-001", "est « conforme » : un visa ne règle que ce qui est « à voir » ou « non vérifiée »."),
    ],
)
def test_a_visa_that_is_refused_says_why_in_words(
    folder: Make, check: Callable[[Path], Checked], rule: str, told: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(told)):
        endorse(check(folder(**{"plan.txt": "x"})), rule, "Camille Exemple", "vue", TODAY)


@pytest.mark.parametrize("content", ["[", "- regle: A\n", "texte", "- [1]"])
def test_a_file_of_visas_that_cannot_be_read_is_not_overwritten(tmp_path: Path, content: str) -> None:
    (tmp_path / "visas.yaml").write_text(content)
    with pytest.raises(WritingError, match=r"visas\.yaml"):
        read_visas(tmp_path)
    assert (tmp_path / "visas.yaml").read_text() == content


def test_a_visa_is_in_the_journal_under_the_name_of_the_person(
    folder: Make, check: Callable[[Path], Checked]
) -> None:
    root = folder(**{"plan.txt": "x"})
    endorse(check(root), "TT-SIG-001", "Camille Exemple", "vue page 2", TODAY)
    (line,) = (root / "sortie/.assemble/journal.jsonl").read_text(encoding="utf-8").splitlines()
    written = json.loads(line)
    assert written["commande"] == "assemble viser"
    assert written["visas"] == [
        {"regle": "TT-SIG-001", "fichier": "plan.txt", "par": "Camille Exemple", "constat": "vue page 2"}
    ]


def test_a_visa_is_in_the_report_under_the_name_of_the_person(
    folder: Make, check: Callable[[Path], Checked]
) -> None:
    root = folder(**{"plan.txt": "x"})
    endorse(check(root), "TT-SIG-001", "Camille Exemple", "signature vue", TODAY)
    text = render([check(root).report]).decode().replace("\xa0", " ")
    assert "Vu à l’œil (1)" in text
    assert "vu par Camille Exemple le 12/03/2026 : signature vue" in text


def test_a_visa_on_a_piece_of_several_forms_lapses_when_any_of_them_changes() -> None:
    def source(name: str, digest: str) -> Source:
        return Source(name=name, path=name, octets=1, sha256=digest, nature="pdf")

    def dossier(pdf: str) -> Dossier:
        forms = (source("l.docx", "a"), source("l.pdf", pdf))
        return Dossier(
            path="x",
            format="petit",
            step="depot",
            date_regles=TODAY,
            origine_date="option",
            sources=forms,
            facts=Frozen({}),
            lines={},
            pieces={"lettre": (forms,)},
        )

    assert fingerprint(dossier("b"), "l.docx") != fingerprint(dossier("c"), "l.docx")
