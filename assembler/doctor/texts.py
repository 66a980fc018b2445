"""What a paragraph holds beside its tags: tags that are not closed, lone braces, fields of Word."""

from __future__ import annotations

import re
from collections.abc import Callable

from assembler.doctor.reading import Paragraph
from assembler.rendering.faults import shorten

__all__ = ["Texts"]

_OPEN = re.compile(r"\{[{%#]")
_CLOSE = re.compile(r"[}%#]\}")
_ESCAPES = re.compile(r"\{_[{%#]?|[}%#]?_\}")
_MERGE = re.compile(r"\s*(MERGEFIELD|DOCVARIABLE|ASK|FILLIN)\b", re.IGNORECASE)


class Texts:
    """Looks at the paragraphs of a part as they come.

    Args:
        tell: told of each fault: its kind, the French sentence, the paragraph.
    """

    def __init__(self, tell: Callable[[str, str, Paragraph], None]) -> None:
        self._tell = tell
        self._cut: tuple[str, Paragraph] | None = None

    def read(self, one: Paragraph) -> None:
        """Look at a paragraph."""
        self._delimiters(one)
        for code in one.codes:
            if "{{" in code or "{%" in code:
                told = "Une balise se trouve dans un champ de Word : sortez-la, et tapez-la dans le texte."
                self._tell("champ", told, one)
            elif found := _MERGE.match(code):
                told = (
                    f"Un champ {found[1].upper()} de Word ne sera pas rempli : remplacez-le par une balise."
                )
                self._tell("champ", told, one)

    def finish(self) -> None:
        """Tell of a tag that nothing closes, at the end of a part."""
        if self._cut is not None:
            begun, where = self._cut
            told = f"La balise « {begun} » n’est pas refermée : écrivez {{{{ … }}}} ou {{% … %}}, d’un trait."
            self._tell("balise", told, where)
            self._cut = None

    def _delimiters(self, one: Paragraph) -> None:
        rest = _ESCAPES.sub("", one.rest)
        opened, closed = _OPEN.search(rest), _CLOSE.search(rest)
        if self._cut is not None and closed and (not opened or closed.start() < opened.start()):
            begun, where = self._cut
            self._cut = None
            told = (
                f"La balise « {begun} » finit dans le paragraphe suivant : écrivez-la sans retour à la ligne."
            )
            self._tell("balise", told, where)
            rest = rest[closed.end() :]
            opened, closed = _OPEN.search(rest), _CLOSE.search(rest)
        self.finish()
        if opened:
            self._cut = shorten(rest[opened.start() :], 40), one
            if closed and closed.start() > opened.start():
                self.finish()  # closed, but not as it was opened
        elif closed:
            told = (
                f"« {rest[max(0, closed.start() - 30) : closed.end()].strip()} » ferme une balise qui n’est "
                "pas ouverte : écrivez {{ … }} ou {% … %}, d’un trait."
            )
            self._tell("balise", told, one)
        elif "{" in rest or "}" in rest:
            told = (
                "Une accolade est restée dans le texte, où elle s’imprimerait. Une balise s’écrit avec deux "
                "accolades, sans espace entre elles : {{ … }}. Pour imprimer une accolade, écrivez {_ ou _}."
            )
            self._tell("accolade", told, one)
