from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assembler.text import WIDTH, clean, fold, plain, words


def test_what_people_type_differently_and_mean_alike_is_equal() -> None:
    forms = [
        "Note d’Opportunité",
        "note d'opportunite",
        "NOTE D\u2019OPPORTUNITE\u0301",
        "Note_d-opportunité",
    ]
    assert {plain(form) for form in forms} == {"note d opportunite"}
    assert plain("Œuvre n° 3") == "oeuvre n 3"


@given(st.text())
def test_plain_is_idempotent(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_words_are_counted_as_a_reader_counts_them() -> None:
    assert words("L’aujourd’hui, peut-être 12 mois.") == 4


@given(st.text())
def test_no_control_character_is_left(text: str) -> None:
    assert not any(char in clean(text) for char in "\x00\x07\x1b\x9b\u202e\u2066")


@given(st.text(max_size=400))
def test_folded_text_fits_and_loses_no_word(text: str) -> None:
    lines = fold(text, "  ", "    ")
    assert max(map(len, lines)) <= WIDTH
    assert "".join("".join(lines).split()) == "".join(clean(text).split())


def test_a_guillemet_is_never_alone_at_the_end_of_a_line() -> None:
    lines = fold("x" * 70 + " on attend « 10 à 12 » : la durée")
    assert not any(line.endswith("«") or line.startswith(("»", ":")) for line in lines)
