"""Paired measures of speed; see README.md."""
