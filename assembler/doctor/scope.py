"""The names that a place of a template knows, and the quotes that Word curls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assembler.doctor.values import Value

__all__ = ["Scope", "straightened"]

_APOSTROPHE = re.compile(r"(?<=\w)’(?=\w)")
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\ue01d": "’"})


def straightened(tag: str) -> str:
    """Return a tag with the quotes that Word curls made straight, as when it is rendered."""
    return _APOSTROPHE.sub("\ue01d", tag).translate(_QUOTES)


@dataclass(slots=True)
class Scope:
    """The names that a place of the template knows, the nearest first."""

    root: Value
    frames: list[dict[str, Value | None]] = field(default_factory=list)

    def get(self, name: str) -> Value | KeyError | None:
        """Return the value of a name, None when nothing is known of it, an error when it does not exist."""
        for frame in reversed(self.frames):
            if name in frame:
                return frame[name]
        return self.root.fields.get(name, KeyError(name))

    def names(self) -> list[str]:
        """Return every name known here."""
        return [*(name for frame in self.frames for name in frame), *self.root.fields]
