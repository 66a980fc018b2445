"""A Word template ready to render: what was compiled is kept, in memory and on disk.

docxtpl compiles at every document; keeping what was compiled and copying the untouched members of
the package as they are makes a letter twenty times faster (benchmarks, « une lettre / docxtpl »).
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType

import jinja2

from assembler import __version__
from assembler.fingerprints import files_fingerprint, version_of
from assembler.kept import kept
from assembler.rendering.canonical import Packed
from assembler.rendering.environment import Environment
from assembler.rendering.faults import Line
from assembler.rendering.preparing import Prepared, prepare

__all__ = ["Compiled", "CompiledPart", "compiled"]

_KEPT = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class CompiledPart:
    """One part of the template that holds tags."""

    name: str
    template: jinja2.Template
    lines: tuple[Line, ...]
    columns: bool
    """Holds ``{%tc … %}``: the grids of its tables must be counted again."""
    attributes: bool
    """A tag stands in an attribute: private characters may be found there too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiled:
    """A template ready to render."""

    document: str
    """Name of the main part."""
    parts: tuple[CompiledPart, ...]
    members: Mapping[str, Packed]
    """Every member but the parts that hold tags, already compressed."""
    sources: Mapping[str, bytes]
    """The small XML members that a fragment may have to change."""
    core: Mapping[str, jinja2.Template] = field(default_factory=dict)
    """Properties that the template itself gives (title, subject…)."""


_cache: OrderedDict[bytes, Compiled] = OrderedDict()
_environment = cache(Environment)


def compiled(template: bytes, name: str) -> Compiled:
    """Return the template compiled; done once for the same bytes, which another run may have done.

    Raises:
        TemplateError: names the template, the paragraph and the tag at fault.
    """
    key = hashlib.sha256(template).digest()
    found = _cache.get(key)
    if found is None:
        plain = kept("gabarits", key + _makers().encode(), lambda: prepare(template, name, _environment()))
        found = _cache[key] = _ready(plain)
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)
    _cache.move_to_end(key)
    return found


@cache
def _makers() -> str:
    """Return what compiles: our code and that of the libraries."""
    libraries = [version_of(name) for name in ("docxtpl", "jinja2", "lxml")]
    return repr((__version__, files_fingerprint([Path(__file__).parent]), libraries))


def _ready(plain: Prepared) -> Compiled:
    document, parts, members, sources, core = plain
    return Compiled(
        document=document,
        parts=tuple(
            CompiledPart(
                name=name,
                template=_template(code),
                lines=tuple(Line(*line) for line in lines),
                columns=columns,
                attributes=attributes,
            )
            for name, code, lines, columns, attributes in parts
        ),
        members={name: Packed(*packed) for name, packed in members.items()},
        sources=sources,
        core={key: _template(code) for key, code in core.items()},
    )


def _template(code: CodeType) -> jinja2.Template:
    environment = _environment()
    return jinja2.Template.from_code(environment, code, environment.make_globals(None))
