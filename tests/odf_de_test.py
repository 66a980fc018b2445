"""OpenDocument packages by hand, for the tests."""

from __future__ import annotations

import io
import zipfile

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        *((one, one) for one in ("office", "style", "text", "table", "meta", "script", "manifest")),
        ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
    )
) + (
    ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
)
IMAGE = '<draw:frame draw:name="i"><draw:image xlink:href="Pictures/1.png"/></draw:frame>'


def package(
    body: str,
    *,
    kind: str = "text",
    automatic: str = "",
    styles: str = "",
    margins: str = "",
    extra: dict[str, str | bytes] | None = None,
) -> bytes:
    """An odt or an ods (``kind``: text or spreadsheet) around its body."""
    members: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {SPACES}><office:automatic-styles>{automatic}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body>"
        "</office:document-content>",
        "styles.xml": f"<office:document-styles {SPACES}><office:styles>{styles}</office:styles>"
        f"<office:master-styles>{margins}</office:master-styles></office:document-styles>",
        **(extra or {}),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return stream.getvalue()


def style(name: str, inside: str = "", *, family: str = "paragraph", parent: str = "", more: str = "") -> str:
    """A style, with the properties of its text inside."""
    based = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}" style:family="{family}"{based} {more}>'
        f"<style:text-properties {inside}/></style:style>"
    )
