"""Commands on dossiers: check them, make their documents, note what was seen."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from assembler.cli.asking import (
    checked_dossiers,
    dossiers_argument,
    edition_option,
    fichier_option,
    flat,
    gabarits_option,
    judging_options,
    malgre_option,
    order_of,
    plugin_options,
    rapport_option,
    remplacer_option,
    request_of,
    say,
    say_lines,
    sortie_option,
    with_options,
    worst,
)
from assembler.cli.root import assemble
from assembler.usage import FrenchCommand

if TYPE_CHECKING:
    from assembler.manager import Plugins
    from assembler.pipeline import Checked, Made

__all__: list[str] = []

_annoter = click.option(
    "--annoter",
    "annotated",
    is_flag=True,
    help="Écrit aussi une copie des pièces Word (.docx), avec les constats en commentaires.",
)


def _also(_context: click.Context, _option: click.Parameter, text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    from assembler.copies import FORMATS
    from assembler.errors import UsageError

    wanted = tuple(one.strip().lower() for one in text.split(","))
    for one in wanted:
        if one not in FORMATS:
            raise UsageError(f"--aussi : « {one} » n’existe pas. Formats : {', '.join(FORMATS)}.")
    return wanted


_writing = (
    click.option("--documents", metavar="ID,…", help="Seulement ces documents."),
    sortie_option,
    click.option(
        "--aussi", "also", metavar="F,…", callback=_also, help="Aussi en pdf, odt ou ods, par LibreOffice."
    ),
    edition_option,
    gabarits_option,
    click.option("--apercu", "preview", is_flag=True, help="Dit ce qui serait produit, sans rien écrire."),
    remplacer_option,
    malgre_option,
)


@assemble.command("tout", cls=FrenchCommand, hidden=True)
@with_options(
    (
        dossiers_argument,
        *judging_options,
        rapport_option,
        fichier_option,
        plugin_options,
        *_writing,
    )
)
def everything(dossiers: tuple[str, ...], rapport: str, file: str | None, **given: Any) -> int:
    """Contrôle, puis produit les documents de l’étape."""
    _refuse_mistyped(dossiers[0])
    plugins, checked = checked_dossiers(dossiers, given)
    _report(plugins, checked, rapport, file, "assemble")
    codes = [one.report.exit_code for one in checked]
    codes += _produce(plugins, checked, given, "assemble", quiet=rapport != "texte" and file is None)
    return worst(codes)


@assemble.command("controler", cls=FrenchCommand)
@with_options(
    (
        dossiers_argument,
        *judging_options,
        rapport_option,
        fichier_option,
        _annoter,
        plugin_options,
    )
)
def check_command(
    dossiers: tuple[str, ...], rapport: str, file: str | None, annotated: bool, **given: Any
) -> int:
    """Contrôle un ou plusieurs dossiers, sans produire de document."""
    plugins, checked = checked_dossiers(dossiers, given)
    _report(plugins, checked, rapport, file, "assemble controler")
    codes = [one.report.exit_code for one in checked]
    if annotated:
        # a report on the standard output is for another program: what is said of the copies goes beside it
        aside = rapport != "texte" and file is None
        codes += [_annotated(one, given, aside) for one in checked if one.dossier is not None]
    return worst(codes)


@assemble.command("produire", cls=FrenchCommand)
@with_options(
    (
        dossiers_argument,
        *judging_options,
        plugin_options,
        *_writing,
    )
)
def produce_command(dossiers: tuple[str, ...], **given: Any) -> int:
    """Produit les documents de l’étape dans sortie/."""
    plugins, checked = checked_dossiers(dossiers, given)
    codes = []
    for one in checked:
        if one.dossier is None:
            say(f"Rien à produire : {flat(one.report.erreur)}", err=True)
            codes.append(one.report.exit_code)
    some = [one for one in checked if one.dossier is not None]
    return worst([*codes, *_produce(plugins, some, given, "assemble produire", alone=True)])


@assemble.command("viser", cls=FrenchCommand)
@click.argument("dossier", metavar="DOSSIER")
@click.argument("regle", metavar="REGLE")
@click.option("--par", "who", required=True, metavar="NOM", help="Qui a regardé.")
@click.option("--constat", "seen", required=True, metavar="TEXTE", help="Ce qui a été vu.")
@with_options((*judging_options, plugin_options))
def endorse(dossier: str, regle: str, who: str, seen: str, **given: Any) -> int:
    """Note qu’une personne a vu ce que seul l’œil pouvait juger."""
    from assembler.endorsing import endorse as record
    from assembler.errors import UsageError

    if not who.strip() or not seen.strip():
        raise UsageError("--par et --constat ne peuvent pas être vides.")
    _, (checked,) = checked_dossiers((dossier,), given)
    if checked.dossier is None:
        say(f"Rien à viser : {flat(checked.report.erreur)}", err=True)
        return checked.report.exit_code
    visas = record(checked, regle.upper(), who.strip(), seen.strip(), request_of(given).today)
    for visa in visas:
        say(flat(f"{visa.regle} visée par {visa.par} : {visa.fichier or 'tout le dossier'}."))
    say("Le visa tombe si le fichier change. Relancez « assemble controler ».")
    return 0


def _refuse_mistyped(word: str) -> None:
    """Refuse « contrôler » for « controler »: taken for a dossier, it would make us write into the next."""
    from pathlib import Path

    from assembler.errors import UsageError

    near = assemble.near(word)
    if near and not Path(word).exists():
        raise UsageError(f"« {word} » n’existe pas : vouliez-vous dire la commande « {near} » ?")


def _report(plugins: Plugins, checked: Sequence[Checked], name: str, file: str | None, command: str) -> None:
    from pathlib import Path

    from assembler.errors import UsageError
    from assembler.reporters import built_in

    reporters = {**plugins.reporters(), **built_in()}
    if name not in reporters:
        raise UsageError(f"--rapport : « {name} » n’existe pas. Rapports : {', '.join(reporters)}.")
    content = reporters[name].render([one.report for one in checked])
    if file:
        from assembler.reportfile import write_report
        from assembler.speaking import verdict_lines

        folders = [one.folder for one in checked if one.folder is not None]
        write_report(Path(file), content, [(one.root, one.output) for one in folders])
        say_lines(verdict_lines([one.report for one in checked]))
        say(f"Rapport écrit : {file}")
        _note_report(checked, Path(file).name, content, command)
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"--rapport {name} fait un classeur : dites où l’écrire, avec --fichier.") from None
    say(text.rstrip("\n"))


def _note_report(checked: Sequence[Checked], name: str, content: bytes, command: str) -> None:
    """Add the line of a report to the journal of each dossier where something has been made."""
    from hashlib import sha256

    from assembler import __version__
    from assembler.errors import WritingError
    from assembler.writing import add_to_journal

    written = {"nom": name, "sha256": sha256(content).hexdigest()}
    for one in checked:
        if one.folder is None or not one.folder.output.is_dir():
            continue
        try:
            add_to_journal(
                one.folder.output,
                command=command,
                version=__version__,
                regles=one.fingerprint(),
                rapport=written,
            )
        except WritingError as error:  # a folder that is only read: its report stands elsewhere
            say(flat(f"Le journal n’est pas tenu : {error}"), err=True)


def _produce(
    plugins: Plugins,
    checked: Sequence[Checked],
    given: dict[str, Any],
    command: str,
    *,
    quiet: bool = False,
    alone: bool = False,
) -> list[int]:
    """Make the documents and say what became of them; ``alone``: nothing was said before."""
    from assembler.owntemplates import OwnTemplates
    from assembler.pipeline import produce_all

    def converting() -> None:
        if sys.stderr.isatty():
            say("\nConversion par LibreOffice…", err=True)

    order = order_of(plugins, given, command)
    made = produce_all(checked, order, request_of(given).today, converting)
    codes = [
        _told(one, some, given, quiet, "" if alone and not rank else "\n")
        for rank, (one, some) in enumerate(made)
    ]
    for name in order.own.unused() if isinstance(order.own, OwnTemplates) else ():
        kind = "" if name.lower().endswith((".docx", ".dotx")) else " : enregistrez-le au format .docx"
        say(flat(f"Gabarits du bureau : « {name} » n’est le gabarit d’aucun document{kind}."), err=True)
    return codes


def _told(checked: Checked, made: Sequence[Made], given: dict[str, Any], quiet: bool, lead: str) -> int:
    from assembler.speaking import made_line

    if checked.folder is None:
        return 0
    failed = [one for one in made if one.exit_code]
    copies = any(one.copy for one in made)
    if not quiet and not (copies and len(failed) == len(made)):
        what = "Copies" if copies else "Documents"
        where = given["output"] or checked.folder.output
        say(f"{lead}{what} dans {flat(where)}" if made else f"{lead}Aucun document à cette étape.")
    for one in made:
        if not quiet or one in failed:
            say(made_line(one), err=bool(one.exit_code))
    return worst([one.exit_code for one in made])


def _annotated(checked: Checked, given: dict[str, Any], aside: bool) -> int:
    """Write the annotated copies of a dossier, and say so."""
    from assembler.annotation import annotate_pieces
    from assembler.speaking import made_line

    made = annotate_pieces(checked, request_of(given).today)
    where = checked.folder.output if checked.folder else ""
    if not any(one.kind != "sans_objet" for one in made):
        say("\nAucune pièce à annoter : aucun constat ne porte sur une pièce Word (.docx).", err=aside)
    else:
        say(f"\nCopies annotées dans {flat(where)} (les pièces ne sont pas modifiées)", err=aside)
    for one in made:
        say(made_line(one), err=aside or bool(one.exit_code))
    return worst([one.exit_code for one in made])
