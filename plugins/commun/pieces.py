"""The letters, offers and annexes that the dossiers of every format hold, and how to know each of them.

Patterns bear on plain text (lower case, no accents, punctuation as spaces). A format takes these pieces
as they are, or with ``dataclasses.replace`` where its own letters are worded otherwise.
"""

from __future__ import annotations

from assembler_plugins.commun.marche.retours import prix_rendus

from assembler.contributions import Piece

__all__ = [
    "ANNEXE",
    "ATELIER",
    "CLOSING",
    "COURRIER_COLLECTIVITE",
    "COURRIER_PREFET",
    "COURRIER_SERVICE",
    "DEMANDE",
    "NOT_A_LETTER_NAME",
    "OFFRE",
    "SERVICE_ETAT",
    "WHO_SERVICE",
]

# --- file names ------------------------------------------------------------------------------

_LETTER = r"(?:courriers?|lettres?|engagements?|soutiens?|accord|demande|mail|lt)\b"
_SERVICE = (
    r"(?:ddtm?(?!\w)|ddt ?m\b|dreal|drieat|\bdr ?eal\b|\bdealm?\b|\bdgtm\b|\bdtam\b"
    r"|direction departementale|direction regionale|services? (?:de l )?etat|service pilote|\bpilote\b)"
)
_PREFET = r"(?:prefet|prefecture|prefectoral|\bpref\b)"
_COLLECTIVITE = (
    r"(?:collectivite|intercommunalite|communaute|communes?\b|\bcc\b|\bca\b|\bcu\b|\bccs?\w{1,6}\b|epci|agglo|metropole|\bpetr\b"
    r"|syndicat|mairie|\bmaire|president|\bville\b|\belus?\b|interco|\bpays\b)"
)
_OTHER = r"(?:note (?:d )?opportunite|bordereau|\bmodele\b|\btrame\b)"

NOT_A_LETTER_NAME = r"^(?!.*\b(?:courriers?|lettres?)\b)"
"""Opens the pattern of a whole name that does not say « letter »."""


def _letter_named(said: str, *, without: tuple[str, ...]) -> str:
    """Return the pattern of a whole name that says « letter » and ``said``, and nothing of ``without``."""
    refused = "".join(rf"(?!.*{word})" for word in (*without, _OTHER))
    return rf"^{refused}(?=.*\b{_LETTER}).*{said}.*$"


# --- mentions --------------------------------------------------------------------------------

_ENGAGEMENT = (
    r"\b(?:s engage(?:nt)?|s engagera|m engage|engageons|(?:s )?est engagee?|engage (?:la|le|notre|sa|ma))\b"
    r"|\bengagement\b(?! (?:juridique|comptable|des? depenses?))"
)
_SOUTIEN = (
    r"\b(?:soutiens?|soutient|soutenir|soutenons|soutiendra|avis (?:tres )?favorable|appui sans reserve)\b"
)
_DGALN = (
    r"\b(?:dgaln|dhup|ad1)\b|sous direct(?:ion|rice|eur) (?:de l )?amenagement durable"
    r"|direct(?:ion|eur|rice) generale? de l amenagement (?:du )?logement et de la nature"
    r"|direct(?:ion|eur|rice) de l habitat de l urbanisme et des paysages"
    r"|bureau (?:des )?strategies territoriales"
)
DEMANDE = r"\b(?:demandes?|demander|demandons|sollicit\w+|candidat\w+|souhait\w+)\b"
SERVICE_ETAT = (
    r"\b(?:ddtm?|dreal|drieat|deal|dealm|dgtm|dtam|d r eal)\b|direction departementale des territoires"
    r"|direction (?:regionale )?de l environnement de l amenagement et du logement"
    r"|services? (?:deconcentres? )?de l etat"
)

_LETTER_MENTIONS = {"engagement": _ENGAGEMENT, "soutien": _SOUTIEN, "destinataire_dgaln": _DGALN}

# --- clues -----------------------------------------------------------------------------------

ATELIER = r"\bateliers?\b"
CLOSING = r"\b(?:vous prie|veuillez)(?: \w+){0,6} agreer\b"
"""A letter joins the candidature and names it: its closing formula gives it away."""
_WHO_COLLECTIVITE = (
    r"\b(?:communaute (?:de communes|d agglomeration|urbaine)|communes?|agglo\w*|metropole|petr|epci"
    r"|syndicat mixte|collectivite|conseil (?:communautaire|municipal|metropolitain|syndical)"
    r"|bureau communautaire|intercommunalite)\b"
)
WHO_SERVICE = rf"{SERVICE_ETAT}|\bservice pilote\b"
_TO_CARRY = (
    r"\b(?:s engage|m engage|engageons|engagement|s engagera)\b(?: \w+){0,25}"
    r" (?:porter|piloter|conduire|portage|pilotage)\b"
    r"|\b(?:porter|piloter|portage de|pilotage de) (?:l|cet) atelier\b"
)
_NOT_A_LETTER = (r"\bporteurs de l atelier\b.*\bobjectifs de l atelier\b.*\bressources de l atelier\b",)
"""The titles of the note, one after the other."""

# --- pieces ----------------------------------------------------------------------------------

COURRIER_COLLECTIVITE = Piece(
    id="courrier_collectivite",
    title="courrier de la collectivité",
    many=True,
    names=(
        _letter_named(_COLLECTIVITE, without=(_SERVICE, _PREFET)),
        r"^(?:courrier|lettre) (?:d )?engagement$",
        r"^(?:courrier|lettre) (?:de )?soutien$",
    ),
    clues=(
        (rf"{_ENGAGEMENT}|{_SOUTIEN}", ATELIER, _WHO_COLLECTIVITE),
        (
            rf"{_ENGAGEMENT}|{_SOUTIEN}",
            ATELIER,
            r"\b(?:communaute|agglo\w*|metropole|commune|syndicat|conseil \w+)(?: \w+){0,12}"
            r" (?:s engage|apporte|soutient|confirme|souhaite|prendra|assurera|porte)\b",
            r"\b(?:nos|ses|mes|les) elus\b|\bconseil (?:communautaire|municipal|syndical)\b",
        ),
    ),
    signatories=(
        r"\b(?:maire|mairesse|presidente?|vice presidente?|adjointe? au maire|conseillere? deleguee?)\b",
    ),
    mentions={**_LETTER_MENTIONS, "demande": DEMANDE, "service_etat": SERVICE_ETAT},
    unlikely=_NOT_A_LETTER,
    letter=True,
)
COURRIER_PREFET = Piece(
    id="courrier_prefet",
    title="courrier du préfet ou du sous-préfet",
    names=(
        _letter_named(_PREFET, without=(_SERVICE,)),
        r"^(?:sous )?prefete?$",
        r"^(?:sous )?prefecture(?: (?:de|du|des|d) .*)?$",
        r"^(?:courrier|lettre) (?:de )?soutien$",
    ),
    clues=(
        (_SOUTIEN, ATELIER, r"\b(?:sous )?prefete?\b|\bprefecture\b"),
        (
            r"\b(?:j apporte|je soutiens|mon (?:\w+ )?soutien|mon avis (?:tres )?favorable)\b",
            ATELIER,
            r"\b(?:sous )?prefete?\b|\bprefecture\b",
            r"\bservices de l etat\b|\bdepartement\b|\barrondissement\b",
        ),
    ),
    # « Pour la préfète, la directrice départementale… » is the service's letter.
    signatories=(
        r"(?<!pour le )(?<!pour la )(?<!p le )(?<!p la )\b(?:sous )?prefete?\b",
        r"\bsecretaire generale?(?: de la prefecture| adjointe?)?\b",
    ),
    mentions=_LETTER_MENTIONS,
    unlikely=_NOT_A_LETTER,
    letter=True,
)
COURRIER_SERVICE = Piece(
    id="courrier_service",
    title="courrier du service pilote",
    many=True,
    names=(
        _letter_named(_SERVICE, without=()),
        r"^(?:ddtm?|dreal|drieat|deal)$",
        r"^(?:courrier|lettre) (?:d )?engagement$",
    ),
    clues=(
        (_TO_CARRY, ATELIER, WHO_SERVICE),
        (_TO_CARRY, ATELIER, WHO_SERVICE, r"\bmois\b|\b(?:un|une) (?:an|annee)\b"),
        (
            _TO_CARRY,
            ATELIER,
            WHO_SERVICE,
            r"\bmarche subsequent\b|\bbons? de commande\b|\bcredits\b|\bconsultation\b",
            r"\bmois\b",
        ),
    ),
    signatories=(
        r"\bdirect(?:eur|rice)(?: \w+){0,2} (?:departementale?s?|regionale?s?|interdepartementale?)\b",
        r"\bdirect(?:eur|rice)(?: \w+){0,2} (?:de l environnement|des territoires|de la mer)\b",
    ),
    mentions={**_LETTER_MENTIONS, "porter": _TO_CARRY},
    unlikely=_NOT_A_LETTER,
    letter=True,
)
OFFRE = Piece(
    id="offre",
    title="offre d’un groupement",
    many=True,
    names=(
        r"\boffres?\b",
        r"\bnote methodologique\b",
        r"\bmemoire technique\b",
        r"\bproposition financiere\b",
        r"\bdpgf\b",
    ),
    natures=frozenset({"docx", "odt", "pdf", "xlsx", "ods"}),
    facts=prix_rendus,
)
ANNEXE = Piece(
    id="annexe",
    title="annexe",
    many=True,
    names=(
        r"\bannexes?\b",
        r"\b(?:pj|pieces? jointes?)\b",
        r"\b(?:cartes?|cartographies?|plans?|photos?|photographies?|planches?|perimetres?)\b",
        r"\bdeliberations?\b",
    ),
    natures=frozenset({"docx", "odt", "pdf", "xlsx", "ods", "pptx", "jpg", "png", "tiff"}),
)
