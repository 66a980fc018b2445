"""Numbers and amounts, in figures and in words (documents.md § 7.2 to 7.6 and 8.3)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

__all__ = ["arrondi", "en_lettres", "montant", "montant_en_lettres", "nombre", "pourcent", "tva"]

Number = Decimal | int | str | float

_NBSP = "\u00a0"
_NARROW = "\u202f"
_CENT = Decimal("0.01")
_ORTHOGRAPHES = ("traditionnelle", "1990")
# Nouns, not numerals: the 1990 hyphens stop at them, and « d’euros » follows them.
_NOUNS = frozenset({"million", "millions", "milliard", "milliards", "billion", "billions"})


def _decimal(value: Number) -> Decimal:
    """Return ``value`` as an exact decimal; a float goes through its shortest decimal text."""
    if isinstance(value, Decimal):
        found = value
    elif isinstance(value, bool) or not isinstance(value, (int, str, float)):
        raise TypeError(f"un nombre est attendu, et non {value!r}")
    else:
        try:
            found = Decimal(str(value).strip())
        except InvalidOperation:
            raise ValueError(f"un nombre est attendu, et non « {value} »") from None
    if not found.is_finite():
        raise ValueError(f"un nombre est attendu, et non « {value} »")
    return found


def _grouped(digits: str) -> str:
    return f"{int(digits):,}".replace(",", _NARROW)


def arrondi(valeur: Number) -> Decimal:
    """Return ``valeur`` to the cent, half away from zero, as spreadsheets round."""
    return _decimal(valeur).quantize(_CENT, ROUND_HALF_UP)


def tva(ht: Number, taux: Number) -> tuple[Decimal, Decimal]:
    """Return (TVA, TTC) of a base without tax.

    Args:
        ht: sum of the rounded lines of that rate, in euros.
        taux: a fraction (``0.20``), not percent points.

    Raises:
        ValueError: the rate is negative or above 1 (20 given for 0.20).
    """
    rate = _decimal(taux)
    if not 0 <= rate <= 1:
        raise ValueError(f"un taux de TVA s’écrit 0.20, et non « {taux} »")
    base = arrondi(ht)
    tax = arrondi(base * rate)
    return tax, base + tax


def nombre(valeur: Number) -> str:
    """Return a number in figures: ``1 234,5``, without useless zeros.

    Years are not numbers to group: print them as they are.
    """
    value = _decimal(valeur)
    sign = "-" if value < 0 else ""
    whole, _, decimals = f"{abs(value):f}".partition(".")
    decimals = decimals.rstrip("0")
    return sign + _grouped(whole) + (f",{decimals}" if decimals else "")


def pourcent(valeur: Number) -> str:
    """Return percent points in figures: ``8.5`` gives « 8,5 % »."""
    return f"{nombre(valeur)}{_NBSP}%"


def montant(valeur: Number) -> str:
    """Return an amount in euros: ``100 000,00 €``."""
    value = arrondi(valeur)
    sign = "-" if value < 0 else ""
    whole, _, cents = f"{abs(value):.2f}".partition(".")
    return f"{sign}{_grouped(whole)},{cents}{_NBSP}€"


def en_lettres(valeur: int, orthographe: str = "traditionnelle") -> str:
    """Return a whole number in words.

    Args:
        valeur: zero or more, below a billion billions.
        orthographe: ``traditionnelle`` (« deux cent un ») or ``1990`` (« deux-cent-un »).

    Raises:
        ValueError: a negative number, or another spelling.
    """
    from num2words import num2words

    if orthographe not in _ORTHOGRAPHES:
        raise ValueError(f"orthographe inconnue : « {orthographe} » (traditionnelle ou 1990)")
    if valeur < 0:
        raise ValueError("un nombre négatif ne s’écrit pas en lettres")
    text: str = num2words(int(valeur), lang="fr")
    if orthographe == "traditionnelle":
        return text
    parts: list[str] = []
    glued = False
    for word in text.split(" "):
        if word in _NOUNS or not glued:
            parts.append(word)
        else:
            parts[-1] += f"-{word}"
        glued = word not in _NOUNS
    return " ".join(parts)


def montant_en_lettres(valeur: Number, orthographe: str = "traditionnelle") -> str:
    """Return an amount in words: « cent mille euros », « un euro et un centime ».

    Raises:
        ValueError: a negative amount, or more than two decimals.
    """
    value = _decimal(valeur)
    if value != arrondi(value):
        raise ValueError(f"un montant s’arrête au centime : « {valeur} »")
    if value < 0:
        raise ValueError("un montant négatif ne s’écrit pas en lettres")
    euros, cents = divmod(int(value * 100), 100)
    parts = []
    if euros or not cents:
        words = en_lettres(euros, orthographe)
        noun = "euros" if euros >= 2 else "euro"
        # « un million d’euros », but « un million deux cent mille euros »
        parts.append(f"{words} d’{noun}" if words.split(" ")[-1] in _NOUNS else f"{words} {noun}")
    if cents:
        parts.append(f"{en_lettres(cents, orthographe)} {'centimes' if cents >= 2 else 'centime'}")
    return " et ".join(parts)
