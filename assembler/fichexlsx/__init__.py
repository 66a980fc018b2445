"""``fiche.xlsx``: the fiche as a form in a workbook; its layout, and its reading (which loads openpyxl)."""
