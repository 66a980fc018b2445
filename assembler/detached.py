"""Signature files put back with the file that they sign, before the pieces are recognised.

« lettre.pdf.p7s » or « lettre.xml » is no piece: it is the signature of « lettre.pdf ».
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from assembler.files import read_regular
from assembler.model import Source
from assembler.readers.limits import LIMITS
from assembler.readers.sealfiles import LARGEST, SUFFIXES, is_seal, read_seal
from assembler.text import plain

__all__ = ["attach", "rejoin"]

_RANK = re.compile(r"(?:\s+(?:sig\w*|signature\w*|xades|cades|pades|detache\w*|p7s|\d{1,2}))+$")
_CARRIERS = ("pdf", "docx", "docm", "odt", "jpg", "png", "tiff")
_NATURE = "signature"


def attach(sources: Sequence[Source]) -> tuple[tuple[Source, ...], Mapping[str, Source]]:
    """Take the signature files out of the files of a dossier, each signature going to the file it signs.

    A signature goes to the file whose name it bears, in the same folder; among several (a draft and its
    PDF), to the one whose digest it holds.

    Args:
        sources: the files, read.

    Returns:
        The other files, with their signatures; and by name the signature files, whose ``explication`` is for
        the while the name of the file signed. A signature of nothing that is there stays among the files.
    """
    seals = {one.name: data for one in sources if (data := _seal_bytes(one)) is not None}
    if not seals:
        return tuple(sources), {}
    kept = {one.name: one for one in sources if one.name not in seals}
    signed: dict[str, Source] = {}
    for one in sources:
        if one.name not in seals:
            continue
        found = [
            (read_seal(seals[one.name], content), target)
            for target in _bearers(one.name, kept.values())
            if (content := _bytes(target, LIMITS.file)) is not None and target.reading is not None
        ]
        found.sort(key=lambda pair: pair[0].integre is not True)
        if not found:
            kept[one.name] = one
            continue
        signature, target = found[0]
        reading = target.reading
        assert reading is not None  # looked at just above
        signature = replace(signature, detail=f"{signature.detail} ({PurePosixPath(one.name).name})")
        kept[target.name] = replace(
            kept[target.name],
            reading=replace(reading, signatures=(*reading.signatures, signature)),
        )
        signed[one.name] = replace(one, nature=_NATURE, defaut=None, explication=target.name)
    names = [one.name for one in sources if one.name in kept]
    return tuple(kept[name] for name in names), signed


def rejoin(sources: Sequence[Source], signed: Mapping[str, Source]) -> tuple[Source, ...]:
    """Put the signature files back after the file that each signs, as parts of the same piece."""
    found: list[Source] = []
    placed: set[str] = set()
    for one in sources:
        found.append(one)
        for seal in signed.values():
            if seal.explication == one.name and seal.name not in placed:
                placed.add(seal.name)
                by = "nom" if one.piece else None
                found.append(replace(seal, piece=one.piece, reconnu_par=by, explication=None))
    return tuple(found)


def _seal_bytes(source: Source) -> bytes | None:
    suffix = PurePosixPath(source.name).suffix.lower()
    if suffix not in SUFFIXES or not 0 < source.octets <= LARGEST:
        return None
    data = _bytes(source, LARGEST)
    return data if data is not None and (suffix in (".p7s", ".xades") or is_seal(data)) else None


def _bytes(source: Source, limit: int) -> bytes | None:
    try:
        return read_regular(Path(source.path), limit)
    except OSError:
        return None


def _bearers(name: str, sources: Iterable[Source]) -> list[Source]:
    """Return the files that a signature may be of, by its name."""
    path = PurePosixPath(name)
    folder, stem = path.parent, path.stem
    beside = [one for one in sources if PurePosixPath(one.name).parent == folder and one.nature in _CARRIERS]
    for wanted in (plain(stem), _RANK.sub("", plain(stem))):
        exact = [one for one in beside if plain(PurePosixPath(one.name).name) == wanted]
        loose = [one for one in beside if plain(PurePosixPath(one.name).stem) == wanted]
        if exact or loose:
            return exact or sorted(loose, key=lambda one: one.nature != "pdf")
    return []
