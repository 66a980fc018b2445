"""The extract of the bordereau des prix: what each titulaire consulted may charge, for the buyer alone.

The prices are those of the desk's reference file, locked; none is invented. The bordereau of a
titulaire is no business of the others: this file never goes to bidders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assembler_plugins.commun.exigences import exiger
from assembler_plugins.commun.lettres import chef_de_file
from assembler_plugins.commun.marche.accord import accord_cadre, mandataires, memes
from assembler_plugins.commun.marche.dpgf import IDENTITE
from assembler_plugins.commun.marche.titulaires import consultes

from assembler.contributions import Case, Copy
from assembler.errors import WritingError
from assembler.french import arrondi, date_courte, pluriel, typo
from assembler.model import dig

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from assembler.rendering.lettres import WordsSheet
    from assembler.rendering.xlsx import Workbook

__all__ = ["extrait_bordereau", "sans_bordereau"]

Lignes = Sequence[Mapping[str, Any]]

_INTERNE = "Document interne à l’acheteur, à ne pas remettre aux candidats"
_TITRE = "Extrait du bordereau des prix de l’accord-cadre"
_REGLES = {
    "plafond": "Les prix du marché subséquent ne dépassent pas ceux du bordereau de chaque titulaire.",
    "identique": "Les prix du marché subséquent sont ceux du bordereau de chaque titulaire.",
    "libre": "Les prix du marché subséquent ne sont pas liés à ceux du bordereau.",
}
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_TITLE = 31
"""Signs that the name of a sheet can hold."""


def _par_titulaire(case: Case) -> dict[str, Lignes]:
    """Return the prices of the titulaires consulted (of all, before they are named), by mandataire."""
    accord = accord_cadre(case)
    lot = dig(case.fiche, "marche.lot")
    names = consultes(case) or [typo(str(one["mandataire"])) for one in mandataires(accord, lot)]
    rows: Lignes = accord["bordereau"] or ()
    return {name: [row for row in rows if memes(row["titulaire"], name)] for name in dict.fromkeys(names)}


def sans_bordereau(case: Case) -> str | None:
    """Return why there is nothing to extract, or None."""
    if dig(case.dossier.facts, "referentiels.accord_cadre") is None:
        told = dig(case.dossier.facts, "dossier.referentiels.accord_cadre.motif")
        return str(told or "le fichier de l’accord-cadre n’a pas été trouvé")
    if not accord_cadre(case)["bordereau"]:
        return "le fichier de l’accord-cadre ne donne pas de bordereau des prix"
    if not any(_par_titulaire(case).values()):
        return "le bordereau des prix ne nomme aucun des titulaires consultés"
    return None


def extrait_bordereau(case: Case, copy: Copy) -> bytes:
    """Return the workbook: a cover, then a sheet for each titulaire, all locked."""
    del copy  # one file, for the buyer
    from assembler.rendering.lettres import WordsSheet
    from assembler.rendering.xlsx import Workbook

    exiger("extrait-bordereau-prix", case.fiche, IDENTITE)
    prices = _par_titulaire(case)
    numero = str(dig(case.fiche, "marche.numero"))
    book = Workbook(
        title=f"{_TITRE} – {typo(str(case.fiche['intitule'] or ''))}".rstrip(" –"),
        subject=f"Marché subséquent n° {numero}. {_INTERNE}",
        author=str(chef_de_file(case.fiche).get("nom") or ""),
        edition=case.edition,
    )
    cover = book.sheet("Page de garde")
    sheets = {name: book.sheet(title) for name, title in _titles(prices).items()}
    letters = WordsSheet(book)
    _cover(book, cover, case, prices)
    for name, sheet in sheets.items():
        _prices(book, sheet, name, prices[name], letters)
    widths = {cover.title: "B", **{sheet.title: "E" for sheet in sheets.values()}}
    for sheet in (cover, *sheets.values()):
        book.print_setup(
            sheet,
            left=f"Marché subséquent n° {numero}",
            right=_INTERNE,
            version=f"Extrait du {date_courte(case.edition)}",
            area=f"A1:{widths[sheet.title]}{sheet.max_row}",
            header_rows=None if sheet is cover else "4:4",
            signed=False,
        )
    book.protect()
    book.book.active = 0
    return book.finish()


def _titles(names: Mapping[str, Any]) -> dict[str, str]:
    """Return the name of each titulaire's sheet: its own, as far as a sheet can bear it, each once."""
    found: dict[str, str] = {}
    taken = {"page de garde", "_lettres"}
    for rank, name in enumerate(names, 1):
        title = " ".join(name.translate(_FORBIDDEN).split())[:_TITLE].strip() or f"Titulaire {rank}"
        if title.casefold() in taken:
            title = f"{title[: _TITLE - 4].strip()} ({rank})"
        found[name] = title
        taken.add(title.casefold())
    return found


def _cover(book: Workbook, sheet: Worksheet, case: Case, prices: Mapping[str, Lignes]) -> None:
    accord = accord_cadre(case)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 42, 90
    book.put_text(sheet["A1"], _TITRE, "Titre du document")
    book.put_text(sheet["A2"], _INTERNE, "Ligne de titre")
    for column, text in enumerate(("Désignation", "Contenu"), 1):
        book.put_text(sheet.cell(3, column), text, "En-tête")
    rows = [
        ("Marché subséquent n°", dig(case.fiche, "marche.numero")),
        ("Accord-cadre n°", accord["numero"]),
        ("Intitulé de l’accord-cadre", accord["intitule"]),
        ("Objet du marché subséquent", case.fiche["intitule"]),
        ("Prix du marché subséquent", _REGLES.get(accord["regle_prix"] or "")),
        ("Fichier de l’accord-cadre", dig(case.dossier.facts, "dossier.referentiels.accord_cadre.fichier")),
        *(
            (f"Titulaire : {name}", pluriel(len(rows), "prix", "prix") if rows else "aucun")
            for name, rows in prices.items()
        ),
    ]
    for row, (label, text) in enumerate(((label, text) for label, text in rows if text), 4):
        book.put_text(sheet.cell(row, 1), typo(label), "Libellé gras")
        book.put_text(sheet.cell(row, 2), typo(str(text)), "Libellé")
        sheet.row_dimensions[row].height = 24
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 30, 24


def _prices(book: Workbook, sheet: Worksheet, name: str, rows: Lignes, letters: WordsSheet) -> None:
    from assembler_plugins.commun.marche.dpgf_mise_en_page import head, height

    for letter, width in {"A": 9, "B": 60, "C": 14, "D": 18, "E": 52}.items():
        sheet.column_dimensions[letter].width = width
    head(
        book,
        sheet,
        4,
        (
            f"Bordereau des prix – {name}",
            _INTERNE,
            "Prix en euros hors taxes, repris du fichier de l’accord-cadre"
            if rows
            else "Le fichier de l’accord-cadre ne donne aucun prix pour ce titulaire",
        ),
        ("N° de prix", "Désignation et consistance de la prestation", "Unité", "Prix unitaire HT (€)",
         "Prix unitaire HT en toutes lettres"),
        32,
    )  # fmt: skip
    where = f"'{sheet.title}'!$D${{}}"
    for at, row in enumerate(rows, 5):
        price = row["prix_ht"]
        for column, key in enumerate(("numero", "designation", "unite"), 1):
            book.put_text(sheet.cell(at, column), typo(str(row[key] or "")), "Libellé")
        if price is None:
            book.put_text(sheet.cell(at, 4), "non renseigné", "Libellé")
        elif price < 0 or price != arrondi(price):
            raise WritingError(
                f"extrait-bordereau-prix : le prix {row['numero']} de {name} ({price}) n’est pas un montant "
                "en euros et centimes ; corrigez-le dans le fichier de l’accord-cadre."
            )
        else:
            book.put_number(sheet.cell(at, 4), price, "Montant")
        letters.put(sheet.cell(at, 5), where.format(at), price, "Libellé")
        sheet.row_dimensions[at].height = height(str(row["designation"] or ""), 60, 32)
    sheet.freeze_panes = "A5"
