"""What a file's place and whole name say: the folder it should lie in, the codes and dates it bears."""

from __future__ import annotations

from typing import Any

from assembler.contributions import Piece
from assembler.extraction.passages import compiled
from assembler.recognition.filenames import whole_name
from assembler.text import plain

__all__ = ["captured", "lies_well", "place_facts"]


def lies_well(piece: Piece, name: str) -> bool:
    """Tell whether a file lies in one of the folders of a piece, or below; anywhere will do when it has none.

    Args:
        piece: the piece.
        name: path of the file in the dossier.
    """
    parts = [plain(one) for one in name.replace("\\", "/").split("/")[:-1]]
    wanted = ([plain(one) for one in folder.strip("/").split("/")] for folder in piece.folders)
    return not piece.folders or any(parts[: len(one)] == one for one in wanted)


def captured(piece: Piece, name: str) -> dict[str, str | None]:
    """Return what the patterns of a piece capture in the whole name of a file, by named group.

    Every group is there, None when the pattern that has it does not match; empty without named groups.
    """
    groups: dict[str, str | None] = {}
    for regex in map(compiled, piece.names):
        if regex.groupindex:
            found = regex.search(whole_name(name))
            told = found.groupdict() if found else dict.fromkeys(regex.groupindex)
            groups |= {key: value for key, value in told.items() if value is not None or key not in groups}
    return groups


def place_facts(piece: Piece, name: str) -> dict[str, Any]:
    """Return the facts of a piece that its file's name and place give, those that the piece asks for."""
    told = captured(piece, name)
    return ({"nom": told} if told else {}) | ({"bien_range": lies_well(piece, name)} if piece.folders else {})
