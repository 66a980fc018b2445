"""What a cell of an Excel workbook shows: its value under its number format, written in French.

Source: ECMA-376 part 1, § 18.3.1.4 (cell), § 18.4 (shared strings), § 18.8.30 (number formats).
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from lxml import etree

__all__ = ["Formats", "shared_strings", "shown"]

_BUILT_IN = {
    9: "0%",
    10: "0.00%",
    22: "d/m/y h:mm",
    **dict.fromkeys(range(14, 18), "d/m/y"),
    **dict.fromkeys((*range(18, 22), *range(45, 48)), "h:mm"),
}
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[(?!h)[^\]]*\]', re.IGNORECASE)
_DAY = re.compile(r"[dy]|^[^hs]*m[^hs]*$", re.IGNORECASE)
"""« m » is a month, unless hours or seconds stand beside: minutes."""
_HOUR = re.compile(r"h|s", re.IGNORECASE)
_ZEROS = re.compile(r"0{2,20}")
_RETURN = re.compile(r"_x000D_\n?", re.IGNORECASE)
_TEXTS = ("str", "e", "d")
_LAST_DAY = 2_958_465
"""31 December 9999, in days of Excel."""


class Formats:
    """The number formats of a workbook, by the style of a cell.

    Args:
        styles: root of the styles part, when there is one.
        since_1904: the workbook counts its days from 1904, as old Macs did.
    """

    def __init__(self, styles: etree._Element | None, *, since_1904: bool = False) -> None:
        codes = dict(_BUILT_IN)
        self._cells: list[str] = []
        self.first_day = dt.datetime(1904, 1, 1) if since_1904 else dt.datetime(1899, 12, 30)
        if styles is None:
            return
        for node in styles.iterfind("{*}numFmts/{*}numFmt"):
            if (number := node.get("numFmtId", "")).isdecimal():
                codes[int(number)] = node.get("formatCode", "")
        for node in styles.iterfind("{*}cellXfs/{*}xf"):
            number = node.get("numFmtId", "0")
            self._cells.append(codes.get(int(number), "") if number.isdecimal() else "")

    def code(self, style: str | None) -> str:
        """Return the format code of a cell's style, quoted text taken off; empty for « General »."""
        if style is None or not style.isdecimal() or int(style) >= len(self._cells):
            return ""
        return _QUOTED.sub("", self._cells[int(style)].split(";")[0])

    def euros(self, style: str | None) -> bool:
        """Tell whether the amounts of that style are shown in euros."""
        known = style is not None and style.isdecimal() and int(style) < len(self._cells)
        return known and "€" in self._cells[int(style or 0)]


def shared_strings(root: etree._Element) -> list[str]:
    """Return the texts that cells share, pronunciation marks left out."""
    return [_text(node) for node in root.iterfind("{*}si")]


def shown(cell: etree._Element, strings: list[str], formats: Formats) -> str:
    """Return what a cell shows; a formula shows the value last calculated, nothing when it has none."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find("{*}is")
        return "" if inline is None else _text(inline)
    value = cell.findtext("{*}v") or ""
    if kind == "s":
        return strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
    if kind == "b":
        return {"1": "VRAI", "0": "FAUX"}.get(value, "")
    if kind in _TEXTS or not value:
        return _RETURN.sub("\n", value)
    return _number(value, cell.get("s"), formats)


def _text(node: etree._Element) -> str:
    parts = [node.findtext("{*}t") or "", *(run.findtext("{*}t") or "" for run in node.iterfind("{*}r"))]
    return _RETURN.sub("\n", "".join(parts))


def _number(value: str, style: str | None, formats: Formats) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    code = formats.code(style)
    if (_DAY.search(code) or _HOUR.search(code)) and 0 <= number <= _LAST_DAY:
        return _moment(number, code, formats.first_day)
    if "%" in code:
        return f"{_plain(number * 100)} %"
    if _ZEROS.fullmatch(code) and number >= 0 and number == number.to_integral_value():
        return str(int(number)).zfill(len(code))
    return f"{_plain(number)} €" if formats.euros(style) else _plain(number)


def _moment(number: Decimal, code: str, first_day: dt.datetime) -> str:
    """Return a date, a time, or both, as the format shows them; Excel counts days."""
    when = first_day + dt.timedelta(seconds=round(float(number) * 86_400))
    if not _DAY.search(code):
        return when.strftime("%H:%M")
    return when.strftime("%d/%m/%Y %H:%M" if _HOUR.search(code) else "%d/%m/%Y")


def _plain(number: Decimal) -> str:
    """Return a number with at most 10 decimals: binary noise (0,1 + 0,2) is not shown."""
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        return str(number)
    rounded = round(number, 10).normalize()
    return f"{rounded:f}".replace(".", ",") if rounded else "0"
