"""The territory: the vintages shipped, the names compared, and GEN-TER both ways on real codes."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from assembler_plugins import territoire
from assembler_plugins.territoire.checks import CHECKS
from assembler_plugins.territoire.cog import Cog, others, vintage, years
from assembler_plugins.territoire.noms import core, forme, key, same_arrondissement, same_commune, same_group
from assembler_plugins.territoire.perimetre import Stated, departement, looked_up
from assembler_plugins.territoire.reduire import canonical, main, reduced

from assembler.contributions import Rule
from assembler.judging import Judgement, judge
from assembler.manager import Plugins
from assembler.model import Severity

RULES: tuple[Rule, ...] = tuple(territoire.assembler_rules("local"))
BY_ID = {rule.id: rule for rule in RULES}
DAY = dt.date(2026, 3, 12)
COEVRONS = {"siren": "200033298", "nom": "CC des Coëvrons"}


def cog(year: int = 2026) -> Cog:
    found = vintage(dt.date(year, 7, 1))
    assert found is not None
    return found


def judged(rule_id: str, day: dt.date | None = DAY, **given: Any) -> Judgement:
    """Judge one rule on a fiche; ``pilotes`` apart, the keys are those of its territoire."""
    pilotes = {"pilotes": given.pop("pilotes")} if "pilotes" in given else {}
    facts: dict[str, Any] = {"fiche": {"territoire": given, **pilotes}, "pieces": {}}
    return judge(BY_ID[rule_id], {**facts, "dossier": {"date": day}} if day else facts)


def said(found: Judgement) -> list[str]:
    return [found.state.value, *(one.message.replace("\xa0", " ") for one in found.observations)]


def _examples() -> Iterator[object]:
    for rule in RULES:
        for state, documents in rule.exemples.items():
            for rank, document in enumerate(documents, start=1):
                yield pytest.param(rule, state, document, id=f"{rule.id}-{state}-{rank}")


# --- the rules as they ship


@pytest.mark.parametrize(("rule", "state", "document"), list(_examples()))
def test_example_ends_in_the_state_it_announces_and_says_why(rule, state, document):
    found = judge(rule, document)

    assert found.state.value == state, found.reason
    assert bool(found.observations) == (state != "conforme")
    assert all("None" not in one.message for one in found.observations)


@pytest.mark.parametrize(("rule", "state", "document"), list(_examples()))
def test_each_finding_on_the_cog_names_its_vintage_and_a_place_in_the_fiche(rule, state, document):
    for one in judge(rule, document).observations if state == "non_conforme" else ():
        assert (one.path or "").startswith(("fiche.territoire", "fiche.pilotes"))
        assert rule.id == "GEN-TER-007" or re.search(r"COG 202[3-6]", one.message)


def test_ids_severities_and_natures_are_those_of_the_specification():
    found = {rule.id: (rule.gravite, rule.nature) for rule in RULES}

    assert found == {
        "GEN-TER-001": (Severity.BLOCKING, "technique"),
        **{f"GEN-TER-00{rank}": (Severity.REVIEW, "technique") for rank in range(2, 7)},
        **{f"GEN-TER-00{rank}": (Severity.REVIEW, "programme") for rank in (7, 8)},
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_a_person_reads_is_written_in_french_typography(rule):
    texts = [rule.titre, rule.pourquoi, rule.correction, rule.courrier or ""]
    texts += [
        one.message
        for states in rule.exemples.values()
        for document in states
        for one in judge(rule, document).observations
    ]

    assert not [text for text in texts if "'" in text or "..." in text]
    assert not [text for text in texts if re.search("« | [»;:?]", text)]
    assert "SIREN" not in (rule.courrier or "")


def test_every_format_is_served():
    for one in Plugins().formats().values():
        assert set(BY_ID) <= {rule.id for rule in one.rules}
    assert {rule.id for rule in territoire.assembler_rules("un_autre")} == set(BY_ID)


def test_every_check_is_named_by_a_rule():
    assert {rule.check for rule in RULES} == set(CHECKS.values())


# --- the vintages


def test_the_vintages_are_those_of_2023_to_2026():
    assert years() == (2023, 2024, 2025, 2026)
    assert [one.annee for one in others(cog(2025))] == [2026, 2024, 2023]


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_a_vintage_is_small_whole_and_canonical(year):
    data = (files("assembler_plugins.territoire") / "donnees" / f"{year}.json.gz").read_bytes()
    content = json.loads(gzip.decompress(data))

    assert len(data) < 500_000
    assert gzip.decompress(canonical(content)) == gzip.decompress(data)
    assert data[4:8] == bytes(4)  # no date in the gzip header
    assert content["annee"] == year
    assert sum(lines.count("|") + 1 for lines in content["communes"].values()) > 34_900
    assert len(content["groupements"]) == 1255 + 11
    assert len(content["departements"]) == 109


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (dt.date(2022, 12, 31), None),
        (dt.date(2023, 1, 1), 2023),
        (dt.date(2025, 12, 31), 2025),
        (dt.date(2031, 1, 1), 2026),
        (None, 2026),
    ],
)
def test_the_vintage_is_that_of_the_year_else_the_latest_earlier(day, year):
    found = vintage(day)

    assert (found.annee if found else None) == year


def test_a_vintage_loads_quickly(record_property):
    import time

    from assembler_plugins.territoire.cog import _load

    _load.cache_clear()
    start = time.perf_counter()
    commune = cog().commune("53097")
    elapsed = time.perf_counter() - start
    record_property("load_seconds", elapsed)

    assert commune is not None
    # Some 15 ms; the bound is loose, for a loaded machine.
    assert elapsed < 1


@pytest.mark.parametrize(
    ("code", "name", "departement_", "sirens"),
    [
        ("53097", "Évron", "53", ["200033298"]),
        ("2A004", "Ajaccio", "2A", ["242010056"]),
        ("69123", "Lyon", "69", ["200046977"]),
        ("69381", "Lyon 1er Arrondissement", "69", ["200046977"]),
        ("75056", "Paris", "75", ["200054781"]),
        ("93001", "Aubervilliers", "93", ["200054781", "200057867"]),
        ("97411", "Saint-Denis", "974", ["249740119"]),
        ("97502", "Saint-Pierre", "975", []),
        ("85113", "L’Île-d’Yeu", "85", []),
        ("98818", "Nouméa", "988", []),
    ],
)
def test_a_commune_is_known_with_its_departement_and_its_groupements(code, name, departement_, sirens):
    found = cog().commune(code)

    assert found is not None
    assert (found.nom, found.departement) == (name, departement_)
    assert sorted(one.siren for one in found.groupements) == sirens


@pytest.mark.parametrize(
    ("code", "today", "kind"),
    [
        ("53050", "53255", "deleguee"),
        ("53044", "53118", "associee"),
        ("53020", "53127", "ancienne"),
        # Delegated to a commune of another département.
        ("49321", "49160", "deleguee"),
    ],
)
def test_a_former_commune_leads_to_todays(code, today, kind):
    found = cog().ancienne(code)

    assert found is not None
    assert (found.commune.code, found.genre) == (today, kind)
    assert cog().commune(code) is None


# --- names


@pytest.mark.parametrize(
    ("given", "official"),
    [
        ("STE SUZANNE ET CHAMMES", "Sainte-Suzanne-et-Chammes"),
        ("St-Denis", "Saint-Denis"),
        ("Mans (Le)", "Le Mans"),
        ("mans", "Le Mans"),
        ("L' Île d'Yeu", "L’Île-d’Yeu"),
        ("Sablé s/ Sarthe", "Sablé-sur-Sarthe"),
        ("Commune d’Évron", "Évron"),
        ("VILLE D AVRAY", "Ville-d’Avray"),
        ("Bais (53)", "Bais"),
        ("Bors", "Bors (Canton de Charente-Sud)"),
        ("Lambres lez Aire", "Lambres-les-Aire"),
        ("Oeyreluy", "Œyreluy"),
    ],
)
def test_names_of_a_commune_that_people_mean_alike(given, official):
    assert same_commune(given, official)


@pytest.mark.parametrize(
    ("given", "official"),
    [
        ("Ernée", "Évron"),
        ("Château-Chinon (Ville)", "Château-Chinon (Campagne)"),
        ("Saint-Denis", "Saint-Denis-du-Maine"),
        ("", "Le Mans"),
    ],
)
def test_names_of_two_communes_differ(given, official):
    assert not same_commune(given, official)


@pytest.mark.parametrize(
    "given", ["Paris", "Paris 1er", "PARIS 1", "1er arrondissement", "Paris 1er Arrondissement"]
)
def test_a_municipal_arrondissement_goes_by_its_number_or_its_city(given):
    assert same_arrondissement(given, "Paris 1er Arrondissement", "Paris")


@pytest.mark.parametrize("given", ["Paris 2e", "Lyon 1er", "Marseille", "arrondissement"])
def test_another_arrondissement_is_not_this_one(given):
    assert not same_arrondissement(given, "Paris 1er Arrondissement", "Paris")


@pytest.mark.parametrize(
    ("given", "official"),
    [
        ("Communauté de communes des Coëvrons", "CC des Coëvrons"),
        ("COMMUNAUTE DE COMMUNES COEVRONS", "CC des Coëvrons"),
        ("Agglo de Laval", "CA Laval Agglomération"),
        ("Grand Lyon", "Métropole de Lyon"),
        ("Strasbourg Eurométropole", "Eurométropole de Strasbourg"),
        ("MEL", "Métropole Européenne de Lille"),
        ("CAPG", "CA du Pays de Grasse"),
        ("TCO", "CA Territoire de la Côte Ouest (TCO)"),
        ("EPT Plaine Commune", "Plaine Commune"),
    ],
)
def test_names_of_an_epci_that_people_mean_alike(given, official):
    assert same_group(given, official)


@pytest.mark.parametrize(
    ("given", "official"),
    [("CC de l’Ernée", "CC des Coëvrons"), ("CC du Pays", "CC du Pays de Craon"), ("CC", "CC des Coëvrons")],
)
def test_names_of_two_epci_differ(given, official):
    assert not same_group(given, official)


def test_every_official_name_is_its_own_in_capitals_without_hyphens():
    here = cog()
    for place in here.departements:
        for one in here.communes(place):
            assert same_commune(one.nom.upper().replace("-", " "), one.nom), one.nom
    for group in here.groupements:
        assert same_group(group.nom.upper(), group.nom), group.nom
        assert forme(group.nom) in (None, group.type, "METRO"), group.nom
        assert core(group.nom), group.nom


# --- GEN-TER-001


def test_a_merged_commune_proposes_todays_with_its_name_of_before():
    found = judged("GEN-TER-001", communes=[{"code": "95282"}])

    assert said(found) == [
        "non_conforme",
        "Au COG 2026, Gouzangrez (95282) fait partie de Commeny (95169) : indiquez cette commune.",
    ]
    assert found.observations[0].path == "fiche.territoire.communes.0.code"


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("53999", "Bais", "s’agit-il de Bais (53016) ?"),
        ("53998", "Evron", "s’agit-il d’Évron (53097) ?"),
        ("1004", "Ambérieu", "s’agit-il d’Ambérieu-en-Bugey (01004) ?"),
        ("53999", "Voutrée", "s’agit-il de Voutré (53276) ?"),
        ("53999", "Xyz", "au COG 2026."),
        ("évron", "", "au COG 2026."),
    ],
)
def test_an_unknown_code_proposes_what_the_person_may_mean(code, name, expected):
    found = judged("GEN-TER-001", communes=[{"code": code, "nom": name}])

    assert found.state.value == "non_conforme"
    assert (found.reason or "").replace("\xa0", " ").endswith(expected)


def test_a_commune_restored_in_2024_was_a_delegated_one_in_2023():
    before = judged("GEN-TER-001", dt.date(2023, 5, 1), communes=[{"code": "60694"}])
    after = judged("GEN-TER-001", dt.date(2024, 5, 1), communes=[{"code": "60694"}])

    assert "commune déléguée des Hauts-Talican (60054)" in (before.reason or "")
    assert after.state.value == "conforme"


def test_corse_overseas_and_arrondissements_are_communes():
    codes = (
        "2a004",
        "2B033",
        "97411",
        "97608",
        "97502",
        "97701",
        "97801",
        "75101",
        "69381",
        "13201",
        "98818",
    )

    assert said(judged("GEN-TER-001", communes=[{"code": code} for code in codes])) == ["conforme"]


@pytest.mark.parametrize("rule_id", [f"GEN-TER-00{rank}" for rank in range(1, 7)])
def test_before_the_first_vintage_nothing_is_compared(rule_id):
    found = judged(
        rule_id,
        dt.date(2022, 6, 1),
        departements=["53"],
        epci=[{"siren": "200033306", "nom": "CC de l’Ernée"}],
        communes=[{"code": "53999", "nom": "Évron"}],
    )

    assert found.state.value == "non_applicable"
    assert "2023" in (found.reason or "")


@pytest.mark.parametrize("rule_id", ["GEN-TER-002", "GEN-TER-003", "GEN-TER-004"])
def test_an_unknown_code_is_reported_once(rule_id):
    given = {"departements": ["72"], "epci": [COEVRONS]}
    unknown = {"code": "53999", "nom": "Bais"}

    alone = judged(rule_id, **given, communes=[unknown])
    beside = judged(rule_id, **given, communes=[unknown, {"code": "72181", "nom": "Ernée"}])

    assert said(alone) == ["non_applicable", "GEN-TER-001"]
    assert not [one for one in beside.observations if "53999" in one.message]


# --- GEN-TER-002


def test_a_renamed_commune_is_told_its_name_of_before():
    before = judged("GEN-TER-002", dt.date(2023, 5, 1), communes=[{"code": "69149", "nom": "Oullins"}])
    after = judged("GEN-TER-002", communes=[{"code": "69149", "nom": "Oullins"}])

    assert before.state.value == "conforme"
    assert after.state.value == "non_conforme"
    assert "Oullins-Pierre-Bénite" in (after.reason or "")


def test_the_namesake_but_for_an_article_is_another_commune():
    assert (
        judged("GEN-TER-002", communes=[{"code": "17467", "nom": "La Vergne"}]).state.value == "non_conforme"
    )
    assert judged("GEN-TER-002", communes=[{"code": "17465", "nom": "La Vergne"}]).state.value == "conforme"


# --- GEN-TER-003


def test_a_commune_out_of_the_epci_is_told_its_own():
    found = judged("GEN-TER-003", epci=[COEVRONS], communes=[{"code": "53130"}, {"code": "53097"}])

    assert [one.value for one in found.observations] == ["53130"]
    assert "Laval Agglomération (200083392)" in (found.reason or "")


@pytest.mark.parametrize("siren", ["200054781", "200057867"])
def test_around_paris_the_metropole_and_the_ept_both_hold_a_commune(siren):
    assert (
        judged("GEN-TER-003", epci=[{"siren": siren}], communes=[{"code": "93001"}]).state.value == "conforme"
    )


def test_a_commune_may_be_in_the_petr_whose_members_are_not_known():
    petr = {"siren": "200048783", "nom": "PETR du Pays de nulle part"}
    found = judged("GEN-TER-003", epci=[COEVRONS, petr], communes=[{"code": "53130"}])

    assert found.state.value == "non_applicable"
    assert "PETR" in (found.reason or "")


def test_an_epci_without_siren_is_known_by_a_name_that_only_it_bears():
    named = [{"nom": "Communauté de communes des Coëvrons"}]

    assert judged("GEN-TER-003", epci=named, communes=[{"code": "53097"}]).state.value == "conforme"
    assert judged("GEN-TER-003", epci=named, communes=[{"code": "53130"}]).state.value == "non_conforme"


def test_an_island_without_epci_is_said_so():
    found = judged("GEN-TER-003", epci=[COEVRONS], communes=[{"code": "85113"}])

    assert "n’est membre d’aucun EPCI" in (found.reason or "")


# --- GEN-TER-004


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("53", ("53",)),
        ("1", ("01",)),
        ("2a", ("2A",)),
        ("20", ("2A", "2B")),
        ("69D", ("69",)),
        ("Mayenne", ("53",)),
        ("côte d'or", ("21",)),
        ("53 - Mayenne", ("53",)),
        ("Mayenne (53)", ("53",)),
        ("974", ("974",)),
        ("96", ()),
        ("", ()),
    ],
)
def test_a_departement_as_people_write_it(written, codes):
    assert departement(written, cog()) == codes


def test_lyon_is_in_the_departement_of_the_rhone():
    assert judged("GEN-TER-004", departements=["69"], communes=[{"code": "69123"}]).state.value == "conforme"
    assert (
        judged("GEN-TER-004", departements=["01"], communes=[{"code": "69383"}]).state.value == "non_conforme"
    )


def test_a_false_departement_is_reported_beside_the_true_one():
    found = judged("GEN-TER-004", departements=["53", "96"], communes=[{"code": "53097"}])

    assert [one.path for one in found.observations] == ["fiche.territoire.departements.1"]


# --- GEN-TER-005 and 006


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("CC du Pays de nulle part", "", True),
        ("Communauté de commune de nulle part", "", True),
        ("Pays de Montbéliard Agglomération", "", True),
        ("Plaine Commune", "", True),
        ("Pays de nulle part", "CC", True),
        ("Parc agricole", "communauté de communes", True),
        ("PETR du Pays de nulle part", "", False),
        ("Pays de nulle part", "", False),
        ("Syndicat mixte du SCoT de la Mayenne", "", False),
        ("Parc naturel régional Normandie-Maine", "", False),
        ("Pôle métropolitain Loire-Angers", "", False),
        ("Collectivité territoriale de Martinique", "", False),
        ("Collectivité de Corse", "", False),
        ("Commune de Saint-Pierre", "", False),
        ("Coëvrons", "syndicat", False),
        ("Coëvrons", "PNR", False),
    ],
)
def test_only_epci_and_ept_are_looked_up(name, kind, expected):
    assert looked_up(Stated(path="", code="200033306", nom=name, type=kind)) is expected


def test_an_unknown_siren_proposes_the_nearest_name():
    found = judged(
        "GEN-TER-005", departements=["53"], epci=[{"siren": "200033306", "nom": "CC du Pays de Crâon"}]
    )

    assert "CC du Pays de Craon (2" in (found.reason or "")


def test_an_epci_that_changed_is_told_its_name_of_before():
    given = [{"siren": "200040947", "nom": "CC de Flandre Intérieure"}]
    before = judged("GEN-TER-006", dt.date(2023, 5, 1), epci=given)
    after = judged("GEN-TER-006", epci=given)

    assert before.state.value == "conforme"
    assert (after.reason or "").endswith("est son nom au COG 2023.")


def test_a_siren_with_a_false_key_is_left_to_its_own_rule():
    assert said(judged("GEN-TER-005", epci=[{"siren": "200033299"}])) == ["non_applicable", "GEN-IDE-001"]


def test_the_name_of_another_epci_is_told_its_siren():
    found = judged("GEN-TER-006", epci=[{**COEVRONS, "nom": "CC de l’Ernée"}])

    assert "245300355" in (found.reason or "")


def test_the_exact_name_of_a_neighbour_is_not_an_abridged_one():
    # « CA du Cotentin » holds no word that « CC de la Baie du Cotentin » does not.
    bay = next(one for one in cog().groupements if one.nom == "CC de la Baie du Cotentin")
    found = judged("GEN-TER-006", epci=[{"siren": bay.siren, "nom": "CA du Cotentin"}])

    assert found.state.value == "non_conforme"


@pytest.mark.parametrize(
    ("siren", "name", "kind", "state"),
    [
        ("200033298", "CC des Coëvrons", "CC", "conforme"),
        ("200033298", "CC des Coëvrons", "Communauté de communes", "conforme"),
        ("200033298", "CC des Coëvrons", "CA", "non_conforme"),
        ("200033298", "CC des Coëvrons", "métropole", "non_conforme"),
        ("200046977", "Métropole de Lyon", "métropole", "conforme"),
        ("200046977", "Grand Lyon", "CU", "non_conforme"),
        ("200057867", "EPT Plaine Commune", "EPT", "conforme"),
        ("200054781", "Métropole du Grand Paris", "", "conforme"),
    ],
)
def test_the_type_of_an_epci_agrees_too(siren, name, kind, state):
    found = judged("GEN-TER-006", epci=[{"siren": siren, "nom": name, "type": kind}])

    assert found.state.value == state, found.reason


# --- GEN-TER-007 and 008


@pytest.mark.parametrize(
    ("places", "pilotes", "state"),
    [
        (["53"], [{"type": "DDT"}], "conforme"),
        (["53"], [{"type": "DREAL", "nom": "DREAL Pays de la Loire"}], "conforme"),
        (["53"], [{"type": "DREAL", "nom": "DREAL Bretagne"}], "non_conforme"),
        (["28"], [{"type": "DDT", "nom": "DDT d’Eure-et-Loir"}], "conforme"),
        (["27"], [{"type": "DDTM", "nom": "DDTM 28"}], "non_conforme"),
        (["53", "72"], [{"type": "DDT"}], "non_conforme"),
        (["53", "72"], [{"type": "DDT"}, {"type": "DDT", "chef_de_file": True}], "conforme"),
        (["53", "72"], [{"type": "DDT"}, {"type": "DREAL"}], "conforme"),
        (["53", "72"], [{"type": "DREAL"}], "conforme"),
        (["2A", "2B"], [{"type": "DREAL", "nom": "DREAL de Corse"}], "conforme"),
        (["75"], [{"type": "UD_DRIEAT"}], "conforme"),
        (["93"], [{"type": "DRIEAT"}], "conforme"),
        (["93"], [{"type": "DDT"}], "non_conforme"),
        (
            ["78"],
            [{"type": "DDT", "nom": "Direction départementale des territoires des Yvelines"}],
            "conforme",
        ),
        (["78"], [{"type": "DREAL"}], "non_conforme"),
        (["77", "45"], [{"type": "DREAL", "nom": "DREAL Centre-Val de Loire"}], "conforme"),
        (["35"], [{"type": "UD_DRIEAT"}], "non_conforme"),
        (["971"], [{"type": "DEAL"}], "conforme"),
        (["973"], [{"type": "DGTM"}], "conforme"),
        (["976"], [{"type": "DEALM"}], "conforme"),
        (["975"], [{"type": "DTAM"}], "conforme"),
        (["978"], [{"type": "DEAL"}], "conforme"),
        (["974"], [{"type": "DTAM"}], "non_conforme"),
        (["972"], [{"type": "DREAL"}], "non_conforme"),
        (["53"], [{"type": "DGTM"}], "non_conforme"),
        (["53"], [{"nom": "Une agence"}], "non_applicable"),
    ],
)
def test_the_lead_service_fits_the_territory(places, pilotes, state):
    found = judged("GEN-TER-007", departements=places, pilotes=pilotes)

    assert found.state.value == state, found.reason


def test_without_departements_those_of_the_communes_then_of_the_epci_are_taken():
    pilotes = [{"type": "DDT"}]

    assert judged("GEN-TER-007", communes=[{"code": "97411"}], pilotes=pilotes).state.value == "non_conforme"
    assert judged("GEN-TER-007", epci=[{"siren": "200054781"}], pilotes=pilotes).state.value == "non_conforme"
    assert judged("GEN-TER-007", epci=[COEVRONS], pilotes=pilotes).state.value == "conforme"


@pytest.mark.parametrize("place", ["53", "2A", "971", "972", "973", "974", "976"])
def test_metropole_and_the_five_drom_are_in_the_zone(place):
    assert judged("GEN-TER-008", departements=[place]).state.value == "conforme"


@pytest.mark.parametrize("place", ["975", "977", "978", "986", "987", "988"])
def test_the_other_collectivites_are_to_be_looked_at(place):
    found = judged("GEN-TER-008", departements=[place])

    assert found.state.value == "non_conforme"
    assert place in (found.reason or "")


def test_the_zone_is_told_before_the_first_vintage_too():
    assert judged("GEN-TER-008", dt.date(2022, 6, 1), departements=["975"]).state.value == "non_conforme"


# --- the reduction


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A made-up package: two communes, a delegated one, a former one, an EPCI and an EPT."""
    folder = tmp_path / "package"
    (folder / "data").mkdir(parents=True)

    def write(name: str, value: object) -> None:
        (folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")

    here = {"departement": "53", "region": "52"}
    write("package", {"name": "@essai/decoupage", "version": "1.0.0"})
    write("data/regions", [{"code": "52", "nom": "Pays"}])
    write("data/departements", [{"code": "53", "nom": "Mayenne", "region": "52"}])
    write(
        "data/communes",
        [
            {**here, "code": "53002", "nom": "L'Autre", "type": "commune-actuelle"},
            {**here, "code": "53001", "nom": "Une", "type": "commune-actuelle", "anciensCodes": ["53004"]},
            {
                **here,
                "code": "53001",
                "nom": "Une-la-Vieille",
                "type": "commune-deleguee",
                "chefLieu": "53001",
            },
            {**here, "code": "53003", "nom": "Petite", "type": "commune-associee", "chefLieu": "53001"},
            {
                **here,
                "code": "53101",
                "nom": "Une 1er",
                "type": "arrondissement-municipal",
                "commune": "53001",
            },
        ],
    )
    members = [{"code": "53002"}, {"code": "53001"}]
    write("data/epci", [{"code": "200000002", "nom": "CC d'Ici", "type": "CC", "membres": members}])
    write("data/ept", [{"code": "200000001", "nom": "T", "type": "EPT", "membres": members[1:]}])
    return folder


def test_a_package_is_reduced_to_what_the_checks_read(package):
    assert reduced(package, 2030) == {
        "annee": 2030,
        "source": "@essai/decoupage 1.0.0",
        "regions": {"52": "Pays"},
        "departements": {"53": ["Mayenne", "52"]},
        "groupements": [["200000001", "EPT", "T", "53"], ["200000002", "CC", "CC d’Ici", "53"]],
        "communes": {"53": "53001;Une;0 1|53002;L’Autre;1"},
        "deleguees": {"53": "53001;Une-la-Vieille"},
        "anciennes": {"53": "53003;53001;associee;Petite|53004;53001;ancienne;"},
        "arrondissements": {"53": "53101;53001;Une 1er"},
    }


def test_the_same_package_gives_the_same_bytes(package, tmp_path):
    first = main([str(package), "2030", "--vers", str(tmp_path)])
    content = first.read_bytes()

    assert first.name == "2030.json.gz"
    assert main([str(package), "2030", "--vers", str(tmp_path)]).read_bytes() == content
    assert json.loads(gzip.decompress(content)) == reduced(package, 2030)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"departement": "72"}, "53002"),
        ({"nom": "L;Autre"}, "séparateur"),
        ({"type": "commune-associee", "chefLieu": "53009"}, "sans commune actuelle"),
    ],
)
def test_a_package_that_contradicts_itself_is_refused(package, change, complaint):
    file = package / "data" / "communes.json"
    communes = json.loads(file.read_text(encoding="utf-8"))
    communes[0].update(change)
    file.write_text(json.dumps(communes), encoding="utf-8")

    with pytest.raises(ValueError, match=complaint):
        reduced(package, 2030)


def test_key_of_a_name_made_of_articles_is_not_empty():
    assert key("Les") == "les"
