"""The checks that the rules of the territory name in ``controle``: the table of contents."""

from __future__ import annotations

from collections.abc import Mapping

from assembler_plugins.territoire import communes, intercommunalites, services

from assembler.contributions import Check

__all__ = ["CHECKS"]

CHECKS: Mapping[str, Check] = {
    name: getattr(module, name)
    for module in (communes, intercommunalites, services)
    for name in module.__all__
}
"""By name, what ``controle`` may say in a rule file."""
