"""A desk's own templates: a folder that holds some, each examined before it is used.

A template is a program: its folder is named on the command line or in ``assembler.toml``, and is never
looked for inside a dossier, which comes from anybody.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assembler.contributions import Format, Template
from assembler.errors import ReadingError, TemplateError, UsageError
from assembler.files import read_regular, reason
from assembler.manager import Plugins
from assembler.pipeline import Checked
from assembler.readers.limits import LIMITS
from assembler.settings import folder_setting

if TYPE_CHECKING:
    from assembler.doctor import Catalogue

__all__ = ["OwnTemplates"]

_ENDINGS = (".docx", ".dotx")
_OTHERS = (".odt", ".ott", ".doc", ".dot", ".docm", ".dotm", ".rtf")
"""Written by a word processor, and read as a template by nobody."""


class OwnTemplates:
    """Gives each document the desk's own template, when there is one.

    Args:
        plugins: what is installed.
        asked: the folder of ``--gabarits``; None: that of ``assembler.toml``, if any.
        today: date of edition of the examples.
    """

    def __init__(self, plugins: Plugins, asked: Path | None, today: dt.date) -> None:
        self._plugins = plugins
        self._asked = asked
        self._today = today
        self._catalogues: dict[str, Catalogue] = {}
        self._examined: dict[tuple[str, str, bytes], str | None] = {}
        self._folders: dict[Path, Path | None] = {}

    def __call__(self, checked: Checked, template: Template) -> Template:
        """Return the document with the desk's own template, or as it is.

        Raises:
            TemplateError: that template has faults, or cannot be read.
            UsageError: the folder of templates does not exist, or stands inside the dossier.
        """
        format_ = checked.format
        assert format_ is not None  # a dossier that was checked has one
        folder = self._folder(checked)
        file = self._file(folder, format_, template) if folder and template.template is not None else None
        if file is None:
            return template
        fault = self._fault(file, format_, template)
        if fault is not None:
            raise TemplateError(fault)
        return replace(template, template=file)

    def unused(self) -> list[str]:
        """Return the names of the files of the folders used that are the template of no document.

        The copies that the doctor writes there are known as such. A text that is no Word file serves none,
        whatever its name.
        """
        formats = self._plugins.formats()
        known = {one.id for each in formats.values() for one in each.documents if one.template is not None}
        return sorted(
            str(file.relative_to(folder))
            for folder in sorted({one for one in self._folders.values() if one is not None})
            for place in (folder, *(folder / one for one in formats))
            for file in _word_files(place, _ENDINGS + _OTHERS)
            if file.suffix.lower() in _OTHERS or (file.stem not in known and " (relu" not in file.stem)
        )

    def _folder(self, checked: Checked) -> Path | None:
        """Return the folder of templates that holds for a dossier; looked for once."""
        assert checked.folder is not None  # a dossier that was checked has one
        dossier = checked.folder.path
        if dossier not in self._folders:
            folder = self._asked or folder_setting("gabarits", dossier)
            if folder is not None:
                _refuse(folder, dossier)
            self._folders[dossier] = folder
        return self._folders[dossier]

    def _file(self, folder: Path, format_: Format, template: Template) -> Path | None:
        """Return the file named as the document, in the folder of its format first."""
        for place in (folder / format_.id, folder):
            found = [one for one in _word_files(place) if one.stem == template.id]
            if len(found) > 1:
                names = " et ".join(f"« {one.name} »" for one in found)
                raise TemplateError(f"Gabarits du bureau : {names} répondent tous deux ; gardez-en un.")
            if found:
                return found[0]
        return None

    def _fault(self, file: Path, format_: Format, template: Template) -> str | None:
        """Return what is wrong with a template; looked at once for the same bytes."""
        try:
            content = read_regular(file, LIMITS.file)
        except OSError as error:
            return f"Gabarit du bureau « {file.name} » : il ne s’ouvre pas ({reason(error)})."
        key = (format_.id, template.id, content)
        if key not in self._examined:
            self._examined[key] = self._told(file, content, format_, template)
        return self._examined[key]

    def _told(self, file: Path, content: bytes, format_: Format, template: Template) -> str | None:
        # imported here: most runs use no template but those that come with the documents
        from assembler.doctor import Catalogue, examine, told

        catalogue = self._catalogues.get(format_.id)
        if catalogue is None:
            catalogue = self._catalogues[format_.id] = Catalogue(self._plugins, format_, self._today)
        try:
            faults = examine(content, catalogue.names(template), file.name).faults
        except ReadingError as error:
            return f"Gabarit du bureau « {file.name} » : {error}"
        if not faults:
            return None
        count = f"{len(faults)} défauts, dont" if len(faults) > 1 else "un défaut"
        return (
            f"Gabarit du bureau « {file.name} » : {count} : {' : '.join(told(faults[0]))} "
            f"« assemble gabarit {file} --format {format_.id} --document {template.id} » les montre tous."
        )


def _refuse(folder: Path, dossier: Path) -> None:
    """Refuse a folder that does not exist, or that came with the dossier."""
    try:
        found, inside = folder.is_dir(), folder.resolve().is_relative_to(dossier.resolve())
    except OSError:  # no right to look
        found, inside = False, False
    if not found:
        raise UsageError(f"--gabarits : « {folder} » n’est pas un dossier.")
    if inside:
        raise UsageError(
            f"Les gabarits « {folder} » se trouvent dans le dossier contrôlé : rangez-les ailleurs."
        )


def _word_files(folder: Path, endings: tuple[str, ...] = _ENDINGS) -> list[Path]:
    try:
        return sorted(
            one
            for one in folder.iterdir()
            if one.suffix.lower() in endings and not one.name.startswith((".", "~$")) and one.is_file()
        )
    except OSError:  # no such folder
        return []
