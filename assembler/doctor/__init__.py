"""The template doctor: what a Word template may print, and everything that is wrong with one."""

from assembler.doctor.desk import catalogue_of, copy_shipped, document_of, review, review_lines
from assembler.doctor.examining import Examined, Names, examine
from assembler.doctor.examples import Catalogue
from assembler.doctor.faults import Fault, told
from assembler.doctor.fields import field_lines, label_of, labels

__all__ = [
    "Catalogue",
    "Examined",
    "Fault",
    "Names",
    "catalogue_of",
    "copy_shipped",
    "document_of",
    "examine",
    "field_lines",
    "label_of",
    "labels",
    "review",
    "review_lines",
    "told",
]
