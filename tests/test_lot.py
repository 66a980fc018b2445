"""``assemble lot``: every dossier found, checked once, and told, whatever one of them does."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
from conftest import tiny_format
from dossiers import copied, several
from lots import FIXTURES, TODAY, options, passed, put
from test_cli import ENV

from assembler.batch import lines_of, run
from assembler.batch.executors import pool_of
from assembler.batch.finding import find_dossiers
from assembler.cli import assemble
from assembler.errors import UsageError
from assembler.journal import last_lines
from assembler.manager import Plugins


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    home = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    return home


def lot(parent: Path, *arguments: str, before: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Run the real command, some Python being run first in its process."""
    driver = f"{before}\nfrom assembler.cli import main\nimport sys\nmain(sys.argv[1:])"
    command = [sys.executable, "-c", driver, "lot", str(parent), *arguments]
    env = {**ENV, "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"], **env}
    return subprocess.run(command, capture_output=True, env=env, check=False, encoding="utf-8")


def zipped(folder: Path) -> Path:
    """Turn a folder into a zip of it."""
    made = Path(shutil.make_archive(str(folder), "zip", folder.parent, folder.name))
    shutil.rmtree(folder)
    return made


# --- finding ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


def tree(root: Path, *names: str) -> Path:
    for name in names:
        target = root / name
        if name.endswith("/"):
            target.mkdir(parents=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(b"x")
    return root


def found(root: Path, plugins: Plugins) -> list[str]:
    return [one.name for one in find_dossiers(root, plugins.formats().values())]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["A/dossier.yaml", "A/pieces/note.docx", "A/Note 2/note.docx", "B/fiche.xlsx"], ["A", "B"]),
        (["2025/Mayenne/A/dossier.yml", "2026/B.zip", "C.ZIP"], ["2025/Mayenne/A", "2026/B.zip", "C.ZIP"]),
        (["A/dossier.yaml", "A/autre.zip", "A/sous/dossier.yaml"], ["A"]),
        (["A/instruction.yaml", "A/scan.pdf"], ["A"]),
        (["A/sortie/.assemble/manifeste.json", "A/x.pdf"], ["A"]),
        (["A/note d'opportunité.docx", "A/signés/courrier préfet.pdf"], ["A"]),
        (["A/Courriers/courrier prefet.pdf", "A/Note/note d'opportunité.docx"], ["A"]),
        (["A/scan 1.pdf", "A/annexes/plan.pdf"], ["A"]),
        (["2026/A/note d'opportunité.docx", "2026/B/note d'opportunité.odt"], ["2026/A", "2026/B"]),
        (["2026/liste.xlsx", "2026/A/note d'opportunité.docx"], ["2026/A"]),
        (["2026/liste.pdf", "2026/A.zip"], ["2026/A.zip"]),
        (["A/dossier.yaml", "photos/x.jpg", "vide/"], ["A", "photos", "vide"]),
        (
            [
                "A/dossier.yaml",
                "archives/B/dossier.yaml",
                "accords-cadres/AC.yaml",
                "C-sortie/.assemble/manifeste.json",
            ],
            ["A"],
        ),
        (
            ["A/dossier.yaml", "registre.xlsx", "registre (proposition 2).xlsx", "registre.html", "~$x.docx"],
            ["A"],
        ),
        (["Zebra/dossier.yaml", "abc/dossier.yaml", "Évron/dossier.yaml"], ["abc", "Évron", "Zebra"]),
    ],
)
def test_every_dossier_is_found_once(
    names: list[str], expected: list[str], tmp_path: Path, plugins: Plugins
) -> None:
    assert found(tree(tmp_path, *names), plugins) == expected


def test_a_piece_that_lies_among_dossiers_is_told_and_hides_none(tmp_path: Path, plugins: Plugins) -> None:
    root = tree(tmp_path, "2026/A/dossier.yaml", "2026/B/dossier.yaml", "2026/Note d'opportunité.docx")
    told = {one.name: one.loose for one in find_dossiers(root, plugins.formats().values())}
    assert told == {"2026": ("Note d'opportunité.docx",), "2026/A": (), "2026/B": ()}


@pytest.mark.parametrize("name", ["instruction.yaml", "fiche.xlsx"])
def test_the_file_that_makes_a_dossier_of_the_folder_is_named(
    name: str, tmp_path: Path, plugins: Plugins
) -> None:
    root = tree(tmp_path, "A/dossier.yaml", name)
    with pytest.raises(UsageError, match=f"puisque « {name} » s’y trouve"):
        find_dossiers(root, plugins.formats().values())


def test_a_link_is_not_followed(tmp_path: Path, plugins: Plugins) -> None:
    root = tree(tmp_path / "parent", "A/dossier.yaml")
    (root / "boucle").symlink_to(root)
    assert found(root, plugins) == ["A"]


def test_the_two_forms_of_one_dossier_are_both_listed_and_said(tmp_path: Path, plugins: Plugins) -> None:
    root = tree(tmp_path, "A/dossier.yaml", "A.zip")
    told = {one.name: one.twin for one in find_dossiers(root, plugins.formats().values())}
    assert told == {"A": "A.zip", "A.zip": "A"}


def test_a_folder_that_bears_the_name_of_a_dossier_is_one_whatever_it_holds(tmp_path: Path) -> None:
    formats = [tiny_format(folder_name=r"\d{5} plu")]
    root = tree(tmp_path, "2026/41175_PLU/Pièces/3_Règlement/plan.pdf", "2026/41175_PLU/Pièces/plan.pdf")
    assert [one.name for one in find_dossiers(root, formats)] == ["2026/41175_PLU"]
    with pytest.raises(UsageError, match="est lui-même un dossier"):
        find_dossiers(root / "2026/41175_PLU", formats)


def test_a_dossier_is_no_folder_of_dossiers(plugins: Plugins) -> None:
    with pytest.raises(UsageError, match="est lui-même un dossier"):
        find_dossiers(FIXTURES / "complet", plugins.formats().values())


# --- the command --------------------------------------------------------------------------------


def test_it_says_a_line_each_a_summary_and_the_worst_of_all(tmp_path: Path) -> None:
    parent = put(tmp_path / "p", bon="complet", mauvais="defauts/duree-dix-huit-mois", zip="sans-fiche")
    zipped(parent / "zip")
    tree(parent, "vide/")
    done = lot(parent)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[:4] == [
        "rien de bloquant   bon",
        "à compléter        mauvais  1 bloquant",
        "rien à contrôler   vide",
        "rien de bloquant   zip.zip",
    ]
    assert (
        lines[4].replace("\u00a0", " ")
        == "4 dossiers : 1 à compléter, 1 sans rien à contrôler, 2 sans point bloquant."
    )
    assert max(map(len, lines[:5])) <= 80
    assert sorted(one.name for one in parent.glob("registre*")) == ["registre.html", "registre.xlsx"]


def test_a_long_name_keeps_its_line_in_80_columns(tmp_path: Path) -> None:
    name = "Atelier local de la communauté de communes des Coëvrons, dossier reçu en mars par courriel"
    copied(FIXTURES / "defauts" / "duree-dix-huit-mois", tmp_path / "p" / name)
    first = lot(tmp_path / "p").stdout.splitlines()[0]
    assert len(first) == 80
    assert first.startswith("à compléter        Atelier local")
    assert first.endswith("courriel  1 bloquant")


def test_the_json_report_is_a_line_each_and_that_of_controler(tmp_path: Path) -> None:
    parent = put(tmp_path / "p", a="complet", b="defauts/duree-dix-huit-mois")
    schema = json.loads(files("assembler.reporters").joinpath("rapport.schema.json").read_text("utf-8"))
    first, again = (lot(parent, "--rapport", "json").stdout for _ in range(2))
    assert again == first
    alone = [sys.executable, "-m", "assembler.cli", "controler", "--rapport", "json"]
    alone += [str(parent / "a"), str(parent / "b")]
    expected = subprocess.run(alone, capture_output=True, env=ENV, check=False, encoding="utf-8").stdout
    assert first == expected
    for line in first.splitlines():
        jsonschema.validate(json.loads(line), schema)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--rapport", "html"], "ne vaut pas pour un lot"),
        (["--format", "festival"], "n’existe pas. Formats installés"),
        (["--etape", "festival"], "n’existe pas. Étapes"),
        (["--referentiels", "absent"], "n’est pas un dossier"),
        (["--executeur", "nuage"], "n’existe pas. Écrivez local"),
        (["--processus", "0"], "ne convient pas"),
    ],
)
def test_what_is_refused_is_one_line_and_exit_2(arguments: list[str], told: str, tmp_path: Path) -> None:
    done = lot(put(tmp_path / "p", a="complet"), *arguments)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert told in done.stderr


def test_a_folder_without_any_dossier_is_exit_5(tmp_path: Path) -> None:
    done = lot(tmp_path)
    assert (done.returncode, done.stdout) == (5, "")
    assert "Aucun dossier dans" in done.stderr
    assert list(tmp_path.iterdir()) == []


_FATAL = """
import os, assembler.batch.entry as entry
real = entry.check_dossier
def check(path, *given):
    if path.name == "mortel":
        os._exit(9)
    if path.name == "fautif":
        raise RuntimeError("panne d’essai")
    return real(path, *given)
entry.check_dossier = check
"""


@pytest.mark.skipif(sys.platform != "linux", reason="what is patched is inherited by fork")
def test_a_dossier_that_brings_its_process_down_costs_its_own_line(tmp_path: Path) -> None:
    parent = put(tmp_path / "p", a="complet", mortel="complet", fautif="complet", z="sans-fiche")
    done = lot(parent, "--processus", "2", before=_FATAL)
    assert done.returncode == 70
    assert done.stdout.splitlines()[:4] == [
        "rien de bloquant   a",
        "erreur de l’outil  fautif",
        "erreur de l’outil  mortel",
        "rien de bloquant   z",
    ]
    assert "panne d’essai" in (parent / "registre.html").read_text(encoding="utf-8")
    again = lot(parent)
    assert again.returncode == 0  # what failed is not kept
    assert "avant : erreur de l’outil" in again.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="what is patched is inherited by fork")
def test_nothing_that_was_expanded_from_a_zip_is_left(tmp_path: Path) -> None:
    parent, aside = put(tmp_path / "p", a="complet", b="complet", mortel="complet"), tmp_path / "tmp"
    aside.mkdir()
    for name in ("a", "b"):
        zipped(parent / name)
    lot(parent, before=_FATAL, TMPDIR=str(aside))
    assert list(aside.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process costs more to start")
@pytest.mark.parametrize(("dossiers", "processes"), [(1, 1), (10, 1), (16, 2), (1000, 2)])
def test_a_second_process_is_for_enough_dossiers(
    dossiers: int, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assembler.batch.executors._cores", lambda: 2)
    monkeypatch.setattr("assembler.batch.executors._forks", lambda: True)
    with pool_of("local", None, dossiers)() as (_, width):
        assert width == processes


def test_the_same_register_whatever_the_processes(tmp_path: Path) -> None:
    parent = several(tmp_path / "p", 5)
    for number in ("1", "3"):
        lot(parent, "--processus", number, "--tout", "--sortie", str(tmp_path / number))
    one, three = (
        [(tmp_path / number / f"registre.{kind}").read_bytes() for kind in ("xlsx", "html")]
        for number in ("1", "3")
    )
    assert one == three


@pytest.mark.parametrize("closed", ["courriers", "en plus"])
def test_a_dossier_whose_sub_folder_did_not_open_is_not_favourable_and_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    parent = put(tmp_path / "p", a="complet")
    (parent / "a" / closed).mkdir(exist_ok=True)
    scandir = os.scandir

    def lost(path: Any) -> Any:
        if closed in str(path):
            raise OSError(errno.EIO, "le partage ne répond plus")
        return scandir(path)

    with monkeypatch.context() as away:
        away.setattr("assembler.folder.os.scandir", lost)
        assert [row.kind for row in passed(parent, monkeypatch).rows] == ["non_concluant"]
    again = passed(parent, monkeypatch)
    assert (again.read, [row.kind for row in again.rows]) == (1, ["conforme"])


# --- what has not changed -----------------------------------------------------------------------


def test_an_unchanged_dossier_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = put(tmp_path / "p", a="complet", b="sans-fiche", c="defauts/duree-dix-huit-mois")
    assert passed(parent, monkeypatch).read == 3
    again = passed(parent, monkeypatch)
    assert (again.read, again.codes) == (0, (0, 0, 1))
    fiche = parent / "c" / "dossier.yaml"
    fiche.write_text(fiche.read_text("utf-8").replace("duree_mois: 18", "duree_mois: 11"), "utf-8")
    os.utime(fiche, (1, 1))
    changed = passed(parent, monkeypatch)
    assert (changed.read, changed.codes) == (1, (0, 0, 0))
    assert [row.change for row in changed.rows] == ["", "", "avant : à compléter, réglé : LO-DUR-004"]
    assert passed(parent, monkeypatch, everything=True).read == 3


@pytest.mark.parametrize("name", ["instruction.yaml", "sortie/visas.yaml", "piece de plus.pdf"])
def test_any_file_of_the_dossier_counts(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = put(tmp_path / "p", a="complet", b="complet")
    passed(parent, monkeypatch)
    file = tree(parent / "a", name) / name
    os.utime(file, (1, 1))
    assert passed(parent, monkeypatch).read == 1


def test_so_do_the_reference_files_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = put(tmp_path / "p", a="complet")
    shutil.copytree(FIXTURES / "accords-cadres", parent / "accords-cadres")
    passed(parent, monkeypatch)
    assert passed(parent, monkeypatch).read == 0
    os.utime(next((parent / "accords-cadres").iterdir()), (1, 1))
    assert passed(parent, monkeypatch).read == 1


def test_only_a_dossier_without_date_is_read_again_the_next_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = put(tmp_path / "p", date="complet", sans="sans-fiche")
    passed(parent, monkeypatch)
    assert passed(parent, monkeypatch, today=TODAY.replace(day=2)).read == 1


def test_another_rule_has_all_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = put(tmp_path / "p", a="complet")
    passed(parent, monkeypatch)
    monkeypatch.setattr("assembler.batch.cache.rules_fingerprint", lambda plugins: "autres règles")
    assert passed(parent, monkeypatch).read == 1


def test_with_hashes_contents_count_and_times_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = put(tmp_path / "p", a="complet", b="complet")
    fiche = parent / "a" / "dossier.yaml"
    passed(parent, monkeypatch, hashes=True)
    os.utime(parent / "b" / "dossier.yaml", (1, 1))
    assert passed(parent, monkeypatch, hashes=True).read == 0
    before = fiche.stat().st_mtime_ns
    fiche.write_text(fiche.read_text("utf-8").replace("2026-03-12", "2026-03-11"), "utf-8")
    os.utime(fiche, ns=(before, before))
    assert passed(parent, monkeypatch, hashes=True).read == 1


def test_a_file_just_written_is_not_relied_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = put(tmp_path / "p", a="complet")
    os.utime(parent / "a" / "dossier.yaml")
    assert [passed(parent, monkeypatch).read for _ in range(2)] == [1, 1]


def test_a_damaged_cache_is_made_anew_and_said_once(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = put(tmp_path / "p", a="complet")
    passed(parent, monkeypatch)
    (base,) = cache.rglob("*.sqlite3")
    base.write_bytes(b"rien de bon" * 1000)
    hurt = passed(parent, monkeypatch)
    assert (hurt.read, len(hurt.notes)) == (1, 1)
    assert "abîmée" in hurt.notes[0]
    healed = passed(parent, monkeypatch)
    assert (healed.read, healed.notes) == (0, ())


def test_without_a_place_for_the_cache_all_is_read(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = put(tmp_path / "p", a="complet")
    (cache / "fichier").write_bytes(b"")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache / "fichier"))
    for _ in range(2):
        done = passed(parent, monkeypatch)
        assert (done.read, done.codes, len(done.notes)) == (1, (0,), 1)


def test_progress_counts_every_dossier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = put(tmp_path / "p", a="complet", b="complet")
    seen: list[tuple[int, int]] = []
    passed(parent, monkeypatch)
    run(parent, options(), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_an_unchanged_pass_leaves_the_register_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = put(tmp_path / "p", a="complet")
    assert len(passed(parent, monkeypatch).written) == 2
    before = (parent / "registre.xlsx").stat()
    time.sleep(0.05)
    assert passed(parent, monkeypatch).written == ()
    assert (parent / "registre.xlsx").stat().st_mtime_ns == before.st_mtime_ns
    (line,) = last_lines(parent)
    assert (line.commande, line.documents) == ("assemble lot", ("registre.xlsx", "registre.html"))


def test_a_stray_file_is_told_and_is_no_dossier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = tree(put(tmp_path / "p", a="complet"), "scan 12.pdf", "liste.xlsx")
    for _ in range(2):
        done = passed(parent, monkeypatch)
        assert ([row.name for row in done.rows], done.codes) == (["a"], (0,))
        assert done.notes == ("Fichier isolé : « scan 12.pdf » ; rangez-le dans le dossier qu’il concerne.",)
    tree(parent, *(f"courrier {number}.pdf" for number in range(4)))
    assert "« courrier 2.pdf » et 2 autres ; rangez chacun" in passed(parent, monkeypatch).notes[0]


def test_what_the_desk_puts_beside_a_zip_is_its_own_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = put(tmp_path / "p", a="complet")
    zipped(parent / "a")
    tree(parent, "a-sortie/instruction.yaml")
    (parent / "a-sortie" / "instruction.yaml").write_text("reception: {date: 2026-03-16}\n", "utf-8")
    (row,) = passed(parent, monkeypatch).rows
    assert (row.name, row.kind, str(row.values["recu"])) == ("a.zip", "conforme", "2026-03-16")


def test_a_control_sheet_that_cannot_be_read_is_no_intact_seal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = put(tmp_path / "p", a="complet")
    (parent / "a" / "fiche-controle.json").write_text("{}", "utf-8")
    (row,) = passed(parent, monkeypatch).rows
    assert (row.kind, row.altered) == ("conforme", "sceau illisible")


@pytest.mark.parametrize("command", ["lot", "surveiller"])
def test_the_help_offers_only_what_holds_for_many_dossiers(command: str) -> None:
    with click.Context(assemble.commands[command]) as context:
        told = assemble.commands[command].get_help(context)
    assert [word for word in ("html ou", "ou xlsx", "--fichier") if word in told] == []


def test_a_zip_whose_copy_has_not_ended_is_unreadable_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = put(tmp_path / "p", a="complet")
    whole = zipped(parent / "a")
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) // 2])
    os.utime(whole, (1, 1))
    assert not zipfile.is_zipfile(whole)
    done = passed(parent, monkeypatch)
    assert (done.codes, [row.kind for row in done.rows]) == ((5,), ["illisible"])
    line, *why = lines_of(done.rows[0])
    assert line == "illisible          a.zip"
    told = " ".join(" ".join(why).split())
    assert "il est illisible : il est tronqué ou endommagé. Demandez qu’il soit renvoyé" in told
    assert passed(parent, monkeypatch).read == 1
