"""Checks on the fiche as a file and on the files of the dossier (GEN-FIC, GEN-PIE)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, SupportsFloat

from assembler_plugins.commun.faits import absent, file_of, items, mute, pieces, refused

from assembler.model import Frozen, Location, Observation, State, dig

__all__ = [
    "candidat_unique",
    "fautes",
    "fiche_presente",
    "fichiers_ouvrables",
    "fichiers_reclames",
    "formats_actuels",
    "formes_concordantes",
    "noms_acceptables",
    "noms_parlants",
    "pieces_inertes",
    "pieces_rangees",
    "pieces_saines",
    "pieces_textuelles",
    "sans_trace",
    "sortie_nette",
]

_SIGNATURE_FILES = (".p7s", ".p7m", ".xml", ".xades", ".sig")
_UNCLAIMED = "Ce fichier n’a été reconnu comme aucune pièce."
_OFFICE = (".docx", ".doc", ".odt", ".pdf", ".xlsx", ".xls", ".ods", ".rtf")

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])", re.IGNORECASE)
_FORBIDDEN = re.compile(
    r'[<>:"|?*\\\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]'
)


def _files(facts: Frozen) -> list[Mapping[str, Any]]:
    return [file for _, file in items(facts, "dossier.fichiers")]


# --- the fiche -------------------------------------------------------------------------------


def fautes(facts: Frozen, *, nature: str) -> Iterator[Observation]:
    """Report the faults of the fiche of one kind: ``lecture``, ``type``, ``champ``, ``format`` or ``vide``.

    A second fiche is a fault of kind ``lecture``.
    """
    found = [fault for _, fault in items(facts, "dossier.fautes") if fault.get("kind") == nature]
    if not found and not dig(facts, "dossier.fiches", ()):
        yield absent("GEN-FIC-005")
    for fault in found:
        field, line, file = fault.get("champ"), fault.get("ligne"), fault.get("fichier")
        sheet, cell = fault.get("feuille"), fault.get("cellule")
        told = (
            file,
            f"ligne {line}" if line else None,
            f"feuille « {sheet} »" if sheet else None,
            f"cellule {cell}" if cell else None,
            f"champ « {field} »" if field and not cell else None,
        )
        where = Location(
            fichier=file,
            champ=field,
            ligne=line,
            feuille=sheet,
            cellule=cell,
            libelle=", ".join(text for text in told if text),
        )
        yield refused(
            str(fault.get("message", "")), f"fiche.{field}" if field else None, fault.get("valeur"), where
        )


def fiche_presente(facts: Frozen) -> Iterator[Observation]:
    """Report that there is no fiche."""
    if dig(facts, "dossier.avec_fiche") is False:
        yield absent("Les dossiers de ce format n’ont pas de fiche.")
    elif not dig(facts, "dossier.fiches", ()):
        yield refused("Le dossier n’a pas de fiche : ce qu’elle seule dirait n’a pas été contrôlé.")


# --- the files -------------------------------------------------------------------------------


def pieces_saines(facts: Frozen, *, defaut: str, sauf: Sequence[str] = ()) -> Iterator[Observation]:
    """Report the recognised pieces that bear one defect: vide, nature, protege or illisible.

    Whether a piece whose reader overran its limits opens, or needs a password, is not known; nor what a
    folder that does not open holds.

    Args:
        facts: the facts.
        defaut: the defect.
        sauf: ids of pieces that may be of a nature that is not read, provided that it is truly named.
    """
    claimed = [file for file in _files(facts) if file.get("piece")]
    if not claimed:
        yield absent("Aucun fichier n’a été reconnu comme une pièce.")
    for folder in dig(facts, "dossier.dossiers_non_lus", ()) if defaut == "illisible" else ():
        told = f"Le dossier « {folder} » n’a pas pu être lu : ce qu’il contient n’est pas contrôlé."
        yield Observation(state=State.NON_VERIFIE, message=told)
    for file in claimed:
        message = str(file.get("explication") or "Le fichier ne peut pas être lu.")
        if file.get("defaut") == "depassement" and defaut in ("illisible", "protege"):
            yield Observation(state=State.NON_VERIFIE, message=message, location=file_of(file))
        elif file.get("defaut") == defaut and not (file["piece"] in sauf and _truly_named(file)):
            yield refused(message, value=file.get("nature"), where=file_of(file))


def _truly_named(file: Mapping[str, Any]) -> bool:
    suffix = PurePosixPath(str(file.get("fichier"))).suffix.lower().lstrip(".")
    return file.get("nature") == {"jpeg": "jpg", "tif": "tiff"}.get(suffix, suffix)


def pieces_textuelles(facts: Frozen, *, sauf: Sequence[str] = ()) -> Iterator[Observation]:
    """List what the eye must look at in pieces that are images; ``sauf``: ids that may be."""
    read = [(path, one) for path, one in pieces(facts) if path.split(".")[1] not in sauf]
    if not read:
        yield absent("Aucune pièce lisible à examiner.")
    for path, one in read:
        if one.get("ocr"):
            yield refused(
                "La pièce est une image, dont le texte a été lu par reconnaissance de caractères, qui peut "
                "se tromper : regardez à l’œil la signature, et relisez ce qui décide (dates, durées).",
                path,
                one.get("forme"),
                file_of(one),
            )
        elif mute(one):
            yield refused(
                "La pièce est une image, sans texte : relisez à l’œil la date, "
                "le destinataire, le signataire, la signature, l’objet et, s’il y en a, les durées "
                "et les rubriques.",
                path,
                one.get("forme"),
                file_of(one),
            )


def fichiers_reclames(facts: Frozen) -> Iterator[Observation]:
    """Name the files that no piece claims; the detached signature of a claimed file is part of it."""
    names = {file.get("fichier") for file in _files(facts) if file.get("piece")}
    stems = {str(PurePosixPath(str(name)).with_suffix("")) for name in names}
    for file in _files(facts):
        path = PurePosixPath(str(file.get("fichier")))
        stem = str(path.with_suffix(""))
        detached = path.suffix.lower() in _SIGNATURE_FILES and (stem in names or stem in stems)
        if not file.get("piece") and not detached:
            packed = path.suffix.lower() == ".zip"
            told = (
                "Ce zip n’est pas lu à l’intérieur d’un dossier : décompressez-le." if packed else _UNCLAIMED
            )
            yield refused(told, where=file_of(file))


def fichiers_ouvrables(facts: Frozen) -> Iterator[Observation]:
    """Name the files that no piece claims and that do not open."""
    unclaimed = [file for file in _files(facts) if not file.get("piece")]
    if not unclaimed:
        yield absent("Tous les fichiers ont été reconnus comme des pièces.")
    for file in unclaimed:
        name, defect = str(file.get("fichier")), file.get("defaut")
        # A film or an image is no document; a text named .docx is one that does not open.
        if defect and (defect != "nature" or (name.lower().endswith(_OFFICE) and not _truly_named(file))):
            yield refused(str(file.get("explication") or "Ce fichier ne s’ouvre pas."), where=file_of(file))


def noms_parlants(facts: Frozen) -> Iterator[Observation]:
    """Name the pieces that only their content told: their name says nothing, or something else."""
    claimed = [file for file in _files(facts) if file.get("piece")]
    if not claimed:
        yield absent("Aucun fichier n’a été reconnu comme une pièce.")
    for file in claimed:
        if file.get("reconnu_par") == "contenu":
            yield refused("Le nom du fichier ne dit pas ce qu’est la pièce.", where=file_of(file))


def candidat_unique(facts: Frozen) -> Iterator[Observation]:
    """Report the single pieces for which several files stand."""
    for piece, names in dig(facts, "dossier.ambigus", {}).items():
        listed = ", ".join(f"« {name} »" for name in names)
        yield refused(
            f"Plusieurs fichiers peuvent être la même pièce : {listed}.",
            value=tuple(names),
            where=Location(piece=piece, fichier=names[0] if names else None, libelle=listed),
        )


def noms_acceptables(facts: Frozen, *, longueur: int = 200) -> Iterator[Observation]:
    """Report the names that a Windows share refuses or confuses; ``longueur`` bounds the whole path."""
    seen: dict[str, str] = {}
    for file in _files(facts):
        name = str(file.get("fichier"))
        for reason in _name_faults(name, longueur):
            yield refused(f"{reason[:1].upper()}{reason[1:]}.", where=file_of(file))
        key = unicodedata.normalize("NFC", name).casefold()
        if key in seen:
            yield refused(
                f"« {name} » et « {seen[key]} » ne diffèrent que par les majuscules ou par l’écriture "
                "des accents : un partage Windows n’en garde qu’un.",
                where=file_of(file),
            )
        seen.setdefault(key, name)


def _name_faults(name: str, length: int) -> Iterator[str]:
    if len(name.encode("utf-16-le", "surrogatepass")) // 2 > length:
        yield f"le nom, dossiers compris, dépasse {length} caractères"
    for part in name.split("/"):
        if _RESERVED.fullmatch(part.split(".")[0].rstrip(" ")):
            yield f"« {part} » est un nom réservé de Windows"
        if part != part.rstrip(". "):
            yield "un nom ne finit ni par un point ni par une espace"
        if _FORBIDDEN.search(part):
            yield 'un nom ne contient ni < > : " | ? * \\ ni caractère de commande'


def pieces_rangees(facts: Frozen) -> Iterator[Observation]:
    """Report the pieces that lie elsewhere than in the folder where their format wants them."""
    placed = [file for file in _files(facts) if file.get("attendu_dans")]
    if not placed:
        yield absent("Aucune pièce du dossier n’a de place imposée.")
    for file in placed:
        if file.get("bien_range") is False:
            wanted = " ou ".join(f"« {one} »" for one in file["attendu_dans"])
            yield refused(
                f"Cette pièce n’est pas à sa place : on l’attend dans {wanted}.", where=file_of(file)
            )


def pieces_inertes(facts: Frozen) -> Iterator[Observation]:
    """Report macros, embedded executables and linked data in the files of the dossier."""
    for file in _files(facts):
        if file.get("macros"):
            yield refused(
                "Le fichier contient des macros ou un programme.",
                value=file["macros"],
                where=file_of(file),
            )
        if file.get("objets_lies"):
            yield refused(
                "Le fichier est lié à des données extérieures, qui ne suivront pas.",
                value=file["objets_lies"],
                where=file_of(file),
            )


def formats_actuels(facts: Frozen, *, anciens: Mapping[str, str]) -> Iterator[Observation]:
    """Report the files of an old format, saying whether they could be read.

    Args:
        facts: the facts.
        anciens: by old nature, the one to save it as.
    """
    for file in _files(facts):
        old = str(file.get("nature"))
        if old not in anciens:
            continue
        told = (
            "n’a pas été lu"
            if file.get("defaut") in ("nature", "illisible", "depassement") and not file.get("forme")
            else "a été converti par LibreOffice pour être lu"
        )
        yield refused(
            f"Ce fichier d’un ancien format (.{old}) {told} : enregistrez-le en .{anciens[old]}.",
            value=old,
            where=file_of(file),
        )


def sans_trace(facts: Frozen) -> Iterator[Observation]:
    """Report tracked changes and comments left in the pieces."""
    claimed = [file for file in _files(facts) if file.get("piece")]
    if not claimed:
        yield absent("Aucun fichier n’a été reconnu comme une pièce.")
    for file in claimed:
        left = [
            f"{file[key]} {one if file[key] == 1 else many}"
            for key, one, many in (
                ("revisions", "modification suivie", "modifications suivies"),
                ("commentaires", "commentaire", "commentaires"),
            )
            if file.get(key)
        ]
        if left:
            yield refused(f"Le fichier garde {' et '.join(left)}.", where=file_of(file))


def formes_concordantes(facts: Frozen, *, seuil: SupportsFloat) -> Iterator[Observation]:
    """Compare the two forms of a piece: their words (``formes_ecart``), and what they count.

    Args:
        facts: the facts.
        seuil: likeness of the texts, 0 to 1, under which the forms are said to differ.
    """
    compared = [(path, one) for path, one in pieces(facts) if one.get("formes_ecart") is not None]
    if not compared:
        yield absent("Aucune pièce n’est présente sous deux formes lisibles.")
    for path, one in compared:
        likeness, differences = float(one["formes_ecart"]), one.get("formes_differences") or ()
        if differences:
            told = " ; ".join(map(str, differences))
        elif likeness < float(seuil):
            told = f"{likeness:.0%} du texte en commun".replace("%", " %")
        else:
            continue
        message = f"Le fichier et sa forme PDF ne disent pas la même chose ({told})."
        yield refused(message, path, one["formes_ecart"], file_of(one))


def sortie_nette(facts: Frozen) -> Iterator[Observation]:
    """Report the expected pieces left in the folder of what the tool produces."""
    for _, file in items(facts, "dossier.sortie"):
        yield refused(
            "Cette pièce se trouve dans sortie/, où les pièces ne sont pas lues : "
            "déplacez-la dans le dossier.",
            where=file_of(file),
        )
