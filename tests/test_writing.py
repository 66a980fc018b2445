import datetime as dt
import errno
import json
import os
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assembler import atomic
from assembler.errors import WritingError
from assembler.model import Document
from assembler.writing import Writer, safe_name

MARCH = dt.date(2026, 3, 12)
APRIL = dt.date(2026, 4, 2)


def document(content, name="cctp.docx"):
    return Document(id="cctp", step="lancement", name=name, content=content)


def write(folder, content, edition=MARCH, **options):
    with Writer(folder, **options) as writer:
        return writer.write(document(content), edition)


def journal(folder):
    path = folder / ".assemble" / "journal.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "sortie"


def test_a_new_document_is_written_with_its_hash_and_its_journal_line(folder):
    found = write(folder, b"un", command="assemble produire .", version="0.1.0", motive="délai")
    assert (found.kind, found.path) == ("nouveau", folder / "lancement" / "cctp.docx")
    assert found.path.read_bytes() == b"un"
    manifest = json.loads((folder / ".assemble" / "manifeste.json").read_text(encoding="utf-8"))
    assert manifest["version"] == 1
    assert list(manifest["documents"]) == ["lancement/cctp.docx"]
    (line,) = journal(folder)
    assert (line["commande"], line["version"], line["motif"]) == ("assemble produire .", "0.1.0", "délai")
    assert [one["nom"] for one in line["documents"]] == ["lancement/cctp.docx"]
    assert line["qui"]


def test_the_same_document_is_not_written_again(folder):
    path = write(folder, b"un").path
    os.utime(path, (1, 1))
    assert write(folder, b"un").kind == "inchange"
    assert path.stat().st_mtime == 1
    assert len(journal(folder)) == 1


def test_the_date_of_edition_is_remembered(folder):
    write(folder, b"un", MARCH)
    assert Writer(folder).edition("lancement", "cctp.docx") == MARCH
    assert Writer(folder).edition("lancement", "autre.docx") is None


def test_a_document_nobody_touched_is_brought_up_to_date(folder):
    write(folder, b"un")
    found = write(folder, b"deux", APRIL)
    assert (found.kind, found.path.read_bytes()) == ("mis_a_jour", b"deux")
    assert Writer(folder).edition("lancement", "cctp.docx") == APRIL


def test_a_document_edited_by_hand_is_kept_and_the_new_one_goes_beside(folder):
    path = write(folder, b"un").path
    path.write_bytes(b"un, relu")
    found = write(folder, b"deux")
    assert (found.kind, found.path.name) == ("a_cote", "cctp (proposition 2).docx")
    assert (path.read_bytes(), found.path.read_bytes()) == (b"un, relu", b"deux")


def test_the_same_proposal_is_not_made_twice_even_the_day_after(folder):
    path = write(folder, b"un").path
    path.write_bytes(b"un, relu")
    first = write(folder, b"deux", APRIL)
    assert Writer(folder).edition("lancement", "cctp.docx") == APRIL
    again = write(folder, b"deux", APRIL)
    assert (again.kind, again.path) == ("deja_propose", first.path)
    assert write(folder, b"trois").path.name == "cctp (proposition 3).docx"
    assert path.read_bytes() == b"un, relu"
    assert len(journal(folder)) == 3


def test_a_proposal_put_in_place_by_hand_is_ours_again(folder):
    path = write(folder, b"un").path
    path.write_bytes(b"un, relu")
    write(folder, b"deux").path.replace(path)
    assert write(folder, b"trois").kind == "mis_a_jour"


def test_a_file_that_we_did_not_write_counts_as_edited(folder):
    path = folder / "lancement" / "cctp.docx"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"d'ailleurs")
    assert write(folder, b"un").kind == "a_cote"
    assert path.read_bytes() == b"d'ailleurs"


def test_replace_moves_the_edited_one_to_the_archives(folder):
    path = write(folder, b"un").path
    path.write_bytes(b"un, relu")
    found = write(folder, b"deux", replace=True, now=lambda: dt.datetime(2026, 4, 2, 9, 5))
    assert (found.kind, path.read_bytes()) == ("mis_a_jour", b"deux")
    assert found.archive == folder / "archives" / "2026-04-02-09h05" / "lancement" / "cctp.docx"
    assert found.archive.read_bytes() == b"un, relu"


def test_a_document_deleted_is_written_again(folder):
    write(folder, b"un").path.unlink()
    assert write(folder, b"un").kind == "nouveau"


def test_a_kill_between_the_file_and_the_manifest_does_not_make_it_look_edited(folder, monkeypatch):
    write(folder, b"un")
    real = Writer._note

    def killed(self, key, digest, edition, proposals, *, pending=None):
        if pending is None:
            raise KeyboardInterrupt
        real(self, key, digest, edition, proposals, pending=pending)

    monkeypatch.setattr(Writer, "_note", killed)
    with pytest.raises(KeyboardInterrupt):
        write(folder, b"deux")
    monkeypatch.undo()
    assert write(folder, b"trois").kind == "mis_a_jour"


def test_a_document_open_in_word_gets_its_new_version_beside(folder):
    path = write(folder, b"un").path
    (path.parent / "~$cctp.docx").write_bytes(b"")
    found = write(folder, b"deux")
    assert (found.kind, found.reason) == ("ouvert", "ouvert ailleurs")
    assert write(folder, b"deux").path == found.path
    assert write(folder, b"trois", replace=True).kind == "ouvert"
    assert path.read_bytes() == b"un"


def test_a_document_saved_while_ours_is_made_is_not_overwritten(folder, monkeypatch):
    path = write(folder, b"un").path
    real = Writer._note

    def saved(self, *given, **named):
        path.write_bytes(b"un, relu")
        real(self, *given, **named)

    monkeypatch.setattr(Writer, "_note", saved)
    assert write(folder, b"deux").kind == "a_cote"
    assert path.read_bytes() == b"un, relu"


@pytest.mark.parametrize(
    ("writable", "why"), [(True, "tenu par un autre programme"), (False, "en lecture seule")]
)
def test_a_file_held_by_windows_is_tried_again_then_written_beside(folder, monkeypatch, writable, why):
    monkeypatch.setattr(os, "access", lambda *_: writable)
    path = write(folder, b"un").path
    real = type(path).replace
    tries = []

    def refused(self, target):
        if target.name == "cctp.docx":
            tries.append(target)
            raise PermissionError(errno.EACCES, "utilisé par un autre processus")
        return real(self, target)

    monkeypatch.setattr(type(path), "replace", refused)
    monkeypatch.setattr(atomic, "_PAUSE", 0)
    found = write(folder, b"deux")
    assert (found.kind, found.reason) == ("ouvert", why)
    assert len(tries) == 3
    assert path.read_bytes() == b"un"


def test_a_full_disk_leaves_what_was_there_and_says_so(folder, monkeypatch):
    path = write(folder, b"un").path

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(WritingError, match=r"plus de place.*libérez"):
        write(folder, b"deux")
    monkeypatch.undo()
    assert path.read_bytes() == b"un"
    assert not list(path.parent.glob(".assemble-*"))


def test_a_folder_in_the_way_is_an_explained_error(folder):
    (folder / "lancement" / "cctp.docx").mkdir(parents=True)
    with pytest.raises(WritingError, match="tient sa place"):
        write(folder, b"un")


def test_our_old_temporary_files_are_swept_and_only_them(folder):
    path = write(folder, b"un").path
    names = (".assemble-a", ".assemble-b", "notes.tmp", "../.assemble/.assemble-c")
    left, _, other, hidden = places = [path.parent / name for name in names]
    for one in places:
        one.write_bytes(b"")
    for one in (left, other, hidden):
        os.utime(one, (time.time() - 7200,) * 2)
    write(folder, b"deux")
    assert [one.exists() for one in places] == [False, True, True, False]


def test_an_unreadable_manifest_overwrites_nothing(folder):
    path = write(folder, b"un").path
    (folder / ".assemble" / "manifeste.json").write_text("{abîmé", encoding="utf-8")
    assert write(folder, b"un").kind == "inchange"
    (folder / ".assemble" / "manifeste.json").write_text("[]", encoding="utf-8")
    assert write(folder, b"deux").kind == "a_cote"
    assert path.read_bytes() == b"un"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cctp.docx", "cctp.docx"),
        ("courrier: l'État/DDT?.docx", "courrier- l'État-DDT-.docx"),
        ("CON.docx", "_CON.docx"),
        ("aux", "_aux"),
        ("fin. ", "fin"),
        ("e\u0301tat.docx", "état.docx"),
        ("", "_"),
    ],
)
def test_names_are_those_a_windows_share_accepts(name, expected):
    assert safe_name(name) == expected


@given(st.text())
def test_any_text_gives_a_name_that_stays_in_its_folder(text):
    name = safe_name(text)
    assert name
    assert len(name) <= 160
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
    assert name not in (".", "..")
