"""The consultation: its letter, the acte d’engagement, the frame of the note, and what they share."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from assembler_plugins.commun.marche import rythme
from assembler_plugins.commun.marche.candidats import A_RELIRE, motifs
from assembler_plugins.commun.marche.heures import date_et_heure
from assembler_plugins.commun.marche.identite import clauses, identite
from assembler_plugins.local.documents import DOCUMENTS
from assembler_plugins.local.pieces import PIECES
from cas_local import ACCORD, case, marche, note

from assembler.contributions import Case, Copy, Template
from assembler.errors import MissingValue, WritingError
from assembler.extraction import piece_facts
from assembler.model import Months, Reading
from assembler.readers.docx import read
from assembler.rendering.docx import render

NOON = dt.datetime(2026, 7, 10, 12)
REUNION: dict[str, Any] = {
    "territoire": {"departements": ["974"], "communes": [{"code": "97411", "nom": "Saint-Denis"}]},
    "prefectures": [{"autorite": "prefet", "civilite": "M.", "nom": "Exemple", "departement": "974"}],
}


def template(ident: str) -> Template:
    return next(one for one in DOCUMENTS if one.id == ident)


def reading(ident: str, of: Case, copy: Copy | None = None) -> Reading:
    one = template(ident)
    assert one.template is not None
    assert one.context is not None
    which = copy or next(iter(one.copies(of)))
    return read(render(one.template.read_bytes(), one.context(of, which), name=ident))


def words(found: Reading, *, hints: bool = True) -> str:
    said = "\n".join(block.text for block in found.blocks if hints or not block.hint)
    return f"{said}\n{found.headers}".replace("\u202f", " ").replace("\u00a0", " ")


def made(ident: str, of: Case, copy: Copy | None = None) -> str:
    return words(reading(ident, of, copy))


def launched(accord: Mapping[str, Any] | None = ACCORD, **changes: Any) -> Case:
    """Return the case at the launch; without an accord-cadre, nobody has the desk's file."""
    return case(marche(**changes), accord=accord)


def without(*names: str, **others: Any) -> dict[str, Any]:
    """Return the record of the accord-cadre without some of its fields, others changed."""
    return {key: value for key, value in ACCORD.items() if key not in names} | others


# --- deadlines ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "departement", "said"),
    [
        (NOON, "53", "vendredi 10 juillet 2026 à 12 h 00 (heure de Paris)"),
        (NOON, None, "vendredi 10 juillet 2026 à 12 h 00 (heure de Paris)"),
        (NOON, "974", "vendredi 10 juillet 2026 à 12 h 00, heure de La Réunion (10 h 00, heure de Paris)"),
        (
            NOON.replace(month=12),
            "974",
            "jeudi 10 décembre 2026 à 12 h 00, heure de La Réunion (09 h 00, heure de Paris)",
        ),
        (NOON, "972", "vendredi 10 juillet 2026 à 12 h 00, heure de la Martinique (18 h 00, heure de Paris)"),
        (NOON, "976", "vendredi 10 juillet 2026 à 12 h 00, heure de Mayotte (11 h 00, heure de Paris)"),
        (
            NOON.replace(hour=20),
            "973",
            "vendredi 10 juillet 2026 à 20 h 00, heure de la Guyane "
            "(le samedi 11 juillet 2026 à 01 h 00, heure de Paris)",
        ),
        (dt.datetime(2026, 5, 1, 9, 30), "2A", "vendredi 1er mai 2026 à 09 h 30 (heure de Paris)"),
    ],
)
def test_a_deadline_tells_its_time_zone_and_both_overseas(
    moment: dt.datetime, departement: str | None, said: str
) -> None:
    assert date_et_heure(moment, departement).replace("\u00a0", " ") == said


# --- references -----------------------------------------------------------------------------------


def test_a_clause_is_cited_by_its_number_when_the_record_gives_it() -> None:
    found = clauses({"articles": {"penalites": "9", "assurances": None}})
    assert found == {
        "penalites": {
            "le": "l’article 9 du CCP de l’accord-cadre",
            "au": "à l’article 9 du CCP de l’accord-cadre",
        },
        "assurances": {"le": "le CCP de l’accord-cadre", "au": "au CCP de l’accord-cadre"},
    }


@pytest.mark.parametrize(
    ("civilite", "titre", "rpa"),
    [
        ("Mme", "Préfète de la Mayenne", "par délégation de la préfète"),
        ("M.", "Préfet de la Mayenne", "par délégation du préfet"),
    ],
)
def test_the_buyer_acts_for_the_prefet_as_he_or_she_is(civilite: str, titre: str, rpa: str) -> None:
    found = identite(launched(prefectures__0__civilite=civilite))
    assert found["bloc_marque"] == titre
    assert found["rpa"].endswith(rpa)
    assert found["acheteur"] == f"État – {titre} – Direction départementale des territoires de la Mayenne"


def test_every_document_bears_the_same_identification() -> None:
    of = launched()
    for ident in ("lettre-consultation", "acte-engagement", "cadre-memoire"):
        said = made(ident, of)
        for one in ("2026-053-01", "AC-2023-01", "Atelier local des Coëvrons", "version 1.0"):
            assert one in said


# --- calendar -------------------------------------------------------------------------------------


def weeks(**changes: Any) -> dict[str, tuple[int, int]]:
    return rythme.semaines("cctp", launched(**changes).fiche)


UNDATED = [{"numero": number, "jours": Decimal(1)} for number in (1, 2, 3)]


def test_sessions_are_spread_over_the_mission_when_nothing_dates_them() -> None:
    assert weeks(accompagnement__sessions=UNDATED, accompagnement__duree_mois=12) == {
        "E1": (0, 6),
        "E2": (13, 13),
        "IA1": (13, 26),
        "E3": (26, 26),
        "IA2": (26, 39),
        "E4": (39, 39),
        "E5": (39, 52),
    }
    assert weeks(accompagnement__sessions=UNDATED, accompagnement__duree_mois=10)["E5"] == (32, 43)
    assert weeks(accompagnement__sessions=UNDATED, accompagnement__duree_mois=Months(10, 12))["E5"][1] == 52


def test_the_dates_of_the_fiche_give_the_weeks() -> None:
    # From 1 September 2026: 14-15 October in the 7th week, 20-21 January in the 21st; May ends in the 39th.
    assert weeks() == {
        "E1": (0, 6),
        "E2": (7, 7),
        "IA1": (7, 21),
        "E3": (21, 21),
        "IA2": (21, 39),
        "E4": (39, 39),
        "E5": (39, 47),
    }


def test_the_calendar_of_the_fiche_comes_first() -> None:
    rows = [{"etape": "E1", "debut": 0, "fin": 4}, {"etape": "E4", "debut": 34, "fin": 36}]
    found = weeks(marche__calendrier=rows)
    assert (found["E1"], found["IA2"], found["E4"], found["E5"]) == ((0, 4), (21, 34), (34, 36), (36, 47))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"etape": "E5", "debut": 40, "fin": 60}, "E5 finit à T0 + 60 semaines"),
        ({"etape": "E1", "debut": 8, "fin": 4}, "E1 finit avant de commencer"),
        ({"etape": "E3", "debut": 3, "fin": 5}, "E3 finit avant E2"),
    ],
)
def test_a_calendar_that_does_not_hold_refuses_the_document(row: Mapping[str, Any], said: str) -> None:
    with pytest.raises(WritingError, match=said.replace("+", r"\+")):
        weeks(marche__calendrier=[row])


def test_the_calendar_shows_the_weeks_and_the_dates_beside() -> None:
    met = [{"nature": "restitution", "date": dt.date(2027, 6, 30), "lieu": "Évron"}]
    rows = rythme.calendrier("cctp", launched(accompagnement__rencontres=met).fiche)
    shown = [(one["semaines"], one["date"], one["lieu"]) for one in rows]
    assert [tuple(cell.replace("\u00a0", " ") for cell in row) for row in shown] == [
        ("T0 à T0 + 6 semaines", "Septembre 2026", "–"),
        ("T0 + 7 semaines", "14 et 15 octobre 2026", "Évron"),
        ("T0 + 7 à T0 + 21 semaines", "–", "–"),
        ("T0 + 21 semaines", "20 et 21 janvier 2027", "Bais"),
        ("T0 + 21 à T0 + 39 semaines", "–", "–"),
        ("T0 + 39 semaines", "Mai 2027", "Évron"),
        ("T0 + 39 à T0 + 47 semaines", "30 juin 2027", "Évron"),
    ]


@pytest.mark.parametrize(
    ("start", "days", "said"),
    [
        (dt.date(2026, 10, 31), "2", "31 octobre 2026 au 1er novembre 2026"),
        (dt.date(2026, 10, 1), "2.5", "1er au 3 octobre 2026"),
        (dt.date(2026, 10, 5), "0.5", "5 octobre 2026"),
    ],
)
def test_the_days_of_a_session_read_in_one_phrase(start: dt.date, days: str, said: str) -> None:
    one = {"numero": 1, "debut": start, "jours": Decimal(days)}
    rows = rythme.calendrier("cctp", launched(accompagnement__sessions=[one, *UNDATED[1:]]).fiche)
    assert rows[1]["date"].replace("\u00a0", " ") == said


# --- letter of consultation -----------------------------------------------------------------------


def letters(of: Case) -> dict[str, Reading]:
    one = template("lettre-consultation")
    return {copy.suffix: reading(one.id, of, copy) for copy in one.copies(of)}


def test_each_titulaire_is_written_to_and_reads_the_same_text() -> None:
    found = letters(launched())
    assert list(found) == ["atelier-exemple", "studio-exemple", "exemple-et-associes"]
    digests = set()
    for one in found.values():
        told = [block.text for block in one.blocks]
        to = next(rank for rank, text in enumerate(told) if "Objet" in text) - 1
        assert "À l’attention de" in told[to]
        digests.add(
            hashlib.sha256("\n".join([*told[:to], *told[to + 1 :], one.headers]).encode()).hexdigest()
        )
    assert len(digests) == 1


def test_only_the_titulaires_of_the_lot_are_consulted() -> None:
    record = without(
        "titulaires",
        titulaires=[{"mandataire": "Nord Exemple", "lot": "1"}, {"mandataire": "Sud Exemple", "lot": "2"}],
        lots=[{"numero": "2", "intitule": "Sud"}],
    )
    of = launched(record, marche__lot="2")
    assert list(letters(of)) == ["sud-exemple"]
    assert "Vous êtes titulaire du lot n° 2 (Sud) de l’accord-cadre" in made("lettre-consultation", of)


def test_the_fiche_names_the_titulaires_when_the_record_is_unknown() -> None:
    assert list(letters(launched(None))) == ["atelier-exemple", "studio-exemple", "exemple-et-associes"]
    nobody = template("lettre-consultation").condition(launched(None, marche__titulaires_consultes=[]))
    assert nobody is not None
    assert "titulaires_consultes" in nobody


def test_the_letter_says_what_a_consultation_must() -> None:
    said = made("lettre-consultation", launched())
    for one in (
        "avant le vendredi 10 juillet 2026 à 12 h 00 (heure de Paris)",
        "au plus tard le vendredi 26 juin 2026 à 12 h 00",
        "articles R. 2162-1 à R. 2162-12 du code de la commande publique",
        "conformément à l’article 4 du CCP de l’accord-cadre",
        "\nValeur technique\n60 %\nPrix\n40 %\n",
        "DDT53-2026-ADT-01",
        "Il est ferme, conformément à l’article 5.3",
        "cent vingt (120) jours",
        "elles ne sont pas autorisées",
        "formulaire DC4",
        "entre le 16 juillet 2026 et le 17 juillet 2026, pendant 45 minutes chacun",
        "Il n’est pas procédé à une négociation",
        "attestation d’assurance de responsabilité civile professionnelle ;",
        "le tribunal administratif de Nantes",
    ):
        assert one in said


def test_the_reglement_has_its_twelve_articles() -> None:
    found = reading("lettre-consultation", launched())
    titles = [block.text for block in found.blocks if block.level == 1]
    assert [one.replace("\u00a0", " ").partition(" –")[0] for one in titles] == [
        f"Article {number}" for number in range(1, 13)
    ]


def test_overseas_the_letter_gives_both_times() -> None:
    said = made("lettre-consultation", launched(**REUNION))
    assert "12 h 00, heure de La Réunion (10 h 00, heure de Paris)" in said
    assert "Préfet de La Réunion" in said


def test_what_is_optional_and_unknown_leaves_no_trace() -> None:
    none = {
        "marche__reference_place": None,
        "marche__date_limite_questions": None,
        "marche__audition": None,
        "marche__tribunal": None,
        "marche__cpv": [],
    }
    bare = without("articles", "forme_prix", "regle_prix", "note_maximale", "methode_prix", "variantes")
    said = made("lettre-consultation", launched(bare, **none))
    for one in (
        "sous la référence",
        "CPV",
        "noté sur",
        "bordereau des prix",
        "article 4 du CCP",
        "au plus tard",
    ):
        assert one not in said
    assert "Il n’est pas prévu d’audition." in said
    assert "le tribunal administratif territorialement compétent" in said
    assert "copie de sauvegarde" not in said
    assert "  " not in said


def test_a_backup_copy_is_offered_only_with_its_address() -> None:
    given = launched(marche__copie_sauvegarde=["DDT de la Mayenne", "53000 Laval"])
    assert "l’adresse suivante : DDT de la Mayenne, 53000 Laval." in made("lettre-consultation", given)


def test_an_audition_that_the_accord_cadre_does_not_allow_is_not_announced() -> None:
    assert "Il n’est pas prévu d’audition." in made("lettre-consultation", launched(without("audition")))


def test_a_letter_without_what_identifies_it_names_every_missing_field() -> None:
    none = {"marche__numero": None, "marche__date_limite_offres": None, "marche__criteres": []}
    with pytest.raises(MissingValue) as caught:
        made("lettre-consultation", launched(without("criteres"), **none))
    for field in ("marche.numero", "marche.date_limite_offres", "marche.criteres"):
        assert field in str(caught.value)


def test_a_criterion_without_its_weight_refuses_the_letter() -> None:
    with pytest.raises(MissingValue, match="Valeur technique"):
        made(
            "lettre-consultation", launched(without("criteres", criteres=[{"intitule": "Valeur technique"}]))
        )


# --- acte d’engagement and frame ------------------------------------------------------------------


def test_the_acte_has_its_fourteen_parts() -> None:
    titles = [block.text for block in reading("acte-engagement", launched()).blocks if block.level == 1]
    assert "".join(one[0] for one in titles) == "ABCDEFGHIJKLMN"


def test_nothing_of_the_acte_reads_as_filled_in_by_a_bidder() -> None:
    found = reading("acte-engagement", launched())
    said = words(found, hints=False)
    for secret in ("Atelier Exemple", "Studio Exemple", "79850", "79 850", "74200", "100 000", "€", "[à"):
        assert secret not in said
    hints = [block.text for block in found.blocks if block.hint]
    assert hints
    assert all(one.startswith(("[à compléter", "[à choisir", "[oui")) for one in hints)
    assert "Partie à compléter par le candidat." in said


def test_the_acte_is_one_file_with_the_parts_of_the_buyer_filled_in() -> None:
    of = launched()
    assert [copy.suffix for copy in template("acte-engagement").copies(of)] == [""]
    said = made("acte-engagement", of)
    for one in (
        "onze (11) mois à compter de sa notification",
        "cent vingt (120) jours",
        "Directeur départemental des finances publiques de la Loire-Atlantique",
        "Taux de TVA du cadre de DPGF : 20 %",
        "conformément à l’article 6.1 du CCP de l’accord-cadre",
        "Pour la préfète et par délégation,",
    ):
        assert one in said
    assert "Indiqué dans la lettre de notification" in made("acte-engagement", launched(attribution={}))


def test_the_frame_of_the_note_asks_for_what_the_criteria_and_the_mission_are_made_of() -> None:
    found = reading("cadre-memoire", launched())
    said = words(found)
    for one in ("L1", "L2.1", "L2.2", "L2.3", "L3", "L4"):
        assert f"\n{one}\n" in said
    assert "\nValeur technique\n60 %\nParties 2 à 6 du présent cadre\n" in said
    assert "\nPrix\n40 %\nDPGF et acte d’engagement\n" in said
    assert "\nAnimation d’ateliers et médiation\n" in said
    assert "€" not in said
    assert "Compétence attendue" not in made("cadre-memoire", launched(without("competences")))


def test_the_shared_templates_name_no_format() -> None:
    for ident in ("lettre-consultation", "acte-engagement", "cadre-memoire"):
        one = template(ident)
        assert one.template is not None
        assert "Atelier local" not in words(read(one.template.read_bytes()))


# --- what does not suit a bidder --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Nous souhaitons agir.", ["premiere_personne"]),
        ("J’ai trois questions.", ["premiere_personne"]),
        ("La cathédrale Notre-Dame domine la ville.", []),
        ("La candidature est née en 2025.", ["vocabulaire_candidature"]),
        ("Note d’opportunité valant candidature", []),
        ("La note d’opportunité le dit.", ["vocabulaire_candidature"]),
        ("Écrire à contact@exemple.fr ou au 02 43 00 00 00.", ["coordonnees"]),
        ("Appeler le +33 2.43.00.00.00.", ["coordonnees"]),
        ("Le programme coûte 12 000 euros.", ["montant"]),
        ("Le programme coûte 12 000 €.", ["montant"]),
        ("Deux millions d’euros sont prévus.", ["montant"]),
        ("Les 12 000 habitants et les élus se réunissent.", []),
        (
            "Notre budget de 2 M€ est notre candidature.",
            ["premiere_personne", "vocabulaire_candidature", "montant"],
        ),
    ],
)
def test_each_reason_to_reread_is_told_once_by_paragraph(sentence: str, names: Iterable[str]) -> None:
    assert [name for name, _ in motifs(sentence)] == names


def test_the_note_tells_these_passages_by_section_and_with_their_place(tmp_path: Path) -> None:
    source = note(tmp_path, objet="Nous écrivons à contact@exemple.fr.")
    piece = next(one for one in PIECES if one.id == "note_opportunite")
    facts = piece_facts(piece, (source,), [])
    found = facts["sections"]["objet"]["mentions"]
    assert {name for name in A_RELIRE if found[name]} == {"premiere_personne", "coordonnees"}
    assert found["coordonnees"]["extrait"] == "Nous écrivons à contact@exemple.fr."
    assert found["coordonnees"]["emplacement"]["paragraphe"] == 6
    assert not any(facts["sections"]["objectifs"]["mentions"][name] for name in A_RELIRE)
