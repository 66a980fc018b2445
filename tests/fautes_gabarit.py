"""Faults planted in shipped templates, one at a time, as a desk officer might make them in Word."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

__all__ = ["FAUTES", "Faute", "planted", "with_members"]


@dataclass(frozen=True)
class Faute:
    """One fault: the document it is planted in, how, and what the doctor must say of it."""

    name: str
    document: str
    plant: Callable[[Document], None]
    kind: str
    said: str
    """Words of the message."""
    at: str = ""
    """Words of the paragraph that is named; empty: the template as a whole."""


def with_members(data: bytes, **changed: bytes) -> bytes:
    """Return a package with members added or replaced (``word__x.bin`` is ``word/x.bin``)."""
    out = io.BytesIO()
    given = {name.replace("__", "/").replace("_dot_", "."): content for name, content in changed.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in given:
                new.writestr(name, old.read(name))
        for name, content in given.items():
            new.writestr(name, content)
    return out.getvalue()


def planted(data: bytes, faute: Faute) -> bytes:
    document = docx.Document(io.BytesIO(data))
    faute.plant(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _last(document: Document) -> Paragraph:
    """Return the « formule de demande », which every letter to the desk ends with, or the last paragraph."""
    return next(
        (one for one in document.paragraphs if "suite favorable" in one.text), document.paragraphs[-1]
    )


def _added(document: Document, text: str) -> Paragraph:
    found = _last(document).insert_paragraph_before(text)
    found.style = document.styles["Normal"]
    return found


def _add(*texts: str) -> Callable[[Document], None]:
    def plant(document: Document) -> None:
        for text in texts:
            _added(document, text)

    return plant


def _swap(old: str, new: str, every: bool = False) -> Callable[[Document], None]:
    """Change a piece of text where it stands in one run."""

    def plant(document: Document) -> None:
        held = [one for one in document.element.body.iter(qn("w:t")) if old in (one.text or "")]
        assert held, f"« {old} » n’est plus dans ce gabarit"
        for one in held if every else held[:1]:
            one.text = one.text.replace(old, new)

    return plant


def _drop(*texts: str) -> Callable[[Document], None]:
    def plant(document: Document) -> None:
        for text in texts:
            one = next(one for one in document.paragraphs if text in one.text)
            one._p.getparent().remove(one._p)

    return plant


def _link(document: Document) -> None:
    """« Écrire à {{ expediteur.courriel }} », whose end Word has taken for an address."""
    paragraph = _added(document, "Écrire à {{ expediteur.")
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), "bloc_marque")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "courriel }}"
    run.append(text)
    link.append(run)
    paragraph._p.append(link)


def _field(code: str) -> Callable[[Document], None]:
    def plant(document: Document) -> None:
        paragraph = _added(document, "Dossier ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        paragraph._p.append(field)

    return plant


def _header(text: str) -> Callable[[Document], None]:
    def plant(document: Document) -> None:
        document.sections[0].footer.paragraphs[0].add_run(text)

    return plant


def _alternative(document: Document) -> None:
    """An alternative text that names what does not exist."""
    paragraph = _added(document, "Image")
    drawing = OxmlElement("w:drawing")
    anchor = OxmlElement("wp:inline")
    named: Any = OxmlElement("wp:docPr")
    named.set("id", "77")
    named.set("name", "Image")
    named.set("descr", "Carte de {{ territoire_nom }}")
    anchor.append(named)
    drawing.append(anchor)
    paragraph.add_run()._r.append(drawing)


def _rows(document: Document) -> None:
    """A loop opened in a row of one table, and closed in the next table."""
    bodies = [one for one in document.tables if "{%tr endfor %}" in one._tbl.xml]
    first, second = bodies[0], bodies[1]
    end = next(row for row in first.rows if "{%tr endfor %}" in row.cells[0].text)
    first._tbl.remove(end._tr)
    start = next(row for row in second.rows if "{%tr for" in row.cells[0].text)
    second._tbl.remove(start._tr)


def _cell(document: Document) -> None:
    """Text typed beside a tag that takes the whole row."""
    table = next(one for one in document.tables if "{%tr for" in one._tbl.xml)
    row = next(one for one in table.rows if "{%tr for" in one.cells[0].text)
    row.cells[-1].paragraphs[0].add_run("Total")


LETTRE = "courrier-prefet"

FAUTES: tuple[Faute, ...] = (
    Faute("nom mal tapé", LETTRE, _add("Dossier : {{ perimetr }}"), "variable", "« perimetre »", "Dossier"),
    Faute(
        "nom mal tapé dans un groupe",
        LETTRE,
        _add("Écrire à {{ expediteur.couriel }}"),
        "variable",
        "« expediteur.courriel »",
        "Écrire à",
    ),
    Faute(
        "nom sans son groupe",
        LETTRE,
        _add("{{ courriel }}"),
        "variable",
        "« expediteur.courriel »",
        "courriel",
    ),
    Faute(
        "nom d’un autre document de l’étape",
        LETTRE,
        _add("Durée : {{ engagement.duree }}"),
        "etape",
        "« courrier-service »",
        "Durée",
    ),
    Faute(
        "nom d’un document d’une autre étape",
        LETTRE,
        _add("Offres avant le {{ limite_offres }}"),
        "etape",
        "« Lancement et cadrage »",
        "Offres avant",
    ),
    Faute("filtre inconnu", LETTRE, _add("{{ resume | majuscul }}"), "filtre", "« majuscule »", "resume"),
    Faute("fonction inconnue", LETTRE, _add("{{ lettres(3) }}"), "filtre", "« en_lettres »", "lettres(3)"),
    Faute("balise vide", LETTRE, _add("Fait à {{ }}"), "balise", "est vide", "Fait à"),
    Faute(
        "balise jamais refermée", LETTRE, _add("Objet {{ perimetre"), "balise", "n’est pas refermée", "Objet"
    ),
    Faute(
        "une accolade oubliée", LETTRE, _add("Objet {{ perimetre }"), "balise", "n’est pas refermée", "Objet"
    ),
    Faute("balise jamais ouverte", LETTRE, _add("Objet perimetre }}"), "balise", "pas ouverte", "Objet"),
    Faute(
        "balise sur deux paragraphes",
        LETTRE,
        _add("Objet {{ perimetre", "| majuscule }}"),
        "balise",
        "paragraphe suivant",
        "Objet",
    ),
    Faute("accolades simples", LETTRE, _add("Objet { perimetre }"), "accolade", "deux accolades", "Objet"),
    Faute("accolades séparées", LETTRE, _add("Objet { { perimetre } }"), "accolade", "sans espace", "Objet"),
    Faute("balise coupée par un lien", LETTRE, _link, "balise", "coupée en deux par un lien", "Écrire à"),
    Faute(
        "guillemets français dans une balise", LETTRE, _add("{{ pj | join(« ; ») }}"), "balise", "«", "join"
    ),
    Faute(
        "condition jamais refermée",
        LETTRE,
        _add("{% if resume %}Projet décrit."),
        "bloc",
        "{% endif %}",
        "Projet décrit",
    ),
    Faute(
        "boucle jamais refermée",
        LETTRE,
        _swap("{%p endfor %}", ""),
        "bloc",
        "{%p endfor %}",
        "un in objectifs",
    ),
    Faute("condition jamais ouverte", LETTRE, _add("Fin.{% endif %}"), "bloc", "n’est pas ouverte", "Fin."),
    Faute(
        "boucle et condition croisées",
        LETTRE,
        _add("{% for un in pj %}{% if un %}{{ un }}{% endfor %}{% endif %}"),
        "bloc",
        "ouverte après",
        "for un in pj",
    ),
    Faute(
        "condition à cheval sur deux paragraphes",
        LETTRE,
        _add("{% if resume %}Un.", "Deux.{% endif %}"),
        "bloc",
        "dans un autre paragraphe",
        "Deux.",
    ),
    Faute(
        "« sinon » sans condition",
        LETTRE,
        _add("Un{% else %}deux"),
        "bloc",
        "aucune condition",
        "Un{% else %}",
    ),
    Faute("boucle d’un tableau à l’autre", "cctp", _rows, "bloc", "commence ailleurs", "{%tr endfor %}"),
    Faute(
        "boucle ouverte et fermée autrement",
        LETTRE,
        _swap("{%p for un", "{% for un"),
        "bloc",
        "toutes deux",
        "",
    ),
    Faute("préfixe détaché", LETTRE, _add("{% p if resume %}"), "balise", "collez « p »", "p if resume"),
    Faute("texte à côté de {%p", LETTRE, _add("Voir {{p resume }} ci-joint"), "place", "seule dans", "Voir"),
    Faute("texte à côté de {%tr", "cctp", _cell, "place", "seule dans sa ligne", "{%tr for"),
    Faute(
        "liste imprimée telle quelle",
        LETTRE,
        _add("Objectifs : {{ objectifs }}"),
        "type",
        "liste",
        "Objectifs :",
    ),
    Faute("groupe imprimé tel quel", LETTRE, _add("Par {{ service }}"), "type", "groupe", "Par"),
    Faute(
        "oui ou non imprimé tel quel",
        "courrier-service",
        _add("Écrêté : {{ engagement.ecrete }}"),
        "type",
        "oui ou non",
        "Écrêté",
    ),
    Faute(
        "nombre décimal imprimé tel quel",
        "lettre-rejet",
        _add("Sur {{ note_max }}"),
        "type",
        "décimal",
        "Sur",
    ),
    Faute("filtre d’un autre type", LETTRE, _add("{{ resume | montant }}"), "type", "« montant »", "montant"),
    Faute(
        "champ d’une liste hors de sa boucle",
        "cctp",
        _add("{{ acteurs.nom }}"),
        "variable",
        "boucle",
        "acteurs",
    ),
    Faute(
        "extrait dans une phrase", "cctp", _add("Objet : {{ note.objet.fragment }}"), "type", "{{p", "Objet :"
    ),
    Faute(
        "balise dans un champ de Word",
        LETTRE,
        _field("DOCPROPERTY {{ perimetre }}"),
        "champ",
        "champ",
        "Dossier",
    ),
    Faute("champ de publipostage", LETTRE, _field("MERGEFIELD nom"), "champ", "MERGEFIELD", "Dossier"),
    Faute("appel à un autre fichier", LETTRE, _add("{% include 'x.docx' %}"), "droit", "include", "x.docx"),
    Faute(
        "nom inconnu au pied de page",
        LETTRE,
        _header("{{ pied_page }}"),
        "variable",
        "pied_page",
        "pied_page",
    ),
    Faute(
        "nom inconnu dans un texte de remplacement",
        LETTRE,
        _alternative,
        "variable",
        "territoire_nom",
        "Carte de",
    ),
    Faute(
        "champ obligatoire oublié",
        LETTRE,
        _drop("signature.nom"),
        "oubli",
        "« signature.nom »",
    ),
    Faute("parenthèse oubliée", LETTRE, _add("{{ en_lettres(3 }}"), "balise", "mal écrite", "en_lettres"),
)
