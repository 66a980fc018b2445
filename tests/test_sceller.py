"""The zip to send: what it holds, and what the desk is told of it when it comes back, whole or changed."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import TODAY, make_rule, tiny_format, tiny_plugin
from dossiers import copied
from navigateur import violations

from assembler.contributions import Template
from assembler.errors import WritingError
from assembler.journal import last_lines
from assembler.manager import Plugins
from assembler.model import Report, Seal, Verdict
from assembler.pipeline import Checked, Order, Request, check_dossier
from assembler.reporters import built_in
from assembler.sealing import Sealed, seal

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures" / "local"
SCHEMAS = {
    name: json.loads((ROOT / f"assembler/reporters/{name}.schema.json").read_text(encoding="utf-8"))
    for name in ("rapport", "fiche-controle")
}
SHEET = "fiche-controle.json"
LATER = dt.date(2026, 4, 2)
ENV = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"}


def slip(**given: Any) -> Template:
    keys: dict[str, Any] = {
        "id": "bordereau",
        "step": "depot",
        "title": "Bordereau",
        "extension": "txt",
        "build": lambda case, _copy: " ".join(one.sha256 for one in case.dossier.sources).encode(),
        "enclosed": True,
    }
    return Template(**{**keys, **given})


def plugins(*documents: Template, **given: Any) -> Plugins:
    """The tiny format, with what goes beside the pieces."""
    petit = tiny_plugin(tiny_format(documents=documents or (slip(),), **given))
    disabled = ("commun", "flash", "local", "territoire", "thematique")
    return Plugins(disabled=disabled, extra={"petit": petit})


def checked(path: Path, installed: Plugins | None = None, **given: Any) -> Checked:
    return check_dossier(path, installed or plugins(), Request(today=TODAY, **given))


def sealed(path: Path, installed: Plugins | None = None, day: dt.date = TODAY, **order: Any) -> Sealed:
    return seal(checked(path, installed), Order(command="assemble sceller", **order), day)


def archive(path: Path) -> Path:
    (found,) = (path / "sortie").glob("*/*.zip")
    return found


def content(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def sheet_of(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content(file)[SHEET])
    return found


def expanded(file: Path, target: Path) -> Path:
    with zipfile.ZipFile(file) as opened:
        opened.extractall(target)
    return target


def report_of(path: Path, installed: Plugins | None = None) -> Report:
    return checked(path, installed).report


def seal_of(path: Path, installed: Plugins | None = None) -> Seal:
    found = report_of(path, installed).scelle
    assert found is not None
    return found


def said(report: Report, name: str = "texte") -> str:
    text = built_in()[name].render([report]).decode()
    return " ".join(text.replace("\u00a0", " ").split())


# --- what the zip holds ----------------------------------------------------------------------


def test_the_zip_holds_the_pieces_what_goes_with_them_and_the_sheet(folder: Callable[..., Path]) -> None:
    root = folder(
        **{
            "plan.txt": "x",
            "annexes__photo.txt": "y",
            "instruction.yaml": "decision: {}",
            "brouillons__plan.txt": "z",
            "~$plan.txt": "",
            ".cache": "",
            "sortie__visas.yaml": "[]",
            "sortie__suite__vieux.txt": "v",
        }
    )
    made = sealed(root).made
    assert [(one.name, one.kind) for one in made] == [
        ("depot/bordereau.txt", "nouveau"),
        ("depot/dossier-depot.zip", "nouveau"),
    ]
    found = content(archive(root))
    assert sorted(found) == ["annexes/photo.txt", "bordereau.txt", SHEET, "plan.txt"]
    assert found["plan.txt"] == b"x"
    assert found["bordereau.txt"] == (root / "sortie/depot/bordereau.txt").read_bytes()


def test_the_sheet_says_what_was_checked_by_which_rules_and_by_whom(folder: Callable[..., Path]) -> None:
    root = folder(**{"plan.txt": "x"})
    done = checked(root)
    seal(done, Order(), TODAY)
    sheet = sheet_of(archive(root))
    jsonschema.validate(sheet, SCHEMAS["fiche-controle"])
    assert sheet["verdict"] == "conforme"
    assert sheet["regles"] == {
        "date": "2026-03-12",
        "origine_date": "aujourd_hui",
        "empreinte": done.fingerprint(),
    }
    assert sheet["scelle"]["le"] == "2026-03-12"
    assert sheet["fichiers"][1] == {
        "nom": "plan.txt",
        "octets": 1,
        "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
    }
    assert "pas une signature" in sheet["avertissement"]


def test_the_same_pieces_sealed_another_day_give_the_same_zip(folder: Callable[..., Path]) -> None:
    root = folder(**{"plan.txt": "x"})
    sealed(root)
    first = archive(root).read_bytes()
    again = sealed(root, day=LATER)
    assert [one.kind for one in again.made] == ["inchange", "inchange"]
    assert archive(root).read_bytes() == first
    (root / "plan.txt").write_text("z")
    assert [one.kind for one in sealed(root, day=LATER).made] == ["mis_a_jour", "mis_a_jour"]
    assert sheet_of(archive(root))["scelle"]["le"] == "2026-04-02"


def test_two_folders_alike_give_the_same_bytes_on_the_same_day(tmp_path: Path) -> None:
    made = []
    for place in ("a", "b"):
        root = tmp_path / place / "dossier"
        root.mkdir(parents=True)
        for name in ("plan.txt", "Été.txt") if place == "a" else ("Été.txt", "plan.txt"):
            (root / name).write_text(name)
        sealed(root)
        made.append(archive(root).read_bytes())
    assert made[0] == made[1]


def test_names_are_composed_and_those_that_windows_refuses_are_changed_and_said(
    folder: Callable[..., Path],
) -> None:
    decomposed = unicodedata.normalize("NFD", "été")
    root = folder(**{"plan.txt": "x", f"{decomposed}__notes.txt": "a", "CON.txt": "b", "Plan.txt": "c"})
    notes = sealed(root, plugins(slip(), rules=(make_rule(check=lambda _facts: ()),))).notes
    names = set(content(archive(root)))
    assert names == {"plan (2).txt", "été/notes.txt", "_CON.txt", "Plan.txt", "bordereau.txt", SHEET}
    assert sorted(note.split(" »")[0] for note in notes) == ["« CON.txt", "« plan.txt"]
    # what was sealed opens again: no two names are one
    assert seal_of(archive(root)).etat == "identique"


def test_a_piece_that_changes_while_it_is_sealed_is_not_sent(folder: Callable[..., Path]) -> None:
    root = folder(**{"plan.txt": "x"})
    done = checked(root)
    (root / "plan.txt").write_text("autre")
    with pytest.raises(WritingError, match="a changé pendant le contrôle"):
        seal(done, Order(), TODAY)
    assert not list((root / "sortie").rglob("*.zip"))


def test_more_than_the_desk_can_open_is_not_sealed(
    folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assembler import sealing

    root = folder(**{"plan.txt": "x" * 100})
    monkeypatch.setattr(sealing, "_ROOM", sealing.LIMITS.file - 50)
    with pytest.raises(WritingError, match=r"dépasserait 200 Mo.*allégez"):
        sealed(root)


# --- findings and the hand -------------------------------------------------------------------


def test_a_blocking_finding_asks_for_a_reason_and_the_reason_is_recorded(
    folder: Callable[..., Path],
) -> None:
    root = folder(**{"plan de masse.txt": "x"})
    refusing = plugins(rules=(make_rule(schema={"pieces.plan.pages": {"required": True}}),))
    (refused,) = sealed(root, refusing).made
    assert (refused.kind, refused.exit_code) == ("refuse", 1)
    assert not (root / "sortie").exists()
    sealed(root, refusing, in_spite="délai de la session")
    sheet = sheet_of(archive(root))
    jsonschema.validate(sheet, SCHEMAS["fiche-controle"])
    assert (sheet["verdict"], sheet["malgre"]) == ("a_completer", "délai de la session")
    assert [one["regle"] for one in sheet["constats_bloquants"]] == ["TT-PIE-001"]
    (line,) = last_lines(root / "sortie")
    assert line.motif == "délai de la session"
    assert "scellé malgré un point bloquant (délai de la session)" in said(report_of(archive(root), refusing))


def test_the_slip_that_a_person_corrected_is_the_one_that_is_sent(folder: Callable[..., Path]) -> None:
    root = folder(**{"plan.txt": "x"})
    sealed(root)
    (root / "sortie/depot/bordereau.txt").write_text("corrigé")
    (root / "plan.txt").write_text("z")
    done = sealed(root)
    assert content(archive(root))["bordereau.txt"] == "corrigé".encode()
    (note,) = done.notes
    assert "tel que vous l’avez corrigé" in note


def test_the_slip_that_lies_in_the_dossier_takes_the_place_of_ours(folder: Callable[..., Path]) -> None:
    root = folder(**{"plan.txt": "x", "Bordereau signé.txt": "signé"})
    assert [one.id for one in sealed(root).made] == ["zip"]
    assert sorted(content(archive(root))) == ["Bordereau signé.txt", SHEET, "plan.txt"]


def test_what_goes_beside_the_pieces_is_never_read_as_one(folder: Callable[..., Path]) -> None:
    root = folder(**{"plan.txt": "x", "bordereau plan.txt": "y"})
    done = checked(root)
    assert done.dossier is not None
    assert [one.name for one in done.dossier.sources] == ["plan.txt"]
    assert done.dossier.notes == ("Joint au dossier, non contrôlé : bordereau plan.txt.",)


def test_a_slip_that_fails_stops_all(folder: Callable[..., Path]) -> None:
    def fails(_case: Any, _copy: Any) -> bytes:
        raise WritingError("champ « adresse » manquant")

    root = folder(**{"plan.txt": "x"})
    (failed,) = sealed(root, plugins(slip(build=fails))).made
    assert (failed.kind, failed.exit_code) == ("echec", 4)
    assert not list(root.rglob("*.zip"))


def test_a_run_that_seals_is_one_line_of_the_journal(folder: Callable[..., Path]) -> None:
    root = folder(**{"plan.txt": "x"})
    done = checked(root)
    seal(done, Order(command="assemble sceller"), TODAY)
    (line,) = last_lines(root / "sortie")
    assert (line.commande, line.regles) == ("assemble sceller", done.fingerprint())
    assert line.documents == ("depot/bordereau.txt", "depot/dossier-depot.zip")


# --- at the desk -----------------------------------------------------------------------------


def test_the_desk_is_told_that_the_pieces_are_those_that_were_checked(
    folder: Callable[..., Path], tmp_path: Path
) -> None:
    root = folder(**{"plan.txt": "x", "annexes__photo.txt": "y"})
    sealed(root)
    for received in (archive(root), expanded(archive(root), tmp_path / "reçu")):
        found = seal_of(received)
        assert (found.etat, found.memes_regles, found.verdict) == ("identique", True, Verdict.CONFORME)
        assert found.identiques == ("annexes/photo.txt", "bordereau.txt", "plan.txt")


def test_a_zip_of_one_sub_folder_is_recognised_as_sealed(folder: Callable[..., Path]) -> None:
    root = folder(**{"pieces__plan.txt": "x"})
    sealed(root, plugins(slip(enclosed=False)))
    assert sorted(content(archive(root))) == [SHEET, "pieces/plan.txt"]
    assert seal_of(archive(root)).etat == "identique"


def test_the_desk_is_told_what_changed_and_the_verdict_does_not_depend_on_it(
    folder: Callable[..., Path], tmp_path: Path
) -> None:
    root = folder(**{"plan.txt": "x", "photo.txt": "y", "autre.txt": "z"})
    sealed(root)
    received = expanded(archive(root), tmp_path / "reçu")
    (received / "plan.txt").write_text("changé")
    (received / "photo.txt").unlink()
    (received / "ajout.txt").write_text("a")
    (received / "instruction.yaml").write_text("{}")
    report = report_of(received)
    assert report.verdict is Verdict.CONFORME
    found = report.scelle
    assert found is not None
    assert found.etat == "modifie"
    assert (found.modifies, found.manquants, found.ajoutes) == (("plan.txt",), ("photo.txt",), ("ajout.txt",))
    text = said(report)
    assert "ce n’est plus ce qui a été contrôlé (2 fichiers inchangés)" in text
    assert "Modifié : « plan.txt » ; manquant : « photo.txt » ; ajouté : « ajout.txt »" in text
    assert text.index("ce n’est plus") < text.index("Pièces reconnues")
    assert "ce n’est pas une signature" in text


def test_a_file_that_does_not_open_here_is_not_said_to_be_the_same(
    folder: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assembler import seals

    root = folder(**{"plan.txt": "x"})
    sealed(root)

    def closed(path: Path, limit: int) -> bytes:
        if path.name.startswith("bordereau"):
            raise PermissionError(13, "non")
        return real(path, limit)

    real = seals.read_regular
    monkeypatch.setattr(seals, "read_regular", closed)
    assert seal_of(archive(root)).modifies == ("bordereau.txt",)


def test_rules_that_changed_since_are_said(folder: Callable[..., Path]) -> None:
    root = folder(**{"plan.txt": "x"})
    sealed(root)
    other = plugins(rules=(make_rule(), make_rule("TT-PIE-002")))
    report = report_of(archive(root), other)
    assert report.scelle is not None
    assert report.scelle.memes_regles is False
    assert "elles ont changé depuis" in said(report)
    assert "Ce sont les règles de ce contrôle-ci" in said(report_of(archive(root)))


def test_the_fingerprint_is_the_same_in_another_process() -> None:
    code = (
        "import datetime as d; from assembler.manager import Plugins;"
        "from assembler.fingerprints import rules_fingerprint as f;"
        "print(f(Plugins(), 'local', d.date(2026, 3, 12)))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**ENV, "PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(found) == 1


# --- a sheet that comes from anywhere --------------------------------------------------------


def _sound() -> dict[str, Any]:
    return {
        "version_fiche": 1,
        "outil": {"nom": "assembler", "version": "0.1.0"},
        "regles": {"date": "2026-03-12", "empreinte": "0" * 64},
        "verdict": "conforme",
        "malgre": None,
        "scelle": {"le": "2026-03-12", "par": "camille"},
        "fichiers": [{"nom": "plan.txt", "octets": 1, "sha256": "1" * 64}],
    }


def _with(**changed: Any) -> bytes:
    return json.dumps({**_sound(), **changed}).encode()


def _named(*names: Any) -> bytes:
    return _with(fichiers=[{"nom": name, "octets": 1, "sha256": "1" * 64} for name in names])


HOSTILE = {
    "vide": b"",
    "binaire": b"\xff\x00\xfe",
    "liste": b"[]",
    "nombre": b"1" * 10_000,
    "profonde": b"[" * 200_000,
    "double": b'{"version_fiche": 1, "version_fiche": 1}',
    "double-dedans": _with().replace(b'"date"', b'"date": "2020-01-01", "date"'),
    "plus-recente": _with(version_fiche=2),
    "outil": _with(outil="assembler"),
    "version-nombre": _with(outil={"version": 12}),
    "date": _with(regles={"date": "hier", "empreinte": "0" * 64}),
    "empreinte": _with(regles={"date": "2026-03-12", "empreinte": "=1+1"}),
    "verdict": _with(verdict="parfait"),
    "verdict-liste": _with(verdict=[]),
    "malgre": _with(malgre=["x"]),
    "par": _with(scelle={"le": "2026-03-12", "par": "  "}),
    "fichiers": _with(fichiers={"plan.txt": 1}),
    "fichier": _with(fichiers=["plan.txt"]),
    "trop-de-fichiers": _named(*(f"{n}.txt" for n in range(6000))),
    "deux-fois": _named("plan.txt", "plan.txt"),
    "deux-formes": _named("été.txt", unicodedata.normalize("NFD", "été.txt")),
    "remonte": _named("../plan.txt"),
    "absolu": _named("/etc/passwd"),
    "lecteur": _named("C:/plan.txt"),
    "contre-oblique": _named("..\\plan.txt"),
    "commande": _named("plan\x1b[2J.txt"),
    "retourne": _named("plan\u202etxt.exe"),
    "sans-nom": _named(""),
    "nom-nombre": _named(3),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_sheet_that_is_not_ours_is_unreadable_and_never_an_error(
    name: str, folder: Callable[..., Path]
) -> None:
    root = folder(**{"plan.txt": "x"})
    (root / SHEET).write_bytes(HOSTILE[name])
    report = report_of(root)
    assert report.verdict is Verdict.CONFORME
    assert report.scelle is not None
    assert report.scelle.etat == "illisible"
    assert "est illisible" in said(report)
    jsonschema.validate(json.loads(built_in()["json"].render([report])), SCHEMAS["rapport"])


def test_a_sheet_that_is_a_pipe_a_link_or_too_big_is_unreadable(folder: Callable[..., Path]) -> None:
    root = folder(**{"plan.txt": "x"})
    sheet = root / SHEET
    os.mkfifo(sheet)
    assert seal_of(root).motif == "ce n’est pas un fichier ordinaire"
    sheet.unlink()
    sheet.symlink_to("/etc/passwd")
    assert seal_of(root).motif == "c’est un lien"
    sheet.unlink()
    with sheet.open("wb") as stream:
        stream.truncate(9 * 1024 * 1024)
    assert seal_of(root).motif == "il est trop gros"


def test_a_sheet_is_no_piece_and_a_dossier_without_one_says_nothing(folder: Callable[..., Path]) -> None:
    root = folder(**{"plan.txt": "x"})
    assert report_of(root).scelle is None
    (root / SHEET).write_bytes(_with())
    report = report_of(root)
    assert report.dossier is not None
    assert [one.name for one in report.dossier.sources] == ["plan.txt"]


def test_what_a_sheet_says_stays_text_in_every_report(folder: Callable[..., Path]) -> None:
    root = folder(**{"plan.txt": "x"})
    (root / SHEET).write_bytes(_with(scelle={"le": "2026-03-12", "par": "<script>\x1b[2J\u202e=1+1"}))
    report = report_of(root)
    page = built_in()["html"].render([report]).decode()
    assert "<script" not in page
    assert "\x1b" not in built_in()["texte"].render([report]).decode()
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(built_in()["xlsx"].render([report])))
    cell = book["Verdicts"]["K2"]
    assert (cell.data_type, str(cell.value).startswith("Scellé le 12/03/2026 par")) == ("s", True)


# --- the reports and the command -------------------------------------------------------------


def test_the_json_report_says_the_seal_and_follows_its_schema(folder: Callable[..., Path]) -> None:
    root = folder(**{"plan.txt": "x"})
    assert json.loads(built_in()["json"].render([report_of(root)]))["scelle"] is None
    sealed(root)
    told = json.loads(built_in()["json"].render([report_of(archive(root))]))
    jsonschema.validate(told, SCHEMAS["rapport"])
    assert told["scelle"]["etat"] == "identique"
    assert told["scelle"]["fichiers"]["identiques"] == ["bordereau.txt", "plan.txt"]


def test_the_page_shows_the_seal_and_the_last_runs_to_everybody(tmp_path: Path) -> None:
    root = copied(FIXTURES / "complet", tmp_path / "dossier")
    installed = Plugins()
    sealed(root, installed)
    received = tmp_path / "reçu"
    expanded(archive(root), received)
    (received / "dossier.yaml").write_text(
        (received / "dossier.yaml").read_text(encoding="utf-8") + "\n# relu\n", encoding="utf-8"
    )
    sealed(received, installed)
    pages = [report_of(root, installed), report_of(received, installed)]
    page = built_in()["html"].render(pages)
    assert page.decode().count("Dernières opérations</h3>") == 2
    assert "ce n’est plus ce qui a été contrôlé" in page.decode()
    assert violations(tmp_path, page) == []


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assembler.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=ENV, check=False, encoding="utf-8")


def test_the_command_seals_and_the_desk_checks_what_it_receives(tmp_path: Path) -> None:
    root = copied(FIXTURES / "complet", tmp_path / "Coëvrons")
    done = _run("sceller", root)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Verdict inscrit : Aucun point bloquant relevé." in done.stdout.replace("\u00a0", " ")
    received = tmp_path / "reçu.zip"
    archive(root).replace(received)
    report = json.loads(_run("controler", received, "--rapport", "json").stdout)
    assert (report["verdict"], report["scelle"]["etat"]) == ("conforme", "identique")
    assert len(report["scelle"]["fichiers"]["identiques"]) == 6
    # the slip, which looks like a letter, is no piece
    assert [one["piece"] for one in report["pieces"] if one["fichier"].startswith("bordereau")] == []


def test_the_command_refuses_then_seals_in_spite_of_a_blocking_finding(tmp_path: Path) -> None:
    root = copied(FIXTURES / "defauts/duree-dix-huit-mois", tmp_path / "dossier")
    refused = _run("sceller", root)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "--malgre" in refused.stderr
    done = _run("sceller", root, "--malgre", "Durée convenue avec le bureau")
    assert (done.returncode, done.stderr) == (0, "")
    sheet = sheet_of(archive(root))
    assert sheet["malgre"] == "Durée convenue avec le bureau"
    assert [one["regle"] for one in sheet["constats_bloquants"]] == ["LO-DUR-004"]


def test_what_is_to_be_seen_by_eye_is_sealed_and_said(tmp_path: Path) -> None:
    root = copied(FIXTURES / "defauts/courrier-prefet-numerise", tmp_path / "dossier")
    done = _run("sceller", root)
    assert done.returncode == 0
    assert "Verdict inscrit : À finir à l’œil." in done.stdout.replace("\u00a0", " ")
    assert {one["etat"] for one in sheet_of(archive(root))["constats_bloquants"]} == {"a_voir"}


def test_nothing_to_seal_where_there_is_nothing_to_check(tmp_path: Path) -> None:
    done = _run("sceller", tmp_path / "absent")
    assert (done.returncode, done.stdout) == (5, "")
    assert "Rien à sceller" in done.stderr.replace("\u00a0", " ")
