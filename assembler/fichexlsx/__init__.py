"""``fiche.xlsx``: the fiche as a form in a workbook; its layout, and its reading."""

from assembler.fichexlsx.reading import first_look, read_workbook

__all__ = ["first_look", "read_workbook"]
