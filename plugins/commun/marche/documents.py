"""The documents of a marché subséquent, whatever the format: template, values, condition of each."""

from __future__ import annotations

from assembler.contributions import Template

__all__ = ["ATTRIBUTION", "LANCEMENT"]

LANCEMENT: tuple[Template, ...] = ()
"""Beside the CCTP, which each format feeds from its own note: what a consultation is made of."""

ATTRIBUTION: tuple[Template, ...] = ()
"""From the opening of the offers to the notification."""
