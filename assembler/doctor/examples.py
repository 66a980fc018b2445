"""The values that a format's documents give their templates, drawn from its example dossiers."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from assembler.contributions import Case, Format, Template
from assembler.doctor.examining import Names
from assembler.doctor.values import Value, leaves, merged
from assembler.documents import case_of
from assembler.manager import Plugins
from assembler.pipeline import Request, check_dossier

__all__ = ["Catalogue"]

_DOSSIER = "dossier"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Given:
    contexts: tuple[Mapping[str, Any], ...]
    root: Value


class Catalogue:
    """What each document of a format may print; the examples are checked once, when first needed.

    Args:
        plugins: what is installed.
        format_: the format.
        today: date of edition of the examples.
    """

    def __init__(self, plugins: Plugins, format_: Format, today: dt.date) -> None:
        self.format = format_
        self._plugins = plugins
        self._today = today
        self._cases: list[Case] | None = None
        self._given: dict[str, _Given] = {}

    def documents(self) -> tuple[Template, ...]:
        """Return the documents that have a Word template."""
        return tuple(one for one in self.format.documents if one.template is not None)

    def given(self, template: Template) -> _Given:
        """Return the contexts of a document on the examples, and what they give together."""
        found = self._given.get(template.id)
        if found is None:
            contexts = tuple(self._contexts(template))
            found = self._given[template.id] = _Given(contexts=contexts, root=merged(contexts))
        return found

    def names(self, template: Template | None) -> Names:
        """Return what a template may name; for no document in particular, what any document gives."""
        if template is None:
            return Names(root=merged(one for each in self.documents() for one in self.given(each).contexts))
        given = self.given(template)
        assert template.template is not None  # documents() keeps no other
        return Names(
            root=given.root,
            elsewhere=partial(self._elsewhere, template),
            contexts=given.contexts,
            shipped=template.template.read_bytes(),
        )

    def _elsewhere(self, template: Template, name: str) -> str | None:
        steps = {one.id: one.title for one in self.format.steps}
        for other in self.documents():
            if other.id == template.id or not _holds(self.given(other).root, name):
                continue
            step = (
                "" if other.step == template.step else f", à l’étape « {steps.get(other.step, other.step)} »"
            )
            return f"elle appartient au document « {other.id} »{step}"
        return None

    def _contexts(self, template: Template) -> Iterator[Mapping[str, Any]]:
        if template.context is None:
            return
        for case in self._examples():
            try:
                if template.condition(case):
                    continue
                copies = [copy for copy in template.copies(case) if copy.build is None]
            except Exception:  # this example does not do for this document
                continue
            for copy in copies:
                try:
                    yield template.context(case, copy)
                except Exception:  # nor does it when it lacks what the document demands
                    continue

    def _examples(self) -> list[Case]:
        if self._cases is None:
            self._cases = []
            # kept as long as this: a document opens the pieces of the example to take an excerpt of them
            folder = tempfile.mkdtemp(prefix="assemble-")
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            for rank, files in enumerate(self.format.examples()):
                root = Path(folder, str(rank))
                for name, content in files.items():
                    target = root / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content)
                request = Request(format_id=self.format.id, today=self._today, reference_folder=root)
                checked = check_dossier(root / _DOSSIER, self._plugins, request)
                if checked.dossier is not None:
                    self._cases.append(case_of(checked, self._today))
        return self._cases


def _holds(root: Value, name: str) -> bool:
    return any(one.path == name or one.path.startswith((f"{name}.", f"{name}[")) for one in leaves(root))
