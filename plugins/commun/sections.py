"""The sections that the candidatures of several formats hold, by the headings that porteurs give them.

Patterns bear on a heading in plain text, its numbering taken off (:class:`assembler.contributions.Section`).
"""

from __future__ import annotations

from assembler.contributions import Section

__all__ = ["LOCALISATION", "OBJECTIFS", "OBJET", "PORTEURS", "RESSOURCES"]

_OF = (
    r"(?: (?:de l atelier|du projet|de la candidature|du dossier|de la demarche|de la demande)(?: \w+){0,6})?"
)
_THE = r"(?:les |la |le |l )?"

PORTEURS = Section(
    id="porteurs",
    title="Les porteurs de l’Atelier",
    patterns=(
        rf"{_THE}(?:co )?porteurs?{_OF}",
        rf"(?:identification|presentation|liste) des (?:co )?porteurs{_OF}",
        rf"{_THE}(?:portage|porteurs et pilotes?|porteurs et partenaires){_OF}",
        r"qui porte l atelier",
    ),
)
LOCALISATION = Section(
    id="localisation",
    title="La localisation de l’Atelier",
    patterns=(
        rf"{_THE}localisation{_OF}",
        rf"{_THE}localisation (?:et|du) (?:le )?(?:perimetre|territoire|site)s?{_OF}",
        rf"{_THE}perimetre(?: (?:d etude|de reflexion|de projet))?{_OF}",
        rf"{_THE}territoire (?:de l atelier|concerne|d etude|de projet)",
        r"ou se situe l atelier",
    ),
)
OBJET = Section(
    id="objet",
    title="L’objet de l’Atelier",
    patterns=(
        rf"{_THE}objet{_OF}",
        rf"{_THE}objet(?: et| les| la| le)* (?:thematiques?|enjeux|problematiques?|intentions?){_OF}",
        rf"{_THE}(?:intention|sujet){_OF}",
    ),
)
OBJECTIFS = Section(
    id="objectifs",
    title="Les objectifs de l’Atelier",
    patterns=(
        rf"{_THE}objectifs?{_OF}",
        rf"{_THE}objectifs (?:poursuivis|attendus|vises){_OF}",
        rf"{_THE}objectifs et (?:les )?(?:attendus|attentes|resultats attendus){_OF}",
        rf"{_THE}(?:attendus|attentes){_OF}",
    ),
)
RESSOURCES = Section(
    id="ressources",
    title="Les ressources de l’Atelier",
    patterns=(
        rf"{_THE}ressources?(?: (?:documentaires|disponibles|mobilisables|locales|mobilisees))?{_OF}",
        rf"{_THE}ressources(?: documentaires)? et (?:les )?acteurs(?: a mobiliser)?{_OF}",
        rf"{_THE}acteurs(?: a mobiliser)? et (?:les )?ressources(?: documentaires)?{_OF}",
    ),
)
