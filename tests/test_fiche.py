from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assembler.contributions import Field, FieldSchema
from assembler.fiche import label, labels, read, total
from assembler.model import Months

GOOD = {
    "texte: 01004": ("texte", "01004"),
    "entier: 1 200": ("entier", 1200),
    "decimal: 1,5": ("decimal", Decimal("1.5")),
    "decimal: 100 000.50": ("decimal", Decimal("100000.50")),
    "date: 2026-03-12": ("date", dt.date(2026, 3, 12)),
    "date: 12/03/2026": ("date", dt.date(2026, 3, 12)),
    "date_heure: 2026-07-10T12:00": ("date_heure", dt.datetime(2026, 7, 10, 12, 0)),
    "date_libre: 2026-10": ("date_libre", "2026-10"),
    "date_libre: 2026-10-14": ("date_libre", dt.date(2026, 10, 14)),
    "mois: 11": ("mois", 11),
    "mois: 10 à 12": ("mois", Months(10, 12)),
    "mois: 10-12 mois": ("mois", Months(10, 12)),
    "booleen: Oui": ("booleen", True),
    "booleen: non": ("booleen", False),
    "echelle: Intercommunale": ("echelle", "intercommunale"),
    "codes: '53'": ("codes", ["53"]),
}


@pytest.mark.parametrize("line", GOOD)
def test_a_value_is_typed_by_its_field(line: str, fields: FieldSchema) -> None:
    fiche = read(line.encode(), "dossier.yaml", fields)
    name, value = GOOD[line]
    assert (fiche.faults, fiche.data) == ((), {name: value})


@pytest.mark.parametrize(
    "line",
    [
        "entier: onze",
        "entier: 1.5",
        "decimal: beaucoup",
        "date: 31/02/2026",
        "date_heure: midi",
        "mois: 12 à 10",
        "mois: onze",
        "booleen: peut-être",
        "echelle: régionale",
        "entier: [1, 2]",
        "groupe: non",
        "date: {a: 1}",
    ],
)
def test_a_value_that_does_not_fit_is_one_fault_with_its_line(line: str, fields: FieldSchema) -> None:
    fiche = read(f"texte: ok\n{line}\n".encode(), "dossier.yaml", fields)
    assert [(fault.kind, fault.location.ligne) for fault in fiche.faults] == [("type", 2)]
    assert fiche.data == {"texte": "ok"}


def test_an_unknown_field_names_the_nearest(fields: FieldSchema) -> None:
    fiche = read(b"entiers: 3\n", "dossier.yaml", fields)
    assert [fault.kind for fault in fiche.faults] == ["champ"]
    assert "vouliez-vous dire « entier »" in fiche.faults[0].message


def test_faults_inside_a_list_say_which_item(fields: FieldSchema) -> None:
    fiche = read(b"sessions:\n  - entier: 1\n  - entier: x\n", "f.yaml", fields)
    assert fiche.faults[0].location.champ == "sessions.1.entier"
    assert fiche.faults[0].location.ligne == 3
    assert fiche.data == {"sessions": [{"entier": 1}, None]}


@pytest.mark.parametrize("content", [b"", b"a: [", b"- a\n", b"a: 1\na: 2", b"\xff\xfe\x00"])
def test_a_broken_fiche_is_one_fault_of_reading(content: bytes, fields: FieldSchema) -> None:
    fiche = read(content, "dossier.yaml", fields)
    assert [fault.kind for fault in fiche.faults] == ["lecture"]
    assert fiche.faults[0].location.fichier == "dossier.yaml"


def test_empty_values_are_pruned(fields: FieldSchema) -> None:
    fiche = read(b"texte: ''\ngroupe: {texte: null}\ncodes: []\nsessions: [{}]\n", "f", fields)
    assert (fiche.data, fiche.faults) == ({}, ())


def test_a_total_fiche_has_every_field(fields: FieldSchema) -> None:
    data = total(fields, {"groupe": {"entier": 3}, "sessions": [{"texte": "a"}]})
    assert set(data) == set(fields.root.fields)
    assert data["groupe"]["entier"] == 3
    assert data["groupe"]["date"] is None
    assert data["sessions"][0]["entier"] is None
    assert data["codes"] == []


def test_a_label_is_found_through_lists(fields: FieldSchema) -> None:
    assert label(fields, "sessions.1.entier") == "champ entier"
    assert label(fields, "inconnu.champ") == "inconnu.champ"


@given(st.text(max_size=60))
def test_any_text_is_typed_or_told(text: str) -> None:
    kinds = ("texte", "entier", "decimal", "date", "date_heure", "date_libre", "mois", "booleen")
    schema = FieldSchema(root=Field(fields={kind: Field(type=kind) for kind in kinds}))
    escaped = text.encode("unicode_escape").decode().replace('"', '\\"').replace("\\'", "'")
    content = "".join(f'{kind}: "{escaped}"\n' for kind in kinds).encode()
    fiche = read(content, "f.yaml", schema)
    for kind in kinds:
        faults = [fault for fault in fiche.faults if fault.location.champ == kind]
        assert len(faults) <= 1
        assert not (faults and kind in fiche.data)


AMOUNTS = FieldSchema(
    root=Field(
        fields={
            "part": Field(type="decimal", label="Part", unit="%"),
            "montant": Field(type="decimal", label="Montant", unit="€"),
            "jours": Field(type="decimal", label="Jours"),
        }
    )
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("part: 100 %", "100"),
        ("part: 33,5%", "33.5"),
        ("montant: 100 000,50 €", "100000.50"),
        ("montant: 1 500 euros", "1500"),
        ("montant: 1500", "1500"),
    ],
)
def test_a_number_is_read_with_its_own_unit(line: str, expected: str) -> None:
    fiche = read(line.encode(), "dossier.yaml", AMOUNTS)
    assert (fiche.faults, [str(value) for value in fiche.data.values()]) == ((), [expected])


@pytest.mark.parametrize("line", ["montant: 100 %", "part: 100 €", "montant: 100.000 €", "jours: 2 €"])
def test_a_number_that_can_be_read_in_two_ways_is_a_fault(line: str) -> None:
    assert [one.kind for one in read(line.encode(), "dossier.yaml", AMOUNTS).faults] == ["type"]


@pytest.mark.parametrize("text", ["seminaire_lancement", "Séminaire de lancement", "SEMINAIRE LANCEMENT"])
def test_a_listed_value_is_read_as_it_is_shown_and_as_it_is_kept(text: str) -> None:
    nature = Field(type="texte", values=("seminaire_lancement",), shown=("séminaire de lancement",))
    schema = FieldSchema(root=Field(fields={"nature": nature}))
    assert read(f"nature: {text}".encode(), "dossier.yaml", schema).data == {"nature": "seminaire_lancement"}


def test_the_paths_that_a_motif_names_have_their_labels(fields: FieldSchema) -> None:
    assert labels(fields, ["non renseigné : fiche.texte", None, "GEN-FIC-002"]) == {
        "fiche.texte": label(fields, "texte")
    }
