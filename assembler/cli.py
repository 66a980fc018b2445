"""The command ``assemble``: the only module that prints or exits.

Heavy modules are imported inside the commands, so that ``--help`` costs little more than click.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from assembler import __version__
from assembler.usage import FrenchCommand, FrenchGroup, in_french

if TYPE_CHECKING:
    import datetime as dt

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
_sans = click.option(
    "--sans-plugin", "without", multiple=True, metavar="NOM", help="Laisse un plugin de côté."
)
_rapport = click.option("--rapport", default="texte", metavar="R", help="texte (par défaut) ou json.")
_fichier = click.option("--fichier", "file", metavar="P", help="Écrit le rapport dans ce fichier.")
_annoter = click.option(
    "--annoter",
    "annotated",
    is_flag=True,
    help="Écrit aussi une copie des pièces Word (.docx), avec les constats en commentaires.",
)
_writing = (
    click.option("--documents", metavar="ID,…", help="Seulement ces documents."),
    click.option("--sortie", "output", metavar="DIR", help="Dossier de sortie (sortie/ du dossier)."),
    click.option("--date-edition", "edition", metavar="J", help="Date d’édition imprimée (AAAA-MM-JJ)."),
    click.option("--apercu", "preview", is_flag=True, help="Dit ce qui serait produit, sans rien écrire."),
    click.option(
        "--remplacer", "replace", is_flag=True, help="Remplace ce qui a été modifié à la main (archivé)."
    ),
    click.option(
        "--malgre", "in_spite", metavar="MOTIF", help="Produit malgré un point bloquant ; le motif est noté."
    ),
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
    for one in checked:
        made = _produce(one, given, "assemble")
        codes.append(_told(one, made, given, quiet=rapport != "texte" and file is None))
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
    _, checked = _check(dossiers, given)
    codes = []
    for one in checked:
        if one.dossier is None:
            _say(f"Rien à produire : {_flat(one.report.erreur)}", err=True)
            codes.append(one.report.exit_code)
        else:
            codes.append(_told(one, _produce(one, given, "assemble produire"), given))
    return _worst(codes)


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

    plugins = _plugins(without)
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


def _plugins(without: Sequence[str]) -> Plugins:
    import os

    from assembler.manager import Plugins

    disabled = [*without, *os.environ.get("ASSEMBLER_PLUGINS_DESACTIVES", "").split(",")]
    plugins = Plugins(disabled=[name.strip() for name in disabled if name.strip()])
    plugins.formats()
    return plugins


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
        from assembler.writing import write_atomic

        write_atomic(Path(file), content)
        _say(f"Rapport écrit : {file}")
    else:
        _say(content.decode("utf-8").rstrip("\n"))


def _produce(checked: Checked, given: dict[str, Any], command: str) -> tuple[Made, ...]:
    from assembler.pipeline import produce

    return produce(checked, _order(given, command), _request(given).today)


def _order(given: dict[str, Any], command: str) -> Order:
    from pathlib import Path

    from assembler.pipeline import Order

    ids = tuple(one.strip() for one in (given["documents"] or "").split(",") if one.strip())
    return Order(
        documents=ids,
        output=Path(given["output"]) if given["output"] else None,
        edition=_day(given["edition"], "--date-edition"),
        replace=given["replace"],
        preview=given["preview"],
        in_spite=(given["in_spite"] or "").strip() or None,
        command=command,
    )


_KINDS = {
    "nouveau": "écrit",
    "mis_a_jour": "mis à jour",
    "inchange": "inchangé",
    "garde": "modifié à la main, gardé ; rien de neuf à proposer",
    "a_cote": "modifié à la main, gardé ; la nouvelle version est à côté",
    "deja_propose": "modifié à la main, gardé ; la nouvelle version est déjà à côté",
    "apercu": "serait produit",
    "sans_objet": "sans objet",
    "refuse": "refusé",
    "echec": "pas écrit",
}


def _told(checked: Checked, made: Sequence[Made], given: dict[str, Any], quiet: bool = False) -> int:
    from assembler.text import fold

    if checked.folder is None:
        return 0
    failed = [one for one in made if one.exit_code]
    if not quiet:
        where = given["output"] or checked.folder.output
        _say(f"\nDocuments dans {_flat(where)}" if made else "\nAucun document à cette étape.")
    for one in made:
        if not quiet or one in failed:
            line = f"- {one.name} : {_KINDS[one.kind]}" + (f" ({one.reason})" if one.reason else "")
            _say("\n".join(fold(line, "  ", "    ")), err=bool(one.exit_code))
    return _worst([one.exit_code for one in made])


def _annotated(checked: Checked, given: dict[str, Any], aside: bool) -> int:
    """Write the annotated copies of a dossier, and say so."""
    from assembler.annotation import annotate_pieces
    from assembler.text import fold

    made = annotate_pieces(checked, _request(given).today)
    where = checked.folder.output if checked.folder else ""
    if not any(one.kind != "sans_objet" for one in made):
        _say("\nAucune pièce à annoter : aucun constat ne porte sur une pièce Word (.docx).", err=aside)
    else:
        _say(f"\nCopies annotées dans {_flat(where)} (les pièces ne sont pas modifiées)", err=aside)
    for one in made:
        line = f"- {one.name} : {_KINDS[one.kind]}" + (f" ({one.reason})" if one.reason else "")
        _say("\n".join(fold(line, "  ", "    ")), err=aside or bool(one.exit_code))
    return _worst([one.exit_code for one in made])


def _worst(codes: Sequence[int]) -> int:
    return next((code for code in _WORST if code in codes), max(codes, default=0))


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        _say(line)


_LOOKALIKES = str.maketrans(
    {
        "\u202f": " ",
        "\u00a0": " ",
        "’": "'",
        "«": '"',
        "»": '"',
        "→": "->",
        "–": "-",
        "—": "-",
        "…": "...",
        "œ": "oe",
    }
)


def _flat(text: object) -> str:
    """Return one line: a name that holds line ends cannot pass for lines of ours."""
    return " ".join(str(text).split())


def _say(text: str, err: bool = False) -> None:
    """Print, on any console: what its encoding lacks is spelt with what it has.

    What a file or its name says can neither move the cursor nor turn the line round.
    """
    from assembler.text import clean

    text = clean(text)
    stream = sys.stderr if err else sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_LOOKALIKES).encode(encoding, errors="replace").decode(encoding)
    click.echo(text, err=err)


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
