"""Paper, styles and small XML pieces that every template is made of.

Texts are written plainly: ``~`` is a non-breaking space, ``**…**`` is bold, a newline is a line break inside
the paragraph, straight quotes and spaces before double punctuation become typographic. Jinja tags are
left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from assembler.french import typo

__all__ = [
    "LARGE",
    "UTILE",
    "boucle",
    "champ",
    "consigne",
    "etroit",
    "ligne",
    "p",
    "remettre_a_zero",
    "runs",
    "saut",
    "si",
    "sommaire",
    "table",
    "titre",
]

UTILE = 9354
"""Width between the margins of an upright A4 page, in twentieths of a point (165 mm)."""
LARGE = 14570
"""The same for a page on its side (257 mm)."""

_BOLD = re.compile(r"(\*\*)")
_BREAKS = {"\t": "<w:tab/>", "\n": "<w:br/>"}
_NBSP = "\u00a0"
_ids = iter(range(1, 1_000_000))


def etroit(text: str) -> str:
    """Return literal French text with its apostrophes and non-breaking spaces; tags are left alone."""
    # « n° » is not torn from a number that a tag will print
    return typo(text.replace("n° {{", "n°~{{").replace("~", _NBSP))


def _run(text: str, bold: bool, extra: str = "") -> str:
    if not text:
        return ""
    props = extra + ("<w:b/><w:bCs/>" if bold else "")
    rpr = f"<w:rPr>{props}</w:rPr>" if props else ""
    out = []
    for part in re.split("([\t\n])", text):
        inside = _BREAKS.get(part) or f'<w:t xml:space="preserve">{escape(part)}</w:t>'
        if part:
            out.append(f"<w:r>{rpr}{inside}</w:r>")
    return "".join(out)


def runs(text: str, extra: str = "") -> str:
    """Return the runs of a text in the workshop's notation."""
    out, bold = [], False
    for part in _BOLD.split(etroit(text)):
        if part == "**":
            bold = not bold
            continue
        out.append(_run(part, bold, extra))
    return "".join(out)


def p(
    text: str = "",
    style: str | None = None,
    *,
    suite: bool = False,
    signet: str | None = None,
    page: bool = False,
    xml: str = "",
) -> str:
    """Return a paragraph.

    Args:
        text: in the workshop's notation.
        style: style id; None is the body's.
        suite: stays, whole, on the page of the next paragraph.
        signet: name of a bookmark around the text.
        page: starts a new page.
        xml: runs to add after the text (fields).
    """
    props = (
        (f'<w:pStyle w:val="{style}"/>' if style else "")
        + ("<w:keepNext/><w:keepLines/>" if suite else "")
        + ("<w:pageBreakBefore/>" if page else "")
    )
    body = runs(text) + xml
    if signet:
        number = next(_ids)
        body = (
            f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(signet)}/>{body}'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )
    return f"<w:p>{f'<w:pPr>{props}</w:pPr>' if props else ''}{body}</w:p>"


def titre(level: int, text: str, *, signet: str | None = None, page: bool = False) -> str:
    """Return a heading."""
    return p(text, f"Titre{level}", signet=signet, page=page)


def si(condition: str, *inside: str, sinon: Sequence[str] = ()) -> str:
    """Return paragraphs printed on a condition, each tag alone in its paragraph."""
    other = [p("{%p else %}"), *sinon] if sinon else []
    return "".join([p(f"{{%p if {condition} %}}"), *inside, *other, p("{%p endif %}")])


def boucle(each: str, *inside: str) -> str:
    """Return paragraphs repeated: ``boucle("a in actions", p("{{ a }}"))``."""
    return "".join([p(f"{{%p for {each} %}}"), *inside, p("{%p endfor %}")])


def champ(code: str, shown: str) -> str:
    """Return the runs of a Word field with what it showed last."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"<w:r><w:t>{escape(shown)}</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def sommaire(entries: Iterable[tuple[str, str]]) -> str:
    r"""Return a table of contents that Word and LibreOffice can rebuild, with its entries.

    Page numbers are left out (``\\n``): what is printed is then right without an update, which
    Word would ask about each time the file opens.

    Args:
        entries: bookmark and title of each heading.
    """
    listed = list(entries)
    out = []
    for index, (signet, text) in enumerate(listed):
        start = (
            (
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
                '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-1" \\n \\h \\z </w:instrText></w:r>'
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            )
            if index == 0
            else ""
        )
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' if index == len(listed) - 1 else ""
        link = f'<w:hyperlink w:anchor={quoteattr(signet)} w:history="1">{runs(text)}</w:hyperlink>'
        out.append(f'<w:p><w:pPr><w:pStyle w:val="Sommaire1"/></w:pPr>{start}{link}{end}</w:p>')
    return "".join(out)


def consigne(text: str, *, alias: str, suite: bool = False) -> str:
    """Return an empty content control whose guidance is a placeholder, hence not text.

    ``suite`` keeps it on the page of what follows.
    """
    number = next(_ids)
    hint = '<w:rStyle w:val="Consigne"/>'
    kept = "<w:keepNext/>" if suite else ""
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val={quoteattr(etroit(alias))}/><w:id w:val="{100000 + number}"/>'
        "<w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        f'<w:p><w:pPr><w:pStyle w:val="Guide"/>{kept}</w:pPr>{runs(text, extra=hint)}</w:p>'
        "</w:sdtContent></w:sdt>"
    )


def ligne(
    cells: Sequence[str],
    widths: Sequence[int],
    *,
    entete: bool = False,
    gras: bool = False,
    hauteur: int | None = None,
    suite: bool = False,
) -> str:
    r"""Return a table row; a cell holds a text, several (``\\n``), or ready paragraphs.

    ``hauteur``: the least height, in twentieths of a point, of a row in which a hand writes.
    ``suite``: it stays on the page of the next one.
    """
    out = []
    style = "TableauTitre" if entete else "Tableau"
    for text, width in zip(cells, widths, strict=True):
        shade = '<w:shd w:val="clear" w:color="auto" w:fill="000091"/>' if entete else ""
        if text.startswith("<w:"):
            inside = text
        else:
            marked = [f"**{one}**" if gras and one else one for one in text.split("\n")]
            inside = "".join(p(one, style, suite=suite) for one in marked)
        out.append(f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{inside}</w:tc>')
    head = "<w:tblHeader/>" if entete else ""
    if hauteur:
        head = f'<w:trHeight w:val="{hauteur}" w:hRule="atLeast"/>{head}'
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(out)}</w:tr>"


def _control(tag: str, widths: Sequence[int]) -> str:
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{p(tag if index == 0 else '', 'Tableau')}</w:tc>"
        for index, width in enumerate(widths)
    )
    return f"<w:tr>{cells}</w:tr>"


def table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str] | str],
    widths: Sequence[int],
    *,
    legende: str,
    hauteur: int | None = None,
    entier: bool = False,
) -> str:
    """Return a table whose header row repeats on each page and whose rows do not split.

    Args:
        headers: the header row.
        rows: cells, or a control line « for x in y », « endfor », « if … », « else », « endif ».
        widths: of the columns, in twentieths of a point.
        legende: what the table holds, for who does not see it (RGAA).
        hauteur: of its rows, when a hand writes in them; see :func:`ligne`.
        entier: it does not run over two pages; for short tables.
    """
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = "".join(
        _control(f"{{%tr {row} %}}", widths)
        if isinstance(row, str)
        else ligne(row, widths, hauteur=hauteur, suite=entier and rank < len(rows))
        for rank, row in enumerate(rows, 1)
    )
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableauEtat"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(etroit(legende))}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{ligne(headers, widths, entete=True)}{body}</w:tbl>"
    )


def saut(section: str) -> str:
    """Return the end of a section: the paragraph that carries its page set-up."""
    return f"<w:p><w:pPr>{section}</w:pPr></w:p>"


def remettre_a_zero() -> None:
    """Start the numbers of bookmarks and controls again: one document, one series."""
    global _ids
    _ids = iter(range(1, 1_000_000))
