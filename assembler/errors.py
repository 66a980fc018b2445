"""Exceptions of the engine: « could not check » or « could not write », never a finding.

::

    AssemblerError                70  anything the engine itself got wrong
    ├── UsageError                 2  the command line asks for what does not exist
    ├── NothingToCheck             5  no folder, an empty one, nothing recognised
    │   └── UnreadableDossier      5  it is there, and does not open: a damaged zip
    ├── WritingError               4  no right, no room, file open elsewhere
    │   ├── FolderHeld             4  another run writes there
    │   ├── TemplateError          4  a template at fault: template, paragraph, tag
    │   └── MissingValue           4  a mandatory value that the dossier does not give
    ├── PluginError                3  a plugin that failed, with its name and cause
    ├── RuleFileError             70  a malformed rule block: file, id, key, expected
    └── ReadingError               —  a file that cannot be read; becomes a finding

An exception knows its exit code; ``str(error)`` is the French sentence shown to the person.
"""

from __future__ import annotations

__all__ = [
    "AssemblerError",
    "FolderHeld",
    "MissingValue",
    "NothingToCheck",
    "PluginError",
    "ReadingError",
    "RuleFileError",
    "TemplateError",
    "UnreadableDossier",
    "UsageError",
    "WritingError",
]


class AssemblerError(Exception):
    """Root of the tree; reaching the user as such is a defect of the engine (exit 70)."""

    exit_code = 70


class UsageError(AssemblerError):
    """The command line names a format, a step, a rule or a document that does not exist."""

    exit_code = 2


class NothingToCheck(AssemblerError):
    """There is no dossier at that path: missing, empty, or nothing in it is recognised."""

    exit_code = 5


class UnreadableDossier(NothingToCheck):
    """What should be a dossier does not open: a damaged zip, one with a password, no right."""


class WritingError(AssemblerError):
    """A document could not be written; what stood there before is untouched."""

    exit_code = 4


class FolderHeld(WritingError):
    """Another run holds the folder; the message says who, and since when."""


class TemplateError(WritingError):
    """A template is at fault; the message names the template, the paragraph and the tag."""


class MissingValue(WritingError):
    """A template prints a value that the dossier does not give."""


class PluginError(AssemblerError):
    """A plugin raised, or handed over something that is not a contribution.

    Attributes:
        plugin: name of the plugin at fault.
        cause: one French sentence.
    """

    exit_code = 3

    def __init__(self, plugin: str, cause: str) -> None:
        super().__init__(f"Le plugin « {plugin} » a échoué : {cause}")
        self.plugin = plugin
        self.cause = cause


class RuleFileError(AssemblerError):
    """A rule file or field file is malformed: names the file, the id, the key and what was expected."""


class ReadingError(AssemblerError):
    """A file cannot be read; the intake turns it into the finding of the same code.

    Attributes:
        code: ``vide``, ``nature``, ``protege`` or ``illisible``, in the order of the rules
            GEN-PIE-004, 003, 002, 001; ``depassement`` when the reader itself failed.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[ReadingError], tuple[str, str]]:
        """Come whole out of the process that reads."""
        return ReadingError, (self.code, str(self))
