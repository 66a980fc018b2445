"""A fourth format from the public hooks alone, in under sixty lines of Python, that checks and produces."""

# ruff: noqa: E402 - what the plugin imports stands with it, and is counted

from __future__ import annotations

import datetime as dt
import io
import tokenize
from pathlib import Path

import docx
from conftest import PluginObject

from assembler.manager import Plugins
from assembler.pipeline import Checked, Order, Request, check_dossier, produce
from assembler.readers.docx import read

TODAY = dt.date(2026, 4, 1)
CHAMPS = """
format: {libelle: Format}
intitule: {libelle: Intitulé}
duree_mois: {libelle: Durée en mois, type: mois}
"""
REGLES = """
CH-PIE-001:
  titre: Une lettre de demande est présente
  nature: technique
  gravite: bloquant
  pourquoi: Sans demande, le chantier n’a pas de porteur.
  correction: Joignez la lettre.
  reference: {texte: Guide du chantier ouvert}
  schema:
    pieces.lettre: {required: true}
  exemples:
    conforme: [{pieces: {lettre: {fichier: Lettre.pdf}}}]
    non_conforme: [{pieces: {autre: {fichier: Plan.pdf}}}]
CH-DUR-001:
  titre: Le chantier dure six mois au plus
  nature: technique
  gravite: bloquant
  pourquoi: Au-delà, la place manque aux autres.
  correction: Ramenez la durée à six mois.
  reference: {texte: Guide du chantier ouvert}
  schema:
    fiche.duree_mois: {type: mois, max: 6}
  exemples:
    conforme: [{fiche: {duree_mois: 6}}]
    non_conforme: [{fiche: {duree_mois: 7}}]
"""

# --- the plugin -------------------------------------------------------------------------------

from collections.abc import Iterable, Mapping
from typing import Any

from assembler.contributions import Case, Copy, Format, Piece, Step, Template
from assembler.fieldfiles import load_fields
from assembler.hookspecs import hookimpl
from assembler.rulefiles import load_rules


def accuse(case: Case, copy: Copy) -> Mapping[str, Any]:
    """Return the values of the receipt."""
    return {"nom": case.fiche["intitule"], "mois": case.fiche["duree_mois"]}


def chantier(root: Path) -> Format:
    """Return the format « Chantier ouvert », whose fields, rules and templates are in a folder."""
    fields = load_fields(root / "champs.yaml")
    return Format(
        id="chantier",
        title="Chantier ouvert",
        steps=(Step(id="depot", title="Dépôt"), Step(id="suivi", title="Suivi")),
        fiche=fields,
        pieces=(Piece(id="lettre", title="lettre de demande", names=(r"\blettre\b",)),),
        rules=load_rules(root / "regles", fields=fields),
        documents=(
            Template(
                id="accuse",
                step="depot",
                title="Accusé de réception",
                template=root / "accuse.docx",
                context=accuse,
                binding=True,
            ),
        ),
        detect=lambda sources: any("chantier" in source.name.lower() for source in sources),
    )


def plugin(root: Path) -> object:
    """Return what a package would be: its hooks."""

    @hookimpl
    def assembler_formats() -> Iterable[Format]:
        return [chantier(root)]

    return PluginObject(assembler_formats=assembler_formats)


# --- and what it gives ------------------------------------------------------------------------


def code_lines(source: str) -> int:
    """Count the lines that hold code: neither blank, nor comment, nor docstring."""
    silent = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    lines: set[int] = set()
    before = tokenize.NEWLINE
    for one in tokenize.generate_tokens(io.StringIO(source).readline):
        docstring = one.type == tokenize.STRING and before in silent
        if one.type not in (*silent, tokenize.ENDMARKER) and not docstring:
            lines.update(range(one.start[0], one.end[0] + 1))
        before = one.type
    return len(lines)


def dossier(root: Path, months: int, *, letter: bool = True) -> Path:
    """Write a dossier of the format."""
    folder = root / "Chantier des Lices"
    folder.mkdir(parents=True)
    text = f"format: chantier\nintitule: Chantier des Lices\nduree_mois: {months}\n"
    (folder / "dossier.yaml").write_text(text, encoding="utf-8")
    if letter:
        document = docx.Document()
        document.add_paragraph("Nous demandons un chantier ouvert.")
        document.save(str(folder / "Lettre.docx"))
    return folder


def engine(root: Path) -> Plugins:
    """Return the engine with the four formats."""
    document = docx.Document()
    document.add_paragraph("J’ai reçu votre demande pour « {{ nom }} », de {{ mois }} mois.")
    document.save(str(root / "accuse.docx"))
    (root / "champs.yaml").write_text(CHAMPS, encoding="utf-8")
    (root / "regles").mkdir()
    (root / "regles" / "pieces.yaml").write_text(REGLES, encoding="utf-8")
    return Plugins(extra={"chantier": plugin(root)})


def checked(root: Path, months: int, **given: bool) -> Checked:
    """Check a dossier of the format, with the four formats installed."""
    return check_dossier(dossier(root, months, **given), engine(root), Request(today=TODAY))


def test_it_takes_under_sixty_lines() -> None:
    whole = Path(__file__).read_text(encoding="utf-8")
    own = whole.partition("# --- the plugin")[2].partition("# --- and what it gives")[0]
    assert 20 < code_lines(own.partition("\n")[2]) < 60


def test_the_three_others_are_still_there(tmp_path: Path) -> None:
    assert sorted(engine(tmp_path).formats()) == ["chantier", "flash", "local", "thematique"]


def test_a_sound_dossier_is_conforme_and_its_document_is_made(tmp_path: Path) -> None:
    one = checked(tmp_path, 6)
    made = produce(one, Order(), TODAY)
    assert one.dossier is not None
    assert (one.dossier.format, one.report.exit_code) == ("chantier", 0)
    assert [each.name for each in made] == ["depot/accuse.docx"]
    written = tmp_path / "Chantier des Lices" / "sortie" / made[0].name
    assert "« Chantier des Lices », de 6 mois." in read(written.read_bytes()).text.replace("\u00a0", " ")


def test_its_own_rules_and_the_common_ones_judge_it(tmp_path: Path) -> None:
    one = checked(tmp_path, 8, letter=False)
    states = {rule.id: rule.etat.value for rule in one.report.regles}
    assert (states["CH-PIE-001"], states["CH-DUR-001"]) == ("non_conforme", "non_conforme")
    assert states["GEN-FIC-002"] == "conforme"
    assert [each.kind for each in produce(one, Order(), TODAY)] == ["refuse"]
