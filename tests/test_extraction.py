import datetime as dt
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces_de_test import COLLECTIVITE, NOTE, PREFET, SERVICE

from assembler.extraction import collectivites_in, piece_facts
from assembler.extraction.guidance import Apart, Frame
from assembler.extraction.passages import Passages
from assembler.extraction.sections import bare_title, find_marks, section_facts, structure_of
from assembler.manager import Plugins
from assembler.model import Block, Reading, Signature, Source
from assembler.text import plain

KIT = (
    "Section 1 - les porteurs de l’Atelier",
    "Section 2 - la localisation de l’Atelier",
    "Section 3 - l’objet de l’Atelier",
    "Section 4 - les objectifs de l’Atelier",
    "Section 5 - les ressources de l’Atelier",
    "Annexe 1 - les dynamiques du territoire",
    "Annexe 2 - les dynamiques d’aménagement",
)
SITE = (
    "1. Les porteurs de l'Atelier",
    "II – La localisation de l'Atelier :",
    "C) L'objet de l'Atelier",
    "LES OBJECTIFS DE L'ATELIER",
    "les ressources de l’Atelier",
    "Les dynamiques du territoire",
    "Les dynamiques d'aménagement",
)
PROSE = "La communauté de communes et la direction départementale portent ensemble cette démarche."


def source(*blocks, name="fichier.docx", nature="docx", forme="editable", sha="a", **more):
    made = tuple(block if isinstance(block, Block) else Block(text=block) for block in blocks)
    reading = Reading(nature=nature, forme=forme, blocks=made, **more)
    return Source(name=name, path=name, octets=10, sha256=sha, nature=nature, reading=reading)


def letter(
    *, place_date="Laval, le 2 mars 2026", body=(), quality="Le préfet de la Mayenne,", more=(), **kind
):
    return source(
        "PRÉFET DE LA MAYENNE",
        "Direction départementale des territoires",
        "Affaire suivie par : Dominique Exemple",
        place_date,
        "Monsieur le directeur général",
        "Direction générale de l’aménagement, du logement et de la nature",
        "92055 La Défense Cedex",
        "Objet : Atelier local",
        "Monsieur le directeur général,",
        *body,
        "Je vous prie d’agréer, Monsieur le directeur général, l’expression de ma considération distinguée.",
        *([quality] if isinstance(quality, str) else quality),
        "Alex EXEMPLE",
        *more,
        **kind,
    )


def sections_in(blocks):
    return section_facts(NOTE, Apart(blocks=tuple(blocks)))


def states(blocks):
    return {key: one["etat"] for key, one in sections_in(blocks).items()}


def note(titles, content=PROSE, **title):
    blocks = []
    for one in titles:
        blocks += [Block(text=one, **title), Block(text=content)]
    return blocks


# --- sections --------------------------------------------------------------------------------


@pytest.mark.parametrize("titles", [KIT, SITE])
@pytest.mark.parametrize("shape", [{"level": 1}, {"level": 2}, {"bold": True}, {"in_table": True}, {}])
def test_both_editions_of_the_note_are_recognised_in_every_shape(titles, shape):
    facts = sections_in(note(titles, **shape))
    assert {one["etat"] for one in facts.values()} == {"renseignee"}
    assert structure_of(facts) == "reconnue"
    assert [(one["debut"], one["fin"]) for one in facts.values()] == [(n, n + 1) for n in range(1, 15, 2)]
    assert facts["porteurs"]["titre"] == titles[0]
    assert facts["porteurs"]["mots"] == 12


@pytest.mark.parametrize(
    "title",
    [
        "Section 3 - L’objet de l’Atelier",
        "SECTION 3 : L'OBJET DE L'ATELIER",
        "Section n° 3 – L’objet de l’Atelier :",
        "3. L’objet de l’Atelier",
        "3.1 L’objet de l’Atelier",
        "III – L’objet de l’Atelier",
        "c) L’objet de l’Atelier",
        "Annexe 1 : L’objet de l’Atelier",
        "L’objet de l’Atelier",
    ],
)
def test_numbering_is_no_part_of_a_title(title):
    assert bare_title(title) == "l objet de l atelier"


@pytest.mark.parametrize(
    ("content", "state"),
    [
        ([], "vide"),
        ([Block(text="")], "vide"),
        ([Block(text="Carte", level=2)], "vide"),
        ([Block(text="Oui")], "vide"),
        ([Block(text="[à compléter]")], "a_completer"),
        ([Block(text="À COMPLÉTER")], "a_completer"),
        ([Block(text="…………………")], "a_completer"),
        ([Block(text="xxx")], "a_completer"),
        ([Block(text="TODO")], "a_completer"),
        ([Block(text="Lorem ipsum")], "a_completer"),
        ([Block(text="Cliquez ici pour entrer du texte.", hint=True)], "a_completer"),
        ([Block(text="Indiquez ici qui porte la démarche, et avec qui.")], "a_completer"),
        ([Block(text="Les porteurs de l’Atelier")], "a_completer"),
        ([Block(text="", picture=True)], "vide"),
        ([Block(text="", picture=True), Block(text="Carte 1")], "renseignee"),
        ([Block(text="Sous-titre", level=2), Block(text=PROSE)], "renseignee"),
        ([Block(text=PROSE), Block(text="[à compléter]")], "renseignee"),
    ],
)
def test_the_state_of_a_section(content, state):
    blocks = [Block(text=KIT[0], level=1), *content, *note(KIT[1:], level=1)]
    assert states(blocks)["porteurs"] == state


def test_a_missing_section_is_absent():
    facts = sections_in(note(KIT[1:], level=1))
    assert facts["porteurs"] == {"titre": None, "mots": 0, "etat": "absente", "debut": None, "fin": None}


def test_a_sub_heading_stays_in_its_section_and_a_foreign_heading_ends_it():
    blocks = [
        Block(text=KIT[0], level=1),
        Block(text="Les partenaires", level=2),
        Block(text=PROSE),
        Block(text="Contacts", level=1),
        Block(text=PROSE),
        *note(KIT[1:], level=1),
    ]
    assert sections_in(blocks)["porteurs"]["fin"] == 3


def test_the_table_of_contents_is_not_the_sections():
    contents = [Block(text=f"{title} {'.' * 20} {page}") for page, title in enumerate(KIT, start=2)]
    blocks = [*contents, *note(KIT, level=1)]
    assert sections_in(blocks)["porteurs"]["debut"] == 8
    assert states([*contents, Block(text=PROSE)])["porteurs"] == "absente"
    assert find_marks(contents) == []


def test_the_head_of_a_column_is_not_a_missing_section():
    table = [Block(text="Objet", bold=True, in_table=True), Block(text=PROSE, in_table=True)]
    blocks = [*note(KIT[:2], level=1), *table, *note(KIT[3:], level=1)]
    assert states(blocks)["objet"] == "absente"


def test_a_form_in_a_table_reads_title_then_content():
    blocks = [
        Block(text=text, in_table=True)
        for title in SITE
        for text in (title, "" if "objet" in title.lower() else PROSE)
    ]
    found = states(blocks)
    assert found.pop("objet") == "vide"
    assert set(found.values()) == {"renseignee"}


def test_title_and_content_in_one_paragraph():
    blocks = [Block(text=f"{title} : {PROSE}") for title in KIT]
    facts = sections_in(blocks)
    assert [one["etat"] for one in facts.values()] == ["renseignee"] * 7
    assert facts["territoire"]["titre"] == KIT[5]


def test_notes_at_the_foot_are_not_the_last_section():
    blocks = [replace(one, anchor=(n,)) for n, one in enumerate(note(KIT[:6], level=1))]
    blocks += [
        Block(text=KIT[6], level=1, anchor=(90,)),
        Block(text="Source : recensement de la population, 2022."),
    ]
    assert states(blocks)["amenagement"] == "vide"


def test_a_bold_sub_heading_does_not_stand_for_the_marked_title():
    sub = [Block(text="Les porteurs", bold=True), Block(text=PROSE)]
    blocks = [*note(KIT[:1], bold=True), *sub, *note(KIT[1:], bold=True)]
    assert sections_in(blocks)["porteurs"] == {
        "titre": KIT[0],
        "mots": 26,
        "etat": "renseignee",
        "debut": 1,
        "fin": 4,
    }


def test_fewer_than_three_titles_is_no_structure():
    assert structure_of(sections_in(note(KIT[:2], level=1))) == "non_reconnue"
    assert structure_of(sections_in(note(KIT[:3], level=1))) == "reconnue"


@pytest.mark.parametrize(
    ("text", "extract"),
    [
        ("Le lieu : [à préciser].", "[à préciser]"),
        ("Rendez-vous le [date] à Évron.", "[date]"),
        ("Budget : à compléter", "Budget : à compléter"),
        ("Le XX/XX/2026 à Laval.", "XX/XX/2026"),
        ("Nom : ………………", "………………"),
        ("(à compléter par la collectivité)", "(à compléter par la collectivité)"),
        ("Cliquez ici pour entrer du texte.", "Cliquez ici pour entrer du texte"),
    ],
)
def test_a_placeholder_left_is_quoted_with_its_place(text, extract):
    assert find_marks([Block(text="Titre"), Block(text=text, page=3)]) == [
        {"extrait": extract, "emplacement": {"page": 3, "paragraphe": 2}}
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Le diagnostic reste à compléter avec les habitants.",
        "Voir [1] et [sic].",
        "Au XXe siècle… et au XX e siècle, exxon.",
        "Soit 2 ha.",
        "« La loi […] »",
        "[x] oui [ ] non",
        "x",
    ],
)
def test_prose_is_not_a_placeholder(text):
    assert find_marks([Block(text=text)]) == []


# --- letters ---------------------------------------------------------------------------------


def test_a_letter_tells_its_date_addressee_issuer_and_signatory():
    facts = piece_facts(PREFET, (letter(body=["J’apporte mon soutien à l’Atelier."]),), [])
    assert facts["date"] == dt.date(2026, 3, 2)
    assert facts["destinataire"].startswith(
        "Monsieur le directeur général, Direction générale de l’aménagement"
    )
    assert facts["emetteur"] == "PRÉFET DE LA MAYENNE, Direction départementale des territoires"
    assert facts["signataire"] == "Le préfet de la Mayenne"
    assert facts["mentions"]["soutien"]["extrait"] == "J’apporte mon soutien à l’Atelier."
    assert facts["mentions"]["soutien"]["emplacement"] == {"page": None, "paragraphe": 10}


def test_who_signs_by_delegation_is_the_second_quality():
    quality = ["Pour le préfet et par délégation,", "La directrice départementale", "des territoires,"]
    facts = piece_facts(SERVICE, (letter(quality=quality),), [])
    assert facts["signataire"] == "La directrice départementale des territoires"
    one_line = ["Pour le préfet et par délégation, la directrice départementale des territoires"]
    facts = piece_facts(SERVICE, (letter(quality=one_line),), [])
    assert facts["signataire"] == "La directrice départementale des territoires"


def test_two_signatories_of_one_letter_are_both_told():
    facts = piece_facts(COLLECTIVITE, (letter(quality=["Le maire d’Évron,", "Le président,"]),), [])
    assert facts["signataire"] == "Le maire d’Évron ; Le président"


def test_a_copy_to_the_prefet_is_not_his_signature():
    facts = piece_facts(
        COLLECTIVITE, (letter(quality="Le maire,", more=["Copie : le préfet de la Mayenne"]),), []
    )
    assert facts["signataire"] == "Le maire"


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Laval, le 02 mars 2026", dt.date(2026, 3, 2)),
        ("Laval le 1er mars 2026", dt.date(2026, 3, 1)),
        ("Le 2 MARS 2026", dt.date(2026, 3, 2)),
        ("Évron, le lundi 2 mars 2026", dt.date(2026, 3, 2)),
        ("Laval, le 02/03/2026", dt.date(2026, 3, 2)),
        ("2 mars 2026", dt.date(2026, 3, 2)),
        ("Laval, le [date]", None),
        ("Laval, le", None),
        ("Laval, le ………………", None),
    ],
)
def test_the_date_of_a_letter(line, date):
    body = ["Vu la délibération du 12 janvier 2026, et après la réunion du 3 février 2026, je vous écris."]
    assert piece_facts(PREFET, (letter(place_date=line, body=body),), [])["date"] == date


def test_a_date_at_the_foot_counts():
    made = source(
        "Le maire", "Objet : Atelier", "Madame,", "Texte.", "Fait à Évron, le 4 mars 2026", "Le maire"
    )
    assert piece_facts(COLLECTIVITE, (made,), [])["date"] == dt.date(2026, 3, 4)


def test_a_piece_that_is_no_letter_has_neither_date_nor_signatory():
    facts = piece_facts(NOTE, (letter(),), [])
    assert (facts["date"], facts["signataire"], facts["destinataire"]) == (None, None, None)


# --- forms -----------------------------------------------------------------------------------


def test_text_comes_from_the_draft_and_signature_and_date_from_the_pdf():
    draft = letter(
        place_date="Laval, le [date]", body=["La DDT s’engage à porter l’Atelier pendant dix mois."]
    )
    seal = Signature(etat="electronique", signataire="Alex EXEMPLE", date=dt.date(2026, 3, 3), page=1)
    signed = letter(
        body=["La DDT s’engage à porter l’Atelier pendant 11 mois."],
        name="fichier.pdf",
        nature="pdf",
        forme="pdf",
        sha="b",
        signatures=(seal,),
        pages=1,
    )
    facts = piece_facts(SERVICE, (draft, signed), [])
    assert facts["forme"] == "editable"
    assert facts["date"] == dt.date(2026, 3, 2)
    assert [(one["min"], one["max"]) for one in facts["durees_mois"]] == [(10, 10)]
    assert [(one["etat"], one["date"], one["fichier"]) for one in facts["signatures"]] == [
        ("electronique", dt.date(2026, 3, 3), "fichier.pdf")
    ]
    assert facts["formes"] == ["fichier.docx", "fichier.pdf"]
    assert facts["formes_ecart"] > 0.9
    assert facts["formes_differences"] == ["10 mois d’un côté, 11 mois de l’autre"]


def test_the_date_of_the_signature_is_that_of_an_undated_letter():
    seal = Signature(etat="cachet_parapheur", date=dt.date(2026, 3, 5))
    facts = piece_facts(PREFET, (letter(place_date="Laval, le", signatures=(seal,)),), [])
    assert facts["date"] == dt.date(2026, 3, 5)


def test_an_unreadable_piece_says_nothing_of_its_text():
    broken = Source(name="n.docx", path="n", octets=3, sha256="c", nature="inconnu", defaut="illisible")
    facts = piece_facts(NOTE, (broken,), ["Évron"])
    assert facts["lisible"] is False
    assert facts["octets"] == 3
    known = {"fichier", "nature", "octets", "sha256", "lisible", "pages_retenues", "formes"}
    assert {key for key, value in facts.items() if value is not None} == known


def test_a_scan_is_readable_and_wordless():
    scan = source(
        name="s.pdf",
        nature="pdf",
        forme="numerise",
        signatures=(Signature(etat="numerisee", page=1),),
        pages=1,
    )
    facts = piece_facts(PREFET, (scan,), [])
    assert (facts["lisible"], facts["mots"], facts["forme"], facts["pages"]) == (True, 0, "numerise", 1)
    assert [one["etat"] for one in facts["signatures"]] == ["numerisee"]


def test_only_the_retained_pages_speak():
    seals = tuple(Signature(etat="visible", page=page) for page in (1, 2))
    made = source(
        Block(text="pendant dix mois", page=1),
        Block(text="pendant onze mois", page=2),
        name="c.pdf",
        nature="pdf",
        forme="pdf",
        pages=2,
        signatures=seals,
    )
    facts = piece_facts(SERVICE, (replace(made, pages_retenues=(2,)),), [])
    assert [one["min"] for one in facts["durees_mois"]] == [11]
    assert facts["durees_mois"][0]["emplacement"] == {"page": 2, "paragraphe": 2}
    assert [one["page"] for one in facts["signatures"]] == [2]
    assert facts["pages"] == 1


# --- collectivités ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("CC des Coëvrons", "la communauté de communes des Coëvrons", True),
        ("Communauté de communes des Coëvrons", "La CC des Coevrons", True),
        ("CC des Coëvrons", "le territoire des Coëvrons", True),
        ("Communauté d’agglomération de Saint-Lô", "CA de Saint-Lô", True),
        ("Laval Agglomération", "LAVAL AGGLOMÉRATION", True),
        ("Commune d’Évron", "la ville d’Évron", True),
        ("Commune d’Évron", "53600 Évron", False),
        ("Évron", "53600 Évron", True),
        ("Évron", "Évronnais", False),
        ("CC du Bocage", "la communauté de communes des Coëvrons", False),
        ("", "n’importe quoi", False),
    ],
)
def test_a_collectivite_is_found_by_its_short_and_long_names(name, text, found):
    assert collectivites_in([plain(text)], [name]) == ([name] if found else [])


def test_a_commune_and_its_community_of_the_same_name_are_told_apart():
    names = ["CC de Mayenne", "Commune de Mayenne"]
    assert collectivites_in([plain("Le maire de Mayenne")], names) == ["Commune de Mayenne"]
    assert collectivites_in([plain("La communauté de communes de Mayenne")], names) == ["CC de Mayenne"]


LONG = ["." * 20_000, "[" + " " * 20_000, "x" * 20_000, "( a completer " * 2_000, "_ . " * 5_000]


@pytest.mark.parametrize("text", LONG)
def test_a_hostile_paragraph_costs_no_more_than_its_length(text):
    start = time.process_time()
    piece_facts(NOTE, (source(text, *KIT, text),), ["CC des Coëvrons"])
    piece_facts(PREFET, (source(text, "Objet :", text),), ["CC des Coëvrons"])
    assert time.process_time() - start < 2


@pytest.mark.parametrize("text", [*LONG, "1" * 40_000, "1 000 " * 8_000, "a@a." * 10_000, "de la " * 7_000])
def test_what_a_format_looks_for_costs_no_more_than_the_length_of_the_text(text):
    passages = Passages([Block(text=text)])
    looked_for = {
        pattern
        for one in Plugins().formats().values()
        for piece in one.pieces
        for pattern in piece.mentions.values()
    }
    assert len(looked_for) > 10
    start = time.process_time()
    for pattern in looked_for:
        passages.find_plain(pattern)
    assert time.process_time() - start < 2


# --- whatever comes --------------------------------------------------------------------------

_BLOCKS = st.lists(
    st.builds(
        Block,
        text=st.text(max_size=60)
        | st.sampled_from([*KIT, *SITE, PROSE, "Laval, le", "à", "Objet :", "Le préfet,"]),
        level=st.none() | st.integers(1, 3),
        bold=st.booleans(),
        in_table=st.booleans(),
        hint=st.booleans(),
        picture=st.booleans(),
        page=st.none() | st.integers(1, 3),
    ),
    max_size=12,
)


@given(_BLOCKS)
def test_any_reading_gives_all_the_facts(blocks):
    for piece in (NOTE, PREFET):
        facts = piece_facts(piece, (source(*blocks),), ["CC des Coëvrons"])
        assert facts["lisible"] is True
        assert facts["mots"] >= 0
        for one in facts.get("sections", {}).values():
            assert (one["etat"] == "absente") == (one["debut"] is None)
            if one["debut"] is not None:
                assert 1 <= one["debut"] <= one["fin"] <= len(blocks)
        for found in [
            *facts["marques"],
            *facts["durees_mois"],
            *(m for m in facts["mentions"].values() if m),
        ]:
            assert 1 <= found["emplacement"]["paragraphe"] <= len(blocks)


# -- what a frame asks -------------------------------------------------------------------------

FRAME = Frame(
    questions=(
        "qui porte la demarche qui la suit au quotidien et avec quels moyens",
        "qui la suit au quotidien et avec quels moyens",
    ),
    printed=frozenset({"section 1 les porteurs de l atelier", "donnee valeur"}),
)
QUESTION = "Qui porte la démarche ? Qui la suit au quotidien, et avec quels moyens ?"


def asked(*blocks):
    facts = piece_facts(NOTE, (source(Block(text=KIT[0], level=1), *blocks),), (), (), FRAME)
    return facts["sections"]["porteurs"]["etat"], [one["extrait"] for one in facts["marques"]]


@pytest.mark.parametrize(
    ("texts", "state", "left"),
    [
        ((QUESTION,), "a_completer", ["Qui porte la démarche ?"]),
        ((QUESTION.upper().replace("’", "'"),), "a_completer", ["QUI PORTE LA DÉMARCHE ?"]),
        ((QUESTION, PROSE), "renseignee", ["Qui porte la démarche ?"]),
        ((f"{QUESTION} {PROSE}",), "renseignee", ["Qui porte la démarche ?"]),
        ((PROSE, QUESTION), "renseignee", ["Qui porte la démarche ?"]),
        # cut by the end of a page
        (
            ("Qui porte la démarche ? Qui la suit", "au quotidien, et avec quels moyens ?"),
            "a_completer",
            ["Qui porte la démarche ?", "au quotidien, et avec quels moyens ?"],
        ),
        # what the frame filled in is no answer to its question; without the question, it is all there is
        (("Donnée Valeur", "Département Mayenne (53)", QUESTION), "a_completer", ["Qui porte la démarche ?"]),
        (("Donnée Valeur", "Département Mayenne (53)"), "renseignee", []),
        (("Elle porte la démarche, et qui la suit ?",), "renseignee", []),
    ],
)
def test_guidance_is_known_by_its_words(texts, state, left):
    assert asked(*(Block(text=text) for text in texts)) == (state, left)


def test_an_answer_between_two_questions_of_one_paragraph_counts_alone():
    text = f"Qui porte la démarche ? {PROSE} Qui la suit au quotidien, et avec quels moyens ? Personne."
    facts = piece_facts(NOTE, (source(Block(text=KIT[0], level=1), Block(text=text)),), (), (), FRAME)
    assert facts["sections"]["porteurs"]["etat"] == "renseignee"
    assert [one["extrait"] for one in facts["marques"]] == [
        "Qui la suit au quotidien, et avec quels moyens ?"
    ]
