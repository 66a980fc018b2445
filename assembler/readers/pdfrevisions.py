"""What was added to a PDF after it was signed: what signing allows, or more than that.

A signed PDF is changed by appending to it. Validation data, further signatures and filled fields may
come after a signature; another page, other words on a page, another annotation may not. Works on the
structure alone (pypdf): the pages as they were signed are compared with the pages as they are.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import Any

__all__ = ["change_since", "locked"]

_MOST_NODES = 200_000
_PAGE = ("/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group")
_FREE = frozenset(
    {"/Pages", "/AcroForm", "/DSS", "/Metadata", "/Extensions", "/Version", "/StructTreeRoot", "/MarkInfo"}
)
"""What may change in the catalog, or is compared apart."""
_UPWARDS = frozenset({"/Parent", "/P", "/StructParent", "/StructParents", "/Popup", "/Length"})


def change_since(data: bytes, end: int, *, fields: bool = True) -> str | None:
    """Return what was changed after the first ``end`` bytes of a PDF, None when nothing that matters.

    Args:
        data: the whole file.
        end: where the signed revision ends.
        fields: filling fields is allowed.

    Returns:
        A French phrase, to follow « modifié après signature ».
    """
    try:
        old, new = _Revision(data[:end]), _Revision(data)
        return _change(old, new, fields=fields)
    except Exception:  # what cannot be compared is not said to be unchanged (pypdf lets anything out)
        return "par un ajout qui n’a pas pu être analysé"


def locked(value: Any) -> bool:
    """Tell whether a signature value forbids any change at all (DocMDP, level 1).

    Source: ISO 32000-2 § 12.8.2.2.
    """
    for reference in _resolve(value.get("/Reference")) or ():
        one = _resolve(reference)
        if hasattr(one, "get") and one.get("/TransformMethod") == "/DocMDP":
            parameters = _resolve(one.get("/TransformParams")) or {}
            return bool(_resolve(parameters.get("/P", 2)) == 1)
    return False


class _Revision:
    """A PDF as one revision leaves it."""

    def __init__(self, data: bytes) -> None:
        from pypdf import PdfReader

        self.reader = PdfReader(io.BytesIO(data), strict=False)
        if self.reader.is_encrypted:
            self.reader.decrypt("")
        self.root = _resolve(self.reader.trailer["/Root"])
        self._known: dict[tuple[int, int], bytes] = {}
        self._nodes = 0

    def pages(self) -> list[bytes]:
        """Return the mark of each page, annotations left out."""
        return [self._page(page) for page in self.reader.pages]

    def catalog(self) -> bytes:
        """Return the mark of what the document opens with: scripts, files, layers, names."""
        kept = {key: self.root.raw_get(key) for key in self.root if key not in _FREE}
        return b"".join(key.encode() + self.mark(value, 0) for key, value in sorted(kept.items()))

    def additions(self) -> dict[str, bytes]:
        """Return the marks of what may come after a signature: fields, validation data, metadata."""
        free = _FREE - {"/Pages", "/StructTreeRoot", "/MarkInfo"}
        marks = {key: self.mark(self.root.raw_get(key), 0) for key in sorted(free) if key in self.root}
        return marks | {"/Info": self.mark(self.reader.trailer.get("/Info"), 0)}

    def annotations(self) -> tuple[list[bytes], dict[str, bytes], dict[str, bytes]]:
        """Return the marks of notes, of what every field shows, and of the places of fields."""
        notes: list[bytes] = []
        shown: dict[str, bytes] = {}
        places: dict[str, bytes] = {}
        for number, page in enumerate(self.reader.pages, start=1):
            for reference in _resolve(page.get("/Annots")) or ():
                one = _resolve(reference)
                if not hasattr(one, "get"):
                    continue
                if one.get("/Subtype") != "/Widget":
                    notes.append(b"%d" % number + self.mark(one, 0))
                    continue
                kind, value = _inherited(one, "/FT"), _inherited(one, "/V")
                name = f"{number} {_full_name(one)} {getattr(reference, 'idnum', '')}"
                if kind == "/Sig" and value is None:
                    continue  # a place left to sign may come, go and be signed
                appearance = self.mark(one.get("/AP"), 0) + self.mark(value, 0)
                if kind == "/Sig":
                    shown[f"signature {name}"] = appearance
                else:
                    places[name] = self.mark(one.get("/Rect"), 0) + self.mark(one.get("/F"), 0)
                    shown[name] = appearance
        return sorted(notes), shown, places

    def mark(self, value: Any, depth: int) -> bytes:
        """Return a digest of a value and of all that it leads to, upwards links left out."""
        key = (getattr(value, "idnum", 0), getattr(value, "generation", 0))
        if key[0]:
            if key in self._known:
                return self._known[key]
            self._known[key] = b"\0" * 32  # met again below itself: a loop says nothing new
        digest = hashlib.sha256(b"".join(self._parts(_resolve(value), depth))).digest()
        if key[0]:
            self._known[key] = digest
        return digest

    def _parts(self, here: Any, depth: int) -> Iterator[bytes]:
        self._nodes += 1
        if self._nodes > _MOST_NODES or depth > 200:
            raise ValueError("too deep or too big to compare")
        if hasattr(here, "keys"):
            for key in sorted(here.keys()):
                if key not in _UPWARDS:
                    yield str(key).encode("utf-8", "surrogatepass") + self.mark(here.raw_get(key), depth + 1)
            raw = getattr(here, "_data", None)
            if raw is not None:
                yield raw if isinstance(raw, bytes) else str(raw).encode("utf-8", "surrogatepass")
        elif isinstance(here, (list, tuple)):
            for one in here:
                yield self.mark(one, depth + 1)
        else:
            yield repr(here).encode("utf-8", "surrogatepass")

    def _page(self, page: Any) -> bytes:
        return b"".join(self.mark(_inherited(page, key), 0) for key in _PAGE)


def _change(old: _Revision, new: _Revision, *, fields: bool) -> str | None:
    before, after = old.pages(), new.pages()
    if len(before) != len(after):
        return "des pages ont été ajoutées ou retirées"
    different = [
        number for number, pair in enumerate(zip(before, after, strict=True), 1) if pair[0] != pair[1]
    ]
    if different:
        return f"la page {different[0]} a changé"
    if old.catalog() != new.catalog():
        return "le document ne s’ouvre plus de la même façon"
    notes, shown, places = old.annotations()
    new_notes, new_shown, new_places = new.annotations()
    if notes != new_notes:
        return "des annotations ont été ajoutées, changées ou retirées"
    if places != new_places:
        return "des champs ont été ajoutés, déplacés ou retirés"
    signed = {name for name in shown if name.startswith("signature ")}
    if any(shown[name] != new_shown.get(name) for name in signed):
        return "une signature a été changée"
    if not fields and any(shown[name] != new_shown.get(name) for name in shown):
        return "des champs ont été remplis, ce que la signature interdit"
    if shown == new_shown and old.additions() == new.additions():
        return "un ajout que rien n’explique"
    return None


def _inherited(node: Any, key: str) -> Any:
    for _ in range(50):
        if not hasattr(node, "get"):
            return None
        if key in node:
            return node.raw_get(key)
        node = _resolve(node.get("/Parent"))
    return None


def _full_name(node: Any) -> str:
    parts: list[str] = []
    for _ in range(50):
        if not hasattr(node, "get"):
            break
        if "/T" in node:
            parts.append(str(_resolve(node["/T"])))
        node = _resolve(node.get("/Parent"))
    return ".".join(reversed(parts))


def _resolve(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value
