"""No text of a dossier becomes a formula, a field, a link or a tag, in any document or on a terminal."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from dossiers import copied
from lxml import etree

from assembler.contributions import Field
from assembler.manager import Plugins
from assembler.pipeline import Checked, Made, Order, Request, check_dossier, produce
from assembler.reporters import built_in
from assembler.yamltext import load

FIXTURES = Path(__file__).parents[1] / "fixtures" / "local"
TODAY = dt.date(2026, 4, 1)
MARK = "zqx"
HOSTILE = (
    f'=1+1{MARK} {{{{7*7}}}} {{% raw %}} {{# a #}} &<>"\' ]]> <w:t> HYPERLINK "http://{MARK}.example" '
    f"\u202e\u200f\x1b[31m\x07 &amp; INCLUDETEXT {MARK} @SUM(1) _x0007_"
)
STARTS = ("=cmd|'/c calc'!A1", "+1+1", "-1-1", "@SUM(A1)", "\t=1+1", "==1", "#REF!", "\\x")
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


_LONG: set[str] = set()
_CODES = frozenset({"format", "etape", "pieces", "accord_cadre", "livrable", "livrables"})
"""Fields that name something known: another value is refused with its reason."""


def hostile(data: Any, expected: Field, payload: str) -> Any:
    """Return a fiche's data with every free text replaced."""
    if isinstance(data, list):
        return [hostile(one, expected, payload) for one in data]
    if isinstance(data, dict):
        return {
            key: hostile(value, expected.fields[key], payload)
            if key in expected.fields and key not in _CODES
            else value
            for key, value in data.items()
        }
    if len(payload) > 10_000 and isinstance(data, str) and data not in _LONG:
        return data  # a fiche of two megabytes is refused as a whole
    free = expected.type == "texte" and not expected.values and isinstance(data, str)
    return f"{payload} {data}" if free else data


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return Plugins()


def made_of(root: Path, payload: str, plugins: Plugins) -> tuple[Checked, tuple[Made, ...]]:
    copied(FIXTURES / "lancement", root)
    format_ = plugins.formats()["local"]
    assert format_.fiche is not None
    data = load((root / "dossier.yaml").read_bytes()).data
    _LONG.update((data["intitule"], data["objet"]["resume"], data["collectivites"][0]["nom"]))
    text = yaml.safe_dump(_plain(hostile(data, format_.fiche.root, payload)), allow_unicode=True)
    (root / "dossier.yaml").write_text(text, encoding="utf-8")
    checked = check_dossier(root, plugins, Request(today=TODAY))
    ids = tuple(one.id for one in format_.documents)
    return checked, produce(checked, Order(documents=ids, in_spite="essai", edition=TODAY), TODAY)


def _plain(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(one) for one in data]
    return str(data) if isinstance(data, str) else data


def parts(root: Path) -> Iterator[tuple[str, str, bytes]]:
    """Yield the XML parts of every document produced."""
    for file in sorted((root / "sortie").rglob("*")):
        if file.suffix in (".docx", ".xlsx"):
            with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
                for name in archive.namelist():
                    if name.endswith((".xml", ".rels")):
                        yield file.name, name, archive.read(name)


@pytest.mark.parametrize("payload", [HOSTILE, *STARTS, "x" * 40_000], ids=lambda one: repr(one)[:20])
def test_no_text_of_a_fiche_acts_in_a_document(
    tmp_path: Path, payload: str, plugins: Plugins, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "dossier"
    checked, made = made_of(root, payload, plugins)
    # What is made on request alone tells when the dossier is not at that point.
    asked = {one.id for one in checked.format.documents if one.on_request} if checked.format else set()
    failed = [one for one in made if one.kind == "echec" and one.id not in asked]
    # A cell holds 32,767 characters: a longer text is refused with its reason, never cut.
    assert [one for one in failed if "32767 signes" not in str(one.reason)] == []
    assert sum(one.kind == "nouveau" for one in made) >= 5
    seen = ""
    for file, name, content in parts(root):
        tree = etree.fromstring(content)
        seen += "".join(tree.itertext())
        where = f"{file} {name}"
        assert not UNSEEN.search(content.decode("utf-8")), where
        for node in tree.iter("{*}instrText", "{*}fldSimple", "{*}f"):
            said = (node.text or "") + "".join(node.attrib.values())
            assert MARK not in said, where
            assert "cmd|" not in said, where
            assert not said.startswith(("1+1", "@SUM", "=")), where
        for node in tree.iter("{*}Relationship", "{*}hyperlink"):
            assert MARK not in "".join(node.attrib.values()), where
        for cell in tree.iter("{*}c"):
            value = cell.findtext("{*}v") or ""
            assert cell.get("t") != "e" or "#REF!" not in value, where
    if payload == HOSTILE:
        assert "{{7*7}}" in seen.replace("\u200b", "")
        assert f"49 {{% raw %}}{MARK}" not in seen
    for reporter in built_in().values():
        told = reporter.render([checked.report])
        if not told.startswith(b"PK"):
            assert not UNSEEN.search(told.decode("utf-8")), reporter.name
