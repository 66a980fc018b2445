"""The préfet: on whose behalf the State's local services write, and who signs the support."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assembler.french import de, departement_de
from assembler.model import dig

from .personnes import civilite, est_femme, qualite, signature

__all__ = ["autorite", "complement", "copies_prefets", "departement", "signature_prefecture"]

_AUTORITES = {
    "prefet": "préfet",
    "sous_prefet": "sous-préfet",
    "secretaire_general": "secrétaire général de la préfecture",
    "prefet_delegue": "préfet délégué",
    "prefet_de_region": "préfet de région",
}
# Regional services are headed by the préfet de région, whose title names the region.
_REGIONAL = {"DREAL", "DRIEAT", "UD_DRIEAT"}
_REGIONS = {
    "la région Auvergne-Rhône-Alpes": "01 03 07 15 26 38 42 43 63 69 73 74",
    "la région Bourgogne-Franche-Comté": "21 25 39 58 70 71 89 90",
    "la région Bretagne": "22 29 35 56",
    "la région Centre-Val de Loire": "18 28 36 37 41 45",
    "Corse": "2A 2B",
    "la région Grand Est": "08 10 51 52 54 55 57 67 68 88",
    "la région Hauts-de-France": "02 59 60 62 80",
    "la région d’Île-de-France": "75 77 78 91 92 93 94 95",
    "la région Normandie": "14 27 50 61 76",
    "la région Nouvelle-Aquitaine": "16 17 19 23 24 33 40 47 64 79 86 87",
    "la région Occitanie": "09 11 12 30 31 32 34 46 48 65 66 81 82",
    "la région Pays de la Loire": "44 49 53 72 85",
    "la région Provence-Alpes-Côte d’Azur": "04 05 06 13 83 84",
}


def departement(fiche: Mapping[str, Any]) -> str | None:
    """Return the code of the département of the buyer: that of its préfet, else the territory’s first."""
    code = dig(fiche, "prefectures.0.departement") or dig(fiche, "territoire.departements.0")
    return str(code) if code else None


def autorite(fiche: Mapping[str, Any], service: Mapping[str, Any], *, region: bool = False) -> dict[str, str]:
    """Return the préfet on whose behalf a service writes.

    Args:
        fiche: the total fiche.
        service: the service.
        region: it is the préfet de région who writes, whatever the service.

    Returns:
        ``titre`` (bloc-marque: « Préfète de la Mayenne ») and ``delegant`` (« la préfète »). The
        masculine stands when the fiche does not name the préfet.
    """
    code = departement(fiche)
    regional = region or service.get("type") in _REGIONAL
    wanted = "prefet_de_region" if regional else "prefet"
    person: Mapping[str, Any] = next(
        (one for one in fiche.get("prefectures") or () if (one.get("autorite") or "prefet") == wanted), {}
    )
    woman = est_femme(person)
    noun = "préfète" if woman else "préfet"
    place: str | None = None
    if regional:
        where = next((name for name, codes in _REGIONS.items() if code in codes.split()), None)
        place = f"de {where}" if where else "de région"
    elif code:
        place = complement(code)
    return {
        "titre": f"{noun.capitalize()} {place}" if place else noun.capitalize(),
        "delegant": f"{'la' if woman else 'le'} {noun}{' de région' if regional else ''}",
    }


def complement(code: str) -> str | None:
    """Return « de la Mayenne » for a code, None for one that does not exist."""
    try:
        return departement_de(code)
    except ValueError:  # an unknown code is the territory rules' business, not the letter's
        return None


def copies_prefets(fiche: Mapping[str, Any]) -> list[str]:
    """Return whom a letter is copied to: « Madame la préfète de la Mayenne », one by département.

    A préfet whom the fiche does not name is his préfecture.
    """
    codes = dig(fiche, "territoire.departements", ()) or filter(None, [departement(fiche)])
    copies = []
    for code in map(str, codes):
        place = complement(code)
        named = (
            one for one in fiche.get("prefectures") or () if (one.get("autorite") or "prefet") == "prefet"
        )
        person: Mapping[str, Any] = next(
            (one for one in named if str(one.get("departement") or code) == code), {}
        )
        civility = civilite(person)
        noun = "la préfète" if est_femme(person) else "le préfet"
        if place:
            copies.append(f"{civility} {noun} {place}" if civility else f"préfecture {place}")
    return copies


def signature_prefecture(fiche: Mapping[str, Any]) -> dict[str, Any]:
    """Return the signature of the support: préfet, sous-préfet, or secretary general by delegation.

    Beside the block: ``attache``, the quality with its place (« La préfète de la Mayenne »).
    """
    person: Mapping[str, Any] = dig(fiche, "prefectures.0", {})
    kind = person.get("autorite") or "prefet"
    named = {**person, "fonction": _AUTORITES[kind]}
    if kind in {"secretaire_general", "prefet_delegue"}:
        named["mode"] = "delegation" if kind == "secretaire_general" else None
    place = complement(str(person.get("departement"))) if person.get("departement") else None
    if kind == "sous_prefet" and person.get("arrondissement"):
        place = de(str(person["arrondissement"]))
        named["fonction"] += f" {place}"
    delegant = autorite(fiche, {})["delegant"]
    block = signature(named, delegant=delegant)
    quality = qualite({**person, "fonction": _AUTORITES[kind]})
    if kind == "secretaire_general":
        quality = f"{delegant[:1].upper()}{delegant[1:]}"
    return {**block, "attache": f"{quality} {place}" if place else quality}
