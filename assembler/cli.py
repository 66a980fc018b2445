"""The command ``assemble``: the only module that prints or exits.

Heavy modules are imported inside the commands, so that ``--help`` costs little more than click.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assembler import __version__
from assembler.usage import FrenchCommand, FrenchGroup, in_french

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from assembler.batch import Options
    from assembler.manager import Plugins
    from assembler.pipeline import Checked, Made, Order, Request

__all__ = ["assemble", "main"]

F = TypeVar("F", bound=Callable[..., Any])

_WORST = (70, 4, 1, 3, 5, 0)
_WELCOME = """\
assemble contrôle un dossier et produit les documents qui en découlent.
  1. Mettez les pièces (note, courriers signés, fiche s’il y en a une) dans un dossier.
  2. assemble DOSSIER           contrôle, puis produit les documents dans sortie/
  3. assemble controler DOSSIER contrôle seulement
  4. assemble --help            toutes les commandes"""


@click.group(
    cls=FrenchGroup,
    default="tout",
    invoke_without_command=True,
    subcommand_metavar="DOSSIER… | COMMANDE …",
    # Said here: to ask the terminal, click imports shutil, which costs more than our own help.
    context_settings={"terminal_width": 78},
)
@click.version_option(__version__, "--version", prog_name="assembler", help="Affiche la version.")
@click.pass_context
def assemble(context: click.Context) -> None:
    """Contrôle des dossiers et assemble les documents qui en découlent.

    « assemble DOSSIER » contrôle un dossier puis produit les documents de son étape.
    """
    if context.invoked_subcommand is None:
        click.echo(_WELCOME)


_dossiers = click.argument("dossiers", nargs=-1, required=True, metavar="DOSSIER…")
_format = click.option("--format", "format_id", metavar="F", help="Format du dossier (voir « formats »).")
_etape = click.option("--etape", metavar="E", help="Étape ; sans elle, celle de la fiche.")
_referentiels = click.option(
    "--referentiels", "records", metavar="DIR", help="Dossier des référentiels (accords-cadres…)."
)
_date = click.option("--date", "day", metavar="J", help="Règles en vigueur ce jour-là (AAAA-MM-JJ).")
_without = click.option(
    "--sans-plugin", "without", multiple=True, metavar="NOM", help="Laisse un plugin de côté."
)
_strict = click.option(
    "--strict-plugins",
    is_flag=True,
    expose_value=False,
    callback=lambda context, _option, value: context.meta.update({"strict": value}),
    help="S’arrête au premier plugin en échec et dit où (pour les auteurs).",
)


def _sans(function: F) -> F:
    """Add what every command says of the plugins; :func:`_plugins` applies it."""
    return _without(_strict(function))


_rapport = click.option("--rapport", default="texte", metavar="R", help="texte (par défaut) ou json.")
_fichier = click.option("--fichier", "file", metavar="P", help="Écrit le rapport dans ce fichier.")
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


_sortie = click.option("--sortie", "output", metavar="DIR", help="Dossier de sortie (sortie/ du dossier).")
_edition = click.option(
    "--date-edition", "edition", metavar="J", help="Date d’édition imprimée (AAAA-MM-JJ)."
)
_gabarits = click.option(
    "--gabarits", "templates", metavar="DIR", help="Dossier de vos gabarits Word, nommés comme les documents."
)
_remplacer = click.option(
    "--remplacer", "replace", is_flag=True, help="Remplace ce qui a été modifié à la main (archivé)."
)
_malgre = click.option(
    "--malgre", "in_spite", metavar="MOTIF", help="Produit malgré un point bloquant ; le motif est noté."
)
_writing = (
    click.option("--documents", metavar="ID,…", help="Seulement ces documents."),
    _sortie,
    click.option(
        "--aussi", "also", metavar="F,…", callback=_also, help="Aussi en pdf, odt ou ods, par LibreOffice."
    ),
    _edition,
    _gabarits,
    click.option("--apercu", "preview", is_flag=True, help="Dit ce qui serait produit, sans rien écrire."),
    _remplacer,
    _malgre,
)


def _with(options: Iterable[Callable[[F], F]]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed(tuple(options)):
            function = option(function)
        return function

    return decorate


@assemble.command("tout", cls=FrenchCommand, hidden=True)
@_with((_dossiers, _format, _etape, _date, _referentiels, _rapport, _fichier, _sans, *_writing))
def everything(dossiers: tuple[str, ...], rapport: str, file: str | None, **given: Any) -> int:
    """Contrôle, puis produit les documents de l’étape."""
    _refuse_mistyped(dossiers[0])
    plugins, checked = _check(dossiers, given)
    _report(plugins, checked, rapport, file)
    codes = [one.report.exit_code for one in checked]
    codes += _produce(plugins, checked, given, "assemble", quiet=rapport != "texte" and file is None)
    return _worst(codes)


@assemble.command("controler", cls=FrenchCommand)
@_with((_dossiers, _format, _etape, _date, _referentiels, _rapport, _fichier, _annoter, _sans))
def check_command(
    dossiers: tuple[str, ...], rapport: str, file: str | None, annotated: bool, **given: Any
) -> int:
    """Contrôle un ou plusieurs dossiers, sans produire de document."""
    plugins, checked = _check(dossiers, given)
    _report(plugins, checked, rapport, file)
    codes = [one.report.exit_code for one in checked]
    if annotated:
        # a report on the standard output is for another program: what is said of the copies goes beside it
        aside = rapport != "texte" and file is None
        codes += [_annotated(one, given, aside) for one in checked if one.dossier is not None]
    return _worst(codes)


@assemble.command("produire", cls=FrenchCommand)
@_with((_dossiers, _format, _etape, _date, _referentiels, _sans, *_writing))
def produce_command(dossiers: tuple[str, ...], **given: Any) -> int:
    """Produit les documents de l’étape dans sortie/."""
    plugins, checked = _check(dossiers, given)
    codes = []
    for one in checked:
        if one.dossier is None:
            _say(f"Rien à produire : {_flat(one.report.erreur)}", err=True)
            codes.append(one.report.exit_code)
    some = [one for one in checked if one.dossier is not None]
    return _worst([*codes, *_produce(plugins, some, given, "assemble produire")])


@assemble.command("viser", cls=FrenchCommand)
@click.argument("dossier", metavar="DOSSIER")
@click.argument("regle", metavar="REGLE")
@click.option("--par", "who", required=True, metavar="NOM", help="Qui a regardé.")
@click.option("--constat", "seen", required=True, metavar="TEXTE", help="Ce qui a été vu.")
@_with((_format, _etape, _date, _referentiels, _sans))
def endorse(dossier: str, regle: str, who: str, seen: str, **given: Any) -> int:
    """Note qu’une personne a vu ce que seul l’œil pouvait juger."""
    from assembler.endorsing import endorse as record
    from assembler.errors import UsageError

    if not who.strip() or not seen.strip():
        raise UsageError("--par et --constat ne peuvent pas être vides.")
    _, (checked,) = _check((dossier,), given)
    if checked.dossier is None:
        _say(f"Rien à viser : {_flat(checked.report.erreur)}", err=True)
        return checked.report.exit_code
    visas = record(checked, regle.upper(), who.strip(), seen.strip(), _request(given).today)
    for visa in visas:
        _say(_flat(f"{visa.regle} visée par {visa.par} : {visa.fichier or 'tout le dossier'}."))
    _say("Le visa tombe si le fichier change. Relancez « assemble controler ».")
    return 0


_of_batch = (
    click.option("--sortie", "output", metavar="DIR", help="Dossier du registre (PARENT, sans elle)."),
    click.option(
        "--empreintes", "hashes", is_flag=True, help="Juge ce qui a changé au contenu, non aux dates."
    ),
    click.option(
        "--processus", "processes", metavar="N", type=click.IntRange(1), help="Processus à la fois."
    ),
    click.option(
        "--executeur", "executor", default="local", metavar="X", help="local, ou dask=tcp://HOTE:PORT."
    ),
)


@assemble.command("lot", cls=FrenchCommand)
@click.argument("parent", metavar="PARENT")
@_with((_format, _etape, _date, _referentiels, _rapport, _sans))
@click.option("--tout", "all_", is_flag=True, help="Relit tout, même ce qui n’a pas changé.")
@_with(_of_batch)
def batch(parent: str, rapport: str, **given: Any) -> int:
    """Contrôle tous les dossiers d’un dossier et tient leur registre."""
    from pathlib import Path

    from assembler.batch import line_of, run, summary_lines
    from assembler.errors import UsageError

    if rapport not in ("texte", "json"):
        raise UsageError(f"--rapport : « {rapport} » ne vaut pas pour un lot ; le registre en tient lieu.")
    quiet = rapport == "json"

    def reported(line: bytes) -> None:
        _say(line.decode("utf-8").rstrip("\n"))

    with _bar() as progress:
        done = run(Path(parent), _options(given), reported=reported if quiet else None, progress=progress)
    for row in () if quiet else done.rows:
        _say(line_of(row))
    for line in summary_lines(done):
        _say(line, err=quiet)
    return _worst(done.codes)


def _options(given: dict[str, Any]) -> Options:
    from pathlib import Path

    from assembler.batch import Options

    return Options(
        request=_request(given),
        disabled=_disabled(given.get("without", ())),
        output=Path(given["output"]) if given["output"] else None,
        executor=given["executor"],
        processes=given["processes"],
        everything=given.get("all_", False),
        hashes=given["hashes"],
    )


@assemble.command("surveiller", cls=FrenchCommand)
@click.argument("parent", metavar="PARENT")
@_with((_format, _etape, _date, _referentiels, _sans))
@click.option(
    "--sondage",
    "interval",
    metavar="SECONDES",
    type=click.FloatRange(0.1),
    help="Regarde le dossier toutes les N secondes ; d’office sur un partage réseau.",
)
@_with(_of_batch)
def watch_command(parent: str, interval: float | None, **given: Any) -> int:
    """Contrôle les dossiers à mesure qu’ils arrivent, jusqu’à Ctrl-C."""
    from pathlib import Path

    from assembler.batch import dossiers_of, run
    from assembler.watching import Watch

    folder = Path(parent)
    try:
        survey = dossiers_of(folder, _options(given))
        survey()  # a folder that is none is refused at once
        Watch(
            folder,
            survey,
            lambda busy: run(folder, _options(given), busy=busy),  # the day may have changed
            _say,
            interval=interval,
        ).run()
    except KeyboardInterrupt:
        _say("Arrêt.")
    return 0


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar, on a terminal only, from the first dossier done."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with contextlib.ExitStack() as shown:
        bars: list[Any] = []

        def progress(_done: int, total: int) -> None:
            if not bars:
                bar = click.progressbar(length=total, label="Contrôle", file=sys.stderr, show_pos=True)
                bars.append(shown.enter_context(bar))
            bars[0].update(1)

        yield progress


@assemble.command("sceller", cls=FrenchCommand)
@click.argument("dossier", metavar="DOSSIER")
@_with((_format, _etape, _date, _referentiels, _sans, _sortie, _edition, _gabarits, _remplacer, _malgre))
def seal_command(dossier: str, **given: Any) -> int:
    """Fait le zip à envoyer, avec la fiche qui dit ce qui a été contrôlé."""
    from assembler.sealing import seal
    from assembler.speaking import made_line, sealed_lines

    plugins, (checked,) = _check((dossier,), given)
    if checked.dossier is None or checked.folder is None:
        _say(f"Rien à sceller : {_flat(checked.report.erreur)}", err=True)
        return checked.report.exit_code
    order = _order(plugins, {"documents": None, "preview": False, "also": (), **given}, "assemble sceller")
    sealed = seal(checked, order, _request(given).today)
    failed = any(one.exit_code for one in sealed.made)
    if not failed:
        _say(f"Zip à envoyer, dans {_flat(order.output or checked.folder.output)}")
    for one in sealed.made:
        if not failed or one.exit_code:
            _say(made_line(one), err=bool(one.exit_code))
    if not failed:
        _lines(sealed_lines(checked.report, sealed.notes))
    return _worst([one.exit_code for one in sealed.made])


@assemble.command("nouveau", cls=FrenchCommand)
@click.argument("what", metavar="FORMAT|FICHIER")
@click.argument("target", metavar="CHEMIN")
@_with((_etape,))
@click.option("--commune", multiple=True, metavar="NOM|CODE", help="Commune du dossier ; remplit les codes.")
@click.option("--epci", multiple=True, metavar="NOM|SIREN", help="EPCI du dossier ; remplit les codes.")
@click.option("--yaml", "as_text", is_flag=True, help="Une fiche en texte (dossier.yaml), non en classeur.")
@_with((_gabarits, _sans))
def new_command(what: str, target: str, without: tuple[str, ...], **given: Any) -> int:
    """Prépare un dossier (« nouveau local DOSSIER ») ou un fichier vierge.

    FORMAT : un dossier prêt à remplir ; s’il existe, rien n’y est modifié.
    FICHIER : accord-cadre… (.yaml, ou .xlsx).
    """
    from pathlib import Path

    from assembler.errors import UsageError
    from assembler.newfiles import create

    plugins = _plugins(without)
    if what in plugins.formats():
        return _start(plugins, what, Path(target), given)
    if any(given.values()):
        raise UsageError(f"« {what} » n’est pas un format : les options ne valent que pour un dossier.")
    made = create(plugins, what, Path(target))
    _say(_flat(f"Écrit : {made}. Complétez-le ; son en-tête dit où le ranger."))
    return 0


def _start(plugins: Plugins, format_id: str, folder: Path, given: dict[str, Any]) -> int:
    from pathlib import Path

    from assembler.owntemplates import OwnTemplates
    from assembler.speaking import started_lines
    from assembler.starting import start

    today = _request({}).today
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
    _lines(started_lines(folder, done.written, done.kept))
    return 0


@assemble.command("gabarit", cls=FrenchCommand)
@click.argument("files", nargs=-1, metavar="[FICHIER…]")
@_format
@click.option(
    "--document",
    "ident",
    metavar="ID",
    help="Document dont c’est le gabarit ; sinon, le nom du fichier le dit.",
)
@click.option("--champs", "fields", is_flag=True, help="Liste ce qu’un gabarit peut imprimer.")
@click.option("--copier", "target", metavar="DIR", help="Copie dans ce dossier les gabarits d’origine.")
@_with((_sans,))
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
    catalogue = catalogue_of(_plugins(without), format_id, today)
    if target:
        for made in copy_shipped(catalogue, ident, Path(target)):
            _say(_flat(f"Écrit : {made}"))
    if fields:
        _lines(field_lines(catalogue, ident))
    codes = []
    for file in files:
        done = review(catalogue, Path(file), ident, today)
        _lines(review_lines(catalogue, done))
        codes.append(done.exit_code)
    return _worst(codes)


@assemble.command("formats", cls=FrenchCommand)
@_with((_sans,))
def formats_command(without: tuple[str, ...]) -> int:
    """Liste les formats installés."""
    from assembler.listing import formats_lines

    plugins = _plugins(without)
    _lines(formats_lines(plugins))
    return 0


@assemble.command("plugins", cls=FrenchCommand)
@_with((_sans,))
def plugins_command(without: tuple[str, ...]) -> int:
    """Liste les plugins : actifs, en échec et pourquoi."""
    from assembler.listing import plugins_lines
    from assembler.manager import Plugins

    plugins = _plugins(without) if _is_strict() else Plugins(disabled=_disabled(without))
    _lines(plugins_lines(plugins))
    return 3 if any(one.etat == "echec" for one in plugins.statuses) else 0


@assemble.command("regles", cls=FrenchCommand)
@_with((_format, _date, _sans))
def rules_command(format_id: str | None, day: str | None, without: tuple[str, ...]) -> int:
    """Liste les règles, toutes ou celles d’un format, d’un jour."""
    from assembler.listing import rules_lines

    _lines(rules_lines(_plugins(without), format_id, _day(day, "--date")))
    return 0


@assemble.command("expliquer", cls=FrenchCommand)
@click.argument("regle", metavar="ID")
@_with((_sans,))
def explain(regle: str, without: tuple[str, ...]) -> int:
    """Explique une règle en entier : pourquoi, comment corriger, la source."""
    from assembler.listing import rule_lines

    _lines(rule_lines(_plugins(without), regle.upper()))
    return 0


@assemble.group("plugin", cls=FrenchGroup, invoke_without_command=True, subcommand_metavar="COMMANDE …")
@click.pass_context
def plugin_group(context: click.Context) -> None:
    """Pour les auteurs : « plugin nouveau NOM », « plugin tester [NOM] »."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@plugin_group.command("nouveau", cls=FrenchCommand)
@click.argument("name", metavar="NOM")
@click.option("--dossier", "folder", metavar="DIR", help="Où l’écrire (par défaut, un dossier à son nom).")
@_with((_sans,))
def new_plugin_command(name: str, folder: str | None, without: tuple[str, ...]) -> int:
    """Écrit un plugin complet : un format, une règle, un gabarit, ses essais."""
    from pathlib import Path

    from assembler.scaffolding import new_plugin

    made = new_plugin(name, _plugins(without), Path(folder) if folder else None)
    _say(_flat(f"Écrit : {made}. Installez-le (pip install -e {made}), puis : assemble plugin tester"))
    return 0


@plugin_group.command("tester", cls=FrenchCommand)
@click.argument("name", metavar="[NOM]", required=False)
@click.option("--dossiers", "folder", metavar="DIR", help="Dossiers d’essai (fixtures/<format>/ du projet).")
@click.option("--date", "day", metavar="J", help="Jour des dossiers sans date (AAAA-MM-JJ).")
@click.option("--promesse", "promises", multiple=True, metavar="ID", help="Seulement cette vérification.")
def test_plugin_command(
    name: str | None, folder: str | None, day: str | None, promises: tuple[str, ...]
) -> int:
    """Vérifie ce qu’un plugin installé promet, et dit ce qui manque."""
    from pathlib import Path

    from assembler.listing import result_lines
    from assembler.testing.conformance import check_plugin
    from assembler.testing.subject import chosen_plugin

    tested = chosen_plugin(name)
    where, when = Path(folder) if folder else None, _day(day, "--date")
    faulty, subject = 0, tested
    for result in check_plugin(tested, dossiers=where, today=when, promises=promises):
        if result.subject != subject:
            _say(f"\nFormat {result.subject}")
        subject = result.subject
        _lines(result_lines(result.promise.id, result.promise.title, result.faults))
        faulty += bool(result.faults)
    told = f"{faulty} promesse{'s' * (faulty > 1)} non tenue{'s' * (faulty > 1)}"
    _say(f"\n{tested} : {told if faulty else 'toutes les promesses sont tenues'}.")
    return 1 if faulty else 0


def _plugins(without: Sequence[str]) -> Plugins:
    from assembler.errors import PluginError
    from assembler.manager import Plugins

    plugins = Plugins(disabled=_disabled(without))
    plugins.formats()
    if _is_strict():
        plugins.readers()
        plugins.reporters()
        for one in plugins.statuses:
            if one.etat == "echec":
                _say(plugins.trace(one.nom), err=True)
                raise PluginError(one.nom, f"{str(one.cause).rstrip('.')}.")
    return plugins


def _is_strict() -> bool:
    return bool(click.get_current_context().meta.get("strict"))


def _disabled(without: Sequence[str]) -> tuple[str, ...]:
    """Return the plugins to leave out, those of the environment included."""
    import os

    named = [*without, *os.environ.get("ASSEMBLER_PLUGINS_DESACTIVES", "").split(",")]
    return tuple(name.strip() for name in named if name.strip())


def _day(text: str | None, option: str) -> dt.date | None:
    import datetime as dt

    from assembler.errors import UsageError

    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(
            f"{option} : « {text} » n’est pas une date. Écrivez par exemple 2026-03-12."
        ) from error


def _request(given: dict[str, Any]) -> Request:
    import datetime as dt
    from pathlib import Path

    from assembler.pipeline import Request

    return Request(
        format_id=given.get("format_id"),
        step=given.get("etape"),
        day=_day(given.get("day"), "--date"),
        reference_folder=Path(given["records"]) if given.get("records") else None,
        today=dt.datetime.now().astimezone().date(),
    )


def _refuse_mistyped(word: str) -> None:
    """Refuse « contrôler » for « controler »: taken for a dossier, it would make us write into the next."""
    from pathlib import Path

    from assembler.errors import UsageError

    near = assemble.near(word)
    if near and not Path(word).exists():
        raise UsageError(f"« {word} » n’existe pas : vouliez-vous dire la commande « {near} » ?")


def _check(dossiers: Sequence[str], given: dict[str, Any]) -> tuple[Plugins, list[Checked]]:
    from pathlib import Path

    from assembler.errors import UsageError
    from assembler.pipeline import check_dossier

    if given.get("output") and len(dossiers) > 1:
        # Their documents bear the same names: the second dossier's would take the place of the first's.
        raise UsageError("--sortie vaut pour un seul dossier à la fois.")
    if given.get("output") and Path(given["output"]).resolve() == Path(dossiers[0]).resolve():
        # What is produced there would be read as pieces at the next run.
        raise UsageError("--sortie ne peut pas être le dossier lui-même.")
    plugins = _plugins(given.get("without", ()))
    request = _request(given)
    return plugins, [check_dossier(Path(one), plugins, request) for one in dossiers]


def _report(plugins: Plugins, checked: Sequence[Checked], name: str, file: str | None) -> None:
    from pathlib import Path

    from assembler.errors import UsageError
    from assembler.reporters import built_in

    reporters = {**plugins.reporters(), **built_in()}
    if name not in reporters:
        raise UsageError(f"--rapport : « {name} » n’existe pas. Rapports : {', '.join(reporters)}.")
    content = reporters[name].render([one.report for one in checked])
    if file:
        from assembler.atomic import write_atomic

        write_atomic(Path(file), content)
        _say(f"Rapport écrit : {file}")
    else:
        _say(content.decode("utf-8").rstrip("\n"))


def _produce(
    plugins: Plugins, checked: Sequence[Checked], given: dict[str, Any], command: str, quiet: bool = False
) -> list[int]:
    from assembler.owntemplates import OwnTemplates
    from assembler.pipeline import produce_all

    def converting() -> None:
        if sys.stderr.isatty():
            _say("\nConversion par LibreOffice…", err=True)

    order = _order(plugins, given, command)
    made = produce_all(checked, order, _request(given).today, converting)
    codes = [_told(one, some, given, quiet) for one, some in made]
    for name in order.own.unused() if isinstance(order.own, OwnTemplates) else ():
        _say(_flat(f"Gabarits du bureau : « {name} » n’est le gabarit d’aucun document."), err=True)
    return codes


def _order(plugins: Plugins, given: dict[str, Any], command: str) -> Order:
    from pathlib import Path

    from assembler.owntemplates import OwnTemplates
    from assembler.pipeline import Order

    ids = tuple(one.strip() for one in (given["documents"] or "").split(",") if one.strip())
    templates = Path(given["templates"]) if given["templates"] else None
    return Order(
        documents=ids,
        output=Path(given["output"]) if given["output"] else None,
        edition=_day(given["edition"], "--date-edition"),
        replace=given["replace"],
        preview=given["preview"],
        in_spite=(given["in_spite"] or "").strip() or None,
        also=given["also"],
        command=command,
        own=OwnTemplates(plugins, templates, _request(given).today),
    )


def _told(checked: Checked, made: Sequence[Made], given: dict[str, Any], quiet: bool) -> int:
    from assembler.speaking import made_line

    if checked.folder is None:
        return 0
    failed = [one for one in made if one.exit_code]
    copies = any(one.copy for one in made)
    if not quiet and not (copies and len(failed) == len(made)):
        what = "Copies" if copies else "Documents"
        where = given["output"] or checked.folder.output
        _say(f"\n{what} dans {_flat(where)}" if made else "\nAucun document à cette étape.")
    for one in made:
        if not quiet or one in failed:
            _say(made_line(one), err=bool(one.exit_code))
    return _worst([one.exit_code for one in made])


def _annotated(checked: Checked, given: dict[str, Any], aside: bool) -> int:
    """Write the annotated copies of a dossier, and say so."""
    from assembler.annotation import annotate_pieces
    from assembler.speaking import made_line

    made = annotate_pieces(checked, _request(given).today)
    where = checked.folder.output if checked.folder else ""
    if not any(one.kind != "sans_objet" for one in made):
        _say("\nAucune pièce à annoter : aucun constat ne porte sur une pièce Word (.docx).", err=aside)
    else:
        _say(f"\nCopies annotées dans {_flat(where)} (les pièces ne sont pas modifiées)", err=aside)
    for one in made:
        _say(made_line(one), err=aside or bool(one.exit_code))
    return _worst([one.exit_code for one in made])


def _worst(codes: Sequence[int]) -> int:
    return next((code for code in _WORST if code in codes), max(codes, default=0))


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        _say(line)


def _flat(text: object) -> str:
    """Return one line: a name that holds line ends cannot pass for lines of ours."""
    return " ".join(str(text).split())


def _say(text: str, err: bool = False) -> None:
    """Print, on any console."""
    from assembler.speaking import printable

    stream = sys.stderr if err else sys.stdout
    click.echo(printable(text, getattr(stream, "encoding", None) or "utf-8"), err=err)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit with its code (conception.md § 5)."""
    from assembler.errors import AssemblerError

    try:
        given = list(arguments) if arguments is not None else None
        code = assemble.main(given, prog_name="assemble", standalone_mode=False)
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.ClickException as error:
        _say(f"assemble : {_flat(in_french(error))}", err=True)
        code = 2
    except click.Abort:
        _say("Interrompu.", err=True)
        code = 130
    except AssemblerError as error:
        _say(f"assemble : {_flat(error)}", err=True)
        code = error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except Exception as error:
        _say(
            f"assemble : erreur interne ({type(error).__name__} : {_flat(error)}). "
            "Rien n’a été modifié ; signalez-la avec la commande lancée.",
            err=True,
        )
        code = 70
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
