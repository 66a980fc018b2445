"""Spaces and signs of French prose (documents.md § 7.1, Imprimerie nationale)."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["typo"]

_NBSP = "\u00a0"
_NARROW = "\u202f"
_S = "[ \u00a0\u202f]"
_EXTENSIONS = (
    "pdf|docx|docm|dotx|doc|odt|ods|odp|xlsx|xlsm|xls|pptx|ppt|csv|ya?ml|json|zip|jpe?g|png|tiff?|txt|eml"
    "|msg|xml|html?|ics|p7s"
)

# What is not prose is set aside, one mark each, then put back untouched. The mark is a
# private-use character; one that the text already holds is set aside like the rest.
_MARK = "\ue000"
_ASIDE = re.compile(
    rf"""
      {_MARK}
    | \{{\{{[^{{}}\n]{{0,400}}\}}\}} | \{{%[^{{}}\n]{{0,400}}%\}}  # template tags
    | `[^`\n]+`                                           # code
    | (?:https?|ftp)://[^\s<>«»"]*[^\s<>«»".,;:!?)\]]     # addresses, without the final full stop
    | www\.[^\s<>«»"]*[^\s<>«»".,;:!?)\]]
    | (?<![\w.+-])[\w.+-]{{1,64}}@[\w-]+(?:\.[\w-]+)+       # e-mail; a word without end is crossed once
    | (?<=«)[^\S\n]*[^«»"`{{\n]*\.(?:{_EXTENSIONS})(?=[^\S\n]*»)   # « Note du projet.docx »
    | (?:(?<=[\s(]")|(?<=^"))[^«»"`{{\n]*\.(?:{_EXTENSIONS})(?=")
    | (?<![\w'’.()/-])[\w'’.()/-]{{0,255}}\.(?:{_EXTENSIONS})\b
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_NOUNS = (
    "mois|jours?|demi-journées?|journées?|sessions?|ateliers?|semaines?|heures?|minutes?|ans?|années?"
    "|habitants?|communes?|pages?|personnes?|participants?|logements?|emplois?|hectares?|kilomètres?|mètres?"
    "|euros?|millions?|milliards?|exemplaires?|articles?|pièces?|points?|règles?|étapes?|phases?|réunions?"
    "|mots?|sites?|élus?|agents?|offres?|candidats?"
)
_UNITS = "km²|km|m²|m³|m|ha|kWh|MWh|GWh|kW|MW|h|min|s|kg|t|Mo|Ko|Go|°C|pt|cm|mm|ETP"

_Step = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _tight(found: re.Match[str]) -> str:
    return _NBSP if _NBSP in found[0] else _NARROW if _NARROW in found[0] else " "


def _glued(found: re.Match[str]) -> str:
    return re.sub(_S, _NBSP, found[0])


_STEPS: tuple[_Step, ...] = (
    (re.compile(rf"(?<=\S){_S}{{2,}}(?=\S)"), _tight),
    (re.compile(r"(?<!\.)\.\.\.(?!\.)"), "…"),
    (re.compile(r"(?<=[^\W\d_])'(?=[^\W_]|[«\"“(\[])"), "’"),
    (re.compile(rf"(?<!\d)(?:0\d(?:{_S}\d\d){{4}}|\d{{3}}(?:{_S}\d{{3}}){{2}}{_S}\d{{5}})(?!\d)"), _glued),
    (
        re.compile(rf"(?<![\d.,])(?<!\d{_S})[1-9]\d{{0,2}}(?:{_S}\d{{3}})+(?!{_S}?\d)"),
        lambda found: re.sub(_S, _NARROW, found[0]),
    ),
    (re.compile(rf"(?<=\d){_S}*(?=(?:%|[kM]?€)(?!\w))"), _NBSP),
    (re.compile(rf"(?<=€){_S}+(?=(?:HT|TTC)\b)"), _NBSP),
    (re.compile(rf"(?<=\d){_S}+(?=(?:{_UNITS}|{_NOUNS}|{_MONTHS})(?!\w))"), _NBSP),
    (re.compile(rf"(?<=\d{_NBSP}h){_S}+(?=\d\d(?!\d))"), _NBSP),
    (re.compile(rf"(?<=\b1er){_S}+(?=(?:{_MONTHS})(?!\w))"), _NBSP),
    (re.compile(rf"\b({_MONTHS}){_S}+(?=\d{{4}}(?!\d))"), rf"\1{_NBSP}"),
    (re.compile(rf"(?<!\w)([nN]°s?|[nN]os){_S}+(?=\w)"), rf"\1{_NBSP}"),
    (re.compile(r"(?<!\w)([nN]°)(?=\d)"), rf"\1{_NBSP}"),
    (re.compile(rf"(?<!\w)(MM?\.|Mmes?|Mlles?|Dr|Pr|Me){_S}+(?=[A-ZÀ-Þ])"), rf"\1{_NBSP}"),
    (re.compile(rf"(?<![\w.])([A-ZÀ-Þ]\.){_S}+(?=[A-ZÀ-Þ][a-zà-ÿ])"), rf"\1{_NBSP}"),
    (re.compile(rf"(?<!\w)(art\.|pp?\.|chap\.|fig\.|vol\.|[RLDA]\.|§){_S}+(?=\d)"), rf"\1{_NBSP}"),
    (
        re.compile(
            rf"\b(articles?|annexes?|pages?|chapitres?|sessions?|lots?){_S}+(?=\d|[RLDA]\.[ \u00a0]?\d)"
        ),
        rf"\1{_NBSP}",
    ),
    (re.compile(rf"(?<=[^\s«]){_S}+(?=[;!?])"), _NARROW),
    (re.compile(r"(?<=[\w»)\]\ue000])(?=[;!?]+(?:[\s»]|$))", re.MULTILINE), _NARROW),
    (re.compile(rf"(?<=[^\s«]){_S}+(?=:)"), _NBSP),
    (re.compile(r"(?<=[\w»)\]\ue000])(?=:(?:[\s»]|$))", re.MULTILINE), _NBSP),
    (re.compile(rf"«{_S}*(?=\S)"), f"«{_NBSP}"),
    (re.compile(rf"(?<=\S){_S}*»"), f"{_NBSP}»"),
)
_QUOTED = re.compile(r"(?<![\w\"])\"(?=[^\s\"])([^\"\n]*)(?<=[^\s\"])\"(?![\w\"])")


def _quotes(line: str) -> str:
    """Turn straight quotes into « » when those of the line all go by pairs; else leave them."""
    if line.count('"') != 2 * len(_QUOTED.findall(line)):
        return line
    return _QUOTED.sub(r"«\1»", line)


def typo(text: str) -> str:
    """Return French prose with its signs and non-breaking spaces.

    Nothing but spaces, straight apostrophes, paired straight quotes and three full stops changes.
    Addresses, file names, code and template tags are left as they are. Idempotent.
    """
    aside: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        bare = found[0].lstrip(" \u00a0\u202f\t")
        aside.append(bare)
        return found[0][: len(found[0]) - len(bare)] + _MARK

    text = _ASIDE.sub(put_aside, text)
    text = "\n".join(map(_quotes, text.split("\n")))
    for pattern, replacement in _STEPS:
        text = pattern.sub(replacement, text)
    kept = iter(aside)
    return re.sub(_MARK, lambda _: next(kept), text)
