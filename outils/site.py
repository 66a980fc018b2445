"""What mkdocs does not do by itself (see mkdocs.yml): the pages that stand at the root of the project.

The README is the home page. A link to a file of the project that is no page (a schema,
a module) leads to a copy of it.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

__all__ = ["on_files", "on_page_markdown"]

_ROOT = Path(__file__).resolve().parents[1]
_PAGES = {"README.md": "index.md", "CONTRIBUTING.md": "CONTRIBUTING.md", "CHANGELOG.md": "CHANGELOG.md"}
"""By path in the project, the place in the site."""
_COPIES = "projet"
_LINK = re.compile(r"(?<=\]\()(?!https?:|#)([^)#\s]+)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the root, and what pages link to outside the documentation."""
    for source, place in _PAGES.items():
        files.append(File.generated(config, place, abs_src_path=str(_ROOT / source)))
    for page in list(files.documentation_pages()):
        for target in _LINK.findall(page.content_string):
            inside = _target(page.src_uri, target)
            name = inside.removeprefix(f"{_COPIES}/")
            if name != inside and inside not in files.src_uris and (_ROOT / name).is_file():
                files.append(File.generated(config, inside, abs_src_path=str(_ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Make each link lead to a place of the site."""
    here = page.file.src_uri
    return _LINK.sub(
        lambda found: posixpath.relpath(_target(here, found[0]), posixpath.dirname(here) or "."), markdown
    )


def _target(page: str, link: str) -> str:
    """Return where a link of a page leads, in the site."""
    at_root = {place: source for source, place in _PAGES.items()}
    source = at_root.get(page, f"docs/{page}")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), link))
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    return _PAGES.get(path, f"{_COPIES}/{path}")
