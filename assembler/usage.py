"""click in French: usage, headings, help option and errors; commands are only listed here.

click translates through gettext catalogues that it does not ship; these few strings are said here.
"""

from __future__ import annotations

import re
from typing import Any

import click

_RANGE = re.compile(r"\[x>=([\d.]+)\]")
_GIVEN = re.compile(r"^(\S+) is not in the range|^'(.*)' is not a valid")

__all__ = ["FrenchCommand", "FrenchGroup", "in_french"]


class FrenchCommand(click.Command):
    """A command whose help is in French."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write « Usage : »."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Usage : ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under a French heading."""
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        records = [record for one in options if (record := one.get_help_record(ctx))]
        if records:
            with formatter.section("Options "):
                formatter.write_dl([(name, _said(text)) for name, text in records])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Say in French what ``--help`` does."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Affiche cette aide."
        return option


class FrenchGroup(FrenchCommand, click.Group):
    """A group of commands; of the main one, whatever is no command is a dossier, given to ``default``."""

    def __init__(self, *args: Any, default: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the everyday command in front of a dossier's path."""
        if self._default and args and args[0] not in self.commands and args[0] not in ("--help", "--version"):
            args = [self._default, *args]
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        commands = [(name, one) for name, one in self.commands.items() if not one.hidden]
        with formatter.section("Commandes "):
            formatter.write_dl([(name, one.get_short_help_str(200)) for name, one in commands])

    def near(self, word: str) -> str | None:
        """Return the command whose name is nearest to a mistyped one."""
        import difflib

        visible = [name for name, one in self.commands.items() if not one.hidden]
        return next(iter(difflib.get_close_matches(word, visible, n=1, cutoff=0.7)), None)


def _said(text: str) -> str:
    """Return the help of an option, what click adds to it in French."""
    text = text.replace("[required]", "[obligatoire]")
    return _RANGE.sub(lambda found: f"[{_french(found[1])} au moins]", text)


def _french(number: object) -> str:
    return str(number).replace(".", ",")


def in_french(error: click.ClickException) -> str:
    """Return a click error as one French line."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    # A hidden command is the group's own way: the person typed no such name.
    shown = context.parent if context and context.command.hidden and context.parent else context
    help_ = f" Voir « {shown.command_path} --help »." if shown else ""
    match error:
        case click.NoSuchOption():
            near = f" : vouliez-vous dire {error.possibilities[0]} ?" if error.possibilities else "."
            return f"l’option {error.option_name} n’existe pas{near}{help_}"
        case click.MissingParameter():
            name = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
            if isinstance(error.param, click.Option):
                name = error.param.opts[0]
            return f"il manque {name or 'une valeur'}.{help_}"
        case click.BadOptionUsage():
            return f"l’option {error.option_name} attend une valeur.{help_}"
        case click.BadParameter() if error.param is not None and error.param.name:
            bound = getattr(error.param.type, "min", None)
            least = f" : on attend un nombre, {_french(bound)} au moins" if bound is not None else ""
            given = _GIVEN.search(error.message)
            what = f" « {given[1] or given[2]} »" if given else ""
            return f"la valeur{what} de {error.param.opts[0]} ne convient pas{least}.{help_}"
        case click.BadParameter():
            return f"une valeur ne convient pas ({error.message}).{help_}"
        case click.UsageError():
            return f"la commande n’est pas comprise ({error.message}).{help_}"
        case _:
            return error.format_message()
