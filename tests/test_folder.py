from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from assembler import folder as module
from assembler.errors import NothingToCheck
from assembler.folder import open_folder

Make = Callable[..., Path]


def test_what_lies_in_a_folder_is_listed_with_its_sub_folders(folder: Make) -> None:
    found = open_folder(folder(**{"dossier.yaml": "a: 1", "plan.txt": "x", "courriers__lettre.txt": "y"}))
    assert (found.fiches, found.names) == (("dossier.yaml",), ("courriers/lettre.txt", "plan.txt"))


@pytest.mark.parametrize(
    "name",
    [
        ".cache",
        "~$plan.docx",
        "Thumbs.db",
        "desktop.ini",
        "__MACOSX__x.txt",
        "reste.tmp",
        "fiche-controle.json",
        "instruction.yaml",
        "sortie__candidature__cctp.docx",
        "autre__.assemble__manifeste.json",
    ],
)
def test_what_is_never_a_piece_is_left_out(folder: Make, name: str) -> None:
    found = open_folder(folder(**{"plan.txt": "x", name: "{}"}))
    assert (found.names, found.notes) == (("plan.txt",), ())


@pytest.mark.parametrize("name", ["archives", "Anciens", "OLD", "brouillon", "Versions"])
def test_what_is_set_aside_is_said(folder: Make, name: str) -> None:
    found = open_folder(folder(**{"plan.txt": "x", f"{name}__plan v1.txt": "y"}))
    assert found.names == ("plan.txt",)
    assert name in found.notes[0]


def test_links_and_pipes_are_not_followed(folder: Make) -> None:
    root = folder(**{"plan.txt": "x"})
    (root / "lien.txt").symlink_to("/etc/passwd")
    (root / "boucle").symlink_to(root)
    os.mkfifo(root / "tuyau.pdf")
    found = open_folder(root)
    assert found.names == ("plan.txt",)
    assert len(found.notes) == 3


def test_a_file_left_in_the_output_is_seen_unless_we_wrote_it(folder: Make) -> None:
    root = folder(
        **{
            "plan.txt": "x",
            "sortie__depot__a.docx": "a",
            "sortie__depot__b (proposition 2).docx": "b",
            "sortie__depot__plan signé.pdf": "c",
            "sortie__visas.yaml": "[]",
        }
    )
    manifest = {
        "documents": {"depot/a.docx": {}, "depot/b.docx": {"propositions": {"h": "b (proposition 2).docx"}}}
    }
    (root / "sortie/.assemble").mkdir()
    (root / "sortie/.assemble/manifeste.json").write_text(json.dumps(manifest))
    assert open_folder(root).left == ("depot/plan signé.pdf",)


def test_a_zip_is_read_like_its_folder_and_its_output_is_beside_it(folder: Make, tmp_path: Path) -> None:
    root = folder(**{"plan.txt": "x", "courriers__lettre é.txt": "y"})
    shutil.make_archive(str(tmp_path / "envoi"), "zip", tmp_path, root.name)
    found = open_folder(tmp_path / "envoi.zip")
    assert found.names == ("courriers/lettre é.txt", "plan.txt")
    assert found.output == tmp_path / "envoi-sortie"


def test_names_that_windows_refuses_in_a_zip_are_changed_there_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_REFUSED", module._WINDOWS)
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as package:
        for name in ("d/Note : v2.txt", "d/C:/Users/x.txt", "d/aux.txt", "d/fin./y.txt"):
            package.writestr(name, "x")
    found = open_folder(tmp_path / "d.zip")
    assert found.names == ("C_/Users/x.txt", "Note _ v2.txt", "aux.txt", "fin./y.txt")
    assert all((found.root / one).read_text() == "x" for one in found.names)
    assert [note.partition(" : ")[2] for note in found.notes] == ["d/Note : v2.txt.", "d/C:/Users/x.txt."]


@pytest.mark.parametrize(
    ("archive", "inside", "expected"),
    [
        ("envoi", "41175_PLU/pieces/a.txt", ("41175_PLU", "pieces/a.txt")),
        ("41175_PLU", "41175_PLU/pieces/a.txt", ("41175_PLU", "pieces/a.txt")),
        ("41175_PLU", "pieces/a.txt", ("41175_PLU", "pieces/a.txt")),
        ("envoi", "pieces/a.txt", ("pieces", "a.txt")),
    ],
)
def test_a_zip_is_never_looked_into_below_a_folder_that_bears_the_name_of_a_dossier(
    archive: str, inside: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / f"{archive}.zip", "w") as package:
        package.writestr(inside, "x")
    found = open_folder(tmp_path / f"{archive}.zip", lambda name: name.startswith("41175"))
    assert (found.name, *found.names) == expected


def test_a_folder_is_named_wherever_the_command_is_run(folder: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder(**{"plan.txt": "x"}))
    assert {open_folder(Path(one)).name for one in (".", "../dossier", str(Path.cwd()))} == {"dossier"}


@pytest.mark.parametrize(
    ("content", "told"), [(b"PK\x03\x04 casse", "ne s’ouvre pas"), (b"", "ne s’ouvre pas")]
)
def test_a_zip_that_does_not_open_is_told_in_one_sentence(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "envoi.zip").write_bytes(content)
    with pytest.raises(NothingToCheck, match=told):
        open_folder(tmp_path / "envoi.zip")


def test_an_empty_zip_is_told_by_its_own_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "envoi.zip", "w"):
        pass
    with pytest.raises(NothingToCheck, match=r"« envoi\.zip » est vide"):
        open_folder(tmp_path / "envoi.zip")


def test_an_empty_a_missing_and_a_single_file_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    (tmp_path / "note.docx").write_text("x")
    for name, told in (("vide", "est vide"), ("absent", "n’existe pas"), ("note.docx", "est un fichier")):
        with pytest.raises(NothingToCheck, match=told):
            open_folder(tmp_path / name)
