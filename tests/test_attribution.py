"""The letters of the attribution: what each says, keeps to itself, and refuses to say."""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from assembler_plugins.commun.lettres import tribunal
from assembler_plugins.commun.marche.documents import ATTRIBUTION as DOCUMENTS
from assembler_plugins.commun.marche.montants import en_toutes_lettres
from cas_local import ACCORD, OFFRES, case, marche

from assembler.contributions import Case, Template
from assembler.errors import MissingValue, WritingError
from assembler.model import Months
from assembler.readers.docx import read
from assembler.rendering.docx import render

WORD = [one for one in DOCUMENTS if one.template is not None]
OUT = "irrégulière : le calendrier manque"
ALONE = {
    "attribution__titulaire": "Exemple et associés",
    "attribution__montant_ht": Decimal(60_000),
    "attribution__repartition": [],
}
"""A titulaire on its own, which is no small firm, is retained."""


def template(ident: str) -> Template:
    return next(one for one in DOCUMENTS if one.id == ident)


def offers(**changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    ranks = {"atelier": 0, "studio": 1, "associes": 2}
    given = copy.deepcopy(OFFRES)
    for name, values in changes.items():
        given[ranks[name]] |= values
    return given


def of(accord: Mapping[str, Any] = ACCORD, **changes: Any) -> Case:
    return case(marche(**changes), accord=accord, step="attribution")


def alone(**changes: Any) -> Case:
    cheap = offers(associes={"montant_ht": Decimal(60_000), "notes": {"Valeur technique": "9"}})
    return of(**({"offres": cheap} | ALONE | changes))


def plain_spaces(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def refusal(error: type[Exception], ident: str, one: Case) -> str:
    """What is told when a document is refused."""
    with pytest.raises(error) as found:
        all_of(ident, one)
    return plain_spaces(str(found.value))


def all_of(ident: str, one: Case) -> dict[str, str]:
    """The text of each copy, by the suffix of its file, its spaces plain."""
    made = template(ident)
    assert made.template is not None
    assert made.context is not None
    out = {}
    for which in made.copies(one):
        data = render(made.template.read_bytes(), made.context(one, which), name=ident)
        reading = read(data)
        text = "\n".join([*(block.text for block in reading.blocks), reading.headers])
        out[which.suffix] = plain_spaces(text)
    return out


def said(ident: str, one: Case) -> str:
    (text,) = all_of(ident, one).values()
    return text


# --- all of them ----------------------------------------------------------------------------------

SUITE = {"attribution__sans_suite": {"date": dt.date(2026, 7, 25), "motifs": ["Le besoin a changé."]}}


@pytest.mark.parametrize("one", WORD, ids=lambda one: one.id)
def test_every_document_of_the_attribution_is_made_without_a_gap(one: Template) -> None:
    made = of(**SUITE) if one.id == "declaration-sans-suite" else of()
    assert one.condition(made) is None
    texts = all_of(one.id, made)
    assert texts
    for text in texts.values():
        assert not re.search(r"\{\{|None|  |à compléter :|de le |de les |d’d|\bde [AEIOUÉ]", text)
        assert "2026-053-01" in text


def test_the_documents_that_bind_and_those_made_on_request() -> None:
    assert {one.id for one in DOCUMENTS if one.binding} == {
        "lettre-attribution", "lettre-rejet", "lettre-notification", "declaration-sans-suite",
    }  # fmt: skip
    assert {one.id for one in DOCUMENTS if one.on_request} == {
        "convocation-audition", "declaration-sans-suite",
    }  # fmt: skip
    assert {one.step for one in DOCUMENTS} == {"attribution"}


@pytest.mark.parametrize(
    ("changes", "made"),
    [
        ({"offres": []}, set()),
        ({"attribution__titulaire": None}, {"analyse-offres", "releve-choix"}),
        ({"attribution__date_signature": None},
         {"analyse-offres", "releve-choix", "lettre-attribution", "lettre-rejet"}),
        (SUITE, {"analyse-offres"}),
        ({}, {"analyse-offres", "releve-choix", "lettre-attribution", "lettre-rejet", "lettre-notification"}),
    ],
)  # fmt: skip
def test_a_document_waits_for_what_it_is_about(changes: dict, made: set[str]) -> None:
    one = of(**changes)
    assert {one_.id for one_ in DOCUMENTS if not one_.on_request and one_.condition(one) is None} == made


def test_an_offer_at_fault_refuses_its_documents_and_no_other() -> None:
    broken = of(offres=[*offers(atelier={"notes": {"Valeur technique": "bien"}}), {"titulaire": None}])
    for one in DOCUMENTS:
        assert one.condition(broken) is None
        assert list(one.copies(broken))
    assert "n’est pas une note" in refusal(WritingError, "lettre-attribution", broken)
    assert all_of("convocation-audition", broken)


def test_no_document_names_a_format() -> None:
    for one in WORD:
        assert one.template is not None
        assert "Atelier local" not in read(one.template.read_bytes()).text


@pytest.mark.parametrize("ident", ["lettre-attribution", "lettre-rejet", "lettre-notification"])
@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"attribution__titulaire": "Un autre"}, WritingError, "n’a pas remis d’offre"),
        ({"attribution__montant_ht": Decimal("79850.01")}, WritingError, r"79.850,01 € HT.*79.850,00 € HT"),
        ({"offres": offers(atelier={"ecartee": OUT})}, WritingError, "est écartée"),
        ({"offres": offers(atelier={"notes": {"Valeur technique": "1"}})}, WritingError, "classée 3e"),
        ({"attribution__montant_ht": None}, MissingValue, "attribution.montant_ht"),
        ({"marche__numero": None}, MissingValue, "marche.numero"),
        ({"intitule": None, "pilotes": []}, MissingValue, r"intitule.*pilotes"),
    ],
)
def test_what_binds_is_coherent_or_refused(ident: str, changes: dict, error: type, told: str) -> None:
    assert re.search(told, refusal(error, ident, of(**changes)))


def test_the_salutation_is_that_of_the_representative_and_the_closing_repeats_it() -> None:
    letters = all_of("lettre-rejet", of())
    assert "\nMonsieur,\n" in letters["studio-exemple"]
    assert "Je vous prie d’agréer, Monsieur, l’expression de ma considération" in letters["studio-exemple"]
    assert "\nMadame,\n" in letters["exemple-et-associes"]
    nobody = {**ACCORD, "titulaires": [{**one, "representant": None} for one in ACCORD["titulaires"]]}
    assert "\nMadame, Monsieur,\n" in all_of("lettre-rejet", of(nobody))["studio-exemple"]


def test_a_titulaire_that_the_record_does_not_know_is_written_to_by_its_name() -> None:
    text = said("lettre-attribution", of({}, attribution__pieces_demandees=["un RIB"]))
    assert "\nAtelier Exemple\n" in text
    assert "\nMadame, Monsieur,\n" in text


# --- hearing --------------------------------------------------------------------------------------


def test_those_whose_offer_is_not_excluded_are_called_at_their_hour() -> None:
    heard = offers(atelier={"audition": dt.datetime(2026, 7, 16, 9, 30)}, associes={"ecartee": OUT})
    letters = all_of("convocation-audition", of(offres=heard))
    assert list(letters) == ["atelier-exemple", "studio-exemple"]
    assert "le jeudi 16 juillet 2026 à 09 h 30 (heure de Paris)" in letters["atelier-exemple"]
    assert "entre le jeudi 16 juillet 2026 et le vendredi 17 juillet 2026" in letters["studio-exemple"]
    assert "à une heure qui vous sera précisée" in letters["studio-exemple"]
    assert "que vous ne pouvez pas modifier" in letters["studio-exemple"]


def test_without_offers_all_those_consulted_are_called() -> None:
    assert len(all_of("convocation-audition", of(offres=[]))) == 3


def test_nobody_is_called_when_the_accord_cadre_forbids_it() -> None:
    assert "ne permet pas" in (
        template("convocation-audition").condition(of({**ACCORD, "audition": False})) or ""
    )
    assert template("convocation-audition").condition(of(marche__audition__prevue=False)) is not None


def test_a_hearing_at_a_distance_has_no_address() -> None:
    text = all_of("convocation-audition", of(marche__audition__lieu="Visioconférence"))["studio-exemple"]
    assert "en visioconférence" in text
    assert "à l’adresse suivante" not in text


def test_a_hearing_whose_day_is_not_known_is_marked() -> None:
    text = all_of("convocation-audition", of(marche__audition={"prevue": True}))["studio-exemple"]
    assert "[à compléter : date et heure de l’audition]" in text


# --- record of the choice -----------------------------------------------------------------------------


def test_the_record_holds_the_participants_the_marks_and_the_choice() -> None:
    text = said("releve-choix", of(offres=offers(associes={"ecartee": OUT})))
    for one in (
        "Camille Exemple", "président, CC des Coëvrons", "51 / 60", "37,16 / 40",
        "1re\nAtelier Exemple\n88,16 / 100", "79 850,00 € HT",
        "Exemple et associés : irrégulière : le calendrier manque.",
        "Sa méthode relie chaque session", "Pour la préfète et par délégation",
    ):  # fmt: skip
        assert one in text


def test_a_record_that_is_not_finished_is_marked_rather_than_refused() -> None:
    text = said(
        "releve-choix",
        of(attribution__titulaire=None, attribution__motifs=[], attribution__participants=[],
           attribution__date_choix=None),
    )  # fmt: skip
    assert "[à compléter : titulaire retenu]" in text
    assert "[à compléter : motifs du choix]" in text
    assert "[à compléter : participants au choix]" in text


# --- letter 9 -----------------------------------------------------------------------------------------


def test_the_attributaire_is_told_what_to_give_and_that_nothing_starts() -> None:
    text = said("lettre-attribution", of())
    assert "votre offre, d’un montant de 79 850,00 € HT, est retenue" in text
    assert "au plus tard le 31 juillet 2026" in text
    assert "attestations fiscales et sociales de moins de six mois ;" in text
    assert "relevé d’identité bancaire de chaque membre du groupement." in text
    assert "La présente lettre n’est pas la notification du marché." in text
    assert "aucune prestation ne peut commencer" in text
    assert "tous les membres du groupement, ou par son mandataire" in text
    assert "une personne habilitée à engager votre société" in said("lettre-attribution", alone())


def test_the_pieces_of_the_fiche_win_over_those_of_the_accord_cadre() -> None:
    text = said("lettre-attribution", of(attribution__pieces_demandees=["RIB"]))
    assert "RIB." in text
    assert "attestations fiscales" not in text


def test_a_letter_without_pieces_nor_deadline_names_both() -> None:
    bare = of({**ACCORD, "pieces_attributaire": None}, attribution__date_limite_pieces=None)
    assert re.search(
        r"pieces_demandees.*date_limite_pieces", refusal(MissingValue, "lettre-attribution", bare)
    )


# --- letter 10 ----------------------------------------------------------------------------------------


def test_each_titulaire_that_is_not_retained_has_its_marks_and_those_of_the_attributaire_only() -> None:
    letters = all_of("lettre-rejet", of())
    assert list(letters) == ["studio-exemple", "exemple-et-associes"]
    studio = letters["studio-exemple"]
    assert "Votre offre est classée 3e sur trois offres comparées" in studio
    assert "42 / 60\n51 / 60" in studio
    assert "40 / 40\n37,16 / 40" in studio
    assert "82 / 100\n88,16 / 100" in studio
    assert "attribué à Atelier Exemple, mandataire du groupement" in studio
    assert "Sa méthode relie chaque session" in studio


def test_no_letter_of_rejection_holds_a_price_an_envelope_or_another_loser() -> None:
    for suffix, text in all_of("lettre-rejet", of()).items():
        assert "€" not in text
        assert "HT" not in text
        others = {
            "studio-exemple": ("Exemple et associés", "48 / 60", "36 / 40", "84 / 100"),
            "exemple-et-associes": ("Studio Exemple", "42 / 60", "40 / 40", "82 / 100"),
        }
        assert [one for one in others[suffix] if one in text] == []


def test_an_excluded_offer_has_its_reason_and_no_mark() -> None:
    text = all_of("lettre-rejet", of(offres=offers(associes={"ecartee": OUT})))["exemple-et-associes"]
    assert "\nIrrégulière : le calendrier manque.\n" in text
    assert "/ 60" not in text
    assert "classée 3e" not in text
    assert "attribué à Atelier Exemple" in text


def test_a_tie_is_said_to_have_been_settled_by_the_reasons() -> None:
    tie = {"montant_ht": Decimal("79850.00"), "notes": {"Valeur technique": "8.5"}}
    letters = all_of("lettre-rejet", of(offres=offers(associes=tie)))
    assert "classée 1re ex æquo" in letters["exemple-et-associes"]
    assert "le même total" in letters["exemple-et-associes"]
    assert "le même total" not in letters["studio-exemple"]


def test_the_signature_waits_only_for_a_delay_and_says_who_wants_it() -> None:
    none = all_of("lettre-rejet", of())["studio-exemple"]
    assert "délai de onze" not in none
    assert "susceptible d’être signé à compter du 10 août 2026" in none
    wished = all_of("lettre-rejet", of(attribution__delai_suspension_jours=11))["studio-exemple"]
    assert "Sans y être tenu par l’accord-cadre, j’ai choisi d’observer un délai de onze (11) jours" in wished
    assert "pas avant le 2 août 2026" in wished
    imposed = all_of("lettre-rejet", of({**ACCORD, "delai_suspension": 11}))["studio-exemple"]
    assert "Conformément à l’accord-cadre, un délai de onze (11) jours est observé" in imposed
    assert "susceptible" not in wished + imposed
    assert "avant le 2 août 2026" in said("lettre-attribution", of(attribution__delai_suspension_jours=11))


def test_a_signature_planned_before_the_end_of_the_delay_is_refused() -> None:
    late = of(attribution__delai_suspension_jours=11, attribution__date_signature=dt.date(2026, 8, 1))
    assert re.search(r"1er.août 2026.*2.août.2026", refusal(WritingError, "lettre-rejet", late))
    assert re.search(
        "date_rejets",
        refusal(
            MissingValue,
            "lettre-rejet",
            of(attribution__delai_suspension_jours=11, attribution__date_rejets=None),
        ),
    )


def test_the_remedies_name_the_court_of_the_fiche_and_are_refused_without_it() -> None:
    text = all_of("lettre-rejet", of())["studio-exemple"]
    assert "devant le tribunal administratif de Nantes dans un délai de deux mois" in text
    assert "référé précontractuel" in text
    assert re.search(
        r"attribution.motifs.*marche.tribunal",
        refusal(MissingValue, "lettre-rejet", of(marche__tribunal=None, attribution__motifs=[])),
    )


@pytest.mark.parametrize(
    "typed", ["tribunal administratif de Nantes", "Le Tribunal administratif de Nantes", "Nantes"]
)
def test_a_court_is_named_whole_with_its_article(typed: str) -> None:
    assert tribunal(typed) == "le tribunal administratif de Nantes"


def test_a_rejection_without_its_marks_is_refused() -> None:
    assert re.search(
        r"Studio Exemple \(Valeur technique\)",
        refusal(MissingValue, "lettre-rejet", of(offres=offers(studio={"notes": None}))),
    )
    assert re.search(
        "note maximale", refusal(MissingValue, "lettre-rejet", of({**ACCORD, "note_maximale": None}))
    )


def test_nobody_is_rejected_when_one_offer_came() -> None:
    assert "une seule offre" in (template("lettre-rejet").condition(of(offres=offers()[:1])) or "")


# --- letter 11 ----------------------------------------------------------------------------------------


def test_the_amounts_are_in_words_and_figures_the_tax_by_rate() -> None:
    text = said("lettre-notification", of())
    assert "Soixante-dix-neuf mille huit cent cinquante euros hors taxes (79 850,00 € HT)" in text
    assert "TVA à 20 %, sur 71 850,00 € HT (Atelier Exemple et Paysages Exemple)\n14 370,00 €" in text
    assert "TVA à 0 %, sur 8 000,00 € HT (Morgane Exemple)\nSans objet" in text
    assert (
        "Quatre-vingt-quatorze mille deux cent vingt euros toutes taxes comprises (94 220,00 € TTC)" in text
    )
    assert "20 % (code général des impôts, article 278)" in text


def test_the_dates_the_duration_and_the_effect_on_receipt() -> None:
    text = said("lettre-notification", of())
    assert "prend effet à la date à laquelle vous recevez la présente lettre" in text
    assert "commencent le 1er septembre 2026" in text
    assert "onze (11) mois, jusqu’au 31 juillet 2027 inclus" in text
    without = said("lettre-notification", of(attribution__date_debut=None))
    assert "commencent le 17 août 2026" in without
    assert "jusqu’au 16 juillet 2027" in without


def test_what_an_invoice_must_quote_is_there() -> None:
    text = said("lettre-notification", of())
    for one in (
        "2105467890", "FAC0000053", "110 002 011 00044", "Directeur départemental des finances publiques",
        "https://portail.chorus-pro.gouv.fr", "trente (30) jours", "majoré de huit points", "40,00 €",
    ):  # fmt: skip
        assert one in text
    assert "à confirmer" not in text
    own = said("lettre-notification", of(attribution__siret_facturation="11000201100036"))
    assert "110 002 011 00036" in own


def test_each_member_has_its_advance_on_its_own_share() -> None:
    text = said("lettre-notification", of())
    assert "Une avance de 28 266,00 € est versée" in text
    assert "Morgane Exemple (cotraitant, PME)\n8 000,00 €\n30 %\n2 400,00 €" in text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "Une avance de 21 600,00 €, soit 30 % du montant initial TTC de 72 000,00 €, est versée"),
        ({"attribution__avance": {"demandee": True}}, "Une avance de 3 600,00 €, soit 5 %"),
        ({}, "Elle est versée et remboursée conformément à l’article 6.1 du CCP de l’accord-cadre."),
        ({"attribution__avance": {"demandee": False}}, "a renoncé à l’avance"),
        (
            {"accompagnement__duree_mois": 14},
            "Une avance de 18 514,29 €, soit 30 % du montant initial TTC de 72 000,00 € ramené à douze mois,",
        ),
        ({"accompagnement__duree_mois": 2}, "pas droit à une avance : sa durée n’excède pas deux mois"),
    ],
)
def test_the_advance_is_given_waived_or_not_due(changes: dict, told: str) -> None:
    assert told in said("lettre-notification", alone(**changes))


def test_a_small_contract_gives_no_right_to_an_advance() -> None:
    small = {"montant_ht": Decimal(50_000), "notes": {"Valeur technique": "9"}}
    one = alone(offres=offers(associes=small), attribution__montant_ht=Decimal(50_000))
    assert "pas droit à une avance : son montant n’excède pas 50 000,00 € HT" in said(
        "lettre-notification", one
    )


def test_the_letter_ends_with_its_receipt_and_counts_its_enclosures() -> None:
    text = said("lettre-notification", of())
    assert "3 – copie de l’acte d’engagement signé" in text
    assert "Accusé de réception" in text
    assert "réunion de cadrage se tient le mardi 8 septembre 2026 à 14 h 00 (Évron)" in text
    assert "Dominique EXEMPLE" in text


def test_all_that_a_notification_lacks_is_named_at_once() -> None:
    names = ("engagement_juridique", "code_service", "comptable", "date_debut", "date_notification")
    bare = of(**{f"attribution__{name}": None for name in names}, accompagnement__duree_mois=None)
    with pytest.raises(MissingValue) as error:
        said("lettre-notification", bare)
    for name in ("duree_mois", *names[:-1]):
        assert name in str(error.value)


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"marche__taux_tva": None}, MissingValue, "marche.taux_tva"),
        ({"marche__taux_tva": Decimal("8.5")}, MissingValue, "marche.motif_tva"),
        ({"attribution__repartition": []}, MissingValue, r"Morgane Exemple.*attribution.repartition"),
        ({"attribution__repartition__0__montant_ht": Decimal(1)}, WritingError, r"29.851,00 €.*79.850,00 €"),
        ({"attribution__repartition__0__membre": "X"}, WritingError, "« X »"),
        ({"attribution__avance": {}}, MissingValue, "attribution.avance.demandee"),
        ({"attribution__avance__taux": Decimal(10)}, WritingError, "attribution.avance.taux"),
        ({"attribution__date_debut": dt.date(2026, 8, 1)}, WritingError, "avant la notification"),
        ({"accompagnement__duree_mois": Months(10, 12)}, WritingError, "fourchette, 10 à 12"),
    ],
)
def test_a_notification_that_would_be_false_is_refused(changes: dict, error: type, told: str) -> None:
    assert re.search(told, refusal(error, "lettre-notification", of(**changes)))


def test_an_advance_whose_rate_nobody_can_tell_is_refused() -> None:
    people = [
        {**one, "pme": None} if one["mandataire"] == "Exemple et associés" else one
        for one in ACCORD["titulaires"]
    ]
    unknown = case(
        alone(attribution__avance={"demandee": True}).fiche,
        accord={**ACCORD, "titulaires": people, "avance": None},
        step="attribution",
    )
    assert re.search("qualité de PME", refusal(MissingValue, "lettre-notification", unknown))


def test_an_amount_in_words_is_followed_by_its_figures() -> None:
    text = en_toutes_lettres(Decimal(100_000), "HT").replace("\u00a0", " ").replace("\u202f", " ")
    assert text == "cent mille euros hors taxes (100 000,00 € HT)"


# --- no follow-up -------------------------------------------------------------------------------------


def test_each_titulaire_consulted_is_told_that_there_is_no_contract_and_why() -> None:
    letters = all_of("declaration-sans-suite", of(**SUITE, offres=offers()[:1]))
    assert list(letters) == ["atelier-exemple", "studio-exemple", "exemple-et-associes"]
    for text in letters.values():
        assert "déclarer cette consultation sans suite" in text
        assert "Le besoin a changé." in text
        assert "tribunal administratif de Nantes" in text
        assert "référé précontractuel" not in text
    assert "de l’offre que vous avez remise" in letters["atelier-exemple"]
    assert "de l’offre que vous avez remise" not in letters["studio-exemple"]


def test_a_declaration_without_reason_is_refused() -> None:
    assert re.search("sans_suite.motifs", refusal(MissingValue, "declaration-sans-suite", of()))
