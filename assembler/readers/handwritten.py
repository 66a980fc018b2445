"""The image of a signature in an editable letter: what stands where a letter is signed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assembler.model import Block, Signature
from assembler.text import words

__all__ = ["VISIBLE", "signed_image"]

VISIBLE = Signature(etat="visible", detail="image placée à l’endroit de la signature")
_CAPTION = re.compile(r"(?:figure|carte|plan|photo|illustration|source|image)\b", re.IGNORECASE)
_AFTER = 120
"""Words that may follow: quality, name, copies, postal address at the foot."""


def signed_image(blocks: Sequence[Block], signs: Callable[[Block], bool]) -> Iterator[Signature]:
    """Yield the image that stands where a letter is signed: in the last third, close to the end.

    A logo at the top, the header's images and the empty frame of a signature line are not one.

    Args:
        blocks: the letter.
        signs: tells whether the picture of a block may be a signature.
    """
    if not any(block.picture for block in blocks):
        return
    total = sum(words(block.text) for block in blocks)
    before = 0
    for index, block in enumerate(blocks):
        near = before * 3 >= total * 2 and total - before <= _AFTER
        alone = not block.in_table and not _is_caption(blocks, index)
        if block.picture and near and index >= 3 and total and alone and signs(block):
            yield VISIBLE
            return
        before += words(block.text)


def _is_caption(blocks: Sequence[Block], index: int) -> bool:
    """Tell whether the picture at ``index`` is an illustration: a caption goes with it."""
    return any(_CAPTION.match(block.text) for block in blocks[max(0, index - 1) : index + 2])
