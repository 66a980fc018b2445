"""Loops and conditions: opened, closed in order, and where a Word document can bear it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assembler.doctor.reading import Paragraph, Tag

__all__ = ["Blocks"]

_ENDS = {f"end{word}": word for word in ("if", "for", "set", "with", "macro", "filter", "call", "autoescape")}
_NOUNS = {"if": "une condition", "for": "une boucle"}

Told = Callable[[str, Tag, Paragraph], None]


@dataclass(frozen=True, eq=False, slots=True)
class _Opened:
    word: str
    tag: Tag
    paragraph: Paragraph


class Blocks:
    """Keeps what is open as the tags of a part come.

    Args:
        tell: told of each fault: the end of the sentence, the tag, its paragraph.
    """

    def __init__(self, tell: Told) -> None:
        self._tell = tell
        self._open: list[_Opened] = []
        self._crossed: list[tuple[_Opened, Tag, Tag, Paragraph]] = []

    @property
    def conditional(self) -> bool:
        """What is read now is printed in some dossiers only."""
        return any(one.word == "if" for one in self._open)

    def read(self, word: str, tag: Tag, paragraph: Paragraph) -> int:
        """Take a command in; return 1 when it opens a block, minus the number of blocks that it closes."""
        if word in _ENDS:
            return self._close(_ENDS[word], tag, paragraph)
        if word in ("elif", "else"):
            self._middle(word, tag, paragraph)
            return 0
        if word in _ENDS.values() and not (word == "set" and "=" in tag.body):
            self._open.append(_Opened(word, tag, paragraph))
            return 1
        return 0

    def finish(self) -> None:
        """Tell what is still open at the end of a part, or was when what holds it was closed."""
        for one in [*self._open, *(inner for inner, *_ in self._crossed)]:
            self._tell(
                f"ouvre {_NOUNS.get(one.word, 'un bloc')} qui n’est pas refermée : "
                f"il manque {{%{one.tag.prefix} end{one.word} %}}",
                one.tag,
                one.paragraph,
            )
        self._open.clear()
        self._crossed.clear()

    def _close(self, word: str, tag: Tag, paragraph: Paragraph) -> int:
        place = next(
            (rank for rank in reversed(range(len(self._open))) if self._open[rank].word == word), None
        )
        if place is None:
            self._end_late(word, tag, paragraph)
            return 0
        opened, inner = self._open[place], self._open[place + 1 :]
        self._crossed += [(one, opened.tag, tag, paragraph) for one in inner]
        del self._open[place:]
        self._same_place(opened, tag, paragraph)
        return -1 - len(inner)

    def _end_late(self, word: str, tag: Tag, paragraph: Paragraph) -> None:
        """Tell an end without beginning: that of a block which another one closed over, or of none."""
        late = next((one for one in self._crossed if one[0].word == word), None)
        if late is None:
            self._tell(f"ferme {_NOUNS.get(word, 'un bloc')} qui n’est pas ouverte", tag, paragraph)
            return
        self._crossed.remove(late)
        inner, outer, closing, where = late
        self._tell(
            f"ferme « {outer.text} » alors que « {inner.tag.text} », ouverte après, ne l’est pas encore",
            closing,
            where,
        )

    def _middle(self, word: str, tag: Tag, paragraph: Paragraph) -> None:
        if not self._open or (self._open[-1].word != "if" and (word, self._open[-1].word) != ("else", "for")):
            self._tell("ne suit aucune condition ouverte", tag, paragraph)
            return
        self._same_place(self._open[-1], tag, paragraph)

    def _same_place(self, opened: _Opened, tag: Tag, paragraph: Paragraph) -> None:
        """Tell a block whose two ends do not stand side by side: the document would be cut between them."""
        one, other = opened.tag, tag
        if one.prefix != other.prefix:
            shape = f"{{%{one.prefix} … %}}" if one.prefix else "{% … %}"
            self._tell(
                f"ne s’accorde pas avec « {one.text} » : écrivez-les toutes deux {shape}", tag, paragraph
            )
        elif one.holder is other.holder or (not one.prefix and self._joins(opened, tag, paragraph)):
            return
        else:
            told = (
                "ailleurs (autre tableau, cellule ou cadre) : mettez-les au même endroit"
                if one.prefix
                else "dans un autre paragraphe : mettez chacune seule dans son paragraphe, {%p … %}"
            )
            self._tell(f"finit ce que « {one.text} » commence {told}", tag, paragraph)

    @staticmethod
    def _joins(opened: _Opened, tag: Tag, paragraph: Paragraph) -> bool:
        """Tell whether two neighbouring paragraphs make one, and no empty one, when the block is left out."""
        beside = opened.paragraph.node is not None and paragraph.node is not None
        if not beside or opened.paragraph.node.getparent() is not paragraph.node.getparent():
            return False
        return opened.tag.follows or tag.goes_on or not tag.body.startswith("end")
