# ruff: noqa: E501 - French sentences and XML are read unbroken
"""Styles and lists of every template; built-in names, which Word shows in its own language."""

from __future__ import annotations

__all__ = ["BLUE", "HEAD", "NS", "numbering", "styles"]

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
"""First line of every part."""
NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
"""Namespaces of every part that holds text."""
BLUE = "000091"
"""The State's blue, whose contrast with white is more than 7:1."""


def _style(
    ident: str,
    name: str,
    ppr: str = "",
    rpr: str = "",
    *,
    kind: str = "paragraph",
    based: str | None = "Normal",
    next_: str | None = None,
    default: bool = False,
    priority: int = 1,
) -> str:
    attrs = ' w:default="1"' if default else ""
    custom = (
        ""
        if name == name.lower() or name in {"Normal", "Title", "Subtitle", "Hyperlink"}
        else ' w:customStyle="1"'
    )
    return (
        f'<w:style w:type="{kind}"{attrs}{custom} w:styleId="{ident}"><w:name w:val="{name}"/>'
        + (f'<w:basedOn w:val="{based}"/>' if based and not default else "")
        + (f'<w:next w:val="{next_}"/>' if next_ else "")
        + f'<w:uiPriority w:val="{priority}"/><w:qFormat/>'
        + (f"<w:pPr>{ppr}</w:pPr>" if ppr else "")
        + (f"<w:rPr>{rpr}</w:rPr>" if rpr else "")
        + "</w:style>"
    )


def _space(before: int, after: int, line: int = 259) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


_BOLD = "<w:b/><w:bCs/>"
_RIGHT = '<w:ind w:left="4139"/>'
"""Right-hand blocks of a letter start 73 mm from the margin, 98 mm from the edge of the page: the
window of an envelope, and room for « Direction de l’habitat, de l’urbanisme et des paysages »."""


def styles() -> str:
    """Return styles.xml; built-in names, so that Word shows them in its own language."""
    fonts = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
    blue = f'<w:color w:val="{BLUE}"/>'
    keep = "<w:keepNext/><w:keepLines/>"
    stay = "<w:keepNext/>"

    def heading(level: int, size: int, before: int, after: int) -> str:
        return _style(
            f"Titre{level}",
            f"heading {level}",
            f'{keep}{_space(before, after)}<w:outlineLvl w:val="{level - 1}"/>',
            _BOLD + blue + _size(size),
            next_="Normal",
            priority=9,
        )

    parts = [
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}{_size(22)}<w:lang w:val="fr-FR" w:eastAsia="fr-FR" '
        f'w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>{_space(60, 100)}</w:pPr></w:pPrDefault>'
        "</w:docDefaults>",
        _style("Normal", "Normal", "<w:widowControl/>", default=True, priority=0),
        heading(1, 28, 360, 120),
        heading(2, 24, 240, 80),
        heading(3, 22, 180, 60),
        _style("Titre", "Title", f'{keep}{_space(120, 120)}<w:jc w:val="center"/>', _BOLD + blue + _size(36)),
        _style("Sous-titre", "Subtitle", f'{keep}{_space(60, 120)}<w:jc w:val="center"/>', _size(26)),
        _style("Couverture", "Couverture", f'{_space(2000, 60)}<w:jc w:val="center"/>'),
        _style("Mention", "Mention", f'{_space(0, 60)}<w:jc w:val="center"/>'),
        _style(
            "TitreSommaire", "toc heading", f"{stay}{_space(240, 120)}", _BOLD + blue + _size(28), priority=39
        ),
        _style("Sommaire1", "toc 1", _space(0, 80), priority=39),
        _style(
            "Listepuces",
            "list bullet",
            '<w:numPr><w:numId w:val="1"/></w:numPr>' + _space(0, 60) + '<w:contextualSpacing w:val="0"/>',
        ),
        _style("Listenumros", "list number", '<w:numPr><w:numId w:val="2"/></w:numPr>' + _space(0, 60)),
        _style("Pieddepage", "footer", _space(0, 0) + '<w:jc w:val="center"/>', _size(16), priority=99),
        _style("Tableau", "Tableau", _space(30, 30, 240), _size(18)),
        _style(
            "TableauTitre",
            "Tableau en-tête",
            stay + _space(40, 40, 240),
            _BOLD + '<w:color w:val="FFFFFF"/>' + _size(18),
            based="Tableau",
        ),
        _style(
            "Encadre",
            "Encadré",
            f'<w:keepLines/><w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{BLUE}"/></w:pBdr>{_space(120, 180)}<w:ind w:left="227"/>',
        ),
        # Letters
        _style(
            "BlocMarque",
            "Bloc-marque",
            f"<w:keepLines/>{_space(0, 200, 240)}",
            _BOLD + "<w:caps/>" + _size(26),
            next_="Timbre",
        ),
        _style("Timbre", "Timbre", _space(0, 0, 247), _BOLD + _size(19)),
        _style("Suivi", "Affaire suivie par", _space(0, 0, 247), _size(17)),
        _style("LieuDate", "Lieu et date", _space(120, 200) + _RIGHT),
        _style("Suscription", "Suscription", _space(0, 0) + _RIGHT, _size(19)),
        _style("Objet", "Objet", f'{_space(300, 200)}<w:ind w:left="1134" w:hanging="1134"/>', _BOLD),
        _style(
            "References", "Références", f'{_space(0, 200)}<w:ind w:left="1134" w:hanging="1134"/>', _size(20)
        ),
        _style("Appel", "Formule d’appel", f"{stay}{_space(60, 200)}"),
        _style("Corps", "Corps de lettre", _space(80, 100) + '<w:jc w:val="left"/>'),
        _style("Guide", "Consigne de rédaction", _space(100, 120)),
        _style("ApresTableau", "Après tableau", _space(200, 140)),
        _style("Politesse", "Formule de politesse", f"{keep}{_space(80, 60)}"),
        _style("Qualite", "Qualité du signataire", f"{keep}{_space(300, 0)}{_RIGHT}"),
        _style("Nom", "Nom du signataire", f"{keep}{_space(1100, 0)}{_RIGHT}"),
        _style("Copies", "Copies", f"<w:keepLines/>{_space(300, 0)}", _size(18)),
        _style("Policepardfaut", "default paragraph font", kind="character", default=True, based=None),
        _style(
            "Consigne",
            "placeholder text",
            rpr='<w:i/><w:iCs/><w:color w:val="595959"/>',
            kind="character",
            based=None,
            priority=99,
        ),
        _style(
            "Lienhypertexte",
            "hyperlink",
            rpr='<w:color w:val="000091"/><w:u w:val="single"/>',
            kind="character",
            based=None,
            priority=99,
        ),
        '<w:style w:type="table" w:default="1" w:styleId="TableauNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>',
        '<w:style w:type="table" w:customStyle="1" w:styleId="TableauEtat"><w:name w:val="Tableau État"/>'
        '<w:basedOn w:val="TableauNormal"/><w:uiPriority w:val="59"/><w:qFormat/><w:tblPr><w:tblBorders>'
        + "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="7F7F7F"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        + "</w:tblBorders></w:tblPr>"
        # Bold only: the workshop shades its own headers, and a table brought from a note keeps its shading.
        f'<w:tblStylePr w:type="firstRow"><w:rPr>{_BOLD}</w:rPr></w:tblStylePr></w:style>',
    ]
    return f"{HEAD}<w:styles {NS}>{''.join(parts)}</w:styles>"


def numbering() -> str:
    """Return numbering.xml: a bulleted and a numbered list."""

    def levels(kind: str) -> str:
        out = []
        for level, bullet in enumerate(("•", "–", "•")):
            text = bullet if kind == "bullet" else f"%{level + 1}."
            out.append(
                f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
                f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{397 * (level + 1)}" w:hanging="284"/></w:pPr></w:lvl>'
            )
        return "".join(out)

    both = "".join(
        f'<w:abstractNum w:abstractNumId="{i}"><w:multiLevelType w:val="hybridMultilevel"/>{levels(kind)}</w:abstractNum>'
        for i, kind in ((1, "bullet"), (2, "decimal"))
    )
    nums = "".join(f'<w:num w:numId="{i}"><w:abstractNumId w:val="{i}"/></w:num>' for i in (1, 2))
    return f"{HEAD}<w:numbering {NS}>{both}{nums}</w:numbering>"
