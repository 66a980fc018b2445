"""Names of départements, places and bodies after « de »."""

from __future__ import annotations

import re

from assembler.text import plain

__all__ = ["de", "departement_de", "departement_nom"]

# documents.md § 7.7: each string is used as it is after « préfet », « département ».
_DEPARTEMENTS = """
01 de l’Ain · 02 de l’Aisne · 03 de l’Allier · 04 des Alpes-de-Haute-Provence · 05 des Hautes-Alpes
· 06 des Alpes-Maritimes · 07 de l’Ardèche · 08 des Ardennes · 09 de l’Ariège · 10 de l’Aube
· 11 de l’Aude · 12 de l’Aveyron · 13 des Bouches-du-Rhône · 14 du Calvados · 15 du Cantal
· 16 de la Charente · 17 de la Charente-Maritime · 18 du Cher · 19 de la Corrèze
· 2A de la Corse-du-Sud · 2B de la Haute-Corse · 21 de la Côte-d’Or · 22 des Côtes-d’Armor
· 23 de la Creuse · 24 de la Dordogne · 25 du Doubs · 26 de la Drôme · 27 de l’Eure
· 28 d’Eure-et-Loir · 29 du Finistère · 30 du Gard · 31 de la Haute-Garonne · 32 du Gers
· 33 de la Gironde · 34 de l’Hérault · 35 d’Ille-et-Vilaine · 36 de l’Indre · 37 d’Indre-et-Loire
· 38 de l’Isère · 39 du Jura · 40 des Landes · 41 de Loir-et-Cher · 42 de la Loire
· 43 de la Haute-Loire · 44 de la Loire-Atlantique · 45 du Loiret · 46 du Lot · 47 de Lot-et-Garonne
· 48 de la Lozère · 49 de Maine-et-Loire · 50 de la Manche · 51 de la Marne · 52 de la Haute-Marne
· 53 de la Mayenne · 54 de Meurthe-et-Moselle · 55 de la Meuse · 56 du Morbihan · 57 de la Moselle
· 58 de la Nièvre · 59 du Nord · 60 de l’Oise · 61 de l’Orne · 62 du Pas-de-Calais
· 63 du Puy-de-Dôme · 64 des Pyrénées-Atlantiques · 65 des Hautes-Pyrénées
· 66 des Pyrénées-Orientales · 67 du Bas-Rhin · 68 du Haut-Rhin · 69 du Rhône · 69D du Rhône
· 69M de la métropole de Lyon · 70 de la Haute-Saône · 71 de Saône-et-Loire · 72 de la Sarthe
· 73 de la Savoie · 74 de la Haute-Savoie · 75 de Paris · 76 de la Seine-Maritime
· 77 de Seine-et-Marne · 78 des Yvelines · 79 des Deux-Sèvres · 80 de la Somme · 81 du Tarn
· 82 de Tarn-et-Garonne · 83 du Var · 84 de Vaucluse · 85 de la Vendée · 86 de la Vienne
· 87 de la Haute-Vienne · 88 des Vosges · 89 de l’Yonne · 90 du Territoire de Belfort
· 91 de l’Essonne · 92 des Hauts-de-Seine · 93 de la Seine-Saint-Denis · 94 du Val-de-Marne
· 95 du Val-d’Oise · 971 de la Guadeloupe · 972 de la Martinique · 973 de la Guyane
· 974 de La Réunion · 975 de Saint-Pierre-et-Miquelon · 976 de Mayotte · 977 de Saint-Barthélemy
· 978 de Saint-Martin
"""
_DE = {
    code: form
    for code, _, form in (
        entry.strip().partition(" ") for entry in " ".join(_DEPARTEMENTS.split()).split("·")
    )
}
_ARTICLE = re.compile(r"^(?:de la |de l’|du |des |d’|de )")

# First words that take an article, because they are common nouns. Compared without case or accents.
_FEMININE = frozenset(
    """agence agglomeration antenne association autorite banque caisse chambre chancellerie collectivite
    commission commune communaute compagnie cooperative conference cour delegation direction directrice
    division ecole eurometropole entente federation fondation inspection institution intercommunalite
    ligue mairie maison metropole mission municipalite prefecture prefete presidente presidence
    regie region republique societe sous-direction sous-prefecture sous-prefete station unite union
    universite ville cc ca cu cci""".split()  # noqa: SIM905
)
_MASCULINE = frozenset(
    """archipel arrondissement atelier bassin bureau cabinet canton centre cercle collectif college comite
    commissariat conseil conservatoire consortium departement directeur district domaine etablissement
    etat forum gouvernement grand groupe groupement hopital haut-commissariat institut laboratoire lycee
    maire massif ministere ministre mouvement musee observatoire office parc parlement pays petr pole
    port prefet president quartier rectorat reseau secretariat secretaire service sous-prefet syndicat
    territoire tribunal village pnr caue cerema cnrs""".split()  # noqa: SIM905
)
# « Pays » is a plural in the name of the region only.
_PLURAL_NAMES = frozenset({"pays de la loire", "hauts de france", "alpes mancelles", "hauts de seine"})
_VOWEL = re.compile(r"^(?:[aeiou]|y[^aeiou]|ye|yo)")
# « h » keeps « de » but before é, i, o with an accent and y: usage for towns (d’Hérouville, de Hambers).
_MUTE_H = re.compile(r"^h[éèêiîïôyÉÈÊIÎÏÔY]", re.IGNORECASE)
_ACRONYM = re.compile(r"^[A-Z][A-Za-z]*[A-Z]$")


def _code(code: str) -> str:
    key = str(code).strip().upper().zfill(2)
    if key not in _DE:
        raise ValueError(f"département inconnu : « {code} »")
    return key


def departement_de(code: str) -> str:
    """Return the complement form of a département: ``53`` gives « de la Mayenne ».

    Args:
        code: ``01`` to ``95``, ``2A``, ``2B``, ``971`` to ``978``, ``69M`` (métropole de Lyon).

    Raises:
        ValueError: no such département.
    """
    return _DE[_code(code)]


def departement_nom(code: str) -> str:
    """Return the name alone: ``53`` gives « Mayenne », ``974`` « La Réunion »."""
    name = _ARTICLE.sub("", _DE[_code(code)])
    return name[:1].upper() + name[1:]


def de(nom: str) -> str:
    """Return « de » and a name, with its article, elision or contraction.

    A body named by a common noun takes its article (« de la Communauté de communes… »), a place
    does not (« d’Évron »), and a place that bears one contracts it (« du Mans », « de La Rochelle »).
    """
    name = nom.strip()
    lowered = name.lower().replace("'", "’")
    if lowered.startswith("le "):
        return f"du {name[3:]}"
    if lowered.startswith("les "):
        return f"des {name[4:]}"
    if lowered.startswith(("la ", "l’")) or not name:
        return f"de {name}"
    if plain(name) in _PLURAL_NAMES:
        return f"des {name}"
    first = re.split(r"[\s’']", name, maxsplit=1)[0]
    word = plain(first).replace(" ", "-")
    elided = bool(_VOWEL.match(word)) or bool(_MUTE_H.match(first))
    gender = _gender(first, word)
    if gender == "plural":
        return f"des {name}"
    if gender and elided:
        return f"de l’{name}"
    if gender:
        return f"{'de la' if gender == 'feminine' else 'du'} {name}"
    return f"d’{name}" if elided else f"de {name}"


def _gender(first: str, word: str) -> str | None:
    """Return the gender of a common noun, ``plural``, or None for a proper noun."""
    if word in _FEMININE:
        return "feminine"
    if word in _MASCULINE:
        return "masculine"
    if word.endswith("s") and word[:-1] in _FEMININE | _MASCULINE and not _ACRONYM.match(first):
        return "plural"
    if _ACRONYM.match(first):
        # Acronyms: D… is a direction, S… most often a syndicat; before a vowel the gender is silent.
        return {"D": "feminine", "S": "masculine"}.get(first[0]) or (
            "feminine" if first[0] in "AEIOU" else None
        )
    return None
