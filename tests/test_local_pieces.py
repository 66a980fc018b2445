"""The pieces of the Atelier local are known by the names and the wordings that people really use."""

import re

import pytest
from assembler_plugins.commun.format import se_reconnait
from assembler_plugins.local.pieces import PIECES, SECTIONS

from assembler.extraction.sections import bare_title
from assembler.model import Block, Reading, Source
from assembler.recognition import recognise
from assembler.text import plain

BY_ID = {piece.id: piece for piece in PIECES}


def _source(name: str, *lines: str, nature: str = "pdf") -> Source:
    blocks = tuple(Block(text=line, page=1) for line in lines)
    reading = Reading(nature=nature, forme="pdf", blocks=blocks, pages=1) if lines else None
    return Source(name=name, path=name, octets=1, sha256=name, nature=nature, reading=reading)


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("Note d'opportunité V3 def (2).docx", "note_opportunite"),
        ("note_opportunite_AL_Coevrons.pdf", "note_opportunite"),
        ("Fiche de candidature Atelier local.odt", "note_opportunite"),
        ("2026-03-02 Note opportunité DDT 53 - CC des Coëvrons.docx", "note_opportunite"),
        ("Courrier d'engagement CC des Coëvrons.pdf", "courrier_collectivite"),
        ("Lettre de soutien du maire d'Évron signée.pdf", "courrier_collectivite"),
        ("Saint-Lô Agglo - courrier président.pdf", "courrier_collectivite"),
        ("CourrierCollectivite.pdf", "courrier_collectivite"),
        ("Courrier de soutien préfète.pdf", "courrier_prefet"),
        ("Courrier sous-préfet de Mayenne.pdf", "courrier_prefet"),
        ("Soutien préfecture 53.pdf", "courrier_prefet"),
        ("courriers/préfet.pdf", "courrier_prefet"),
        ("Courrier d'engagement DDT 53.pdf", "courrier_service"),
        ("lettre engagement DDTM V2 def.pdf", "courrier_service"),
        ("Engagement DREAL pour la CC.pdf", "courrier_service"),
        ("Courrier_DDT53_signe.pdf", "courrier_service"),
        ("Annexe 1 - carte du territoire.pdf", "annexe"),
        ("Délibération du 12 mars.pdf", "annexe"),
        ("Offre INTERland.pdf", "offre"),
        ("Liste des invités.docx", None),
        ("scan0001.pdf", None),
    ],
)
def test_a_file_is_known_by_its_name(name, piece):
    assert recognise([_source(name)], PIECES, {}).sources[0].piece == piece


LETTERHEAD = ("PRÉFÈTE DE LA MAYENNE", "Liberté Égalité Fraternité")
DGALN = ("Laval, le 2 mars 2026", "Direction générale de l’aménagement, du logement et de la nature")


def test_letters_under_one_letterhead_are_told_apart_by_who_signs_and_what_he_does():
    prefet = _source(
        "scan1.pdf",
        *LETTERHEAD,
        *DGALN,
        "Objet : Atelier local des Coëvrons",
        "La direction départementale des territoires a préparé ce dossier d’Atelier local.",
        "J’apporte mon soutien à cette candidature.",
        "La préfète de la Mayenne,",
        "Alex EXEMPLE",
    )
    service = _source(
        "scan2.pdf",
        *LETTERHEAD,
        *DGALN,
        "Objet : Atelier local des Coëvrons",
        "La direction départementale des territoires s’engage à porter l’Atelier local pendant douze mois.",
        "Pour la préfète et par délégation,",
        "la directrice départementale des territoires,",
        "Camille EXEMPLE",
    )

    found = recognise([prefet, service], PIECES, {}).sources

    assert [one.piece for one in found] == ["courrier_prefet", "courrier_service"]
    assert {one.reconnu_par for one in found} == {"contenu"}


def test_a_letter_that_joins_the_note_is_not_the_note():
    letter = _source(
        "Candidature.pdf",
        "Communauté de communes des Coëvrons",
        *DGALN,
        "Madame la Sous-directrice,",
        "Vous trouverez ci-joint la note d’opportunité valant candidature de notre Atelier local, "
        "ses objectifs, ses ressources et ses porteurs.",
        "La communauté de communes s’engage à y prendre part avec ses élus.",
        "Je vous prie d’agréer, Madame la Sous-directrice, l’expression de ma considération distinguée.",
        "Le président de la communauté de communes,",
        "Claude EXEMPLE",
    )

    assert recognise([letter], PIECES, {}).sources[0].piece == "courrier_collectivite"


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("Section 1 - les porteurs de l’Atelier", "porteurs"),
        ("1. LES PORTEURS DE L’ATELIER", "porteurs"),
        ("Porteurs du projet", "porteurs"),
        ("Section 2 – La localisation de l’Atelier", "localisation"),
        ("II. Localisation de l’Atelier local", "localisation"),
        ("Périmètre de réflexion", "localisation"),
        ("Section 3 : l’objet de l’Atelier", "objet"),
        ("3/ Objet", "objet"),
        ("Section 4 - les objectifs de l'Atelier", "objectifs"),
        ("Objectifs poursuivis", "objectifs"),
        ("Section 5 - les ressources de l'Atelier", "ressources"),
        ("Ressources et acteurs à mobiliser", "ressources"),
        ("Annexe 1 - les dynamiques du territoire", "dynamiques_territoire"),
        ("6. Dynamiques territoriales", "dynamiques_territoire"),
        ("Annexe 2 - les dynamiques d'aménagement.", "dynamiques_amenagement"),
        ("Les dynamiques d’aménagement du territoire", "dynamiques_amenagement"),
    ],
)
def test_the_titles_of_both_editions_are_known(title, section):
    bare = bare_title(title)
    found = {one.id for one in SECTIONS for pattern in one.patterns if re.fullmatch(pattern, bare)}

    assert found == {section}


@pytest.mark.parametrize(
    ("piece", "mention", "text", "there"),
    [
        (
            "courrier_collectivite",
            "engagement",
            "La communauté de communes s’engage dans l’Atelier local.",
            True,
        ),
        ("courrier_collectivite", "engagement", "Nous nous engageons à participer aux sessions.", True),
        ("courrier_collectivite", "engagement", "La communauté de communes apporte tout son soutien.", False),
        ("courrier_collectivite", "engagement", "le numéro d’engagement juridique", False),
        ("courrier_collectivite", "soutien", "Nous soutenons sans réserve cette candidature.", True),
        ("courrier_prefet", "soutien", "J’apporte mon plein soutien à la candidature.", True),
        ("courrier_prefet", "soutien", "J’émets un avis très favorable.", True),
        ("courrier_prefet", "soutien", "Je prends acte de la candidature.", False),
        (
            "courrier_service",
            "porter",
            "La DDT s’engage à porter l’Atelier Local pendant 10 à 12 mois.",
            True,
        ),
        ("courrier_service", "porter", "Je m’engage, au nom de mon service, à piloter la démarche.", True),
        ("courrier_service", "porter", "La DDT suivra ce dossier avec attention.", False),
        ("courrier_prefet", "destinataire_dgaln", "DGALN / DHUP / AD1, Tour Séquoia", True),
        ("courrier_prefet", "destinataire_dgaln", "Madame la sous-directrice de l’aménagement durable", True),
        ("courrier_prefet", "destinataire_dgaln", "Monsieur le directeur de la DREAL", False),
        ("courrier_collectivite", "demande", "La commune sollicite un Atelier local.", True),
        ("courrier_collectivite", "service_etat", "établie avec la DDT(M) de la Manche", True),
        ("courrier_collectivite", "service_etat", "établie avec le conseil départemental", False),
    ],
)
def test_mentions_are_found_in_the_words_that_letters_use(piece, mention, text, there):
    found = re.search(BY_ID[piece].mentions[mention], plain(text))

    assert bool(found) == there


def test_a_folder_is_local_when_its_texts_say_so():
    local = _source("a.pdf", "Candidature à un Atelier local")
    flash = _source("b.pdf", "Un Atelier flash sur la halle, un Atelier flash sur la place")

    assert se_reconnait("local", [local])
    assert not se_reconnait("local", [flash])
    assert not se_reconnait("local", [_source("c.pdf", "Compte rendu de réunion")])
    assert se_reconnait("local", [_source("Note d’opportunité.pdf")])
