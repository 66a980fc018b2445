"""Readers fed with files that were spoiled at random: they read, or refuse with a reason; nothing else.

``python tests/fuzz.py --secondes 600`` goes on until the time is over and keeps in ``--garde`` each
file that made a reader crash, hang or raise anything but a ReadingError; ``tests/test_fuzz.py`` runs it for
a few seconds.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import corpus_hostile as corpus

from assembler.contributions import Reader
from assembler.errors import ReadingError
from assembler.manager import Plugins
from assembler.readers.natures import sniff
from assembler.worker import apart

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"
_NUMBERS = (b"0", b"-1", b"1", b"65536", b"2147483647", b"99999999999999999999", b"1e308", b"NaN", b"")
_TAG = re.compile(rb"<[^<>]{1,200}>")
_VALUE = re.compile(rb'="[^"]*"')
_INTEGER = re.compile(rb"\d+")

_readers: dict[str, Reader] = {}


def attempt(data: bytes) -> str | None:
    """Read one file; return what a reader must never do, or None."""
    if not _readers:
        _readers.update(Plugins().readers())
    nature = sniff(data)
    reader = _readers.get(nature)
    if reader is None:
        return None
    try:
        reader.read(data)
    except ReadingError as error:
        return None if str(error) else "sans raison"
    except Exception as error:
        return f"{nature} : {type(error).__name__} : {str(error)[:200]}"
    return None


def seeds() -> Mapping[str, bytes]:
    """Return sound files of every nature, small ones first."""
    found = {
        "odt": corpus.odt(
            "<text:h text:outline-level='1'>Titre</text:h><text:p>Un <text:s text:c='3'/>mot.</text:p>"
        ),
        "ods": corpus.ods(
            "<table:table table:name='F'><table:table-row><table:table-cell><text:p>x</text:p>"
            "</table:table-cell></table:table-row></table:table>"
        ),
        "xlsx": corpus.sheet(corpus.CELL.format(1, "A") + corpus.CELL.format(2, "B")),
        "png": corpus.png(4, 4, b""),
        "pdf": corpus.one_page(corpus.stream(corpus.SPACES * 5)),
    }
    for file in sorted(FIXTURES.glob("complet/**/*")):
        if file.is_file() and file.suffix in (".docx", ".pdf", ".odt", ".xlsx", ".jpg", ".png"):
            found[file.name] = file.read_bytes()
    return found


def spoil(data: bytes, luck: random.Random) -> bytes:
    """Return a file spoiled in one to three places; a package is spoiled inside a part half of the time."""
    if data.startswith(b"PK") and luck.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {info.filename: archive.read(info) for info in archive.infolist()}
        name = luck.choice([one for one in parts if one.endswith((".xml", ".rels", "mimetype"))])
        for _ in range(luck.randint(1, 3)):
            parts[name] = luck.choice(_WAYS)(parts[name], luck)
        if luck.random() < 0.1:
            parts.pop(luck.choice(list(parts)))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for key, content in parts.items():
                archive.writestr(key, content)
        return out.getvalue()
    for _ in range(luck.randint(1, 3)):
        data = luck.choice(_WAYS)(data, luck)
    return data


def _bytes(data: bytes, luck: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(luck.randint(1, 8)):
        if spoilt:
            spoilt[luck.randrange(len(spoilt))] = luck.randrange(256)
    return bytes(spoilt)


def _cut(data: bytes, luck: random.Random) -> bytes:
    start = luck.randrange(len(data) + 1)
    return data[:start] + data[start + luck.randint(0, 400) :]


def _double(data: bytes, luck: random.Random) -> bytes:
    start = luck.randrange(len(data) + 1)
    return data[:start] + data[start : start + luck.randint(1, 400)] * luck.randint(2, 50) + data[start:]


def _number(data: bytes, luck: random.Random) -> bytes:
    return _one(_INTEGER, data, luck, lambda _old: luck.choice(_NUMBERS))


def _value(data: bytes, luck: random.Random) -> bytes:
    return _one(
        _VALUE, data, luck, lambda _old: b'="' + luck.choice([*_NUMBERS, b"x" * 300, b"../../x"]) + b'"'
    )


def _tag(data: bytes, luck: random.Random) -> bytes:
    other = [found[0] for found in _TAG.finditer(data)] or [b""]
    return _one(_TAG, data, luck, lambda old: luck.choice([b"", old * 2, luck.choice(other)]))


def _nest(data: bytes, luck: random.Random) -> bytes:
    """Put one element inside itself many times."""
    found = list(re.finditer(rb"<([\w:]+)[ >]", data))
    if not found:
        return data
    tag = luck.choice(found)[1]
    deep = luck.choice((10, 100, 240))
    whole = re.search(rb"<%b(?: [^<>]*)?>.*?</%b>" % (re.escape(tag), re.escape(tag)), data, re.DOTALL)
    if not whole:
        return data
    nested = b"<%b>" % tag * deep + whole[0] + b"</%b>" % tag * deep
    return data[: whole.start()] + nested + data[whole.end() :]


def _one(
    pattern: re.Pattern[bytes], data: bytes, luck: random.Random, change: Callable[[bytes], bytes]
) -> bytes:
    found = list(pattern.finditer(data))
    if not found:
        return data
    chosen = luck.choice(found)
    return data[: chosen.start()] + change(chosen[0]) + data[chosen.end() :]


_WAYS = (_bytes, _cut, _double, _number, _value, _tag, _nest)


def run(seconds: float, seed: int = 0) -> Iterator[tuple[str, bytes, str]]:
    """Spoil and read for a time.

    Yields:
        The seed's name, the file and what went wrong, for each fault.
    """
    luck = random.Random(seed)
    files = seeds()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        name = luck.choice(list(files))
        data = spoil(files[name], luck)
        try:
            fault = apart(attempt, data)
        except ReadingError as error:
            fault = str(error)
        if fault:
            yield name, data, fault


def main() -> int:
    """Run the loop; return 1 when a fault was found."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--secondes", type=float, default=60)
    options.add_argument("--graine", type=int, default=0)
    options.add_argument("--garde", type=Path, help="dossier où garder les fichiers en cause")
    given = options.parse_args()
    faults = 0
    for rank, (name, data, fault) in enumerate(run(given.secondes, given.graine)):
        print(f"{name} : {fault}", flush=True)
        if given.garde:
            given.garde.mkdir(parents=True, exist_ok=True)
            (given.garde / f"{rank:04d}-{name}").write_bytes(data)
        faults += 1
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
