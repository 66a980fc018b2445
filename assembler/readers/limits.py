"""The bounds on what is opened, in one place.

Calibrated on 1,439 public Word files and 3,346 workbooks and OpenDocument files, of which none
is refused for its size or its ratio (robustesse.md § 3).
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LIMITS", "MEGA", "Limits"]

MEGA = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds on what is opened; sizes in bytes."""

    file: int = 200 * MEGA
    expanded: int = 400 * MEGA
    """All the members of a package together, as declared."""
    xml_part: int = 50 * MEGA
    members: int = 5_000
    ratio: int = 200
    """Expanded over compressed, for parts that we inflate…"""
    ratio_from: int = 2 * MEGA
    """… and whose expanded size is above this."""


LIMITS = Limits()
