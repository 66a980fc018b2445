# ruff: noqa: E501 - XML is read unbroken
"""Content controls that a person fills in: until then their text is a placeholder, hence not text."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from .papier import etroit, runs

__all__ = ["CANDIDAT", "choix", "saisie"]

CANDIDAT = "[à compléter par le candidat]"
"""Said in words, so that nothing empty reads as filled in."""
_HINT = '<w:rStyle w:val="Consigne"/>'


def saisie(alias: str, indication: str = CANDIDAT, *, style: str | None = None) -> str:
    """Return a paragraph that is one control of free text.

    Args:
        alias: what it holds, for who does not see its place (RGAA).
        indication: shown until it is filled in.
        style: of the paragraph.
    """
    return _control(alias, "", indication, style)


def choix(alias: str, options: Sequence[str], indication: str, *, style: str | None = None) -> str:
    """Return a paragraph that is one drop-down list."""
    items = "".join(
        f"<w:listItem w:displayText={quoteattr(etroit(one))} w:value={quoteattr(etroit(one))}/>"
        for one in options
    )
    return _control(alias, f"<w:dropDownList>{items}</w:dropDownList>", indication, style)


def _control(alias: str, kind: str, indication: str, style: str | None) -> str:
    props = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return (
        f"<w:p>{props}<w:sdt><w:sdtPr><w:alias w:val={quoteattr(etroit(alias))}/><w:showingPlcHdr/>{kind}</w:sdtPr>"
        f"<w:sdtContent>{runs(indication, extra=_HINT)}</w:sdtContent></w:sdt></w:p>"
    )
