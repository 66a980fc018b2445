"""Every format at every step, through the command: each document of conception.md § 7 is made, and sound."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from assembler_plugins.flash.documents import DOCUMENTS as FLASH
from assembler_plugins.local.documents import DOCUMENTS as LOCAL
from assembler_plugins.thematique.documents import DOCUMENTS as THEMATIQUE
from click.testing import CliRunner
from dossiers import copied
from lxml import etree

from assembler.cli import assemble
from assembler.readers.docx import read

FIXTURES = Path(__file__).parents[1] / "fixtures"
DECLARED = {"local": LOCAL, "flash": FLASH, "thematique": THEMATIQUE}

_INSTRUCTION = (
    "accuse-reception demande-complements fiche-instruction"
    " notification-eligibilite!? notification-non-eligibilite!? notification-differee!?"
)
_ACCOMPAGNEMENT = (
    "invitation-session* emargement-session* note-cadrage carnet-suivi* calendrier"
    " decision-admission?* service-fait?*"
)
_LOCAL = {
    "candidature": "courrier-collectivite* courrier-prefet courrier-service bordereau-envoi trame-note",
    "instruction": _INSTRUCTION,
    "lancement": "cctp! points-a-relire lettre-consultation!* acte-engagement! cadre-memoire dpgf!"
    " extrait-bordereau-prix!",
    "attribution": "convocation-audition?* analyse-offres releve-choix lettre-attribution! lettre-rejet!*"
    " lettre-notification! declaration-sans-suite!?",
    "accompagnement": _ACCOMPAGNEMENT,
    "restitution": "rapport-final feuille-route officialisation capitalisation",
}
TABLE = {
    "local": _LOCAL,
    "thematique": {**_LOCAL, "restitution": f"{_LOCAL['restitution']} bouger-les-lignes"},
    "flash": {
        "candidature": "courrier-collectivite* courrier-service bordereau-envoi trame-note",
        "instruction": _INSTRUCTION,
        "lancement": "bon-commande!* annexe-financiere!* lettre-envoi*",
        "attribution": "",
        "accompagnement": _ACCOMPAGNEMENT,
        "restitution": "feuille-route esquisse-plan-guide officialisation capitalisation",
    },
}
"""The table of conception.md § 7: * one of several, ! binding, ? on request only."""

_FAVORABLE = {"local": "eligible", "flash": "selectionnee", "thematique": "laureate"}
_SIGNS = "!?*"
_KINDS = {"calendrier": [".ics", ".xlsx"], "feuille-route": [".docx", ".xlsx"]}
"""The documents that are made in two kinds of files."""
_ORDERS = 2
"""Orders of the shipped dossier of Atelier flash."""
_WRONG = re.compile(r"\bNone\b|\b[Dd]e les? (?:préf|présid|direct|dépar|maire)|\ble préfète|\bla préfet\b")


def _asked(format_: str, step: str) -> dict[str, str]:
    """Return the signs of each document of the table, by id."""
    rows = TABLE[format_][step].split()
    return {one.rstrip(_SIGNS): one[len(one.rstrip(_SIGNS)) :] for one in rows}


def _dossier(root: Path, format_: str, name: str) -> Path:
    """Copy a shipped dossier, with the accords-cadres beside it."""
    records = FIXTURES / format_ / "accords-cadres"
    copied(records, root / records.name)
    return copied(FIXTURES / format_ / name, root / "dossier")


def _decided(dossier: Path, value: str, more: str = "") -> Path:
    """Write the desk's decision."""
    file = dossier / "instruction.yaml"
    kept = file.read_text(encoding="utf-8").partition("decision:")[0]
    decision = f"decision: {{valeur: {value}, date: 2026-05-04, motifs: [Un motif]{more}}}\n"
    file.write_text(kept + decision, encoding="utf-8")
    return dossier


def _produce(dossier: Path, *options: str) -> Path:
    run = CliRunner().invoke(assemble, ["produire", str(dossier), *options])
    assert run.exit_code == 0, run.output
    return dossier / "sortie"


def _instruction(root: Path, format_: str) -> None:
    dossier = _dossier(root, format_, "instruction")
    _produce(dossier)
    for document, value, more in (
        ("notification-eligibilite", _FAVORABLE[format_], ""),
        ("notification-non-eligibilite", "non_eligible", ", evolutions: [Revoir l’échelle]"),
        ("notification-differee", "differee", ", echeance_reexamen: 2027-01-15"),
    ):
        # The letter that says no stands in spite of the findings; so does the deferral, once said eligible.
        given = ("--malgre", "essai") if document == "notification-differee" else ()
        _produce(_decided(dossier, value, more), "--documents", document, *given)


def _attribution(root: Path, format_: str) -> None:
    _produce(_dossier(root, format_, "attribution"))
    _produce(root / "dossier", "--documents", "convocation-audition")
    abandoned = copied(FIXTURES / format_ / "sans-suite", root / "abandon")
    _produce(abandoned, "--documents", "declaration-sans-suite", "--sortie", str(root / "dossier" / "sortie"))


def _made(root: Path, format_: str, step: str) -> dict[str, list[Path]]:
    """Produce everything of a step; return the files of each document."""
    if step == "instruction":
        _instruction(root, format_)
    elif step == "attribution":
        _attribution(root, format_)
    else:
        dossier = _dossier(root, format_, "complet" if step == "candidature" else step)
        _produce(dossier)
        asked = [one for one, signs in _asked(format_, step).items() if "?" in signs]
        if asked:
            _produce(dossier, "--documents", ",".join(asked))
    found = sorted(one for one in (root / "dossier" / "sortie" / step).iterdir() if one.is_file())
    by_id: dict[str, list[Path]] = {one: [] for one in _asked(format_, step)}
    for file in found:
        names = [one for one in by_id if file.name.startswith((f"{one}.", f"{one}-"))]
        assert names, f"{file.name} is not in the table"
        by_id[max(names, key=len)].append(file)
    return by_id


def _text(file: Path) -> Iterator[str]:
    """Yield what a reader sees, paragraph by paragraph or cell by cell."""
    content = file.read_bytes()
    if file.suffix == ".docx":
        reading = read(content)
        # « [Note : » is how the reader shows a footnote
        yield from (re.sub(r"\[note : ", "[", block.text, flags=re.I) for block in reading.blocks)
        yield reading.headers
    elif file.suffix == ".xlsx":
        for sheet in openpyxl.load_workbook(io.BytesIO(content), data_only=True):
            yield from (
                str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None
            )
    else:
        yield from content.decode().replace("\r\n ", "").splitlines()


def _sound(file: Path, binding: bool) -> None:
    if file.suffix in (".docx", ".xlsx"):
        with zipfile.ZipFile(file) as package:
            assert package.testzip() is None
            for name in package.namelist():
                if name.endswith((".xml", ".rels")):
                    etree.fromstring(package.read(name))
    for text in _text(file):
        assert "{{" not in text
        assert "{%" not in text
        assert "  " not in text, text
        assert not _WRONG.search(text), text
        assert not re.search(r" [;:!?»]|« ", text), text
        # in a cell, nothing is torn apart
        assert file.suffix != ".docx" or "n° " not in text, text
        if binding:
            assert "[à compléter\u00a0:" not in text


@pytest.mark.parametrize("format_", TABLE)
def test_the_documents_of_a_format_are_those_of_the_table(format_: str) -> None:
    found = {
        step: {one.id: (one.binding, one.on_request) for one in DECLARED[format_] if one.step == step}
        for step in TABLE[format_]
    }
    assert found == {
        step: {one: ("!" in signs, "?" in signs) for one, signs in _asked(format_, step).items()}
        for step in TABLE[format_]
    }


@pytest.mark.parametrize(
    ("format_", "step"),
    [(format_, step) for format_, steps in TABLE.items() for step, rows in steps.items() if rows],
)
def test_every_document_of_a_step_is_made_and_sound(format_: str, step: str, tmp_path: Path) -> None:
    made = _made(tmp_path, format_, step)
    assert [one for one, files in made.items() if not files] == []
    signs = _asked(format_, step)
    assert {one: [file.suffix for file in made[one]] for one in _KINDS if one in made} == {
        one: kinds for one, kinds in _KINDS.items() if one in made
    }
    if format_ == "flash" and step == "lancement":
        assert {len(files) for files in made.values()} == {_ORDERS}
    for one, files in made.items():
        for file in files:
            _sound(file, "!" in signs[one])
