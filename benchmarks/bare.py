"""The bare script: reads a dossier as the engine must, runs the same kind of validations, says nothing.

    python benchmarks/bare.py DOSSIER

Text of the Word files (lxml) and of the PDFs (PDFium), signatures judged by pyHanko, fiche and rules in YAML
(C loader), one Cerberus validation for each rule with a schema. Left out, and done by the engine: styles and
titles, places of the lines on a page, ink, recognition, dates, durations, Python checks, the report.
"""

from __future__ import annotations

import io
import logging
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from lxml import etree

__all__ = ["read_texts"]

RULES = Path(__file__).resolve().parents[1] / "rules"
FOLDERS = ("commun", "territoire", "local")
FIRST_STEP = "candidature"


def read_texts(dossier: Path) -> list[bytes]:
    """Parse the text of each Word file, take that of each PDF, and return the PDFs that are signed."""
    signed = []
    for path in sorted(dossier.rglob("*")):
        if path.suffix == ".docx":
            with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
                etree.fromstring(package.read("word/document.xml"))
        elif path.suffix == ".pdf":
            content = path.read_bytes()
            document = pypdfium2.PdfDocument(content)
            for page in document:
                text = page.get_textpage()
                text.get_text_range()
                text.close()
                page.close()
            if pdfium.FPDF_GetSignatureCount(document) > 0:
                signed.append(content)
            document.close()
    return signed


def judge_signatures(content: bytes) -> None:
    """Judge the signatures of a PDF: what they cover, and whether it has changed."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    for signature in PdfFileReader(io.BytesIO(content), strict=False).embedded_regular_signatures:
        signature.compute_integrity_info()
        validate_sig_integrity(
            signature.signer_info,
            signature.signer_cert,
            expected_content_type="data",
            actual_digest=signature.compute_digest(),
        )


def validate(fiche: Any) -> int:
    """Run each rule that has a schema on the fiche, and return how many it does not meet."""
    import cerberus
    import yaml

    types = cerberus.Validator.types_mapping
    types["mois"] = types["integer"]
    types["decimal"] = types["number"]
    refused = 0
    for schema in _schemas(yaml):
        validator = cerberus.Validator(_nested(schema), allow_unknown=True)
        refused += not validator.validate({"fiche": fiche}, normalize=False)
    return refused


def _schemas(yaml: Any) -> Iterator[dict[str, Any]]:
    for folder in FOLDERS:
        for file in sorted((RULES / folder).glob("*.yaml")):
            rules = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
            for rule in rules.values():
                if isinstance(rule, dict) and rule.get("etape") in (None, FIRST_STEP) and "schema" in rule:
                    yield rule["schema"]


def _nested(schema: dict[str, Any]) -> dict[str, Any]:
    """Expand dotted paths (« fiche.communes[].code ») into the nested schema that Cerberus takes."""
    root: dict[str, Any] = {}
    for path, rules in schema.items():
        here, steps = root, path.split(".")
        for rank, step in enumerate(steps, start=1):
            node = here.setdefault(step.removesuffix("[]"), {})
            if step.endswith("[]"):
                node["type"] = "list"
                node = node.setdefault("schema", {})
            if rank == len(steps):
                node.update(rules)
            else:
                node.update(type="dict", allow_unknown=True)
                here = node.setdefault("schema", {})
    return root


def main(dossier: Path) -> None:
    """Read a dossier and validate its fiche."""
    import yaml

    logging.disable()
    for content in read_texts(dossier):
        judge_signatures(content)
    fiche = yaml.load((dossier / "dossier.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    print(validate(fiche))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
