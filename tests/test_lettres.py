"""Letters: people, bodies and blocks as an administration writes them."""

from __future__ import annotations

import pytest
from assembler_plugins.commun.autorites import autorite, copies_prefets, signature_prefecture
from assembler_plugins.commun.lettres import (
    atelier,
    chef_de_file,
    destinataire_dgaln,
    expediteur_collectivite,
    expediteur_dgaln,
    expediteur_etat,
    perimetre,
    prose,
    themes,
    ville,
)
from assembler_plugins.commun.personnes import (
    appel,
    appels,
    est_femme,
    feminise,
    fonction,
    le,
    nom_complet,
    nomme,
    organisme,
    signature,
)
from cas_local import FICHE, SCHEMA, changed

from assembler.fiche import total

CAMILLE = {
    "civilite": "Mme",
    "prenom": "Camille",
    "nom": "Exemple",
    "fonction": "directeur départemental des territoires",
}


@pytest.mark.parametrize(
    ("masculine", "feminine"),
    [
        ("directeur départemental des territoires", "directrice départementale des territoires"),
        ("Président", "Présidente"),
        ("chef du service aménagement", "cheffe du service aménagement"),
        ("secrétaire général de la préfecture", "secrétaire générale de la préfecture"),
        ("adjoint au directeur", "adjointe au directeur"),
        ("maire", "maire"),
        ("ministre", "ministre"),
        ("chef de service", "cheffe de service"),
        ("secrétaire général", "secrétaire générale"),
        ("sous-directeur de l’aménagement durable", "sous-directrice de l’aménagement durable"),
        ("inspecteur général", "inspectrice générale"),
        ("ingénieur en chef", "ingénieure en chef"),
        ("Délégué territorial", "Déléguée territoriale"),
        ("vice-président délégué à l’urbanisme", "vice-présidente déléguée à l’urbanisme"),
        ("premier adjoint au maire", "première adjointe au maire"),
    ],
)
def test_a_function_agrees_up_to_its_first_preposition(masculine: str, feminine: str) -> None:
    assert feminise(masculine) == feminine


@pytest.mark.parametrize(
    ("person", "woman"),
    [
        ({"civilite": "Mme", "fonction": "président"}, True),
        ({"civilite": "M.", "fonction": "directrice"}, False),
        ({"fonction": "directrice départementale"}, True),
        ({"fonction": "La Présidente"}, True),
        ({"fonction": "la maire"}, True),
        ({"fonction": "le maire"}, False),
        ({"fonction": "secrétaire général"}, False),
        ({}, False),
    ],
)
def test_the_civility_decides_then_the_function(person: dict[str, str], woman: bool) -> None:
    assert est_femme(person) is woman


def test_an_article_typed_in_the_function_is_not_doubled() -> None:
    assert fonction({"civilite": "M.", "fonction": "Le président"}) == "président"
    assert fonction({"fonction": "l’adjoint"}) == "adjoint"


@pytest.mark.parametrize(
    ("mode", "lines"),
    [
        (None, ["La directrice départementale des territoires,"]),
        ("titulaire", ["La directrice départementale des territoires,"]),
        (
            "delegation",
            ["Pour la préfète et par délégation,", "La directrice départementale des territoires,"],
        ),
        (
            "subdelegation",
            ["Pour la préfète et par subdélégation,", "La directrice départementale des territoires,"],
        ),
        (
            "suppleance",
            ["Pour la préfète et par suppléance,", "La directrice départementale des territoires,"],
        ),
        ("interim", ["La directrice départementale des territoires par intérim,"]),
    ],
)
def test_each_quality_to_sign_has_its_block(mode: str | None, lines: list[str]) -> None:
    block = signature({**CAMILLE, "mode": mode}, delegant="la préfète")
    assert (block["lignes"], block["nom"]) == (lines, "Camille EXEMPLE")


@pytest.mark.parametrize(
    ("civility", "function", "called", "signs"),
    [
        ("Mme", "maire", "Madame la Maire", "La maire,"),
        ("Mme", "le maire", "Madame le Maire", "Le maire,"),
        ("Mme", "la maire", "Madame la Maire", "La maire,"),
        ("M.", "maire", "Monsieur le Maire", "Le maire,"),
        ("Mme", "président", "Madame la Présidente", "La présidente,"),
        ("Mme", "le président", "Madame le Président", "Le président,"),
        ("M.", "secrétaire général de la préfecture", "Monsieur le Secrétaire général", None),
        ("Mme", "directeur général des services", "Madame la Directrice générale", None),
        ("Mme", "sous-préfet de Mayenne", "Madame la Sous-Préfète", "La sous-préfète de Mayenne,"),
        ("Mme", "inspecteur général", "Madame l’Inspectrice générale", "L’inspectrice générale,"),
        ("M.", "chef du service aménagement", "Monsieur", "Le chef du service aménagement,"),
        ("Mme", "adjoint au maire", "Madame", "L’adjointe au maire,"),
        (None, "présidente", "Madame la Présidente", "La présidente,"),
        (None, "maire", None, "Le maire,"),
    ],
)
def test_one_is_called_by_one_s_title_as_its_article_says(
    civility: str | None, function: str, called: str | None, signs: str | None
) -> None:
    person = {"civilite": civility, "nom": "Exemple", "fonction": function}
    assert appel(person) == called
    assert signs in (None, *signature(person)["lignes"])


@pytest.mark.parametrize(
    ("formulas", "said"),
    [
        (["Madame la Maire"], "Madame la Maire"),
        (["Monsieur le Président", "Madame la Directrice"], "Monsieur le Président, Madame la Directrice"),
        (["Monsieur le Maire", "Madame la Maire"], "Monsieur le Maire, Madame la Maire"),
        (
            ["Monsieur le Président"] * 2 + ["Monsieur le Directeur"],
            "Messieurs les Présidents, Monsieur le Directeur",
        ),
        (["Madame la Directrice générale"] * 2, "Mesdames les Directrices générales"),
        (["Monsieur le Secrétaire général"] * 2, "Messieurs les Secrétaires généraux"),
        (["Madame", "Madame"], "Mesdames"),
        (["Monsieur le Président", None], "Mesdames, Messieurs"),
        ([None], "Madame, Monsieur"),
        ([], "Mesdames, Messieurs"),
        (["Madame la Maire", "Monsieur le Maire", "Madame la Préfète", "Monsieur"], "Mesdames, Messieurs"),
    ],
)
def test_several_people_are_called_each_title_once(formulas: list[str | None], said: str) -> None:
    assert appels(formulas) == said


def test_a_function_that_starts_with_a_vowel_elides_its_article() -> None:
    assert signature({"nom": "x", "fonction": "adjoint au maire"})["lignes"] == ["L’adjoint au maire,"]


def test_nobody_is_given_a_quality() -> None:
    assert signature({}, defaut="président")["lignes"] == []


def test_a_name_without_family_name_is_none() -> None:
    assert nom_complet({"prenom": "Camille"}) is None
    assert nom_complet({"prenom": "Élise", "nom": "de l’Étang"}) == "Élise DE L’ÉTANG"


@pytest.mark.parametrize(
    ("given", "kind", "expected"),
    [
        ("Communauté de communes des Coëvrons", "CC", "de la communauté de communes des Coëvrons"),
        ("CC des Coëvrons", None, "de la communauté de communes des Coëvrons"),
        ("Évron", "commune", "de la commune d’Évron"),
        ("Le Mans", "commune", "de la commune du Mans"),
        ("Établissement public foncier", None, "de l’établissement public foncier"),
        ("DDT de la Mayenne", None, "de la DDT de la Mayenne"),
        ("Saint-Lô Agglo", "CA", "de Saint-Lô Agglo"),
    ],
)
def test_bodies_keep_their_article_and_lose_their_capital(
    given: str, kind: str | None, expected: str
) -> None:
    assert nomme(given, kind)["du"] == expected


def test_a_place_takes_no_article() -> None:
    assert (le("Évron"), le("Le Mans"), organisme("Évron")) == ("Évron", "Le Mans", "Évron")


@pytest.mark.parametrize(
    ("address", "town"),
    [
        (["60 rue Mac Donald", "53000 Laval"], "Laval"),
        (["BP 12", "53013 Laval Cedex 9"], "Laval"),
        (["Hôtel de ville"], None),
        ([], None),
        (None, None),
    ],
)
def test_the_town_of_a_letter_is_that_of_the_address(address: list[str] | None, town: str | None) -> None:
    assert ville(address) == town


def test_the_bloc_marque_names_the_prefet_of_the_departement() -> None:
    assert autorite(FICHE, {"type": "DDT"}) == {"titre": "Préfète de la Mayenne", "delegant": "la préfète"}


def test_a_regional_service_writes_under_the_prefet_de_region() -> None:
    assert autorite(FICHE, {"type": "DREAL"})["titre"] == "Préfet de la région Pays de la Loire"


def test_an_unknown_departement_leaves_the_prefet_without_a_place() -> None:
    assert autorite(changed(prefectures__0__departement="999"), {"type": "DDT"})["titre"] == "Préfète"


@pytest.mark.parametrize(
    ("authority", "lines", "attache"),
    [
        ("prefet", ["La préfète,"], "La préfète de la Mayenne"),
        ("sous_prefet", ["La sous-préfète de Mayenne,"], "La sous-préfète de Mayenne"),
        (
            "secretaire_general",
            ["Pour le préfet et par délégation,", "La secrétaire générale de la préfecture,"],
            "Le préfet de la Mayenne",
        ),
    ],
)
def test_the_support_is_signed_in_the_quality_of_the_fiche(
    authority: str, lines: list[str], attache: str
) -> None:
    fiche = changed(prefectures__0__autorite=authority, prefectures__0__arrondissement="Mayenne")
    block = signature_prefecture(fiche)
    assert (block["lignes"], block["attache"], block["nom"]) == (lines, attache, "Alex EXEMPLE")


@pytest.mark.parametrize(
    ("changes", "copies"),
    [
        ({}, ["Madame la préfète de la Mayenne"]),
        ({"prefectures__0__civilite": "M."}, ["Monsieur le préfet de la Mayenne"]),
        ({"prefectures__0__autorite": "sous_prefet"}, ["préfecture de la Mayenne"]),
        (
            {"territoire__departements": ["53", "72"]},
            ["Madame la préfète de la Mayenne", "préfecture de la Sarthe"],
        ),
        ({"territoire__departements": [], "prefectures": []}, []),
        ({"territoire__departements": ["999"]}, []),
    ],
)
def test_a_copy_goes_to_the_prefet_of_each_departement(changes: dict[str, object], copies: list[str]) -> None:
    assert copies_prefets(changed(**changes)) == copies


def test_between_administrations_the_addressee_is_attached_else_not() -> None:
    assert destinataire_dgaln("Le préfet")["lignes"][0] == "la sous-direction de l’aménagement durable"
    assert destinataire_dgaln()["lignes"][0] == "Sous-direction de l’aménagement durable"
    assert destinataire_dgaln()["attache"] is None


def test_a_collectivite_writes_on_its_own_letterhead() -> None:
    emitter = expediteur_collectivite(FICHE["collectivites"][0])
    assert emitter["bloc_marque"] == "Communauté de communes des Coëvrons"
    assert emitter["timbre"] == []


def test_the_agent_is_named_with_telephone_and_address() -> None:
    emitter = expediteur_etat(FICHE, FICHE["pilotes"][0])
    assert emitter["agent"] == "Dominique EXEMPLE"
    assert emitter["telephone"] == "02\u00a043\u00a000\u00a000\u00a000"
    assert emitter["ville"] == "Laval"


def test_the_desk_types_the_title_of_its_bloc_marque_and_its_address() -> None:
    bare = expediteur_dgaln({})
    assert bare["bloc_marque"] == "Direction générale de l’aménagement,\ndu logement et de la nature"
    assert bare["timbre"][0] == "Direction de l’habitat, de l’urbanisme et des paysages"
    assert bare["ville"] is None
    kept = {
        "bloc_marque": "Ministère d'Exemple",
        "adresse": ["Tour Exemple", None, "92055 La Défense cedex"],
        "telephone": "0161910000",
    }
    emitter = expediteur_dgaln(kept)
    assert emitter["bloc_marque"] == "Ministère d’Exemple"
    assert emitter["timbre"][0] == bare["bloc_marque"].replace("\n", " ")
    assert emitter["ville"] == "La Défense"
    assert "Tour Exemple – 92055 La Défense cedex\nTél.\u00a0: 01\u00a061" in emitter["pied"]
    assert expediteur_dgaln({**kept, "lieu": "Paris"})["ville"] == "Paris"


@pytest.mark.parametrize(
    ("changes", "mark", "timbre", "town"),
    [
        ({}, "Préfète de la Mayenne", [], None),
        ({"adresse": ["46 rue Exemple", "53000 Laval"]}, "Préfète de la Mayenne", [], "Laval"),
        (
            {"autorite": "sous_prefet", "arrondissement": "Mayenne", "adresse": ["53100 Mayenne"]},
            "Préfet de la Mayenne",
            ["Sous-préfecture de Mayenne"],
            "Mayenne",
        ),
        ({"autorite": "prefet_de_region"}, "Préfète de la région Pays de la Loire", [], None),
    ],
)
def test_the_prefet_writes_from_the_prefecture_not_from_the_service(
    changes: dict[str, object], mark: str, timbre: list[str], town: str | None
) -> None:
    fiche = changed(prefectures=[{**FICHE["prefectures"][0], **changes}])
    emitter = expediteur_etat(fiche, {**FICHE["pilotes"][0], "type": "DREAL"}, prefet=True)
    assert (emitter["bloc_marque"], emitter["timbre"], emitter["ville"]) == (mark, timbre, town)
    assert "Mac Donald" not in emitter["pied"]
    assert emitter["agent"] == "Dominique EXEMPLE"


def test_an_empty_fiche_breaks_nothing() -> None:
    fiche = total(SCHEMA, {})
    assert chef_de_file(fiche) == {}
    assert perimetre(fiche) is None
    assert themes(fiche) is None
    assert expediteur_etat(fiche, {})["bloc_marque"] == "Préfet"
    assert atelier(fiche, "Atelier local") == {"nom": None, "le": None, "du": None}


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("Atelier local des Coëvrons", "de l’Atelier local des Coëvrons"),
        ("atelier local de l'Erve", "de l’Atelier local de l’Erve"),
        ("Habiter les bourgs", "de l’Atelier local «\u00a0Habiter les bourgs\u00a0»"),
    ],
)
def test_the_format_is_not_said_twice_in_the_title(title: str, named: str) -> None:
    assert atelier({"intitule": title}, "Atelier local")["du"] == named


def test_the_territory_is_told_by_its_epci_else_by_its_communes() -> None:
    assert perimetre(FICHE) == "la communauté de communes des Coëvrons (Mayenne)"
    assert perimetre(changed(territoire__epci=[])) == "les communes d’Évron et de Bais (Mayenne)"


def test_prose_ends_with_one_full_stop() -> None:
    assert prose("L'eau :\n deux  fois") == "L’eau\u00a0: deux fois."
    assert prose("Est-ce vrai ?") == "Est-ce vrai\u202f?"
    assert prose("  ") is None
