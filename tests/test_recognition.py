from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces_de_test import COLLECTIVITE, PIECES

from assembler.contributions import Piece
from assembler.extraction.passages import concordance
from assembler.model import Block, Reading, Source
from assembler.recognition import place_facts, recognise
from assembler.recognition.filenames import bare_name, split_pages

HEAD = ("PRÉFET DE LA MAYENNE", "Direction départementale des territoires", "Laval, le 2 mars 2026", "à")
CALL = ("Objet : Atelier local", "Madame, Monsieur,")
END = "Je vous prie d’agréer, Madame, Monsieur, l’expression de ma considération distinguée."

PREFET = (
    *HEAD,
    *CALL,
    "J’apporte mon soutien à la candidature à l’Atelier local.",
    END,
    "Le préfet,",
    "Alex EXEMPLE",
)
SERVICE = (
    *HEAD,
    *CALL,
    "La direction départementale s’engage à porter l’Atelier local dix mois, avec le soutien du préfet.",
    END,
    "Pour le préfet et par délégation,",
    "La directrice départementale des territoires,",
    "Camille EXEMPLE",
)


def commune(name, mayor):
    return (
        f"Mairie de {name}",
        f"{name}, le 2 mars 2026",
        *CALL,
        f"Le conseil municipal de {name} s’engage dans l’Atelier local et y fera participer les habitants.",
        "Il prendra à sa charge les salles et les repas, et présentera la feuille de route chaque année.",
        END,
        "Le maire,",
        mayor,
    )


NOTE = tuple(
    line
    for title in ("les porteurs de l’Atelier", "la localisation de l’Atelier", "l’objet de l’Atelier")
    for line in (title, "Un texte qui dit longuement ce que le territoire attend de la démarche.")
)


def file(name, lines=None, *, pages=None, nature=None, sha=None, defaut=None):
    nature = nature or name.rsplit(".", 1)[-1].lower()
    reading = None
    if lines is not None or pages is not None:
        blocks = [Block(text=line) for line in lines or ()]
        for number, page in enumerate(pages or (), start=1):
            blocks += [Block(text=line, page=number) for line in page]
        reading = Reading(
            nature=nature,
            forme="editable" if nature != "pdf" else "pdf" if blocks else "numerise",
            blocks=tuple(blocks),
            pages=len(pages) if pages else 1,
        )
    return Source(
        name=name, path=name, octets=9, sha256=sha or name, nature=nature, reading=reading, defaut=defaut
    )


def known(*files, chosen=None):
    return {
        source.name: (source.piece, source.reconnu_par)
        for source in recognise(files, PIECES, chosen or {}).sources
    }


def groups(recognition, piece):
    return [tuple(source.name for source in group) for group in recognition.pieces.get(piece, ())]


# --- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Note d'Opportunité V3 def (2).docx",
        "Note d’opportunité.docx",
        "note_opportunite_v2.1_FINAL.docx",
        "NOTE-OPPORTUNITE-20260302.docx",
        "2026-03-02 Note d'opportunité relue JMD.docx",
        "Copie de Note d’opportunité signée.pdf",
        "1. Note opportunité VF.odt",
        "NoteOpportunite.docx",
        "Note%20d%27opportunit%C3%A9.docx",
        "pièces/Note d’opportunité 02 03 2026.docx.pdf",
        "Note d'opportunite\u0301.docx".replace("e\u0301", "e\u0301"),
    ],
)
def test_a_name_is_known_under_its_version_marks(name):
    assert known(file(name, defaut="illisible"))[name] == ("note_opportunite", "nom")


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Note d'Opportunité V3 def (2).docx", "note d opportunite"),
        ("a/b/Courrier préfet signé.pdf", "courrier prefet"),
        ("courrier DDT 53.pdf", "courrier ddt"),
        ("Courrier_20260302_v3 JMD.docx", "courrier"),
        ("V3 DEF.docx", ""),
        ("", ""),
    ],
)
def test_what_remains_of_a_name(name, bare):
    assert bare_name(name) == bare


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("courriers.pdf, p. 2-3", ("courriers.pdf", (2, 3))),
        ("courriers.pdf, pages 2 à 4", ("courriers.pdf", (2, 3, 4))),
        ("courriers.pdf (p. 1, 3)", ("courriers.pdf", (1, 3))),
        ("courriers.pdf p.5", ("courriers.pdf", (5,))),
        ("Note v3 DEF.docx", ("Note v3 DEF.docx", ())),
        ("p. 2", ("p. 2", ())),
    ],
)
def test_a_page_range_is_split_from_its_file(said, found):
    assert split_pages(said) == found


def test_the_folder_helps_a_name_that_says_nothing_alone():
    assert (
        known(file("courriers préfet/scan.pdf", defaut="illisible"))["courriers préfet/scan.pdf"][0]
        == "courrier_prefet"
    )


# --- codes, dates and folders ----------------------------------------------------------------

CODED = Piece(
    id="reglement",
    title="règlement",
    names=(r"^(?P<code>\d{5}) reglement (?P<date>\d{8})$", r"\breglement\b"),
    folders=("Pieces_ecrites/3_Reglement",),
)
PLAN = Piece(id="plan", title="plan", names=(r"\bplan\b",), folders=("Pieces_ecrites/6_Plans",))
REPORT = Piece(id="rapport", title="rapport", names=(r"\bplan\b", r"\brapport\b"), folders=("1_Rapport",))
ANNEXES = Piece(id="annexe", title="annexe", many=True, folders=("Pieces_ecrites/4_Annexes",))
SHAPED = (CODED, PLAN, REPORT, ANNEXES)


def shaped(name, lines=None):
    (found,) = recognise([file(name, lines, defaut=None if lines else "illisible")], SHAPED, {}).sources
    return found.piece


@pytest.mark.parametrize(
    ("name", "captured"),
    [
        ("3_Reglement/41175_reglement_20140603.pdf", {"code": "41175", "date": "20140603"}),
        ("41175-Règlement-20140603.PDF", {"code": "41175", "date": "20140603"}),
        ("Règlement v2 signé.pdf", {"code": None, "date": None}),
    ],
)
def test_the_codes_and_dates_of_a_name_survive_and_are_captured(name, captured):
    assert shaped(name) == "reglement"
    assert place_facts(CODED, name)["nom"] == captured


def test_a_piece_that_asks_for_nothing_has_no_further_fact():
    assert place_facts(COLLECTIVITE, "courriers/lettre du maire.pdf") == {}


@pytest.mark.parametrize(
    ("name", "well"),
    [
        ("Pieces_ecrites/3_Reglement/a.pdf", True),
        ("PIÈCES-ÉCRITES/3 règlement/zones/a.pdf", True),
        ("Pieces_ecrites/a.pdf", False),
        ("3_Reglement/a.pdf", False),
        ("a.pdf", False),
    ],
)
def test_a_piece_lies_well_in_its_folder_and_below(name, well):
    assert place_facts(CODED, name)["bien_range"] is well


def test_between_two_pieces_of_one_name_the_folder_decides():
    assert shaped("Pieces_ecrites/6_Plans/plan.pdf") == "plan"
    assert shaped("1_Rapport/plan.pdf") == "rapport"
    assert shaped("plan.pdf") is None


def test_a_misplaced_piece_is_recognised_all_the_same():
    assert shaped("Pieces_ecrites/4_Annexes/41175_reglement_20140603.pdf") == "reglement"


def test_whatever_lies_in_the_folder_of_a_piece_without_a_name_is_that_piece():
    assert shaped("Pieces_ecrites/4_Annexes/réseaux/20140603.pdf") == "annexe"
    assert shaped("Pieces_ecrites/4_Annexes/20140603.pdf", ["Un texte."]) == "annexe"
    assert shaped("Pieces_ecrites/20140603.pdf") is None


# --- the fiche -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "chosen", [{"Texte A.docx": "note_opportunite"}, {"note_opportunite": "texte a.docx"}]
)
def test_the_fiche_has_the_first_word(chosen):
    made = recognise([file("Texte A.docx", ["rien"]), file("Note d’opportunité.docx", NOTE)], PIECES, chosen)
    assert groups(made, "note_opportunite") == [("Texte A.docx",)]
    assert [(one.piece, one.reconnu_par) for one in made.sources] == [
        ("note_opportunite", "fiche"),
        (None, None),
    ]


def test_the_fiche_cuts_a_file_into_pieces():
    scan = file("courriers.pdf", pages=[("a",), ("b",), ("c",)])
    chosen = {"courriers.pdf, p. 1": "courrier_prefet", "courriers.pdf, p. 2-3": "courrier_service"}
    made = recognise([scan], PIECES, chosen)
    assert [(one.piece, one.pages_retenues) for one in made.sources] == [
        ("courrier_prefet", (1,)),
        ("courrier_service", (2, 3)),
    ]
    assert set(made.pieces) == {"courrier_prefet", "courrier_service"}


def test_a_file_that_the_fiche_names_and_that_is_not_there_is_said():
    made = recognise([], PIECES, {"courrier_service": ["a.pdf", "b.pdf"]})
    assert made.notes == (
        "La fiche désigne « a.pdf », qui n’est pas dans le dossier.",
        "La fiche désigne « b.pdf », qui n’est pas dans le dossier.",
    )


# --- content ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "piece"),
    [
        (PREFET, "courrier_prefet"),
        (SERVICE, "courrier_service"),
        (commune("Évron", "Claude EXEMPLE"), "courrier_collectivite"),
        (NOTE, "note_opportunite"),
        (("Ordre du jour", "Points divers"), None),
        ((), None),
    ],
)
@pytest.mark.parametrize("name", ["scan0001.pdf", "Document1.docx"])
def test_a_file_without_a_telling_name_is_known_by_its_content(lines, piece, name):
    assert known(file(name, lines))[name] == (piece, "contenu" if piece else None)


def test_the_signature_decides_between_two_letters_of_one_letterhead():
    found = known(file("courrier 1.pdf", PREFET), file("courrier 2.pdf", SERVICE))
    assert [piece for piece, _ in found.values()] == ["courrier_prefet", "courrier_service"]


def test_a_misleading_name_gives_way_and_is_noted():
    made = recognise([file("Courrier préfet.pdf", SERVICE)], PIECES, {})
    assert [(one.piece, one.reconnu_par) for one in made.sources] == [("courrier_service", "contenu")]
    assert len(made.notes) == 1
    assert "trompeur" in made.notes[0]


def test_an_annexe_that_is_a_signed_letter_is_that_letter():
    assert known(file("PJ 2.pdf", PREFET))["PJ 2.pdf"] == ("courrier_prefet", "contenu")


def test_a_true_annexe_stays_one():
    name = "Annexe - carte.pdf"
    assert known(file(name, ["Carte du territoire et de l’Atelier"]))[name] == ("annexe", "nom")


def test_what_makes_a_piece_unlikely_beats_its_name():
    pieces = [
        replace(one, unlikely=(r"\bbrouillon\b",)) if one.id == "note_opportunite" else one for one in PIECES
    ]
    made = recognise([file("Note d’opportunité.docx", ["Brouillon", *NOTE])], pieces, {})
    assert made.sources[0].piece is None


def test_an_unclaimed_file_is_kept():
    made = recognise([file("Liste des invités.csv", defaut=None)], PIECES, {})
    assert [(one.name, one.piece) for one in made.sources] == [("Liste des invités.csv", None)]
    assert dict(made.pieces) == {}


# --- forms and versions ----------------------------------------------------------------------


def test_a_draft_and_its_signed_pdf_are_one_piece():
    made = recognise(
        [file("lettre DDT V2 def signée.pdf", SERVICE), file("lettre DDT V2.docx", SERVICE)], PIECES, {}
    )
    assert groups(made, "courrier_service") == [("lettre DDT V2.docx", "lettre DDT V2 def signée.pdf")]


def test_a_draft_and_its_pdf_are_one_piece_by_their_text():
    made = recognise([file("scan.pdf", (*SERVICE, "Page 1/1")), file("lettre DDT.docx", SERVICE)], PIECES, {})
    assert groups(made, "courrier_service") == [("lettre DDT.docx", "scan.pdf")]


def test_two_collectivites_with_the_same_wording_are_two_letters():
    one, two = commune("Évron", "Claude EXEMPLE"), commune("Montsûrs", "Eden MODÈLE")
    assert concordance(" ".join(one), " ".join(two)) > 0.85
    made = recognise(
        [file("courrier mairie Évron.docx", one), file("courrier mairie Montsûrs.pdf", two)], PIECES, {}
    )
    assert len(groups(made, COLLECTIVITE.id)) == 2


def test_each_pdf_joins_its_own_draft():
    one, two = commune("Évron", "Claude EXEMPLE"), commune("Montsûrs", "Eden MODÈLE")
    files = [
        file("courrier mairie A.docx", one),
        file("courrier mairie B.docx", two),
        file("lettre commune 1.pdf", two),
        file("lettre commune 2.pdf", one),
    ]
    assert groups(recognise(files, PIECES, {}), COLLECTIVITE.id) == [
        ("courrier mairie A.docx", "lettre commune 2.pdf"),
        ("courrier mairie B.docx", "lettre commune 1.pdf"),
    ]


def test_two_versions_of_a_single_piece_are_ambiguous():
    made = recognise(
        [file("Note opportunité V2.docx", NOTE), file("Note opportunité V3.docx", NOTE)], PIECES, {}
    )
    assert made.ambiguous == {"note_opportunite": ("Note opportunité V2.docx", "Note opportunité V3.docx")}


def test_the_same_bytes_twice_are_one_candidate():
    made = recognise(
        [file("Note opportunité.docx", NOTE, sha="x"), file("a/Note opportunité.docx", NOTE, sha="x")],
        PIECES,
        {},
    )
    assert made.ambiguous == {}
    assert [one.piece for one in made.sources] == ["note_opportunite"] * 2


def test_the_scan_of_the_only_draft_is_its_signed_form():
    made = recognise([file("Courrier préfet.docx", PREFET), file("préfet signé scan.pdf", [])], PIECES, {})
    assert groups(made, "courrier_prefet") == [("Courrier préfet.docx", "préfet signé scan.pdf")]


# --- one file, several letters ---------------------------------------------------------------


def test_one_pdf_of_several_letters_is_split_by_pages():
    first, second = SERVICE[:7], SERVICE[7:]
    made = recognise([file("courriers.pdf", pages=[PREFET, first, second])], PIECES, {})
    assert made.splits == {"courriers.pdf": {"courrier_prefet": (1,), "courrier_service": (2, 3)}}
    assert "courrier de soutien du préfet p. 1, courrier d’engagement du service p. 2-3" in made.notes[0]
    assert groups(made, "courrier_service") == [("courriers.pdf",)]
    assert [(one.piece, one.pages_retenues) for one in made.sources] == [
        ("courrier_prefet", (1,)),
        ("courrier_service", (2, 3)),
    ]


def test_a_letter_of_two_pages_is_one_letter():
    made = recognise([file("courrier DDT.pdf", pages=[SERVICE[:7], SERVICE[7:]])], PIECES, {})
    assert made.splits == {}
    assert [(one.piece, one.pages_retenues) for one in made.sources] == [("courrier_service", ())]


# --- whatever comes --------------------------------------------------------------------------

_LINES = st.lists(st.text(max_size=40) | st.sampled_from([*PREFET, *SERVICE, *NOTE]), max_size=15)


@given(st.text(max_size=60))
def test_any_name_can_be_read(name):
    bare = bare_name(name)
    assert bare == bare.strip()
    assert split_pages(name)[0] in name
    known(file(name or "x", defaut="vide", nature="inconnu"))


@given(
    st.lists(
        st.tuples(st.sampled_from(["note.docx", "courrier préfet.pdf", "x.pdf", "lettre DDT.docx"]), _LINES),
        max_size=5,
    )
)
def test_no_file_is_ever_lost(made):
    files = [file(f"{rank}/{name}", lines) for rank, (name, lines) in enumerate(made)]
    found = recognise(files, PIECES, {})
    assert {one.name for one in found.sources} == {one.name for one in files}
    for piece, held in found.pieces.items():
        assert all(source.piece == piece for group in held for source in group)


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_concordance_is_symmetric_and_between_nothing_and_all(one, other):
    assert concordance(one, other) == concordance(other, one)
    assert 0 <= concordance(one, other) <= 1
    assert concordance(one, one) == 1
