"""The hooks that a plugin may implement; a plural noun is a contribution.

A plugin is a module or an object registered under the entry-point group ``assembler``. Every
hook is optional, called once per run, one plugin at a time; the values are consumed at once.
"""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from assembler.contributions import Format, Reader, Reporter, Rule, Template

__all__ = ["PROJECT", "Hooks", "hookimpl"]

PROJECT = "assembler"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function as the implementation of a hook."""


class Hooks:
    """Every hook of the engine, with what it must return."""

    @hookspec
    def assembler_formats(self) -> Iterable[Format]:  # type: ignore[empty-body]
        """Hand over formats; the only hook most plugins need.

        Called once when a command needs the formats.

        Returns:
            The formats, each carrying its own pieces, rules and documents. One that cannot be used (an id
            twice, a step that does not exist, a value of another type, a pattern that may never end) fails
            the plugin; an id that another plugin gives as well stops the command and names both.

        If it raises, the plugin is listed as failed with its cause and counts as failed for
        every format; the others go on.

        Example::

            @hookimpl
            def assembler_formats():
                return [Format(id="mien", title="Mon format", …)]

        Since 0.1.
        """

    @hookspec
    def assembler_rules(self, format_id: str) -> Iterable[Rule]:  # type: ignore[empty-body]
        """Hand over rules for somebody else's format, or for all.

        Called once per installed format.

        Args:
            format_id: the format asked about (``local``…).

        Returns:
            Rules to add; none can replace, weaken or remove a rule of the format: one whose id the format
            holds already fails the plugin, and adds nothing.

        If it raises, the plugin is failed for that format: the verdict cannot be conforme.

        Example::

            @hookimpl
            def assembler_rules(format_id):
                return load_rules(files(__name__) / "regles") if format_id == "local" else []

        Since 0.1.
        """

    @hookspec
    def assembler_documents(self, format_id: str) -> Iterable[Template]:  # type: ignore[empty-body]
        """Hand over documents for somebody else's format, or for all.

        Called once per installed format.

        Args:
            format_id: the format asked about.

        Returns:
            Templates whose ids are new to that format; another fails the plugin.

        If it raises, the plugin is failed for that format.

        Example::

            @hookimpl
            def assembler_documents(format_id):
                return [FICHE_DU_SERVICE] if format_id == "local" else []

        Since 0.1.
        """

    @hookspec
    def assembler_readers(self) -> Iterable[Reader]:  # type: ignore[empty-body]
        """Hand over readers for further natures of files.

        Called once when a command reads a dossier.

        Returns:
            Readers; two for one nature is a conflict that names both plugins.

        If it raises, the plugin is failed.

        Since 0.1.
        """

    @hookspec
    def assembler_reporters(self) -> Iterable[Reporter]:  # type: ignore[empty-body]
        """Hand over further reports for ``--rapport``.

        Called once when a report is asked for.

        Returns:
            Reporters; two of one name is a conflict that names both plugins.

        If it raises, the plugin is failed.

        Since 0.1.
        """
