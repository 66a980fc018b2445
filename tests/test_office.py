"""Copies of the documents in other file formats: by LibreOffice, and by a program that stands for it.

The stand-in does with a file what its content says (« pend », « refuse »…), and notes each start.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from conftest import OURS, TODAY, tiny_format, tiny_plugin
from dossiers import copied

from assembler import copies
from assembler.contributions import Case, Copy, Template
from assembler.copies import copy_names
from assembler.errors import WritingError
from assembler.files import find_program
from assembler.folder import open_folder
from assembler.manager import Plugins
from assembler.model import Made
from assembler.pipeline import Checked, Order, Request, check_dossier, produce, produce_all
from assembler.readers import docx, odt, spreadsheet
from assembler.readers.limits import Limits

ROOT = Path(__file__).parents[1]
posix = pytest.mark.skipif(sys.platform == "win32", reason="a script stands for LibreOffice")
Said = list[tuple[str, str]]
Starts = Callable[[], list[str]]

STAND_IN = """#!{python}
import os, sys, time, zipfile
from pathlib import Path
given = sys.argv[1:]
target, out = given[given.index("--convert-to") + 1], Path(given[given.index("--outdir") + 1])
files = [Path(one) for one in given[given.index("--outdir") + 2 :]]
with open({log!r}, "a") as log:
    log.write(f"{{target}} {{len(files)}}\\n")
out.mkdir(exist_ok=True)
for file in files:
    said = file.read_text()
    made = out / f"{{file.stem}}.{{target}}"
    if "pend" in said:
        made.write_text("%PDF half")
        time.sleep(300)
    if "tombe" in said:
        os._exit(1)
    if "refuse" in said:
        continue
    if target == "pdf":
        made.write_text(f"%PDF {{said}} {{os.urandom(8).hex()}} %%EOF")
    else:
        with zipfile.ZipFile(made, "w") as package:
            package.writestr("content.xml", said)
"""


@pytest.fixture
def starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Starts:
    """Put the stand-in alone on the path; return what it noted of each start, « pdf 2 » for two files."""
    place, log = tmp_path / "bin", tmp_path / "starts"
    place.mkdir()
    program = place / "soffice"
    program.write_text(STAND_IN.format(python=sys.executable, log=str(log)), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(place))
    return lambda: log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def root(folder: Callable[..., Path]) -> Path:
    return folder(**{"plan.txt": "x"})


def saying(text: str) -> Callable[[Case, Copy], bytes]:
    return lambda case, copy: b"PK\x03\x04" + text.encode()


def template(text: str = "un", id_: str = "avis", extension: str = "docx") -> Template:
    return Template(id=id_, step="depot", title=id_, build=saying(text), extension=extension)


def checked(root: Path, *templates: Template) -> Checked:
    format_ = tiny_format(documents=templates)
    plugins = Plugins(disabled=OURS, extra={"petit": tiny_plugin(format_)})
    return check_dossier(root, plugins, Request(today=TODAY))


def made(root: Path, *templates: Template, **order: Any) -> tuple[Made, ...]:
    return produce(checked(root, *templates), Order(**{"also": ("pdf",), **order}), TODAY)


def told(found: Iterable[Made]) -> Said:
    return [(one.name, one.kind) for one in found if one.copy]


def files(root: Path) -> dict[str, tuple[str, int]]:
    """Return the hash and the time of each file of ``sortie/``."""
    return {
        str(file.relative_to(root)): (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns)
        for file in (root / "sortie").rglob("*")
        if file.is_file()
    }


# --- which copies, in how many starts --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "formats", "expected"),
    [
        ("cctp.docx", ("pdf", "odt", "ods"), ("cctp.pdf", "cctp.odt")),
        ("dpgf.xlsx", ("pdf", "odt"), ("dpgf.pdf", "dpgf.ods")),
        ("dpgf.xlsx", ("odt", "ods"), ("dpgf.ods",)),
        ("fiche.yaml", ("pdf", "odt"), ()),
        ("calendrier.ics", ("pdf",), ()),
    ],
)
def test_word_documents_and_workbooks_have_copies_and_other_files_none(
    name: str, formats: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert copy_names(name, formats) == expected


def test_a_workbook_leaves_the_name_of_the_pdf_to_the_word_document_that_bears_its_name() -> None:
    beside = ("feuille.docx", "feuille.xlsx")
    assert copy_names("feuille.docx", ("pdf", "odt"), beside) == ("feuille.pdf", "feuille.odt")
    assert copy_names("feuille.xlsx", ("pdf", "odt"), beside) == ("feuille-classeur.pdf", "feuille.ods")


@posix
def test_copies_stand_beside_their_documents_after_one_start_for_each_target(
    root: Path, starts: Starts
) -> None:
    documents = template("a", "a"), template("b", "b", "xlsx"), template("c", "c", "yaml")
    found = made(root, *documents, also=("pdf", "odt"))
    assert told(found) == [(f"depot/{name}", "nouveau") for name in ("a.pdf", "a.odt", "b.pdf", "b.ods")]
    assert all((root / "sortie" / name).is_file() for name, _ in told(found))
    assert starts() == ["pdf 2", "odt 1", "ods 1"]


@posix
def test_several_dossiers_share_one_start(
    folder: Callable[..., Path], tmp_path: Path, starts: Starts
) -> None:
    roots = []
    for name in ("nord", "sud"):
        place = tmp_path / name
        copied(folder(**{"plan.txt": name}), place)
        roots.append(place)
    dossiers = [checked(one, template(f"à {one.name}")) for one in roots]
    found = list(produce_all(dossiers, Order(also=("pdf",)), TODAY))
    assert [one for one, _ in found] == [*dossiers, *dossiers]
    assert starts() == ["pdf 2"]
    for one in roots:
        assert f"à {one.name}" in (one / "sortie/depot/avis.pdf").read_text(encoding="utf-8")


@posix
def test_documents_and_copies_are_one_line_of_the_journal(root: Path, starts: Starts) -> None:
    made(root, template())
    (line,) = (root / "sortie/.assemble/journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert [one["nom"] for one in json.loads(line)["documents"]] == ["depot/avis.docx", "depot/avis.pdf"]


@posix
def test_a_preview_shows_the_copies_and_starts_nothing(root: Path, starts: Starts) -> None:
    assert told(made(root, template(), preview=True)) == [("depot/avis.pdf", "apercu")]
    assert (starts(), (root / "sortie").exists()) == ([], False)


# --- nothing twice ---------------------------------------------------------------------------------


@posix
def test_a_second_run_converts_nothing_and_writes_nothing(root: Path, starts: Starts) -> None:
    made(root, template())
    before = files(root)
    assert told(made(root, template())) == [("depot/avis.pdf", "inchange")]
    assert (files(root), starts()) == (before, ["pdf 1"])


@posix
def test_only_the_copies_of_what_changed_are_made_anew(root: Path, starts: Starts) -> None:
    made(root, template("un", "a"), template("un", "b"))
    found = made(root, template("deux", "a"), template("un", "b"))
    assert told(found) == [("depot/a.pdf", "mis_a_jour"), ("depot/b.pdf", "inchange")]
    assert starts() == ["pdf 2", "pdf 1"]
    assert "deux" in (root / "sortie/depot/a.pdf").read_text()


@posix
def test_a_copy_that_is_gone_is_made_anew(root: Path, starts: Starts) -> None:
    made(root, template())
    (root / "sortie/depot/avis.pdf").unlink()
    assert told(made(root, template())) == [("depot/avis.pdf", "nouveau")]


# --- what a person changed -------------------------------------------------------------------------


def signed(root: Path) -> bytes:
    """Sign the copy, as a person does: under the same name."""
    copy = root / "sortie/depot/avis.pdf"
    copy.write_bytes(copy.read_bytes() + b" signature %%EOF")
    return copy.read_bytes()


@posix
def test_a_signed_copy_of_an_unchanged_document_is_kept_without_converting(
    root: Path, starts: Starts
) -> None:
    made(root, template())
    kept = signed(root)
    assert told(made(root, template())) == [("depot/avis.pdf", "garde")]
    assert ((root / "sortie/depot/avis.pdf").read_bytes(), starts()) == (kept, ["pdf 1"])


@posix
def test_a_signed_copy_survives_a_change_and_the_new_one_goes_beside_once(root: Path, starts: Starts) -> None:
    made(root, template())
    kept = signed(root)
    beside = "depot/avis (proposition 2).pdf"
    assert told(made(root, template("deux"))) == [(beside, "a_cote")]
    assert told(made(root, template("deux"))) == [(beside, "deja_propose")]
    assert starts() == ["pdf 1", "pdf 1"]
    assert (root / "sortie/depot/avis.pdf").read_bytes() == kept
    assert "deux" in (root / "sortie" / beside).read_text()


@posix
def test_a_copy_exported_by_hand_before_ours_is_kept(root: Path, starts: Starts) -> None:
    own = root / "sortie/depot/avis.pdf"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"%PDF de Word")
    assert told(made(root, template())) == [("depot/avis (proposition 2).pdf", "a_cote")]
    assert own.read_bytes() == b"%PDF de Word"


@posix
def test_replacing_puts_the_signed_copy_in_the_archives(root: Path, starts: Starts) -> None:
    made(root, template())
    kept = signed(root)
    assert told(made(root, template(), replace=True)) == [("depot/avis.pdf", "mis_a_jour")]
    (archived,) = (root / "sortie/archives").rglob("avis.pdf")
    assert archived.read_bytes() == kept


@posix
def test_a_signed_copy_left_in_the_output_is_seen_as_no_longer_ours(root: Path, starts: Starts) -> None:
    made(root, template())
    assert open_folder(root).left == ()
    signed(root)
    assert open_folder(root).left == ("depot/avis.pdf",)


@posix
def test_the_copy_is_made_from_the_document_as_the_person_corrected_it(root: Path, starts: Starts) -> None:
    made(root, template())
    (root / "sortie/depot/avis.docx").write_text("corrigé", encoding="utf-8")
    assert told(made(root, template())) == [("depot/avis.pdf", "mis_a_jour")]
    found = made(root, template("deux"))
    assert [one.name for one in found] == ["depot/avis (proposition 2).docx", "depot/avis.pdf"]
    assert told(found) == [("depot/avis.pdf", "inchange")]
    assert "corrigé" in (root / "sortie/depot/avis.pdf").read_text(encoding="utf-8")


@posix
def test_a_copy_open_elsewhere_is_proposed_beside_once_then_brought_up_to_date(
    root: Path, starts: Starts
) -> None:
    made(root, template())
    lock = root / "sortie/depot/.~lock.avis.pdf#"
    lock.write_text("")
    beside = "depot/avis (proposition 2).pdf"
    for _ in range(2):
        assert told(made(root, template("deux"))) == [(beside, "ouvert")]
    lock.unlink()
    assert told(made(root, template("deux"))) == [("depot/avis.pdf", "mis_a_jour")]


# --- what goes wrong -------------------------------------------------------------------------------


def test_without_libreoffice_the_documents_are_written_and_one_line_says_what_lacks(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "converter", lambda: None)
    found = made(root, template("a", "a"), template("b", "b"), also=("pdf", "odt"))
    assert [(one.name, one.kind) for one in found] == [
        ("depot/a.docx", "nouveau"),
        ("depot/b.docx", "nouveau"),
        ("copies (pdf, odt)", "sans_libreoffice"),
    ]
    assert found[-1].exit_code == WritingError.exit_code
    assert "« Fichier > Exporter »" in str(found[-1].reason)


def test_without_libreoffice_nothing_lacks_when_nothing_is_to_be_converted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "converter", lambda: None)
    assert told(made(root, template(extension="yaml"))) == []


@posix
def test_a_document_that_libreoffice_refuses_is_named_and_the_others_go_on(
    root: Path, starts: Starts
) -> None:
    found = made(root, template("refuse", "a"), template("un", "b"))
    assert told(found) == [("depot/a.pdf", "echec"), ("depot/b.pdf", "nouveau")]
    assert [(one.exit_code, bool(one.reason)) for one in found if one.copy] == [(4, True), (0, False)]
    assert starts() == ["pdf 2"]


@posix
@pytest.mark.parametrize(("fault", "said"), [("pend", "n’a pas fini en"), ("tombe", "ne le convertit pas")])
def test_a_document_that_stops_libreoffice_is_named_and_the_others_are_tried_again(
    root: Path, starts: Starts, monkeypatch: pytest.MonkeyPatch, fault: str, said: str
) -> None:
    monkeypatch.setattr(copies, "LIMITS", Limits(conversion=2))
    monkeypatch.setattr(copies, "_EACH", 0)
    start = time.monotonic()
    found = made(root, template("un", "a"), template(fault, "b"), template("trois", "c"))
    assert told(found) == [("depot/a.pdf", "nouveau"), ("depot/b.pdf", "echec"), ("depot/c.pdf", "nouveau")]
    assert said in str(found[4].reason)
    assert not (root / "sortie/depot/b.pdf").exists()
    assert starts() == ["pdf 3", "pdf 1"]
    assert time.monotonic() - start < 20


@posix
def test_a_libreoffice_that_never_gives_anything_is_not_started_for_each_document(
    root: Path, starts: Starts
) -> None:
    found = made(root, *(template("tombe", id_) for id_ in "abcde"))
    assert told(found) == [(f"depot/{id_}.pdf", "echec") for id_ in "abcde"]
    assert starts() == ["pdf 5", "pdf 4"]


def test_a_program_that_does_not_start_fails_each_copy_with_its_reason(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "converter", lambda: str(tmp_path / "absent"))
    found = made(root, template("a", "a"), template("b", "b"))
    assert told(found) == [("depot/a.pdf", "echec"), ("depot/b.pdf", "echec")]
    assert "il a disparu" in str(found[-1].reason)


# --- LibreOffice itself ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents of the launch with their copies, made on a machine that speaks English."""
    place = tmp_path_factory.mktemp("copies")
    root = copied(ROOT / "fixtures/local/lancement", place / "lancement")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", "en_US.UTF-8")
        plugins = Plugins()
        dossier = check_dossier(root, plugins, Request(today=TODAY))
        found = produce(dossier, Order(also=("pdf", "odt")), TODAY)
    assert {name for name, kind in told(found) if kind == "nouveau"} >= {
        f"lancement/{name}" for name in ("cctp.pdf", "cctp.odt", "dpgf.pdf", "dpgf.ods")
    }
    return root / "sortie/lancement"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("cctp.pdf", "Cahier des clauses techniques particulières"),
        ("dpgf.pdf", "Décomposition du prix global et forfaitaire"),
    ],
)
def test_a_pdf_is_tagged_with_its_language_its_title_and_its_bookmarks(
    launched: Path, name: str, title: str
) -> None:
    reader = pypdf.PdfReader(launched / name)
    catalogue: Any = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"].value is True
    assert (catalogue["/Lang"], catalogue["/ViewerPreferences"]["/DisplayDocTitle"].value) == ("fr-FR", True)
    assert str(reader.metadata and reader.metadata.title).startswith(title)
    assert reader.outline


def test_a_pdf_of_a_workbook_prints_its_amounts_as_french_does_on_any_machine(launched: Path) -> None:
    text = subprocess.run(
        ["pdftotext", "-layout", launched / "dpgf.pdf", "-"],
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    assert ("0,00 €" in text, "0.00 €" in text) == (True, False)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_an_odt_opens_again_and_holds_the_same_text(launched: Path) -> None:
    word = docx.read((launched / "cctp.docx").read_bytes())
    copy = odt.read((launched / "cctp.odt").read_bytes())
    assert flat(copy.text) == flat(word.text)


def test_an_ods_opens_again_with_the_same_cells_and_its_formulas_alive(launched: Path) -> None:
    workbook = spreadsheet.read((launched / "dpgf.xlsx").read_bytes())
    copy = spreadsheet.read((launched / "dpgf.ods").read_bytes())
    # An .ods holds « 20,0% » as it is shown, an .xlsx what is counted.
    found, expected = (
        [re.sub(r",0+\b|\s", "", one.text) for one in reading.blocks] for reading in (copy, workbook)
    )
    assert found == expected
    with zipfile.ZipFile(launched / "dpgf.xlsx") as package:
        formulas = sum(
            package.read(name).count(b"<f>") + package.read(name).count(b"<f ")
            for name in package.namelist()
            if name.startswith("xl/worksheets/sheet")
        )
    with zipfile.ZipFile(launched / "dpgf.ods") as package:
        assert package.read("content.xml").count(b"table:formula=") == formulas


def test_no_program_is_taken_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "soffice.exe" if sys.platform == "win32" else "soffice"
    for place in ("dossier", "programmes"):
        (tmp_path / place).mkdir()
        (tmp_path / place / name).write_bytes(b"MZ")
        (tmp_path / place / name).chmod(0o755)
    monkeypatch.chdir(tmp_path / "dossier")
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", str(tmp_path / "programmes")]))
    assert find_program("soffice") == str(tmp_path / "programmes" / name)
    monkeypatch.setenv("PATH", ".")
    assert find_program("soffice") is None
