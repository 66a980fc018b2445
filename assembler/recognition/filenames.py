"""File names as people type them, brought down to what they name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote

from assembler.text import plain

__all__ = ["bare_name", "split_pages", "whole_name"]

_SUFFIX = re.compile(
    r"\.(?:docx?|docm|dotx|odt|ott|rtf|pdf|xlsx?|xlsm|ods|pptx?|jpe?g|png|tiff?|p7s|p7m|txt|html?)$", re.I
)
_CAMEL = re.compile(r"(?<=[a-zà-öø-ÿ]{2})(?=[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ])")
_DIGITS = re.compile(r"(?<=[A-Za-zÀ-ÿ]{3})(?=\d)|(?<=\d{3})(?=[A-Za-zÀ-ÿ]{3})")
_INITIALS_AFTER_VERSION = re.compile(
    r"(\bv\s?\d+(?:[.\-_]\d+)*|\brelu\w*|\bcorr\w*)([\s_.-]+[A-Z]{2,3})+(?=[\s_.)-]*$)", re.I
)

_MARKS = re.compile(
    r"\b(?:v(?:ersion)? ?\d+(?: \d{1,2})?[a-z]?|version|vf|vdef|vfinale?|v ?(?:def|finale?)|def"
    r"|definiti(?:f|ve|fs|ves)|finale?s?|copies?(?: de)?|copy(?: of)?|signee?s?|signature|relue?s?|relecture"
    r"|corrige[es]*|modifie[es]*|maj|mise a jour|ok|brouillon|draft|projet(?= de\b)|scan(?:ne|nee)?|ocr"
    r"|compresse[es]*|nouveau|nouvelle|bis|a signer|pour signature|valide[es]*|tamponne[es]*|numerise[es]*"
    r"|word|pdf|docx?|revu[es]*)\b"
)
_MONTHS = r"janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_DATES = re.compile(
    r"\b(?:(?:19|20)\d{2} ?(?:0[1-9]|1[0-2]) ?(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01]) (?:0?[1-9]|1[0-2]) (?:20)?\d{2}"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])20\d{2}"
    rf"|(?:(?:\d{{1,2}}|1er) )?(?:{_MONTHS}) 20\d{{2}})\b"
)
_LONE_NUMBER = re.compile(r"(?:^\d{1,2} )|(?: \d{1,2}$)")
_PAGES = re.compile(
    r"^(?P<name>.+?)\s*[,;(]?\s*\b(?:p|pp|page|pages)\.?\s*(?P<pages>\d[\d\s,;àaet–—-]*)\)?\s*$",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def bare_name(name: str) -> str:
    """Return a file's name as plain text, without extension, version marks, dates and rank.

    « Note d'Opportunité V3 def (2).docx » gives ``note d opportunite``. A name made of nothing but
    marks (« V3 DEF.docx ») gives the empty string.

    Args:
        name: path of the file; its folders are left out.
    """
    stem = _stem(name)
    stem = _INITIALS_AFTER_VERSION.sub(r"\1", stem.replace("_", " "))
    stem = _DIGITS.sub(" ", _CAMEL.sub(" ", stem))
    found = plain(stem)
    found = _MARKS.sub(" ", _DATES.sub(" ", found))
    found = " ".join(found.split())
    previous = None
    while previous != found:
        previous = found
        found = _LONE_NUMBER.sub("", found).strip()
    return "" if found.isdigit() else found


@lru_cache(maxsize=4096)
def whole_name(name: str) -> str:
    """Return a file's name as plain text, without extension: its codes, dates and numbers are kept.

    « 41175_reglement_20140603.pdf » gives ``41175 reglement 20140603``.

    Args:
        name: path of the file; its folders are left out.
    """
    return plain(_stem(name))


def _stem(name: str) -> str:
    stem = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    if "%" in stem:
        stem = unquote(stem)
    while _SUFFIX.search(stem):
        stem = _SUFFIX.sub("", stem)
    return stem


def split_pages(choice: str) -> tuple[str, tuple[int, ...]]:
    """Split « courriers.pdf, p. 2-3 » into the file's name and its pages (empty: all).

    A range is at most 500 pages long; what cannot be read as pages stays in the name.
    """
    match = _PAGES.match(choice.strip())
    if match is None or not _SUFFIX.search(match["name"].strip()):
        return choice.strip(), ()
    pages: list[int] = []
    for part in re.split(r"[,;]|\bet\b", match["pages"]):
        bounds = [int(number) for number in re.findall(r"\d{1,5}", part)]
        if bounds and 0 < bounds[0] <= bounds[-1] < bounds[0] + 500:
            pages.extend(range(bounds[0], bounds[-1] + 1))
    return match["name"].strip(), tuple(dict.fromkeys(pages))
