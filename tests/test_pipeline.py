from __future__ import annotations

import datetime as dt
import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import OURS, TODAY, make_rule, tiny_format, tiny_plugin

from assembler.contributions import Case, Copy, Template
from assembler.errors import UsageError, WritingError
from assembler.manager import Plugins
from assembler.model import Observation, State, Verdict
from assembler.pipeline import Checked, Order, Request, check_dossier, produce

Make = Callable[..., Path]
TODAY_REQUEST = Request(today=TODAY)


def engine(**given: Any) -> Plugins:
    """An engine with only the tiny format, changed."""
    return Plugins(disabled=OURS, extra={"petit": tiny_plugin(tiny_format(**given))})


def checked(root: Path, plugins: Plugins | None = None, **request: Any) -> Checked:
    return check_dossier(root, plugins or engine(), replace(TODAY_REQUEST, **request))


def test_a_format_without_a_fiche_claims_its_folder_and_is_checked(folder: Make) -> None:
    report = checked(folder(**{"plan.txt": "le plan"})).report
    assert (report.verdict, report.exit_code, report.constats) == (Verdict.CONFORME, 0, ())
    assert report.dossier is not None
    assert (report.dossier.format, report.dossier.step) == ("tout_petit", "depot")


def test_a_folder_that_no_format_claims_is_nothing_to_check(folder: Make) -> None:
    report = checked(folder(**{"autre.txt": "x"})).report
    assert (report.verdict, report.exit_code) == (None, 5)
    assert "--format" in str(report.erreur)


def test_a_format_asked_for_is_checked_even_when_nothing_is_recognised(folder: Make) -> None:
    report = checked(folder(**{"autre.txt": "x"}), format_id="tout_petit").report
    assert (report.verdict, report.exit_code) == (Verdict.A_COMPLETER, 1)
    assert report.constats[0].message == "Aucun fichier du dossier n’est reconnu comme : plan."


def test_a_piece_missed_beside_a_folder_that_does_not_open_is_not_said_to_be_absent(
    folder: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = folder(**{"autre.txt": "x", "courriers/plan.txt": "le plan"})
    scandir = os.scandir

    def closed(path: Any = ".") -> Any:
        if Path(path).name == "courriers":
            raise PermissionError(errno.EACCES, "refusé")
        return scandir(path)

    monkeypatch.setattr("assembler.folder.os.scandir", closed)
    report = checked(root, format_id="tout_petit").report
    assert report.verdict is Verdict.NON_CONCLUANT
    (rule,) = report.regles
    assert (rule.etat, rule.motif) == (
        State.NON_VERIFIE,
        "« courriers » n’a pas pu être lu : une pièce peut s’y trouver.",
    )


def test_the_date_of_the_rules_is_said_with_its_origin(folder: Make) -> None:
    root = folder(**{"plan.txt": "x"})
    asked = checked(root, day=dt.date(2024, 5, 1)).dossier
    today = checked(root).dossier
    assert asked is not None
    assert today is not None
    assert (asked.date_regles, asked.origine_date) == (dt.date(2024, 5, 1), "option")
    assert (today.date_regles, today.origine_date) == (TODAY, "aujourd_hui")


# --- what the folder's name tells --------------------------------------------------------------

NAMED = {"folder_name": r"(?P<code>\d{5}) depot(?: (?P<date>\d{8}))?", "detect": lambda _sources: False}


def renamed(root: Path, name: str) -> Path:
    return root.rename(root.with_name(name))


def test_a_folder_that_bears_the_name_of_a_format_is_of_it_before_any_other_is_asked(folder: Make) -> None:
    by_name = tiny_format(id="nomme", rules=(make_rule("NO-PIE-001"),), **NAMED)
    plugins = Plugins(disabled=OURS, extra={"petit": tiny_plugin(tiny_format(), by_name)})
    root = renamed(folder(**{"plan.txt": "x"}), "41175_Dépôt_20140603")
    named = checked(root, plugins).dossier
    other = checked(renamed(root, "Dépôt"), plugins).dossier
    assert named is not None
    assert other is not None
    assert (named.format, named.facts["dossier"]["nom"]) == ("nomme", {"code": "41175", "date": "20140603"})
    assert (other.format, other.facts["dossier"]["nom"]) == ("tout_petit", {})


def test_it_is_checked_even_when_nothing_in_it_is_recognised(folder: Make) -> None:
    report = checked(renamed(folder(**{"autre.txt": "x"}), "41175 depot"), engine(**NAMED)).report
    assert (report.verdict, report.exit_code) == (Verdict.A_COMPLETER, 1)


def test_what_a_name_tells_decides_whether_a_rule_applies(folder: Make) -> None:
    only = {"dossier.nom.date": {"type": "string", "allowed": ["20140603"]}}
    plugins = engine(rules=(make_rule(si=only, schema={"pieces.autre": {"required": True}}),), **NAMED)
    root = folder(**{"plan.txt": "x"})
    found = {}
    for name in ("41175 depot 20140603", "41175 depot 20190603", "41175 depot"):
        root = renamed(root, name)
        (rule,) = checked(root, plugins).report.regles
        found[name] = rule.etat
    assert list(found.values()) == [State.NON_CONFORME, State.NON_APPLICABLE, State.NON_APPLICABLE]


def borne(facts: Any) -> dt.date | None:
    return dt.date(2014, 6, 3) if facts["dossier"]["nom"].get("date") else None


def test_the_date_that_a_dossier_bears_chooses_the_rules_unless_one_is_asked(folder: Make) -> None:
    old = make_rule("TT-PIE-001", au=dt.date(2017, 12, 31))
    new = make_rule("TT-PIE-002", du=dt.date(2018, 1, 1), remplace="TT-PIE-001")
    plugins = engine(rules=(old, new), day=borne, **NAMED)
    root = renamed(folder(**{"plan.txt": "x"}), "41175 depot 20140603")
    found = []
    for one in (checked(root, plugins), checked(root, plugins, day=dt.date(2019, 1, 1))):
        assert one.dossier is not None
        found.append((one.dossier.origine_date, [rule.id for rule in one.rules]))
    undated = checked(renamed(root, "41175 depot"), plugins).dossier
    assert found == [("dossier", ["TT-PIE-001"]), ("option", ["TT-PIE-002"])]
    assert undated is not None
    assert undated.origine_date == "aujourd_hui"


def test_the_folders_that_hold_a_file_are_facts_as_they_are_written(folder: Make) -> None:
    root = folder(**{"plan.txt": "x", "Pieces_ecrites__3_Reglement__a.txt": "x", "Données__b.txt": "x"})
    (root / "vide").mkdir()
    dossier = checked(root).dossier
    assert dossier is not None
    assert dossier.facts["dossier"]["sous_dossiers"] == (
        "Données",
        "Pieces_ecrites",
        "Pieces_ecrites/3_Reglement",
    )


def to_see(facts: object) -> Iterator[Observation]:
    yield Observation(state=State.A_VOIR, message="Regardez.", path="pieces.plan")


def crash(facts: object) -> Iterator[Observation]:
    raise ValueError("boum")


@pytest.mark.parametrize(("check", "verdict"), [(to_see, Verdict.A_VOIR), (crash, Verdict.NON_CONCLUANT)])
def test_what_is_not_established_is_never_conforme(folder: Make, check: Any, verdict: Verdict) -> None:
    rule = make_rule("TT-NOT-001", check=check, lit=("pieces.plan",))
    report = checked(folder(**{"plan.txt": "x"}), engine(rules=(make_rule(), rule))).report
    assert (report.verdict, report.exit_code) == (verdict, 3)


def test_a_failed_plugin_makes_the_check_inconclusive(folder: Make) -> None:
    plugins = Plugins(
        disabled=OURS,
        extra={"petit": tiny_plugin(tiny_format()), "autre": object()},
    )
    plugins.fail("autre", "raté")
    assert checked(folder(**{"plan.txt": "x"}), plugins).report.verdict is Verdict.NON_CONCLUANT


def body(case: Case, copy: Copy) -> bytes:
    return f"{copy.suffix} {case.edition}".encode()


def plain_template(**given: Any) -> Template:
    return Template(
        **{"id": "avis", "step": "depot", "title": "Avis", "build": body, "extension": "txt", **given}
    )


def made(
    root: Path, template: Template, order: Order | None = None, today: dt.date = TODAY
) -> list[tuple[str, str]]:
    one = checked(root, engine(documents=(template,)))
    return [(one.name, one.kind) for one in produce(one, order or Order(), today)]


def test_documents_are_written_once_and_keep_their_date_of_edition(folder: Make) -> None:
    root = folder(**{"plan.txt": "x"})
    assert made(root, plain_template()) == [("depot/avis.txt", "nouveau")]
    later = TODAY + dt.timedelta(days=30)
    assert made(root, plain_template(), today=later) == [("depot/avis.txt", "inchange")]
    assert (root / "sortie/depot/avis.txt").read_text() == f" {TODAY}"


def test_a_document_edited_by_hand_is_kept(folder: Make) -> None:
    root = folder(**{"plan.txt": "x"})
    made(root, plain_template())
    target = root / "sortie/depot/avis.txt"
    target.write_text("à ma façon", encoding="utf-8")
    assert made(root, plain_template()) == [("depot/avis.txt", "garde")]
    other = plain_template(build=lambda case, copy: b"nouveau")
    assert made(root, other) == [("depot/avis (proposition 2).txt", "a_cote")]
    assert made(root, other) == [("depot/avis (proposition 2).txt", "deja_propose")]
    assert target.read_text(encoding="utf-8") == "à ma façon"
    assert made(root, other, Order(replace=True))[0][1] in ("nouveau", "mis_a_jour")
    (archived,) = (root / "sortie/archives").rglob("avis.txt")
    assert archived.read_text(encoding="utf-8") == "à ma façon"


def test_one_document_for_each_copy(folder: Make) -> None:
    copies = plain_template(copies=lambda case: [Copy(suffix="a"), Copy(suffix="b")])
    found = made(folder(**{"plan.txt": "x"}), copies)
    assert [name for name, _ in found] == ["depot/avis-a.txt", "depot/avis-b.txt"]


def test_a_document_is_made_in_two_kinds_of_files(folder: Make) -> None:
    root = folder(**{"plan.txt": "x"})
    table = Copy(extension="csv", build=lambda case, copy: b"a;b")
    both = plain_template(copies=lambda case: [Copy(), table])
    assert made(root, both) == [("depot/avis.txt", "nouveau"), ("depot/avis.csv", "nouveau")]
    assert (root / "sortie/depot/avis.csv").read_bytes() == b"a;b"
    assert made(root, both) == [("depot/avis.txt", "inchange"), ("depot/avis.csv", "inchange")]


def test_what_is_on_request_or_of_another_step_is_not_made(folder: Make) -> None:
    root = folder(**{"plan.txt": "x"})
    assert made(root, plain_template(on_request=True)) == []
    assert made(root, plain_template(step="suite")) == []
    assert made(root, plain_template(on_request=True), Order(documents=("avis",))) == [
        ("depot/avis.txt", "nouveau")
    ]


def test_what_binds_is_refused_while_a_blocking_finding_stands(folder: Make) -> None:
    root = folder(**{"autre.txt": "x"})
    plugins = engine(documents=(plain_template(binding=True),))
    one = checked(root, plugins, format_id="tout_petit")
    (refused,) = produce(one, Order(), TODAY)
    assert (refused.kind, refused.exit_code) == ("refuse", 1)
    (forced,) = produce(one, Order(in_spite="décision du 3 mars"), TODAY)
    assert forced.kind == "nouveau"
    assert "décision du 3 mars" in (root / "sortie/.assemble/journal.jsonl").read_text(encoding="utf-8")


def fails(case: Case, copy: Copy) -> bytes:
    raise WritingError("plus de place")


def test_a_document_that_fails_stops_none_of_the_others(folder: Make) -> None:
    templates = (plain_template(id="rate", build=fails), plain_template())
    one = checked(folder(**{"plan.txt": "x"}), engine(documents=templates))
    assert [(each.kind, each.exit_code) for each in produce(one, Order(), TODAY)] == [
        ("echec", 4),
        ("nouveau", 0),
    ]


def test_a_preview_writes_nothing(folder: Make) -> None:
    root = folder(**{"plan.txt": "x"})
    assert made(root, plain_template(), Order(preview=True)) == [("depot/avis.txt", "apercu")]
    assert not (root / "sortie").exists()


def test_an_unknown_document_is_a_usage_error(folder: Make) -> None:
    with pytest.raises(UsageError, match="avis"):
        made(folder(**{"plan.txt": "x"}), plain_template(), Order(documents=("cctp",)))


def test_checking_and_producing_change_no_input(folder: Make) -> None:
    root = folder(**{"plan.txt": "x", "sous__autre.txt": "y"})
    before = {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in root.rglob("*.txt")}
    made(root, plain_template())
    assert {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in before} == before
