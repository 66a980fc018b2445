import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assembler.extraction.dates import find_dates, month_of, number_in_words, parse_date, parse_number
from assembler.extraction.durations import durations, durations_of, months_between, sessions
from assembler.extraction.passages import Passages, fold
from assembler.model import Block


def ranges(text):
    return [(one["min"], one["max"]) for one in durations(text)]


def counts(text):
    return [(one["min"], one["max"]) for one in sessions(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("porter l’Atelier pendant 10 à 12 mois", (10, 12)),
        ("porter l’Atelier pendant dix à douze mois", (10, 12)),
        ("douze (12) mois", (12, 12)),
        ("12 (douze) mois", (12, 12)),
        ("onze (11)\xa0mois", (11, 11)),
        ("pour un an", (12, 12)),
        ("une année d’accompagnement", (12, 12)),
        ("pour une durée d’un an et demi", (18, 18)),
        ("une durée d’un an et deux mois", (14, 14)),
        ("pendant 1,5 an", (18, 18)),
        ("18 mois", (18, 18)),
        ("10-12 mois", (10, 12)),
        ("10–12 mois", (10, 12)),
        ("entre 10 et 12 mois", (10, 12)),
        ("10 mois à 12 mois", (10, 12)),
        ("de dix mois à un an", (10, 12)),
        ("d’au moins dix mois", (10, 10)),
        ("DIX MOIS", (10, 10)),
        ("vingt-deux mois", (22, 22)),
        ("vingt et un mois", (21, 21)),
        ("pendant onze\nmois", (11, 11)),
        ("après 11 mois d’accompagnement", (11, 11)),
        ("l’accompagnement, de septembre 2026 à juillet 2027", (11, 11)),
        ("l’accompagnement, de septembre à juillet 2027", (11, 11)),
        ("engagement du 1er septembre 2026 au 31 juillet 2027", (11, 11)),
        ("la démarche, du 01/09/2026 au 31/07/2027", (11, 11)),
        ("la démarche, de mi-septembre 2026 à mi-juillet 2027", (10, 10)),
        ("calendrier : septembre 2026 – juillet 2027", (11, 11)),
    ],
)
def test_a_duration_is_read_however_it_is_written(text, found):
    assert ranges(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "il y a 18 mois",
        "depuis 10 mois",
        "depuis plus de dix mois",
        "un enfant âgé de 18 mois",
        "dans un délai de 2 mois",
        "un recours dans un délai de deux mois à compter de sa notification",
        "sous 2 mois",
        "d’ici 6 mois",
        "tous les deux mois",
        "des sessions espacées de deux à trois mois",
        "deux mois de travaux",
        "les habitants de plus de 60 ans ont été rencontrés au marché et chez eux par les agents",
        "12,5 mois",
        "soixante et onze mois",
        "le mois de mars",
        "l’année dernière",
        "",
    ],
)
def test_what_is_not_a_duration_of_the_work_is_left_out(text):
    assert ranges(text) == []


def test_a_duration_says_where_it_stands_and_in_which_sentence():
    blocks = [
        Block(text="Un titre", page=1),
        Block(text="Le territoire change. La DDT s’engage à porter l’Atelier pendant dix mois. Fin.", page=2),
    ]
    found = durations_of(Passages(blocks))
    assert found == [
        {
            "min": 10,
            "max": 10,
            "ecrit": "dix mois",
            "extrait": "La DDT s’engage à porter l’Atelier pendant dix mois.",
            "emplacement": {"page": 2, "paragraphe": 2},
        }
    ]


def test_a_hint_is_not_read_and_keeps_its_number():
    blocks = [Block(text="pendant 18 mois", hint=True), Block(text="pendant 11 mois")]
    found = durations_of(Passages(blocks))
    assert [(one["min"], one["emplacement"]["paragraphe"]) for one in found] == [(11, 2)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("trois sessions in situ", [(3, 3)]),
        ("3 ateliers in situ", [(3, 3)]),
        ("trois (3) séances", [(3, 3)]),
        ("deux à trois sessions", [(2, 3)]),
        ("la première des trois sessions", [(3, 3)]),
        ("une seule session", [(1, 1)]),
        ("1 atelier in situ", [(1, 1)]),
        ("une session de deux jours", []),
        ("un atelier local", []),
        ("deux inter-ateliers", []),
        ("session n° 3", []),
        ("trois séances du conseil communautaire", []),
        ("deux ateliers de concertation", []),
        ("trois sessions de deux jours in situ", [(3, 3)]),
        ("cinq visites in situ", []),
        ("deux sessions ont eu lieu", []),
    ],
)
def test_numbers_of_sessions(text, found):
    assert counts(text) == found


@given(st.integers(0, 99))
def test_a_number_in_words_is_read_back(number):
    words = number_in_words(number)
    assert parse_number(words) == number
    assert parse_number(words.replace(" ", "-")) == number
    assert parse_number(words.upper()) == number
    assert parse_number(str(number)) == number


@given(st.integers(1, 36))
def test_a_duration_in_words_equals_the_same_in_figures(number):
    words = number_in_words(number).replace(" ", "-")
    assert ranges(f"pendant {words} mois") == ranges(f"pendant {number} mois") == [(number, number)]


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_a_date_is_read_back_from_every_form(date):
    months = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ]
    day = "1er" if date.day == 1 else str(date.day)
    forms = [
        f"le {day} {months[date.month - 1]} {date.year}",
        f"Laval, le {date.day:02} {months[date.month - 1].upper()} {date.year}",
        f"{date:%d/%m/%Y}",
        f"{date:%d.%m.%Y}",
        date.isoformat(),
    ]
    for form in forms:
        assert [found for _, found in find_dates(fold(form))] == [date], form


@pytest.mark.parametrize(
    "text", ["31 février 2026", "45 mars 2026", "2026-13-01", "12 mars 1789", "le [date]"]
)
def test_a_date_that_does_not_exist_is_none(text):
    assert parse_date(text) is None
    assert list(find_dates(fold(text))) == []


def test_months_are_known_by_name_and_abbreviation():
    assert [month_of(name) for name in ("Août", "déc.", "fevrier", "brumaire")] == [8, 12, 2, None]


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 36))
def test_whole_months_are_counted_end_inclusive(start, months):
    first = start.replace(day=1)
    total = first.month - 1 + months
    after = dt.date(first.year + total // 12, total % 12 + 1, 1)
    assert months_between(first, after - dt.timedelta(days=1)) == months


@given(st.text(max_size=300))
def test_no_text_makes_the_readers_fail(text):
    for one in durations(text) + sessions(text):
        assert 1 <= one["min"] <= one["max"]
        assert one["emplacement"]["paragraphe"] == 1


@given(
    st.lists(
        st.sampled_from(
            [
                "dix",
                "à",
                "douze",
                "(",
                "12",
                ")",
                "mois",
                "un",
                "an",
                "et",
                "demi",
                "de",
                "septembre",
                "2026",
                "2027",
                ",",
                ".",
                "1er",
                "entre",
                "sessions",
            ]
        )
    )
)
def test_any_order_of_the_right_words_gives_sane_ranges(tokens):
    for one in durations(" ".join(tokens)):
        assert 1 <= one["min"] <= one["max"] <= 36


def test_a_long_text_takes_a_time_in_proportion():
    sentence = (
        "Dix à douze communes, vingt-deux hameaux et un an de travail : 12 345 habitants en mars et avril. "
    )

    def spent(times):
        text = sentence * times
        start = time.process_time()
        durations(text)
        sessions(text)
        return time.process_time() - start

    spent(10)
    assert spent(4000) < max(0.2, 30 * spent(400))


@given(st.text(max_size=200))
def test_folding_keeps_the_length(text):
    assert len(fold(text)) == len(text)
