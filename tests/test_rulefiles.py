from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from assembler.contributions import FieldSchema, Rule
from assembler.errors import RuleFileError
from assembler.fieldfiles import load_fields
from assembler.model import Months, Severity
from assembler.rulefiles import load_rules

BLOCK = """\
TT-DUR-004:
  titre: De 10 à 15 mois
  nature: programme
  gravite: bloquant
  etape: candidature
  du: 2026-01-28
  remplace: TT-DUR-001
  pourquoi: Parce que.
  correction: Ramenez la durée.
  reference: {texte: "Page publique", citation: "La durée est de 10 à 15 mois."}
  schema:
    fiche.mois: {type: mois, min: 10, max: 15}
  exemples:
    conforme: [{fiche: {mois: 10}}, {fiche: {mois: 10 à 12}}]
    non_conforme: [{fiche: {mois: 18}}]
"""


def one(tmp_path: Path, text: str, fields: FieldSchema | None = None, **checks: object) -> Rule:
    (tmp_path / "durees.yaml").write_text(text, encoding="utf-8")
    (rule,) = load_rules(tmp_path, checks, fields)  # type: ignore[arg-type]
    return rule


def test_a_block_becomes_a_rule(tmp_path: Path, fields: FieldSchema) -> None:
    rule = one(tmp_path, BLOCK, fields)
    assert (rule.id, rule.gravite, rule.du, rule.remplace) == (
        "TT-DUR-004",
        Severity.BLOCKING,
        dt.date(2026, 1, 28),
        "TT-DUR-001",
    )
    assert rule.schema == {"fiche.mois": {"type": "mois", "min": 10, "max": 15}}
    assert rule.origin == "durees.yaml:1"


def test_the_fiche_of_an_example_is_typed_like_a_fiche(tmp_path: Path, fields: FieldSchema) -> None:
    examples = one(tmp_path, BLOCK, fields).exemples["conforme"]
    assert [example["fiche"]["mois"] for example in examples] == [10, Months(10, 12)]


def test_bounds_take_the_type_of_what_they_bound(tmp_path: Path) -> None:
    text = BLOCK.replace("{type: mois, min: 10, max: 15}", "{type: decimal, min: 11.5}")
    text = text.replace("[{fiche: {mois: 10}}, {fiche: {mois: 10 à 12}}]", "[{fiche: {mois: 12}}]")
    text = text.replace("{fiche: {mois: 18}}", "{fiche: {mois: 11}}")
    assert one(tmp_path, text).schema["fiche.mois"]["min"] == Decimal("11.5")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  titre: De 10 à 15 mois\n", "", "« titre » : on attend une valeur"),
        ("nature: programme", "nature: morale", "« nature » : on attend « programme »"),
        ("gravite: bloquant", "gravite: grave", "« gravite » : on attend « bloquant »"),
        ("du: 2026-01-28", "du: hier", "« du » : on attend une date"),
        ("pourquoi: Parce que.", "pourquoi: ", "« pourquoi » : on attend une valeur"),
        ("remplace:", "remplacé:", "« remplacé » : on attend une clé parmi"),
        ("{type: mois, min: 10, max: 15}", "{min: 10}", "min » : on attend un « type » à côté"),
        (
            "{type: mois, min: 10, max: 15}",
            "{type: mois, min: dix}",
            "min » : on attend une valeur de type mois",
        ),
        ("{type: mois, min: 10, max: 15}", "{type: lune}", "on attend des règles que Cerberus connaît"),
        ("{type: mois, min: 10, max: 15}", "dix", "on attend des règles Cerberus"),
        (
            "  schema:\n    fiche.mois: {type: mois, min: 10, max: 15}\n",
            "",
            "soit « schema », soit « controle »",
        ),
        ("    non_conforme: [{fiche: {mois: 18}}]\n", "", "exemples.non_conforme » : on attend"),
        (', citation: "La durée est de 10 à 15 mois."', "", "une adresse ou une citation publique"),
        ("TT-DUR-004:", "duree:", "un identifiant comme LO-DUR-004"),
    ],
)
def test_a_malformed_block_is_refused_with_file_id_key_and_what_was_expected(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in BLOCK
    with pytest.raises(RuleFileError) as caught:
        one(tmp_path, BLOCK.replace(old, new))
    assert str(caught.value).startswith("durees.yaml, ligne 1, ")
    assert told in str(caught.value)


def test_a_check_is_found_by_name_and_says_what_it_reads(tmp_path: Path) -> None:
    text = BLOCK.replace(
        "  schema:\n    fiche.mois: {type: mois, min: 10, max: 15}\n",
        "  controle: duree\n  parametres: {maximum: 15}\n  lit: [fiche.mois]\n",
    )
    rule = one(tmp_path, text, duree=lambda facts, maximum: ())
    assert (rule.parametres, rule.lit) == ({"maximum": 15}, ("fiche.mois",))
    with pytest.raises(RuleFileError, match="« controle » : on attend un contrôle parmi"):
        one(tmp_path, text)
    with pytest.raises(RuleFileError, match="« lit » : on attend"):
        one(tmp_path, text.replace("  lit: [fiche.mois]\n", ""), duree=lambda facts, maximum: ())


def test_an_id_stands_once(tmp_path: Path, fields: FieldSchema) -> None:
    (tmp_path / "a.yaml").write_text(BLOCK, encoding="utf-8")
    (tmp_path / "durees.yaml").write_text(BLOCK, encoding="utf-8")
    with pytest.raises(RuleFileError, match="un identifiant neuf"):
        load_rules(tmp_path, {}, fields)


def test_a_file_that_is_no_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match=r"durees\.yaml, ligne 2"):
        one(tmp_path, "A: 1\nA: 2\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [("{mois: 18}", "{mois: 12}"), ("{mois: 18}", "{intitule: x}"), ("{mois: 10}", "{mois: 9}")],
)
def test_a_rule_whose_examples_end_otherwise_does_not_load(tmp_path: Path, old: str, new: str) -> None:
    text = BLOCK.replace(", {fiche: {mois: 10 à 12}}", "")
    with pytest.raises(RuleFileError, match="finisse ainsi"):
        one(tmp_path, text.replace(old, new))


FIELDS = """\
mois: {libelle: durée, type: mois}
lieu: {libelle: lieu, champs: {nom: {libelle: nom}, code: {libelle: code, valeurs: [a, b]}}}
dates: {type: date, liste: true}
"""


def test_fields_are_a_tree_and_inherit(tmp_path: Path) -> None:
    (tmp_path / "champs.yaml").write_text(FIELDS, encoding="utf-8")
    base = load_fields(tmp_path / "champs.yaml")
    assert base.root.fields["lieu"].fields["code"].values == ("a", "b")
    assert base.root.fields["dates"].many
    (tmp_path / "autres.yaml").write_text(
        "herite: commun\nmois: {libelle: mois de travail}\nlieu: {champs: {rue: {libelle: rue}}}\n",
        encoding="utf-8",
    )
    mine = load_fields(tmp_path / "autres.yaml", base)
    assert mine.root.fields["mois"].label == "mois de travail"
    assert mine.root.fields["mois"].type == "mois"
    assert set(mine.root.fields["lieu"].fields) == {"nom", "code", "rue"}


@pytest.mark.parametrize(
    "text", ["a: {type: lune}", "a: b", "a: {libele: x}", "a: {obligatoire: oui}", "herite: commun"]
)
def test_a_malformed_field_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "champs.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleFileError, match=r"champs\.yaml"):
        load_fields(tmp_path / "champs.yaml")


def test_a_folder_that_several_share_takes_the_prefix_of_each(tmp_path: Path, fields: FieldSchema) -> None:
    text = BLOCK.replace("TT-DUR-004", "DUR-004").replace("TT-DUR-001", "DUR-001")
    (tmp_path / "durees.yaml").write_text(text, encoding="utf-8")
    mine, yours = (load_rules(tmp_path, {}, fields, prefix)[0] for prefix in ("TT", "UU"))
    assert [(rule.id, rule.remplace) for rule in (mine, yours)] == [
        ("TT-DUR-004", "TT-DUR-001"),
        ("UU-DUR-004", "UU-DUR-001"),
    ]
    assert mine.titre == yours.titre


def test_without_a_prefix_a_shared_block_is_refused(tmp_path: Path, fields: FieldSchema) -> None:
    with pytest.raises(RuleFileError, match="LO-DUR-004"):
        one(tmp_path, BLOCK.replace("TT-DUR-004", "DUR-004"), fields)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("fiche.mois: {type", "fiche.moi: {type"),
        ("  schema:", "  si: {fiche.moi: {type: mois, min: 1}}\n  schema:"),
    ],
)
def test_a_path_that_the_fiche_does_not_have_is_refused(
    tmp_path: Path, fields: FieldSchema, old: str, new: str
) -> None:
    with pytest.raises(RuleFileError, match=r"par exemple « fiche\.mois » \(« fiche\.moi » n’existe pas\)"):
        one(tmp_path, BLOCK.replace(old, new), fields)


def test_a_path_that_a_check_reads_is_one_of_the_fiche(tmp_path: Path, fields: FieldSchema) -> None:
    schema = "  schema:\n    fiche.mois: {type: mois, min: 10, max: 15}\n"
    text = BLOCK.replace(schema, "  controle: duree\n  lit: [fiche.moi]\n")
    with pytest.raises(RuleFileError, match="« lit » : on attend un champ de la fiche"):
        one(tmp_path, text, fields, duree=lambda facts: ())


def test_an_example_that_ends_otherwise_says_why(tmp_path: Path, fields: FieldSchema) -> None:
    with pytest.raises(
        RuleFileError, match=r"« non_applicable » \(aucun champ de la fiche n’y est renseigné"
    ):
        one(tmp_path, BLOCK.replace("{mois: 18}", "{mois: }"), fields)
