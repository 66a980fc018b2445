"""Commands that make something to send, to fill in or to reread: sealed zips, new files, templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from assembler.cli.asking import (
    checked_dossiers,
    edition_option,
    etape_option,
    flat,
    format_option,
    gabarits_option,
    judging_options,
    malgre_option,
    order_of,
    plugin_options,
    plugins_of,
    remplacer_option,
    request_of,
    say,
    say_lines,
    sortie_option,
    wildcards,
    with_options,
    worst,
)
from assembler.cli.root import assemble
from assembler.usage import FrenchCommand

if TYPE_CHECKING:
    from pathlib import Path

    from assembler.manager import Plugins

__all__: list[str] = []


@assemble.command("sceller", cls=FrenchCommand)
@click.argument("dossier", metavar="DOSSIER")
@with_options(
    (
        *judging_options,
        plugin_options,
        sortie_option,
        edition_option,
        gabarits_option,
        remplacer_option,
        malgre_option,
    )
)
def seal_command(dossier: str, **given: Any) -> int:
    """Fait le zip à envoyer, avec la fiche qui dit ce qui a été contrôlé."""
    from assembler.sealing import seal
    from assembler.speaking import made_line, sealed_lines

    plugins, (checked,) = checked_dossiers((dossier,), given)
    if checked.dossier is None or checked.folder is None:
        say(f"Rien à sceller : {flat(checked.report.erreur)}", err=True)
        return checked.report.exit_code
    order = order_of(plugins, {"documents": None, "preview": False, "also": (), **given}, "assemble sceller")
    sealed = seal(checked, order, request_of(given).today)
    failed = any(one.exit_code for one in sealed.made)
    if not failed:
        say(f"Zip à envoyer, dans {flat(order.output or checked.folder.output)}")
    for one in sealed.made:
        if not failed or one.exit_code:
            say(made_line(one), err=bool(one.exit_code))
    if not failed:
        say_lines(sealed_lines(checked.report, sealed.notes))
    return worst([one.exit_code for one in sealed.made])


@assemble.command("nouveau", cls=FrenchCommand)
@click.argument("what", metavar="FORMAT|FICHIER")
@click.argument("target", metavar="CHEMIN")
@with_options((etape_option,))
@click.option("--commune", multiple=True, metavar="NOM|CODE", help="Commune du dossier ; remplit les codes.")
@click.option("--epci", multiple=True, metavar="NOM|SIREN", help="EPCI du dossier ; remplit les codes.")
@click.option("--yaml", "as_text", is_flag=True, help="Une fiche en texte (dossier.yaml), non en classeur.")
@with_options((gabarits_option, plugin_options))
def new_command(what: str, target: str, without: tuple[str, ...], **given: Any) -> int:
    """Prépare un dossier (« nouveau local DOSSIER ») ou un fichier vierge.

    FORMAT : un dossier prêt à remplir ; s’il existe, rien n’y est modifié.
    FICHIER : accord-cadre… (.yaml, ou .xlsx).
    """
    from pathlib import Path

    from assembler.errors import UsageError
    from assembler.newfiles import create

    plugins = plugins_of(without)
    if what in plugins.formats():
        return _start(plugins, what, Path(target), given)
    if any(given.values()):
        raise UsageError(f"« {what} » n’est pas un format : les options ne valent que pour un dossier.")
    made = create(plugins, what, Path(target))
    say(flat(f"Écrit : {made}. Complétez-le ; son en-tête dit où le ranger."))
    return 0


def _start(plugins: Plugins, format_id: str, folder: Path, given: dict[str, Any]) -> int:
    from pathlib import Path

    from assembler.owntemplates import OwnTemplates
    from assembler.speaking import started_lines
    from assembler.starting import start

    today = request_of({}).today
    done = start(
        plugins,
        plugins.formats()[format_id],
        folder,
        today,
        step=given["etape"],
        given={"commune": given["commune"], "epci": given["epci"]},
        as_text=given["as_text"],
        own=OwnTemplates(plugins, Path(given["templates"]) if given["templates"] else None, today),
    )
    say_lines(started_lines(folder, done.written, done.kept, done.proposed))
    return 0


@assemble.command("gabarit", cls=FrenchCommand)
@click.argument("files", nargs=-1, metavar="[FICHIER…]", callback=wildcards)
@format_option
@click.option(
    "--document",
    "ident",
    metavar="ID",
    help="Document dont c’est le gabarit ; sinon, le nom du fichier le dit.",
)
@click.option("--champs", "fields", is_flag=True, help="Liste ce qu’un gabarit peut imprimer.")
@click.option("--copier", "target", metavar="DIR", help="Copie dans ce dossier les gabarits d’origine.")
@with_options((plugin_options,))
def template_command(
    files: tuple[str, ...],
    format_id: str | None,
    ident: str | None,
    fields: bool,
    target: str | None,
    without: tuple[str, ...],
) -> int:
    """Relit un gabarit Word : tous ses défauts, et une copie commentée."""
    import datetime as dt
    from pathlib import Path

    from assembler.doctor import catalogue_of, copy_shipped, field_lines, review, review_lines
    from assembler.errors import UsageError

    if not (files or fields or target):
        raise UsageError("Donnez un gabarit à relire, ou --champs, ou --copier DIR.")
    today = dt.datetime.now().astimezone().date()
    catalogue = catalogue_of(plugins_of(without), format_id, today)
    if target:
        for made in copy_shipped(catalogue, ident, Path(target)):
            say(flat(f"Écrit : {made}"))
    if fields:
        say_lines(field_lines(catalogue, ident))
    codes = []
    for file in files:
        done = review(catalogue, Path(file), ident, today)
        say_lines(review_lines(catalogue, done))
        codes.append(done.exit_code)
    return worst(codes)
