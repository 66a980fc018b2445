"""Checks dossiers against rules and assembles the formal documents that follow from them."""

__version__ = "0.1.0"
__all__ = ["__version__"]
