"""Headless Chromium for the tests: a page checked for accessibility, or printed."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

_QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_ASK = (
    "axe.run(document, {resultTypes: ['violations']}).then(found => {"
    "document.body.innerHTML = '<pre id=\"axe\"></pre>';"
    "document.getElementById('axe').textContent = JSON.stringify("
    "found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 120))]))})"
)


def chromium(folder: Path, *arguments: str) -> str:
    """Run Chromium with a profile of its own and return what it prints."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("Chromium n’est pas installé : voir « Vérifier l’outil lui-même » dans README.md")
    command = [program, *_QUIET, f"--user-data-dir={folder / 'chromium'}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def violations(folder: Path, page: bytes) -> list[Any]:
    """Return what axe finds inaccessible in a page: rule, and the elements at fault."""
    axe = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    script = f"<script>{axe.replace('</script>', '')}</script><script>{_ASK}</script></body>"
    asked = folder / "axe.html"
    asked.write_text(page.decode().replace("</body>", script), encoding="utf-8")
    shown = chromium(folder, "--virtual-time-budget=20000", "--dump-dom", asked.as_uri())
    answer = re.search(r'<pre id="axe">(.*?)</pre>', shown, re.DOTALL)
    assert answer is not None, shown[:500]
    found: list[Any] = json.loads(html.unescape(answer[1]))
    return found


def printed(folder: Path, page: bytes) -> Path:
    """Return the PDF that printing a page gives."""
    source, target = folder / "page.html", folder / "page.pdf"
    source.write_bytes(page)
    chromium(folder, f"--print-to-pdf={target}", "--no-pdf-header-footer", source.as_uri())
    return target
