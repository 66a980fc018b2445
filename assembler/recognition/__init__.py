"""Which file is which piece: by the fiche, else by its name, else by its content."""

from assembler.recognition.pieces import Recognition, recognise
from assembler.recognition.places import lies_well, place_facts

__all__ = ["Recognition", "lies_well", "place_facts", "recognise"]
