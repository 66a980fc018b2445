"""Nothing is lost: two runs at once, a kill at any write, a full disk, a folder that refuses.

After each accident, what a person wrote is still there, each file is whole (the old one or the new one),
and the next run ends well with every document.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dossiers import copied

from assembler.checking import Visa
from assembler.visas import read_visas

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "fixtures" / "local" / "defauts" / "courrier-prefet-numerise"
ENV = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80", "ASSEMBLER_OCR": "non"}
STEP = Path("sortie", "candidature")
NAMES = {
    "bordereau-envoi.docx",
    "courrier-collectivite-communaute-de-communes-des-coevrons.docx",
    "courrier-prefet.docx",
    "courrier-service.docx",
    "trame-note.docx",
}
BY_HAND = ("relu le 1er avril par Camille Exemple", "relu le 2 avril par Dominique Exemple")
KILLS = 200


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "assembler.cli", *map(str, arguments)]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), capture_output=True, env=ENV, check=False, encoding="utf-8")


def told(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join((done.stdout + done.stderr).replace("\u00a0", " ").split())


def produce(dossier: Path, day: str, *more: str) -> list[str]:
    return ["produire", str(dossier), "--date-edition", day, *more]


def journal(dossier: Path) -> list[dict[str, Any]]:
    """Return the lines of the journal; those cut by a kill are passed over."""
    file = dossier / "sortie" / ".assemble" / "journal.jsonl"
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        try:
            lines.append(json.loads(line))
        except ValueError:
            continue
    return lines


def documents(dossier: Path) -> dict[str, bytes]:
    """Return the documents of ``sortie/``, archives included, by their path there."""
    output = dossier / "sortie"
    return {
        str(file.relative_to(output)): file.read_bytes()
        for file in sorted(output.rglob("*"))
        if file.is_file() and not file.name.startswith(".assemble-") and ".assemble" not in file.parts
    }


class Accidents:
    """A dossier, and the program that runs commands on it and strikes."""

    def __init__(self, folder: Path) -> None:
        self.dossier = copied(MODEL, folder / "dossier")
        self._noted = folder / "modifié.txt"
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "accidents.py"), str(self.dossier), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=ENV,
            encoding="utf-8",
        )
        prefet = self.dossier / STEP / "courrier-prefet.docx"
        service = self.dossier / STEP / "courrier-service.docx"
        vise = ["viser", str(self.dossier), "LO-SIG-002", "--par", "Camille Exemple", "--constat", "signé"]
        self.life = [
            produce(self.dossier, "2026-04-01"),
            ["modifier", str(prefet), BY_HAND[0]],
            produce(self.dossier, "2026-04-02"),
            vise,
            ["modifier", str(service), BY_HAND[1]],
            produce(self.dossier, "2026-04-03", "--remplacer"),
            ["viser", *vise[1:-1], "signé, vu de près"],
        ]
        """What happens to a dossier: produced, corrected by hand, produced again, vised, replaced."""
        self.last = produce(self.dossier, "2026-04-04")
        self._send([*self.life, self.last])
        self.whole = self._known()

    def _send(self, commands: list[list[str]], **given: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"commandes": commands, **given}) + "\n")
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))

    def _known(self) -> set[str]:
        """Live that life without any accident, step by step; return the hashes of the whole documents."""
        self.anew()
        found = {hashlib.sha256(text.encode()).hexdigest() for text in BY_HAND}
        for one in (*self.life, self.last):
            assert self._send([one])["codes"] in ([0], [])
            found |= {hashlib.sha256(content).hexdigest() for content in self.files().values()}
        self.anew()
        return found

    def files(self) -> dict[str, bytes]:
        found = documents(self.dossier)
        found.pop("visas.yaml", None)
        return found

    def anew(self) -> None:
        shutil.rmtree(self.dossier / "sortie", ignore_errors=True)
        self._noted.unlink(missing_ok=True)

    def strike(self, kind: str, rank: int, commands: list[list[str]]) -> dict[str, Any]:
        return self._send(commands, genre=kind, rang=rank)

    def plain(self, commands: list[list[str]]) -> dict[str, Any]:
        return self._send(commands)

    def faults(self) -> list[str]:
        """Return what is not as it should be, whatever happened: a file that is neither old nor new."""
        found = [
            f"{name} n’est ni l’ancien ni le nouveau"
            for name, content in self.files().items()
            if hashlib.sha256(content).hexdigest() not in self.whole
        ]
        manifest = self.dossier / "sortie" / ".assemble" / "manifeste.json"
        if manifest.exists():
            json.loads(manifest.read_bytes())
        assert all(isinstance(one, Visa) for one in read_visas(self.dossier / "sortie"))
        return found

    def edits(self) -> set[str]:
        """Return what people wrote and is still there, in its place or in the archives."""
        there = set(self.files().values())
        return {text for text in BY_HAND if text.encode() in there}

    def edited(self) -> set[str]:
        """Return what people wrote before the accident."""
        return set(self._noted.read_text(encoding="utf-8").splitlines()) if self._noted.exists() else set()

    def close(self) -> None:
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()


@pytest.fixture(scope="module")
def accidents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accidents]:
    made = Accidents(tmp_path_factory.mktemp("accidents"))
    yield made
    made.close()


def troubles(accidents: Accidents, kind: str, rank: int) -> list[str]:
    """Return what goes wrong when the accident comes at that write, and at the run that follows."""
    accidents.anew()
    struck = accidents.strike(kind, rank, accidents.life)
    found = [] if struck["code"] in (0, 9) else [f"fin : {struck}"]
    if kind == "tué" and struck["code"] != 9:
        found.append("la commande a fini avant")
    if kind != "tué" and not set(struck["codes"]) <= {0, 2, 4}:
        found.append(f"codes : {struck}")
    found += [word for word in ("Traceback", "Error", "interne", "[Errno") if word in struck["dit"]]
    found += accidents.faults()
    after = accidents.plain([accidents.last])
    found += [] if after["codes"] == [0] else [f"ensuite : {after}"]
    names = {Path(name).name for name in accidents.files()}
    found += [f"{name} manque" for name in NAMES - names]
    found += [f"{fault}, ensuite" for fault in accidents.faults()]
    found += [f"« {text} » a disparu" for text in accidents.edited() - accidents.edits()]
    proposals = [content for name, content in accidents.files().items() if "proposition" in name]
    found += ["la même proposition deux fois"] if len(set(proposals)) < len(proposals) else []
    left = accidents.dossier / "sortie" / ".assemble"
    found += [f"{name} est resté" for name in ("verrou", "verrou.json") if (left / name).exists()]
    return [f"{rank} : {fault}" for fault in found]


def test_a_kill_at_each_of_the_first_writes_loses_nothing(accidents: Accidents) -> None:
    assert [one for rank in range(1, KILLS + 1) for one in troubles(accidents, "tué", rank)] == []


@pytest.mark.parametrize("kind", ["plein", "interdit"])
def test_a_disk_that_fills_up_or_a_right_that_is_withdrawn_at_any_write_loses_nothing(
    accidents: Accidents, kind: str
) -> None:
    assert [one for rank in range(1, KILLS, 7) for one in troubles(accidents, kind, rank)] == []


@pytest.mark.parametrize(
    ("kind", "said"), [("plein", "plus de place pour écrire"), ("interdit", "pas le droit d’écrire")]
)
def test_where_nothing_can_be_written_each_document_says_why_and_what_to_do(
    accidents: Accidents, kind: str, said: str
) -> None:
    accidents.anew()
    struck = accidents.strike(kind, 1, accidents.life[:1])
    text = " ".join(struck["dit"].replace("\u00a0", " ").split())
    assert (struck["codes"], text.count(said)) == ([4], len(NAMES))
    assert text.count("libérez de l’espace" if kind == "plein" else "demandez ce droit") == len(NAMES)


def test_a_folder_that_became_read_only_is_no_trouble_when_nothing_is_to_be_written(
    accidents: Accidents,
) -> None:
    accidents.anew()
    accidents.plain(accidents.life[:1])
    struck = accidents.strike("interdit", 1, accidents.life[:1])
    assert struck["codes"] == [0]
    assert struck["dit"].count("inchangé") == len(NAMES)


# -- the command itself, in a process of its own -----------------------------------------------------


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    return copied(MODEL, tmp_path / "dossier")


def test_two_people_who_produce_at_once_both_have_whole_documents_and_their_line_in_the_journal(
    dossier: Path,
) -> None:
    assert run(*produce(dossier, "2026-04-01")).returncode == 0
    edited = dossier / STEP / "courrier-prefet.docx"
    edited.write_text(BY_HAND[0], encoding="utf-8")
    days = ("2026-04-02", "2026-04-03")
    both = [
        subprocess.Popen(
            command(*produce(dossier, day)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=ENV
        )
        for day in days
    ]
    said = [one.communicate()[0].decode() for one in both]
    for day, one, text in zip(days, both, said, strict=True):
        # On a machine that is slow enough, the second has waited for as long as it waits.
        if one.returncode == 4 and "est tenu par" in text:
            assert run(*produce(dossier, day)).returncode == 0
        else:
            assert (one.returncode, text) == (0, text)
    assert len(journal(dossier)) == 3
    assert edited.read_text(encoding="utf-8") == BY_HAND[0]
    others = [dossier / STEP / name for name in sorted(NAMES) if name != edited.name]
    assert [zipfile.ZipFile(file).testzip() for file in others] == [None] * len(others)
    manifest = json.loads((dossier / "sortie" / ".assemble" / "manifeste.json").read_bytes())
    for file in others:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert manifest["documents"][f"candidature/{file.name}"]["sha256"] == digest
    assert run(*produce(dossier, days[1])).returncode == 0
    assert [name for name in documents(dossier) if "proposition" in name] == [
        "candidature/courrier-prefet (proposition 2).docx",
        "candidature/courrier-prefet (proposition 3).docx",
    ]


def test_a_command_held_up_by_another_says_who_and_writes_nothing(dossier: Path) -> None:
    home = dossier / "sortie" / ".assemble"
    home.mkdir(parents=True)
    (home / "verrou").write_text("4242\nPC-99\n", encoding="utf-8")
    owner = {"qui": "c.exemple", "poste": "PC-99", "pid": 4242, "depuis": "2026-03-12T14:02:00+01:00"}
    (home / "verrou.json").write_text(json.dumps(owner), encoding="utf-8")
    vise = ("viser", dossier, "LO-SIG-002", "--par", "Camille Exemple", "--constat", "signé")
    for arguments in (produce(dossier, "2026-04-01"), vise):
        done = run(*arguments)
        assert done.returncode == 4
        # said as the wait begins, then when it ends in vain
        assert told(done).count("c.exemple (poste PC-99) depuis le 12/03/2026") == 2
    assert documents(dossier) == {}
    for file in home.iterdir():
        os.utime(file, (time.time() - 3600,) * 2)
    done = run(*produce(dossier, "2026-04-01"))
    assert done.returncode == 0
    assert "verrou : repris (c.exemple (poste PC-99)" in told(done)
    assert "sans signe depuis 60 minutes" in journal(dossier)[0]["verrou_repris"]
    assert sorted(one.name for one in home.iterdir()) == ["journal.jsonl", "manifeste.json"]


def test_a_command_killed_by_the_system_leaves_nothing_in_the_way(dossier: Path) -> None:
    for delay in (0.0, 0.05):
        process = subprocess.Popen(
            command(*produce(dossier, "2026-04-01")), stdout=subprocess.DEVNULL, env=ENV
        )
        end = time.monotonic() + 120
        while not (dossier / "sortie").exists() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.002)
        time.sleep(delay)
        process.kill()
        process.wait()
        assert run(*produce(dossier, "2026-04-01")).returncode == 0
        assert {Path(name).name for name in documents(dossier)} == NAMES
        shutil.rmtree(dossier / "sortie")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    place = tmp_path / "disque"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("il faut pouvoir monter un disque (mount), ce que ce système refuse")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_keeps_what_was_there_and_the_next_run_ends_once_there_is_room(small_disk: Path) -> None:
    dossier = copied(MODEL, small_disk / "dossier")
    assert run(*produce(dossier, "2026-04-01")).returncode == 0
    before = documents(dossier)
    filling = small_disk / "autre"
    with filling.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while True:  # until there is no room
            stream.write(bytes(4096))
    done = run(*produce(dossier, "2026-04-02"))
    assert done.returncode == 4
    assert told(done).count("plus de place pour écrire") == len(NAMES)
    assert documents(dossier) == before
    filling.unlink()
    assert run(*produce(dossier, "2026-04-02")).returncode == 0
    assert [one for one in documents(dossier).items() if one in before.items()] == []
    assert list((dossier / "sortie").rglob(".assemble-*")) == []


@pytest.fixture
def read_only(dossier: Path) -> Iterator[Path]:
    """A dossier that refuses any new file, even to root."""
    lock, unlock = (["chmod", "a-w"], ["chmod", "u+w"])
    if os.geteuid() == 0:
        lock, unlock = (["chattr", "+i"], ["chattr", "-i"])
    assert run(*produce(dossier, "2026-04-01")).returncode == 0
    places = [str(one) for one in (dossier, *dossier.rglob("*")) if one.is_dir()]
    if (
        not shutil.which(lock[0])
        or subprocess.run([*lock, *places], capture_output=True, check=False).returncode
    ):
        pytest.skip("root écrit partout, et ce disque ne sait pas l’empêcher (chattr)")
    yield dossier
    subprocess.run([*unlock, *places], check=True)


def test_a_read_only_folder_is_read_and_says_what_to_do_when_something_is_to_be_written(
    read_only: Path,
) -> None:
    before = documents(read_only)
    assert run("controler", read_only).returncode == 3
    assert run(*produce(read_only, "2026-04-01")).returncode == 0
    done = run(*produce(read_only, "2026-04-02"))
    assert done.returncode == 4
    assert "pas le droit d’écrire" in told(done)
    assert "demandez ce droit, ou choisissez un autre dossier avec --sortie" in told(done)
    assert documents(read_only) == before


def test_a_document_open_elsewhere_is_left_and_its_owner_named(dossier: Path) -> None:
    assert run(*produce(dossier, "2026-04-01")).returncode == 0
    before = documents(dossier)
    owner = b"Alex Exemple,aexemple,PC-12,12.03.2026 10:00,file:///profil;"
    (dossier / STEP / ".~lock.trame-note.docx#").write_bytes(owner)
    done = run(*produce(dossier, "2026-04-02"))
    assert done.returncode == 0
    expected = (
        "trame-note.docx : laissé tel quel ; la nouvelle version est à côté, « trame-note "
        "(proposition 2).docx » (ouvert par "
    )
    assert f"{expected}Alex Exemple)" in told(done)
    name = "candidature/trame-note.docx"
    assert documents(dossier)[name] == before[name]
