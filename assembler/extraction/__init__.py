"""What a piece tells (conception.md § 3.3): dates, durations, letters' blocks, sections, mentions."""

from assembler.extraction.facts import collectivites_in, passages_of, piece_facts

__all__ = ["collectivites_in", "passages_of", "piece_facts"]
