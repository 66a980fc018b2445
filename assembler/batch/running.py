"""One pass over a folder of dossiers: find, check what changed, bring the register up to date."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from socket import gethostname

from assembler import __version__
from assembler.batch.cache import Cache, Signatures, circumstances
from assembler.batch.entry import Entry, Task, installed
from assembler.batch.executors import LOCAL, each, pool_of
from assembler.batch.finding import Found, find_dossiers, identity
from assembler.batch.placing import update
from assembler.batch.register import Row, merged
from assembler.errors import FolderHeld, NothingToCheck, UnreadableDossier, UsageError, WritingError
from assembler.files import reason
from assembler.fingerprints import rules_fingerprint
from assembler.locking import Lock
from assembler.manager import Plugins
from assembler.pipeline import Request
from assembler.reporters.json_ import json_bytes
from assembler.writing import LOCK, add_to_journal

__all__ = ["Options", "Pass", "dossiers_of", "run"]

_SHOWN = 3
"""Names of files that are in no dossier, said of one folder."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """How a pass is made."""

    request: Request
    disabled: tuple[str, ...] = ()
    """Plugins left out."""
    output: Path | None = None
    """Where the register goes; None: in the folder of the dossiers."""
    executor: str = LOCAL
    """``local``, or ``dask=tcp://HOST:PORT``."""
    processes: int | None = None
    everything: bool = False
    """Read all of it again."""
    hashes: bool = False
    """Tell what changed by contents, where times lie."""
    command: str = "assemble lot"
    """The command line, for the lock and the journal of the register."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """What a pass gave."""

    rows: tuple[Row, ...]
    """Those of the register: the dossiers by name, then those that are no longer there."""
    codes: tuple[int, ...]
    """Exit code of each dossier, and that of a register which can be written nowhere."""
    read: int
    """Dossiers that were read; the others had not changed."""
    written: tuple[Path, ...]
    """The files of the register that were written."""
    notes: tuple[str, ...]
    """What is to be said of files in no dossier, of the cache and of the register, in French."""


def run(
    parent: Path,
    options: Options,
    *,
    reported: Callable[[bytes], None] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    busy: Collection[Path] = (),
) -> Pass:
    """Check every dossier below ``parent`` and write the register.

    Args:
        parent: the folder that gathers the dossiers.
        options: how.
        reported: called with the JSON report of each dossier, one line, as it comes, in order of names.
        progress: called with the dossiers done, and all of them.
        busy: dossiers that somebody is still copying: left for another pass, their rows as they stand.

    Raises:
        NothingToCheck: there is no dossier below.
        UnreadableDossier: the folder went while it was being read.
        UsageError: no such folder, format, step, reference folder or executor.
        PluginError: two plugins conflict.
    """
    plugins = installed(options.disabled)
    _refuse_unknown(plugins, options.request)
    here = identity(parent)
    places = find_dossiers(parent, plugins.formats().values(), options.output)
    found = tuple(one for one in places if not one.loose)
    stray = [_stray(one) for one in places if one.loose]
    if not found:
        raise NothingToCheck(" ".join((f"Aucun dossier dans « {parent} ».", *stray)))
    left = {one.name for one in found if one.path in busy}
    found = tuple(one for one in found if one.name not in left)
    pairs: list[tuple[Found, Entry]] = []
    read = 0
    with Cache() as cache:
        for one, entry, fresh in _checked(found, plugins, options, cache, reported):
            pairs.append((one, entry))
            read += fresh
            progress(len(pairs), len(found))
        codes = [entry.exit_code for _, entry in pairs]
        today = options.request.today
        folder = options.output or parent
        if identity(parent) != here:  # nothing is written where a share was, nor believed of it
            raise UnreadableDossier(f"« {parent} » ne répond plus : recommencez quand il sera revenu.")
        try:
            with Lock(folder / LOCK, options.command):
                rows, written, notes = update(folder, parent, pairs, today, cache, left)
                notes += _noted(folder, written, plugins, options) if written else []
        except WritingError as error:
            told = f"Registre : {error}"
            if not isinstance(error, FolderHeld):
                told += " Ou écrivez-le ailleurs, avec --sortie."
            rows, written, notes = merged(pairs, (), today), [], [told]
            codes.append(error.exit_code)
    return Pass(
        rows=tuple(rows),
        codes=tuple(codes),
        read=read,
        written=tuple(written),
        notes=(*stray, *((cache.note,) if cache.note else ()), *notes),
    )


def dossiers_of(parent: Path, options: Options) -> Callable[[], list[Path]]:
    """Return what finds the dossiers of a pass; it raises what :func:`find_dossiers` does."""
    formats = installed(options.disabled).formats().values()
    return lambda: [one.path for one in find_dossiers(parent, formats, options.output) if not one.loose]


def _refuse_unknown(plugins: Plugins, request: Request) -> None:
    """Refuse once what would be refused of each dossier."""
    formats = plugins.formats()
    if request.format_id is not None and request.format_id not in formats:
        installed_ones = ", ".join(sorted(formats))
        raise UsageError(
            f"Le format « {request.format_id} » n’existe pas. Formats installés : {installed_ones}."
        )
    steps = dict.fromkeys(step.id for format_ in formats.values() for step in format_.steps)
    if request.step is not None and request.step not in steps:
        raise UsageError(f"L’étape « {request.step} » n’existe pas. Étapes : {', '.join(steps)}.")
    if request.reference_folder is not None and not request.reference_folder.is_dir():
        raise UsageError(f"--referentiels : « {request.reference_folder} » n’est pas un dossier.")


def _checked(
    found: Sequence[Found],
    plugins: Plugins,
    options: Options,
    cache: Cache,
    reported: Callable[[bytes], None] | None,
) -> Iterator[tuple[Found, Entry, bool]]:
    """Yield each dossier in order with what was found of it, and whether it was read for that."""
    request = options.request
    asked = f"{circumstances(plugins, request)} {'contenus' if options.hashes else 'dates'}"
    kinds = tuple(kind for format_ in plugins.formats().values() for kind in format_.reference_files)
    signatures = Signatures(kinds, request.reference_folder, options.hashes)
    signed = {one.name: signatures.of(one.path) for one in found}
    today = request.today.isoformat()
    known = (
        {}
        if options.everything
        else {
            one.name: entry for one in found if (entry := cache.get(one.path, asked, signed[one.name], today))
        }
    )
    remote = options.executor != LOCAL
    if remote and request.reference_folder is not None:
        request = replace(request, reference_folder=request.reference_folder.absolute())
    tasks = [
        Task(
            path=str(one.path.absolute() if remote else one.path),
            request=request,
            disabled=options.disabled,
            host=gethostname() if remote else None,
        )
        for one in found
        if one.name not in known
    ]
    results = each(tasks, pool_of(options.executor, options.processes, len(tasks)))
    for one in found:
        entry = known.get(one.name)
        if entry is not None:
            kept = cache.report(one.path, asked) if reported else None
            if reported and kept:
                reported(_as_asked(kept, one))
            yield one, entry, False
            continue
        _, result = next(results)
        cache.put(one.path, asked, signed[one.name], result)
        if reported:
            reported(_as_asked(result.report, one) if remote else zlib.decompress(result.report))
        yield one, result.entry, True


def _noted(folder: Path, written: Sequence[Path], plugins: Plugins, options: Options) -> list[str]:
    """Add to the journal of the register, beside it, the line of this pass; say why when it cannot be."""
    try:
        add_to_journal(
            folder,
            command=options.command,
            version=__version__,
            regles=rules_fingerprint(plugins),
            documents=[{"nom": one.name, "sha256": sha256(one.read_bytes()).hexdigest()} for one in written],
        )
    except (WritingError, OSError) as error:  # the register stands all the same
        return [f"Le journal n’est pas tenu : {reason(error) if isinstance(error, OSError) else error}"]
    return []


def _as_asked(kept: bytes, one: Found) -> bytes:
    """Return a report that was kept, under the path that is asked for now."""
    report = json.loads(zlib.decompress(kept))
    report["dossier"]["chemin"] = str(one.path)
    return json_bytes(report)


def _stray(one: Found) -> str:
    """Say which documents lie in a folder that gathers dossiers."""
    where = "" if one.name == "." else f" dans « {one.name} »"
    if len(one.loose) == 1:
        return f"Fichier isolé{where} : « {one.loose[0]} » ; rangez-le dans le dossier qu’il concerne."
    more = len(one.loose) - _SHOWN
    named = ", ".join(f"« {name} »" for name in one.loose[:_SHOWN])
    named += f" et {more} autre{'s' * (more > 1)}" if more > 0 else ""
    return f"Fichiers isolés{where} : {named} ; rangez chacun dans le dossier qu’il concerne."
