"""The named styles of a workbook that LibreOffice saved, numbered as openpyxl counts them.

LibreOffice leaves numbers that no named style has; openpyxl counts the named styles alone, and keeps for the
cells the numbers of before: what it saves then points to other styles, or to none, and Excel repairs it.
"""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from assembler.readers.containers import open_package

__all__ = ["renumbered"]

_STYLES = "xl/styles.xml"


def renumbered(content: bytes) -> bytes:
    """Return a workbook whose named styles have the numbers 0, 1, 2…; the rest as it was.

    Raises:
        ReadingError: it is no workbook.
    """
    package = open_package(content)
    if _STYLES not in package:
        return content
    root = package.xml(_STYLES)
    looks, names = root.find("{*}cellStyleXfs"), root.find("{*}cellStyles")
    if looks is None or names is None:
        return content
    named: dict[int, list[etree._Element]] = {}
    for one in names:
        named.setdefault(int(one.get("xfId", "0")), []).append(one)
    old = sorted(number for number in named if number < len(looks))
    if old == list(range(len(looks))):
        return content
    new = {number: str(place) for place, number in enumerate(old)}
    looks[:] = [looks[number] for number in old]
    names[:] = [one for number in old for one in named[number]]
    for group in (looks, names):
        group.set("count", str(len(group)))
    for one in (*names, *root.iterfind("{*}cellXfs/{*}xf")):
        one.set("xfId", new.get(int(one.get("xfId", "0")), "0"))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in package.names:
            made.writestr(name, etree.tostring(root) if name.lower() == _STYLES else package.read(name))
    return target.getvalue()
