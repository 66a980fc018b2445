"""French as an administration signs it: numbers, dates, names and spaces.

Every function is pure and is a filter and a global of the document templates, under its own name.
Spaces that must not break are U+00A0; the narrow one, U+202F, stands in groups of thousands and
before ``;``, ``!`` and ``?``.
"""

from assembler.french.amounts import (
    arrondi,
    en_lettres,
    montant,
    montant_en_lettres,
    nombre,
    pourcent,
    tva,
)
from assembler.french.calendars import (
    ajouter_mois,
    date_courte,
    date_longue,
    est_ferie,
    jours_feries,
    mois_annee,
)
from assembler.french.places import de, departement_de, departement_nom
from assembler.french.typography import typo
from assembler.french.wording import accord, enumerer, feminin, majuscule, pluriel, slug, telephone

__all__ = [
    "accord",
    "ajouter_mois",
    "arrondi",
    "date_courte",
    "date_longue",
    "de",
    "departement_de",
    "departement_nom",
    "en_lettres",
    "enumerer",
    "est_ferie",
    "feminin",
    "jours_feries",
    "majuscule",
    "mois_annee",
    "montant",
    "montant_en_lettres",
    "nombre",
    "pluriel",
    "pourcent",
    "slug",
    "telephone",
    "tva",
    "typo",
]
