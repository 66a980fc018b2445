"""The rules that ship: each behaves as its examples say, and the catalogue is the specification's."""

import datetime as dt
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from assembler_plugins.commun.checks import CHECKS as COMMON_CHECKS
from assembler_plugins.commun.format import champs
from assembler_plugins.flash.checks import CHECKS as FLASH_CHECKS
from assembler_plugins.local.checks import CHECKS
from assembler_plugins.territoire.checks import CHECKS as TERRITORY_CHECKS
from assembler_plugins.thematique.checks import CHECKS as THEMATIQUE_CHECKS

from assembler.contributions import Rule
from assembler.fiche import read
from assembler.fieldfiles import load_fields
from assembler.judging import judge
from assembler.model import Severity
from assembler.rulefiles import load_rules

ROOT = files("assembler_rules")
FIELDS = champs("local")
RULES: tuple[Rule, ...] = (
    *load_rules(ROOT / "commun", COMMON_CHECKS, FIELDS),
    *load_rules(ROOT / "territoire", TERRITORY_CHECKS, load_fields(ROOT / "commun" / "champs.yaml")),
    *load_rules(ROOT / "local", CHECKS, FIELDS),
    *load_rules(ROOT / "marche", CHECKS, FIELDS, "LO"),
    *load_rules(ROOT / "flash", FLASH_CHECKS, champs("flash")),
    *load_rules(ROOT / "thematique", THEMATIQUE_CHECKS, champs("thematique")),
    *load_rules(ROOT / "marche", THEMATIQUE_CHECKS, champs("thematique"), "ST"),
)
BY_ID = {rule.id: rule for rule in RULES}
EXPECTED = yaml.safe_load((Path(__file__).parent / "data" / "regles-spine.yaml").read_text(encoding="utf-8"))
EDITION_2023 = dt.date(2023, 1, 1)


def _examples() -> Iterator[object]:
    for rule in RULES:
        for state, documents in rule.exemples.items():
            for rank, document in enumerate(documents, start=1):
                yield pytest.param(rule, state, document, id=f"{rule.id}-{state}-{rank}")


EXAMPLES = list(_examples())


@pytest.mark.parametrize(("rule", "state", "document"), EXAMPLES)
def test_example_ends_in_the_state_it_announces(rule, state, document):
    judgement = judge(rule, document)

    assert judgement.state.value == state, judgement.reason


@pytest.mark.parametrize(("rule", "state", "document"), EXAMPLES)
def test_whatever_is_not_conforme_says_why_in_a_sentence(rule, state, document):
    judgement = judge(rule, document)

    assert bool(judgement.observations) == (state != "conforme")
    assert all(one.message and "None" not in one.message for one in judgement.observations)


def test_every_id_of_the_specification_is_there():
    assert set(BY_ID) == set(EXPECTED)


@pytest.mark.parametrize("rule_id", EXPECTED)
def test_severity_nature_and_dates_are_those_of_the_specification(rule_id):
    rule, expected = BY_ID[rule_id], EXPECTED[rule_id]
    blank = EDITION_2023 if rule_id.startswith(("LO-", "FL-", "ST-")) else None

    found = (rule.gravite.value, rule.nature, rule.du, rule.au)

    assert found == (expected["gravite"], expected["nature"], expected.get("du", blank), expected.get("au"))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.remplace], ids=lambda rule: rule.id)
def test_a_rule_begins_the_day_after_the_one_it_replaces(rule):
    before = BY_ID[rule.remplace]

    assert before.au is not None
    assert before.au + dt.timedelta(days=1) == rule.du
    assert [one.id for one in RULES if one.remplace == before.id] == [rule.id]


@pytest.mark.parametrize(
    ("day", "ids"),
    [
        (dt.date(2020, 1, 1), {"LO-DUR-003", "LO-SES-006", "LO-PIE-007"}),
        (dt.date(2023, 1, 1), {"LO-DUR-001", "LO-SES-001", "LO-SES-002", "LO-PIE-006"}),
        (dt.date(2026, 1, 27), {"LO-DUR-001", "LO-SES-001", "LO-SES-002", "LO-NOT-009"}),
        (dt.date(2026, 1, 28), {"LO-DUR-004", "LO-DUR-005", "LO-SES-001", "LO-SES-003", "LO-NOT-009"}),
    ],
)
def test_each_edition_has_its_own_rules(day, ids):
    dated = {
        *("LO-DUR-001", "LO-DUR-003", "LO-DUR-004", "LO-DUR-005", "LO-SES-001", "LO-SES-002", "LO-SES-003"),
        *("LO-SES-006", "LO-PIE-006", "LO-PIE-007", "LO-NOT-009"),
    }

    assert {rule.id for rule in RULES if rule.id in dated and rule.in_force(day)} == ids


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_blocking_rule_of_the_programme_quotes_a_public_text(rule):
    if rule.nature == "programme" and rule.gravite is Severity.BLOCKING:
        assert rule.reference.citation
    if rule.reference.citation:
        assert len(rule.reference.citation.split()) <= 25


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_what_a_person_reads_is_written_in_french_typography(rule):
    texts = [rule.titre, rule.pourquoi, rule.correction, rule.courrier or ""]

    assert not [text for text in texts if "'" in text or '"' in text or "..." in text]
    assert not [text for text in texts if "« " in text or " »" in text or " ;" in text or " :" in text]
    assert all(not text or text.endswith((".", "»", ").")) for text in texts[1:])
    assert not rule.titre.endswith(".")


@pytest.mark.parametrize("rule_id", ["FL-PIE-001", "FL-PIE-002", "FL-PIE-003", "ST-PIE-002", "ST-PIE-003"])
def test_what_no_public_text_states_says_so_and_blocks_nobody(rule_id):
    rule = BY_ID[rule_id]

    assert "non attesté publiquement" in rule.titre
    assert rule.gravite is Severity.REVIEW


def test_the_letter_says_a_sentence_without_jargon():
    for rule in RULES:
        for word in ("fiche", "YAML", "champ", "docx", "SIREN", "CCTP", "fichier"):
            assert word not in (rule.courrier or ""), rule.id


def test_the_fiche_of_the_conception_is_known_field_by_field():
    fiche = """
format: local
etape: candidature
intitule: Atelier local des Coëvrons
reference: ADT-L-2026-053-01
date_depot: 2026-03-12
territoire:
  echelle: intercommunale
  departements: ["53"]
  epci: [{siren: "200033298", nom: CC des Coëvrons}]
  communes: [{code: "53097", nom: Évron}]
pilotes:
  - type: DDT
    nom: Direction départementale des territoires de la Mayenne
    chef_de_file: true
    adresse: ["Cité administrative", "60 rue Mac Donald", "53000 Laval"]
    signataire: {civilite: Mme, prenom: Camille, nom: Exemple, fonction: directrice, mode: delegation,
      acte_delegation: {nature: arrêté, numero: "2026-01", date: 2026-01-05, publication: RAA n° 3}}
    contact: {prenom: Dominique, nom: Exemple, fonction: chef, courriel: contact@exemple.fr,
      telephone: "02 00 00 00 00"}
prefectures: [{autorite: prefet, civilite: Mme, prenom: Alex, nom: Exemple, departement: "53"}]
collectivites:
  - {nom: Communauté de communes des Coëvrons, type: CC, siren: "200033298", role: porteur,
     representant: {civilite: M., prenom: Claude, nom: Exemple, fonction: président}}
operateurs: []
acteurs: [{nom: A, organisme: B, qualite: C}]
ressources: [{titre: A, detenteur: B, date: "2024", format: pdf}]
objet: {thematiques: [environnementales_energetiques], resume: A, objectifs: [B]}
accompagnement:
  duree_mois: "10 à 12"
  debut: 2026-09-01
  fin: 2027-07-31
  sessions: [{numero: 1, objet: diagnostic, debut: 2026-10, jours: 1.5, lieu: Évron}]
  rencontres: [{nature: inter_atelier, date: 2026-11-04, lieu: Évron}]
  mise_en_reseau: null
financement: {montant: "100000", base: TTC, part_dgaln: 100, frais_organisation: co_porteurs}
marche:
  accord_cadre: "AC-2023-01"
  numero: "2026-053-01"
  date_consultation: 2026-06-08
  date_limite_questions: 2026-06-26T12:00
  date_limite_offres: 2026-07-10T12:00
  titulaires_consultes: [A]
  criteres: [{intitule: Valeur technique, ponderation: "60"}]
  cpv: [71410000-5]
  taux_tva: "20"
  livrables: [note_cadrage]
  gouvernance: {copil: [A], cotech: [B]}
  prix: [{numero: "1.1", poste: A, livrable: note_cadrage, jours: {chef: "2"}, frais_ht: "10.50"}]
commandes: [{numero: A, date: 2026-01-01, lignes: [{numero_prix: A1, quantite: "1"}]}]
offres: [{titulaire: A, fichier: b.pdf, notes: {valeur: "12"}}]
attribution: {titulaire: A, montant_ht: "1.00", date_choix: 2026-01-01, date_signature: 2026-01-01,
              date_notification: 2026-01-01, engagement_juridique: "1", code_service: B}
restitution: {
  feuille_route: [{orientation: A, action: B, priorite: "1", porteur: C, financement: D, echeance: E}],
              bouger_les_lignes: null, capitalisation: null}
pieces: {note_opportunite: "Note v3 DEF.docx", courrier_prefet: "courriers.pdf, p. 2-3"}
"""
    assert read(fiche.encode(), "dossier.yaml", FIELDS).faults == ()


def test_the_desk_s_own_data_are_known_field_by_field():
    fields = load_fields(ROOT / "commun" / "instruction.yaml")
    data = b"""
reception: {date: 2026-03-13, reference: R1}
decision: {valeur: eligible, date: 2026-04-01, motifs: [A]}
signataire: {civilite: Mme, prenom: A, nom: B, fonction: C, mode: delegation}
agent_suivi: {prenom: A, nom: B, fonction: C, courriel: a@exemple.fr, telephone: "01"}
"""
    assert read(data, "instruction.yaml", fields).faults == ()


def test_session_is_not_a_field_of_this_format():
    faults = read(b"format: local\nsession: X\n", "dossier.yaml", FIELDS).faults

    assert [fault.kind for fault in faults] == ["champ"]
