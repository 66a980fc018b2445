"""Numbers, dates, names and spaces as an administration writes them."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assembler import french

VECTORS = json.loads((Path(__file__).parent / "data" / "vecteurs.json").read_text("utf-8"))
NBSP, NARROW = "\u00a0", "\u202f"

prose = st.text(
    alphabet=st.sampled_from("aéLM1203 .,:;!?\"'’«»%€°n()[]\u00a0\u202f\n\ue000-@/pdfhm"), max_size=60
) | st.text(max_size=60)


def shown(text: str) -> str:
    """Spaces made visible, as documents.md writes them."""
    return text.replace(NBSP, "·").replace(NARROW, "_")


@pytest.mark.parametrize("vector", VECTORS["montants_en_lettres"], ids=lambda one: one["montant"])
def test_an_amount_is_written_in_figures_and_in_words_in_both_spellings(vector):
    amount = Decimal(vector["montant"])
    assert french.montant(amount) == vector["chiffres"]
    assert french.montant_en_lettres(amount) == vector["lettres_traditionnelle"]
    assert french.montant_en_lettres(amount, "1990") == vector["lettres_1990"]


@pytest.mark.parametrize("vector", VECTORS["tva"], ids=str)
def test_tax_is_computed_once_on_the_summed_base(vector):
    base = sum((Decimal(line) for line in vector.get("lignes_ht", [vector.get("ht")])), Decimal(0))
    assert french.tva(base, Decimal(vector["taux"])) == (Decimal(vector["tva"]), Decimal(vector["ttc"]))


@pytest.mark.parametrize("vector", VECTORS["departements"], ids=lambda one: one["code"])
def test_a_departement_follows_prefet_as_usage_wants(vector):
    assert french.departement_de(vector["code"]) == vector["de"]


def test_a_rate_in_percent_points_is_refused():
    with pytest.raises(ValueError, match=r"0\.20"):
        french.tva(Decimal(100), Decimal(20))


@pytest.mark.parametrize("wrong", [Decimal("-1"), Decimal("1.005"), "deux", Decimal("NaN")])
def test_an_amount_that_no_contract_can_hold_has_no_words(wrong):
    with pytest.raises(ValueError, match=r"nombre|montant"):
        french.montant_en_lettres(wrong)


def test_rounding_goes_half_away_from_zero_even_from_a_float():
    assert [french.arrondi(value) for value in (2.675, 1.005, "0.125", Decimal("-0.005"))] == [
        Decimal("2.68"),
        Decimal("1.01"),
        Decimal("0.13"),
        Decimal("-0.01"),
    ]


@given(st.integers(min_value=0, max_value=999_999_999))
def test_both_spellings_differ_by_their_hyphens_only(number):
    old, new = french.en_lettres(number), french.en_lettres(number, "1990")
    assert old.replace("-", " ") == new.replace("-", " ")
    assert " " not in new or "million" in new


def test_an_unknown_spelling_is_refused():
    with pytest.raises(ValueError, match="orthographe inconnue"):
        french.en_lettres(1, "1835")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("53", "Mayenne"),
        ("1", "Ain"),
        ("974", "La Réunion"),
        ("69M", "Métropole de Lyon"),
        ("2a", "Corse-du-Sud"),
    ],
)
def test_a_departement_has_its_name_alone(code, name):
    assert french.departement_nom(code) == name


def test_an_unknown_departement_is_refused():
    with pytest.raises(ValueError, match="« 20 »"):
        french.departement_de("20")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Communauté de communes des Coëvrons", "de la Communauté de communes des Coëvrons"),
        ("Direction départementale des territoires", "de la Direction départementale des territoires"),
        ("commune d’Évron", "de la commune d’Évron"),
        ("Évron", "d’Évron"),
        ("Le Mans", "du Mans"),
        ("La Rochelle", "de La Rochelle"),
        ("Les Rousses", "des Rousses"),
        ("L’Isle-Adam", "de L’Isle-Adam"),
        ("Établissement public foncier local", "de l’Établissement public foncier local"),
        ("Syndicat mixte du Pays d’Auge", "du Syndicat mixte du Pays d’Auge"),
        ("Agence d’urbanisme", "de l’Agence d’urbanisme"),
        ("Hambers", "de Hambers"),
        ("Hérouville-Saint-Clair", "d’Hérouville-Saint-Clair"),
        ("Yvetot", "d’Yvetot"),
        ("Laval", "de Laval"),
        ("Pays de la Loire", "des Pays de la Loire"),
        ("Pays de Coulommiers", "du Pays de Coulommiers"),
        ("Services de l’État", "des Services de l’État"),
        ("CC des Coëvrons", "de la CC des Coëvrons"),
        ("PETR du Gâtinais", "du PETR du Gâtinais"),
        ("SCoT de Laval", "du SCoT de Laval"),
        ("M. Durand", "de M. Durand"),
        ("le préfet", "du préfet"),
    ],
)
def test_de_elides_contracts_and_takes_the_article(name, expected):
    assert french.de(name) == expected


def test_dates_are_written_for_prose_and_for_tables():
    first = dt.date(2026, 1, 1)
    assert shown(french.date_longue(first)) == "1er·janvier·2026"
    assert shown(french.date_longue(dt.date(2026, 11, 22))) == "22·novembre·2026"
    assert french.date_courte(first) == "01/01/2026"
    assert shown(french.mois_annee(dt.date(2026, 8, 3))) == "août·2026"


def test_months_are_added_from_date_to_date():
    assert french.ajouter_mois(dt.date(2027, 1, 31), 1) == dt.date(2027, 2, 28)
    assert french.ajouter_mois(dt.date(2028, 1, 31), 1) == dt.date(2028, 2, 29)
    assert french.ajouter_mois(dt.date(2026, 9, 1), 11) == dt.date(2027, 8, 1)
    assert french.ajouter_mois(dt.date(2026, 1, 15), -1) == dt.date(2025, 12, 15)


@pytest.mark.parametrize(
    ("departement", "own"),
    [
        ("57", {(4, 3), (12, 26)}),  # code du travail, L. 3134-13
        ("67", {(4, 3), (12, 26)}),
        ("68", {(4, 3), (12, 26)}),
        ("53", set()),
        ("972", {(5, 22)}),
        ("973", {(6, 10)}),
        ("974", {(12, 20)}),
        ("976", {(4, 27)}),
        ("971", {(5, 27)}),
    ],
)
def test_some_departements_have_holidays_of_their_own(departement, own):
    national = french.jours_feries(2026, None)
    assert len(national) == 11
    found = {(day.month, day.day) for day in french.jours_feries(2026, departement) - national}
    assert own <= found
    assert bool(own) == bool(found)


def test_numbers_group_by_three_and_keep_their_useful_decimals():
    assert shown(french.nombre(Decimal("1234567.50"))) == "1_234_567,5"
    assert french.nombre(12) == "12"
    assert french.nombre(Decimal("-0.25")) == "-0,25"
    assert shown(french.pourcent(Decimal("8.50"))) == "8,5·%"


@pytest.mark.parametrize(
    ("count", "noun", "expected"),
    [(0, "jour", "0·jour"), ("1.5", "jour", "1,5·jour"), (2, "jour", "2·jours"), (3, "mois", "3·mois"),
     (2, "bureau", "2·bureaux"), (2, "signal", "2·signaux")],
)  # fmt: skip
def test_the_plural_starts_at_two(count, noun, expected):
    assert shown(french.pluriel(count, noun)) == expected


def test_several_words_need_their_plural():
    assert shown(french.pluriel(2, "jour ouvré", "jours ouvrés")) == "2·jours ouvrés"
    with pytest.raises(ValueError, match="pluriel"):
        french.pluriel(2, "jour ouvré")


def test_civility_decides_the_agreement():
    assert [french.feminin(one) for one in ("Mme", "Madame", "M.", "", None)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert french.accord("Mme", "directeur", "directrice") == "directrice"
    assert french.accord("M.", "directeur", "directrice") == "directeur"


def test_small_forms():
    assert [french.enumerer(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a et b", "a, b et c",
    ]  # fmt: skip
    assert french.majuscule("état des lieux de Laval") == "État des lieux de Laval"
    assert french.slug("CC des Coëvrons / Œuvres n° 3") == "cc-des-coevrons-oeuvres-n-3"
    assert french.slug("…") == "sans-nom"
    assert len(french.slug("mot " * 50)) <= 60
    assert shown(french.telephone("0254557350")) == "02·54·55·73·50"
    assert shown(french.telephone("+33 2 54 55 73 50")) == "+33·2·54·55·73·50"
    assert shown(french.telephone("poste 12")) == "poste·12"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Objet: l'État", "Objet·: l’État"),
        ("Oui ; non ! Vraiment ?!", "Oui_; non_! Vraiment_?!"),
        ("« a » et «b»", "«·a·» et «·b·»"),
        ('dit "oui" puis "non"', "dit «·oui·» puis «·non·»"),
        ('un écran de 15" seul', 'un écran de 15" seul'),
        ("20% de 100 000€ TTC", "20·% de 100_000·€·TTC"),
        ("en 2026 200 personnes", "en 2026 200·personnes"),
        ("au 02 43 67 87 00, SIRET 110 002 011 00044", "au 02·43·67·87·00, SIRET 110·002·011·00044"),
        ("au 02 430 000 00", "au 02 430 000 00"),
        ("le 1er janvier 2026, le 22 novembre", "le 1er·janvier·2026, le 22·novembre"),
        ("3 sessions de 2 jours en 11 mois", "3·sessions de 2·jours en 11·mois"),
        ("10 à 12 mois", "10 à 12·mois"),
        ("n° 3 et n°4", "n°·3 et n°·4"),
        ("M. Durand, Mme Dupont, J. Exemple", "M.·Durand, Mme·Dupont, J.·Exemple"),
        ("article R. 2162-10, art. 7, p. 12", "article·R.·2162-10, art.·7, p.·12"),
        ("à 12 h 00", "à 12·h·00"),
        ("etc...", "etc…"),
        ("voir https://x.fr/a?b=1:2;c='d' ; fin", "voir https://x.fr/a?b=1:2;c='d'_; fin"),
        ("a.b@c.fr, « note d'opp.docx », l'eau.pdf", "a.b@c.fr, «·note d'opp.docx·», l'eau.pdf"),
        ('le fichier "note d\'opp : fin.docx"', "le fichier «·note d'opp : fin.docx·»"),
        ("`l'x: y` et {{ d'x }}", "`l'x: y` et {{ d'x }}"),
        ("de  deux   espaces", "de deux espaces"),
        ("10:30 et ADT-L-2026-053-01", "10:30 et ADT-L-2026-053-01"),
    ],
)
def test_prose_gets_its_signs_and_spaces(typed, expected):
    assert shown(french.typo(typed)) == expected


@given(prose)
@example('a "b" c" d')
@example("x ...! 1 000 000  :")
@example("3:» L?» d;»")
def test_typography_is_idempotent(text):
    once = french.typo(text)
    assert french.typo(once) == once


@given(prose)
def test_typography_never_loses_a_sign(text):
    def signs(value: str) -> str:
        for new, old in {"’": "'", "…": "...", "«": '"', "»": '"'}.items():
            value = value.replace(new, old)
        return "".join(char for char in value if char not in f" {NBSP}{NARROW}")

    assert signs(french.typo(text)) == signs(text)


def test_everything_announced_exists_and_nothing_heavy_is_imported():
    assert all(callable(getattr(french, name)) for name in french.__all__)
    code = (
        "import sys, assembler.french; "
        "print([name for name in ('num2words', 'babel', 'holidays', 'openpyxl') if name in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )
