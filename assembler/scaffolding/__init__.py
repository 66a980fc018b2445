"""The first distribution of a plugin author: ``modele/``, under another name.

``modele/`` is a plugin like any other, that installs and keeps its promises. What is not text (the Word
files) is made when it is copied.
"""

from __future__ import annotations

import importlib.util
import keyword
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from assembler.contributions import Format
from assembler.errors import UsageError
from assembler.manager import Plugins
from assembler.testing import make_dossier
from assembler.text import clean, plain

__all__ = ["new_plugin"]

_ACCUSE = """\
# Accusé de réception
{{ demandeur }},
Nous avons bien reçu, le {{ date_depot | date_longue }}, le dossier « {{ intitule }} ». Il contient :
{%p for piece in pieces %}
– {{ piece }}
{%p endfor %}
"""
_DEMANDE = """\
# Demande
Demande présentée par Camille Exemple au titre de mon format.
Elle porte sur un projet d’exemple.
"""
_WORD_FILES: Mapping[str, str] = {
    "src/mon_format/gabarits/accuse-reception.docx": _ACCUSE,
    "src/mon_format/exemple/Demande.docx": _DEMANDE,
    "fixtures/mon_format/complet/Demande.docx": _DEMANDE,
}
_LONGEST = 30


def new_plugin(name: str, plugins: Plugins, folder: Path | None = None) -> Path:
    """Write a complete distribution: one format, one rule, one template, its test dossiers and its tests.

    Args:
        name: as a person says it (« Contrat de ville »); the package is ``contrat_de_ville``.
        plugins: what is installed, whose names and prefixes are taken.
        folder: where; None: ``contrat-de-ville`` in the current folder.

    Returns:
        The folder.

    Raises:
        UsageError: no package can have that name, it is taken, or the folder is not empty.
    """
    package = _package(name, plugins)
    target = folder or Path(package.replace("_", "-"))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"« {target} » existe déjà, et n’est pas vide : rien n’a été écrit.")
    # It is written between quotes, in Python, TOML and Markdown.
    title = " ".join(re.sub(r'["\\`]', " ", clean(name)).replace("_", " ").split())
    words = {
        "mon_format": package,
        "mon-format": package.replace("_", "-"),
        "MonFormat": "".join(part.capitalize() for part in package.split("_")),
        "Mon format": title[:1].upper() + title[1:],
        "mon format": plain(title),
        "MF-": f"{_prefix(package, plugins.formats())}-",
    }
    texts = {**dict(_files(files(__name__) / "modele")), **_WORD_FILES}
    return make_dossier(target, {_renamed(one, words): _renamed(text, words) for one, text in texts.items()})


def _package(name: str, plugins: Plugins) -> str:
    package = "_".join(plain(name).split())
    if keyword.iskeyword(package):
        raise UsageError(f"« {package} » est un mot réservé de Python : choisissez un autre nom.")
    if not re.fullmatch(rf"[a-z][a-z0-9_]{{1,{_LONGEST - 1}}}", package):
        raise UsageError(
            f"« {name} » ne peut pas nommer un plugin : il faut de 2 à {_LONGEST} lettres ou chiffres, "
            "et une lettre d’abord."
        )
    taken = {*plugins.formats(), *(one.nom for one in plugins.statuses)}
    known = package in sys.stdlib_module_names or importlib.util.find_spec(package) is not None
    if package in taken or known:
        what = "d’un plugin ou d’un format" if package in taken else "d’un module Python"
        raise UsageError(f"« {package} » est déjà le nom {what} : choisissez-en un autre.")
    return package


def _prefix(package: str, formats: Mapping[str, Format]) -> str:
    """Return a prefix for the ids of rules, that no installed plugin uses: initials, or first letters."""
    taken = {rule.id.partition("-")[0] for one in formats.values() for rule in one.rules}
    initials = "".join(part[0] for part in package.split("_"))
    letters = package.replace("_", "")
    whole = [initials] if len(initials) > 1 else []
    whole += [letters[:size] for size in range(3, len(letters) + 1)]
    whole += [f"{letters[:3]}{number}" for number in range(2, 100)]
    return next(one.upper() for one in whole if one.upper() not in taken)


def _files(folder: Traversable, below: str = "") -> Iterator[tuple[str, str]]:
    for one in folder.iterdir():
        if one.is_dir():
            if one.name != "__pycache__":
                yield from _files(one, f"{below}{one.name}/")
        else:
            yield f"{below}{one.name}", one.read_text(encoding="utf-8")


def _renamed(text: str, words: Mapping[str, str]) -> str:
    """Replace every word at once: what replaces one is never replaced in turn."""
    return re.sub("|".join(map(re.escape, words)), lambda found: words[found[0]], text)
