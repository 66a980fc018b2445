"""The pieces of a dossier of Atelier local, and how to know each of them.

Patterns bear on plain text (lower case, no accents, punctuation as spaces). The wordings come from
both editions: the kit technique of 2025 and the site of January 2026.
"""

from __future__ import annotations

from assembler.contributions import Piece, Section

__all__ = ["PIECES", "SECTIONS"]

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


def _letter_named(said: str, *, without: tuple[str, ...]) -> str:
    """Return the pattern of a whole name that says « letter » and ``said``, and nothing of ``without``."""
    refused = "".join(rf"(?!.*{word})" for word in (*without, _OTHER))
    return rf"^{refused}(?=.*\b{_LETTER}).*{said}.*$"


# --- the note --------------------------------------------------------------------------------

_OF = (
    r"(?: (?:de l atelier|du projet|de la candidature|du dossier|de la demarche|de la demande)(?: \w+){0,6})?"
)
_THE = r"(?:les |la |le |l )?"

SECTIONS = (
    Section(
        id="porteurs",
        title="Les porteurs de l’Atelier",
        patterns=(
            rf"{_THE}(?:co )?porteurs?{_OF}",
            rf"(?:identification|presentation|liste) des (?:co )?porteurs{_OF}",
            rf"{_THE}(?:portage|porteurs et pilotes?|porteurs et partenaires){_OF}",
            r"qui porte l atelier",
        ),
    ),
    Section(
        id="localisation",
        title="La localisation de l’Atelier",
        patterns=(
            rf"{_THE}localisation{_OF}",
            rf"{_THE}localisation (?:et|du) (?:le )?(?:perimetre|territoire|site)s?{_OF}",
            rf"{_THE}perimetre(?: (?:d etude|de reflexion|de projet))?{_OF}",
            rf"{_THE}territoire (?:de l atelier|concerne|d etude|de projet)",
            r"ou se situe l atelier",
        ),
    ),
    Section(
        id="objet",
        title="L’objet de l’Atelier",
        patterns=(
            rf"{_THE}objet{_OF}",
            rf"{_THE}objet(?: et| les| la| le)* (?:thematiques?|enjeux|problematiques?|intentions?){_OF}",
            rf"{_THE}(?:intention|sujet){_OF}",
        ),
    ),
    Section(
        id="objectifs",
        title="Les objectifs de l’Atelier",
        patterns=(
            rf"{_THE}objectifs?{_OF}",
            rf"{_THE}objectifs (?:poursuivis|attendus|vises){_OF}",
            rf"{_THE}objectifs et (?:les )?(?:attendus|attentes|resultats attendus){_OF}",
            rf"{_THE}(?:attendus|attentes){_OF}",
        ),
    ),
    Section(
        id="ressources",
        title="Les ressources de l’Atelier",
        patterns=(
            rf"{_THE}ressources?(?: (?:documentaires|disponibles|mobilisables|locales|mobilisees))?{_OF}",
            rf"{_THE}ressources(?: documentaires)? et (?:les )?acteurs(?: a mobiliser)?{_OF}",
            rf"{_THE}acteurs(?: a mobiliser)? et (?:les )?ressources(?: documentaires)?{_OF}",
        ),
    ),
    Section(
        id="dynamiques_territoire",
        title="Les dynamiques du territoire",
        patterns=(
            rf"{_THE}dynamiques? (?:du territoire|territoriales?|locales?)(?: \w+){{0,4}}",
            r"(?:presentation|description|analyse) des dynamiques (?:du territoire|territoriales)",
        ),
    ),
    Section(
        id="dynamiques_amenagement",
        title="Les dynamiques d’aménagement",
        patterns=(
            rf"{_THE}dynamiques? (?:d |de l |en )amenagement(?: \w+){{0,5}}",
            r"(?:presentation|description|analyse) des dynamiques d amenagement(?: \w+){0,4}",
            rf"{_THE}projets et (?:les )?dynamiques d amenagement",
        ),
    ),
)
"""Kit technique 2025: five sections and two annexes; the site of 2026: the same seven, no « annexe »."""

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
_DEMANDE = r"\b(?:demandes?|demander|demandons|sollicit\w+|candidat\w+|souhait\w+)\b"
_SERVICE_ETAT = (
    r"\b(?:ddtm?|dreal|drieat|deal|dealm|dgtm|dtam|d r eal)\b|direction departementale des territoires"
    r"|direction (?:regionale )?de l environnement de l amenagement et du logement"
    r"|services? (?:deconcentres? )?de l etat"
)

_LETTER_MENTIONS = {"engagement": _ENGAGEMENT, "soutien": _SOUTIEN, "destinataire_dgaln": _DGALN}

# --- clues -----------------------------------------------------------------------------------

_ATELIER = r"\bateliers?\b(?: (?:local|locaux|des territoires))?"
_WHO_COLLECTIVITE = (
    r"\b(?:communaute (?:de communes|d agglomeration|urbaine)|communes?|agglo\w*|metropole|petr|epci"
    r"|syndicat mixte|collectivite|conseil (?:communautaire|municipal|metropolitain|syndical)"
    r"|bureau communautaire|intercommunalite)\b"
)
_WHO_SERVICE = rf"{_SERVICE_ETAT}|\bservice pilote\b"
_TO_CARRY = (
    r"\b(?:s engage|m engage|engageons|engagement|s engagera)\b(?: \w+){0,25}"
    r" (?:porter|piloter|conduire|portage|pilotage)\b"
    r"|\b(?:porter|piloter|portage de|pilotage de) (?:l|cet) atelier\b"
)

_NOT_A_LETTER = (r"\bporteurs de l atelier\b.*\bobjectifs de l atelier\b.*\bressources de l atelier\b",)
"""The titles of the note, one after the other."""

PIECES = (
    Piece(
        id="note_opportunite",
        title="note d’opportunité",
        names=(
            r"^(?!.*\b(?:courriers?|lettres?)\b).*note (?:d )?opportunit\w*.*$",
            r"^(?!.*\b(?:courriers?|lettres?)\b).*(?:fiche|note|dossier|formulaire) (?:de )?candidature.*$",
            r"\bnote opp?\b",
            r"^note$",
            r"^(?:note )?(?:atelier|adt) local\b.*$",
        ),
        clues=(
            (
                r"note d opportunite|fiche de candidature",
                _ATELIER,
                r"\bobjectifs?\b",
                r"\bressources?\b",
                r"\bporteurs?\b",
            ),
            (r"valant candidature", r"\bporteurs?\b", r"\bobjectifs?\b"),
        ),
        # A letter joins the note and names it: its closing formula gives it away.
        unlikely=(r"\b(?:vous prie|veuillez)(?: \w+){0,6} agreer\b",),
        sections=SECTIONS,
        mentions={"demande": _DEMANDE, "service_etat": _SERVICE_ETAT},
    ),
    Piece(
        id="courrier_collectivite",
        title="courrier de la collectivité",
        many=True,
        names=(
            _letter_named(_COLLECTIVITE, without=(_SERVICE, _PREFET)),
            r"^(?:courrier|lettre) (?:d )?engagement$",
            r"^(?:courrier|lettre) (?:de )?soutien$",
        ),
        clues=(
            (rf"{_ENGAGEMENT}|{_SOUTIEN}", _ATELIER, _WHO_COLLECTIVITE),
            (
                rf"{_ENGAGEMENT}|{_SOUTIEN}",
                _ATELIER,
                r"\b(?:communaute|agglo\w*|metropole|commune|syndicat|conseil \w+)(?: \w+){0,12}"
                r" (?:s engage|apporte|soutient|confirme|souhaite|prendra|assurera|porte)\b",
                r"\b(?:nos|ses|mes|les) elus\b|\bconseil (?:communautaire|municipal|syndical)\b",
            ),
        ),
        signatories=(
            r"\b(?:maire|mairesse|presidente?|vice presidente?|adjointe? au maire|conseillere? deleguee?)\b",
        ),
        mentions={**_LETTER_MENTIONS, "demande": _DEMANDE, "service_etat": _SERVICE_ETAT},
        unlikely=_NOT_A_LETTER,
        letter=True,
    ),
    Piece(
        id="courrier_prefet",
        title="courrier du préfet ou du sous-préfet",
        names=(
            _letter_named(_PREFET, without=(_SERVICE,)),
            r"^(?:sous )?prefete?$",
            r"^(?:sous )?prefecture(?: (?:de|du|des|d) .*)?$",
            r"^(?:courrier|lettre) (?:de )?soutien$",
        ),
        clues=(
            (_SOUTIEN, _ATELIER, r"\b(?:sous )?prefete?\b|\bprefecture\b"),
            (
                r"\b(?:j apporte|je soutiens|mon (?:\w+ )?soutien|mon avis (?:tres )?favorable)\b",
                _ATELIER,
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
    ),
    Piece(
        id="courrier_service",
        title="courrier d’engagement du service pilote",
        many=True,
        names=(
            _letter_named(_SERVICE, without=()),
            r"^(?:ddtm?|dreal|drieat|deal)$",
            r"^(?:courrier|lettre) (?:d )?engagement$",
        ),
        clues=(
            (_TO_CARRY, _ATELIER, _WHO_SERVICE),
            (_TO_CARRY, _ATELIER, _WHO_SERVICE, r"\bmois\b|\b(?:un|une) (?:an|annee)\b"),
            (
                _TO_CARRY,
                _ATELIER,
                _WHO_SERVICE,
                r"\bmarche subsequent\b|\bcredits\b|\bconsultation\b",
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
    ),
    Piece(
        id="offre",
        title="offre d’un groupement",
        many=True,
        names=(
            r"\boffres?\b",
            r"\bnote methodologique\b",
            r"\bmemoire technique\b",
            r"\bproposition financiere\b",
        ),
        natures=frozenset({"docx", "odt", "pdf", "xlsx", "ods"}),
    ),
    Piece(
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
    ),
)
"""In the order of the dossier."""
