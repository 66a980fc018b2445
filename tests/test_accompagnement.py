"""The step « accompagnement »: the sessions, the frames to fill in, and what is dated."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from assembler_plugins.commun.accompagnement.dates import en_jours, horaire, periode
from assembler_plugins.commun.accompagnement.documents import ACCOMPAGNEMENT, RESTITUTION_FLASH
from assembler_plugins.commun.accompagnement.evenements import evenements
from assembler_plugins.commun.marche.mission import livrables
from cas_local import ACCORD, changed, marche
from cas_suite import (
    ADMIS,
    CALENDRIER,
    DOCUMENTS,
    SEULE,
    d_un_format,
    en_cours,
    fichiers,
    mots,
    simple,
    suivi,
)

from assembler.contributions import Case

D = dt.date


def only(ident: str, of: Case) -> str:
    """The words of a document made once."""
    (made,) = fichiers(ident, of).values()
    return mots(made)


# --- days and hours ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "said", "short"),
    [
        ((D(2026, 10, 14),), "mercredi 14 octobre 2026", "14 octobre 2026"),
        (
            (D(2026, 10, 14), D(2026, 10, 15)),
            "mercredi 14 et jeudi 15 octobre 2026",
            "14 et 15 octobre 2026",
        ),
        (
            (D(2027, 3, 31), D(2027, 4, 1)),
            "mercredi 31 mars et jeudi 1er avril 2027",
            "31 mars et 1er avril 2027",
        ),
        (
            (D(2026, 10, 14), D(2026, 10, 16)),
            "du mercredi 14 au vendredi 16 octobre 2026",
            "du 14 au 16 octobre 2026",
        ),
        (
            (D(2026, 12, 30), D(2027, 1, 2)),
            "du mercredi 30 décembre 2026 au samedi 2 janvier 2027",
            "du 30 décembre 2026 au 2 janvier 2027",
        ),
    ],
)
def test_days_are_said_without_saying_the_month_twice(days: Any, said: str, short: str) -> None:
    assert (simple(en_jours(days)), simple(periode(days[0], days[-1]))) == (said, short)


@pytest.mark.parametrize(
    ("given", "said", "halves"),
    [
        ("9h30-17h", "de 9 h 30 à 17 h", ("matin", "après-midi")),
        ("9:00 à 12:30", "de 9 h à 12 h 30", ("matin",)),
        ("14 h - 17 h 30", "de 14 h à 17 h 30", ("après-midi",)),
        ("9h-12h, 14h-16h", "de 9 h à 12 h et de 14 h à 16 h", ("matin", "après-midi")),
        ("toute la journée", "toute la journée", ("matin", "après-midi")),
        ("9h-17h, accueil dès 8h30", "9h-17h, accueil dès 8h30", ("matin", "après-midi")),
        ("17h-9h", "17h-9h", ("matin", "après-midi")),
    ],
)
def test_hours_are_read_and_said(given: str, said: str, halves: tuple[str, ...]) -> None:
    found = horaire(given)
    assert (simple(found.texte), found.demi_journees) == (said, halves)


# --- sessions ---------------------------------------------------------------------------------


@pytest.mark.parametrize("ident", ["invitation-session", "emargement-session", "carnet-suivi"])
def test_there_is_one_document_by_session_under_its_number(ident: str) -> None:
    assert list(fichiers(ident, en_cours())) == [f"{ident}-{n}.docx" for n in (1, 2, 3)]
    twice = suivi(accompagnement__sessions__1__numero=1)
    assert list(fichiers(ident, en_cours(twice))) == [f"{ident}-{n}.docx" for n in ("1", "1-2", "3")]
    assert list(fichiers(ident, en_cours(changed(**SEULE)))) == [f"{ident}-1.docx"]


@pytest.mark.parametrize("ident", ["invitation-session", "emargement-session", "carnet-suivi"])
def test_without_a_session_nothing_is_made_and_the_field_is_named(ident: str) -> None:
    assert "accompagnement.sessions" in str(DOCUMENTS[ident].condition(en_cours(changed(accompagnement={}))))


def test_an_invitation_says_when_where_what_and_whom_to_answer() -> None:
    said = mots(fichiers("invitation-session", en_cours())["invitation-session-1.docx"])
    for wanted in (
        "invitation à la session n° 1",
        "Date : mercredi 14 et jeudi 15 octobre 2026 ;",
        "de 9 h 30 à 17 h le mercredi 14 octobre et de 9 h à 12 h 30 le jeudi 15 octobre",
        "Lieu : Évron, salle des fêtes, place de la Mairie, 53600 Évron.",
        "Visite d’Évron ; échanges en marchant.",
        "prises en charge par les co-porteurs",
        "avant le 2 octobre 2026 auprès de Dominique EXEMPLE (contact@exemple.fr)",
        "Pour la préfète et par délégation,",
    ):
        assert wanted in said
    assert "à compléter" not in said


def test_an_invitation_lists_its_guests_and_not_the_service_that_writes() -> None:
    said = mots(fichiers("invitation-session", en_cours())["invitation-session-1.docx"])
    _, annex = said.split("Personnes et organismes invités")
    assert [
        name for name in ("Claude", "Lou", "Noa", "Camille", "Dominique") if f"{name} Exemple" in annex
    ] == [
        "Claude",
        "Lou",
        "Noa",
    ]


def test_what_an_invitation_does_not_know_is_to_be_completed_with_what_is_known_of_it() -> None:
    said = only("invitation-session", en_cours(changed(**SEULE)))
    assert "à la session d’atelier" in said
    assert "Date : [à compléter : jour, en octobre 2026] ;" in said
    assert "[à compléter : ordre du jour]" in said
    assert "[à compléter : date limite de réponse]" in said


@pytest.mark.parametrize(("bearer", "told"), [(None, True), ("co_porteurs", True), ("dgaln", False)])
def test_who_pays_for_the_day_is_said_only_when_the_co_porteurs_do(bearer: str | None, told: bool) -> None:
    fiche = suivi(financement={"frais_organisation": bearer})
    said = mots(fichiers("invitation-session", en_cours(fiche))["invitation-session-1.docx"])
    assert ("prises en charge par les co-porteurs" in said) is told


def test_hours_that_do_not_match_the_days_are_left_to_complete() -> None:
    fiche = suivi(accompagnement__sessions__0__horaires=["9h-12h", "14h-16h", "9h-10h"])
    assert "Horaires : [à compléter" in mots(
        fichiers("invitation-session", en_cours(fiche))["invitation-session-1.docx"]
    )


def test_a_sheet_is_signed_each_day_for_the_halves_that_the_hours_take() -> None:
    sheets = fichiers("emargement-session", en_cours())
    first = mots(sheets["emargement-session-1.docx"])
    assert "Mercredi 14 octobre 2026, de 9 h 30 à 17 h" in first
    assert "Jeudi 15 octobre 2026, de 9 h à 12 h 30" in first
    assert (first.count("(matin)"), first.count("(après-midi)")) == (2, 1)
    undated = mots(sheets["emargement-session-3.docx"])
    assert "[à compléter : jour, en mai 2027]" in undated
    assert (undated.count("(matin)"), undated.count("(après-midi)")) == (1, 1)


def test_a_sheet_of_a_session_without_date_has_as_many_days_as_it_lasts() -> None:
    fiche = suivi(accompagnement__sessions__2={"numero": 3, "jours": Decimal("1.5"), "horaires": ["9h-17h"]})
    said = mots(fichiers("emargement-session", en_cours(fiche))["emargement-session-3.docx"])
    assert said.count("Feuille d’émargement – session n° 3") == 2


@pytest.mark.parametrize("guests", [0, 1, 2, 9, 30, 60])
def test_a_sheet_leaves_at_least_four_empty_rows_and_fills_its_last_page(guests: int) -> None:
    people = [{"nom": f"Personne {n} Exemple", "organisme": "Commune"} for n in range(guests)]
    template, of = DOCUMENTS["emargement-session"], en_cours(suivi(acteurs=people))
    assert template.context is not None
    values = template.context(of, next(iter(template.copies(of))))
    rows, empty = len(values["participants"]), len(values["vides"])
    assert empty >= 4
    assert (rows + empty - 10) % 13 == 0


def test_a_sheet_expects_the_team_and_holds_no_telephone_but_the_notice_on_data() -> None:
    said = mots(fichiers("emargement-session", en_cours())["emargement-session-1.docx"])
    assert "Atelier Exemple" in said
    assert "Équipe pluridisciplinaire" in said
    assert "02 43 00 00 00" not in said
    assert "Téléphone" not in said
    for wanted in ("établir la présence", "archivage réglementaire", "contact@exemple.fr", "CNIL"):
        assert wanted in said


# --- frames -----------------------------------------------------------------------------------


def test_the_note_de_cadrage_takes_over_what_the_fiche_knows() -> None:
    fiche = suivi(marche__gouvernance={"copil": ["la préfète de la Mayenne"], "cotech": ["la DDT"]})
    said = only("note-cadrage", en_cours(fiche))
    for wanted in (
        "Marché subséquent n° 2026-053-01",
        "Atelier Exemple",
        "Réparer les bourgs et le bocage.",
        "Session n° 1 : diagnostic et enjeux",
        "Inter-atelier n° 1",
        "Du 16 octobre 2026 au 19 janvier 2027",
        "la préfète de la Mayenne",
        "Carnet de suivi n° 3",
        "Rapport final",
        "Chambre d’agriculture",
        "PLUi",
    ):
        assert wanted in said
    assert "79 850" not in said


def test_a_format_that_makes_a_sketch_announces_no_rapport_final() -> None:
    documents = (*ACCOMPAGNEMENT, *RESTITUTION_FLASH)
    said = only("note-cadrage", d_un_format(en_cours({}), "flash", "Atelier flash", documents))
    assert "Esquisse de plan-guide" in said
    assert "Rapport final" not in said


def test_the_note_de_cadrage_needs_no_fiche() -> None:
    said = only("note-cadrage", en_cours({}))
    assert "[à compléter : intitulé de l’Atelier]" in said
    assert "Les sessions in situ" not in said


def test_a_carnet_announces_the_next_session_and_the_last_one_none() -> None:
    made = [mots(one) for one in fichiers("carnet-suivi", en_cours()).values()]
    assert (
        "Prochaine étape : session n° 2 (stratégie), mercredi 20 et jeudi 21 janvier 2027, Bais." in made[0]
    )
    assert "Prochaine étape : session n° 3 (feuille de route), mai 2027, Évron." in made[1]
    assert "Prochaine étape" not in made[2]
    assert "Accueil et présentation" in made[0]
    assert "4. Le relevé de décisions" in made[0]


def test_no_document_names_another_format_than_its_own() -> None:
    fiche = suivi(intitule="Habiter Andouillé", livraisons=[ADMIS], attribution__titulaire="Studio Exemple")
    of = d_un_format(en_cours(fiche), "flash", "Atelier flash", (*ACCOMPAGNEMENT, *RESTITUTION_FLASH))
    for ident in DOCUMENTS:
        for name, data in fichiers(ident, of).items():
            if name.endswith(".docx"):
                assert "Atelier local" not in mots(data), name
                assert "None" not in mots(data), name
                assert "  " not in mots(data).replace("\n", "|"), name


# --- events -----------------------------------------------------------------------------------


def dated(fiche: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.cle, simple(one.quand)) for one in evenements(en_cours(fiche).fiche)]


def test_the_events_are_those_of_the_fiche_in_the_order_of_time() -> None:
    meetings = [{"nature": "restitution", "date": "2027-06"}, {"nature": "nationale"}, {"nature": "cadrage"}]
    assert dated(suivi(accompagnement__rencontres=meetings)) == [
        ("notification", "17 août 2026"),
        ("debut", "1er septembre 2026"),
        ("cadrage", "8 septembre 2026"),
        ("session-1", "14 et 15 octobre 2026"),
        ("inter-atelier-1", "du 16 octobre 2026 au 19 janvier 2027"),
        ("session-2", "20 et 21 janvier 2027"),
        ("session-3", "mai 2027"),
        ("restitution", "juin 2027"),
        ("fin", "31 juillet 2027"),
        ("nationale", "à fixer"),
    ]


def test_no_two_events_bear_the_same_key() -> None:
    meetings = [{"nature": "cadrage", "date": D(2026, 9, 20)}, *[{"nature": "inter_atelier"}] * 2]
    fiche = suivi(accompagnement__rencontres=meetings, accompagnement__sessions__1__numero=1)
    keys = [key for key, _ in dated(fiche)]
    assert len(keys) == len(set(keys))
    assert {"cadrage", "cadrage-2", "session-1", "session-1-2", "inter-atelier", "inter-atelier-2"} <= set(
        keys
    )


def test_the_due_dates_are_those_of_the_cctp() -> None:
    of = en_cours(suivi(marche__calendrier=CALENDRIER))
    due = {one.cle: one.debut for one in evenements(of.fiche) if one.cle.startswith("echeance")}
    notified = D(2026, 8, 17)
    written = {row["numero"]: row["echeance"] for row in livrables("cctp", of, ACCORD)}
    assert due == {
        f"echeance-{code.lower().replace('.', '-')}": notified
        + dt.timedelta(weeks=int("".join(char for char in term.removeprefix("T0") if char.isdigit())))
        for code, term in written.items()
    }


def test_without_weeks_in_the_fiche_no_due_date_is_made_up() -> None:
    assert not [key for key, _ in dated(suivi()) if key.startswith("echeance")]


def test_what_was_handed_over_is_no_longer_due() -> None:
    twice = [
        {"livrable": "L1", "date_remise": D(2026, 10, 2), "nouvelle_remise": D(2026, 10, 20)},
        {"livrable": "L1", "date_remise": D(2026, 10, 19)},
        {"livrable": "l2.1", "date_remise": D(2026, 11, 6), "nouvelle_remise": D(2026, 12, 4)},
    ]
    keys = [key for key, _ in dated(suivi(marche__calendrier=CALENDRIER, livraisons=twice))]
    assert [key for key in keys if "livraison" in key] == [
        "livraison-1",
        "livraison-2",
        "livraison-3",
        "nouvelle-livraison-3",
    ]
    assert "echeance-l1" not in keys
    assert "echeance-l2-2" in keys


def test_the_fiche_of_the_usual_marche_is_enough_for_all_that_is_not_on_request() -> None:
    of = en_cours(marche())
    for one in ACCOMPAGNEMENT:
        if not one.on_request:
            assert fichiers(one.id, of)
