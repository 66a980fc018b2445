"""The same sincere dossier, whatever the nature of its files, gives the same findings."""

from __future__ import annotations

import datetime as dt
import shutil
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from bureautique import converted
from dossiers import copied, shipped

from assembler.manager import Plugins
from assembler.model import State, dig
from assembler.pipeline import Checked, Order, Request, check_dossier, produce
from assembler.readers import docx
from assembler.text import plain

ROOT = Path(__file__).parents[1]
SOUND = ROOT / "fixtures" / "local" / "complet"
NOTE = "Note d'opportunité Atelier local Coëvrons"
LETTER = "Courrier d'engagement CC des Coëvrons"
TODAY = dt.date(2026, 4, 1)
Make = Callable[..., Path]


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The note and a letter in every nature, made by LibreOffice: « note.odt »…"""
    folder = tmp_path_factory.mktemp("formes")
    note, letter = folder / "note.docx", folder / "lettre.docx"
    shutil.copy(SOUND / f"{NOTE}.docx", note)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        from fixtures.fabrique import lettres, projet

        letter.write_bytes(lettres.ecrire(lettres.collectivite(projet.Projet())))
    for suffix in ("odt", "doc", "rtf", "pdf"):
        converted(folder, [note, letter], suffix, suffix)
    return {one.name: one for one in (note, letter, *(folder / "convertis").iterdir())}


@pytest.fixture
def dossier(tmp_path: Path, forms: Mapping[str, Path]) -> Make:
    """The sound dossier with its note, or its letter, in another nature."""

    def make(**natures: str) -> Path:
        root = tmp_path / "dossier"
        copied(SOUND, root)
        if suffix := natures.get("note"):
            (root / f"{NOTE}.docx").unlink()
            shutil.copy(forms[f"note.{suffix}"], root / f"{NOTE}.{suffix}")
        if suffix := natures.get("lettre"):
            (root / "courriers" / f"{LETTER}.pdf").unlink()
            shutil.copy(forms[f"lettre.{suffix}"], root / "courriers" / f"{LETTER}.{suffix}")
        return root

    return make


def checked(path: Path, plugins: Plugins) -> Checked:
    found = check_dossier(path, plugins, Request(today=TODAY))
    assert found.report.erreur is None
    return found


def states(path: Path, plugins: Plugins) -> dict[str, State]:
    return {one.id: one.etat for one in checked(path, plugins).report.regles}


@pytest.fixture(scope="module")
def expected(plugins: Plugins) -> dict[str, State]:
    return states(SOUND, plugins)


@pytest.mark.parametrize(
    ("natures", "differences"),
    [
        ({"note": "odt"}, {}),
        ({"lettre": "odt"}, {}),
        ({"lettre": "docx"}, {}),
        ({"note": "odt", "lettre": "odt"}, {}),
        # What the nature cannot give is said, and nothing else.
        ({"note": "pdf"}, {"LO-NOT-009": State.NON_CONFORME}),
        ({"note": "doc"}, {"GEN-PIE-013": State.NON_CONFORME}),
        ({"lettre": "doc"}, {"GEN-PIE-013": State.NON_CONFORME}),
        ({"note": "rtf"}, {"GEN-PIE-013": State.NON_CONFORME, "LO-NOT-009": State.NON_CONFORME}),
    ],
    ids=lambda one: "-".join(f"{key}.{value}" for key, value in one.items()) if one else "",
)
def test_the_nature_of_a_file_changes_no_finding(
    dossier: Make,
    plugins: Plugins,
    expected: dict[str, State],
    natures: dict[str, str],
    differences: dict[str, State],
) -> None:
    found = states(dossier(**natures), plugins)
    assert {one: state for one, state in found.items() if state is not expected[one]} == differences


@pytest.mark.parametrize("suffix", ["odt", "pdf", "doc"])
def test_the_note_says_the_same_in_every_nature(dossier: Make, plugins: Plugins, suffix: str) -> None:
    def told(path: Path) -> dict[str, object]:
        facts = dig(checked(path, plugins).dossier.facts, "pieces.note_opportunite")  # type: ignore[union-attr]
        return {
            "sections": {name: one["etat"] for name, one in facts["sections"].items()},
            "structure": facts["structure"],
            "durees": sorted({(one["min"], one["max"]) for one in facts["durees_mois"]}),
            "sessions": sorted({(one["min"], one["max"]) for one in facts["nombres_sessions"]}),
            "collectivites": facts["collectivites"],
            "marques": facts["marques"],
        }

    assert told(dossier(note=suffix)) == told(SOUND)


@pytest.mark.parametrize("suffix", ["odt", "docx", "doc"])
def test_a_letter_says_the_same_in_every_nature(dossier: Make, plugins: Plugins, suffix: str) -> None:
    def told(path: Path) -> tuple[object, ...]:
        (letter,) = dig(checked(path, plugins).dossier.facts, "pieces.courrier_collectivite")  # type: ignore[union-attr]
        signs = [one["etat"] for one in letter["signatures"]]
        keys = ("date", "destinataire", "signataire", "collectivites")
        mentions = sorted(name for name, one in letter["mentions"].items() if one)
        return (
            *(plain(str(letter[key])) for key in keys),
            signs,
            mentions,
        )

    assert told(dossier(lettre=suffix)) == told(SOUND)


@pytest.mark.parametrize(
    ("suffix", "said"), [("docx", ""), ("odt", "un document LibreOffice"), ("pdf", "un PDF")]
)
def test_the_pilote_is_told_when_the_cctp_takes_the_text_alone(
    tmp_path: Path, forms: Mapping[str, Path], plugins: Plugins, suffix: str, said: str
) -> None:
    root = tmp_path / "lancement"
    copied(SOUND.parent / "lancement", root)
    (note,) = root.glob("Note*.docx")
    note.unlink()
    shutil.copy(forms[f"note.{suffix}"], note.with_suffix(f".{suffix}"))
    order = Order(documents=("points-a-relire", "cctp"), edition=TODAY)
    assert {one.kind for one in produce(checked(root, plugins), order, TODAY)} == {"nouveau"}
    told = docx.read((root / "sortie/lancement/points-a-relire.docx").read_bytes()).text
    assert ("n’en reprend que le texte" in told, said in told) == (bool(said), True)
    cctp = docx.read((root / "sortie/lancement/cctp.docx").read_bytes()).text
    passages = docx.read(forms["note.docx"].read_bytes()).blocks
    longest = max((one.text for one in passages if not one.in_table), key=len)
    assert plain(longest)[:200] in plain(cctp)


def zipped(target: Path, how: str) -> Path:
    """The sound dossier in a zip as a program makes it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for file in shipped(SOUND):
            name = file.relative_to(SOUND).as_posix()
            if how == "macos":  # decomposed UTF-8 that is not said to be, and resource forks
                _write(out, unicodedata.normalize("NFD", f"Dossier Évron/{name}").encode(), file.read_bytes())
                _write(out, f"__MACOSX/Dossier/._{file.name}".encode(), b"\0\5\x16\7")
            elif how in ("cp850", "cp1252"):
                _write(
                    out, name.encode(how).replace(b"/", b"\\" if how == "cp850" else b"/"), file.read_bytes()
                )
            else:
                out.writestr(f"envoi/dossier/{name}", file.read_bytes())
        if how == "macos":
            _write(out, b".DS_Store", b"x")
    return target


class _Raw(zipfile.ZipInfo):
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name
        return self.orig_filename.encode("cp437"), 0


def _write(out: zipfile.ZipFile, name: bytes, content: bytes) -> None:
    """Write a member whose name is these very bytes, nothing saying in which encoding."""
    info = _Raw(name.decode("cp437"))
    info.compress_type = zipfile.ZIP_DEFLATED
    out.writestr(info, content)


@pytest.mark.parametrize("how", ["utf8", "macos", "cp850", "cp1252"])
def test_a_zip_gives_the_same_findings_and_the_names_as_typed(
    tmp_path: Path, plugins: Plugins, expected: dict[str, State], how: str
) -> None:
    found = checked(zipped(tmp_path / "dossier.zip", how), plugins)
    assert {one.id: one.etat for one in found.report.regles} == expected
    assert found.dossier is not None
    assert {one.name for one in found.dossier.sources} == {
        unicodedata.normalize("NFC", one.relative_to(SOUND).as_posix())
        for one in shipped(SOUND)
        if one.is_file() and one.name != "dossier.yaml"
    }
