"""Each way that is there for speed alone gives what the plain way gives."""

from __future__ import annotations

import datetime as dt
import random
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from assembler.extraction import known_facts, piece_facts
from assembler.extraction.dates import NUMBER_WORDS, number_in_words
from assembler.extraction.durations import _SPAN, _month_spans
from assembler.extraction.passages import fold
from assembler.extraction.sections import _MARK, _may_be_marked
from assembler.french import est_ferie, jours_feries
from assembler.manager import Plugins
from assembler.memory import Memory, Same
from assembler.model import Reading, Source
from assembler.pipeline import Request, check_dossier
from assembler.readers import pdflines
from assembler.readers.offline import offline
from assembler.readers.pdf import read as read_pdf
from assembler.reporters.json_ import render
from assembler.worker import Worker
from assembler.yamltext import YamlError, load

DOSSIER = Path(__file__).resolve().parents[1] / "fixtures" / "local" / "complet"


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


@pytest.fixture(scope="module")
def sources(plugins: Plugins) -> dict[str, Source]:
    checked = check_dossier(DOSSIER, plugins, Request(today=dt.date(2026, 4, 1)))
    assert checked.dossier is not None
    return {str(one.piece): one for one in checked.dossier.sources if one.reading is not None}


# -- what is kept in memory -------------------------------------------------------------------------


def test_what_is_kept_is_bounded_and_the_least_used_goes_first() -> None:
    memory: Memory[str] = Memory(9)
    memory.keep("a", "A", 2)
    memory.keep("b", "B", 2)
    memory.keep("trop", "lourd", 3)
    assert memory.get("trop") is None
    for rank in range(3):
        assert memory.get("a") == "A"
        memory.keep(rank, "autre", 2)
    assert [memory.get(one) for one in ("a", "b", 0, 1, 2)] == ["A", None, "autre", "autre", "autre"]


def test_what_is_kept_again_takes_its_room_once() -> None:
    memory: Memory[int] = Memory(10)
    for value in range(20):
        memory.keep("a", value, 2)
    memory.keep("b", 1, 2)
    assert (memory.get("a"), memory.get("b")) == (19, 1)


def test_an_object_is_a_key_by_what_it_is_and_not_by_what_it_holds() -> None:
    one, twin = [1], [1]
    assert (Same(one) == Same(one), Same(one) == Same(twin)) == (True, False)


def test_a_file_seen_before_is_not_read_again_under_another_name_as_it_stands(
    tmp_path: Path, plugins: Plugins
) -> None:
    note = next(DOSSIER.glob("*.docx")).read_bytes()
    for name in ("note.docx", "copie.docx", "faux.pdf"):
        (tmp_path / name).write_bytes(note)
    worker, fresh = Worker(plugins.readers()), Worker(plugins.readers())
    try:
        first, again, false = (
            worker.read(tmp_path, name) for name in ("note.docx", "copie.docx", "faux.pdf")
        )
        assert first.reading is again.reading
        assert (again.name, again.path) == ("copie.docx", str(tmp_path / "copie.docx"))
        assert (first.defaut, again.defaut, false.defaut) == (None, None, "nature")
        assert fresh.read(tmp_path, "copie.docx") == again
    finally:
        worker.stop()
        fresh.stop()


def test_a_file_whose_bytes_change_is_read_anew(tmp_path: Path, plugins: Plugins) -> None:
    path = tmp_path / "courrier.pdf"
    path.write_bytes(next(DOSSIER.rglob("*soutien*.pdf")).read_bytes())
    worker = Worker(plugins.readers())
    try:
        before = worker.read(tmp_path, path.name)
        path.write_bytes(next(DOSSIER.rglob("*CC des*.pdf")).read_bytes())
        after = worker.read(tmp_path, path.name)
    finally:
        worker.stop()
    assert before.reading is not None
    assert after.reading is not None
    assert before.reading.text != after.reading.text
    assert after.reading == read_pdf(path.read_bytes())


def test_a_dossier_checked_again_has_the_report_that_it_has_without_memory(
    plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Request(today=dt.date(2026, 4, 1))
    kept = [render([check_dossier(DOSSIER, plugins, request).report]) for _ in range(2)]
    monkeypatch.setattr(Memory, "get", lambda _memory, _key: None)
    assert [render([check_dossier(DOSSIER, plugins, request).report])] * 2 == kept


def test_facts_that_are_kept_are_those_of_the_piece_and_of_the_names_looked_for(
    plugins: Plugins, sources: dict[str, Source]
) -> None:
    pieces = {one.id: one for one in plugins.formats()["local"].pieces}
    for piece, source in sources.items():
        for names in ([], ["CC des Coëvrons"]):
            plain = piece_facts(pieces[piece], (source,), names)
            for _ in range(2):
                kept = known_facts(pieces[piece], (source,), names)
                assert (kept["collectivites"], kept["mots"]) == (tuple(plain["collectivites"]), plain["mots"])
    first = sources["courrier_prefet"]
    other = replace(first, name="autre.pdf", reconnu_par="fiche")
    assert known_facts(pieces["courrier_prefet"], (other,), [])["fichier"] == "autre.pdf"


def test_a_yaml_file_is_parsed_once_and_refused_each_time() -> None:
    assert load(b"a: [1, 2]") is load(b"a: [1, 2]")
    for _ in range(2):
        with pytest.raises(YamlError):
            load(b"a: [1, 2")


# -- patterns ---------------------------------------------------------------------------------------


def test_every_number_in_words_is_found_whole_as_by_a_plain_list_of_them() -> None:
    words = {number_in_words(number) for number in range(100)}
    for number in words:
        for text in (number, number.replace(" ", "-")):
            match = re.match(rf"(?:{NUMBER_WORDS})(?![a-z])", text)
            assert match is not None, text
            assert match.group() == text


def test_spans_of_months_are_those_that_one_expression_finds() -> None:
    draw = random.Random(7)
    parts = (
        *("mars", "de juin 2026", "septembre", "fin avril 2027", "du 1er mai", "le 12/03/2026", "mai,"),
        *(" a ", "-", " au ", " et le ", " jusqu'en ", " ", ". ", "\n", " les communes ", " a la mi-"),
    )
    texts = ["".join(draw.choices(parts, k=draw.randint(2, 14))) for _ in range(3000)]
    for text in map(fold, texts):
        plain = [one.span() for one in _SPAN.finditer(text)]
        assert [one.span() for one in _month_spans(text)] == plain, text
    assert sum(len(list(_month_spans(fold(text)))) for text in texts) > 100


@pytest.mark.parametrize(
    "text",
    [
        *("[à compléter]", "[ Nom du préfet ]", "(à préciser avec la DDT)", "<< à définir >>", "<à définir>"),
        *("xxx", "le xx/xx/2026", "xx.xx", "TODO", "tbd", "Lorem ipsum", "Cliquez ici pour taper du texte"),
        *("choisissez un élément", "???", "Montant : .....", "……", "____"),
    ],
)
def test_what_marks_a_place_left_to_fill_in_is_never_passed_over(text: str) -> None:
    assert _MARK.search(fold(text)) is not None
    assert _may_be_marked(fold(text))


# -- what is loaded only when it must be ------------------------------------------------------------


@pytest.mark.parametrize("departement", [None, "53", "67", "2A", "971", "974", "976"])
def test_public_holidays_are_those_of_the_library(departement: str | None) -> None:
    for year in (2024, 2026, 2027):
        days = (dt.date(year, 1, 1) + dt.timedelta(days=rank) for rank in range(365 + (year == 2024)))
        assert {day for day in days if est_ferie(day, departement)} == jours_feries(year, departement)


def test_no_way_to_the_network_is_loaded_with_pyhanko(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "aiohttp", raising=False)
    with offline():
        import aiohttp

        assert issubclass(aiohttp.ClientSession, Exception)
        assert not hasattr(aiohttp, "__file__")
    assert "aiohttp" not in sys.modules


def test_a_page_is_read_at_once_as_it_is_character_by_character(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [path.read_bytes() for path in sorted(DOSSIER.rglob("*.pdf"))]
    at_once = [read_pdf(one) for one in files]

    def one_by_one(textpage: object, count: int) -> str:
        return "".join(chr(pdflines.pdfium.FPDFText_GetUnicode(textpage, rank)) for rank in range(count))

    monkeypatch.setattr(pdflines, "_chars", one_by_one)
    found: list[Reading] = [read_pdf(one) for one in files]
    assert found == at_once
    assert all(one.text for one in found)
