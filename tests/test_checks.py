"""The Python checks, where their examples in the rule files are not enough."""

import datetime as dt
from fractions import Fraction

import pytest
from assembler_plugins.commun.calendrier import duree_et_dates, jours_ouvrables
from assembler_plugins.commun.courriers import duree_engagee, duree_engagee_au_plus, portage_conjoint
from assembler_plugins.commun.fichiers import fichiers_ouvrables, noms_acceptables
from assembler_plugins.commun.identifiants import coordonnees, numeros_siren
from hypothesis import given
from hypothesis import strategies as st

from assembler.french import ajouter_mois
from assembler.model import Frozen, State


def _files(*names: str) -> Frozen:
    return Frozen({"dossier": {"fichiers": [{"fichier": name} for name in names]}})


def _accompagnement(**given_: object) -> Frozen:
    return Frozen({"fiche": {"accompagnement": given_}})


@pytest.mark.parametrize(
    "name",
    [
        *("CON", "con.pdf", "Aux.docx", "LPT1.txt", "COM¹.pdf", "a/nul/b.pdf", "fin.", "fin ", "x./y.pdf"),
        *("a?.pdf", "a\\b.pdf", "a:b.pdf", "a" * 201, "tab\tulation.pdf", "\ud800.pdf"),
    ],
)
def test_a_name_that_windows_refuses_is_reported(name):
    assert list(noms_acceptables(_files(name)))


@pytest.mark.parametrize(
    "name", ["Console.pdf", "auxiliaire.pdf", "comité.docx", "l’été (2).pdf", "a" * 200, "com10.pdf"]
)
def test_a_name_that_windows_accepts_is_not(name):
    assert list(noms_acceptables(_files(name))) == []


def test_two_names_that_differ_by_the_writing_of_an_accent_are_twins():
    found = list(noms_acceptables(_files("Évron.pdf", "E\u0301VRON.pdf")))

    assert [one.state for one in found] == [State.NON_CONFORME]


@given(st.text(max_size=260))
def test_any_name_is_judged_without_failing(name):
    assert all(one.state is State.NON_CONFORME for one in noms_acceptables(_files(name)))


@given(st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)), st.integers(1, 36))
def test_a_duration_counted_to_the_day_before_agrees_with_its_dates(start, months):
    end = ajouter_mois(start, months) - dt.timedelta(days=1)

    assert list(duree_et_dates(_accompagnement(duree_mois=months, debut=start, fin=end))) == []


@given(st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)), st.integers(1, 36))
def test_a_duration_wrong_by_a_month_does_not(start, months):
    end = ajouter_mois(start, months + 1) - dt.timedelta(days=1)
    found = list(duree_et_dates(_accompagnement(duree_mois=months, debut=start, fin=end)))

    assert [one.state for one in found] == [State.NON_CONFORME]


def test_a_session_of_a_day_and_a_half_takes_two_days():
    session = {"numero": 1, "debut": dt.date(2026, 10, 17), "jours": Fraction(3, 2)}
    found = list(jours_ouvrables(_accompagnement(sessions=[session])))

    assert ["dimanche" in one.message for one in found] == [True]


@pytest.mark.parametrize(
    ("key", "number", "right"),
    [
        ("siren", "200033298", True),
        ("siren", "200 033\u00a0298", True),
        ("siren", "200033299", False),
        ("siret", "11000201100044", True),
        ("siret", "35600000049837", True),  # La Poste: the sum of the digits is a multiple of five
        ("siret", "35600000049838", False),
    ],
)
def test_numbers_are_judged_wherever_they_stand(key, number, right):
    found = list(numeros_siren(Frozen({"fiche": {"offres": [{"titulaire": {key: number}}]}})))

    assert not found if right else [one.path for one in found] == [f"fiche.offres.0.titulaire.{key}"]


@pytest.mark.parametrize(
    ("field", "value", "right"),
    [
        ("courriel", "prenom.nom@mayenne.gouv.fr", True),
        ("courriel", "o'brien+adt@exemple.fr", True),
        ("courriel", "prenom.nom", False),
        ("courriel", "a..b@exemple.fr", False),
        ("telephone", "02.61.91.00.53", True),
        ("telephone", "+33 (0)2 61 91 00 53", True),
        ("telephone", "+262 262 40 26 26", True),
        ("telephone", "0594 29 66 50", True),
        ("telephone", "3939", True),
        ("telephone", "02 61 91 00", False),
        ("adresse", "53000 Laval", True),
        ("adresse", "97300 Cayenne Cedex", True),
        ("adresse", "46 rue Mazagran", True),
        ("adresse", "12 bis place de la Mairie", True),
        ("adresse", "Cité administrative", True),
        ("adresse", "5300 Laval", False),
        ("adresse", "99123 Laval", False),
    ],
)
def test_coordinates_have_their_form(field, value, right):
    given_ = [value] if field == "adresse" else value
    found = list(coordonnees(Frozen({"fiche": {"pilotes": [{field: given_}]}})))

    assert bool(found) == (not right)


def _letter(*durations: tuple[int, int, str]) -> Frozen:
    found = [{"min": low, "max": high, "extrait": text} for low, high, text in durations]
    return Frozen({"pieces": {"courrier_service": [{"fichier": "a.pdf", "durees_mois": found}]}})


def test_the_duration_of_another_thing_is_not_the_engagement():
    letter = _letter((24, 24, "l’étude menée en deux ans"), (11, 11, "s’engage à porter l’Atelier onze mois"))

    assert list(duree_engagee(letter, piece="courrier_service", minimum=10)) == []
    assert list(duree_engagee_au_plus(letter, piece="courrier_service", maximum=12)) == []


def test_each_letter_is_judged():
    facts = Frozen(
        {
            "pieces": {
                "courrier_service": [
                    {"fichier": "a.pdf", "durees_mois": [{"min": 12, "max": 12}]},
                    {"fichier": "b.pdf", "durees_mois": [{"min": 6, "max": 6}]},
                ]
            }
        }
    )

    found = list(duree_engagee(facts, piece="courrier_service", minimum=10))

    assert [(one.path, one.location.fichier) for one in found] == [("pieces.courrier_service.1", "b.pdf")]


def test_what_neither_fiche_nor_letters_tell_of_the_carriers_is_not_judged():
    found = list(portage_conjoint(Frozen({}), service="s", collectivite="c"))

    assert [one.state for one in found] == [State.NON_APPLICABLE]


def test_a_workbook_that_nobody_claims_and_no_reader_reads_is_not_said_broken():
    files = [{"fichier": "Budget.xlsx", "nature": "xlsx", "defaut": "nature"}]

    assert list(fichiers_ouvrables(Frozen({"dossier": {"fichiers": files}}))) == []
