"""The DPGF as a workbook: sheets, formulas with their values, protection, print set-up.

Nothing here decides what is asked or computes an amount: see
:mod:`assembler_plugins.commun.marche.dpgf_calcul`.
"""

from __future__ import annotations

from assembler_plugins.commun.marche.dpgf_calcul import Filling, Frame
from assembler_plugins.commun.marche.dpgf_echeancier import instalments_sheet
from assembler_plugins.commun.marche.dpgf_feuille import PricesSheet
from assembler_plugins.commun.marche.dpgf_mise_en_page import (
    COVER,
    HELP,
    INSTALMENTS,
    LISTS,
    PRICES,
    SHARING,
    SUMMARY,
    TITLE,
    height,
    set_up,
)
from assembler_plugins.commun.marche.dpgf_recapitulatif import Summary
from assembler_plugins.commun.marche.dpgf_repartition import SharingSheet

from assembler.french import typo
from assembler.rendering.lettres import WordsSheet
from assembler.rendering.xlsx import Workbook

__all__ = ["workbook"]

_INSTRUCTIONS = (
    "Seules les cellules à fond jaune pâle et à bord gauche épais se remplissent ; leur en-tête le dit "
    "aussi. Les autres sont protégées : n’ajoutez, ne supprimez et ne modifiez ni ligne, ni colonne, ni "
    "libellé.",
    "Dans la feuille « Page de garde », indiquez le nom du candidat (en groupement : le mandataire, "
    "puis les cotraitants).",
    "Dans la feuille « DPGF », ligne 6, donnez l’intitulé de chaque profil (par exemple chef de projet, "
    "paysagiste) ; ligne 7, son prix journalier hors taxes. Un profil qui ne sert pas garde son "
    "intitulé et reste sans prix.",
    "Pour chaque poste, saisissez les jours de chaque profil, par quarts de jour, puis les frais hors "
    "taxes (déplacements, impression, supports). Un poste compris dans un autre se note 0.",
    "Vérifiez le taux de TVA, au bas de la feuille « DPGF » ; choisissez-en un autre dans la liste s’il ne "
    "convient pas à votre situation.",
    "Si les membres d’un groupement sont payés séparément, remplissez la feuille « Répartition » : le "
    "montant hors taxes de chaque membre à chaque étape et, s’il diffère, son taux de TVA (0 % en "
    "franchise). La TVA se calcule alors par taux. Sinon, laissez la feuille vide.",
    "La feuille « Échéancier » dit ce qui est réglé à l’admission de chaque livrable ; rien n’y est à "
    "saisir.",
    "Les honoraires, les montants, les sous-totaux, la TVA, le total et les montants en lettres se "
    "calculent. Chaque ligne est arrondie au centime ; la TVA se calcule une fois par taux, sur la somme "
    "hors taxes.",
    "Dans la feuille « Récapitulatif », lisez les contrôles : chacun dit « Conforme » ou ce qui reste à "
    "faire.",
    "Reportez le total hors taxes, la TVA et le total toutes taxes comprises dans l’acte d’engagement, "
    "en chiffres et en lettres, à l’identique.",
    "Rendez le classeur dans son format d’origine, sans macro ni lien vers un autre fichier, avec une "
    "copie PDF signée si le règlement de la consultation la demande.",
)


def workbook(frame: Frame, filling: Filling | None = None) -> bytes:
    """Return the workbook; with a ``filling``, as a bidder would have it."""
    filled = filling or Filling()
    book = Workbook(
        title=f"{TITLE} – {frame.objet}",
        subject=f"Marché subséquent n° {frame.marche}, accord-cadre n° {frame.accord_cadre}",
        author=frame.acheteur,
        edition=frame.edition,
    )
    _cover(book, frame, filled)
    sheets = {title: book.sheet(title) for title in (PRICES, SHARING, INSTALMENTS, SUMMARY)}
    _help(book, frame)
    letters = WordsSheet(book)
    _lists(book, frame)
    prices = PricesSheet(book, sheets[PRICES], frame, filled)
    SharingSheet(book, sheets[SHARING], frame, prices)
    instalments_sheet(book, sheets[INSTALMENTS], frame, prices)
    Summary(book, sheets[SUMMARY], frame, prices).write(letters)
    book.protect()
    book.book.active = 0
    return book.finish()


def _cover(book: Workbook, frame: Frame, filling: Filling) -> None:
    sheet = book.sheet(COVER)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 42, 90
    book.put_text(sheet["A1"], TITLE, "Titre du document")
    sheet.row_dimensions[1].height = 30
    book.put_text(sheet["A2"], "Désignation", "En-tête")
    book.put_text(sheet["B2"], "Contenu", "En-tête")
    rows = (
        ("Marché subséquent n°", frame.marche),
        ("Accord-cadre n°", frame.accord_cadre),
        ("Objet", frame.objet),
        ("Territoire", frame.territoire),
        ("Acheteur", frame.acheteur),
        ("Date du cadre", None),
        ("Nom du candidat (à compléter par le candidat)", filling.candidat),
    )
    for row, (label, text) in enumerate(rows, 3):
        book.put_text(sheet.cell(row, 1), label, "Libellé gras")
        cell = sheet.cell(row, 2)
        if text is None:
            book.put_number(cell, frame.edition, "Date")
        elif label.startswith("Nom"):
            cell.style = "Saisie texte"
            if text:
                book.put_text(cell, text)
        else:
            book.put_text(cell, text, "Libellé")
        sheet.row_dimensions[row].height = height(text or label, 90, 24)
    book.name("MS_NUMERO", sheet["B3"])
    book.name("CANDIDAT", sheet["B9"])
    book.validate(
        sheet,
        "B9",
        kind="custom",
        formula="AND(ISTEXT(B9),LEN(B9)<=250)",
        message="Nom du candidat, en 250 signes au plus.",
    )
    set_up(book, sheet, frame, "A1:B9")


def _help(book: Workbook, frame: Frame) -> None:
    sheet = book.sheet(HELP)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 8, 124
    book.put_text(sheet["A1"], "Mode d’emploi du classeur", "Titre du document")
    sheet.row_dimensions[1].height = 30
    book.put_text(sheet["A2"], "N°", "En-tête")
    book.put_text(sheet["B2"], "Consigne", "En-tête")
    for row, text in enumerate(_INSTRUCTIONS, 3):
        book.put_number(sheet.cell(row, 1), row - 2, "Libellé")
        book.put_text(sheet.cell(row, 2), typo(text), "Libellé")
        sheet.row_dimensions[row].height = height(text, 124, 24)
    set_up(book, sheet, frame, f"A1:B{len(_INSTRUCTIONS) + 2}", "2:2")


def _lists(book: Workbook, frame: Frame) -> None:
    sheet = book.sheet(LISTS, hidden=True)
    book.put_text(sheet["A1"], "Taux de TVA")
    for row, rate in enumerate(frame.rates, 2):
        book.put_number(sheet.cell(row, 1), rate)
        sheet.cell(row, 1).number_format = "0.0%"
    book.put_text(sheet["B1"], "Livrables")
    for row, code in enumerate(frame.livrables, 2):
        book.put_text(sheet.cell(row, 2), code)
