"""Checks on identifiers and coordinates wherever the fiche holds some (GEN-IDE)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from assembler_plugins.commun.faits import absent, refused

from assembler.model import Frozen, Observation
from assembler.text import plain

__all__ = ["coordonnees", "numeros_siren"]

_EMAIL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[\w-]+\.)+[^\W\d_]{2,}")
# National numbers, the international forms of métropole and of overseas, and short numbers.
_PHONE = re.compile(r"0[1-9]\d{8}|(?:\+|00)(?:33|262|508|590|594|596|687|689)0?\d{6,9}|3\d{3}|1\d{1,3}")
_POSTCODE = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-5]|97|98)\d{3}")
_STREET = re.compile(
    r"\d+ (?:(?:bis|ter|quater|[a-d]) )?(?:rue|avenue|av|boulevard|bd|place|pl|route|rte|chemin|impasse"
    r"|allees?|quai|cours|square|passage|voie|esplanade|faubourg|lieu|hameau|residence|rond|sentier"
    r"|promenade|mail|parvis|villa)\b"
)


def _walk(value: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    """Yield every leaf of the fiche with its path and the name of its field."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        for rank, item in enumerate(value):
            yield from _walk(item, f"{path}.{rank}")
    elif value is not None:
        name = next(step for step in reversed(path.split(".")) if not step.isdigit())
        yield path, name, value


def numeros_siren(facts: Frozen) -> Iterator[Observation]:
    """Report SIREN and SIRET that fail their check digits (La Poste's own rule included)."""
    # Imported here: a dossier without a fiche does not need it.
    from stdnum.fr import siren, siret

    found = False
    for path, name, value in _walk(facts.get("fiche") or {}, "fiche"):
        if name in ("siren", "siret"):
            found = True
            kind, length = (siren, 9) if name == "siren" else (siret, 14)
            number = re.sub(r"\s", "", str(value))
            if not kind.is_valid(number):
                why = (
                    "sa clé est fausse"
                    if re.fullmatch(rf"\d{{{length}}}", number)
                    else f"il a {length} chiffres"
                )
                yield refused(f"« {value} » n’est pas un {name.upper()} : {why}.", path, value)
    if not found:
        yield absent("La fiche ne donne ni SIREN ni SIRET.")


def coordonnees(facts: Frozen) -> Iterator[Observation]:
    """Report e-mail addresses, telephone numbers and postal codes without their form."""
    found = False
    for path, name, value in _walk(facts.get("fiche") or {}, "fiche"):
        text = str(value).strip()
        if name == "courriel":
            found = True
            if not _EMAIL.fullmatch(text):
                yield refused(f"« {text} » n’est pas une adresse de courriel.", path, value)
        elif name == "telephone":
            found = True
            if not _PHONE.fullmatch(re.sub(r"\(0\)|[\s./()-]", "", text)):
                yield refused(f"« {text} » n’est pas un numéro de téléphone.", path, value)
        elif name in ("adresse", "code_postal"):
            found = True
            code = _postcode(text, name)
            if code is not None and not _POSTCODE.fullmatch(code):
                yield refused(f"« {text} » : « {code} » n’est pas un code postal.", path, value)
    if not found:
        yield absent("La fiche ne donne ni courriel, ni téléphone, ni adresse.")


def _postcode(text: str, name: str) -> str | None:
    """Return what stands where the postal code should, or None for another line of an address."""
    if name == "code_postal":
        return text
    if _STREET.match(plain(text)):
        return None
    # « 53000 Laval », « F-53000 Laval »: digits, then a town in capitals or with a capital.
    line = re.match(r"(?:F[- ]?)?(\d[\d ]{2,6}\d)\s+[^\W\d_]", text)
    return line[1] if line else None
