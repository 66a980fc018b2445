"""The pieces against one another and against the fiche: true conflicts said, nothing else."""

import datetime as dt

import pytest
from assembler_plugins.commun import coherence
from assembler_plugins.commun.enonces import Contexte, durees, nombres_sessions
from hypothesis import given
from hypothesis import strategies as st

from assembler.contributions import Piece
from assembler.extraction.durations import durations, sessions
from assembler.extraction.facts import piece_facts
from assembler.extraction.territory import places_in
from assembler.model import Block, Frozen, Months, Reading, Source, State
from assembler.text import plain

KINDS = ("local", "flash", "national", "thematique")
LETTERS = ("courrier_collectivite", "courrier_prefet", "courrier_service")


def piece(text, name="note.docx"):
    return {
        "fichier": name,
        "lisible": True,
        "durees_mois": durations(text),
        "nombres_sessions": sessions(text),
    }


def facts(fiche=None, depot=dt.date(2026, 3, 12), **pieces):
    base = {
        "intitule": "Atelier local des Coëvrons",
        "date_depot": depot,
        "collectivites": [{"nom": "Communauté de communes des Coëvrons"}],
        "territoire": {"communes": [{"nom": "Évron"}]},
    }
    return Frozen(
        {
            "fiche": {} if fiche == "aucune" else base | {"accompagnement": fiche or {}},
            "pieces": pieces,
            "dossier": {
                "format": "local",
                "date": depot,
                "fiches": [] if fiche == "aucune" else ["dossier.yaml"],
            },
        }
    )


def on_durations(given_facts):
    return list(
        coherence.durees_concordantes(given_facts, sauf=("courrier_service", "annexe"), ateliers=KINDS)
    )


def on_numbers(given_facts):
    return list(coherence.nombres_concordants(given_facts, sauf=("annexe",), ateliers=KINDS))


def refusals(observations):
    return [one.message for one in observations if one.state is State.NON_CONFORME]


def states(observations):
    return {one.state for one in observations}


# --- durations ----------------------------------------------------------------------------------

OF_SOMETHING_ELSE = [
    "L’étude de 2021 a duré 18 mois.",
    "Le local est loué par un bail de 12 mois.",
    "Les élus ont reçu un mandat de six ans, dont il reste deux ans.",
    "Une étude de 18 mois a précédé la candidature.",
    "Le précédent accompagnement a duré quatorze mois.",
    "L’accompagnement précédent, d’une durée de 18 mois, portait sur les mobilités.",
    "L’Atelier flash d’Ernée dure quatre mois.",
    "L’Atelier local de l’Ernée est prévu sur quatorze mois.",
    "À la différence d’un Atelier flash, de trois à six mois, nous demandons un temps long.",
    "Un Atelier national dure dix-huit mois.",
    "La communauté voisine bénéficie d’un accompagnement de 18 mois.",
    "Le CAUE propose un accompagnement de six mois.",
    "L’accompagnement des ménages par l’opérateur est prévu sur 36 mois.",
    "L’accompagnement du CAUE se poursuivra pendant six mois.",
    "L’Atelier mobilisera un chargé de mission pendant six mois.",
    "L’Atelier s’appuiera sur un contrat de 24 mois avec l’agence d’urbanisme.",
    "L’Atelier prolonge un travail de dix-huit mois avec les habitants.",
    "L’accompagnement n’est pas prévu sur dix-huit mois.",
    "La DDT n’a pas souhaité que l’accompagnement dure dix-huit mois.",
    "Si l’accompagnement durait dix-huit mois, les élus en seraient lassés.",
    "L’accompagnement aurait pu durer dix-huit mois.",
    "L’Atelier aboutira à un programme d’actions sur 36 mois.",
    "L’accompagnement comprendra une phase de diagnostic de trois mois.",
    "La phase de diagnostic de l’Atelier durera trois mois.",
    "Pendant l’Atelier, deux mois sépareront les sessions.",
    "L’inter-atelier durera deux mois.",
    "Chaque atelier sera suivi d’un mois de travail.",
    "À l’issue de l’accompagnement, un suivi de six mois est prévu.",
    "Après l’Atelier, l’équipe restera mobilisée pendant six mois.",
    "L’accompagnement pourra être prolongé de trois mois.",
    "L’Opération programmée d’amélioration de l’habitat court sur 36 mois.",
    "La démarche Petites villes de demain a été engagée pour 18 mois.",
    "La démarche de révision du PLUi est prévue sur trois ans.",
    "Depuis 18 mois, l’accompagnement des bourgs occupe les élus.",
    "La convention de résidence d’artistes porte sur 9 mois.",
    "Le chantier de la gare durera 20 mois.",
    "En 2022, la démarche s’étendait sur vingt mois.",
    "Trois mois d’accompagnement ont été consacrés à la préparation.",
    "La région finance 24 mois d’accompagnement.",
    "Nos services assurent six mois d’accompagnement des porteurs de projet.",
    "L’accompagnement se déroulera en deux temps de cinq mois.",
    "Un comité d’accompagnement est prévu pour 24 mois.",
    "L’accompagnement au changement est prévu sur 24 mois.",
    "L’atelier relais est prévu pour 23 mois.",
    "Le PLUi est en révision. La démarche est prévue sur deux ans.",
    "La commune est suivie par l’opérateur. L’accompagnement est prévu sur 36 mois.",
    "L’accompagnement débutera un à deux mois après la notification.",
    "L’accompagnement durera-t-il dix-huit mois ?",
    "La durée totale d’un Atelier est de 3 à 6 mois pour un format court.",
    "L’accompagnement est prévu sur dix-huit mois à Ernée.",
    "L’équipe sera choisie par un marché de quatre ans, dont 24 mois fermes.",
    "Le poste de manager de centre-ville est cofinancé pendant 24 mois.",
    "La mission d’appui de l’Agence nationale de la cohésion des territoires durera 15 mois.",
    "Les Ateliers des territoires durent de trois mois à un an.",
]

OF_THE_ACCOMPAGNEMENT = [
    ("L’accompagnement est prévu sur dix-huit mois.", "dix-huit mois"),
    ("L’accompagnement de l’Atelier s’étendra sur quatorze mois.", "quatorze mois"),
    ("L’Atelier local des Coëvrons se déroulera sur 15 mois, à compter de la notification.", "15 mois"),
    ("La durée de l’accompagnement est fixée à quatorze (14) mois.", "quatorze (14) mois"),
    ("Durée totale de l’Atelier : 8 mois.", "8 mois"),
    ("Nous sollicitons un accompagnement de dix-huit mois.", "dix-huit mois"),
    ("L’Atelier comprendra trois sessions in situ réparties sur 14 mois.", "14 mois"),
    ("Ce calendrier suppose quinze mois d’accompagnement.", "quinze mois"),
    ("J’apporte mon soutien à cet Atelier, prévu sur dix-huit mois.", "dix-huit mois"),
    ("Durée d’accompagnement : 18 mois.", "18 mois"),
    ("Un Atelier local de quatorze mois est demandé.", "quatorze mois"),
    ("L’accompagnement ne dépassera pas neuf mois.", "neuf mois"),
    ("L’accompagnement durera au moins quatorze mois.", "quatorze mois"),
    ("L’accompagnement se déroulera de septembre 2026 à décembre 2027.", "de septembre 2026 à décembre 2027"),
]

AGREEING = [
    "L’accompagnement durera onze mois.",
    "L’accompagnement est prévu sur dix à douze mois.",
    "L’accompagnement durera un an.",
    "L’accompagnement durera environ dix mois.",
    "L’accompagnement ne dépassera pas douze mois.",
    "L’accompagnement durera au moins dix mois.",
    "L’accompagnement se déroulera de septembre 2026 à juillet 2027.",
    "L’accompagnement est prévu sur dix-huit mois. Une annexe en donne le calendrier sur 11 mois.",
]


@pytest.mark.parametrize("text", OF_SOMETHING_ELSE)
def test_a_duration_of_something_else_raises_no_alarm(text):
    assert refusals(on_durations(facts({"duree_mois": 11}, note=piece(text)))) == []
    both = facts("aucune", note=piece("L’accompagnement durera onze mois."), courrier_prefet=piece(text))
    assert refusals(on_durations(both)) == []


@pytest.mark.parametrize(("text", "written"), OF_THE_ACCOMPAGNEMENT)
def test_another_duration_of_the_accompagnement_is_said_with_both_places(text, written):
    (message,) = refusals(on_durations(facts({"duree_mois": 11}, note=piece(text))))

    assert message.startswith(f"Trouvé ici : {written} (« ")
    assert "note.docx, paragraphe 1)" in message
    assert message.endswith("trouvé là : 11 mois (dossier.yaml, champ « accompagnement.duree_mois »).")


@pytest.mark.parametrize("text", AGREEING)
def test_a_piece_of_which_one_duration_agrees_is_content(text):
    assert on_durations(facts({"duree_mois": 11}, note=piece(text))) == []


def test_a_range_of_the_fiche_agrees_with_what_it_contains():
    given_facts = facts({"duree_mois": Months(10, 12)}, note=piece("L’accompagnement durera dix mois."))
    assert on_durations(given_facts) == []


def test_two_pieces_that_a_range_reconciles_with_the_fiche_still_contradict_each_other():
    note = piece("L’accompagnement durera dix mois.")
    letter = piece("L’accompagnement durera douze mois.", "préfet.pdf")
    (message,) = refusals(
        on_durations(facts({"duree_mois": Months(10, 12)}, note=note, courrier_prefet=letter))
    )

    assert "douze mois" in message.split("trouvé là")[0]
    assert "note.docx" in message.split("trouvé là")[1]


def test_without_a_fiche_the_pieces_are_compared_with_one_another():
    note = piece("L’accompagnement durera dix mois.")
    letter = piece("L’accompagnement durera quatorze mois.", "préfet.pdf")

    (observation,) = on_durations(facts("aucune", note=note, courrier_prefet=letter))

    assert observation.path == "pieces.courrier_prefet"
    assert observation.location.extrait == "L’accompagnement durera quatorze mois."


def test_the_service_s_engagement_is_left_to_its_own_rule():
    letter = piece("La DDT s’engage à porter l’Atelier pendant dix mois.", "ddt.pdf")
    given_facts = facts({"duree_mois": 15}, courrier_service=[letter])
    assert states(on_durations(given_facts)) == {State.NON_APPLICABLE}


def test_a_piece_contradicts_once_however_often_it_repeats_itself():
    note = piece(
        "L’accompagnement durera 18 mois. L’Atelier durera 18 mois. Dix-huit mois d’accompagnement !"
    )
    assert len(refusals(on_durations(facts({"duree_mois": 11}, note=note)))) == 1


@pytest.mark.parametrize("check", [on_durations, on_numbers])
def test_an_unreadable_piece_leaves_the_rule_undecided_and_an_annex_does_not(check):
    unread = {"fichier": "note.docx", "lisible": False, "durees_mois": None, "nombres_sessions": None}
    fiche = {"duree_mois": 11, "sessions": [{"numero": 1}]}

    assert states(check(facts(fiche, note=unread))) == {State.NON_VERIFIE, State.NON_APPLICABLE}
    assert states(check(facts(fiche, annexe=[unread]))) == {State.NON_APPLICABLE}
    assert states(check(facts("aucune", note=unread))) == {State.NON_APPLICABLE}


def test_a_doubled_piece_leaves_the_rule_undecided():
    given_facts = facts({"duree_mois": 11})
    doubled = Frozen({**given_facts, "dossier": {"ambigus": {"note": ["a.docx", "b.docx"]}}})
    assert [one.message for one in on_durations(doubled)] == ["GEN-PIE-008", "Rien d’autre à comparer."]


# --- sessions -----------------------------------------------------------------------------------

NOT_THE_TOTAL = [
    "Deux mois séparent deux sessions.",
    "Un temps de travail est prévu entre deux sessions in situ.",
    "Les deux premières sessions se tiendront à Évron.",
    "La communauté participera à deux sessions.",
    "L’Atelier de l’Ernée comptait quatre sessions in situ.",
    "L’Atelier local de l’Ernée compte quatre sessions in situ.",
    "En 2021, la démarche s’organisait autour de cinq sessions.",
    "L’étude urbaine s’est organisée autour de cinq sessions.",
    "L’Atelier ne comprend pas quatre sessions.",
    "Un Atelier flash comprend deux sessions.",
    "Deux sessions de formation sont prévues pour les élus.",
    "Le conseil communautaire en débattra lors de deux séances.",
    "Les deux autres sessions in situ auront lieu à Bais.",
    "Six journées in situ sont prévues.",
    "L’Atelier comprendra cinq rencontres in situ, séminaires compris.",
    "L’équipe animera deux sessions supplémentaires si les élus le demandent.",
    "Chacune des sessions dure deux jours.",
    "L’Atelier donnera lieu à deux visites in situ.",
    "Les élus ont pris part aux quatre ateliers in situ du PCAET.",
    "Nous avons participé aux deux sessions in situ de l’Atelier voisin.",
    "L’école propose quatre ateliers in situ aux élèves.",
    "La démarche Petites villes de demain comprend cinq séances.",
    "Le contrat de relance prévoit un comité. Il comprend deux séances par an.",
    "L’Atelier comprendra, outre les trois sessions, deux séances de restitution.",
]

THE_TOTAL = [
    ("L’Atelier s’organise autour de deux sessions in situ.", "deux sessions"),
    ("Il comprend quatre sessions in situ, séparées par des inter-ateliers.", "quatre sessions"),
    ("L’accompagnement comprendra 4 ateliers in situ.", "4 ateliers in situ"),
    ("La communauté s’engage à participer aux quatre sessions in situ.", "quatre sessions"),
    ("Quatre sessions in situ sont prévues.", "Quatre sessions"),
    ("Nous prendrons part aux quatre sessions in situ du territoire.", "quatre sessions"),
    ("La démarche comporte deux séances d’atelier.", "deux séances"),
]

THREE = {"sessions": [{"numero": 1}, {"numero": 2}, {"numero": 3}]}


@pytest.mark.parametrize("text", NOT_THE_TOTAL)
def test_a_number_that_is_not_the_total_raises_no_alarm(text):
    assert refusals(on_numbers(facts(THREE, note=piece(text)))) == []


@pytest.mark.parametrize(("text", "written"), THE_TOTAL)
def test_another_total_of_sessions_is_said_with_both_places(text, written):
    (message,) = refusals(on_numbers(facts(THREE, note=piece(text))))

    assert message.startswith(f"Trouvé ici : {written} (« ")
    assert message.endswith("trouvé là : 3 sessions (dossier.yaml, champ « accompagnement.sessions »).")


@pytest.mark.parametrize(
    "text",
    [
        "L’Atelier s’organise autour de trois sessions in situ.",
        "Les trois sessions in situ se tiendront à Évron. Deux sessions in situ seront publiques.",
        "L’Atelier comprendra trois à quatre sessions in situ.",
        "L’Atelier comprendra trois sessions de deux jours in situ.",
    ],
)
def test_a_piece_of_which_one_number_agrees_is_content(text):
    assert on_numbers(facts(THREE, note=piece(text))) == []


# --- letters: territory ---------------------------------------------------------------------------


def letter(**given_facts):
    return {"fichier": "préfet.pdf", "forme": "pdf", "mots": 200, "lisible": True, **given_facts}


def on_territory(given_facts):
    return list(coherence.courriers_du_territoire(given_facts, courriers=LETTERS))


def test_a_letter_that_names_nothing_of_the_dossier_is_said():
    mention = {"soutien": {"extrait": "J’apporte mon soutien à l’Ernée."}, "engagement": None}
    (observation,) = on_territory(
        facts(courrier_prefet=letter(mentions=mention), courrier_service=[letter(lieux=["Évron"])])
    )

    assert observation.state is State.NON_CONFORME
    assert observation.path == "pieces.courrier_prefet"
    assert "Trouvé ici : « J’apporte mon soutien à l’Ernée. » (préfet.pdf)" in observation.message
    assert "trouvé là : Communauté de communes des Coëvrons, Évron (dossier.yaml)." in observation.message


@pytest.mark.parametrize("known", [{"collectivites": ["CC des Coëvrons"]}, {"lieux": ["Évron"]}])
def test_a_collectivite_or_a_place_is_enough(known):
    assert on_territory(facts(courrier_prefet=letter(**known))) == []


def test_a_scan_is_left_to_the_eye_and_no_fiche_to_no_one():
    scan = letter(forme="numerise", mots=0)
    assert states(on_territory(facts(courrier_prefet=scan))) == {State.NON_APPLICABLE}
    assert [one.message for one in on_territory(facts("aucune", courrier_prefet=letter()))] == ["GEN-FIC-005"]


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("La communauté de communes de la vallée de la Bruche", ["CC de la Vallée de la Bruche"], True),
        ("le projet de Saint-Lô Agglomération", ["CA Saint-Lô Agglo"], True),
        ("l’Atelier local Tessy-Bocage", ["Atelier local Tessy-Bocage"], True),
        ("les bourgs de Sainte Suzanne et Chammes", ["Sainte-Suzanne-et-Chammes"], True),
        ("la candidature de St-Lô", ["Saint-Lô"], True),
        ("la candidature des Coëvrons", ["Quel avenir pour les Coëvrons ?"], True),
        ("la ville de Mayenne", ["Mayenne"], True),
        ("Communauté de communes, 53600 Évron", ["Évron"], False),
        ("Évron, le 18 février 2026", ["Évron"], False),
        ("la préfète de la Mayenne", ["CC du Pays de Mayenne"], False),
        ("la direction départementale des territoires de la Mayenne", ["Mayenne"], False),
        ("la DDT de la Mayenne et le conseil départemental de la Mayenne", ["Mayenne"], False),
        ("la candidature de l’Ernée", ["CC des Coëvrons", "Évron"], False),
        ("l’Atelier local du territoire", ["Atelier local", "Pays", "Y"], False),
    ],
)
def test_a_place_is_found_where_it_is_spoken_of(text, names, found):
    assert bool(places_in([plain(text)], names)) is found


def test_the_facts_of_a_letter_hold_the_places_it_speaks_of():
    reading = Reading(
        nature="docx", forme="editable", blocks=(Block(text="La place d’Évron dans le bocage."),)
    )
    source = Source(name="l.docx", path="l", octets=1, sha256="a", nature="docx", reading=reading)
    found = piece_facts(Piece(id="lettre", title="lettre", letter=True), (source,), ["CC du Lac"], ["Évron"])
    assert (found["collectivites"], found["lieux"]) == ([], ["Évron"])


# --- letters: dates -------------------------------------------------------------------------------


def on_dates(given_facts):
    return list(coherence.courriers_contemporains(given_facts, courriers=LETTERS))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (dt.date(2026, 3, 12), None),
        (dt.date(2025, 3, 12), None),
        (dt.date(2026, 3, 13), "d’après le dépôt"),
        (dt.date(2025, 3, 11), "de plus d’un an avant le dépôt"),
    ],
)
def test_a_letter_is_of_the_year_before_the_depot(written, said):
    found = on_dates(facts(courrier_service=[letter(date=written)]))

    assert len(found) == (1 if said else 0)
    if said:
        message = found[0].message
        assert message.startswith(
            f"Le courrier est daté {said}. Trouvé ici : {written:%d/%m/%Y} (préfet.pdf)"
        )
        assert "trouvé là : dépôt le 12/03/2026 (dossier.yaml, champ « date_depot »)" in message


def test_without_a_depot_or_a_date_nothing_is_judged():
    late = letter(date=dt.date(2026, 12, 31))
    assert states(on_dates(facts(depot=None, courrier_prefet=late))) == {State.NON_APPLICABLE}
    assert states(on_dates(facts(courrier_prefet=letter(date=None)))) == {State.NON_APPLICABLE}
    assert states(on_dates(facts("aucune", courrier_prefet=late))) == {State.NON_APPLICABLE}


def test_the_depot_of_the_29th_of_february_has_its_year_before():
    old = letter(date=dt.date(2027, 2, 28))
    assert on_dates(facts(depot=dt.date(2028, 2, 29), courrier_prefet=old)) == []


# --- any text -------------------------------------------------------------------------------------


@given(st.text(max_size=200), st.text(max_size=40))
def test_no_text_makes_the_reading_fail(text, written):
    context = Contexte(noms=frozenset(), annee=2026)
    found = {"min": 3, "max": 3, "ecrit": written, "extrait": text, "emplacement": None}
    note = {"durees_mois": [*durations(text), found], "nombres_sessions": [*sessions(text), found]}
    for one in durees(note, context) + nombres_sessions(note, context):
        assert one.min <= one.max
        assert one.concorde(one)
