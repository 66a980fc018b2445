"""A document compared with the one that was looked at: member by member, in words that a person reads."""

from __future__ import annotations

import difflib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from assembler.testing.office import OFFICE, text_of

__all__ = ["compare", "differences", "update"]

_SHOWN = 12
"""Lines of one member, at most."""
_PROPERTIES = ("docProps/", "META-INF/")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)


def differences(found: bytes, golden: bytes, name: str) -> tuple[str, ...]:
    """Return how two files differ, in lines « - attendu » and « + trouvé »; nothing when they mean the same.

    Office files are compared by their text, then member by member, their XML being in canonical form (order
    of the attributes, spaces between tags): a zip packed otherwise is the same file.

    Args:
        found: what was made.
        golden: what is expected.
        name: name of the file, whose extension tells its kind.
    """
    if found == golden:
        return ()
    if not name.lower().endswith(OFFICE):
        return _diff(_text(golden), _text(found), name)
    try:
        mine, theirs = _members(found), _members(golden)
    except (zipfile.BadZipFile, OSError) as error:
        return (f"{name} : le fichier .zip ne s’ouvre pas ({error})",)
    told = _diff(text_of(golden, name).splitlines(), text_of(found, name).splitlines(), f"{name}, le texte")
    lines = list(told)
    for member in sorted({*mine, *theirs}):
        one, two = mine.get(member), theirs.get(member)
        if one is None or two is None:
            lines.append(f"{name} : {member} {'manque' if one is None else 'est en trop'}")
        elif one != two and not (told and not member.startswith(_PROPERTIES)):
            lines += _diff(two, one, f"{name}, {member}")
    return tuple(lines)


def compare(found: bytes, golden: Path, updating: bool = False) -> tuple[str, ...]:
    """Return how a document differs from the file that keeps it as it was looked at.

    Args:
        found: what was made.
        golden: the file, kept beside the tests.
        updating: writes it instead, to be looked at and committed (``pytest --maj-attendus``).
    """
    if updating:
        update(found, golden)
        return ()
    if not golden.is_file():
        return (f"{golden.name} n’existe pas encore : lancez pytest --maj-attendus, puis regardez-le",)
    return differences(found, golden.read_bytes(), golden.name)


def update(found: bytes, golden: Path) -> bool:
    """Write what is expected, when it means something else than the file that is there.

    Returns:
        Whether the file was written.
    """
    if golden.is_file() and not differences(found, golden.read_bytes(), golden.name):
        return False
    golden.parent.mkdir(parents=True, exist_ok=True)
    golden.write_bytes(found)
    return True


def _members(content: bytes) -> dict[str, list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: _lines(name, package.read(name)) for name in package.namelist()}


def _lines(name: str, data: bytes) -> list[str]:
    if not name.endswith((".xml", ".rels")):
        return _text(data)
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError:
        return _text(data)
    canonical = etree.fromstring(etree.tostring(root, method="c14n"), _PARSER)
    return etree.tostring(canonical, pretty_print=True, encoding="unicode").splitlines()


def _text(data: bytes) -> list[str]:
    try:
        return data.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return [data[start : start + 32].hex(" ") for start in range(0, len(data), 32)]


def _diff(before: list[str], after: list[str], what: str) -> tuple[str, ...]:
    lines = list(_changed(before, after))
    if not lines:
        return ()
    more = len(lines) - _SHOWN
    return (f"{what} :", *lines[:_SHOWN], *([f"  … et {more} lignes de plus"] if more > 0 else []))


def _changed(before: list[str], after: list[str]) -> Iterator[str]:
    for line in difflib.ndiff(before, after) if len(before) + len(after) < 2000 else _plainly(before, after):
        if line.startswith(("- ", "+ ")):
            yield f"  {line[:160]}"


def _plainly(before: list[str], after: list[str]) -> Iterator[str]:
    """Compare long members: ndiff would take minutes."""
    lines = difflib.unified_diff(before, after, n=0, lineterm="")
    yield from (f"{line[0]} {line[1:]}" for line in lines if line[:3] not in ("---", "+++", "@@ "))
