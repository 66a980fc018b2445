"""Which file is which piece: by the fiche, else by its name, else by its content."""

from assembler.recognition.pieces import Recognition, recognise

__all__ = ["Recognition", "recognise"]
