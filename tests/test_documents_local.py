"""The documents of an Atelier local: what each says, when it is made, what it keeps to itself."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from assembler_plugins.commun.candidature import bornes_engagement
from assembler_plugins.commun.marche.cctp import bornes
from assembler_plugins.commun.marche.note import enveloppe
from assembler_plugins.gabarits_atelier.__main__ import GABARITS, fabriquer
from assembler_plugins.local.documents import DOCUMENTS
from assembler_plugins.local.note import SECTIONS
from cas_local import ACCORD, FICHE, RULES, case, changed, finding, marche, note
from docx import Document
from lxml import etree

from assembler.contributions import Case, Copy, Template
from assembler.errors import MissingValue, WritingError
from assembler.model import Frozen, Location, Months, Severity, State
from assembler.readers.docx import read
from assembler.rendering.docx import render

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORD = [one for one in DOCUMENTS if one.template is not None]


def template(ident: str) -> Template:
    return next(one for one in DOCUMENTS if one.id == ident)


def made(ident: str, of: Case, copy: Copy | None = None) -> bytes:
    one = template(ident)
    assert one.template is not None
    assert one.context is not None
    which = copy or next(iter(one.copies(of)))
    return render(one.template.read_bytes(), one.context(of, which), name=ident)


def text(document: bytes) -> str:
    reading = read(document)
    return "\n".join([*(block.text for block in reading.blocks), reading.headers]).replace("\u202f", "\u00a0")


def words(document: bytes) -> str:
    return text(document).replace("\u00a0", " ")


@pytest.fixture
def full(tmp_path: Path) -> Case:
    kept = {"reception": {"date": dt.date(2026, 3, 16)}}
    return case(marche(), (note(tmp_path),), (finding(),), kept, accord=ACCORD)


# --- templates --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GABARITS)
def test_a_template_is_what_the_workshop_makes(name: str) -> None:
    def members(data: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return {one: package.read(one) for one in package.namelist()}

    shipped = (Path(__file__).parents[1] / "plugins" / name).read_bytes()
    assert members(shipped) == members(fabriquer(name)), "relancez python -m plugins.gabarits_atelier"


@pytest.mark.parametrize("name", GABARITS)
def test_a_template_is_accessible(name: str) -> None:
    with zipfile.ZipFile(BytesIO(fabriquer(name))) as package:
        document = etree.fromstring(package.read("word/document.xml"))
        styles = package.read("word/styles.xml").decode()
        core = package.read("docProps/core.xml").decode()
    assert '<w:lang w:val="fr-FR"' in styles
    assert re.search(r"<dc:title>[^<]+</dc:title><dc:subject>[^<]+</dc:subject>", core)
    for table in document.iter(f"{W}tbl"):
        assert table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
        assert table.find(f"{W}tblPr/{W}tblCaption") is not None
    for paragraph in document.iter(f"{W}p"):
        if paragraph.getparent().tag != f"{W}tc":
            assert "".join(paragraph.itertext()).strip(), "a paragraph is empty: space belongs to styles"


@pytest.mark.parametrize("name", ["note-cadrage", "carnet-suivi", "bouger-les-lignes", "feuille-route"])
def test_a_table_left_to_fill_in_does_not_run_over_two_pages(name: str) -> None:
    found = Document(BytesIO(fabriquer(f"commun/gabarits/{name}.docx"))).tables
    empty = [
        one for one in found if not one.rows[-1].cells[-1].text and "{%" not in one.rows[-1].cells[0].text
    ]
    assert empty
    for table in empty:
        *kept, last = [row for row in table.rows[1:] if "{%" not in row.cells[0].text]
        assert kept
        assert all(cell.paragraphs[0].paragraph_format.keep_with_next for row in kept for cell in row.cells)
        assert not last.cells[0].paragraphs[0].paragraph_format.keep_with_next


def test_no_template_holds_a_reserved_font_or_an_image() -> None:
    for name in GABARITS:
        with zipfile.ZipFile(BytesIO(fabriquer(name))) as package:
            assert not [one for one in package.namelist() if "media" in one]
            assert b'"Marianne"' not in b"".join(package.read(one) for one in package.namelist())


@pytest.mark.parametrize("one", [one for one in WORD if not one.on_request], ids=lambda one: one.id)
def test_every_document_is_made_with_a_fiche(one: Template, full: Case) -> None:
    assert one.condition(full) is None
    for copy in one.copies(full):
        said = text(made(one.id, full, copy))
        assert "{{" not in said
        assert "None" not in said
        assert "  " not in said


@pytest.mark.parametrize("ident", ["bordereau-envoi", "trame-note", "fiche-instruction", "points-a-relire"])
def test_what_needs_no_fiche_is_made_without_one(ident: str, tmp_path: Path) -> None:
    bare = case({}, sources=(note(tmp_path),))
    assert template(ident).condition(bare) is None
    assert text(made(ident, bare))


@pytest.mark.parametrize(
    ("ident", "field"),
    [
        ("courrier-collectivite", "collectivites"),
        ("courrier-prefet", "prefectures"),
        ("courrier-service", "pilotes"),
    ],
)
def test_a_letter_without_its_signatory_says_which_field_is_missing(ident: str, field: str) -> None:
    with pytest.raises(MissingValue, match=rf"la fiche ne dit pas .*champ « {field} »"):
        template(ident).condition(case({}))


def test_a_signed_letter_that_is_there_is_not_to_be_made() -> None:
    bare = case({})
    facts = Frozen({**bare.dossier.facts, "pieces": {"courrier_prefet": {"fichier": "prefet.pdf"}}})
    there = dataclasses.replace(bare, dossier=dataclasses.replace(bare.dossier, facts=facts))
    assert template("courrier-prefet").condition(there) == "le courrier signé est dans le dossier"


def test_a_letter_that_no_rule_asks_for_is_not_to_be_made() -> None:
    told = template("courrier-prefet").condition(dataclasses.replace(case({}), rules=()))
    assert str(told).startswith("aucune règle en vigueur ne demande ce courrier")


def test_only_what_goes_to_bidders_binds() -> None:
    bound = {one.id for one in DOCUMENTS if one.binding and one.step == "lancement"}
    assert bound == {"cctp", "dpgf", "lettre-consultation", "acte-engagement", "extrait-bordereau-prix"}


# --- letters ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        (11, "onze (11) mois"),
        (10, "dix (10) mois"),
        (15, "douze (12) mois"),
        (8, "dix (10) mois"),
        (Months(10, 12), "dix (10) à douze (12) mois"),
        (Months(11, 15), "onze (11) à douze (12) mois"),
        (None, "dix (10) à douze (12) mois"),
    ],
)
def test_the_service_commits_within_the_bounds_of_the_rules(given: Any, printed: str) -> None:
    said = words(made("courrier-service", case(changed(accompagnement__duree_mois=given))))
    assert f"pendant {printed}" in said
    assert "quinze" not in said


def test_a_duration_brought_back_is_said_and_its_period_left_out() -> None:
    brought_back = words(made("courrier-service", case(changed(accompagnement__duree_mois=15))))
    assert "dans les limites de durée" in brought_back
    assert "juillet 2027" not in brought_back
    assert "de septembre 2026 à juillet 2027" in words(made("courrier-service", case()))


def test_the_bounds_are_those_of_the_rules_in_force() -> None:
    assert bornes_engagement(RULES, Months(1, 2)) == Months(10, 12)
    assert bornes(RULES) == Months(10, 15)
    assert bornes(()) is None


def test_letters_between_administrations_have_neither_salutation_nor_closing() -> None:
    for ident in ("courrier-service", "courrier-prefet"):
        said = words(made(ident, case()))
        assert "Madame, Monsieur" not in said
        assert "Je vous prie d’agréer" not in said
        assert "\nà\n" in said


def test_the_closing_of_a_personal_letter_repeats_its_salutation() -> None:
    said = words(made("courrier-collectivite", case()))
    assert "\nMadame, Monsieur,\n" in said
    assert "Je vous prie d’agréer, Madame, Monsieur, l’expression" in said


def test_each_letter_carries_the_verb_that_its_recognition_looks_for() -> None:
    assert "J’apporte mon soutien" in words(made("courrier-prefet", case()))
    assert "engagement de la direction départementale des territoires de la Mayenne à porter" in words(
        made("courrier-service", case())
    )
    assert "confirme son engagement dans l’Atelier local des Coëvrons" in words(
        made("courrier-collectivite", case())
    )


def test_the_letter_of_a_collectivite_bears_nothing_of_the_state() -> None:
    assert "Préf" not in text(made("courrier-collectivite", case()))


def test_there_is_a_letter_by_collectivite_and_twins_are_told_apart() -> None:
    body = FICHE["collectivites"][0]
    of = case(changed(collectivites=[body, body, {"nom": "Évron", "type": "commune", "role": "associee"}]))
    copies = list(template("courrier-collectivite").copies(of))
    assert [copy.suffix for copy in copies] == [
        "communaute-de-communes-des-coevrons",
        "communaute-de-communes-des-coevrons-2",
        "evron",
    ]
    said = words(made("courrier-collectivite", of, copies[2]))
    assert "la commune d’Évron apporte son soutien à l’Atelier local des Coëvrons" in said


def test_the_prefet_agrees_in_gender() -> None:
    assert "reconnaissante" in words(made("courrier-prefet", case()))
    assert "reconnaissant de" in words(made("courrier-prefet", case(changed(prefectures__0__civilite="M."))))


def test_a_line_without_a_value_is_dropped_and_a_missing_name_is_marked() -> None:
    person = {"fonction": "directrice départementale des territoires"}
    said = words(
        made("courrier-service", case(changed(pilotes__0__contact={}, pilotes__0__signataire=person)))
    )
    assert "Affaire suivie par" not in said
    assert "Tél." not in said
    assert "[à compléter : prénom et nom du signataire]" in said


def test_the_text_of_the_fiche_stays_text() -> None:
    said = text(made("courrier-prefet", case(changed(objet__resume='Eau & sols <b>"vifs"</b> {{ intrus }}'))))
    assert "Eau & sols <b>" in said
    assert "{{ intrus }}" in said


# --- bordereau and trame ------------------------------------------------------------------------


def test_the_bordereau_lists_the_pieces_their_total_and_the_fingerprints(tmp_path: Path) -> None:
    sent = note(tmp_path)
    said = words(made("bordereau-envoi", case(sources=(sent,))))
    assert "Note d’opportunité\n« Note d’opportunité.docx »" in said or "« Note d’opportunité.docx »" in said
    assert "Total des pièces\n1" in said
    assert sent.sha256 in said


def test_there_is_no_bordereau_of_nothing() -> None:
    assert template("bordereau-envoi").condition(case()) is not None


def test_the_trame_holds_the_seven_headings_and_its_guidance_is_no_text() -> None:
    reading = read(made("trame-note", case({})))
    headings = [block.text for block in reading.blocks if block.level == 1]
    assert [one.partition("– ")[2] for one in headings] == list(SECTIONS.values())
    assert "Quelle stratégie" not in "".join(block.text for block in reading.blocks if not block.hint)
    assert "Le formulaire transmis par la DGALN prévaut" in reading.text


def test_the_trame_is_prefilled_from_the_fiche() -> None:
    said = words(made("trame-note", case()))
    for one in (
        "Camille EXEMPLE",
        "Mayenne (53)",
        "Chambre d’agriculture",
        "PLUi",
        "Établir un diagnostic commun.",
    ):
        assert one in said


# --- instruction --------------------------------------------------------------------------------


def test_the_request_asks_only_what_is_wrong_and_has_a_sentence(tmp_path: Path) -> None:
    findings = (
        finding(),
        finding(
            regle="LO-NOT-005",
            emplacement=Location(piece="note_opportunite", libelle="n"),
            courrier="Complétez la section 5.",
        ),
        finding(regle="LO-NOT-008", courrier=None, message="Entre techniciens."),
        finding(regle="LO-SIG-001", etat=State.A_VOIR, courrier="À voir."),
    )
    said = words(made("demande-complements", case(sources=(note(tmp_path),), constats=findings)))
    assert said.index("Complétez la section 5.") < said.index("Le courrier de soutien du préfet")
    assert "Entre techniciens" not in said
    assert "À voir." not in said
    assert "Monsieur le Président, Madame la Directrice," in said
    assert "deux compléments suivants" in said
    assert "code des relations" not in said.lower()
    assert "[à compléter : date limite de réponse]" in said


def test_nothing_to_ask_makes_no_letter() -> None:
    assert template("demande-complements").condition(case()) is not None
    only_seen = finding(etat=State.A_VOIR)
    assert template("demande-complements").condition(case(constats=(only_seen,))) is not None


def test_the_fiche_instruction_shows_every_rule_in_words_and_leaves_the_decision(full: Case) -> None:
    said = words(made("fiche-instruction", full)).replace("\u2011", "-")
    for result in full.report.regles:
        assert result.id in said
    assert "non conforme" in said
    assert "seule la DGALN décide" in said
    assert "Le dossier est à compléter." in said


def test_a_rule_that_was_not_judged_shows_its_motif(full: Case) -> None:
    results = tuple(
        dataclasses.replace(one, etat=State.NON_APPLICABLE, motif="LO-PIE-004")
        if one.id == "LO-SIG-003"
        else one
        for one in full.report.regles
    )
    report = dataclasses.replace(full.report, regles=results)
    said = words(made("fiche-instruction", dataclasses.replace(full, report=report)))
    assert "non applicable" in said
    assert "voir LO-PIE-004" in said.replace("\u2011", "-")


# --- CCTP ---------------------------------------------------------------------------------------


def test_the_cctp_has_its_fourteen_articles_and_takes_the_text_of_the_note(full: Case) -> None:
    reading = read(made("cctp", full))
    titles = [block.text for block in reading.blocks if block.level == 1]
    assert [one for one in titles if one.startswith("Article")] == titles[:14]
    assert len(titles) == 15
    said = reading.text
    for title in SECTIONS.values():
        assert f"Texte de la section sur {title.lower()}" in said


@pytest.mark.parametrize(
    "path", ["marche__numero", "marche__accord_cadre", "accompagnement__duree_mois", "intitule", "pilotes"]
)
def test_a_cctp_without_a_mandatory_value_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(MissingValue):
        made("cctp", case(changed(**{path: [] if path == "pilotes" else None}), sources=(note(tmp_path),)))


def test_a_cctp_without_its_note_is_refused() -> None:
    with pytest.raises(MissingValue):
        made("cctp", case())


@pytest.mark.parametrize(
    "secret",
    [
        "L’accompagnement, d’un montant d’environ 100 000 € TTC, est pris en charge par la DGALN.",
        "Le budget de l’Atelier est de cent mille euros.",
    ],
)
def test_the_envelope_stays_out_of_what_bidders_read(secret: str, tmp_path: Path) -> None:
    of = case(sources=(note(tmp_path, objectifs=f"Un objectif. \n{secret}"),))
    assert enveloppe(secret)
    with pytest.raises(MissingValue):  # nothing else stands in that section
        made("cctp", of)
    kept = case(sources=(note(tmp_path, objet="Les travaux de la gare ont coûté 2 M€."),))
    said = words(made("cctp", kept))
    assert "100 000" not in said
    assert "2 M€" in said


def test_the_cctp_names_no_option_of_the_old_ccag_and_lists_its_derogations(full: Case) -> None:
    said = words(made("cctp", full))
    assert not re.search(r"option [AB]\b", said)
    assert "dérogations au CCAG-PI : aucune" in said
    assert "de 10 à 15 mois" in said
    assert "onze (11) mois" in said
    assert "contact@exemple.fr" not in said


def test_the_deliverables_bear_the_lines_of_the_price_schedule(full: Case) -> None:
    said = words(made("cctp", full))
    for one in ("L1", "L2.1", "L2.2", "L2.3", "L3", "L4"):
        assert f"\n{one}\n" in said
    assert "1.1, 1.2 et 1.3" in said


def test_the_accord_cadre_may_be_given_in_full(tmp_path: Path) -> None:
    record = {"numero": "AC-7", "intitule": "Ateliers", "lots": [{"numero": "2", "intitule": "Ouest"}]}
    fiche = changed(marche__accord_cadre=record, marche__lot="2")
    said = words(made("cctp", case(fiche, sources=(note(tmp_path),), accord=record)))
    assert "n° AC-7 « Ateliers », lot n° 2 (Ouest)" in said
    assert "de tous les titulaires du lot n° 2 (Ouest)" in said


def launched(folder: Path, accord: Any = ACCORD, **changes: Any) -> Case:
    """Return the case at the launch, with its note and the desk's record."""
    return case(marche(**changes), sources=(note(folder),), accord=accord)


def test_the_cctp_says_what_each_deliverable_pays(full: Case, tmp_path: Path) -> None:
    said = words(made("cctp", full))
    assert "\nL1\nPDF et fichier modifiable\n30 jours\n1.1, 1.2 et 1.3\n20 %\n" in said
    assert "pour la part du prix que fixe l’article 8, conformément à l’article 6.2 du CCP" in said
    undecided = words(made("cctp", launched(tmp_path, marche__echeancier=[])))
    assert undecided.count("\nselon l’accord-cadre\n") == 6


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("L1", "50"), ("L4", "45")], "fait 95\u00a0%"),
        ([("L1", "50"), ("L5", "50")], "nomme « L5 »"),
    ],
)
def test_a_payment_schedule_that_does_not_hold_refuses_the_cctp(
    rows: list[tuple[str, str]], said: str, tmp_path: Path
) -> None:
    given = [{"livrable": livrable, "part": Decimal(part)} for livrable, part in rows]
    with pytest.raises(WritingError, match=said):
        made("cctp", launched(tmp_path, marche__echeancier=given))


@pytest.mark.parametrize(
    ("days", "recorded", "said"),
    [
        (20, 30, "vingt (20) jours à compter de la remise ;"),
        (
            None,
            45,
            "quarante-cinq (45) jours à compter de la remise, conformément à l’article 8",
        ),
        (None, None, "trente (30) jours à compter de la remise ;"),
    ],
)
def test_the_time_to_check_is_the_fiche_s_else_the_accord_cadre_s_else_thirty_days(
    days: int | None, recorded: int | None, said: str, tmp_path: Path
) -> None:
    of = launched(tmp_path, {**ACCORD, "delai_validation": recorded}, marche__validation_jours=days)
    assert f"Il dispose pour cela de {said}" in words(made("cctp", of))
    told = words(made("points-a-relire", of))
    assert ("Délai de vérification des livrables" in told) == (recorded != 45)


def test_clauses_of_the_accord_cadre_are_references_without_an_invented_number(tmp_path: Path) -> None:
    known = words(made("cctp", launched(tmp_path)))
    assert "pénalités : conformément à l’article 9 du CCP de l’accord-cadre ;" in known
    assert "assurances : conformément au CCP de l’accord-cadre ;" in known
    assert (
        "régis par l’article 10 du CCP de l’accord-cadre et, à défaut, par le chapitre relatif à la" in known
    )
    bare = words(made("cctp", launched(tmp_path, {"numero": "AC-2023-01"})))
    assert not re.search(r"article \d+(?:\.\d+)? du CCP", bare)
    assert not re.search(r"article \d+ du CCAG", known)


def test_the_cctp_holds_no_amount_and_no_vat(full: Case) -> None:
    said = words(made("cctp", full))
    assert not re.search(r"€|\beuros?\b|\bTVA\b|\bTTC\b|100 000", said)


def test_the_governance_is_told_without_anyone_s_address(tmp_path: Path) -> None:
    governance = {
        "referent_elu": "la vice-présidente chargée de l’aménagement",
        "copil": ["la préfète ou son représentant", "le président de la communauté de communes."],
        "copil_reunions": 5,
        "cotech_reunions": 2,
    }
    said = words(made("cctp", launched(tmp_path, marche__gouvernance=governance)))
    assert "Référent élu de l’Atelier : la vice-présidente chargée de l’aménagement." in said
    assert "la préfète ou son représentant ;\nle président de la communauté de communes.\n" in said
    assert "Le comité de pilotage se réunit cinq (5) fois." in said
    assert "Le comité technique se réunit deux (2) fois." in said
    assert "contact@exemple.fr" not in said
    assert "02 43" not in said


def test_derogations_are_listed_in_the_last_article(tmp_path: Path) -> None:
    one = {"article_cctp": "12", "article_ccag": "28.2", "objet": "Délai de vérification de vingt jours"}
    said = words(made("cctp", launched(tmp_path, marche__derogations=[one])))
    last = said[said.index("14.3 Dérogations au CCAG-PI") : said.index("\nAnnexes\n")]
    assert "\n12\n28.2\nDélai de vérification de vingt jours" in last
    assert "aucune" not in last


def test_the_skills_are_the_fiche_s_else_the_accord_cadre_s(tmp_path: Path) -> None:
    assert "\nanimation d’ateliers et médiation ;\n" in words(made("cctp", launched(tmp_path)))
    of = launched(tmp_path, marche__competences=["Hydrologie", "Paysage"])
    assert "et notamment :\nhydrologie ;\npaysage.\n" in words(made("cctp", of))
    assert "l’accord-cadre ne prévoit pas (article 9) : Hydrologie." in words(made("points-a-relire", of))


# --- what to read again ---------------------------------------------------------------------------


def test_the_points_name_the_section_the_paragraph_and_the_excerpt(tmp_path: Path) -> None:
    said = words(made("points-a-relire", case(sources=(note(tmp_path, objet="Nous avons une question."),))))
    assert "L’objet de l’Atelier\n6\nNous avons une question." in said
    assert "Composition du comité de pilotage" in said


def test_the_choices_that_are_left_are_told_with_their_place(tmp_path: Path) -> None:
    fiche = marche(
        ressources=[{"titre": "Atlas des haies"}],
        marche__audition={"prevue": True},
        marche__gouvernance={"copil": ["Lou Exemple, 06 12 34 56 78"]},
        intitule="x" * 251,
    )
    long = "Les bourgs et le bocage. " * 260
    of = case(fiche, sources=(note(tmp_path, dynamiques_territoire=long),), accord={"numero": "AC-2023-01"})
    said = words(made("points-a-relire", of))
    for one in (
        "« Les dynamiques du territoire » (article 3) compte 6 499 signes",
        "Carte du périmètre (article 4)",
        "L’intitulé compte 251 signes",
        "Détenteur à indiquer (annexe 3) : Atlas des haies.",
        "l’accord-cadre ne dit pas la permettre",
        "Délai de validité des offres : 120 jours par usage",
        "Fiche : comité de pilotage\n–\nLou Exemple, 06 12 34 56 78",
    ):
        assert one in said


def test_severity_never_rests_on_colour_alone(full: Case) -> None:
    assert Severity.BLOCKING.value in words(made("fiche-instruction", full))
