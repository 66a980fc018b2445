"""The desk’s letters: what is received, what is asked, what is decided, and who reads it."""

from __future__ import annotations

import datetime as dt
import re
import struct
import zlib
from collections.abc import Mapping
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from assembler_plugins.commun.decisions import notification_eligibilite
from assembler_plugins.gabarits_atelier.__main__ import fabriquer
from assembler_plugins.local.documents import DOCUMENTS
from cas_local import case, changed, finding, note
from docx.oxml.ns import qn
from dossiers import copied

from assembler.contributions import Case, Copy, Rule, Template
from assembler.errors import MissingValue
from assembler.manager import Plugins
from assembler.model import Location, Severity, State
from assembler.pipeline import Made, Order, Request, check_dossier, produce
from assembler.readers.docx import read
from assembler.rendering.docx import render

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"
TODAY = dt.date(2026, 5, 5)
KEPT: dict[str, Any] = {
    "reception": {"date": dt.date(2026, 3, 16), "reference": "2026-045"},
    "signataire": {
        "civilite": "Mme",
        "prenom": "Noa",
        "nom": "Exemple",
        "fonction": "sous-directrice de l’aménagement durable",
        "mode": "delegation",
    },
    "agent_suivi": {
        "civilite": "Mme",
        "prenom": "Sacha",
        "nom": "Exemple",
        "fonction": "chargée de mission",
        "courriel": "sacha.exemple@exemple.fr",
        "telephone": "0161910053",
    },
}
NOTIFICATIONS = ("notification-eligibilite", "notification-non-eligibilite", "notification-differee")
LETTERS = ("accuse-reception", "demande-complements", *NOTIFICATIONS)
VALUES = {"eligible": NOTIFICATIONS[0], "non_eligible": NOTIFICATIONS[1], "differee": NOTIFICATIONS[2]}


def template(ident: str) -> Template:
    return next(one for one in DOCUMENTS if one.id == ident)


def document(ident: str, of: Case) -> bytes:
    one = template(ident)
    assert one.template is not None
    assert one.context is not None
    return render(one.template.read_bytes(), one.context(of, next(iter(one.copies(of)))), name=ident)


def said(ident: str, of: Case) -> str:
    reading = read(document(ident, of))
    text = "\n".join([*(block.text for block in reading.blocks), reading.headers])
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def kept(**more: Any) -> dict[str, Any]:
    return {**KEPT, **more}


def decided(valeur: str, **more: Any) -> dict[str, Any]:
    decision = {"valeur": valeur, "date": dt.date(2026, 5, 4), "motifs": ["le périmètre est trop étroit"]}
    return kept(decision=decision | more)


def any_letter(ident: str, fiche: Mapping[str, Any] | None = None) -> Case:
    valeur = next((value for value, one in VALUES.items() if one == ident), "eligible")
    return case(fiche, constats=(finding(),), instruction=decided(valeur))


# --- the blocks of a letter -------------------------------------------------------------------


@pytest.mark.parametrize("ident", LETTERS)
def test_the_blocks_of_a_letter_come_in_their_order(ident: str) -> None:
    text = said(ident, any_letter(ident))
    blocks = [
        "Direction générale de l’aménagement,\ndu logement et de la nature\n",
        "Bureau des stratégies territoriales (AD1)",
        "Affaire suivie par : Sacha EXEMPLE",
        "Nos réf. : 2026-045",
        "Vos réf. : ADT-L-2026-053-01",
        "Le",
        "Monsieur Claude EXEMPLE, président de la communauté de communes des Coëvrons",
        "Madame Camille EXEMPLE, directrice départementale des territoires de la Mayenne",
        "Objet :",
        "\nMonsieur le Président, Madame la Directrice,\n",
        "Je vous prie d’agréer, Monsieur le Président, Madame la Directrice, l’expression de ma haute",
        "Pour le ministre et par délégation,",
        "La sous-directrice de l’aménagement durable,",
        "Noa EXEMPLE",
    ]
    places = [text.find(block) for block in blocks]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("ident", LETTERS)
def test_a_letter_has_no_doubled_space_no_empty_value_and_no_law_on_silence(ident: str) -> None:
    text = said(ident, any_letter(ident))
    assert "  " not in text
    assert "None" not in text
    assert "L. 112-3" not in text
    assert "relations entre le public" not in text


@pytest.mark.parametrize("ident", LETTERS)
def test_a_signature_is_never_alone_on_its_page(ident: str) -> None:
    assert_kept(document(ident, any_letter(ident)))


@pytest.mark.parametrize("ident", ["courrier-collectivite", "courrier-prefet", "courrier-service"])
def test_nor_is_that_of_a_letter_of_candidature(ident: str) -> None:
    assert_kept(document(ident, case()))


def assert_kept(content: bytes) -> None:
    """Every paragraph from the last of the text to the signature stays with the next one."""
    paragraphs = docx.Document(BytesIO(content)).paragraphs
    last = next(i for i, one in enumerate(paragraphs) if one.style.style_id == "Nom")
    body = next(
        i
        for i in range(last, 0, -1)
        if paragraphs[i].style.style_id not in {"Nom", "Qualite", "Politesse", "Appel"}
    )
    for one in paragraphs[body : last + 1]:
        direct, styled = one.paragraph_format.keep_with_next, one.style.paragraph_format.keep_with_next
        assert direct or styled, one.text


def test_a_woman_minister_delegates_and_an_interim_says_so() -> None:
    person = KEPT["signataire"]
    of = case(instruction=kept(signataire={**person, "delegant": "la ministre"}))
    assert "Pour la ministre et par délégation," in said("accuse-reception", of)
    of = case(instruction=kept(signataire={**person, "mode": "interim"}))
    assert "\nLa sous-directrice de l’aménagement durable par intérim,\n" in said("accuse-reception", of)


def test_an_image_put_in_the_bloc_marque_stays_with_its_alternative_text() -> None:
    word = docx.Document(BytesIO(fabriquer("commun/gabarits/accuse-reception.docx")))
    (mark,) = (
        one for one in word.element.body.iter(qn("w:bookmarkStart")) if one.get(qn("w:name")) == "bloc_marque"
    )
    paragraph = next(one for one in word.paragraphs if one._p is mark.getparent())
    for run in paragraph.runs:
        run._r.getparent().remove(run._r)
    image = png()
    picture = paragraph.add_run().add_picture(BytesIO(image))
    picture._inline.docPr.set("descr", "Ministère d’Exemple, Liberté Égalité Fraternité")
    out = BytesIO()
    word.save(out)

    one = template("accuse-reception")
    assert one.context is not None
    of = any_letter("accuse-reception")
    made = docx.Document(
        BytesIO(render(out.getvalue(), one.context(of, next(iter(one.copies(of)))), name="x"))
    )
    first = made.paragraphs[0]
    assert [part.get("descr") for part in first._p.iter(qn("wp:docPr"))] == [
        "Ministère d’Exemple, Liberté Égalité Fraternité"
    ]
    assert [rel.target_part.blob for rel in made.part.rels.values() if "image" in rel.reltype] == [image]
    assert first._p.findall(qn("w:bookmarkStart"))
    assert first.style.style_id == "BlocMarque"


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\0\0\x91")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


# --- who reads --------------------------------------------------------------------------------


def person(civilite: str | None, fonction: str | None, nom: str = "Exemple") -> dict[str, Any]:
    return {"civilite": civilite, "prenom": "Lou", "nom": nom, "fonction": fonction}


def body(nom: str, kind: str, who: Mapping[str, Any], role: str = "porteur") -> dict[str, Any]:
    return {"nom": nom, "type": kind, "role": role, "representant": who}


def test_every_co_bearer_is_written_to_in_one_letter() -> None:
    fiche = changed(
        collectivites=[
            body("CC des Coëvrons", "CC", person("M.", "président")),
            body("Évron", "commune", person("Mme", "maire")),
            body("Le Mans", "commune", person("Mme", "le maire")),
            body("Bais", "commune", person("M.", "maire"), role="associee"),
        ],
        operateurs=[
            {"nom": "Établissement public foncier", "representant": person("Mme", "directeur général")}
        ],
        pilotes__0__signataire=person("M.", "directeur départemental des territoires"),
    )
    text = said("accuse-reception", case(fiche, instruction=KEPT))
    for line in (
        "Monsieur Lou EXEMPLE, président de la communauté de communes des Coëvrons",
        "Madame Lou EXEMPLE, maire d’Évron",
        "Madame Lou EXEMPLE, maire du Mans",
        "Madame Lou EXEMPLE, directrice générale de l’établissement public foncier",
        "Monsieur Lou EXEMPLE, directeur départemental des territoires de la Mayenne",
    ):
        assert line in text
    assert "Bais" not in text
    assert "\nMesdames, Messieurs,\n" in text
    assert "Je vous prie d’agréer, Mesdames, Messieurs, l’expression" in text


def test_nobody_s_gender_is_guessed() -> None:
    fiche = changed(
        collectivites=[body("Évron", "commune", person(None, "maire"))],
        pilotes__0__signataire=person("Mme", "directrice départementale des territoires"),
    )
    text = said("accuse-reception", case(fiche, instruction=KEPT))
    assert "\nLou EXEMPLE, maire d’Évron\n" in text
    assert "\nMesdames, Messieurs,\n" in text


def test_a_body_without_a_named_person_is_written_to_by_its_name() -> None:
    fiche = changed(
        collectivites=[body("Évron", "commune", {})],
        pilotes__0__nom="DEAL de La Réunion",
        pilotes__0__signataire=person("M.", "directeur de l’environnement"),
    )
    text = said("accuse-reception", case(fiche, instruction=KEPT))
    assert "\nLa commune d’Évron\n" in text
    assert "Monsieur Lou EXEMPLE, directeur de l’environnement, DEAL de La Réunion" in text


def test_between_officials_alone_the_consideration_is_distinguished() -> None:
    text = said("accuse-reception", case(changed(collectivites=[]), instruction=KEPT))
    assert "Madame la Directrice, l’expression de ma considération distinguée" in text


def test_a_dossier_without_a_fiche_is_answered_all_the_same(tmp_path: Path) -> None:
    of = case({}, sources=(note(tmp_path),), instruction=KEPT)
    text = said("accuse-reception", of)
    assert "Aux porteurs du dossier" in text
    assert "de l’Atelier local, que j’ai reçu le 16 mars 2026" in text


# --- accusé de réception ----------------------------------------------------------------------


def test_the_receipt_says_in_words_what_came_and_what_did_not(tmp_path: Path) -> None:
    text = said("accuse-reception", case(sources=(note(tmp_path),), instruction=KEPT))
    assert "Note d’opportunité\n✓ reçue\n« Note d’opportunité »" in text
    assert "Courrier du préfet ou du sous-préfet\n✗ non reçue\n–" in text
    assert "Annexe" not in text
    assert "Trois des pièces demandées ne figurent pas dans le dossier." in text
    assert "Une demande de compléments suit cet accusé de réception." in text
    assert "que j’ai reçu le 16 mars 2026" in text
    assert "atelier-des-territoires.ad1.dhup.dgaln@developpement-durable.gouv.fr" in text


def test_nothing_is_announced_when_nothing_is_missing() -> None:
    of = case(instruction=KEPT, rules=())
    text = said("accuse-reception", of)
    assert "Les pièces demandées figurent toutes dans le dossier" in text
    assert "compléments" not in text


def test_the_service_its_delay_and_the_silence_are_printed_when_the_desk_types_them() -> None:
    more = kept(
        reception={**KEPT["reception"], "delai_indicatif": "deux mois"},
        adresse=["Tour Exemple", "92055 La Défense"],
        telephone="0161910000",
        lieu="Paris",
        mention_silence="Texte du bureau juridique",
    )
    text = said("accuse-reception", case(instruction=more))
    assert "\nParis, le" in text
    assert (
        "(AD1), Tour Exemple, 92055 La Défense, tél. 01 61 91 00 00.\nMél. : atelier-des-territoires" in text
    )
    assert "À titre indicatif, l’examen demande deux mois." in text
    assert "\nTexte du bureau juridique.\n" in text


def test_without_a_date_of_receipt_there_is_no_receipt() -> None:
    reason = template("accuse-reception").condition(case())
    assert reason is not None
    assert "reception.date" in reason
    assert template("accuse-reception").condition(case(instruction=KEPT)) is None


# --- demande de compléments -------------------------------------------------------------------

UNSIGNED = {
    "regle": "LO-SIG-001",
    "courrier": "Le courrier de la collectivité n’est pas signé.",
}


def of_piece(ident: str, file: str) -> Location:
    return Location(piece=ident, fichier=file, libelle=file)


def test_two_letters_at_fault_are_two_lines_named_without_their_extension() -> None:
    found = tuple(
        finding(**UNSIGNED, emplacement=of_piece("courrier_collectivite", f"courriers/{name}.pdf"))
        for name in ("Courrier CC", "Courrier Évron", "Courrier Évron")
    )
    text = said("demande-complements", case(constats=found, instruction=KEPT))
    assert "1\nCourrier de la collectivité\n« Courrier CC »\n" in text
    assert "2\nCourrier de la collectivité\n« Courrier Évron »\n" in text
    assert "\n3\n" not in text
    assert ".pdf" not in text


def test_a_field_at_fault_is_named_by_its_label_and_its_value() -> None:
    found = finding(
        regle="LO-DUR-004",
        courrier="La durée doit être comprise entre 10 et 15 mois.",
        valeur=18,
        emplacement=Location(champ="accompagnement.duree_mois", fichier="dossier.yaml", libelle="x"),
    )
    text = said("demande-complements", case(constats=(found,), instruction=KEPT))
    assert "Durée en mois : 18\n" in text
    assert "Précision écrite" in text


def spoken() -> list[Rule]:
    return [rule for rule in Plugins().formats()["local"].rules if rule.courrier]


@pytest.mark.parametrize("rule", spoken(), ids=lambda rule: rule.id)
def test_an_elected_reader_meets_no_jargon(rule: Rule) -> None:
    def found(place: Location) -> Any:
        return finding(regle=rule.id, titre=rule.titre, courrier=rule.courrier, emplacement=place)

    places = (
        Location(),
        of_piece("note_opportunite", "Note.docx"),
        of_piece("courrier_collectivite", "courriers/Courrier.odt"),
        Location(fichier="Document1.docx", libelle="Document1.docx"),
        Location(champ="accompagnement.duree_mois", fichier="dossier.yaml", libelle="dossier.yaml, ligne 3"),
    )
    text = said("demande-complements", case(constats=tuple(map(found, places)), instruction=KEPT))
    jargon = r"[A-Z]{2,3}-[A-Z]{3}-\d{3}|\bfiche\b|\bchamps?\b|\.(?:docx?|odt|pdf|ya?ml)\b|ya?ml|\bODT\b"
    assert re.findall(jargon, text, re.IGNORECASE) == []


def test_the_desk_sets_a_sentence_aside_and_the_letter_leaves_it_out() -> None:
    found = (finding(), finding(**UNSIGNED, emplacement=of_piece("courrier_collectivite", "CC.pdf")))
    of = case(constats=found, instruction=kept(complements={"ecartes": ["lo-sig-001", None]}))
    text = said("demande-complements", of)
    assert "n’est pas joint" in text
    assert "n’est pas signé" not in text
    sheet = said("fiche-instruction", of).replace("\u2011", "-")
    mine, aside = "Courrier du préfet ou du sous-préfet", "Courrier de la collectivité\n« CC »"
    assert f"LO-PIE-003\n{mine}\nLe courrier de soutien du préfet ou du sous-préfet n’est pas joint." in sheet
    assert f"LO-SIG-001\n{aside}\nLe courrier de la collectivité n’est pas signé.\nécartée" in sheet


def test_when_all_is_set_aside_there_is_no_letter_and_the_reason_is_said() -> None:
    of = case(constats=(finding(),), instruction=kept(complements={"ecartes": ["LO-PIE-003"]}))
    reason = template("demande-complements").condition(of)
    assert reason is not None
    assert "complements.ecartes" in reason


@pytest.mark.parametrize(
    ("day", "alert"),
    [
        (None, "La date limite de réponse n’est pas donnée (champ « complements.echeance »)."),
        (
            dt.date(2026, 11, 26),
            "La date limite de réponse, le jeudi 26 novembre 2026, laisse moins de sept jours.",
        ),
        (dt.date(2026, 11, 19), "La date limite de réponse, le jeudi 19 novembre 2026, est passée."),
        (
            dt.date(2026, 12, 5),
            "La date limite de réponse, le samedi 5 décembre 2026, tombe en fin de semaine.",
        ),
        (
            dt.date(2026, 12, 25),
            "La date limite de réponse, le vendredi 25 décembre 2026, est un jour férié.",
        ),
        (dt.date(2026, 11, 30), None),
    ],
)
def test_the_deadline_is_printed_and_looked_at_in_the_fiche_alone(
    day: dt.date | None, alert: str | None
) -> None:
    of = case(constats=(finding(),), instruction=kept(complements={"echeance": day}))
    sheet, letter = said("fiche-instruction", of), said("demande-complements", of)
    told = [line for line in sheet.splitlines() if line.startswith("La date limite de réponse")]
    assert told == ([alert] if alert else [])
    assert "La date limite" not in letter
    assert ("avant le [à compléter" in letter) is (day is None)


def test_an_id_set_aside_that_asks_for_nothing_is_told() -> None:
    of = case(constats=(finding(),), instruction=kept(complements={"ecartes": ["LO-PIE-030"]}))
    assert "LO-PIE-030, écartée (champ « complements.ecartes »)" in said("fiche-instruction", of)


def test_a_date_of_receipt_to_come_is_told_in_the_fiche() -> None:
    for day, told in ((dt.date(2027, 1, 1), True), (dt.date(2026, 3, 16), False)):
        sheet = said("fiche-instruction", case(instruction=kept(reception={"date": day})))
        assert ("La date de réception n’est pas encore venue" in sheet) is told


# --- notifications ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valeur", "phrase"),
    [
        ("eligible", "est déclarée éligible."),
        ("selectionnee", "est sélectionnée."),
        ("laureate", "est désignée lauréate."),
    ],
)
def test_each_favourable_decision_has_its_words(valeur: str, phrase: str) -> None:
    text = said("notification-eligibilite", case(instruction=decided(valeur)))
    assert phrase in text
    assert "par décision du 4 mai 2026, la candidature de l’Atelier local des Coëvrons" in text


def test_an_eligibility_tells_its_conditions_its_money_and_what_comes_next() -> None:
    more = decided(
        "eligible", conditions=["associer Bais"], pieces_jointes=["CCP", "bordereaux des prix", None]
    )
    text = said("notification-eligibilite", case(changed(financement__montant="100000"), instruction=more))
    assert (
        "Cette décision s’accompagne des conditions et recommandations suivantes :\nAssocier Bais.\n" in text
    )
    assert "crédits du BOP 135" in text
    assert "enveloppe indicative de 100 000 € TTC" in text
    for word in (
        "CCP",
        "note méthodologique",
        "bordereaux des prix",
        "date de notification",
        "CCTP",
        "PLACE",
    ):
        assert word in text
    assert "que la direction départementale des territoires de la Mayenne conduit avec la communauté" in text
    assert "PJ :\t2 – CCP ; bordereaux des prix" in text
    assert "Copie : Madame la préfète de la Mayenne" in text
    assert "Sacha EXEMPLE, chargée de mission, se tient à votre disposition" in text


@pytest.mark.parametrize(
    ("ident", "money"),
    [
        (
            "local",
            "à 100 % par la DGALN, sur des crédits du BOP 135 délégués au service de l’État qui conduit "
            "l’Atelier. Les frais d’organisation (logistique et restauration) reviennent aux co-porteurs.",
        ),
        (
            "flash",
            "à 100 % par la DGALN. Les frais d’organisation (logistique et restauration) reviennent aux "
            "co-porteurs.",
        ),
        ("thematique", "à 100 % par la DGALN."),
    ],
)
def test_each_format_says_of_its_money_what_a_source_says(ident: str, money: str) -> None:
    suites = import_module(f"assembler_plugins.{ident}.instruction").SUITES
    of = case(changed(financement__montant=None), instruction=decided("eligible"))
    one = template("notification-eligibilite")
    text = read(
        render(one.template.read_bytes(), notification_eligibilite(suites)(of, Copy()), name=ident)
    ).text.replace("\u00a0", " ")
    assert f"\nLa rémunération de l’équipe pluridisciplinaire est prise en charge {money}\n" in text


@pytest.mark.parametrize("field", ["montant", "base"])
def test_an_amount_without_its_base_is_left_out(field: str) -> None:
    fiche = changed(**{f"financement__{field}": None})
    text = said("notification-eligibilite", case(fiche, instruction=decided("eligible", motifs=[])))
    assert "enveloppe" not in text
    assert "€" not in text
    assert "se fonde sur" not in text


def test_a_selection_put_off_says_why_and_when_it_is_looked_at_again() -> None:
    text = said("notification-differee", case(instruction=decided("differee")))
    assert "est éligible, mais n’est pas sélectionnée à ce jour" in text
    assert "environ dix sont sélectionnées chaque année" in text
    assert "\nLe périmètre est trop étroit.\n" in text
    assert "\nUn courrier vous fera connaître la suite" in text
    assert "se fonde sur le motif suivant :\n" in text
    again = decided("differee", echeance_reexamen=dt.date(2027, 1, 15))
    assert "réexaminée le 15 janvier 2027 ; un courrier vous fera" in said(
        "notification-differee", case(instruction=again)
    )


def test_a_refusal_gives_its_reasons_what_could_change_other_ways_and_remedies() -> None:
    more = decided("non_eligible", evolutions=["élargir le périmètre"])
    text = said("notification-non-eligibilite", case(instruction=more))
    assert "n’est pas déclarée éligible, pour le motif suivant :\nLe périmètre est trop étroit.\n" in text
    assert "\nL’évolution suivante permettrait de la réexaminer :\nÉlargir le périmètre.\n" in text
    for way in ("l’Atelier flash", "la session thématique", "une nouvelle candidature à l’Atelier local"):
        assert f"\n{way}" in text
    assert "devant le tribunal administratif territorialement compétent dans un délai de deux mois" in text
    assert "articles R. 421-1 et R. 421-5 du code de justice administrative" in text
    assert "n’est pas retenue, pour" in said(
        "notification-non-eligibilite", case(instruction=decided("non_retenue"))
    )


@pytest.mark.parametrize(
    "typed", ["tribunal administratif de Nantes", "le tribunal administratif de Nantes", "Nantes"]
)
def test_the_court_is_the_one_that_the_desk_types(typed: str) -> None:
    of = case(instruction={**decided("non_eligible"), "tribunal": typed})
    assert "contestée devant le tribunal administratif de Nantes dans" in said(
        "notification-non-eligibilite", of
    )


def test_the_name_of_the_town_is_elided() -> None:
    of = case(instruction={**decided("non_eligible"), "tribunal": "Orléans"})
    assert "devant le tribunal administratif d’Orléans dans" in said("notification-non-eligibilite", of)


def test_the_desk_can_leave_the_remedies_out() -> None:
    of = case(instruction={**decided("non_eligible"), "mention_recours": False})
    assert "recours" not in said("notification-non-eligibilite", of)


@pytest.mark.parametrize(
    ("ident", "instruction", "told"),
    [
        (
            "notification-eligibilite",
            {},
            r"instruction\.yaml ne donne pas .*decision\.valeur.*decision\.date",
        ),
        ("notification-eligibilite", decided("eligible", date=None), r"decision\.date"),
        ("notification-eligibilite", decided("differee"), r"« differee ».*demandez notification-differee"),
        (
            "notification-differee",
            decided("eligible"),
            r"decision\.valeur.*demandez notification-eligibilite",
        ),
        ("notification-non-eligibilite", decided("eligible"), r"« non_eligible » ou « non_retenue »"),
        ("notification-non-eligibilite", decided("non_eligible", motifs=[]), r"decision\.motifs"),
        ("notification-non-eligibilite", decided("non_eligible", motifs=[None]), r"decision\.motifs"),
    ],
)
def test_a_notification_without_its_decision_is_refused_and_says_what_to_fill(
    ident: str, instruction: dict[str, Any], told: str
) -> None:
    with pytest.raises(MissingValue, match=told):
        document(ident, case(instruction=instruction))


def test_notifications_bind_and_are_made_on_request_only() -> None:
    mine = [one for one in DOCUMENTS if one.step == "instruction"]
    assert {one.id for one in mine if one.binding} == set(NOTIFICATIONS)
    assert {one.id for one in mine if one.on_request} == set(NOTIFICATIONS)


def notified(folder: Path, valeur: str, in_spite: str | None = None) -> Made:
    """Produce, on a dossier that lacks a signature, the letter that notifies a decision."""
    copied(FIXTURES / "defauts" / "courrier-prefet-non-signe", folder)
    (folder / "instruction.yaml").write_text(
        f"decision: {{valeur: {valeur}, date: 2026-05-04, motifs: [Le courrier n’est pas signé]}}\n",
        encoding="utf-8",
    )
    checked = check_dossier(folder, Plugins(), Request(step="instruction", today=TODAY))
    (made,) = produce(checked, Order(documents=(VALUES[valeur],), in_spite=in_spite), TODAY)
    return made


def test_a_favourable_decision_settles_what_the_candidature_lacked(tmp_path: Path) -> None:
    assert notified(tmp_path, "eligible").kind == "nouveau"


def test_a_refusal_is_written_because_of_what_the_dossier_lacks(tmp_path: Path) -> None:
    assert notified(tmp_path, "non_eligible").kind == "nouveau"


def test_a_selection_put_off_binds_like_the_rest(tmp_path: Path) -> None:
    refused = notified(tmp_path / "a", "differee")
    assert (refused.kind, refused.exit_code) == ("refuse", 1)
    assert notified(tmp_path / "b", "differee", in_spite="vu en comité").kind == "nouveau"


def test_severity_and_state_of_findings_do_not_reach_the_reader() -> None:
    only_seen = finding(etat=State.A_VOIR, gravite=Severity.REVIEW, courrier="À voir.")
    text = said("demande-complements", case(constats=(finding(), only_seen), instruction=KEPT))
    assert "À voir." not in text
    assert Severity.BLOCKING.value not in text
