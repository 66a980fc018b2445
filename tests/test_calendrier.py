"""The calendar of an Atelier: the workbook that follows its dates, the file for agendas."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from assembler_plugins.commun.accompagnement.calendrier_classeur import calendrier_classeur
from cas_local import changed
from cas_suite import CALENDRIER, DOCUMENTS, SEULE, en_cours, fichiers, simple, suivi
from test_rendering_xlsx import differences, recalculated

from assembler.contributions import Copy

D = dt.date

# --- calendar, as a workbook ------------------------------------------------------------------


def workbook(fiche: dict[str, Any]) -> bytes:
    return calendrier_classeur(en_cours(fiche), Copy())


@pytest.fixture(scope="module")
def calendars() -> dict[str, bytes]:
    meeting = {"nature": "inter_atelier", "date": D(2026, 11, 11), "lieu": "Laval"}
    sunday = {"nature": "restitution", "date": D(2027, 6, 13)}
    return {
        "usuel": workbook(
            suivi(
                accompagnement__rencontres=[meeting, sunday, {"nature": "nationale"}],
                marche__calendrier=CALENDRIER,
            )
        ),
        "mois": workbook(changed(**SEULE)),
        "reunion": workbook(
            changed(
                territoire__departements=["974"],
                accompagnement={"sessions": [{"debut": D(2026, 12, 20), "jours": Decimal(1)}]},
            )
        ),
        "long": workbook(changed(accompagnement={"debut": D(2026, 1, 1), "fin": D(2029, 1, 1)})),
    }


def test_the_calendar_shows_what_it_recalculates(
    calendars: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name, fresh in recalculated(tmp_path_factory.mktemp("calcul"), calendars).items():
        count, wrong = differences(calendars[name], fresh)
        assert (name, wrong) == (name, [])
        assert count > 20


def rows(data: bytes) -> dict[str, list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Calendrier"]
    return {
        simple(line[0]): list(line[1:]) for line in sheet.iter_rows(min_row=4, values_only=True) if line[0]
    }


def test_the_grid_says_in_words_which_days_of_each_month(calendars: dict[str, bytes]) -> None:
    found = rows(calendars["usuel"])
    heads = found["Étape ou rencontre"][6:]
    assert [f"{head:%Y-%m}" for head in heads][:2] == ["2026-08", "2026-09"]
    assert found["Session n° 1 : diagnostic et enjeux"][6:][2] == "14-15"
    assert found["Inter-atelier n° 1"][6:][2:6] == ["16-31", "1-30", "1-31", "1-19"]
    assert found["Session n° 3 : feuille de route"][6:][9] == "à fixer"
    assert found["Jours fériés du territoire"][6:][9] == "1, 6, 8, 17"
    assert not any(found["Rencontre nationale"][6:])


def test_meetings_on_a_holiday_or_a_sunday_are_told(calendars: dict[str, bytes]) -> None:
    found = rows(calendars["usuel"])
    assert found["Rencontre d’inter-atelier"][5] == "comprend un jour férié"
    assert found["Restitution"][5] == "comprend un dimanche"
    assert found["Session n° 1 : diagnostic et enjeux"][5] == "aucun jour férié"
    assert found["Fin de l’accompagnement"][5] is None
    # the abolition of slavery is a public holiday in La Réunion
    assert rows(calendars["reunion"])["Session d’atelier"][5] == "comprend un jour férié"


def test_the_calendar_prints_on_one_page_and_depends_on_no_day(calendars: dict[str, bytes]) -> None:
    for data in calendars.values():
        book = openpyxl.load_workbook(io.BytesIO(data))
        setup = book["Calendrier"].page_setup
        assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("landscape", 1, 1)
        written = " ".join(
            str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line if cell.value
        )
        assert "TODAY" not in written
        assert "NOW(" not in written
    assert 12 <= len(rows(calendars["mois"])["Étape ou rencontre"][6:]) <= 24
    assert len(rows(calendars["long"])["Étape ou rencontre"][6:]) == 24


def test_a_fiche_without_a_date_has_no_calendar() -> None:
    undated = changed(accompagnement={"sessions": [{"lieu": "Évron"}]})
    assert "aucune date" in str(DOCUMENTS["calendrier"].condition(en_cours(undated)))


# --- calendar, for agendas --------------------------------------------------------------------


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def events(data: bytes) -> dict[str, dict[str, str]]:
    """The events of a calendar by UID, as the file writes them."""
    found: dict[str, dict[str, str]] = {}
    current: dict[str, str] | None = None
    for line in unfolded(data):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            current = {}
        elif line == "END:VEVENT":
            assert current is not None
            found[current["UID"]] = current
            current = None
        elif current is not None:
            current[name] = value
    return found


def ics(fiche: dict[str, Any] | None = None) -> bytes:
    return fichiers("calendrier", en_cours(fiche))["calendrier.ics"]


UID = "adt-l-2026-053-01-session-{}@assembler"


def test_the_agenda_is_a_file_that_rfc_5545_reads() -> None:
    data = ics()
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert [line.decode() for line in lines]  # no character is cut in two
    head = unfolded(data)
    assert head[0] == "BEGIN:VCALENDAR"
    assert {"VERSION:2.0", "PRODID:-//assembler//calendrier//FR"} <= set(head)
    assert (
        head.count("BEGIN:VEVENT"),
        head.count("END:VEVENT"),
        head.count("BEGIN:VTIMEZONE"),
    ) == (7, 7, 1)
    assert all({"UID", "DTSTAMP", "SUMMARY"} <= one.keys() for one in events(data).values())


def test_a_session_with_hours_is_in_the_time_of_the_territory() -> None:
    found = events(ics())
    assert found[UID.format(1)]["DTSTART;TZID=Europe/Paris"] == "20261014T093000"
    assert found[UID.format(1)]["DTEND;TZID=Europe/Paris"] == "20261014T170000"
    assert found[UID.format("1-jour-2")]["DTEND;TZID=Europe/Paris"] == "20261015T123000"
    overseas = ics(suivi(territoire__departements=["974"]))
    assert events(overseas)[UID.format(1)]["DTSTART;TZID=Indian/Reunion"] == "20261014T093000"
    zone = unfolded(overseas)
    assert zone[zone.index("TZID:Indian/Reunion") + 1] == "BEGIN:STANDARD"
    assert "TZOFFSETTO:+0400" in zone
    assert "BEGIN:DAYLIGHT" not in zone


def test_a_session_without_hours_takes_whole_days_whose_end_is_left_out() -> None:
    two = events(ics())[UID.format(2)]
    assert (two["DTSTART;VALUE=DATE"], two["DTEND;VALUE=DATE"]) == ("20270120", "20270122")
    bare = ics(changed())
    assert "BEGIN:VTIMEZONE" not in unfolded(bare)
    assert len(events(bare)) == 4


def test_hours_once_known_replace_the_whole_days_sent_before() -> None:
    before = events(ics(suivi(accompagnement__sessions__0__horaires=[])))
    assert UID.format(1) in before
    assert before.keys() < events(ics()).keys()


def test_a_meeting_whose_end_nobody_gave_has_none() -> None:
    cadrage = events(ics())["adt-l-2026-053-01-cadrage@assembler"]
    assert cadrage["DTSTART;TZID=Europe/Paris"] == "20260908T140000"
    assert not [key for key in cadrage if key.startswith("DTEND")]


def test_signs_that_mean_something_are_escaped() -> None:
    place = ["salle ; étage 2, porte \\ gauche"]
    fiche = suivi(
        accompagnement__sessions__0__adresse=place, accompagnement__sessions__0__ordre_du_jour=["Un", "Deux"]
    )
    one = events(ics(fiche))[UID.format(1)]
    assert simple(one["LOCATION"]).replace(" \\;", "\\;") == "Évron\\, salle\\; étage 2\\, porte \\\\ gauche"
    assert one["DESCRIPTION"] == "– Un\\n– Deux"


def test_a_month_gives_no_event_and_no_day_at_all_gives_no_file() -> None:
    assert UID.format(3) not in events(ics())
    assert list(fichiers("calendrier", en_cours(changed(**SEULE)))) == ["calendrier.xlsx"]


def test_the_weeks_between_two_sessions_fill_no_agenda() -> None:
    assert not [uid for uid in events(ics()) if "inter-atelier" in uid]


def test_the_same_fiche_on_the_same_day_gives_the_same_agenda() -> None:
    assert ics() == ics()
    assert events(ics())[UID.format(1)]["DTSTAMP"] == "20261122T000000Z"
    nameless = events(ics(suivi(reference=None)))
    assert "2026-053-01-session-1@assembler" in nameless
