"""What a run keeps for the next: found again as it was, made again at the least doubt, never an error."""

from __future__ import annotations

import datetime as dt
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from assembler.errors import TemplateError
from assembler.kept import kept
from assembler.rendering import templates
from assembler.rendering.docx import render

VALUE = (1, "é", b"\0", {"a": ("b", True)})


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "assembler"


class Made:
    """Counts what is made."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> object:
        self.times += 1
        return VALUE


def test_what_was_made_once_is_found_again_for_the_same_key_alone(home: Path) -> None:
    make = Made()
    assert [kept("essai", key, make) for key in (b"a", b"a", b"b")] == [VALUE] * 3
    assert make.times == 2
    assert len(list((home / "essai").iterdir())) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda body: b"",
        lambda body: body[:-1],
        lambda body: body[:40] + b"?" + body[41:],
        lambda body: b"x" * 99,
    ],
    ids=["empty", "cut", "changed", "other"],
)
def test_a_damaged_file_is_made_again(home: Path, damage) -> None:
    make = Made()
    kept("essai", b"a", make)
    (file,) = (home / "essai").iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert [kept("essai", b"a", make) for _ in range(2)] == [VALUE] * 2
    assert make.times == 2


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of the profile")
def test_a_folder_where_others_may_write_is_not_trusted(home: Path) -> None:
    make = Made()
    kept("essai", b"a", make)
    home.chmod(0o777)
    kept("essai", b"a", make)
    assert make.times == 2


def test_without_a_folder_everything_is_made(home: Path) -> None:
    home.parent.mkdir()
    home.write_bytes(b"")
    make = Made()
    assert [kept("essai", b"a", make) for _ in range(2)] == [VALUE] * 2
    assert make.times == 2


def test_the_oldest_go(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assembler.kept._MOST", 2)
    for rank, key in enumerate((b"a", b"b", b"c")):
        before = {*(home / "essai").glob("*")}
        kept("essai", key, Made())
        for file in {*(home / "essai").iterdir()} - before:
            os.utime(file, (rank, rank))
    make = Made()
    kept("essai", b"c", make)
    assert make.times == 0
    kept("essai", b"a", make)
    assert make.times == 1


def test_another_version_of_what_makes_it_makes_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    make = Made()
    kept("essai", b"a", make)
    monkeypatch.setattr("importlib.util.MAGIC_NUMBER", b"autre")
    kept("essai", b"a", make)
    assert make.times == 2


# -- templates --------------------------------------------------------------------------------------


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Forget what is compiled in memory; gives the names of the templates that are compiled anew."""
    compiled: list[str] = []
    compiling = templates.prepare

    def noted(template: bytes, name: str, environment: object) -> object:
        compiled.append(name)
        return compiling(template, name, environment)

    monkeypatch.setattr(templates, "prepare", noted)
    templates._cache.clear()
    yield compiled
    templates._cache.clear()


def template() -> bytes:
    document = docx.Document()
    document.core_properties.title = "Lettre à {{ nom }}"
    document.sections[0].header.paragraphs[0].text = "{{ nom }}"
    for text in (
        "{%p for x in liste %}",
        "{{ loop.index }} : {{ x }} le {{ jour|date_longue }}",
        "{%p endfor %}",
    ):
        document.add_paragraph(text)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def test_a_template_compiled_by_another_run_gives_the_same_document(forgetful: list[str]) -> None:
    content, values = template(), {"nom": "Évron", "liste": ["un", "deux"], "jour": dt.date(2026, 3, 1)}
    made = []
    for _ in range(2):
        made.append(render(content, values, name="lettre"))
        templates._cache.clear()
    assert made[0] == made[1]
    assert "2 : deux le 1er mars 2026" in docx.Document(io.BytesIO(made[1])).paragraphs[-1].text.replace(
        "\xa0", " "
    )
    assert forgetful == ["lettre"]


def test_a_template_compiled_by_another_run_names_the_same_tag_at_fault(forgetful: list[str]) -> None:
    content, said = template(), []
    for _ in range(2):
        with pytest.raises(TemplateError) as told:
            render(content, {"nom": "Évron", "liste": ["un"], "jour": 3}, name="lettre")
        said.append(str(told.value))
        templates._cache.clear()
    assert said[0] == said[1]
    assert "{{ jour|date_longue }}" in said[0]
    assert forgetful == ["lettre"]
