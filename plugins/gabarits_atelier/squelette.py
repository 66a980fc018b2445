# ruff: noqa: E501 - French sentences and XML are read unbroken
"""The parts of a .docx around its text: styles, numbering, settings, footers, properties."""

from __future__ import annotations

from xml.sax.saxutils import escape

from assembler.rendering.canonical import canonical_zip

from .papier import LARGE, UTILE, champ, etroit, p
from .styles import HEAD, NS, numbering, styles

__all__ = ["PAYSAGE", "PORTRAIT", "docx", "pied_lettre", "pied_piece"]

_FOOT = '<w:footerReference w:type="default" r:id="rId10"/>'
_FIRST = '<w:footerReference w:type="first" r:id="rId11"/>'
_UPRIGHT = (
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1418" w:header="567" w:footer="567" w:gutter="0"/>'
)
_SIDE = (
    '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/>'
)
PORTRAIT = f"<w:sectPr>{_FOOT}{_FIRST}{_UPRIGHT}<w:titlePg/></w:sectPr>"
"""Upright A4, margins 20/20/20/25 mm, its own footer on the first page."""
PAYSAGE = f"<w:sectPr>{_FOOT}{_FIRST}{_SIDE}<w:titlePg/></w:sectPr>"
"""A4 on its side."""


_SETTINGS = (
    f'{HEAD}<w:settings {NS}><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="fr-FR"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
)


def _page(prefix: str = "") -> str:
    return p(
        f"{prefix}page ",
        "Pieddepage",
        xml=champ("PAGE", "1") + '<w:r><w:t xml:space="preserve">/</w:t></w:r>' + champ("NUMPAGES", "1"),
    )


def pied_lettre() -> tuple[str, str]:
    """Return the footers of a letter: address everywhere, page from the second one."""
    address = p("{{ expediteur.pied }}", "Pieddepage")
    return address, address + _page()


def pied_piece(text: str) -> tuple[str, str]:
    """Return the footers of a contract document or a form: its name and the page."""
    return (_page(text + " – "),) * 2


def _footer(body: str) -> str:
    return f"{HEAD}<w:ftr {NS}>{body}</w:ftr>"


def docx(body: str, *, title: str, subject: str, feet: tuple[str, str], section: str = PORTRAIT) -> bytes:
    """Return a complete .docx, the same bytes for the same text.

    Args:
        body: XML of the paragraphs and tables.
        title: of the document's properties.
        subject: of the document's properties.
        feet: footer of the first page, footer of the others.
        section: page set-up of the last section.
    """
    document = f"{HEAD}<w:document {NS}><w:body>{body}{section}</w:body></w:document>"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    kinds = {
        "document.main": "document",
        "styles": "styles",
        "numbering": "numbering",
        "settings": "settings",
    }
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{main}.{kind}+xml"/>'
        for kind, part in kinds.items()
    )
    overrides += "".join(
        f'<Override PartName="/word/footer{i}.xml" ContentType="{main}.footer+xml"/>' for i in (1, 2)
    )
    overrides += (
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>'
    )
    members = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{rel}/officeDocument" Target="word/document.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        f'<Relationship Id="rId3" Type="{rel}/extended-properties" Target="docProps/app.xml"/></Relationships>',
        "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(etroit(title))}</dc:title><dc:subject>{escape(etroit(subject))}</dc:subject>"
        "<dc:creator></dc:creator><dc:language>fr-FR</dc:language></cp:coreProperties>",
        "docProps/app.xml": f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<Application>assembler</Application></Properties>",
        "word/document.xml": document,
        "word/_rels/document.xml.rels": f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{rel}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId2" Type="{rel}/numbering" Target="numbering.xml"/>'
        f'<Relationship Id="rId3" Type="{rel}/settings" Target="settings.xml"/>'
        f'<Relationship Id="rId10" Type="{rel}/footer" Target="footer1.xml"/>'
        f'<Relationship Id="rId11" Type="{rel}/footer" Target="footer2.xml"/></Relationships>',
        "word/styles.xml": styles(),
        "word/numbering.xml": numbering(),
        "word/settings.xml": _SETTINGS,
        "word/footer1.xml": _footer(feet[1]),
        "word/footer2.xml": _footer(feet[0]),
    }
    return canonical_zip({name: text.encode() for name, text in members.items()})


assert UTILE == 11906 - 1134 - 1418
assert LARGE == 16838 - 2 * 1134
