"""The words with which French letters and notes speak of an accompagnement, as patterns on folded text.

Folded text (:func:`assembler.extraction.passages.fold`) is lower case without accents; ``PASSE`` alone is
read on the original, where « a » is not « à ».
"""

from __future__ import annotations

import re

from assembler.extraction.dates import MONTH, NUMBER_WORDS

__all__ = [
    "ANNEE",
    "APRES",
    "APRES_INDEFINI",
    "AU_MOINS",
    "AU_PLUS",
    "CADRE",
    "COMPLEMENT",
    "DEMARCHE",
    "DE_L_ATELIER",
    "D_AUTRE_CHOSE",
    "ENTIER",
    "ENVIRON",
    "INDEFINI",
    "LIEN",
    "MOTS",
    "NEGATION",
    "PARTIEL",
    "PASSE",
    "PERMIS",
    "PREVUES",
    "PRONOM",
    "RESERVE",
    "SIMPLE",
    "SUITE_AUTRE",
    "SUIVI_MOINS",
    "SUIVI_PLUS",
    "SUJET",
    "TITRE",
]

# « La démarche » is that of anything: it counts with sessions in situ only.
SUJET = re.compile(r"\b(l'|cet\s+|notre\s+|un\s+|d'un\s+)?\b(accompagnement|atelier)\b(?!-)")
DEMARCHE = re.compile(r"\b(cette\s+|la\s+|notre\s+)(demarche)\b(?!-)")
# What may stand between the accompagnement and its number.
PERMIS = re.compile(
    r"(?:l|la|le|les|un|une|d|de|du|des|se|s|sur|pendant|durant|pour|en|a|au|aux|par|et|qui|il|elle|y|ainsi|donc"
    r"|alors|autour|avec|dans|notre|cette|cet|ce|environ|entre|moins|plus|ci|soit|est|sera|serait|etre|jusqu"
    r"|deroul\w*|etend\w*|etal\w*|tiendra\w*|tient|tenir|poursui\w*|repart\w*|organis\w*|articul\w*|structur\w*"
    r"|condui\w*|mene\w*|dur(?:e|era|ee|er|ant|erait)|prev\w*|propos\w*|envisag\w*|attendu\w*|fix\w*|estim\w*"
    r"|compr\w+|comport\w*|compt\w*|global\w*|total\w*|complet\w*|previsionnel\w*|maxim\w*|minim\w*|indicati\w*"
    r"|sessions|seances|in|situ|territoires?|local|equipe|pluridisciplinaire|accompagnement|atelier|demarche"
    rf"|excede\w*|exceder|depass\w*|{NUMBER_WORDS}|{MONTH}|\d+)"
)
# One of these at least binds the number to it.
LIEN = re.compile(
    r"[:(=]|\b(?:sur|pendant|durant|pour|en|de|d'|dure\w*|est|sera|serait|soit|entre|a|autour|compr\w+|comport\w*"
    r"|compt\w*|prev\w*)"
)
# « Pendant l’Atelier, … » speaks of something else.
CADRE = re.compile(
    r"\b(?:pendant|durant|(?:au )?cours (?:de|d')|long de|cadre de|lors de|grace a|outre|avec|dans)\s*\Z"
)
# « un comité d’accompagnement » is none; « Durée d’accompagnement : … » is.
TITRE = re.compile(r"(?:\A\W*|\bduree (?:\w+ )?d'\s*)\Z")
SIMPLE = re.compile(
    r"\W*(?:(?:nous|je|j|la|le|les|l|ce|ces|cette|collectivite|dossier|candidature|projet|calendrier|planning"
    r"|porteurs?|sollicit\w*|souhait\w*|demand\w*|prevo\w+|suppos\w*|compt\w*|pour|sur|dans|d|de|du|est|sont|a|avec|ainsi"
    r"|soit|environ|moins|plus|maximum|minimum|au|jusqu|duree|totale)\W+)*"
)
# Before « un accompagnement »: who asks for it, and no one else.
INDEFINI = re.compile(
    r"\W*(?:(?:nous|je|la|le|les|l|collectivite|dossier|candidature|projet|porteurs?|sollicit\w*|souhait\w*"
    r"|demand\w*|prevo\w+|porte|pour|dans|cadre|d|de|du|est|sur|a|benefici\w*)\W+)*"
)
APRES_INDEFINI = re.compile(
    r"[\s)]*(?:[,.;:(]|\Z|(?:est|sera|qui|et)\b|par (?:l'|une )equipe|de l'atelier|d'une equipe"
    r"|du territoire)"
)
# Supposes, compares, dates before or after, or speaks of a part.
RESERVE = re.compile(
    r"\b(?:si|sans|sinon|contrairement|difference|comme|instar|apres|avant|depuis|lors|jadis|deja|autres?"
    r"|ancien\w*|precedent\w*|voisin\w*|issue|terme|suite|suites|fin|prolong\w*|complement\w*|supplement\w*|initial\w*"
    r"|eventuel\w*|hypothes\w*|exemple|analogue|similaire|chaque|premier\w*|second\w*|deuxiem\w*|troisiem\w*"
    r"|dernier\w*|inter|pre|post|hors|parmi|certain\w*|ailleurs|plutot|regrett\w*|trop|futur\w*|habituel\w*"
    r"|general\w*|souvent|ordinaire|tous|toutes)\b"
)
NEGATION = re.compile(r"\bn'|\bne\b|\bpas\b|\bjamais\b|\bni\b|\baucun|\bnon\b")
# On the original, accents kept: « a » is not « à ».
PASSE = re.compile(
    r"\b(?:ai|a|avons|avez|ont|avait|avaient|aura|aurait|auraient|eut|fut|était|étaient|dura|durait|durèrent"
    r"|comptait|comptaient|comprenait|comprenaient|devait|devaient|pourrait|pourraient|prévoyait"
    r"|prévoyaient|s’étendait|devrait)\b"
)
ANNEE = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
MOTS = re.compile(r"[^\W_]+")
# After the number: it is that of something else.
SUITE_AUTRE = re.compile(
    r"[\s,)]*(?:auparavant|plus (?:tard|tot)|supplement|complement|d'inter|de prepar|de mise|de suivi"
    r"|de prolong|renouvel|reconduct|prolong|entre\b|avant\b|apres\b|par\s+(?:session|atelier|an)\b"
    r"|chacun|de plus\b|restant)"
)
APRES = re.compile(
    r"\s*(?:d'|de\s+l'|pour\s+l'|pour\s+cet\s+)(?:accompagnement|atelier)\b"
    r"(?!\s+(?:de|du|des|d'|pour|par|aux|a)\b)"
)
AU_PLUS = re.compile(
    r"(?:au plus|au maximum|maximum|maximal\w*(?: de)?|jusqu'a|moins d[e']|sans (?:exceder|depasser)"
    r"|n'exced\w+ pas|ne depass\w+ pas|ne dur\w+ pas plus d[e']|pas plus d[e'])\s*\Z"
)
AU_MOINS = re.compile(
    r"(?:au moins|au minimum|minimum|minimal\w*(?: de)?|a minima|pas moins d[e']|plus d[e'])\s*\Z"
)
SUIVI_PLUS = re.compile(r"\s*\(?(?:au plus|(?:au )?max)")
SUIVI_MOINS = re.compile(r"\s*\(?(?:au moins|(?:au )?min(?:imum)?\b|a minima)")
ENVIRON = re.compile(r"(?:environ|pres d[e']|quelque|approximativement|de l'ordre d[e'])\s*\Z")
# Before « trois sessions in situ »: all of them.
ENTIER = re.compile(r"\b(?:les|aux|des|ces|nos|ses|leurs)\s*\Z")
COMPLEMENT = re.compile(
    r"\s*(?:\Z|[,.;:)(]|in\s+situ\b|d'ateliers?\b|de\s+l'atelier\b|sur\b|pendant\b|reparti|etal|prevu|programm"
    r"|separ|dont\b|qui\b|et\b|au\s+cours|d'une?\s+(?:a\s+deux\s+)?jour|de\s+(?:un|deux|1|2|une)\b)"
)
D_AUTRE_CHOSE = re.compile(
    r"\s*(?:in\s+situ\s+)?(?:(?:du|des|de\s+la)\s+|de\s+l')"
    r"(?!atelier|accompagnement|demarche|equipe|territoire)"
)
DE_L_ATELIER = re.compile(r"\s*(?:in\s+situ\b|d'ateliers?\b|de\s+l'atelier\b)")
PRONOM = re.compile(
    r"\W*(?:il|elle|celui-ci|celle-ci)\s+(?:s'(?:organis|articul|structur|deroul)\w*|comprend\w*|compt\w*"
    r"|comport\w*|prevo\w*|sera\w*\s+(?:organis|compos|structur)\w*)\s+(?:(?:autour|en)\s*(?:d[e']\s*)?)?\Z"
)
PARTIEL = re.compile(r"\b(?:entre|separ\w*|l'une|chacune|deux a deux)\b")
PREVUES = re.compile(r"(?:\s*in\s+situ)?\s+(?:sont|seront)\s+(?:prevu|organis|programm|proposee)")
