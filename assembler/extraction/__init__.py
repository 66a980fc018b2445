"""What a piece tells (conception.md § 3.3): dates, durations, letters' blocks, sections, mentions."""

from assembler.extraction.facts import collectivites_in, known_facts, piece_facts
from assembler.extraction.guidance import frame_of
from assembler.extraction.passages import passages_of

__all__ = ["collectivites_in", "frame_of", "known_facts", "passages_of", "piece_facts"]
